"""Light pages of our own: a citation opened by its permanent link, or one sentence why not."""

from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from qa.web.front import ICON
from qa.web.plain import plain_page
from qa.web.strings import language_of, theme_of

__all__ = ["citation_page", "problem_page"]

_WORDS: Final = {
    "es": {
        "title": "Cita",
        "closed": "Esto no se puede abrir",
        "ask": "Preguntar a los documentos",
        "404": "Este documento ya no está en el índice, o el enlace no está completo.",
        "409": "Este documento ha cambiado desde que se hizo el enlace; vuelve a preguntar.",
        "file 409": "El archivo ha cambiado desde que se leyó; vuelve a indexarlo para abrirlo.",
        "file 410": "El archivo ya no está donde se leyó; vuelve a ponerlo allí para abrirlo.",
    },
    "en": {
        "title": "Citation",
        "closed": "This cannot be opened",
        "ask": "Ask the documents",
        "404": "This document is no longer in the index, or the link is not complete.",
        "409": "This document has changed since the link was made; please ask again.",
        "file 409": "The file has changed since it was read; index it again to open it.",
        "file 410": "The file is no longer where it was read; put it back there to open it.",
    },
}


def citation_page(request: Request, root: str) -> HTMLResponse:
    """The source of one citation, shown large; its script reads the link from its own address."""
    language, theme = language_of(request.headers), theme_of(request.headers)
    words, root = _WORDS[language], escape(root)
    chosen = f' data-theme="{theme}"' if theme else ""
    styles = "".join(
        f'<link rel="stylesheet" href="{root}/web/{name}.css">'
        for name in ("base", "source", "viewer", "permalink")
    )
    return HTMLResponse(
        f'<!doctype html><html lang="{language}"{chosen}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><link rel="icon" href="{ICON}">'
        f"<title>{words['title']} · qa</title>"
        f'<script src="{root}/web/early.js"></script>{styles}'
        f'<script type="module" src="{root}/web/permalink.js"></script></head>'
        f'<body class="permalink"><header><a href="{root}/">{words["ask"]}</a></header>'
        f'<main><h1 class="unseen">{words["title"]}</h1>'
        '<div id="side"><div id="source"></div></div></main></body></html>'
    )


def problem_page(request: Request, root: str, status: int, *, file: bool = False) -> HTMLResponse:
    """One sentence: why a citation, or with ``file`` its file, cannot be opened."""
    language = language_of(request.headers)
    words = _WORDS[language]
    said = words[f"file {status}" if file else str(status)]
    body = (
        f'<h1>{words["closed"]}</h1><p role="alert">{said}</p>'
        f'<a class="button" href="{escape(root)}/">{words["ask"]}</a>'
    )
    page = plain_page(language, theme_of(request.headers), words["closed"], body)
    return HTMLResponse(page, status)
