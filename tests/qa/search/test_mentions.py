"""Mentions with their citations, and the limit by the documents' dates."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Document, Index
from index.errors import InputError, QuestionError
from qa import Assistant, Retriever
from qa.search.dates import dates_of

LONG = " ".join(f"La partida {n} se destina a obras." for n in range(60))
TEXTS = {
    "acta": (
        "Acta 12",
        "2024-05-31",
        f"El canon de riego sube. {LONG}\n\nTrataron del canon\n\nde riego.",
    ),
    "bando": (
        "Bando",
        "2023-01-01",
        "Concepto\tImporte\nCanon de riego\t40 euros\nMultas\t12 euros",
    ),
    "nota": (
        "Nota",
        None,
        "«Canon de riego», dijo. Del canon de riego nadie habló más: canon de riegos.",
    ),
}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("mentions")
    with Index.open(folder, create=True) as index:
        index.add(
            Document(id, text, title=title, metadata={"date": day} if day else {})
            for id, (title, day, text) in TEXTS.items()
        )
    with Retriever.open(folder) as opened:
        yield opened


def test_each_is_cited_in_its_sentence_or_row(retriever: Retriever) -> None:
    """In order; the highlight is the mention, also where it goes on in the next paragraph."""
    found = retriever.mentions("canon de riego")
    assert found.total == len(found.citations) == 5
    assert found.beyond == 0
    assert [(d.document_id, d.count) for d in found.documents] == [
        ("acta", 2),
        ("bando", 1),
        ("nota", 2),
    ]
    assert [citation.quote for citation in found.citations] == [
        "El canon de riego sube.",
        "Trataron del canon\n\nde riego.",
        "Canon de riego\t40 euros",
        "«Canon de riego», dijo.",
        "Del canon de riego nadie habló más: canon de riegos.",
    ]
    for citation in found.citations:
        text = retriever.document(citation.document_id).text
        assert citation.highlight is not None
        assert citation.quote == text[citation.start : citation.end]
        mention = text[slice(*citation.highlight)]
        assert " ".join(mention.lower().split()) == "canon de riego"
    row = found.citations[2]
    assert (row.title, row.date, row.header) == ("Bando", "2023-01-01", "Concepto\tImporte")
    assert [citation.paragraph for citation in found.citations] == [1, 2, 2, 1, 1]


def test_what_is_beyond_the_limit_is_counted(retriever: Retriever) -> None:
    """Of each document at most so many, where several have some; of all so many."""
    found = retriever.mentions("canon de riego", limit=3, each=1)
    assert [citation.document_id for citation in found.citations] == ["acta", "bando", "nota"]
    assert (found.total, found.beyond) == (5, 2)
    found = retriever.mentions("canon de riego", limit=1)
    assert (len(found.citations), found.beyond, len(found.documents)) == (1, 4, 3)
    alone = retriever.mentions("canon de riego", documents=["acta", "gone"], each=1)
    assert (len(alone.citations), alone.total, alone.chosen) == (2, 2, 2)
    assert retriever.mentions("canon de riego", documents=[]).total == 0


def test_what_cannot_be_looked_for(retriever: Retriever) -> None:
    """Nothing, too much, or none at most."""
    for phrase in ("", ' "" ', "a" * 1001):
        with pytest.raises(QuestionError):
            retriever.mentions(phrase)
    with pytest.raises(QuestionError):
        retriever.mentions("canon", limit=0)


@pytest.mark.parametrize(
    ("since", "until", "found", "undated"),
    [
        (None, None, ["acta", "bando", "nota"], 0),
        ("2023", None, ["acta", "bando"], 1),
        ("2023-01-02", None, ["acta"], 1),
        (None, "2023-01", ["bando"], 1),
        ("2024-05-31", "2024-05-31", ["acta"], 1),
        ("2024-06", " ", [], 1),
        ("", "2024-05-30", ["bando"], 1),
        ("31/05/2024", "31-5-2024", ["acta"], 1),
        ("5/2024", "31.12.2024", ["acta"], 1),
        ("02/01/2023", "1/2023", [], 1),
    ],
)
def test_dates(
    retriever: Retriever, since: str | None, until: str | None, found: list[str], undated: int
) -> None:
    """The first and the last day count; who has no date is left out, and counted."""
    mentions = retriever.mentions("canon de riego", since=since, until=until)
    assert [document.document_id for document in mentions.documents] == found
    assert mentions.undated == undated
    hits = retriever.search("¿Cuánto es el canon de riego?", since=since, until=until)
    assert sorted({hit.document_id for hit in hits}) == found


@pytest.mark.parametrize(
    "given",
    [
        "2024-13",
        "2024-02-30",
        "24",
        "mayo",
        "2024-05-",
        "0000",
        "2024-00",
        "٢٠٢٤",
        "05/31/2024",
        "31/05/24",
        "31/05-2024",
        "31/2024",
        "1/31/05/2024",
    ],
)
def test_what_is_no_date(retriever: Retriever, given: str) -> None:
    """It is one sentence that names what was given and what to write."""
    with pytest.raises(
        InputError, match=f"^{given} is no date: write a year, month or day as 2024"
    ):
        retriever.search("canon", since=given)
    with pytest.raises(InputError, match="is no date"):
        Assistant(retriever).ask("canon", until=given)


def test_from_after_until(retriever: Retriever) -> None:
    """No day is within them."""
    with pytest.raises(InputError, match=r"^From 2024-02 until 2024-01-31 there is no day"):
        retriever.mentions("canon", since="2024-02", until="2024-01-31")


@given(st.dates(), st.dates(), st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
def test_days_within(day: date, other: date, first: int, last: int) -> None:
    """A day is within the years, months and days that it begins with, and not within others."""
    since, until = str(day)[:first], str(other)[:last]
    if since > until and not since.startswith(until):
        return
    dates = dates_of(since, until)
    for one in (day, other):
        assert dates.holds(str(one)) == (str(one)[:first] >= since and str(one)[:last] <= until)


def test_a_refusal_says_that_it_was_limited(retriever: Retriever) -> None:
    """To which dates, and how many have none; and what there is beyond them."""
    assistant = Assistant(retriever, beyond_limit=True)
    answer = assistant.ask("¿Quién dirige el museo?", since="2024", until="2024-12")
    lines = answer.text.split("\n")
    assert lines[:2] == [
        "Los documentos no lo dicen.",
        "Busqué solo en 1 documento con fecha del 1 de enero de 2024 al 31 de diciembre de 2024 "
        f"({retriever.index.size('acta')} pasajes); no busqué en 1 documento sin fecha.",
    ]
    assert answer.refusal is not None
    assert (answer.refusal.chosen, answer.refusal.undated) == (None, 1)
    answer = assistant.ask("Who runs the museum?", documents=["acta", "nota"], until="1999")
    assert answer.text.split("\n")[1] == (
        "No chosen document is dated until 31 December 1999; I did not search 1 document without "
        "a date."
    )
    answer = assistant.ask("¿Cuánto es el canon de riego en euros?", since="2024")
    assert not answer.found
    assert answer.refusal and answer.refusal.beyond
    assert answer.refusal.beyond.document_id == "bando"


@pytest.mark.parametrize("question", ['"canon de riego"', "«canon de riego»", " “CANON de riego” "])
def test_a_phrase_in_quotation_marks_is_answered_with_its_mentions(
    retriever: Retriever, question: str
) -> None:
    """With all of them, not with what a reader would choose; the conversation goes on from it."""
    answer = Assistant(retriever).ask(question)
    assert answer.found
    assert answer.mentions
    assert len(answer.citations) == answer.mentions.total == 5
    assert answer.notes == (f"5 menciones de «{answer.mentions.phrase}» en 3 documentos.",)
    assert answer.text.split("\n")[-2:] == [
        "Del canon de riego nadie habló más: canon de riegos. [5]",
        answer.notes[0],
    ]


def test_a_phrase_that_is_nowhere(retriever: Retriever) -> None:
    """That is said, and what to try; a question that was pasted with its marks is asked."""
    assistant = Assistant(retriever)
    answer = assistant.ask('"canon de agua"', since="2024")
    assert not answer.found
    assert answer.text == (
        "Ningún documento con fecha desde el 1 de enero de 2024 dice «canon de agua» con esas "
        "mismas palabras.\nPrueba con menos palabras, o sin comillas, que busca por el sentido.\n"
        "No se buscó en 1 documento sin fecha."
    )
    assert assistant.ask('"¿Cuánto es el canon de riego?"').mentions is None
    assert assistant.ask('"canon" y "riego"').mentions is None


def test_a_phrase_inside_a_question_stands_in_what_is_found(retriever: Retriever) -> None:
    """Where any passage has it; a word alone, or what no passage has, limits nothing."""
    hits = retriever.search("¿Qué se dice del «canon de riegos» y del importe?")
    assert [hit.document_id for hit in hits] == ["nota"]
    assert len(retriever.search("¿Qué se dice del «canon de aguas»?")) > 1
    assert len(retriever.search("¿Qué es el «importe»?")) > 1
