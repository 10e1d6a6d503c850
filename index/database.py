"""An SQLite file, opened and written with care; its errors are mapped onto ours."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from index.errors import IndexDamagedError, IndexNotFoundError, IndexStateError

__all__ = ["Database"]

FORMAT = "1"
SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    title TEXT,
    source TEXT,
    language TEXT,
    page_starts TEXT NOT NULL,
    metadata TEXT NOT NULL,
    root TEXT,
    size INTEGER,
    modified INTEGER
);
CREATE INDEX IF NOT EXISTS documents_by_root ON documents (root);
CREATE TABLE IF NOT EXISTS passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (number) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    text TEXT NOT NULL,
    paragraph INTEGER NOT NULL,
    page INTEGER,
    paragraph_breaks TEXT NOT NULL,
    page_breaks TEXT NOT NULL,
    language TEXT,
    context TEXT NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_by_document ON passages (document);
CREATE TABLE IF NOT EXISTS failures (
    source TEXT PRIMARY KEY,
    root TEXT,
    reason TEXT NOT NULL
) WITHOUT ROWID;
"""


class Database:
    """The open file. Every method is safe to call from any thread."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open it; raises IndexNotFoundError, IndexDamagedError or IndexStateError."""
        self.path = path
        self._lock = RLock()
        if not create and not path.is_file():
            raise IndexNotFoundError(
                f"There is no index in {path.parent}: make one with qa index FOLDER."
            )
        with self.mapped():
            self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            try:
                self._prepare(create)
            except BaseException:  # whatever it was, the file must not stay open
                self.connection.close()
                raise

    def _prepare(self, create: bool) -> None:
        db = self.connection
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA busy_timeout = 10000")
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
        elif empty or db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("quick_check failed")
        found = self.get("format")
        if found != FORMAT:
            raise IndexStateError(
                f"The index in {self.path.parent} has format {found}, not {FORMAT}: "
                "index the documents again in another folder."
            )

    @contextmanager
    def mapped(self) -> Iterator[None]:
        """SQLite's errors as ours."""
        try:
            with self._lock:
                yield
        except (sqlite3.OperationalError, sqlite3.ProgrammingError) as exc:
            # A programming error is the use of a closed index.
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
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # SQLite itself rolls back when a disk is full
                    self.connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows that a statement gives."""
        with self.mapped():
            return self.connection.execute(sql, values).fetchall()

    def close(self) -> None:
        """Close the file; the catalog cannot be used afterwards."""
        with self._lock:
            self.connection.close()

    def get(self, key: str) -> str | None:
        """A value kept under ``key``, or None."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", [key])
        return found[0][0] if found else None

    def put(self, key: str, value: str) -> None:
        """Keep a value under ``key``."""
        with self.mapped():
            self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [key, value])

    def version(self) -> int:
        """A number that changes when another connection has written."""
        return int(self.rows("PRAGMA data_version")[0][0])
