"""Plain pages without scripts (log-in, errors) that look like the chat."""

import functools
import re
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qa.web.front import ICON
from qa.web.strings import language_of, theme_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["ErrorPages", "plain_page"]

_BASE = Path(__file__).parent / "static" / "base.css"
_COLOURS = re.compile(r"^(:root|\.dark) (\{.+?^\})", re.DOTALL | re.MULTILINE)
_STYLE = """
html { font: 100%/1.5 var(--qa-sans); background: var(--qa-back); color: var(--qa-text); }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { box-sizing: border-box; width: min(24rem, calc(100vw - 2rem)); margin: 1rem;
  padding: 2rem; border: 1px solid var(--qa-line); border-radius: var(--qa-round-l);
  background: var(--qa-card); box-shadow: var(--qa-shadow); overflow-wrap: break-word; }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.3; letter-spacing: -.015em; }
p { margin: 0 0 1rem; }
label { display: block; margin-bottom: 1rem; color: var(--qa-soft); font-size: .9375rem; }
input, button, a.button { box-sizing: border-box; display: block; width: 100%; min-height: 44px;
  padding: .55rem .75rem; font: inherit; font-size: 1rem; border-radius: var(--qa-round); }
input { margin-top: .25rem; border: 1px solid var(--qa-edge); background: var(--qa-card);
  color: var(--qa-text); }
button { margin-top: 1.5rem; border: 1px solid transparent; background: var(--qa-accent);
  color: var(--qa-on-accent); font-weight: 600; cursor: pointer; }
button:hover { background: var(--qa-accent-strong); }
a.button { margin-top: .5rem; color: inherit; text-align: center; }
:focus-visible { outline: 3px solid var(--qa-accent); outline-offset: 2px; }
[role=alert] { padding: .5rem .75rem; border-left: 3px solid var(--qa-danger);
  border-radius: 2px 8px 8px 2px; background: var(--qa-danger-tint); }
"""
_WORDS: Final = {
    "es": {
        "back": "Volver a la página",
        "failed": "Algo falló en el servidor: vuelve a intentarlo en un momento.",
        "refused": "No se puede responder a lo que se pidió: vuelve a la página.",
        "missing": "Revisa la dirección, o vuelve a la página.",
        HTTPStatus.NOT_FOUND: "Aquí no hay nada",
        HTTPStatus.TOO_MANY_REQUESTS: "Demasiadas peticiones",
        "other": "Esto no se puede abrir",
        "broken": "Algo falló",
    },
    "en": {
        "back": "Back to the page",
        "failed": "Something failed in the server: try again in a moment.",
        "refused": "There is no answer to what was asked for: go back to the page.",
        "missing": "Check the address, or go back to the page.",
        HTTPStatus.NOT_FOUND: "There is nothing here",
        HTTPStatus.TOO_MANY_REQUESTS: "Too many requests",
        "other": "This cannot be opened",
        "broken": "Something failed",
    },
}
_LONGEST = 65_536  # bytes of an error that is read for its sentence


def plain_page(language: str, theme: str, title: str, body: str, head: str = "") -> str:
    """A page with ``body`` (markup) in a card; ``theme`` is that of `theme_of`."""
    chosen = f' class="{theme}"' if theme else ""
    return (
        f'<!doctype html><html lang="{language}"{chosen}><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # Without a referrer a form tells no origin either, and is taken for another site's.
        '<meta name="referrer" content="same-origin">'
        f'<meta name="robots" content="noindex"><link rel="icon" href="{ICON}">{head}'
        f"<title>{escape(title)} · qa</title><style>{_colours()}{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )


@functools.cache
def _colours() -> str:
    """The colours and sizes of the chat, dark where that was chosen, or where the system is."""
    light, dark = (match[2] for match in _COLOURS.finditer(_BASE.read_text(encoding="utf-8")))
    by_system = f"@media (prefers-color-scheme: dark) {{ :root:not(.light) {dark} }}"
    return f":root {light} .dark {dark} {by_system}"


class ErrorPages:
    """Gives a person who opens an address a page that says what is wrong, in their language.

    Programs, and the scripts of the page, get what the application answers.
    """

    def __init__(self, app: "ASGIApp", root_path: str = "") -> None:
        self.app = app
        self._root = root_path

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        from starlette.datastructures import Headers
        from starlette.responses import HTMLResponse

        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if scope.get("method") != "GET" or "text/html" not in headers.get("accept", ""):
            await self.app(scope, receive, send)
            return
        failed: Message = {}
        body = b""

        async def send_page(message: "Message") -> None:
            nonlocal failed, body
            if message["type"] == "http.response.start" and _is_bare_error(message):
                failed = message
            elif not failed or message["type"] != "http.response.body":
                await send(message)
            else:
                body = (body + message.get("body", b""))[:_LONGEST]
                if not message.get("more_body", False):
                    page = _error_page(headers, self._root, failed["status"], body)
                    response = HTMLResponse(page, failed["status"], _kept(failed))
                    await response(scope, receive, send)

        await self.app(scope, receive, send_page)


def _is_bare_error(message: "Message") -> bool:
    kinds = [value for name, value in message["headers"] if name.lower() == b"content-type"]
    return message["status"] >= 400 and not any(b"text/html" in kind for kind in kinds)


def _kept(failed: "Message") -> dict[str, str]:
    """The headers that still hold for another body."""
    dropped = {b"content-length", b"content-type", b"content-encoding", b"etag"}
    kept = [(name, value) for name, value in failed["headers"] if name.lower() not in dropped]
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in kept}


def _error_page(headers: "Mapping[str, str]", root: str, status: int, body: bytes) -> str:
    import json

    language = language_of(headers)
    words = _WORDS[language]
    try:
        said = json.loads(body).get("error")
    except (ValueError, AttributeError):
        said = None
    if status == HTTPStatus.NOT_FOUND:
        said = words["missing"]
    sentence = said or words["failed" if status >= 500 else "refused"]
    title = words.get(status, words["broken" if status >= 500 else "other"])
    return plain_page(
        language,
        theme_of(headers),
        title,
        f"<h1>{title}</h1><p>{escape(str(sentence))}</p>"
        f'<a class="button" href="{escape(root)}/">{words["back"]}</a>',
    )
