"""How good answers and their confidence are: pure functions of lists.

A confidence, here, is a probability from 0 to 1.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

__all__ = [
    "Bin",
    "auroc",
    "bins",
    "calibration_error",
    "holds",
    "plain",
    "risk_coverage",
    "token_f1",
]

_ARTICLES = frozenset(["el", "la", "los", "las", "un", "una", "unos", "unas", "a", "an", "the"])


@dataclass(frozen=True, slots=True)
class Bin:
    """The cases whose confidence lies between ``low`` and ``high``.

    ``confidence`` is their mean confidence, ``share`` the share of them that are true.
    """

    low: float
    high: float
    count: int
    confidence: float
    share: float


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The probability that a positive case scores above a negative one; equal scores count half.

    Raises ValueError when either is empty.
    """
    if not positive or not negative:
        raise ValueError("both kinds of case are needed")
    ordered = sorted([(score, 1) for score in positive] + [(score, 0) for score in negative])
    below = 0
    wins = 0.0
    for _, group in groupby(ordered, key=lambda case: case[0]):
        kinds = [kind for _, kind in group]
        ones = sum(kinds)
        wins += ones * (below + (len(kinds) - ones) / 2)
        below += len(kinds) - ones
    return wins / (len(positive) * len(negative))


def bins(confidences: Sequence[float], true: Sequence[bool], number: int = 10) -> list[Bin]:
    """The cases by confidence, in ``number`` bins of equal width; bins without cases left out."""
    cases: dict[int, list[tuple[float, bool]]] = {}
    for confidence, is_true in zip(confidences, true, strict=True):
        place = min(int(confidence * number), number - 1)
        cases.setdefault(place, []).append((confidence, is_true))
    return [
        Bin(
            place / number,
            (place + 1) / number,
            len(in_bin),
            sum(confidence for confidence, _ in in_bin) / len(in_bin),
            sum(is_true for _, is_true in in_bin) / len(in_bin),
        )
        for place, in_bin in sorted(cases.items())
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error: the mean over cases of |confidence - share| of their bin.

    As M. P. Naeini, G. F. Cooper and M. Hauskrecht define it in "Obtaining well calibrated
    probabilities using Bayesian binning", AAAI 2015, with bins of equal width. Of few cases it
    comes out too large.
    """
    total = sum(group.count for group in bins)
    return sum(group.count * abs(group.confidence - group.share) for group in bins) / total


def risk_coverage(
    confidences: Sequence[float], right: Sequence[bool]
) -> list[tuple[float, float, float]]:
    """For each threshold: the share of cases answered, the share of those wrong, the threshold.

    From the highest threshold down; cases of equal confidence are answered together.
    """
    ordered = sorted(zip(confidences, right, strict=True), key=lambda case: -case[0])
    answered = wrong = 0
    points = []
    for confidence, group in groupby(ordered, key=lambda case: case[0]):
        for _, is_right in group:
            answered += 1
            wrong += not is_right
        points.append((answered / len(ordered), wrong / answered, confidence))
    return points


def token_f1(answer: str, golden: Sequence[str]) -> float:
    """SQuAD's F1 of the words that two texts share, with the best of the golden answers."""
    return max((_f1(_tokens(answer), _tokens(gold)) for gold in golden), default=0.0)


def holds(quote: str, golden: Sequence[str]) -> bool:
    """Whether a golden answer stands in the quote, whatever its case and white space."""
    return any(plain(answer) in plain(quote) for answer in golden)


def plain(text: str) -> str:
    """The text in lower case with single spaces."""
    return " ".join(text.casefold().split())


def _tokens(text: str) -> list[str]:
    folded = unicodedata.normalize("NFC", text).casefold()
    return [word for word in re.findall(r"\w+", folded) if word not in _ARTICLES]


def _f1(words: Sequence[str], golden: Sequence[str]) -> float:
    if not words or not golden:
        return float(words == golden)
    shared = (Counter(words) & Counter(golden)).total()
    return 2 * shared / (len(words) + len(golden))
