"""The two stores that are derived from the catalog, and how they are kept in step with it.

A store is right exactly when it holds the ids of the catalog's passages. So whatever was lost or
damaged is mended by adding the ids that are missing and removing those that are gone.
"""

import time
from collections.abc import Iterator

from index.errors import IndexStateError
from index.settings import SETTINGS
from index.storage.bm25 import Lexical
from index.storage.catalog import Catalog
from index.storage.checked import vector_problems, word_problems
from index.storage.database import RENEWAL, VectorsOrigin
from index.storage.mapped import MappedVectors
from index.storage.published import PublishedVectors, delete_unpublished
from index.storage.vector_replica import VectorReplica
from index.storage.vectors import VectorStore
from index.storage.vectors.choice import build
from index.storage.word_replica import WordReplica

__all__ = ["Stores"]

PUBLISH_SHARE = SETTINGS.writing.publish_share
SAVE_SECONDS = SETTINGS.writing.save_seconds


class Stores:
    """FAISS and tantivy beside a catalog. The owner guards `refresh`, `publish`, `in_memory`."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._vectors = VectorReplica(catalog)
        self._words = WordReplica(catalog)
        self._seen: int | None = None  # the catalog's version when the stores were last in step
        self._complete = False  # whether the files were in step, too
        # `time.monotonic` from when on a long write publishes again, and writes the vectors' file.
        self._publish_from, self._save_from = 0.0, time.monotonic() + SAVE_SECONDS

    @property
    def words(self) -> Lexical:
        """The words, as of the last `refresh` or `publish`."""
        return self._words.opened()

    @property
    def vectors(self) -> VectorStore | None:
        """The vectors, as of the last `refresh` or `publish`; None while they are made anew."""
        return self._vectors.store

    @property
    def vectors_origin(self) -> VectorsOrigin:
        """The `index.storage.database.Database.vectors_origin` of these vectors."""
        return self._vectors.origin

    def close(self) -> None:
        """Nothing is connected."""

    def refresh(self) -> bool:
        """See what a writer has committed; False when the files are behind or damaged."""
        version = self._catalog.version()
        if version != self._seen:
            self._vectors.drop_if_other_kind()
            self._words.open()
            self._vectors.open()
            self._vectors.follow()
            self._complete = self._vectors.is_saved() and self._words.is_complete()
            self._seen = version
        return self._complete

    def rebuild_for_size(self, *, last: bool = True) -> VectorStore | None:
        """The vectors in a new store, if the kind of the present one no longer suits their number.

        Only the writer may ask, before `publish`. It takes minutes for a million vectors, and
        needs no guard: others search the present store meanwhile.
        """
        if time.monotonic() < self._publish_from and not last:
            return None
        return self._vectors.rebuild_for_size(last=last)

    def publish(self, rebuilt: VectorStore | None = None, *, last: bool = True) -> None:
        """Bring both stores and their files in step with the catalog; only the writer may.

        ``rebuilt`` takes the place of the vectors' store. Unless it is the ``last`` time of a
        write, nothing is done where that would cost more than its share of the time. Raises
        IndexStateError when the folder cannot be written.
        """
        started = time.monotonic()
        self._catalog.require_in_place()
        self._notice_remade()
        try:
            if rebuilt is None and (self._is_published() if last else started < self._publish_from):
                return
            if rebuilt is not None:
                self._vectors.replace(rebuilt)
            self._words.open()
            self._vectors.open()
            self._vectors.follow()
            self._words.save(last=last)
            if last or started > self._save_from:
                self._vectors.save()
                self._save_from = time.monotonic() + SAVE_SECONDS
        except OSError as exc:
            raise IndexStateError(
                f"The index in {self._catalog.folder} cannot be written: {exc}."
            ) from exc
        now = time.monotonic()
        self._publish_from = now + (now - started) / PUBLISH_SHARE
        if last:
            self._words.forget_position()
            self._publish_from, self._save_from = 0.0, now + SAVE_SECONDS
            # This connection's own writes do not change the catalog's version.
            self._complete, self._seen = True, self._catalog.version()

    def in_memory(self) -> None:
        """Both stores for a folder that cannot be written: what its files lack is in memory."""
        self._vectors.follow()
        self._words.hold_in_memory()
        self._complete = True

    def withdraw_vectors(self) -> None:
        """No vectors are published from now on; part of the caller's transaction."""
        PublishedVectors.withdraw(self._catalog)
        MappedVectors(self._catalog).withdraw()

    def publish_remade(self) -> None:
        """Publish vectors that were all made anew; only the writer may.

        With it the renewal ends. To build a store of a million takes minutes. Raises
        IndexStateError when the folder cannot be written.
        """
        catalog = self._catalog
        catalog.require_in_place()
        try:
            delete_unpublished(catalog)  # those of the weights before
            published = PublishedVectors.write(catalog, build(catalog))
        except OSError as exc:
            raise IndexStateError(
                f"The index in {catalog.folder} cannot be written: {exc}."
            ) from exc
        with catalog.transaction():
            published.record(catalog)
            catalog.delete(RENEWAL)

    def unpublished(self) -> int:
        """How many passages have a vector that is not yet in the file where searches start."""
        published = PublishedVectors.of(self._catalog)
        return len(self._catalog.passage_ids(after=published.state.largest_id if published else 0))

    def problems(self) -> Iterator[str]:
        """Each disagreement of the files with the catalog, as a sentence; reads all of them."""
        yield from vector_problems(self._catalog)
        yield from word_problems(self._catalog)

    def _notice_remade(self) -> None:
        if self._vectors.drop_if_remade():
            self._seen = None

    def _is_published(self) -> bool:
        """Whether all is published; without reading the vectors, unless they are in memory."""
        if self._vectors.store is not None or not self._vectors.is_saved():
            return False
        return self._vectors.is_mapped() and self._vectors.is_intact() and self._words.is_saved()
