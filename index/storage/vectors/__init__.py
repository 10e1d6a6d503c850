"""Stores of vectors behind one class: ids and unit vectors in, the nearest ids out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["NONE", "Allowed", "VectorStore"]

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

NONE: Ids = np.empty(0, dtype=np.int64)

Found = tuple[Ids, Vectors]
"""Ids and their scores, best first."""


class Allowed:
    """The ids that a search is limited to: ``ids``, ascending, and ``bits``, one for each id.

    ``bits`` are uint8, the lowest bit first, up to the largest of the ids.
    """

    __slots__ = ("_flags", "bits", "ids")

    def __init__(self, ids: Ids) -> None:
        self.ids: Ids = np.unique(ids)
        self._flags = np.zeros(int(self.ids[-1]) + 1 if len(self.ids) else 1, dtype=np.bool_)
        self._flags[self.ids] = True
        self.bits: NDArray[np.uint8] = np.packbits(self._flags, bitorder="little")

    def __len__(self) -> int:
        return len(self.ids)

    def holds(self, ids: Ids) -> NDArray[np.bool_]:
        """Which of these ids, which are not negative, are allowed."""
        inside = ids < len(self._flags)
        inside[inside] = self._flags[ids[inside]]
        return inside


class VectorStore(ABC):
    """Unit vectors by id, searched by inner product (the cosine); derived from the catalog.

    One thread changes it at a time; others may search it meanwhile. ``trained_on``: how many
    vectors the collection had when the store's codes were trained; 0 where it keeps the vectors
    themselves. ``layout``: the revision of the codes and of their file.
    ``least_similarity``: the cosine to the nearest list's centre that all but one in a hundred of
    the vectors of the training had.
    """

    trained_on: int = 0
    layout: int = 2
    least_similarity: float = -1.0

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
        self, query: Vectors, k: int, allowed: Allowed | None = None, excluded_ids: Ids = NONE
    ) -> Found:
        """The ids of the k nearest to a unit vector [dimensions] and their cosines, best first.

        ``allowed`` limits the search to these; those in ``excluded_ids`` are left out. Fewer than k
        come back where fewer are held.
        """

    @abstractmethod
    def search_many(self, queries: Vectors, k: int, allowed: Allowed | None = None) -> list[Found]:
        """What `search` gives for each of the unit vectors [n, dimensions]."""

    @abstractmethod
    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether it holds these vectors, [len(ids), dimensions], under these ids of its own."""

    @abstractmethod
    def scores(self, query: Vectors, ids: Sequence[int]) -> Vectors:
        """The cosines of these ids; NaN for an id that is not held."""

    @abstractmethod
    def save(self, path: Path) -> None:
        """Write it to a file, all or nothing."""
