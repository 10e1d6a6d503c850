"""The threshold that `qa calibrate` found, kept with its index, and whether it still holds.

It was found for the answers of one reader over the vectors of one embedding model. With another
reader or model it says nothing, and the reader's own threshold is used.
"""

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from index.index import Index

__all__ = ["Answering", "StoredThreshold", "forget", "holding", "keep", "stored", "threshold_for"]
__all__ += ["why_void"]

_NAME = "calibration"


class Answering(Protocol):
    """What is asked of a `qa.readers.Reader`, or of what describes one."""

    @property
    def identity(self) -> str:
        """What tells it from other readers."""

    @property
    def min_confidence(self) -> float:
        """Its own threshold."""


@dataclass(frozen=True, slots=True)
class StoredThreshold:
    """Answers from ``threshold`` on are wrong in at most ``share``, with ``confidence``.

    It was found on ``questions`` of the user's, of which ``answers`` were then answered and
    ``wrong`` of these wrongly; ``bound`` is the Clopper-Pearson bound of that. ``date`` is
    YYYY-MM-DD; ``reader`` and ``model`` are identities; ``generation`` counts the changes of the
    index until then.
    """

    threshold: float
    share: float
    confidence: float
    questions: int
    answers: int
    wrong: int
    bound: float
    date: str
    reader: str
    model: str
    generation: int

    @property
    def sentence(self) -> str:
        """What it promises, and where it is from."""
        return (
            f"calibrated {self.date} on {self.questions} questions: at most {self.share:.1%} of "
            f"the answers wrong, with {self.confidence:.0%} confidence"
        )


def keep(index: "Index", threshold: StoredThreshold) -> None:
    """Store it with the index, in place of an earlier one; raises IndexStateError if it cannot."""
    index.keep_setting(_NAME, json.dumps(asdict(threshold)))


def forget(index: "Index") -> bool:
    """Forget what is stored; whether anything was. Raises IndexStateError if it cannot."""
    if index.setting(_NAME) is None:
        return False
    index.keep_setting(_NAME, None)
    return True


def stored(index: "Index") -> StoredThreshold | None:
    """What is stored; None where nothing is, or nothing that this release can read."""
    text = index.setting(_NAME)
    if text is None:
        return None
    try:
        values: dict[str, Any] = json.loads(text)
        found = StoredThreshold(
            **{field.name: values[field.name] for field in fields(StoredThreshold)}
        )
        usable = 0 <= found.threshold <= 1
    except (ValueError, TypeError, KeyError):
        return None
    return found if usable else None


def holding(index: "Index", reader: Answering) -> StoredThreshold | None:
    """What is stored, if it holds for the answers of this reader."""
    found = stored(index)
    return found if found and why_void(found, index, reader.identity) is None else None


def threshold_for(index: "Index", reader: Answering) -> float:
    """The confidence below which there is no answer: what is stored and holds, or the reader's."""
    found = holding(index, reader)
    return reader.min_confidence if found is None else found.threshold


def why_void(threshold: StoredThreshold, index: "Index", reader: str) -> str | None:
    """What has changed, in a few words, so that it holds no more; None while it holds.

    ``reader`` is the identity of the reader that would answer.
    """
    if threshold.model != index.identity:
        return f"the embedding model was {threshold.model}"
    if index.warning is not None:
        return "the index is searched by words alone"
    if threshold.reader != reader:
        return f"the reader was {threshold.reader}"
    return None
