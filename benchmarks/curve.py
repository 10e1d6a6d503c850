"""Recall of the ten nearest against the time of one core: our vector store beside its peers.

    python -m benchmarks.curve --data DATA --work FOLDER [--count 100000] [--questions 200]
                               [--embedded 16384] [--only STORE ...]
                               [--out SVG] [--json]

Each store holds the same vectors (real ones of `benchmarks.scale_corpus` as far as they go, then
mixtures of them, all rounded to 16 bits as a catalog has them), is asked the same questions of
SQuAD-es with one thread, and is swept over its own settings. Ours reads the vectors that it
compares from a mapped file, as in use; our earlier codes from an SQLite catalog, as they did. Time
is the processor's of all of a process's threads for a block of all questions, the best of three
rounds in which all stores take turns. Bytes are those of the saved index; the vectors that ours,
and LanceDB, read from the disk are beside it.
Only settings that no other of the same store beats are drawn. Peers that are not installed
(benchmarks/requirements.txt) are left out.
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from time import process_time
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks import measure
from index.settings import SETTINGS
from index.storage import threads
from index.storage.catalog import Catalog, SqliteCatalog
from index.storage.mapped import MappedVectors
from index.storage.vectors import codes

__all__ = ["best", "catalog_of", "measured", "table"]

K, ROUNDS = 10, 3
LINKS, BUILT_WITH = 32, 128  # of the graphs: neighbours of a vector, candidates for them
WIDTHS = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)  # efSearch, expansion
SHARES = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
COMPARED = (25, 50, 100, SETTINGS.vectors.compared, 200, 400)
LANCE_LISTS, LANCE_REFINED = (5, 10, 20, 40, 80, 160), (3, 10, 30)
LANCE_CODE = 4  # dimensions of a byte of its code, of which ours has two bits for each
AT_LEAST = (0.95, 0.98, 0.99)
TEXT = "palabra " * 60  # as long as a passage is
AT_ONCE = 1000
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "LANCE_CPU_THREADS"), "1"
)

Floats = NDArray[np.float32]
Ask = Callable[[Floats], list[Any]]
"""For questions [n, dimensions], the places of the nearest vectors of each."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a store is made of."""

    vectors: Floats
    catalog: Catalog
    work: Path


@dataclass(frozen=True, slots=True)
class Built:
    """A store that is ready: the bytes of its index, and its settings by name."""

    size: int
    settings: dict[str, Ask]


def ours(held: Held) -> Built:
    """Lists, 4-bit codes, and the vectors in a mapped file."""
    count = len(held.vectors)
    mapped = MappedVectors(held.catalog)
    mapped.save(held.catalog.passage_ids())
    wanted = max(
        SETTINGS.vectors.training_sample,
        SETTINGS.vectors.sample_per_list * codes.lists_for(count),
    )
    sample = held.vectors[:: max(1, count // wanted)]
    store = codes.CodeStore.train(sample, mapped, count)
    sweep = {
        _named(share, compared): (share, compared)
        for share, compared in product({*SHARES, _share(count)}, COMPARED)
    }
    return _of_codes(store, held, sweep)


def _share(count: int) -> float:
    """The share of the lists that is scanned in use."""
    return min(1.0, max(SETTINGS.vectors.scanned, SETTINGS.vectors.scanned_least / count))


def in_use(count: int) -> str:
    """The name of the setting of `index.settings`."""
    return _named(_share(count), SETTINGS.vectors.compared)


def _named(share: float, compared: int) -> str:
    return f"lists 1/{1 / share:.3g}, compared {compared}"


def earlier(held: Held) -> Built:
    """The codes before: all of RaBitQ's, two bits for a dimension, are scanned."""
    import faiss

    count, dimensions = held.vectors.shape
    index: Any = faiss.index_factory(dimensions, "RaBitQfs2", faiss.METRIC_INNER_PRODUCT)
    index.train(held.vectors[:: max(1, count // SETTINGS.vectors.training_sample)].copy())
    store = codes.EarlierCodes(
        dimensions, faiss.IndexIDMap2(index), held.catalog.vectors, trained_on=count
    )
    return _of_codes(store, held, {f"compared {number}": (1.0, number) for number in COMPARED})


def _of_codes(store: codes.CodeStore, held: Held, sweep: dict[str, tuple[float, int]]) -> Built:
    store.add(np.arange(1, len(held.vectors) + 1), held.vectors)
    store.save(file := held.work / "codes.faiss")

    def ask(share: float, compared: int) -> Ask:
        def search(queries: Floats) -> list[Any]:
            settings = patch.multiple(codes, SCANNED=share, SCANNED_LEAST=0, COMPARED=compared)
            with settings, patch.object(threads, "_PROCESSORS", 1):
                return [store.search(query, K)[0] - 1 for query in queries]

        return search

    ids_held = 8 * len(store)  # in memory beside FAISS's own
    settings = {name: ask(*values) for name, values in sweep.items()}
    return Built(file.stat().st_size + ids_held, settings)


def faiss_hnsw(held: Held) -> Built:
    """FAISS's graph over the vectors themselves."""
    import faiss

    dimensions = held.vectors.shape[1]
    return _graph(faiss.IndexHNSWFlat(dimensions, LINKS, faiss.METRIC_INNER_PRODUCT), held)


def faiss_hnsw_sq8(held: Held) -> Built:
    """FAISS's graph over vectors of a byte for a dimension."""
    faiss: Any = import_module("faiss")  # its stubs ask for the quantizer, not for its kind
    dimensions, kind = held.vectors.shape[1], faiss.ScalarQuantizer.QT_8bit
    return _graph(faiss.IndexHNSWSQ(dimensions, kind, LINKS, faiss.METRIC_INNER_PRODUCT), held)


def _graph(index: Any, held: Held) -> Built:
    faiss: Any = import_module("faiss")  # its stubs lack the parameters of graphs
    faiss.omp_set_num_threads(1)
    index.hnsw.efConstruction = BUILT_WITH
    index.train(held.vectors)
    index.add(held.vectors)
    faiss.write_index(index, str(file := held.work / "graph.faiss"))

    def ask(width: int) -> Ask:
        params = faiss.SearchParametersHNSW(efSearch=width)
        return lambda queries: [index.search(q[None], K, params=params)[1][0] for q in queries]

    return Built(file.stat().st_size, {f"efSearch {width}": ask(width) for width in WIDTHS})


def usearch_f16(held: Held) -> Built:
    """USearch's graph over vectors of 16 bits for a dimension."""
    return _usearch(held, "f16", "ip")


def usearch_i8(held: Held) -> Built:
    """USearch's graph over vectors of a byte for a dimension."""
    return _usearch(held, "i8", "cos")


def _usearch(held: Held, kind: str, metric: str) -> Built:
    from usearch.index import Index

    index: Any = Index(
        ndim=held.vectors.shape[1],
        metric=metric,
        dtype=kind,
        connectivity=LINKS,
        expansion_add=BUILT_WITH,
    )
    index.add(np.arange(len(held.vectors)), held.vectors, threads=1)

    def ask(width: int) -> Ask:
        def search(queries: Floats) -> list[Any]:
            index.expansion_search = width
            return [
                np.asarray(index.search(query, K, threads=1).keys, dtype=np.int64)
                for query in queries
            ]

        return search

    settings = {f"expansion {width}": ask(width) for width in WIDTHS}
    return Built(index.serialized_length, settings)


def lancedb(held: Held) -> Built:
    """LanceDB's lists and 8-bit product codes, refined by the vectors on the disk."""
    import lancedb as lance
    import pyarrow as pa
    from lancedb.index import IvfPq

    count, dimensions = held.vectors.shape
    shutil.rmtree(folder := held.work / "lance", ignore_errors=True)
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(held.vectors.ravel()), dimensions)
    rows = pa.table({"id": np.arange(count), "vector": vectors})
    stored = lance.connect(str(folder)).create_table("vectors", rows)
    config = IvfPq(
        distance_type="dot",
        num_partitions=codes.lists_for(count),
        num_sub_vectors=dimensions // LANCE_CODE,
    )
    stored.create_index("vector", config=config)

    def ask(lists: int, refined: int) -> Ask:
        def search(queries: Floats) -> list[Any]:
            return [
                stored.search(query)
                .distance_type("dot")
                .nprobes(lists)
                .refine_factor(refined)
                .limit(K)
                .select(["id", "_distance"])
                .to_arrow()["id"]
                .to_numpy()
                for query in queries
            ]

        return search

    sweep = product(LANCE_LISTS, LANCE_REFINED)
    settings = {f"nprobes {n}, refine {r}": ask(n, r) for n, r in sweep}
    return Built(stored.list_indices()[0].size_bytes, settings)


STORES: dict[str, tuple[str, Callable[[Held], Built]]] = {
    "ours": ("faiss", ours),
    "our earlier codes": ("faiss", earlier),
    "FAISS HNSW": ("faiss", faiss_hnsw),
    "FAISS HNSW SQ8": ("faiss", faiss_hnsw_sq8),
    "usearch f16": ("usearch", usearch_f16),
    "usearch i8": ("usearch", usearch_i8),
    "LanceDB IVF_PQ": ("lancedb", lancedb),
}
"""By name: the package that it needs, and how it is built."""


def catalog_of(vectors: Floats, file: Path) -> Catalog:
    """A catalog of passages with these vectors and nothing else, 1, 2, 3 ..."""
    for left in file.parent.glob(f"{file.name}*"):  # with the log of a run that was killed
        left.unlink()
    catalog = SqliteCatalog(file, create=True)
    with catalog.transaction():
        catalog.put("dimensions", str(vectors.shape[1]))
        catalog.execute(
            "INSERT INTO documents (number, id, text, page_starts, metadata)"
            " VALUES (1, 'all', '', '[0]', '{}')"
        )
        catalog.execute_many(
            'INSERT INTO passages (document, start, "end", text, paragraph, paragraph_breaks,'
            " page_breaks, context, vector) VALUES (1, 0, 1, ?, 0, '[]', '[]', '', ?)",
            ((TEXT, vector.astype(np.float16).tobytes()) for vector in vectors),
        )
    catalog.close()  # what is in the log is moved to the file
    return SqliteCatalog(file)


def measured(
    vectors: Floats, queries: Floats, work: Path, only: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Of each store: bytes of a vector, seconds to build, and its settings with recall and ms."""
    work.mkdir(parents=True, exist_ok=True)
    exact = _exact(vectors.astype(np.float16).astype(np.float32))
    catalog = catalog_of(exact, work / "catalog.sqlite")
    held = Held(exact, catalog, work)
    least = _tenth(exact, queries)
    found: list[dict[str, Any]] = []
    built: dict[str, Built] = {}
    for name, (package, build) in STORES.items():
        if only and name not in only:
            continue
        if find_spec(package) is None:
            print(f"{name}: {package} is not installed", file=sys.stderr)
            continue
        started = process_time()
        built[name] = build(held)
        seconds = process_time() - started
        size = built[name].size / len(vectors)
        found.append({"store": name, "bytes": size, "build_s": seconds, "settings": {}})
        print(f"{name}: built in {seconds:.0f} s", file=sys.stderr)
    for _ in range(ROUNDS):
        for store in found:
            for setting, ask in built[store["store"]].settings.items():
                started = process_time()
                places = ask(queries)
                ms = 1000 * (process_time() - started) / len(queries)
                before = store["settings"].setdefault(setting, {"ms": ms})
                before["ms"] = min(ms, before["ms"])
                before["recall"] = _recall(exact, queries, places, least)
    catalog.close()
    return found


def _exact(vectors: Floats) -> Floats:
    return np.ascontiguousarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _tenth(vectors: Floats, queries: Floats) -> Floats:
    """The cosine of each question's tenth nearest: [n]."""
    kept = np.full((len(queries), K), -2.0, dtype=np.float32)
    for start in range(0, len(vectors), AT_ONCE):
        cosines = queries @ vectors[start : start + AT_ONCE].T
        kept = -np.partition(-np.concatenate([kept, cosines], axis=1), K - 1, axis=1)[:, :K]
    return np.asarray(kept.min(axis=1))


def _recall(vectors: Floats, queries: Floats, places: Sequence[Any], least: Floats) -> float:
    """The share of the ten nearest that are found; equally near ones are all the same."""
    shares = [
        (vectors[np.unique(these)] @ query > limit - 1e-5).sum() / K
        for these, query, limit in zip(places, queries, least, strict=True)
    ]
    return float(np.mean(np.minimum(shares, 1)))


def best(settings: dict[str, dict[str, float]]) -> list[tuple[float, float, str]]:
    """The ms, recall and name of the settings than which no faster one finds as many."""
    kept: list[tuple[float, float, str]] = []
    for name, of in sorted(settings.items(), key=lambda item: item[1]["ms"]):
        if not kept or of["recall"] > kept[-1][1]:
            kept.append((of["ms"], of["recall"], name))
    return kept


def table(found: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows: bytes, build, and the time of the fastest setting for some recalls."""
    for store in found:
        row = {"store": store["store"], "bytes a vector": f"{store['bytes']:,.0f}"}
        row["build s"] = f"{store['build_s']:.0f}"
        curve = best(store["settings"])
        for wanted in AT_LEAST:
            fastest = next((one for one in curve if one[1] >= wanted), None)
            row[f"ms at {wanted}"] = f"{fastest[0]:.2f} ({fastest[2]})" if fastest else "-"
        row["highest recall"] = f"{curve[-1][1]:.4f} in {curve[-1][0]:.2f} ms"
        yield row


def main() -> None:
    """Measure in a process of one thread, print, draw."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="work in this folder, leave it")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--embedded", type=int, default=16_384)
    parser.add_argument("--out", type=Path, help="draw the curves to this SVG file")
    parser.add_argument("--only", nargs="*", choices=STORES, default=())
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--measured", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measured:
        found = look(arguments)
        arguments.measured.write_text(json.dumps(found), encoding="utf-8")
        return
    os.environ.update(ONE_THREAD)
    arguments.work.mkdir(parents=True, exist_ok=True)
    file = arguments.work / "measured.json"
    measure.run("-m", "benchmarks.curve", *sys.argv[1:], "--measured", str(file))
    found = json.loads(file.read_text(encoding="utf-8"))
    if arguments.out:
        from benchmarks.curve_picture import drawn

        curves = {store["store"]: best(store["settings"]) for store in found}
        arguments.out.write_text(drawn(curves, arguments.count), encoding="utf-8")
    measure.save({"curve": found}, as_json=arguments.json, out=None)
    if not arguments.json:
        measure.table(f"{arguments.count:,} vectors, ms of one core", list(table(found)))
        for store in found:
            if (used := in_use(arguments.count)) in store["settings"]:
                print(f"as in use: {used}:", store["settings"][used])


def look(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """What `measured` finds of real vectors, mixtures of them, and real questions."""
    from benchmarks.scale_corpus import Mixed, questions, vectors

    table = vectors(arguments.data, arguments.work / "vectors.npy", arguments.embedded)
    model = Mixed(table)
    blocks = [table[: arguments.count]]
    for start in range(len(blocks[0]), arguments.count, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, arguments.count))
        blocks.append(model.embed_passages([str(number) for number in numbers]))
    asked = model.embed_queries(questions(arguments.data, arguments.questions))
    return measured(np.concatenate(blocks), asked, arguments.work, arguments.only)


if __name__ == "__main__":
    main()
