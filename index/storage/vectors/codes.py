"""Many vectors as short codes: all of them are scanned, and the best compared exactly.

The codes are RaBitQ's (Gao and Long 2024, Gao et al. 2025) with two bits a dimension, in FAISS's
fast-scan layout: 116 bytes for 384 dimensions, where the vector itself has 1,536. The vectors stay
on the disk, in the catalog. Nothing is left out of a scan, so there are no clusters that a growing
collection could outgrow; only the centre that the codes are relative to is trained.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.settings import SETTINGS
from index.storage.vectors import NONE, Allowed, Found, Ids, Vectors
from index.storage.vectors.faiss import FaissStore, best, read, single_threaded

__all__ = ["CodeStore", "Stored"]

FACTORY = "RaBitQfs2"
COMPARED = SETTINGS.vectors.compared
COMPARED_SHARE = SETTINGS.vectors.compared_share
COMPARED_ALONE = SETTINGS.vectors.compared_alone
SCANNED_SHARE = SETTINGS.vectors.scanned_share
CODE_SIMILARITY = SETTINGS.vectors.code_similarity

Stored = Callable[[Sequence[int]], Iterator[tuple[Ids, Vectors]]]
"""The vectors themselves by id, with their ids, in blocks; ids that are gone are left out."""


class CodeStore(FaissStore):
    """Codes in FAISS beside vectors that are stored elsewhere."""

    def __init__(self, dimensions: int, index: Any, stored: Stored, trained_on: int) -> None:
        super().__init__(dimensions, index)
        self._stored = stored
        self.trained_on = trained_on

    @classmethod
    def train(cls, sample: Vectors, stored: Stored, trained_on: int) -> "CodeStore":
        """An empty store whose codes suit vectors like those of the sample, [n, dimensions].

        ``trained_on``: how many vectors the sample stands for.
        """
        import faiss

        codes = faiss.index_factory(sample.shape[1], FACTORY, faiss.METRIC_INNER_PRODUCT)
        codes.train(np.ascontiguousarray(sample, dtype=np.float32))
        return cls(sample.shape[1], faiss.IndexIDMap2(codes), stored, trained_on)

    @classmethod
    def open(cls, path: Path, dimensions: int, stored: Stored, trained_on: int) -> "CodeStore":
        """The store in a file; ValueError when it is not one of ours of so many dimensions."""
        return cls(dimensions, read(path, dimensions, "IndexRaBitQFastScan"), stored, trained_on)

    def search(
        self, query: Vectors, k: int, allowed: Allowed | None = None, excluded_ids: Ids = NONE
    ) -> Found:
        """The ids of the k nearest by their codes and then their cosines, best first."""
        wanted = self._wanted(k)
        if allowed is not None:
            # As many of the allowed ones must be among the best of all.
            wanted = wanted * len(self) // max(1, len(allowed))
            if len(allowed) <= min(COMPARED_ALONE, wanted * SCANNED_SHARE):
                return self._compare(query, np.setdiff1d(allowed.ids, excluded_ids), k)
        while True:
            wanted = min(len(self), len(excluded_ids) + wanted)
            ids = np.setdiff1d(self._scan(query[None], wanted)[0], excluded_ids)
            if allowed is not None:
                ids = ids[allowed.holds(ids)]
            if len(ids) >= min(self._wanted(k), len(self)) or wanted == len(self):
                return self._compare(query, ids, k)
            wanted *= 4  # what is allowed lies farther from the question than the rest

    def search_many(self, queries: Vectors, k: int, allowed: Allowed | None = None) -> list[Found]:
        """What `search` gives for each of the unit vectors [n, dimensions]."""
        if allowed is not None:
            return [self.search(query, k, allowed) for query in queries]
        scanned = self._scan(queries, min(len(self), self._wanted(k)))
        every = dict.fromkeys(id for ids in scanned for id in ids.tolist())
        held, vectors = self._read(list(every))
        places = [np.searchsorted(held, ids[np.isin(ids, held)]) for ids in scanned]
        return [
            best(held[of], vectors[of] @ query, k)
            for of, query in zip(places, queries, strict=True)
        ]

    def _wanted(self, k: int) -> int:
        """How many that are best by their codes are compared."""
        return max(COMPARED, int(COMPARED_SHARE * min(k, len(self))))

    def _scan(self, queries: Vectors, wanted: int) -> list[Ids]:
        """The ids of the best by their codes."""
        if not wanted:
            return [NONE] * len(queries)
        with self._guard, single_threaded():
            _, scanned = self._index.search(queries, wanted)
        return [ids[ids >= 0] for ids in scanned]

    def _compare(self, query: Vectors, ids: Ids, k: int) -> Found:
        """Of these ids, the k nearest by the vectors themselves, and their cosines."""
        held, vectors = self._read(ids[self.holds(ids)].tolist())
        return best(held, vectors @ query, k)

    def _read(self, ids: Sequence[int]) -> tuple[Ids, Vectors]:
        """The vectors of these ids, by ascending ids; what is gone is left out."""
        blocks = list(self._stored(ids))
        if not blocks:
            return NONE, np.empty((0, self._index.d), dtype=np.float32)
        held, vectors = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
        order = np.argsort(held)
        return held[order], vectors[order]

    def scores(self, query: Vectors, ids: Sequence[int]) -> Vectors:
        """The cosines of these ids; NaN for an id that is not held."""
        values = np.full(len(ids), np.nan, dtype=np.float32)
        wanted = np.array(ids, dtype=np.int64)
        held = self.holds(wanted)
        if held.any():
            cosines = {
                id: value
                for ids_of_block, block in self._stored(wanted[held].tolist())
                for id, value in zip(ids_of_block.tolist(), (block @ query).tolist(), strict=True)
            }
            values[held] = [cosines.get(id, np.nan) for id in wanted[held].tolist()]
        return values

    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether the codes of these ids, all of which it has, stand for about these vectors."""
        with self._guard:
            decoded = np.asarray(self._index.reconstruct_batch(ids), dtype=np.float32)
        lengths = np.linalg.norm(decoded, axis=1) * np.linalg.norm(vectors, axis=1)
        return bool((np.sum(decoded * vectors, axis=1) > CODE_SIMILARITY * lengths).all())
