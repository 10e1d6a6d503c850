"""Many calls at once, calls that are given up, and an index that another one replaces."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Document, Index
from index.embedders import Embedder
from tests.conftest import MCP

pytest.importorskip("mcp", reason=MCP)

from qa import Answer, Assistant, Retriever
from qa.mcp.server import create_server
from qa.web.options import Options
from qa.web.service import Service
from tests.qa.mcp.made import ASKED, MINUTES, Calls, asking, make_index


class Held(Assistant):
    """Its answers wait until they are let."""

    gate: threading.Event

    def stream(self, *given: Any, **named: Any) -> Iterator[Answer]:
        """The answers of `Assistant.stream`, when the gate is open."""
        assert self.gate.wait(120)
        yield from super().stream(*given, **named)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


@pytest.fixture
def held(documents_index: Path) -> Iterator[Held]:
    with Retriever.open(documents_index) as retriever:
        assistant = Held(retriever)
        assistant.gate = threading.Event()
        yield assistant
        assistant.gate.set()


def test_twenty_questions_at_once(held: Held) -> None:
    """All are answered, two at a time, and a search does not wait for them."""
    service = Service(Options(answers=2))

    async def main() -> None:
        async with asking(create_server(held, service=service), "legacy") as calls:
            asked = [asyncio.create_task(calls("ask_documents", question=ASKED)) for _ in range(20)]
            await until(lambda: service.answers.waiting == 18)
            assert (await calls("search_documents", question=ASKED))["hits"]
            assert (await calls("list_documents"))["total"] == 3
            assert not any(task.done() for task in asked)
            held.gate.set()
            answers = await asyncio.gather(*asked)
        assert [answer["found"] for answer in answers] == [True] * 20

    asyncio.run(main())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_that_gives_up(held: Held, mode: str) -> None:
    """What waits leaves the line at once, what runs ends early, and the next one is answered."""
    service = Service(Options(answers=1))

    async def main() -> None:
        async with asking(create_server(held, service=service), mode) as calls:
            running = asyncio.create_task(calls.result("ask_documents", question=ASKED))
            await until(lambda: service.answers.answering == 1)
            waiting = asyncio.create_task(calls.result("ask_documents", question=ASKED))
            await until(lambda: service.answers.waiting == 1)
            waiting.cancel()
            await until(lambda: service.answers.waiting == 0)
            running.cancel()
            await asyncio.gather(running, waiting, return_exceptions=True)
            held.gate.set()
            await until(lambda: service.idle)
            assert (await calls("ask_documents", question=ASKED))["found"]

    asyncio.run(main())


def test_a_full_line_is_said(held: Held) -> None:
    """Where too many wait, a further call is refused in one sentence."""
    service = Service(Options(answers=1, waiting=1))

    async def main() -> None:
        async with asking(create_server(held, service=service)) as calls:
            asked = [asyncio.create_task(calls("ask_documents", question=ASKED)) for _ in range(2)]
            await until(lambda: service.answers.waiting == 1)
            refused = await calls.refused("ask_documents", question=ASKED)
            assert "try again in" in refused
            held.gate.set()
            await asyncio.gather(*asked)

    asyncio.run(main())


def test_an_index_that_is_replaced(tmp_path: Path, embedder: Embedder) -> None:
    """The next call is of the new one, and what was cited before is refused, not misread."""
    folder = make_index(tmp_path / "index", embedder)
    with Index.open(tmp_path / "new", create=True, model=embedder) as index:
        text = "El concejal Luis Mora pidió que se cierre el puente de San Roque en noviembre."
        index.add([Document(MINUTES, text, title="Acta de junio")])

    async def main(retriever: Retriever) -> None:
        async with asking(create_server(retriever)) as calls:
            before = (await calls("ask_documents", question=ASKED))["citations"][0]
            folder.rename(tmp_path / "old")
            sentence = await calls.refused("ask_documents", question=ASKED)
            assert "There is no index in" in sentence
            (tmp_path / "new").rename(folder)
            after = await calls("ask_documents", question=ASKED)
            assert "Luis Mora" in after["answer"]
            await gone(calls, before["link"])
            assert (await calls("list_documents"))["total"] == 1

    async def gone(calls: Calls, link: str) -> None:
        assert "has changed" in await calls.refused("read_passage", id=link)

    with Retriever.open(folder) as retriever:
        asyncio.run(main(retriever))
