"""How the confidence is fitted: the logistic model, its threshold, and what is asked of what."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training import confidence


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (not for secrets)


def test_the_fit_finds_the_weights_that_made_the_labels() -> None:
    """On 20,000 labels drawn by known weights, these come back."""
    random = np.random.default_rng(0)
    x = random.normal(size=(20_000, 2)) * (1.0, 0.1)
    chance = 1 / (1 + np.exp(-(-0.5 + x @ (1.5, -8.0))))
    beta = confidence.fit(x, (random.random(20_000) < chance).astype(float), np.ones(20_000))
    assert beta == pytest.approx([-0.5, 1.5, -8.0], rel=0.08)


@given(st.integers(0, 99))
def test_the_threshold_lets_few_false_answers_through(seed: int) -> None:
    """At most 5 % of the unanswerable are above it, sets weighing alike; with its own step more."""
    random = np.random.default_rng(seed)
    sets: dict[str, list[tuple[float, confidence.Row]]] = {
        name: [
            (float(random.random()), ((0.0,), bool(some), bool(some)))
            for some in random.random(size) < 0.5
        ]
        for name, size in (("squad-es", 60), ("tydi", 300))
    }
    least = confidence.threshold(sets)

    def false(chosen: Callable[[float], bool]) -> float:
        shares = [[chosen(p) for p, (*_, some) in rows if not some] for rows in sets.values()]
        return float(np.mean([np.mean(share) for share in shares]))

    rounding = 1e-9
    assert false(lambda p: p > least) <= 0.05 + rounding
    assert false(lambda p: p >= least) > 0.05 - rounding


def test_what_is_fitted_tells_answers_from_none() -> None:
    """Weights for each number of measures, and the adversarial questions are not fitted on."""
    random = np.random.default_rng(3)
    sets: dict[str, list[confidence.Row]] = {
        name: [
            ((float(random.normal(3.0 * some)),) * size, bool(some), bool(some))
            for size in (1, 2)
            for some in random.random(200) < 0.5
        ]
        for name in ("squad-es", "tydi", confidence.ADVERSARIAL)
    }
    found = confidence.fitted(sets)
    assert [len(beta) for beta in found["calibrations"]] == [2, 3]
    assert all(sum(beta[1:]) > 0 > beta[0] for beta in found["calibrations"])
    assert 0.3 < found["min_confidence"] < 1
    sets[confidence.ADVERSARIAL] = [(m, not right, some) for m, right, some in sets["tydi"]]
    assert confidence.fitted(sets)["calibrations"] == found["calibrations"]


def test_a_small_folder_holds_the_passage_its_kin_and_others() -> None:
    """Six of its article, six of others, each once, and always itself."""
    titles = ["a"] * 10 + ["b"] * 20
    made = confidence.Collection([f"p{n}" for n in range(30)], titles, [])
    scope = [int(id) for id in made.few(3, dice(1))]
    assert scope[0] == 3
    assert len(set(scope)) == 13
    assert sum(titles[n] == "a" for n in scope) == 7


def test_questions_of_the_kept_articles_only() -> None:
    """The others give passages, and no question."""
    articles = [
        {
            "title": t,
            "paragraphs": [
                {
                    "context": f"{t}{n}",
                    "qas": [{"question": f"¿{t}{n}?", "answers": [{"text": f"{t}"}] if n else []}],
                }
                for n in (0, 1)
            ],
        }
        for t in "xyz"
    ]
    made = confidence.collection(articles, {"y"}, dice(0))
    assert made.passages[:2] == ["y0", "y1"]
    assert sorted(made.passages) == ["x0", "x1", "y0", "y1", "z0", "z1"]
    assert [(q.text, q.passage, q.answers) for q in made.questions] == [
        ("¿y0?", 0, ()),
        ("¿y1?", 1, ("y",)),
    ]


def test_a_thinned_collection_keeps_five_passages_of_an_article() -> None:
    """Its questions are about those, and point at the same passages; others fill it up."""
    asked = [confidence.Question(f"¿{n}?", n, ("a",)) for n in range(20)]
    titles = ["a"] * 10 + ["b"] * 10 + [f"c{n}" for n in range(300)]
    made = confidence.Collection([f"p{n}" for n in range(320)], titles, asked)
    thin = made.thinned(dice(0))
    assert len(thin.passages) == len(set(thin.passages)) == confidence.SOME
    assert [thin.articles.count(title) for title in "ab"] == [5, 5]
    assert len(thin.questions) == 10
    assert all(f"¿{thin.passages[q.passage][1:]}?" == q.text for q in thin.questions)
