"""What a sync has to do: the files of its folders beside the documents of the catalog.

Nothing is written here, and no file is read but those that seem to be another one's old content.
"""

import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.storage.catalog import Catalog, FileStamp, KnownFile
from index.storage.files import sha256
from index.sync.folders import Listing, listing

__all__ = ["DISKS", "File", "Plan", "is_as_before", "plan", "stamped"]

# Some file systems count time in steps of two seconds: a file that changed so shortly before it
# was read may change again without its time showing it.
FRESH = 2_000_000_000  # ns
DISKS = "disks"  # the catalog's key for the device number of each folder
UNMOUNTED = (
    "is empty, and another disk than when it was indexed: mount it; its documents are kept until "
    "qa remove takes them out"
)
UNSURE = -1  # in place of a time of change that says nothing


@dataclass(frozen=True, slots=True)
class File:
    """A file that is to be read; ``known`` when it has a document already."""

    path: str
    id: str
    stamp: FileStamp
    known: bool


@dataclass(slots=True)
class Plan:
    """The work of a sync, in the order of the files' names."""

    work: list[File] = field(default_factory=list)
    gone: list[KnownFile] = field(default_factory=list)
    moved: list[tuple[KnownFile, File]] = field(default_factory=list)
    restamped: list[tuple[KnownFile, FileStamp]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    stamps: dict[str, FileStamp] = field(default_factory=dict)
    """The files that failed for what is in them: the next sync need not read them again."""

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


def plan(catalog: Catalog, paths: Sequence[Path], without: Path) -> Plan:
    """Compare folders and files (resolved) with the catalog; a file in two of them counts once.

    A document is gone when its file is; or when its folder, looked into anew, does not show it (it
    became hidden, or a link), and it was found from that folder before.
    """
    made = Plan()
    known: dict[str, KnownFile] = {}
    extra: list[KnownFile] = []  # second documents of one file, from a release that allowed them
    found: dict[str, tuple[str, os.stat_result]] = {}
    closed: list[str] = []
    folders: set[str] = set()
    for path in paths:
        files = catalog.files(str(path))
        extra += [one for one in files if known.setdefault(one.source, one).id != one.id]
        looked = _look(catalog, path, without) if files else listing(path, without)
        root = str(path if path.is_dir() else path.parent)
        folders |= {root} if path.is_dir() else set()
        for source, status in looked.files.items():
            found.setdefault(source, (root, status))
        made.failed |= looked.failed
        made.skipped |= looked.skipped
        closed += looked.closed
    unseen = [
        one
        for source, one in known.items()
        if source not in found
        and source not in made.failed
        and not source.startswith(tuple(closed))
        and (one.stamp.root in folders or not os.path.lexists(source))
    ]
    made.gone = [*unseen, *{one.id: one for one in extra}.values()]
    new = _compare(made, known, found)
    failures: dict[str, tuple[str, FileStamp]] = {}
    for folder in folders:  # a file that is named is tried again
        failures |= catalog.lasting_failures(folder)
    new = [one for one in new if not _fails_again(made, failures, *one)]
    _place(catalog, made, new, {known[source].id for source in found if source in known})
    return made


def _look(catalog: Catalog, path: Path, without: Path) -> Listing:
    """What is in a folder that has documents; one that seems to be unmounted keeps them."""
    looked = listing(path, without)
    disk = json.loads(catalog.get(DISKS) or "{}").get(str(path))
    if not looked.files and disk is not None and disk != path.stat().st_dev:
        looked.failed[str(path)] = UNMOUNTED
        looked.closed.append(f"{str(path).rstrip(os.sep)}{os.sep}")
    return looked


def _compare(
    made: Plan, known: dict[str, KnownFile], found: dict[str, tuple[str, os.stat_result]]
) -> list[tuple[str, FileStamp]]:
    """Sort the files into unchanged and changed ones; those without a document are returned."""
    new = []
    for source, (root, status) in found.items():
        stamp = FileStamp(root, status.st_size, status.st_mtime_ns)
        one = known.get(source)
        if one is None:
            new.append((source, stamp))
        elif one.stamp.modified == stamp.modified and one.stamp.size == stamp.size:
            made.unchanged.append(one.id)
        elif is_as_before(one, stamp.size):
            made.unchanged.append(one.id)
            made.restamped.append((one, stamped(one.stamp.root, status, one.stamp.hash)))
        else:
            made.work.append(File(source, one.id, stamp, known=True))
    return new


def _fails_again(
    made: Plan, failures: dict[str, tuple[str, FileStamp]], source: str, stamp: FileStamp
) -> bool:
    """Whether a file failed for what is in it and is as it was then."""
    reason, before = failures.get(source, ("", stamp))
    if not reason or (before.size, before.modified) != (stamp.size, stamp.modified):
        return False
    made.failed[source] = reason
    made.stamps[source] = before
    return True


def is_as_before(known: KnownFile, size: int) -> bool:
    """Whether a file whose time of change says nothing has the bytes that were indexed."""
    try:
        return known.stamp.size == size and sha256(known.source) == known.stamp.hash
    except OSError:
        return False


def stamped(root: str, status: os.stat_result, digest: str | None) -> FileStamp:
    """A file's stamp; one that changed just now is compared by its bytes the next time."""
    fresh = status.st_mtime_ns > time.time_ns() - FRESH
    return FileStamp(root, status.st_size, UNSURE if fresh else status.st_mtime_ns, digest)


def _place(
    catalog: Catalog, made: Plan, new: Iterable[tuple[str, FileStamp]], taken: set[str]
) -> None:
    """Give each new file its id, and find those that are another's old content."""
    free = {one.id for one in made.gone}
    left: dict[int, list[KnownFile]] = {}
    for one in made.gone:
        if one.stamp.hash:
            left.setdefault(one.stamp.size, []).append(one)
    for source, stamp in new:
        id = _id(catalog, stamp.root, source, taken, free)
        taken.add(id)
        before = _before(left.get(stamp.size, []), source)
        if before is None:
            made.work.append(File(source, id, stamp, known=False))
            continue
        left[stamp.size].remove(before)
        made.gone.remove(before)
        # Read at another moment than its entry: the next sync is to compare its bytes.
        unsure = FileStamp(stamp.root, stamp.size, UNSURE, before.stamp.hash)
        if _is_named_so(before, source):
            made.work.append(File(source, id, stamp, known=True))
            # No file has this size: if this sync is stopped, the next one reads it all the same.
            unsure = FileStamp(stamp.root, UNSURE, UNSURE)
        made.moved.append((before, File(source, id, unsure, known=True)))


def _before(candidates: Sequence[KnownFile], source: str) -> KnownFile | None:
    """The document that has this file's bytes and kind of name, if any."""
    kind = Path(source).suffix.lower()
    candidates = [one for one in candidates if Path(one.source).suffix.lower() == kind]
    if not candidates:
        return None
    try:
        digest = sha256(source)
    except OSError:
        return None  # reading it will say why
    return next((one for one in candidates if one.stamp.hash == digest), None)


def _is_named_so(known: KnownFile, source: str) -> bool:
    """Whether a document's title may come from its file's name, which is another now."""
    before, now = Path(known.source).stem, Path(source).stem
    return before != now and _letters(known.title or "") == _letters(before)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _id(catalog: Catalog, root: str, source: str, taken: set[str], free: set[str]) -> str:
    """A new document's id: its path in the folder, led by folders above while that is taken.

    ``free``: the ids of documents that are about to go.
    """
    file = Path(source)
    for folder in (Path(root), *Path(root).parents):
        id = file.relative_to(folder).as_posix()
        if id not in taken and (id in free or catalog.owner(id) is None):
            return id
    return source
