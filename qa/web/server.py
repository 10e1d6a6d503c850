"""Serving the page: the socket, the server, and headers that keep the page to itself."""

import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from index.errors import QAError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Headers", "listen", "serve"]

_EVERYWHERE = "0.0.0.0"  # noqa: S104  # only where HOST or a hosted Space asks for it


class Headers:
    """Adds to every response what keeps the page to itself, whatever a document holds."""

    def __init__(self, app: "ASGIApp") -> None:
        # A hosted Gradio Space is shown inside a frame of the site that hosts it.
        frame = "https://huggingface.co" if "SPACE_ID" in os.environ else "'none'"
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
            f"base-uri 'self'; form-action 'self'; frame-ancestors {frame}"
        )
        self.app = app
        self.headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, with the headers."""

        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self.headers]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def serve(app: "ASGIApp", listener: socket.socket) -> None:
    """Serve the application on a listening socket until interrupted; prints the address."""
    import uvicorn

    host, port = listener.getsockname()[:2]
    shown = "localhost" if host in {_EVERYWHERE, "::"} else f"[{host}]" if ":" in host else host

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            sys.stdout.write(f"http://{shown}:{port}\n")
            sys.stdout.flush()

    # The page keeps a connection open, and nobody wants to wait for it after Ctrl-C.
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    with suppress(KeyboardInterrupt):
        Server(config).run(sockets=[listener])


def listen(host: str | None = None, port: str | None = None) -> socket.socket:
    """A socket on these or HOST and PORT; raises QAError where there can be none."""
    # A hosted Gradio Space is reached from outside its container.
    host = (
        host or os.environ.get("HOST") or (_EVERYWHERE if "SPACE_ID" in os.environ else "127.0.0.1")
    )
    port = port or os.environ.get("PORT") or "7860"
    if not (port.isascii() and port.isdigit() and int(port) < 2**16):
        raise QAError(f"PORT is {port!r}: set it to a number from 0 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, int(port)), family=family)
    except OSError as exc:
        # socket.create_server adds the address to the reason, which the message names already.
        reason = (exc.strerror or str(exc)).partition(" (while")[0]
        raise QAError(
            f"Cannot listen on {host}, port {port} ({reason}): set PORT or HOST to another."
        ) from exc
