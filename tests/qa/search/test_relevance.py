"""A hit's relevance: between 0 and 1, and the same for the same fit wherever it is found."""

import math
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index import Document, Index
from index.embedders import Embedder
from index.query import Query
from index.types import Candidate, Passage
from qa import Retriever
from qa.search.relevance import relevance

RIGHT = "El faro de San Telmo se encendió por primera vez el 4 de marzo de 1890."
OTHERS = [
    "Para la sopa se cuecen las lentejas con laurel durante cuarenta minutos.",
    "El expediente RX-4471/B se archivó sin resolución.",
    "The town council closed the old stone bridge for repairs in 2019.",
    "La liga de ajedrez escolar reúne a doce equipos de la comarca.",
]
PASSAGE = Passage("d", 0, 4, "faro", 1, language="es")
cosines = st.floats(-1, 1) | st.just(math.nan)


def fit(cosine: float, lexical: float | None) -> float:
    return relevance(Candidate(1, PASSAGE, cosine, lexical), Query("el faro"), {"es": 4.0})


@given(cosines, cosines, st.none() | st.floats(0, 100), st.floats(0, 100))
def test_more_of_either_is_more(
    cosine: float, nearer: float, lexical: float | None, more: float
) -> None:
    """Between 0 and 1; never less for a nearer passage, nor for one with more of the words."""
    value = fit(cosine, lexical)
    assert 0 <= value <= 1
    assert fit(cosine, (lexical or 0) + more) >= value
    if not math.isnan(cosine + nearer):
        assert (fit(max(cosine, nearer), lexical) >= value) or nearer < cosine


def test_alike_in_small_and_large(tmp_path: Path, embedder: Embedder) -> None:
    """What answers is above the half among two passages and among more, what does not is below."""
    for count in (1, len(OTHERS)):
        texts = [RIGHT, *OTHERS[:count]]
        with Index.open(tmp_path / str(count), create=True, model=embedder) as index:
            index.add(Document(str(n), text) for n, text in enumerate(texts))
            retriever = Retriever(index)
            first, *rest = retriever.search("¿Cuándo se encendió el faro de San Telmo?")
            assert first.document_id == "0"
            assert first.relevance > 0.5
            assert all(hit.relevance < 0.1 for hit in rest)
            # In another language, too, it is far above what is about something else.
            first, *rest = retriever.search("When was the lighthouse of San Telmo lit?")
            assert first.document_id == "0"
            assert all(hit.relevance < first.relevance / 5 for hit in rest)
            assert retriever.search("¿Quién ganó el Mundial de 2022?", min_score=0.5) == []
            assert len(retriever.search("¿Cuándo se encendió el faro?", min_score=0.3)) == 1
