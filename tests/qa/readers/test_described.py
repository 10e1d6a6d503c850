"""What is known of a reader without loading it: its identity, its threshold and its bounds."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from index import Index
from index.embedders import BUNDLED
from index.errors import ModelError
from qa.calibration.collections import CollectionBound
from qa.readers import load
from qa.readers.described import describe

MODEL = "e5-small-es-en@0"
LAWS = {"collection": "laws", "answers": 200, "wrong": 3, "bound": 0.0383, "confidence": 0.95}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the reader that comes with it."""
    copy = tmp_path / "reader"
    shutil.copytree(BUNDLED, copy, ignore=shutil.ignore_patterns("model.onnx", "small.onnx"))
    return copy


def change(folder: Path, **changes: Any) -> None:
    path = folder / "reader.json"
    fitted = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(fitted | changes), encoding="utf-8")


@pytest.mark.parametrize("name", [None, "sentences"])
def test_as_the_loaded_reader_says(name: str | None, seeds_index: Path) -> None:
    """Identity, threshold and bounds are those of the reader itself."""
    with Index.open(seeds_index) as index:
        reader = load(index, name)
        described = describe(name, index.identity)
        assert described.identity == reader.identity
        assert described.min_confidence == reader.min_confidence
        assert described.bounds == reader.bounds


def test_the_identity_changes_with_what_makes_the_confidence(folder: Path) -> None:
    """With weights or what was fitted, but not with the folder or the bounds."""
    bundled = describe(None, MODEL).identity
    change(folder, bounds=[LAWS])
    assert describe(folder, MODEL).identity == bundled
    change(folder, calibrations={})
    refitted = describe(folder, MODEL).identity
    weights = next(iter(sorted(folder.glob("reader*.onnx"))))
    weights.write_bytes(weights.read_bytes() + b"0")
    assert len({bundled, refitted, describe(folder, MODEL).identity}) == 3
    assert bundled.startswith("spans@")


def test_bounds_are_read(folder: Path) -> None:
    """Those of another embedding model stand under its name."""
    change(folder, bounds=[LAWS])
    laws = CollectionBound("laws", 200, 3, 0.0383, 0.95)
    assert describe(folder, MODEL).bounds == (laws,)
    change(folder, models={"e5-tiny-es-en": {"calibrations": {}, "min_confidence": 0.6}})
    described = describe(folder, "e5-tiny-es-en@1")
    assert (described.min_confidence, described.bounds) == (0.6, ())


@pytest.mark.parametrize("bounds", [3, [{"collection": "laws"}], [{**LAWS, "wrong": "many"}]])
def test_bounds_that_cannot_be_read(folder: Path, bounds: Any) -> None:
    """They are named with their file."""
    change(folder, bounds=bounds)
    with pytest.raises(ModelError, match=r"The bounds in .*reader\.json cannot be read"):
        describe(folder, MODEL)


@pytest.mark.parametrize("text", [None, "[]", "{}", "{"])
def test_no_reader(folder: Path, text: str | None) -> None:
    """A folder without a reader, or with a broken one."""
    (folder / "reader.json").unlink()
    if text is not None:
        (folder / "reader.json").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match="There is no reader in"):
        describe(folder, MODEL)
