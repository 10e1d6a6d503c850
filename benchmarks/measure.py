"""What the benchmarks share: child processes, percentiles, tables, results in a file."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

__all__ = [
    "Run",
    "export_model",
    "machine",
    "median",
    "peak_mb",
    "percentile",
    "processor",
    "run",
    "save",
    "table",
]

# What ru_maxrss counts in, a MB: bytes on macOS, kilobytes on Linux.
SETS = ("avx2", "avx512f", "avx_vnni", "avx512_vnni", "amx_int8")
UNIT = 1 << 20 if sys.platform == "darwin" else 1 << 10


@dataclass(frozen=True, slots=True)
class Run:
    """A process that has ended: its seconds from start to end, peak memory in MB, and output."""

    seconds: float
    peak_mb: float
    output: str


def run(*arguments: str) -> Run:
    """Run this Python with these arguments; SystemExit when it fails.

    The peak is the child's own maximum resident set. Nothing heavy may be imported here: a child
    starts with its parent's peak.
    """
    started = perf_counter()
    child = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"},
    )
    with child:
        output = child.stdout.read() if child.stdout else ""
        _, status, usage = os.wait4(child.pid, 0)
        seconds = perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(arguments[:4])} failed with status {child.returncode}.")
    return Run(seconds, usage.ru_maxrss / UNIT, output)


def peak_mb() -> float:
    """The peak memory of this process so far, in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNIT


def export_model(folder: Path) -> Path:
    """The bundled model as a sentence-transformers folder, for the peers."""
    run("-m", "qa", "model", "export", str(folder))
    return folder


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return percentile(values, 50)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` percent of the values do not exceed."""
    return float(np.percentile(np.asarray(values), share))


def machine() -> dict[str, Any]:
    """When and on what it was measured."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "processor": processor(),
        "python": platform.python_version(),
    }


def processor() -> dict[str, Any]:
    """Its name, and which instruction sets it has that change the arithmetic of int8."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {"name": "unknown", "sets": []}
    known: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        known.setdefault(name.strip(), value.strip())
    flags = known.get("flags", "").split()
    return {"name": known.get("model name", "unknown"), "sets": [s for s in SETS if s in flags]}


def table(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows of the same columns, the first naming the row."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(*rows[0], title=title)
    for row in rows:
        shown.add_row(*(_cell(value) for value in row.values()))
    Console(width=120).print(shown)


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}" if value <= 1 else f"{value:,.1f}"
    return str(value)


def save(results: Mapping[str, Any], *, as_json: bool, out: Path | None) -> None:
    """Print the results as one JSON document if asked for, and write them to a file if named."""
    text = json.dumps({**machine(), **results}, ensure_ascii=False, indent=2) + "\n"
    if out:
        out.write_text(text, encoding="utf-8")
    if as_json:
        print(text, end="")
