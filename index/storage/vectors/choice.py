"""Which store of vectors a collection of some size gets: exact while that is fast, then codes."""

from pathlib import Path

import numpy as np

from index.settings import SETTINGS
from index.storage.catalog import Catalog
from index.storage.vectors import VectorStore
from index.storage.vectors.codes import CodeStore, EarlierCodes, Stored, lists_for
from index.storage.vectors.faiss import FaissStore

__all__ = ["build", "empty", "load", "outgrown", "suits"]

EXACT_MOST = SETTINGS.vectors.exact
SAMPLE = SETTINGS.vectors.training_sample
SAMPLE_PER_LIST = SETTINGS.vectors.sample_per_list
LOOKED_AT = SETTINGS.vectors.looked_at
FAR_SHARE = SETTINGS.vectors.far_share
GROWTH = SETTINGS.vectors.growth


def suits(trained_on: int, count: int, layout: int = CodeStore.layout) -> bool:
    """Whether a store with this `VectorStore.trained_on` and ``layout`` suits so many vectors.

    An exact store may hold EXACT_MOST. Codes stay until only half as many are left: else a
    collection at the limit would change its store every day.
    """
    if not trained_on:
        return count <= EXACT_MOST
    if layout != CodeStore.layout:
        return False
    return EXACT_MOST // 2 <= count <= GROWTH * trained_on


def empty(catalog: Catalog, stored: Stored | None = None) -> VectorStore:
    """A store without vectors, of the kind that the catalog's passages ask for.

    ``stored`` gives the vectors that codes stand for; by default the catalog does.
    """
    ids = catalog.passage_ids()
    if len(ids) <= EXACT_MOST:
        return FaissStore(int(catalog.get("dimensions") or 0))
    sample = max(SAMPLE, SAMPLE_PER_LIST * lists_for(len(ids)))
    chosen = ids[:: max(1, len(ids) // sample)]
    blocks = [block for _, block in catalog.vectors(chosen.tolist())]
    return CodeStore.train(np.concatenate(blocks), stored or catalog.vectors, len(ids))


def build(catalog: Catalog, stored: Stored | None = None) -> VectorStore:
    """A store of the catalog's vectors as they are now; minutes for a million."""
    store = empty(catalog, stored)
    for ids, block in catalog.vectors(catalog.passage_ids().tolist()):
        store.add(ids, block)
    return store


def outgrown(store: VectorStore, catalog: Catalog, stored: Stored) -> bool:
    """Whether too many of the catalog's vectors lie far from all lists of a store of codes.

    So it is where documents of another kind have come since the training. ``stored`` gives the
    vectors.
    """
    if not isinstance(store, CodeStore) or isinstance(store, EarlierCodes):
        return False
    _, largest = catalog.state()
    ids = np.unique(np.linspace(1, max(1, largest), LOOKED_AT).astype(np.int64))
    blocks = [block for _, block in stored(ids)]
    if not blocks:
        return False
    far = store.similarities(np.concatenate(blocks)) < store.least_similarity
    return bool(np.mean(far) > FAR_SHARE)


def load(
    path: Path,
    trained_on: int,
    layout: int,
    catalog: Catalog,
    least_similarity: float = -1.0,
    stored: Stored | None = None,
) -> VectorStore:
    """The store in a file; ValueError when it is not of that kind, or damaged."""
    dimensions = int(catalog.get("dimensions") or 0)
    if trained_on:
        codes = CodeStore if layout == CodeStore.layout else EarlierCodes
        return codes.open(path, dimensions, stored or catalog.vectors, trained_on, least_similarity)
    return FaissStore.load(path, dimensions)
