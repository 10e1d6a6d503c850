"""Exact bounds on a share that was counted, such as that of wrong answers.

Of ``answers`` questions that are drawn alike and independently ``wrong`` came out wrong. The bound
is that of Clopper and Pearson, one-sided: the share at which so few, or fewer, would be seen with
the probability ``1 - confidence`` only. No approximation is made, so it also holds for few.

C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case
of the binomial", Biometrika 26(4), 1934, 404-413.
"""

from math import exp, fsum, lgamma, log, log1p

__all__ = ["answers_needed", "cdf", "upper_bound"]


def cdf(wrong: int, answers: int, share: float) -> float:
    """The probability of at most ``wrong`` among ``answers``, each wrong with ``share``.

    Raises ValueError for counts or a share that cannot be.
    """
    _check(wrong, answers)
    if not 0 <= share <= 1:
        raise ValueError(f"a share is from 0 to 1, not {share}")
    if share == 0 or wrong == answers:
        return 1.0
    if share == 1:
        return 0.0
    whole, yes, no = lgamma(answers + 1), log(share), log1p(-share)
    terms = (
        whole - lgamma(k + 1) - lgamma(answers - k + 1) + k * yes + (answers - k) * no
        for k in range(wrong + 1)
    )
    return min(1.0, fsum(map(exp, terms)))


def upper_bound(wrong: int, answers: int, confidence: float) -> float:
    """The Clopper-Pearson bound: with this confidence the share is not greater.

    1 where all were wrong, or none was counted. Raises ValueError for counts that cannot be, or a
    confidence that is not between 0 and 1.
    """
    _check(wrong, answers)
    rest = 1 - _between(confidence)
    if wrong == answers:
        return 1.0
    low, high = wrong / answers, 1.0
    while low < (middle := (low + high) / 2) < high:
        if cdf(wrong, answers, middle) > rest:
            low = middle
        else:
            high = middle
    return high


def answers_needed(share: float, confidence: float, wrong: int = 0) -> int:
    """The fewest answers with ``wrong`` wrong ones among them whose bound is at most ``share``.

    For a share of .05 and a confidence of .95: 59 without a wrong one, 93 with one, 124 with two.
    Raises ValueError for a share or a confidence that is not between 0 and 1.
    """
    rest = 1 - _between(confidence)
    enough = wrong + 1
    while cdf(wrong, enough, _between(share)) > rest:
        enough *= 2
    few = wrong  # too few: among so many all are wrong
    while enough - few > 1:
        middle = (few + enough) // 2
        if cdf(wrong, middle, share) > rest:
            few = middle
        else:
            enough = middle
    return enough


def _check(wrong: int, answers: int) -> None:
    if not 0 <= wrong <= answers:
        raise ValueError(f"{wrong} wrong among {answers} cannot be")


def _between(value: float) -> float:
    if not 0 < value < 1:
        raise ValueError(f"it lies between 0 and 1, and {value} does not")
    return value
