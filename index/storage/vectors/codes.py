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
from index.storage.vectors.faiss import FaissStore, read, single_threaded

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
        self, query: Vectors, k: int, allowed_ids: Ids | None = None, excluded_ids: Ids = NONE
    ) -> tuple[Ids, Vectors]:
        """The ids of the k nearest by their codes and then their cosines, best first."""
        if allowed_ids is not None:
            allowed_ids = allowed_ids[self.holds(allowed_ids)]
            if len(allowed_ids) <= COMPARED_ALONE:
                return self._compare(query, np.setdiff1d(allowed_ids, excluded_ids), k)
        count = len(self)
        wanted = max(COMPARED, int(COMPARED_SHARE * min(k, count)))
        if allowed_ids is not None:
            # As many of the allowed ones must be among the best of all.
            wanted = wanted * count // len(allowed_ids)
        wanted = min(count, len(excluded_ids) + wanted)
        if not wanted:
            return NONE, np.empty(0, dtype=np.float32)
        with self._guard, single_threaded():
            _, scanned = self._index.search(query[None], wanted)
        ids = np.setdiff1d(scanned[0][scanned[0] >= 0], excluded_ids)
        if allowed_ids is not None:
            ids = np.intersect1d(ids, allowed_ids)
        return self._compare(query, ids, k)

    def _compare(self, query: Vectors, ids: Ids, k: int) -> tuple[Ids, Vectors]:
        """Of these ids, the k nearest by the vectors themselves, and their cosines."""
        blocks = [(block_ids, block @ query) for block_ids, block in self._stored(ids.tolist())]
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
