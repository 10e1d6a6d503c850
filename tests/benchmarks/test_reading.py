"""What the benchmarks of answers and re-ranking make of rows whose figures are known."""

import math
from dataclasses import replace

import pytest

from benchmarks import beside, handwritten, reranking
from index import Document, Index
from qa import Retriever

ROW = handwritten.Row(
    collection="given/tables",
    group="tables",
    kind="when",
    question="¿Cuándo?",
    answers=("en 1982", "1982"),
    impossible=False,
    found=True,
    right=True,
    confidence=0.9,
    short="1982",
    quotes=("Se fundó en 1982.",),
)


def test_figures_of_answers() -> None:
    """A refusal counts nothing; a near miss that is answered is wrong."""
    rows = [
        ROW,
        replace(ROW, short="desde 1982", confidence=0.8),
        replace(ROW, found=False, right=False, short="", confidence=0.1),
        replace(ROW, answers=(), impossible=True, right=False, confidence=0.85),
        replace(ROW, answers=(), impossible=True, found=False, right=False, confidence=0.2),
    ]
    found = handwritten.figures(rows)
    assert (found["answerable"], found["impossible"]) == (3, 2)
    assert found["F1"] == pytest.approx((1 + 2 / 3 + 0) / 3)
    assert found["exact"] == pytest.approx(1 / 3)
    assert found["quote holds"] == found["answered"] == pytest.approx(2 / 3)
    assert found["refused"] == 0.5
    assert found["AUROC"] == pytest.approx(3 / 6)
    assert found["of answers right"] == pytest.approx(2 / 3)
    assert found["wrong of all"] == pytest.approx(1 / 5)
    assert math.isnan(handwritten.figures(rows[:3])["AUROC"])


def test_two_builds_are_compared_by_their_ratios() -> None:
    """Ten re-ranked passages are held against the other build's reading."""
    own = [{"whole answer": 50.0, "reading alone": 20.0, "ten re-ranked": 30.0}] * 3
    other = [{"whole answer": 100.0, "reading alone": 40.0}] * 3
    rows = beside.compared(own, other)
    assert [row["ratio"] for row in rows] == [0.5, 0.5, 0.5, 0.5, 0.75, 0.75]


def test_the_place_of_a_document_among_hits(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Passages of one document count once; what is not there is behind the last."""
    folder = tmp_path_factory.mktemp("index")
    texts = {"faro": "El faro mide treinta metros.", "ley": "La ley prohíbe cazar."}
    with Index.open(folder, create=True) as index:
        index.add([Document(id, text) for id, text in texts.items()])
        hits = Retriever(index).search("¿Cuánto mide el faro?")
    assert reranking.place(hits, "faro") == 1
    assert reranking.place([*hits[:1], *hits], "ley") == 2
    assert reranking.place(hits, "otro") == 11
