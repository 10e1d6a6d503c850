"""The measures of `benchmarks.scale` of two builds, in turns in one run, as ratios.

    python -m benchmarks.scale_beside --data DATA --other CHECKOUT --work FOLDER [--rounds 3]
                                      [--json] [--out FILE]

CHECKOUT is a folder with another commit of this project. FOLDER/this and FOLDER/other are what
`benchmarks.scale --work` of the one and of the other build leaves, with as many passages. Each
round looks at both with a process of its own build, and adds 1,000 passages to both.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import measure

__all__: list[str] = []

HIGHER = {"recall@10"}


def main() -> None:
    """Look at both in turns, print the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--other", type=Path, required=True, help="a checkout of another commit")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--embedded", type=int, default=40_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    given = parser.parse_args()
    builds = {"this": Path.cwd(), "other": given.other}
    found: dict[str, list[dict[str, float]]] = {name: [] for name in builds}
    for _ in range(given.rounds):
        for name, checkout in builds.items():
            options = ["--data", given.data, "--work", given.work / name]
            options += ["--embedded", given.embedded, "--size", 1]
            found[name].append(look(checkout, options))
    rows = compared(found["this"], found["other"])
    measure.save({"scale beside": rows}, as_json=given.json, out=given.out)
    if not given.json:
        measure.table(f"medians of {given.rounds} rounds in turns", rows)


def look(checkout: Path, options: Sequence[object]) -> dict[str, float]:
    """What `benchmarks.scale` of a checkout finds in an index, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scale", *map(str, options)],
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


def compared(
    own: Sequence[Mapping[str, float]], other: Sequence[Mapping[str, float]]
) -> list[dict[str, Any]]:
    """A row for each measure: the medians of both, and how many times this build's the other's is.

    Of recall it is the other way round: more is better in all rows.
    """
    rows = []
    for name in own[0]:
        mine, theirs = (measure.median([one[name] for one in all_]) for all_ in (own, other))
        over, under = (mine, theirs) if name in HIGHER else (theirs, mine)
        rows.append({"measure": name, "this": mine, "other": theirs, "times": over / (under or 1)})
    return rows


if __name__ == "__main__":
    main()
