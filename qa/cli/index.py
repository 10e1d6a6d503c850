"""The commands that make an index and look after it."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from index.errors import IndexLockedError, InputError
from qa.cli.options import DEFAULT_INDEX, IndexOption, JsonOption, ModelOption

if TYPE_CHECKING:
    from index import Index
    from index.sync.health import Health
    from index.sync.sync import Progress, Report, Step

__all__ = ["index", "remove", "status", "upgrade", "verify"]

Done = TypeVar("Done")

_SHOWN = 20  # files of one kind that are listed; --json lists all

Watch = Annotated[bool, typer.Option("--watch", help="Keep in step with changes until Ctrl-C.")]


def index(
    paths: Annotated[list[Path], typer.Argument(help="Folders and files to index.")],
    folder: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    watch: Watch = False,
    as_json: JsonOption = False,
) -> int:
    """Index documents, or bring the index in step with them."""
    from index import Index

    for path in paths:
        # Said before an index folder is made for nothing.
        if not path.exists():
            raise InputError(f"There is no file or folder {path}: check the path.")
    if watch and as_json:
        raise InputError("--watch has no end and --json prints one document: use one of them.")
    with Index.open(folder, create=True, model=model) as opened:
        if watch:
            return _watch(opened, paths)
        done = _sync(opened, paths)
        if done is None:
            return 130
    _print_report(done, as_json=as_json)
    return 2 if done.failed else 0


def status(folder: IndexOption = DEFAULT_INDEX, as_json: JsonOption = False) -> int:
    """Say what is in the index, which files could not be read, and what has changed since."""
    from index import Index
    from qa.cli import printing

    with Index.open(folder) as opened:
        health = opened.health()
        documents = opened.documents()
        model = opened.identity
        warning = opened.warning
    if as_json:
        state = asdict(health) | {
            "index": str(folder),
            "model": model,
            "documents": [asdict(info) for info in documents],
        }
        printing.as_document(state)
        return 0
    say = printing.say
    size = f"{health.size / 1e6:,.1f} MB"
    say(f"{folder}: {health.documents} documents, {health.passages} passages, {size}")
    say(f"model: {model}")
    for info in documents:
        say(f"  {info.id}  {info.language or '?'}  {info.passages} passages  {info.title or ''}")
    _print_health(health)
    if warning:
        say(warning)
    return 0


def verify(folder: IndexOption = DEFAULT_INDEX, as_json: JsonOption = False) -> int:
    """Prove that index and folders agree, reading all of both; status 1 where they do not."""
    from index import Index
    from qa.cli import printing

    with Index.open(folder) as opened:
        found = opened.verify()
    if as_json:
        printing.as_document(asdict(found))
    else:
        for problem in found.problems:
            printing.say(problem)
        checked = f"{found.documents} documents, {found.passages} passages, {found.files} files"
        verdict = f"{len(found.problems)} problems" if found.problems else "all agree"
        printing.say(f"{checked}: {verdict}", error=True)
    return 1 if found.problems else 0


def remove(
    documents: Annotated[list[str], typer.Argument(help="Ids of documents (see qa status).")],
    folder: IndexOption = DEFAULT_INDEX,
) -> int:
    """Take documents out of the index; their files stay."""
    from index import Index
    from qa.cli import printing

    with Index.open(folder) as opened:
        if unknown := [id for id in documents if not opened.has(id)]:
            raise InputError(f"There is no document {unknown[0]}: qa status lists them.")
        removed = opened.remove(documents)
    printing.say(f"{removed} removed", error=True)
    return 0


def upgrade(folder: IndexOption = DEFAULT_INDEX, model: ModelOption = None) -> int:
    """Embed an index anew that was made with other weights of its model, as an earlier qa had."""
    from index import Index
    from qa.cli import printing

    with Index.open(folder, model=model) as opened:
        outdated = opened.warning is not None
        done = _stoppable(opened.upgrade)
    if done is None:
        return 130
    said = f"{done} passages embedded anew" if outdated else "Nothing to do: it has these weights"
    printing.say(said, error=True)
    return 0


def _sync(opened: "Index", paths: list[Path]) -> "Report | None":
    """One sync, with a bar on a terminal; None when the user stopped it."""
    return _stoppable(lambda tell: opened.sync(*paths, on_progress=tell))


def _stoppable(work: Callable[["Progress"], Done]) -> Done | None:
    """What long work gives, with a bar on a terminal; None when the user stopped it."""
    from qa.cli import printing

    last: list[Step] = []
    try:
        with _progress() as bar:

            def tell(step: "Step") -> None:
                last[:] = [step]
                bar(step)

            return work(tell)
    except KeyboardInterrupt:
        files = last and last[0].of
        done = f": {last[0].files} of {last[0].of} files are done" if files else ""
        printing.say(f"qa: Stopped{done}; the same command goes on from there.", error=True)
        return None


def _watch(opened: "Index", paths: list[Path]) -> int:
    from index.sync.watch import changes
    from qa.cli import printing

    first = True
    try:
        for _ in changes(paths, opened.path):
            try:
                done = _sync(opened, paths)
            except IndexLockedError as exc:
                # The writer that holds it leaves changes behind, which are told and seen.
                printing.say(f"qa: {exc}", error=True)
                continue
            if done is None:
                return 130
            if first or done.added or done.changed or done.moved or done.removed:
                _print_report(done)
                if first:
                    printing.say("Watching; Ctrl-C ends.", error=True)
            first = False
    except KeyboardInterrupt:
        pass  # It is how watching ends.
    return 0


@contextmanager
def _progress() -> Iterator["Progress"]:
    """A bar on standard error, only on a terminal: files, passages a second, time left."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[done]}"))
    started = time.monotonic()
    with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Indexing", total=1.0, done="")

        def tell(step: "Step") -> None:
            rate = step.embedded / max(time.monotonic() - started, 0.1)
            done = f"{step.files}/{step.of} files, " if step.of else "embedding anew, "
            done += f"{rate:.0f} passages/s"
            name = "".join(filter(str.isprintable, step.name))[:40].replace("[", "(")
            bar.update(task, completed=step.share, description=name or "Indexing", done=done)

        yield tell


def _print_report(done: "Report", *, as_json: bool = False) -> None:
    """What a sync did; on standard error, for nothing was asked."""
    from qa.cli import printing

    if as_json:
        printing.as_document(asdict(done))
        return
    names = ("added", "changed", "moved", "removed", "unchanged")
    parts = [f"{len(getattr(done, name))} {name}" for name in names]
    for source, reason in done.failed.items():
        printing.say(f"not indexed: {source}: {reason}", error=True)
    if done.skipped:
        parts.append(f"{len(done.skipped)} skipped (no documents)")
    parts.append(f"{len(done.failed)} failed")
    passages = f"{done.passages} passages, {done.embedded} of them embedded"
    if done.renewed:
        passages += f", {done.renewed} embedded anew with other weights"
    printing.say(f"{', '.join(parts)}; {passages}, in {done.seconds:.1f} s", error=True)


def _print_health(health: "Health") -> None:
    from qa.cli import printing

    for folder, when in health.folders.items():
        printing.say(f"in step with {folder} on {when}")
    kinds = {
        "not indexed": [f"{source}: {reason}" for source, reason in health.failed.items()],
        "skipped": [f"{source}: {reason}" for source, reason in health.skipped.items()],
        "changed since": health.changed,
        "new since": health.new,
        "gone since": health.gone,
        "moved since": health.moved,
        "pages without text": [
            f"{id}: {', '.join(map(str, pages))}" for id, pages in health.empty_pages.items()
        ],
    }
    for kind, found in kinds.items():
        for one in found[:_SHOWN]:
            printing.say(f"  {kind}: {one}")
        if len(found) > _SHOWN:
            printing.say(f"  {kind}: and {len(found) - _SHOWN} more (--json lists them)")
    if health.unpublished:
        printing.say(f"  {health.unpublished} passages are not in the file of vectors yet")
    if health.interrupted:
        printing.say("  the last sync was stopped: run qa index again")
    if health.changed or health.new or health.gone or health.moved:
        printing.say("run qa index again to bring the index in step")
