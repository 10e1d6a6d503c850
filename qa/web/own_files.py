"""The page's own styles and scripts, at addresses that a browser may keep for good.

The address holds a hash of them all, so that those of a new release are others.
"""

from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["FOLDER", "ROUTES", "add_files", "file_address", "tags"]

FOLDER: Final = Path(__file__).parent / "static"
ROUTES: Final = r"GET /web/[0-9a-f]{16}/[a-z]+\.(js|css)"
"""The requests that are answered here, as `qa.web.guard.Guard` takes them."""


def file_address(root: str, name: str) -> str:
    """Where a file is asked for, under the path ``root``."""
    return f"{root}/web/{_version()}/{name}"


def tags(root: str, *, styles: tuple[str, ...], script: str) -> str:
    """The markup that loads these styles and this script, by their names without endings."""
    lines = [
        f'<link rel="stylesheet" href="{escape(file_address(root, f"{style}.css"))}">'
        for style in styles
    ]
    loaded = escape(file_address(root, f"{script}.js"))
    return "\n".join([*lines, f'<script type="module" src="{loaded}"></script>'])


def add_files(app: "FastAPI") -> None:
    """Answer with the files of this release alone."""
    from fastapi import HTTPException
    from fastapi.responses import FileResponse

    names = {file.name for file in FOLDER.iterdir()}

    @app.get("/web/{version}/{name}", include_in_schema=False)
    def file(version: str, name: str) -> FileResponse:
        if version != _version() or name not in names:
            raise HTTPException(404)
        return FileResponse(FOLDER / name)


@cache
def _version() -> str:
    digest = sha256()
    for file in sorted(FOLDER.iterdir()):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
