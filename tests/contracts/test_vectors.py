"""What every store of vectors must do, against exact search in NumPy."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.storage.vectors import Allowed, VectorStore
from index.storage.vectors import codes as codes_module
from index.storage.vectors.codes import CodeStore, EarlierCodes
from index.storage.vectors.faiss import FaissStore

DIMENSIONS = 8
Make = Callable[[], VectorStore]


class Kept:
    """Vectors stored elsewhere, as the catalog does."""

    def __init__(self) -> None:
        self.held: dict[int, NDArray[np.float32]] = {}

    def __call__(
        self, ids: Iterable[int]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Blocks of two, in no order of the caller's; unknown ids are left out."""
        known = sorted({int(id) for id in ids} & set(self.held))
        for start in range(0, len(known), 2):
            part = known[start : start + 2]
            yield np.array(part, dtype=np.int64), np.stack([self.held[id] for id in part])


class Keeping(CodeStore):
    """A store of codes that puts the vectors added to it where it looks for them."""

    def add(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """As in the catalog, what is removed is gone from there, too: here it just stays."""
        super().add(ids, vectors)
        kept = self._stored
        assert isinstance(kept, Kept)
        kept.held.update(zip(ids.tolist(), vectors, strict=True))


def codes() -> CodeStore:
    """An empty store of codes, trained on vectors like those of the tests."""
    return Keeping.train(unit(200, seed=5), Kept(), 200)


class KeepingEarlier(EarlierCodes, Keeping):
    """The same of an earlier release's codes."""


def earlier_codes() -> CodeStore:
    """An empty store of the codes that an earlier release made."""
    import faiss

    flat = faiss.index_factory(DIMENSIONS, "RaBitQfs2", faiss.METRIC_INNER_PRODUCT)
    flat.train(unit(200, seed=5))
    return KeepingEarlier(DIMENSIONS, faiss.IndexIDMap2(flat), Kept(), 200)


MAKERS: dict[str, Make] = {
    "faiss": lambda: FaissStore(DIMENSIONS),
    "codes": codes,
    "earlier": earlier_codes,
}


@pytest.fixture(params=[*MAKERS.values()], ids=[*MAKERS])
def make(request: pytest.FixtureRequest) -> Make:
    """How an empty store of each backend is made."""
    return request.param  # type: ignore[no-any-return]


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


def test_copies_and_another_vector_are_all_found() -> None:
    """As of documents that hold the same form: lists made of four equal vectors and another one."""
    copy, other = unit(2, seed=3)
    vectors = np.stack([copy] * 4 + [other])
    store = Keeping.train(vectors, Kept(), 5)
    store.add(ids(1, 2, 3, 4, 5), vectors)
    assert set(store.search(copy, 5)[0].tolist()) == {1, 2, 3, 4, 5}
    ((found, _),) = store.search_many(copy[None], 5)
    assert set(found.tolist()) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("k", [1, 7, 200, 2**62, 10**30])
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
    found, cosines = store.search(query, 5, Allowed(np.append(some, 10_000)))
    wanted, values = exact(some, vectors[::3], query, 5)
    assert found.tolist() == wanted
    np.testing.assert_allclose(cosines, values, atol=1e-6)
    found, _ = store.search(query, 100, Allowed(np.append(some, 10_000)))
    assert sorted(found.tolist()) == sorted(some.tolist())
    assert store.search(query, 5, Allowed(ids()))[0].tolist() == []


@pytest.mark.parametrize("k", [1, 7, 10**30])
def test_search_without_some(make: Make, k: int) -> None:
    """The nearest but for these ids; unknown ones count for nothing, also where only some are."""
    store, held, vectors = filled(make, 40)
    (query,) = unit(1, seed=9)
    nearest = exact(held, vectors, query, 40)[0]
    without = np.array([*nearest[:10], nearest[12], 10_000], dtype=np.int64)
    left = [id for id in nearest if id not in without]
    assert store.search(query, k, excluded_ids=without)[0].tolist() == left[:k]
    some = held[::3]
    wanted = [id for id in left if id in some][:k]
    assert store.search(query, k, Allowed(some), without)[0].tolist() == wanted
    assert store.search(query, k, excluded_ids=held)[0].tolist() == []


@pytest.mark.parametrize("count", [0, 1, 3, 4, 40])
def test_many_at_once(make: Make, count: int) -> None:
    """Many questions find what each of them finds alone, with a limit or without."""
    store, held, _ = filled(make, 200)
    queries = unit(count, seed=9) if count else np.empty((0, DIMENSIONS), np.float32)
    for allowed in (None, Allowed(np.append(held[::3], 10_000)), Allowed(held[:2]), Allowed(ids())):
        for k in (5, 10**30):
            found = store.search_many(queries, k, allowed)
            assert len(found) == count
            for query, (of_query, cosines) in zip(queries, found, strict=True):
                alone, values = store.search(query, k, allowed)
                assert of_query.tolist() == alone.tolist()
                np.testing.assert_allclose(cosines, values, atol=1e-6)


def test_a_limit_to_the_farthest(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is allowed is found though all the rest is nearer."""
    monkeypatch.setattr(codes_module, "SCANNED_PER_READ", 10**9)
    monkeypatch.setattr(codes_module, "COMPARED", 90)
    store, held, vectors = filled(make, 2000)
    (query,) = unit(1, seed=9)
    nearest = exact(held, vectors, query, 2000)[0]
    last = np.array(nearest[1900:], dtype=np.int64)
    assert store.search(query, 5, Allowed(last))[0].tolist() == nearest[1900:1905]


def test_a_search_leaves_faiss_as_it_was(make: Make) -> None:
    """A program that uses FAISS itself keeps the number of threads that it chose."""
    import faiss

    store, _, _ = filled(make, 40)
    before = faiss.omp_get_max_threads()
    try:
        faiss.omp_set_num_threads(3)
        store.search(unit(1)[0], 5)
        assert faiss.omp_get_max_threads() == 3
    finally:
        faiss.omp_set_num_threads(before)


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


def test_vectors_agree_with_themselves_alone(make: Make) -> None:
    """A store agrees that it holds what was put in, and not that it holds anything else."""
    store, held, vectors = filled(make, 20)
    assert store.agrees(held[[7, 2]], vectors[[7, 2]])
    assert not store.agrees(held[[7, 2]], vectors[[2, 7]])
    assert not store.agrees(held[[7, 2]], np.stack([vectors[7], -vectors[2]]))


@pytest.mark.parametrize("kept", [1.0, 0.5, 0.1], ids=["all", "half", "a tenth"])
def test_codes_find_almost_all_that_exact_search_does(
    kept: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 6,000 vectors in clusters at least 99 % of the nearest ten are found, four times as many
    as it was trained for, of which a third is removed again; so it is with a limit.
    """
    monkeypatch.setattr(codes_module, "SCANNED_LEAST", 1000)
    draw = np.random.default_rng(0)
    centres = draw.normal(size=(60, 64))
    table = centres[draw.integers(0, 60, 6000)] + 0.7 * draw.normal(size=(6000, 64))
    table = (table / np.linalg.norm(table, axis=1, keepdims=True)).astype(np.float32)
    store = Keeping.train(table[:1500], Kept(), 1500)
    held = np.arange(6000, dtype=np.int64) * 3
    store.add(held[:3000], table[:3000])
    store.add(held[3000:], table[3000:])
    store.remove(held[::3])
    left = np.arange(6000) % 3 > 0
    assert store.agrees(held[left], table[left])
    assert not store.agrees(held[left], np.roll(table[left], 1, axis=0))
    among = left & (draw.random(6000) < kept)
    allowed = None if kept == 1 else Allowed(held[among])
    queries = table[::100] + 0.02
    found = 0
    for query in queries:
        ids, cosines = store.search(query, 10, allowed)
        wanted, _ = exact(held[among], table[among], query, 10)
        np.testing.assert_allclose(cosines, table[ids // 3] @ query, atol=1e-5)
        found += len(set(ids.tolist()) & set(wanted))
    assert found >= 0.99 * 10 * len(queries)


def test_vectors_of_another_kind_are_told() -> None:
    """Those that no list was made for lie farther from all lists than those of the training."""
    draw = np.random.default_rng(0)
    centres = draw.normal(size=(60, 64))
    table = centres[np.repeat([*range(60)], 100)] + 0.5 * draw.normal(size=(6000, 64))
    table = (table / np.linalg.norm(table, axis=1, keepdims=True)).astype(np.float32)
    store = CodeStore.train(table[:3000:2], Kept(), 1500)
    assert (store.similarities(table[1:3000:2]) < store.least_similarity).mean() < 0.03
    assert (store.similarities(table[3000:]) < store.least_similarity).mean() > 0.5


def test_codes_search_many_among_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit to more ids than are compared one by one is still kept."""
    monkeypatch.setattr(codes_module, "SCANNED_PER_READ", 10**9)
    monkeypatch.setattr(codes_module, "COMPARED", 30)
    store, held, vectors = filled(codes, 400)
    (query,) = unit(1, seed=9)
    some = held[::2]
    found, _ = store.search(query, 5, Allowed(some))
    assert set(found.tolist()) <= set(some.tolist())
    assert len(set(found.tolist()) & set(exact(some, vectors[::2], query, 5)[0])) >= 4


# Each change: the ids to add, the ids to remove.
CHANGES = st.lists(st.tuples(st.sets(st.integers(0, 12)), st.sets(st.integers(0, 12))), max_size=6)


@pytest.mark.parametrize("kind", MAKERS)
@given(changes=CHANGES, k=st.integers(1, 15), some=st.none() | st.sets(st.integers(0, 14)))
def test_any_history_is_exact(
    kind: str, changes: list[tuple[set[int], set[int]]], k: int, some: set[int] | None
) -> None:
    """After any additions and removals the store searches as an exact one with the same content,
    with any limit."""
    table = unit(15, seed=3)
    query = unit(1, seed=4)[0]
    store = MAKERS[kind]()
    held: set[int] = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codes_module, "SCANNED_PER_READ", 10**9)
        patch.setattr(codes_module, "SCANNED_LEAST", 1)
        patch.setattr(codes_module, "COMPARED", 0)  # so the lists are scanned, with a limit, too
        patch.setattr(codes_module, "COMPARED_SHARE", 13.0)
        for added, removed in changes:
            new = ids(*sorted(added - held))
            store.add(new, table[new])
            store.remove(ids(*removed))
            held = (held | added) - removed
        content = ids(*sorted(held if some is None else held & some))
        allowed = None if some is None else Allowed(ids(*sorted(some)))
        found, cosines = store.search(query, k, allowed)
    wanted, values = exact(content, table[content], query, k)
    assert found.tolist() == wanted
    np.testing.assert_allclose(cosines, values, atol=1e-6)
    assert store.ids().tolist() == sorted(held)


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
    with pytest.raises(ValueError, match=r"a\.faiss"):
        CodeStore.open(path, DIMENSIONS, Kept(), 30)


def test_saved_codes_are_the_same(tmp_path: Path) -> None:
    """Codes that are read back find what they found."""
    store, held, vectors = filled(codes, 60)
    store.remove(held[:3])
    store.save(tmp_path / "a.faiss")
    kept = Kept()
    kept.held = dict(zip(held.tolist(), vectors, strict=True))
    again = CodeStore.open(tmp_path / "a.faiss", DIMENSIONS, kept, 60)
    assert again.ids().tolist() == store.ids().tolist()
    for query in unit(5, seed=9):
        assert again.search(query, 7)[0].tolist() == store.search(query, 7)[0].tolist()
    with pytest.raises(ValueError, match=r"a\.faiss"):
        FaissStore.load(tmp_path / "a.faiss", DIMENSIONS)
