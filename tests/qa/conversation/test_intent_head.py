"""The head that tells messages which need no search from questions, by their vectors."""

import json
from pathlib import Path

import numpy as np
import pytest

from index.embedders import Embedder, load, present_identity
from index.query import Query
from qa.conversation.intent_head import IntentHead, head_of, intent_of
from qa.conversation.intents import Intent, recognise
from tests.conftest import ROOT
from tests.index.test_index import Counting

FROZEN = ROOT / "benchmarks" / "questions" / "intents.jsonl"
NEED_NO_SEARCH = [
    ("Hola de nuevo, ya volví", Intent.GREETING),
    ("muy amable su merced", Intent.THANKS),
    ("hasta mañanaa", Intent.GOODBYE),
    ("pasame la lista de docs porfa", Intent.COLLECTION),
]


@pytest.mark.parametrize("name", ["e5-small-es-en", "e5-tiny-es-en"])
def test_a_head_for_each_bundled_model(name: str) -> None:
    """Fitted on its present weights; other weights have none."""
    head = head_of(present_identity(name))
    assert head is not None
    assert head.weights.shape == (1 + len(head.intents), load(name).dimensions + 1)
    assert head_of(f"{name}@0123") is None
    assert head_of("another-model@0123") is None


@pytest.mark.parametrize(("message", "intent"), NEED_NO_SEARCH)
def test_unusual_words(embedder: Embedder, message: str, intent: Intent) -> None:
    """No row knows these messages, and another model's index takes them for questions."""
    assert recognise(message) is None
    assert intent_of(Query(message), embedder, follows=False) == (intent, "es")
    assert intent_of(Query(message), Counting(), follows=False) is None


@pytest.mark.parametrize(
    "question",
    [
        "¿Qué documentos hay que presentar?",
        "¿Quién dijo adiós al cargo?",
        "gracias a quién se aprobó la ley",
        "¿Se puede repetir el examen?",
        "hola, ¿cuándo vino Rubio a México?",
        " ".join(["muy amable su merced"] * 5),
    ],
)
def test_questions_are_searched_for(embedder: Embedder, question: str) -> None:
    """Whatever small talk they hold, and whatever is too long to be only that."""
    assert intent_of(Query(question), embedder, follows=False) is None
    assert intent_of(Query(question), embedder, follows=True) is None


@pytest.mark.parametrize("question", ["¿dónde?", "xq?", "¿Y qué respondió él?", "how do you know?"])
def test_what_follows_up_is_no_small_talk(embedder: Embedder, question: str) -> None:
    """After a question, what asks for more on it is never taken for anything else."""
    assert intent_of(Query(question), embedder, follows=True) is None


def test_frozen_messages(embedder: Embedder) -> None:
    """Of 160 that were written without seeing the program: no question is swallowed."""
    rows = [json.loads(line) for line in FROZEN.read_text(encoding="utf-8").splitlines()]
    searched = {
        row["text"]: intent_of(Query(row["text"]), embedder, follows=False) is None for row in rows
    }
    asks = {row["text"] for row in rows if row["intent"] == "other-question"}
    assert [text for text in asks if not searched[text]] == []
    assert sum(searched[text] for text in searched.keys() - asks) <= 5


def test_it_is_kept_without_pickles(tmp_path: Path) -> None:
    """What is written is read by NumPy alone, and tells as before."""
    weights = np.array([[-1.0, 2.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], dtype=np.float32)
    head = IntentHead("m@1", (Intent.THANKS, Intent.HELP), weights, 0.5, 0.2)
    head.save(tmp_path / "head.npz")
    with np.load(tmp_path / "head.npz", allow_pickle=False) as arrays:
        assert sorted(arrays) == ["identity", "intents", "thresholds", "weights"]
        assert np.array_equal(arrays["weights"], weights)
    assert head.intent(np.array([1.0, 0.0], dtype=np.float32), asks=True) is Intent.THANKS
    assert head.intent(np.array([0.8, 0.9], dtype=np.float32), asks=True) is Intent.HELP
    assert head.intent(np.array([0.7, 0.0], dtype=np.float32), asks=True) is None
    assert head.intent(np.array([0.7, 0.0], dtype=np.float32), asks=False) is Intent.THANKS
