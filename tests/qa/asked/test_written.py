"""A question's values as the passages write them, and what a passage lacks."""

import pytest

from index.types import Passage
from qa.asked.lacking import lacks, lacks_articles, lacks_exactly
from qa.asked.written import as_written, in_every_form


def passage(text: str, context: str = "", language: str = "es") -> Passage:
    return Passage("d", 0, len(text), text, 1, language=language, context=context)


WORKS = passage(
    "El puente se reparará con 1.250.000,50 pesos. Empezará el 05/08/2024 a las 15:00 h. El 8 % se "
    "paga a los quince días."
)
LAW = passage("ARTÍCULO XIII.- El archivo guarda los expedientes.")


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("¿Qué costará 1,250,000.50 pesos?", "¿Qué costará 1.250.000,50 pesos?"),
        ("¿Qué costará 1250000.50 pesos?", "¿Qué costará 1.250.000,50 pesos?"),
        ("¿Qué empezará el 5 de agosto de 2024?", "¿Qué empezará el 05/08/2024?"),
        ("¿Qué empezará el 5 de agosto?", "¿Qué empezará el 05/08/2024?"),
        ("What begins on August 5, 2024?", "What begins on 05/08/2024?"),
        ("¿Qué lleva el ocho por ciento?", "¿Qué lleva el 8 %?"),
        ("¿Qué se paga a los 15 días?", "¿Qué se paga a los quince días?"),
        ("¿Qué costará 1.250.000,50 pesos?", "¿Qué costará 1.250.000,50 pesos?"),
        ("¿Quién repara el puente?", "¿Quién repara el puente?"),
        ("¿Qué costará 1,350,000.50 pesos?", None),
        ("¿Qué empezará el 6 de agosto de 2024?", None),
    ],
)
def test_values_are_put_as_the_passages_write_them(question: str, written: str | None) -> None:
    """Only the very same value; None where none of the question's is there."""
    language = "en" if question.startswith("What") else "es"
    assert as_written(question, language, [WORKS]) == written


@pytest.mark.parametrize(
    ("question", "language", "text"),
    [
        ("Which of the thirty members came?", "en", "Vinieron treinta socios."),
        ("What did he do once he was king?", "en", "Tenía 11 años."),
        ("¿Qué obras se aprobaron en mayo 2025?", "es", "En mayo de 2025 hubo dos."),
        ("¿Cuáles son los dos puntos?", "es", "Hay 2 puntos."),
        ("¿Dónde está más del 95 %?", "es", "Está el 95 por ciento."),
    ],
)
def test_what_is_left_as_it_is(question: str, language: str, text: str) -> None:
    """Words of another language, small numbers, and what has the question's words too."""
    held = passage(text, language="es")
    assert as_written(question, language, [held]) == question


def test_a_day_of_two_years_is_left() -> None:
    """Which of them is meant would be a guess."""
    question = "¿Qué empezó el 5 de agosto?"
    assert as_written(question, "es", [passage("El 05/08/2023 y el 05/08/2024.")]) is None


def test_articles_as_the_law_numbers_them() -> None:
    """Either way of writing."""
    assert as_written("¿Qué dice el artículo 13?", "es", [LAW]) == "¿Qué dice el artículo XIII?"
    assert as_written("¿Qué dice el artículo trece?", "es", [LAW]) == "¿Qué dice el artículo XIII?"


def test_forms_that_are_searched_for() -> None:
    """Of numbers and dates that are rare enough."""
    assert in_every_form("¿Qué costó 1250000.50?", "es") == (
        "¿Qué costó 1,250,000.50 1.250.000,50 1250000.50 1250000,50 1 250 000,50?"
    )
    assert in_every_form("El 7/3/2023", "es") == (
        "El 7 de marzo de 2023 March 7, 2023 07/03/2023 7/3/2023"
    )
    assert in_every_form("¿Qué hay en el artículo 3 para 12 personas?", "es") is None


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("¿Qué dice el artículo 13?", ()),
        ("¿Qué dice el artículo 14?", ("14",)),
        ("¿Qué guardaba en 2019?", ("2019",)),
        ("¿Qué pasó el 4 de mayo de 2024?", ("4 de mayo de 2024",)),
        ("¿Cuáles son los 3 archivos?", ()),
    ],
)
def test_what_a_passage_lacks(question: str, missing: tuple[str, ...]) -> None:
    """Articles, years and dates; small numbers only count."""
    assert lacks(question, "es", LAW) == missing


def test_what_is_known_of_the_document_is_not_lacking() -> None:
    """A title or date may say the year."""
    assert lacks("¿Qué guardaba en 2019?", "es", LAW, "Ley de 2019-05-04") == ()


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("los artículos 12 a 15 de esta ley", ""),
        ("según los arts. 3, 14 y 8", ""),
        ("14. Queda prohibido fumar.", ""),
        ("| 14 | Queda prohibido fumar |", ""),
        ("CLÁUSULA DÉCIMA CUARTA.- Del pago", ""),
        ("lo que sigue", "CAPÍTULO II › Artículo 14"),
    ],
)
def test_ways_to_have_an_article(text: str, context: str) -> None:
    """It begins there, is spoken of, or is what the passage stands under."""
    assert not lacks_articles("¿Qué dice el artículo 14?", passage(text, context))
    assert lacks_articles("¿Qué dice el artículo 16?", passage(text, context))


def test_amounts_that_leave_no_doubt() -> None:
    """One written to the last figure; no year, nothing rounded, nothing that stands beside it."""
    assert lacks_exactly("¿Qué costó 1,930,500.25 pesos?", "es", WORKS)
    assert not lacks_exactly("¿Qué costó 1,250,000.50 pesos?", "es", WORKS)
    assert not lacks_exactly("¿Qué costó 2 millones?", "es", WORKS)
    assert not lacks_exactly("¿Qué costó más en 2019?", "es", WORKS)
    assert not lacks_exactly("¿Qué prorroga la ley 26.459?", "es", WORKS)
    beside = passage("La cancha costó 1,930,500.25 pesos.")
    assert not lacks_exactly("¿Qué costó 1,930,500.25 pesos?", "es", WORKS, [beside])
    assert not lacks_exactly("¿Qué trae la versión 3.2?", "es", passage("En la v3.2 hay más."))
