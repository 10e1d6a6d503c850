"""The catalog's vectors in a store that is searched in memory, and the file that it is read from.

The store follows every commit from the catalog itself. The file only spares the next opening that
work, so it is written now and then.
"""

import numpy as np

from index.storage.catalog import Catalog
from index.storage.database import VectorsOrigin
from index.storage.files import checksum
from index.storage.mapped import MappedVectors
from index.storage.published import PublishedVectors, delete_unpublished
from index.storage.vectors import VectorStore
from index.storage.vectors.choice import build, empty, load, outgrown, suits

__all__ = ["VectorReplica"]


class VectorReplica:
    """A store of the catalog's vectors.

    ``store`` is None until `open`, and while the catalog's vectors are being made anew. ``origin``
    is the `Database.vectors_origin` of the vectors in it.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self.store: VectorStore | None = None
        self._mapped = MappedVectors(catalog)
        self.origin = VectorsOrigin(None, complete=False)
        self._largest_id = 0  # of the vectors that were taken over from the catalog
        # What was read of the file that is published, for the next one to open it.
        self._read: tuple[PublishedVectors | None, VectorStore | None] = None, None
        self._damaged_file: str | None = None  # the published file, if it could not be used

    # In memory

    def drop_if_remade(self) -> bool:
        """Drop the store if the catalog's vectors come from other weights now; whether they do."""
        if self.origin == (origin := self._catalog.vectors_origin()):
            return False
        self.origin, self._largest_id, self.store = origin, 0, None
        return True

    def drop_if_other_kind(self) -> None:
        """Drop the store if a writer has published one of another kind."""
        published = self._usable()
        if self.store is not None and published and not _is_kind(self.store, published):
            self.store = None

    def open(self) -> None:
        """Read the published file, unless the store is open; what the file lacks is added to it."""
        self.drop_if_remade()
        if self.store is not None or not self.origin.complete:
            return
        published = PublishedVectors.of(self._catalog)
        while (store := self._load(published)) is None:
            # A writer may just have put another file in its place.
            before, published = published, PublishedVectors.of(self._catalog)
            if published == before:
                self._damaged_file = published.file if published else None
                store = empty(self._catalog, self._mapped)
                break
        self.store = store
        if published and self._damaged_file is None and len(store) == published.state.passages:
            # Only what is new since is added. To compare all ids takes a second.
            self._largest_id = published.state.largest_id
        else:
            self._compare(store)

    def _load(self, published: PublishedVectors | None) -> VectorStore | None:
        """The store in the published file; None if there is none, or it is not what was written."""
        (of, store), self._read = self._read, (None, None)
        if published is None:
            return None
        if store and of == published:
            return store
        path = self._catalog.folder / published.file
        try:
            if checksum(path) == published.checksum:
                return load(
                    path,
                    published.trained_on,
                    published.layout,
                    self._catalog,
                    published.least_similarity,
                    self._mapped,
                )
        except (OSError, ValueError):
            pass
        return None

    def follow(self) -> None:
        """Add what is new in the catalog, and remove what is gone from it."""
        store = self.store
        if store is None:
            return
        self._mapped.open()
        new = self._catalog.passage_ids(after=self._largest_id)
        for ids, vectors in self._catalog.vectors(new.tolist()):
            store.add(ids, vectors)
        self._largest_id = max([self._largest_id, *new[-1:].tolist()])
        if len(store) != self._catalog.counts().passages:
            self._compare(store)

    def _compare(self, store: VectorStore) -> None:
        """Add and remove by comparing all ids."""
        wanted, held = self._catalog.passage_ids(), store.ids()
        store.remove(np.setdiff1d(held, wanted))
        for ids, vectors in self._catalog.vectors(np.setdiff1d(wanted, held).tolist()):
            store.add(ids, vectors)
        self._largest_id = max([self._largest_id, *wanted[-1:].tolist()])

    def rebuild_for_size(self, *, last: bool = True) -> VectorStore | None:
        """A new store of the catalog's vectors, if the present kind no longer suits their number.

        It takes minutes for a million vectors. The present store stays in use meanwhile. Whether
        the vectors themselves still suit it is looked at the ``last`` time of a write.
        """
        origin = self._catalog.vectors_origin()
        if not origin.complete:
            return None
        store = self.store  # another thread may drop it meanwhile
        if store is None or self.origin != origin:
            published = PublishedVectors.of(self._catalog)
            self._read = published, (store := self._load(published))
        trained_on, layout = (store.trained_on, store.layout) if store else (0, 0)
        fits = suits(trained_on, self._catalog.counts().passages, layout)
        if fits and not (last and store and outgrown(store, self._catalog, self._mapped)):
            return None
        return build(self._catalog, self._mapped)

    def replace(self, store: VectorStore) -> None:
        """Put a store that `rebuild_for_size` made in place of the present one."""
        self._read = None, None  # the one before is of no use any more
        self.store, self._largest_id = store, int(max(store.ids()[-1:], default=0))

    # The file

    def _usable(self) -> PublishedVectors | None:
        """What is published, unless its file turned out to be damaged."""
        published = PublishedVectors.of(self._catalog)
        damaged = published is not None and published.file == self._damaged_file
        return None if damaged else published

    def is_saved(self) -> bool:
        """Whether the published file holds the vectors of the catalog's passages."""
        if not self.origin.complete:
            return True  # there is no file meanwhile
        published = self._usable()
        if published is None or published.state != self._catalog.state():
            return False
        if self.store is not None and not _is_kind(self.store, published):
            return False
        return (self._catalog.folder / published.file).is_file()

    def is_intact(self) -> bool:
        """Whether the published file, if there is one, has its checksum. Raises OSError."""
        published = PublishedVectors.of(self._catalog)
        if published is None:
            return True
        return checksum(self._catalog.folder / published.file) == published.checksum

    def save(self) -> None:
        """Write and publish the file, unless it is saved, and delete all others."""
        if self.store is not None and not self.is_saved():
            published = PublishedVectors.write(self._catalog, self.store)
            if published.file == self._damaged_file:
                self._damaged_file = None
            published.record(self._catalog)
        delete_unpublished(self._catalog)
        if self.store is None:
            return
        if self.store.trained_on:
            self._mapped.save(self.store.ids())
        else:
            self._mapped.delete()

    def is_mapped(self) -> bool:
        """Whether the vectors that codes are compared with are where they are found soonest."""
        published = PublishedVectors.of(self._catalog)
        return published is None or not published.trained_on or self._mapped.is_saved()


def _is_kind(store: VectorStore, published: PublishedVectors) -> bool:
    """Whether a store is of the kind of the one in the published file."""
    if not store.trained_on:
        return not published.trained_on
    return (store.trained_on, store.layout) == (published.trained_on, published.layout)
