"""Servers as processes of their own, and a small reverse proxy, for the tests of serving."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

__all__ = ["Server", "proxied", "served", "until"]

# The command line, in whose process answers wait until a file is there.
HELD = """
import sys, time
from pathlib import Path
from qa.answering.assistant import Assistant

gate, whole = Path(sys.argv.pop(1)), Assistant.stream

def stream(self, *given, **named):
    while not gate.exists():
        time.sleep(0.01)
    yield from whole(self, *given, **named)

Assistant.stream = stream
from qa.cli.app import main
main()
"""


class Server:
    """A process of ``qa web`` or ``qa serve``, and the address that it printed."""

    def __init__(self, process: "subprocess.Popen[str]", errors: Path) -> None:
        self.process = process
        self._errors = errors
        assert process.stdout is not None
        self.address = process.stdout.readline().strip()
        assert self.address, errors.read_text(encoding="utf-8")

    @property
    def log(self) -> str:
        """What it has written to standard error so far."""
        return self._errors.read_text(encoding="utf-8")


@contextmanager
def served(
    command: str,
    index: Path,
    work: Path,
    *flags: str,
    gate: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """A server on a free port; with a ``gate``, its answers wait until that file is there."""
    start = ["-c", HELD, str(gate)] if gate else ["-m", "qa"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOST": "127.0.0.1"} | dict(
        variables or {}
    )
    errors = work / "errors.txt"
    with (
        errors.open("w", encoding="utf-8") as stream,
        subprocess.Popen(
            [sys.executable, *start, command, "--port", "0", "--index", str(index), *flags],
            env=environment, stdout=subprocess.PIPE, stderr=stream, text=True,
        ) as process,
    ):  # fmt: skip
        try:
            yield Server(process, errors)
        finally:
            process.kill()


def until(condition: Callable[[], Any], seconds: float = 120) -> Any:
    """The first value that is true; what cannot be reached yet is asked again."""
    end = time.monotonic() + seconds
    while True:
        try:
            if value := condition():
                return value
        except OSError:
            pass
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.05)


@contextmanager
def proxied(
    target: str, path: str, *, strips: bool, headers: dict[str, str]
) -> Iterator[tuple[str, list[str]]]:
    """A reverse proxy that shows a server under a path, which it keeps or strips.

    ``headers`` are set on what goes to the server, beside the browser's own Host. Yields its
    address, without the path, and the paths that were asked of it and not found under that path.
    """
    import uvicorn

    missed: list[str] = []
    app = _forwarding(target, path, strips, headers, missed)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", missed
    finally:
        server.should_exit = True
        thread.join(60)


def _forwarding(
    target: str, path: str, strips: bool, headers: dict[str, str], missed: list[str]
) -> Any:
    import httpx
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse, Response, StreamingResponse
    from starlette.routing import Route

    client = httpx.AsyncClient(timeout=600)

    async def forward(request: Request) -> Response:
        asked = request.url.path
        if not asked.startswith(f"{path}/"):
            missed.append(asked)
            return PlainTextResponse("There is nothing here.", 404)
        onward = asked.removeprefix(path) if strips else asked
        if request.url.query:
            onward += f"?{request.url.query}"
        sent = client.build_request(
            request.method,
            target + onward,
            headers={**dict(request.headers), **headers},
            content=await request.body(),
        )
        got = await client.send(sent, stream=True)

        async def body() -> AsyncIterator[bytes]:
            try:
                async for part in got.aiter_raw():
                    yield part
            finally:
                await got.aclose()

        return StreamingResponse(body(), got.status_code, dict(got.headers))

    return Starlette(routes=[Route("/{path:path}", forward, methods=["GET", "POST", "HEAD"])])
