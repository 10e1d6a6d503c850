"""How likely a question follows up the one before: a small linear head on the bundled models.

The rules of `qa.conversation.followup` know the words that point. Many follow-ups have none:
"¿quién paga las obras?" after a question about a contract. This head sees what such a question is
like by its vector, how near it is to the question before, and a few counts of words. It costs one
more vector, of the earlier question. ``python -m training.followups`` fits it for each bundled
model; an index of any other model goes by the rules alone.
"""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders import Embedder
from index.query import Query
from qa.conversation.followup import FollowUpKind, follow_up_kind
from qa.conversation.lexicon import content_words, stems, tokenize
from qa.conversation.rules import LANGUAGES, word_list

__all__ = ["SIGNS", "FollowUpHead", "follow_up_head", "follow_up_probability", "signs"]

SIGNS = 8
"""How many numbers `signs` gives."""

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class FollowUpHead:
    """A logistic model of a question's vector and its signs.

    ``weights`` is float32 [1 + dimensions + SIGNS]: the bias, then a weight for each.
    """

    identity: str
    weights: NDArray[np.float32]

    def probability(self, features: NDArray[np.float32]) -> float:
        """The probability, 0 to 1, of following up; ``features`` is [dimensions + SIGNS]."""
        logit = float(self.weights[0] + self.weights[1:] @ features)
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))

    def save(self, path: Path) -> None:
        """Write it to a file of NumPy's that holds no pickled object."""
        np.savez(path, identity=np.array(self.identity), weights=self.weights)


@cache
def follow_up_head(identity: str) -> FollowUpHead | None:
    """The head that was fitted for a model with these very weights; None for any other model."""
    path = _DATA / f"followups-{identity.partition('@')[0]}.npz"
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as arrays:
        known = str(arrays["identity"]) == identity
        return FollowUpHead(identity, arrays["weights"]) if known else None


def signs(question: str, before: str, cosine: float, language: str) -> list[float]:
    """What is counted of a question beside its vector: SIGNS numbers, each about 0 to 1.

    ``cosine`` is that of its vector and that of the question before.
    """
    words = tokenize(question)
    content = content_words(words, language)
    kind = follow_up_kind(question, language)
    earlier = stems(before, language)
    shared = [word for word in content if stems(word.text, language) & earlier]
    return [
        float(bool(words) and words[0].plain in word_list("openings")),
        min(len(words), 20) / 10,
        min(len(content), 6) / 3,
        float(any(word.is_name for word in words)),
        float(kind not in {None, FollowUpKind.ELLIPSIS}),
        float(kind is FollowUpKind.ELLIPSIS),
        len(shared) / max(1, len(content)),
        4 * (cosine - 0.8),
    ]


def follow_up_probability(query: Query, before: str, model: Embedder) -> float | None:
    """How likely a question follows up one that was asked before; None without a head."""
    head = follow_up_head(model.identity)
    if head is None or not before:
        return None
    language = query.language if query.language in LANGUAGES else "es"
    vector = query.vector(model)
    cosine = float(vector @ Query(before).vector(model))
    counted = np.array(signs(query.question, before, cosine, language), dtype=np.float32)
    return head.probability(np.concatenate([vector, counted]))
