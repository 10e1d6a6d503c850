"""Serving: the socket, the server, and the headers that keep answers private."""

import os
import re
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from index.errors import QAError
from qa.web.guard import EVERYWHERE, Guard, allowed_hosts, allowed_origins

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["LOCAL", "host_of", "listen", "protect", "serve"]

LOCAL = "127.0.0.1"

_SPACE = "0.0.0.0"  # noqa: S104  # a hosted Gradio Space is reached from outside its container
# These are the same for everybody; everything else shows documents, questions or answers.
_FILES = re.compile(r"/(assets|static|web)/.+|/theme\.css|/favicon\.ico|/manifest\.json")


def protect(app: "FastAPI", host: str, routes: re.Pattern[str] | None = None) -> None:
    """Let an application that listens on ``host`` answer its own page alone; see `Guard`.

    Raises InputError where QA_ALLOWED_HOSTS or QA_ALLOWED_ORIGINS cannot be used.
    """
    from starlette.middleware.cors import CORSMiddleware

    origins = allowed_origins()
    app.add_middleware(Guard, hosts=allowed_hosts(host), origins=origins, routes=routes)
    app.add_middleware(Headers)
    if origins:
        app.add_middleware(CORSMiddleware, allow_origins=origins)


class Headers:
    """Adds security headers to every response, so that nothing in a document can load or send."""

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
            (
                b"permissions-policy",
                b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            ),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
        ]

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, with the headers."""

        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", []), *self.headers]
                if message["status"] >= 400 or not _FILES.fullmatch(scope["path"]):
                    headers = [
                        header for header in headers if header[0].lower() != b"cache-control"
                    ]
                    headers.append((b"cache-control", b"no-store"))
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, send_with_headers)


def serve(app: "ASGIApp", listener: socket.socket) -> None:
    """Serve the application on a listening socket until interrupted; prints the address."""
    import uvicorn

    host, port = listener.getsockname()[:2]
    shown = "localhost" if host in EVERYWHERE else f"[{host}]" if ":" in host else host

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            sys.stdout.write(f"http://{shown}:{port}\n")
            sys.stdout.flush()

    # The page keeps a connection open, and nobody wants to wait for it after Ctrl-C.
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    with suppress(KeyboardInterrupt):
        Server(config).run(sockets=[listener])


def host_of(host: str | None) -> str:
    """The address to listen on: this one, or HOST, or the one that only this machine reaches."""
    return host or os.environ.get("HOST") or (_SPACE if "SPACE_ID" in os.environ else LOCAL)


def listen(host: str, port: str | None = None) -> socket.socket:
    """A socket on this address and this port or PORT; raises QAError where there can be none."""
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
