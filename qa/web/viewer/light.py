"""Light pages of our own: a citation opened by its permanent link, or one sentence why not."""

from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from qa.web.front import head_of
from qa.web.own_files import tags
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
    words = _WORDS[language_of(request.headers)]
    head = tags(root, styles=("base", "source", "viewer", "permalink"), script="permalink")
    return HTMLResponse(
        head_of(request.headers, root, f"{words['title']} · qa", head)
        + f'<body class="permalink"><header><a href="{escape(root)}/">{words["ask"]}</a></header>'
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
