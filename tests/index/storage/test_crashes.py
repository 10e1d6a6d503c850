"""Killed, out of disk, damaged or read-only: nothing is lost, and the next sync completes it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import Index
from index.errors import IndexStateError, QAError
from index.sync.sync import Report
from tests.conftest import MOUNTS, ROOT
from tests.index.sync.test_sync import as_nobody
from tests.index.test_index import Counting, flip, truncate

WORDS = [f"w{n}w" for n in range(12)]

# Syncs, each in a process of its own, in which the Nth call of a function that makes something
# lasting ends the process, as kill -9 would, before it (``before``) or after it; or fails, as on a
# full disk. N grows until a sync comes to its end. Each works on a copy of a folder.
SYNC = """
import errno, os, shutil, sqlite3, sys
import faiss, tantivy
from pathlib import Path
import index.index, index.storage.bm25, index.storage.database, index.storage.derived
import index.storage.files, index.sync.health
import index.documents.read, index.text.language, index.sync.pool, index.sync.writer
from index import Index
from tests.index.test_index import Counting

before, work, docs, how = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
index.sync.writer.EMBED_AT_ONCE = 4
index.storage.derived.PUBLISH_SHARE = 1e9
index.storage.derived.SAVE_SECONDS = 0
calls = last = 0

def point(call):
    def counted(*args, **kwargs):
        global calls
        calls += 1
        this = calls  # one may call another
        if this == last and how == "full":
            raise OSError(errno.ENOSPC, "No space left on device")
        if this == last and how == "before":
            os._exit(9)
        result = call(*args, **kwargs)
        if this == last and how == "after":
            os._exit(9)
        return result
    return counted

class Connection(sqlite3.Connection):
    def execute(self, sql, *values):
        run = super().execute
        if sql.startswith(("COMMIT", "BEGIN", "INSERT INTO meta")):
            if how == "full":
                def run(*args):
                    point(lambda: None)()
                    return super(Connection, self).execute(*args)
            else:
                run = point(run)
        try:
            return run(sql, *values)
        except OSError as exc:
            raise sqlite3.OperationalError("database or disk is full") from exc

connect = sqlite3.connect
sqlite3.connect = lambda *args, **kwargs: connect(*args, factory=Connection, **kwargs)
os.fsync = point(os.fsync)
os.replace = point(os.replace)
Path.replace = point(Path.replace)
Path.unlink = point(Path.unlink)
index.storage.bm25.Lexical.update = point(index.storage.bm25.Lexical.update)
index.storage.bm25.Lexical.make = point(index.storage.bm25.Lexical.make)

status = 1
while status:
    last += 1
    folder = work / str(last)
    if before.exists():
        shutil.copytree(before, folder)
    child = os.fork()
    if not child:
        try:
            with Index.open(folder, create=True, model=Counting()) as opened:
                opened.sync(docs)
        except Exception as exc:
            print(exc.__class__.__module__, exc.__class__.__name__, file=open(f"{folder}.txt", "w"))
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(status, flush=True)
"""


def run(before: Path, work: Path, docs: Path, how: str) -> list[Path]:
    """Syncs that end at each publication point, and the copies of ``before`` that they left."""
    work.mkdir()
    result = subprocess.run(
        [sys.executable, "-c", SYNC, str(before), str(work), str(docs), how],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    *ended, last = map(int, result.stdout.split())
    assert last == 0
    assert set(ended) == {1 if how == "full" else 9}
    return [work / str(point) for point in range(1, len(ended) + 1)]


def write(docs: Path, names: dict[str, str]) -> None:
    docs.mkdir(exist_ok=True)
    for name, text in names.items():
        (docs / name).write_text(text)


def content(index: Index) -> list[tuple[object, ...]]:
    """Every passage with its document, offsets and vector, as the catalog has it."""
    rows = index.catalog.rows(
        "SELECT d.id, d.text, d.title, d.hash, p.start, p.end, p.text, p.paragraph, p.language,"
        " p.context, p.vector FROM passages p JOIN documents d ON d.number = p.document"
        " ORDER BY d.id, p.start"
    )
    return [tuple(row) for row in rows]


def found(index: Index, word: str) -> set[str]:
    """The documents that have a word, by the lexical store."""
    return {
        one.passage.document_id for one in index.candidates(word, k=1000) if one.lexical is not None
    }


def check(index: Index) -> None:
    """What a search brings up is exactly what the catalog has, in both stores."""
    passages = index.catalog.passages(index.catalog.passage_ids().tolist())
    candidates = index.candidates("texto", k=1000)
    assert {one.id: one.passage for one in candidates} == passages
    for word in WORDS:
        assert found(index, word) == {
            one.document_id for one in passages.values() if word in one.text
        }


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    write(folder, {f"d{n:02}.txt": f"El texto de la palabra {WORDS[n]}." for n in range(10)})
    return folder


@pytest.fixture
def before(tmp_path: Path, docs: Path) -> Path:
    """An index of the folder, which has changed since in each way that a folder can."""
    folder = tmp_path / "before"
    with Index.open(folder, create=True, model=Counting()) as index:
        assert len(index.sync(docs).added) == 10
    write(docs, {"d01.txt": f"Otro texto de {WORDS[10]}.", "nuevo.txt": f"Texto de {WORDS[11]}."})
    (docs / "d02.txt").unlink()
    (docs / "d03.txt").rename(docs / "m03.txt")
    return folder


def fresh(tmp_path: Path, docs: Path) -> list[tuple[object, ...]]:
    with Index.open(tmp_path / "fresh", create=True, model=Counting()) as index:
        index.sync(docs)
        return content(index)


def complete(folder: Path, docs: Path, expected: list[tuple[object, ...]]) -> Report:
    """Open what a crash left: it can be searched, and a sync makes it equal to a fresh index."""
    with Index.open(folder, create=True, model=Counting()) as index:
        check(index)
        report = index.sync(docs)
        check(index)
        assert content(index) == expected
        assert index.verify().problems == []
    assert not list(folder.glob("*.tmp"))
    assert len(list(folder.glob("vectors-*"))) <= 1
    return report


# What is there before a point is nearly what was there after the one before it.
@pytest.mark.parametrize("how", [pytest.param("before", marks=pytest.mark.slow), "after"])
def test_killed_at_every_publication_point(
    tmp_path: Path, docs: Path, before: Path, how: str
) -> None:
    """Whichever commit, rename, flush or removal is the last: searches work, nothing is lost."""
    expected = fresh(tmp_path, docs)
    left = run(before, tmp_path / "left", docs, how)
    assert len(left) > 20
    for folder in left:
        complete(folder, docs, expected)


def test_killed_while_the_index_is_made(tmp_path: Path, docs: Path) -> None:
    """The same from the first moment on: what is there can be completed."""
    expected = fresh(tmp_path, docs)
    left = run(tmp_path / "none", tmp_path / "new", docs, "after")
    assert len(left) > 10
    for folder in left:
        complete(folder, docs, expected)


def test_a_disk_that_fills(tmp_path: Path, docs: Path, before: Path) -> None:
    """Whichever write fails, the error is one of ours, and the next sync completes it."""
    expected = fresh(tmp_path, docs)
    left = run(before, tmp_path / "full", docs, "full")
    assert len(left) > 20
    for folder in left:
        said = folder.with_suffix(".txt").read_text()
        assert said == "index.errors IndexStateError\n"
        complete(folder, docs, expected)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one and a half megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(disk)]
    try:
        if subprocess.run(command, check=False, capture_output=True).returncode:
            pytest.skip(MOUNTS)
    except FileNotFoundError:
        pytest.skip(MOUNTS)
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_real_disk_that_fills(tmp_path: Path, docs: Path, small_disk: Path) -> None:
    """A full file system is said in one sentence; searches work; with room, the sync completes."""
    folder = small_disk / "index"
    with Index.open(folder, create=True, model=Counting()) as index:
        index.sync(docs)
        room = small_disk / "room"
        size = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        room.write_bytes(bytes(max(0, size - 100_000)))
        many = {f"x{n}.txt": f"Más texto de {n}. " * 200 for n in range(100)}
        write(docs, many)
        with pytest.raises(IndexStateError, match=r"cannot be (used|written)|damaged or cannot"):
            index.sync(docs)
        assert found(index, WORDS[1]) == {"d01.txt"}
        for name in many:
            (docs / name).unlink()
    with Index.open(folder, model=Counting()) as again:
        assert found(again, WORDS[1]) == {"d01.txt"}
        room.unlink()
        again.sync(docs)
        assert content(again) == fresh(tmp_path, docs)
        check(again)


# Derived files


def damaged(folder: Path) -> list[Path]:
    """The files that are derived from the catalog."""
    lexical = [path for path in (folder / "lexical").iterdir() if path.suffix != ".lock"]
    return [*folder.glob("vectors-*.faiss"), *lexical]


@pytest.mark.parametrize(
    "damage", [flip, truncate, Path.unlink, lambda path: path.write_bytes(b"")]
)
def test_every_derived_file(tmp_path: Path, docs: Path, damage: Callable[[Path], object]) -> None:
    """Whichever is damaged or lost: verify names it, searches are right, and it is made again."""
    expected = fresh(tmp_path, docs)
    whole = tmp_path / "fresh"
    for number, path in enumerate(damaged(whole)):
        folder = shutil.copytree(whole, tmp_path / f"damaged{number}")
        damage(folder / path.relative_to(whole))
        quiet = path.name in (".managed.json", "meta.json") and damage is flip
        with Index.open(folder, model=Counting()) as index:
            problems = index.verify().problems
            assert problems or quiet or path.name == ".managed.json", path
            check(index)
        complete(folder, docs, expected)
        shutil.rmtree(folder)


@pytest.mark.parametrize("damage", [flip, truncate, Path.unlink])
def test_an_unchanged_folder_mends(
    tmp_path: Path, docs: Path, damage: Callable[[Path], object]
) -> None:
    """A sync that finds nothing to do makes damaged files again; else it loads no vectors."""
    fresh(tmp_path, docs)
    whole = tmp_path / "fresh"
    with Index.open(whole, model=Counting()) as index:
        assert len(index.sync(docs).unchanged) == 10
        assert index._opened.stores.vectors is None  # a large file, read for nothing
    for number, path in enumerate(damaged(whole)):
        folder = shutil.copytree(whole, tmp_path / f"damaged{number}")
        damage(folder / path.relative_to(whole))
        with Index.open(folder, model=Counting()) as index:
            index.sync(docs)
            assert index.verify().problems == []
            check(index)
        shutil.rmtree(folder)


def test_a_flipped_byte_in_the_catalog(tmp_path: Path, docs: Path) -> None:
    """Verify says so, whether it is one of a text or of a vector."""
    fresh(tmp_path, docs)
    catalog = tmp_path / "fresh" / "catalog.sqlite"
    data = catalog.read_bytes()
    with Index.open(tmp_path / "fresh", model=Counting()) as index:
        vectors = [row[0] for row in index.catalog.rows("SELECT vector FROM passages")]
    for needle in (b"la palabra w3w", vectors[5], vectors[7]):
        place = data.index(needle) + 5
        catalog.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with Index.open(tmp_path / "fresh", model=Counting()) as index:
            assert index.verify().problems
    catalog.write_bytes(data)
    with Index.open(tmp_path / "fresh", model=Counting()) as index:
        assert index.verify().problems == []


# Folders to be read only


@pytest.fixture
def docs_of_all(tmp_path_factory: pytest.TempPathFactory, docs: Path) -> Path:
    """The documents where anybody may read them."""
    base = tmp_path_factory.mktemp("rights")
    shutil.copytree(docs, base / "docs")
    for path in (base, *base.parents):
        if "pytest-of-" in str(path):
            path.chmod(0o755)
    return base / "docs"


@pytest.fixture
def read_only(docs_of_all: Path) -> Path:
    """An index in a folder that its reader may not write."""
    folder = docs_of_all.parent / "index"
    with Index.open(folder, create=True, model=Counting()) as index:
        index.sync(docs_of_all)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def test_a_folder_to_be_read_only(read_only: Path) -> None:
    """It is searched and verified; writing is refused with the reason."""
    with as_nobody(), Index.open(read_only, model=Counting()) as index:
        check(index)
        assert found(index, WORDS[3]) == {"d03.txt"}
        with pytest.raises(IndexStateError, match="cannot be written"):
            index.remove(["d03.txt"])
        assert index.verify().problems == []
        assert found(index, WORDS[3]) == {"d03.txt"}


def test_an_earlier_format_in_a_folder_to_be_read_only(read_only: Path) -> None:
    """An index of format 2, whose passages have no roles, is searched as it is."""
    catalog = read_only / "catalog.sqlite"
    with sqlite3.connect(catalog) as db:
        for column in ("role", "blocks", "header"):
            db.execute(f"ALTER TABLE passages DROP COLUMN {column}")
        db.execute("DROP INDEX documents_by_container")
        columns = "blocks page_labels page_confidences notices reading container"
        for column in columns.split():
            db.execute(f"ALTER TABLE documents DROP COLUMN {column}")
        db.execute("UPDATE meta SET value = '2' WHERE key = 'format'")
    db.close()
    before = catalog.read_bytes()
    with as_nobody(), Index.open(read_only, model=Counting()) as index:
        check(index)
        assert index.verify().problems == []
        with pytest.raises(IndexStateError, match="cannot be written"):
            index.remove(["d03.txt"])
    assert catalog.read_bytes() == before
    with Index.open(read_only, model=Counting()) as index:
        assert index.verify().problems == []
        assert index.remove(["d03.txt"]) == 1


def test_damage_in_a_folder_to_be_read_only(read_only: Path) -> None:
    """What the derived files lack is made in memory, and searches are right."""
    flip(next(read_only.glob("vectors-*.faiss")))
    shutil.rmtree(read_only / "lexical")
    before = sorted(read_only.rglob("*"))
    with as_nobody(), Index.open(read_only, model=Counting()) as index:
        check(index)
        assert len(index.verify().problems) >= 2
    assert sorted(read_only.rglob("*")) == before


def test_somebody_else_writes_a_folder_to_be_read_only(read_only: Path, docs: Path) -> None:
    """A reader without the right to write sees what its owner writes."""
    with as_nobody():
        reader = Index.open(read_only, model=Counting())
        assert found(reader, WORDS[3]) == {"d03.txt"}
    write(docs, {"nuevo.txt": f"Texto de {WORDS[11]}."})
    with Index.open(read_only, model=Counting()) as owner:
        owner.sync(docs)
    for path in read_only.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    with as_nobody():
        assert found(reader, WORDS[11]) == {"nuevo.txt"}
        reader.close()


@pytest.mark.skipif(os.geteuid() != 0, reason=MOUNTS)
def test_a_read_only_mount(tmp_path: Path, read_only: Path) -> None:
    """A file system that is mounted read-only is searched by root as well."""
    mount = tmp_path / "mount"
    mount.mkdir()
    if subprocess.run(["mount", "--bind", read_only, mount], check=False).returncode:
        pytest.skip(MOUNTS)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", mount], check=True)
        with Index.open(mount, model=Counting()) as index:
            check(index)
            with pytest.raises(QAError, match=r"cannot be written|cannot be used"):
                index.remove(["d01.txt"])
    finally:
        subprocess.run(["umount", "--lazy", mount], check=True)
