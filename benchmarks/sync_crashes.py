"""Parts of `benchmarks.sync`: kills and failures at random moments, readers beside a writer."""

import multiprocessing
import random
import shutil
import subprocess
import sys
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import measure
from benchmarks.letters import Letters
from index import Document, Index
from index.errors import QAError

__all__ = ["faults", "kills", "readers"]

WORDS = ("gato", "perro", "luna", "mar", "sol", "pan", "faro", "isla", "puerto", "montaña")
FILES = 60
READERS = 8
KEPT = 200

FAILING = ("rw/write", "rw/pwrite", "sync/fsync", "oc/open", "dir/rename")
CHANCES = (0.001, 0.01, 0.05)
SYNC = """
import sys
import faiss, tantivy
import index.documents.read, index.sync.pool, index.storage.derived, index.sync.writer
from benchmarks.letters import Letters
from index import Index
index.sync.writer.EMBED_AT_ONCE = 16  # more moments of writing in the same time
index.storage.derived.SAVE_SECONDS = 0.02
from index.errors import QAError
try:
    with Index.open(sys.argv[1], create=True, model=Letters()) as opened:
        print("begun", flush=True)
        opened.sync(sys.argv[2])
except QAError as exc:
    sys.exit(str(exc))
"""


def kills(work: Path, count: int) -> dict[str, Any]:
    """Change a folder, kill the sync at a random moment, complete it, compare; so many times."""
    docs, folder = work / "docs", work / "index"
    chance = _begin(work)
    found = {"kills": 0, "amid": 0, "unreadable": 0, "lost": 0, "phantoms": 0, "unequal": 0}
    seconds = 1.0
    while found["kills"] < count:
        _change(docs, chance)
        began = perf_counter()
        if _kill(folder, docs, chance.uniform(0, seconds)):
            found["amid"] += 1
        else:
            # It had ended: kill earlier, so that most kills fall amid the work.
            seconds = max(0.05, 0.9 * (perf_counter() - began))
        found["kills"] += 1
        _judge(folder, docs, work / "fresh", found)
    return found


def faults(work: Path, count: int) -> dict[str, Any]:
    """The same with system calls that fail at random instead of kills, by libfiu's fiu-run.

    ``failed``: syncs that ended with one of our errors; ``crashed``: with anything else.
    """
    if shutil.which("fiu-run") is None:
        return {"skipped": "fiu-run is not installed (Debian: fiu-utils)"}
    docs, folder = work / "docs", work / "index"
    chance = _begin(work)
    names = ("faults", "failed", "crashed", "unreadable", "lost", "phantoms", "unequal")
    found = dict.fromkeys(names, 0)
    while found["faults"] < count:
        _change(docs, chance)
        share = CHANCES[found["faults"] % len(CHANCES)]
        points = [f"enable_random name=posix/io/{n},probability={share}" for n in FAILING]
        child = subprocess.run(
            [
                *("fiu-run", "-f", "", "-x"),
                *(option for point in points for option in ("-c", point)),
                *(sys.executable, "-c", SYNC, str(folder), str(docs)),
            ],
            check=False,
            capture_output=True,
            text=True,
        )
        found["faults"] += 1
        ours = child.returncode == 1 and "Traceback" not in child.stderr
        found["failed"] += ours
        # Python itself may not come up, or not print.
        began = child.stdout.startswith("begun")
        found["crashed"] += bool(child.returncode) and not ours and began
        _judge(folder, docs, work / "fresh", found)
    return found


def _begin(work: Path) -> random.Random:
    """A folder of documents that will change; what decides how."""
    shutil.rmtree(work, ignore_errors=True)
    (work / "docs").mkdir(parents=True)
    chance = random.Random(0)  # noqa: S311  # repeatable, not secret
    for n in range(FILES):
        (work / "docs" / f"{n}.txt").write_text(_text(chance), encoding="utf-8")
    return chance


def _kill(folder: Path, docs: Path, delay: float) -> bool:
    """Start a sync and kill it; whether it was still at work."""
    command = [sys.executable, "-c", SYNC, str(folder), str(docs)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        if child.stdout:
            child.stdout.readline()
        time.sleep(delay)
        amid = child.poll() is None
        child.kill()
    return amid


def _judge(folder: Path, docs: Path, fresh: Path, found: dict[str, int]) -> None:
    shutil.rmtree(fresh, ignore_errors=True)
    with Index.open(fresh, create=True, model=Letters()) as other:
        other.sync(docs)
        expected = _content(other)
    try:
        with Index.open(folder, create=True, model=Letters()) as index:
            catalog = index.catalog.passages(index.catalog.passage_ids().tolist())
            searched = {one.id: one.passage for one in index.candidates("gato", k=100_000)}
            found["phantoms"] += len(searched.keys() - catalog.keys())
            found["lost"] += len(catalog.keys() - searched.keys())
            index.sync(docs)
            content = _content(index)
            found["lost"] += len({row[0] for row in expected} - {row[0] for row in content})
            found["unequal"] += content != expected or bool(index.verify().problems)
    except QAError:
        found["unreadable"] += 1


def _content(index: Index) -> list[tuple[Any, ...]]:
    return index.catalog.rows(
        "SELECT d.id, d.hash, d.title, p.start, p.end, p.text, p.paragraph, p.vector"
        " FROM passages p JOIN documents d ON d.number = p.document ORDER BY d.id, p.start"
    )


def _text(chance: random.Random) -> str:
    paragraphs = (
        " ".join(chance.choice(WORDS) for _ in range(120)) + "."
        for _ in range(chance.randint(1, 6))
    )
    return "\n\n".join(paragraphs)


def _change(docs: Path, chance: random.Random) -> None:
    """Some files are edited, moved, removed and made."""
    files = sorted(docs.rglob("*.txt"))
    chance.shuffle(files)
    for path in files[:8]:
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\n{_text(chance)}", encoding="utf-8")
    for path in files[8:12]:
        target = docs / chance.choice(["", "a", "b/c"]) / f"{chance.randint(0, 10**9)}.txt"
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    for path in files[12:16]:
        path.unlink()
    for _ in range(FILES - len(files) + 4):
        (docs / f"{chance.randint(0, 10**9)}.txt").write_text(_text(chance), encoding="utf-8")


def readers(work: Path, changes: int) -> dict[str, Any]:
    """Eight processes search while one adds, replaces and removes documents."""
    shutil.rmtree(work, ignore_errors=True)
    context = multiprocessing.get_context("spawn")
    stop, told = context.Event(), context.Queue()
    with Index.open(work, create=True, model=Letters()) as index:
        index.add(Document(f"kept{n}", f"Siempre k{n}k.\n\nfaro {n}.") for n in range(KEPT))
        crowd = [context.Process(target=_read, args=(work, n, stop, told)) for n in range(READERS)]
        for one in crowd:
            one.start()
        for _ in crowd:
            told.get()  # it has opened the index
        started = perf_counter()
        for turn in range(0, changes, 20):
            index.add(Document(f"new{n % 300}", f"t{turn}t n{n}n") for n in range(turn, turn + 15))
            index.remove(f"new{n % 300}" for n in range(turn, turn + 5))
        written = perf_counter() - started
        stop.set()
        results = [told.get() for _ in crowd]
        for one in crowd:
            one.join()
    times = [value for result in results for value in result["times"]]
    return {
        "changes": changes,
        "written_s": written,
        "searches": len(times),
        "errors": [error for result in results for error in result["errors"]],
        "search_p50_ms": 1000 * measure.percentile(times, 50),
        "search_p95_ms": 1000 * measure.percentile(times, 95),
    }


def _read(folder: Path, number: int, stop: Event, told: "Queue[dict[str, Any]]") -> None:
    """Search until told to stop; what is always there must always be found, and whole."""
    times: list[float] = []
    errors: list[str] = []
    with Index.open(folder, model=Letters()) as index:
        told.put({})
        while not stop.is_set():
            kept = (number + len(times)) % KEPT
            started = perf_counter()
            try:
                candidates = index.candidates(f"k{kept}k", k=20)
            except QAError as exc:
                errors.append(str(exc))
                continue
            times.append(perf_counter() - started)
            words = {one.passage.document_id for one in candidates if one.lexical is not None}
            if words != {f"kept{kept}"}:
                errors.append(f"k{kept}k was found in {words}")
            for one in candidates:
                parts = one.passage.text.split()
                if one.passage.document_id.startswith("new") and len(parts) != 2:
                    errors.append(f"half a document: {one.passage.text!r}")
    told.put({"times": times, "errors": errors[:5]})
