"""The measured points beside what the simulator makes of the rates."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from benchmarks import measure
from benchmarks.capacity.growing import MEASURES, grown
from benchmarks.capacity.rates import Rates, points
from benchmarks.capacity.serving import Seen, crowd

__all__ = ["LIMIT", "Row", "compared"]

LIMIT = 0.15  # how far a simulated point may be from the measured one
SEEDS = 5  # simulated minutes, of which the middle one counts


@dataclass(frozen=True, slots=True)
class Row:
    """A point; ``fitted`` where a rate was fitted on it, so that it proves nothing.

    ``missed`` where it is known that the model does not reproduce it.
    """

    what: str
    measured: float
    simulated: float
    fitted: bool = False
    missed: bool = False

    @property
    def ratio(self) -> float:
        """Simulated by measured."""
        return self.simulated / self.measured

    @property
    def within(self) -> bool:
        """Whether it is near enough."""
        return abs(self.ratio - 1) <= LIMIT


def compared(rates: Rates) -> list[Row]:
    """Every point."""
    known = points()
    rows = [*_of_serve(rates, known["serve"]), *_of_scale(rates, known["scale"])]
    return [
        replace(row, fitted=row.what in known["fitted"], missed=row.what in known["missed"])
        for row in rows
    ]


def _of_serve(rates: Rates, known: Mapping[str, Any]) -> Iterator[Row]:
    for people, measured in known["people"].items():
        seen = [crowd(rates, int(people), seed=seed) for seed in range(SEEDS)]
        for name, value in measured.items():
            simulated = median(_figure(one, name) for one in seen)
            yield Row(f"{people} people: {name}", value, simulated)


def _figure(seen: Seen, name: str) -> float:
    """Answers a minute, or milliseconds, by the name that benchmarks.serve gives them."""
    if name == "answers a minute":
        return seen.a_minute
    what, _, share = name.partition(", p")
    values = {"first sign": seen.first, "end": seen.end}[what]
    return 1000 * measure.percentile(values, float(share))


def _of_scale(rates: Rates, known: Mapping[str, Any]) -> Iterator[Row]:
    for row in known["rows"]:
        passages = row["passages"]
        for name in MEASURES:
            if name in row:
                yield Row(f"{passages:,} passages: {name}", row[name], grown(rates, name, passages))
