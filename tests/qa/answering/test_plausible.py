"""Which quotes cannot be an answer, and which meaning of a question is answered."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from index import Document, Index
from index.embedders import Embedder
from index.query import Query
from qa import Answer, Assistant, Retriever, Turn
from qa.answering.plausible import is_plausible
from qa.readers import Quote, Reader, Reading
from qa.types import Hit

DOCUMENTS = {
    "tren": "El tren a Zafra sale a las 05:00 y llega a las 09:30.",
    "museo": "El museo de Zafra abre de martes a domingo. La visita guiada dura cincuenta minutos.",
    "cueva": "La cueva de Almera tiene 900 metros de galerías. Se entra con casco.",
    "grua": "La grúa municipal de Llerena cuesta 95 euros por coche retirado.",
}


class Pointing(Reader):
    """Marks the first of some words that a hit holds, with the confidence given to them."""

    min_confidence = 0.5

    def __init__(self, words: Mapping[str, float]) -> None:
        self.words = words

    def read(self, _query: Query, hits: Sequence[Hit]) -> Reading:  # noqa: D102
        for hit in hits:
            for words, confidence in self.words.items():
                at = hit.text.find(words)
                if at >= 0:
                    start = hit.passage.start + at
                    marked = (start, start + len(words))
                    quote = Quote(hit, hit.passage.start, hit.passage.end, 1.0, marked)
                    return Reading((quote,), confidence)
        return Reading((), 0.0)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("plausible") / "index"
    with Index.open(folder, create=True, model=embedder) as index:
        index.add(Document(id, text) for id, text in DOCUMENTS.items())
        yield Retriever(index)


def talk(retriever: Retriever, reader: Reader, *questions: str) -> list[Answer]:
    """The answers to questions that are asked one after the other."""
    assistant = Assistant(retriever, reader=reader)
    history: list[Turn] = []
    for question in questions:
        history.append(Turn(question, assistant.ask(question, history)))
    return [turn.answer for turn in history]


def test_a_time_of_day_is_no_price(retriever: Retriever) -> None:
    """However sure the reader is of it; of "when" it is an answer."""
    reader = Pointing({"05:00": 0.99})
    assert talk(retriever, reader, "¿A qué hora sale el tren a Zafra?")[0].short == "05:00"
    refused = talk(retriever, reader, "¿Cuánto cuesta el tren a Zafra?")[0]
    assert (refused.found, refused.short) == (False, None)
    assert not talk(retriever, reader, "¿Quién conduce el tren a Zafra?")[0].found


def test_the_same_words_for_three_kinds_of_questions(retriever: Retriever) -> None:
    """Are a stopgap: they answer no third question of another type, but may a third of the same."""
    (hit,) = retriever.search("tren a Zafra", k=1)
    at = hit.passage.start + hit.text.index("martes") if "martes" in hit.text else hit.passage.start
    quote = Quote(hit, hit.passage.start, hit.passage.end, 1.0, (at, at + 7))

    class Same(Reader):
        def read(self, _query: Query, _hits: Sequence[Hit]) -> Reading:
            return Reading((quote,), 0.9)

    assistant = Assistant(retriever, reader=Same())
    history = [
        Turn(question, assistant.ask(question))
        for question in ("¿Qué es esto de Zafra?", "¿Qué sale de Zafra?")
    ]
    assert is_plausible(Query("¿Qué va a Zafra?"), Reading((quote,), 1.0), history)
    assert not is_plausible(Query("¿Quién va a Zafra?"), Reading((quote,), 1.0), history)
    assert is_plausible(Query("¿Quién va a Zafra?"), Reading((quote,), 1.0), history[:1])
    counted = [Turn("¿Cuántos trenes van a Zafra?", history[0].answer)]
    assert not is_plausible(Query("¿Y cuántas plazas hay?"), Reading((quote,), 1.0), counted)
    assert is_plausible(Query("¿Cuántos trenes llegan a Zafra?"), Reading((quote,), 1.0), counted)


def test_a_topic_is_not_glued_to_what_stands_alone(retriever: Retriever) -> None:
    """ "¿Cuánto cuesta la grúa?" is found better without the cave of the question before."""
    reader = Pointing({"95 euros": 0.9, "900 metros": 0.9})
    first, second = talk(
        retriever, reader, "¿Cuánto mide la cueva de Almera?", "¿Cuánto cuesta la grúa municipal?"
    )
    assert first.short == "900 metros"
    assert (second.searched_for, second.short) == (second.question, "95 euros")


def test_words_that_point_are_only_asked_nearby(retriever: Retriever) -> None:
    """ "¿Quién la lleva?" about a cave is not answered out of another document."""
    reader = Pointing({"900 metros": 0.9, "grúa municipal": 0.9})
    _, answer = talk(
        retriever, reader, "¿Cuánto mide la cueva de Almera?", "¿Quién la lleva y para ellos?"
    )
    assert {hit.document_id for hit in answer.hits[:1]} == {"cueva"}
