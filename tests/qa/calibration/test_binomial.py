"""Exact bounds on a share: published values, and what must hold of any."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qa.calibration.binomial import answers_needed, cdf, upper_bound


@pytest.mark.parametrize(
    ("wrong", "answers", "confidence", "bound"),
    [
        # The upper ends of two-sided 95 % intervals are one-sided bounds of 97.5 %.
        (0, 10, 0.975, 0.3085),
        (1, 10, 0.975, 0.4450),
        (10, 100, 0.975, 0.1762),
        (0, 10, 0.95, 0.2589),
        (0, 59, 0.95, 0.0495),
        (0, 58, 0.95, 0.0503),
        (3, 3, 0.95, 1.0),
        (0, 0, 0.95, 1.0),
    ],
)
def test_published_values(wrong: int, answers: int, confidence: float, bound: float) -> None:
    """The bound is that of the tables of Clopper and Pearson."""
    assert upper_bound(wrong, answers, confidence) == pytest.approx(bound, abs=5e-5)


def test_answers_needed() -> None:
    """The sample sizes of Wilks, by how many of the answers are wrong."""
    assert [answers_needed(0.05, 0.95, wrong) for wrong in range(6)] == [59, 93, 124, 153, 181, 208]
    assert [answers_needed(0.1, 0.95), answers_needed(0.01, 0.95)] == [29, 299]
    assert answers_needed(0.05, 0.99) == 90


Counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n - 1), st.just(n)))
Confidence = st.floats(0.5, 0.999)


@given(Counts, Confidence)
@settings(max_examples=50, deadline=None)
def test_so_few_are_seen_with_the_rest_of_the_probability(
    counts: tuple[int, int], confidence: float
) -> None:
    """At the bound, so few wrong ones or fewer have just the probability that is left over."""
    bound = upper_bound(*counts, confidence)
    assert counts[0] / counts[1] < bound < 1
    assert cdf(*counts, bound) == pytest.approx(1 - confidence, rel=1e-6)


@given(Counts, Confidence, Confidence)
@settings(max_examples=50, deadline=None)
def test_more_is_worse(counts: tuple[int, int], one: float, other: float) -> None:
    """More wrong, fewer answers or more confidence give no smaller bound."""
    wrong, answers = counts
    assume(wrong + 1 < answers)
    assert upper_bound(wrong, answers, one) < upper_bound(wrong + 1, answers, one)
    assert upper_bound(wrong, answers, one) < upper_bound(wrong, answers - 1, one)
    assert upper_bound(*counts, min(one, other)) <= upper_bound(*counts, max(one, other))


@given(st.integers(0, 5), st.floats(0.02, 0.6), Confidence)
@settings(max_examples=50, deadline=None)
def test_one_answer_less_is_too_few(wrong: int, share: float, confidence: float) -> None:
    """The number needed is the first whose bound is within the share."""
    needed = answers_needed(share, confidence, wrong)
    assert upper_bound(wrong, needed, confidence) <= share + 1e-9
    assert upper_bound(wrong, needed - 1, confidence) > share - 1e-9


def test_many_answers() -> None:
    """Large counts neither overflow nor take long."""
    assert 0.0277 < upper_bound(250, 10_000, 0.95) < 0.0278
    assert 0.0010 < upper_bound(1_000, 1_000_000, 0.95) < 0.0011


@pytest.mark.parametrize("counts", [(-1, 3), (4, 3)])
def test_counts_that_cannot_be(counts: tuple[int, int]) -> None:
    """More wrong than there are, or fewer than none."""
    with pytest.raises(ValueError, match="cannot be"):
        upper_bound(*counts, 0.95)


@pytest.mark.parametrize("value", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_shares_that_cannot_be(value: float) -> None:
    """A confidence or a share at the ends, or beyond, bounds nothing."""
    for call in (lambda: upper_bound(0, 5, value), lambda: answers_needed(value, 0.95)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            call()
    assert (cdf(1, 5, 0.0), cdf(1, 5, 1.0), cdf(5, 5, 1.0)) == (1.0, 0.0, 1.0)
