"""Servers of a language model that do as a script says, good or bad."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Asked", "Handler", "event", "says", "serving", "streams"]

Script = Callable[["Handler", dict[str, Any]], None]


@dataclass
class Asked:
    """What the server was asked: the bodies and the headers."""

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """One request; ``left`` is set when the test is over."""

    left = threading.Event()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def start(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        """Status and headers."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def put(self, data: bytes | str) -> None:
        """Bytes of the body, at once."""
        self.wfile.write(data.encode() if isinstance(data, str) else data)
        self.wfile.flush()

    def wait(self, seconds: float = 30.0) -> None:
        """Do nothing, until the test is over at the longest."""
        self.left.wait(seconds)


def event(text: str | None = None, finish: str | None = None, **more: Any) -> str:
    """One event of a stream."""
    delta = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return f"data: {json.dumps({'choices': [choice], **more})}\n\n"


def streams(handler: Handler, text: str, *, whole: bool = True) -> None:
    """A text in small pieces, as models send it."""
    handler.start()
    handler.put(event("", role="assistant"))
    for begin in range(0, len(text), 7):
        handler.put(event(text[begin : begin + 7]))
    if whole:
        handler.put(event(finish="stop"))
        handler.put("data: [DONE]\n\n")


def says(text: str) -> Script:
    """A good server, which always says the same."""
    return lambda handler, _: streams(handler, text)


@contextmanager
def serving(script: Script) -> Iterator[Asked]:
    """A server on a port of its own, for as long as the block runs."""
    asked = Asked()
    over = threading.Event()

    class Scripted(Handler):
        left = over

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.bodies.append(body)
            asked.headers.append({k.lower(): v for k, v in self.headers.items()})
            asked.paths.append(self.path)
            try:
                script(self, body)
            except OSError:  # the client has left
                self.close_connection = True

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Scripted) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        asked.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            yield asked
        finally:
            over.set()
            server.shutdown()
            thread.join()
