"""How likely a passage answers a question, comparable across questions and collections."""

import math
from collections.abc import Iterable, Sequence
from typing import Protocol

from index.query import Query
from index.text.analysis import STEMMERS
from index.types import Candidate
from qa.settings import SETTINGS, SearchSettings

__all__ = ["Idf", "Rarity", "Weights", "measures", "relevance", "weights"]

Weights = dict[str | None, float]
"""By the language of a passage, the sum of BM25's idf of a question's words in that language."""

SATURATED = 2.2  # BM25's most for a word, of its idf: k1 + 1, with tantivy's k1


class Rarity(Protocol):
    """What knows how rare words are: `index.index.Index`, or an `Idf` that asks it."""

    def idf(self, words: Iterable[str], language: str | None) -> dict[str, float]:
        """As `index.index.Index.idf`."""


class Idf:
    """How rare the words of some questions are: looked up at once, and each only once."""

    def __init__(self, index: Rarity, queries: Sequence[Query]) -> None:
        self._index = index
        self._found: dict[str | None, dict[str, float]] = {}
        for language in STEMMERS:
            # Passages hold no empty word: its weight is that of a word which none holds.
            stems = (stem for query in queries for stem in query.stems(language))
            self.idf(("", *stems), language)

    def idf(self, words: Iterable[str], language: str | None) -> dict[str, float]:
        """As `index.index.Index.idf`."""
        words = list(dict.fromkeys(words))
        found = self._found.setdefault(language, {})
        if new := [word for word in words if word not in found]:
            found |= self._index.idf(new, language)
        return {word: found[word] for word in words}


def weights(query: Query, index: Rarity, languages: Iterable[str | None]) -> Weights:
    """The weight of all words of a question, for passages in these languages."""
    found = {}
    for language in set(languages):
        stems = query.stems(language if language in STEMMERS else "es")
        found[language] = sum(index.idf(dict.fromkeys(stems), language).values())
    return found


def measures(candidate: Candidate, query: Query, weights: Weights) -> tuple[float, float, float]:
    """What tells how well a passage fits, whatever else was found.

    The cosine; BM25's score, of the most that the question's words could give (0 to 1), which does
    not grow with the question or the collection; and 1 for a passage in another language, else 0.
    """
    language = candidate.passage.language
    most = SATURATED * weights.get(language, 0.0)
    words = min(1.0, (candidate.lexical or 0.0) / most) if most > 0 else 0.0
    return candidate.dense, words, float(query.language not in {None, language})


def relevance(
    candidate: Candidate,
    query: Query,
    weights: Weights,
    settings: SearchSettings = SETTINGS.search,
) -> float:
    """From 0 to 1, by a logistic function of the `measures`, fitted by training.relevance.

    Where the index is searched by words alone, by the second only.
    """
    cosine, words, across = measures(candidate, query, weights)
    if math.isnan(cosine):
        constant, of_words = settings.relevance_lexical
        logit = constant + of_words * words
    else:
        constant, of_cosine, of_words, of_across = settings.relevance
        logit = constant + of_cosine * cosine + of_words * words + of_across * across
    return 1 / (1 + math.exp(-logit))
