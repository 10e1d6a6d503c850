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
from index.storage.vectors import NONE, Ids, Vectors
from index.storage.vectors.faiss import FaissStore, alone, read

__all__ = ["CodeStore", "Stored"]

FACTORY = "RaBitQfs2"
COMPARED = SETTINGS.vectors.compared
COMPARED_SHARE = SETTINGS.vectors.compared_share
COMPARED_ALONE = SETTINGS.vectors.compared_alone
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
        self, query: Vectors, k: int, only: Ids | None = None, without: Ids = NONE
    ) -> tuple[Ids, Vectors]:
        """The ids of the k nearest by their codes and then their cosines, best first."""
        if only is not None:
            only = only[self.holds(only)]
            if len(only) <= COMPARED_ALONE:
                return self._compared(query, np.setdiff1d(only, without), k)
        count = len(self)
        wide = max(COMPARED, int(COMPARED_SHARE * min(k, count)))
        # Where a part is searched, as many of it must be among the best of the whole.
        wide = min(count, len(without) + (wide if only is None else wide * count // len(only)))
        if not wide:
            return NONE, np.empty(0, dtype=np.float32)
        with self._guard, alone():
            _, found = self._index.search(query[None], wide)
        ids = np.setdiff1d(found[0][found[0] >= 0], without)
        return self._compared(query, ids if only is None else np.intersect1d(ids, only), k)

    def _compared(self, query: Vectors, ids: Ids, k: int) -> tuple[Ids, Vectors]:
        blocks = [(own, block @ query) for own, block in self._stored(ids.tolist())]
        if not blocks:
            return NONE, np.empty(0, dtype=np.float32)
        held, cosines = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
        best = np.lexsort((held, -cosines))[:k]
        return held[best], cosines[best]

    def scores(self, query: Vectors, ids: Sequence[int]) -> Vectors:
        """The cosines of these ids; NaN for an id that is not held."""
        values = np.full(len(ids), np.nan, dtype=np.float32)
        wanted = np.array(ids, dtype=np.int64)
        held = self.holds(wanted)
        if held.any():
            cosines = {
                id: value
                for own, block in self._stored(wanted[held].tolist())
                for id, value in zip(own.tolist(), (block @ query).tolist(), strict=True)
            }
            values[held] = [cosines.get(id, np.nan) for id in wanted[held].tolist()]
        return values

    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether the codes of these ids, all of which it has, stand for about these vectors."""
        with self._guard:
            decoded = np.asarray(self._index.reconstruct_batch(ids), dtype=np.float32)
        lengths = np.linalg.norm(decoded, axis=1) * np.linalg.norm(vectors, axis=1)
        return bool((np.sum(decoded * vectors, axis=1) > CODE_SIMILARITY * lengths).all())
