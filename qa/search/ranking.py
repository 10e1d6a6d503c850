"""The ranking of candidates: the scores of both searches fused, each text once."""

import math
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from index.copies import same_words
from index.query import Query
from index.text.numbers import asked_parts, number_words
from index.types import Candidate
from qa.search.fusion import fuse
from qa.search.mentions import quoted_in
from qa.settings import SETTINGS, SearchSettings

__all__ = ["Ranked", "holding", "rank"]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate and its fused score, which is higher-is-better."""

    candidate: Candidate
    score: float


def rank(
    query: Query,
    candidates: Sequence[Candidate],
    settings: SearchSettings = SETTINGS.search,
    preferred: Collection[str] = (),
) -> list[Ranked]:
    """Candidates with their fused scores, best first; equal texts are merged before.

    ``preferred`` are the ids of documents whose title the question names.
    """
    candidates = _merged(candidates)
    if not candidates:
        return []
    # Words that may be either language, like a name alone, are taken for the passage's.
    language = query.language
    alike = [language in {None, candidate.passage.language} for candidate in candidates]
    scores = fuse(
        np.array([candidate.dense for candidate in candidates]),
        np.array([candidate.lexical or 0.0 for candidate in candidates]),
        np.array(alike),
        settings,
    )
    scores = scores + settings.named_part * _are_named(query, candidates)
    if preferred:
        of_named = [candidate.passage.document_id in preferred for candidate in candidates]
        scores = scores + settings.named_title * np.array(of_named)
    ids = np.array([candidate.id for candidate in candidates])
    order = np.lexsort((ids, -scores))
    return [Ranked(candidates[place], float(scores[place])) for place in order]


def _are_named(query: Query, candidates: Sequence[Candidate]) -> NDArray[np.bool_]:
    """Of each candidate, whether it is of an article or chapter that the question names.

    The model hardly tells numbers apart.
    """
    named = set(asked_parts(query.text))
    if not named:
        return np.zeros(len(candidates), np.bool_)
    texts = (candidate.passage.indexed_text for candidate in candidates)
    return np.array([not named.isdisjoint(number_words(text)) for text in texts])


def _merged(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Each text once, with the best scores that its copies have."""
    best: dict[Hashable, Candidate] = {}
    texts = same_words([candidate.passage for candidate in candidates])
    for words, candidate in zip(texts, candidates, strict=True):
        copy = best.get(words)
        best[words] = _better(copy, candidate) if copy else candidate
    return list(best.values())


def _better(one: Candidate, other: Candidate) -> Candidate:
    """The copy that the question's words fit best, then the nearest, then the first."""

    def order(copy: Candidate) -> tuple[float, float, int]:
        # Searched by words alone, none has a cosine.
        cosine = 0.0 if math.isnan(copy.dense) else round(copy.dense, 5)
        return -(copy.lexical or 0.0), -cosine, copy.id

    first, second = sorted((one, other), key=order)
    return replace(first, dense=max(first.dense, second.dense))


def holding(question: str, ranking: list[Ranked]) -> list[Ranked]:
    """Of the ranking, what holds the phrases that the question quotes, where anything does."""
    phrases = quoted_in(question)
    if not phrases:
        return ranking
    texts = (ranked.candidate.passage.text for ranked in ranking)
    holds = [all(any(phrase.spans(text)) for phrase in phrases) for text in texts]
    return list(compress(ranking, holds)) or ranking
