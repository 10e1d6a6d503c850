"""The bounds by collection, made from the rows of a benchmark."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.bounds import bounds, read_rows, write_bounds
from qa.calibration.binomial import upper_bound
from qa.calibration.collections import bounds_of


def row(confidence: float, right: bool, collection: str = "laws", **more: Any) -> dict[str, Any]:
    told = {"confidence": confidence, "right": right, "collection": collection}
    return {"question": "¿Qué?", "impossible": False, **told, **more}


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_bounds_by_collection(tmp_path: Path) -> None:
    """What reaches the threshold counts; an answer to what is impossible is wrong."""
    file = write(
        tmp_path / "rows.jsonl",
        *[row(0.9, True)] * 98,
        row(0.8, False),
        row(0.9, False, impossible=True),
        *[row(0.7, False)] * 5,
        row(0.1, True, "tables"),
    )
    laws, tables = bounds(read_rows(file), 0.8, 0.95)
    assert (laws.collection, laws.answers, laws.wrong) == ("laws", 100, 2)
    assert laws.bound == upper_bound(2, 100, 0.95) == pytest.approx(0.0616, abs=1e-4)
    assert (tables.collection, tables.answers, tables.bound) == ("tables", 0, 1.0)


def test_they_are_read_as_they_are_written(tmp_path: Path) -> None:
    """The reader reads what was written, for the embedding model it was written for."""
    fitted = {"min_confidence": 0.7, "models": {"small": {"min_confidence": 0.8}}}
    (tmp_path / "reader.json").write_text(json.dumps(fitted), encoding="utf-8")
    found = bounds(read_rows(write(tmp_path / "rows.jsonl", *[row(0.9, True)] * 59)), 0.7, 0.95)
    write_bounds(tmp_path, found, "base")
    write_bounds(tmp_path, [], "small")
    read = json.loads((tmp_path / "reader.json").read_text(encoding="utf-8"))
    (laws,) = bounds_of(read)
    assert (laws.answers, laws.wrong, laws.bound) == (59, 0, 0.0496)  # rounded up
    assert bounds_of(read["models"]["small"]) == ()
    assert read["min_confidence"] == 0.7


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": "¿Qué?"},
        row(1.2, True),
        row(0.5, True, impossible=True),
        row("much", True),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_row(wrong: dict[str, Any], tmp_path: Path) -> None:
    """The line is named."""
    file = write(tmp_path / "rows.jsonl", row(0.5, True), wrong)
    with pytest.raises(ValueError, match=r"rows\.jsonl, line 2: it is no row"):
        read_rows(file)
