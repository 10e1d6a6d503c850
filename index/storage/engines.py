"""Engines: what is searched of an index, beside its catalog and derived from it.

A catalog has an engine of its own: tantivy and FAISS in the folder of an index, or pgvector.
Another one is chosen when an index is made, by its address, which the catalog records.
"""

from collections.abc import Iterator
from typing import Protocol

from index.errors import IndexStateError, InputError
from index.storage.catalog import Catalog, SqliteCatalog
from index.storage.database import ENGINE, VectorsOrigin
from index.storage.derived import Stores
from index.storage.milvus.address import MilvusAddress
from index.storage.milvus.server import require_pymilvus
from index.storage.vectors import VectorStore
from index.storage.words import WordStore

__all__ = ["Engine", "engine_in", "open_engine"]


class Engine(Protocol):
    """The words and vectors of a catalog. The owner guards all but `rebuild_for_size`.

    Every method raises IndexStateError where the engine cannot be reached, read or written.
    """

    @property
    def words(self) -> WordStore:
        """The words, as of the last `refresh` or `publish`."""

    @property
    def vectors(self) -> VectorStore | None:
        """The vectors, as of the last `refresh` or `publish`; None while they are made anew."""

    @property
    def vectors_origin(self) -> VectorsOrigin:
        """The `index.storage.database.Database.vectors_origin` of these vectors."""

    def close(self) -> None:
        """End what connects it to a server, if anything does."""

    def refresh(self) -> bool:
        """See what a writer has committed; False when what is published is behind or damaged."""

    def rebuild_for_size(self, *, last: bool = True) -> VectorStore | None:
        """The vectors in a new store, if the kind of the present one no longer suits their number.

        Only the writer may ask, before `publish`.
        """

    def publish(self, rebuilt: VectorStore | None = None, *, last: bool = True) -> None:
        """Bring all in step with the catalog; only the writer may.

        ``rebuilt`` takes the place of the vectors' store. Unless it is the ``last`` time of a
        write, nothing is done where that would cost more than its share of the time.
        """

    def in_memory(self) -> None:
        """Let searches go on where nothing can be published."""

    def withdraw_vectors(self) -> None:
        """No vectors are published from now on; part of the caller's transaction."""

    def publish_remade(self) -> None:
        """Publish vectors that were all made anew; only the writer may.

        With it the renewal ends (`index.storage.database.RENEWAL`).
        """

    def unpublished(self) -> int:
        """How many passages have a vector that is not yet where searches start."""

    def problems(self) -> Iterator[str]:
        """Each disagreement with the catalog, as a sentence; reads all that is published."""


def engine_in(address: str | None) -> str | None:
    """An engine's address as it is recorded; None for the catalog's own.

    Raises InputError for what is no address of an engine, MissingExtraError where its client is not
    installed.
    """
    if address is None:
        return None
    if not address.startswith("milvus"):
        raise InputError(
            f"There is no engine {address}: write milvus://HOST:19530 or milvus:///FOLDER/FILE.db."
        )
    require_pymilvus()
    return str(MilvusAddress.parse(address))


def open_engine(catalog: Catalog, asked: str | None = None) -> Engine:
    """The engine that a catalog records, or its own.

    Raises IndexStateError where another one is ``asked`` for by its address.
    """
    recorded = catalog.get(ENGINE)
    if asked is not None and engine_in(asked) != recorded:
        raise IndexStateError(
            f"The index in {catalog.shown} is searched by {recorded or 'its own engine'}, not by "
            f"{asked}: open it without an engine, or index the documents elsewhere."
        )
    if recorded is not None:
        from index.storage.milvus.engine import MilvusEngine

        return MilvusEngine(catalog, MilvusAddress.parse(recorded))
    if not isinstance(catalog, SqliteCatalog):
        from index.storage.postgres.catalog import PostgresCatalog
        from index.storage.postgres.engine import PostgresEngine

        if isinstance(catalog, PostgresCatalog):
            return PostgresEngine(catalog)
    return Stores(catalog)
