"""HNSW's settings in PostgreSQL: recall against time, for a collection of its own.

    python -m benchmarks.pgvector ADDRESS --data DATA --work FOLDER [--passages 100000]
        [--made M,CONSTRUCTION ...] [--searched EF ...] [--questions 100] [--json]

Fills the collection at ADDRESS, if it is new, with passages of `benchmarks.scale_corpus`, makes the
graph with each of the settings, and asks for the 125 nearest of each question, as a search for 100
candidates does: recall@10 against exact search, and milliseconds. ``limited`` asks in a third of
all documents.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks import scale_corpus
from index import Index
from index.storage.postgres.catalog import PostgresCatalog
from index.storage.vectors import Allowed

__all__ = ["main"]

TABLE, ASKED, LIMIT = 3000, 125, 3


def fill(index: Index, data: Path, passages: int) -> None:
    """Add documents until there are so many passages."""
    documents = scale_corpus.documents(data)
    while index.counts().passages < passages:
        index.add([document for _, document in zip(range(10), documents, strict=False)])


def measure(
    catalog: PostgresCatalog, queries: Any, ids: Any, vectors: Any, allowed: Allowed | None
) -> dict[str, float]:
    """Recall@10 against exact search, and the median time of a search in ms."""
    held = slice(None) if allowed is None else allowed.holds(ids.copy())
    recalls, times = [], []
    for query in queries:
        started = perf_counter()
        _, scores = catalog.own_vectors.search(query, ASKED, allowed)
        times.append(perf_counter() - started)
        least = np.sort(vectors[held] @ query)[-10] - 1e-5
        recalls.append(np.sum(scores[:10] >= least) / 10)
    return {"recall@10": float(np.mean(recalls)), "ms": 1000 * median(times)}


def run(index: Index, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """A row for each way to make the graph and to search it."""
    catalog = index.catalog
    if not isinstance(catalog, PostgresCatalog):
        raise SystemExit("An address is postgresql://user@host/database?collection=NAME.")
    blocks = list(catalog.vectors(catalog.passage_ids().tolist()))
    ids = np.concatenate([block for block, _ in blocks])
    vectors = np.concatenate([block for _, block in blocks])
    asked = scale_corpus.questions(arguments.data, arguments.questions)
    queries = index.model.embed_queries(asked)
    third = Allowed(np.sort(ids)[::LIMIT])
    rows = []
    cast = f"embedding::halfvec({vectors.shape[1]})"
    for made in arguments.made:
        m, construction = map(int, made.split(","))
        catalog.execute("DROP INDEX IF EXISTS vectors_hnsw")
        started = perf_counter()
        with catalog.transaction(), catalog.sessions.held() as session, session.unhurried():
            session.do(
                f"CREATE INDEX vectors_hnsw ON vectors USING hnsw (({cast}) halfvec_ip_ops)"
                f" WITH (m = {m}, ef_construction = {construction})"
            )
        seconds = perf_counter() - started
        for searched in arguments.searched:
            catalog.rows("SELECT set_config('hnsw.ef_search', ?, false)", [str(searched)])
            row = {"made": made, "seconds": seconds, "ef_search": searched}
            for name, allowed in (("all", None), ("limited", third)):
                figures = measure(catalog, queries, ids, vectors, allowed)
                row |= {f"{name} {key}": round(value, 4) for key, value in figures.items()}
            rows.append(row)
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--made", nargs="+", default=["16,64", "16,128", "24,200"])
    parser.add_argument("--searched", nargs="+", type=int, default=[100, 200, 300, 400, 800])
    parser.add_argument("--json", action="store_true")
    parsed = parser.parse_args(arguments)
    model = scale_corpus.Mixed(
        scale_corpus.vectors(parsed.data, parsed.work / "vectors.npy", TABLE)
    )
    with Index.open(parsed.address, create=True, model=model) as index:
        fill(index, parsed.data, parsed.passages)
        rows = run(index, parsed)
    if parsed.json:
        print(json.dumps(rows))
        return
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))


if __name__ == "__main__":
    main()
