"""What the tables of a catalog are kept in: one interface to a file and to a server.

Its SQL is what both understand: ``?`` for a parameter, ``ON CONFLICT``, ``RETURNING``, and "end" in
quotation marks.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

from index.errors import IndexStateError
from index.storage.conditions import Dialect

__all__ = ["COPYING", "ENGINE", "RENEWAL", "Database", "Entry", "VectorsOrigin"]

COPYING = "copying"
"""A key of the catalog while it is being copied: what of (`index.copy`)."""
ENGINE = "engine"
"""A key of the catalog: the address of its engine (`index.storage.engines`); none for its own."""
RENEWAL = "renewal"
"""A key of the catalog while vectors are made anew: how far that is (`index.sync.renewal`)."""

Entry = tuple[object, ...]
"""What tells an open database from another one that takes its place."""


class VectorsOrigin(NamedTuple):
    """The identity of the model whose vectors these are, and whether all of them are of it.

    They are not complete while other weights make them anew.
    """

    identity: str | None
    complete: bool


class Database(ABC):
    """An open database. Every method is safe to call from any thread, and raises our errors."""

    dialect: Dialect

    @property
    @abstractmethod
    def shown(self) -> str:
        """What messages call it: a folder, or an address without its password."""

    @property
    @abstractmethod
    def folder(self) -> Path:
        """The folder of this machine in which files that belong to it are kept."""

    @abstractmethod
    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows that a statement gives."""

    @abstractmethod
    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Do what a statement says; the number of rows that were written or removed."""

    @abstractmethod
    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Do what a statement says with the parameters of each row."""

    @abstractmethod
    def among(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """A test for being one of some values of one type, 5,000 at most, and its parameters."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """All that is written inside is written together, or not at all."""

    @abstractmethod
    def writing(self, wait: float) -> AbstractContextManager[None]:
        """Hold the writer's lock; ``wait``: seconds until it must be free.

        It is released when the process ends, however that ends. Raises IndexLockedError, or
        IndexStateError where nothing can be written, or another index has taken the place of this
        one.
        """

    @abstractmethod
    def close(self) -> None:
        """Close it; it cannot be used afterwards."""

    @abstractmethod
    def problem(self, *, thorough: bool = False) -> str | None:
        """What is wrong with the structure, or None. ``thorough``: by reading all of it."""

    @abstractmethod
    def disk_size(self) -> int:
        """The bytes that it takes, with all that is derived from it."""

    @property
    @abstractmethod
    def entry(self) -> Entry | None:
        """What tells this one from one that takes its place."""

    @abstractmethod
    def is_in_place(self) -> bool:
        """Whether what is open is still what is at its place; True where that cannot be seen."""

    @abstractmethod
    def version(self) -> int:
        """A number that changes when another connection has written."""

    def require_in_place(self) -> None:
        """Raise IndexStateError where another index, or none, is at its place: write no more."""
        if not self.is_in_place():
            raise IndexStateError(
                f"The index in {self.shown} was moved or replaced while it was open: "
                "do this again with the one that is there."
            )

    def get(self, key: str) -> str | None:
        """A value kept under ``key``, or None."""
        rows = self.rows("SELECT value FROM meta WHERE key = ?", [key])
        return rows[0][0] if rows else None

    def put(self, key: str, value: str) -> None:
        """Keep a value under ``key``."""
        self.execute(
            "INSERT INTO meta (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )

    def delete(self, key: str) -> None:
        """Keep nothing under ``key``."""
        self.execute("DELETE FROM meta WHERE key = ?", [key])

    def vectors_origin(self) -> VectorsOrigin:
        """Which model the vectors are of."""
        rows = self.rows("SELECT key, value FROM meta WHERE key IN ('identity', ?)", [RENEWAL])
        values = dict(rows)
        return VectorsOrigin(values.get("identity"), complete=RENEWAL not in values)
