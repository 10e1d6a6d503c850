"""Behind a proxy: whose word counts about the browser, and the path under which the page stands."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Behind", "Manifest"]

# What a proxy says about the browser. Gradio believes it of anybody, so it is taken out.
_TOLD = re.compile(rb"x-forwarded-.*|x-real-ip|forwarded|x-gradio-server")
_HOST = b"x-forwarded-host"


class Behind:
    """Believes the proxies that are named, and takes a path in front away.

    A proxy may keep that path or take it away itself. All further in sees paths without it.
    """

    def __init__(self, app: "ASGIApp", proxies: tuple[str, ...] = (), root_path: str = "") -> None:
        """``proxies`` are addresses and networks; ``root_path`` as in /docs, or empty."""
        from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

        self.app = app
        self._root = root_path
        self._told = ProxyHeadersMiddleware(self._inside, list(proxies))  # type: ignore[arg-type]
        self._trusted = self._told.trusted_hosts

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        client = (scope.get("client") or (None,))[0]
        told = scope["headers"]
        kept = [(name, value) for name, value in told if not _TOLD.fullmatch(name)]
        if client in self._trusted:
            hosts = [value for name, value in told if name == _HOST]
            if hosts:
                kept = [(name, value) for name, value in kept if name != b"host"]
                kept.append((b"host", hosts[-1].split(b",")[-1].strip()))
            kept += [(n, value) for n, value in told if n != _HOST and _TOLD.fullmatch(n)]
        await self._told({**scope, "headers": kept}, receive, send)  # type: ignore[arg-type]

    async def _inside(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        headers = [(name, value) for name, value in scope["headers"] if not _TOLD.fullmatch(name)]
        path = scope["path"]
        if self._root and path == self._root:
            await _redirect(f"{self._root}/", send)
            return
        if self._root and path.startswith(f"{self._root}/"):
            path = path.removeprefix(self._root)
        inside = {**scope, "headers": headers, "path": path or "/", "root_path": ""}
        inside.pop("raw_path", None)
        await self.app(inside, receive, send)


class Manifest:
    """Gives the page's manifest and icon the path that it stands under.

    All other addresses of Gradio's page are relative, or made of the path that it is told.
    """

    _LINK = b'<link rel="manifest" href="/manifest.json" />'

    def __init__(self, app: "ASGIApp", root_path: str) -> None:
        self.app = app
        root = root_path.encode()
        self._mended = b'<link rel="icon" href="%s/favicon.ico">' % root
        # With credentials: a browser sends no cookie for a manifest else.
        self._mended += (
            b'<link rel="manifest" crossorigin="use-credentials" href="%s/manifest.json">' % root
        )

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        begin: Message = {}
        body = b""

        async def send_mended(message: "Message") -> None:
            nonlocal begin, body
            if message["type"] == "http.response.start":
                begin = message
                return
            if message["type"] != "http.response.body":  # what a test is told besides
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body", False):
                return
            body = body.replace(self._LINK, self._mended)
            headers = [one for one in begin["headers"] if one[0].lower() != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
            await send({**begin, "headers": headers})
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, send_mended)


async def _redirect(address: str, send: "Send") -> None:
    headers = [(b"location", address.encode()), (b"content-length", b"0")]
    begin: Message = {"type": "http.response.start", "status": 308, "headers": headers}
    await send(begin)
    await send({"type": "http.response.body", "body": b""})
