"""The words in Milvus: sparse vectors whose inner product with that of a question is BM25.

BM25 of a word is its inverse document frequency, which is the question's side, times
``tf (k1 + 1) / (tf + k1 (1 - b + b length / average))``, which is the passage's. The average length
drifts while passages come and go. So Milvus brings up some more passages than are asked for, by the
average of the time when they were weighted, and BM25 is computed exactly for those. N and the
average length of a language are over all passages, as tantivy has them.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from index.query import Query
from index.settings import SETTINGS
from index.storage.limits import Limit
from index.storage.milvus.conditions import MOST, Condition, Within, best
from index.storage.milvus.counts import Counts, Worded
from index.storage.milvus.published import Published
from index.storage.milvus.server import BITS, Server
from index.storage.vectors import NONE, Found, Ids, Vectors
from index.storage.words import WordStore
from index.text.analysis import STEMMERS

__all__ = ["FIELD", "WORDS", "MilvusWords", "averages", "drifted", "sparse"]

WORDS = "qa_words"
"""The collection of all indexes' words."""
FIELD = "words"
K1, B = 1.2, 0.75
SPARE = SETTINGS.milvus.spare_share
DRIFT = SETTINGS.milvus.average_drift
_KEPT = 20_000  # words whose counts are kept
_NO_WORD = 0  # the dimension of passages without words: a vector must not be empty

Known = tuple[int, int]
"""The number of a word, and how many passages hold it."""


def averages(published: Published) -> dict[str, float]:
    """By language, the words of a passage on average, over the passages of all languages."""
    return {
        language: tokens / max(1, published.passages)
        for language, tokens in published.tokens.items()
    }


def drifted(before: Mapping[str, float], now: Mapping[str, float]) -> bool:
    """Whether passages that were weighted by one average are to be weighted anew by another.

    Until then no weight is off by a larger share than DRIFT.
    """
    return any(abs(before.get(of, 0.0) - mean) > DRIFT * mean for of, mean in now.items())


def sparse(one: Worded, mean: Mapping[str, float]) -> dict[int, float]:
    """A passage's vector: by the numbers of its words, the passage's side of BM25."""
    weights = _weights(one, mean[one.language])
    vector = dict(zip(one.numbers.tolist(), weights.tolist(), strict=True))
    return vector or {_NO_WORD: 1.0}


def _weights(one: Worded, average: float) -> Vectors:
    times = one.times.astype(np.float32)
    length = one.length / average if average else 1.0
    weights: Vectors = times * (K1 + 1) / (times + K1 * (1 - B + B * length))
    return weights


class MilvusWords(WordStore):
    """The words of what was ``published`` last."""

    def __init__(self, server: Server, counts: Counts, published: Published | None) -> None:
        self._server = server
        self._counts = counts
        self._published = published
        self._kept: dict[str, dict[str, Known | None]] = {language: {} for language in STEMMERS}

    def __len__(self) -> int:
        return self._published.passages if self._published else 0

    def ids(self) -> Ids:
        """The ids of the passages in Milvus, ascending."""
        if self._published is None:
            return NONE
        return self._server.ids(WORDS, self._published.partition, self._published.tenant)

    def search(
        self, query: Query, k: int, limit: Limit | None = None, excluded_ids: Ids = NONE
    ) -> Found:
        """The ids of the k best passages and their BM25 scores, best first."""
        return self._search([query], k, limit, excluded_ids)[0]

    def search_many(
        self, queries: Sequence[Query], k: int, limit: Limit | None = None
    ) -> list[Found]:
        """What `search` gives for each of the queries, in one question to Milvus."""
        return self._search(queries, k, limit, NONE)

    def _search(
        self, queries: Sequence[Query], k: int, limit: Limit | None, excluded_ids: Ids
    ) -> list[Found]:
        published = self._published
        asked = [self._vector(query) for query in queries]
        given = [place for place, vector in enumerate(asked) if vector]
        found: list[Found] = [(NONE, np.empty(0, dtype=np.float32))] * len(queries)
        if published is None or not given or (limit is not None and not len(limit.passages)):
            return found
        vectors = [asked[place] for place in given]

        def ask(count: int, condition: Condition) -> list[Found]:
            return self._server.search(WORDS, published.partition, FIELD, vectors, count, condition)

        within = None if limit is None else _within(limit)
        excluded = (excluded_ids + (published.tenant << BITS)).tolist()
        brought_up = best(ask, k + math.ceil(k * SPARE), within, excluded)
        exact = self._exact(vectors, [ids for ids, _ in brought_up], published)
        for place, (ids, scores) in zip(given, exact, strict=True):
            found[place] = ids[:k], scores[:k]
        return found

    def _vector(self, query: Query) -> dict[int, float]:
        """A question's vector: by the numbers of its words, their inverse document frequency."""
        return {
            known[0]: self._idf(known[1])
            for language in STEMMERS
            for known in self._known(language, query.stems(language)).values()
            if known
        }

    def _exact(
        self, vectors: Sequence[dict[int, float]], ids: Sequence[Ids], published: Published
    ) -> list[Found]:
        """BM25 of passages by the present average, best first; what is gone is left out."""
        mean = averages(published)
        every = np.unique(np.concatenate(ids)).tolist()
        held = {one.id: (one, _weights(one, mean[one.language])) for one in self._counts.of(every)}
        found = []
        for vector, of_query in zip(vectors, ids, strict=True):
            numbers = np.array(sorted(vector), dtype=np.int64)
            idf = np.array([vector[number] for number in numbers.tolist()], dtype=np.float32)
            there = [id for id in of_query.tolist() if id in held]
            scores = np.zeros(len(there), dtype=np.float32)
            for place, id in enumerate(there):
                one, weights = held[id]
                _, mine, theirs = np.intersect1d(
                    one.numbers, numbers, assume_unique=True, return_indices=True
                )
                scores[place] = weights[mine] @ idf[theirs]
            order = np.argsort(-scores, kind="stable")
            found.append((np.array(there, dtype=np.int64)[order], scores[order]))
        return found

    def frequency(self, word: str, language: str) -> int:
        """How many passages of a language hold an analysed word."""
        known = self._known(language, [word])[word]
        return known[1] if known else 0

    def holding(self, words: Mapping[str, Collection[str]]) -> Ids:
        """The ids of the passages that hold one of the analysed words of their language, ascending.

        Where they may be more than Milvus gives at once, it is asked for a range of ids at a time.
        """
        published = self._published
        known = [
            known
            for language, of_language in words.items()
            for known in self._known(language, of_language).values()
            if known
        ]
        if published is None or not known:
            return NONE
        start = published.tenant << BITS
        ranges = [(start + 1, start + published.largest_id + 1)]
        if sum(passages for _, passages in known) > MOST:
            ranges = [
                (start + at, start + at + MOST) for at in range(1, published.largest_id + 1, MOST)
            ]
        vector = dict.fromkeys((number for number, _ in known), 1.0)
        found = [
            self._server.search(
                WORDS, published.partition, FIELD, [vector], MOST, Condition(range=of_ids)
            )[0][0]
            for of_ids in ranges
        ]
        return np.unique(np.concatenate(found))

    def idf(self, words: Iterable[str], language: str | None) -> dict[str, float]:
        """BM25's inverse document frequency of analysed words, ln(1 + (N - n + .5) / (n + .5))."""
        of = language if language in STEMMERS else "es"
        found = self._known(of, list(words))
        return {word: self._idf(known[1] if known else 0) for word, known in found.items()}

    def _idf(self, passages: int) -> float:
        return math.log1p((len(self) - passages + 0.5) / (passages + 0.5))

    def _known(self, language: str, words: Iterable[str]) -> dict[str, Known | None]:
        """What is counted of words; None for those that no passage holds."""
        if self._published is None:
            return dict.fromkeys(words)
        kept = self._kept[language]
        words = list(words)
        if new := [word for word in dict.fromkeys(words) if word not in kept]:
            if len(kept) > _KEPT:
                self._kept[language] = kept = {}
                new = words
            counted = self._counts.known(language, new)
            for word in new:
                kept[word] = counted.get(word)
        return {word: kept[word] for word in words}


def _within(limit: Limit) -> Within:
    # The shorter list: a document's number stands for all of its passages.
    return Within("document", limit.documents, limit.share, limit.passages.holds)
