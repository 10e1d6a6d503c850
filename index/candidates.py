"""The candidates of questions: the k best texts by vector and the k best by BM25.

Copies of one text count once: a paragraph that stands in every document must not push all else
out of the hundred that are ranked.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial

import numpy as np

from index.copies import same_words
from index.query import Query
from index.storage.catalog import Catalog
from index.storage.limits import Limit
from index.storage.vectors import NONE, Allowed, Found, Ids, Vectors, VectorStore
from index.storage.words import WordStore
from index.types import Candidate, Passage

__all__ = ["candidates"]

SPARE = 4  # one passage more for so many is looked at at once: a few copies are usual

Search = Callable[[int, Ids], Found]
"""Takes k and the ids to leave out; gives the ids of the k best and their scores, best first."""


class _Read:
    """Passages read from the catalog so far, by id."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.passages: dict[int, Passage] = {}

    def read(self, ids: Iterable[int]) -> None:
        """Read what was not read before; what is gone from the catalog is left out."""
        new = dict.fromkeys(id for id in ids if id not in self.passages)
        self.passages |= self.catalog.passages(list(new))

    def texts(self, ids: Sequence[int]) -> list[list[int]]:
        """The ids of each text's passages, in the order given."""
        self.read(ids)
        held = [id for id in ids if id in self.passages]
        texts: dict[Hashable, list[int]] = {}
        for id, text in zip(held, same_words([self.passages[id] for id in held]), strict=True):
            texts.setdefault(text, []).append(id)
        return list(texts.values())


def candidates(
    catalog: Catalog,
    lexical: WordStore,
    vectors: VectorStore | None,
    queries: Sequence[Query],
    embedded: Vectors | None,
    k: int,
    limit: Limit | None,
) -> list[list[Candidate]]:
    """For each query the passages of the k best texts of each search, unranked, with copies.

    ``embedded`` holds the queries' vectors, [queries, dimensions]. Without vectors, only what BM25
    finds is found, with NaN for a cosine.
    """
    allowed = None if limit is None else limit.passages
    asked, read = _first(k), _Read(catalog)
    of_words = lexical.search_many(queries, asked, limit)
    near: list[Found] = []
    if vectors is not None and embedded is not None:
        near = vectors.search_many(embedded, asked, allowed)
    read.read(id for ids, _ in (*of_words, *near) for id in ids[:k].tolist())
    found = []
    for place, query in enumerate(queries):
        scores = _best(of_words[place], partial(_lexical, lexical, query, limit), k, read)
        if vectors is None or embedded is None:
            found.append([Candidate(id, read.passages[id], math.nan, scores[id]) for id in scores])
            continue
        vector = embedded[place]
        dense = _best(near[place], partial(_dense, vectors, vector, allowed), k, read)
        missing = [id for id in scores if id not in dense]
        dense |= dict(zip(missing, vectors.scores(vector, missing).tolist(), strict=True))
        found.append(_joined(dense, scores, read))
    return found


def _joined(dense: dict[int, float], lexical: dict[int, float], read: _Read) -> list[Candidate]:
    return [
        Candidate(id, read.passages[id], dense[id], lexical.get(id))
        for id in dense
        if not math.isnan(dense[id])  # neither removed since nor without vector
    ]


def _lexical(store: WordStore, query: Query, limit: Limit | None, k: int, excluded: Ids) -> Found:
    return store.search(query, k, limit, excluded)


def _dense(
    store: VectorStore, vector: Vectors, allowed: Allowed | None, k: int, excluded: Ids
) -> Found:
    return store.search(vector, k, allowed, excluded)


def _first(k: int) -> int:
    """How many are looked at first for k texts."""
    return k + k // SPARE


def _best(first: Found, search: Search, k: int, read: _Read) -> dict[int, float]:
    """The passages of the k best texts with their scores, best first.

    Where the ``first`` found hold too few texts, their copies are left out and it is searched
    again.
    """
    asked, excluded, found = _first(k), NONE, first
    while True:
        ids, scores = (values.tolist() for values in found)
        texts = read.texts(ids[:k])
        if len(texts) < k:  # the spare ones are read only where they are needed
            texts = read.texts(ids)
        if len(texts) >= k or len(ids) < asked:
            kept = {id for same in texts[:k] for id in same}
            return {id: score for id, score in zip(ids, scores, strict=True) if id in kept}
        copies = [id for same in texts for id in same[1:]]
        every = read.catalog.copies(read.passages[id] for id in copies)
        originals = [same[0] for same in texts]
        excluded = np.setdiff1d(np.concatenate([excluded, every, copies]), originals)
        asked *= 2
        found = search(asked, excluded)
