"""Readers behind one class: a question and its hits in, the words that answer out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from qa.types import Hit

__all__ = ["Quote", "Reader", "Reading"]


@dataclass(frozen=True, slots=True)
class Quote:
    """One to three sentences of a hit's passage, as offsets in the document.

    ``highlight``: the offsets, in the document, of the very words that answer, or None.
    """

    hit: Hit
    start: int
    end: int
    score: float
    highlight: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found: quotes, best first, and how far they support an answer.

    ``confidence`` estimates the probability that the quotes answer the question.
    """

    quotes: tuple[Quote, ...]
    confidence: float


class Reader(ABC):
    """Finds the sentences that answer a question among the hits of a search."""

    @abstractmethod
    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """The quotes that answer, best first; none where there are no hits."""
