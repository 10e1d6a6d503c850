"""What a check says of a sentence."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Reason", "Span", "Verdict"]

Span = tuple[int, int]


class Reason(StrEnum):
    """Why a sentence is not supported by its passages."""

    NUMBER = "number"  # a number, share, time or numbered part that they lack or give otherwise
    DATE = "date"
    NAME = "name"
    QUOTE = "quote"  # words in quotation marks that do not stand there
    NEGATION = "negation"  # or the other one of two sides, as "a favor" and "en contra"
    ROLE = "role"  # a value that belongs to something else there, or who did it to whom
    WORDS = "words"  # words that nothing there matches
    UNSUPPORTED = "unsupported"  # the reader does not find it said
    NO_CITATION = "no citation"  # there is no passage to compare it with


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether passages support a sentence; if not, why, and which ``words`` of it offend.

    ``evidence`` holds for each passage, in order, where in its text the sentence's support stands:
    offsets in ``passage.text``, the same twice where it has no part in it.
    """

    supported: bool
    reason: Reason | None = None
    words: str = ""
    evidence: tuple[Span, ...] = ()
