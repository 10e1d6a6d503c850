"""Stores of words behind one class: analysed words in, the best passages by BM25 out."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence

from index.query import Query
from index.storage.limits import Limit
from index.storage.vectors import NONE, Found, Ids

__all__ = ["WordStore"]


class WordStore(ABC):
    """The words of passages by id, searched by BM25; derived from the catalog.

    Each passage is analysed in its own language, and a question in both. Every method that reads
    raises IndexStateError where the store is damaged or cannot be reached.
    """

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def ids(self) -> Ids:
        """The ids of the passages held, ascending."""

    @abstractmethod
    def search(
        self, query: Query, k: int, limit: Limit | None = None, excluded_ids: Ids = NONE
    ) -> Found:
        """The ids of the k best passages and their BM25 scores, best first.

        ``limit`` limits the search to its documents, and the passages in ``excluded_ids`` are left
        out.
        """

    def search_many(
        self, queries: Sequence[Query], k: int, limit: Limit | None = None
    ) -> list[Found]:
        """What `search` gives for each of the queries."""
        return [self.search(query, k, limit) for query in queries]

    @abstractmethod
    def frequency(self, word: str, language: str) -> int:
        """How many passages of a language hold an analysed word."""

    @abstractmethod
    def holding(self, words: Mapping[str, Collection[str]]) -> Ids:
        """The ids of the passages that hold one of the analysed words of their language, ascending.

        A store may give more than those; the texts are read.
        """

    @abstractmethod
    def idf(self, words: Iterable[str], language: str | None) -> dict[str, float]:
        """BM25's inverse document frequency of analysed words, ln(1 + (N - n + .5) / (n + .5))."""
