"""Vectors in mapped files: always what the catalog has, whatever has become of the files."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks.letters import Letters
from index import Document, Index
from index.storage.catalog import Catalog, SqliteCatalog
from index.storage.mapped import MappedVectors
from index.storage.published import PublishedVectors
from index.storage.vector_replica import VectorReplica
from index.storage.vectors import choice
from index.types import Passage

DIMENSIONS = 12


def fill(catalog: Catalog, *ids: str) -> None:
    """Add documents, each with three passages and vectors of its own."""
    for id in ids:
        vectors = np.random.default_rng(abs(hash(id)) % 2**32).normal(size=(3, DIMENSIONS))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        text = f"{id} uno. {id} dos. {id} tres."
        part = len(text) // 3
        passages = [
            Passage(id, n * part, n * part + part, text[n * part : n * part + part], n)
            for n in range(3)
        ]
        with catalog.transaction():
            catalog.remove([id])
            catalog.add(Document(id, text), passages, vectors.astype(np.float32))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqliteCatalog]:
    opened = SqliteCatalog(tmp_path / "catalog.sqlite", create=True)
    opened.put("dimensions", str(DIMENSIONS))
    opened.put("identity", "letters")
    opened.put("generation", "1")
    yield opened
    opened.close()


def agree(mapped: MappedVectors, catalog: Catalog, *, from_files: bool = True) -> None:
    """Each vector of the catalog is given, bit by bit; where the files have all, from there."""
    ids = catalog.passage_ids()
    some = np.concatenate([ids, [10**6]])  # an id that there is not
    found = {id: row for held, block in mapped(some) for id, row in zip(held, block, strict=True)}
    kept = {
        id: row for held, block in catalog.vectors(ids) for id, row in zip(held, block, strict=True)
    }
    assert found.keys() == kept.keys()
    assert all(np.array_equal(found[id], kept[id]) for id in kept)
    if from_files and len(ids):
        (held, _), *others = mapped(ids)
        assert held.tolist() == ids.tolist()
        assert not others


def names(catalog: SqliteCatalog) -> list[str]:
    return sorted(path.name for path in catalog.folder.glob("rows-*"))


def test_they_follow_the_catalog(catalog: SqliteCatalog) -> None:
    """What is new is added at the end, what is gone is overwritten; then they are written anew."""
    mapped = MappedVectors(catalog)
    assert not mapped.is_saved()
    fill(catalog, "a", "b", "c")
    agree(mapped, catalog, from_files=False)
    mapped.save(catalog.passage_ids())
    assert mapped.is_saved()
    assert names(catalog) == ["rows-1-0.f16", "rows-1-0.ids"]
    agree(mapped, catalog)
    fill(catalog, "d")
    assert not mapped.is_saved()
    agree(mapped, catalog, from_files=False)
    mapped.save(catalog.passage_ids())
    agree(mapped, catalog)
    gone = catalog.passage_ids()[:3]
    (_, before), *_ = catalog.vectors(gone)
    catalog.remove(["a"])
    mapped.save(catalog.passage_ids())
    agree(mapped, catalog)
    assert list(mapped.problems()) == []
    data = (catalog.folder / "rows-1-0.f16").read_bytes()
    assert all(row.astype(np.float16).tobytes() not in data for row in before)
    assert len(data) == 4 * 3 * DIMENSIONS * 2
    catalog.remove(["b", "c"])  # of the rows, most are gone
    catalog.put("generation", "2")
    mapped.save(catalog.passage_ids())
    assert names(catalog) == ["rows-2-0.f16", "rows-2-0.ids"]
    agree(mapped, catalog)
    mapped.delete()
    assert names(catalog) == []
    agree(mapped, catalog, from_files=False)


def test_another_one_sees_them_when_it_opens_them(catalog: SqliteCatalog) -> None:
    """Until then it reads what it has not, and what is gone is not given."""
    writer, reader = MappedVectors(catalog), MappedVectors(catalog)
    fill(catalog, "a", "b")
    writer.save(catalog.passage_ids())
    reader.open()
    agree(reader, catalog)
    fill(catalog, "c")
    catalog.remove(["a"])
    writer.save(catalog.passage_ids())
    agree(reader, catalog, from_files=False)
    reader.open()
    agree(reader, catalog)


def test_a_catalog_put_back_from_a_copy(catalog: SqliteCatalog, tmp_path: Path) -> None:
    """What was added to the files since then counts for nothing; its ids may come again."""
    fill(catalog, "a", "b")
    MappedVectors(catalog).save(catalog.passage_ids())
    backup = tmp_path / "backup"
    catalog.execute("VACUUM INTO ?", [str(backup)])
    fill(catalog, "lost")
    catalog.remove(["b"])
    MappedVectors(catalog).save(catalog.passage_ids())
    catalog.close()
    for path in tmp_path.glob("catalog.sqlite*"):
        path.unlink()
    shutil.move(backup, tmp_path / "catalog.sqlite")
    again = SqliteCatalog(tmp_path / "catalog.sqlite")
    mapped = MappedVectors(again)
    mapped.open()
    agree(mapped, again, from_files=False)
    fill(again, "other")
    agree(mapped, again, from_files=False)
    mapped.save(again.passage_ids())
    agree(mapped, again, from_files=False)
    assert list(mapped.problems()) == []
    again.close()


def _shorten(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def _other(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-8:] = np.arange(4, dtype=np.float16).tobytes()
    path.write_bytes(data)


@pytest.mark.parametrize("suffix", ["f16", "ids"])
@pytest.mark.parametrize("harm", [Path.unlink, _shorten, _other])
def test_files_that_were_harmed_are_not_used(
    catalog: SqliteCatalog, suffix: str, harm: Callable[[Path], None]
) -> None:
    """All is read from the catalog; it is said, and the next writer makes them anew."""
    fill(catalog, "a", "b")
    MappedVectors(catalog).save(catalog.passage_ids())
    harm(catalog.folder / f"rows-1-0.{suffix}")
    mapped = MappedVectors(catalog)
    mapped.open()
    agree(mapped, catalog, from_files=False)
    assert not mapped.is_saved()
    assert list(mapped.problems()) == ["rows-1-0.f16 is not what was written"]
    mapped.save(catalog.passage_ids())
    assert mapped.is_saved()
    assert list(mapped.problems()) == []
    agree(mapped, catalog)


def test_every_row_is_proved(catalog: SqliteCatalog) -> None:
    """A row of many that is another one's is found by looking at all."""
    fill(catalog, *map(str, range(40)))
    mapped = MappedVectors(catalog)
    mapped.save(catalog.passage_ids())
    path = catalog.folder / "rows-1-0.f16"
    rows = np.fromfile(path, np.float16).reshape(-1, DIMENSIONS)
    rows[3] = rows[4]
    rows.tofile(path)
    assert list(mapped.problems()) == ["rows-1-0.f16 holds other vectors than the catalog"]


def test_those_of_other_weights_are_not_used(catalog: SqliteCatalog) -> None:
    """An earlier release, which does not know the files, may have made the vectors anew."""
    fill(catalog, "a")
    MappedVectors(catalog).save(catalog.passage_ids())
    catalog.put("identity", "other")
    vectors = np.eye(3, DIMENSIONS, dtype=np.float16)
    for id, vector in zip(catalog.passage_ids().tolist(), vectors, strict=True):
        catalog.execute("UPDATE passages SET vector = ? WHERE id = ?", [vector.tobytes(), id])
    mapped = MappedVectors(catalog)
    mapped.open()
    agree(mapped, catalog, from_files=False)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["add", "remove", "save", "open"]), st.integers(0, 5)),
        max_size=25,
    )
)
def test_any_history(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """Whatever was added, removed, saved and opened, each vector is the catalog's."""
    catalog = SqliteCatalog(tmp_path_factory.mktemp("any") / "catalog.sqlite", create=True)
    catalog.put("dimensions", str(DIMENSIONS))
    catalog.put("identity", "letters")
    writer, reader = MappedVectors(catalog), MappedVectors(catalog)
    for step, number in steps:
        match step:
            case "add":
                fill(catalog, str(number))
            case "remove":
                catalog.remove([str(number)])
            case "save":
                writer.save(catalog.passage_ids())
                agree(writer, catalog)
            case "open":
                reader.open()
        agree(writer, catalog, from_files=False)
        agree(reader, catalog, from_files=False)
    catalog.close()


def test_ids_with_gaps(catalog: SqliteCatalog) -> None:
    """Where most ids between the first and the last are missing, they are searched for."""
    fill(catalog, "a")
    catalog.execute("UPDATE passages SET id = id * 1000")
    fill(catalog, "b")
    mapped = MappedVectors(catalog)
    mapped.save(catalog.passage_ids())
    agree(mapped, catalog)


def test_what_was_read_of_a_withdrawn_file_is_not_used(catalog: SqliteCatalog) -> None:
    """The vectors were made anew between the look at their file and its opening."""
    fill(catalog, "a")
    writer = VectorReplica(catalog)
    writer.open()
    writer.save()
    other = VectorReplica(catalog)
    assert other.rebuild_for_size() is None  # which has read the file
    PublishedVectors.withdraw(catalog)
    vectors = np.eye(3, DIMENSIONS, dtype=np.float16)
    for id, vector in zip(catalog.passage_ids().tolist(), vectors, strict=True):
        catalog.execute("UPDATE passages SET vector = ? WHERE id = ?", [vector.tobytes(), id])
    other.open()
    assert other.store is not None
    found = other.store.scores(vectors[0].astype(np.float32), catalog.passage_ids().tolist())
    assert found.tolist() == [1, 0, 0]


def cosines(index: Index) -> NDArray[np.float64]:
    return np.array([one.dense for one in index.candidates("gato", 50)])


def test_an_index_of_an_earlier_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the files it is searched from the catalog; the next writer makes them."""
    monkeypatch.setattr(choice, "EXACT_MOST", 40)
    documents = [Document(str(n), f"Esto es un gato {n} de {n * 7}.") for n in range(60)]
    with Index.open(tmp_path, create=True, model=Letters()) as index:
        index.add(documents)
        before = cosines(index)
        index.catalog.delete("mapped_vectors")
    for path in tmp_path.glob("rows-*"):
        path.unlink()
    with Index.open(tmp_path, model=Letters()) as index:
        np.testing.assert_allclose(cosines(index), before, atol=1e-6)
        assert not list(tmp_path.glob("rows-*"))
        assert index.remove(["none"]) == 0
        assert len(list(tmp_path.glob("rows-*"))) == 2
        np.testing.assert_allclose(cosines(index), before, atol=1e-6)
        assert index.verify().problems == []
        index.remove(map(str, range(50)))  # few are left, which are compared in memory
        assert not list(tmp_path.glob("rows-*"))
