"""Fit the head that tells messages which need no search from questions, by their vectors.

    python -m training.intents --data DATA [--model small]

It learns from training/questions/intents.jsonl, written for this; from the examples and
counter-examples of the rows in qa/conversation/data; and, as questions, from those that
training/questions and DATA/questions hold, and from keywords drawn from the contexts there and in
DATA/qa: people type "teléfono" or "¿Qué es SQLite?", too. All are embedded as an index's questions
are. The head
is two logistic regressions with a ridge: whether a message needs no search, and which intent it
has. Its thresholds are the scores that few questions got which were held out, of five parts in
turn; many of these were written to tempt. What asks something has a threshold of its own: there,
one question in a thousand may be lost. Frozen intents are no part of it; it prints what it does to
them where DATA/conversations is there.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders import Embedder, load
from index.query import Query
from index.text.stopwords import STOPWORDS
from qa.conversation import intent_head
from qa.conversation.intent_head import IntentHead, asks_something
from qa.conversation.intents import Intent
from qa.conversation.rules import LANGUAGES, rules
from training.reader_data import read

__all__ = ["examples", "fit", "logits"]

HERE = Path(__file__).parent / "questions"
WRITTEN = HERE / "intents.jsonl"
QUESTION = "question"
MOST_QUESTIONS = 2500  # of DATA/questions
RIDGE = 3.0  # of .3, 1, 3 and 10, by what held-out parts have above their threshold
SCALE = 10.0  # a unit vector's entries are small beside a bias
PARTS = 5
KEYWORDS = 900  # of each length and language
WORD = re.compile(r"[^\W\d_]+")
FORMS = {
    "es": ["{}"] * 4 + ["¿Qué es {}?", "que es {}", "¿{}?", "{} no funciona", "que significa {}"],
    "en": ["{}"] * 4 + ["What is {}?", "what is {}", "{}?", "{} does not work", "{} meaning"],
}
# Shares of the held-out questions that may be above the threshold: of those that ask something by a
# mark or a word, and of the others, which are keywords and fragments.
ALLOWED_ASKED, ALLOWED_STATED = 0.001, 0.005

Floats = NDArray[np.float64]
Example = tuple[str, str]
"""A message and its intent, "question" for a question to the documents."""


def examples(data: Path | None) -> list[Example]:
    """All messages with their intents, each message once, those written for this first."""
    written = [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]
    rows = [(row["text"], row["intent"]) for row in written]
    every = dict([*_keywords(data, rows), *_questions(data), *_of_rules(), *rows])
    return list(every.items())


def _keywords(data: Path | None, rows: Sequence[Example]) -> Iterator[Example]:
    """Words, pairs and triples of words from texts, alone and as people ask for them."""
    if data is None:
        return
    social = {word for text, intent in rows if intent != QUESTION for word in WORD.findall(text)}
    social = {word.lower() for word in social}
    for language, texts in _contexts(data).items():
        draw = random.Random(language)  # noqa: S311  # a sample, not a secret
        words = [word for text in texts for word in WORD.findall(text)]
        telling = [w for w in words if len(w) > 3 and w.lower() not in STOPWORDS[language]]
        single = [word for word in telling if word.lower() not in social]
        starts = [place for place, word in enumerate(words[:-2]) if len(word) > 3]
        for word in draw.sample(single, KEYWORDS):
            yield draw.choice(FORMS[language]).format(draw.choice((word, word.lower()))), QUESTION
        for place in draw.sample(starts, KEYWORDS):
            phrase = words[place : place + draw.choice((2, 3))]
            if set(map(str.lower, phrase)) - social - {*STOPWORDS[language]}:
                yield draw.choice(FORMS[language]).format(" ".join(phrase).lower()), QUESTION


def _contexts(data: Path) -> dict[str, list[str]]:
    spanish = [
        row["context"]
        for path in sorted((data / "questions").glob("*.contexts.jsonl"))
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if row.get("lang", "es") == "es"
    ]
    articles = read(data / "qa" / "squad-en-v1.1-train.json.xz")[::8]
    english = [part["context"] for article in articles for part in article["paragraphs"]]
    return {"es": spanish, "en": english}


def _of_rules() -> Iterator[Example]:
    for language in LANGUAGES:
        for rule in rules("intents", language):
            if rule.values["intent"]:
                yield from ((text, str(rule.values["intent"])) for text in rule.examples)
            yield from ((text, QUESTION) for text in rule.counter_examples)
        for rule in rules("followups", language):
            texts = (*rule.examples, *rule.counter_examples)
            yield from ((text, QUESTION) for text in texts)


def _questions(data: Path | None) -> Iterator[Example]:
    own = [path for path in sorted(HERE.glob("*.jsonl")) if path != WRITTEN]
    given = sorted((data / "questions").glob("*.jsonl")) if data else []
    for paths, most in ((own, None), (given, MOST_QUESTIONS)):
        lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
        asked = [row["question"] for row in map(json.loads, lines) if "question" in row]
        random.Random(0).shuffle(asked)  # noqa: S311  # a sample, not a secret
        yield from ((question, QUESTION) for question in asked[:most])


def fit(x: Floats, y: NDArray[np.bool_], ridge: float = RIDGE) -> Floats:
    """Bias and weights of a logistic regression, both classes weighing alike, by Newton's method.

    ``x`` is [examples, dimensions], ``y`` [examples]; the result is [dimensions + 1].
    """
    mean = x.mean(axis=0)
    z = np.column_stack([np.ones(len(x)), SCALE * (x - mean)])
    weight = np.where(y, len(y) / (2 * y.sum()), len(y) / (2 * (~y).sum()))
    penalty = ridge * np.r_[0.0, np.ones(x.shape[1])]
    beta = np.zeros(z.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(z @ beta, -60, 60)))
        gradient = z.T @ (weight * (y - p)) - penalty * beta
        hessian = (z * (weight * p * (1 - p))[:, None]).T @ z + np.diag(penalty + 1e-9)
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    weights: Floats = np.r_[beta[0] - SCALE * beta[1:] @ mean, SCALE * beta[1:]]
    return weights


def logits(weights: Floats, x: Floats) -> Floats:
    """The logit of each example, [examples]."""
    scores: Floats = weights[0] + x @ weights[1:]
    return scores


def held_out(x: Floats, y: NDArray[np.bool_], ridge: float = RIDGE) -> Floats:
    """The logit of each example by a regression that was fitted without its part."""
    order = np.random.default_rng(0).permutation(len(x))
    scores = np.zeros(len(x))
    for part in np.array_split(order, PARTS):
        others = np.setdiff1d(order, part)
        scores[part] = logits(fit(x[others], y[others], ridge), x[part])
    return scores


def head(texts: Sequence[Example], model: Embedder) -> IntentHead:
    """The head for a model; prints how well held-out parts are told apart."""
    x = np.asarray(model.embed_queries([text for text, _ in texts]), dtype=np.float64)
    names = np.array([intent for _, intent in texts])
    needs_none = names != QUESTION
    scores = held_out(x, needs_none)
    asks = np.array([_asks(text) for text, _ in texts])
    asked = float(np.quantile(scores[~needs_none & asks], 1 - ALLOWED_ASKED))
    stated = float(np.quantile(scores[~needs_none & ~asks], 1 - ALLOWED_STATED))
    caught = (scores >= np.where(asks, asked, stated))[needs_none].mean()
    print(
        f"{len(texts)} messages, {needs_none.sum()} without need of a search: held out, "
        f"{caught:.3f} of these are above the thresholds, {asked:.2f} and {stated:.2f}"
    )
    intents = tuple(intent for intent in Intent if intent in set(names))
    rows = [fit(x, needs_none)]
    rows += [fit(x[needs_none], names[needs_none] == intent) for intent in intents]
    return IntentHead(model.identity, intents, np.array(rows, dtype=np.float32), asked, stated)


def _asks(message: str) -> bool:
    return asks_something(message, Query(message).language or "es")


def frozen(path: Path, head: IntentHead, model: Embedder) -> None:
    """Print what becomes of frozen messages, of which the head has learned nothing."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    vectors = model.embed_queries([row["text"] for row in rows])
    told = [
        head.intent(vector, asks=_asks(row["text"])) is not None
        for row, vector in zip(rows, vectors, strict=True)
    ]
    asks = [row["intent"] == "other-question" for row in rows]
    missed = sum(not said for said, question in zip(told, asks, strict=True) if not question)
    swallowed = sum(said for said, question in zip(told, asks, strict=True) if question)
    print(
        f"{path.name}: {missed} of {asks.count(False)} messages are searched, "
        f"{swallowed} of {asks.count(True)} questions swallowed (the head alone)"
    )


def main() -> None:
    """Fit, write, and say how good it is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, help="holds questions/ and conversations/")
    parser.add_argument("--model", default="base", help="base or small")
    parser.add_argument("--messages", type=Path, nargs="*", default=[], help="more frozen messages")
    arguments = parser.parse_args()
    model = load(arguments.model)
    fitted = head(examples(arguments.data), model)
    name = model.identity.partition("@")[0]
    fitted.save(Path(intent_head.__file__).parent / "data" / f"intents-{name}.npz")
    known = [arguments.data / "conversations" / "intents-dev.jsonl"] if arguments.data else []
    for path in (*known, *arguments.messages):
        if path.is_file():
            frozen(path, fitted, model)


if __name__ == "__main__":
    main()
