"""The two stores that are derived from the catalog, and how they are kept in step with it.

A store is right exactly when it holds the ids of the catalog's passages; so whatever was lost or
damaged is mended by adding the ids that are missing and removing those that are gone.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog
from index.errors import IndexStateError
from index.files import sha256
from index.lexical import Lexical
from index.vectors import VectorStore

__all__ = ["Stores"]


class Stores:
    """FAISS and tantivy beside a catalog. The owner guards `refresh` and `repair`."""

    vectors: VectorStore
    lexical: Lexical

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self._folder = folder
        self._catalog = catalog
        self._file: str | None = None  # of the vectors in memory
        self._seen: int | None = None  # the catalog's version when the stores were last read

    def refresh(self) -> bool:
        """See what a writer has published; False when the stores are behind or damaged."""
        version = self._catalog.version()
        if version == self._seen:
            return True
        self._load()
        if self._catalog.get("published") != self._catalog.get("generation"):
            return False
        count = self._catalog.counts()[1]
        if not len(self.vectors) == len(self.lexical) == count:
            return False
        self._seen = version
        return True

    def repair(self) -> None:
        """Bring both stores in step with the catalog and publish them; only the writer may.

        Raises IndexStateError when the folder cannot be written.
        """
        try:
            self._repair()
        except OSError as exc:
            raise IndexStateError(f"The index in {self._folder} cannot be written: {exc}.") from exc

    def _repair(self) -> None:
        wanted = self._catalog.passage_ids()
        generation = self._catalog.get("generation") or "0"
        self._load()
        self._repair_vectors(wanted, f"vectors-{generation}.faiss")
        try:
            self._repair_lexical(wanted)
        except IndexStateError:
            # A damaged segment can be neither read nor merged.
            self.lexical = Lexical.make(self._folder / "lexical")
            self._repair_lexical(wanted)
        self._catalog.put("published", generation)
        for old in self._folder.glob("vectors-*"):  # with what an interrupted writer left
            if old.name != self._file:
                old.unlink(missing_ok=True)

    def _repair_vectors(self, wanted: NDArray[np.int64], name: str) -> None:
        held = self.vectors.ids()
        self.vectors.remove(np.setdiff1d(held, wanted))
        for ids, block in self._catalog.vectors(np.setdiff1d(wanted, held).tolist()):
            self.vectors.add(ids, block)
        if self._file is None or not np.array_equal(held, wanted):
            self.vectors.save(self._folder / name)
            published = {"file": name, "sha256": sha256(self._folder / name)}
            self._catalog.put("vectors", json.dumps(published))
            self._file = name

    def _repair_lexical(self, wanted: NDArray[np.int64]) -> None:
        if self.lexical.folder is None:
            self.lexical = Lexical.make(self._folder / "lexical")
        held = self.lexical.ids()
        gone, new = np.setdiff1d(held, wanted), np.setdiff1d(wanted, held)
        if len(gone) or len(new):
            self.lexical.update(gone.tolist(), self._catalog.indexed_texts(new.tolist()))

    def _load(self) -> None:
        """Read what is published; what is missing or not what it was is taken for empty."""
        try:
            if not hasattr(self, "lexical") or self.lexical.folder is None:
                self.lexical = Lexical(self._folder / "lexical")
            self.lexical.reload()
        except (OSError, ValueError):
            self.lexical = Lexical(None)
        published = self._published()
        if published.get("file") == self._file is not None:
            return
        while not self._load_vectors(published):
            # A writer may just have put another file in its place.
            before, published = published, self._published()
            if published == before:
                return

    def _load_vectors(self, published: dict[str, str]) -> bool:
        """Whether the vectors in memory are those of the published file; else there are none.

        The catalog has every vector, so that an empty store can be filled from it.
        """
        from index.vectors.faiss import FaissStore

        dimensions = int(self._catalog.get("dimensions") or 0)
        name = published.get("file")
        try:
            if name and sha256(self._folder / name) == published["sha256"]:
                self.vectors, self._file = FaissStore.load(self._folder / name, dimensions), name
                return True
        except (OSError, ValueError):
            pass
        self.vectors, self._file = FaissStore(dimensions), None
        return False

    def _published(self) -> dict[str, str]:
        return dict(json.loads(self._catalog.get("vectors") or "{}"))
