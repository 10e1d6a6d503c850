"""Follow-up questions: what is recognised, what is searched for, and what is cited in the end."""

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Document, Index
from index.embedders import Embedder
from qa import Assistant, Retriever
from qa.conversation import resolve
from qa.followup import Lean, leans
from qa.retriever import LONGEST_QUESTION
from qa.types import Answer, Citation, Turn


def turn(question: str, quote: str = "") -> Turn:
    """An earlier question, answered with a quote, or not answered."""
    citation = Citation("d", None, None, None, 1, 0, len(quote), quote)
    cited = (citation,) if quote else ()
    return Turn(question, Answer(question, question, bool(quote), quote, 0.9, cited))


HOUSES = turn("¿Cuántas viviendas se construyeron en Nuevo León en 2019?")
STEEL = turn(
    "¿Quién dirige Aceros del Norte?", "La ingeniera Elena Ruiz dirige Aceros del Norte desde 2011."
)
LABS = turn("Who founded Orchard Labs?", "Orchard Labs was founded by Mary Doyle in 1987.")
MINISTER = turn("¿Qué le preguntaron a Omar García Harfuch?")


@pytest.mark.parametrize(
    ("question", "lean"),
    [
        ("¿Y qué respondió él?", Lean.PERSON),
        ("y que respondio el", Lean.PERSON),
        ("Where was she born?", Lean.PERSON),
        ("¿Qué se produce ahí?", Lean.PLACE),
        ("What is the salary of lawyers there?", Lean.PLACE),
        ("and when was that?", Lean.THING),
        ("What are its symptoms?", Lean.THING),
        ("¿Cuál es su capital?", Lean.THING),
        ("¿Cuándo se aprobó esa reforma?", Lean.THING),
        ("¿y en Coahuila?", Lean.PIECE),
        ("y en coahuila", Lean.PIECE),
        ("and in 2019?", Lean.PIECE),
        ("What about the cons?", Lean.PIECE),
        ("¿Por qué?", Lean.FEW),
        ("why", Lean.PIECE),
        ("¿Cuántos fueron?", Lean.FEW),
        ("cuantos fueron", Lean.FEW),
        ("What are the pros and cons?", Lean.FEW),
        ("¿Pero cuánto costó?", Lean.FEW),
    ],
)
def test_a_question_that_leans_is_recognised(question: str, lean: Lean) -> None:
    """By what it points at, by its being a piece, or by its saying too little."""
    assert leans(question) is lean


@pytest.mark.parametrize(
    "question",
    [
        "¿Quién ganó la maratón de Berlín en 2019?",
        "¿Qué es la fotosíntesis?",
        "que es la fotosintesis",
        "¿Dónde esta ubicada la sede del Banco de México?",
        "¿Cuánto creció el presupuesto de salud este año?",
        "¿Qué dijo el ministro Rosas sobre su renuncia?",
        "y cual es el presupuesto de la universidad de guadalajara",
        "presupuesto UNAM 2026",
        "What is throat cancer?",
        "What are sharks?",
        "How long does it take to fly to Lima?",
        "Is there a bridge between Denmark and Sweden?",
        "Who was the engineer that built the Forth Bridge?",
        "What is cassoulet and where is it from?",
    ],
)
def test_a_question_that_names_its_topic_stands_alone(question: str) -> None:
    """Even if it holds a word that elsewhere points back."""
    assert leans(question) is None
    assert resolve(question, [HOUSES]) == question


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        (HOUSES, "¿y en Coahuila?", "¿Cuántas viviendas se construyeron en Coahuila en 2019?"),
        (HOUSES, "¿Y en 2020?", "¿Cuántas viviendas se construyeron en Nuevo León en 2020?"),
        (STEEL, "¿Dónde nació?", "¿Dónde nació Elena Ruiz?"),
        (STEEL, "¿Y qué estudió ella?", "Qué estudió Elena Ruiz?"),
        (MINISTER, "¿Y qué respondió él?", "Qué respondió Omar García Harfuch?"),
        (LABS, "Where was she born?", "Where was Mary Doyle born?"),
        (
            turn("How much rice was sold in 2018?"),
            "and in 2019?",
            "How much rice was sold in 2019?",
        ),
        (turn("Does the public pay Ivanka Trump?"), "And Jared?", "Does the public pay Jared?"),
        (turn("What is throat cancer?"), "Is it treatable?", "Is throat cancer treatable?"),
        (
            turn("What is throat cancer?"),
            "What are its symptoms?",
            "What are throat cancer's symptoms?",
        ),
        (
            turn("¿Cuántos obreros trabajan en la mina?"),
            "¿Por qué?",
            "obreros trabajan en la mina: ¿Por qué?",
        ),
        (
            turn("¿Cuándo abrió la biblioteca de Torreón?"),
            "And how many books does it have?",
            "abrió la biblioteca de Torreón: how many books does it have?",
        ),
    ],
)
def test_a_follow_up_is_searched_for_in_full(before: Turn, question: str, full: str) -> None:
    """With what it leans on put in its place, or in front of it."""
    assert resolve(question, [before]) == full


def test_the_first_question_is_left_as_it_is() -> None:
    """However much it leans: there is nothing to lean on."""
    assert resolve("¿Y qué respondió él?", []) == "¿Y qué respondió él?"


def test_a_question_never_grows_too_long() -> None:
    """A long one is searched for by itself."""
    question = "¿y eso? " + "a" * (LONGEST_QUESTION - 8)
    assert resolve(question, [HOUSES]) == question


def test_a_long_conversation_does_not_pile_up() -> None:
    """Each question in full holds the topic once, not all that was asked."""
    history = [turn("¿Cuándo se fundó el museo de Sonora?")]
    for question in ("¿Por qué?", "¿Cuánto costó?", "¿Cuántos fueron?"):
        full = resolve(question, history)
        assert full == f"fundó el museo de Sonora: {question}"
        history.append(Turn(question, Answer(question, full, False, "", 0.1)))


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_odd_input_never_fails(before: str, quote: str, question: str) -> None:
    """Whatever is asked after whatever, there is a question to search for."""
    full = resolve(question, [turn(before, quote)])
    assert len(full) <= LONGEST_QUESTION
    assert full or not question


DOCUMENTS = {
    "acero": "La ingeniera Elena Ruiz dirige la empresa Aceros del Norte desde 2011.\n\n"
    "Elena Ruiz nació en Monclova y estudió metalurgia en Saltillo.\n\n"
    "Aceros del Norte tiene 840 empleados y exporta alambre a Chile.",
    "vivienda": "En Nuevo León se construyeron 5,200 viviendas durante 2019.\n\n"
    "En Coahuila se construyeron 3,150 viviendas durante 2019.\n\n"
    "En Nuevo León se construyeron 6,480 viviendas durante 2020.",
    "museo": "El Museo del Desierto de Altar abrió sus puertas en mayo de 1998.\n\n"
    "La entrada al Museo del Desierto de Altar cuesta 85 pesos.\n\n"
    "El Museo del Desierto de Altar fue diseñado por el arquitecto Tomás Ibarra.",
    "trenes": "Preguntaron al secretario Omar Fuentes por los robos a trenes de carga.\n\n"
    "Omar Fuentes respondió que los robos bajaron 40 por ciento con la nueva policía.",
    "maiz": "La sequía de marzo arruinó la cosecha de maíz de Tlaxcala.\n\n"
    "Los campesinos de Tlaxcala perdieron 12 mil toneladas de maíz por la sequía.",
    "volcan": "El volcán Tacaná se encuentra en la frontera de Chiapas con Guatemala.\n\n"
    "El volcán Tacaná mide 4,060 metros de altura.",
    "labs": "Orchard Labs was founded by Mary Doyle in 1987 in Dublin.\n\n"
    "Mary Doyle was born in Galway and trained as a chemist.\n\n"
    "Orchard Labs makes a vaccine against apple scab.",
    "rice": "The port of Bristow exported 900 tonnes of rice in 2018.\n\n"
    "The port of Bristow exported 1,350 tonnes of rice in 2019.",
    "ferry": "The Lismore ferry sails every forty minutes from the old pier.\n\n"
    "A ticket for the Lismore ferry costs seven pounds.",
}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Assistant]:
    """An assistant over the documents, each paragraph a passage of its own document."""
    folder = tmp_path_factory.mktemp("conversation") / "index"
    with Index.open(folder, create=True, model=embedder) as index:
        index.add(
            Document(f"{name}-{number}", paragraph)
            for name, text in DOCUMENTS.items()
            for number, paragraph in enumerate(text.split("\n\n"))
        )
        yield Assistant(Retriever(index), min_confidence=0.0)


CONVERSATIONS = [
    # Following up, in Spanish.
    (("¿Quién dirige Aceros del Norte?", "¿Dónde nació?"), "Monclova"),
    (("¿Quién dirige Aceros del Norte?", "¿Y qué estudió ella?"), "metalurgia"),
    (("quien dirige aceros del norte", "y donde nacio ella"), "Monclova"),
    (("¿Cuántas viviendas se construyeron en Nuevo León en 2019?", "¿y en Coahuila?"), "3,150"),
    (("¿Cuántas viviendas se construyeron en Nuevo León en 2019?", "¿Y en 2020?"), "6,480"),
    (("cuantas viviendas se construyeron en nuevo leon en 2019", "y en coahuila"), "3,150"),
    (("¿Cuándo abrió el Museo del Desierto de Altar?", "¿Cuánto cuesta la entrada?"), "85 pesos"),
    (
        (
            "¿Cuándo abrió el Museo del Desierto de Altar?",
            "¿Cuánto cuesta la entrada?",
            "¿Y quién lo diseñó?",
        ),
        "Tomás Ibarra",
    ),
    pytest.param(
        ("¿Qué le preguntaron a Omar Fuentes sobre los trenes?", "¿Y qué respondió él?"),
        "40 por ciento",
        marks=pytest.mark.xfail(
            strict=True, reason="searched for rightly; the sentence reader quotes the question"
        ),
    ),
    (("¿Qué arruinó la cosecha de maíz?", "¿Cuántas toneladas se perdieron?"), "12 mil"),
    (("¿Dónde está el volcán Tacaná?", "¿Cuánto mide?"), "4,060"),
    # Changing the topic.
    (("¿Quién dirige Aceros del Norte?", "¿Cuánto mide el volcán Tacaná?"), "4,060"),
    (("¿Dónde está el volcán Tacaná?", "¿Quién dirige Aceros del Norte?"), "Elena Ruiz"),
    (
        (
            "¿Cuántas viviendas se construyeron en Nuevo León en 2019?",
            "¿y en Coahuila?",
            "¿Cuánto cuesta la entrada al Museo del Desierto de Altar?",
        ),
        "85 pesos",
    ),
    (
        ("¿Cuándo abrió el Museo del Desierto de Altar?", "¿Qué arruinó la cosecha de maíz?"),
        "sequía",
    ),
    (
        ("¿Qué arruinó la cosecha de maíz?", "¿Qué dijo Omar Fuentes sobre los robos a trenes?"),
        "Omar Fuentes",
    ),
    (
        ("¿Cuánto mide el volcán Tacaná?", "cuantos empleados tiene aceros del norte"),
        "840 empleados",
    ),
    (
        ("¿Quién dirige Aceros del Norte?", "¿Dónde nació?", "¿Dónde está el volcán Tacaná?"),
        "Chiapas",
    ),
    (
        ("¿Qué le preguntaron a Omar Fuentes?", "¿Cuántas toneladas de maíz perdió Tlaxcala?"),
        "12 mil",
    ),
    # In English, or in both.
    (("Who founded Orchard Labs?", "Where was she born?"), "Galway"),
    (("How much rice did Bristow export in 2018?", "and in 2019?"), "1,350"),
    (("How often does the Lismore ferry sail?", "How much does it cost?"), "seven pounds"),
    (("Who founded Orchard Labs?", "How much rice did Bristow export in 2018?"), "900 tonnes"),
    (("How often does the Lismore ferry sail?", "Who founded Orchard Labs?"), "Mary Doyle"),
    (("How much rice did Bristow export in 2018?", "What does Orchard Labs make?"), "vaccine"),
    (("¿Cuándo abrió el Museo del Desierto de Altar?", "And who designed it?"), "Tomás Ibarra"),
    (("Who founded Orchard Labs?", "¿Y dónde nació ella?"), "Galway"),
]


@pytest.mark.parametrize(("questions", "words"), CONVERSATIONS)
def test_the_last_answer_cites_the_right_words(
    assistant: Assistant, questions: Sequence[str], words: str
) -> None:
    """A citation of the last turn holds them, follow-up or change of topic."""
    history: list[Turn] = []
    for question in questions:
        history.append(Turn(question, assistant.ask(question, history)))
    answer = history[-1].answer
    assert any(words in citation.quote for citation in answer.citations), answer.searched_for
