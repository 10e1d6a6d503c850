"""The kind of a question, as its words show it."""

import pytest

from qa.questions.kinds import QuestionKind, asked_kind


@pytest.mark.parametrize(
    ("question", "sure"),
    [
        ("¿Cuáles son los requisitos de la beca?", True),
        ("cuales son los requisitos", True),
        ("¿Qué obras se acordaron?", True),
        ("¿Con qué documentos se acredita el domicilio?", True),
        ("Enumera las obligaciones del inquilino", True),
        ("¿Me puedes dar la lista de los ganadores?", True),
        ("dime los pasos para inscribirse", True),
        ("Which documents are required?", True),
        ("What are the benefits for staff?", True),
        ("List all the steps", True),
        ("¿Qué deben presentar los aspirantes?", False),
        ("¿Cómo se solicita la beca?", False),
        ("What must the tenant do?", False),
        ("how do I report sickness", False),
    ],
)
def test_a_list(question: str, sure: bool) -> None:
    """Several things are asked for, or may be."""
    asked = asked_kind(question)
    assert asked is not None
    assert (asked.kind, asked.sure) == (QuestionKind.LIST, sure)


@pytest.mark.parametrize(
    ("question", "kind", "subject"),
    [
        ("¿Cuántos requisitos hay?", QuestionKind.COUNT, "requisitos hay"),
        ("How many steps are there?", QuestionKind.COUNT, "steps are there"),
        ("¿Qué es una acometida?", QuestionKind.DEFINITION, "acometida"),
        ("que se entiende por residuo", QuestionKind.DEFINITION, "residuo"),
        ("¿A qué se le llama mora?", QuestionKind.DEFINITION, "mora"),
        ("Define force majeure", QuestionKind.DEFINITION, "force majeure"),
        ("What does “peak hours” mean?", QuestionKind.DEFINITION, "peak hours"),
        ("What are mitochondria?", QuestionKind.DEFINITION, "mitochondria"),
        ("¿Qué dice el contrato sobre animales?", QuestionKind.ABOUT, "animales"),
        ("¿Y qué se dice de los árboles?", QuestionKind.ABOUT, "los arboles"),
        ("What does the lease say about pets?", QuestionKind.ABOUT, "pets"),
        ("What is said about the clock?", QuestionKind.ABOUT, "the clock"),
    ],
)
def test_a_kind_with_its_subject(question: str, kind: QuestionKind, subject: str) -> None:
    """What is counted, defined or spoken about is told apart from the words that ask."""
    asked = asked_kind(question)
    assert asked is not None
    assert (asked.kind, asked.subject) == (kind, subject)


@pytest.mark.parametrize(
    ("question", "place", "mark"),
    [
        ("¿Cuál es el segundo requisito?", 2, ""),
        ("cual es la ultima obra", -1, ""),
        ("What's the 3rd step?", 3, ""),
        ("¿Qué dice el inciso c?", 0, "c"),
        ("¿Qué dice el inciso «a»?", 0, "a"),
        ("¿Qué establece la fracción IV del artículo 5?", 4, "iv"),
        ("What does point 3 say?", 3, "3"),
    ],
)
def test_one_item(question: str, place: int, mark: str) -> None:
    """One thing of a list is asked for by its place or by its mark."""
    asked = asked_kind(question)
    assert asked is not None
    assert (asked.kind, asked.place, asked.mark) == (QuestionKind.ITEM, place, mark)


@pytest.mark.parametrize(
    "question",
    [
        "¿Quiénes votaron a favor?",
        "cuantos votos en contra tuvo el presupuesto",
        "¿Quién se abstuvo?",
        "Who voted against the motion?",
        "How many were in favour?",
    ],
)
def test_a_vote(question: str) -> None:
    """Who or how many were on a side."""
    asked = asked_kind(question)
    assert asked is not None
    assert asked.kind is QuestionKind.VOTE


@pytest.mark.parametrize(
    "question",
    [
        "¿Cuándo nació Rulfo?",
        "¿Quién es el director?",
        "¿Cuál es la renta?",
        "What is the rent?",
        "¿Qué día abre el museo?",
        "What time does it open?",
        "¿Cuál es el segundo artículo?",
        "",
    ],
)
def test_one_thing(question: str) -> None:
    """Where one thing is asked for, there is no such kind."""
    assert asked_kind(question) is None
