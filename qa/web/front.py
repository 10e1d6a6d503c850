"""The HTML of the page: in the language and the colours that were chosen, from its first moment.

Gradio's own HTML carries its name, its pictures and scripts that the page's policy stops, and is
always in English. Of it only the addresses of Gradio's script and style are used.
"""

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qa.web.strings import language_of, theme_of

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["ICON", "add_front"]

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
    "width='32' height='32' rx='8' fill='%230b6b62'/%3E%3Cpath d='M8 17c0-4 2-6.500 5-7l.6 2c-1.500"
    ".6-2.300 1.500-2.400 3h2.300v6.500H8zm9.500 0c0-4 2-6.500 5-7l.6 2c-1.500.6-2.300 1.500-2.400 "
    "3H23v6.500h-5.500z' fill='%23fff'/%3E%3C/svg%3E"
)
_ASSETS = re.compile(
    r'<script type="module" crossorigin src="\./assets/[\w.-]+"></script>'
    r'|<link rel="stylesheet" crossorigin href="\./assets/[\w.-]+">'
)
_PAGE = """<!doctype html>
<html lang="{language}"{theme}>
<head>
<meta charset="utf-8">
<base href="./">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="{icon}">
<link rel="manifest" crossorigin="use-credentials" href="{root}/manifest.json">
<script src="{root}/web/early.js"></script>
{assets}
{head}
</head>
<body>
<a class="qa-skip" href="#question">{skip}</a>
<p class="qa-opening" aria-live="polite">{opening}</p>
<noscript>{noscript}</noscript>
<gradio-app control_page_title="false" embed="false" eager="true"></gradio-app>
</body>
</html>
"""


def add_front(app: "FastAPI", root: str, head: str) -> None:
    """``GET /``: the page under the path ``root``, with ``head`` in its head."""
    from fastapi import Request
    from fastapi.responses import HTMLResponse

    assets = _gradio_assets()

    @app.api_route("/", methods=["GET", "HEAD"])
    def front(request: Request) -> HTMLResponse:
        language, theme = language_of(request.headers), theme_of(request.headers)
        page = _PAGE.format(
            language=language,
            theme=f' data-theme="{theme}"' if theme else "",
            icon=ICON,
            root=escape(root),
            assets=assets,
            head=head,
            **WORDS[language],
        )
        return HTMLResponse(page)


def _gradio_assets() -> str:
    """The lines of Gradio's HTML that load its script and its style."""
    import gradio

    page = Path(gradio.__file__).parent / "templates" / "frontend" / "index.html"
    return "\n".join(_ASSETS.findall(page.read_text(encoding="utf-8")))
