"""How long it takes to bring an index in step with folders, and what survives a kill.

    python -m benchmarks.sync --data DATA [--parts folder,unchanged,kills,faults,readers]
                              [--limit N] [--work FOLDER] [--json] [--out FILE]

folder: 648 transcripts as text files and 12 laws as PDFs, by `qa index`; then one paragraph edited,
one file renamed, one removed. unchanged: 10,000 files. kills: 200 kill -9 at random moments of a
sync, each completed and compared with a fresh index. faults: 60 syncs in which system calls fail at
random (needs fiu-run). readers: 8 processes search while one writes
2,000 changes. Only `folder` uses the bundled model; the others one that costs no time. --limit
takes so many files, kills and changes at most.
"""

import argparse
import json
import lzma
import os
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks import measure

__all__: list[str] = []

TRANSCRIPTS = Path("corpus") / "mananeras-mx.jsonl.xz"
LAWS = Path("files") / "leyes-mx"
UNCHANGED_S = 1.0
PARTS = ("folder", "unchanged", "kills", "faults", "readers")
FILES, KILLS, FAULTS, CHANGES = 10_000, 200, 60, 2_000


def main() -> None:
    """Measure the chosen parts and print them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--limit", type=int, default=FILES)
    parser.add_argument("--work", type=Path, help="work in this folder and leave it")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    chosen, limit = arguments.parts.split(","), arguments.limit
    results: dict[str, Any] = {}
    with TemporaryDirectory() as temporary:
        work = arguments.work or Path(temporary)
        if "folder" in chosen:
            results["folder"] = folder(arguments.data, work / "folder", limit)
        if "unchanged" in chosen:
            results["unchanged"] = unchanged(work / "unchanged", min(limit, FILES))
        from benchmarks import sync_crashes

        if "kills" in chosen:
            results["kills"] = sync_crashes.kills(work / "kills", min(limit, KILLS))
        if "faults" in chosen:
            results["faults"] = sync_crashes.faults(work / "faults", min(limit, FAULTS))
        if "readers" in chosen:
            results["readers"] = sync_crashes.readers(work / "readers", min(limit, CHANGES))
    measure.save({"sync": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        show(results)


def show(results: dict[str, Any]) -> None:
    """A table for each part."""
    for part, found in results.items():
        if part == "folder":
            measure.table("qa index", found["syncs"])
        else:
            measure.table(
                part, [{"measure": name, "value": value} for name, value in found.items()]
            )


# Real documents from the command line


def folder(data: Path, work: Path, limit: int) -> dict[str, Any]:
    """Index transcripts and laws, then one change after the other."""
    docs, index = work / "docs", work / "index"
    names = write(data, docs, limit)
    shutil.rmtree(index, ignore_errors=True)
    syncs = [{"sync": "all", **synced(docs, index)}]
    text = (docs / names[0]).read_text(encoding="utf-8")
    paragraphs = text.split("\n\n")
    # One of a usual length, which is one passage.
    usual = min(range(len(paragraphs)), key=lambda n: abs(len(paragraphs[n]) - 500))
    paragraphs[usual] = f"Una frase nueva al principio. {paragraphs[usual]}"
    (docs / names[0]).write_text("\n\n".join(paragraphs), encoding="utf-8")
    syncs.append({"sync": "one paragraph edited", **synced(docs, index)})
    (docs / names[1]).rename(docs / "otro nombre.txt")
    syncs.append({"sync": "one file renamed", **synced(docs, index)})
    (docs / names[2]).unlink()
    syncs.append({"sync": "one file removed", **synced(docs, index)})
    syncs.append({"sync": "nothing changed", **synced(docs, index)})
    started = perf_counter()
    checked = subprocess.run(
        [sys.executable, "-m", "qa", "verify", "--index", str(index), "--json"],
        check=False,
        capture_output=True,
        text=True,
    )
    problems = json.loads(checked.stdout)["problems"]
    size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    return {
        "syncs": syncs,
        "index_mb": size / 1e6,
        "verify_s": perf_counter() - started,
        "problems": problems,
    }


def write(data: Path, docs: Path, limit: int) -> list[str]:
    """Transcripts as text files, laws as they are; the names of the text files."""
    docs.mkdir(parents=True, exist_ok=True)
    names = []
    with lzma.open(data / TRANSCRIPTS, "rt", encoding="utf-8") as lines:
        for line in islice(lines, limit):
            one = json.loads(line)
            names.append(f"{one['id']}.txt".replace("/", "-"))
            (docs / names[-1]).write_text(one["text"], encoding="utf-8")
    for law in sorted((data / LAWS).iterdir())[:limit]:
        shutil.copy(law, docs / law.name)
    return names


def synced(docs: Path, index: Path) -> dict[str, Any]:
    """One run of `qa index`: what it did, its seconds from start to end and its peak memory."""
    started = perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "qa", "index", str(docs), "--index", str(index), "--json"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
    )
    with child:
        report = json.loads(child.stdout.read() if child.stdout else "")
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    names = ("added", "changed", "moved", "removed", "unchanged", "failed")
    return {
        **{name: len(report[name]) for name in names},
        "passages": report["passages"],
        "embedded": report["embedded"],
        "seconds": perf_counter() - started,
        "peak MB": usage.ru_maxrss / measure.UNIT,
    }


# Many files of which none has changed


def unchanged(work: Path, count: int) -> dict[str, Any]:
    """The time of a sync that finds nothing to do."""
    from benchmarks.letters import Letters
    from index import Index

    docs = work / "docs"
    for n in range(count):
        path = docs / f"{n // 100:03}" / f"{n}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"El documento número {n} habla de la palabra w{n}w.", encoding="utf-8")
    with Index.open(work / "index", create=True, model=Letters()) as index:
        started = perf_counter()
        index.sync(docs)
        built = perf_counter() - started
        # Files that had just been written when they were read are compared by their bytes once.
        started = perf_counter()
        index.sync(docs)
        again = perf_counter() - started
    seconds = []
    for _ in range(5):
        with Index.open(work / "index", model=Letters()) as index:
            started = perf_counter()
            report = index.sync(docs)
            seconds.append(perf_counter() - started)
            assert len(report.unchanged) == count  # noqa: S101  # else the figure means nothing
    return {
        "files": count,
        "built_s": built,
        "first_again_s": again,
        "unchanged_s": measure.median(seconds),
        "target_s": UNCHANGED_S,
    }


if __name__ == "__main__":
    main()
