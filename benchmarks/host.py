"""A host's day: one retriever, sixteen threads, ten thousand searches; errors and memory.

    python -m benchmarks.host [--index FOLDER] [--searches 10000] [--threads 16] [--json]

By default the documents of seeds/ are indexed and asked about. Every tenth search has a limit of
its own, every hundredth is of many questions. The memory held is noted after a tenth of the
searches and after all of them.
"""

import argparse
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks import measure
from index import Index
from qa import Retriever

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTIONS = (
    "¿Cuándo visitó Rubio México?",
    "cuanto mide",
    "Who is responsible for the budget?",
    "¿Qué dice el artículo 3?",
    "cuando se firmo el acuerdo",
    "What happened in September 2025?",
)


def resident_mb() -> float:
    """The memory that this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def day(retriever: Retriever, searches: int, threads: int) -> dict[str, Any]:
    """Search so often; what went wrong, and the memory held."""
    ids = [info.id for info in retriever.documents()]
    errors: list[str] = []

    def search(number: int) -> None:
        question = f"{QUESTIONS[number % len(QUESTIONS)]} {number % 97}"
        try:
            if number % 100 == 0:
                found: Any = retriever.search_many([question] * 8, 5)
            elif number % 10 == 0:
                found = retriever.search(question, 5, ids[number % len(ids) :])
            elif number % 10 == 5:
                found = retriever.search(question, 5, where={"id": {"$ne": str(number)}})
            else:
                found = retriever.search(question, 5)
            if not found:
                errors.append(f"{question}: nothing found")
        except Exception as exc:  # noqa: BLE001  # whatever it is, it is counted
            errors.append(repr(exc))

    started, held = perf_counter(), []
    with ThreadPoolExecutor(threads) as pool:
        for part in (range(searches // 10), range(searches // 10, searches)):
            list(pool.map(search, part))
            held.append(resident_mb())
    seconds = perf_counter() - started
    return {
        "searches": searches,
        "errors": len(errors),
        "first error": errors[0] if errors else "",
        "MB after a tenth": held[0],
        "MB after all": held[1],
        "searches a second": searches / seconds,
    }


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--index", type=Path)
    parser.add_argument("--searches", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with TemporaryDirectory() as made:
        if arguments.index is None:
            with Index.open(Path(made) / "index", create=True) as index:
                index.sync(SEEDS)
        with Retriever.open(arguments.index or Path(made) / "index") as retriever:
            found = day(retriever, arguments.searches, arguments.threads)
    if arguments.json:
        measure.save({"host": found}, as_json=True, out=None)
        return
    measure.table("a host's day", [found])


if __name__ == "__main__":
    main()
