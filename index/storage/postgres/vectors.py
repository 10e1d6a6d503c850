"""The vectors of a collection in PostgreSQL: pgvector's halfvec, by HNSW where they are many."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import IndexStateError
from index.settings import SETTINGS
from index.storage.postgres.database import PostgresDatabase
from index.storage.postgres.sessions import LostError
from index.storage.vectors import NONE, Allowed, Found, Ids, Vectors, VectorStore

__all__ = ["PgVectors"]

EXACT_MOST = SETTINGS.pgvector.exact
FEW = SETTINGS.pgvector.compared_alone
_SCORE = "-(embedding::vector <#> ?::vector)"
_AT_ONCE = 1000


class PgVectors(VectorStore):
    """Unit vectors by the ids of their passages, with which they are removed.

    The scores are exact: HNSW compares the vectors themselves, as float16, and the best are
    compared with the question's vector as float32.
    """

    def __init__(self, database: PostgresDatabase, dimensions: int) -> None:
        self._database = database
        self._is_there = False
        self._cast = f"embedding::halfvec({dimensions})"

    def __len__(self) -> int:
        if not self.is_there():
            return 0
        return int(self._database.rows("SELECT count(*) FROM vectors")[0][0])

    def is_there(self) -> bool:
        """Whether the table was made: with the first passages."""
        if not self._is_there:
            rows = self._database.rows("SELECT to_regclass('vectors')::text")
            self._is_there = rows[0][0] is not None
        return self._is_there

    def prepare(self) -> None:
        """Make the table if it is not there; part of a transaction."""
        if self.is_there():
            return
        with self._database.sessions.held() as session:
            try:
                # In the collection's own schema, it would be dropped with the collection.
                session.do("CREATE EXTENSION IF NOT EXISTS vector SCHEMA public")
            except LostError:
                raise
            except IndexStateError as exc:
                address = self._database.address
                raise IndexStateError(
                    f"The database {address.database} at {address.server} has no pgvector: let an "
                    "administrator do CREATE EXTENSION vector in it, where pgvector is installed "
                    "(https://github.com/pgvector/pgvector)."
                ) from exc
            session.do(
                "CREATE TABLE IF NOT EXISTS vectors (id bigint PRIMARY KEY"
                " REFERENCES passages (id) ON DELETE CASCADE,"
                " embedding halfvec STORAGE PLAIN NOT NULL)"
            )

    def ids(self) -> Ids:
        """The ids held, ascending."""
        rows = self._database.rows("SELECT id FROM vectors ORDER BY id")
        return np.array([id for (id,) in rows], dtype=np.int64)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors [n, dimensions] under the ids of passages that have none yet."""
        texts = map(_text, vectors)
        self._database.execute_many(
            "INSERT INTO vectors (id, embedding) VALUES (?, ?)",
            zip(ids.tolist(), texts, strict=True),
        )

    def remove(self, ids: Ids) -> None:
        """Take out vectors by id; unknown ids are ignored."""
        self._database.execute("DELETE FROM vectors WHERE id = ANY(?)", [ids.tolist()])

    def clear(self) -> None:
        """Take out all, of whichever dimensions; part of a transaction."""
        if not self.is_there():
            return
        self._database.execute("DROP INDEX IF EXISTS vectors_hnsw")
        self._database.execute("TRUNCATE vectors")

    def index(self) -> None:
        """Make the HNSW index if there are many vectors and it is not there yet."""
        made = self._database.rows("SELECT to_regclass('vectors_hnsw')")[0][0] is not None
        if made or len(self) <= EXACT_MOST:
            return
        with (
            self._database.transaction(),
            self._database.sessions.held() as session,
            session.unhurried(),
        ):
            session.do(f"SET LOCAL maintenance_work_mem = '{SETTINGS.pgvector.build_memory}MB'")
            session.do(
                f"CREATE INDEX IF NOT EXISTS vectors_hnsw ON vectors USING hnsw (({self._cast})"
                f" halfvec_ip_ops) WITH (m = {SETTINGS.pgvector.m},"
                f" ef_construction = {SETTINGS.pgvector.ef_construction})"
            )

    def search(
        self, query: Vectors, k: int, allowed: Allowed | None = None, excluded_ids: Ids = NONE
    ) -> Found:
        """The ids of the k nearest to a unit vector [dimensions] and their cosines, best first."""
        asked = _text(query)
        if allowed is not None and len(allowed) <= FEW:
            among = np.setdiff1d(allowed.ids, excluded_ids)
            rows = self._database.rows(
                "WITH few AS MATERIALIZED (SELECT id, embedding FROM vectors WHERE id = ANY(?))"
                f" SELECT id, {_SCORE} AS score FROM few ORDER BY score DESC, id LIMIT ?",
                [among.tolist(), asked, k],
            )
            return _found(rows)
        tests, values = ["TRUE"], list[Any]()
        if allowed is not None:
            tests.append("CASE WHEN id < ? THEN get_bit(?::bytea, id) = 1 ELSE FALSE END")
            values += [8 * len(allowed.bits), allowed.bits.tobytes()]
        if len(excluded_ids):
            tests.append("id != ALL(?)")
            values.append(excluded_ids.tolist())
        rows = self._database.rows(
            f"SELECT id, {_SCORE} AS score FROM (SELECT id, embedding FROM vectors"
            f" WHERE {' AND '.join(tests)} ORDER BY {self._cast} <#> ?::halfvec LIMIT ?) AS near"
            " ORDER BY score DESC, id LIMIT ?",
            [asked, *values, asked, k, k],
        )
        return _found(rows)

    def search_many(self, queries: Vectors, k: int, allowed: Allowed | None = None) -> list[Found]:
        """What `search` gives for each of the unit vectors [n, dimensions]."""
        return [self.search(query, k, allowed) for query in queries]

    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether it holds these vectors, [len(ids), dimensions], under these ids of its own."""
        held: dict[int, bytes] = {}
        for start in range(0, len(ids), _AT_ONCE):
            held |= self._database.rows(
                "SELECT id, halfvec_send(embedding) FROM vectors WHERE id = ANY(?)",
                [ids[start : start + _AT_ONCE].tolist()],
            )
        # Two numbers of 16 bits come before the vector's own, all with the high byte first.
        return all(
            np.array_equal(np.frombuffer(held.get(id, b"\0" * 4)[4:], dtype=">f2"), vector)
            for id, vector in zip(ids.tolist(), vectors.astype(np.float16), strict=True)
        )

    def scores(self, query: Vectors, ids: Sequence[int]) -> Vectors:
        """The cosines of these ids; NaN for an id that is not held."""
        wanted = [int(id) for id in ids]
        if not wanted:
            return np.empty(0, dtype=np.float32)
        rows = self._database.rows(
            f"SELECT id, {_SCORE} FROM vectors WHERE id = ANY(?)", [_text(query), wanted]
        )
        held = dict(rows)
        return np.array([held.get(id, np.nan) for id in wanted], dtype=np.float32)

    def save(self, path: Path) -> None:
        """Nothing is left to do: the server keeps what was committed."""


def _text(vector: Vectors) -> str:
    """A vector as pgvector reads it."""
    return f"[{','.join(map(str, vector.tolist()))}]"


def _found(rows: Iterable[Sequence[Any]]) -> Found:
    found = list(rows)
    return (
        np.array([id for id, _ in found], dtype=np.int64),
        np.array([score for _, score in found], dtype=np.float32),
    )
