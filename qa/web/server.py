"""Serving: the socket, the server, and the headers that keep answers private."""

import os
import re
import socket
import sys
import time
from types import FrameType
from typing import TYPE_CHECKING, Any

from index.errors import QAError
from qa.web.guard import EVERYWHERE, Guard, allowed_hosts, allowed_origins
from qa.web.light import Unchanged
from qa.web.logs import FILES, Logged, defects
from qa.web.plain import ErrorPages
from qa.web.proxy import Behind
from qa.web.service import Service

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
    from uvicorn import Config
    from uvicorn import Server as UvicornServer

__all__ = ["LOCAL", "add_health", "host_of", "listen", "protect", "serve"]

LOCAL = "127.0.0.1"

_SPACE = "0.0.0.0"  # noqa: S104  # a hosted Gradio Space is reached from outside its container
_LINGER = 0.5  # seconds in which the last answer reaches who asked, when the server stops
_SWITCH = 0.001  # seconds until a thread that computes in Python lets the event loop go on


def protect(
    app: "FastAPI", host: str, service: Service, routes: re.Pattern[str] | None = None
) -> None:
    """Let an application that listens on ``host`` answer its own page alone; see `Guard`.

    Answers are compressed, and requests are logged as the service says. Raises InputError where
    QA_ALLOWED_HOSTS or QA_ALLOWED_ORIGINS cannot be used.
    """
    from starlette.middleware.cors import CORSMiddleware
    from starlette.middleware.gzip import GZipMiddleware

    options = service.options
    origins = allowed_origins()
    # What is added last sees a request first.
    app.add_middleware(Guard, hosts=allowed_hosts(host), origins=origins, routes=routes)
    if routes is not None:  # it has a page, that persons open
        app.add_middleware(ErrorPages, root_path=options.root_path)
    app.add_middleware(Headers)
    app.add_middleware(GZipMiddleware, compresslevel=6)
    app.add_middleware(Unchanged)
    if origins:
        allowed = ["Authorization"] if service.users or options.token else []
        app.add_middleware(CORSMiddleware, allow_origins=origins, allow_headers=allowed)
    app.add_middleware(Logged, log=service.log, metrics=service.metrics)
    app.add_middleware(Behind, proxies=options.proxies, root_path=options.root_path)


def add_health(app: "FastAPI", service: Service, **described: Any) -> None:
    """``GET /health``: 200 while questions are taken, 503 from when the server is stopping.

    ``described`` is what FastAPI's routes take.
    """
    from fastapi.responses import JSONResponse

    @app.get("/health", **(described or {"include_in_schema": False}))
    async def health() -> JSONResponse:
        """Tell whether questions are taken; no log-in is needed."""
        status, content = service.health
        return JSONResponse(content, status)


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
                if message["status"] >= 400 or not FILES.fullmatch(scope["path"]):
                    headers = [
                        header for header in headers if header[0].lower() != b"cache-control"
                    ]
                    headers.append((b"cache-control", b"no-store"))
                message["headers"] = headers
            await send(message)

        await self.app(scope, receive, send_with_headers)


def serve(app: "ASGIApp", listener: socket.socket, service: Service) -> None:
    """Serve the application on a listening socket until it is told to stop; prints the address.

    The first SIGTERM or Ctrl-C lets running answers end, for as long as the service's options
    say, and refuses new ones; a second one ends the process at once.
    """
    import uvicorn

    host, port = listener.getsockname()[:2]
    shown = "localhost" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{port}{service.options.root_path}"
    # The page keeps a connection open, and nobody wants to wait for it. Who is behind a proxy is
    # found out by `Behind`, which believes none that is not named.
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=1, proxy_headers=False,
        server_header=False,
    )  # fmt: skip
    sys.setswitchinterval(_SWITCH)
    with defects(service.log):
        _server(config, address, service).run(sockets=[listener])
    if not service.idle:  # a thread cannot be ended, and the index must not be closed under it
        sys.stdout.flush()
        os._exit(0)


def _server(config: "Config", address: str, service: Service) -> "UvicornServer":
    """A server that says where it listens, and stops as `serve` says."""
    import uvicorn

    class Server(uvicorn.Server):
        stopped: float | None = None  # when it was told to

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            sys.stdout.write(f"{address}\n")
            sys.stdout.flush()

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
            if self.stopped is not None:
                os._exit(128 + sig)
            self.stopped = time.monotonic()

        async def on_tick(self, counter: int) -> bool:
            if self.stopped is not None:
                service.stop()
                waited = time.monotonic() - self.stopped
                ended = waited > _LINGER and service.idle
                self.should_exit = ended or waited > service.options.grace
            return await super().on_tick(counter)

    return Server(config)


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
