"""A simulator of discrete events: a clock, processes, lines, and cores that are shared.

A process is a generator that yields what it waits for, an `Event`. Cores are shared as Linux shares
them: each piece of work gets its weight's part, but never more cores than it has threads.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Generator, Iterable

__all__ = ["Clock", "Cores", "Event", "Line", "Process", "all_of", "first_of"]

Process = Generator["Event", None, None]

_NEVER = float("inf")
_LEFT = 1e-9  # seconds of work that are none


class Event:
    """Something that happens once; who waits for it is called then."""

    __slots__ = ("_waiting", "done")

    def __init__(self) -> None:
        self.done = False
        self._waiting: list[Callable[[], None]] = []

    def happen(self) -> None:
        """Let it happen, if it has not yet."""
        if not self.done:
            self.done = True
            for call in self._waiting:
                call()
            self._waiting.clear()

    def then(self, call: Callable[[], None]) -> None:
        """Call this when it happens, or now."""
        if self.done:
            call()
        else:
            self._waiting.append(call)


class Clock:
    """The time, in seconds, and what comes next."""

    def __init__(self) -> None:
        self.now = 0.0
        self._coming: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()

    def at(self, seconds: float, call: Callable[[], None]) -> None:
        """Call this in so many seconds."""
        heapq.heappush(self._coming, (self.now + seconds, next(self._numbers), call))

    def wait(self, seconds: float) -> Event:
        """What happens in so many seconds."""
        event = Event()
        self.at(seconds, event.happen)
        return event

    def start(self, process: Process) -> Event:
        """Run a process; the event is its end."""
        ended = Event()

        def step() -> None:
            try:
                while (event := next(process)).done:
                    pass
            except StopIteration:
                ended.happen()
            else:
                event.then(step)

        step()
        return ended

    def run(self) -> None:
        """Until nothing more comes."""
        while self._coming:
            self.now, _, call = heapq.heappop(self._coming)
            call()


def first_of(events: Iterable[Event]) -> Event:
    """What happens with the first of these."""
    found = Event()
    for event in events:
        event.then(found.happen)
    return found


def all_of(events: Iterable[Event]) -> Event:
    """What happens with the last of these."""
    given = list(events)
    found, left = Event(), len(given)

    def one() -> None:
        nonlocal left
        left -= 1
        if not left:
            found.happen()

    for event in given:
        event.then(one)
    return found


class Line:
    """So many places; the others wait in the order in which they came."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: deque[Event] = deque()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def full(self) -> bool:
        """Whether who comes now must wait."""
        return not self._free

    def enter(self) -> Event:
        """What happens when there is a place."""
        event = Event()
        if self._free:
            self._free -= 1
            event.happen()
        else:
            self._waiting.append(event)
        return event

    def leave(self) -> None:
        """Give the place to the next."""
        if self._waiting:
            self._waiting.popleft().happen()
        else:
            self._free += 1


class _Work:
    __slots__ = ("ended", "left", "locks", "rate", "threads", "weight")

    def __init__(self, seconds: float, threads: float, weight: float, locks: bool) -> None:
        self.left, self.threads, self.weight, self.locks = seconds, threads, weight, locks
        self.rate = 0.0
        self.ended = Event()


class Cores:
    """So many cores, shared by all work that is there at the same time.

    Of the work that ``locks``, which is Python of one process, only one piece runs at a time: they
    take turns, whatever their weights.
    """

    def __init__(self, clock: Clock, count: float, slowed: float = 1.0) -> None:
        """``slowed``: times as long that all takes while no core is free."""
        self._clock, self._count, self._slowed = clock, count, slowed
        self._working: list[_Work] = []
        self._since = 0.0
        self._turn = 0
        self.busy = 0.0  # seconds of a core

    def work(self, seconds: float, threads: float = 1.0, weight: float = 1.0,
             *, locks: bool = False) -> Event:  # fmt: skip
        """The end of work that takes so many seconds of one core.

        ``threads``: on how many cores it can be at the same time; ``weight``: of one thread.
        """
        work = _Work(seconds, threads, weight * threads, locks)
        if seconds <= 0:
            work.ended.happen()
            return work.ended
        self._pass()
        self._working.append(work)
        self._share()
        return work.ended

    def _pass(self) -> None:
        """What was done since the last look."""
        elapsed, self._since = self._clock.now - self._since, self._clock.now
        for work in self._working:
            work.left -= work.rate * elapsed
            self.busy += work.rate * elapsed

    def _share(self) -> None:
        """Who gets how much from now on, and when the next one ends."""
        _fill(self._working, self._count)
        locked = [work for work in self._working if work.locks]
        if sum(work.rate for work in locked) > 1:
            for work in locked:
                work.rate = 1 / len(locked)
            _fill([work for work in self._working if not work.locks], self._count - 1)
        if sum(work.rate for work in self._working) > self._count - _LEFT:
            for work in self._working:
                work.rate /= self._slowed
        self._turn += 1
        soonest = min((w.left / w.rate for w in self._working if w.rate), default=_NEVER)
        if soonest < _NEVER:
            turn = self._turn
            self._clock.at(max(0.0, soonest), lambda: self._end(turn))

    def _end(self, turn: int) -> None:
        if turn != self._turn:  # somebody came meanwhile
            return
        self._pass()
        ended = [work for work in self._working if work.left <= _LEFT]
        self._working = [work for work in self._working if work.left > _LEFT]
        self._share()
        for work in ended:
            work.ended.happen()


def _fill(sharing: list[_Work], free: float) -> None:
    """Give each its weight's part of the free cores, and what one cannot use to the others."""
    while sharing:
        level = free / sum(work.weight for work in sharing)
        least = [work for work in sharing if work.weight * level < work.threads]
        for work in sharing:
            work.rate = min(work.weight * level, work.threads)
        if len(least) == len(sharing):
            return
        free -= sum(work.threads for work in sharing if work.weight * level >= work.threads)
        sharing = least
