"""Things that people want of the chat, done in Chromium: clicks, keystrokes and seconds each.

    python -m benchmarks.tasks [--only WORDS] [--shots FOLDER] [--json] [--out FILE]

The real server runs over made-up documents of a town hall. A click is one of the mouse, or the
Enter that sends what was typed; the system's dialog for files counts as two. The seconds are those
of the machine: nobody reads or thinks in between. Exit status 1 where somebody did not get what
they wanted, or needed more than six clicks. --shots takes the pictures of docs/screenshots instead.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import measure
from benchmarks.person import Person, Site
from benchmarks.task_files import write_files
from benchmarks.task_scripts import MOST_CLICKS, TASKS, Task

__all__ = ["done", "main", "site"]


@contextmanager
def site(work: Path) -> Iterator[Site]:
    """A chat over the made-up documents, in a process of its own."""
    from index import Index

    write_files(work / "ayuntamiento")
    with Index.open(work / "index", create=True) as index:
        index.sync(work / "ayuntamiento")
    qa = (sys.executable, "-m", "qa")
    folder = ("--index", str(work / "index"))

    def verify(report: Path) -> str:
        command = [*qa, "verify-report", str(report), *folder]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    with (
        (work / "errors.txt").open("w", encoding="utf-8") as errors,
        subprocess.Popen(
            [*qa, "web", "--port", "0", *folder], stdout=subprocess.PIPE, stderr=errors, text=True
        ) as server,
    ):
        try:
            address = server.stdout.readline().strip() if server.stdout else ""
            yield Site(address, work / "index", verify)
        finally:
            server.kill()


def done(task: Task, person: Person) -> str:
    """The words that the person has got."""
    person.fresh(task.width, task.path)
    return task.run(person)


def _row(task: Task, person: Person) -> dict[str, Any]:
    try:
        got = done(task, person)
        is_got = all(words in got for words in task.wanted)
    except AssertionError as exc:
        print(f"{task.name}: {exc}", file=sys.stderr)
        is_got = False
    return {
        "task": task.name,
        "pixels": task.width,
        "clicks": person.clicks,
        "keystrokes": person.keys,
        "seconds": round(person.seconds, 1),
        "got it": is_got,
    }


def main() -> None:
    """Do each task once."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", help="tasks with these words in their names")
    parser.add_argument("--shots", type=Path, help="take pictures of the page into this folder")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder, site(Path(folder)) as chat:
        person = Person(chat, Path(folder) / "person")
        try:
            if arguments.shots:
                from benchmarks.screenshots import take

                take(person, arguments.shots)
                return
            chosen = [task for task in TASKS if arguments.only.lower() in task.name.lower()]
            rows = [_row(task, person) for task in chosen]
        finally:
            person.close()
    if not arguments.json:
        measure.table("Tasks", rows)
    measure.save({"tasks": rows}, as_json=arguments.json, out=arguments.out)
    if not all(row["got it"] and row["clicks"] <= MOST_CLICKS for row in rows):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
