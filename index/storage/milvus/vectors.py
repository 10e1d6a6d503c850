"""The vectors in Milvus, by inner product; those of few passages are compared from the catalog."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.settings import SETTINGS
from index.storage.catalog import Catalog
from index.storage.milvus.conditions import Condition, Within, best
from index.storage.milvus.published import Published
from index.storage.milvus.server import BITS, Server
from index.storage.vectors import NONE, Allowed, Found, Ids, Vectors, VectorStore

__all__ = ["MilvusVectors", "collection_of"]

FIELD = "vector"
FEW = SETTINGS.milvus.compared_alone
_AGREE = 1e-3  # the most that a number may differ: the catalog keeps float16


def collection_of(dimensions: int) -> str:
    """The name of the collection of all indexes' vectors with so many dimensions."""
    return f"qa_vectors_{dimensions}"


class MilvusVectors(VectorStore):
    """The vectors of what was ``published``."""

    def __init__(self, server: Server, catalog: Catalog, published: Published) -> None:
        self._server = server
        self._catalog = catalog
        self._published = published
        self._collection = collection_of(published.dimensions)

    def __len__(self) -> int:
        return len(self.ids())

    def ids(self) -> Ids:
        """The ids held, ascending."""
        part = self._published
        return self._server.ids(self._collection, part.partition, part.tenant)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Write vectors [n, dimensions] under ids, in place of earlier ones."""
        start = self._published.tenant << BITS
        rows = [
            {"id": start + id, FIELD: vector}
            for id, vector in zip(ids.tolist(), vectors, strict=True)
        ]
        self._server.upsert(self._collection, self._published.partition, rows)

    def remove(self, ids: Ids) -> None:
        """Take out vectors by id; unknown ids are ignored."""
        rows = (ids + (self._published.tenant << BITS)).tolist()
        self._server.delete(self._collection, self._published.partition, rows)

    def search(
        self, query: Vectors, k: int, allowed: Allowed | None = None, excluded_ids: Ids = NONE
    ) -> Found:
        """The ids of the k nearest to a unit vector [dimensions] and their cosines, best first."""
        return self._search(query[None], k, allowed, excluded_ids)[0]

    def search_many(self, queries: Vectors, k: int, allowed: Allowed | None = None) -> list[Found]:
        """What `search` gives for each of the unit vectors [n, dimensions], in one question."""
        return self._search(queries, k, allowed, NONE)

    def _search(
        self, queries: Vectors, k: int, allowed: Allowed | None, excluded_ids: Ids
    ) -> list[Found]:
        if allowed is not None and len(allowed) <= FEW:
            return self._compared(queries, k, np.setdiff1d(allowed.ids, excluded_ids))
        part = self._published
        start = part.tenant << BITS

        def ask(count: int, condition: Condition) -> list[Found]:
            return self._server.search(
                self._collection, part.partition, FIELD, list(queries), count, condition
            )

        within = None
        if allowed is not None:
            share = len(allowed) / max(1, part.passages)
            within = Within("id", (allowed.ids + start).tolist(), share, allowed.holds)
        return best(ask, k, within, (excluded_ids + start).tolist())

    def _compared(self, queries: Vectors, k: int, ids: Ids) -> list[Found]:
        """The nearest of some passages, exactly."""
        blocks = list(self._catalog.vectors(ids.tolist()))
        if not blocks:
            return [(NONE, np.empty(0, dtype=np.float32))] * len(queries)
        held = np.concatenate([block for block, _ in blocks])
        scores = queries @ np.concatenate([block for _, block in blocks]).T
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return [(held[of], row[of]) for of, row in zip(order, scores, strict=True)]

    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether it holds these vectors, [len(ids), dimensions], under these ids of its own."""
        part = self._published
        rows = self._server.rows(
            self._collection, part.partition, (ids + (part.tenant << BITS)).tolist(), [FIELD]
        )
        held = {int(row["id"]) & ((1 << BITS) - 1): row[FIELD] for row in rows}
        return len(held) == len(ids) and all(
            np.allclose(held[id], vector, atol=_AGREE)
            for id, vector in zip(ids.tolist(), vectors, strict=True)
        )

    def scores(self, query: Vectors, ids: Sequence[int]) -> Vectors:
        """The cosines of these ids, from the catalog; NaN for an id that is not held."""
        found = {
            id: float(score)
            for block, vectors in self._catalog.vectors(list(ids))
            for id, score in zip(block.tolist(), vectors @ query, strict=True)
        }
        return np.array([found.get(id, np.nan) for id in ids], dtype=np.float32)

    def save(self, path: Path) -> None:
        """Nothing is to be done: Milvus keeps what it has acknowledged."""
