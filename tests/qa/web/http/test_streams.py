"""Streams of a whole server: a place in line, and who leaves."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CHAT
from tests.qa.web.processes import Server, served, until

pytest.importorskip("fastapi", reason=CHAT)
import httpx

ASKED = {"question": "¿Cuándo visitó Rubio México?", "stream": True}


def health(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{server.address}/health", timeout=120).json()
    return found


class Stream(threading.Thread):
    """An answer as events, read in a thread of its own until it is left."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        self._address = f"{server.address}/ask"
        self._leave = threading.Event()
        self.events: list[tuple[str, Any]] = []
        self.start()

    def run(self) -> None:
        """Read."""
        name = ""
        with httpx.stream("POST", self._address, json=ASKED, timeout=120) as response:
            for line in response.iter_lines():
                if self._leave.is_set():
                    return
                key, _, value = line.partition(": ")
                if key == "event":
                    name = value
                elif key == "data":
                    self.events.append((name, json.loads(value)))

    def leave(self) -> None:
        """Close the connection at the next line."""
        self._leave.set()


def test_who_waits_is_told_the_place_and_who_leaves_gives_it_back(
    seeds_index: Path, tmp_path: Path
) -> None:
    """Both in line, and while the answer is computed; the others end with ``done``."""
    gate = tmp_path / "gate"
    with served("serve", seeds_index, tmp_path, "--answers", "1", gate=gate) as server:
        first = Stream(server)
        until(lambda: health(server)["answering"] == 1)
        second = Stream(server)
        until(lambda: ("waiting", {"place": 1}) in second.events)
        third = Stream(server)
        until(lambda: ("waiting", {"place": 2}) in third.events)
        second.leave()
        until(lambda: ("waiting", {"place": 1}) in third.events)
        assert health(server) == {"status": "ok", "answering": 1, "waiting": 1}
        gate.touch()
        for stream in (first, third):
            stream.join(120)
            name, answer = stream.events[-1]
            assert name == "done"
            assert "septiembre de 2025" in answer["answer"]
        until(lambda: health(server) == {"status": "ok", "answering": 0, "waiting": 0})


def test_who_leaves_closes_what_the_stream_comes_from() -> None:
    """At once, also where the stream waits for nothing of its own."""
    from qa.web.http.events import EventStream

    closed = []

    async def beats() -> AsyncGenerator[str]:
        try:
            while True:
                yield ": still at work\n\n"
        finally:
            closed.append(True)

    async def leave() -> None:
        sent = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await sent.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body":
                sent.set()
                await asyncio.Event().wait()  # a reader who reads no more

        scope = {"type": "http", "asgi": {"spec_version": "2.3"}}
        await EventStream(beats())(scope, receive, send)
        assert closed

    asyncio.run(asyncio.wait_for(leave(), 60))


def test_a_long_silence_is_filled() -> None:
    """With None, as often as it takes; what comes late comes all the same."""
    from qa.web.http.events import beating

    async def slow() -> AsyncGenerator[int]:
        yield 1
        await asyncio.sleep(0.3)
        yield 2

    async def read() -> list[int | None]:
        return [part async for part in beating(slow(), 0.05)]

    found = asyncio.run(read())
    assert found[0] == 1
    assert found[-1] == 2
    assert set(found[1:-1]) == {None}
