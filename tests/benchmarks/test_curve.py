"""Recall against time of our store and of the peers that are there, over few vectors."""

from pathlib import Path

import numpy as np
from lxml import etree

from benchmarks import curve, curve_picture
from index.storage.vectors import codes

SVG = "{http://www.w3.org/2000/svg}"


def test_each_store_is_built_swept_and_drawn(tmp_path: Path) -> None:
    """All of few vectors are found where most lists are looked at; slower settings find no less."""
    draw = np.random.default_rng(3)
    centres = draw.standard_normal((20, 32))
    vectors = centres[draw.integers(0, 20, 1200)] + 0.5 * draw.standard_normal((1200, 32))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    before = codes.SCANNED, codes.COMPARED
    found = curve.measured(vectors, vectors[:5], tmp_path)
    assert before == (codes.SCANNED, codes.COMPARED)
    names = [store["store"] for store in found]
    assert names[:4] == ["ours", "our earlier codes", "FAISS HNSW", "FAISS HNSW SQ8"]
    curves = {store["store"]: curve.best(store["settings"]) for store in found}
    for name in names[:3]:
        assert curves[name][-1][1] == 1.0
    for store in found:
        line = curves[store["store"]]
        assert 0.9 < line[-1][1] <= 1.0
        assert line == sorted(line)
        assert [recall for _, recall, _ in line] == sorted(recall for _, recall, _ in line)
    floats, ours = found[2]["bytes"], found[0]["bytes"]
    assert ours < 32 / 2 + 16 + 32 < floats > 4 * 32
    assert {row["store"] for row in curve.table(found)} == set(names)

    picture = etree.fromstring(curve_picture.drawn(curves, len(vectors)))
    labels = [text.text for text in picture.iter(f"{SVG}text") if text.get("class") == "label"]
    assert labels == names


def test_only_settings_that_no_other_beats_are_kept() -> None:
    """A slower setting has to find more."""
    settings = {
        "slow": {"ms": 3.0, "recall": 0.9},
        "fast": {"ms": 1.0, "recall": 0.8},
        "worse": {"ms": 2.0, "recall": 0.8},
        "all": {"ms": 4.0, "recall": 1.0},
    }
    assert [name for _, _, name in curve.best(settings)] == ["fast", "slow", "all"]
