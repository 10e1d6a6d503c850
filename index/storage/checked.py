"""Proof that the files of the local engine agree with the catalog, by reading all of them."""

from collections.abc import Iterator

import numpy as np

from index.errors import IndexStateError
from index.storage.bm25 import Lexical
from index.storage.catalog import Catalog
from index.storage.files import checksum
from index.storage.mapped import MappedVectors
from index.storage.published import PublishedVectors, PublishedWords
from index.storage.vectors import Ids
from index.storage.vectors.choice import load

__all__ = ["MADE_AGAIN", "differences", "vector_problems", "word_problems"]

MADE_AGAIN = "the next qa index makes it again"


def vector_problems(catalog: Catalog) -> Iterator[str]:
    """How the file of vectors disagrees with the catalog."""
    published = PublishedVectors.of(catalog)
    wanted = catalog.passage_ids()
    if not catalog.vectors_origin().complete:
        yield "Making the vectors anew was interrupted: run qa upgrade again."
        return
    if not published:
        if len(wanted):
            yield f"There is no file of vectors; {MADE_AGAIN}."
        return
    path = catalog.folder / published.file
    try:
        if checksum(path) != published.checksum:
            yield f"{path.name} is not what was written; {MADE_AGAIN}."
            return
        store = load(path, published.trained_on, published.layout, catalog)
    except (OSError, ValueError) as exc:
        yield f"{path.name} cannot be read ({exc}); {MADE_AGAIN}."
        return
    yield from differences(path.name, store.ids(), wanted)
    for ids, block in catalog.vectors(np.intersect1d(store.ids(), wanted).tolist()):
        if not store.agrees(ids, block):
            yield f"{path.name} holds other vectors than the catalog; {MADE_AGAIN}."
            return
    for problem in MappedVectors(catalog).problems():
        yield f"{problem}; {MADE_AGAIN}."


def word_problems(catalog: Catalog) -> Iterator[str]:
    """How tantivy's files disagree with the catalog."""
    wanted = catalog.passage_ids()
    lexical = catalog.folder / "lexical"
    for name, recorded in PublishedWords.of(catalog).files.items():
        path = lexical / name
        if not path.is_file():
            yield f"lexical/{name} is missing; {MADE_AGAIN}."
        elif checksum(path) != recorded:
            yield f"lexical/{name} is not what was written; {MADE_AGAIN}."
    try:
        ids = Lexical(lexical).ids()
    except (ValueError, OSError, IndexStateError) as exc:
        if len(wanted):
            yield f"The folder lexical cannot be read ({exc}); {MADE_AGAIN}."
        return
    yield from differences("lexical", ids, wanted)


def differences(name: str, held: Ids, wanted: Ids) -> Iterator[str]:
    """How the ids that something holds disagree with those of the catalog."""
    if missing := len(np.setdiff1d(wanted, held)):
        yield f"{name} lacks {missing} passages; {MADE_AGAIN}."
    if left := len(np.setdiff1d(held, wanted)):
        yield f"{name} holds {left} passages of documents that are gone; {MADE_AGAIN}."
