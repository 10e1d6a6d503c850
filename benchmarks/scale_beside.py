"""The measures of `benchmarks.scale` of two builds, in turns in one run, as ratios.

    python -m benchmarks.scale_beside --data DATA --other CHECKOUT --work FOLDER [--rounds 3]
                                      [--searches] [--json] [--out FILE]

CHECKOUT is a folder with another commit of this project. FOLDER/this and FOLDER/other are what
`benchmarks.scale --work` of the one and of the other build leaves, with as many passages. Each
round looks at both with a process of its own build, and adds 1,000 passages to both. With
--searches nothing is added, and searches alone are looked at, by the processor's time.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks import measure

__all__: list[str] = []

ASKED = 100
HIGHER = {"recall@10"}


def main() -> None:
    """Look at both in turns, print the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--other", type=Path, help="a checkout of another commit")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--embedded", type=int, default=40_000)
    parser.add_argument("--searches", action="store_true", help="searches alone, processor time")
    parser.add_argument("--look", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    given = parser.parse_args()
    if given.look:
        print(json.dumps(searches(given.data, given.work)))
        return
    if given.other is None:
        parser.error("--other is missing: give a checkout of another commit")
    builds = {"this": Path.cwd(), "other": given.other}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in builds}
    for _ in range(given.rounds):
        for name, checkout in builds.items():
            options = ["--data", given.data.resolve(), "--work", (given.work / name).resolve()]
            if given.searches:
                program: list[str] = [str(Path(__file__).resolve()), "--look"]
            else:
                program = ["-m", "benchmarks.scale", "--size", "1"]
                options += ["--embedded", given.embedded]
            found[name].append(look(checkout, [*program, *options]))
    rows = compared(found["this"], found["other"])
    measure.save({"scale beside": rows}, as_json=given.json, out=given.out)
    if not given.json:
        measure.table(f"medians of {given.rounds} rounds in turns", rows)


def look(checkout: Path, options: Sequence[object]) -> dict[str, float]:
    """What a program finds in an index with the modules of a checkout, in its own process."""
    done = subprocess.run(
        [sys.executable, *map(str, options)],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout.resolve()), "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"benchmarks.scale of {checkout} failed with status {done.returncode}.")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def searches(data: Path, work: Path) -> dict[str, float]:
    """Milliseconds of the processor's time: the median of each question's least of three."""
    import numpy as np

    from benchmarks import scale
    from benchmarks.scale_corpus import Mixed, questions, vectors
    from index import Index
    from index.query import Query

    model = Mixed(vectors(data, work / "vectors.npy", 1))
    asked = [Query(question) for question in questions(data, ASKED)]
    for query in asked:
        query.vector(model)  # kept: only the search is timed
    with Index.open(work / "index", model=model) as index:
        index.candidates(asked[0].text)  # opens its stores
        dense: Any = index._opened.stores.vectors

        def cpu(search: Callable[[Query], object], query: Query) -> float:
            started = process_time()
            search(query)
            return 1000 * (process_time() - started)

        kinds: dict[str, Callable[[Query], object]] = {
            "dense_cpu_ms": lambda query: dense.search(query.vector(model), 100),
            "search_cpu_ms": lambda query: scale.searched(index, query),
        }
        return {
            name: float(np.median([min(cpu(kind, query) for _ in range(3)) for query in asked]))
            for name, kind in kinds.items()
        }


def compared(
    own: Sequence[Mapping[str, float]], other: Sequence[Mapping[str, float]]
) -> list[dict[str, Any]]:
    """A row for each measure: the medians of both, and how many times this build's the other's is.

    Of recall it is the other way round: more is better in all rows. An earlier build measures less.
    """
    rows = []
    for name in (name for name in own[0] if name in other[0]):
        mine, theirs = (measure.median([one[name] for one in all_]) for all_ in (own, other))
        over, under = (mine, theirs) if name in HIGHER else (theirs, mine)
        rows.append({"measure": name, "this": mine, "other": theirs, "times": over / (under or 1)})
    return rows


if __name__ == "__main__":
    main()
