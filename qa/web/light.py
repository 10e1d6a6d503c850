"""Less on the wire: compressed answers, files that a browser has already, and files for good."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Unchanged"]

# Gradio puts a hash of what is in it into the name of a file, or into the address.
_FOR_GOOD = re.compile(r"/(assets|web/[0-9a-f]{16})/.+|/theme\.css\?v=\w{32,}")
_OF_A_BODY = {b"content-length", b"content-type", b"content-encoding", b"last-modified"}
_YEAR = b"private, max-age=31536000, immutable"


class Unchanged:
    """Answers 304 to a browser that has a file already, and lets it keep the files with a hash."""

    def __init__(self, app: "ASGIApp") -> None:
        self.app = app

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        had = [value for name, value in scope["headers"] if name == b"if-none-match"]
        address = scope["path"]
        if scope.get("query_string"):
            address += "?" + scope["query_string"].decode("latin-1")
        for_good = _FOR_GOOD.fullmatch(address) is not None
        unchanged = False

        async def send_less(message: "Message") -> None:
            nonlocal unchanged
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = list(message.get("headers", []))
                tag = next((value for name, value in headers if name.lower() == b"etag"), None)
                if for_good:
                    headers = [one for one in headers if one[0].lower() != b"cache-control"]
                    headers.append((b"cache-control", _YEAR))
                if tag is not None and any(tag in _tags(value) for value in had):
                    unchanged = True
                    headers = [one for one in headers if one[0].lower() not in _OF_A_BODY]
                    message = {**message, "status": 304}
                message = {**message, "headers": headers}
            elif unchanged:
                if message.get("more_body", False):
                    return
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        await self.app(scope, receive, send_less)


def _tags(value: bytes) -> set[bytes]:
    """The tags that a browser has; compressed, a file is still the same one."""
    return {tag.strip().removeprefix(b"W/") for tag in value.split(b",")}
