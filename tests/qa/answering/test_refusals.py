"""What is said where nothing answers: what was searched, what is nearest, what to try."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from index import Document, Index
from index.query import Query
from qa import Assistant, Retriever
from qa.answering.refusals import told
from qa.readers import Quote, Reader, Reading
from qa.types import Citation, Hit, Lack, LackKind, Refusal, Suggestion, SuggestionKind

ES = "«Fue de 12 millones.» [acta.pdf, p. 3]"
EN = "“Fue de 12 millones.” [acta.pdf, p. 3]"
ACT = (
    "Presupuesto de San Telmo\n\n"
    "El presupuesto de 2023 fue de 12 millones de pesos. Votó en contra el regidor Darío Lugo.\n\n"
    "La alcaldesa María López abrió la sesión."
)
LAW = "Artículo 14.- Las becas se entregarán en mayo.\n\nLa rectora Jacinta Corrales las firmará."
LIGHTHOUSE = "The lighthouse of Nerja was built in 1877 by Marta Soler. It is thirty metres high."
DOCUMENTS = [
    Document("acta.txt", ACT, title="Acta del presupuesto"),
    Document("ley.txt", LAW, title="Ley de becas"),
    Document("faro.txt", LIGHTHOUSE, title="The lighthouse"),
]


class Pointing(Reader):
    """Quotes the sentence that holds some words, never sure enough but for ``sure`` ones."""

    def __init__(self, words: str = "", sure: str = "") -> None:
        self.words, self.sure = words, sure

    def read(self, query: Query, hits: Sequence[Hit]) -> Reading:  # noqa: ARG002
        """A quote of the words, with a confidence of .9 or .1."""
        for words, confidence in ((self.sure, 0.9), (self.words, 0.1)):
            for hit in hits:
                at = hit.text.find(words) if words else -1
                if at >= 0:
                    start = hit.passage.start + at
                    return Reading((Quote(hit, start, start + len(words), 1.0),), confidence)
        return Reading((), 0.1)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("refusals") / "index"
    with Index.open(folder, create=True) as index:
        index.add(DOCUMENTS)
    with Retriever.open(folder) as opened:
        yield opened


def cited(quote: str = "Fue de 12 millones.", page: int | None = 3) -> Citation:
    return Citation("acta.pdf", None, None, page, 2, 0, len(quote), quote)


YEAR = Lack(LackKind.YEAR, "2024", "2023")
SIDE = Lack(LackKind.SIDE, "a favor", "en contra")
MENINAS = Lack(LackKind.WORD, "meninas", nowhere=True)
NAME = Lack(LackKind.NAME, "Pedro Gómez")
MARTA = Suggestion(SuggestionKind.SPELLING, "Marte", "Marta")
IN_ALL = Refusal(3, 120, nearest=cited())


@pytest.mark.parametrize(
    ("refusal", "spanish", "english"),
    [
        (Refusal(0, 0), "No hay documentos en el índice.", "There are no documents in the index."),
        (Refusal(0, 0, 0), "No se eligió ningún documento.", "No document was chosen."),
        (
            Refusal(0, 0, 2),
            "Los documentos elegidos no están en el índice.",
            "The chosen documents are not in the index.",
        ),
        (
            Refusal(3, 1200),
            "Busqué en 3 documentos (1,200 pasajes).\n"
            "Ningún pasaje tiene una palabra de la pregunta.",
            "I searched 3 documents (1,200 passages).\nNo passage has a word of the question.",
        ),
        (
            Refusal(1, 1, nearest=cited(page=None)),
            "Busqué en 1 documento (1 pasaje).\n"
            "Lo más cercano: «Fue de 12 millones.» [acta.pdf, ¶ 2]",
            "I searched 1 document (1 passage).\n"
            "The nearest passage: “Fue de 12 millones.” [acta.pdf, ¶ 2]",
        ),
        (
            replace(IN_ALL, lacks=(YEAR, SIDE)),
            "Busqué en 3 documentos (120 pasajes).\n"
            f"Lo más cercano habla de 2023, no de 2024, y de «en contra», no de «a favor»: {ES}",
            "I searched 3 documents (120 passages).\n"
            "The nearest passage speaks of 2023, not of 2024, and of “en contra”, not of "
            f"“a favor”: {EN}",
        ),
        (
            replace(IN_ALL, lacks=(replace(YEAR, nowhere=True),)),
            "Busqué en 3 documentos (120 pasajes).\n"
            f"Lo más cercano habla de 2023, no de 2024 (ningún pasaje dice 2024): {ES}",
            "I searched 3 documents (120 passages).\n"
            f"The nearest passage speaks of 2023, not of 2024 (no passage says 2024): {EN}",
        ),
        (
            replace(IN_ALL, lacks=(replace(YEAR, nowhere=True), MENINAS)),
            "Busqué en 3 documentos (120 pasajes).\n"
            f"Ningún pasaje dice «meninas» ni 2024; lo más cercano: {ES}",
            "I searched 3 documents (120 passages).\n"
            f"No passage says “meninas” or 2024; the nearest passage: {EN}",
        ),
        (
            Refusal(1, 9, 1, cited(), (MENINAS,), suggestions=(MARTA,)),
            "Busqué solo en 1 documento elegido (9 pasajes).\n"
            f"Ningún pasaje dice «meninas»; lo más cercano: {ES}\n"
            "Prueba con «Marta», que está en los documentos, en vez de «Marte».",
            "I searched only 1 chosen document (9 passages).\n"
            f"No passage says “meninas”; the nearest passage: {EN}\n"
            "Try “Marta”, which is in the documents, instead of “Marte”.",
        ),
        (
            Refusal(1, 9, 2, cited(), (NAME,), cited("Pedro vino."), limited=True),
            "Busqué solo en 1 documento elegido (9 pasajes); los demás elegidos no están en el "
            "índice.\n"
            f"Lo más cercano no menciona «Pedro Gómez»: {ES}\n"
            "Prueba en todos los documentos; fuera de los elegidos hay una respuesta: "
            "«Pedro vino.» [acta.pdf, p. 3]",
            "I searched only 1 chosen document (9 passages); the others chosen are not in the "
            "index.\n"
            f"The nearest passage does not mention “Pedro Gómez”: {EN}\n"
            "Try all documents; outside the chosen ones there is an answer: "
            "“Pedro vino.” [acta.pdf, p. 3]",
        ),
        (
            replace(
                IN_ALL, suggestions=(Suggestion(SuggestionKind.DOCUMENT, "2024", "Acta 2024"),)
            ),
            "Busqué en 3 documentos (120 pasajes).\n"
            f"Lo más cercano: {ES}\nPrueba a preguntar solo en «Acta 2024».",
            "I searched 3 documents (120 passages).\n"
            f"The nearest passage: {EN}\nTry asking only in “Acta 2024”.",
        ),
    ],
)
def test_the_sentences(refusal: Refusal, spanish: str, english: str) -> None:
    """At most three, in the language of the question."""
    assert "\n".join(told(refusal, "es")) == spanish
    assert "\n".join(told(refusal, "en")) == english


def test_a_long_quote_is_cut_and_a_row_is_on_one_line() -> None:
    """Between words; the citation has all."""
    long = Refusal(1, 1, nearest=cited("palabra " * 40))
    assert told(long, "es")[1].endswith("palabra palabra…» [acta.pdf, p. 3]")
    row = Refusal(1, 1, nearest=cited("| Jaiba | 205 |"))
    assert "«Jaiba | 205»" in told(row, "es")[1]


def test_the_nearest_passage_and_what_it_lacks(retriever: Retriever) -> None:
    """The sentence that shows it is quoted from the document, word for word."""
    answer = Assistant(retriever, reader=Pointing()).ask("¿Cuál fue el presupuesto de 2024?")
    assert not answer.found
    assert answer.refusal is not None
    assert answer.refusal.lacks == (Lack(LackKind.YEAR, "2024", "2023", nowhere=True),)
    nearest = answer.refusal.nearest
    assert nearest is not None
    assert nearest.quote == "El presupuesto de 2023 fue de 12 millones de pesos."
    assert nearest.quote == ACT[nearest.start : nearest.end]
    assert answer.text.splitlines() == [
        "Los documentos no lo dicen.",
        "Busqué en 3 documentos (4 pasajes).",
        "Lo más cercano habla de 2023, no de 2024 (ningún pasaje dice 2024): "
        "«El presupuesto de 2023 fue de 12 millones de pesos.» [acta.txt, ¶ 2]",
    ]


def test_what_has_nothing_to_do_with_the_documents(retriever: Retriever) -> None:
    """No passage has the word; in English, what is in Spanish alone is not said to lack words."""
    assistant = Assistant(retriever, reader=Pointing())
    unrelated = assistant.ask("¿Cuántas calorías tiene un aguacate?").refusal
    assert unrelated is not None
    assert [lack.nowhere for lack in unrelated.lacks] == [True]
    across = Assistant(retriever, reader=Pointing("Las becas")).ask("When are the grants paid?")
    assert across.refusal is not None
    assert across.refusal.lacks == ()


def test_another_passage_has_what_the_nearest_lacks(retriever: Retriever) -> None:
    """It is offered with its sentence."""
    reader = Pointing("El presupuesto de 2023")
    answer = Assistant(retriever, reader=reader).ask("¿Qué presupuesto tiene Jacinta Corrales?")
    assert answer.refusal is not None
    assert answer.refusal.lacks == (Lack(LackKind.NAME, "Jacinta Corrales"),)
    assert answer.text.splitlines()[-1] == (
        "Prueba con otro pasaje, que sí dice «Jacinta Corrales»: "
        "«La rectora Jacinta Corrales las firmará.» [ley.txt, ¶ 2]"
    )


def test_a_name_that_is_spelt_otherwise(retriever: Retriever) -> None:
    """The documents' spelling is offered; it is not put in, for Marte may be meant."""
    answer = Assistant(retriever, reader=Pointing()).ask("Who is Marte Soler?")
    assert answer.refusal is not None
    spelling = Suggestion(SuggestionKind.SPELLING, "Marte", "Marta")
    assert answer.refusal.suggestions[0] == spelling
    assert answer.text.endswith("Try “Marta”, which is in the documents, instead of “Marte”.")


def test_a_limit_that_was_the_reason(retriever: Retriever) -> None:
    """The answer is in another document; without the limit it is given."""
    sure = "It is thirty metres high."
    assistant = Assistant(retriever, reader=Pointing(sure=sure), beyond_limit=True)
    question = "How high is the lighthouse?"
    assert assistant.ask(question).found
    refusal = assistant.ask(question, documents=["ley.txt", "none.txt"]).refusal
    assert refusal is not None
    assert (refusal.documents, refusal.passages, refusal.chosen) == (1, 1, 2)
    assert refusal.limited
    assert refusal.beyond is not None
    assert refusal.beyond.quote == sure
    assert refusal.suggestions[0].kind is SuggestionKind.UNLIMITED
    nowhere = assistant.ask(question, documents=[]).refusal
    assert nowhere is not None
    assert (nowhere.documents, nowhere.chosen, nowhere.limited) == (0, 0, True)


def test_a_limit_that_hides_what_is_nearer(retriever: Retriever) -> None:
    """It does not answer, and that is not said; with all documents chosen nothing is hidden."""
    assistant = Assistant(retriever, reader=Pointing(), beyond_limit=True)
    question = "How high is the lighthouse of Nerja?"
    refusal = assistant.ask(question, documents=["ley.txt"]).refusal
    assert refusal is not None
    assert refusal.beyond is not None
    assert (refusal.beyond.document_id, refusal.limited) == ("faro.txt", False)
    for inside in (["faro.txt"], [document.id for document in DOCUMENTS]):
        refusal = assistant.ask(question, documents=inside).refusal
        assert refusal is not None
        assert (refusal.beyond, refusal.limited) == (None, False)


def test_a_limit_may_be_a_permission(retriever: Retriever) -> None:
    """Then nothing is told of the other documents."""
    assistant = Assistant(retriever, reader=Pointing(sure="It is thirty metres high."))
    answer = assistant.ask("How high is the lighthouse?", documents=["ley.txt"])
    assert answer.refusal is not None
    assert answer.refusal.beyond is None
    assert "faro.txt" not in answer.text


def test_an_empty_index(tmp_path_factory: pytest.TempPathFactory) -> None:
    """That there are no documents is said."""
    with Index.open(tmp_path_factory.mktemp("empty"), create=True) as index:
        answer = Assistant(Retriever(index)).ask("¿Quién pintó Las meninas?")
    assert answer.text == "Los documentos no lo dicen.\nNo hay documentos en el índice."
    assert answer.refusal == Refusal(0, 0)


def test_what_is_answered_in_part_is_no_refusal(retriever: Retriever) -> None:
    """Of two questions in one, the half that is not answered is named in the notes."""
    reader = Pointing(sure="It is thirty metres high.")
    answer = Assistant(retriever, reader=reader).ask("How high is it and who built it?")
    assert answer.found
    assert answer.refusal is None
