"""An index of the sixty, and what is answered from each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Index
from index.embedders import Embedder
from qa import Assistant, Retriever, Turn
from tests.qa.hostile.made import question_of, write_files
from tests.qa.hostile.specimens import SPECIMENS


@pytest.fixture(scope="session")
def hostile_index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """The folder of an index whose documents hold the sixty."""
    work = tmp_path_factory.mktemp("hostile")
    write_files(work / "docs")
    with Index.open(work / "index", create=True, model=embedder) as index:
        report = index.sync(work / "docs")
    assert not report.failed
    assert len(report.added) == len(SPECIMENS) + 1
    return work / "index"


@pytest.fixture(scope="session")
def retriever(hostile_index: Path) -> Iterator[Retriever]:
    with Retriever.open(hostile_index) as opened:
        yield opened


@pytest.fixture(scope="session")
def ids(retriever: Retriever) -> list[str]:
    """The documents of the sixty, in their order."""
    found = sorted(info.id for info in retriever.documents())
    return [id for id in found if id[:2].isdigit()]


@pytest.fixture(scope="session")
def turns(retriever: Retriever, ids: list[str]) -> list[Turn]:
    """A question about each of the sixty and what is answered from its document."""
    assistant = Assistant(retriever)
    asked = [(question_of(number), id) for number, id in enumerate(ids)]
    return [Turn(question, assistant.ask(question, documents=[id])) for question, id in asked]
