"""What is read of files of our own making, against what stands in them, by format.

    python -m benchmarks.formats.made [--work FOLDER] [--only TEXT] [--missed] [--json] [--out FILE]

The files are made anew by the libraries that people use, and by LibreOffice where it is installed
(`soffice` on the path); without it those are left out, which is said. --work keeps them; --only
reads those whose path holds a text; --missed prints what was read wrongly.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import measure
from benchmarks.formats import office
from benchmarks.formats.making import make
from benchmarks.formats.measures import Fact, Reading, compared, refused
from benchmarks.formats.truth import Truth
from index.documents.read import read_document
from index.errors import DocumentError

__all__ = ["read", "rows", "summary"]

TARGETS = {"cells": ">= .99", "invented": "0", "hidden": "0"}


def main() -> None:
    """Make the files, read them, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--work", type=Path, help="keep the files here")
    parser.add_argument("--only", default="", help="only files whose path holds this")
    parser.add_argument("--missed", action="store_true", help="print what was read wrongly")
    parser.add_argument("--seed", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    soffice = office.program()
    with TemporaryDirectory() as temporary:
        folder = arguments.work or Path(temporary)
        truths = make(folder, seed=arguments.seed, soffice=soffice)
        readings = [read(folder, truth) for truth in truths if arguments.only in truth.path]
    results: dict[str, Any] = {
        "office": office.version(soffice) if soffice else None,
        "by_format": rows(readings),
        "all": summary(readings),
        "missed": [line for reading in readings for line in missed(reading)],
    }
    measure.save({"made": results}, as_json=arguments.json, out=arguments.out)
    if arguments.json:
        return
    if not soffice:
        print("LibreOffice is not installed: what it writes is left out.")
    measure.table(f"{len(readings)} files", results["by_format"])
    measure.table("Kinds of facts", kinds(readings))
    print(", ".join(f"{name} {value}" for name, value in results["all"].items()))
    for line in results["missed"] if arguments.missed else ():
        print(line)


def read(folder: Path, truth: Truth) -> Reading:
    """What is read of one file."""
    try:
        return compared(truth, read_document(folder / truth.path, truth.path))
    except DocumentError as exc:
        return refused(truth, exc.reason)
    # A reader that raises anything else is at fault, which must not end the benchmark.
    except Exception as exc:  # noqa: BLE001
        reading = refused(truth, "")
        return Reading(
            truth, reading.facts, False, reading.edits, reading.characters, reason=repr(exc)
        )


def rows(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """Of each format: facts that are right, said and wrong, and what the text is worth."""
    formats = sorted({reading.truth.format for reading in readings})
    groups = [(name, [r for r in readings if r.truth.format == name]) for name in formats]
    return [_row(name, group) for name, group in [*groups, ("all", list(readings))]]


def _row(name: str, readings: Sequence[Reading]) -> dict[str, Any]:
    facts = [(fact, reading.said) for reading in readings for fact in reading.facts]
    right = sum(fact.right for fact, _ in facts)
    said = sum(said and not fact.right for fact, said in facts)
    return {
        "format": name,
        "files": len(readings),
        "right": right,
        "said": said,
        "wrong": len(facts) - right - said,
        "cells": _share(facts, "cell"),
        "numbers": _share(facts, "mark"),
        "headings": _share(facts, "heading"),
        "notes": _share(facts, "note"),
        "CER": _ratio(sum(r.edits for r in readings), sum(r.characters for r in readings)),
        "order": _ratio(sum(r.in_order for r in readings), sum(r.pairs for r in readings)),
        "invented": sum(len(r.invented) for r in readings),
        "hidden": sum(f.kind == "hidden" and not f.right for f, _ in facts),
    }


def _share(facts: Sequence[tuple[Fact, bool]], kind: str) -> str:
    of_kind = [fact.right for fact, _ in facts if fact.kind == kind]
    return _ratio(sum(of_kind), len(of_kind))


def _ratio(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else ""


def kinds(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """Of each kind of fact, how many are right."""
    facts = Counter(fact.kind for reading in readings for fact in reading.facts)
    right = Counter(fact.kind for r in readings for fact in r.facts if fact.right)
    return [{"kind": kind, "facts": facts[kind], "right": right[kind]} for kind in sorted(facts)]


def summary(readings: Sequence[Reading]) -> dict[str, Any]:
    """The figures that have a target."""
    row = _row("all", readings)
    return {name: row[name] for name in ("files", *TARGETS)}


def missed(reading: Reading) -> list[str]:
    """What was read wrongly, a fact a line."""
    path = reading.truth.path
    lines = [f"{path}: {reading.reason}"] if reading.reason else []
    if not reading.reason:
        lines += [
            f"{path}: {fact.kind}: {fact.wanted!r} read as {fact.found!r}"
            for fact in reading.facts
            if not fact.right
        ]
    lines += [f"{path}: invented {number}" for number in reading.invented]
    return lines


if __name__ == "__main__":
    main()
