"""What `benchmarks.scale` measures, of several sizes in turns, so that load is shared by all.

    python -m benchmarks.capacity.sizes --data DATA --work FOLDER [--sizes 5000,...] [--out FILE]

FOLDER keeps an index of each size, ``index-SIZE``, made as `benchmarks.scale` makes it if there is
none. A question is asked of each index in turn, five times around; of each the least time of the
processor counts, so that other work may run beside it. Memory is a process's own, without
the mapped file of vectors.
"""

import argparse
import json
import shutil
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from benchmarks import measure, scale

__all__: list[str] = []

SIZES = (5_000, 10_000, 20_000, 75_000, 100_000, 200_000)
ROUNDS, ASKED = 5, 60
EMBEDDED = 16_384  # vectors that the others are mixtures of


def build(data: Path, work: Path, sizes: Sequence[int]) -> None:
    """Make the indexes that are not there, each out of the next smaller one."""
    from benchmarks.scale_corpus import Mixed, documents, vectors
    from index import Index

    table = vectors(data, work / "vectors.npy", EMBEDDED)
    smaller: Path | None = None
    for size in sorted(sizes):
        place = work / f"index-{size}"
        if not place.exists():
            growing = work / "growing"
            shutil.rmtree(growing, ignore_errors=True)
            if smaller:
                shutil.copytree(smaller, growing)
            with Index.open(growing, create=True, model=Mixed(table)) as index:
                coming = islice(documents(data), index.counts().documents, None)
                while (held := index.counts().passages) < size:
                    if not index.add(islice(coming, min(1000, max(1, (size - held) // 130)))):
                        break  # there is no more text
            growing.rename(place)
        smaller = place


def looked(data: Path, work: Path, sizes: Sequence[int]) -> list[dict[str, Any]]:
    """A row each size: the waits in turns, and what a process of its own says."""
    from benchmarks.scale_corpus import Mixed, questions, vectors
    from index import Index
    from index.query import Query

    model = Mixed(vectors(data, work / "vectors.npy", 1))
    asked = [Query(question) for question in questions(data, ASKED)]
    for query in asked:
        query.vector(model)
    indexes = [Index.open(work / f"index-{size}", model=model) for size in sizes]
    for index in indexes:
        index.candidates(asked[0].text)  # opens its stores
    times: dict[str, list[Any]] = {"dense": [], "lexical": [], "search": []}
    for _ in range(ROUNDS + 1):
        for kind, rounds in times.items():
            rounds.append([[_clocked(kind, index, query) for index in indexes] for query in asked])
    least = {kind: np.array(rounds[1:]).min(axis=0) for kind, rounds in times.items()}
    rows = []
    for place, (size, index) in enumerate(zip(sizes, indexes, strict=True)):
        alone = ["-m", "benchmarks.capacity.sizes", "--data", str(data), "--work", str(work)]
        waits = {
            f"{kind}_p{share}_ms": round(1000 * measure.percentile(values[:, place], share), 3)
            for kind, values in least.items()
            for share in ((50, 95) if kind == "search" else (50,))
        }
        held = index.counts().passages
        files = sum(path.stat().st_size for path in (work / f"index-{size}").rglob("*"))
        told = json.loads(measure.run(*alone, "--alone", str(size)).output)
        rows.append({"passages": held, **waits, "bytes_per_passage": round(files / held), **told})
    return rows


def _clocked(kind: str, index: Any, query: Any) -> float:
    """Seconds of the processor."""
    stores = index._opened.stores  # they alone are to be timed
    started = process_time()
    match kind:
        case "dense":
            stores.vectors.search(query.vector(index.model), 100)
        case "lexical":
            stores.words.search(query, 100)
        case _:
            scale.searched(index, query)
    return process_time() - started


def alone(data: Path, work: Path, size: int) -> dict[str, float]:
    """Seconds of the processor to open an index and search once, and the process's memory."""
    from benchmarks.scale_corpus import Mixed, questions, vectors
    from index import Index

    asked = questions(data, ASKED)
    model = Mixed(vectors(data, work / "vectors.npy", 1))
    model.embed_queries(asked[:1])
    started = process_time()
    with Index.open(work / f"index-{size}", model=model) as index:
        index.candidates(asked[0])
        opened = process_time() - started
        for question in asked:
            index.candidates(question)
        return {
            "open_s": round(opened, 3),
            "resident_mb": round(scale.resident_mb() - scale.mapped_mb(), 1),
        }


def main() -> None:
    """Build, measure, print as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    if arguments.alone:
        print(json.dumps(alone(arguments.data, arguments.work, arguments.alone)))
        return
    sizes = [int(size) for size in arguments.sizes.split(",")]
    arguments.work.mkdir(parents=True, exist_ok=True)
    build(arguments.data, arguments.work, sizes)
    rows = looked(arguments.data, arguments.work, sizes)
    measure.save({"scale": rows}, as_json=True, out=arguments.out)


if __name__ == "__main__":
    main()
