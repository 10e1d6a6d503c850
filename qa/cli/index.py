"""The commands that make an index and look after it, and the one that exports its model."""

import sys
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from index.arguments import path_of, require_ocr
from index.errors import IndexLockedError, InputError
from qa.cli import printing
from qa.cli.options import DEFAULT_INDEX, IndexOption, JsonOption, ModelOption, ReaderOption

if TYPE_CHECKING:
    from index import Index
    from index.sync.sync import Progress, Report, Step

__all__ = ["export", "index", "remove", "status", "upgrade", "verify"]

STOPPED = 130  # the exit status of a program that Ctrl-C ended

Result = TypeVar("Result")

Paths = Annotated[list[str], typer.Argument(help="Folders and files to index.")]
Documents = Annotated[list[str], typer.Argument(help="Ids of documents (see qa status).")]
Ocr = Annotated[
    bool, typer.Option("--ocr", help="Read scanned pages, and pictures of pages, by OCR (slow).")
]
Passwords = Annotated[
    list[str] | None,
    typer.Option(
        "--password",
        metavar="TEXT",
        help="Open locked PDF files with it (repeat it for more). It is not kept; with a changed "
        "file it is needed again.",
    ),
]
Ray = Annotated[
    str | None,
    typer.Option(
        "--ray",
        metavar="ADDRESS",
        help="Read and embed on a Ray cluster, HOST:PORT; local starts one on this machine.",
    ),
]
Engine = Annotated[
    str | None,
    typer.Option(
        "--engine",
        metavar="ADDRESS",
        help="What searches a new index, if not its own: milvus://HOST:19530, or "
        "milvus:///FOLDER/FILE.db (the token: MILVUS_TOKEN).",
    ),
]
Watch = Annotated[bool, typer.Option("--watch", help="Keep in step with changes until Ctrl-C.")]
NewFolder = Annotated[Path, typer.Argument(help="A folder to be made.")]
BundledModel = Annotated[str, typer.Option(help="base or small.")]


def index(  # noqa: PLR0913, PLR0917  # each is an option
    paths: Paths,
    folder: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    ocr: Ocr = False,
    password: Passwords = None,
    ray: Ray = None,
    engine: Engine = None,
    watch: Watch = False,
    as_json: JsonOption = False,
) -> int:
    """Index documents, or bring the index in step with them."""
    from index import Index
    from index.sync.cluster import cluster

    folders = [path_of(path) for path in paths]
    for path in folders:
        # Checked first: a wrong path must not leave an empty index folder behind.
        if not path.exists():
            raise InputError(f"There is no file or folder {path}: check the path.")
    if watch and as_json:
        raise InputError("--watch has no end and --json prints one document: use one of them.")
    if ocr:
        require_ocr()  # Also before a folder is made.
    sync = partial(_sync, paths=folders, ocr=ocr, passwords=password or [], ray=ray)
    # The cluster first: one that does not answer must leave no folder behind either.
    with cluster(ray), Index.open(folder, create=True, model=model, engine=engine) as opened:
        if watch:
            return _watch(opened, folders, sync)
        report = sync(opened)
    if report is None:
        return STOPPED
    printing.report(report, as_json=as_json)
    return 2 if report.failed else 0


def status(
    folder: IndexOption = DEFAULT_INDEX, reader: ReaderOption = None, as_json: JsonOption = False
) -> int:
    """Say what is in the index, which files could not be read, and what has changed since."""
    from index import Index
    from qa.calibration.standing import standing
    from qa.readers.described import describe

    with Index.open(folder) as opened:
        health = opened.health()
        documents = opened.documents()
        model = opened.identity
        warning, place = opened.warning, opened.path
        answers = standing(opened, describe(reader, model))
    printing.status(health, documents, answers, index=str(place), model=model, as_json=as_json)
    if warning and not as_json:
        printing.say(warning)
    return 0


def verify(folder: IndexOption = DEFAULT_INDEX, as_json: JsonOption = False) -> int:
    """Prove that index and folders agree, reading all of both; status 1 where they do not."""
    from index import Index

    with Index.open(folder) as opened:
        verification = opened.verify()
    printing.verification(verification, as_json=as_json)
    return 1 if verification.problems else 0


def remove(documents: Documents, folder: IndexOption = DEFAULT_INDEX) -> int:
    """Take documents out of the index; their files stay."""
    from index import Index

    with Index.open(folder) as opened:
        if missing := [id for id in documents if not opened.has(id)]:
            raise InputError(f"There is no document {missing[0]}: qa status lists them.")
        removed = opened.remove(documents)
    printing.say(f"{removed} removed", error=True)
    return 0


def upgrade(folder: IndexOption = DEFAULT_INDEX, model: ModelOption = None) -> int:
    """Embed an index anew that was made with other weights of its model, as an earlier qa had."""
    from index import Index

    with Index.open(folder, model=model) as opened:
        outdated = opened.warning is not None
        embedded = _until_stopped(opened.upgrade)
    if embedded is None:
        return STOPPED
    message = "Nothing to do: it has these weights"
    printing.say(f"{embedded} passages embedded anew" if outdated else message, error=True)
    return 0


def export(folder: NewFolder, model: BundledModel = "base") -> int:
    """Write a bundled model as a sentence-transformers folder."""
    from index.embedders.export import export as write

    write(folder, model)
    printing.say(f"Written: SentenceTransformer({str(folder)!r}) loads it.", error=True)
    return 0


def _sync(
    opened: "Index", paths: list[Path], *, ocr: bool, passwords: list[str], ray: str | None
) -> "Report | None":
    """One sync, with a bar on a terminal; None when the user stopped it."""
    # What Ray says of its workers is no result.
    with redirect_stdout(sys.stderr) if ray else nullcontext():
        return _until_stopped(
            lambda on_progress: opened.sync(
                *paths, ocr=ocr, passwords=passwords, ray=ray, on_progress=on_progress
            )
        )


def _until_stopped(work: Callable[["Progress"], Result]) -> Result | None:
    """The result of long work, with a bar on a terminal; None when the user stopped it."""
    last_step: Step | None = None
    try:
        with printing.progress_bar() as draw:

            def on_progress(step: "Step") -> None:
                nonlocal last_step
                last_step = step
                draw(step)

            return work(on_progress)
    except KeyboardInterrupt:
        done = ""
        if last_step and last_step.of:
            done = f": {last_step.files} of {last_step.of} files are done"
        printing.say(f"qa: Stopped{done}; the same command goes on from there.", error=True)
        return None


def _watch(opened: "Index", paths: list[Path], sync: Callable[["Index"], "Report | None"]) -> int:
    from index.sync.watch import changes

    is_first = True
    try:
        for _ in changes(paths, opened.folder):
            try:
                report = sync(opened)
            except IndexLockedError as exc:
                # Another process writes. The next change of a file leads to the next attempt.
                printing.say(f"qa: {exc}", error=True)
                continue
            if report is None:
                return STOPPED
            if is_first or report.added or report.changed or report.moved or report.removed:
                printing.report(report)
                if is_first:
                    printing.say("Watching; Ctrl-C ends.", error=True)
            is_first = False
    except KeyboardInterrupt:
        pass  # This is how watching ends.
    return 0
