"""How long files take to be converted, and the memory of it, beside another checkout.

    python -m benchmarks.formats.conversion --data DATA --beside CHECKOUT [--rounds N]
                                            [--only FORMAT ...] [--json] [--out FILE]

All files under DATA/files and the 648 transcripts of DATA/corpus/mananeras-mx.jsonl.xz, as .txt
files, are converted by format in a process of its own with the same Python, as a worker does; both
checkouts take turns, a round after the other, and the least of each counts. A format is measured
over the files that both accept and convert; the process's start is not counted. Last, a CSV of
10,000 rows is read and split into passages by this checkout: seconds for each MB.
"""

import argparse
import json
import lzma
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks import measure

__all__ = ["Timed", "by_format", "csv_rows", "files", "rows"]

ROUNDS = 3
LIMITS = {"seconds": 1.25, "MB": 1.3, "CSV": 1.0}
HERE = Path(__file__).parents[2]

# Run in either checkout: the paths come on standard input, one a line.
CHILD = """
import json, resource, sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from time import perf_counter
try:
    read = import_module("index.documents.read").read_document
except ModuleNotFoundError:
    read = import_module("index.documents").read_document
paths = [Path(line.rstrip("\\n")) for line in sys.stdin]
done, failed, started = {}, {}, perf_counter()
for path in paths:
    begun = perf_counter()
    try:
        json.dumps(asdict(read(path, path.name)))
        done[str(path)] = perf_counter() - begun
    except Exception as exc:
        failed[str(path)] = perf_counter() - begun
unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
print(json.dumps({"done": done, "failed": failed, "peak": peak}), file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Timed:
    """One run over files: the seconds of each that was converted, or failed, and peak MB."""

    done: dict[str, float]
    failed: dict[str, float]
    peak: float


def main() -> None:
    """Measure, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--beside", type=Path, required=True, help="another checkout")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", nargs="*", help="these formats alone, as pdf")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    with TemporaryDirectory() as work:
        groups = by_format(files(arguments.data, Path(work)))
        chosen = {k: v for k, v in groups.items() if not arguments.only or k in arguments.only}
        taken = [
            (name, *_both(paths, arguments.beside, arguments.rounds))
            for name, paths in chosen.items()
        ]
        csv = csv_rows(Path(work), arguments.rounds)
    results = {"by_format": rows(taken), "csv": csv, "limits": LIMITS}
    measure.save({"conversion": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        measure.table(f"Conversion, {measure.processor()['name']}", results["by_format"])
        measure.table("A CSV of 10,000 rows, read and split", [csv])


def files(data: Path, work: Path) -> list[Path]:
    """The files of DATA/files, and the transcripts, written to ``work``."""
    found = [path for path in sorted((data / "files").rglob("*")) if path.is_file()]
    folder = work / "transcripts"
    folder.mkdir()
    with lzma.open(data / "corpus" / "mananeras-mx.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            path = folder / f"{number:03d}.txt"
            path.write_text(json.loads(line)["text"], encoding="utf-8")
            found.append(path)
    return found


def by_format(paths: Sequence[Path]) -> dict[str, list[Path]]:
    """The files by their endings; transcripts are a format of their own."""
    groups: dict[str, list[Path]] = {}
    for path in paths:
        transcript = path.parent.name == "transcripts"
        name = "transcripts" if transcript else path.suffix.lower().removeprefix(".") or "none"
        groups.setdefault(name, []).append(path)
    return dict(sorted(groups.items()))


def _both(paths: Sequence[Path], other: Path, rounds: int) -> tuple[list[Timed], list[Timed]]:
    """Runs of this checkout and of the other, taking turns; which is first changes."""
    ours: list[Timed] = []
    theirs: list[Timed] = []
    for number in range(rounds):
        turns = [(HERE, ours), (other, theirs)]
        for checkout, runs in turns if number % 2 == 0 else reversed(turns):
            runs.append(_run(checkout, paths))
    return ours, theirs


def _run(checkout: Path, paths: Sequence[Path]) -> Timed:
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input="\n".join(str(path.resolve()) for path in paths),
        capture_output=True,
        text=True,
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"Converting in {checkout} failed: {done.stderr[-400:]}")
    return Timed(**json.loads(done.stderr.splitlines()[-1]))


def rows(taken: Sequence[tuple[str, Sequence[Timed], Sequence[Timed]]]) -> list[dict[str, Any]]:
    """Of each format, over the files that both convert: the least seconds, the peak, the ratios."""
    made = []
    total = [0.0, 0.0]
    for name, ours, theirs in taken:
        both = sorted(set(ours[0].done) & set(theirs[0].done))
        more = len(ours[0].done) - len(both)
        if not both:
            continue
        seconds = [sum(min(run.done[p] for run in runs) for p in both) for runs in (ours, theirs)]
        total = [total[0] + seconds[0], total[1] + seconds[1]]
        peaks = [min(run.peak for run in runs) for runs in (ours, theirs)]
        made.append(_row(name, len(both), more, seconds, peaks))
    peaks = [max((row[key] for row in made), default=0.0) for key in ("MB", "MB beside")]
    return [*made, _row("all", sum(r["files"] for r in made), sum(r["more"] for r in made), total, peaks)]


def _row(
    name: str, count: int, more: int, seconds: Sequence[float], peaks: Sequence[float]
) -> dict[str, Any]:
    return {
        "format": name,
        "files": count,
        "more": more,
        "s": round(seconds[0], 3),
        "s beside": round(seconds[1], 3),
        "times": round(seconds[0] / seconds[1], 2) if seconds[1] else 0.0,
        "MB": round(peaks[0], 1),
        "MB beside": round(peaks[1], 1),
        "times MB": round(peaks[0] / peaks[1], 2) if peaks[1] else 0.0,
    }


def csv_rows(work: Path, rounds: int, count: int = 10_000) -> dict[str, Any]:
    """Seconds for each MB to read a CSV of so many rows and to split it into passages."""
    from index.chunking.passages import split
    from index.documents.read import read_document

    random = Random(16)  # noqa: S311
    path = work / "pagos.csv"
    lines = ["Fecha;Proveedor;Concepto;Importe;Observación"]
    for number in range(count):
        day = f"{random.randrange(1, 29):02d}/{random.randrange(1, 13):02d}/2024"
        thing = f"Compra de material de oficina y de limpieza, pedido {number:05d}"
        amount = f"{random.randrange(1, 9000)},{random.randrange(100):02d} €"
        lines.append(f"{day};Proveedor {random.randrange(300)};{thing};{amount};entregado y conforme")
    path.write_text("\n".join(lines), encoding="utf-8")
    size = path.stat().st_size / 1e6
    taken = []
    passages = 0
    for _ in range(rounds):
        begun = perf_counter()
        document = read_document(path, "pagos")
        read = perf_counter() - begun
        passages = len(split(document, _counts, 400))
        taken.append((perf_counter() - begun, read))
    best, read = min(taken)
    return {
        "MB": round(size, 3),
        "passages": passages,
        "s to read": round(read, 3),
        "s": round(best, 3),
        "s a MB": round(best / size, 3),
        "limit": LIMITS["CSV"],
    }


def _counts(texts: Sequence[str]) -> list[int]:
    """Tokens, as many as a Spanish text has for its length; a model's own count is not measured."""
    return [len(text) // 4 + 2 for text in texts]


if __name__ == "__main__":
    main()
