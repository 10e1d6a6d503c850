"""The choice of a threshold, and how often its promise is broken over many draws of questions."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.calibration.binomial import cdf, upper_bound
from qa.calibration.threshold import Choice, Level, choose, steps

Cases = list[tuple[float, bool]]
SHARE, CONFIDENCE = 0.05, 0.95
DRAWS = 400


def ranked(*right: bool) -> Cases:
    """Cases whose confidences fall from 0.999 in steps of 0.001."""
    return [(1 - number / 1000, is_right) for number, is_right in enumerate(right, 1)]


def test_all_right() -> None:
    """Where nothing is wrong, every question is answered."""
    choice = choose(ranked(*[True] * 70), SHARE, CONFIDENCE)
    assert choice == Choice(Level(1 - 70 / 1000, 70, 0, upper_bound(0, 70, CONFIDENCE)), None)


def test_it_ends_at_the_first_that_fails() -> None:
    """The answers that the failed test added are refused, though later ones would look good."""
    right = [True] * 64 + [False] * 3 + [True] * 200
    choice = choose(ranked(*right), SHARE, CONFIDENCE)
    assert choice.chosen
    assert choice.failed
    assert (choice.chosen.answers, choice.chosen.wrong) == (64, 0)
    assert (choice.failed.answers, choice.failed.wrong) == (70, 3)
    assert upper_bound(3, 267, CONFIDENCE) < SHARE  # a search over all would have taken this


def test_none_keeps_it() -> None:
    """One wrong among the 59 surest is one too many."""
    choice = choose(ranked(*[True] * 58, False, *[True] * 100), SHARE, CONFIDENCE)
    assert choice.chosen is None
    assert choice.failed
    assert (choice.failed.answers, choice.failed.wrong) == (59, 1)


def test_too_few() -> None:
    """Fewer questions than could ever keep the promise are not tested."""
    assert choose(ranked(*[True] * 58), SHARE, CONFIDENCE) == Choice(None, None)
    assert choose([], SHARE, CONFIDENCE) == Choice(None, None)


def test_equal_confidences_are_answered_together() -> None:
    """A threshold cannot part what is equally sure."""
    choice = choose([(0.8, True)] * 100 + [(0.5, False)] * 30, SHARE, CONFIDENCE)
    assert choice.chosen
    assert (choice.chosen.threshold, choice.chosen.answers) == (0.8, 100)
    assert choice.failed
    assert choice.failed.answers == 130


@given(st.integers(0, 3000), st.sampled_from([0.02, 0.05, 0.2]), st.sampled_from([0.8, 0.95]))
@settings(max_examples=50, deadline=None)
def test_steps(questions: int, share: float, confidence: float) -> None:
    """They grow, end with all the questions, and the first can keep the promise."""
    numbers = steps(questions, share, confidence)
    assert numbers == sorted(set(numbers))
    if numbers:
        assert numbers[-1] == questions
        assert cdf(0, numbers[0], share) <= 1 - confidence
    else:
        assert cdf(0, questions, share) > 1 - confidence


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=80))
@settings(max_examples=50, deadline=None)
def test_what_is_chosen_is_counted_right(cases: Cases) -> None:
    """The counts are those of the cases from the threshold on, whatever the order; in bounds."""
    choice = choose(cases, 0.3, 0.8)
    assert choose(cases[::-1], 0.3, 0.8) == choice
    for level in (choice.chosen, choice.failed):
        if level:
            answered = [right for sure, right in cases if sure >= level.threshold]
            assert (level.answers, level.wrong) == (len(answered), answered.count(False))
    assert choice.chosen is None or choice.chosen.bound <= 0.3 + 1e-9
    assert choice.failed is None or choice.failed.bound > 0.3 - 1e-9


def naive(cases: Cases) -> Level | None:
    """What must not be done: the lowest of all thresholds whose bound looks good."""
    ordered = sorted(cases, reverse=True)
    found, wrong = None, 0
    for number, (sure, right) in enumerate(ordered, 1):
        wrong += not right
        if cdf(wrong, number, SHARE) <= 1 - CONFIDENCE:
            found = Level(sure, number, wrong, 0.0)
    return found


def broken(
    choice: Callable[[Cases], Level | None], top: float, slope: float, power: int, questions: int
) -> tuple[float, float]:
    """The shares of draws in which the promise is broken, and in which a threshold is found.

    Confidence is uniform from 0 to 1; a quote of confidence c is wrong with the probability
    ``top + slope * (1 - c) ** power``. Of those from t on, the mean of that is.
    """
    source = random.Random(7)  # noqa: S311
    breaks = found = 0
    for _ in range(DRAWS):
        sure = [source.random() for _ in range(questions)]
        cases = [(c, source.random() >= top + slope * (1 - c) ** power) for c in sure]
        level = choice(cases)
        if level:
            found += 1
            risk = top + slope * (1 - level.threshold) ** power / (power + 1)
            breaks += risk > SHARE
    return breaks / DRAWS, found / DRAWS


@pytest.mark.parametrize(
    ("top", "slope", "power", "questions", "least_found"),
    [
        (0.052, 0.0, 1, 400, 0.0),  # every threshold breaks the promise, just so
        (0.0, 0.25, 1, 300, 0.05),  # the lower 60 % do
        (0.0, 0.5, 3, 300, 0.7),  # the lower 26 % do, and the upper half is nearly always right
        (0.0, 0.08, 2, 400, 0.8),  # all keep it
    ],
)
def test_the_promise_is_kept(
    top: float, slope: float, power: int, questions: int, least_found: float
) -> None:
    """In at most 5 % of the draws, and what chance adds to that, more is wrong than promised."""

    def chosen(cases: Cases) -> Level | None:
        return choose(cases, SHARE, CONFIDENCE).chosen

    breaks, found = broken(chosen, top, slope, power, questions)
    assert breaks <= 0.05 + 2 * (0.05 * 0.95 / DRAWS) ** 0.5
    assert found >= least_found


def test_a_search_over_all_thresholds_breaks_it() -> None:
    """Of many bounds of 95 % one is soon too low by chance, and the search takes just that."""
    breaks, _ = broken(naive, 0.052, 0.0, 1, 400)
    assert breaks > 0.1
