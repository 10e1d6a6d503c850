"""The bounds that a reader comes with: how often it was wrong in each kind of collection."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["CollectionBound", "bounds_of"]


@dataclass(frozen=True, slots=True)
class CollectionBound:
    """Answers from the reader's own threshold on, in one kind of collection.

    ``wrong`` of ``answers`` were, on questions that nothing was fitted on; with ``confidence`` at
    most the share ``bound`` is (`qa.calibration.binomial.upper_bound`).
    """

    collection: str
    answers: int
    wrong: int
    bound: float
    confidence: float


def bounds_of(settings: Mapping[str, Any]) -> tuple[CollectionBound, ...]:
    """Those under ``bounds`` in a reader.json; none where it has no such key.

    Raises KeyError, TypeError or ValueError where they are not what they should be.
    """
    return tuple(
        CollectionBound(
            str(row["collection"]),
            int(row["answers"]),
            int(row["wrong"]),
            float(row["bound"]),
            float(row["confidence"]),
        )
        for row in settings.get("bounds", [])
    )
