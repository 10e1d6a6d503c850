"""How long files take to be converted, and the memory of it, beside another checkout.

    python -m benchmarks.formats.conversion --data DATA --beside CHECKOUT [--rounds N]
                                            [--only FORMAT ...] [--json] [--out FILE]

All files under DATA/files and the 648 transcripts of DATA/corpus/mananeras-mx.jsonl.xz, as .txt
files, are converted by format in a process of its own with the same Python, as a worker does; both
checkouts take turns, a round after the other, and the least of each file counts. A format is
measured over the files that both accept and convert, after its first file was converted once, so
that neither the process's start nor its imports count; ``cold`` is the ratio with them, as a worker
pays them once. ``CPU`` is the ratio of the processor's
time, which other work on the machine disturbs less. Last, a CSV of 10,000 rows is read and split
into passages by this checkout: seconds for each MB.
"""

import argparse
import json
import lzma
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
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
from time import perf_counter, process_time
try:
    read = import_module("index.documents.read").read_document
except ModuleNotFoundError:
    read = import_module("index.documents").read_document

def convert(path):
    try:
        json.dumps(asdict(read(path, path.name)))
        return True
    except Exception:
        return False

def peak():
    # A process inherits the ru_maxrss of the one that started it; not so on Linux this.
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    except OSError:
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit

paths = [Path(line.rstrip("\\n")) for line in sys.stdin]
begun = perf_counter()
any(convert(path) for path in paths)
first = perf_counter() - begun
taken, cpu, failed = {}, {}, []
for path in paths:
    begun, used = perf_counter(), process_time()
    if convert(path):
        taken[str(path)], cpu[str(path)] = perf_counter() - begun, process_time() - used
    else:
        failed.append(str(path))
found = {"seconds": taken, "cpu": cpu, "failed": failed, "peak": peak(), "first": first}
print(json.dumps(found), file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Timed:
    """One run over files: of each that was converted the seconds, also of the CPU; the peak MB.

    ``first`` is what came before: the seconds until the first was converted, with all imports.
    """

    seconds: Mapping[str, float]
    cpu: Mapping[str, float]
    failed: Sequence[str]
    peak: float
    first: float


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
    lost = [
        str(path)
        for _, ours, theirs in taken
        for path in sorted(set(theirs[0].seconds) - set(ours[0].seconds))
    ]
    results: dict[str, Any] = {
        "by_format": rows(taken),
        "csv": csv,
        "limits": LIMITS,
        "only beside": lost,
    }
    measure.save({"conversion": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        measure.table(f"Conversion, {measure.processor()['name']}", results["by_format"])
        measure.table("A CSV of 10,000 rows, read and split", [csv])
        for path in lost:
            print(f"converted by the other checkout alone: {path}")


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
    """Of each format, over the files that both convert: the least seconds, the peak, the ratios.

    ``more`` are files that only this checkout converts, ``fewer`` those that only the other does.
    """
    made = [row for name, ours, theirs in taken if (row := _row(name, ours, theirs))]
    total: dict[str, Any] = {"format": "all"}
    for key in ("files", "more", "fewer", *(f"{k}{end}" for k in _SUMMED for end in _ENDS)):
        total[key] = sum(row[key] for row in made)
    for key in ("MB", "MB beside"):
        total[key] = max((row[key] for row in made), default=0.0)
    return [_ratios(row) for row in (*made, total)]


_SUMMED = ("s", "cold", "CPU s")
_ENDS = ("", " beside")


def _row(name: str, ours: Sequence[Timed], theirs: Sequence[Timed]) -> dict[str, Any] | None:
    both = sorted(set(ours[0].seconds) & set(theirs[0].seconds))
    row: dict[str, Any] = {
        "format": name,
        "files": len(both),
        "more": len(ours[0].seconds) - len(both),
        "fewer": len(theirs[0].seconds) - len(both),
    }
    for end, runs in (("", ours), (" beside", theirs)):
        row[f"s{end}"] = sum(min(run.seconds[path] for run in runs) for path in both)
        row[f"CPU s{end}"] = sum(min(run.cpu[path] for run in runs) for path in both)
        row[f"cold{end}"] = row[f"s{end}"] + min(run.first for run in runs)
        row[f"MB{end}"] = min(run.peak for run in runs)
    return row if both else None


def _ratios(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that are printed."""
    times = {
        f"times{name}": round(row[key] / row[f"{key} beside"], 2) if row[f"{key} beside"] else 0.0
        for name, key in (("", "s"), (" cold", "cold"), (" CPU", "CPU s"), (" MB", "MB"))
    }
    shown = ("format", "files", "more", "fewer", "s", "s beside")
    kept = {key: round(row[key], 3) if key.startswith("s") else row[key] for key in shown}
    memory = {key: round(row[key], 1) for key in ("MB", "MB beside")}
    return {
        **kept,
        "times": times["times"],
        "cold": times["times cold"],
        "CPU": times["times CPU"],
        **memory,
        "times MB": times["times MB"],
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
        lines.append(
            f"{day};Proveedor {random.randrange(300)};{thing};{amount};entregado y conforme"
        )
    path.write_text("\n".join(lines), encoding="utf-8")
    size = path.stat().st_size / 1e6
    taken = []
    passages = 0
    for _ in range(rounds):
        begun, used = perf_counter(), process_time()
        document = read_document(path, "pagos")
        read = perf_counter() - begun
        passages = len(split(document, _counts, 400))
        taken.append((perf_counter() - begun, read, process_time() - used))
    best, read, used = min(taken)
    return {
        "MB": round(size, 3),
        "passages": passages,
        "s to read": round(read, 3),
        "s": round(best, 3),
        "s a MB": round(best / size, 3),
        "CPU s a MB": round(used / size, 3),
        "limit": LIMITS["CSV"],
    }


def _counts(texts: Sequence[str]) -> list[int]:
    """Tokens, about as many as a text has for its length; a model's own count is not measured."""
    return [len(text) // 4 + 2 for text in texts]


if __name__ == "__main__":
    main()
