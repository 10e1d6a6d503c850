"""`benchmarks.serve`, simulated: people who ask a server of C cores, and wait for their answers.

An answer is Python on one thread, then texts through the model on as many threads as there are
texts. As many answers are computed at once as there are cores, and they stand back (nice 10) for
the event loop, which serves the page. The questions are those of the benchmark, in its order.
"""

import math
import random
from dataclasses import dataclass, field
from itertools import count

from benchmarks.capacity.events import Clock, Cores, Event, Line, Process
from benchmarks.capacity.rates import Rates

__all__ = ["MOST_THREADS", "Seen", "Server", "crowd", "lognormal"]

NICE = 110 / 1024  # the weight of nice 10 in Linux (sched_prio_to_weight), times that of nice 0
Z95 = 1.645  # standard deviations to the 95th percentile
MOST_THREADS = 8  # of one answer: index.settings, encoder_threads
STEPS = 3  # to the first sign: the question is posted, its events are asked for, and they begin
MESSAGES, LAST = 6, 2  # of the page about an answer; of them, when it is computed
PULSE, PULSE_A_PLACE = 2.0, 0.25  # seconds: qa.web.workers
VISITS = 0.25  # seconds between two requests of the visitor, as in benchmarks.serve


@dataclass(slots=True)
class Seen:
    """Seconds of each answer to the first sign and to the end, in their order, and of all."""

    first: list[float] = field(default_factory=list)
    end: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def a_minute(self) -> float:
        """Answers a minute."""
        return 60 * len(self.end) / self.seconds


class Server:
    """One machine with the chat on it, and maybe the people who ask, as when it was measured."""

    def __init__(self, clock: Clock, rates: Rates, draw: random.Random, cores: int, *,
                 beside: bool = True) -> None:  # fmt: skip
        """``beside``: whether the program that asks runs on the same cores."""
        self.clock, self.rates, self.draw = clock, rates, draw
        self.cores = Cores(clock, cores, rates.slowed)
        self.loop = Line(1)  # one event loop serves the page
        self.client = Line(1)  # one event loop asks
        self.answers = Line(cores)
        self._beside = beside
        self._turns = count()

    def ask(self, seen: Seen) -> Process:
        """One question, from the click to the end of its answer."""
        rates, started = self.rates, self.clock.now
        for _ in range(STEPS):
            yield from self.asking(rates.client_before / STEPS)
            yield from self.page(rates.page_before / STEPS)
        yield self.clock.wait(self.draw.uniform(0, rates.look) + self.held_up())
        seen.first.append(self.clock.now - started)
        place = self.answers.enter()
        self.clock.start(self.pulse(place))
        yield place
        yield from self.compute()
        self.answers.leave()
        yield from self.tell(LAST)
        yield from self.asking(rates.client_during)
        self.clock.start(self.page(rates.page_behind))
        seen.end.append(self.clock.now - started)

    def compute(self) -> Process:
        """The answer itself, in its threads."""
        answers = self.rates.answers
        python, single, parallel, longest = answers[next(self._turns) % len(answers)]
        yield self.cores.work(python, 1, NICE, locks=True)
        shown = self.clock.start(self.tell(MESSAGES - LAST))
        yield self.cores.work(single, 1, NICE)
        threads = min(parallel / longest, MOST_THREADS) if longest else 1
        yield self.cores.work(parallel, threads, NICE)
        yield shown

    def pulse(self, place: Event) -> Process:
        """Who waits is told the place again, more rarely the farther behind."""
        while not place.done:  # what is told first is the first sign
            yield self.clock.wait(max(PULSE, PULSE_A_PLACE * len(self.answers)))
            if not place.done:
                yield from self.tell(1)

    def tell(self, messages: int) -> Process:
        """So many messages, one after the other; others may come between them."""
        for _ in range(messages):
            yield from self.page(self.rates.page_during / MESSAGES)

    def held_up(self) -> float:
        """Seconds that pass otherwise until the first sign."""
        return lognormal(self.draw, self.rates.first_wait_p50, self.rates.first_wait_p95)

    def page(self, seconds: float) -> Process:
        """Work of the event loop that serves."""
        yield self.loop.enter()
        yield self.cores.work(seconds, locks=True)
        self.loop.leave()

    def asking(self, seconds: float) -> Process:
        """Work of the program that asks."""
        if self._beside:
            yield self.client.enter()
            yield self.cores.work(seconds)
            self.client.leave()

    def visit(self) -> Process:
        """A visitor asks for one of the page's files."""
        yield from self.page(self.rates.page_file)
        yield from self.asking(self.rates.client_file)


def lognormal(draw: random.Random, p50: float, p95: float) -> float:
    """A number of the lognormal distribution with these percentiles."""
    return p50 * math.exp(draw.gauss(0, math.log(p95 / p50) / Z95))


def crowd(rates: Rates, people: int, seconds: float = 60.0, cores: int = 2, seed: int = 0,
          *, beside: bool = True) -> Seen:  # fmt: skip
    """So many people for so many seconds, each of whom asks again when the answer is there."""
    clock, seen = Clock(), Seen()
    server = Server(clock, rates, random.Random(seed), cores, beside=beside)  # noqa: S311
    asking = people

    def person() -> Process:
        nonlocal asking
        while clock.now < seconds:
            yield clock.start(server.ask(seen))
        asking -= 1

    def visitor() -> Process:
        while asking:
            yield clock.start(server.visit())
            yield clock.wait(VISITS)

    for _ in range(people):
        clock.start(person())
    clock.start(visitor())
    clock.run()
    seen.seconds = clock.now
    return seen
