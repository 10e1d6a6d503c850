"""Vectors in FAISS: exact search by inner product, in memory, with ids of our own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.storage.files import replace
from index.storage.vectors import NONE, Allowed, Found, Ids, Vectors, VectorStore

__all__ = ["FaissStore", "best", "read", "selector", "single_threaded"]

FEW = 4  # questions, of which FAISS searches for each by itself

# Far above what an index of ours holds; a damaged file that claims more is refused before memory
# is asked for.
BYTES_LIMIT = 1 << 40


class FaissStore(VectorStore):
    """A flat index with ids; removal keeps every other id as it is."""

    def __init__(self, dimensions: int, index: Any = None) -> None:
        import faiss

        self._guard = Lock()  # FAISS crashes when it is searched while it changes
        self._index: Any = index or faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions))
        self._held = np.sort(self._stored_ids())

    @classmethod
    def load(cls, path: Path, dimensions: int) -> "FaissStore":
        """The store in a file; ValueError when it is not one of ours of so many dimensions.

        FAISS itself does not notice a flipped byte: compare checksums before calling this.
        """
        return cls(dimensions, read(path, dimensions, "IndexIDMap2 IndexFlatIP"))

    def _stored_ids(self) -> Ids:
        """The ids in FAISS, in its order."""
        import faiss

        return np.asarray(faiss.vector_to_array(self._index.id_map), dtype=np.int64)

    def __len__(self) -> int:
        return len(self._held)

    def ids(self) -> Ids:
        """The ids held, ascending."""
        return self._held

    def holds(self, ids: Ids) -> NDArray[np.bool_]:
        """Which of these ids are held."""
        places = np.searchsorted(self._held, ids)
        inside = places < len(self._held)
        inside[inside] = self._held[places[inside]] == ids[inside]
        return inside

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors under new ids; FAISS would take an id twice, so we refuse it."""
        new = np.unique(ids)
        if len(new) < len(ids) or self.holds(new).any():
            raise ValueError("an id is held already")
        if len(ids):
            with self._guard:
                self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)
                # New ids are the largest, as a rule. A union of large arrays takes a second.
                after = not len(self._held) or new[0] > self._held[-1]
                held = np.concatenate([self._held, new])
                self._held = held if after else np.sort(held)

    def remove(self, ids: Ids) -> None:
        """Take out vectors by id; unknown ids are ignored."""
        import faiss

        if len(ids):
            with self._guard:
                self._index.remove_ids(faiss.IDSelectorBatch(ids))
                removed = np.unique(ids)
                places = np.searchsorted(self._held, removed[self.holds(removed)])
                self._held = np.delete(self._held, places)

    def search(
        self, query: Vectors, k: int, allowed: Allowed | None = None, excluded_ids: Ids = NONE
    ) -> Found:
        """The ids of the k nearest and their cosines, best first."""
        import faiss

        searched = len(self._held) if allowed is None else len(allowed)
        wanted = min(k + len(excluded_ids), searched)
        if not wanted:
            return NONE, np.empty(0, dtype=np.float32)
        params = None
        if allowed is not None:
            # A look at a bit costs less than the product that it spares.
            params = faiss.SearchParameters(sel=selector(allowed))  # type: ignore[call-arg]
        with self._guard, single_threaded():
            cosines, ids = self._index.search(query[None], wanted, params=params)
        kept = (ids[0] >= 0) & ~np.isin(ids[0], excluded_ids)  # -1 fills up what was not found
        return ids[0][kept][:k], cosines[0][kept][:k]

    def search_many(self, queries: Vectors, k: int, allowed: Allowed | None = None) -> list[Found]:
        """What `search` gives for each of the unit vectors [n, dimensions]."""
        import faiss

        count = len(self._held)
        if len(queries) < FEW or not count:
            return [self.search(query, k, allowed) for query in queries]
        with self._guard:
            flat: Any = faiss.downcast_index(self._index.index)
            held = faiss.rev_swig_ptr(flat.get_xb(), count * flat.d).reshape(count, flat.d)
            ids = faiss.vector_to_array(self._index.id_map)
            # One product of matrices: FAISS takes as long as for one after the other.
            cosines = queries @ held.T
        if allowed is not None:
            cosines = cosines[:, places := np.flatnonzero(allowed.holds(ids))]
            ids = ids[places]
        return [best(ids, row, k) for row in cosines]

    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether it holds these vectors under these ids, all of which it has."""
        with self._guard:
            return bool(np.allclose(self._index.reconstruct_batch(ids), vectors, atol=1e-6))

    def scores(self, query: Vectors, ids: Sequence[int]) -> Vectors:
        """The cosines of these ids; NaN for an id that is not held."""
        values: NDArray[np.float32] = np.full(len(ids), np.nan, dtype=np.float32)
        wanted = np.array(ids, dtype=np.int64)
        with self._guard:
            held = self.holds(wanted)
            if held.any():
                values[held] = self._index.reconstruct_batch(wanted[held]) @ query
        return values

    def save(self, path: Path) -> None:
        """Write it to a file, all or nothing."""
        import faiss

        def write(temporary: Path) -> None:
            try:
                faiss.write_index(self._index, str(temporary))
            except RuntimeError as exc:
                raise OSError(f"the vectors could not be written to {path}") from exc

        replace(path, write)


def best(ids: Ids, cosines: Vectors, k: int) -> Found:
    """The k best of these ids, best first, by their cosines."""
    if k < len(ids):
        places = np.argpartition(cosines, len(ids) - k)[len(ids) - k :]
        ids, cosines = ids[places], cosines[places]
    order = np.lexsort((ids, -cosines))
    return ids[order], cosines[order]


@contextmanager
def single_threaded() -> Iterator[None]:
    """Let FAISS search in the calling thread only; its earlier setting is restored afterwards.

    One question is too little work to share. On a busy machine its threads wait for each other: a
    search of 50,000 vectors takes 40 ms instead of 7 (2 cores, both at work).
    """
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def read(path: Path, dimensions: int, *kinds: str) -> Any:
    """The FAISS index in a file, of one of these kinds; raises ValueError.

    A kind is the name of its class, followed by that of the one inside where ids are around it.
    """
    import faiss

    faiss.set_deserialization_vector_byte_limit(BYTES_LIMIT)
    try:
        index = faiss.read_index(str(path))
    except RuntimeError as exc:
        raise ValueError(f"{path} is not a FAISS file") from exc
    kind = type(index).__name__
    if isinstance(index, faiss.IndexIDMap2):
        kind += f" {type(faiss.downcast_index(index.index)).__name__}"
    if kind not in kinds or index.d != dimensions:
        raise ValueError(f"{path} holds another kind of FAISS index")
    return index


def selector(allowed: Allowed) -> Any:
    """What lets FAISS look at these ids only: a bit for each, which must stay in memory."""
    import faiss

    return faiss.IDSelectorBitmap(allowed.bits)  # type: ignore[call-arg, arg-type]
