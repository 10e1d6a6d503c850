"""The threads that compute answers, and the line of those who wait for one.

Answers keep all processors busy. If more are computed at once than there are processors, each of
them only takes longer; so a few are computed, and the others wait in the order in which they came.
The event loop, which serves the page and its files, computes none.
"""

import asyncio
import os
import sys
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import Any, TypeVar

from qa.web.refused import Reason, RefusedError

__all__ = ["Waiting", "Workers"]

# A place is told again after some seconds: who has left is noticed then. The farther behind, the
# more rarely, for in a long line telling everybody everything would take a processor of its own.
PULSE, PULSE_A_PLACE = 2.0, 0.25
RETRY = 10  # seconds after which there may be room in the line

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A place in the line, from 1."""

    place: int


@dataclass(eq=False, slots=True)
class _Job:
    loop: asyncio.AbstractEventLoop
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    begun: bool = False  # a thread is kept for it
    working: bool = False  # the thread has it
    refused: bool = False
    given_up: bool = False

    def wake(self) -> None:
        with suppress(RuntimeError):  # its loop has ended, and with it who waited
            self.loop.call_soon_threadsafe(self.moved.set)


_END = object()


class Workers:
    """So many pieces of work at once, each in a thread; the rest wait in line. Safe for threads."""

    def __init__(
        self, count: int, waiting: int = 100, timeout: float = 120.0, nice: int = 0
    ) -> None:
        """``waiting``: how many may wait; ``timeout``: the seconds that one piece may take.

        ``nice``: how far it stands back for the other threads of the process; on Linux alone.
        """
        self.count = count
        self._most = waiting
        self._timeout = timeout
        stand_back = partial(os.nice, nice) if sys.platform == "linux" else None
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="qa-work", initializer=stand_back)
        self._lock = Lock()
        self._line: deque[_Job] = deque()
        self._busy = 0  # threads that work, or are about to
        self._open = 0  # pieces of work that somebody waits for
        self._stopping = False

    @property
    def answering(self) -> int:
        """How many pieces are worked on."""
        return self._busy

    @property
    def waiting(self) -> int:
        """How many wait in line."""
        return len(self._line)

    @property
    def stopping(self) -> bool:
        """Whether nothing is begun any more."""
        return self._stopping

    @property
    def idle(self) -> bool:
        """Whether nothing is worked on, and nobody waits for anything."""
        return not (self._busy or self._open)

    def stop(self) -> None:
        """Refuse what has not begun, and all that comes."""
        with self._lock:
            self._stopping = True
            for job in self._line:
                job.refused = True
                job.wake()
            self._line.clear()

    async def stream(self, work: Callable[[], Iterator[T]]) -> AsyncGenerator[Waiting | T]:
        """The place in line, every now and then, and then what ``work`` gives, in a thread.

        Closing it gives the work up: the thread stops before it gives the next thing. Raises
        RefusedError where the line is full, the server stops or it takes too long, and what
        ``work`` raises.
        """
        job = self._enter()
        try:
            while not job.begun:
                if job.refused:
                    raise RefusedError(Reason.STOPPING, RETRY)
                job.moved.clear()
                if place := self._place(job):
                    yield Waiting(place)
                    with suppress(TimeoutError):
                        pulse = max(PULSE, PULSE_A_PLACE * place)
                        await asyncio.wait_for(job.moved.wait(), pulse)
            async with aclosing(self._worked(job, work)) as items:
                async for item in items:
                    yield item
        finally:
            self._leave(job)

    def _enter(self) -> _Job:
        job = _Job(asyncio.get_running_loop())
        with self._lock:
            if self._stopping:
                raise RefusedError(Reason.STOPPING, RETRY)
            if self._busy >= self.count and len(self._line) >= self._most:
                raise RefusedError(Reason.FULL, RETRY)
            self._open += 1
            self._line.append(job)
            self._advance()
        return job

    def _advance(self) -> None:
        """Begin what there is a thread for."""
        while self._line and self._busy < self.count:
            job = self._line.popleft()
            job.begun = True
            self._busy += 1
            job.wake()

    def _place(self, job: _Job) -> int:
        """Its place in line; 0 where it waits no more."""
        with self._lock:
            return self._line.index(job) + 1 if job in self._line else 0

    def _leave(self, job: _Job) -> None:
        job.given_up = True
        with self._lock:
            self._open -= 1
            if job in self._line:
                self._line.remove(job)
            elif job.begun and not job.working:
                self._busy -= 1
            self._advance()

    def _free(self) -> None:
        with self._lock:
            self._busy -= 1
            self._advance()

    async def _worked(self, job: _Job, work: Callable[[], Iterator[T]]) -> AsyncGenerator[T]:
        results: asyncio.Queue[tuple[Any, BaseException | None]] = asyncio.Queue()

        def put(item: Any, error: BaseException | None = None) -> None:
            with suppress(RuntimeError):  # the loop has ended
                job.loop.call_soon_threadsafe(results.put_nowait, (item, error))

        def run() -> None:
            try:
                for item in work():
                    if job.given_up:
                        break
                    put(item)
                put(_END)
            except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
                put(_END, error)
            finally:
                self._free()

        job.working = True
        self._pool.submit(run)
        end = job.loop.time() + self._timeout
        while True:
            try:
                item, error = await asyncio.wait_for(results.get(), end - job.loop.time())
            except TimeoutError:
                raise RefusedError(Reason.TOO_SLOW, RETRY) from None
            if error:
                raise error
            if item is _END:
                return
            yield item
