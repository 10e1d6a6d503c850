"""Readings made whole. The reader here quotes the first sentence that it finds, marked."""

from collections.abc import Iterator, Sequence

import pytest

from index import Document, Index
from index.query import Query
from qa import Answer, Assistant, Retriever
from qa.readers import Quote, Reader, Reading
from qa.readers.units import quotable
from qa.types import Hit

CALL = (
    "Convocatoria al taller de teatro\n\nDocumentos para inscribirse\nLas personas entregarán:\n"
    "a) identificación;\nb) comprobante de domicilio;\nc) carta de motivos.\n\n"
    "El cupo máximo es de 25 personas y el mínimo es de 12."
)
COUNCIL = (
    "Acta de la asamblea del ejido\n\nSe sometió a votación la venta del tractor. Hubo 31 votos a "
    "favor y 22 en contra. La bomba solar se aprobó por mayoría; Hilario Cota y Benita Sarabia "
    "votaron en contra y se abstuvo Eulalia Beltrán."
)
GLOSSARY = (
    "Glosario del agua\n\nAcometida: tubería que une la red con una casa.\n\n"
    "El tandeo fue anunciado en mayo. Un tandeo es el reparto del agua por zonas y horas.\n\n"
    "Artículo 7. El medidor se revisa cada año. El usuario lo cuida."
)
LEASE = (
    "Lease of Willow Cottage\n\n1. The tenant pays 450 pounds.\n\n2. Smoking is forbidden inside "
    "the cottage. The tenant may keep one dog.\n\n3. The roof is repaired by the landlord."
)
MANY = "Reglamento del archivo\n\nLos visitantes cumplirán las reglas siguientes:\n" + "\n".join(
    f"{n}. la regla número {n} habla de la sala {n} y de quien la cuida durante todo el día;"
    for n in range(1, 31)
)
TEXTS = {"call": CALL, "council": COUNCIL, "glossary": GLOSSARY, "lease": LEASE, "many": MANY}


class FirstSentence(Reader):
    """Quotes the first sentence of the best hit, its first word marked."""

    def __init__(self, confidence: float) -> None:
        self.confidence = confidence

    def read(self, query: Query, hits: Sequence[Hit]) -> Reading:  # noqa: ARG002
        """One quote, whatever is asked."""
        hit = hits[0]
        start, end = (hit.passage.start + at for at in quotable(hit.passage)[0])
        word = len(hit.text[start - hit.passage.start :].split()[0])
        quote = Quote(hit, start, end, 1.0, (start, start + word))
        return Reading((quote,), self.confidence)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("wholes") / "index"
    with Index.open(folder, create=True) as index:
        titled = {id: text.partition("\n")[0] for id, text in TEXTS.items()}
        index.add(Document(id, text, title=titled[id]) for id, text in TEXTS.items())
    with Retriever.open(folder) as opened:
        yield opened


def ask(retriever: Retriever, question: str, confidence: float = 0.9) -> Answer:
    answer = Assistant(retriever, reader=FirstSentence(confidence)).ask(question)
    for cited in answer.citations:
        assert cited.quote == TEXTS[cited.document_id][cited.start : cited.end]
    return answer


def test_a_list_is_quoted_whole(retriever: Retriever) -> None:
    """Its introduction and all items; the short answer is the list."""
    answer = ask(retriever, "¿Qué documentos se entregan para inscribirse al taller de teatro?")
    items = "a) identificación;\nb) comprobante de domicilio;\nc) carta de motivos."
    assert answer.short == items
    assert answer.citations[0].quote == f"Las personas entregarán:\n{items}"


def test_a_list_over_which_every_word_stands_is_an_answer(retriever: Retriever) -> None:
    """However unsure the reader is; not so where a word is missing."""
    assert ask(retriever, "¿Qué documentos se entregan para inscribirse?", 0.1).found
    assert not ask(retriever, "¿Qué documentos se entregan para adoptar perros?", 0.1).found


def test_a_list_is_counted(retriever: Retriever) -> None:
    """A note says how many items it has, in the question's language."""
    answer = ask(retriever, "¿Cuántos documentos se entregan?")
    assert answer.notes == ("La lista tiene 3 elementos.",)
    assert answer.short is not None
    assert answer.short.startswith("a) identificación")


def test_a_long_list_is_cut_between_items(retriever: Retriever) -> None:
    """It is put together from its passages; what is left out is counted."""
    answer = ask(retriever, "¿Cuáles son las reglas del archivo?")
    (cited,) = answer.citations
    assert cited.quote.startswith("Los visitantes cumplirán las reglas siguientes:\n1. la regla")
    assert cited.quote.endswith("durante todo el día;")
    assert len(cited.quote) <= 1200
    shown = cited.quote.count("\n")
    assert answer.notes == (f"La lista sigue: {30 - shown} elementos más.",)
    last = ask(retriever, "¿Cuál es la última regla del archivo?")
    assert last.short is not None
    assert last.short.startswith("la regla número 30 ")


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("¿Cuál es el segundo documento que se entrega?", "comprobante de domicilio;"),
        ("¿Qué dice el inciso c de los documentos para inscribirse?", "carta de motivos."),
        ("¿Cuántos votos en contra tuvo la venta del tractor?", "22 en contra"),
        ("¿Cuántos votaron a favor de la venta del tractor?", "31 votos a favor"),
        ("quienes votaron en contra de la bomba solar", "Hilario Cota y Benita Sarabia"),
        ("¿Quién se abstuvo en lo de la bomba solar?", "Eulalia Beltrán"),
        ("¿Qué es una acometida?", "tubería que une la red con una casa"),
        ("¿Qué es el tandeo?", "el reparto del agua por zonas y horas"),
        ("What does the lease say about smoking?", "Smoking is forbidden inside the cottage."),
        (
            "¿Qué dice el artículo 7 del glosario?",
            "El medidor se revisa cada año. El usuario lo cuida.",
        ),
    ],
)
def test_the_words_that_are_asked_for(retriever: Retriever, question: str, short: str) -> None:
    """An item, a side, a definition, a statement: whatever the reader marked."""
    assert ask(retriever, question).short == short


@pytest.mark.parametrize(
    "question",
    [
        "¿Cuál es el noveno documento que se entrega?",
        "¿Quién votó en contra del horario escolar?",
    ],
)
def test_what_is_not_there_is_no_answer(retriever: Retriever, question: str) -> None:
    """An item beyond the last one, a vote on another matter."""
    assert not ask(retriever, question).found
