"""Machines, memory, hours and money for a million passages, and for ten thousand million.

    python -m benchmarks.capacity [--rates FILE] [--check] [--paper] [--json] [--out FILE]

Without a flag, the table of sizes. ``--check`` simulates the measured points (points.json) from the
rates (rates.json) and prints both; it fails when one is off by more than 15 % that is not known to
be. FILE holds rates of one's own, by the names of rates.json, as ``benchmarks.capacity.parts --out
FILE`` measures them. ``--paper`` draws the curves and writes the tables of docs/scale.md anew.
"""

import argparse
from pathlib import Path
from typing import Any

from benchmarks import measure
from benchmarks.capacity.curves import draw
from benchmarks.capacity.paper import PAPER, check, sizes, written
from benchmarks.capacity.rates import load, points

__all__: list[str] = []


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--rates", type=Path, help="rates of one's own, JSON")
    parser.add_argument("--check", action="store_true", help="the measured points, simulated")
    parser.add_argument("--paper", action="store_true", help="write docs/scale.md's tables, curves")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    rates = load(arguments.rates)
    results: dict[str, Any] = {}
    if arguments.paper:
        results["drawn"] = [{"file": str(file)} for file in draw(rates, PAPER.parent / "scale")]
        PAPER.write_text(written(PAPER.read_text(encoding="utf-8"), rates), encoding="utf-8")
    if arguments.check:
        results["check"] = check(rates)
    results = results or {"sizes": sizes(rates)}
    if not arguments.json:
        for name, rows in results.items():
            measure.table(name, rows)
    measure.save(results, as_json=arguments.json, out=arguments.out)
    missed = points()["missed"]
    rows = [row for row in results.get("check", ()) if row["within 15 %"] == "no"]
    if off := [row["point"] for row in rows if row["point"] not in missed]:
        raise SystemExit(f"Off by more than 15 %: {'; '.join(off)}.")


if __name__ == "__main__":
    main()
