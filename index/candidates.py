"""The candidates of questions: the k best texts by vector and the k best by BM25.

Copies of one text count once: a paragraph that stands in every document must not push all else
out of the hundred that are ranked.

To rank them takes their scores, languages and words. All else of a passage, of which a search gives
a few, is read when it is looked at.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from index.copies import Copies
from index.query import Query
from index.storage.catalog import Catalog, Words
from index.storage.limits import Limit
from index.storage.vectors import NONE, Allowed, Found, Ids, Vectors, VectorStore
from index.storage.words import WordStore
from index.types import Candidate, Passage

__all__ = ["Candidates", "candidates"]

SPARE = 4  # one passage more for so many is looked at at once: a few copies are usual

Floats = NDArray[np.float64]
Search = Callable[[int, Ids], Found]
"""Takes k and the ids to leave out; gives the ids of the k best and their scores, best first."""


class _Read:
    """What was read of passages so far, by id; what is gone from the catalog is left out."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.words: dict[int, Words] = {}
        self.copies = Copies()
        self._passages: dict[int, Passage] = {}

    def read(self, ids: Iterable[int]) -> None:
        """Read the words of those that were not read before."""
        new = self.catalog.words([*dict.fromkeys(id for id in ids if id not in self.words)])
        self.words |= new
        self.copies.add((id, words.text) for id, words in new.items())

    def texts(self, ids: Sequence[int]) -> list[list[int]]:
        """The ids of each text's passages, in the order given."""
        self.read(ids)
        texts: dict[int, list[int]] = {}
        for id in ids:
            if id in self.words:
                texts.setdefault(self.copies.original[id], []).append(id)
        return list(texts.values())

    def has_copies(self, ids: Sequence[int]) -> bool:
        """Whether two of these are copies of one text, or any is gone; sooner than `texts`."""
        self.read(ids)
        original = self.copies.original
        return len({original.get(id) for id in ids} - {None}) < len(ids)

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """The passages of those that are still there."""
        new = [id for id in ids if id not in self._passages]
        if new:
            self._passages |= self.catalog.passages(new)
        return {id: self._passages[id] for id in ids if id in self._passages}


class Candidates:
    """What one question brings up, unranked, with copies.

    ``ids`` int64 [n]; ``dense`` float64 [n], the cosines, NaN in all where none is known;
    ``lexical`` float64 [n], BM25 scores, NaN where a passage is not among the lexical best. A
    passage that is removed before it is read is left out of what is read.
    """

    __slots__ = ("_read", "dense", "ids", "lexical")

    def __init__(self, ids: Ids, dense: Floats, lexical: Floats, read: _Read) -> None:
        self.ids = ids
        self.dense = dense
        self.lexical = lexical
        self._read = read

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Candidate]:
        return (one for _, one in self.read(range(len(self))))

    def read(self, places: Iterable[int]) -> Iterator[tuple[int, Candidate]]:
        """The candidates in these places, with their place."""
        ids = self.ids.tolist()
        places = list(places)
        passages = self._read.passages([ids[place] for place in places])
        for place in places:
            if passage := passages.get(ids[place]):
                dense, lexical = float(self.dense[place]), float(self.lexical[place])
                yield (
                    place,
                    Candidate(
                        ids[place],
                        passage,
                        math.nan if math.isnan(dense) else dense,  # one NaN is equal to itself
                        None if math.isnan(lexical) else lexical,
                    ),
                )

    def read_ahead(self, ids: Iterable[int]) -> None:
        """Read passages, also of other questions asked together with this one, at once."""
        self._read.passages([*dict.fromkeys(ids)])

    def words(self) -> list[Words]:
        """The words of each, as they were when it was found."""
        return [self._read.words[id] for id in self.ids.tolist()]

    def originals(self) -> list[int]:
        """Of each, what is equal for those of the same words."""
        return [self._read.copies.original[id] for id in self.ids.tolist()]

    def are_of(self, documents: Collection[str]) -> NDArray[np.bool_]:
        """Of each, whether it is of a document with one of these ids."""
        numbers = set(self._read.catalog.numbers(documents).values())
        return np.array([words.document in numbers for words in self.words()], np.bool_)

    def by_words_alone(self) -> "Candidates":
        """The lexical best, without cosines."""
        kept = ~np.isnan(self.lexical)
        return Candidates(
            self.ids[kept], np.full(kept.sum(), np.nan), self.lexical[kept], self._read
        )

    def merged(self) -> "Candidates":
        """Each text once, by its copy that fits best, with the best cosine that its copies have."""
        originals = self.originals()
        if len(set(originals)) == len(originals):
            return self
        places: dict[int, list[int]] = {}
        for place, original in enumerate(originals):
            places.setdefault(original, []).append(place)
        dense = self.dense.copy()
        kept = [self._best_copy(same, dense) for same in places.values()]
        return Candidates(self.ids[kept], dense[kept], self.lexical[kept], self._read)

    def _best_copy(self, same: Sequence[int], dense: Floats) -> int:
        """The copy that the question's words fit best, then the nearest, then the first."""

        def order(place: int) -> tuple[float, float, int]:
            # Searched by words alone, none has a cosine.
            cosine = 0.0 if math.isnan(dense[place]) else round(float(dense[place]), 5)
            lexical = 0.0 if math.isnan(self.lexical[place]) else float(self.lexical[place])
            return -lexical, -cosine, int(self.ids[place])

        best, *others = same
        for other in others:
            first, second = sorted((best, other), key=order)
            dense[first] = max(dense[first], dense[second])
            best = first
        return best


def candidates(
    catalog: Catalog,
    lexical: WordStore,
    vectors: VectorStore | None,
    queries: Sequence[Query],
    embedded: Vectors | None,
    k: int,
    limit: Limit | None,
) -> list[Candidates]:
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
        words = _best(of_words[place], partial(_lexical, lexical, query, limit), k, read)
        if vectors is None or embedded is None:
            ids, scores = words
            found.append(Candidates(ids, np.full(len(ids), np.nan), scores.astype(float), read))
            continue
        vector = embedded[place]
        dense = _best(near[place], partial(_dense, vectors, vector, allowed), k, read)
        found.append(_joined(vectors, vector, dense, words, read))
    return found


def _joined(
    vectors: VectorStore, vector: Vectors, dense: Found, lexical: Found, read: _Read
) -> Candidates:
    near = set(dense[0].tolist())
    missing = [id for id in lexical[0].tolist() if id not in near]
    ids = np.concatenate([dense[0], np.array(missing, np.int64)])
    cosines = np.concatenate([dense[1], vectors.scores(vector, missing)]).astype(np.float64)
    scores = dict(zip(lexical[0].tolist(), lexical[1].tolist(), strict=True))
    words = np.array([scores.get(id, math.nan) for id in ids.tolist()], np.float64)
    there = ~np.isnan(cosines)  # neither removed since nor without vector
    return Candidates(ids[there], cosines[there], words[there], read)


def _lexical(store: WordStore, query: Query, limit: Limit | None, k: int, excluded: Ids) -> Found:
    return store.search(query, k, limit, excluded)


def _dense(
    store: VectorStore, vector: Vectors, allowed: Allowed | None, k: int, excluded: Ids
) -> Found:
    return store.search(vector, k, allowed, excluded)


def _first(k: int) -> int:
    """How many are looked at first for k texts."""
    return k + k // SPARE


def _best(first: Found, search: Search, k: int, read: _Read) -> Found:
    """The passages of the k best texts with their scores, best first.

    Where the ``first`` found hold too few texts, their copies are left out and it is searched
    again.
    """
    asked, excluded, found = _first(k), NONE, first
    while True:
        ids, scores = found
        every = ids.tolist()
        if len(every) >= k and not read.has_copies(every[:k]):  # as a rule
            return ids[:k], scores[:k]  # the spare ones are not even read
        texts = read.texts(every)
        if len(texts) >= k or len(ids) < asked:
            kept = {id for same in texts[:k] for id in same}
            places = [place for place, id in enumerate(every) if id in kept]
            return ids[places], scores[places]
        copies = [id for same in texts for id in same[1:]]
        again = read.catalog.copies(read.passages(copies).values())
        originals = [same[0] for same in texts]
        excluded = np.setdiff1d(np.concatenate([excluded, again, copies]), originals)
        asked *= 2
        found = search(asked, excluded)
