"""The retriever over a small collection in two languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import Document, Index
from index.errors import IndexNotFoundError, InputError, QuestionError
from qa import Assistant, Retriever
from qa.search.retriever import LONGEST_QUESTION, check_question
from tests.files import pdf

TEXTS = {
    "faro": "El faro de San Telmo se encendió por primera vez el 4 de marzo de 1890.",
    "puente": "El puente colgante mide 312 metros y lo diseñó la ingeniera Alba Ruiz.",
    "copia": "El puente colgante mide 312 metros y lo diseñó la ingeniera Alba Ruiz.",
    "bridge": "The town council closed the old stone bridge for repairs in 2019.",
    "receta": "Para la sopa se cuecen las lentejas con laurel durante cuarenta minutos.",
    "codigo": "El expediente RX-4471/B se archivó sin resolución.",
}


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("retriever")
    with Index.open(folder, create=True) as index:
        index.add(Document(id, text, title=id.title()) for id, text in TEXTS.items())
    with Retriever.open(folder) as opened:
        yield opened


def best(retriever: Retriever, question: str) -> str:
    return retriever.search(question, k=1)[0].document_id


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("¿Cuándo se encendió el faro?", "faro"),
        ("cuando se encendio el faro", "faro"),
        ("When was the lighthouse lit?", "faro"),
        ("Why was the stone bridge closed?", "bridge"),
        ("¿Cuánto tiempo se cuecen las lentejas?", "receta"),
        ("RX-4471/B", "codigo"),
    ],
)
def test_finds_the_passage(retriever: Retriever, question: str, document: str) -> None:
    """By meaning, across languages, without accents, and by an identifier."""
    assert best(retriever, question) == document


def test_hits_are_ranked_and_cited(retriever: Retriever) -> None:
    """Best first; each hit's citation quotes the whole passage of its document."""
    hits = retriever.search("¿Quién diseñó el puente?", k=4)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        document = retriever.document(hit.document_id)
        citation = hit.citation
        assert hit.text == citation.quote == document.text[citation.start : citation.end]
        assert (citation.title, citation.page, citation.paragraph) == (document.title, None, 1)


def test_the_same_text_comes_once(retriever: Retriever) -> None:
    """Of two documents with the same words only one is a hit."""
    texts = [hit.text for hit in retriever.search("¿Quién diseñó el puente?", k=6)]
    assert len(texts) == len(set(texts)) == 5


def test_only_in_these_documents(retriever: Retriever) -> None:
    """``documents`` limits the search; unknown ids bring nothing."""
    hits = retriever.search("¿Quién diseñó el puente?", documents=["faro", "receta"])
    assert {hit.document_id for hit in hits} == {"faro", "receta"}
    assert retriever.search("¿Quién diseñó el puente?", documents=["nada"]) == []
    assert retriever.search("¿Quién diseñó el puente?", documents=[]) == []


@pytest.mark.parametrize(
    ("question", "words"),
    [("", "empty"), (" \n\t", "empty"), ("🙂🙃", "no words"), ("¿?", "no words")],
)
def test_questions_without_words(retriever: Retriever, question: str, words: str) -> None:
    """They are refused in one sentence."""
    with pytest.raises(QuestionError, match=words):
        retriever.search(question)


def test_the_longest_question(retriever: Retriever) -> None:
    """10,000 characters are searched for, one more is refused."""
    question = ("faro de San Telmo " * 1000)[: LONGEST_QUESTION - 1] + "?"
    assert best(retriever, question) == "faro"
    with pytest.raises(QuestionError, match="10,001 characters"):
        retriever.search(question + "?")


def test_k_must_be_positive(retriever: Retriever) -> None:
    """Asking for no passages is a mistake."""
    with pytest.raises(QuestionError, match="not 0"):
        retriever.search("faro", k=0)


def test_white_space_is_one_space() -> None:
    """Line ends and tabs in a question mean nothing."""
    assert check_question(" ¿Cuándo\n\tfue? ") == "¿Cuándo fue?"


def test_no_index(tmp_path: Path) -> None:
    """Opening nothing says how to make an index."""
    with pytest.raises(IndexNotFoundError, match="qa index FOLDER"):
        Retriever.open(tmp_path)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    """No documents, no hits, no error."""
    Index.open(tmp_path, create=True).close()
    with Retriever.open(tmp_path) as empty:
        assert empty.search("¿Cuándo fue?") == []


def test_the_page_of_a_citation(tmp_path: Path) -> None:
    """A quote from the second page of a PDF is cited with page 2 and its paragraph."""
    pages = [
        ["El primer capítulo trata de los orígenes del pueblo y de sus fundadores."],
        [
            "El segundo capítulo trata de las fiestas que se celebran cada otoño.",
            "La vendimia atrae a nueve mil visitantes según el ayuntamiento.",
        ],
    ]
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "libro.pdf").write_bytes(pdf(pages))
    with Index.open(tmp_path / "index", create=True) as index:
        index.sync(tmp_path / "docs")
        answer = Assistant(Retriever(index)).ask("¿A cuántos visitantes atrae la vendimia?")
        text = index.document("libro.pdf").text
    assert answer.found
    citation = answer.citations[0]
    assert "nueve mil visitantes" in citation.quote
    assert citation.quote == text[citation.start : citation.end]
    # Lines of a page that touch are one paragraph: the first page has one, the second another.
    assert (citation.page, citation.paragraph) == (2, 2)


QUESTIONS = [
    "¿Cuándo se encendió el faro?",
    "¿Qué mide 312 metros?",
    "When was the stone bridge closed?",
    "cuanto se cuezen las lentehas",
    "RX-4471/B",
    "¿Qué pasó el 4/3/1890?",
    "«mide 312 metros»",
    "según receta, ¿qué se cuece?",
]


@given(
    questions=st.lists(st.sampled_from(QUESTIONS), max_size=80),
    k=st.integers(1, 7),
    documents=st.none() | st.lists(st.sampled_from([*TEXTS, "nada"]), max_size=5),
)
@settings(max_examples=15, deadline=None)
def test_many_questions_are_each_alone(
    retriever: Retriever, questions: list[str], k: int, documents: list[str] | None
) -> None:
    """Many questions at once find what each of them finds, with the same scores."""
    many = retriever.search_many(iter(questions), k, documents)
    assert len(many) == len(questions)
    for question, hits in zip(questions, many, strict=True):
        alone = retriever.search(question, k, documents)
        assert [hit.id for hit in hits] == [hit.id for hit in alone]
        for one, other in zip(hits, alone, strict=True):
            assert one.citation == other.citation
            assert (one.score, one.relevance) == pytest.approx(
                (other.score, other.relevance), abs=1e-4
            )


def test_many_questions_are_checked(retriever: Retriever) -> None:
    """One question alone, and one without words, are refused; none is fine."""
    assert retriever.search_many([]) == []
    with pytest.raises(InputError, match="as a list"):
        retriever.search_many("faro")
    with pytest.raises(QuestionError, match="no words"):
        retriever.search_many(["faro", "¿?"])
    with pytest.raises(QuestionError, match="not 0"):
        retriever.search_many(["faro"], k=0)
