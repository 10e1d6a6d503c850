"""From which confidence on there are answers, and what is known of how often they are wrong."""

from dataclasses import dataclass
from typing import Protocol

from index.index import Index
from qa.calibration.collections import CollectionBound
from qa.calibration.stored import Answering, StoredThreshold, stored, why_void

__all__ = ["Standing", "standing"]


class Described(Answering, Protocol):
    """What is asked of a `qa.readers.described.Description`."""

    @property
    def bounds(self) -> tuple[CollectionBound, ...]:
        """How often it was wrong from its own threshold on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """``min_confidence`` is the threshold in use: that of ``stored``, or else the reader's own.

    ``void`` says why what is stored does not hold, None where it does or nothing is stored;
    ``changed`` whether the documents have changed since. ``bounds`` are those that came with the
    reader, for its own threshold.
    """

    min_confidence: float
    stored: StoredThreshold | None
    void: str | None
    changed: bool
    bounds: tuple[CollectionBound, ...]


def standing(index: Index, reader: Described) -> Standing:
    """How an index stands with a reader."""
    found = stored(index)
    void = why_void(found, index, reader.identity) if found else None
    in_use = reader.min_confidence if found is None or void else found.threshold
    changed = found is not None and found.generation != index.generation
    return Standing(in_use, found, void, changed, reader.bounds)
