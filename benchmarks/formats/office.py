"""LibreOffice in headless mode, as a writer of real files of any office format."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["converted", "program", "version"]

_SECONDS = 300


def program() -> str | None:
    """The path of soffice, None where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def version(soffice: str) -> str:
    """What it says it is."""
    done = subprocess.run([soffice, "--version"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split()[:2])


def converted(soffice: str, sources: Sequence[Path], to: str, folder: Path) -> list[Path]:
    """The files, converted to ``to`` (an ending, with a filter after a colon if need be).

    Raises SystemExit where one is not made.
    """
    with TemporaryDirectory() as profile:
        command = [
            soffice,
            "--headless",
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--convert-to",
            to,
            "--outdir",
            str(folder),
            *map(str, sources),
        ]
        subprocess.run(command, capture_output=True, check=True, timeout=_SECONDS)
    ending = to.partition(":")[0]
    made = [folder / f"{path.stem}.{ending}" for path in sources]
    missing = [path.name for path in made if not path.is_file()]
    if missing:
        raise SystemExit(f"LibreOffice made no {', '.join(missing)}.")
    return made
