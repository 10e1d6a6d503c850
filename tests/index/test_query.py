"""A question that is made once: what is known of it, and how often it is found out."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from index import Document, Index
from index.embedders import Embedder
from index.query import Query
from index.text.analysis import analyse
from index.text.language import detect
from qa import Assistant, Retriever, Turn

TEXTS = {
    "acueducto": "El acueducto de Querétaro se empezó en 1726 y costó cien mil pesos. Lo hizo "
    "Antonio de Urrutia.",
    "faro": "The lighthouse of Nerja was built in 1877 by Marta Soler. It is thirty metres high.",
}
QUESTION = "¿Cuándo se empezó el acueducto de Querétaro?"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each thing is found out of a text; what a passage says does not count."""
    calls: Counter[str] = Counter()

    def noted(name: str, real: object) -> object:
        def call(text: str, *rest: object) -> object:
            calls[f"{name}: {text}"] += 1
            return real(text, *rest)  # type: ignore[operator]

        return call

    monkeypatch.setattr("index.query.detect", noted("detect", detect))
    monkeypatch.setattr("index.query.analyse", noted("analyse", analyse))
    for module in ("qa.search.spelling", "qa.readers.signals", "qa.readers.sentences"):
        monkeypatch.setattr(f"{module}.analyse", noted("analyse", analyse))
    real = Embedder.embed_queries

    def embed_queries(self: Embedder, texts: list[str]) -> object:
        calls.update(f"embed: {text}" for text in texts)
        return real(self, texts)

    monkeypatch.setattr(Embedder, "embed_queries", embed_queries)
    return calls


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("query") / "index"
    with Index.open(folder, create=True, model=embedder) as index:
        index.add([Document(id, text) for id, text in TEXTS.items()])
        yield Retriever(index)


def times(counted: Counter[str], text: str) -> tuple[int, int, int]:
    """Embeddings, language detections and analyses of a text."""
    embedded, detected, analysed = (
        counted[f"{name}: {text}"] for name in ("embed", "detect", "analyse")
    )
    return embedded, detected, analysed


@pytest.mark.parametrize("reader", [None, "sentences"])
def test_a_question_is_looked_at_once(
    retriever: Retriever, counted: Counter[str], reader: str | None
) -> None:
    """From the search to the reader: one embedding, one detection, one analysis a language."""
    assistant = Assistant(retriever, reader=reader)
    assert assistant.ask(QUESTION).hits
    assert times(counted, QUESTION) == (1, 1, 2)


def test_each_search_of_a_misspelt_question(retriever: Retriever, counted: Counter[str]) -> None:
    """It is searched for twice: each text is embedded once, and the language stays known."""
    typed = "¿Cuándo se empezó el acuedutco de Querétaro?"
    search = retriever.find(typed)
    assert search.query.text == QUESTION
    assert times(counted, typed) == (1, 1, 2)
    assert times(counted, QUESTION) == (1, 0, 2)


def test_a_follow_up_is_looked_at_once(retriever: Retriever, counted: Counter[str]) -> None:
    """What is searched for is embedded once and analysed once a language."""
    assistant = Assistant(retriever)
    turn = Turn(QUESTION, assistant.ask(QUESTION))
    counted.clear()
    answer = assistant.ask("¿Y cuánto costó?", [turn])
    assert "acueducto" in answer.searched_for
    embedded, detected, analysed = times(counted, answer.searched_for)
    assert (embedded, analysed) == (1, 2)
    assert detected <= 1


def test_the_topic_stands_before_the_question() -> None:
    """As a passage's context before its text; in other words it is in the same language."""
    query = Query("¿cuánto costó?", "el acueducto")
    assert query.text == "el acueducto: ¿cuánto costó?"
    assert query.language == "es"
    assert query.reworded("how much?").language == "es"
    assert query.reworded("how much?").text == "el acueducto: how much?"
    assert query.reworded("how much?", "").text == "how much?"


def test_stems_and_vector_are_those_of_the_text(embedder: Embedder) -> None:
    """As the analyser and the model give them; nobody can write to the vector."""
    query = Query("visitaron", "los gatos")
    assert list(query.stems("es")) == analyse("los gatos: visitaron", "es")
    (expected,) = embedder.embed_queries(["los gatos: visitaron"])
    assert np.array_equal(query.vector(embedder), expected)
    with pytest.raises(ValueError, match="read-only"):
        query.vector(embedder)[:] = 0
