"""Readers behind one class: a question and its hits in, the words that answer out."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.readers.evidence import probability
from qa.types import Hit

if TYPE_CHECKING:
    from index.index import Index

__all__ = ["SENTENCES", "CalibratedReader", "Quote", "Reader", "Reading", "load"]

SENTENCES = "sentences"  # the name of the light reader


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

    ``confidence`` estimates the probability that the documents answer the question at all.
    """

    quotes: tuple[Quote, ...]
    confidence: float


class Reader(ABC):
    """Finds the sentences that answer a question among the hits of a search.

    Below ``min_confidence`` its quotes are better not taken for an answer.
    """

    min_confidence: float = 0.5

    @abstractmethod
    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """The quotes that answer, best first; none where there are no hits."""


class CalibratedReader(Reader):
    """A reader whose confidence is a logistic model of a few measures of its best quote.

    A subclass writes `weigh` and sets ``min_confidence`` and ``calibrations``: for each number of
    measures that it may give, the bias and the weights. ``python -m training.confidence`` fits all
    of them.
    """

    calibrations: Sequence[Sequence[float]]

    @abstractmethod
    def weigh(
        self, question: str, hits: Sequence[Hit]
    ) -> tuple[tuple[Quote, ...], tuple[float, ...]]:
        """The quotes, best first, and the measures of what speaks for their being an answer."""

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """The quotes that answer, best first; none where there are no hits."""
        quotes, measures = self.weigh(question, hits)
        if not quotes:
            return Reading((), 0.0)
        size = len(measures) + 1
        bias, *weights = next(fitted for fitted in self.calibrations if len(fitted) == size)
        return Reading(quotes, probability(bias, weights, measures))


def load(index: "Index", name: str | Path | None = None) -> Reader:
    """The bundled span reader (None), the light one ("sentences"), or a span reader by its folder.

    Raises ModelError when there is none in the folder.
    """
    if name == SENTENCES:
        from qa.readers.sentences import SentenceReader

        return SentenceReader(index)
    from qa.readers.spans import SpanReader

    return SpanReader(index) if name is None else SpanReader(index, Path(name))
