"""How long a search of ``qa serve`` takes beside answers, as `benchmarks.serve` clocks it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx

from benchmarks import measure

__all__ = ["compared", "served"]

ROUNDS, SEARCHES, WARM = 3, 100, 5  # in turns: without answers, and beside them
ANSWERS = 50  # in flight
LINE = 30  # of them wait in line when the clock starts


@contextmanager
def served(checkout: Path, index: Path) -> Iterator[str]:
    """The address of a checkout's ``qa serve`` over an index."""
    environment = {**os.environ, "PYTHONPATH": str(checkout.resolve()), "HOST": "127.0.0.1"}
    command = [sys.executable, "-m", "qa", "serve", "--port", "0", "--no-log"]
    with subprocess.Popen(
        [*command, "--index", str(index.resolve()), "--answers", "2"],
        cwd=checkout, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as server:  # fmt: skip
        try:
            address = server.stdout.readline().strip() if server.stdout else ""
            if not address:
                raise SystemExit(f"qa serve of {checkout} does not start.")
            yield address
        finally:
            server.terminate()


def compared(name: str, address: str, questions: Iterator[str]) -> dict[str, Any]:
    """Milliseconds of a search without and beside answers, and the ratio of their p95."""
    idle, beside, answered, seconds = asyncio.run(_clocked(address, questions))
    row: dict[str, Any] = {"server": name}
    for what, waits in (("idle", idle), (f"beside {ANSWERS} answers", beside)):
        for share in (50, 95):
            row[f"{what}, p{share}, ms"] = round(measure.percentile(waits, share), 1)
    ratio = measure.percentile(beside, 95) / measure.percentile(idle, 95)
    row["ratio of p95"] = round(ratio, 2)
    row["answers a minute"] = round(60 * answered / seconds)
    return row


async def _clocked(
    address: str, questions: Iterator[str]
) -> tuple[list[float], list[float], int, float]:
    idle: list[float] = []
    beside: list[float] = []
    asked, answered, seconds = 0, 0, 0.0
    limits = httpx.Limits(max_connections=None)
    async with (
        httpx.AsyncClient(base_url=address, timeout=600) as client,
        httpx.AsyncClient(base_url=address, timeout=600, limits=limits) as crowd,
    ):

        async def ask() -> None:
            nonlocal asked
            while True:
                await crowd.get("/ask", params={"q": next(questions)})
                asked += 1

        for _ in range(WARM):
            await client.get("/ask", params={"q": next(questions)})
        for _ in range(ROUNDS):
            idle += await _searched(client, questions)
            asking = [asyncio.create_task(ask()) for _ in range(ANSWERS)]
            while await _health(client, "waiting") < LINE:
                await asyncio.sleep(0.1)
            before, started = asked, perf_counter()
            beside += await _searched(client, questions)
            answered, seconds = answered + asked - before, seconds + perf_counter() - started
            for one in asking:
                one.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
            while await _health(client, "waiting") or await _health(client, "answering"):
                await asyncio.sleep(0.1)
    return idle, beside, answered, seconds


async def _health(client: httpx.AsyncClient, what: str) -> int:
    return int((await client.get("/health")).json()[what])


async def _searched(client: httpx.AsyncClient, questions: Iterator[str]) -> list[float]:
    """Milliseconds of one search after the other."""
    waits = []
    for _ in range(SEARCHES):
        started = perf_counter()
        (await client.get("/search", params={"q": next(questions)})).raise_for_status()
        waits.append(1000 * (perf_counter() - started))
    return waits
