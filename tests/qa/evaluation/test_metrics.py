"""Figures of confidence and answers, against their definitions."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation import metrics as measures

CONFIDENCES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.8, 1.0]), min_size=1, max_size=12)
CASES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=20)


@given(CONFIDENCES, CONFIDENCES)
def test_auroc(positive: list[float], negative: list[float]) -> None:
    """It is the share of pairs that are in order, equal ones counting half."""
    pairs = [(p > n) + (p == n) / 2 for p, n in product(positive, negative)]
    assert measures.auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs))


def test_auroc_needs_both_kinds() -> None:
    """With one kind alone there is nothing to tell apart."""
    with pytest.raises(ValueError, match="both"):
        measures.auroc([0.5], [])


@given(CASES)
def test_bins(cases: list[tuple[float, bool]]) -> None:
    """Every case is in the one bin that holds its confidence; 1 belongs to the last."""
    confidences, true = [c for c, _ in cases], [t for _, t in cases]
    bins = measures.bins(confidences, true)
    assert sum(group.count for group in bins) == len(cases)
    for group in bins:
        is_inside = group.low <= group.confidence <= group.high
        assert is_inside or group.confidence == pytest.approx(group.low)
    assert sum(group.count * group.share for group in bins) == pytest.approx(sum(true))


def test_calibration_error() -> None:
    """Two bins, half the cases each: one off by .25, the other by .15."""
    bins = measures.bins([0.25, 0.25, 0.85, 0.85], [True, False, True, True])
    assert [(group.count, group.share) for group in bins] == [(2, 0.5), (2, 1.0)]
    assert measures.calibration_error(bins) == pytest.approx((0.25 + 0.15) / 2)


def test_risk_coverage() -> None:
    """From the surest case down, equal confidences together."""
    curve = measures.risk_coverage([0.2, 0.9, 0.5, 0.5], [False, True, True, False])
    assert curve == [(0.25, 0.0, 0.9), (0.75, 1 / 3, 0.5), (1.0, 0.5, 0.2)]


@pytest.mark.parametrize(
    ("given", "golden", "expected"),
    [
        ("el mar Caspio", ["Mar caspio."], 1.0),
        ("the year 1848", ["1848"], 2 / 3),
        ("octubre de 1848", ["enero de 1849", "en octubre de 1848"], 6 / 7),
        ("pan", ["agua"], 0.0),
        ("pan", [], 0.0),
        ("the", ["el"], 1.0),
    ],
)
def test_token_f1(given: str, golden: list[str], expected: float) -> None:
    """Case, punctuation and articles do not count; the best golden answer does."""
    assert measures.token_f1(given, golden) == pytest.approx(expected)


def test_holds() -> None:
    """Case and white space do not count."""
    assert measures.holds("En el MAR\nCaspio", ["lago", "mar caspio"])
    assert not measures.holds("En el mar", ["mar caspio"])
