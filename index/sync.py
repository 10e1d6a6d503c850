"""Make a catalog equal to folders of files."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.catalog import Catalog, FileStamp
from index.checks import encodable, shown
from index.errors import DocumentError, InputError
from index.types import Document

__all__ = ["Progress", "Report", "Stamped", "sync"]

Progress = Callable[[int, int, str], object]
"""Called with files done, files in all, and the name of the file at hand."""

Stamped = tuple[Document, FileStamp | None]
Write = Callable[[Iterable[Stamped], dict[str, str]], Iterator[int]]
"""Writes documents; yields the passages of each group, and adds what failed by source."""


@dataclass(slots=True)
class Report:
    """What a sync did, by document id; ``failed`` and ``skipped`` by file, with the reason.

    ``skipped`` are files in a folder that are no documents (pictures, programs, ...); ``passages``
    counts those of added and changed documents; ``seconds`` is wall-clock time.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    passages: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    id: str
    stamp: FileStamp
    known: bool


def sync(
    catalog: Catalog, write: Write, paths: Sequence[Path], on_progress: Progress | None = None
) -> Report:
    """Bring the documents of these folders and files in, and take out what is gone from them.

    A file whose size and time of change are as before is not read. One that cannot be read is named
    in the report, the rest is indexed. Raises InputError for a path that does not exist.
    """
    started = time.monotonic()
    for path in paths:
        _require(path)
    report = Report()
    for path in paths:
        _sync_one(catalog, write, path.resolve(), report, on_progress)
    report.seconds = time.monotonic() - started
    return report


def _require(path: Path) -> None:
    try:
        usable = path.is_dir() or path.is_file()
    except OSError as exc:
        raise InputError(f"{shown(str(path))} cannot be read: {exc.strerror}.") from exc
    if not usable:
        raise InputError(f"There is no file or folder {shown(str(path))}: check the path.")
    if not encodable(str(path.resolve())):
        raise InputError(f"{shown(str(path))} has a name that is not UTF-8: rename it.")


def _sync_one(
    catalog: Catalog, write: Write, path: Path, report: Report, on_progress: Progress | None
) -> None:
    whole = path.is_dir()
    root = path if whole else path.parent
    files = catalog.files(str(root))
    ids = {source: id for id, (source, *_) in files.items()}
    failed: dict[str, str] = {}
    closed: list[str] = []  # folders that could not be looked into: their documents stay
    work: list[_File] = []
    seen: set[str] = set()
    for found in _files(path, report, failed, closed):
        id = ids.get(str(found)) or _id(catalog, root, found, seen)
        seen.add(id)
        try:
            status = found.stat()
        except OSError as exc:
            failed[str(found)] = exc.strerror or "cannot be read"
            continue
        stamp = FileStamp(str(root), status.st_size, status.st_mtime_ns)
        if files.get(id, ())[1:] == (stamp.size, stamp.modified):
            report.unchanged.append(id)
        else:
            work.append(_File(found, id, stamp, id in files))
    report.passages += sum(write(_read(work, failed, on_progress), failed))
    lost = [file.id for file in work if str(file.path) in failed]
    gone = [id for id in sorted(files) if id not in seen] if whole else []
    gone = [id for id in gone if not files[id][0].startswith(tuple(closed))]
    with catalog.transaction():
        catalog.remove([*gone, *lost])
        catalog.advance()
        catalog.record_failures(str(root), failed, None if whole else str(path))
    report.removed += gone
    report.failed |= failed
    for file in work:
        if file.id not in lost:
            (report.changed if file.known else report.added).append(file.id)


def _files(path: Path, report: Report, failed: dict[str, str], closed: list[str]) -> Iterator[Path]:
    """The documents in a folder, in order of their names; a file that is named is taken as it is.

    Hidden files and folders are passed over, and links are not followed: they may lead out of the
    folder, or in a circle.
    """
    from index.documents import SUFFIXES

    def close(error: OSError) -> None:
        folder = str(error.filename)
        closed.append(f"{folder}{os.sep}")
        failed[shown(folder)] = f"cannot be looked into ({error.strerror}); check its permissions"

    if path.is_file():
        yield path
        return
    for folder, folders, names in os.walk(path, onerror=close):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder, name)
            if name.startswith("."):
                continue
            if file.is_symlink() or not file.is_file():
                report.skipped[shown(str(file))] = "is a link or a device, not a file"
            elif file.suffix.lower() not in SUFFIXES:
                report.skipped[shown(str(file))] = "is not a document of a known format"
            elif not encodable(str(file)):
                failed[shown(str(file))] = "has a name that is not UTF-8; rename it"
            else:
                yield file


def _id(catalog: Catalog, root: Path, file: Path, taken: set[str]) -> str:
    """A new document's id: its path in the folder, led by folders above while that is taken."""
    ids = (file.relative_to(folder).as_posix() for folder in (root, *root.parents))
    free = (id for id in ids if id not in taken and catalog.owner(id) is None)
    return next(free, str(file))


def _read(
    work: Sequence[_File], failed: dict[str, str], on_progress: Progress | None
) -> Iterator[Stamped]:
    from index.documents import read_document  # brings the converters along

    for done, file in enumerate(work):
        if on_progress:
            on_progress(done, len(work), file.path.name)
        try:
            yield read_document(file.path, file.id), file.stamp
        except DocumentError as exc:
            failed[str(file.path)] = exc.reason
    if on_progress and work:
        on_progress(len(work), len(work), "")
