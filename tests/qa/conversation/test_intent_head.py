"""The head that tells messages which need no search from questions, by their vectors."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index import Document, Index
from index.embedders import Embedder, load, present_identity
from index.query import Query
from qa import Assistant, Retriever
from qa.answering.replies import WORDS
from qa.conversation.intent_head import IntentHead, head_of, intent_by_vector
from qa.conversation.intents import Intent, recognise
from qa.readers import Quote, Reader, Reading
from qa.types import Hit
from tests.conftest import ROOT
from tests.index.test_index import Counting

FROZEN = ROOT / "benchmarks" / "questions" / "intents.jsonl"
NEED_NO_SEARCH = [
    ("Hola de nuevo, ya volví", Intent.GREETING),
    ("Listo, quedó clarísimo", Intent.THANKS),
    ("Lo dejamos aquí por hoy", Intent.GOODBYE),
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
    assert intent_by_vector(Query(message), embedder, follows=False) is intent
    assert intent_by_vector(Query(message), Counting(), follows=False) is None


@pytest.mark.parametrize(
    "question",
    [
        "¿Qué documentos hay que presentar?",
        "¿Quién dijo adiós al cargo?",
        "gracias a quién se aprobó la ley",
        "¿Se puede repetir el examen?",
        "hola, ¿cuándo vino Rubio a México?",
        " ".join(["muy amable su merced"] * 5),
        "teléfono",
        "correo",
        "factura",
        "privacy policy",
        "annual report",
        "¿Qué es SQLite?",
        "que es una factura",
        "my card does not work",
        "¿Cuántos archivos caben en el disco?",
    ],
)
def test_questions_are_searched_for(embedder: Embedder, question: str) -> None:
    """Whatever small talk they hold, and whatever is too long to be only that."""
    assert intent_by_vector(Query(question), embedder, follows=False) is None
    assert intent_by_vector(Query(question), embedder, follows=True) is None


@pytest.mark.parametrize("question", ["¿dónde?", "xq?", "¿Y qué respondió él?", "how do you know?"])
def test_what_follows_up_is_no_small_talk(embedder: Embedder, question: str) -> None:
    """After a question, what asks for more on it is never taken for anything else."""
    assert intent_by_vector(Query(question), embedder, follows=True) is None


def test_frozen_messages(embedder: Embedder) -> None:
    """Of 153 that were written without seeing the program: no question is swallowed."""
    rows = [json.loads(line) for line in FROZEN.read_text(encoding="utf-8").splitlines()]
    searched = {
        row["text"]: recognise(row["text"]) is None
        and intent_by_vector(Query(row["text"]), embedder, follows=False) is None
        for row in rows
    }
    asks = {row["text"] for row in rows if row["intent"] == "other-question"}
    assert [text for text in asks if not searched[text]] == []
    assert sum(searched[text] for text in searched.keys() - asks) <= 20


def test_what_is_answered_is_a_question(embedder: Embedder, tmp_path: Path) -> None:
    """A message that the head takes for small talk is searched for first; so is nothing else."""

    class Sure(Reader):
        def read(self, _query: Query, hits: Sequence[Hit]) -> Reading:
            hit = hits[0]
            return Reading((Quote(hit, hit.passage.start, hit.passage.end, 1.0),), self.confidence)

        confidence = 1.0

    message, intent = NEED_NO_SEARCH[1]
    with Index.open(tmp_path / "index", create=True, model=embedder) as index:
        index.add([Document("a", "Su merced fue muy amable con los vecinos de la villa.")])
        reader = Sure()
        assistant = Assistant(Retriever(index), reader=reader)
        assert assistant.ask(message).citations
        reader.confidence = 0.0
        reply = assistant.ask(message)
        assert (reply.found, reply.hits) == (True, ())
        assert reply.text == WORDS["es"][intent]


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
