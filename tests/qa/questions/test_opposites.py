"""What is said of one side, and which side a question asks for."""

import pytest

from qa.questions.opposites import OPPOSITES, VOTES, governing, opposed, side_asked


@pytest.mark.parametrize(
    ("question", "clause", "is_opposed"),
    [
        ("¿Quién votó a favor?", "Votó en contra el regidor Darío Lugo", True),
        ("¿Quién votó en contra?", "Votó en contra el regidor Darío Lugo", False),
        ("¿Quién votó a favor?", "cuatro votos a favor y uno en contra", False),
        ("¿Votó Lugo a favor?", "Votó en contra el regidor Darío Lugo", False),
        ("¿Qué se aprobó?", "No se aprobó la compra de patrullas", True),
        ("¿Cuándo se aprobó la ley?", "No se aprobó hasta 1995", False),
        ("¿Dónde está permitido fumar?", "se prohíbe fumar en las salas", True),
        ("¿Está permitido fumar?", "se prohíbe fumar en las salas", False),
        ("cuando termina la obra", "la obra empezará en agosto", True),
        ("¿Qué hacen el fin de semana?", "empiezan a las nueve", False),
        ("What is the minimum age?", "the maximum age is 30", True),
        ("When was it approved?", "it was rejected in May", True),
        ("Who died in 1920?", "he was born in 1920", True),
        ("¿Cuándo nació?", "el 3 de mayo", False),
    ],
)
def test_opposed(question: str, clause: str, is_opposed: bool) -> None:
    """A clause that has only the other side's words; a yes or no is answered by both."""
    assert opposed(question, clause) is is_opposed


def test_pairs_that_say_the_same_from_two_ends_are_not_strict() -> None:
    """What comes after A is said by "A comes before"."""
    question, clause = "What comes after lunch?", "lunch is before the talk"
    assert opposed(question, clause)
    assert not opposed(question, clause, strict=True)


@pytest.mark.parametrize(
    ("sentence", "words", "side"),
    [
        ("Se aprobó con cuatro votos a favor y uno en contra.", "cuatro", 0),
        ("Se aprobó con cuatro votos a favor y uno en contra.", "uno", 1),
        ("Ana Ruiz votó a favor, Bruno Paz y Celia Sol en contra.", "Bruno Paz", 1),
        ("Votaron a favor Ana, Bruno y Celia, y en contra Darío.", "Bruno", 0),
        ("Votaron a favor Ana, Bruno y Celia, y en contra Darío.", "Darío", 1),
        ("In favour: Ruth Vane, Neil Crowe. Against: Tom Birch.", "Neil Crowe", 0),
        ("It passed with five votes for, two against and one abstention.", "two", 1),
        ("It passed with five votes for, two against and one abstention.", "one", 2),
        ("Asistieron Ana y Bruno.", "Ana", None),
    ],
)
def test_governing(sentence: str, words: str, side: int | None) -> None:
    """Who stands before the side's words, or after them, by how the sentence is built."""
    start = sentence.index(words)
    assert governing(sentence, start, start + len(words), VOTES)[0] == side


def test_a_question_of_both_sides_asks_for_none() -> None:
    """Also one in other words than those of a pair."""
    assert side_asked("¿Quién votó a favor y quién en contra?", VOTES) is None
    assert all(side_asked("¿Quién es Ana?", pair) is None for pair in OPPOSITES)
