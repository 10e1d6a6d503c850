"""What becomes of files of every kind, broken and hostile ones among them, by format.

    python -m benchmarks.formats --data DATA [--failed] [--json] [--out FILE]

All files under DATA/files are indexed in one sync, with vectors that cost no time. Each must be
indexed, or named with a reason, or hidden, which is passed over: ``unaccounted`` counts the others,
and must be 0. --failed prints every reason.
"""

import argparse
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import measure
from benchmarks.letters import Letters
from index import Index

__all__ = ["indexed", "main"]

WAYS = ("indexed", "failed", "skipped", "hidden", "unaccounted")


def main() -> None:
    """Index the files and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--failed", action="store_true", help="print what was not indexed, and why")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    results = indexed(arguments.data / "files")
    measure.save({"formats": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        title = f"{results['files']} files, {results['passages']} passages"
        measure.table(f"{title} in {results['seconds']:.0f} s", results["by_format"])
        for path, reason in results["reasons"].items() if arguments.failed else ():
            print(f"{path}: {reason}")


def indexed(folder: Path) -> dict[str, Any]:
    """How many files of each suffix were indexed, failed, and skipped as no documents."""
    with (
        TemporaryDirectory() as made,
        Index.open(Path(made) / "index", create=True, model=Letters()) as index,
    ):
        report = index.sync(folder)
    known = {**report.failed, **report.skipped}
    counts: Counter[tuple[str, str]] = Counter()
    files = [path for path in sorted(folder.rglob("*")) if not path.is_dir()]
    done = set(report.added)
    for path in files:
        ways = [
            way
            for way, held in (("failed", report.failed), ("skipped", report.skipped))
            if str(path) in held
        ]
        ways += ["indexed"] if path.relative_to(folder).as_posix() in done else []
        ways += ["hidden"] if path.name.startswith(".") else []
        counts[path.suffix.lower() or "none", ways[0] if len(ways) == 1 else "unaccounted"] += 1
    suffixes = sorted({suffix for suffix, _ in counts})
    rows = [{"format": s, **{way: counts[s, way] for way in WAYS}} for s in suffixes]
    totals = {way: sum(n for (_, w), n in counts.items() if w == way) for way in WAYS}
    return {
        "files": len(files),
        "passages": report.passages,
        "seconds": report.seconds,
        "by_format": [*rows, {"format": "all", **totals}],
        "reasons": {str(Path(path).relative_to(folder)): known[path] for path in sorted(known)},
    }
