"""The benchmarks of embedding models and of the ways to run them, on small data made here."""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import retrieval
from index import Document, Index
from index.embedders import load
from index.query import Query
from index.types import Candidate, Passage
from tests.conftest import MODELS
from tests.index.test_index import Counting

ANIMALS = {
    "es": ["El perro ladra de noche.", "El gato duerme al sol.", "La vaca come hierba."],
    "en": ["The dog barks at night.", "The cat sleeps in the sun.", "The cow eats grass."],
}
ASKED = {
    "es": ["¿Qué hace el perro de noche?", "¿Quién duerme al sol?", "¿Qué come la vaca?"],
    "en": ["What does the dog do at night?", "Who sleeps in the sun?", "What does the cow eat?"],
}


def squad(language: str) -> dict[str, Any]:
    paragraphs = [
        {
            "context": text,
            "qas": [
                {
                    "id": str(n),
                    "question": ASKED[language][n],
                    "answers": [{"text": text.split()[1], "answer_start": 3}],
                }
            ],
        }
        for n, text in enumerate(ANIMALS[language])
    ]
    return {"data": [{"title": "animales", "paragraphs": paragraphs}]}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """XQuAD's, MLQA's and SQuAD's files, of three animals."""
    (tmp_path / "eval").mkdir()
    (tmp_path / "qa").mkdir()
    for language in ("es", "en"):
        (tmp_path / "eval" / f"xquad.{language}.json").write_text(json.dumps(squad(language)))
        lines = [
            {
                "id": f"m{n}",
                "title": "animales",
                "context": f"{text} Vive en el campo.",
                "question": ASKED[language][n],
                "answers": [{"text": "campo", "answer_start": 3}],
            }
            for n, text in enumerate(ANIMALS["es"])
        ]
        path = tmp_path / "eval" / f"mlqa-dev.ctx-es.q-{language}.jsonl"
        path.write_text("\n".join(map(json.dumps, lines)))
    (tmp_path / "qa" / "squad-es-v2-small.json").write_text(json.dumps(squad("es")))
    return tmp_path


def test_recall_by_way_and_set(data: Path) -> None:
    """Every set is there; the only passages that fit are first, BM25's across languages are not."""
    found = dict(retrieval.figures(data, load(), 1))
    assert {name: each["questions"] for name, each in found.items()} == {
        "xquad-es": 3,
        "xquad-en-es": 3,
        "xquad-en": 3,
        "mlqa-es": 3,
        "mlqa-en-es": 3,
    }
    assert found["xquad-es"]["fused"] == found["xquad-en-es"]["dense"] == {1: 1.0, 10: 1.0}
    assert found["xquad-en-es"]["BM25"] == {1: 0.0, 10: 0.0}
    assert dict(retrieval.figures(data, load(), 3))["mlqa-es"]["questions"] == 1


def test_vectors_are_cut(data: Path) -> None:
    """To unit vectors in the direction of their first dimensions; the search goes on with them."""
    model = load()
    whole = model.embed_passages(ANIMALS["es"])
    cut = retrieval.Cut(model, 96)
    made = cut.embed_passages(ANIMALS["es"])
    expected = whole[:, :96] / np.linalg.norm(whole[:, :96], axis=1)[:, None]
    np.testing.assert_allclose(made, expected, atol=1e-6)
    assert dict(retrieval.figures(data, cut, 1))["xquad-es"]["dense"] == {1: 1.0, 10: 1.0}


def test_a_documents_place_is_its_best_passages() -> None:
    """Other passages of a document that is before do not count; what is not there is far."""
    made = [
        Candidate(n, Passage(id, 0, 1, "x", 1), 0.5, None)
        for n, id in enumerate(["a", "a", "b", "a", "c"])
    ]
    assert [retrieval.place(made, id) for id in "abcd"] == [1, 2, 3, retrieval.FAR]


def test_ways_order_the_same_candidates(tmp_path: Path) -> None:
    """By cosine, by BM25 without what shares no word, and by both."""
    with Index.open(tmp_path, create=True, model=Counting()) as index:
        index.add([Document(text, text, language="es") for text in ("uno", "dos", "tres")])
        (found,) = index.candidates_many([Query("dos tres")])
        found.dense = np.array([0.9, 0.8, 0.1])[found.ids - 1]
        found.lexical = np.array([np.nan, 2.0, 5.0])[found.ids - 1]
        ways = retrieval.ways(Query("dos"), found)
        names = {way: [one.passage.text for one in ranked] for way, ranked in ways.items()}
    assert names["dense"] == ["uno", "dos", "tres"]
    assert names["BM25"] == ["tres", "dos"]
    assert sorted(names["fused"]) == ["dos", "tres", "uno"]


def test_runtimes_give_the_same_vectors(data: Path, tmp_path: Path) -> None:
    """Of a small model in float32 and int8: every way is measured, and near the exact one."""
    import lzma

    pytest.importorskip("torch", reason=MODELS)
    pytest.importorskip("onnx", reason=MODELS)
    from benchmarks import runtimes
    from tests.training.test_reader import CONFIG, tiny_base, tiny_data
    from training import contrast

    tiny_base(tmp_path)
    settings = {**CONFIG, "prompts": {"query": "query: ", "passage": "passage: "}}
    (tmp_path / "config.json").write_text(json.dumps(settings))
    (tmp_path / "smooth").mkdir()
    for name, texts in (("exact", None), ("own", tiny_data(tmp_path / "smooth"))):
        options = {"base": tmp_path, "checkpoint": [], "share": 0, "data": texts}
        contrast.export(argparse.Namespace(**options, out=tmp_path / name))
    laws = [json.dumps({"paragraphs": ["Art. 1 " + "a b c " * 200]})] * 110
    (data / "corpus").mkdir()
    path = data / "corpus" / "laws-es-ar.jsonl.xz"
    path.write_bytes(lzma.compress("\n".join(laws).encode()))
    arguments = argparse.Namespace(
        data=data, exact=tmp_path / "exact", own=tmp_path / "own", passages=8, rounds=1
    )
    found = runtimes.compare(arguments, tmp_path)
    assert found[runtimes.EXACT]["cosine"] == pytest.approx(1)
    assert all(each["passages_per_s"] > 0 for each in found.values())
    assert np.isfinite([value for each in found.values() for value in each.values()]).all()
    assert found[runtimes.SHIPPED]["least"] > 0.9
