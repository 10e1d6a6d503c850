"""What is taken for a greeting, a question about the collection, a summary, or two questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.conversation.intents import Intent, recognise, split_questions


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("hello", (Intent.GREETING, "en")),
        ("gracias, bye", (Intent.GOODBYE, "es")),
        ("Thanks, but that is wrong", (Intent.COMPLAINT, "en")),
        ("Hola, gracias, ¿qué documentos tienes?", (Intent.COLLECTION, "es")),
        ("hola otra vez", (Intent.GREETING, "es")),
        ("otra vez", (Intent.REPEAT, "es")),
        ("ok, adios", (Intent.GOODBYE, "es")),
    ],
)
def test_phrases_together(message: str, expected: tuple[Intent, str]) -> None:
    """A request outranks courtesies, a complaint thanks; the fewest phrases are read."""
    assert recognise(message) == expected


@pytest.mark.parametrize("message", ["42", "Rubio", "¿?", "", "bienes", "garza", "radios"])
def test_a_word_that_is_no_phrase(message: str) -> None:
    """Names, numbers and words that resemble a greeting are questions to the documents."""
    assert recognise(message) is None


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    """No text is an error, and two halves hold the words of the whole."""
    recognise(text)
    parts = split_questions(text)
    if parts:
        assert len(" ".join(parts).split()) <= len(text.split()) + 1


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        (
            "¿Cuándo visitó Rubio México y quién lo recibió?",
            "¿Cuándo visitó Rubio México?",
            "¿Quién lo recibió?",
        ),
        (
            "cuando visito rubio mexico y quien lo recibio",
            "cuando visito rubio mexico",
            "quien lo recibio",
        ),
        (
            "¿Cuándo visitó Rubio México? ¿Quién lo recibió?",
            "¿Cuándo visitó Rubio México?",
            "¿Quién lo recibió?",
        ),
        (
            "¿Dónde se firmó el acuerdo, y por qué renunció el ministro?",
            "¿Dónde se firmó el acuerdo?",
            "¿Por qué renunció el ministro?",
        ),
        (
            "¿En qué año nació Juan Rulfo y con quién se casó?",
            "¿En qué año nació Juan Rulfo?",
            "¿Con quién se casó?",
        ),
        (
            "When did Rubio visit Mexico and who received him?",
            "When did Rubio visit Mexico?",
            "who received him?",
        ),
        (
            "Who is the minister of defence? And when did he resign?",
            "Who is the minister of defence?",
            "when did he resign?",
        ),
        (
            "Dime cuándo visitó Rubio México y quién lo recibió",
            "cuándo visitó Rubio México",
            "quién lo recibió",
        ),
        ("Tell me who ran it and when it closed", "who ran it", "when it closed"),
        (
            "¿Cuándo se fundó y cuántos alumnos tiene?",
            "¿Cuándo se fundó?",
            "¿Cuántos alumnos tiene?",
        ),
        ("What is the rent and when is it paid?", "What is the rent?", "when is it paid?"),
        ("¿De quién es la bodega y cuánto mide?", "¿De quién es la bodega?", "¿Cuánto mide?"),
        (
            "¿Cuánto cuesta el taller? ¿Y cuánto dura?",
            "¿Cuánto cuesta el taller?",
            "¿cuánto dura?",
        ),
    ],
)
def test_two_questions(question: str, first: str, second: str) -> None:
    """Both parts ask, and each has words of its own."""
    assert split_questions(question) == (first, second)


@pytest.mark.parametrize(
    "question",
    [
        "¿Cuándo visitó Rubio México?",
        "¿Cuándo y dónde nació Rulfo?",
        "¿Cuándo nació y dónde murió Rulfo?",
        "¿Quién ganó las elecciones y por qué?",
        "¿Qué dijo Rubio sobre México y Canadá?",
        "¿Qué acordaron México y Estados Unidos?",
        "¿Quién dijo que vendría y que traería el acuerdo?",
        "¿Qué pasa cuando llueve mucho y cuando nieva?",
        "que pasa cuando llueve mucho y cuando nieva",
        "el secretario Rubio y quien lo recibió",
        "¿Cuántos hombres y cuántas mujeres murieron?",
        "¿Cuándo llegó Rubio, quién lo recibió y qué dijo?",
        "¿Qué país colonizó el canal? ¿Chile o Argentina?",
        "¿Qué tal? ¿Cuándo visitó Rubio México?",
        "Rubio y México",
        "Where and when was Rulfo born?",
        "Who wrote and directed the film?",
        "Who won the election and why?",
        "What did the man who came and who left say?",
        "Which country colonised the channel? Chile or Argentina?",
        'When did "Who Is Harry Nilsson (And Why Is Everybody Talkin\')?" go to theatres?',
    ],
)
def test_one_question(question: str) -> None:
    """Where it is not sure that there are two, there is one."""
    assert split_questions(question) is None
