"""Servers as processes of their own, and a small reverse proxy, for the tests of serving."""

import multiprocessing
import os
import socket
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

__all__ = ["Held", "Process", "Server", "proxied", "served", "until"]

_FORKED = multiprocessing.get_context("forkserver")
# To import Gradio alone takes seconds: servers begin with it imported.
_FORKED.set_forkserver_preload(["tests.qa.web.preloaded"])


class Process:
    """A process of the command line that began with its libraries imported."""

    def __init__(
        self, arguments: Sequence[str], environment: Mapping[str, str], work: Path,
        hold: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self._said, self._errors = work / "said.txt", work / "errors.txt"
        for path in (self._said, self._errors):
            path.write_bytes(b"")
        given = list(arguments), dict(environment), self._said, self._errors, hold
        self._process = _FORKED.Process(target=_run, args=given)
        self._process.start()

    @property
    def log(self) -> str:
        """What it has written to standard error so far."""
        return self._errors.read_text(encoding="utf-8")

    @property
    def said(self) -> str:
        """What it has written to standard output so far."""
        return self._said.read_text(encoding="utf-8")

    def line(self) -> str:
        """The first line that it writes to standard output, or "" where it ends without one."""
        until(lambda: "\n" in self.said or self.poll() is not None)
        return self.said.partition("\n")[0]

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def poll(self) -> int | None:
        """Its status, or None while it runs."""
        return self._process.exitcode

    def wait(self, seconds: float | None = None) -> int:
        """Its status, when it has ended."""
        self._process.join(seconds)
        status = self.poll()
        assert status is not None, "it runs on"
        return status

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.join()


def _run(
    arguments: list[str], environment: dict[str, str], said: Path, errors: Path,
    hold: Callable[[], None] | None,
) -> None:  # fmt: skip
    """What such a process does."""
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, said), (2, errors)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND), number)
    if hold:
        hold()
    sys.argv = ["qa", *arguments]
    from qa.cli.app import main

    main()


@dataclass(frozen=True)
class Gate:
    """In its process answers wait until a file is there."""

    path: Path

    def __call__(self) -> None:
        """Take the place of the assistant's own answers."""
        from qa.answering.assistant import Assistant

        whole = Assistant.stream

        def stream(self_: Assistant, *given: Any, **named: Any) -> Any:
            until(self.path.exists, 600)
            yield from whole(self_, *given, **named)

        Assistant.stream = stream  # type: ignore[method-assign,assignment]


@dataclass(frozen=True)
class Held:
    """In its process answers wait before or after the first quote, as long as a file says so."""

    path: Path

    def __call__(self) -> None:
        """Take the place of the assistant's own answers."""
        from qa.answering.assistant import Assistant

        whole = Assistant.stream

        def wait(where: str) -> None:
            while self.path.exists() and self.path.read_text() == where:
                time.sleep(0.02)

        def stream(self_: Assistant, *given: Any, **named: Any) -> Any:
            wait("before")
            for answer in whole(self_, *given, **named):
                yield answer
                if answer.citations:
                    wait("after")

        Assistant.stream = stream  # type: ignore[method-assign,assignment]


class Server:
    """A process of ``qa web`` or ``qa serve``, and the address that it printed."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.address = process.line()
        assert self.address, process.log

    @property
    def log(self) -> str:
        """What it has written to standard error so far."""
        return self.process.log


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
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOST": "127.0.0.1"} | dict(
        variables or {}
    )
    arguments = [command, "--port", "0", "--index", str(index), *flags]
    process = Process(arguments, environment, work, Gate(gate) if gate else None)
    try:
        yield Server(process)
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
