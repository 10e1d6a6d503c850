"""Files that hold files: mails, mailboxes and archives. What is in them become documents too.

All is read in memory, one inner file at a time, with limits; no inner path touches the disk.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from index.documents.parts import Attachment, ConversionError, ReadOptions
from index.documents.permission import PICTURE, PICTURES
from index.documents.read import (
    MAX_BYTES,
    PICTURE_SUFFIXES,
    SUFFIXES,
    file_bytes,
    read_bytes,
)
from index.errors import DocumentError
from index.text.names import numbered
from index.types import Document, Notice, NoticeKind

__all__ = ["CONTAINERS", "Contents", "read_documents"]

CONTAINERS = frozenset((".eml", ".emlx", ".mbox", ".msg", ".zip"))
MAX_DEPTH = 2  # of files in files in the file
MAX_MEMBERS = 10_000
MAX_TOTAL = 1 << 30  # bytes of all inner files
_MAX_NAMED = 20  # inner files that cannot be read are named, the others counted
_MAX_LISTED = 5  # names in one notice
_MEMORY = "needs more memory than a file may take; split it into smaller files"


def read_documents(path: Path, id: str, options: ReadOptions | None = None) -> list[Document]:
    """The document of a file, and then those of the files in it, at any depth.

    Their ids and sources are those of the file, a slash and the path inside. The notices of the
    first name what could not be read. Raises DocumentError as `index.documents.read.read_document`.
    """
    contents = Contents(path, id, options or ReadOptions())
    members = [found for found in contents.members() if isinstance(found, Document)]
    return [contents.own(), *members]


@dataclass(slots=True)
class Contents:
    """The reading of one file with all that is in it.

    ``failed`` are the ids of inner files that are known to fail, and why; ``known`` those that have
    been read already: neither is read again.
    """

    path: Path
    id: str
    options: ReadOptions
    failed: Mapping[str, str] = field(default_factory=dict)
    known: Collection[str] = ()
    _own: Document | None = None
    _lost: list[str] = field(default_factory=list)
    _unknown: list[str] = field(default_factory=list)
    _pictures: list[str] = field(default_factory=list)
    _deep: list[str] = field(default_factory=list)
    _beyond: int = 0
    _ids: set[str] = field(default_factory=set)
    _count: int = 0
    _bytes: int = 0

    def members(self) -> Iterator[str | Document]:
        """Of each inner file its id, before it is read, and its document, if it has one.

        Raises DocumentError where the file itself cannot be read.
        """
        self._own, inner = read_bytes(file_bytes(self.path), self.path, self.id, self.options)
        yield from self._within(inner, self.id, 1)

    def own(self) -> Document:
        """The file's own document, when `members` is exhausted."""
        assert self._own is not None  # noqa: S101  # members() sets it or raises
        return replace(self._own, notices=(*self._own.notices, *self._notices()))

    def _within(
        self, attachments: Sequence[Attachment], above: str, depth: int
    ) -> Iterator[str | Document]:
        for attachment in attachments:
            id = self._new_id(f"{above}/{attachment.name}")
            suffix = PurePosixPath(id).suffix.lower()
            if suffix in PICTURE_SUFFIXES and not self.options.ocr:
                self._pictures.append(self._inside(id))
            elif suffix not in SUFFIXES and suffix not in PICTURE_SUFFIXES:
                self._unknown.append(self._inside(id))
            elif depth > MAX_DEPTH:
                self._deep.append(self._inside(id))
            elif self._count == MAX_MEMBERS or self._bytes > MAX_TOTAL:
                self._beyond += 1
            elif id in self.failed:
                self._lost.append(f"{self._inside(id)} {self.failed[id]}")
            elif id not in self.known or suffix in CONTAINERS:
                yield from self._member(attachment, id, depth)

    def _member(self, attachment: Attachment, id: str, depth: int) -> Iterator[str | Document]:
        self._count += 1
        yield id
        source = Path(f"{self.path}/{self._inside(id)}")
        try:
            document, inner = read_bytes(self._bytes_of(attachment), source, id, self.options)
        except MemoryError:
            self._lost.append(f"{self._inside(id)} {_MEMORY}")
            return
        except DocumentError as exc:
            self._lost.append(f"{self._inside(id)} {exc.reason}")
            return
        except ConversionError as exc:
            self._lost.append(f"{self._inside(id)} {exc}")
            return
        # Whatever a converter raises on a damaged file must fail that file only.
        except Exception as exc:  # noqa: BLE001
            reason = f"cannot be converted ({type(exc).__name__}); save it anew"
            self._lost.append(f"{self._inside(id)} {reason}")
            return
        if id not in self.known:
            yield document
        yield from self._within(inner, id, depth + 1)

    def _bytes_of(self, attachment: Attachment) -> bytes:
        data = attachment.read()
        self._bytes += len(data)
        if len(data) > MAX_BYTES:
            raise ConversionError(f"is larger than {MAX_BYTES >> 20} MB; unpack it")
        return data

    def _inside(self, id: str) -> str:
        return id.removeprefix(f"{self.id}/")

    def _new_id(self, id: str) -> str:
        """The id, or with a number where another has it."""
        new = numbered(id, self._ids.__contains__)
        self._ids.add(new)
        return new

    def _notices(self) -> Iterator[Notice]:
        for sentence in self._lost[:_MAX_NAMED]:
            yield Notice(NoticeKind.LOST, sentence)
        more = len(self._lost) - _MAX_NAMED
        if more > 0:
            yield Notice(NoticeKind.LOST, f"{more} more files in it cannot be read")
        if self._deep:
            text = (
                f"{_listed(self._deep)} {_are(self._deep)} too deep inside; unpack what holds them"
            )
            yield Notice(NoticeKind.LOST, text)
        if self._beyond:
            text = f"{self._beyond} files in it are beyond the limits; split it into smaller ones"
            yield Notice(NoticeKind.LOST, text)
        if self._pictures:
            are = PICTURE if len(self._pictures) == 1 else PICTURES
            yield Notice(NoticeKind.OTHER, f"{_listed(self._pictures)} {are}")
        if self._unknown:
            text = f"{_listed(self._unknown)} {_are(self._unknown)} of no known format"
            yield Notice(NoticeKind.OTHER, text)


def _listed(names: Sequence[str]) -> str:
    """The number of files and the first names."""
    shown = ", ".join(names[:_MAX_LISTED])
    shown += ", ..." if len(names) > _MAX_LISTED else ""
    return f"{len(names)} {'file' if len(names) == 1 else 'files'} in it ({shown})"


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
