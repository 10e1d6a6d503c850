"""Work in halves by two threads, or by one where the other is taken."""

import os
import threading

import pytest

from index.storage import threads


@pytest.fixture(autouse=True)
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_PROCESSORS", 2)


def test_both_halves_by_two_threads() -> None:
    """Each half waits for the other: one thread alone would never end."""
    meeting = threading.Barrier(2, timeout=30)

    def work(half: int) -> int:
        meeting.wait()
        return 10 * half

    assert threads.both(work, [1, 2]) == [10, 20]


def test_a_search_inside_another_one_is_done_by_one_thread() -> None:
    """The second thread is taken, and nobody waits for it."""

    def work(half: int) -> list[int]:
        return threads.both(lambda part: part + half, [1, 2])

    assert threads.both(work, [10, 20]) == [[11, 12], [21, 22]]


def test_an_error_is_the_callers() -> None:
    """So it is in both halves, and the thread is free afterwards."""

    def work(half: int) -> float:
        return 1 / half

    for halves in ([0, 1], [1, 0]):
        with pytest.raises(ZeroDivisionError):
            threads.both(work, halves)
    assert threads.both(work, [1, 2]) == [1, 0.5]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_after_a_fork() -> None:
    """The child has no thread of its parent's, and starts its own."""
    assert threads.both(abs, [-1, -2]) == [1, 2]
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, bytes(threads.both(abs, [-3, -4])))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 2) == bytes([3, 4])
    os.close(reading)
    os.close(writing)
