"""A retriever inside another program: threads, forks, other processes, an event loop."""

import asyncio
import multiprocessing
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from index import Document, Index
from index.errors import IndexNotFoundError
from qa import Assistant, Retriever

TEXTS = {
    "faro": "El faro de San Telmo se encendió por primera vez el 4 de marzo de 1890.",
    "puente": "El puente colgante mide 312 metros y lo diseñó la ingeniera Alba Ruiz.",
    "receta": "Para la sopa se cuecen las lentejas con laurel durante cuarenta minutos.",
}
ASKED = {
    "¿Cuándo se encendió el faro?": "faro",
    "¿Cuánto mide el puente?": "puente",
    "¿Cuánto se cuecen las lentejas?": "receta",
}
ADD = """
import sys
from index import Document, Index
with Index.open(sys.argv[1]) as index:
    index.add([Document("tren", "El tren de cremallera sube al cerro en dieciocho minutos.")])
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three documents."""
    folder = tmp_path_factory.mktemp("host") / "index"
    with Index.open(folder, create=True) as index:
        index.add(Document(id, text) for id, text in TEXTS.items())
    return folder


@pytest.fixture(scope="module")
def retriever(folder: Path) -> Iterator[Retriever]:
    """One that has searched already."""
    with Retriever.open(folder) as opened:
        opened.warm_up()
        yield opened


def best(retriever: Retriever, question: str) -> str:
    return retriever.search(question, k=1)[0].document_id


def ask_all(retriever: Retriever) -> dict[str, str]:
    return {question: best(retriever, question) for question in ASKED}


def ask_assistant(assistant: Assistant) -> list[str]:
    return [assistant.ask(question).hits[0].document_id for question in ASKED]


def test_threads(retriever: Retriever) -> None:
    """Sixteen threads share it."""
    questions = [*ASKED] * 16
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda question: best(retriever, question), questions))
    assert found == [ASKED[question] for question in questions]


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="needs fork")
def test_forked(retriever: Retriever) -> None:
    """Opened and used before the fork, it works in the children and in the parent, as does what
    answers with it."""
    assistant = Assistant(retriever)
    assert ask_assistant(assistant) == [*ASKED.values()]
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    children = [
        context.Process(target=lambda: queue.put((ask_all(retriever), ask_assistant(assistant))))
        for _ in range(2)
    ]
    for child in children:
        child.start()
    told = [queue.get() for _ in children]
    for child in children:
        child.join(60)
        assert child.exitcode == 0
    assert told == [(ASKED, [*ASKED.values()])] * 2
    assert ask_all(retriever) == ASKED


def test_sent_to_another_process(retriever: Retriever) -> None:
    """A pickle holds where it is, and how it was set."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(ask_all, retriever).result(120) == ASKED


def test_pickled_by_path(folder: Path) -> None:
    """It is opened when it is used, with the same settings; closing it unused does nothing."""
    with Retriever.open(folder) as opened:
        kept = pickle.dumps(opened)
        settings = opened.settings
    assert len(kept) < 10_000
    copy = pickle.loads(kept)  # noqa: S301
    copy.close()
    assert copy.settings == settings
    with pickle.loads(kept) as again:  # noqa: S301
        assert ask_all(again) == ASKED


def test_pickled_and_gone(tmp_path: Path) -> None:
    """Where the folder is gone, the first search says so."""
    with Index.open(tmp_path / "a", create=True) as index:
        kept = pickle.dumps(Retriever(index))
    (tmp_path / "a").rename(tmp_path / "b")
    copy = pickle.loads(kept)  # noqa: S301
    with pytest.raises(IndexNotFoundError, match="qa index FOLDER"):
        copy.search("faro")


async def _together(retriever: Retriever) -> tuple[list[str], str]:
    hits = await asyncio.gather(*(retriever.asearch(question, 1) for question in ASKED))
    assistant = Assistant(retriever)
    answer = await assistant.aask("¿Cuánto mide el puente?")
    async for last in assistant.astream("¿Cuándo se encendió el faro?"):
        partial = last
    assert partial.hits[0].document_id == "faro"
    return [found[0].document_id for found in hits], answer.hits[0].document_id


def test_in_an_event_loop(retriever: Retriever) -> None:
    """Several searches at once, an answer, and a stream."""
    assert asyncio.run(_together(retriever)) == ([*ASKED.values()], "puente")


def test_another_process_writes(tmp_path: Path) -> None:
    """What it adds is found by the next search, without opening anew."""
    with Index.open(tmp_path, create=True) as index:
        index.add(Document(id, text) for id, text in TEXTS.items())
    with Retriever.open(tmp_path) as opened:
        assert ask_all(opened) == ASKED
        subprocess.run([sys.executable, "-c", ADD, str(tmp_path)], check=True, timeout=120)
        assert best(opened, "¿En cuánto sube el tren al cerro?") == "tren"
        assert opened.search("tren", where={"id": {"$in": ["faro"]}})[0].document_id == "faro"
