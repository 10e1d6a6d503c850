"""The list of what a collection holds: filtered, sorted, and a page of it at a time."""

import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from index.documents.permission import NO_TEXT
from index.sync.inventory import Filed, Standing, Unread, standing
from index.text.folding import fold
from index.types import NoticeKind

if TYPE_CHECKING:
    from index import Index

__all__ = ["ADDED", "AT_ONCE", "Entry", "Listing", "Page", "State", "Wanted", "listed", "now"]

ADDED = "@added"  # in place of the folder's own name
AT_ONCE = 100  # entries of one page
_FOLDERS = 500  # to choose from
_INCOMPLETE = (NoticeKind.LOST, NoticeKind.NO_TEXT)
_TEXTLESS = (NO_TEXT, "has no text; check the file", "has no text to index")


class State(StrEnum):
    """What became of a file."""

    INDEXED = "indexed"
    CHANGED = "changed"  # since it was indexed
    GONE = "gone"
    NO_TEXT = "no_text"
    FAILED = "failed"
    SKIPPED = "skipped"


_OF_DOCUMENTS = {State.INDEXED, State.CHANGED, State.GONE}


@dataclass(frozen=True, slots=True)
class Entry:
    """A document, or a file that is none; ``id`` is None there, and ``reasons`` say why.

    ``folder`` begins with the name of the folder that was indexed; where that lies is not told.
    It is ADDED for what was added on the page. ``date`` is the document's own, ``day`` that or the
    file's, both as YYYY-MM-DD. ``key`` names in a request what can be removed. Of a document,
    ``reasons`` are what of its file is not in it. ``source`` and ``filed`` stay on the server.
    """

    key: str
    id: str | None
    name: str
    title: str | None
    folder: str
    state: State
    passages: int
    date: str | None
    day: str
    size: int | None
    reasons: tuple[str, ...]
    uploaded: bool
    container: str | None
    folded: str
    source: str
    filed: Filed | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries, in which order, from which one on."""

    words: str = ""
    folder: str = ""
    state: str = ""
    since: str = ""
    until: str = ""
    sort: str = "name"
    descending: bool = False
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of all that are wanted, of which there are ``total``; ``whole`` counts all."""

    entries: list[Entry]
    total: int
    whole: int
    folders: list[str]
    states: dict[str, int]


_ORDER: Final[dict[str, Callable[[Entry], Any]]] = {
    "name": lambda entry: fold(entry.title or entry.name),
    "folder": lambda entry: fold(entry.folder),
    "state": lambda entry: (entry.state.value, entry.passages),
    "date": lambda entry: entry.day,
    "size": lambda entry: entry.size or 0,
}


class Listing:
    """What an index holds. The catalog is read anew when it has changed. Safe for threads."""

    def __init__(self, index: "Index", uploads: Path) -> None:
        self._index = index
        self._uploads = str(uploads.resolve()) + os.sep
        self._lock = Lock()
        self._read: tuple[Any, list[Entry]] | None = None
        self._by_source: dict[str, Entry] = {}
        self._inside: Counter[str | None] = Counter()

    def entries(self) -> list[Entry]:
        """All, by id, and then the files that are no documents."""
        with self._lock:
            state = (self._index.state, self._index.catalog.version())
            if self._read is None or self._read[0] != state:
                held = self._index.inventory()
                entries = [self._of_document(filed) for filed in held.documents]
                entries += [self._of_unread(unread) for unread in held.unread]
                self._by_source = {entry.source: entry for entry in entries}
                self._inside = Counter(entry.container for entry in entries)
                self._read = state, entries
            return self._read[1]

    def page(self, wanted: Wanted, only: Collection[str] | None = None) -> Page:
        """A page of what is wanted; ``only``: the ids of documents to choose from.

        The files of a page are looked at; those of all only for the states of documents.
        """
        whole = self.entries()
        found = [entry for entry in whole if _fits(entry, wanted)]
        if only is not None:
            found = [entry for entry in found if entry.id in only]
        if wanted.state in _OF_DOCUMENTS:
            found = [now(entry) for entry in found]
        if wanted.state:
            found = [entry for entry in found if entry.state == wanted.state]
        found.sort(key=_ORDER.get(wanted.sort, _ORDER["name"]), reverse=wanted.descending)
        shown = found[wanted.offset : wanted.offset + AT_ONCE]
        folders = sorted({entry.folder for entry in whole if entry.folder})[:_FOLDERS]
        states = Counter(entry.state.value for entry in whole)
        return Page([now(entry) for entry in shown], len(found), len(whole), folders, dict(states))

    def find(self, key: str) -> Entry | None:
        """The entry of this key, as its file is now; None where there is none."""
        return next((now(entry) for entry in self.entries() if key and entry.key == key), None)

    def at(self, path: Path) -> Entry | None:
        """The entry of a file, as it is now; None where nothing is known of it yet."""
        self.entries()
        entry = self._by_source.get(str(path))
        return now(entry) if entry else None

    def inside(self, id: str) -> int:
        """How many documents are in the file of this one."""
        self.entries()
        return self._inside[id]

    def _of_document(self, filed: Filed) -> Entry:
        source = filed.source or filed.id
        name = PurePosixPath(source.replace("\\", "/")).name or filed.id
        root = filed.stamp.root if filed.stamp else ""
        uploaded = source.startswith(self._uploads)
        folder = ADDED if uploaded else _folder(source, root) if root else ""
        if filed.container:  # in another document's file, whose name is the folder
            folder = filed.id.rpartition("/")[0]
        modified = filed.stamp.modified / 1e9 if filed.stamp else None
        if modified is not None and modified < 0:  # its entry told nothing then
            modified = _modified(source)
        reasons = tuple(one.text for one in filed.notices if one.kind in _INCOMPLETE)
        return Entry(
            key=f"d:{filed.id}",
            id=filed.id,
            name=name,
            title=filed.title if filed.title != name else None,
            folder=folder,
            state=State.INDEXED,
            passages=filed.passages,
            date=filed.date,
            day=filed.date or _day(modified),
            size=filed.stamp.size if filed.stamp and filed.stamp.size >= 0 else None,
            reasons=reasons,
            uploaded=uploaded,
            container=filed.container,
            folded=fold(f"{filed.title or ''} {name} {folder}"),
            source=source,
            filed=filed,
        )

    def _of_unread(self, unread: Unread) -> Entry:
        name = PurePosixPath(unread.source.replace("\\", "/")).name
        uploaded = unread.source.startswith(self._uploads)
        folder = ADDED if uploaded else _folder(unread.source, unread.root)
        textless = unread.reason.startswith(_TEXTLESS)
        state = State.SKIPPED if unread.skipped else State.NO_TEXT if textless else State.FAILED
        return Entry(
            key=f"f:{name}" if uploaded else "",
            id=None,
            name=name,
            title=None,
            folder=folder,
            state=state,
            passages=0,
            date=None,
            day=_day(_modified(unread.source)),
            size=_size(unread.source),
            reasons=(unread.reason,),
            uploaded=uploaded,
            container=None,
            folded=fold(f"{name} {folder}"),
            source=unread.source,
            filed=None,
        )


def now(entry: Entry) -> Entry:
    """The entry with what its file is like now."""
    if entry.filed is None:
        return entry
    state = {
        Standing.SAME: State.INDEXED,
        Standing.CHANGED: State.CHANGED,
        Standing.GONE: State.GONE,
    }[standing(entry.filed)]
    return entry if state == entry.state else replace(entry, state=state)


def _fits(entry: Entry, wanted: Wanted) -> bool:
    folder = wanted.folder
    return (
        all(word in entry.folded for word in fold(wanted.words).split())
        and (not folder or entry.folder == folder or entry.folder.startswith(f"{folder}/"))
        and (not wanted.since or entry.day[: len(wanted.since)] >= wanted.since)
        and (not wanted.until or "" < entry.day[: len(wanted.until)] <= wanted.until)
    )


def _folder(source: str, root: str) -> str:
    """The folder of a file below the one that was indexed, and with its name."""
    place, base = Path(source).parent, Path(root)
    if base.name and place.is_relative_to(base):
        return (PurePosixPath(base.name) / place.relative_to(base).as_posix()).as_posix()
    return place.name


def _day(modified: float | None) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(modified)) if modified else ""


def _modified(source: str) -> float | None:
    try:
        return os.stat(source).st_mtime  # noqa: PTH116  # for speed
    except OSError:
        return None


def _size(source: str) -> int | None:
    try:
        return os.stat(source).st_size  # noqa: PTH116
    except OSError:
        return None


def listed(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """The entries as the page gets them."""
    return [
        {
            "key": entry.key,
            "id": entry.id,
            "name": entry.name,
            "title": entry.title,
            "folder": entry.folder,
            "state": entry.state.value,
            "passages": entry.passages,
            "date": entry.date,
            "day": entry.day,
            "size": entry.size,
            "uploaded": entry.uploaded,
            "container": entry.container,
        }
        for entry in entries
    ]
