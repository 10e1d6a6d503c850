"""The bounds that the shipped threshold comes with: how often it is wrong, by kind of collection.

    python -m benchmarks.bounds ROWS... [--reader FOLDER] [--model NAME] [--threshold P]
        [--confidence P] [--write] [--json]

ROWS are files of JSON lines, which a benchmark writes: a question a line, with

* ``question``, and ``collection``, the kind of collection that it was asked of
* ``confidence`` of what the reader would quote, 0 where it would quote nothing
* ``right``: whether the quotes hold a known answer
* ``impossible``: whether the documents do not answer it; it is then never right

They must be questions that nothing was fitted on, neither weights nor calibration nor threshold. Of
those whose confidence reaches the threshold, that of the reader unless another is given, as many as
are not right are wrong, and the bound is that of Clopper and Pearson (`qa.calibration.binomial`).
The threshold was chosen before, so no price is paid for choosing; each collection's bound holds by
itself. ``--write`` puts them under ``bounds`` into the reader's reader.json.
"""

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from typing import Any

from index.embedders import BUNDLED, DEFAULT_MODEL
from qa.calibration.binomial import upper_bound
from qa.calibration.collections import CollectionBound

__all__ = ["Row", "bounds", "read_rows", "write_bounds"]


@dataclass(frozen=True, slots=True)
class Row:
    """A question that was asked, as a line of the file has it."""

    question: str
    confidence: float
    right: bool
    impossible: bool
    collection: str


def read_rows(path: Path) -> list[Row]:
    """The rows of a file; raises ValueError, which names the line, for one that is none."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                rows.append(_row(json.loads(line)))
            except (KeyError, TypeError, ValueError) as exc:
                raise ValueError(f"{path}, line {number}: it is no row ({exc!r}).") from exc
    return rows


def _row(value: dict[str, Any]) -> Row:
    row = Row(
        str(value["question"]),
        float(value["confidence"]),
        bool(value["right"]),
        bool(value["impossible"]),
        str(value["collection"]),
    )
    if not 0 <= row.confidence <= 1:
        raise ValueError("a confidence is from 0 to 1")
    if row.right and row.impossible:
        raise ValueError("what is impossible is never right")
    return row


def bounds(rows: Iterable[Row], threshold: float, confidence: float) -> list[CollectionBound]:
    """The bound of each collection, by its name, of the answers from a confidence on."""
    answers: dict[str, list[bool]] = {}
    for row in rows:
        right = answers.setdefault(row.collection, [])
        if row.confidence >= threshold:
            right.append(row.right)
    return [
        CollectionBound(
            name,
            len(right),
            right.count(False),
            upper_bound(right.count(False), len(right), confidence),
            confidence,
        )
        for name, right in sorted(answers.items())
    ]


def write_bounds(folder: Path, found: Sequence[CollectionBound], model: str) -> None:
    """Put the bounds into the reader.json of a folder, for an embedding model by its name."""
    path = folder / "reader.json"
    fitted = json.loads(path.read_text(encoding="utf-8"))
    own = fitted.get("models", {}).get(model, fitted)
    # Rounded up: a bound may not become a smaller one.
    own["bounds"] = [asdict(bound) | {"bound": ceil(1e4 * bound.bound) / 1e4} for bound in found]
    path.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")


def _threshold(folder: Path, model: str) -> float:
    fitted = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    return float(fitted.get("models", {}).get(model, fitted)["min_confidence"])


def main() -> None:
    """Print the bounds, and write them where that is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rows", type=Path, nargs="+", metavar="ROWS")
    parser.add_argument("--reader", type=Path, default=BUNDLED, metavar="FOLDER")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="the embedding model's name")
    parser.add_argument("--threshold", type=float, help="by default the reader's own")
    parser.add_argument("--confidence", type=float, default=0.95)
    parser.add_argument("--write", action="store_true", help="put them into reader.json")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.write and arguments.threshold is not None:
        parser.error("--write is for the reader's own threshold: leave --threshold out")
    least = arguments.threshold
    if least is None:
        least = _threshold(arguments.reader, arguments.model)
    rows = [row for path in arguments.rows for row in read_rows(path)]
    found = bounds(rows, least, arguments.confidence)
    if arguments.write:
        write_bounds(arguments.reader, found, arguments.model)
    if arguments.json:
        print(json.dumps({"threshold": least, "bounds": [asdict(bound) for bound in found]}))
        return
    print(f"threshold {least:.2f}; with {arguments.confidence:.0%} confidence")
    for bound in found:
        asked = [row for row in rows if row.collection == bound.collection]
        print(
            f"{bound.collection}: {len(asked)} questions, {bound.answers} answered, "
            f"{bound.wrong} wrong, at most {bound.bound:.1%}"
        )


if __name__ == "__main__":
    main()
