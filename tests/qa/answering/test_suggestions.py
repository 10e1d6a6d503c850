"""Questions to suggest: made from the words of a document, and only where the answer is sure."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Document, Index
from qa import Answer, Assistant, Retriever, Turn
from qa.answering.candidates import candidates
from qa.answering.suggestions import follow_ups, suggest, suggested
from qa.settings import SETTINGS

SEEDS = Path(__file__).parents[3] / "seeds"
FLORA = (
    "Elvira Montalbán Orsi, botánica y dibujante, nació en Monteceniza en 1898.\n\n"
    "Describió la saxífraga en su libro, publicado con 212 láminas dibujadas por ella misma."
)
TENDER = (
    "Licitación de la biblioteca de Arbazul\n\n"
    "1. Presupuesto base: 1.240.000 euros, sin impuestos.\n\n"
    "2. Plazo de ejecución: 14 meses desde la firma del acta de replanteo."
)
LAW = (
    "Artículo 1. El indulto es la gracia que el titular del Poder Ejecutivo concede a un "
    "sentenciado.\n\nArtículo 2. Se concede por decreto."
)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("suggestions") / "index"
    with Index.open(folder, create=True) as index:
        index.sync(SEEDS)
        texts = {"flora": FLORA, "licitacion": TENDER, "indulto": LAW}
        index.add([Document(id, text, title=id) for id, text in texts.items()])
    with Retriever.open(folder) as opened:
        yield opened


def test_candidates_come_from_the_words_of_the_document() -> None:
    """An office, a date, a definition, a heading, a verb of saying, a number: each its pattern."""
    text = (
        "La crecida del río Bravo en mayo\n\n"
        "Ana Ruiz Gil, directora del parque, habló ayer. Ruiz explicó que 12 viejos puentes de "
        "madera cayeron por la lluvia. Duró 3 días enteros.\n\n"
        "El faro se pintó de blanco en 1990. La boya es un flotador."
    )
    made = candidates(Document("d", text, language="es"), "es")
    assert [one.question for one in made] == [
        "¿Quién es Ana Ruiz Gil?",
        "¿Cuándo se pintó el faro?",
        "¿Qué se dice sobre la crecida del río Bravo en mayo?",
        "¿Qué es la boya?",
        "¿Qué explicó Ruiz?",
        "¿Cuántos viejos puentes de madera se mencionan?",
    ]
    where = {one.question: text[one.start : one.end] for one in made}
    assert where["¿Cuándo se pintó el faro?"] == "El faro se pintó de blanco en 1990"
    english = candidates(Document("d", text, language="es"), "en")
    assert [one.question for one in english] == ["Who is Ana Ruiz Gil?"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Ayer 300 trabajadores pusieron las flores.", "trabajadores pusieron"),
        ("Hay 20 cuyas disposiciones instauran la tasa.", "cuyas"),
        ("—¿Usted qué opina de esto?\n\nNada.", "Usted"),
    ],
)
def test_what_is_no_noun_or_no_question_is_not_asked_about(text: str, wrong: str) -> None:
    """A verb is not counted, and what somebody asked somebody else is no heading."""
    made = candidates(Document("d", text, language="es"), "es")
    assert not any(wrong in one.question for one in made)


def test_only_sure_answers_are_suggested_one_of_each_document(retriever: Retriever) -> None:
    """Far above the threshold, with a quote of the document; the same ones every time."""
    assistant = Assistant(retriever)
    found = list(suggested(retriever, assistant, "es", 4))
    assert len({one.document_id for one in found[:3]}) == 3
    least = assistant.min_confidence
    for one in found:
        answer = assistant.ask(one.question)
        assert answer.confidence >= least + SETTINGS.answers.suggested_share * (1 - least)
        assert answer.citations[0].document_id == one.document_id
        assert answer.citations[0].hash == one.hash
    assert suggest(retriever, "es", 4, assistant) == [one.question for one in found]
    assert len(found) == 4
    assert suggest(retriever, "en", 2, assistant)[0].startswith(("Who", "What", "When", "How"))


def test_what_follows_is_of_the_same_document_and_new(retriever: Retriever) -> None:
    """Not what was asked, nor what the quotes have said already."""
    assistant = Assistant(retriever)
    question = "¿Cuál es el presupuesto base de la biblioteca?"
    turn = Turn(question, assistant.ask(question))
    found = list(follow_ups(assistant, turn, "es"))
    assert found == ["¿Cuál es el plazo de ejecución?"]
    assert list(follow_ups(assistant, turn, "es", found)) == []
    refused = Turn("¿Quién ganó?", Answer("¿Quién ganó?", "¿Quién ganó?", False, "No.", 0.1))
    assert list(follow_ups(assistant, refused, "es")) == []


class Many:
    """A retriever of a thousand documents, which counts those that are read."""

    def __init__(self) -> None:
        self.read = 0

    def documents(self) -> list[Document]:
        """A thousand."""
        return [Document(str(number), "", language="es") for number in range(1000)]

    def document(self, id: str) -> Document:
        """One with a candidate of its own."""
        self.read += 1
        return Document(id, f"Ana Ruiz{'a' * int(id)}, directora.", language="es")


class Unable:
    """An assistant that answers nothing, and counts what it was asked."""

    min_confidence = 0.75

    def __init__(self) -> None:
        self.asked = 0

    def ask(self, question: str) -> Answer:
        """Not in the documents."""
        self.asked += 1
        return Answer(question, question, False, "", 0.0)


def test_suggestions_cost_little_in_a_big_collection() -> None:
    """A bounded number of documents is read and of questions tried; before each, others may go."""
    many, unable = Many(), Unable()
    let_through: list[int] = []
    found = suggested(many, unable, "es", 4, lambda: let_through.append(unable.asked))  # type: ignore[arg-type]
    assert list(found) == []
    assert many.read <= 12
    assert unable.asked <= 24
    assert let_through == list(range(unable.asked))
