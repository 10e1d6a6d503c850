"""Questions that name a document, from end to end."""

from collections.abc import Iterator, Sequence

import pytest

from index import Document, Index
from index.query import Query
from qa import Answer, Assistant, Retriever, Turn
from qa.answering.named import asks_for_beginning
from qa.readers import Quote, Reader, Reading
from qa.types import Hit

TEXTS = {
    "reglamento_2019.txt": "El mercado abre de seis a dieciocho horas. La multa es de 800 pesos.",
    "reglamento_2024.txt": "El mercado abre de siete a veinte horas. La multa es de 1,350 pesos.",
    "lease.txt": "The rent is 780 pounds a month. Files are kept in settings.json by the agent.",
}


class Whole(Reader):
    """Quotes the best passage that holds one of some words, whole."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def read(self, _query: Query, hits: Sequence[Hit]) -> Reading:
        """It, surely; nothing where none holds them."""
        for hit in hits:
            if any(word in hit.text for word in self.words):
                return Reading((Quote(hit, hit.passage.start, hit.passage.end, 1.0),), 1.0)
        return Reading((), 0.1)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    with Index.open(tmp_path_factory.mktemp("named"), create=True) as index:
        index.add(Document(id, text) for id, text in TEXTS.items())
        yield Retriever(index)


@pytest.fixture
def assistant(retriever: Retriever) -> Assistant:
    return Assistant(retriever, reader=Whole("abre", "multa", "rent"))


@pytest.mark.parametrize("id", ["reglamento_2019.txt", "reglamento_2024.txt"])
def test_only_the_named_document_is_asked(assistant: Assistant, id: str) -> None:
    """The answer keeps the question as it was asked; what was searched for has no name."""
    question = f"Según {id}, ¿cuál es el horario?"
    answer = assistant.ask(question)
    assert {citation.document_id for citation in answer.citations} == {id}
    assert (answer.question, answer.searched_for) == (question, "¿Cuál es el horario?")
    assert list(assistant.stream(question))[-1] == answer


def said_first(answer: Answer) -> str:
    """The first line; what was searched and what is near follow it."""
    return answer.text.split("\n")[0]


def test_its_silence_is_said(retriever: Retriever) -> None:
    """What others say is not quoted instead."""
    assistant = Assistant(retriever, reader=Whole("rent"))
    answer = assistant.ask("¿Cuál es la renta según reglamento_2019.txt?")
    assert not answer.found
    assert said_first(answer) == "«reglamento_2019.txt» no lo dice."
    answer = assistant.ask("According to reglamento_2019.txt, what is the rent?")
    assert said_first(answer) == "“reglamento_2019.txt” does not say."


def test_a_document_that_is_not_there(assistant: Assistant) -> None:
    """It is said, with a file of another ending, and nothing is quoted."""
    answer = assistant.ask("Según informe.pdf, ¿cuál es la multa?")
    assert (answer.found, answer.citations) == (False, ())
    assert said_first(answer) == "No hay ningún documento «informe.pdf»."
    answer = assistant.ask("What is the rent in lease.pdf?")
    assert said_first(answer) == "There is no document “lease.pdf”. There is “lease.txt”."
    answer = assistant.ask("¿Cuál es la multa en lease.txt?", documents=["reglamento_2019.txt"])
    assert said_first(answer) == "Entre los documentos elegidos no está «lease.txt»."


def test_a_file_that_the_documents_speak_of(retriever: Retriever) -> None:
    """It may be named though it is no document."""
    with Index.open(retriever.index.path) as index:
        assistant = Assistant(Retriever(index), reader=Whole("manual.pdf"))
        index.add([Document("notas", "El archivo manual.pdf se entrega a quien compra el torno.")])
        answer = assistant.ask("¿A quién se entrega manual.pdf?")
        index.remove(["notas"])
    assert [citation.document_id for citation in answer.citations] == ["notas"]


@pytest.mark.parametrize(
    "question",
    [
        "¿De qué trata lease.txt?",
        "Resume lease.txt",
        "What is lease.txt about?",
        "¿Qué dice lease.txt?",
    ],
)
def test_its_beginning_is_quoted(assistant: Assistant, question: str) -> None:
    """Where nothing else is asked for, also in the middle of a conversation."""
    turn = Turn("¿Cuál es la multa?", assistant.ask("¿Cuál es la multa?"))
    for history in ([], [turn]):
        answer = assistant.ask(question, history)
        assert answer.citations[0].quote == TEXTS["lease.txt"]
        assert answer.searched_for.endswith(": lease.txt")


def test_a_follow_up_stays_with_the_document(assistant: Assistant) -> None:
    """Until another is named, of which the same is asked."""
    question = "Según reglamento_2019.txt, ¿cuál es la multa?"
    turn = Turn(question, assistant.ask(question))
    then = assistant.ask("¿Y el horario?", [turn])
    assert {citation.document_id for citation in then.citations} == {"reglamento_2019.txt"}
    other = assistant.ask("¿Y en reglamento_2024.txt?", [turn])
    assert {citation.document_id for citation in other.citations} == {"reglamento_2024.txt"}
    assert other.searched_for == "¿Cuál es la multa?"


@pytest.mark.parametrize(
    ("rest", "whole"),
    [
        ("¿De qué trata?", True),
        ("Dame un breve resumen", True),
        ("What is about?", True),
        ("What is said?", True),
        ("Tell me about", True),
        ("¿Cuál es la multa?", False),
        ("¿Qué dice sobre la multa?", False),
    ],
)
def test_what_asks_for_nothing_but_the_document(rest: str, whole: bool) -> None:
    """Then its beginning is quoted."""
    assert asks_for_beginning(rest) is whole
