"""How the head of intents is fitted."""

import numpy as np
import pytest

from training import intents


def test_every_message_has_one_intent() -> None:
    """Written messages and the rows' examples, each once, of both kinds."""
    pairs = intents.examples(None)
    texts = [text for text, _ in pairs]
    assert len(set(texts)) == len(texts)
    names = {intent for _, intent in pairs}
    assert {"question", "greeting", "thanks", "repeat"} <= names
    assert sum(intent == intents.QUESTION for _, intent in pairs) > len(pairs) / 3


def test_the_regression_agrees_with_its_own_gradient() -> None:
    """At its end the penalised likelihood has no slope: a little more of any weight is worse."""
    random = np.random.default_rng(0)
    x = random.normal(size=(300, 4)) * 0.1
    y = x @ (3.0, -2.0, 0.0, 1.0) + 0.05 * random.normal(size=300) > 0.1
    beta = intents.fit(x, y, ridge=1.0)

    def loss(weights: np.ndarray) -> float:
        z = np.where(y, 1, -1) * intents.logits(weights, x)
        weight = np.where(y, len(y) / (2 * y.sum()), len(y) / (2 * (~y).sum()))
        penalty = (weights[1:] ** 2).sum() / intents.SCALE**2
        return float((weight * np.log1p(np.exp(-z))).sum() + penalty / 2)

    for place in range(1, 5):
        for step in (-0.05, 0.05):
            moved = beta.copy()
            moved[place] += step
            moved[0] -= step * x.mean(axis=0)[place - 1]
            assert loss(moved) > loss(beta)


def test_held_out_scores_are_not_its_own() -> None:
    """Labels without any pattern cannot be told when they were held out."""
    random = np.random.default_rng(1)
    x, y = random.normal(size=(400, 20)) * 0.1, random.random(400) < 0.5
    scores = intents.held_out(x, y, ridge=1.0)
    right = ((scores > 0) == y).mean()
    assert right == pytest.approx(0.5, abs=0.1)
    assert ((intents.logits(intents.fit(x, y, ridge=1.0), x) > 0) == y).mean() > right
