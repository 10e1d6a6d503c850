"""What is asked of each request: that its body is not too long, and which route it is for."""

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Bounded", "Routed"]

_MOST: Final = 4 << 20  # bytes: a long conversation, or some hundred questions
_MOST_DOCUMENTS: Final = 64 << 20  # bytes of the documents that are sent at once


class Routed:
    """Notes the route that a request was for, as it stands in the description."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        try:
            await self.app(scope, receive, send)
        finally:
            path = getattr(scope.get("route"), "path", None)
            if path and "qa" in scope:
                scope["qa"]["route"] = path


class Bounded:
    """Refuses a body that is too long, as soon as it is known to be: status 413."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = _MOST_DOCUMENTS if scope["path"].startswith("/documents") else _MOST
        told = [value for name, value in scope["headers"] if name == b"content-length"]
        came = 0

        async def receive_bounded() -> "Message":
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most or any(value.isdigit() and int(value) > most for value in told):
                raise HTTPException(413)
            return message

        await self.app(scope, receive_bounded, send)
