"""Fitting a hit's relevance: the weights, the area under the curve and the calibration error."""

import numpy as np
import pytest

from training import relevance


def test_the_weights_that_made_the_labels() -> None:
    """Labels drawn by known weights give these again, well calibrated."""
    draw = np.random.default_rng(0)
    values = draw.normal(size=(20_000, 2))
    chance = 1 / (1 + np.exp(-(-1 + 2 * values[:, 0])))
    right = (draw.random(len(values)) < chance).astype(float)
    weights = relevance.fit(values, right)
    assert weights == pytest.approx([-1, 2, 0], abs=0.1)
    estimated = relevance.estimate(values, weights)
    assert relevance.calibration_error(estimated, right) < 0.02
    assert relevance.calibration_error(np.full(len(right), 0.95), right) > 0.5


def test_the_area() -> None:
    """Of all pairs, in how many the right one has more; ties count half."""
    estimated, right = np.array([0.9, 0.4, 0.4, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])
    assert relevance.area(estimated, right) == pytest.approx(3.5 / 4)
    assert relevance.area(estimated, 1 - right) == pytest.approx(0.5 / 4)
