"""Answers that a language model writes, from scripted servers over real HTTP."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from qa import Answer, Assistant, Retriever, Turn
from qa.errors import InputError
from qa.reports.export import Format, export
from qa.settings import WritingSettings
from qa.web.records import conversation_of, record_of
from qa.writing import LanguageModel, Limits, Writer
from qa.writing.drafts import drafts
from qa.writing.failures import Failure
from qa.writing.prompts import messages
from tests.qa.writing.servers import Handler, Script, event, says, serving
from tests.qa.writing.test_client import BAD, LONG, SECRET, SHORT

ASKED = "¿Qué plazo hay para presentar una solicitud?"
GOOD = "El plazo para presentar una solicitud es de 20 días hábiles"


def write(office: Retriever, script: Script, limits: Limits = LONG) -> Answer:
    """The answer with a model on a server that does so."""
    with serving(script) as server:
        model = LanguageModel(server.url, "faro-1", key=SECRET, limits=limits)
        return Writer(office, model=model).ask(ASKED)


def quoted(office: Retriever, question: str = ASKED) -> Answer:
    return Assistant(office).ask(question)


@pytest.fixture(scope="module")
def first(office: Retriever) -> Answer:
    """What is quoted to the question."""
    return quoted(office)


def check_citations(answer: Answer, retriever: Retriever) -> None:
    """Each number in the text has a citation, and each citation is the document's words."""
    for number, citation in enumerate(answer.citations, 1):
        assert f"[{number}]" in answer.text
        text = retriever.document(citation.document_id).text
        assert citation.quote == text[citation.start : citation.end] != ""
    assert f"[{len(answer.citations) + 1}]" not in answer.text


def test_a_supported_sentence_is_shown_with_its_evidence(office: Retriever) -> None:
    """Of two questions in one, each sentence answers one."""
    said = "La oficina la dirige Ana Ruiz desde 2011 [1]. La tasa de registro cuesta 35 euros [1]."
    with serving(says(said)) as server:
        writer = Writer(office, model=LanguageModel(server.url, "faro-1", limits=LONG))
        answer = writer.ask(
            "¿Quién dirige la oficina de patentes de Lumbría? ¿Cuánto cuesta la tasa de registro?"
        )
    assert answer.text == said.replace("35 euros [1]", "35 euros [2]")
    assert "Ana Ruiz" in answer.citations[0].quote
    assert "35 euros" in answer.citations[1].quote
    assert answer.written is not None
    assert (answer.written.model, answer.written.shown) == ("faro-1", 2)
    assert answer.written.struck == ()
    assert answer.written.fallback is None
    assert answer.notes == ()
    check_citations(answer, office)


def test_the_quotes_come_first_then_sentence_by_sentence(office: Retriever, first: Answer) -> None:
    """No sentence is shown before it is checked, and the last snapshot is the answer."""
    with serving(
        says(f"{GOOD} [1]. Para presentar una solicitud hay 20 días hábiles [1].")
    ) as server:
        writer = Writer(office, model=LanguageModel(server.url, "faro-1"))
        snapshots = list(writer.stream(ASKED))
    waiting = next(s for s in snapshots if s.written)
    assert replace(waiting, written=None) == first
    texts = [s.text for s in snapshots if s.written and s.written.shown]
    assert texts[0] == f"{GOOD} [1]."
    assert all(later.startswith(before) for before, later in pairwise(texts))
    assert snapshots[-1].text == texts[-1]


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        ("El plazo es de 90 días hábiles [1].", "number"),
        ("El plazo para presentar una solicitud es de 20 días hábiles [9].", "source"),
        ("Para una solicitud a Bruno Falso hay 20 días hábiles [1].", "name"),
        ("The deadline for filing an application is 20 working days [1].", "language"),
        (f"{GOOD}, véase https://evil.example/x [1].", "markup"),
        (f"{GOOD} ![x](//evil.example/x.png) [1].", "markup"),
    ],
)
def test_what_is_not_supported_is_struck(
    office: Retriever, first: Answer, text: str, struck: str
) -> None:
    """Alone, the quotes take its place; beside others it is left out. Both are said."""
    alone = write(office, says(text))
    assert alone.written is not None
    assert (alone.written.fallback, alone.written.struck) == ("unsupported", (struck,))
    assert alone.citations == first.citations
    assert len(alone.notes) == len(first.notes) + 1
    beside = write(office, says(f"{GOOD} [1]. {text}"))
    assert beside.text == (f"{GOOD} [1].\nSe omitió 1 frase que los pasajes citados no respaldan.")


def test_what_is_beside_the_question_is_left_out(office: Retriever) -> None:
    """It may be true, so nothing else is said of it; alone it is no answer."""
    aside = "La tasa de registro cuesta 35 euros y se paga por transferencia [1]."
    answer = write(office, says(f"{GOOD} [1]. {aside}"))
    assert answer.text == f"{GOOD} [1]."
    alone = write(office, says(aside))
    assert alone.written is not None
    assert alone.written.fallback == "beside"


def test_where_most_is_struck_the_quotes_are_shown(office: Retriever) -> None:
    answer = write(
        office, says(f"{GOOD} [1]. El plazo es de 90 días [1]. El plazo es de 91 días [1].")
    )
    assert answer.written is not None
    assert answer.written.fallback == "unsupported"
    assert len(answer.written.struck) == 2
    assert GOOD + " [1]" not in answer.text.split("»")[-1]


def test_a_sentence_without_a_number_gets_that_of_its_evidence(office: Retriever) -> None:
    """Small models forget them; a sentence said twice is shown once."""
    answer = write(office, says(f"<think>¿20?</think>{GOOD}. {GOOD}."))
    assert answer.text == f"{GOOD} [1]."
    check_citations(answer, office)


def test_in_the_language_of_the_question(office: Retriever) -> None:
    """The prompt, the answer and the note are in English."""
    good = "The deadline for filing an application is 20 working days [1]."
    said = f"{good} The deadline is 90 days [1]."
    with serving(says(said)) as server:
        writer = Writer(office, model=LanguageModel(server.url, "m"))
        answer = writer.ask("What is the deadline for filing an application?")
    assert "NOT_SAID" in server.bodies[0]["messages"][0]["content"]
    assert answer.text == (
        f"{good}\n1 sentence was left out that the cited passages do not support."
    )


def test_the_model_may_say_that_it_does_not_know(office: Retriever, first: Answer) -> None:
    answer = write(office, says("NO_DICE"))
    assert answer.written is not None
    assert answer.written.fallback == "not said"
    assert answer.citations == first.citations


@pytest.mark.parametrize(
    "kind", ["says nothing", "stalls midway", "dies at once", "fails", "knows no such key",
             "is a web page", "ends without saying so", "never ends"]
)  # fmt: skip
def test_a_server_that(office: Retriever, first: Answer, kind: str) -> None:
    """The quoted answer, and one note that says why."""
    script, failure = BAD[kind]
    answer = write(office, script, SHORT if failure is Failure.SLOW else LONG)
    assert answer.written is not None
    assert answer.written.fallback == failure
    note = answer.notes[-1]
    assert note.endswith("se muestran las citas.")
    assert replace(answer, written=None, notes=first.notes, text=first.text) == first
    assert answer.text == f"{first.text}\n{note}"
    assert SECRET not in json.dumps(answer.to_dict())


def test_a_good_beginning_does_not_save_a_cut_answer(office: Retriever) -> None:
    """What was left unsaid may change what was said."""

    def script(handler: Handler, _: Any) -> None:
        handler.start()
        handler.put(event(f"{GOOD} [1]. La tasa de registro, en cambio, "))

    answer = write(office, script)
    assert answer.written is not None
    assert (answer.written.fallback, answer.written.shown) == ("cut", 0)


@pytest.mark.parametrize(
    "question", ["¿Quién pintó Las meninas?", "hola", '"Ana Ruiz"', "¿Qué documentos hay?"]
)
def test_no_model_is_asked(office: Retriever, question: str) -> None:
    """A refusal stands; a greeting, mentions and lists of documents are nobody's to write."""
    with serving(says(f"{GOOD} [1].")) as server:
        answer = Writer(office, model=LanguageModel(server.url, "m")).ask(question)
    assert answer == quoted(office, question)
    assert not server.bodies


def test_of_a_chat_only_the_last_question_is_written(office: Retriever) -> None:
    """Earlier questions are answered again with quotes; the full question goes to the model."""
    history = [
        {"role": "user", "content": "¿Quién dirige la oficina de patentes de Lumbría?"},
        {"role": "assistant", "content": "Ana Ruiz."},
    ]
    with serving(says("La oficina la dirige Ana Ruiz desde 2011 [1].")) as server:
        answer = Writer(office, model=LanguageModel(server.url, "m")).ask(
            "¿Desde cuándo la dirige?", history
        )
    assert len(server.bodies) == 1
    assert answer.searched_for in server.bodies[0]["messages"][-1]["content"]


def test_documents_are_data_in_the_prompt(office: Retriever) -> None:
    """Numbered, between marks that are new each time, without what a template is made of."""
    (hit,) = office.search(ASKED, 1)
    text = f"{hit.text} <|im_end|> [7] {{x}} \u202e\x1b[31m"
    hits = [replace(hit, text=text)] * 2
    settings = WritingSettings()
    one, other = (messages("¿[INST]?", hits, "es", settings)[-1]["content"] for _ in range(2))
    mark = one.split("<")[1].split(">")[0]
    assert len(mark) == 8
    assert mark not in other
    assert one.count(f"<{mark}> [") == one.count(f"</{mark}>") == 2
    assert "20 días hábiles" in one
    bare = one.replace(f"<{mark}> [1]", "").replace(f"<{mark}> [2]", "").replace(f"</{mark}>", "")
    assert not set("<>{}\u202e\x1b") & set(bare)
    assert "[7]" not in bare
    assert "[INST]" not in bare


@pytest.mark.parametrize(
    "text",
    [
        "El faro abrió en 1987 [2]. Inés lo dirige desde 2011 [1].",
        "El faro abrió en 1987. [2] Inés lo dirige desde 2011. [1]",
        "Según [2], el faro abrió en 1987.\n- **Inés** lo dirige desde 2011 [Pasaje 1]",
        "<think>\nEl 1987 [3].\n</think>\n\nEl faro abrió en 1987 [2, 2]. "
        "Inés lo dirige desde 2011【1】",
    ],
)
def test_sentences_of_a_stream(text: str) -> None:
    """The same, however the text is cut into pieces."""
    whole = list(drafts([text], "es"))
    assert [draft.numbers for draft in whole] == [(2,), (1,)]
    assert [draft.text.rstrip(".").lower() for draft in whole] == [
        "el faro abrió en 1987",
        "inés lo dirige desde 2011",
    ]
    for size in (1, 2, 5, 11):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert list(drafts(pieces, "es")) == whole


def test_it_is_kept_and_taken_along(office: Retriever, first: Answer) -> None:
    """The record of the chat, the JSON and a report tell of the model's part."""
    answer = write(office, says(f"{GOOD} [1]. Cuesta 99 euros [1]."))
    again = Answer.from_dict(json.loads(json.dumps(answer.to_dict())))
    assert (again.written, again.citations) == (answer.written, answer.citations)
    key = b"k" * 32
    record = record_of(Turn(ASKED, answer), key)
    (kept,) = conversation_of(json.dumps([[ASKED, record]]), key)
    assert kept.turn is not None
    assert (kept.turn.answer.written, kept.turn.answer.text) == (answer.written, answer.text)
    moment = datetime(2026, 11, 29, tzinfo=UTC)
    report = export([Turn(ASKED, first), Turn(ASKED, answer)], Format.HTML, moment, "es")
    page = report.data.decode()
    number = len(first.citations) + 1
    assert f"[{number}]" in page
    assert "faro-1" in page


def test_what_cannot_write_is_refused(office: Retriever) -> None:
    with pytest.raises(InputError):
        Writer(office, model="faro-1")  # type: ignore[arg-type]
