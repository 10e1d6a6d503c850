"""A conversation as the browser keeps it: what comes back is what was shown."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Document, Index
from index.types import Passage
from qa import Answer, Assistant, Citation, Hit, Retriever, Turn
from qa.reports.export import Format, export
from qa.types import Lack, LackKind, Refusal, Suggestion, SuggestionKind
from qa.web.exchange import messages_of
from qa.web.records import conversation_of, record_of, turns_of
from qa.web.render import render

KEY = b"k" * 32
WHEN = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)

words = st.text(max_size=40)
named = st.text(min_size=1, max_size=20)
places = st.integers(0, 50)


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    """Any citation; its file is in no folder, for that stays on the server."""
    quote = draw(named)
    start = draw(places)
    end = start + len(quote)
    file = draw(st.none() | named.map(lambda text: text.replace("/", "-").replace("\\", "-")))
    return Citation(
        draw(named), file, draw(st.none() | words), draw(st.none() | st.integers(1, 9)),
        draw(st.integers(1, 9)), start, end, quote,
        highlight=draw(st.none() | st.just((start, end))),
        date=draw(st.none() | st.just("2024-02-29")), hash=draw(st.just("a" * 64)),
        context=draw(words), header=draw(st.sampled_from(["", "a\tb", "| a | b |\n|---|---|"])),
        page_label=draw(st.none() | st.just("iv")), ocr=draw(st.none() | st.floats(0, 1)),
    )  # fmt: skip


def hit(citation: Citation, text: str) -> Hit:
    passage = Passage(citation.document_id, citation.start, citation.end, text, 1)
    return Hit(text, 1.5, citation.document_id, citation, passage, 0.5, None)


lacks = st.builds(Lack, st.sampled_from(LackKind), named, st.none() | named, st.booleans())
suggestions = st.builds(
    Suggestion, st.sampled_from(SuggestionKind), words, words, st.none() | citations()
)
refusals = st.builds(
    Refusal, st.integers(0, 9), st.integers(0, 9), st.none() | st.integers(0, 9),
    st.none() | citations(), st.lists(lacks, max_size=2).map(tuple), st.none() | citations(),
    st.booleans(), st.lists(suggestions, max_size=2).map(tuple),
)  # fmt: skip
hits = st.builds(hit, citations(), words)
answers = st.builds(
    Answer, named, named, st.booleans(), words, st.floats(0, 1),
    st.lists(citations(), max_size=3).map(tuple), st.lists(hits, max_size=5).map(tuple),
    st.none() | named, st.sampled_from(["es", "en"]), st.booleans(),
    st.lists(words, max_size=2).map(tuple), words, st.none() | refusals,
)  # fmt: skip


@given(st.builds(Turn, named, answers))
def test_a_turn_comes_back_as_it_was(turn: Turn) -> None:
    """It is shown, exported and built on as before; only what is behind a hit's score is gone."""
    (kept,) = conversation_of(json.dumps([[turn.question, record_of(turn, KEY)]]), KEY)
    assert kept.state == "whole"
    assert kept.turn is not None
    assert kept.question == kept.turn.question == turn.question
    again, answer = kept.turn.answer, turn.answer
    assert replace(again, hits=()) == replace(answer, hits=())
    assert [(one.text, one.document_id) for one in again.hits] == [
        (one.text, one.document_id) for one in answer.hits
    ]
    assert [one.citation for one in again.hits[:3]] == [one.citation for one in answer.hits[:3]]
    assert render(again, KEY) == render(answer, KEY)
    for form in (Format.MARKDOWN, Format.HTML):
        assert export([kept.turn], form, WHEN, "es") == export([turn], form, WHEN, "es")


def example() -> Turn:
    cited = Citation("acta.txt", "/home/ana/acta.txt", "Acta", 2, 1, 0, 6, "47 kg.", (0, 5))
    return Turn("¿Cuánto?", Answer("¿Cuánto?", "¿Cuánto?", True, "47 kg.", 0.9, (cited,)))


def test_the_folders_of_the_machine_are_not_told() -> None:
    """A record has the name of the file alone."""
    (kept,) = conversation_of(json.dumps([["¿Cuánto?", record_of(example(), KEY)]]), KEY)
    assert kept.turn is not None
    assert kept.turn.answer.citations[0].source == "acta.txt"


@given(st.data())
def test_a_record_that_was_changed_is_not_believed(data: st.DataObject) -> None:
    """Its question is shown as what it is: plain text. So is one of another index."""
    record = record_of(example(), KEY)
    at = data.draw(st.integers(0, len(record) - 1))
    other = data.draw(st.characters().filter(lambda character: character != record[at]))
    changed = record[:at] + other + record[at + 1 :]
    for text, key in ((changed, KEY), (record, b"l" * 32), ("x", KEY), (".", KEY)):
        (kept,) = conversation_of(json.dumps([["<b>¿?</b>", text]]), key)
        assert (kept.question, kept.turn, kept.state) == ("<b>¿?</b>", None, "another")


def test_a_record_of_another_release_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its stamp is right, and its fields are others."""
    monkeypatch.setattr("qa.web.records._small", lambda _: {"question": "¿?", "colour": "red"})
    record = record_of(replace(example()), KEY)
    monkeypatch.undo()
    (kept,) = conversation_of(json.dumps([["¿?", record]]), KEY)
    assert kept.state == "another"


@pytest.mark.parametrize(
    "sent", ["{", "7", '"x"', "[7]", '[["a"]]', '[["a", 7]]', "[" * 100_000, '[["a","b","c"]]', [1]]
)
def test_what_is_no_conversation_is_none(sent: str) -> None:
    """It is refused; the page shows nothing of it."""
    with pytest.raises(ValueError, match=r"."):
        conversation_of(sent, KEY)
    assert messages_of(sent, KEY, "es") == ([], [])


def test_what_became_of_each_question_is_said() -> None:
    """In the language of the page; what was stopped is shown, and is nothing to build on."""
    whole, stopped = record_of(example(), KEY), record_of(example(), KEY, stopped=True)
    sent = json.dumps([["¿1?", whole], ["¿2?", stopped], ["¿3?", ""], ["¿4?", "x"]])
    conversation, messages = messages_of(sent, KEY, "es")
    said = [message["content"] for message in messages if message["role"] == "assistant"]
    shown = render(example().answer, KEY).replace("/home/ana/", "")
    assert said == [
        shown,
        f"{shown}\n\n*Detenido*",
        "*Detenido*",
        "*La respuesta es de otro índice: vuelve a preguntarlo aquí.*",
    ]
    assert [turn.question for turn in turns_of(conversation)] == ["¿Cuánto?"]
    _, english = messages_of(sent, KEY, "en")
    assert english[3]["content"].endswith("*Stopped*")
    assert english[7]["content"] == "*The answer is of another index: ask it again here.*"
    assert messages_of(None, KEY, "es") == messages_of("", KEY, "es") == ([], [])


FOLLOWED = (
    ("¿Cuándo visitó Rubio México?", "¿Y por qué?"),
    ("¿Quién es Juan Ramón de la Fuente?", "¿Y qué dijo él?"),
    ("¿Quién ganó el Mundial de futbol de 2022?", "¿Y quién es el canciller?"),
)


@pytest.fixture(scope="module")
def assistant(seeds_index: Path) -> Iterator[Assistant]:
    with Retriever.open(seeds_index) as retriever:
        yield Assistant(retriever)


@pytest.mark.parametrize(("first", "then"), FOLLOWED)
def test_follow_ups_are_understood_as_before(assistant: Assistant, first: str, then: str) -> None:
    """The answer after a record is that after the turn itself; a record is small."""
    turn = Turn(first, assistant.ask(first))
    record = record_of(turn, KEY)
    turns = turns_of(conversation_of(json.dumps([[first, record]]), KEY))
    assert assistant.ask(then, turns) == assistant.ask(then, [turn])
    assert len(record) < 10_000


def test_a_record_of_long_passages_is_bounded(tmp_path: Path) -> None:
    """Ten hits of the longest passages: some hundred turns fit into a request."""
    with Index.open(tmp_path / "index", create=True) as index:
        text = "\n\n".join(
            f"El lote {n} de la bodega {n % 7} guarda {n * 37} sacos de harina, {n * 11} de sal y "
            f"{n * 5} de arroz, que llegaron el día {n % 28 + 1} desde el muelle {n % 5}. " * 4
            for n in range(60)
        )
        index.add([Document("bodega", text)])
    with Retriever.open(tmp_path / "index") as retriever:
        answer = Assistant(retriever).ask("¿Cuántos sacos de harina guarda el lote 31?")
        assert len(record_of(Turn("¿?", answer), KEY)) < 10_000
