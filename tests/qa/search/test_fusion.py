"""Fusion against numbers worked out by hand, and what must hold for any scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.search.fusion import fuse, standardise
from qa.settings import SETTINGS

SHARE, ACROSS = SETTINGS.search.lexical_share, SETTINGS.search.lexical_share_across
scores = st.lists(st.floats(-100, 100, allow_nan=False), min_size=1, max_size=150)


def test_standardise_by_hand() -> None:
    """Less the mean, over the standard deviation (of the population)."""
    assert standardise(np.array([1.0, 2.0, 3.0])) == pytest.approx([-1.2247449, 0, 1.2247449])


def test_standardise_uses_the_best_hundred() -> None:
    """What lies below the best 100 does not move them."""
    best = np.linspace(1, 2, 100)
    with_more = np.concatenate([best, np.full(50, -1000.0)])
    assert standardise(with_more)[:100] == pytest.approx(standardise(best))


def test_equal_scores_become_zero() -> None:
    """Nothing to tell apart is no evidence, and no division by zero."""
    assert standardise(np.array([0.8, 0.8])).tolist() == [0, 0]


def test_fuse_by_hand() -> None:
    """The weighted sum of both standardised scores, BM25's share by language."""
    dense, lexical = np.array([0.9, 0.8, 0.7]), np.array([0.0, 6.0, 3.0])
    high = 1.2247449
    same = fuse(dense, lexical, np.array([True, True, True]))
    d, w = 1 - SHARE, SHARE
    assert same == pytest.approx([d * high - w * high, w * high, -d * high])
    across = fuse(dense, lexical, np.array([False, True, True]))
    d, w = 1 - ACROSS, ACROSS
    assert across[0] == pytest.approx(d * high - w * high)
    assert across[1:] == pytest.approx(same[1:])


def test_no_shared_word_is_bounded() -> None:
    """A passage without a shared word loses three standards at most."""
    lexical = np.array([10.0] * 99 + [0.0])
    fused = fuse(np.full(100, 0.5), lexical, np.full(100, True))
    assert fused[-1] == pytest.approx(-3 * SHARE)


@given(scores)
def test_standardise_keeps_the_order(values: list[float]) -> None:
    """A higher score is never ranked below a lower one."""
    standard = standardise(np.array(values))
    order = np.argsort(values)
    assert np.all(np.diff(standard[order]) >= -1e-9)


@given(scores, st.floats(0.1, 10), st.floats(-5, 5))
def test_standardise_ignores_scale(values: list[float], factor: float, shift: float) -> None:
    """Cosines and BM25 become comparable: neither unit nor zero point matters."""
    array = np.array(values)
    if array.std() < 1e-3:
        return
    moved = standardise(array * factor + shift)
    assert moved == pytest.approx(standardise(array), abs=1e-4)
