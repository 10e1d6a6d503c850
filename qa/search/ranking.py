"""The ranking of candidates: the scores of both searches fused, each text once."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.candidates import Candidates
from index.query import Query
from index.text.numbers import asked_parts, number_words
from index.types import Candidate
from qa.search.fusion import fuse
from qa.search.mentions import quoted_in
from qa.settings import SETTINGS, SearchSettings

__all__ = ["Ranked", "Ranking", "holding", "rank"]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate and its fused score, which is higher-is-better."""

    candidate: Candidate
    score: float


class Ranking:
    """Candidates, best first, which are read when they are looked at."""

    def __init__(
        self, candidates: Candidates, places: NDArray[np.int64], scores: NDArray[np.float64]
    ) -> None:
        """``places``: those of the candidates, in their order; ``scores``: float64 [candidates]."""
        self._candidates = candidates
        self._places = places
        self._scores = scores

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Ranked]:
        return iter(self.all)

    @cached_property
    def all(self) -> tuple[Ranked, ...]:
        """All of them, without those that were removed since."""
        return tuple(self._read(0, len(self)))

    def best(self, count: int) -> list[Ranked]:
        """The best so many, without those that were removed since."""
        found: list[Ranked] = []
        at = 0
        while len(found) < count and at < len(self):
            until = at + count - len(found)
            found += self._read(at, until)
            at = until
        return found

    def _read(self, start: int, end: int) -> Iterator[Ranked]:
        for place, candidate in self._candidates.read(self._places[start:end].tolist()):
            yield Ranked(candidate, float(self._scores[place]))

    def ids(self, count: int) -> list[int]:
        """The ids of the best so many passages."""
        found: list[int] = self._candidates.ids[self._places[:count]].tolist()
        return found

    def read_ahead(self, ids: list[int]) -> None:
        """Read these passages at once, those of rankings made together."""
        self._candidates.read_ahead(ids)

    def with_texts(self, holds: Callable[[str], bool]) -> "Ranking":
        """Those whose text is as asked for; all where none is."""
        words = self._candidates.words()
        held = [place for place in self._places.tolist() if holds(words[place].text)]
        return Ranking(self._candidates, np.array(held), self._scores) if held else self


def rank(
    query: Query,
    candidates: Candidates,
    settings: SearchSettings = SETTINGS.search,
    preferred: Collection[str] = (),
) -> Ranking:
    """Candidates with their fused scores, best first; equal texts are merged before.

    ``preferred`` are the ids of documents whose title the question names.
    """
    candidates = candidates.merged()
    if not len(candidates):
        return Ranking(candidates, np.empty(0, np.int64), np.empty(0))
    # Words that may be either language, like a name alone, are taken for the passage's.
    language = query.language
    alike = [language in {None, words.language} for words in candidates.words()]
    lexical = np.where(np.isnan(candidates.lexical), 0.0, candidates.lexical)
    scores = fuse(candidates.dense, lexical, np.array(alike), settings)
    named = set(asked_parts(query.text))
    if named:
        scores = scores + settings.named_part * _are_named(named, candidates)
    if preferred:
        scores = scores + settings.named_title * candidates.are_of(preferred)
    return Ranking(candidates, np.lexsort((candidates.ids, -scores)), scores)


def _are_named(named: Collection[str], candidates: Candidates) -> NDArray[np.bool_]:
    """Of each candidate, whether it is of an article or chapter that the question names.

    The model hardly tells numbers apart.
    """
    found = np.zeros(len(candidates), np.bool_)
    for place, candidate in candidates.read(range(len(candidates))):
        found[place] = not set(named).isdisjoint(number_words(candidate.passage.indexed_text))
    return found


def holding(question: str, ranking: Ranking) -> Ranking:
    """Of the ranking, what holds the phrases that the question quotes, where anything does."""
    phrases = quoted_in(question)
    if not phrases:
        return ranking
    return ranking.with_texts(lambda text: all(any(phrase.spans(text)) for phrase in phrases))
