"""The benchmarks of the index, on a few documents made by the tests."""

import json
import lzma
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import passages, scale, scale_corpus
from benchmarks.formats import accounted
from benchmarks.letters import Letters
from index import Document, Index
from tests.conftest import ROOT
from training.fusion import reciprocal_rank


def test_every_file_is_accounted_for(tmp_path: Path) -> None:
    """Indexed, failed with a reason, no document, or hidden; a lost one would be counted."""
    files = tmp_path / "files"
    files.mkdir()
    for name, content in {
        "a.txt": b"Un texto con palabras.",
        "b.pdf": b"not a PDF",
        "c.bin": b"x",
        ".d.txt": b"oculto",
    }.items():
        (files / name).write_bytes(content)
    found = accounted.indexed(files)
    assert found["by_format"] == [
        {"format": ".bin", "indexed": 0, "failed": 0, "skipped": 1, "hidden": 0, "unaccounted": 0},
        {"format": ".pdf", "indexed": 0, "failed": 1, "skipped": 0, "hidden": 0, "unaccounted": 0},
        {"format": ".txt", "indexed": 1, "failed": 0, "skipped": 0, "hidden": 1, "unaccounted": 0},
        {"format": "all", "indexed": 1, "failed": 1, "skipped": 1, "hidden": 1, "unaccounted": 0},
    ]
    assert set(found["reasons"]) == {"b.pdf", "c.bin"}


def test_cutting_into_passages_is_measured() -> None:
    """Every paragraph of the pages is a passage, and both times are there."""
    found = passages.measured(pages=2, rounds=1)
    assert found["passages"] == 12
    assert found["split_s"] > 0 < found["sentences_ms"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A corpus of 260 short paragraphs of two kinds, and questions."""
    folder = tmp_path / "data"
    (folder / "corpus").mkdir(parents=True)
    (folder / "qa").mkdir()
    words = "La presidenta habló de la reforma del agua y de los trenes ante la prensa nacional hoy"
    turns = "\n---\n".join(f"{words}, párrafo {n}." for n in range(130))
    rows = {
        "mananeras-mx": {"id": "a", "date": "2025-01-01", "text": turns},
        "laws-es-ar": {"id": "b", "title": "Ley", "paragraphs": turns.split("\n---\n")},
    }
    for name, row in rows.items():
        with lzma.open(folder / "corpus" / f"{name}.jsonl.xz", "wt", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")
    asked = [{"question": f"¿De qué habló en el párrafo {n}?"} for n in range(250)]
    article = {"data": [{"paragraphs": [{"qas": asked}]}]}
    (folder / "qa" / "squad-es-v2-small.json").write_text(json.dumps(article), encoding="utf-8")
    return folder


def test_paragraphs_go_on_after_the_real_ones(data: Path) -> None:
    """Then come the halves of neighbours, each text new."""
    texts = list(scale_corpus.paragraphs(data))
    assert len(texts) == 260 + 259
    assert texts[260].endswith(texts[1][: len(texts[1]) // 2].strip())


def test_mixed_vectors_are_near_those_they_are_made_of() -> None:
    """The same for the same text, of length 1, and like some of the table."""
    draw = np.random.default_rng(0)
    table = draw.normal(size=(30, 384)).astype(np.float32)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    model = scale_corpus.Mixed(table)
    made = model.embed_passages(["uno", "dos"])
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert ((made @ table.T).max(1) > 0.6).all()


def test_exact_recall_is_one_and_half_of_half(tmp_path: Path) -> None:
    """An exact store has recall 1; one that forgot every other vector about a half."""
    with Index.open(tmp_path, create=True, model=Letters()) as index:
        texts = [f"{chr(97 + n % 26) * 9} {chr(97 + n // 26) * 7} texto" for n in range(200)]
        index.add(Document(str(n), text) for n, text in enumerate(texts))
        queries = index.model.embed_passages(texts[:20])
        index.candidates("texto")
        vectors = index._opened.stores.vectors
        assert vectors is not None
        assert scale.recall_of(index, vectors, queries) == 1.0
        vectors.remove(vectors.ids()[::2])
        assert 0.3 < scale.recall_of(index, vectors, queries) < 0.7


def test_the_scale_is_measured_in_one_command(data: Path, tmp_path: Path) -> None:
    """Two sizes of one index, each with its figures."""
    out = tmp_path / "out.json"
    command = ["-m", "benchmarks.scale", "--data", str(data), "--work", str(tmp_path / "work")]
    command += ["--sizes", "60,200", "--embedded", "50", "--out", str(out)]
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, timeout=120)
    small, large = json.loads(out.read_text())["scale"]
    assert 60 <= small["passages"] < large["passages"]
    assert small["recall@10"] == large["recall@10"] == 1.0
    assert all(found[name] > 0 for found in (small, large) for name in scale.TARGETS)


def test_the_rank_of_the_right_passage_depends_on_the_share() -> None:
    """Second by meaning, first by words; none is 0."""
    row = {"dense": [0.9, 0.8, 0.1], "lexical": [0.0, 5.0, 1.0], "right": [False, True, False]}
    assert (reciprocal_rank(row, 0.0), reciprocal_rank(row, 0.5)) == (0.5, 1.0)
    assert reciprocal_rank({**row, "right": [False] * 3}, 0.5) == 0.0
