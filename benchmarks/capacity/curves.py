"""The curves of docs/scale.md, simulated or computed from the rates."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks import measure
from benchmarks.capacity.drawing import Curve, Picture, power
from benchmarks.capacity.fleet import Fleet, arriving, asking
from benchmarks.capacity.growing import grown
from benchmarks.capacity.plan import SIZES, indexing_hours, plan
from benchmarks.capacity.rates import Rates, points

__all__ = ["draw"]

SHARDS = (1, 16, 256)
QUESTIONS = 400
SEARCHED = [base * 10**power for power in range(3, 10) for base in (1, 2, 5)] + [10**10]
PEOPLE = (1, 3, 10, 30, 60, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000)
PAUSE = 60.0  # seconds that people think between two questions
WORKERS = [2**power for power in range(15)]


def draw(rates: Rates, folder: Path) -> list[Path]:
    """Draw all of them into a folder; the files."""
    pictures = {
        "searches": searches(rates),
        "people": people(rates),
        "machines": machines(rates),
        "indexing": indexing(rates),
    }
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, picture in pictures.items():
        file = folder / f"{name}.svg"
        file.write_text(picture.svg(), encoding="utf-8")
        written.append(file)
    return written


def searches(rates: Rates) -> Picture:
    """The wait of a search against the passages, by shards; and the measured points."""
    found = Picture("One search, alone", "passages", "ms, p50")
    for shards in SHARDS:
        sizes = [size for size in SEARCHED if size / shards >= 1000]
        found.curves.append(Curve(_named(shards), list(_searched(rates, shards, sizes))))
    for store, rows in points()["stores"].items():
        found.curves.append(Curve(store, [tuple(row) for row in rows], dots=True))
    return found


def _named(shards: int) -> str:
    return "one shard" if shards == 1 else f"{shards} shards"


def _searched(rates: Rates, shards: int, sizes: list[int]) -> Iterator[tuple[float, float]]:
    for size in sizes:
        if shards == 1:
            yield size, grown(rates, "search_p50_ms", size)
            continue
        fleet = Fleet(size, shards, machines=shards, cores=rates.machine_cores)
        waits = arriving(rates, fleet, 0.001, 60, reads=False).search
        embedding = rates.question_embedding
        yield size, 1000 * (measure.percentile(waits, 50) - embedding)


def people(rates: Rates) -> Picture:
    """The wait for the end of an answer against the people who use it, by the machine's cores."""
    found = Picture("An answer, of 100,000 passages", "people, a question a minute each", "s, p95")
    for cores in (2, 8, 32):
        curve = []
        for count in PEOPLE:
            fleet = Fleet(100_000, cores=cores)
            asked = max(QUESTIONS, 2 * count)
            waits = asking(rates, fleet, count, PAUSE, asked).answer
            curve.append((float(count), measure.percentile(waits, 95)))
        found.curves.append(Curve(f"{cores} cores", curve))
    return found


def machines(rates: Rates) -> Picture:
    """Machines against passages, by what would need them."""
    found = Picture(
        f"Machines of {rates.machine_cores} cores for {rates.people:,} people",
        "passages",
        "machines",
    )
    plans = [plan(rates, size) for size in _between(SIZES)]
    for name in plans[0].machines:
        found.curves.append(Curve(name, [(p.passages, p.machines[name]) for p in plans]))
    return found


def indexing(rates: Rates) -> Picture:
    """Hours until all is indexed against the cores that read and embed."""
    found = Picture("Reading, embedding and writing", "cores that read and embed", "hours")
    for size in SIZES:
        shards = plan(rates, size).shards
        curve = [(float(w), indexing_hours(rates, size, w, shards)) for w in WORKERS]
        found.curves.append(Curve(f"{power(size)} passages", curve))
    return found


def _between(sizes: tuple[int, ...]) -> list[float]:
    return [float(size * base) for size in sizes[:-1] for base in (1, 2, 5)] + [float(sizes[-1])]
