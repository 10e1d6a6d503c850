"""The lowest confidence from which on answers keep a promise: at most some share of them wrong.

The share that is wrong among the questions answered from a threshold on is its selective risk. A
search for the lowest threshold whose bound looks good would break the promise: of many bounds that
each hold with 95 % one is soon too low by chance, and just that one would be chosen. So thresholds
are tested in an order that is fixed before any answer is judged, the strictest first, each by the
exact binomial test at the whole level, and the first that fails ends it: fixed-sequence testing.
All that passed before then keep the promise together, so the last of them may be chosen.

The order is by how many of the questions are answered. The promise holds for questions that are
drawn as those given were, if below the first threshold that breaks it the lower ones do as well,
as they do where less sure answers are not righter. `tests/qa/calibration` draws many sets of
questions and counts how often it is broken.

- A. N. Angelopoulos, S. Bates, E. J. Candès, M. I. Jordan, L. Lei, "Learn then Test: Calibrating
  predictive algorithms to achieve risk control", 2021, arXiv:2110.01052: the tests and their order.
- Y. Geifman, R. El-Yaniv, "Selective classification for deep neural networks", NeurIPS 2017,
  arXiv:1705.08500: a threshold with guaranteed risk, at order statistics of the confidence, by
  binomial bounds.
- S. Bates, A. Angelopoulos, L. Lei, J. Malik, M. I. Jordan, "Distribution-free, risk-controlling
  prediction sets", Journal of the ACM 68(6), 2021, arXiv:2101.02703: the sequence of bounds for a
  risk that grows one way.
- H. Papadopoulos, K. Proedrou, V. Vovk, A. Gammerman, "Inductive confidence machines for
  regression", ECML 2002: what is split off the training data sets the threshold, now called split
  conformal prediction. The questions given here must not have been trained on either.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.calibration.binomial import answers_needed, cdf, upper_bound

__all__ = ["Choice", "Level", "choose", "steps"]

STEP = (
    1.1  # from one test to the next, of the number of answers: more tests are more chances to end
)
PATIENCE = 5  # times the fewest answers, for which the first test allows one wrong answer more


@dataclass(frozen=True, slots=True)
class Level:
    """What answering from a confidence of ``threshold`` on came to.

    ``bound`` is the Clopper-Pearson bound on the share that is wrong. After choosing it is a
    description; what is promised is the share that was asked for.
    """

    threshold: float
    answers: int
    wrong: int
    bound: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The lowest threshold that keeps the promise, and the one at which the testing ended.

    ``chosen`` is None where not even the strictest one does, ``failed`` where none failed.
    """

    chosen: Level | None
    failed: Level | None


def choose(cases: Sequence[tuple[float, bool]], share: float, confidence: float) -> Choice:
    """The lowest threshold whose answers are wrong in at most ``share``, with this confidence.

    A case is the confidence of a quote and whether it answers the question rightly. Raises
    ValueError for a share or a confidence that is not between 0 and 1.
    """
    ordered = sorted(cases, key=lambda case: -case[0])
    chosen: tuple[float, int, int] | None = None
    for number in steps(len(ordered), share, confidence):
        threshold = ordered[number - 1][0]
        rights = [is_right for sure, is_right in ordered if sure >= threshold]
        tested = threshold, len(rights), len(rights) - sum(rights)
        if cdf(tested[2], tested[1], share) > 1 - confidence:
            return Choice(_level(chosen, confidence), _level(tested, confidence))
        chosen = tested
    return Choice(_level(chosen, confidence), None)


def _level(tested: tuple[float, int, int] | None, confidence: float) -> Level | None:
    """A threshold, its answers and the wrong ones among them, with the bound."""
    if tested is None:
        return None
    threshold, answers, wrong = tested
    return Level(threshold, answers, wrong, upper_bound(wrong, answers, confidence))


def steps(questions: int, share: float, confidence: float) -> list[int]:
    """How many of the questions, the surest first, are answered in each test, in the order of them.

    They depend on no answer. The first is the fewest that may keep the promise; of many questions
    it allows a wrong answer or more, for one mishap at the top shall not end it. None where there
    are too few questions.
    """
    fewest = answers_needed(share, confidence)
    number = answers_needed(share, confidence, questions // (PATIENCE * fewest))
    numbers = []
    while number < questions:
        numbers.append(number)
        number = max(number + 1, int(number * STEP))
    return [*numbers, questions] if questions >= fewest else []
