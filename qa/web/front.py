"""The HTML of the page: in the language and the colours that were chosen, from its first moment.

Gradio's own HTML carries its name, its pictures and scripts that the page's policy stops, and is
always in English. Of it only the addresses of Gradio's script and style are used.
"""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qa.web.own_files import file_address
from qa.web.strings import language_of, theme_of

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["ICON", "add_front", "head_of"]

WORDS: Final = {
    "es": {
        "title": "Pregunta a tus documentos",
        "skip": "Saltar a la pregunta",
        "opening": "Abriendo…",
        "noscript": "Esta página necesita JavaScript: actívalo en tu navegador.",
    },
    "en": {
        "title": "Ask your documents",
        "skip": "Skip to the question",
        "opening": "Opening…",
        "noscript": "This page needs JavaScript: switch it on in your browser.",
    },
}
# A pair of quotation marks on the accent's colour.
ICON: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect "
    "width='32' height='32' rx='8' fill='%230b6b62'/%3E%3Cpath fill='%23fff' d='M8 17c0-4 2-6.5 "
    "5-7l.6 2c-1.5.6-2.3 1.5-2.4 3h2.3v6.5H8zm9.5 0c0-4 2-6.5 5-7l.6 2c-1.5.6-"
    "2.3 1.5-2.4 3H23v6.5h-5.5z'/%3E%3C/svg%3E"
)
_ASSETS = re.compile(
    r'<script type="module" crossorigin src="\./assets/[\w.-]+"></script>'
    r'|<link rel="stylesheet" crossorigin href="\./assets/[\w.-]+">'
)
_HEAD = """<!doctype html>
<html lang="{language}"{theme}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="{icon}">
<script src="{early}"></script>
{head}
</head>
"""
_BODY = """<body>
<a class="qa-skip" href="#question">{skip}</a>
<p class="qa-opening" aria-live="polite">{opening}</p>
<noscript>{noscript}</noscript>
<gradio-app control_page_title="false" embed="false" eager="true"></gradio-app>
</body>
</html>
"""


def head_of(headers: Mapping[str, str], root: str, title: str, head: str) -> str:
    """An HTML page from its beginning to the end of its head, in the chosen language and colours.

    ``headers`` are the request's; ``title`` is text, ``head`` markup: styles and scripts.
    """
    theme = theme_of(headers)
    return _HEAD.format(
        language=language_of(headers),
        theme=f' data-theme="{theme}"' if theme else "",
        title=escape(title),
        icon=ICON,
        early=escape(file_address(root, "early.js")),
        head=head,
    )


def add_front(app: "FastAPI", root: str, head: str) -> None:
    """``GET /``: the page under the path ``root``, with ``head`` in its head."""
    from fastapi import Request
    from fastapi.responses import HTMLResponse

    # Addresses of Gradio's are relative; a browser sends no cookie for a manifest by itself.
    manifest = f'<link rel="manifest" crossorigin="use-credentials" href="{root}/manifest.json">'
    inside = "\n".join(['<base href="./">', manifest, _gradio_assets(), head])

    @app.api_route("/", methods=["GET", "HEAD"])
    def front(request: Request) -> HTMLResponse:
        words = WORDS[language_of(request.headers)]
        begin = head_of(request.headers, root, words["title"], inside)
        return HTMLResponse(begin + _BODY.format(**words))


def _gradio_assets() -> str:
    """The lines of Gradio's HTML that load its script and its style."""
    import gradio

    page = Path(gradio.__file__).parent / "templates" / "frontend" / "index.html"
    return "\n".join(_ASSETS.findall(page.read_text(encoding="utf-8")))
