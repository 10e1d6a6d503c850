"""What an index says of itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Document, Index
from index.sync.health import Health
from tests.files import pdf
from tests.index.sync.test_sync import long, write
from tests.index.test_index import Counting


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", create=True, model=Counting()) as opened:
        yield opened


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    write(folder / "a.txt", long("uno"))
    write(folder / "b.pdf", pdf([["El canciller viajó."], [""], ["La comisión se reunió."]]))
    return folder


def wrong(health: Health) -> dict[str, object]:
    """What is not as it should be."""
    names = ("failed", "changed", "new", "gone", "moved", "unpublished", "interrupted")
    return {name: value for name in names if (value := getattr(health, name))}


def test_an_index_in_step(index: Index, docs: Path) -> None:
    """Nothing is wrong; pages without text are named, as are the folders and when."""
    index.sync(docs)
    health = index.health()
    assert wrong(health) == {}
    assert (health.documents, health.passages) == index.catalog.counts()
    assert health.empty_pages == {"b.pdf": [2]}
    assert list(health.folders) == [str(docs)]
    assert health.folders[str(docs)].endswith("+00:00")
    assert health.size > 10_000


def test_documents_by_hand_and_single_files(index: Index, docs: Path) -> None:
    """A document without a file cannot change; a file that was named alone can, and its folder's
    others are not new."""
    index.add([Document("memo", "Un memorando.")])
    index.sync(docs / "a.txt")
    assert wrong(index.health()) == {}
    write(docs / "a.txt", long("dos"))
    assert wrong(index.health()) == {"changed": [str(docs / "a.txt")]}
    (docs / "a.txt").unlink()
    assert wrong(index.health()) == {"gone": [str(docs / "a.txt")]}
    assert index.verify().problems == [f"{docs}/a.txt: is gone; run qa index on it again."]


def test_a_folder_that_is_gone(index: Index, docs: Path) -> None:
    """It is named, and so are its files."""
    index.sync(docs)
    docs.rename(docs.parent / "elsewhere")
    assert sorted(index.health().gone) == [str(docs / "a.txt"), str(docs / "b.pdf")]
    assert index.verify().problems[0].startswith(f"{docs}: the folder is not there")


def test_what_is_not_published(index: Index, docs: Path) -> None:
    """Passages that a killed writer left in the catalog alone are counted, and verify says so."""
    index.sync(docs)
    with index.catalog.transaction():
        split = list(index.catalog.passages([1]).values())
        (vectors,) = [block for _, block in index.catalog.vectors([1])]
        index.catalog.add(Document("new", split[0].text), split, vectors)
    assert wrong(index.health()) == {"unpublished": 1}
    problems = index.verify().problems
    assert any("faiss lacks 1 passages" in problem for problem in problems)
    assert any("lexical lacks 1 passages" in problem for problem in problems)
    with Index.open(index.path, model=Counting()) as other:
        other.candidates("uno")
        assert other.verify().problems == []


def test_what_was_deleted_and_is_left_in_a_store(index: Index, docs: Path) -> None:
    """Verify finds it, by id, in each of them."""
    index.sync(docs)
    with index.catalog.transaction():
        index.catalog.remove(["a.txt"])
    problems = index.verify().problems
    assert any("faiss holds 1 passages of documents that are gone" in one for one in problems)
    assert any("lexical holds 1 passages of documents that are gone" in one for one in problems)
    assert any("a.txt: is not indexed" in one for one in problems)


def test_other_bytes_at_the_same_time(index: Index, docs: Path) -> None:
    """Verify reads every file: a change that neither size nor time shows is found."""
    import os

    os.utime(docs / "a.txt", ns=(0, 0))
    index.sync(docs)
    write(docs / "a.txt", long("dos"))
    os.utime(docs / "a.txt", ns=(0, 0))
    assert wrong(index.health()) == {}
    assert index.verify().problems == [
        f"{docs}/a.txt: has other bytes than were indexed; run qa index on it again."
    ]
