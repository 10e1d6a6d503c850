"""An index in Milvus when something goes wrong: with real servers, which are killed."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index import Document, Index
from index.errors import IndexStateError, InputError, MissingExtraError
from index.storage.milvus.engine import MilvusEngine
from index.storage.milvus.server import BITS, Server
from index.storage.milvus.words import FIELD, WORDS, averages, sparse
from index.sync.renewal import renew
from tests.contracts.oracle import Summed
from tests.contracts.places import MILVUS, MilvusServer, milvus_server

needs_milvus = pytest.mark.skipif(find_spec("milvus_lite") is None, reason=MILVUS)


@pytest.fixture(scope="module")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    """A server; a test that kills it starts it again."""
    with milvus_server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def index(tmp_path: Path, milvus: MilvusServer) -> Iterator[Index]:
    """An index of four documents in that server."""
    with made(tmp_path / "index", milvus.address) as index:
        yield index


def made(folder: Path, engine: str) -> Index:
    index = Index.open(folder, create=True, model=Summed(), engine=engine)
    index.add(letters("a", 4))
    return index


def letters(name: str, count: int) -> list[Document]:
    texts = {f"{name}{n}": f"La carta {name}{n} habla del faro." for n in range(count)}
    return [Document(id, text, language="es") for id, text in texts.items()]


def found(index: Index) -> set[str]:
    """What words find; vectors must find the same."""
    both = index.candidates("faro", 100)
    by_words = {one.passage.document_id for one in both if one.lexical is not None}
    assert by_words == {one.passage.document_id for one in both if not np.isnan(one.dense)}
    return by_words


def ids(name: str, count: int) -> set[str]:
    return {one.id for one in letters(name, count)}


def engine_of(index: Index) -> MilvusEngine:
    engine = index._opened.stores
    assert isinstance(engine, MilvusEngine)
    return engine


@needs_milvus
def test_a_server_away_and_back(index: Index, milvus: MilvusServer) -> None:
    """A write and a search say so; what was written is in the catalog, and sent when it is back."""
    assert found(index) == ids("a", 4)
    milvus.kill()
    with pytest.raises(IndexStateError, match=f"Milvus at {milvus.address} cannot be reached"):
        index.candidates("faro")
    with pytest.raises(IndexStateError, match="nothing is lost"):
        index.add(letters("b", 2))
    with pytest.raises(IndexStateError, match="cannot be reached"):
        index.remove(["a0"])
    assert index.counts().documents == 5
    assert index.health().unpublished == 2
    assert any("cannot be reached" in problem for problem in index.verify().problems)
    milvus.start()
    assert found(index) == (ids("a", 4) | ids("b", 2)) - {"a0"}
    assert index.verify().problems == []


@needs_milvus
@pytest.mark.parametrize("last", range(1, 4))
def test_a_server_killed_between(
    index: Index, milvus: MilvusServer, monkeypatch: pytest.MonkeyPatch, last: int
) -> None:
    """Gone after any of the steps of a write, the next search completes it."""
    monkeypatch.setattr("index.storage.milvus.engine.BATCH", 3)
    real, left = Server.upsert, iter(range(last))

    def upsert(self: Server, *args: Any) -> None:
        real(self, *args)
        if next(left, None) == last - 1:
            milvus.kill()

    with monkeypatch.context() as patched:
        patched.setattr(Server, "upsert", upsert)
        index.remove(["a1"])
        left = iter(range(last))
        with pytest.raises(IndexStateError, match="cannot be reached"):
            index.add(letters("b", 5))
    milvus.start()
    assert found(index) == (ids("a", 4) | ids("b", 5)) - {"a1"}
    assert index.verify().problems == []


@needs_milvus
def test_a_server_that_lost_all(index: Index, milvus: MilvusServer) -> None:
    """What it lost is sent again by the next search of any client."""
    milvus.kill()
    shutil.rmtree(milvus.folder)
    milvus.start()
    with Index.open(index.folder, model=Summed()) as other:
        assert found(other) == ids("a", 4)
    assert found(index) == ids("a", 4)
    assert index.verify().problems == []


@needs_milvus
def test_a_server_that_hangs(
    index: Index, milvus: MilvusServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search ends with the time limit, and the next one finds again."""
    monkeypatch.setattr("index.storage.milvus.server.SEARCH_SECONDS", 2)
    monkeypatch.setattr("index.storage.milvus.server.CONNECT_SECONDS", 2)
    assert found(index) == ids("a", 4)
    milvus.signal(signal.SIGSTOP)
    try:
        with pytest.raises(IndexStateError, match=r"is too slow|cannot be reached"):
            index.candidates("faro")
    finally:
        milvus.signal(signal.SIGCONT)
    monkeypatch.undo()
    assert found(index) == ids("a", 4)


KILLED = """
import os, signal, sys
from index import Index
from index.storage.milvus import engine
from index.storage.milvus.server import Server
from tests.contracts.oracle import Summed
from tests.index.storage.milvus.test_engine import letters
engine.BATCH, left, name = 2, int(sys.argv[2]), sys.argv[3]
real = getattr(Server, name)
def killed(*args):
    global left
    left -= 1
    if left < 0: os.kill(os.getpid(), signal.SIGKILL)
    return real(*args)
with Index.open(sys.argv[1], model=Summed()) as index:
    setattr(Server, name, killed)
    index.remove(["a1"])
    index.add(letters("b", 3))
"""


@needs_milvus
@pytest.mark.parametrize(("calls", "name"), [(0, "delete"), (1, "upsert"), (2, "upsert")])
def test_a_client_killed_between(index: Index, calls: int, name: str) -> None:
    """What it had not sent is sent by the next search, and nothing twice."""
    command = [sys.executable, "-c", KILLED, str(index.folder), str(calls), name]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    kept = {one.id for one in index.documents()}
    assert "a1" not in kept
    assert found(index) == kept
    assert index.verify().problems == []


@needs_milvus
def test_copies_and_older_catalogs(index: Index, tmp_path: Path) -> None:
    """A copied folder is another index; a folder put back is searched as it was then."""
    folder, copy, backup = index.folder, tmp_path / "copy", tmp_path / "backup"
    index.close()
    shutil.copytree(folder, copy)
    shutil.copytree(folder, backup)
    with Index.open(copy, model=Summed()) as copied, Index.open(folder, model=Summed()) as first:
        copied.add(letters("c", 2))
        first.add(letters("b", 3))
        first.remove(["a0"])
        assert found(copied) == ids("a", 4) | ids("c", 2)
        assert found(first) == (ids("a", 4) | ids("b", 3)) - {"a0"}
        assert first.verify().problems == copied.verify().problems == []
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)
    with Index.open(folder, model=Summed()) as older:
        older.add(letters("d", 3))  # under ids that others have had
        assert found(older) == ids("a", 4) | ids("d", 3)
        assert older.verify().problems == []


@needs_milvus
def test_other_weights(index: Index) -> None:
    """Vectors that are made anew, of other dimensions, take the place of those before."""

    class Other(Summed):
        identity = "other@2"
        dimensions = 16

        def encode(self, texts: Any) -> Any:
            longer = super().encode(texts)[:, :16]
            return longer / np.linalg.norm(longer, axis=1, keepdims=True)

    with index._opened.writing():
        assert renew(index.catalog, index._opened.stores, Other()) == 4
    index.close()
    with Index.open(index.folder, model=Other()) as renewed:
        assert found(renewed) == ids("a", 4)
        renewed.add(letters("b", 1))
        assert found(renewed) == ids("a", 4) | {"b0"}
        assert renewed.verify().problems == []


@needs_milvus
def test_weighted_anew(index: Index) -> None:
    """Where the average length has drifted, what is in Milvus is weighted by the present one."""
    words = "molino carta bahía costa piedra viento sal arena luz noche " * 3
    index.add([Document(f"long{n}", words, language="es") for n in range(3)])
    engine = engine_of(index)
    published = engine._published
    assert published is not None
    rows = engine._server.rows(
        WORDS,
        published.partition,
        [(published.tenant << BITS) + id for id in index.catalog.passage_ids().tolist()],
        [FIELD],
    )
    held = {row["id"] & ((1 << BITS) - 1): row[FIELD] for row in rows}
    for one in engine._counts.of(sorted(held)):
        assert held[one.id] == pytest.approx(sparse(one, averages(published)), rel=1e-5)


HOLDING = """
import sys
from index import Index
from tests.contracts.oracle import Summed
index = Index.open(sys.argv[1], model=Summed())
index.warm_up()
print("held", flush=True)
sys.stdin.readline()
"""


@needs_milvus
def test_a_file_is_one_process_s(tmp_path: Path) -> None:
    """Another process is told so; once the first has closed it, it can have it."""
    index = made(tmp_path / "index", f"milvus://{tmp_path / 'my.db'}")
    index.close()
    command = [sys.executable, "-c", HOLDING, str(index.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout is not None
        assert one.stdout.readline() == "held\n"
        with Index.open(index.folder, model=Summed()) as other:
            with pytest.raises(IndexStateError, match="one process at a time"):
                other.candidates("faro")
            one.communicate("\n")
            assert found(other) == ids("a", 4)


@needs_milvus
def test_secrets_and_other_engines(
    index: Index, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The token is neither recorded nor shown; an index keeps the engine that it was made with."""
    monkeypatch.setenv("MILVUS_TOKEN", "user:verysecret")
    with Index.open(index.folder, model=Summed()) as other:
        assert found(other) == ids("a", 4)
    assert b"verysecret" not in (index.folder / "catalog.sqlite").read_bytes()
    with pytest.raises(IndexStateError, match="is searched by milvus://127"):
        Index.open(index.folder, engine="milvus://127.0.0.1:1")
    with Index.open(index.folder, engine=str(index.catalog.get("engine"))):
        pass
    monkeypatch.setattr("index.storage.milvus.server.CONNECT_SECONDS", 1)
    refused = Index.open(index.folder.with_name("n"), create=True, engine="milvus://127.0.0.1:1")
    with pytest.raises(IndexStateError, match=r"127.0.0.1:1 cannot be reached") as failed:
        refused.add(letters("a", 1))
    refused.close()
    assert "verysecret" not in f"{failed.value}{''.join(capfd.readouterr())}"


def test_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pymilvus a sentence names the extra, and no folder is left behind."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"\.\[milvus\]"):
        Index.open(tmp_path / "index", create=True, engine="milvus://host")
    with pytest.raises(InputError, match="There is no engine qdrant"):
        Index.open(tmp_path / "index", create=True, engine="qdrant://host")
    assert os.listdir(tmp_path) == []  # noqa: PTH208
