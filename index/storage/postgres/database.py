"""The tables of a collection in PostgreSQL, opened and written with care.

Each commit raises the ``version`` in ``meta``, by which other connections see that something was
written. A collection that was dropped and made again has another ``made``.
"""

import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

from index.errors import IndexLockedError, IndexNotFoundError, IndexStateError
from index.storage.database import Database, Entry
from index.storage.postgres.address import Address
from index.storage.postgres.conditions import POSTGRES
from index.storage.postgres.schema import FORMAT, OLDEST_SERVER, SCHEMA, STEPS
from index.storage.postgres.sessions import LostError, Session, Sessions

__all__ = ["PostgresDatabase"]

_ROWS = 100  # that one statement writes
_VALUES = re.compile(r"VALUES (\([?, ]+\))")
_LOOK_SECONDS = 0.1  # between two looks at a lock that another one holds


class PostgresDatabase(Database):
    """The open tables. Every method is safe to call from any thread."""

    dialect = POSTGRES

    def __init__(self, address: Address, *, create: bool = False) -> None:
        """Open them; raises IndexNotFoundError or IndexStateError."""
        self.address = address
        self._process = os.getpid()
        self.sessions = Sessions(address)
        digest = hashlib.sha256(address.schema.encode()).digest()
        self._key = int.from_bytes(digest[:8], "big", signed=True)  # of the writer's lock
        try:
            with self.sessions.held() as session:
                self._prepare(session, create=create)
        except BaseException:
            self.sessions.close()
            raise
        self._made = self.get("made") or ""

    def _prepare(self, session: Session, *, create: bool) -> None:
        ((release,),), _ = session.run("SELECT current_setting('server_version_num')::int", [])
        if release < OLDEST_SERVER * 10_000:
            raise IndexStateError(
                f"The PostgreSQL server at {self.address.server} is of release "
                f"{release // 10_000}: use {OLDEST_SERVER} or a later one."
            )
        if not self._exists(session):
            if not create:
                raise self._absent()
            self._make(session)
        recorded = int(self.get("format") or 0)
        if recorded > FORMAT:
            raise IndexStateError(
                f"The index in {self.shown} has format {recorded}, and this release of qa knows "
                f"{FORMAT}: install the release that the others use."
            )
        if recorded < FORMAT:
            self._migrate()

    def _exists(self, session: Session) -> bool:
        rows, _ = session.run(
            "SELECT has_schema_privilege(n.oid, 'USAGE') FROM pg_class"
            " JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = ? AND relname = 'meta'",
            [self.address.schema],
        )
        if rows == [(False,)]:
            raise IndexStateError(
                f"{self.address.user} may not use the collection {self.address.collection} at "
                f"{self.address.server}: ask its owner for the right."
            )
        return bool(rows)

    def _make(self, session: Session) -> None:
        with self._transaction(session):
            # Another process may be making it too.
            session.run("SELECT 1 FROM pg_advisory_xact_lock(?)", [self._key])
            if not self._exists(session):
                schema = self.address.schema.replace('"', '""')
                session.do(f'CREATE SCHEMA IF NOT EXISTS "{schema}"; {SCHEMA}')
                self.put("format", str(FORMAT))

    def _migrate(self) -> None:
        """Bring tables of an earlier format to this one, in one transaction."""
        with self.transaction():
            self.rows("SELECT 1 FROM pg_advisory_xact_lock(?)", [self._key])
            # Asked only now: another process may have done it while this one waited.
            for earlier in range(int(self.get("format") or 0), FORMAT):
                with self.sessions.held() as session, session.unhurried():
                    session.do(STEPS[earlier])
            self.put("format", str(FORMAT))

    def _absent(self) -> IndexNotFoundError:
        return IndexNotFoundError(
            f"There is no index in {self.shown}: make one with qa index FOLDER."
        )

    @property
    def shown(self) -> str:
        """The address without its password."""
        return str(self.address)

    @property
    def folder(self) -> Path:
        """A folder of this machine, for files that are made from this collection."""
        data = os.environ.get("XDG_DATA_HOME") or Path("~/.local/share").expanduser()
        address = self.address
        place = f"{address.host}-{address.port}-{address.database}".strip("/").replace("/", "-")
        return Path(data) / "qa" / place / f"{address.collection}-{self._made[:8]}"

    # Statements

    def check_process(self) -> None:
        """Raise IndexStateError in a process that was forked from the one that opened it.

        The connections are the other's.
        """
        if os.getpid() != self._process:
            raise IndexStateError(
                f"The index in {self.shown} was opened before this process was forked: "
                "open it anew in each process."
            )

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows that a statement gives."""
        self.check_process()
        return self.sessions.run(sql, values)[0]

    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Do what a statement says; the number of rows that were written or removed."""
        with self.transaction():
            return self.sessions.run(sql, values)[1]

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Do what a statement says with the parameters of each row, of many rows at once."""
        values = _VALUES.search(sql)
        with self.transaction():
            given = iter(rows)
            while group := list(islice(given, _ROWS if values else 1)):
                many = sql
                if values:
                    many = sql.replace(values[1], ", ".join([values[1]] * len(group)), 1)
                self.sessions.run(many, [value for row in group for value in row])

    def among(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """A test for being one of some values, and its parameter."""
        return "= ANY(?)", [list(values)]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is written together, or not at all."""
        self.check_process()
        with self.sessions.held() as session:
            if session.in_transaction:
                yield
                return
            # The row that all write to first lets one transaction write at a time.
            counted = "UPDATE meta SET value = (value::bigint + 1)::text WHERE key = 'version'"
            with self._transaction(session, counted):
                yield

    @contextmanager
    def _transaction(self, session: Session, first: str = "") -> Iterator[None]:
        session.in_transaction = True
        try:
            session.do(f"BEGIN; {first}")
            yield
            session.do("COMMIT")
        except BaseException:  # also an interrupt: nothing half written may stay
            if session.is_usable:
                session.do("ROLLBACK")
            raise
        finally:
            session.in_transaction = False

    # The writer's lock

    @contextmanager
    def writing(self, wait: float) -> Iterator[None]:
        """Hold the writer's lock, which the server releases when the connection ends.

        ``wait``: seconds until it must be free. All that this thread does meanwhile goes through
        the connection that holds it: without the lock, nothing can be written.
        """
        self.check_process()
        with self.sessions.held() as session:
            self._require_right(session)
            started = time.monotonic()
            while not session.run("SELECT pg_try_advisory_lock(?)", [self._key])[0][0][0]:
                if time.monotonic() >= started + wait:
                    raise IndexLockedError(
                        f"Another process is writing to the index in {self.shown}"
                        f"{self._holder(session)}: wait until it has ended."
                    )
                time.sleep(_LOOK_SECONDS)
            try:
                self.require_in_place()
                yield
            finally:
                if session.is_usable:
                    with suppress(LostError):
                        session.run("SELECT pg_advisory_unlock(?)", [self._key])

    @property
    def is_cut_off(self) -> bool:
        """Whether the connection was lost with which this thread writes: it can do no more."""
        own = self.sessions.own
        return own is not None and not own.is_usable

    def _require_right(self, session: Session) -> None:
        ((may,),), _ = session.run("SELECT has_table_privilege('passages', 'INSERT')", [])
        if not may:
            raise IndexStateError(
                f"{self.address.user} may read the index in {self.shown}, and not write to it: "
                "ask its owner for the right."
            )

    def _holder(self, session: Session) -> str:
        rows, _ = session.run(
            "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
            " WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = ?"
            " AND l.objid::bigint = ? AND a.application_name != ''",
            [self._key >> 32 & 0xFFFFFFFF, self._key & 0xFFFFFFFF],
        )
        return f" ({rows[0][0]})" if rows else ""

    # What is open

    def close(self) -> None:
        """End the connections; the catalog cannot be used afterwards."""
        if os.getpid() == self._process:
            self.sessions.close()

    def __del__(self) -> None:
        if hasattr(self, "sessions"):
            self.close()

    def problem(self, *, thorough: bool = False) -> str | None:  # noqa: ARG002
        """None: the server checks its own files (data_checksums, pg_amcheck)."""
        return None

    def disk_size(self) -> int:
        """The bytes of the collection's tables and their indexes, on the server."""
        rows = self.rows(
            "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = ? AND relkind = 'r'",
            [self.address.schema],
        )
        return int(rows[0][0])

    @property
    def entry(self) -> Entry:
        """The address, and the mark of the collection that is there."""
        return self.shown, self._made

    def is_in_place(self) -> bool:
        """Whether the collection is the one that was opened, and not dropped or made anew."""
        try:
            return self.get("made") == self._made
        except IndexNotFoundError:
            return False
        except IndexStateError:
            return True  # it may be there, and cannot be looked at now

    def version(self) -> int:
        """A number that changes with each commit."""
        return int(self.get("version") or 0)
