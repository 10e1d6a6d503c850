"""A second thread for work that is done in halves, where it is free."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

__all__ = ["both"]

Part = TypeVar("Part")
Result = TypeVar("Result")

_pool = ThreadPoolExecutor(1, thread_name_prefix="second-half")
_busy = Lock()


def both(work: Callable[[Part], Result], halves: Sequence[Part]) -> list[Result]:
    """What some work gives for each of two halves.

    The second half is done by another thread, where the machine has two processors and no other
    search has taken it. It pays for what lets go of Python's lock for a millisecond.
    """
    first, second = halves
    if not _PROCESSORS > 1 or not _busy.acquire(blocking=False):
        return [work(first), work(second)]
    try:
        other = _pool.submit(work, second)
        return [work(first), other.result()]
    finally:
        _busy.release()


def _begin_anew() -> None:
    """A process that was forked has none of its parent's threads."""
    global _pool, _busy
    _pool, _busy = ThreadPoolExecutor(1, thread_name_prefix="second-half"), Lock()


_PROCESSORS = (
    len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
