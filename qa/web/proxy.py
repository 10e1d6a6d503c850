"""Behind a proxy: whose word counts about the browser, and the path under which the page stands."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Behind"]

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


async def _redirect(address: str, send: "Send") -> None:
    headers = [(b"location", address.encode()), (b"content-length", b"0")]
    begin: Message = {"type": "http.response.start", "status": 308, "headers": headers}
    await send(begin)
    await send({"type": "http.response.body", "body": b""})
