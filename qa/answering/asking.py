"""One question asked in the ways in which it may be meant, and which of the answers is given."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.query import Query
from qa.answering.plausible import is_plausible
from qa.answering.trace import Step
from qa.answering.versions import completed
from qa.answering.wholes import shaped
from qa.conversation.interpret import LEAST, Interpretation
from qa.readers import Reader
from qa.search.retriever import Retriever, Search
from qa.types import Turn

__all__ = ["Asking"]

LEAST_CONFIDENCE = 1e-6  # of an answer that a caller wants at any confidence


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked, and within which limits.

    ``hits`` is how many a reader gets; ``documents`` limits the search where it is not None.
    """

    retriever: Retriever
    reader: Reader
    min_confidence: float
    hits: int
    documents: Sequence[str] | None
    history: Sequence[Turn]

    def searched(self, ways: Sequence[Interpretation]) -> tuple[Sequence[Interpretation], Search]:
        """The interpretations that are left, and what is found for the first of them."""
        search = self._find(ways[0])
        if ways[0].if_better:
            plain = self._find(ways[1])
            if _best_score(plain) >= _best_score(search):
                return [replace(ways[1], probability=1.0)], plain
        return ways, search

    def likeliest(self, ways: Sequence[Interpretation], search: Search) -> tuple[Step, bool]:
        """The step with the likeliest answer, and whether it is one; ``search`` is the first's.

        An interpretation is read only while a sure answer to it would be likelier than the best.
        """
        first, *others = ways
        step = self.read(first.query, search)
        best = first.probability * self.confidence(step)
        for other in others:
            if other.probability <= best or other.probability < LEAST:
                continue
            read = self.read(other.query, self._find(other))
            worth = other.probability * self.confidence(read)
            if worth > best:
                step, best = read, worth
        return step, best > 0

    def _find(self, way: Interpretation) -> Search:
        documents = self.documents if way.within is None else way.within
        if self.documents is not None and way.within is not None:
            documents = [id for id in self.documents if id in way.within]
        return self.retriever.find(way.query, self.hits, documents)

    def read(self, query: Query, search: Search) -> Step:
        """What the reader finds: the whole that is asked for, and what other versions say."""
        retriever = self.retriever
        reading = self.reader.read(search.query, search.hits)
        reading = shaped(search, reading, retriever.index, retriever.settings.answers)
        return Step(query, search, completed(search, reading))

    def confidence(self, step: Step) -> float:
        """How sure an answer is; 0 where there is none, or what is quoted cannot be one."""
        reading = step.reading
        if not reading.quotes or reading.confidence < self.min_confidence:
            return 0.0
        if not is_plausible(step.query, reading, self.history):
            return 0.0
        return max(reading.confidence, LEAST_CONFIDENCE)


def _best_score(search: Search) -> float:
    return max((hit.score for hit in search.hits), default=-math.inf)
