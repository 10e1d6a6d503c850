"""The catalog: what is written comes back, whole or not at all."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalog import Catalog, DocumentInfo, FileStamp, Origin
from index.errors import IndexDamagedError, IndexNotFoundError, IndexStateError
from index.types import Document, Passage

TEXT = st.text(max_size=40)  # any characters that can be encoded, NUL included
NAME = st.text(min_size=1, max_size=20)
OFFSETS = st.lists(st.integers(0, 10**9), max_size=4).map(tuple)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path / "catalog.sqlite", create=True)
    yield opened
    opened.close()


def passage(document: str, text: str, **fields: object) -> Passage:
    return Passage(document, 0, len(text), text, 1, **fields)  # type: ignore[arg-type]


def write(
    catalog: Catalog, document: Document, *texts: str, stamp: FileStamp | None = None
) -> None:
    """A document with passages whose vectors hold 0.5, 1.5, ... (exact in float16)."""
    vectors = np.arange(len(texts), dtype=np.float32)[:, None] + np.full((1, 4), 0.5, np.float32)
    passages = [passage(document.id, text) for text in texts]
    with catalog.transaction():
        catalog.add(document, passages, vectors, stamp)


DOCUMENTS = st.builds(
    Document,
    id=NAME,
    text=TEXT,
    title=st.none() | TEXT,
    source=st.none() | TEXT,
    language=st.none() | st.sampled_from(["es", "en"]),
    page_starts=OFFSETS,
    metadata=st.dictionaries(TEXT, TEXT, max_size=3),
)
PASSAGES = st.builds(
    Passage,
    document_id=st.just("set below"),
    start=st.integers(0, 10**9),
    end=st.integers(0, 10**9),
    text=TEXT,
    paragraph=st.integers(1, 10**6),
    page=st.none() | st.integers(1, 10**5),
    paragraph_breaks=OFFSETS,
    page_breaks=OFFSETS,
    language=st.none() | st.sampled_from(["es", "en"]),
    context=TEXT,
)


@given(document=DOCUMENTS, passages=st.lists(PASSAGES, max_size=4))
def test_round_trip(document: Document, passages: list[Passage]) -> None:
    """Documents and passages come back as they were given, each field and each character."""
    from dataclasses import replace

    passages = [replace(one, document_id=document.id) for one in passages]
    vectors = np.zeros((len(passages), 2), dtype=np.float32)
    catalog = Catalog(Path(":memory:"), create=True)
    catalog.add(document, passages, vectors)
    assert catalog.document(document.id) == document
    ids = catalog.passage_ids()
    assert list(catalog.passages(ids.tolist()).values()) == passages
    searched = [(language, text) for _, _, language, text in catalog.indexed_texts(ids.tolist())]
    assert searched == [(one.language, one.indexed_text) for one in passages]
    catalog.close()


@given(st.lists(st.floats(-1, 1, width=16), min_size=3, max_size=3))
def test_vectors_keep_float16(values: list[float]) -> None:
    """A vector comes back exactly when its numbers fit in 16 bits, under its passage's id."""
    catalog = Catalog(Path(":memory:"), create=True)
    catalog.add(Document("a", "x"), [passage("a", "x")], np.array([values], dtype=np.float32))
    ((ids, block),) = catalog.vectors([1])
    assert (ids.tolist(), block.tolist()) == ([1], [values])
    assert {text: row.tolist() for text, row in catalog.known_vectors("a").items()} == {"x": values}
    catalog.close()


def test_ids_are_never_used_twice(catalog: Catalog) -> None:
    """A replaced document's passages take new ids, also after the last ones were removed."""
    write(catalog, Document("a", "x y"), "x", "y")
    write(catalog, Document("b", "z"), "z")
    assert catalog.passage_ids().tolist() == [1, 2, 3]
    write(catalog, Document("b", "z"), "z")
    assert catalog.passage_ids().tolist() == [1, 2, 4]
    assert catalog.remove(["b", "unknown"]) == 1
    write(catalog, Document("c", "w"), "w")
    assert catalog.passage_ids().tolist() == [1, 2, 5]
    assert catalog.counts() == (2, 3)
    assert catalog.passages([2, 4, 5]).keys() == {2, 5}


def test_documents_by_id(catalog: Catalog) -> None:
    """The list is in order of ids and counts the passages; origins leave unknown ids out."""
    write(catalog, Document("b", "z", title="B", source="b.txt", language="en"), "z")
    write(catalog, Document("a", "x y"), "x", "y")
    assert catalog.documents() == [
        DocumentInfo("a", None, None, None, 2),
        DocumentInfo("b", "B", "b.txt", "en", 1),
    ]
    assert catalog.origins(["b", "c"]) == {"b": Origin("B", "b.txt")}
    numbers = catalog.numbers(["a", "b", "c"])
    assert numbers.keys() == {"a", "b"}
    assert catalog.passage_ids([numbers["a"]]).tolist() == [2, 3]
    with pytest.raises(KeyError):
        catalog.document("c")


def test_more_ids_than_a_statement_takes(catalog: Catalog) -> None:
    """Lists of ids may be longer than the 32,766 parameters that SQLite allows."""
    write(catalog, Document("a", "x"), "x")
    many = range(1, 40_001)
    assert list(catalog.passages(many)) == [1]
    assert catalog.origins(map(str, many)) == {}
    assert catalog.passage_ids(many).tolist() == [1]


def test_files_and_owners(catalog: Catalog) -> None:
    """A file's root, size and time of change are kept; a document added by hand has none."""
    write(catalog, Document("a", "x", source="/r/a"), "x", stamp=FileStamp("/r", 7, 2**62))
    write(catalog, Document("b", "x"), "x")
    assert catalog.files("/r") == {"a": ("/r/a", 7, 2**62)}
    assert [catalog.owner(id) for id in ("a", "b", "c")] == ["/r", "", None]


def test_failures_by_root(catalog: Catalog) -> None:
    """A root's failures replace its earlier ones; those of one file leave the others alone."""
    catalog.record_failures("/r", {"/r/a": "bad", "/r/b": "bad"})
    catalog.record_failures("/s", {"/s/c": "bad"})
    catalog.record_failures("/r", {}, source="/r/a")
    assert catalog.failures() == {"/r/b": "bad", "/s/c": "bad"}
    catalog.record_failures("/r", {"/r/d": "worse"})
    assert catalog.failures() == {"/r/d": "worse", "/s/c": "bad"}


def test_a_transaction_is_all_or_nothing(catalog: Catalog) -> None:
    """After an error inside, nothing of it is there, and the next one works."""
    write(catalog, Document("a", "x"), "x")
    with pytest.raises(RuntimeError), catalog.transaction():
        catalog.remove(["a"])
        catalog.put("key", "value")
        raise RuntimeError
    assert catalog.document("a").text == "x"
    assert catalog.get("key") is None
    with catalog.transaction():
        catalog.put("key", "value")
    assert catalog.get("key") == "value"


def test_a_closed_catalog_says_so(catalog: Catalog) -> None:
    """Its use is an error of the caller's, no damage."""
    catalog.close()
    with pytest.raises(IndexStateError, match="cannot be used: Cannot operate on a closed"):
        catalog.counts()


def test_it_survives_power_loss(catalog: Catalog) -> None:
    """Every commit is flushed to the disk, by each connection that may write."""
    assert catalog.rows("PRAGMA journal_mode") == [("wal",)]
    again = Catalog(catalog.path)
    for opened in (catalog, again):
        assert opened.rows("PRAGMA synchronous") == [(2,)]
        assert opened.rows("PRAGMA foreign_keys") == [(1,)]
        assert opened.rows("PRAGMA trusted_schema") == [(0,)]
    again.close()


def test_no_catalog(tmp_path: Path) -> None:
    """Opening does not make one unless asked."""
    with pytest.raises(IndexNotFoundError, match="make one with qa index"):
        Catalog(tmp_path / "catalog.sqlite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["empty", "garbage", "truncated", "middle"])
def test_a_damaged_file(catalog: Catalog, damage: str) -> None:
    """A file that is not as SQLite wrote it is named as damaged, with the remedy."""
    for number in range(50):
        write(catalog, Document(str(number), "x" * 1000), "x" * 1000)
    catalog.close()
    data = catalog.path.read_bytes()
    middle = data[: len(data) // 2] + b"\xff" * 5000 + data[len(data) // 2 + 5000 :]
    damaged = {"empty": b"", "garbage": b"x" * 5000, "truncated": data[: len(data) // 2]}
    catalog.path.write_bytes(damaged.get(damage, middle))
    with pytest.raises(IndexDamagedError, match="delete that folder and index the documents again"):
        Catalog(catalog.path)


def test_another_format(catalog: Catalog) -> None:
    """A catalog of a later release is not touched."""
    catalog.put("format", "99")
    catalog.close()
    with pytest.raises(IndexStateError, match="has format 99, not 1"):
        Catalog(catalog.path)


def test_another_program_s_database(tmp_path: Path) -> None:
    """A file of SQLite's that is no catalog is refused and left as it is."""
    path = tmp_path / "catalog.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(IndexStateError):
        Catalog(path, create=True)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]
    other.close()
