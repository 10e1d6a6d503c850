"""Quotes of several documents beside each other: copies, contradictions, dates."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index import Document, Index
from index.query import Query
from index.text.months import written_date
from qa import Assistant, Retriever
from qa.answering.contradictions import arrange, differ
from qa.readers import Quote, Reader, Reading
from qa.readers.evidence import Kind
from qa.types import Hit
from qa.web.render import render

FIRST = "El puente se abrió en 1994, dijo el alcalde."
SECOND = "Según el archivo, el puente se abrió en 1987 con dos carriles."
COPY = "El puente se abrió en 1994, dijo el alcalde de Nerja."
OTHER = "Las obras del puente acabaron en 1994 tras muchos retrasos."
QUESTION = "¿Cuándo se abrió el puente?"
DATES = {"a": "2024-03-01", "b": "2025-09-03", "c": None, "d": "2023-01-31"}
TEXTS = {"a": FIRST, "b": SECOND, "c": COPY, "d": OTHER}


class Year(Reader):
    """Quotes whole passages, the years in them marked, in the order of their documents."""

    def read(self, _query: Query, hits: Sequence[Hit]) -> Reading:
        """Every hit, surely."""
        return Reading(tuple(marked(hit) for hit in sorted(hits, key=lambda h: h.document_id)), 1.0)


def marked(hit: Hit) -> Quote:
    at = hit.passage.start + max(hit.text.find("1994"), hit.text.find("1987"))
    return Quote(hit, hit.passage.start, hit.passage.end, 1.0, (at, at + 4))


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    with Index.open(tmp_path_factory.mktemp("agreement"), create=True) as index:
        index.add(
            Document(id, text, metadata={"date": date} if (date := DATES[id]) else {})
            for id, text in TEXTS.items()
        )
        yield Retriever(index)


@pytest.fixture(scope="module")
def quotes(retriever: Retriever) -> dict[str, Quote]:
    return {hit.document_id: marked(hit) for hit in retriever.search(QUESTION, 10)}


@pytest.mark.parametrize(
    ("kind", "one", "other", "different"),
    [
        (Kind.DATE, "3 de septiembre de 2025", "septiembre", False),
        (Kind.DATE, "2 de abril de 2020", "2 de mayo de 2020", True),
        (Kind.DATE, "3 de septiembre", "September 3", False),
        (Kind.DATE, "en 1999", "1998", True),
        (Kind.DATE, "tras la guerra", "1998", False),
        (Kind.NUMBER, "doce años", "12", False),
        (Kind.NUMBER, "12.500 pesos", "12,500", False),
        (Kind.NUMBER, "1,5 millones", "1.5 million", False),
        (Kind.NUMBER, "45 millones", "30 millones", True),
        (Kind.NUMBER, "45 millones de pesos", "45.000.000 pesos", False),
        (Kind.NUMBER, "13 mil millones", "13 billion", False),
        (Kind.NUMBER, "3 mil", "3 millones", True),
        (Kind.NUMBER, "tres", "cuatro", True),
        (Kind.NAME, "Marco Rubio", "el secretario Rubio", False),
        (Kind.NAME, "Ángela Ruiz", "Angela", False),
        (Kind.NAME, "Marco Rubio", "Juan Ramón de la Fuente", True),
        (Kind.NAME, "el secretario", "Rubio", False),
    ],
)
def test_answers_differ(kind: Kind, one: str, other: str, different: bool) -> None:
    """Only where both say something of the kind and nothing of it is the same; either way round."""
    assert differ(kind, one, other) is different
    assert differ(kind, other, one) is different


def test_copies_are_merged(quotes: dict[str, Quote]) -> None:
    """Of almost the same words the first stays; the same said otherwise stays too."""
    kept, disagree = arrange(QUESTION, [quotes["a"], quotes["c"], quotes["d"]])
    assert [quote.hit.document_id for quote in kept] == ["a", "d"]
    assert not disagree


def test_a_contradiction_puts_the_newest_first(quotes: dict[str, Quote]) -> None:
    """By the documents' dates, without a date last; nothing is left out."""
    kept, disagree = arrange(QUESTION, [quotes["d"], quotes["c"], quotes["b"]])
    assert disagree
    assert [quote.hit.document_id for quote in kept] == ["b", "d", "c"]


@pytest.mark.parametrize(
    ("question", "mark"),
    [("¿Por qué se abrió el puente?", True), (QUESTION, False)],
)
def test_no_contradiction(quotes: dict[str, Quote], question: str, mark: bool) -> None:
    """Not where no date, number or name is asked for, nor where no words are marked."""
    given = [quotes[id] if mark else replace(quotes[id], highlight=None) for id in "db"]
    assert arrange(question, given) == (tuple(given), False)


def test_one_document_does_not_contradict_itself(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two years in one document are two things that it tells."""
    with Index.open(tmp_path_factory.mktemp("one"), create=True) as index:
        index.add([Document("one", f"{FIRST}\n\n{'Una historia larga. ' * 60}\n\n{SECOND}")])
        hits = [hit for hit in Retriever(index).search(QUESTION) if "abrió" in hit.text]
    assert len(hits) == 2
    assert not arrange(QUESTION, [marked(hit) for hit in hits])[1]


def test_the_answer_says_that_the_documents_do_not_agree(retriever: Retriever) -> None:
    """Each quote with its document's date, newest first; the words say so, and so does the chat."""
    assistant = Assistant(retriever, reader=Year())
    answer = assistant.ask(QUESTION, documents=["a", "b"])
    assert answer.disagree
    assert answer.short == "1987"
    assert answer.text.splitlines() == [
        f"3 de septiembre de 2025: «{SECOND}» [1]",
        f"1 de marzo de 2024: «{FIRST}» [2]",
        "Los documentos no coinciden; el más reciente va primero.",
    ]
    shown = render(answer, b"key")
    assert "Los documentos no coinciden" in shown
    assert "<mark>1987</mark>" in shown
    assert "3 de septiembre de 2025" in shown
    *_, before, last = assistant.stream(QUESTION, documents=["a", "b"])
    assert last == answer
    assert before.citations == last.citations


def test_agreement_is_shown_by_several_citations(retriever: Retriever) -> None:
    """The same year in other words: two citations, no dates, no warning."""
    answer = Assistant(retriever, reader=Year()).ask(QUESTION, documents=["a", "d"])
    assert (answer.disagree, answer.short) == (False, "1994")
    assert answer.text.splitlines() == [f"«{FIRST}» [1]", f"«{OTHER}» [2]"]


def test_dates_are_written_out() -> None:
    """In the language of the answer."""
    assert written_date("2025-09-03", "es") == "3 de septiembre de 2025"
    assert written_date("2024-12-31", "en") == "31 December 2024"


def test_without_dates_none_is_the_newest(tmp_path: Path) -> None:
    """It is only said that the documents do not agree."""
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Document("a", FIRST), Document("b", SECOND)])
        answer = Assistant(Retriever(index), reader=Year()).ask(QUESTION)
    assert answer.disagree
    assert answer.notes == ("Los documentos no coinciden.",)


@pytest.mark.parametrize("swapped", [False, True])
def test_a_half_that_the_documents_do_not_agree_on(retriever: Retriever, swapped: bool) -> None:
    """Its note stands in the text and in the notes, whichever half it is."""
    halves = ["¿Cuándo se abrió el puente?", "¿Qué color tiene la bandera de Marte?"]
    question = " ".join(reversed(halves) if swapped else halves)

    class YearOrNothing(Year):
        def read(self, query: Query, hits: Sequence[Hit]) -> Reading:
            return super().read(query, hits) if "puente" in query.text else Reading((), 0.0)

    answer = Assistant(retriever, reader=YearOrNothing()).ask(question, documents=["a", "b"])
    assert answer.disagree
    assert len(answer.notes) == 2
    assert answer.text.splitlines()[-2:] == list(answer.notes)
    assert any("no coinciden" in note for note in answer.notes)
