"""Making all vectors of an index anew, after the bundled model that made them got other weights.

Vectors of two weights are never compared. An index whose vectors are not those of the present
weights is searched by its words alone, until all of its passages are embedded anew from their
texts, and a store of them is published. This is done batch by batch. Each batch is a transaction
that also records how far the work is, so it can be stopped at any moment and goes on from there.
"""

from index.embedders import Embedder
from index.errors import IndexStateError
from index.storage.catalog import Catalog
from index.storage.database import RENEWAL
from index.storage.published import PublishedVectors, delete_unpublished
from index.storage.schema import searched
from index.storage.vectors.choice import build
from index.sync.sync import Progress, Step
from index.sync.writer import EMBED_AT_ONCE, embed

__all__ = ["renew"]


def renew(catalog: Catalog, model: Embedder, on_progress: Progress | None = None) -> int:
    """Make every passage's vector anew with a model; how many texts were embedded for it.

    Only the writer may. What another call had done before it was stopped is not done again.
    """
    if catalog.vectors_origin().identity != model.identity:
        _begin(catalog, model)
    done = bytes.fromhex(catalog.get(RENEWAL) or "")
    (done_before, total), *_ = catalog.rows(
        "SELECT count(DISTINCT CASE WHEN digest <= ? THEN digest END), count(DISTINCT digest)"
        " FROM passages",
        [done],
    )
    embedded = 0
    while texts := _next_texts(catalog, done):
        vectors = embed(model, [text for _, text in texts], model.dimensions)
        done = texts[-1][0]
        with catalog.transaction():
            catalog.replace_vectors([digest for digest, _ in texts], vectors)
            catalog.put(RENEWAL, done.hex())
        embedded += len(texts)
        if on_progress:
            on_progress(Step(0, 0, embedded, (done_before + embedded) / total, model.name))
    catalog.advance()
    _publish(catalog)
    return embedded


def _publish(catalog: Catalog) -> None:
    """Let the vectors be searched, now that all are there.

    To build a store of a million takes minutes. Only the writer does it, and never a search.
    """
    catalog.require_in_place()
    try:
        delete_unpublished(catalog)  # those of the weights before
        published = PublishedVectors.write(catalog, build(catalog))
    except OSError as exc:
        raise IndexStateError(f"The index in {catalog.folder} cannot be written: {exc}.") from exc
    with catalog.transaction():
        published.record(catalog)
        catalog.delete(RENEWAL)


def _begin(catalog: Catalog, model: Embedder) -> None:
    """Record the model as the index's own, and remove what was made with the weights before."""
    with catalog.transaction():
        catalog.put(RENEWAL, "")
        catalog.put("model", model.name)
        catalog.put("identity", model.identity)
        catalog.put("dimensions", str(model.dimensions))
        PublishedVectors.withdraw(catalog)
        catalog.forget_kept_vectors()


def _next_texts(catalog: Catalog, done: bytes) -> list[tuple[bytes, str]]:
    """The next texts by their digest, each once."""
    rows = catalog.rows(
        "SELECT digest, min(CASE WHEN context = '' THEN text ELSE context || ': ' || text END)"
        " FROM passages WHERE digest > ? GROUP BY digest ORDER BY digest LIMIT ?",
        [done, EMBED_AT_ONCE],
    )
    return list(map(tuple, rows))
