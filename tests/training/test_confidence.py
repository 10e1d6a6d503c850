"""How the confidence is fitted: the logistic model, its threshold, and what is asked of what."""

import json
import lzma
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Document
from training import asked, confidence


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (not for secrets)


def test_the_fit_finds_the_weights_that_made_the_labels() -> None:
    """On 20,000 labels drawn by known weights, these come back."""
    random = np.random.default_rng(0)
    x = random.normal(size=(20_000, 2)) * (1.0, 0.1)
    chance = 1 / (1 + np.exp(-(-0.5 + x @ (1.5, 8.0))))
    labels = (random.random(20_000) < chance).astype(float)
    (beta,) = confidence.fit(x, labels, np.ones(20_000), [[1, 0]])
    assert beta[[0, 2, 1]] == pytest.approx([-0.5, 1.5, 8.0], rel=0.08)


def test_the_fit_finds_a_product_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether words answer, and whether the passage is about it, each by its own measures."""
    monkeypatch.setattr(confidence, "RIDGE", 0.0)
    random = np.random.default_rng(1)
    x = random.normal(size=(40_000, 2))
    logits = 1.0 + 2.0 * x[:, 0], 0.5 + 1.5 * x[:, 1]
    chance = np.prod([1 / (1 + np.exp(-logit)) for logit in logits], 0)
    labels = (random.random(40_000) < chance).astype(float)
    found = confidence.fit(x, labels, np.ones(40_000), [[0], [1]])
    np.testing.assert_allclose(found, [[1.0, 2.0], [0.5, 1.5]], atol=0.15)


def test_what_speaks_for_an_answer_never_counts_against_it() -> None:
    """Whatever the rows say: there are few of some kinds."""
    random = np.random.default_rng(2)
    x = random.normal(size=(500, 5))
    labels = (x[:, 0] + x[:, 3] < x[:, 4]).astype(float)
    (beta,) = confidence.fit(x, labels, np.ones(500), [range(5)])
    assert beta[1] == 0.0  # the margin
    assert beta[4] < 0.0  # of no known sign
    assert beta[5] == 0.0  # what is lacking


@given(st.integers(0, 99))
def test_the_threshold_lets_few_false_answers_through(seed: int) -> None:
    """At most 5 % of the unanswerable are above it, sets weighing alike; with its own step more."""
    random = np.random.default_rng(seed)
    sets: dict[str, list[tuple[float, confidence.Row]]] = {
        name: [
            (float(random.random()), confidence.Row("few", (0.0,), bool(some), bool(some)))
            for some in random.random(size) < 0.5
        ]
        for name, size in (("squad-es", 60), ("tydi", 300))
    }
    least = confidence.threshold(sets)

    def false(chosen: Callable[[float], bool]) -> float:
        shares = [[chosen(p) for p, row in rows if not row.answerable] for rows in sets.values()]
        return float(np.mean([np.mean(share) for share in shares]))

    rounding = 1e-9
    assert false(lambda p: p > least) <= 0.05 + rounding
    assert false(lambda p: p >= least) > 0.05 - rounding


def test_what_is_fitted_tells_answers_from_none() -> None:
    """A calibration for each kind of features, and the adversarial questions are not fitted on."""
    random = np.random.default_rng(3)
    sets: dict[str, list[confidence.Row]] = {
        name: [
            confidence.Row(kind, (float(random.normal(3.0 * some)),) * size, bool(some), bool(some))
            for kind, size in (("few", 1), ("many", 2))
            for some in random.random(200) < 0.5
        ]
        for name in ("squad-es", "tydi", asked.ADVERSARIAL)
    }
    found = confidence.fitted(sets)
    fitted = found["calibrations"]
    assert {name: len(beta["weights"]) for name, beta in fitted.items()} == {"few": 1, "many": 2}
    assert all(sum(beta["weights"]) > 0 > beta["bias"] for beta in fitted.values())
    assert 0.3 < found["min_confidence"] < 1
    sets[asked.ADVERSARIAL] = [row._replace(right=not row.right) for row in sets["tydi"]]
    assert confidence.fitted(sets)["calibrations"] == found["calibrations"]


def test_a_small_folder_holds_the_passage_its_kin_and_others() -> None:
    """Six of its article, six of others, each once, and always itself."""
    titles = ["a"] * 10 + ["b"] * 20
    documents = [Document(str(n), f"p{n}") for n in range(30)]
    scope = [int(id) for id in asked.Collection(documents, titles, []).few("3", dice(1))]
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
    made = asked.paragraphs(articles, {"y"}, dice(0))
    texts = [document.text for document in made.documents]
    assert texts[:2] == ["y0", "y1"]
    assert sorted(texts) == ["x0", "x1", "y0", "y1", "z0", "z1"]
    assert [(q.text, q.documents, q.answers) for q in made.questions] == [
        ("¿y0?", ("0",), ()),
        ("¿y1?", ("1",), ("y",)),
    ]


def test_a_thinned_collection_keeps_five_passages_of_an_article() -> None:
    """Its questions are about those; others fill it up."""
    questions = [asked.Question(f"¿{n}?", (str(n),), ("a",)) for n in range(20)]
    titles = ["a"] * 10 + ["b"] * 10 + [f"c{n}" for n in range(300)]
    documents = [Document(str(n), f"p{n}") for n in range(320)]
    thin = asked.Collection(documents, titles, questions).thinned(dice(0))
    held = {document.id for document in thin.documents}
    assert len(thin.documents) == len(held) == asked.SOME
    assert [thin.articles.count(title) for title in "ab"] == [5, 5]
    assert len(thin.questions) == 10
    assert all(held.issuperset(question.documents) for question in thin.questions)


def test_paragraphs_of_long_documents_become_small_ones() -> None:
    """Questions go to the paragraphs that hold their answer; those without one are left out."""
    first = "\n".join(["Uno. " * 40, "La sede es Lima. " * 30, "Fin."])
    documents = [Document("a", first), Document("b", "La sede es Quito.")]
    questions = [
        asked.Question("¿Qué sede?", ("a",), ("Lima",)),
        asked.Question("¿Y aquí?", ("b",), ("Lima",)),
    ]
    made = asked.Collection(documents, ["a", "b"], questions, short=False).excerpts()
    assert [document.text for document in made.documents] == [
        "\n".join([("Uno. " * 40).strip(), ("La sede es Lima. " * 30).strip()]),
        "Fin.",
        "La sede es Quito.",
    ]
    assert made.articles == ["a", "a", "b"]
    assert made.short
    assert [(q.text, q.documents) for q in made.questions] == [("¿Qué sede?", ("a 0",))]


@pytest.mark.parametrize("name", asked.WRITTEN)
def test_written_questions_are_about_their_documents(tmp_path: Path, name: str) -> None:
    """Each has answers, and names documents that the corpus holds under that name."""
    file = Path(asked.__file__).parent / "questions" / f"{name}.jsonl"
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    names = {id for line in lines for id in line["documents"]}
    assert len(lines) >= 60
    rows = [
        {"date": id[:10], "id": id[11:], "text": f"Texto {id}."}
        if name.startswith("transcripts")
        else {"id": id, "title": "Ley", "paragraphs": [f"Texto {id}."]}
        for id in [*sorted(names), "2020-01-01-other"]
    ]
    (tmp_path / "corpus").mkdir()
    with lzma.open(tmp_path / "corpus" / asked.WRITTEN[name], "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    made = asked.written(tmp_path, name)
    assert {document.id for document in made.documents} == names
    assert all(document.text.endswith(f"Texto {document.id}.") for document in made.documents)
    assert all(q.text and all(q.answers) and q.documents for q in made.questions)


def test_written_questions_are_not_the_benchmark_s() -> None:
    """No transcript that is measured with is fitted on."""
    measured = Path(asked.__file__).parents[1] / "benchmarks" / "questions"
    for file in measured.glob("*.jsonl"):
        text = file.read_text(encoding="utf-8")
        for fitted in (Path(asked.__file__).parent / "questions").glob("transcripts*.jsonl"):
            for line in fitted.read_text(encoding="utf-8").splitlines():
                assert not any(name in text for name in json.loads(line)["documents"])
