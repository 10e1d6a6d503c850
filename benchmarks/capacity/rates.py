"""The rates that the model and the simulator take, and the points that they must reproduce."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["OWN", "Rate", "Rates", "load", "points"]

OWN = Path(__file__).parent / "rates.json"
POINTS = Path(__file__).parent / "points.json"
ABOUT = {"date", "cores", "machine", "processor", "python"}  # of what benchmarks.measure saves


@dataclass(frozen=True, slots=True)
class Rate:
    """A number with its unit, and where it comes from; None where nobody measured it."""

    value: Any
    unit: str
    by: str


class Rates:
    """Rates by name: ``rates.page_before`` is the value, ``rates.of`` has all of them."""

    def __init__(self, of: dict[str, Rate]) -> None:
        self.of = of

    def __getattr__(self, name: str) -> Any:
        try:
            return self.of[name].value
        except KeyError:
            raise AttributeError(f"There is no rate {name!r}.") from None

    def with_(self, **values: Any) -> "Rates":
        """These with some replaced. SystemExit for a name that is none."""
        unknown = sorted(values.keys() - self.of.keys())
        if unknown:
            raise SystemExit(f"There is no rate {unknown[0]!r}: {OWN} has their names.")
        replaced = {
            name: Rate(value, self.of[name].unit, "given") for name, value in values.items()
        }
        return Rates(self.of | replaced)


def load(file: Path | None = None) -> Rates:
    """The rates of rates.json; those that a JSON file has, by name, are taken from there.

    The file may be what ``benchmarks.capacity.parts --out`` wrote. SystemExit says what is wrong.
    """
    held = json.loads(OWN.read_text(encoding="utf-8"))
    rates = Rates({name: Rate(**entry) for name, entry in held.items()})
    if file is None:
        return rates
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SystemExit(f"{file} is no file of rates in JSON: {error}") from error
    if not isinstance(given, dict):
        raise SystemExit(f"{file} is no file of rates: it must hold one object, names and numbers.")
    return rates.with_(**{name: value for name, value in given.items() if name not in ABOUT})


def points() -> dict[str, Any]:
    """What the other benchmarks measured: groups of points, each with its command."""
    found: dict[str, Any] = json.loads(POINTS.read_text(encoding="utf-8"))
    return found
