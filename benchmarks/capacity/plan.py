"""What a collection of some size takes: disk, memory, machines, hours of a processor, and money.

The rates are of this project's own store: codes of all passages are scanned for each question, in
shards, each of which has a process, files and a writer of its own. Nothing here is simulated.
"""

from dataclasses import dataclass
from math import ceil

from benchmarks.capacity.growing import EXACT, grown, line, scanning
from benchmarks.capacity.rates import Rates

__all__ = ["MONTH", "SIZES", "Plan", "answer_seconds", "hours", "indexing_hours", "plan"]

SIZES = (10**6, 10**7, 10**8, 10**9, 10**10)
MONTH = 730  # hours
FILLED = 0.8  # share of memory and disk that is planned for


@dataclass(frozen=True, slots=True)
class Plan:
    """``machines``: how many each thing alone would need, in machines of the rates, as fractions.

    ``hours``: of one core, by what they are spent on; None where there is no rate.
    """

    passages: float
    shards: int
    disk_gb: float
    memory_gb: float
    machines: dict[str, float]
    hours: dict[str, float | None]

    @property
    def searching(self) -> int:
        """Machines that hold the shards: as many as what needs most of them."""
        return ceil(max(value for name, value in self.machines.items() if name != "reader"))

    @property
    def reading(self) -> int:
        """Machines that read the answers."""
        return ceil(self.machines["reader"])

    @property
    def together(self) -> int:
        """All; one where one holds everything."""
        share = max(value for name, value in self.machines.items() if name != "reader")
        return 1 if share + self.machines["reader"] <= 1 else self.searching + self.reading

    @property
    def most(self) -> list[str]:
        """What needs most machines, and what then."""
        return sorted(self.machines, key=lambda name: -self.machines[name])


def answer_seconds(rates: Rates) -> float:
    """Seconds of one core that an answer takes, its page and its event loop included."""
    computed = sum(sum(answer[:3]) for answer in rates.answers) / len(rates.answers)
    return float(computed + rates.page_before + rates.page_during + rates.page_behind)


def plan(rates: Rates, passages: float) -> Plan:
    """What so many passages take, with the people and the machines that the rates name."""
    looked = passages * rates.looked_at
    wait = scanning(rates)
    scan, fixed = wait.each, wait.fixed
    shards = max(1, ceil(looked * scan / max(1e-9, rates.search_seconds - fixed)))
    disk = passages * grown(rates, "bytes_per_passage", passages) / 1e9
    resident = line(rates, "resident_mb", codes=passages > EXACT)
    memory = (shards * resident.fixed + passages * resident.each) * 2**20 / 1e9
    a_second = rates.people * rates.questions_an_hour / 3600
    cores = rates.machine_cores * rates.used
    machines = {
        "reader": a_second * answer_seconds(rates) / cores,
        "scan": a_second * (looked * scan + shards * fixed) / cores,
        "wait": shards / rates.machine_cores,
        "bandwidth": a_second * looked * rates.code_bytes / 1e9 / (rates.machine_gb_s * rates.used),
        "memory": memory / (rates.machine_memory_gb * FILLED),
        "disk": disk / (rates.machine_disk_gb * FILLED),
    }
    return Plan(passages, shards, disk, memory, machines, hours(rates, passages))


def hours(rates: Rates, passages: float) -> dict[str, float | None]:
    """Hours of one core, or of one GPU where it is named, that indexing takes."""
    pages = passages / rates.passages_a_page
    return {
        "reading": pages * (1 - rates.scanned) * rates.page_reading / 3600,
        "OCR": _times(pages * rates.scanned, rates.page_ocr),
        "embedding": passages * rates.passage_embedding / 3600,
        "embedding, GPU": _times(passages, rates.gpu_passage_embedding),
        "writing": passages * rates.passage_writing / 3600,
    }


def _times(count: float, seconds: float | None) -> float | None:
    """Hours; None where nobody measured the seconds."""
    return None if seconds is None else count * seconds / 3600


def indexing_hours(rates: Rates, passages: float, workers: float, shards: int) -> float:
    """Hours until all is indexed: workers read and embed, and each shard has one writer."""
    spent = hours(rates, passages)
    shared = (spent["reading"] or 0) + (spent["OCR"] or 0) + (spent["embedding"] or 0)
    return max(shared / workers, (spent["writing"] or 0) / shards)
