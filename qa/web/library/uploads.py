"""The folder of the files that were added on the page: written whole, or not at all.

It lies beside the index's folder, which people delete to index anew. A file that is being sent is
in a hidden folder inside, which no sync looks into. Nothing of it is executed or sent to a browser.
"""

import errno
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import IO

from index.documents.read import MAX_BYTES, PICTURE_SUFFIXES, SUFFIXES
from index.storage.files import flush, make_folder
from index.text.names import numbered
from qa.web.library.refusals import Refusal, RefusalError

__all__ = ["MAX_BYTES", "MOST_FILES", "Incoming", "Uploads", "clean_name", "folder_beside"]

MOST_FILES = 20_000
_RESERVE = 64 << 20  # bytes of the disk that stay free, for the index
_LONGEST = 180  # bytes of a name in UTF-8
_INCOMING = ".incoming"
_UNWELCOME = re.compile(r'[<>:"|?*]+')  # in names, on some file systems
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def folder_beside(index: Path) -> Path:
    """Where the files lie that are added to the index in this folder."""
    index = index.absolute()
    return index.with_name(f"{index.name}-uploads")


def clean_name(name: str) -> str:
    """A file's name without a path, and without what is not seen or would hide it."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    # Control, format (also those that turn the direction of writing) and unassigned characters.
    kept = "".join(c if unicodedata.category(c) != "Zs" else " " for c in name)
    kept = "".join(c for c in kept if unicodedata.category(c)[0] != "C")
    kept = " ".join(_UNWELCOME.sub("_", kept).split()).lstrip(".~$ ").rstrip(". ")
    if not kept or _DEVICES.fullmatch(kept):
        kept = f"documento-{kept}" if kept else "documento"
    stem, suffix = os.path.splitext(kept)  # noqa: PTH122
    room = _LONGEST - len(suffix.encode()[:20])
    return stem.encode()[:room].decode(errors="ignore").rstrip() + suffix[:20]


class Incoming:
    """A file that is being sent; `Uploads.keep` gives it a name, else it is deleted."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self._file = file
        self.size = 0

    def write(self, part: bytes) -> None:
        """Write the next bytes; raises RefusalError where there is no room, or too much comes."""
        self.size += len(part)
        if self.size > MAX_BYTES:
            raise _too_large()
        with _mapped():
            self._file.write(part)

    def finish(self) -> None:
        """Bring it to the disk."""
        with _mapped():
            self._file.flush()
            os.fsync(self._file.fileno())


class Uploads:
    """The folder of one collection. Safe for the threads of one server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / _INCOMING
        self._lock = Lock()

    def tidy(self) -> bool:
        """Delete what servers that have ended left half sent; whether there is any file."""
        for left in self._incoming.glob("*") if self._incoming.is_dir() else ():
            if not _is_running(left.name.partition("-")[0]):
                with suppress(OSError):
                    left.unlink()
        return any(self.files())

    def files(self) -> Iterator[Path]:
        """The files that were added."""
        with suppress(OSError), os.scandir(self.folder) as entries:
            yield from (
                Path(entry.path) for entry in entries if entry.is_file() and entry.name[0] != "."
            )

    def path_of(self, name: str) -> Path:
        """Where the file of this name lies, or would."""
        return self.folder.resolve() / clean_name(name)

    def check(self, name: str, size: int | None) -> None:
        """Raise RefusalError for a file that would not be taken."""
        suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122
        if suffix in PICTURE_SUFFIXES:
            raise RefusalError(Refusal.PICTURE)
        if suffix not in SUFFIXES:
            shown = f" ({suffix})" if re.fullmatch(r"\.\w{1,8}", suffix) else ""
            raise RefusalError(Refusal.KIND, suffix=shown)
        if size == 0:
            raise RefusalError(Refusal.EMPTY)
        if size is not None and size > MAX_BYTES:
            raise _too_large()
        place = self.folder if self.folder.is_dir() else self.folder.parent
        with _mapped():
            if shutil.disk_usage(place).free < (size or 0) + _RESERVE:
                raise RefusalError(Refusal.DISK)

    @contextmanager
    def receive(self) -> Iterator[Incoming]:
        """A place for the bytes of one file; on leaving, what was not kept is deleted."""
        with _mapped():
            make_folder(self._incoming)
            if sum(1 for _ in self.files()) >= MOST_FILES:
                raise RefusalError(Refusal.COUNT, limit=MOST_FILES)
            path = self._incoming / f"{os.getpid()}-{secrets.token_hex(8)}"
            file = path.open("xb")
        try:
            with file:
                yield Incoming(path, file)
        finally:
            path.unlink(missing_ok=True)

    def keep(self, incoming: Incoming, name: str, *, replace: bool) -> str:
        """Give a whole file its name, or where that is taken and is to stay, one with a number."""
        if not incoming.size:
            raise RefusalError(Refusal.EMPTY)
        name = clean_name(name)
        with self._lock, _mapped():
            if not replace:
                name = numbered(name, lambda name: os.path.lexists(self.folder / name))
            incoming.path.replace(self.folder / name)
            flush(self.folder)
        return name

    @contextmanager
    def hidden(self, path: Path) -> Iterator[None]:
        """Take a file away for good if what is done inside succeeds; else it stays as it was."""
        if path.parent != self.folder.resolve() or not path.is_file():
            yield  # a file of somebody else, or gone already
            return
        with _mapped():
            self._incoming.mkdir(exist_ok=True)
            away = self._incoming / f"{os.getpid()}-{secrets.token_hex(8)}"
            path.replace(away)
        try:
            yield
        except BaseException:
            away.replace(path)
            raise
        away.unlink(missing_ok=True)
        with _mapped():
            flush(self.folder)  # else a loss of power may bring the file back


def _too_large() -> RefusalError:
    return RefusalError(Refusal.SIZE, limit=MAX_BYTES >> 20)


def _is_running(process: str) -> bool:
    """Whether another process of this number runs."""
    if not process.isdigit() or int(process) == os.getpid() or not hasattr(os, "killpg"):
        return False  # elsewhere the same call would end it
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        if exc.errno in _FULL:
            raise RefusalError(Refusal.DISK) from exc
        raise RefusalError(Refusal.FOLDER, detail=exc.strerror or "?") from exc
