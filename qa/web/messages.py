"""What a browser may send to the chat: words and choices, never files or messages of its own."""

from collections.abc import Container
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ValidationError
from starlette.datastructures import Headers
from starlette.responses import JSONResponse

from qa.web.strings import language_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["PlainMessages"]

_JOIN = "/gradio_api/queue/join"
_LONGEST = 1_000_000  # bytes of a request
_SENTENCES: Final = {
    "es": {
        "too_much": "Eso es demasiado: envía menos.",
        "not_text": "El chat recibe solo texto: escribe una pregunta.",
        "no_event": "La página es de antes de una actualización: vuelve a cargarla.",
    },
    "en": {
        "too_much": "That is too much: send less.",
        "not_text": "The chat takes plain text: write a question.",
        "no_event": "The page is older than this server: load it again.",
    },
}


class _Event(BaseModel, strict=True):
    """An event of the page; everything else that is sent with it is left out."""

    data: list[str | list[str] | None]
    fn_index: int
    session_hash: str
    trigger_id: int | None = None


class PlainMessages:
    """Passes on the plain text and the choices of an event alone.

    Gradio takes files and addresses in place of any value, and fetches them; the page has none.
    """

    def __init__(self, app: "ASGIApp", events: Container[int]) -> None:
        """``events``: the numbers of the events that the page has."""
        self.app = app
        self._events = events

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Pass one request on; one that sends something else, or too much, is refused."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        body = await _body(receive)
        if body is None:
            await _refuse(scope, "too_much", 413)(scope, receive, send)
            return
        if scope["path"] == _JOIN:
            try:
                event = _Event.model_validate_json(body)
            except ValidationError:
                await _refuse(scope, "not_text", 422)(scope, receive, send)
                return
            if event.fn_index not in self._events:  # an event of an older page, or a forged one
                await _refuse(scope, "no_event", 422)(scope, receive, send)
                return
            body = event.model_dump_json().encode()
        headers = [
            *(header for header in scope["headers"] if header[0] != b"content-length"),
            (b"content-length", str(len(body)).encode()),
        ]
        await self.app({**scope, "headers": headers}, _first(body, receive), send)


def _refuse(scope: "Scope", reason: str, status: int) -> JSONResponse:
    """One sentence in the language of the page; Gradio shows the detail of a 422."""
    sentence = _SENTENCES[language_of(Headers(scope=scope))][reason]
    return JSONResponse({"error": sentence, "detail": sentence}, status)


async def _body(receive: "Receive") -> bytes | None:
    """The body of a request; None where it is too long."""
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > _LONGEST:
            return None
    return body


def _first(body: bytes, receive: "Receive") -> "Receive":
    """A ``receive`` that gives this body first, then what comes, as when the browser has left."""
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def receive_next() -> "Message":
        return messages.pop() if messages else await receive()

    return receive_next
