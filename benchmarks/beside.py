"""The waits of two builds in one run: a question to the one, then to the other, and so on.

    python -m benchmarks.beside --data DATA --other CHECKOUT [--passages 10000] [--every N]
        [--work FOLDER] [--json]

CHECKOUT is a folder with another commit of this project. Each build has a process and an index of
its own, over the same passages. Three waits are clocked: of the whole answer; of reading alone, of
what the search has found; and of ``search(rerank=True)`` of ten passages, where there is one. What
counts is the ratio: both saw the same processor, one after the other.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import latency, measure, pools

__all__ = ["ASK", "main"]

ASKED, WARM = 100, 5
SHARES = (50, 95)
# What a process of either build runs: questions come in, a line each, milliseconds go out.
ASK = """
import json, sys
from pathlib import Path
from time import perf_counter
from qa import Assistant, Retriever

retriever = Retriever.open(sys.argv[1])
assistant = Assistant(retriever)
# An older build's reader takes the question itself.
as_read = str
if Path("index/query.py").exists():
    from index.query import Query as as_read
rerank = "rerank" in Retriever.search.__kwdefaults__ if Retriever.search.__kwdefaults__ else False

def clocked(work):
    started = perf_counter()
    work()
    return 1000 * (perf_counter() - started)

print("ready", flush=True)
for line in sys.stdin:
    question = json.loads(line)
    query = as_read(question)
    told = {"whole answer": clocked(lambda: assistant.ask(question))}
    hits = retriever.search(question, 10)
    told["reading alone"] = clocked(lambda: assistant.reader.read(query, hits))
    if rerank:
        model = __import__("qa.search.reranking", fromlist=["x"])
        loaded = model.load_model()
        told["ten re-ranked"] = clocked(lambda: model.rerank(loaded, question, hits))
    print(json.dumps(told), flush=True)
"""
INDEX = """
import sys
from pathlib import Path
from benchmarks import pools

with pools.large(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])):
    pass
"""


class Build:
    """A checkout's process with an index of the passages."""

    def __init__(self, checkout: Path, data: Path, work: Path, passages: int) -> None:
        """Index what is not yet indexed, and load everything."""
        work.mkdir(parents=True, exist_ok=True)
        made = [str(path.resolve()) for path in (data, work)]
        command = [sys.executable, "-c", INDEX, *made, str(passages)]
        subprocess.run(command, cwd=checkout, check=True)
        self._process = subprocess.Popen(
            [sys.executable, "-c", ASK, f"{made[1]}/ix-{passages}"],
            cwd=checkout,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        if not (self._process.stdin and self._process.stdout):
            raise RuntimeError("no pipes")  # never: they were asked for
        self._asked, self._told = self._process.stdin, self._process.stdout
        if self._line() != "ready":
            raise SystemExit(f"{checkout} does not answer")

    def ask(self, question: str) -> dict[str, float]:
        """The milliseconds of each wait."""
        self._asked.write(json.dumps(question) + "\n")
        self._asked.flush()
        told: dict[str, float] = json.loads(self._line())
        return told

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _line(self) -> str:
        return self._told.readline().strip()


def waits(builds: Sequence[Build], questions: Sequence[str]) -> list[list[dict[str, float]]]:
    """Each build's waits, question by question, the builds in turn."""
    for build in builds:
        for question in latency.spread(questions, WARM):
            build.ask(question)
    found: list[list[dict[str, float]]] = [[] for _ in builds]
    for question in latency.spread(questions, ASKED):
        for build, told in zip(builds, found, strict=True):
            told.append(build.ask(question))
    return found


def compared(own: list[dict[str, float]], other: list[dict[str, float]]) -> list[dict[str, Any]]:
    """A row a wait: this build's, the other one's, and the ratio; ten against the other's five."""
    rows = []
    for what, against in (
        ("whole answer", "whole answer"),
        ("reading alone", "reading alone"),
        ("ten re-ranked", "reading alone"),
    ):
        for share in SHARES:
            mine = measure.percentile([told[what] for told in own], share)
            theirs = measure.percentile([told[against] for told in other], share)
            name = f"{what}, p{share}"
            name += "" if what == against else ", against the other's reading"
            row = {"wait, ms": name, "this": round(mine, 1), "other": round(theirs, 1)}
            rows.append(row | {"ratio": round(mine / theirs, 3)})
    return rows


def main() -> None:
    """Measure both, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--other", type=Path, required=True, help="a checkout of another commit")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--work", type=Path, help="where the indexes are kept")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    asked = [
        one.text for name in latency.SETS for one in pools.read(name, arguments.data).questions
    ]
    with TemporaryDirectory() as made:
        work = arguments.work or Path(made)
        given = (arguments.data, arguments.passages)
        checkouts = {"this": Path.cwd(), "other": arguments.other}
        builds = [Build(path, given[0], work / name, given[1]) for name, path in checkouts.items()]
        rows = compared(*waits(builds, asked))
        for build in builds:
            build.close()
    if arguments.json:
        measure.save({"waits": rows}, as_json=True, out=None)
        return
    measure.table(f"{arguments.passages:,} passages, {measure.processor()['name']}", rows)


if __name__ == "__main__":
    main()
