"""What the assistant replies to what people write besides one plain question."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest

from index import Document, Index
from index.query import Query
from qa import Answer, Assistant, Retriever, Turn
from qa.readers import Quote, Reader, Reading
from qa.types import Hit
from qa.web.render import render

AQUEDUCT = (
    "El acueducto de Querétaro\n\n"
    "El acueducto se empezó en 1726 por orden del virrey. La obra duró doce años y costó más de "
    "cien mil pesos. El ingeniero fue Antonio de Urrutia, marqués de la Villa del Villar.\n\n"
    "Hoy el acueducto ya no lleva agua. La UNESCO lo incluyó en su lista en 1996."
)
LIGHTHOUSE = (
    "The lighthouse of Nerja was built in 1877 by Marta Soler. It is thirty metres high and stands "
    "at the end of the harbour. " + "It shines every night of the year without a pause. " * 20
)
DOCUMENTS = [
    Document("acueducto.txt", AQUEDUCT, title="El acueducto"),
    Document("lighthouse.txt", LIGHTHOUSE),
]


class Fixed(Reader):
    """Answers, from any hit, each question that holds one of these words of its own."""

    def __init__(self, words: dict[str, str]) -> None:
        self.words = words
        self.read_for: list[str] = []

    def read(self, query: Query, hits: Sequence[Hit]) -> Reading:
        """The known words in the hits, quoted."""
        question = query.text
        self.read_for.append(question)
        quotes = [
            Quote(hit, hit.passage.start + at, hit.passage.start + at + len(answer), 1.0)
            for word, answer in self.words.items()
            for hit in hits
            if word in re.split("[?:]", question.rstrip("?"))[-1]
            and (at := hit.text.find(answer)) >= 0
        ]
        return Reading(tuple(quotes), 0.8 if quotes else 0.1)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("assistant") / "index"
    with Index.open(folder, create=True) as index:
        index.add(DOCUMENTS)
    with Retriever.open(folder) as opened:
        yield opened


def quoted(answer: Answer) -> list[str]:
    texts = {document.id: document.text for document in DOCUMENTS}
    for cited in answer.citations:
        assert cited.quote == texts[cited.document_id][cited.start : cited.end]
    return [cited.quote for cited in answer.citations]


@pytest.mark.parametrize(
    ("message", "language", "words"),
    [
        ("hola", "es", "Hola"),
        ("Good morning!", "en", "Hello"),
        ("muchas gracias", "es", "De nada"),
        ("thanks", "en", "You are welcome"),
        ("adiós", "es", "Hasta luego"),
        ("¿qué puedes hacer?", "es", "palabras exactas"),
        ("what can you do", "en", "exact words"),
    ],
)
def test_small_talk_is_answered(
    retriever: Retriever, message: str, language: str, words: str
) -> None:
    """In the message's language, found, without citations, and the chat shows it."""
    answer = Assistant(retriever).ask(message)
    assert (answer.found, answer.language, answer.citations) == (True, language, ())
    assert words in answer.text
    assert words in render(answer, b"key")
    assert "#copy" not in render(answer, b"key")


def test_the_collection_is_named(retriever: Retriever) -> None:
    """How many documents there are, and which: by title and id."""
    for question in ("¿Qué documentos tienes?", "cuantos documentos hay"):
        answer = Assistant(retriever).ask(question)
        assert answer.found
        assert answer.text.splitlines() == [
            "Hay 2 documentos:",
            "- El acueducto (acueducto.txt)",
            "- lighthouse.txt",
        ]
    english = Assistant(retriever).ask("How many documents are there?")
    assert english.text.startswith("There are 2 documents:")


def test_the_chosen_documents_are_named(retriever: Retriever) -> None:
    """Where a question is limited to some, no other is listed."""
    assistant = Assistant(retriever)
    chosen = assistant.ask("¿Qué documentos tienes?", documents=["lighthouse.txt", "none.txt"])
    assert chosen.text == "Has elegido 1 documento:\n- lighthouse.txt"
    none = assistant.ask("Which documents do you have?", documents=["none.txt"])
    assert (none.found, none.text) == (True, "You have chosen no documents.")


def test_a_long_list_is_cut(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Ten documents are named, and the others counted."""
    with Index.open(tmp_path_factory.mktemp("many"), create=True) as index:
        empty = Assistant(Retriever(index)).ask("¿Qué documentos hay?")
        assert (empty.found, empty.text) == (True, "Todavía no hay documentos.")
        index.add(Document(f"d{number:02}", "Un faro.") for number in range(12))
        lines = Assistant(Retriever(index)).ask("¿Qué documentos hay?").text.splitlines()
    assert lines == ["Hay 12 documentos:", *(f"- d{n:02}" for n in range(10)), "… y 2 más."]


def test_a_document_is_summed_up_by_its_beginning(retriever: Retriever) -> None:
    """Its first sentences, verbatim and cited, and it is said that this is the beginning."""
    answer = Assistant(retriever).ask("resume el documento", documents=["acueducto.txt"])
    assert answer.found
    assert answer.searched_for == "Cómo empieza: El acueducto"
    assert quoted(answer)[0].startswith("El acueducto se empezó en 1726")
    assert quoted(answer)[-1].endswith("en 1996.")
    assert answer.text.endswith(f"[{len(answer.citations)}]")


def test_a_summary_keeps_to_whole_sentences_and_its_limit(retriever: Retriever) -> None:
    """600 characters in all, of one document or of two."""
    assistant = Assistant(retriever)
    one = quoted(assistant.ask("what is it about?", documents=["lighthouse.txt"]))
    assert 500 < sum(map(len, one)) <= 600
    assert one[0].startswith("The lighthouse of Nerja")
    assert all(quote.endswith(".") for quote in one)
    both = assistant.ask("¿De qué tratan?", documents=["lighthouse.txt", "acueducto.txt"])
    assert {cited.document_id for cited in both.citations} == {"lighthouse.txt", "acueducto.txt"}
    assert sum(map(len, quoted(both))) <= 600


def test_a_first_sentence_that_is_too_long_is_cut(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Between words, so that there is something to read."""
    text = "palabra " * 200
    with Index.open(tmp_path_factory.mktemp("long"), create=True) as index:
        index.add([Document("largo", text)])
        (cited,) = Assistant(Retriever(index)).ask("resume esto").citations
    assert cited.quote == text[cited.start : cited.end]
    assert 500 < len(cited.quote) <= 600
    assert cited.quote.endswith("palabra")


def test_a_summary_without_its_document_asks_to_choose(retriever: Retriever) -> None:
    """With several documents and none chosen, they are named."""
    answer = Assistant(retriever).ask("¿De qué trata el documento?")
    assert (answer.found, answer.citations) == (True, ())
    assert answer.text.splitlines()[0] == "Hay 2 documentos:"
    assert answer.text.splitlines()[-1] == "Elige uno para leer cómo empieza."


def test_what_is_it_about_may_follow_up(retriever: Retriever) -> None:
    """After an answer it asks about what was said; after a greeting it does not."""
    reader = Fixed({"empezó": "El acueducto se empezó en 1726"})
    assistant = Assistant(retriever, reader=reader)
    question = "¿Cuándo se empezó el acueducto?"
    earlier = Turn(question, assistant.ask(question))
    greeting = Turn("hola", assistant.ask("hola"))
    assert "acueducto" in assistant.ask("¿De qué trata?", [earlier]).searched_for
    assert assistant.ask("¿De qué trata?", [greeting]).text.startswith("Hay 2 documentos:")


def test_a_greeting_is_nothing_to_follow_up(retriever: Retriever) -> None:
    """A follow-up leans on the question before the thanks."""
    assistant = Assistant(retriever, reader=Fixed({"empezó": "El acueducto se empezó en 1726"}))
    question = "¿Cuándo se empezó el acueducto?"
    history = [Turn(question, assistant.ask(question)), Turn("gracias", assistant.ask("gracias"))]
    assert "acueducto" in assistant.ask("¿Y cuánto costó?", history).searched_for


BOTH = "¿Cuándo se empezó el acueducto y quién fue el ingeniero?"
BEGUN, ENGINEER = "se empezó en 1726", "El ingeniero fue Antonio de Urrutia"


def test_two_questions_are_answered_together(retriever: Retriever) -> None:
    """Each is read for by itself, and the citations are numbered through."""
    reader = Fixed({"empezó": BEGUN, "ingeniero": ENGINEER})
    answer = Assistant(retriever, reader=reader).ask(BOTH)
    assert len(reader.read_for) == 2
    assert quoted(answer) == [BEGUN, ENGINEER]
    assert answer.text == f"«{BEGUN}» [1]\n«{ENGINEER}» [2]"
    assert (answer.question, answer.searched_for, answer.confidence) == (BOTH, BOTH, 0.8)


def test_a_half_that_is_not_answered_is_named(retriever: Retriever) -> None:
    """In the text, and in the chat."""
    answer = Assistant(retriever, reader=Fixed({"empezó": BEGUN})).ask(BOTH)
    assert quoted(answer) == [BEGUN]
    assert answer.text.splitlines()[1] == "Los documentos no dicen: ¿Quién fue el ingeniero?"
    assert "Los documentos no dicen" in render(answer, b"key")


def test_the_same_words_are_cited_once(retriever: Retriever) -> None:
    """One quote may answer both."""
    answer = Assistant(retriever, reader=Fixed({"empezó": BEGUN, "ingeniero": BEGUN})).ask(BOTH)
    assert quoted(answer) == [BEGUN]
    assert answer.text == f"«{BEGUN}» [1]"


def test_two_questions_without_answers_are_asked_as_one(retriever: Retriever) -> None:
    """The whole question is read for before it is given up."""
    reader = Fixed({})
    answer = Assistant(retriever, reader=reader).ask(BOTH)
    assert not answer.found
    assert reader.read_for[-1] == BOTH
    assert answer.hits


@pytest.mark.parametrize("question", [BOTH, "hola", "resume el documento", "¿Quién fue?"])
def test_snapshots_grow(retriever: Retriever, question: str) -> None:
    """Each holds all of the one before, and the last is the answer."""
    assistant = Assistant(retriever, reader=Fixed({"empezó": BEGUN, "ingeniero": ENGINEER}))
    shown = list(assistant.stream(question, documents=["acueducto.txt"]))
    assert shown[-1] == assistant.ask(question, documents=["acueducto.txt"])
    for before, after in pairwise(shown):
        assert after.text.startswith(before.text)
        assert after.citations[: len(before.citations)] == before.citations
        assert set(before.hits) <= set(after.hits)


def test_a_typing_error_is_said(retriever: Retriever) -> None:
    """The question is searched for as the documents spell it, and that is shown."""
    reader = Fixed({"ingeniero": ENGINEER})
    answer = Assistant(retriever, reader=reader).ask("¿Quién fue el ingeneiro?")
    assert answer.question == "¿Quién fue el ingeneiro?"
    assert answer.searched_for == reader.read_for[0] == "¿Quién fue el ingeniero?"
    assert quoted(answer) == [ENGINEER]


def test_who_leaves_a_stream_ends_it(retriever: Retriever, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it holds, as a connection to a language model, is given back at once."""
    ended: list[bool] = []
    assistant = Assistant(retriever)
    answer = assistant.ask("hola")

    def stream(*_: object, **__: object) -> Iterator[Answer]:
        try:
            yield answer
            yield answer
        finally:
            ended.append(True)

    async def leave() -> bool:
        answers = assistant.astream("hola")
        await anext(answers)
        await answers.aclose()
        return bool(ended)

    monkeypatch.setattr(assistant, "stream", stream)
    assert asyncio.run(leave())
