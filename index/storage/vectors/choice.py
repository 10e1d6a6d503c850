"""Which store of vectors a collection of some size gets: exact while that is fast, then codes."""

from pathlib import Path

import numpy as np

from index.settings import SETTINGS
from index.storage.catalog import Catalog
from index.storage.vectors import VectorStore
from index.storage.vectors.codes import CodeStore
from index.storage.vectors.faiss import FaissStore

__all__ = ["build", "empty", "load", "suits"]

EXACT_MOST = SETTINGS.vectors.exact
SAMPLE = SETTINGS.vectors.training_sample
GROWTH = SETTINGS.vectors.growth


def suits(trained_on: int, count: int) -> bool:
    """Whether a store with this `VectorStore.trained_on` suits so many vectors.

    An exact store may hold EXACT_MOST. Codes stay until only half as many are left: else a
    collection at the limit would change its store every day.
    """
    if not trained_on:
        return count <= EXACT_MOST
    return EXACT_MOST // 2 <= count <= GROWTH * trained_on


def empty(catalog: Catalog) -> VectorStore:
    """A store without vectors, of the kind that the catalog's passages ask for."""
    ids = catalog.passage_ids()
    if len(ids) <= EXACT_MOST:
        return FaissStore(int(catalog.get("dimensions") or 0))
    chosen = ids[:: max(1, len(ids) // SAMPLE)]
    blocks = [block for _, block in catalog.vectors(chosen.tolist())]
    return CodeStore.train(np.concatenate(blocks), catalog.vectors, len(ids))


def build(catalog: Catalog) -> VectorStore:
    """A store of the catalog's vectors as they are now; minutes for a million."""
    store = empty(catalog)
    for ids, block in catalog.vectors(catalog.passage_ids().tolist()):
        store.add(ids, block)
    return store


def load(path: Path, trained_on: int, catalog: Catalog) -> VectorStore:
    """The store in a file; ValueError when it is not of that kind, or damaged."""
    dimensions = int(catalog.get("dimensions") or 0)
    if trained_on:
        return CodeStore.open(path, dimensions, catalog.vectors, trained_on)
    return FaissStore.load(path, dimensions)
