"""Versions of one rule: what another document says in the place of the best quote."""

from collections.abc import Iterator, Sequence

import pytest

from index import Document, Index
from index.query import Query
from qa import Assistant, Retriever
from qa.answering.versions import with_counterparts
from qa.readers import Quote, Reader, Reading
from qa.types import Hit

OLD = (
    "Reglamento de parques\n\nArtículo 1. Los parques abren de siete a diecinueve horas.\n\n"
    "Artículo 2. La multa por tirar basura es de 450 pesos.\n\nArtículo 3. Se entra con correa."
)
NEW = (
    "Reglamento de parques\n\nArtículo 1. Los parques abren de seis a veintiuna horas.\n\n"
    "Artículo 2. La multa por tirar basura es de 900 pesos.\n\nArtículo 3. Se entra con correa."
)
OTHER = "Taller\n\nLa multa por no devolver un torno es de 70 pesos."
FEES_OLD = "Fees\n\nThe entrance fee is 4 pounds for adults. The pool closes at 8 pm."
FEES_NEW = "Fees\n\nThe entrance fee is 6 pounds for adults. The pool closes at 9 pm."
DATES = {"2018": "2018-05-03", "2023": "2023-01-09", "fees-a": "2021-02-04", "fees-b": "2024-03-06"}
TEXTS = {"2018": OLD, "2023": NEW, "taller": OTHER, "fees-a": FEES_OLD, "fees-b": FEES_NEW}


class First(Reader):
    """Marks some words where they stand first, and quotes their sentence alone."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def read(self, _query: Query, hits: Sequence[Hit]) -> Reading:
        """The one quote, surely."""
        found = (quote(hit, word) for word in self.words for hit in hits if word in hit.text)
        first = next(found, None)
        return Reading((first,) if first else (), 1.0)


def quote(hit: Hit, word: str) -> Quote:
    at = hit.text.index(word)
    start = max(hit.text.rfind(end, 0, at) for end in ("\n", ". T", ". L")) + 1
    start += hit.text[start] == " "
    end = hit.text.index(".", at) + 1
    shift = hit.passage.start
    return Quote(hit, shift + start, shift + end, 1.0, (shift + at, shift + at + len(word)))


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    with Index.open(tmp_path_factory.mktemp("versions"), create=True) as index:
        index.add(
            Document(id, text, text.split("\n")[0], metadata={"date": date} if date else {})
            for id, text in TEXTS.items()
            for date in [DATES.get(id)]
        )
        yield Retriever(index)


@pytest.mark.parametrize(
    ("question", "read", "shorts", "disagree"),
    [
        ("¿Cuál es la multa por tirar basura?", "450 pesos", ["900 pesos", "450 pesos"], True),
        ("¿De cuánto es la multa por tirar basura?", "450", ["900", "450"], True),
        ("¿Cuánto se paga por tirar basura?", "900 pesos", ["900 pesos", "450 pesos"], True),
        ("¿Cuál es la multa vigente por tirar basura?", "450", ["900", "450"], True),
        (
            "¿Cuál es el horario en que abren los parques?",
            "siete a diecinueve horas",
            ["seis a veintiuna horas", "siete a diecinueve horas"],
            True,
        ),
        ("¿Cuál era la multa por tirar basura en 2018?", "450", ["450"], False),
        ("¿Cuál era la multa por tirar basura en 2018?", "900", ["450"], False),
        ("¿Cuál era la multa anterior por tirar basura?", "900", ["450"], False),
        ("¿Con qué se entra a los parques?", "correa", ["correa"], False),
        ("What is the entrance fee for adults?", "4 pounds", ["6 pounds", "4 pounds"], True),
        ("What was the entrance fee for adults in 2021?", "6 pounds", ["4 pounds"], False),
        ("What time does the pool close?", "8 pm", ["9 pm", "8 pm"], True),
    ],
)
def test_the_other_version_is_quoted(
    retriever: Retriever, question: str, read: str, shorts: list[str], disagree: bool
) -> None:
    """The newest first, or the version that is asked for; nothing where both say the same."""
    answer = Assistant(retriever, reader=First(read)).ask(question)
    marked = [
        cited.quote[slice(*(at - cited.start for at in cited.highlight))]
        for cited in answer.citations
        if cited.highlight
    ]
    assert (marked, answer.disagree) == (shorts, disagree)


def test_another_thing_is_no_version(retriever: Retriever) -> None:
    """A passage that lacks a word of the question which the quoted one has."""
    question = "¿Cuál es la multa por tirar basura?"
    hits = retriever.search(question, 10)
    best = next(quote(hit, "450 pesos") for hit in hits if "450 pesos" in hit.text)
    found = with_counterparts(Query(question), [best], hits)
    assert [one.hit.document_id for one in found] == ["2018", "2023"]


def test_another_article_does_not_answer(retriever: Retriever) -> None:
    """What the reader quotes of article 2 says nothing of article 9."""
    reader = First("450 pesos")
    assert Assistant(retriever, reader=reader).ask("¿De cuánto es la multa del artículo 2?").found
    assert (
        not Assistant(retriever, reader=reader).ask("¿De cuánto es la multa del artículo 9?").found
    )


def test_another_amount_does_not_answer(retriever: Retriever) -> None:
    """Where the question names one to the last figure."""
    assistant = Assistant(retriever, reader=First("450 pesos"))
    assert not assistant.ask("¿En qué caso son 12,450.50 pesos de multa?").found
    assert assistant.ask("¿En qué caso son 450 pesos de multa?").found
