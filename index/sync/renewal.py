"""Making all vectors of an index anew, after the bundled model that made them got other weights.

Vectors of two weights are never compared. An index whose vectors are not those of the present
weights is searched by its words alone, until all of its passages are embedded anew from their
texts, and a store of them is published. This is done batch by batch. Each batch is a transaction
that also records how far the work is, so it can be stopped at any moment and goes on from there.
"""

from index.embedders import Embedder
from index.storage.catalog import Catalog
from index.storage.database import RENEWAL
from index.storage.engines import Engine
from index.sync.sync import Progress, Step
from index.sync.writer import EMBED_AT_ONCE, embed

__all__ = ["renew"]


def renew(
    catalog: Catalog, engine: Engine, model: Embedder, on_progress: Progress | None = None
) -> int:
    """Make every passage's vector anew with a model; how many texts were embedded for it.

    Only the writer may. What another call had done before it was stopped is not done again.
    """
    if catalog.vectors_origin().identity != model.identity:
        _begin(catalog, engine, model)
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
    engine.publish_remade()
    return embedded


def _begin(catalog: Catalog, engine: Engine, model: Embedder) -> None:
    """Record the model as the index's own, and remove what was made with the weights before."""
    with catalog.transaction():
        catalog.put(RENEWAL, "")
        catalog.put("model", model.name)
        catalog.put("identity", model.identity)
        catalog.put("dimensions", str(model.dimensions))
        engine.withdraw_vectors()
        catalog.forget_kept_vectors()


def _next_texts(catalog: Catalog, done: bytes) -> list[tuple[bytes, str]]:
    """The next texts by their digest, each once."""
    rows = catalog.rows(
        "SELECT digest, min(CASE WHEN context = '' THEN text ELSE context || ': ' || text END)"
        " FROM passages WHERE digest > ? GROUP BY digest ORDER BY digest LIMIT ?",
        [done, EMBED_AT_ONCE],
    )
    return list(map(tuple, rows))
