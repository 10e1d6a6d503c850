"""The chat under many people at once, spoken to as its page does.

    python -m benchmarks.serve --data DATA [--other CHECKOUT] [--people 1,10,50] [--seconds 60]
        [--parts load,memory,weight,searches] [--passages 10000] [--pause SECONDS]
        [--questions 2000] [--work FOLDER] [--json] [--out FILE]

The real server runs over real passages; each person asks a question of the data sets, waits for
the end of its answer, and asks the next, without a pause unless one is given. Clocked are the
first sign of life, the first citation and the end; and, meanwhile, a visitor who opens the page and
its files. A place in line is no error, a refusal is. ``memory`` is the server's, after a tenth of
the questions and after all. ``weight`` is what Chromium takes from the wire to open the page, cold
and warm. ``searches`` are those of ``qa serve``: one after the other, without answers and beside
fifty in flight, of which two are computed at once.

CHECKOUT is a folder with another commit of this project: its server is measured in turns with this
one, and the ratios are shown. Run it with nothing else running.
"""

import argparse
import asyncio
import itertools
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter
from typing import Any
from uuid import uuid4

import httpx

from benchmarks import latency, measure, page_weight, pools, searching
from benchmarks.beside import INDEX

__all__ = ["Asked", "Chat", "crowd", "main"]

TALK = 5  # questions of a conversation; then a person opens the page anew
WARM = 5
VISITS = 0.25  # seconds between two requests of the visitor
FILES = ("/", "/config", "/gradio_api/info")
STYLE = re.compile(r'href="([^"]+/chat\.css)"')  # as the page names it
REFUSALS = ("vuelve a intentarlo", "vuelve a preguntar", "try again", "ask again")


@dataclass(slots=True)
class Asked:
    """Seconds from the question to what the page shows; ``error`` where there was no answer."""

    first: float | None = None
    cited: float | None = None
    end: float | None = None
    error: str | None = None


@dataclass(slots=True)
class Crowd:
    """What people and the visitor saw within some seconds."""

    people: int
    seconds: float
    asked: list[Asked] = field(default_factory=list)
    visits: list[float] = field(default_factory=list)


class Chat:
    """One person's page: a session of the chat's own protocol, or of that of an older build.

    The page keeps the conversation, and sends it with each question; of an older build the server
    keeps it.
    """

    def __init__(self, client: httpx.AsyncClient, config: dict[str, Any]) -> None:
        self._client = client
        self._session = uuid4().hex[:11]
        self._past: list[tuple[str, str]] = []
        components = {one["id"]: one for one in config["components"]}
        names = {one["props"].get("elem_id"): number for number, one in components.items()}
        box = names.get("asked", names["question"])
        self._event = next(e for e in config["dependencies"] if box in e["inputs"])
        self._inputs = [components[i] for i in self._event["inputs"]]
        told = names.get("told")
        self._told = self._event["outputs"].index(told) if told is not None else None

    async def ask(self, question: str) -> Asked:
        """Ask, and read to the end what the server sends."""
        asked, started = Asked(), perf_counter()
        sent = {
            "data": [self._value(one, question) for one in self._inputs],
            "fn_index": self._event["id"],
            "trigger_id": self._event["targets"][0][0],
            "session_hash": self._session,
        }
        address = {"session_hash": self._session}
        try:
            joined = await self._client.post("/gradio_api/queue/join", json=sent)
            joined.raise_for_status()
            async with self._client.stream("GET", "/gradio_api/queue/data", params=address) as got:
                async for line in got.aiter_lines():
                    if _note(asked, line, perf_counter() - started):
                        self._keep(question, line)
                        break
        except httpx.HTTPError as error:
            asked.error = type(error).__name__
        if asked.end is None and asked.error is None:
            asked.error = "it ended without an end"
        return asked

    def _value(self, component: dict[str, Any], question: str) -> Any:
        match component["type"], component["props"].get("elem_id"):
            case "textbox", ("asked" | "question"):
                return question
            case "textbox", "past":
                return json.dumps(self._past)
            case "textbox", _:
                return ""
            case "dropdown", _:
                return []
            case _:
                return None

    def _keep(self, question: str, line: str) -> None:
        output = json.loads(line.removeprefix("data:")).get("output") or {}
        if self._told is not None and output.get("data"):
            record = json.loads(output["data"][self._told]).get("record")
            self._past += [(question, record)] if record else []


def _note(asked: Asked, line: str, now: float) -> bool:
    """Note what a line of the stream shows; True at the end."""
    if not line.startswith("data:"):
        return False
    message = json.loads(line.removeprefix("data:"))
    kind = str(message["msg"])
    if kind in {"process_generating", "process_completed"}:
        if asked.first is None:  # with all of the conversation so far; then come differences
            asked.first = now
        elif "#cite-" in line:
            asked.cited = asked.cited or now
        elif any(words in line for words in REFUSALS):
            asked.error = "refused"
        if not message["success"]:
            asked.error = "it failed"
    if kind == "process_completed":
        asked.end = now
    if kind in {"unexpected_error", "broken_connection", "server_stopped"}:
        asked.error = kind
    return kind in {"process_completed", "unexpected_error", "broken_connection", "server_stopped"}


async def crowd(address: str, questions: Iterator[str], people: int, seconds: float,
                pause: float = 0.0, most: int | None = None) -> Crowd:  # fmt: skip
    """So many people, for so many seconds or until ``most`` questions were asked."""
    seen, started = Crowd(people, seconds), monotonic()
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=600, limits=limits) as client:
        config = (await client.get("/config")).json()
        turns = iter(range(most if most is not None else sys.maxsize))

        def goes_on() -> bool:
            return monotonic() - started < seconds and next(turns, None) is not None

        async def person() -> None:
            while True:
                chat = Chat(client, config)
                for _ in range(TALK):
                    if not goes_on():
                        return
                    seen.asked.append(await chat.ask(next(questions)))
                    await asyncio.sleep(pause)

        async def visitor() -> None:
            style = STYLE.search((await client.get("/")).text)
            for path in itertools.cycle([*FILES, *(style.groups() if style else ())]):
                before = perf_counter()
                (await client.get(path)).raise_for_status()
                seen.visits.append(perf_counter() - before)
                await asyncio.sleep(VISITS)

        visiting = asyncio.create_task(visitor())
        await asyncio.gather(*(person() for _ in range(people)))
        visiting.cancel()
        with suppress(asyncio.CancelledError):
            await visiting
    seen.seconds = monotonic() - started
    return seen


@contextmanager
def served(checkout: Path, data: Path, work: Path, passages: int) -> Iterator[tuple[str, int]]:
    """The address and process of a checkout's chat over so many passages."""
    work.mkdir(parents=True, exist_ok=True)
    made = [str(path.resolve()) for path in (data, work)]
    index = [sys.executable, "-c", INDEX, *made, str(passages)]
    subprocess.run(index, cwd=checkout, check=True)
    chosen = {"QA_INDEX": f"{made[1]}/ix-{passages}", "HOST": "127.0.0.1", "PORT": "0"}
    environment = {**os.environ, "PYTHONPATH": str(checkout.resolve()), **chosen}
    with subprocess.Popen(
        [sys.executable, "app.py"],  # an older build has no qa web
        cwd=checkout, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as server:  # fmt: skip
        try:
            address = server.stdout.readline().strip() if server.stdout else ""
            if not address:
                raise SystemExit(f"The chat of {checkout} does not start.")
            yield address, server.pid
        finally:
            server.terminate()


def figures(seen: Crowd) -> dict[str, float | None]:
    """Milliseconds, answers a minute, and errors."""
    right = [one for one in seen.asked if one.error is None]
    found: dict[str, float | None] = {
        "answers a minute": 60 * len(right) / seen.seconds,
        "errors": float(len(seen.asked) - len(right)),
    }
    columns: dict[str, list[float | None]] = {
        "first sign": [one.first for one in right],
        "first citation": [one.cited for one in right],
        "end": [one.end for one in right],
        "a visitor's file": list(seen.visits),
    }
    for name, values in columns.items():
        known = [1000 * value for value in values if value is not None]
        for share in (50, 95):
            found[f"{name}, p{share}"] = measure.percentile(known, share) if known else None
    return found


def compared(by_build: Sequence[dict[str, float | None]], people: int) -> list[dict[str, Any]]:
    """A row a figure; with another build its figure, and the ratio."""
    rows = []
    for name, own in by_build[0].items():
        row: dict[str, Any] = {"what, ms": f"{people} people: {name}", "this": _rounded(own)}
        if len(by_build) > 1:
            other = by_build[1][name]
            row["other"] = _rounded(other)
            row["ratio"] = round(own / other, 3) if own is not None and other else "-"
        rows.append(row)
    return rows


def _rounded(value: float | None) -> float | str:
    return "-" if value is None else round(value, 1)


def megabytes(process: int) -> float:
    """The memory that a process holds now."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return float("nan")


def asked_of(data: Path) -> Iterator[str]:
    """Questions of the data sets without end, in an order that is always the same."""
    found = [one.text for name in latency.SETS for one in pools.read(name, data).questions]
    random.Random(0).shuffle(found)  # noqa: S311
    return itertools.cycle(found)


def remembered(address: str, process: int, questions: Iterator[str], most: int) -> dict[str, Any]:
    """The memory after a tenth of the questions, and after all."""
    told: dict[str, Any] = {}
    for name, count in (("a tenth", most // 10), ("all", most - most // 10)):
        seen = asyncio.run(crowd(address, questions, 10, float("inf"), most=count))
        told[f"MB after {name}"] = round(megabytes(process), 1)
        told["errors"] = told.get("errors", 0) + sum(one.error is not None for one in seen.asked)
    told["ratio"] = round(told["MB after all"] / told["MB after a tenth"], 3)
    return told


def main() -> None:
    """Measure, and print tables."""
    arguments = _arguments()
    parts = arguments.parts.split(",")
    checkouts = {"this": Path.cwd()}
    if arguments.other:
        checkouts["other"] = arguments.other
    results: dict[str, Any] = {"load": [], "memory": [], "weight": [], "searches": []}
    with TemporaryDirectory() as made:
        work = arguments.work or Path(made)
        _measure(arguments, parts, checkouts, work, results)
    if not arguments.json:
        for name in parts:
            measure.table(f"{name}, {measure.processor()['name']}", results[name])
    measure.save(results, as_json=arguments.json, out=arguments.out)


def _measure(
    arguments: argparse.Namespace,
    parts: Sequence[str],
    checkouts: dict[str, Path],
    work: Path,
    results: dict[str, Any],
) -> None:
    data, passages = arguments.data, arguments.passages
    with _all_served(checkouts, data, work, passages) as servers:
        for address, _ in servers.values():
            asyncio.run(crowd(address, asked_of(data), 1, float("inf"), most=WARM))
        if "weight" in parts:
            for name, (address, _) in servers.items():
                results["weight"].append({"page": name, **page_weight.weighed(address)})
        if "load" in parts:
            for people in (int(count) for count in arguments.people.split(",")):
                clocked = []
                for address, _ in servers.values():  # the same questions to each
                    questions = asked_of(data)
                    seen = crowd(address, questions, people, arguments.seconds, arguments.pause)
                    clocked.append(figures(asyncio.run(seen)))
                results["load"] += compared(clocked, people)
        if "memory" in parts:
            for name, (address, process) in servers.items():
                told = remembered(address, process, asked_of(data), arguments.questions)
                results["memory"].append({"server": name, **told})
    if "searches" in parts:
        for name, checkout in checkouts.items():
            with searching.served(checkout, work / name / f"ix-{passages}") as address:
                row = searching.compared(name, address, asked_of(data))
            results["searches"].append(row)


@contextmanager
def _all_served(
    checkouts: dict[str, Path], data: Path, work: Path, passages: int
) -> Iterator[dict[str, tuple[str, int]]]:
    (name, path), *others = checkouts.items()
    with served(path, data, work / name, passages) as one:
        if not others:
            yield {name: one}
            return
        with _all_served(dict(others), data, work, passages) as rest:
            yield {name: one, **rest}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--other", type=Path, help="a checkout of another commit")
    parser.add_argument("--people", default="1,10,50")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=0, help="seconds between two questions")
    parser.add_argument("--parts", default="load,memory,weight,searches")
    parser.add_argument("--questions", type=int, default=2000, help="of the part memory")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--work", type=Path, help="where the indexes are kept")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
