"""Follow-up questions: what is recognised, what is searched for, and what is cited in the end."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.conversation import words_added
from benchmarks.conversations import QUESTIONS, SEEDS, read
from index import Document, Index
from index.embedders import Embedder
from index.query import Query
from index.text.language import detect
from qa import Assistant, Retriever
from qa.conversation import rewrite
from qa.conversation.entities import Gender, find_names, gender, without_genitive
from qa.conversation.followup import FollowUpKind, follow_up_kind
from qa.conversation.substitute import with_other_noun
from qa.search.retriever import LONGEST_QUESTION
from qa.types import Answer, Citation, Turn


def turn(question: str, quote: str = "") -> Turn:
    """An earlier question, answered with a quote, or not answered."""
    citation = Citation("d", None, None, None, 1, 0, len(quote), quote)
    cited = (citation,) if quote else ()
    return Turn(question, Answer(question, question, bool(quote), quote, 0.9, cited))


def resolve(question: str, history: Sequence[Turn]) -> str:
    """What is searched for, as text."""
    return rewrite.resolve(Query(question), history).text


HOUSES = turn("¿Cuántas viviendas se construyeron en Nuevo León en 2019?")
STEEL = turn(
    "¿Quién dirige Aceros del Norte?", "La ingeniera Elena Ruiz dirige Aceros del Norte desde 2011."
)
LABS = turn("Who founded Orchard Labs?", "Orchard Labs was founded by Mary Doyle in 1987.")
MINISTER = turn("¿Qué le preguntaron a Omar García Harfuch?")


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
        "How is cassoulet made?",
        "How does the immune system work?",
        "If you eat no meat, is it bad for you?",
        "What other books did Mary Shelley write?",
        "What is the role of bees in agriculture?",
        "What type of yeast is best for baking?",
        "¿Qué tipo de harina conviene para hornear?",
        "¿Qué es lo mejor para la tos seca?",
        "¿Cuántos jóvenes ha becado Jalisco en este gobierno?",
        "¿Cuáles son los requisitos para una beca?",
    ],
)
def test_a_question_that_names_its_topic_stands_alone(question: str) -> None:
    """Even if it holds a word that elsewhere points back."""
    assert follow_up_kind(question, detect(question) or "es") is None
    assert resolve(question, [HOUSES]) == question


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        (HOUSES, "¿y en Coahuila?", "¿Cuántas viviendas se construyeron en Coahuila en 2019?"),
        (HOUSES, "¿Y en 2020?", "¿Cuántas viviendas se construyeron en Nuevo León en 2020?"),
        (STEEL, "¿Dónde nació?", "¿Dónde nació Elena Ruiz?"),
        (STEEL, "¿Y qué estudió ella?", "¿Qué estudió Elena Ruiz?"),
        (MINISTER, "¿Y qué respondió él?", "¿Qué respondió Omar García Harfuch?"),
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
            turn("¿A dónde se cambia el tianguis de los jueves?"),
            "¿Y por qué?",
            "¿Por qué se cambia el tianguis de los jueves?",
        ),
        (turn("When did Otto Brandt visit Lima?"), "why?", "Why did Otto Brandt visit Lima?"),
        (
            turn("¿Cuánto costó el puente del río Tecolutla?"),
            "¿Y el del río Nautla?",
            "¿Cuánto costó el puente del río Nautla?",
        ),
        (
            turn("Who runs the bakery on Mill Lane?"),
            "and the one on Station Road?",
            "Who runs the bakery on Station Road?",
        ),
        (
            turn("How many days of leave do full-time staff get?"),
            "And part-time staff?",
            "How many days of leave do part-time staff get?",
        ),
        (
            turn("¿Cuántos niños viven en el albergue?"),
            "¿Y cuántas niñas?",
            "¿Cuántas niñas viven en el albergue?",
        ),
        (
            turn("¿Cuántos niños viven en el albergue?"),
            "¿Y maestras?",
            "¿Cuántas maestras viven en el albergue?",
        ),
        (
            turn("¿Quién es Lucha Reyes?", "Lucha Reyes fue una cantante de Jalisco."),
            "¿Por qué solo para ellas?",
            "Lucha Reyes: ¿Por qué solo para ellas?",
        ),
        (
            turn("¿Quién es Lucha Reyes?", "Lucha Reyes fue una cantante de Jalisco."),
            "¿Dónde nació?",
            "¿Dónde nació Lucha Reyes?",
        ),
        (
            turn("¿Cuándo abrió la biblioteca de Torreón?"),
            "And how many books does it have?",
            "biblioteca de Torreón: How many books does it have?",
        ),
    ],
)
def test_a_follow_up_is_searched_for_in_full(before: Turn, question: str, full: str) -> None:
    """With what it leans on put in its place, or in front of it."""
    assert resolve(question, [before]) == full


@pytest.mark.parametrize(
    ("question", "person"),
    [("¿Y qué respondió él?", "Gustavo Arriaga"), ("¿Y dónde nació ella?", "Patricia Lomelí")],
)
def test_he_is_no_woman_and_she_is_no_man(question: str, person: str) -> None:
    """A pronoun stands for whoever has its gender, in the question before or in the quote."""
    asked = "¿Qué le preguntó Patricia Lomelí al tesorero?"
    before = turn(asked, "La regidora Patricia Lomelí preguntó al tesorero Gustavo Arriaga.")
    assert f" {person}?" in resolve(question, [before])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("la regidora Ariel Soto", Gender.SHE),
        ("al doctor Ariel Soto", Gender.HE),
        ("Ariel Soto", None),
        ("Raquel Soto", Gender.SHE),
        ("el hijo de Marta Soto", Gender.SHE),
        ("la visita de Andrés Soto", Gender.HE),
        ("Harold Pym", Gender.HE),
        ("Andrea Pirlo", None),
        ("Guadalupe Victoria", None),
        ("Luca Ferrer", None),
        ("Amparo Cardona", Gender.SHE),
        ("don Andrea Pirlo", Gender.HE),
    ],
)
def test_the_gender_of_a_name(text: str, expected: Gender | None) -> None:
    """Is told by the first name, or else by the title before it, or not at all."""
    (match,) = find_names(f"Ayer llegó {text}")
    assert gender(f"Ayer llegó {text}", match) is expected


def test_a_name_is_taken_without_what_sticks_to_it() -> None:
    """The full stop of the sentence, or an English genitive; an initial keeps its own."""
    names = find_names(
        "They met in Tollymore. It was Nora Blackwood's idea, or J. P. Moss Jr. had it."
    )
    assert [without_genitive(match) for match in names] == [
        "Tollymore",
        "Nora Blackwood",
        "J. P. Moss Jr.",
    ]


def test_the_words_that_people_added_are_counted() -> None:
    """Over the later turns: "throat" and "cancer" are added here, "Lima" is not, in one of two."""
    cancer = [("What is throat cancer?",) * 2, ("Is it treatable?", "Is throat cancer treatable?")]
    parks = [("Where are parks?", "Where are parks in Lima?"), ("Is it big?", "Is Lima big?")]
    assert words_added([cancer]) == 1.0
    assert words_added([cancer, parks]) == pytest.approx(2 / 3)


def test_the_written_conversations_are_as_described() -> None:
    """Forty, half with a change of topic, a quarter in English; every answer can be found."""
    _, conversations = read()
    lines = (QUESTIONS / "conversations-documents.jsonl").read_text(encoding="utf-8").splitlines()
    texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
    texts |= {file.name: file.read_text(encoding="utf-8") for file in SEEDS.glob("*.txt")}
    assert len(conversations) == len({asked.id for asked in conversations}) == 40
    assert sum(asked.change is not None for asked in conversations) == 20
    assert sum(asked.language == "en" for asked in conversations) == 10
    hashed = sorted(conversations, key=lambda asked: sha256(asked.id.encode()).hexdigest())
    assert [asked.part for asked in hashed] == ["dev"] * 20 + ["test"] * 20
    for asked in conversations:
        if asked.collection != "transcripts":
            words = " ".join(texts[asked.documents[0]].split())
            assert all(gold in words for gold in asked.gold), asked.id


def test_a_thing_that_was_never_found_is_a_new_topic(assistant: Assistant) -> None:
    """What all of a question is "of" must stand in a passage found before, or it stands alone."""
    asked = "¿Qué arruinó la cosecha de maíz?"
    history = [Turn(asked, assistant.ask(asked))]
    known, unknown = "¿Cuál fue la causa de la sequía?", "¿Cuáles son los efectos de la anemia?"
    assert follow_up_kind(known, "es") is follow_up_kind(unknown, "es") is FollowUpKind.ELLIPSIS
    assert resolve(known, history) == f"cosecha de maíz: {known}"
    assert resolve(unknown, history) == unknown


def test_a_thing_with_its_article_is_the_one_that_was_find_names() -> None:
    """ "El volcán" after "el volcán Tacaná", but not after a question that names none."""
    question = "¿Cuál es la altura del volcán?"
    full = resolve(question, [turn("¿Dónde está el volcán Tacaná?")])
    assert full == f"volcán Tacaná: {question}"
    assert resolve(question, [turn("¿Cómo se forma un volcán?")]) == question


def test_the_closest_passage_names_whom_no_quote_names(assistant: Assistant) -> None:
    """After "the documents do not say", he or she is looked for in what came nearest."""
    asked = "Who founded Orchard Labs?"
    unsure = replace(assistant.ask(asked), found=False, text="", citations=(), short=None)
    assert resolve("Where was she born?", [Turn(asked, unsure)]) == "Where was Mary Doyle born?"


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
    for question in ("¿Cuánto costó?", "¿Cuántos vinieron?", "¿Y de dónde?"):
        query = rewrite.resolve(Query(question), history)
        assert query.topic == "museo de Sonora"
        assert query.question == question.replace("Y d", "D")
        answer = Answer(question, query.text, False, "", 0.1, topic=query.topic)
        history.append(Turn(question, answer))


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
    (
        ("¿Qué le preguntaron a Omar Fuentes sobre los trenes?", "¿Y qué respondió él?"),
        "40 por ciento",
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


def test_a_colon_is_part_of_the_question() -> None:
    """Only the topic of an answer is its topic, whatever marks its question holds."""
    before = turn("¿Qué dice el artículo 27: propiedad de las tierras?")
    query = rewrite.resolve(Query("¿Y por qué?"), [before])
    assert query.text == "¿Por qué dice el artículo 27: propiedad de las tierras?"
    assert query.topic == ""


def test_after_a_summary_a_question_is_asked_as_it_is() -> None:
    """How a document begins is no topic, and what was asked before it is none either."""
    begins = "Cómo empieza: Acta del pleno"
    answer = replace(
        turn("x", "El pleno se reunió.").answer, searched_for=begins, topic="Acta del pleno"
    )
    history = [HOUSES, Turn("resume el documento", answer)]
    assert resolve("¿Cuánto costó?", history) == "¿Cuánto costó?"


def test_a_topic_that_was_respelt_is_still_the_topic() -> None:
    """The words of the topic are counted off what was searched for."""
    answer = replace(
        turn("x").answer,
        searched_for="contrato de los Olmos: ¿Cuánto dura?",
        topic="contrtao de los Olmos",
    )
    query = rewrite.resolve(Query("¿Y cuánto cuesta?"), [Turn("¿Cuánto dura?", answer)])
    assert (query.topic, query.question) == ("contrato de los Olmos", "¿Cuánto cuesta?")


def test_a_question_goes_back_to_an_earlier_one() -> None:
    """ "Back to the statutes" is about the last turn that holds them, or about them alone."""
    history = [turn("When were the Millbrook statutes drafted?"), turn("How high is Mount Kara?")]
    back = rewrite.resolve(Query("Back to the statutes: who voted?"), history)
    assert back.topic == "Millbrook statutes drafted"
    assert back.question == "Who voted?"
    new = rewrite.resolve(Query("Back to Ashford: who voted?"), history)
    assert new.text == "Ashford: Who voted?"
    right = rewrite.resolve(Query("sorry, I meant signed, not drafted"), history)
    assert right.text == "When were the Millbrook statutes signed?"


def test_histories_that_no_chat_makes() -> None:
    """An answer in another language, and a question of a thousand questions, break nothing."""
    french = Turn("Qui est-ce ?", replace(STEEL.answer, language="fr"))
    assert resolve("¿Y él?", [french])
    many = turn("¿qué? " * 1500)
    assert resolve("¿Y cuánto costó?", [many])
    assert resolve("i meant " + "!" * 9900 + "x", [STEEL])


@pytest.mark.parametrize(
    ("before", "question", "full"),
    [
        # Another code or number.
        ("¿Qué significa el aviso F-12 del horno?", "¿Y el f-15?", "aviso F-15 del horno?"),
        ("¿Qué dice la base 3 del concurso?", "¿y la base 5?", "¿Qué dice la base 5 del concurso?"),
        ("What is rule 7 about?", "What about rule 9?", "What is rule 9 about?"),
        # A condition.
        ("¿Cuánto cuesta la grúa?", "¿Y si es una moto?", "¿Cuánto cuesta la grúa si es una moto?"),
        ("How much is a bed?", "And if I am a member?", "How much is a bed if I am a member?"),
        # Another day or season.
        ("¿A qué hora abre el museo?", "¿Y los domingos?", "abre el museo los domingos?"),
        ("When does the inn open in summer?", "And in winter?", "does the inn open in winter?"),
        ("When does the inn open on Mondays?", "And Tuesdays?", "does the inn open on Tuesdays?"),
        # Somebody's relative.
        ("¿Cuándo murió Elena Ruiz?", "¿Y su hija?", "¿Cuándo murió la hija de Elena Ruiz?"),
        ("When was Nora Pym born?", "And her sons?", "When was Nora Pym's sons born?"),
        ("¿Cuándo murió Elena Ruiz?", "¿Qué me dices de su hija?", "Elena Ruiz: ¿Su hija?"),
        ("¿Cuántos hijos tuvo Elena Ruiz?", "¿Cómo se llama su hija?", "Elena Ruiz: ¿Cómo se"),
        # A person before the word that asks.
        ("¿Quién es Elena Ruiz?", "¿Y ella qué propuso?", "¿Qué propuso Elena Ruiz?"),
        ("¿Y Elena Ruiz qué propuso?", "¿Cuándo?", "Elena Ruiz: ¿Cuándo?"),
        # A place that is the topic.
        ("¿Qué altura tiene Peñaclara?", "¿Cómo se llega allí?", "¿Cómo se llega a Peñaclara?"),
    ],
)
def test_more_that_is_put_in_its_place(before: str, question: str, full: str) -> None:
    """Codes, conditions, days, relatives, and a person or place that was named."""
    assert full in resolve(question, [turn(before)])


def test_a_condition_is_no_topic() -> None:
    """What was asked under a condition is about the thing without it."""
    before = turn("¿Cuánto cuesta la grúa municipal si es una moto?")
    assert resolve("¿Quién la paga?", [before]).startswith("grúa municipal: ")


def test_a_person_of_an_earlier_turn() -> None:
    """ "He" is no woman: he is looked for further back, with the surname that two share."""
    founders = turn("¿Quiénes fundaron la fábrica?", "En 1931 abrieron Tomás y Rosario Robledo.")
    history = [founders, turn("¿Cuándo murió Rosario Robledo?", "Murió en 1971.")]
    assert resolve("¿Y él cuándo se retiró?", history) == "¿Cuándo se retiró Tomás Robledo?"


def test_whom_nothing_named_is_not_guessed(assistant: Assistant) -> None:
    """The closest passage may name whom "who" asked for, and nobody else."""
    asked = "¿A qué se dedica la dueña del local?"
    unsure = replace(assistant.ask(asked), found=False, text="", citations=(), short=None)
    assert resolve("¿Y él?", [Turn(asked, unsure)]).startswith("dueña del local")


@pytest.mark.parametrize(
    ("before", "fragment", "full"),
    [
        ("¿Qué puntos da el precio en la licitación?", "la memoria", "da la memoria en la lic"),
        (
            "¿Qué puntos da el precio en la obra?",
            "el plan en las becas",
            "da el plan en las becas?",
        ),
        ("¿Cuándo cortan la luz en la calle Bailén?", "el agua", "cortan el agua en la calle"),
        ("How is the chair elected?", "the treasurer", "How is the treasurer elected?"),
        ("How much is a ticket for the zoo?", "a family ticket", "is a family ticket for the zoo?"),
        ("Until when does the exhibition run?", "the fair", "Until when does the fair run?"),
        ("¿Cuánto cuesta entrar en la cueva?", "los menores", None),
        ("¿Cómo se pide cita para la vacuna?", "las embarazadas", None),
        ("¿Por qué?", "la multa", None),
        ("¿Quién paga la luz y el gas?", "el agua", None),
    ],
)
def test_another_thing_in_the_same_question(before: str, fragment: str, full: str | None) -> None:
    """What stands behind the verb is replaced, and nothing behind a preposition."""
    replaced = with_other_noun(before, fragment)
    assert replaced is None if full is None else full in (replaced or "")
