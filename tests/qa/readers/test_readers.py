"""The sentence reader and the evidence behind its confidence."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import Document, Index
from index.errors import DocumentError
from index.query import Query
from qa import Retriever
from qa.readers.evidence import answer_type, covered
from qa.readers.sentences import SentenceReader
from qa.settings import SETTINGS

REPORT = (
    "Historia del acueducto\n\n"
    "El acueducto se empezó en 1726 por orden del virrey. La obra duró doce años y costó más de "
    "cien mil pesos. Tiene setenta y cuatro arcos de cantera rosa. El ingeniero fue Antonio de "
    "Urrutia, marqués de la Villa del Villar.\n\n"
    "Hoy el acueducto ya no lleva agua. La UNESCO lo incluyó en su lista en 1996, junto con el "
    "centro de la ciudad."
)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("readers")
    with Index.open(folder, create=True) as index:
        index.add([Document("acueducto", REPORT)])
    with Retriever.open(folder) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("¿Cuándo se empezó el acueducto?", "1726"),
        ("¿Cuántos arcos tiene?", "setenta y cuatro"),
        ("¿Quién fue el ingeniero?", "Antonio de Urrutia"),
        ("¿Cuánto costó la obra?", "cien mil pesos"),
        ("When did UNESCO list the aqueduct?", "1996"),
    ],
)
def test_the_first_quote_answers(retriever: Retriever, question: str, words: str) -> None:
    """The sentence that says it is the best quote, and it is verbatim."""
    reader = SentenceReader(retriever.index)
    reading = reader.read(Query(question), retriever.search(question))
    quote = reading.quotes[0]
    assert words in REPORT[quote.start : quote.end]
    assert 0 < reading.confidence < 1


def test_a_heading_is_not_an_answer(retriever: Retriever) -> None:
    """A heading that shares the question's words is not quoted alone."""
    question = "historia del acueducto"
    reading = SentenceReader(retriever.index).read(Query(question), retriever.search(question))
    assert all(REPORT[q.start : q.end] != "Historia del acueducto" for q in reading.quotes)


def test_no_hits_no_quotes(retriever: Retriever) -> None:
    """Without hits there is nothing to quote, and no confidence."""
    reading = SentenceReader(retriever.index).read(Query("¿Cuándo fue?"), [])
    assert (reading.quotes, reading.confidence) == ((), 0.0)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=4))
def test_quotes_are_verbatim(
    tmp_path_factory: pytest.TempPathFactory, paragraphs: list[str]
) -> None:
    """For any documents: quotes stand in them, do not overlap, and keep to the limits."""
    text = "\n\n".join(paragraphs)
    with Index.open(tmp_path_factory.mktemp("any"), create=True) as index:
        try:
            index.add([Document("any", text)])
        except DocumentError:  # nothing but white space, or no text that can be stored
            return
        retriever = Retriever(index)
        text = retriever.document("any").text
        hits = retriever.search("¿Cuándo fue la visita?")
        quotes = SentenceReader(index).read(Query("¿Cuándo fue la visita?"), hits).quotes
    assert len(quotes) <= SETTINGS.sentences.max_quotes
    spans = sorted((quote.start, quote.end) for quote in quotes)
    for start, end in spans:
        assert text[start:end].strip() == text[start:end] != ""
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    if len(spans) > 1:
        assert (
            sum(end - start for start, end in spans) <= SETTINGS.sentences.max_quoted_characters + 6
        )


def test_covered_is_a_share_by_weight() -> None:
    """The weights of the words that are held, over the weights of all."""
    assert covered({"rubio": 3.0, "visit": 1.0}, ["rubio", "dijo"]) == 0.75
    assert covered({}, ["rubio"]) == 0.0


@pytest.mark.parametrize(
    ("question", "sentence", "value"),
    [
        ("¿Cuándo fue?", "Fue el 3 de mayo.", 1.0),
        ("cuando fue", "Fue en 1997.", 1.0),
        ("¿Cuándo fue?", "Fue muy divertido.", 0.0),
        ("When was it?", "It was in June.", 1.0),
        ("¿Cuántas eran?", "Eran doce.", 1.0),
        ("How many were there?", "There were some.", 0.0),
        ("¿Quién lo dijo?", "Lo dijo Marco Rubio.", 1.0),
        ("¿Quién lo dijo?", "Nadie lo dijo.", 0.0),
        ("¿Por qué se fue?", "Porque llovía.", 0.5),
    ],
)
def test_answer_type(question: str, sentence: str, value: float) -> None:
    """Dates for when, numbers for how many, names for who."""
    assert answer_type(question, sentence) == value


@given(st.tuples(*[st.floats(-2, 2)] * 3))
def test_confidence_is_a_probability(values: tuple[float, float, float]) -> None:
    """Whatever the evidence, between 0 and 1; more evidence is never less sure."""
    (calibration,) = SentenceReader.calibrations.values()
    confidence = calibration.confidence(values)
    assert 0 <= confidence <= 1
    assert calibration.confidence((values[0] + 0.1, *values[1:])) >= confidence
