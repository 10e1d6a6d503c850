"""What a sync has to do: the files of its folders, compared with the documents of the catalog.

Nothing is written here. A file is read only where its entry cannot tell whether it has changed, or
whether it was moved.
"""

import json
import os
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.documents.parts import ReadOptions
from index.documents.permission import BLANK_PICTURE, PICTURE, helps
from index.documents.read import READING
from index.storage.catalog import Catalog, FileStamp, IndexedFile
from index.storage.files import sha256
from index.sync.folders import Listing, listing
from index.sync.scans import by_ocr, helped, without_ocr
from index.text.messages import printable

__all__ = ["DISKS", "File", "Plan", "is_as_before", "plan", "stamped"]

# Some file systems count time in steps of two seconds. A file that changed shortly before it was
# read may change again in the same step.
FRESH = 2_000_000_000  # ns
DISKS = "disks"  # the catalog's key for the device number of each folder
UNMOUNTED = (
    "is empty, and another disk than when it was indexed: mount it; its documents are kept until "
    "qa remove takes them out"
)
UNSURE = -1  # in place of a time of change that tells nothing


@dataclass(frozen=True, slots=True)
class File:
    """A file that is to be read; ``is_indexed`` when it has a document already.

    ``is_outdated``: it is as it was, and was read by an earlier release, or without the OCR that is
    allowed now, or under another name.
    """

    path: str
    id: str
    stamp: FileStamp
    is_indexed: bool
    is_outdated: bool = False


@dataclass(slots=True)
class Plan:
    """The work of a sync, in the order of the files' names."""

    work: list[File] = field(default_factory=list)
    gone: list[IndexedFile] = field(default_factory=list)
    moved: list[tuple[IndexedFile, File]] = field(default_factory=list)
    restamped: list[tuple[IndexedFile, FileStamp]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, FileStamp] = field(default_factory=dict)
    """The files that failed for what is in them: the next sync need not read them again."""

    def refuse(self, source: str, reason: str) -> None:
        """Say why a file has no document; a picture without text is no failure."""
        kind = self.skipped if reason == BLANK_PICTURE else self.failed
        kind[source] = reason

    def problems(self, path: Path) -> tuple[dict[str, str], dict[str, str]]:
        """Of ``failed`` and ``skipped``, what lies in a folder, or is this file."""
        folder = str(path).rstrip(os.sep) + os.sep
        failed, skipped = (
            {
                source: reason
                for source, reason in problems.items()
                if source == str(path) or source.startswith(folder)
            }
            for problems in (self.failed, self.skipped)
        )
        return failed, skipped


def plan(
    catalog: Catalog,
    paths: Sequence[Path],
    excluded_folder: Path,
    options: ReadOptions | None = None,
) -> Plan:
    """Compare folders and files (resolved) with the catalog; a file in two of them counts once.

    A document is gone when its file is. It is also gone when it was indexed from one of these
    folders, and that folder does not show the file any more: it became hidden, or a link.
    Pictures are taken with OCR, and without it those that have a document already. What OCR has
    read of a file that is as it was is kept without it.
    """
    options = options or ReadOptions()
    planned = Plan()
    indexed, duplicates = _indexed_files(catalog, paths)
    folders = {str(path) for path in paths if path.is_dir()}
    listings = [(path, _list(catalog, path, excluded_folder)) for path in paths]
    present = _entries((path, listed.files) for path, listed in listings)
    pictures = _entries((path, listed.pictures) for path, listed in listings)
    unreadable: list[str] = []
    for _, listed in listings:
        planned.failed |= listed.failed
        planned.skipped |= listed.skipped
        unreadable += listed.unreadable_folders
    for source, found in pictures.items():
        if options.ocr or source in indexed:
            present.setdefault(source, found)
    missing = _missing(planned, indexed, present, folders, unreadable)
    planned.gone = [*missing, *duplicates]
    _skip_pictures(planned, missing, present, pictures)
    read = _Read.of(catalog, options)
    new = _compare(planned, indexed, present, read)
    new = _without_lasting_failures(catalog, planned, folders, new, options)
    taken = {indexed[source].id for source in present if source in indexed}
    _assign_ids(catalog, planned, new, taken, read.keep)
    return planned


def _missing(
    planned: Plan,
    indexed: Mapping[str, IndexedFile],
    present: Collection[str],
    folders: Collection[str],
    unreadable: Sequence[str],
) -> list[IndexedFile]:
    """The files of the catalog that their folders do not show any more."""
    return [
        file
        for source, file in indexed.items()
        if source not in present
        and source not in planned.failed
        and not source.startswith(tuple(unreadable))
        and (file.stamp.root in folders or not os.path.lexists(source))
    ]


def _entries(
    listed: Iterable[tuple[Path, Mapping[str, os.stat_result]]],
) -> dict[str, tuple[str, os.stat_result]]:
    """Source -> its root and its entry; a file in two folders counts to the first."""
    entries: dict[str, tuple[str, os.stat_result]] = {}
    for path, files in listed:
        root = str(path if path.is_dir() else path.parent)
        for source, status in files.items():
            entries.setdefault(source, (root, status))
    return entries


def _indexed_files(
    catalog: Catalog, paths: Sequence[Path]
) -> tuple[dict[str, IndexedFile], list[IndexedFile]]:
    """The files of the catalog in these folders, by source.

    Second, further documents of the same files, from a release that allowed them.
    """
    indexed: dict[str, IndexedFile] = {}
    duplicates: dict[str, IndexedFile] = {}
    for path in paths:
        for file in catalog.files(str(path)):
            if indexed.setdefault(file.source, file).id != file.id:
                duplicates[file.id] = file
    return indexed, list(duplicates.values())


def _list(catalog: Catalog, path: Path, excluded_folder: Path) -> Listing:
    """What is in a folder. One that has documents and seems to be unmounted counts as failed."""
    listed = listing(path, excluded_folder)
    disk = json.loads(catalog.get(DISKS) or "{}").get(str(path))
    unmounted = (
        not (listed.files or listed.pictures) and disk is not None and disk != path.stat().st_dev
    )
    if unmounted and catalog.files(str(path)):
        listed.failed[str(path)] = UNMOUNTED
        listed.unreadable_folders.append(f"{str(path).rstrip(os.sep)}{os.sep}")
    return listed


def _compare(
    planned: Plan,
    indexed: dict[str, IndexedFile],
    present: dict[str, tuple[str, os.stat_result]],
    read: "_Read",
) -> list[tuple[str, FileStamp]]:
    """Sort the files into unchanged and changed ones; those without a document are returned."""
    new = []
    for source, (root, status) in present.items():
        stamp = FileStamp(root, status.st_size, status.st_mtime_ns)
        file = indexed.get(source)
        if file is None:
            new.append((source, stamp))
        elif read.is_to_be_read_again(file):
            same = (file.stamp.modified, file.stamp.size) == (stamp.modified, stamp.size)
            outdated = same or is_as_before(file, stamp.size)
            planned.work.append(File(source, file.id, stamp, True, outdated))
        elif file.stamp.modified == stamp.modified and file.stamp.size == stamp.size:
            planned.unchanged.append(file.id)
        elif is_as_before(file, stamp.size):
            planned.unchanged.append(file.id)
            planned.restamped.append((file, stamped(file.stamp.root, status, file.stamp.hash)))
        else:
            planned.work.append(File(source, file.id, stamp, is_indexed=True))
    return new


@dataclass(frozen=True, slots=True)
class _Read:
    """How the documents of the catalog were read, compared with what is allowed now.

    ``keep``: ids of documents that OCR has read, where it is not allowed now. ``complete``: those
    that what is allowed may complete.
    """

    keep: set[str]
    complete: set[str]

    @classmethod
    def of(cls, catalog: Catalog, options: ReadOptions) -> "_Read":
        if options.ocr:
            return cls(set(), without_ocr(catalog) | helped(catalog, options))
        return cls(by_ocr(catalog), helped(catalog, options))

    def is_to_be_read_again(self, file: IndexedFile) -> bool:
        """Whether a file is read although it is as it was."""
        return file.id in self.complete or (file.reading < READING and file.id not in self.keep)


def _skip_pictures(
    planned: Plan,
    missing: Sequence[IndexedFile],
    present: dict[str, tuple[str, os.stat_result]],
    pictures: dict[str, tuple[str, os.stat_result]],
) -> None:
    """Skip the pictures that are no documents; one that a missing file may have become is none."""
    sizes = {(Path(file.source).suffix.lower(), file.stamp.size) for file in missing}
    for source, found in pictures.items():
        if source in present:
            continue
        if (Path(source).suffix.lower(), found[1].st_size) in sizes:
            present[source] = found
        else:
            planned.skipped[printable(source)] = PICTURE


def _without_lasting_failures(
    catalog: Catalog,
    planned: Plan,
    folders: Iterable[str],
    new: list[tuple[str, FileStamp]],
    options: ReadOptions,
) -> list[tuple[str, FileStamp]]:
    """The files without those that failed for what is in them and are as they were then.

    A file that is named itself, and not only its folder, is tried again, as is one that the options
    may help.
    """
    failures: dict[str, tuple[str, FileStamp]] = {}
    for folder in folders:
        failures |= catalog.lasting_failures(folder)
    tried = []
    for source, stamp in new:
        reason, before = failures.get(source, ("", stamp))
        if (
            reason
            and not helps(options, reason)
            and (before.size, before.modified) == (stamp.size, stamp.modified)
        ):
            planned.refuse(source, reason)
            planned.stamps[source] = before
        else:
            tried.append((source, stamp))
    return tried


def is_as_before(file: IndexedFile, size: int) -> bool:
    """Whether a file, now of this size, has the bytes that were indexed; for this it is read."""
    try:
        return file.stamp.size == size and sha256(file.source) == file.stamp.hash
    except OSError:
        return False


def stamped(root: str, status: os.stat_result, digest: str | None) -> FileStamp:
    """A file's stamp; one that changed just now is compared by its bytes the next time."""
    fresh = status.st_mtime_ns > time.time_ns() - FRESH
    return FileStamp(root, status.st_size, UNSURE if fresh else status.st_mtime_ns, digest)


def _assign_ids(
    catalog: Catalog,
    planned: Plan,
    new: Iterable[tuple[str, FileStamp]],
    taken: set[str],
    keep: set[str],
) -> None:
    """Give each new file its id, and find those that are files of the catalog, moved."""
    free = {file.id for file in planned.gone}
    gone_by_size: dict[int, list[IndexedFile]] = {}
    for file in planned.gone:
        if file.stamp.hash:
            gone_by_size.setdefault(file.stamp.size, []).append(file)
    for source, stamp in new:
        id = _new_id(catalog, stamp.root, source, taken, free)
        taken.add(id)
        before = _moved_from(gone_by_size.get(stamp.size, []), source)
        if before is None:
            planned.work.append(File(source, id, stamp, is_indexed=False))
            continue
        gone_by_size[stamp.size].remove(before)
        planned.gone.remove(before)
        # Its bytes were read later than its entry: the next sync is to compare the bytes.
        unsure = FileStamp(stamp.root, stamp.size, UNSURE, before.stamp.hash)
        if _is_title_from_name(before, source) and before.id not in keep:
            planned.work.append(File(source, id, stamp, is_indexed=True, is_outdated=True))
            # No file has this size: if this sync is stopped, the next one reads the file again.
            unsure = FileStamp(stamp.root, UNSURE, UNSURE)
        planned.moved.append((before, File(source, id, unsure, is_indexed=True)))


def _moved_from(gone: Sequence[IndexedFile], source: str) -> IndexedFile | None:
    """Of files that are gone, the one that had this file's bytes and ending, if any."""
    suffix = Path(source).suffix.lower()
    candidates = [file for file in gone if Path(file.source).suffix.lower() == suffix]
    if not candidates:
        return None
    try:
        digest = sha256(source)
    except OSError:
        return None  # reading it will say why
    return next((file for file in candidates if file.stamp.hash == digest), None)


def _is_title_from_name(before: IndexedFile, source: str) -> bool:
    """Whether a document's title may come from its file's name, which is another one now."""
    old_name, new_name = Path(before.source).stem, Path(source).stem
    return old_name != new_name and _letters(before.title or "") == _letters(old_name)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _new_id(catalog: Catalog, root: str, source: str, taken: set[str], free: set[str]) -> str:
    """A new document's id: its path in the folder, with folders above while that is taken.

    ``free``: the ids of documents that are about to be removed.
    """
    file = Path(source)
    for folder in (Path(root), *Path(root).parents):
        id = file.relative_to(folder).as_posix()
        if id not in taken and (id in free or not catalog.has(id)):
            return id
    return source
