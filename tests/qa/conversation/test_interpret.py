"""The ways in which a question may be meant, and the head that says how likely it follows up."""

from pathlib import Path

import numpy as np
import pytest

from index.embedders import Embedder, load, present_identity
from index.query import Query
from qa.conversation.follow_up_head import (
    SIGNS,
    FollowUpHead,
    follow_up_head,
    follow_up_probability,
    signs,
)
from qa.conversation.interpret import LEAST, interpretations
from qa.types import Answer, Turn
from tests.index.test_index import Counting

CAVE = "¿Cuántos metros de galerías tiene la cueva de Almera?"
FERRY = "When was the ferry Corrie launched?"


def turn(question: str, language: str = "es") -> Turn:
    return Turn(question, Answer(question, question, False, "", 0.0, language=language))


@pytest.mark.parametrize("name", ["e5-small-es-en", "e5-tiny-es-en"])
def test_a_head_for_each_bundled_model(name: str) -> None:
    """Fitted on its present weights; other weights have none."""
    head = follow_up_head(present_identity(name))
    assert head is not None
    assert head.weights.shape == (1 + load(name).dimensions + SIGNS,)
    assert follow_up_head(f"{name}@0123") is None
    assert follow_up_head("another-model@0123") is None


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (CAVE, "¿Y cuánto dura la visita?"),
        (CAVE, "¿Hay aparcamiento?"),
        (CAVE, "¿Quién la descubrió?"),
        (FERRY, "How many cars does it carry?"),
        (FERRY, "Are dogs allowed on board?"),
    ],
)
def test_what_follows_up_is_likely_to(embedder: Embedder, before: str, question: str) -> None:
    """With words that point or without."""
    likely = follow_up_probability(Query(question), before, embedder)
    assert likely is not None
    assert likely > 0.7


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (CAVE, "¿Quién ganó la vuelta ciclista a Navarra en 2018?"),
        (CAVE, "¿Y cuánto cobra un maestro de primaria en Teruel?"),
        (FERRY, "And who founded the Ashby brewery in 1871?"),
        (FERRY, "How high is Mount Kenya?"),
    ],
)
def test_what_names_its_topic_is_not(embedder: Embedder, before: str, question: str) -> None:
    """Also if it begins with "and"."""
    likely = follow_up_probability(Query(question), before, embedder)
    assert likely is not None
    assert likely < 0.3


def test_another_model_goes_by_the_rules() -> None:
    """There is no probability, and what no rule knows stands alone."""
    question = Query("¿Y cuánto dura la visita?")
    assert follow_up_probability(question, CAVE, Counting()) is None
    (only,) = interpretations(question, [turn(CAVE)], Counting())
    assert (only.query.text, only.probability) == (question.text, 1.0)


def test_what_no_rule_knows_is_tried_both_ways(embedder: Embedder) -> None:
    """With the topic before it, if that is found better, and as it was asked."""
    question = Query("¿Y cuánto dura la visita?")
    full, plain = interpretations(question, [turn(CAVE)], embedder)
    assert full.if_better
    assert full.query.text.endswith("cueva de Almera: ¿Cuánto dura la visita?")
    assert plain.query is question
    assert full.probability + plain.probability == pytest.approx(1.0)


def test_a_fragment_is_never_asked_alone(embedder: Embedder) -> None:
    """It replaces what was asked about, or has its topic before it: both are read."""
    before = turn("¿Qué puntos da el precio en la licitación de Mérida?")
    ways = interpretations(Query("¿Y la memoria?"), [before], embedder)
    assert [way.query.text for way in ways] == [
        "puntos da el precio en la licitación de Mérida: ¿La memoria?",
        "¿Qué puntos da la memoria en la licitación de Mérida?",
    ]
    year = interpretations(Query("¿y en 2023?"), [turn("¿Cuántos vinieron en 2019?")], embedder)
    assert [way.query.text for way in year] == ["¿Cuántos vinieron en 2023?"]


def test_what_points_is_asked_alone_only_nearby(embedder: Embedder) -> None:
    """And only where its full words find nothing; after a change of topic it stands alone."""
    full, plain = interpretations(Query("¿Quién la descubrió y por eso?"), [turn(CAVE)], embedder)
    assert (full.probability, plain.probability) == (1 - LEAST, LEAST)
    (only,) = interpretations(Query("¿Quién ganó la vuelta a Navarra?"), [turn(CAVE)], embedder)
    assert only.probability == 1.0
    (first,) = interpretations(Query("¿y eso?"), [], embedder)
    assert first.query.text == "¿y eso?"


def test_the_signs_of_a_question() -> None:
    """Each is about 0 to 1; shared words and names are among them."""
    counted = signs("¿Y la cueva?", CAVE, 0.9, "es")
    assert len(counted) == SIGNS
    assert counted[0] == counted[6] == 1.0
    assert signs("¿Dónde vive Elena Ruiz?", CAVE, 0.8, "es")[3] == 1.0
    assert signs("", "", 0.8, "en")[:4] == [0.0, 0.0, 0.0, 0.0]


def test_a_head_is_kept_without_pickles(tmp_path: Path) -> None:
    """What is written is read by NumPy alone, and tells as before."""
    head = FollowUpHead("m@1", np.array([0.0, 2.0, -1.0], dtype=np.float32))
    head.save(tmp_path / "head.npz")
    with np.load(tmp_path / "head.npz", allow_pickle=False) as arrays:
        assert sorted(arrays) == ["identity", "weights"]
        assert np.array_equal(arrays["weights"], head.weights)
    assert head.probability(np.zeros(2, dtype=np.float32)) == 0.5
    assert head.probability(np.array([1.0, 0.0], dtype=np.float32)) == pytest.approx(
        0.8808, abs=1e-4
    )
