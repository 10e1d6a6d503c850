"""Fit the head that tells how likely a question follows up the one before.

    python -m training.followups --data DATA [--model small]

It learns from training/questions/followups.jsonl, written for this: questions that follow up an
earlier one, and questions that stand alone though they come after it, many of which look like
follow-ups. More that stand alone are drawn from DATA/questions, those that hold a name or a number,
each behind an earlier question of another subject. The head is a logistic regression with a ridge
over the vector and `qa.conversation.follow_up_head.signs`. It prints how well held-out talks are
told apart, by the head and by the rules alone, and the same of frozen conversations, of which it
learns nothing, where DATA/conversations is there.
"""

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders import Embedder, load
from index.query import Query
from qa.conversation import follow_up_head
from qa.conversation.follow_up_head import FollowUpHead, signs
from qa.conversation.followup import follow_up_kind
from qa.conversation.lexicon import tokenize
from qa.conversation.rules import LANGUAGES
from training.intents import Floats, fit, logits
from training.questions_data import held_out, read

__all__ = ["Pair", "features"]

HERE = Path(__file__).parent / "questions"
WRITTEN = HERE / "followups.jsonl"
MOST_ALONE = 500  # of DATA/questions
RIDGE = 1.0
PARTS = 5
NEAR = 0.5  # share of the drawn questions that stand behind one of their own context
OPENED = 0.25  # share of the drawn Spanish ones that begin with "y"


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, the one before it, and whether it follows that one up."""

    before: str
    question: str
    follows: bool

    @property
    def language(self) -> str:
        """The question's language, one that there are rules for."""
        language = Query(self.question).language
        return language if language in LANGUAGES else "es"


def written() -> list[Pair]:
    """The pairs that were written for this, talk by talk."""
    rows = map(json.loads, WRITTEN.read_text(encoding="utf-8").splitlines())
    return [Pair(row["before"], row["text"], row["follow_up"]) for row in rows]


def alone(data: Path) -> list[Pair]:
    """Questions with a name or a number, each behind one of another or of its own context."""
    asked = [item for item in read(data / "questions") if not held_out(item.document)]
    draw = random.Random(0)  # noqa: S311  # a sample, not a secret
    named = [item for item in asked if _names(item.question)]
    pairs = []
    for item in draw.sample(named, min(MOST_ALONE, len(named))):
        near = [other for other in asked if other.context_id == item.context_id and other != item]
        before = draw.choice(near if near and draw.random() < NEAR else asked)
        question = item.question
        if draw.random() < OPENED and question[:1] == "¿":
            question = f"¿Y {question[1].lower()}{question[2:]}"
        pairs.append(Pair(before.question, question, follows=False))
    return pairs


def _names(question: str) -> bool:
    return any(word.is_name or word.plain.isdigit() for word in tokenize(question))


def features(pairs: Sequence[Pair], model: Embedder) -> Floats:
    """What the head sees of each pair, [pairs, dimensions + SIGNS]."""
    vectors = np.asarray(model.embed_queries([pair.question for pair in pairs]))
    befores = list(dict.fromkeys(pair.before for pair in pairs))
    earlier = dict(zip(befores, model.embed_queries(befores), strict=True))
    rows = [
        np.r_[v, signs(p.question, p.before, float(v @ earlier[p.before]), p.language)]
        for p, v in zip(pairs, vectors, strict=True)
    ]
    return np.array(rows, dtype=np.float64)


def talks(pairs: Sequence[Pair]) -> NDArray[np.int64]:
    """The part of each pair: those with the same question before them are kept together."""
    befores = {pair.before for pair in pairs}
    parts = {before: number % PARTS for number, before in enumerate(sorted(befores))}
    return np.array([parts[pair.before] for pair in pairs])


def told(name: str, pairs: Sequence[Pair], scores: Floats) -> None:
    """Print how many pairs the head and the rules alone tell right, by what they are."""
    follows = np.array([pair.follows for pair in pairs])
    rules = np.array([follow_up_kind(p.question, p.language) is not None for p in pairs])
    for who, says in (("head", scores >= 0), ("rules", rules)):
        right = says == follows
        parts = [
            f"{kind} {right[held].sum()} of {held.sum()}"
            for kind, held in (("follow-ups", follows), ("stand-alone", ~follows))
        ]
        print(f"{name}, {who}: {right.mean():.3f} right; {', '.join(parts)}")


def frozen(path: Path) -> list[Pair]:
    """The pairs of frozen conversations; what the question before asked is known in full."""
    pairs = []
    for line in path.read_text(encoding="utf-8").splitlines():
        turns = [turn for turn in json.loads(line)["turns"] if turn["found"] is not None]
        for before, turn in pairwise(turns):
            pairs.append(Pair(before["full"], turn["q"], turn["follow_up"]))
    return pairs


def main() -> None:
    """Fit, write, and say how good it is."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default="base", help="base or small")
    arguments = parser.parse_args()
    model = load(arguments.model)
    own, drawn = written(), alone(arguments.data)
    pairs = own + drawn
    x = features(pairs, model)
    y = np.array([pair.follows for pair in pairs])
    part = talks(pairs)
    scores = np.zeros(len(pairs))
    for number in range(PARTS):
        scores[part == number] = logits(
            fit(x[part != number], y[part != number], RIDGE), x[part == number]
        )
    told("held out, written", own, scores[: len(own)])
    told("held out, drawn", drawn, scores[len(own) :])
    weights = fit(x, y, RIDGE)
    name = model.identity.partition("@")[0]
    head = FollowUpHead(model.identity, weights.astype(np.float32))
    head.save(Path(follow_up_head.__file__).parent / "data" / f"followups-{name}.npz")
    known = arguments.data / "conversations" / "dev.jsonl"
    if known.is_file():
        dev = frozen(known)
        told(known.name, dev, logits(weights, features(dev, model)))


if __name__ == "__main__":
    main()
