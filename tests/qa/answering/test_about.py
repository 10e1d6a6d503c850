"""Who wrote a document, and of when it is."""

from collections.abc import Iterator

import pytest

from index import Document, Index
from qa import Assistant, Retriever
from qa.answering.about import Aspect, aspect_asked

DOCUMENTS = [
    Document(
        "informe.txt",
        "Informe sobre el riego\n\nElaborado por: Marina Solís\n\nTula, 18 de octubre de 2022\n\n"
        "Los canales pierden cuatro de cada diez litros de agua.",
        "Informe sobre el riego",
        metadata={"author": "Marina Solís", "date": "2022-10-18"},
    ),
    Document(
        "carta.txt",
        "Carta a la directora\n\nLe pido que la cooperativa venda fruta.",
        "Carta a la directora",
        metadata={"author": "Jacinto Ruelas", "date": "2021-06-06"},
    ),
    Document(
        "essay.txt",
        "Essay on lighthouses\n\nBy Helen Marsh\n\nPublished: 2 July 2019\n\nLighthouses were lit "
        "with wood, and later with oil.",
        "Essay on lighthouses",
        metadata={"author": "Helen Marsh", "date": "2019-07-02"},
    ),
    Document("acta.txt", "Acta del cabildo\n\nSe aprobó comprar dos camiones.", "Acta del cabildo"),
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Index.open(tmp_path_factory.mktemp("about"), create=True) as index:
        index.add(DOCUMENTS)
        yield Assistant(Retriever(index))


@pytest.mark.parametrize(
    ("question", "short", "quote"),
    [
        (
            "¿Quién escribió el informe sobre el riego?",
            "Marina Solís",
            "Elaborado por: Marina Solís",
        ),
        ("¿quien elaboro informe.txt?", "Marina Solís", "Elaborado por: Marina Solís"),
        ("¿Quién es la autora del informe?", "Marina Solís", "Elaborado por: Marina Solís"),
        ("¿De qué fecha es el informe?", "18 de octubre de 2022", "Tula, 18 de octubre de 2022"),
        ("¿Cuándo se redactó informe.txt?", "18 de octubre de 2022", "Tula, 18 de octubre de 2022"),
        (
            "¿Cuál es la fecha de informe.txt?",
            "18 de octubre de 2022",
            "Tula, 18 de octubre de 2022",
        ),
        ("Who wrote the essay on lighthouses?", "Helen Marsh", "By Helen Marsh"),
        ("Who is the author of essay.txt?", "Helen Marsh", "By Helen Marsh"),
        ("When was the essay published?", "2 July 2019", "Published: 2 July 2019"),
        ("What is the date of the essay?", "2 July 2019", "Published: 2 July 2019"),
    ],
)
def test_what_the_text_says_of_itself(
    assistant: Assistant, question: str, short: str, quote: str
) -> None:
    """The line that says it is quoted, in whatever form it says the date."""
    answer = assistant.ask(question)
    assert (answer.short, answer.citations[0].quote, answer.notes) == (short, quote, ())


@pytest.mark.parametrize(
    ("question", "note"),
    [
        (
            "¿Quién escribió la carta?",
            "Los datos del archivo nombran como autor a: Jacinto Ruelas.",
        ),
        ("¿De cuándo es carta.txt?", "Según los datos del archivo, es del 6 de junio de 2021."),
        ("Who wrote carta.txt?", "The file's own data name as its author: Jacinto Ruelas."),
    ],
)
def test_what_only_the_file_says(assistant: Assistant, question: str, note: str) -> None:
    """It is told, beside how the document begins, and nothing is marked."""
    answer = assistant.ask(question)
    assert (answer.short, answer.notes) == (None, (note,))
    assert answer.citations[0].document_id == "carta.txt"


def test_chosen_documents_need_no_name(assistant: Assistant) -> None:
    """Of all there are too many."""
    answer = assistant.ask("¿Quién lo escribió?", documents=["essay.txt"])
    assert answer.short == "Helen Marsh"
    assert assistant.ask("When was it written?", documents=["essay.txt"]).short == "2 July 2019"


def test_nothing_is_made_up(assistant: Assistant) -> None:
    """A document that says nothing of its author is searched like any other question."""
    answer = assistant.ask("¿Quién escribió acta.txt?")
    assert not answer.found
    assert answer.text.split("\n")[0] == "«acta.txt» no lo dice."


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("¿Quién redactó el dictamen?", (Aspect.AUTHOR, "dictamen")),
        ("¿Por quién fue escrita la carta?", (Aspect.AUTHOR, "carta")),
        ("¿Quiénes son los autores del libro?", (Aspect.AUTHOR, "libro")),
        ("Who was the report written by?", (Aspect.AUTHOR, "report")),
        ("¿De qué año es el decreto?", (Aspect.DATE, "decreto")),
        ("¿Qué fecha tiene el acta?", (Aspect.DATE, "acta")),
        ("When was it issued?", (Aspect.DATE, "")),
        ("¿Quién firmó el contrato?", None),
        ("¿Cuándo entra en vigor el decreto?", None),
        ("Who is the director?", None),
    ],
)
def test_what_asks_for_it(question: str, asked: tuple[Aspect, str] | None) -> None:
    """Signing is no writing, and what a text tells is no date of its own."""
    assert aspect_asked(question) == asked
