"""The catalog: what is written comes back, whole or not at all."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import IndexDamagedError, IndexNotFoundError, IndexStateError
from index.storage.catalog import (
    Catalog,
    DocumentInfo,
    FileStamp,
    IndexedFile,
    Origin,
    SqliteCatalog,
)
from index.storage.opening import Place, open_catalog
from index.storage.postgres.address import Address
from index.text.hashing import content_hash, text_digest
from index.types import Block, BlockRole, Document, Notice, NoticeKind, Passage, Role
from tests.conftest import ROOT

TEXT = st.text(max_size=40)  # any characters that can be encoded, NUL included
NAME = st.text(min_size=1, max_size=20)
OFFSETS = st.lists(st.integers(0, 10**9), max_size=4).map(tuple)


@pytest.fixture(params=["file", "server"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    """A catalog in a file, and one on a server."""
    if request.param == "file":
        place: Place = tmp_path
    else:
        place = Address.parse(request.getfixturevalue("postgres").address())
    opened = open_catalog(place, create=True)
    yield opened
    opened.close()


@pytest.fixture
def in_file(tmp_path: Path) -> Iterator[SqliteCatalog]:
    """A catalog in a file."""
    opened = SqliteCatalog(tmp_path / "catalog.sqlite", create=True)
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
    role=st.sampled_from(Role),
)


@given(document=DOCUMENTS, passages=st.lists(PASSAGES, max_size=4))
def test_round_trip(document: Document, passages: list[Passage]) -> None:
    """Documents and passages come back as they were given, each field and each character."""
    from dataclasses import replace

    passages = [replace(one, document_id=document.id) for one in passages]
    vectors = np.zeros((len(passages), 2), dtype=np.float32)
    catalog = SqliteCatalog(Path(":memory:"), create=True)
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
    catalog = SqliteCatalog(Path(":memory:"), create=True)
    catalog.add(Document("a", "x"), [passage("a", "x")], np.array([values], dtype=np.float32))
    ((ids, block),) = catalog.vectors([1])
    assert (ids.tolist(), block.tolist()) == ([1], [values])
    digest = text_digest("x")
    known = catalog.known_vectors([digest, text_digest("y")])
    assert {key: row.tolist() for key, row in known.items()} == {digest: values}
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
    write(catalog, Document("a", "x y", metadata={"date": "2025-09-03"}), "x", "y")
    assert catalog.documents() == [
        DocumentInfo("a", None, None, None, 2, "2025-09-03", content_hash("x y")),
        DocumentInfo("b", "B", "b.txt", "en", 1, None, content_hash("z")),
    ]
    assert catalog.origins(["a", "b", "c"]) == {
        "a": Origin(None, None, "2025-09-03", content_hash("x y"), metadata={"date": "2025-09-03"}),
        "b": Origin("B", "b.txt", None, content_hash("z"), language="en"),
    }
    assert content_hash("z") == "594e519ae499312b29433b7dd8a97ff068defcba9755b6d5d00e84c524d67b06"
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
    stamp = FileStamp("/r", 7, 2**62, "abc")
    write(catalog, Document("a", "x", title="A", source="/r/a"), "x", stamp=stamp)
    write(catalog, Document("b", "x", source="/r/b"), "x")
    known = IndexedFile("a", "/r/a", "A", stamp)
    assert catalog.files("/r") == catalog.files("/r/a") == catalog.files("/") == [known]
    assert [catalog.owner(id) for id in ("a", "b", "c")] == ["/r", "", None]


def test_files_of_a_folder(catalog: Catalog) -> None:
    """Those in it at any depth, and none of a folder whose name only begins alike."""
    for source in ("/r/a", "/r/b/c", "/r2", "/r-/d", "/r.txt"):
        document = Document(source, "x", source=source)
        write(catalog, document, "x", stamp=FileStamp("/", 1, 1))
    assert sorted(known.id for known in catalog.files("/r")) == ["/r/a", "/r/b/c"]
    assert len(catalog.files("/")) == 5


def test_a_moved_document(catalog: Catalog) -> None:
    """It has its new name and place; its text and passages are those that it had."""
    write(catalog, Document("a", "x y", title="A", source="/r/a"), "x", "y")
    catalog.move("a", "b/c", "/r/b/c", FileStamp("/r", 3, 4, "h"))
    assert catalog.document("b/c") == Document("b/c", "x y", title="A", source="/r/b/c")
    assert catalog.passages([1, 2])[2].document_id == "b/c"
    assert catalog.files("/r")[0].stamp == FileStamp("/r", 3, 4, "h")


def test_vectors_outlive_their_document_until_forgotten(catalog: Catalog) -> None:
    """Vectors that are kept are known by the digest of their text until they are forgotten."""
    write(catalog, Document("a", "x y"), "x", "y")
    catalog.keep_vectors_of("a")
    catalog.keep_vectors({text_digest("z"): np.full(4, 3.5, np.float32)})
    catalog.remove(["a"])
    digests = [text_digest(text) for text in ("x", "y", "z", "w")]
    known = catalog.known_vectors(digests)
    assert [known[one].tolist() for one in digests[:3]] == [[0.5] * 4, [1.5] * 4, [3.5] * 4]
    assert len(known) == 3
    assert catalog.has_kept_vectors()
    catalog.forget_kept_vectors()
    assert catalog.known_vectors(digests) == {}
    assert not catalog.has_kept_vectors()


def test_problems_by_folder(catalog: Catalog) -> None:
    """A folder's problems replace its earlier ones; those of one file leave the others alone."""
    catalog.record_problems("/r", {"/r/a": "bad", "/r/b": "bad"}, {"/r/p.jpg": "picture"})
    catalog.record_problems("/s", {"/s/c": "bad"}, {})
    catalog.record_problems("/r/a", {}, {})
    assert catalog.failures() == {"/r/b": "bad", "/s/c": "bad"}
    assert catalog.skipped() == {"/r/p.jpg": "picture"}
    catalog.record_problems("/r", {"/r/d": "worse"}, {})
    assert catalog.failures() == {"/r/d": "worse", "/s/c": "bad"}
    assert catalog.skipped() == {}


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
    with pytest.raises(IndexStateError, match="closed"):
        catalog.counts()


def test_it_survives_power_loss(in_file: SqliteCatalog) -> None:
    """Every commit is flushed to the disk, by each connection that may write."""
    assert in_file.rows("PRAGMA journal_mode") == [("wal",)]
    again = SqliteCatalog(in_file.path)
    for opened in (in_file, again):
        assert opened.rows("PRAGMA synchronous") == [(2,)]
        assert opened.rows("PRAGMA foreign_keys") == [(1,)]
        assert opened.rows("PRAGMA trusted_schema") == [(0,)]
    again.close()


def test_no_catalog(tmp_path: Path) -> None:
    """Opening does not make one unless asked."""
    with pytest.raises(IndexNotFoundError, match="make one with qa index"):
        SqliteCatalog(tmp_path / "catalog.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file(tmp_path: Path) -> None:
    """It is no catalog yet: another process may be about to make one of it."""
    (tmp_path / "catalog.sqlite").write_bytes(b"")
    with pytest.raises(IndexNotFoundError, match="make one with qa index"):
        SqliteCatalog(tmp_path / "catalog.sqlite")
    SqliteCatalog(tmp_path / "catalog.sqlite", create=True).close()
    SqliteCatalog(tmp_path / "catalog.sqlite").close()


@pytest.mark.parametrize("damage", ["garbage", "truncated", "middle"])
def test_a_damaged_file(in_file: SqliteCatalog, damage: str) -> None:
    """A file that is not as SQLite wrote it is named as damaged, with the remedy."""
    for number in range(50):
        write(in_file, Document(str(number), "x" * 1000), "x" * 1000)
    in_file.close()
    data = in_file.path.read_bytes()
    middle = data[: len(data) // 2] + b"\xff" * 5000 + data[len(data) // 2 + 5000 :]
    damaged = {"garbage": b"x" * 5000, "truncated": data[: len(data) // 2]}
    in_file.path.write_bytes(damaged.get(damage, middle))
    with pytest.raises(IndexDamagedError, match="delete that folder and index the documents again"):
        SqliteCatalog(in_file.path)


def test_another_format(in_file: SqliteCatalog) -> None:
    """A catalog of a later release is not touched."""
    in_file.put("format", "99")
    in_file.close()
    with pytest.raises(IndexStateError, match="has format 99, not 4"):
        SqliteCatalog(in_file.path)


def test_another_program_s_database(tmp_path: Path) -> None:
    """A file of SQLite's that is no catalog is refused and left as it is."""
    path = tmp_path / "catalog.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(IndexStateError):
        SqliteCatalog(path, create=True)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]
    other.close()


# The tables of the releases that wrote formats 1 and 2, with a byline and another passage.
FORMAT_1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL, title TEXT, source TEXT, language TEXT, page_starts TEXT NOT NULL,
    metadata TEXT NOT NULL, root TEXT, size INTEGER, modified INTEGER);
CREATE INDEX documents_by_root ON documents (root);
CREATE TABLE passages (id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, paragraph INTEGER NOT NULL,
    page INTEGER, paragraph_breaks TEXT NOT NULL, page_breaks TEXT NOT NULL, language TEXT,
    context TEXT NOT NULL, vector BLOB NOT NULL);
CREATE INDEX passages_by_document ON passages (document);
CREATE TABLE failures (source TEXT PRIMARY KEY, root TEXT, reason TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('format', '1'), ('identity', 'm');
INSERT INTO documents VALUES (3, 'a', 'x y', 'A', '/r/a', 'es', '[]', '{}', '/r', 7, 8);
INSERT INTO passages VALUES (5, 3, 0, 1, 'x', 1, NULL, '[]', '[]', 'es', 'C', x'0038003c'),
    (6, 3, 2, 3, 'y', 2, NULL, '[]', '[]', 'es', 'Autor, quien escribió el artículo',
     x'0038003c');
INSERT INTO failures VALUES ('/r/b', '/r', 'bad');
"""
FORMAT_2 = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL, title TEXT, source TEXT, language TEXT, page_starts TEXT NOT NULL,
    metadata TEXT NOT NULL, root TEXT, size INTEGER, modified INTEGER,
    hash TEXT NOT NULL DEFAULT '', file_hash TEXT);
CREATE INDEX documents_by_source ON documents (source) WHERE root IS NOT NULL;
CREATE TABLE passages (id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, paragraph INTEGER NOT NULL,
    page INTEGER, paragraph_breaks TEXT NOT NULL, page_breaks TEXT NOT NULL, language TEXT,
    context TEXT NOT NULL, vector BLOB NOT NULL, digest BLOB, crc INTEGER);
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX passages_by_digest ON passages (digest);
CREATE TABLE failures (source TEXT PRIMARY KEY, root TEXT, reason TEXT NOT NULL,
    skipped INTEGER NOT NULL DEFAULT 0, size INTEGER, modified INTEGER) WITHOUT ROWID;
CREATE TABLE spare (digest BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('format', '2'), ('identity', 'm');
INSERT INTO documents VALUES (3, 'a', 'x y', 'A', '/r/a', 'es', '[]', '{{}}', '/r', 7, 8,
    '{content_hash("x y")}', NULL);
INSERT INTO passages VALUES (5, 3, 0, 1, 'x', 1, NULL, '[]', '[]', 'es', 'C', x'0038003c',
    x'{text_digest("C: x").hex()}', {crc32(bytes.fromhex("0038003c"))});
INSERT INTO passages VALUES (6, 3, 2, 3, 'y', 2, NULL, '[]', '[]', 'es',
    'Autor, quien escribió el artículo', x'0038003c',
    x'{text_digest("Autor, quien escribió el artículo: y").hex()}',
    {crc32(bytes.fromhex("0038003c"))});
INSERT INTO failures VALUES ('/r/b', '/r', 'bad', 0, NULL, NULL);
"""
FORMAT_3 = f"""
{FORMAT_2}
ALTER TABLE passages ADD COLUMN role TEXT NOT NULL DEFAULT 'body';
UPDATE passages SET role = 'byline' WHERE id = 6;
UPDATE meta SET value = '3' WHERE key = 'format';
"""
SCRIPTS = {"format 1": FORMAT_1, "format 2": FORMAT_2, "format 3": FORMAT_3}
EARLIER = pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
VIEWED = pytest.mark.parametrize("script", [FORMAT_2, FORMAT_3], ids=["format 2", "format 3"])


@pytest.fixture
def earlier(tmp_path: Path, script: str) -> Path:
    """A catalog as an earlier release left it."""
    path = tmp_path / "earlier" / "catalog.sqlite"
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.executescript(f"PRAGMA journal_mode = WAL; {script}")
    db.close()
    return path


def schema(path: Path) -> set[tuple[str, str]]:
    """Every table with its columns and every index, whatever the order of the columns."""
    with sqlite3.connect(path) as db:
        names = db.execute("SELECT name FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        found = {("", name) for (name,) in names}
        for (name,) in names:
            found |= {(name, str(row[1:])) for row in db.execute(f"PRAGMA table_info({name})")}
    db.close()
    return found


@EARLIER
def test_a_catalog_of_an_earlier_format(earlier: Path, in_file: SqliteCatalog) -> None:
    """It is brought up to date: nothing is lost, and what is new is filled in."""
    old = SqliteCatalog(earlier)
    assert old.document("a") == Document("a", "x y", "A", "/r/a", "es")
    assert old.origins(["a"])["a"].hash == content_hash("x y")
    assert old.passages([5])[5].indexed_text == "C: x"
    assert [one.role for one in old.passages_of("a")] == [Role.BODY, Role.BYLINE]
    assert old.known_vectors([text_digest("C: x")])[text_digest("C: x")].tolist() == [0.5, 1.0]
    assert old.failures() == {"/r/b": "bad"}
    assert (old.get("format"), old.get("identity")) == ("4", "m")
    write(old, Document("b", "z"), "z")
    assert old.passage_ids().tolist() == [5, 6, 7]
    old.close()
    SqliteCatalog(earlier).close()
    in_file.close()
    assert schema(earlier) == schema(in_file.path)


@EARLIER
def test_an_upgrade_that_fails(earlier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalog is as it was, and the next opening brings it up to date."""
    before = schema(earlier)
    with monkeypatch.context() as patched, pytest.raises(IndexStateError):
        # An object that SQLite cannot keep: the last statement fails.
        patched.setattr("index.storage.schema.FORMAT", object())
        SqliteCatalog(earlier)
    assert schema(earlier) == before
    SqliteCatalog(earlier).close()
    assert schema(earlier) != before


# Kills itself when the last value is to be written, before the transaction ends.
KILLED = """
import os, signal, sys
from pathlib import Path
from index.storage import schema
from index.storage.catalog import Catalog, SqliteCatalog

class Deadly:
    def __conform__(self, protocol):
        os.kill(os.getpid(), signal.SIGKILL)

schema.FORMAT = Deadly()
SqliteCatalog(Path(sys.argv[1]))
"""


@EARLIER
def test_killed_amid_an_upgrade(earlier: Path, script: str) -> None:
    """The earlier catalog is whole, also where more was changed than stays in memory."""
    with sqlite3.connect(earlier) as db:
        columns = "id, document, start, end, text, paragraph, paragraph_breaks, page_breaks,"
        db.execute(
            "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
            f" INSERT INTO passages ({columns} context, vector)"
            " SELECT i, 3, 0, 1, hex(zeroblob(2000)), 1, '[]', '[]',"
            " 'Author, who wrote the article', x'0038003c' FROM n"
        )
        if script == FORMAT_3:
            db.execute("UPDATE passages SET role = 'byline' WHERE id >= 10")
        before = list(db.iterdump())
    db.close()
    killed = subprocess.run([sys.executable, "-c", KILLED, earlier], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    with sqlite3.connect(earlier) as db:
        assert list(db.iterdump()) == before
    db.close()
    old = SqliteCatalog(earlier)
    assert old.get("format") == "4"
    assert {one.role for one in old.passages_of("a")} == {Role.BODY, Role.BYLINE}
    assert old.problem(thorough=True) is None
    old.close()


@VIEWED
def test_an_earlier_format_that_may_not_be_written(
    earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read as it is, roles included, and writing is refused."""
    db = sqlite3.connect(earlier)
    db.execute("PRAGMA journal_mode = DELETE")  # no log is left beside it
    db.close()
    before = earlier.read_bytes()
    monkeypatch.setattr("index.storage.sqlite.is_writable", lambda _: False)
    old = SqliteCatalog(earlier)
    assert [one.role for one in old.passages_of("a")] == [Role.BODY, Role.BYLINE]
    assert old.passages([6])[6].role is Role.BYLINE
    assert (old.counts(), old.passage_ids().tolist()) == ((1, 2), [5, 6])
    with pytest.raises(IndexStateError, match="cannot be used"):
        write(old, Document("b", "z"), "z")
    old.close()
    assert earlier.read_bytes() == before


@VIEWED
def test_an_earlier_format_while_somebody_writes(earlier: Path) -> None:
    """It is read at once, roles included; the first write brings it to this format."""
    writer = sqlite3.connect(earlier, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    old = SqliteCatalog(earlier)
    assert (old.get("format") in {"2", "3"}, old.counts()) == (True, (1, 2))
    assert old.document("a") == Document("a", "x y", "A", "/r/a", "es")
    assert [one.role for one in old.passages_of("a")] == [Role.BODY, Role.BYLINE]
    writer.execute("ROLLBACK")
    writer.close()
    write(old, Document("b", "z"), "z")
    assert (old.get("format"), old.counts()) == ("4", (2, 3))
    assert [one.role for one in old.passages_of("a")] == [Role.BODY, Role.BYLINE]
    assert old.problem(thorough=True) is None
    old.close()


def test_the_structure_of_a_document(catalog: Catalog) -> None:
    """Blocks, page labels, confidences and notices come back as they were written."""
    blocks = (
        Block(BlockRole.HEADING, 0, 1, level=2),
        Block(BlockRole.NOTE, 2, 3, mark="1", anchor=0),
        Block(BlockRole.TABLE, 3, 5, header_rows=2, spans=((0, 1, 2, 3), (4, 0, 1, 2))),
        Block(BlockRole.PARAGRAPH, 5, 6),
    )
    document = Document(
        "a",
        "x y z ñ",
        page_starts=(0, 2),
        blocks=blocks,
        page_labels=("iv", "5"),
        page_confidences=(None, 0.5),
        notices=(Notice(NoticeKind.HIDDEN, "2 hidden rows are left out"),),
    )
    one = replace(passage("a", "x"), blocks=blocks[1:2], header="A\tB")
    catalog.add(document, [one], np.zeros((1, 2), np.float32))
    assert catalog.document("a") == document
    assert catalog.passages_of("a") == [one]
    assert catalog.notices() == {"a": document.notices}
    origin = catalog.origins(["a"])["a"]
    assert (origin.page_labels, origin.page_confidences) == (("iv", "5"), (None, 0.5))


@pytest.mark.parametrize("role", list(Role))
def test_the_role_of_a_passage(catalog: Catalog, role: Role) -> None:
    """It is kept; one that this release does not know is read as a part of the text."""
    one = passage("a", "x", role=role)
    catalog.add(Document("a", "x"), [one], np.zeros((1, 2), np.float32))
    assert catalog.passages_of("a") == list(catalog.passages([1]).values()) == [one]
    catalog.execute("UPDATE passages SET role = 'unknown'")
    assert catalog.passages_of("a")[0].role is Role.BODY
