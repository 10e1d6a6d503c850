"""What a rule is worth, and how frozen conversations are judged."""

import json
from pathlib import Path

import pytest

from benchmarks import frozen
from benchmarks.rules import Talk, ask_all, rule_names, worth
from index import Document, Index
from index.embedders import Embedder
from qa import Assistant, Retriever
from qa.types import Answer

QUESTIONS = ("¿Cuántas viviendas se construyeron en Nuevo León en 2019?", "¿y en Coahuila?")
TEXTS = {
    "leon": "En Nuevo León se construyeron 5,200 viviendas durante 2019.",
    "coahuila": "En Coahuila se construyeron 3,150 viviendas durante 2019.",
}


def test_a_rule_is_worth_the_turns_that_go_wrong_without_it(
    tmp_path: Path, embedder: Embedder
) -> None:
    """Without its rule "¿y en Coahuila?" is searched for alone; rules that change nothing, too."""
    with Index.open(tmp_path, create=True, model=embedder) as index:
        index.add(Document(id, text) for id, text in TEXTS.items())
        assistant = Assistant(Retriever(index), min_confidence=0.0)
        talk = Talk(
            assistant, QUESTIONS, lambda answers: [answers[1].searched_for.endswith("2019?")]
        )
        asked = [(talk, ask_all(talk))]
        row = worth("continued-fragment", asked, ["hola"])
        assert row["turns lost"] == row["conversations changed"] == 1
        assert row["turns won"] == row["messages read otherwise"] == 0
        row = worth("greeting", asked, ["hola", "¿Hola?"])
        assert row["conversations changed"] == row["turns lost"] == 0
    assert len(rule_names()) == len(set(rule_names()))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    turns = [
        {
            "q": "¿Cuánto mide?",
            "doc": "a",
            "gold": ["142 metros"],
            "found": True,
            "follow_up": False,
        },
        {"q": "¿Y de alto?", "doc": "a", "gold": [], "found": False, "follow_up": True},
        {"q": "gracias", "doc": None, "found": None, "follow_up": False},
    ]
    rows = [
        {"text": "hola", "intent": "greeting"},
        {"text": "¿Quién fue?", "intent": "other-question"},
        {"text": "repite", "intent": "repeat"},
    ]
    (tmp_path / "dev.jsonl").write_text(json.dumps({"turns": turns}), encoding="utf-8")
    lines = "\n".join(json.dumps(row) for row in rows)
    (tmp_path / "intents-dev.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


def test_frozen_conversations_are_judged(folder: Path) -> None:
    """An answer must quote the gold, a refusal must refuse; two words added are glued on."""
    (turns,) = frozen.talks(folder)
    refused = Answer("q", "presupuesto de Villasol: ¿Cuánto mide?", False, "", 0.1)
    shares = frozen.shares([(turns[0], refused), (turns[1], refused), (turns[2], refused)])
    assert shares["turns"] == 2
    assert shares["answered rightly"] == 0.0
    assert shares["refused rightly"] == shares["glued"] == 1.0
    assert [message.searched for message in frozen.messages(folder)] == [False, True, None]
