"""The files of an index: the one that a document came from, and whether it is as it was indexed."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from index.documents.read import MAX_BYTES, PICTURE_SUFFIXES

if TYPE_CHECKING:
    from index import Index

__all__ = ["CHANGED", "GONE", "Original", "ViewError", "entry_of", "original_of", "verified"]

GONE, CHANGED = "gone", "changed"
_CHUNK = 1 << 20


class ViewError(Exception):
    """A file or page cannot be shown; its text is the reason, in one word."""


@dataclass(frozen=True, slots=True)
class Original:
    """The file of a document, by the index's own record; ``hash`` is the SHA-256 of its bytes.

    ``is_container``: the document is only a part of it, as a file in an archive or a mail.
    """

    path: Path
    hash: str
    is_container: bool = False

    @property
    def name(self) -> str:
        """The file's name, without its folders."""
        return self.path.name

    @property
    def has_pages(self) -> bool:
        """Whether there may be pictures of its pages."""
        suffix = self.path.suffix.lower()
        return not self.is_container and (suffix == ".pdf" or suffix in PICTURE_SUFFIXES)


def original_of(index: "Index", id: str) -> Original | None:
    """The file that the document with this id was read from; None for one that has none."""
    container = index.catalog.containers([id]).get(id)
    owner = container or id
    origin = index.origins([owner]).get(owner)
    if origin is None or not origin.source:
        return None
    for file in index.catalog.files(origin.source):
        if file.id == owner and file.stamp.hash:
            return Original(Path(file.source), file.stamp.hash, container is not None)
    return None


def verified(path: Path, digest: str) -> BinaryIO:
    """The open file, at its start, if it has the bytes of this hash; else raises ViewError."""
    try:
        # A pipe or a device that has taken its place is not waited for.
        file = os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb")
    except OSError as exc:
        raise ViewError(GONE) from exc
    try:
        reason = "" if _has(file, digest) else CHANGED
        file.seek(0)
    except OSError:
        reason = GONE
    if reason:
        file.close()
        raise ViewError(reason)
    return file


def _has(file: BinaryIO, digest: str) -> bool:
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
        return False
    found = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    return found.hexdigest() == digest


def entry_of(path: Path) -> tuple[int, int, int]:
    """What tells that a file is as it was a moment ago; raises ViewError where there is none."""
    try:
        status = path.stat()
    except OSError as exc:
        raise ViewError(GONE) from exc
    return status.st_size, status.st_mtime_ns, status.st_ino
