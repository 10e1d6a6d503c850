"""What every store of vectors must do, against exact search in NumPy."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.vectors import VectorStore
from index.vectors.faiss import FaissStore

DIMENSIONS = 8
Make = Callable[[], VectorStore]


@pytest.fixture(params=[FaissStore], ids=["faiss"])
def make(request: pytest.FixtureRequest) -> Make:
    """How an empty store of each backend is made."""
    return lambda: request.param(DIMENSIONS)


def unit(count: int, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSIONS)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def ids(*values: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def filled(make: Make, count: int) -> tuple[VectorStore, NDArray[np.int64], NDArray[np.float32]]:
    """A store with ids that are neither dense nor in order, and what is in it."""
    store, vectors = make(), unit(count)
    held = np.random.default_rng(1).permutation(10 * count)[:count].astype(np.int64)
    store.add(held, vectors)
    return store, held, vectors


def exact(
    held: NDArray[np.int64], vectors: NDArray[np.float32], query: NDArray[np.float32], k: int
) -> tuple[list[int], NDArray[np.float32]]:
    cosines = vectors @ query
    order = np.argsort(-cosines, kind="stable")[:k]
    return held[order].tolist(), cosines[order]


@pytest.mark.parametrize("k", [1, 7, 200])
def test_search_is_exact(make: Make, k: int) -> None:
    """The k nearest come back, best first, with their cosines; all of them when k is larger."""
    store, held, vectors = filled(make, 60)
    for query in unit(5, seed=9):
        found, cosines = store.search(query, k)
        wanted, values = exact(held, vectors, query, k)
        assert found.tolist() == wanted
        np.testing.assert_allclose(cosines, values, atol=1e-6)


def test_search_only_in_some(make: Make) -> None:
    """``only`` limits the search to these ids; unknown ones count for nothing."""
    store, held, vectors = filled(make, 40)
    (query,) = unit(1, seed=9)
    some = held[::3]
    found, cosines = store.search(query, 5, np.append(some, 10_000))
    wanted, values = exact(some, vectors[::3], query, 5)
    assert found.tolist() == wanted
    np.testing.assert_allclose(cosines, values, atol=1e-6)
    found, _ = store.search(query, 100, np.append(some, 10_000))
    assert sorted(found.tolist()) == sorted(some.tolist())
    assert store.search(query, 5, ids())[0].tolist() == []


def test_an_empty_store(make: Make) -> None:
    """It finds nothing, holds nothing, and takes nothing to add or remove."""
    store = make()
    store.add(ids(), np.empty((0, DIMENSIONS), dtype=np.float32))
    store.remove(ids(3))
    found, cosines = store.search(unit(1)[0], 3)
    assert (len(store), store.ids().tolist(), found.tolist(), cosines.tolist()) == (0, [], [], [])


def test_removal_keeps_the_others(make: Make) -> None:
    """What is left has the ids and vectors that it had; unknown ids are ignored."""
    store, held, vectors = filled(make, 50)
    store.remove(np.append(held[::2], 12_345))
    assert len(store) == 25
    assert store.ids().tolist() == sorted(held[1::2].tolist())
    for id, vector in zip(held[1::2].tolist(), vectors[1::2], strict=True):
        assert store.search(vector, 1)[0].tolist() == [id]
    store.add(held[:1], vectors[:1])
    assert store.search(vectors[0], 1)[0].tolist() == held[:1].tolist()


@pytest.mark.parametrize("again", [ids(5), ids(8, 8)])
def test_an_id_is_held_once(make: Make, again: NDArray[np.int64]) -> None:
    """An id that is held, or given twice, is refused, and nothing is added."""
    store, vectors = make(), unit(3)
    store.add(ids(5), vectors[:1])
    with pytest.raises(ValueError, match="held already"):
        store.add(again, vectors[: len(again)])
    assert store.ids().tolist() == [5]


def test_scores(make: Make) -> None:
    """The cosines of ids in the order asked; NaN for one that is not held."""
    store, held, vectors = filled(make, 20)
    (query,) = unit(1, seed=9)
    scores = store.scores(query, [int(held[7]), 99_999, int(held[2])])
    wanted = [vectors[7] @ query, np.nan, vectors[2] @ query]
    np.testing.assert_allclose(scores, wanted, atol=1e-6)
    assert store.scores(query, []).tolist() == []


def test_vectors_come_back(make: Make) -> None:
    """The vectors of ids, in the order asked."""
    store, held, vectors = filled(make, 20)
    np.testing.assert_allclose(store.vectors(held[[7, 2]]), vectors[[7, 2]], atol=1e-6)


# Each change: the ids to add, the ids to remove.
CHANGES = st.lists(st.tuples(st.sets(st.integers(0, 12)), st.sets(st.integers(0, 12))), max_size=6)


@given(changes=CHANGES, k=st.integers(1, 15))
def test_any_history_is_exact(changes: list[tuple[set[int], set[int]]], k: int) -> None:
    """After any additions and removals the store searches as an exact one with the same content."""
    table = unit(13, seed=3)
    query = unit(1, seed=4)[0]
    store = FaissStore(DIMENSIONS)
    held: set[int] = set()
    for added, removed in changes:
        new = ids(*sorted(added - held))
        store.add(new, table[new])
        store.remove(ids(*removed))
        held = (held | added) - removed
    content = ids(*sorted(held))
    found, cosines = store.search(query, k)
    wanted, values = exact(content, table[content], query, k)
    assert found.tolist() == wanted
    np.testing.assert_allclose(cosines, values, atol=1e-6)
    assert store.ids().tolist() == content.tolist()


def test_a_saved_store_is_the_same(tmp_path: Path) -> None:
    """What is read back has the same ids and vectors, bit for bit, and nothing else is left."""
    store, held, vectors = filled(lambda: FaissStore(DIMENSIONS), 30)
    store.remove(held[:3])
    store.save(tmp_path / "a.faiss")
    again = FaissStore.load(tmp_path / "a.faiss", DIMENSIONS)
    assert again.ids().tolist() == store.ids().tolist()
    query = vectors[10]
    assert again.scores(query, held[3:].tolist()).tolist() == (
        store.scores(query, held[3:].tolist()).tolist()
    )
    assert [path.name for path in tmp_path.iterdir()] == ["a.faiss"]


def test_saving_is_all_or_nothing(tmp_path: Path) -> None:
    """Where no file can be made, OSError is raised and what was there stays."""
    (tmp_path / "a.faiss").mkdir()
    with pytest.raises(OSError, match=r"a\.faiss"):
        FaissStore(DIMENSIONS).save(tmp_path / "a.faiss")
    with pytest.raises(OSError, match=r"missing"):
        FaissStore(DIMENSIONS).save(tmp_path / "missing" / "a.faiss")
    assert [path.name for path in tmp_path.iterdir()] == ["a.faiss"]


@pytest.mark.parametrize("damage", ["empty", "truncated", "garbage", "other dimensions"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    """A file that is not a store of so many dimensions is a ValueError, not a crash."""
    store, _, _ = filled(lambda: FaissStore(DIMENSIONS), 30)
    path = tmp_path / "a.faiss"
    store.save(path)
    data = path.read_bytes()
    damaged = {"empty": b"", "truncated": data[: len(data) // 2], "garbage": b"x" * 500}
    path.write_bytes(damaged.get(damage, data))
    with pytest.raises(ValueError, match=r"a\.faiss"):
        FaissStore.load(path, DIMENSIONS + (damage == "other dimensions"))
