"""What an index holds, file by file: its documents, and why other files are none."""

import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from index.storage.catalog import Catalog, FileStamp
from index.storage.files import sha256
from index.storage.structure import notices_of
from index.types import Notice

__all__ = ["Filed", "Inventory", "Standing", "Unread", "inventory", "standing"]


class Standing(StrEnum):
    """How a document's file is now, beside what was indexed of it."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Filed:
    """A document without its text, and its file as it was when it was indexed.

    ``date`` is the document's own, as YYYY-MM-DD. ``stamp`` is None where it was added by a
    program, or is in the file of another document, whose id ``container`` is.
    """

    id: str
    title: str | None
    source: str | None
    date: str | None
    passages: int
    container: str | None
    notices: tuple[Notice, ...]
    stamp: FileStamp | None


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that has no document, and why; it was ``skipped`` where it is none of a known kind."""

    source: str
    root: str
    reason: str
    skipped: bool


@dataclass(frozen=True, slots=True)
class Inventory:
    """The documents by id, and the files without one by path."""

    documents: list[Filed]
    unread: list[Unread]


def inventory(catalog: Catalog) -> Inventory:
    """Read it from the catalog; no file is looked at."""
    rows = catalog.rows(
        f"SELECT id, title, source, {catalog.dialect.date}, (SELECT count(*) FROM passages"
        " WHERE document = documents.number), container, notices, root, size, modified, file_hash"
        " FROM documents ORDER BY id"
    )
    documents = [
        Filed(id, title, source, date, passages, container, _notices(notices), _stamp(*stamp))
        for id, title, source, date, passages, container, notices, *stamp in rows
    ]
    unread = catalog.rows("SELECT source, root, reason, skipped FROM failures ORDER BY source")
    return Inventory(
        documents,
        [
            Unread(source, root or "", reason, bool(skipped))
            for source, root, reason, skipped in unread
        ],
    )


def _notices(text: str) -> tuple[Notice, ...]:
    return notices_of(text) if text != "[]" else ()  # of most there are none


def _stamp(root: str | None, *stamp: Any) -> FileStamp | None:
    return None if root is None else FileStamp(root, *stamp)


def standing(filed: Filed) -> Standing:
    """Compare a document with its file, which is read only where its entry cannot tell.

    One without a file of its own is the same.
    """
    if filed.stamp is None or filed.source is None:
        return Standing.SAME
    try:
        status = os.stat(filed.source)  # noqa: PTH116  # for speed
    except (FileNotFoundError, NotADirectoryError):
        return Standing.GONE
    except OSError:
        return Standing.SAME  # it may be there, and cannot be looked at now
    if not stat.S_ISREG(status.st_mode):
        return Standing.GONE
    return Standing.SAME if _is_same(filed.source, status, filed.stamp) else Standing.CHANGED


def _is_same(source: str, status: os.stat_result, stamp: FileStamp) -> bool:
    if status.st_size != stamp.size:
        return False
    try:
        return status.st_mtime_ns == stamp.modified or sha256(source) == stamp.hash
    except OSError:
        return True
