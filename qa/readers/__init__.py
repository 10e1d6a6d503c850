"""Readers behind one class: a question and its hits in, the words that answer out.

A reader chooses what is quoted and says how sure it is. Nothing here searches, and nothing here
knows of a conversation.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.query import Query
from index.text.hashing import content_hash
from qa.calibration.collections import CollectionBound
from qa.readers.evidence import probability
from qa.settings import SETTINGS, Settings
from qa.types import Hit

if TYPE_CHECKING:
    from index.index import Index

__all__ = ["SENTENCES", "CalibratedReader", "Calibration", "Evidence", "Quote", "Reader"]
__all__ += ["Reading", "identity_of", "load"]

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
    ``notes`` say of the quotes what no document says.
    """

    quotes: tuple[Quote, ...]
    confidence: float
    notes: tuple[str, ...] = ()


class Reader(ABC):
    """Finds the sentences that answer a question among the hits of a search.

    Below ``min_confidence`` its quotes are better not taken for an answer.
    """

    min_confidence: float = 0.5

    @abstractmethod
    def read(self, query: Query, hits: Sequence[Hit]) -> Reading:
        """The quotes that answer, best first; none where there are no hits."""

    @property
    def identity(self) -> str:
        """What tells it from readers that may be sure of other quotes: its class, by default."""
        return f"{type(self).__module__}.{type(self).__qualname__}"

    @property
    def bounds(self) -> tuple[CollectionBound, ...]:
        """How often it was wrong from ``min_confidence`` on, by kind of collection, if known."""
        return ()


def identity_of(name: str, *parts: object) -> str:
    """A reader's identity: its name, and a digest of all that its confidence depends on."""
    return f"{name}@{content_hash(repr(parts))[:12]}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Quotes, best first, and the features of the best one that its confidence is made of.

    ``calibration`` names the one that was fitted for just these features, in this order. Where
    something else speaks for the answer, its confidence is ``least`` at least, 0 to 1.
    """

    quotes: tuple[Quote, ...]
    calibration: str = ""
    features: tuple[float, ...] = ()
    least: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic model of features: the probability that the words answer.

    It is multiplied by that of ``about``, if there is one: that the passage is about what is asked.
    So much of the one does not make up for little of the other, as in a sum.
    """

    bias: float
    weights: tuple[float, ...]
    about: "Calibration | None" = None

    def confidence(self, features: Sequence[float]) -> float:
        """The probability, 0 to 1; raises ValueError for another number of features."""
        own = probability(self.bias, self.weights, features)
        return own * self.about.confidence(features) if self.about else own


class CalibratedReader(Reader):
    """A reader whose confidence is a logistic model of a few features of its best quote.

    A subclass writes `extract_features` and sets ``min_confidence`` and ``calibrations``, by the
    names that its evidence has. ``python -m training.confidence`` fits all of them.
    """

    calibrations: Mapping[str, Calibration]

    @abstractmethod
    def extract_features(self, query: Query, hits: Sequence[Hit]) -> Evidence:
        """The quotes, best first, and what speaks for their being an answer."""

    def read(self, query: Query, hits: Sequence[Hit]) -> Reading:
        """The quotes that answer, best first; none where there are no hits."""
        evidence = self.extract_features(query, hits)
        if not evidence.quotes:
            return Reading((), 0.0)
        calibration = self.calibrations[evidence.calibration]
        confidence = max(evidence.least, calibration.confidence(evidence.features))
        return Reading(evidence.quotes, confidence)


def load(
    index: "Index", name: str | Path | None = None, *, settings: Settings = SETTINGS
) -> Reader:
    """The bundled span reader (None), the light one ("sentences"), or a span reader by its folder.

    Raises ModelError when there is none in the folder.
    """
    if name == SENTENCES:
        from qa.readers.sentences import SentenceReader

        return SentenceReader(index, settings=settings)
    from qa.readers.spans import BUNDLED, SpanReader

    return SpanReader(index, BUNDLED if name is None else Path(name), settings=settings)
