"""The line of those who wait for an answer."""

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any

import pytest

from qa.web import workers as workers_module
from qa.web.refused import Reason, RefusedError
from qa.web.workers import Waiting, Workers


class Held:
    """Work that goes on only when it is let, and says when it began and ended."""

    def __init__(self, name: str, log: list[str]) -> None:
        self.name = name
        self.log = log
        self.go = threading.Event()
        self.begun = threading.Event()

    def __call__(self) -> Iterator[str]:
        """Two things."""
        self.log.append(f"{self.name} begins")
        self.begun.set()
        yield "first"
        assert self.go.wait(60)
        try:
            yield "second"
        finally:
            self.log.append(f"{self.name} ends")


async def collect(workers: Workers, work: Held, seen: list[object]) -> None:
    async with aclosing(workers.stream(work)) as items:
        async for item in items:
            seen.append(item)  # noqa: PERF401  # seen as it comes


async def until(condition: object) -> None:
    """Wait for what another thread or task does."""
    for _ in range(6000):
        if condition():  # type: ignore[operator]
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nothing happened within a minute")


def test_each_is_served_in_turn_and_sees_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at once; the others move up one by one, in the order in which they came."""
    monkeypatch.setattr(workers_module, "PULSE", 0.01)
    monkeypatch.setattr(workers_module, "PULSE_A_PLACE", 0)

    async def run() -> None:
        log: list[str] = []
        works = [Held(str(number), log) for number in range(5)]
        seen: list[list[object]] = [[] for _ in works]
        workers = Workers(2)
        tasks = []
        for work, items in zip(works, seen, strict=True):
            tasks.append(asyncio.create_task(collect(workers, work, items)))
            await asyncio.sleep(0)
        await until(lambda: works[1].begun.is_set() and works[0].begun.is_set() and seen[4])
        assert (workers.answering, workers.waiting, workers.idle) == (2, 3, False)
        assert [items[-1] for items in seen[2:]] == [Waiting(1), Waiting(2), Waiting(3)]
        for number, work in enumerate(works):
            work.go.set()
            await until(lambda one=work: f"{one.name} ends" in log)
            await until(lambda place=2 - number: place < 1 or seen[4][-1] == Waiting(place))
        await asyncio.gather(*tasks)
        assert [entry for entry in log if "begins" in entry][2:] == [
            "2 begins", "3 begins", "4 begins",
        ]  # fmt: skip
        places = [item.place for item in seen[4] if isinstance(item, Waiting)]
        assert sorted(set(places), reverse=True) == [3, 2, 1]
        assert places == sorted(places, reverse=True)
        assert all(items[-2:] == ["first", "second"] for items in seen)
        await until(lambda: workers.idle)

    asyncio.run(run())


def test_who_leaves_the_line_is_not_answered() -> None:
    """The others move up, and the work never begins."""

    async def run() -> None:
        log: list[str] = []
        one, two, three = works = [Held(name, log) for name in "abc"]
        seen: list[list[object]] = [[], [], []]
        workers = Workers(1)
        tasks = [
            asyncio.create_task(collect(workers, work, items))
            for work, items in zip(works, seen, strict=True)
        ]
        await until(lambda: seen[2])
        tasks[1].cancel()
        await until(lambda: seen[2][-1] == Waiting(1))
        for work in (one, two, three):
            work.go.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert log == ["a begins", "a ends", "c begins", "c ends"]
        await until(lambda: workers.idle)

    asyncio.run(run())


def test_an_answer_that_nobody_waits_for_is_given_up() -> None:
    """At the next thing it would give; its thread is free then."""

    async def run() -> None:
        log: list[str] = []
        workers = Workers(1)
        left = Held("left", log)
        async with aclosing(workers.stream(left)) as items:
            async for _ in items:
                break
        assert workers.answering == 1  # a thread cannot be ended from outside
        left.go.set()
        await until(lambda: workers.idle)
        assert log == ["left begins", "left ends"]
        other = Held("other", log)
        other.go.set()
        seen: list[object] = []
        await collect(workers, other, seen)
        assert seen == ["first", "second"]

    asyncio.run(run())


def test_a_full_line_refuses() -> None:
    """And says when to come again."""

    async def run() -> None:
        log: list[str] = []
        works = [Held(name, log) for name in "ab"]
        workers = Workers(1, waiting=1)
        seen: list[object] = []
        tasks = [asyncio.create_task(collect(workers, work, seen)) for work in works]
        await until(lambda: workers.waiting == 1)
        with pytest.raises(RefusedError) as refused:
            await collect(workers, Held("c", log), seen)
        assert refused.value.reason is Reason.FULL
        assert refused.value.headers == {"Retry-After": "10"}
        for work in works:
            work.go.set()
        await asyncio.gather(*tasks)

    asyncio.run(run())


def test_stopping_lets_what_has_begun_end() -> None:
    """Who waits in line, and who comes, is refused."""

    async def run() -> None:
        log: list[str] = []
        begun, waits = Held("begun", log), Held("waits", log)
        workers = Workers(1)
        seen: list[object] = []
        first = asyncio.create_task(collect(workers, begun, seen))
        second = asyncio.create_task(collect(workers, waits, []))
        await until(lambda: workers.waiting == 1)
        workers.stop()
        for refused in (second, collect(workers, Held("comes", log), [])):
            with pytest.raises(RefusedError) as error:
                await refused
            assert error.value.reason is Reason.STOPPING
        assert not workers.idle
        begun.go.set()
        await first
        assert seen == ["first", "second"]
        assert log == ["begun begins", "begun ends"]
        await until(lambda: workers.idle)

    asyncio.run(run())


def test_an_answer_that_takes_too_long_is_refused() -> None:
    """Its thread is free only when it ends."""

    async def run() -> None:
        log: list[str] = []
        workers = Workers(1, timeout=0.2)
        slow = Held("slow", log)
        with pytest.raises(RefusedError) as refused:
            await collect(workers, slow, [])
        assert refused.value.reason is Reason.TOO_SLOW
        assert workers.answering == 1
        slow.go.set()
        await until(lambda: workers.idle)

    asyncio.run(run())


def test_an_error_is_raised_where_the_answer_is_waited_for() -> None:
    """And its thread is free."""

    def fails() -> Iterator[str]:
        yield "first"
        raise LookupError("no")

    async def run() -> None:
        workers = Workers(1)
        with pytest.raises(LookupError):
            async for _ in workers.stream(fails):
                pass
        await until(lambda: workers.idle)

    asyncio.run(run())


@pytest.mark.parametrize("reason", Reason)
def test_a_refusal_is_one_sentence_in_each_language(reason: Reason) -> None:
    """With the seconds, where there are any."""
    error = RefusedError(reason, 7)
    said = {language: error.say(language) for language in ("es", "en")}
    assert said["es"] != said["en"] == str(error)
    for sentence in said.values():
        assert sentence.endswith(".")
        assert ("7 s" in sentence) == (
            reason
            not in {
                Reason.TOO_SLOW,
                Reason.LOGGED_OUT,
                Reason.NO_COLLECTION,
            }
        )


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux, where threads have a weight each")
def test_some_work_stands_back_for_the_rest() -> None:
    """Also in the threads that it begins; those of the others stay as they are."""
    own = os.nice(0)

    def work() -> Iterator[int]:
        yield os.nice(0)
        with ThreadPoolExecutor(1) as pool:
            yield pool.submit(os.nice, 0).result()

    async def found(workers: Workers) -> list[Any]:
        return [item async for item in workers.stream(work)]

    back = min(own + 3, 19)
    assert asyncio.run(found(Workers(1, nice=3))) == [back, back]
    assert asyncio.run(found(Workers(1))) == [own, own]
    assert os.nice(0) == own
