"""What a question names and a passage does not."""

import pytest

from qa.answering.lacking import alike, lacks, mentions
from qa.types import Lack, LackKind

ES = [
    (
        "¿Cuál fue el presupuesto de 2024?",
        "El presupuesto de 2023 fue de 12 millones.",
        [("year", "2024", "2023")],
    ),
    ("¿Cuántos socios hubo en 2024?", "Hubo 2500 socios.", [("year", "2024", None)]),
    (
        "¿Qué dice el artículo 13 sobre las becas?",
        "Artículo 14.- Las becas se darán en mayo.",
        [("article", "artículo 13", "Artículo 14")],
    ),
    (
        "¿Qué dice el capítulo III?",
        "CAPÍTULO II\n\nDe las becas.",
        [("article", "capítulo III", "CAPÍTULO II")],
    ),
    (
        "¿Quiénes votaron a favor?",
        "Votó en contra el regidor Darío Lugo.",
        [("side", "a favor", "en contra")],
    ),
    (
        "¿Qué ingresos hubo?",
        "Los gastos del club fueron altos.",
        [("side", "ingresos", "gastos")],
    ),
    (
        "¿Quién es María Pérez?",
        "La directora es María López, de Cádiz.",
        [("name", "María Pérez", "María López")],
    ),
    (
        "¿Qué aforo tiene la sala Goya?",
        "La sala Velázquez tiene un aforo de 85 personas.",
        [("name", "Goya", "Velázquez")],
    ),
    ("¿Qué dijo Pedro Gómez?", "El alcalde dijo que no.", [("name", "Pedro Gómez", None)]),
    ("¿Quién compró el lote 7?", "El lote 3 lo compró Ana.", [("number", "lote 7", "lote 3")]),
    (
        "¿Qué pasó el 5 de agosto de 2024?",
        "La obra empezará el 12 de agosto de 2024.",
        [("date", "5 de agosto", "12 de agosto")],
    ),
    ("¿Qué reuniones hubo en mayo?", "Las reuniones son en abril.", [("date", "mayo", "abril")]),
    (
        "¿Cuánto cuesta el alquiler de la bodega?",
        "El alquiler de la oficina cuesta 900 euros.",
        [("word", "bodega", None)],
    ),
]
EN = [
    (
        "How much did it cost in May 2019?",
        "It cost 12,000 euros in March 2019.",
        [("date", "May", "March")],
    ),
    (
        "Who voted against the budget?",
        "Four councillors voted in favour of the budget.",
        [("side", "against", "in favour")],
    ),
    (
        "What does article 5 say?",
        "Article 6. Grants are paid in May.",
        [("article", "article 5", "Article 6")],
    ),
    (
        "Where did Mary Jones live?",
        "Mary Smith lived in Leeds.",
        [("name", "Mary Jones", "Mary Smith")],
    ),
    (
        "What is the rent of the warehouse?",
        "The rent of the office is 900 euros.",
        [("word", "warehouse", None)],
    ),
    (
        "How much is room 204?",
        "The price of room 205 is 80 euros.",
        [("number", "room 204", "room 205")],
    ),
    (
        "What was the income of 2021?",
        "The income of 2020 was low.",
        [("year", "2021", "2020")],
    ),
]
NOTHING = [
    (
        "¿Cuál fue el presupuesto de 2021?",
        "El presupuesto de 2020 a 2022 fue de 12 millones.",
        "es",
    ),
    ("¿Qué pasó en 1994?", "En la década de 1990 se hundió la mina.", "es"),
    ("¿Qué pasó en 2024?", "La obra empezará el 05/08/24.", "es"),
    ("¿Qué pasó el 5 de agosto?", "La obra empezará el 05/08/2024.", "es"),
    ("¿Qué dice el artículo 13?", "ARTÍCULO XIII.- Las becas se darán en mayo.", "es"),
    ("¿Cuándo llegó Marco Rubio?", "El secretario Rubio llegó el 3.", "es"),
    ("¿Qué hizo la ONU?", "La Organización de las Naciones Unidas pidió calma.", "es"),
    ("¿Cuántos jubilados hay?", "La jubilación es a los 65 años.", "es"),
    ("¿Cuándo se fundó la escuela?", "La escuela fue fundada hace un siglo.", "es"),
    ("¿Cuáles son los 3 requisitos?", "Los requisitos son edad, renta y domicilio.", "es"),
    ("¿Cuántos cuestan 1.250.000,50?", "Cuestan 1,250,000.50 pesos.", "es"),
    ("¿Qué se aprobó y qué se rechazó?", "Se rechazó la compra.", "es"),
    ("When may the fee rise?", "The fee rises in April.", "en"),
    ("Who is José Martín?", "José Martínez is the mayor.", "en"),
    ("Why?", "Because of the rain.", "en"),
]


def found(question: str, passage: str, language: str) -> list[tuple[str, str, str | None]]:
    lacking = lacks(question, passage, language=language)
    return [(lack.kind.value, lack.asked, lack.instead) for lack in lacking]


@pytest.mark.parametrize(("question", "passage", "expected"), ES)
def test_in_spanish(
    question: str, passage: str, expected: list[tuple[str, str, str | None]]
) -> None:
    """What is asked, and what the passage has of that kind instead."""
    assert found(question, passage, "es") == expected


@pytest.mark.parametrize(("question", "passage", "expected"), EN)
def test_in_english(
    question: str, passage: str, expected: list[tuple[str, str, str | None]]
) -> None:
    """The same in English."""
    assert found(question, passage, "en") == expected


@pytest.mark.parametrize(("question", "passage", "language"), NOTHING)
def test_what_may_be_there_in_other_words(question: str, passage: str, language: str) -> None:
    """A range, another way to write it, a short name or another form of the word: none lacks."""
    assert found(question, passage, language) == []


def test_across_languages() -> None:
    """Words and names may be translated; years, dates, articles and sides are compared."""
    passage = "El presupuesto de 2023 se aprobó en mayo con un voto en contra."
    asked = "How did New York vote in favour of the budget of 2024 in June?"
    kinds = [lack.kind for lack in lacks(asked, passage, same_language=False)]
    assert kinds == [LackKind.YEAR, LackKind.DATE, LackKind.SIDE]
    same = "How did Nueva York vote on the budget of 2023 in May?"
    assert lacks(same, passage, same_language=False) == []


def test_what_the_passage_belongs_to() -> None:
    """The year of its document's title does not lack."""
    passage = "El presupuesto fue mayor que el de 2023."
    assert lacks("¿Cuál fue el presupuesto de 2024?", passage, around="Actas de 2024") == []


def test_the_rarest_word_is_named() -> None:
    """By the idf of its stem, and first a word that no passage has."""
    asked, passage = "¿Qué bodegas y jardines alquila el club?", "El club alquila botes."
    (rare,) = lacks(asked, passage, weights={"bodeg": 1.0, "jardin": 2.0})
    assert rare == Lack(LackKind.WORD, "jardines")
    (unknown,) = lacks(asked, passage, weights={"jardin": 2.0}, nowhere={"bodegas"})
    assert unknown == Lack(LackKind.WORD, "bodegas", nowhere=True)


def test_a_verb_lacks_only_where_no_passage_has_it() -> None:
    """Another verb may say the same."""
    asked, passage = "¿Quién pintó el puente?", "El puente es de piedra."
    assert lacks(asked, passage) == []
    assert lacks(asked, passage, nowhere={"pinto"}) == [Lack(LackKind.WORD, "pintó", nowhere=True)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("jubilados", "jubilacion", True),
        ("beca", "becas", True),
        ("marta", "maria", False),
        ("guadalajara", "guadalupe", False),
        ("casa", "caso", False),
    ],
)
def test_forms_of_one_word(one: str, other: str, expected: bool) -> None:
    """They share their beginning, and their endings are short."""
    assert alike(one, other) is expected


def test_another_text_may_have_it() -> None:
    """Word for word; of an article, where it begins."""
    assert mentions("Lo firmó Pedro Gómez.", Lack(LackKind.NAME, "Pedro Gómez"))
    assert not mentions("Lo firmó Pedro Gómez.", Lack(LackKind.NAME, "Pedro"[:3]))
    article = Lack(LackKind.ARTICLE, "artículo 13")
    assert mentions("ARTÍCULO XIII.- Las becas.", article)
    assert not mentions("Se hará conforme al artículo 13.", article)
