"""What is searched of a collection in PostgreSQL: its vectors there, its words beside us."""

from collections.abc import Iterator

import numpy as np

from index.storage.bm25 import Lexical
from index.storage.checked import differences
from index.storage.database import RENEWAL, VectorsOrigin
from index.storage.postgres.catalog import PostgresCatalog
from index.storage.postgres.words import LocalWords
from index.storage.vectors import VectorStore

__all__ = ["PostgresEngine"]


class PostgresEngine:
    """`index.storage.engines.Engine`. The catalog writes the vectors in its own transactions."""

    def __init__(self, catalog: PostgresCatalog) -> None:
        self._catalog = catalog
        self._words = LocalWords(catalog)
        self._seen: int | None = None  # the catalog's version when the words were last in step
        self._origin = VectorsOrigin(None, complete=False)

    @property
    def words(self) -> Lexical:
        """The words, as of the last `refresh` or `publish`."""
        return self._words.store

    @property
    def vectors(self) -> VectorStore | None:
        """The vectors; None while they are made anew, and before there are any."""
        held = self._catalog.own_vectors
        return held if self._origin.complete and held.is_there() else None

    @property
    def vectors_origin(self) -> VectorsOrigin:
        """The `index.storage.database.Database.vectors_origin` of these vectors."""
        return self._origin

    def close(self) -> None:
        """The catalog closes its own connection."""

    def refresh(self) -> bool:
        """See what a writer has committed; what the tables hold is in step with each commit."""
        version = self._catalog.version()
        if version != self._seen:
            self._origin = self._catalog.vectors_origin()
            self._words.refresh()
            self._seen = version
        return True

    def rebuild_for_size(self, *, last: bool = True) -> None:
        """Make the HNSW index when there are many vectors; searches go on meanwhile."""
        if last and not self._catalog.is_cut_off:
            self._catalog.own_vectors.index()

    def publish(self, rebuilt: VectorStore | None = None, *, last: bool = True) -> None:  # noqa: ARG002
        """Take in the words here at the end of a write; others do so when they search."""
        if last and not self._catalog.is_cut_off:
            self.refresh()

    def in_memory(self) -> None:
        """Nothing is left to do: what cannot be written here is in memory already."""

    def withdraw_vectors(self) -> None:
        """No vectors are searched from now on; part of the caller's transaction."""
        self._catalog.own_vectors.clear()

    def publish_remade(self) -> None:
        """Let vectors that were all made anew be searched; with it the renewal ends."""
        catalog = self._catalog
        with catalog.transaction():
            for ids, vectors in catalog.vectors(catalog.passage_ids().tolist()):
                catalog.own_vectors.add(ids, vectors)
            catalog.delete(RENEWAL)
        catalog.own_vectors.index()

    def unpublished(self) -> int:
        """How many passages have no vector in the table that is searched."""
        return self._catalog.counts().passages - len(self._catalog.own_vectors)

    def problems(self) -> Iterator[str]:
        """Each disagreement with the catalog, as a sentence; reads all vectors and words."""
        catalog = self._catalog
        if not catalog.vectors_origin().complete:
            yield "Making the vectors anew was interrupted: run qa upgrade again."
        elif catalog.own_vectors.is_there():
            held, wanted = catalog.own_vectors.ids(), catalog.passage_ids()
            yield from differences("The table of vectors", held, wanted)
            for ids, block in catalog.vectors(np.intersect1d(held, wanted).tolist()):
                if not catalog.own_vectors.agrees(ids, block):
                    yield "The table of vectors holds others than the catalog: run qa index again."
                    break
        yield from self._words.problems()
