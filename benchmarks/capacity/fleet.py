"""A collection in shards on several machines, simulated: open arrivals or people who wait.

A question is embedded beside the application, goes to one replica of every shard at the same time,
and the slowest decides; then its answer is read. What a shard takes is drawn from a lognormal
distribution with the measured percentiles, and runs on its machine's cores with all else there.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from benchmarks.capacity.events import Clock, Cores, Event, Line, Process, all_of, first_of
from benchmarks.capacity.growing import grown
from benchmarks.capacity.rates import Rates
from benchmarks.capacity.serving import MOST_THREADS, lognormal

__all__ = ["STALL", "Fleet", "Waits", "arriving", "asking"]

STALL = 10


@dataclass(frozen=True, slots=True)
class Fleet:
    """Shards, and the machines that they lie on; ``readers`` are the machines that read answers.

    ``hedge``: seconds after which another replica is asked as well; None is never. ``stalled``: the
    share of looks into a shard that take `STALL` times as long, for whatever reason.
    """

    passages: float
    shards: int = 1
    replicas: int = 1
    machines: int = 1
    readers: int = 1
    cores: int = 2
    hedge: float | None = None
    stalled: float = 0.0


@dataclass(slots=True)
class Waits:
    """Seconds of each question, of its search and to the end of its answer."""

    search: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)


class _Running:
    """The machines of a fleet at work."""

    def __init__(self, rates: Rates, fleet: Fleet, seed: int, *, reads: bool) -> None:
        self.rates, self.fleet, self.clock = rates, fleet, Clock()
        self.draw = random.Random(seed)  # noqa: S311
        self.waits = Waits()
        self._reads = reads
        self._machines = [Cores(self.clock, fleet.cores) for _ in range(fleet.machines)]
        self._readers = [
            (Cores(self.clock, fleet.cores), Line(fleet.cores)) for _ in range(fleet.readers)
        ]
        self._turns: Iterator[int] = count()
        part = fleet.passages / fleet.shards
        self._shard = (
            grown(rates, "search_p50_ms", part) / 1000,
            grown(rates, "search_p95_ms", part) / 1000,
        )

    def ask(self) -> Process:
        """One question."""
        started = self.clock.now
        cores, line = self._readers[next(self._turns) % len(self._readers)]
        yield cores.work(self.rates.question_embedding)
        first = self.draw.randrange(self.fleet.replicas)
        yield all_of(self._look(shard, first) for shard in range(self.fleet.shards))
        self.waits.search.append(self.clock.now - started)
        if self._reads:
            yield line.enter()
            python, single, parallel, longest = self.draw.choice(self.rates.answers)
            yield cores.work(python + single)
            threads = min(parallel / longest, MOST_THREADS) if longest else 1
            yield cores.work(parallel, threads)
            line.leave()
            self.waits.answer.append(self.clock.now - started)

    def _look(self, shard: int, replica: int) -> Event:
        """The first replica's answer, or that of another which is asked when it is late."""
        first = self.clock.start(self._in_shard(shard, replica))
        if self.fleet.hedge is None or self.fleet.replicas < 2:
            return first
        hedge = self.fleet.hedge
        second = Event()

        def late() -> Process:
            yield self.clock.wait(hedge)
            if not first.done:
                yield self.clock.start(self._in_shard(shard, replica + 1))
                second.happen()

        self.clock.start(late())
        return first_of([first, second])

    def _in_shard(self, shard: int, replica: int) -> Process:
        fleet, draw = self.fleet, self.draw
        place = shard + replica % fleet.replicas * max(1, fleet.machines // fleet.replicas)
        network = self.rates.network_p50, self.rates.network_p95
        yield self.clock.wait(lognormal(draw, *network))
        times = STALL if draw.random() < fleet.stalled else 1
        yield self._machines[place % fleet.machines].work(times * lognormal(draw, *self._shard))
        yield self.clock.wait(lognormal(draw, *network))


def arriving(rates: Rates, fleet: Fleet, a_second: float, questions: int = 1000,
             seed: int = 0, *, reads: bool = True) -> Waits:  # fmt: skip
    """So many questions that come by chance (Poisson), whether or not others have their answers."""
    running = _Running(rates, fleet, seed, reads=reads)

    def all_questions() -> Process:
        for _ in range(questions):
            yield running.clock.wait(running.draw.expovariate(a_second))
            running.clock.start(running.ask())

    running.clock.start(all_questions())
    running.clock.run()
    return running.waits


def asking(rates: Rates, fleet: Fleet, people: int, pause: float, questions: int = 1000,
           seed: int = 0) -> Waits:  # fmt: skip
    """People who wait for the answer and think for ``pause`` seconds on average before the next."""
    running = _Running(rates, fleet, seed, reads=True)
    left = count(questions, -1)

    def person() -> Process:
        while next(left) > 0:
            yield running.clock.wait(running.draw.expovariate(1 / pause) if pause else 0.0)
            yield running.clock.start(running.ask())

    for _ in range(people):
        running.clock.start(person())
    running.clock.run()
    return running.waits
