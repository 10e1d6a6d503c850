"""The catalogs and engines under contract: one server of each kind for all tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import Index
from tests.contracts.oracle import Exact, Summed, documents
from tests.contracts.places import MilvusServer, Place, milvus_server, places

KINDS = ["folder", "postgresql", "folder+milvus-lite", "folder+milvus", "postgresql+milvus"]


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """A Milvus server, which several indexes share."""
    with milvus_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="module", params=KINDS)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Index]:
    """An index of all documents, which no test changes."""
    place = places(request.param, request, tmp_path_factory.mktemp("filled"))
    with Index.open(place.address, create=True, model=Summed(), engine=place.engine) as index:
        index.add(documents())
        yield index


@pytest.fixture(scope="module")
def exact(filled: Index) -> Exact:
    """Exact search of the same passages."""
    return Exact(filled, Summed())


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place where nothing is yet."""
    return places(request.param, request, tmp_path)


@pytest.fixture
def opened(place: Place) -> Iterator[Callable[[], Index]]:
    """Opens the index at that place, each time by another connection."""
    indexes: list[Index] = []

    def open_index() -> Index:
        index = Index.open(place.address, create=True, model=Summed(), engine=place.engine)
        indexes.append(index)
        return index

    yield open_index
    for index in indexes:
        index.close()
