"""Which store of vectors a collection of some size gets: exact while that is fast, then codes."""

from pathlib import Path

import numpy as np

from index.storage.catalog import Catalog
from index.storage.vectors import VectorStore
from index.storage.vectors.codes import CodeStore
from index.storage.vectors.faiss import FaissStore

__all__ = ["build", "empty", "load", "outgrown"]

EXACT_MOST = 50_000  # vectors that are searched exactly (`python -m benchmarks.scale`)
SAMPLE = 20_000  # vectors that codes are fitted to
GROWN = 4  # times as many vectors as codes were fitted to: they are fitted anew


def outgrown(fitted: int, count: int) -> bool:
    """Whether a store (its `VectorStore.fitted`) is wrong for so many vectors.

    Between the limits it stays what it is, lest a collection at the limit change it daily.
    """
    if not fitted:
        return count > EXACT_MOST
    return count < EXACT_MOST // 2 or count > GROWN * fitted


def empty(catalog: Catalog) -> VectorStore:
    """A store without vectors, of the kind that the catalog's passages ask for."""
    ids = catalog.passage_ids()
    if len(ids) <= EXACT_MOST:
        return FaissStore(int(catalog.get("dimensions") or 0))
    chosen = ids[:: max(1, len(ids) // SAMPLE)]
    blocks = [block for _, block in catalog.vectors(chosen.tolist())]
    return CodeStore.fit(np.concatenate(blocks), catalog.vectors, len(ids))


def build(catalog: Catalog) -> VectorStore:
    """A store of the catalog's vectors as they are now; minutes for a million."""
    store = empty(catalog)
    for ids, block in catalog.vectors(catalog.passage_ids().tolist()):
        store.add(ids, block)
    return store


def load(path: Path, fitted: int, catalog: Catalog) -> VectorStore:
    """The store in a file; ValueError when it is not of that kind, or damaged."""
    dimensions = int(catalog.get("dimensions") or 0)
    if fitted:
        return CodeStore.open(path, dimensions, catalog.vectors, fitted)
    return FaissStore.load(path, dimensions)
