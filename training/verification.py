"""Fit what tells whether a value or name belongs where a written sentence puts it.

    python -m training.verification --data DATA [--paragraphs N] [--seed S] [--write]

The sentences are those of `benchmarks.verification` of the development part, true and changed. A
value or name of a true one belongs where it stands; the one that was changed, or the two that were
exchanged, do not. First a logistic model of the words around it is fitted, then, on those that it
does not settle, one of the same and what the reading model says. Every third paragraph, by the hash
of its text, chooses the thresholds. ``--write`` writes qa/writing/checking/fitted.json.
"""

import argparse
import difflib
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.statements import Statement
from benchmarks.verification import groups, passage_of, statements
from qa.search.reranking import load_model
from qa.search.span_model import SpanModel
from qa.writing.checking.contests import Thing, local_features, read_features, things
from qa.writing.checking.fitted import FILE
from qa.writing.checking.presence import missing
from qa.writing.checking.sources import Source, sentence_source, source_of

Floats = NDArray[np.float64]

SETTLED = (0.004, 0.04)  # of the true below the lower bound, and of the wrong above the upper one
READ = 110  # doubtful ones that are read, at most: that is what takes time
STRUCK = 0.012  # of the true values and names that may be struck
PENALTY = 0.5  # of squared weights, of standardised features


@dataclass(slots=True)
class Case:
    """A value or name of a sentence, and whether it belongs there."""

    thing: Thing
    sentence: Source
    passage: Source
    question: str
    right: bool
    chooses: bool
    local: tuple[float, ...]
    read: tuple[float, ...] = ()


def cases(data: Path, many: int, seed: int, judge: SpanModel) -> Iterator[Case]:
    """Those of the development part that stand in their passage at all."""
    for found in groups(data, "dev", many, seed).values():
        for made in statements(found, seed):
            passage = source_of(passage_of(made.asked))
            sentence = sentence_source(made.text, [passage], judge.count_pieces)
            if made.change == "negation" or next(missing(sentence, [passage]), None):
                continue
            digest = hashlib.sha256(made.asked.passage.encode()).hexdigest()
            for thing in things(sentence, passage):
                right = belongs(made, thing)
                if right is not None and thing.own:
                    local = local_features(thing, sentence, passage)
                    chooses = int(digest[:8], 16) % 3 == 0
                    yield Case(thing, sentence, passage, made.question, right, chooses, local)


def belongs(made: Statement, thing: Thing) -> bool | None:
    """Whether a thing is in its place; None for one beside what was changed."""
    if not made.change:
        return True
    before, after = made.before.split(" "), made.text.split(" ")
    starts = [0, *accumulate(len(word) + 1 for word in after)]
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for how, _, _, first, last in matcher.get_opcodes():
        if how != "equal" and thing.start < starts[last] - 1 and starts[first] < thing.end:
            return False
    return None


def fit(rows: Sequence[tuple[float, ...]], right: Sequence[bool]) -> dict[str, Any]:
    """Bias and weights of a logistic model; both answers count the same in sum."""
    x, y = np.array(rows, float), np.array(right, float)
    mean, scale = x.mean(0), x.std(0) + 1e-9
    x = np.c_[np.ones(len(x)), (x - mean) / scale]
    share = np.where(y == 1, 0.5 / y.mean(), 0.5 / (1 - y.mean()))

    def loss(w: Floats) -> tuple[float, Floats]:
        z = x @ w
        value = share @ (np.logaddexp(0, z) - y * z) + PENALTY * w[1:] @ w[1:]
        grown = x.T @ (share * (1 / (1 + np.exp(-z)) - y))
        grown[1:] += 2 * PENALTY * w[1:]
        return float(value), grown

    w = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x
    weights = w[1:] / scale
    return {
        "bias": round(float(w[0] - weights @ mean), 4),
        "weights": [round(float(weight), 4) for weight in weights],
    }


def probabilities(model: dict[str, Any], rows: Sequence[tuple[float, ...]]) -> Floats:
    """Those of a model of `fit`."""
    z = np.array(rows, float) @ np.array(model["weights"]) + model["bias"]
    made: Floats = 1 / (1 + np.exp(-z))
    return made


def fitted(found: Sequence[Case], judge: SpanModel) -> dict[str, Any]:
    """The models and thresholds of values, or of names."""
    right = np.array([case.right for case in found])
    fits = [case for case in found if not case.chooses]
    local = fit([case.local for case in fits], [case.right for case in fits])
    near = probabilities(local, [case.local for case in found])
    low = float(np.quantile(near[right], SETTLED[0]))
    high = float(np.quantile(near[~right], 1 - SETTLED[1]))
    low, high = min(low, high), max(low, high)
    doubtful = [c for c, p in zip(found, near, strict=True) if low <= p <= high]
    draw = random.Random(0)  # noqa: S311 (not for secrets)
    many_doubtful = len(doubtful)
    doubtful = draw.sample(doubtful, min(READ, len(doubtful)))
    for case in doubtful:
        case.read = read_features(case.thing, case.sentence, case.passage, judge, case.question)
    fits = [case for case in doubtful if not case.chooses]
    read = fit([(*c.local, *c.read) for c in fits], [c.right for c in fits])
    sure = probabilities(read, [(*c.local, *c.read) for c in doubtful])
    chosen = np.array([case.chooses for case in doubtful])
    true = np.array([case.right for case in doubtful])
    many = sum(case.right for case in found if case.chooses)
    struck = np.sort(sure[chosen & true])
    allowed = STRUCK * many * len(doubtful) / many_doubtful
    least = float(struck[min(len(struck) - 1, round(allowed))])
    print(
        f"{len(found)} ({(~right).sum()} wrong), between {low:.3f} and {high:.3f} "
        f"{many_doubtful} doubtful; least {least:.3f}: of them "
        f"{(sure[chosen & ~true] < least).mean():.3f} of the wrong are stopped, "
        f"{(sure[chosen & true] < least).mean():.3f} of the true are struck",
        flush=True,
    )
    return {"local": local, "read": read, "low": low, "high": high, "least": least}


def main() -> None:
    """Fit both, and write them if asked to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--paragraphs", type=int, default=150, help="of each collection")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    judge = load_model()
    found = list(cases(arguments.data, arguments.paragraphs, arguments.seed, judge))
    models = {
        "values": fitted([case for case in found if not case.thing.is_name], judge),
        "names": fitted([case for case in found if case.thing.is_name], judge),
    }
    if arguments.write:
        FILE.write_text(json.dumps(models, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
