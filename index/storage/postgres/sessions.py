"""Connections to a PostgreSQL server: a few, shared by threads, made again when it was away."""

import os
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from index.errors import (
    IndexNotFoundError,
    IndexStateError,
    MissingExtraError,
    QAError,
)
from index.settings import SETTINGS
from index.storage.postgres.address import Address
from index.storage.postgres.plain import plain

__all__ = ["LostError", "Session", "Sessions"]

CONNECTIONS = SETTINGS.server.connections
CONNECT_SECONDS = SETTINGS.server.connect_seconds
STATEMENT_SECONDS = SETTINGS.server.statement_seconds
AWAY_SECONDS = SETTINGS.server.away_seconds
_ANSWER_SECONDS = 15  # beyond the time that the server gives a statement itself
_PREPARED = 200  # statements that one connection keeps prepared
_FIRST_WAIT, _LONGEST_WAIT = 0.05, 1.0  # seconds between two attempts to connect
_AWAY = ("08", "57P", "53300")  # not reached, starting or stopping, too many connections
_STALE = "0A000"  # a prepared statement whose table was changed since
_SETTINGS = (
    # Compiling a statement takes longer than any of ours.
    "SET jit = off; SET statement_timeout = '{}s';"
    # A writer's connection is idle while it embeds. Where its machine is gone, its lock is free
    # after two minutes.
    " SET idle_session_timeout = 0; SET tcp_keepalives_idle = 60; SET tcp_keepalives_interval = 15;"
    " SET tcp_keepalives_count = 4;"
    f" SET hnsw.ef_search = {SETTINGS.pgvector.ef_search}; SET hnsw.iterative_scan = relaxed_order;"
    # A limited search goes on until it has enough.
    " SET hnsw.max_scan_tuples = 1000000; SET hnsw.scan_mem_multiplier = 8"
)
# The collection's schema, and that of pgvector, which an administrator may have chosen.
_SEARCH_PATH = """
SELECT set_config('search_path', concat_ws(', ', quote_ident(:schema), (
    SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace
    WHERE extname = 'vector'), 'public'), false)
"""


class LostError(IndexStateError):
    """The connection was lost, or none can be made."""


class Session:
    """One connection, used by one thread at a time."""

    def __init__(self, address: Address) -> None:
        """Connect; raises LostError where the server cannot be reached now."""
        self.address = address
        self.is_usable = True
        self.in_transaction = False
        self._prepared: dict[str, Any] = {}
        try:
            from pg8000.native import Connection
        except ImportError as exc:
            raise MissingExtraError(
                'The client of PostgreSQL is not installed: pip install "qa[postgresql]".'
            ) from exc
        with self._mapped("connect"):
            place = {"unix_sock": address.socket} if address.socket else {"host": address.host}
            self._connection = Connection(
                address.user,
                **place,
                port=address.port,
                database=address.database,
                password=address.password() or "",
                ssl_context=address.tls(),
                timeout=CONNECT_SECONDS,
                application_name=f"qa {os.getpid()}",
            )
            self._wait_for_answers(STATEMENT_SECONDS + _ANSWER_SECONDS)
            self._connection.run(_SETTINGS.format(STATEMENT_SECONDS))
            self._connection.run(_SEARCH_PATH, schema=address.schema)

    def _wait_for_answers(self, seconds: float | None) -> None:
        self._connection._usock.settimeout(seconds)

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """Let statements take as long as they need, in a transaction."""
        self.do("SET LOCAL statement_timeout = 0")
        self._wait_for_answers(None)
        try:
            yield
        finally:
            self._wait_for_answers(STATEMENT_SECONDS + _ANSWER_SECONDS)

    def do(self, sql: str) -> None:
        """Do one or more statements without parameters."""
        with self._mapped(sql):
            self._connection.run(sql)

    def run(self, sql: str, values: Sequence[Any]) -> tuple[list[Any], int]:
        """The rows that a statement gives, and the number of those that it wrote or found."""
        with self._mapped(sql):
            prepared = self._prepared.get(sql)
            if prepared is None:
                if len(self._prepared) >= _PREPARED:
                    self._prepared.pop(next(iter(self._prepared))).close()
                prepared = self._connection.prepare(_numbered(sql))
                self._prepared[sql] = prepared
            given = {f"v{place}": plain(value) for place, value in enumerate(values)}
            rows = prepared.run(**given)
            return [tuple(row) for row in rows or ()], prepared._context.row_count

    def close(self) -> None:
        """End the connection; the server rolls back what was not committed."""
        self.is_usable = False
        connection = getattr(self, "_connection", None)
        if connection is not None:
            with suppress(Exception):  # the other side may be gone
                connection.close()

    @contextmanager
    def _mapped(self, doing: str) -> Iterator[None]:
        """Raise pg8000's errors as ours; after all but the server's own the session is useless."""
        try:
            yield
        except MissingExtraError:
            raise
        except Exception as exc:
            code = _code(exc)
            if not code or code.startswith(_AWAY) or code == _STALE:
                self.close()
                raise LostError(self._away(doing, exc)) from exc
            raise_mapped(self.address, code, exc)
        except BaseException:  # an interrupt amid an answer: the rest of it would come later
            self.close()
            raise

    def _away(self, doing: str, exc: Exception) -> str:
        where = f"The PostgreSQL server at {self.address.server}"
        if _code(exc) == "53300":
            return f"{where} has no connection left: raise its max_connections, or try again."
        if isinstance(exc, TimeoutError) or isinstance(exc.__cause__, TimeoutError):
            seconds = CONNECT_SECONDS if doing == "connect" else STATEMENT_SECONDS + _ANSWER_SECONDS
            return f"{where} did not answer in {seconds} seconds: check it and the network."
        if doing == "COMMIT":
            return (
                f"{where} went away while it kept a change, which may be kept or not: do it again "
                "when the server is back."
            )
        return f"{where} cannot be reached: start it or check the address, and try again."


def _code(exc: BaseException) -> str:
    """The server's code of an error (SQLSTATE); empty where it is not the server's."""
    said = exc.args[0] if exc.args else None
    return str(said.get("C", "")) if isinstance(said, dict) else ""


def raise_mapped(address: Address, code: str, exc: Exception) -> NoReturn:
    """Raise what the server refused as one of our errors."""
    said = str(exc.args[0].get("M", "")).rstrip(".")
    error: type[QAError] = IndexStateError
    match code[:2], code:
        case ("28", _):
            how = f"does not let {address.user} in ({said}): check the user and the password"
        case (_, "3D000"):
            how = f"has no database {address.database}: make it with createdb, or name another"
        case (_, "42501"):
            how = (
                f"does not let {address.user} do this in the collection {address.collection} "
                f"({said}): ask its owner for the right"
            )
        case (_, "42P01" | "3F000"):
            error = IndexNotFoundError
            how = f"has no collection {address.collection} any more: make it with qa index FOLDER"
        case (_, "57014"):
            how = f"took more than {STATEMENT_SECONDS} seconds for a statement: try again"
        case (_, "25006"):
            how = "can only be read, as a standby is: write to the primary server"
        case ("53", _):
            how = f"has no room ({said}): make some, and try again"
        case _:
            how = f"refused this ({said})"
    raise error(f"The PostgreSQL server at {address.server} {how}.") from exc


def _numbered(sql: str) -> str:
    """The statement with :v0, :v1, ... in place of each question mark."""
    first, *rest = sql.split("?")
    return first + "".join(f":v{place}{part}" for place, part in enumerate(rest))


class Sessions:
    """The connections of one process. A thread in `held` has one of its own."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._idle: list[Session] = []
        self._free = threading.BoundedSemaphore(CONNECTIONS)
        self._own = threading.local()
        self._away_until = 0.0
        self._closed = False

    @property
    def own(self) -> Session | None:
        """The connection that this thread holds."""
        session: Session | None = getattr(self._own, "session", None)
        return session

    @contextmanager
    def held(self) -> Iterator[Session]:
        """A connection for this thread alone, the one that it has already if it has one."""
        if self.own is not None:
            yield self.own
            return
        with self._taken() as session:
            self._own.session = session
            try:
                yield session
            finally:
                self._own.session = None

    def run(self, sql: str, values: Sequence[Any]) -> tuple[list[Any], int]:
        """What a statement gives. One that only reads is tried again where the server was away."""
        if self.own is not None:
            return self.own.run(sql, values)
        while True:
            with self._taken() as session:
                is_new = not session._prepared
                try:
                    return session.run(sql, values)
                except LostError:
                    if is_new:
                        raise
            self._drop_idle()  # they are as old

    @contextmanager
    def _taken(self) -> Iterator[Session]:
        if self._closed:
            raise IndexStateError(f"The index in {self.address} cannot be used: it was closed.")
        with self._free:
            session = self._idle.pop() if self._idle else self._connected()
            try:
                yield session
            except BaseException:  # also an interrupt: the server ends what was not committed
                if session.in_transaction:
                    session.close()
                raise
            finally:
                if session.is_usable and not self._closed:
                    self._idle.append(session)
                else:
                    session.close()

    def _connected(self) -> Session:
        """A new connection; waits a little where the server is away, but not again and again."""
        started, wait = time.monotonic(), _FIRST_WAIT
        while True:
            try:
                session = Session(self.address)
            except LostError:
                now = time.monotonic()
                if now + wait > started + AWAY_SECONDS or now < self._away_until:
                    self._away_until = time.monotonic() + AWAY_SECONDS
                    raise
                time.sleep(wait * random.uniform(0.5, 1))  # noqa: S311  # no secret
                wait = min(2 * wait, _LONGEST_WAIT)
            else:
                self._away_until = 0.0
                return session

    def _drop_idle(self) -> None:
        while self._idle:
            with suppress(IndexError):
                self._idle.pop().close()

    def close(self) -> None:
        """End all connections that no thread uses now; those are ended when they are given back."""
        self._closed = True
        self._drop_idle()
