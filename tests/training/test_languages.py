"""The table that tells Spanish from English."""

import json
import lzma
from pathlib import Path

import pytest

from training.languages import ROMANCE, fit, stretches

ES, EN = "El agua del río sube mucho en otoño.", "The water of the river rises in autumn."


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few texts in the layout of DATA; part of them is called a test."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("train", "corpus", "qa"):
        (folder / name).mkdir()
    pairs = [
        {"source": source, "document": f"d{n}", "en": EN, "es": ES}
        for n in range(60)
        for source in ("ud-pud", "tatoeba-test")
    ]
    pairs[1] |= {"es": "prueba", "en": "secret"}
    law = {"id": "ley", "paragraphs": ["La ley rige desde hoy."]}
    talk = {"id": "charla", "text": "Buenos días a todas las personas presentes. " * 3}
    for name, rows in (
        ("train/parallel-en-es.jsonl.xz", pairs),
        ("corpus/laws-es-ar.jsonl.xz", [law]),
        ("corpus/mananeras-mx.jsonl.xz", [talk]),
    ):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / name).write_bytes(lzma.compress(lines.encode()))
    squad = {"data": [{"title": "t", "paragraphs": [{"context": "It was Ada Lovelace."}]}]}
    path = folder / "qa" / "squad-en-v1.1-train.json.xz"
    path.write_bytes(lzma.compress(json.dumps(squad).encode()))
    return folder


def test_a_table_is_learnt(data: Path) -> None:
    """The same twice; nothing of tests; held-out documents apart; letters weigh for their side."""
    learned, held_out = stretches(data, 1)
    assert (learned, held_out) == stretches(data, 1)
    assert held_out
    texts = {text for text, _ in learned + held_out}
    assert not texts & {"prueba", "secret"}
    assert {(word, True) for word in ROMANCE} <= set(learned)
    assert all(text in EN or text in "It was Ada Lovelace." for text, es in learned if not es)
    groups, weights = fit(learned)
    table = dict(zip(groups, weights, strict=True))
    assert table["gua"] > 0 > table["wat"]
