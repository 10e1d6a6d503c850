"""The candidates of a question: the k best texts by vector and the k best by BM25.

Copies of one text count once: a paragraph that stands in every document must not push all else
out of the hundred that are ranked.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.query import Query
from index.storage.bm25 import Lexical
from index.storage.catalog import Catalog
from index.storage.vectors import NONE, Ids, Vectors, VectorStore
from index.types import Candidate, Passage

__all__ = ["candidates"]

SPARE = 4  # one passage more for so many is looked at at once: a few copies are usual

Search = Callable[[int, Ids], tuple[Ids, Vectors]]
"""Takes k and the ids to leave out; gives the ids of the k best and their scores, best first."""


class _Read:
    """Passages read from the catalog so far, by id, each with the words that copies share."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.passages: dict[int, Passage] = {}
        self.words: dict[int, str] = {}

    def read(self, ids: Sequence[int]) -> None:
        """Read what was not read before; what is gone from the catalog is left out."""
        new = self.catalog.passages([id for id in ids if id not in self.passages])
        self.passages |= new
        self.words |= {id: passage.words for id, passage in new.items()}

    def texts(self, ids: Sequence[int]) -> dict[str, list[int]]:
        """The ids of each text's passages, in the order given."""
        self.read(ids)
        texts: dict[str, list[int]] = {}
        for id in ids:
            if id in self.words:
                texts.setdefault(self.words[id], []).append(id)
        return texts


def candidates(
    catalog: Catalog,
    lexical: Lexical,
    vectors: VectorStore | None,
    query: Query,
    vector: NDArray[np.float32] | None,
    k: int,
    documents: Sequence[int] | None,
) -> list[Candidate]:
    """The passages of the k best texts of each search, unranked, copies among them.

    ``documents`` limits both to documents with these numbers. Without vectors, only what BM25 finds
    is found, with NaN for a cosine.
    """
    allowed = None if documents is None else catalog.passage_ids(documents)
    read = _Read(catalog)
    scores = _best(lambda k, excluded: lexical.search(query, k, documents, excluded), k, read)
    if vectors is None or vector is None:
        return [Candidate(id, read.passages[id], math.nan, scores[id]) for id in scores]
    near = _best(lambda k, excluded: vectors.search(vector, k, allowed, excluded), k, read)
    missing = [id for id in scores if id not in near]
    dense = near | dict(zip(missing, vectors.scores(vector, missing).tolist(), strict=True))
    return [
        Candidate(id, read.passages[id], dense[id], scores.get(id))
        for id in dense
        if not math.isnan(dense[id])  # neither removed since nor without vector
    ]


def _best(search: Search, k: int, read: _Read) -> dict[int, float]:
    """The passages of the k best texts with their scores, best first.

    Where the first found hold too few texts, their copies are left out and it is searched again.
    """
    asked, excluded = k + k // SPARE, NONE
    while True:
        ids, scores = (values.tolist() for values in search(asked, excluded))
        texts = read.texts(ids[:k])
        if len(texts) < k:  # the spare ones are read only where they are needed
            texts = read.texts(ids)
        if len(texts) >= k or len(ids) < asked:
            kept = {id for same in list(texts.values())[:k] for id in same}
            return {id: score for id, score in zip(ids, scores, strict=True) if id in kept}
        copies = [id for same in texts.values() for id in same[1:]]
        every = read.catalog.copies(read.passages[id] for id in copies)
        first = [same[0] for same in texts.values()]
        excluded = np.setdiff1d(np.concatenate([excluded, every, copies]), first)
        asked *= 2
