"""An index that is deleted, built anew, swapped or moved away while it is open."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import Document, Index
from index.embedders import Embedder, load
from index.errors import IndexNotFoundError, IndexStateError, ModelMismatchError
from qa import Assistant, Retriever
from tests.conftest import CHAT, ROOT
from tests.index.storage.test_crashes import found
from tests.index.test_index import Counting

OLD = Document("old", "El secreto de los gatos negros está en el tejado.")
NEW = Document("new", "La receta del pan de trigo lleva agua y sal.")


def make(folder: Path, document: Document, model: Embedder | None = None) -> Path:
    with Index.open(folder, create=True, model=model or Counting()) as index:
        index.add([document])
    return folder


def listing(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def rebuilt(place: Path, document: Document) -> None:
    """Deleted and built anew."""
    shutil.rmtree(place)
    make(place, document)


def renamed(place: Path, document: Document) -> None:
    """The folder goes, and another takes its name."""
    other = make(place.with_name(f"{document.id}-made"), document)
    place.rename(place.with_name(f"before-{document.id}"))
    other.rename(place)


def linked(place: Path, document: Document) -> None:
    """A link to a folder is put in its place at once."""
    other = make(place.with_name(f"{document.id}-linked"), document)
    link = place.with_name("link")
    link.symlink_to(other)
    if not place.is_symlink():
        place.rename(place.with_name("first"))
    link.replace(place)


WAYS = pytest.mark.parametrize("way", [rebuilt, renamed, linked])


@WAYS
def test_another_index_at_the_path(tmp_path: Path, way: Callable[[Path, Document], None]) -> None:
    """It is searched from then on, its documents are listed and can be written; one that was
    opened before the first search too."""
    place = make(tmp_path / "index", OLD)
    with Index.open(place, model=Counting()) as index, Index.open(place) as other:
        assert found(index, "gatos") == {"old"}
        way(place, NEW)
        assert found(index, "gatos pan") == {"new"}
        assert [info.id for info in index.documents()] == ["new"]
        assert [info.id for info in other.documents()] == ["new"]
        assert index.document("new").text == NEW.text
        assert [one.text for one in index.passages_of("new")] == [NEW.text]
        assert (index.has("new"), index.has("old"), index.counts()) == (True, False, (1, 1))
        for read in (index.document, index.passages_of):
            with pytest.raises(KeyError):
                read("old")
        index.add([Document("more", "Los delfines nadan.")])
        assert index.verify().problems == []
        assert other.health().documents == 2
    with Index.open(place, model=Counting()) as index:
        assert found(index, "delfines pan gatos") == {"more", "new"}


def test_a_place_that_is_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another working directory does not make it another place."""
    make(tmp_path / "index", OLD)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with Index.open("index", model=Counting()) as index:
        monkeypatch.chdir(tmp_path / "elsewhere")
        assert found(index, "gatos") == {"old"}
        rebuilt(tmp_path / "index", NEW)
        assert found(index, "gatos pan") == {"new"}
        index.add([OLD])
        assert found(index, "gatos pan") == {"new", "old"}
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_moved_away(tmp_path: Path) -> None:
    """It is said that there is no index, and nothing of one is made; moved back, it is searched."""
    place = make(tmp_path / "index", OLD)
    with Index.open(place, model=Counting()) as index, Index.open(place, model=Counting()) as late:
        assert found(index, "gatos") == {"old"}
        place.rename(tmp_path / "away")
        before = listing(tmp_path)
        for look in (
            lambda: index.candidates("gatos"),
            lambda: late.candidates("gatos"),
            lambda: index.idf(["gat"], "es"),
            index.documents,
            index.counts,
            lambda: index.has("old"),
            lambda: index.passages_of("old"),
            lambda: index.identity,
            index.health,
            index.verify,
            index.upgrade,
            lambda: index.add([NEW]),
            lambda: index.remove(["old"]),
            lambda: index.sync(ROOT / "seeds"),
        ):
            with pytest.raises(IndexNotFoundError, match=r"^There is no index in [^.]*: make one"):
                look()
        assert listing(tmp_path) == before
        (tmp_path / "away").rename(place)
        assert found(index, "gatos") == {"old"}
        assert found(late, "gatos") == {"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_moved_away_amid_a_write(tmp_path: Path) -> None:
    """Neither the place nor what takes it is written to; what was moved stays whole."""
    place = make(tmp_path / "index", OLD)

    def documents() -> Iterator[Document]:
        yield Document("before", "Los delfines nadan.")
        place.rename(tmp_path / "away")
        if amid:
            make(place, NEW)
        yield Document("after", "Las ballenas cantan.")

    for amid in (False, True):
        with (
            Index.open(place, model=Counting()) as index,
            pytest.raises(IndexStateError, match=r"was moved or replaced while it was open: do"),
        ):
            index.add(documents())
        if not amid:
            assert not place.exists()
            (tmp_path / "away").rename(place)
    for folder, ids in ((place, {"new"}), (tmp_path / "away", {"old", "before", "after"})):
        with Index.open(folder, model=Counting()) as index:
            assert found(index, "gatos pan delfines ballenas") == ids
            assert index.verify().problems == []


def test_an_index_that_is_being_made(tmp_path: Path) -> None:
    """A catalog of which nothing is recorded yet is no index; once it is, that is searched."""
    from index.storage.catalog import SqliteCatalog

    place = make(tmp_path / "index", OLD)
    with Index.open(place, model=Counting()) as index:
        shutil.rmtree(place)
        place.mkdir()
        SqliteCatalog(place / "catalog.sqlite", create=True).close()
        with pytest.raises(IndexNotFoundError, match="There is no index in"):
            index.candidates("gatos")
        make(place, NEW)
        assert found(index, "gatos pan") == {"new"}


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="counts open files in /proc")
def test_what_was_replaced_is_closed(tmp_path: Path) -> None:
    """However often it happens, no file of an earlier index stays open."""
    place = make(tmp_path / "index", OLD)
    with Index.open(place, model=Counting()) as index:
        for document in (NEW, OLD, NEW):
            rebuilt(place, document)
            assert found(index, "gatos pan") == {document.id}
            held = [os.path.realpath(file) for file in Path("/proc/self/fd").iterdir()]
            assert not [one for one in held if re.search(r"catalog\.sqlite.*deleted", one)]


def test_a_closed_index_stays_closed(tmp_path: Path) -> None:
    """Another one at its path does not open it."""
    place = make(tmp_path / "index", OLD)
    index = Index.open(place, model=Counting())
    index.close()
    rebuilt(place, NEW)
    with pytest.raises(IndexStateError, match="closed database"):
        index.candidates("gatos")


@WAYS
def test_threads_search_while_it_is_swapped(
    tmp_path: Path, way: Callable[[Path, Document], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each search gives what one index holds, whole: never parts of two, and never an error."""
    texts = [
        [f"El número {n} es el gato w{n}w de la vuelta t{turn}t." for n in range(20)]
        for turn in range(5)
    ]
    place = tmp_path / "index"
    many = {
        turn: [Document(f"{turn}-{n}", text) for n, text in enumerate(texts[turn])]
        for turn in range(5)
    }
    # On a busy machine there may be none for longer than a person's swap takes.
    monkeypatch.setattr("index.searchable.SWAP_SECONDS", 60)
    errors: list[BaseException] = []
    seen: set[str] = set()
    stop = threading.Event()

    def search(index: Index) -> None:
        try:
            while not stop.is_set():
                candidates = index.candidates("gato", k=100)
                turns = {one.passage.document_id.split("-")[0] for one in candidates}
                assert len(turns) == 1, turns
                assert {one.passage.text for one in candidates} == set(texts[int(*turns)])
                seen.update(turns)
        except BaseException as exc:  # noqa: BLE001  # raised again by the test, in its own thread
            errors.append(exc)

    prepared = {turn: tmp_path / f"made{turn}" for turn in range(5)}
    for turn, folder in prepared.items():
        with Index.open(folder, create=True, model=Counting()) as index:
            index.add(many[turn])
    put(way, prepared[0], place)
    with Index.open(place, model=Counting()) as index:
        threads = [threading.Thread(target=search, args=(index,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for turn in range(1, 5):
            time.sleep(0.1)
            put(way, prepared[turn], place)
            while str(turn) not in seen and not errors:
                time.sleep(0.01)
        stop.set()
        for thread in threads:
            thread.join(60)
    assert errors == []
    assert seen == set("01234")


def put(way: object, prepared: Path, place: Path) -> None:
    """Put a prepared index in the place, as the way does."""
    if way is linked:
        link = place.with_name("link")
        link.symlink_to(prepared)
        link.replace(place)
        return
    if place.exists():
        shutil.rmtree(place) if way is rebuilt else place.rename(place.with_name(f"x{time.time()}"))
    prepared.rename(place)


# Another model


def test_another_model_is_loaded(tmp_path: Path, seeds_index: Path) -> None:
    """An index of the other bundled model takes the place: questions are embedded by that one, and
    the reader reckons with it."""
    place = tmp_path / "index"
    shutil.copytree(seeds_index, place)
    with Retriever.open(place) as retriever:
        assistant = Assistant(retriever)
        base = assistant.ask(ASKED).confidence
        shutil.rmtree(place)
        small = load("small")
        with Index.open(place, create=True, model="small") as index:
            index.sync(ROOT / "seeds")
        answer, least = assistant.ask(ASKED), assistant.min_confidence
        assert retriever.index.model.identity == small.identity
        (hit, *_) = retriever.search(ASKED)
        cosine = small.embed_passages([hit.text]) @ small.embed_queries([ASKED])[0]
        assert hit.dense == pytest.approx(float(cosine[0]), abs=0.05)
    with Retriever.open(place) as fresh:
        expected = Assistant(fresh)
        assert expected.ask(ASKED).confidence == answer.confidence != base
        assert expected.min_confidence == least


def test_a_model_given_by_name_is_loaded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It serves each index that takes the place, but not one that was made with another."""
    loaded: list[str] = []

    def counted(name: str) -> Embedder:
        loaded.append(name)
        return Counting()

    monkeypatch.setattr("index.opened.load", counted)
    place = make(tmp_path / "index", OLD)
    with Index.open(place, model="counting") as index:
        assert found(index, "gatos") == {"old"}
        for document in (NEW, OLD, NEW):
            rebuilt(place, document)
            assert found(index, "gatos pan") == {document.id}
        assert loaded == ["counting"]


def test_a_model_that_was_given_is_kept_to(tmp_path: Path, embedder: Embedder) -> None:
    """Where the index at the path is another model's, that is said, each time."""
    place = make(tmp_path / "index", OLD)
    with Index.open(place, model=Counting()) as index:
        place.rename(tmp_path / "away")
        make(place, NEW, embedder)
        for _ in range(2):
            with pytest.raises(ModelMismatchError, match=r"made with the model e5.*, not counting"):
                index.candidates("pan")
        shutil.rmtree(place)
        (tmp_path / "away").rename(place)
        assert found(index, "gatos") == {"old"}


# Programs that have it open


ASKED = "¿Cuándo visitó Rubio México?"
CHATTING = ("¿Quién está en el tejado?", "¿Qué lleva la receta del pan?")


def test_a_chat_in_a_terminal(tmp_path: Path, embedder: Embedder) -> None:
    """Its next answer comes from the index that is there then."""
    place = make(tmp_path / "index", OLD, embedder)
    with subprocess.Popen(
        [sys.executable, "-m", "qa", "chat", "--index", str(place)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{CHATTING[0]}\n")
        process.stdin.flush()
        while "[1] old" not in process.stdout.readline():
            assert process.poll() is None
        shutil.rmtree(place)
        make(place, NEW, embedder)
        rest, _ = process.communicate(f"{CHATTING[1]}\n{CHATTING[0]}\n\n", timeout=120)
    assert "[1] new" in rest
    assert "[1] old" not in rest


def test_a_server(tmp_path: Path, embedder: Embedder) -> None:
    """``qa serve`` answers from the index that is there; where none is, it says so."""
    pytest.importorskip("fastapi", reason=CHAT)
    from fastapi.testclient import TestClient

    from qa.web.http.app import create_api

    place = make(tmp_path / "index", OLD, embedder)
    with Retriever.open(place) as retriever:
        client = TestClient(create_api(retriever), base_url="http://127.0.0.1")
        url = "/search?q=el+pan+y+los+gatos"
        assert [hit["document_id"] for hit in client.get(url).json()] == ["old"]
        place.rename(tmp_path / "away")
        before = listing(tmp_path)
        gone = client.get(url)
        assert (gone.status_code, gone.headers["retry-after"]) == (503, "10")
        assert "There is no index in" in json.loads(gone.text)["error"]
        assert listing(tmp_path) == before
        make(place, NEW, embedder)
        assert [hit["document_id"] for hit in client.get(url).json()] == ["new"]
