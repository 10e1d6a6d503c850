"""A sync without Ray, with one worker of a Ray cluster and with two, in one run.

    python -m benchmarks.ray_index FOLDER [--model NAME] [--json]

Needs the extra ray. The same files with the bundled model; the catalogs must be equal, to the bits
of the vectors. The plain way embeds on all processors, a worker on one. Times are of the clock,
without the start of Ray's own processes, which is given by itself; ratios are to the plain way.
"""

import argparse
import hashlib
import json
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from index import Index
from index.sync.cluster import cluster

__all__: list[str] = []


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with TemporaryDirectory() as work:
        found = _measured(given.folder, given.model, Path(work))
    if given.json:
        print(json.dumps(found, indent=2))
        return
    for name, row in found.items():
        print(name, *(f"{key} {value}" for key, value in row.items()), sep="  ")


def _measured(docs: Path, model: str | None, work: Path) -> dict[str, dict[str, Any]]:
    found = {"plain": _synced(docs, work / "plain", model)}
    for workers in (1, 2):
        found[f"ray, {workers} workers"] = _spread(docs, work / str(workers), model, workers)
    seconds, contents = found["plain"]["seconds"], found["plain"]["contents"]
    for row in found.values():
        row["ratio"] = round(row["seconds"] / seconds, 2)
        row["equal"] = row.pop("contents") == contents
    return found


def _spread(docs: Path, folder: Path, model: str | None, workers: int) -> dict[str, Any]:
    import ray

    began = perf_counter()
    quiet: dict[str, Any] = {"include_dashboard": False, "log_to_driver": False}
    ray.init(address="local", num_cpus=workers, **quiet)
    started = perf_counter() - began
    try:
        return _synced(docs, folder, model, "local") | {"start of Ray": round(started, 1)}
    finally:
        ray.shutdown()


def _synced(
    docs: Path, folder: Path, model: str | None, address: str | None = None
) -> dict[str, Any]:
    with cluster(address), Index.open(folder, create=True, model=model) as index:
        index.warm_up()
        began = perf_counter()
        report = index.sync(docs, ray=address)
        seconds = perf_counter() - began
    return {
        "seconds": round(seconds, 1),
        "documents": len(report.added),
        "passages/s": round(report.embedded / seconds, 1),
        "contents": _contents(folder),
    }


def _contents(folder: Path) -> str:
    """A hash of each passage with its place, text and vector."""
    database = sqlite3.connect(folder / "catalog.sqlite")
    digest = hashlib.sha256()
    for row in database.execute(
        'SELECT d.id, d.hash, p.start, p."end", p.digest, p.vector FROM passages p'
        " JOIN documents d ON d.number = p.document ORDER BY d.id, p.start"
    ):
        digest.update(repr(row).encode())
    database.close()
    return digest.hexdigest()


if __name__ == "__main__":
    main()
