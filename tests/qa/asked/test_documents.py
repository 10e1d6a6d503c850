"""Documents that a question names."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from index import Document, Index
from index.storage.catalog import DocumentName
from qa.asked.documents import Named, Names

DOCUMENTS = {
    "contrato.txt": "Contract for the lease of the warehouse",
    "obras/contrato.txt": "Contrato de obra",
    "oficio 114-B.txt": "Oficio 114-B",
    "reglamento_2019.txt": "Reglamento de mercados de Valle Hondo",
    "reglamento_2024.txt": "Reglamento de mercados de Valle Hondo",
    "leyes/ley_archivo.txt": "Ley de Archivos del Estado",
    "caza.txt": "Ley de caza mayor y menor",
    "caza2.txt": "Ley para el fomento de la caza",
    "Informe anual.PDF": "Informe anual 2023",
    "chichen.html": "Chichén Itzá",
    "agua.md": "Agua potable",
    **{f"acta {n}.txt": f"Acta de la sesión {n} del cabildo" for n in range(1, 21)},
}
DATES = {"reglamento_2019.txt": "2019-02-08", "reglamento_2024.txt": "2024-06-12"}
BOTH = ("reglamento_2019.txt", "reglamento_2024.txt")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    with Index.open(tmp_path_factory.mktemp("named"), create=True) as index:
        index.add(
            Document(id, "El texto.", title, metadata={"date": DATES[id]} if id in DATES else {})
            for id, title in DOCUMENTS.items()
        )
        yield index


@pytest.fixture(scope="module")
def names(index: Index) -> Names:
    return Names(index)


@pytest.mark.parametrize(
    ("question", "documents", "rest"),
    [
        (
            "Según reglamento_2019.txt, ¿cuál es el horario?",
            ("reglamento_2019.txt",),
            "¿Cuál es el horario?",
        ),
        (
            "¿Cuál es el horario en reglamento_2019.txt?",
            ("reglamento_2019.txt",),
            "¿Cuál es el horario?",
        ),
        (
            "¿Cuál es el horario en el archivo REGLAMENTO 2019.TXT?",
            ("reglamento_2019.txt",),
            "¿Cuál es el horario?",
        ),
        ("¿Cuál es el horario según reglamento-2019?", ("reglamento_2019.txt",), None),
        (
            "In contrato.txt, what is the monthly rent?",
            ("contrato.txt", "obras/contrato.txt"),
            "What is the monthly rent?",
        ),
        ("In obras/contrato.txt, who builds?", ("obras/contrato.txt",), "Who builds?"),
        (
            "¿Cuántos árboles se entregaron según «oficio 114-B.txt»?",
            ("oficio 114-B.txt",),
            "¿Cuántos árboles se entregaron?",
        ),
        (
            "¿Qué dice el oficio 114-B sobre los árboles?",
            ("oficio 114-B.txt",),
            "¿Qué dice sobre los árboles?",
        ),
        ("¿De qué trata contrato.txt?", ("contrato.txt", "obras/contrato.txt"), "¿De qué trata?"),
        ("Resume reglamento_2024.txt", ("reglamento_2024.txt",), "Resume"),
        (
            "¿Qué dice el artículo 13 de la Ley de Archivos?",
            ("leyes/ley_archivo.txt",),
            "¿Qué dice el artículo 13?",
        ),
        (
            "¿Qué dice la ley de archivos sobre los plazos?",
            ("leyes/ley_archivo.txt",),
            "¿Qué dice sobre los plazos?",
        ),
        (
            "según «Ley de Archivos del Estado», ¿cuánto se guardan?",
            ("leyes/ley_archivo.txt",),
            "¿Cuánto se guardan?",
        ),
        (
            "What does Informe anual 2023 say about sales?",
            ("Informe anual.PDF",),
            "What is said about sales?",
        ),
        ("What does informe anual.pdf say?", ("Informe anual.PDF",), "What is said?"),
        ("Según el Reglamento de mercados, ¿cuál es la multa?", BOTH, "¿Cuál es la multa?"),
        (
            "Según el reglamento de mercados de 2019, ¿cuál es la multa?",
            ("reglamento_2019.txt",),
            "¿Cuál es la multa?",
        ),
        ("¿Qué cambia entre reglamento_2019.txt y reglamento_2024.txt?", BOTH, "¿Qué cambia?"),
        ("Resume «Chichén Itzá»", ("chichen.html",), "Resume"),
        ("Según la ley de caza, ¿qué se prohíbe?", ("caza.txt", "caza2.txt"), "¿Qué se prohíbe?"),
        ("según acta 7.txt, ¿quién vino?", ("acta 7.txt",), "¿Quién vino?"),
    ],
)
def test_the_document_is_chosen(
    names: Names, question: str, documents: tuple[str, ...], rest: str | None
) -> None:
    """By its file's name, or by a title where the question asks what it says; the rest is asked."""
    named = names.named(question)
    assert named is not None
    assert (named.documents, named.only) == (documents, True)
    assert rest in {None, named.question}


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("¿Cuándo se construyó Chichén Itzá?", "chichen.html"),
        ("¿Quién escribió «Chichén Itzá»?", "chichen.html"),
        ("¿Cuándo se aprobó la Ley de Archivos del Estado?", "leyes/ley_archivo.txt"),
        ("¿Quién contestó el oficio 114-B?", "oficio 114-B.txt"),
    ],
)
def test_what_is_asked_about_is_only_preferred(names: Names, question: str, document: str) -> None:
    """A title may be the topic, of which other documents know more."""
    assert names.named(question) == Named(
        question[question.lower().index(DOCUMENTS[document].lower()) :][: len(DOCUMENTS[document])],
        (document,),
        question,
        only=False,
    )


@pytest.mark.parametrize(
    "question",
    [
        "¿Cuánto cuesta el agua potable?",
        "¿Qué dice el contrato sobre los animales?",
        "What does the contract say about animals?",
        "Según el reglamento, ¿cuál es la multa?",
        "¿Qué dice la Ley de Archivos Históricos?",
        "Según el reglamento de mercados de 2021, ¿cuál es la multa?",
        "Según el acta de la sesión, ¿quién vino?",
        "¿Qué hay en www.ejemplo.com/contrato.txt?",
        "¿Qué dice sobre la Ley de Archivos el gobernador?",
        "¿Quién visitó México en 2025?",
    ],
)
def test_common_words_name_nothing(names: Names, question: str) -> None:
    """Nor do words of another title, or a name that many documents have."""
    named = names.named(question)
    assert named is None or not named.only


def test_a_file_that_is_not_there(names: Names) -> None:
    """It is named as the question writes it, with what is called so but for the ending."""
    named = names.named("According to «informe de ventas.pdf», what was sold?")
    assert named is not None
    assert (named.name, named.documents, named.alike) == ("informe de ventas.pdf", (), ())
    named = names.named("¿Qué dice reglamento_2019.pdf?")
    assert named is not None
    assert (named.documents, named.alike) == ((), ("reglamento_2019.txt",))
    assert names.named("¿Qué dice contrato.txt?", ["agua.md"]) == Named(
        "contrato.txt", (), "¿Qué dice?", only=True
    )  # of documents outside the limit nothing is told


def test_what_a_phrase_means(names: Names) -> None:
    """A file, most of a title, or the one word of few documents."""
    assert names.meant("oficio") == ("oficio 114-B.txt",)
    assert names.meant("ley") == ("caza.txt", "caza2.txt", "leyes/ley_archivo.txt")
    assert names.meant("reglamento de mercados") == BOTH
    assert names.meant("obras/contrato.txt") == ("obras/contrato.txt",)
    assert names.meant("acta") == ()
    assert names.meant("agua") == ()
    assert names.meant("ley de pesca") == ()


def test_names_are_read_when_documents_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for all questions until then, and not at all where nothing looks like a name."""
    with Index.open(tmp_path, create=True) as index:
        index.add([Document("uno.txt", "Un texto.")])
        read: list[int] = []
        everything = Index.names

        def counted(self: Index) -> list[DocumentName]:
            read.append(1)
            return everything(self)

        monkeypatch.setattr(Index, "names", counted)
        names = Names(index)
        assert names.named("¿cómo se hace?") is None
        assert read == []
        missing = Named("dos.txt", (), "¿Qué dice?", only=True)
        for _ in range(2):
            assert names.named("¿Qué dice dos.txt?") == missing
        assert read == [1]
        index.add([Document("dos.txt", "Otro texto.")])
        named = names.named("¿Qué dice dos.txt?")
        assert named is not None
        assert named == replace(missing, documents=("dos.txt",))
        assert read == [1, 1]
