"""An SQLite file, opened and written with care; its errors are mapped onto ours."""

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from index.errors import IndexDamagedError, IndexNotFoundError, IndexStateError
from index.storage.conditions import SQLITE
from index.storage.database import Database
from index.storage.files import is_writable
from index.storage.lock import file_lock
from index.storage.schema import EARLIER, FORMAT, LONG_WAIT, SCHEMA, upgrade

__all__ = ["SqliteDatabase"]

Answer = TypeVar("Answer")

_CODE = re.compile(r"error code\D{0,2}(\d+)")  # of SQLite, in what its checks say
CHECKED_BYTES = 32 * 1024 * 1024
"""A file up to this size is checked whole on opening (some 0.1 s); a larger one by `qa verify`."""


class SqliteDatabase(Database):
    """The open file. Every method is safe to call from any thread."""

    dialect = SQLITE

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open it; raises IndexNotFoundError, IndexDamagedError or IndexStateError."""
        self.path = path
        self._process = os.getpid()
        self._place = path.absolute()  # also when the working directory is another one
        self._lock = RLock()
        self._reopened = 0
        self._asked: dict[str, tuple[tuple[int, int], Any]] = {}
        self._upgraded = True  # False while an earlier format is read through a view
        if not create and not path.is_file():
            raise self._absent()
        with self.mapped():
            self._connect(create)

    def _connect(self, create: bool) -> None:
        before = _entry(self._place)
        self._frozen = _state(self._place) if _is_frozen(self._place) else None
        address = str(self.path)
        if address != ":memory:":
            # A file that was removed in this moment must not be made again.
            mode = "immutable=1" if self._frozen else "mode=rwc" if create else "mode=rw"
            address = f"{self._place.as_uri()}?{mode}"
        try:
            self.connection = sqlite3.connect(
                address, check_same_thread=False, isolation_level=None, uri=True
            )
        except sqlite3.OperationalError:
            if not create and _entry(self._place) is None:
                raise self._absent() from None
            raise
        try:
            self._prepare(create)
        except BaseException:  # whatever it was, the file must not stay open
            self.connection.close()
            raise
        self._entry = _entry(self._place)
        if before not in {None, self._entry}:  # it was replaced in this moment
            self.connection.close()
            self._connect(create)

    def _prepare(self, create: bool) -> None:
        db = self.connection
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA busy_timeout = {LONG_WAIT}")
        # What is deleted is overwritten, not only unlinked.
        db.execute("PRAGMA secure_delete = ON")
        if create:
            db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        empty = not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if empty and create:
            # "IF NOT EXISTS" throughout: another process may be making it too.
            db.executescript(
                f"BEGIN IMMEDIATE; {SCHEMA}"
                f"INSERT OR IGNORE INTO meta VALUES ('format', '{FORMAT}'); COMMIT"
            )
        elif empty:
            raise self._absent()  # as is one that another process is about to make
        elif self._small() and self.problem() is not None:
            raise sqlite3.DatabaseError("quick_check failed")
        recorded = self.get("format")
        if recorded in EARLIER:
            self._upgraded = upgrade(db)
        elif recorded != FORMAT:
            raise IndexStateError(
                f"The index in {self.path.parent} has format {recorded}, not {FORMAT}: "
                "index the documents again in another folder."
            )

    @property
    def shown(self) -> str:
        """The index's folder as it was given."""
        return str(self.path.parent)

    @property
    def folder(self) -> Path:
        """The index's folder."""
        return self._place.parent

    def _absent(self) -> IndexNotFoundError:
        return IndexNotFoundError(
            f"There is no index in {self.path.parent}: make one with qa index FOLDER."
        )

    def _small(self) -> bool:
        return not self.path.exists() or self.path.stat().st_size <= CHECKED_BYTES

    def problem(self, *, thorough: bool = False) -> str | None:
        """What SQLite finds wrong with the file's structure, or None. Reads all of the file.

        ``thorough``: also whether its indexes hold what its tables do. Raises IndexStateError where
        the disk cannot be read.
        """
        try:
            verdict = self.rows(f"PRAGMA {'integrity' if thorough else 'quick'}_check(1)")[0][0]
        except IndexDamagedError as exc:
            return str(exc.__cause__)
        codes = map(int, _CODE.findall(str(verdict)))
        if any(code & 0xFF == sqlite3.SQLITE_IOERR for code in codes):
            raise IndexStateError(
                f"The index in {self.shown} cannot be read (disk I/O error): check the disk."
            )
        return None if verdict == "ok" else str(verdict)

    def check_process(self) -> None:
        """Raise IndexStateError in a process that was forked from the one that opened the file.

        SQLite's locks are not the child's, and the lock of a thread that was not forked stays held.
        """
        if os.getpid() != self._process:
            raise IndexStateError(
                f"The index in {self.path.parent} was opened before this process was forked: "
                "open it anew in each process."
            )

    @contextmanager
    def mapped(self) -> Iterator[None]:
        """Raise SQLite's errors as ours; one thread at a time is inside."""
        self.check_process()
        try:
            with self._lock:
                yield
        except (sqlite3.OperationalError, sqlite3.ProgrammingError) as exc:
            # SQLite calls the use of a closed file a programming error.
            raise IndexStateError(
                f"The index in {self.path.parent} cannot be used: {str(exc).rstrip('.')}."
            ) from exc
        except sqlite3.DatabaseError as exc:
            raise IndexDamagedError(
                f"The index in {self.path.parent} is damaged: delete that folder and index the "
                "documents again."
            ) from exc

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is written together, or not at all."""
        with self.mapped():
            if not self._upgraded:
                self._upgraded = upgrade(self.connection, to_write=True)
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:  # also an interrupt: nothing half written may stay
                if self.connection.in_transaction:  # SQLite itself rolls back when a disk is full
                    self.connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows that a statement gives."""
        with self.mapped():
            return self.connection.execute(sql, values).fetchall()

    def unchanged(self, name: str, ask: Callable[[], Answer]) -> Answer:
        """What was found under a name; asked again once anything has been written."""
        with self.mapped():
            if self.connection.in_transaction:  # it may be taken back
                return ask()
            moment = self.version(), self.connection.total_changes
            if name not in self._asked or self._asked[name][0] != moment:
                self._asked[name] = moment, ask()
            answer: Answer = self._asked[name][1]
            return answer

    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Do what a statement says; the number of rows that were written or removed."""
        with self.mapped():
            return self.connection.execute(sql, values).rowcount

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Do what a statement says with the parameters of each row."""
        with self.mapped():
            self.connection.executemany(sql, rows)

    def among(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """A test for being one of some values, and its parameters."""
        return f"IN ({','.join('?' * len(values))})", list(values)

    def writing(self, wait: float) -> AbstractContextManager[None]:
        """Hold the writer's lock, a file in the folder; ``wait``: seconds until it must be free."""
        return file_lock(self, wait)

    def disk_size(self) -> int:
        """The bytes of all files in the folder."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def close(self) -> None:
        """Close the file; the catalog cannot be used afterwards."""
        if os.getpid() == self._process:  # in a fork, the parent goes on using it
            with self._lock:
                self.connection.close()

    def __del__(self) -> None:
        # A catalog that was replaced is closed when the last search in it has ended.
        if hasattr(self, "connection"):
            self.close()

    @property
    def entry(self) -> tuple[int, int] | None:
        """Device and number of the open file: another catalog that is open has another."""
        return self._entry

    def is_in_place(self) -> bool:
        """Whether the file that is open is still the one at its path; by one look at its entry."""
        try:
            return _entry(self._place) == self._entry
        except OSError:
            return True  # it may be there, and cannot be looked at now

    def version(self) -> int:
        """A number that changes when another connection has written."""
        self.check_process()
        with self._lock:
            if self._frozen is None:
                return int(self.rows("PRAGMA data_version")[0][0])
            # A process with more rights than this one may write all the same.
            if self.is_in_place() and self._frozen != _state(self._place):
                self.connection.close()
                with self.mapped():
                    self._connect(create=False)
                self._reopened += 1
            return self._reopened


def _is_frozen(path: Path) -> bool:
    """Whether SQLite must be told that nobody writes, since it cannot make its files beside this.

    Where a log was left over, that would be wrong: SQLite then reports itself what it lacks.
    """
    log = path.with_name(f"{path.name}-wal")
    left = log.exists() and log.stat().st_size
    return path.is_file() and not is_writable(path.parent) and not left


def _entry(path: Path) -> tuple[int, int] | None:
    """What tells an open file from another at its path; None where there is none."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino


def _state(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns
