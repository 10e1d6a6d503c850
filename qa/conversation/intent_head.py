"""Intents told by the vector of a message: a small linear head on the bundled embedding models.

The rows of `qa.conversation.data` know usual ways to greet, to thank or to ask for a summary. This
head knows unusual ones, since their vectors are near. It costs nothing, for the search needs the
same vector. ``python -m training.intents`` fits it for each bundled
model; an index of any other model goes by the rows alone.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders import Embedder
from index.query import Query
from qa.conversation.followup import follow_up_kind
from qa.conversation.intents import STATEMENTS, Intent
from qa.conversation.lexicon import tokenize
from qa.conversation.rules import word_list

__all__ = ["LONGEST", "IntentHead", "asks_something", "head_of", "intent_by_vector"]

LONGEST = 16  # words; people who need no search write fewer
_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class IntentHead:
    """Two linear layers over a unit vector, one of them to tell intents from questions.

    ``weights`` is float32 [1 + intents, dimensions + 1]: in each row the bias and the weights of a
    logit. The first row says that a message needs no search, the others which of ``intents`` it
    has. The thresholds are the least logits of the first row to say so: ``asked`` of a message that
    asks something, which is a real question as a rule, and ``stated`` of any other.
    """

    identity: str
    intents: tuple[Intent, ...]
    weights: NDArray[np.float32]
    asked: float
    stated: float

    def intent(self, vector: NDArray[np.float32], *, asks: bool) -> Intent | None:
        """The intent of a message by its vector, float32 [dimensions]; None for a question."""
        logits = self.weights[:, 0] + self.weights[:, 1:] @ vector
        if logits[0] < (self.asked if asks else self.stated):
            return None
        return self.intents[int(logits[1:].argmax())]

    def save(self, path: Path) -> None:
        """Write it to a file of NumPy's that holds no pickled object."""
        np.savez(
            path,
            identity=np.array(self.identity),
            intents=np.array([str(intent) for intent in self.intents]),
            weights=self.weights,
            thresholds=np.array([self.asked, self.stated]),
        )


@cache
def head_of(identity: str) -> IntentHead | None:
    """The head that was fitted for a model with these very weights; None for any other model."""
    path = _DATA / f"intents-{identity.partition('@')[0]}.npz"
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as arrays:
        if str(arrays["identity"]) != identity:
            return None
        return IntentHead(
            identity,
            tuple(Intent(str(name)) for name in arrays["intents"]),
            arrays["weights"],
            *(float(threshold) for threshold in arrays["thresholds"]),
        )


def intent_by_vector(query: Query, model: Embedder, *, follows: bool) -> Intent | None:
    """What a message wants that no row knows; None for a real question.

    ``follows``: whether something was asked before. The head is asked only about few words, and
    not about what asks for more on what was said before.
    """
    head = head_of(model.identity)
    if head is None or len(query.question.split()) > LONGEST:
        return None
    language = query.language or "es"
    asks = asks_something(query.question, language)
    if follows and asks and follow_up_kind(query.question, language):
        return None
    intent = head.intent(query.vector(model), asks=asks)
    return None if asks and intent in STATEMENTS else intent


def asks_something(message: str, language: str) -> bool:
    """Whether a message has a question mark, or a word that asks and seldom joins clauses."""
    asking = word_list("interrogatives", language) - {"que", "como"}
    return "?" in message or any(word.plain in asking for word in tokenize(message))
