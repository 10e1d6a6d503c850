"""A catalog in PostgreSQL."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.storage.catalog import Catalog
from index.storage.database import ENGINE
from index.storage.postgres.database import PostgresDatabase
from index.storage.postgres.plain import plain
from index.storage.postgres.vectors import PgVectors

__all__ = ["PostgresCatalog"]


class PostgresCatalog(Catalog, PostgresDatabase):
    """A catalog in the tables of a collection.

    Unless another engine is recorded, the vectors that are searched are written with the passages.
    """

    @cached_property
    def own_vectors(self) -> PgVectors:
        """The vectors in the server, which are searched where no other engine is recorded."""
        return PgVectors(self, int(self.get("dimensions") or 0))

    @cached_property
    def _has_own(self) -> bool:
        return self.get("dimensions") is not None and self.get(ENGINE) is None

    def plain(self, metadata: dict[str, Any]) -> dict[str, Any]:
        """Metadata that the server can read as JSON."""
        kept: dict[str, Any] = plain(metadata)
        return kept

    def hold_vectors(self, number: int, vectors: NDArray[np.float32]) -> None:
        """Write the vectors of a new document's passages where they are searched, too."""
        if self._has_own and len(vectors):
            self.own_vectors.prepare()
            self.own_vectors.add(self.passage_ids([number]), vectors)
