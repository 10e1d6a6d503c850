"""What the catalog records of the files that were made from it."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.storage.catalog import Catalog, SqliteCatalog
from index.storage.files import checksum
from index.storage.published import (
    PassagesState,
    PublishedVectors,
    PublishedWords,
    delete_unpublished,
)
from index.storage.vectors.choice import build
from index.storage.vectors.faiss import FaissStore
from index.types import Document, Passage


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = SqliteCatalog(tmp_path / "catalog.sqlite", create=True)
    opened.put("dimensions", "2")
    opened.put("generation", "7")
    passages = [Passage("a", n, n + 1, text, 1) for n, text in enumerate("xyz")]
    opened.add(Document("a", "xyz"), passages, np.eye(3, 2, dtype=np.float32))
    yield opened
    opened.close()


def test_nothing_is_published(catalog: Catalog) -> None:
    """No file of vectors; and words whose state is that of no catalog, not even an empty one."""
    assert PublishedVectors.of(catalog) is None
    assert PublishedWords.of(catalog).files == {}
    catalog.remove(["a"])
    assert PublishedWords.of(catalog).state != catalog.state()


def test_published_vectors(catalog: Catalog) -> None:
    """The file holds the catalog's vectors and is named by generation and kind; the record says
    what is in it, under the keys that earlier releases read."""
    written = PublishedVectors.write(catalog, build(catalog))
    path = catalog.folder / "vectors-7-0.faiss"
    assert written == PublishedVectors(path.name, checksum(path), PassagesState(3, 3), 0)
    assert FaissStore.load(path, 2).ids().tolist() == [1, 2, 3]
    assert PublishedVectors.of(catalog) is None  # not before it is recorded
    written.record(catalog)
    assert PublishedVectors.of(catalog) == written
    assert written.state == catalog.state()
    assert json.loads(catalog.get("vectors") or "") == {
        "file": path.name,
        "checksum": checksum(path),
        "state": [3, 3],
        "fitted": 0,
        "layout": 2,
        "least_similarity": -1.0,
    }
    PublishedVectors.withdraw(catalog)
    assert PublishedVectors.of(catalog) is None


@pytest.mark.parametrize(
    ("recorded", "published"),
    [
        ({"file": "vectors-1-0.faiss", "sha256": "00"}, None),
        (
            {"file": "vectors-1-9.faiss", "checksum": "00", "state": [4, 9], "fitted": 9},
            PublishedVectors("vectors-1-9.faiss", "00", PassagesState(4, 9), 9, 1),
        ),
    ],
    ids=["of format 1", "of format 2"],
)
def test_a_record_of_an_earlier_release(
    catalog: Catalog, recorded: dict[str, object], published: PublishedVectors | None
) -> None:
    """One with another kind of checksum is taken for none: the file is made again."""
    catalog.put("vectors", json.dumps(recorded))
    assert PublishedVectors.of(catalog) == published


def test_published_words(catalog: Catalog) -> None:
    """They come back as they were recorded, and are forgotten when they are withdrawn."""
    words = PublishedWords({"a.idx": "01", "a.pos": "02"}, PassagesState(*catalog.state()))
    words.record(catalog)
    assert PublishedWords.of(catalog) == words
    assert words.state == catalog.state()
    PublishedWords.withdraw(catalog)
    assert PublishedWords.of(catalog) == PublishedWords()


def test_only_the_published_file_is_kept(catalog: Catalog) -> None:
    """Others and what an interrupted writer left are deleted; all of them, if none is published."""
    published = PublishedVectors.write(catalog, build(catalog))
    published.record(catalog)
    others = [catalog.folder / name for name in ("vectors-6-0.faiss", "vectors-7-0.faiss.99.tmp")]
    for path in others:
        path.write_bytes(b"x")
    delete_unpublished(catalog)
    assert [path.name for path in catalog.folder.glob("vectors-*")] == [published.file]
    PublishedVectors.withdraw(catalog)
    delete_unpublished(catalog)
    assert list(catalog.folder.glob("vectors-*")) == []
