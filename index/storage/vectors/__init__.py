"""Stores of vectors behind one class: ids and unit vectors in, the nearest ids out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["NONE", "VectorStore"]

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

NONE: Ids = np.empty(0, dtype=np.int64)


class VectorStore(ABC):
    """Unit vectors by id, searched by inner product (the cosine); derived from the catalog.

    One thread changes it at a time; others may search it meanwhile. ``trained_on``: how many
    vectors the collection had when the store's codes were trained; 0 where it keeps the vectors
    themselves.
    """

    trained_on: int = 0

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def ids(self) -> Ids:
        """The ids held, ascending."""

    @abstractmethod
    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors [n, dimensions] under new ids; ValueError when an id is held already."""

    @abstractmethod
    def remove(self, ids: Ids) -> None:
        """Take out vectors by id; unknown ids are ignored."""

    @abstractmethod
    def search(
        self, query: Vectors, k: int, allowed_ids: Ids | None = None, excluded_ids: Ids = NONE
    ) -> tuple[Ids, Vectors]:
        """The ids of the k nearest to a unit vector [dimensions] and their cosines, best first.

        ``allowed_ids`` limits the search to these; those in ``excluded_ids`` are left out. Fewer
        than k come back where fewer are held.
        """

    @abstractmethod
    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether it holds these vectors, [len(ids), dimensions], under these ids of its own."""

    @abstractmethod
    def scores(self, query: Vectors, ids: Sequence[int]) -> Vectors:
        """The cosines of these ids; NaN for an id that is not held."""

    @abstractmethod
    def save(self, path: Path) -> None:
        """Write it to a file, all or nothing."""
