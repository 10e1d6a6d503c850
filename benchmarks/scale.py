"""How an index behaves at ten thousand, a hundred thousand and a million passages.

    python -m benchmarks.scale --data DATA [--sizes 10000,100000,1000000] [--embedded 40000]
                               [--work FOLDER] [--sweep] [--json] [--out FILE]

One index grows from size to size. At each, in a new process: the time to open it and search once,
its memory, the time of a search without embedding the question (dense, lexical, and all with
fusion), recall@10 of the dense search against an exact one, and the time to add 1,000 passages.
`benchmarks.scale_corpus` says what the passages are. --embedded: so many real vectors are made,
which takes some minutes; they stay in the folder that --work names. --sweep: nothing is made; the
index that --work has is searched with other shares of its lists, and other numbers compared.
"""

import argparse
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice, product
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks import measure
from index.query import Query
from index.storage.vectors import Allowed, codes

__all__: list[str] = []

QUESTIONS, NEAREST, ADDED = 200, 10, 1000
SHARES, COMPARED = (0.25, 0.36, 0.42, 0.5, 0.6, 1.0), (400, 800, 1200)  # of a sweep
TARGETS = {"recall@10": ">= .99", "search_p50_ms": "<= 15", "open_s": "<= 1"}
TARGETS |= {"resident_mb": "<= 800", "add_1000_s": "<= 3"}


def main() -> None:
    """Grow the index, measure at each size, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--embedded", type=int, default=40_000)
    parser.add_argument("--work", type=Path, help="work in this folder and leave it")
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.size:
        measured = look(arguments.data, arguments.work, arguments.embedded)
        print(json.dumps(measured))
        return
    if arguments.sweep:
        if arguments.work is None:
            parser.error("--work is missing: give the folder that a run has left")
        rows = swept(arguments.data, arguments.work)
        measure.save({"scale sweep": rows}, as_json=arguments.json, out=arguments.out)
        if not arguments.json:
            measure.table("shares of the lists, and how many are compared", rows)
        return
    with TemporaryDirectory() as temporary:
        work = arguments.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        sizes = [int(size) for size in arguments.sizes.split(",")]
        found = list(grown(arguments.data, work, sizes, arguments.embedded))
    measure.save({"scale": found}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        names = list(found[0])
        rows = [
            {"measure": n, **{f"{r['passages']:,}": r[n] for r in found}, "aim": TARGETS.get(n, "")}
            for n in names
        ]
        measure.table("one index as it grows", rows)


def grown(data: Path, work: Path, sizes: Sequence[int], embedded: int) -> Iterator[dict[str, Any]]:
    """The measures at each size, as the index grows."""
    from benchmarks.scale_corpus import Mixed, documents, vectors
    from index import Index

    table = vectors(data, work / "vectors.npy", embedded)
    shutil.rmtree(work / "index", ignore_errors=True)
    coming = documents(data)
    for size in sizes:
        with Index.open(work / "index", create=True, model=Mixed(table)) as index:
            before = index.counts().passages
            started = perf_counter()
            while (held := index.counts().passages) < size:
                # Some hundred passages a document; one write, as a sync is one.
                if not index.add(islice(coming, max(1, (size - held) // 130))):
                    break  # there is no more text
            seconds = perf_counter() - started
        bytes_held = sum(path.stat().st_size for path in (work / "index").rglob("*"))
        options = ["--data", str(data), "--work", str(work), "--embedded", str(embedded)]
        child = measure.run("-m", "benchmarks.scale", *options, "--size", str(size))
        yield {
            "passages": held,
            "added_per_s": (held - before) / seconds,
            "bytes_per_passage": bytes_held / held,
            **json.loads(child.output),
        }


def look(data: Path, work: Path, embedded: int) -> dict[str, Any]:
    """What a new process finds: times, memory, recall."""
    from benchmarks.scale_corpus import Mixed, documents, questions, vectors
    from index import Index

    asked = questions(data, QUESTIONS)
    model = Mixed(vectors(data, work / "vectors.npy", 1))
    model.embed_queries(asked[:1])
    started = perf_counter()
    with Index.open(work / "index", model=model) as index:
        index.candidates(asked[0])
        opened = perf_counter() - started
        queries = model.embed_queries(asked)
        stores = index._opened.stores  # they alone are to be timed
        dense, lexical = stores.vectors, stores.words
        if dense is None:
            raise SystemExit("The index holds the vectors of another model: make it anew.")
        times = [timed(partial(dense.search, query, 100)) for query in queries]
        words = [timed(partial(lexical.search, Query(question), 100)) for question in asked]
        whole = []
        for question in asked:
            query = Query(question)
            query.vector(model)  # kept: only the search is timed
            whole.append(timed(partial(searched, index, query)))
        resident, mapped = resident_mb(), mapped_mb()
        recall = recall_of(index, dense, queries)
        found = {
            "open_s": opened,
            "resident_mb": resident,
            "of_it_vectors_file_mb": mapped,
            "dense_p50_ms": measure.median(times),
            "lexical_p50_ms": measure.median(words),
            "search_p50_ms": measure.median(whole),
            "search_p95_ms": measure.percentile(whole, 95),
            "recall@10": recall,
            **limited(index, dense, asked, queries),
        }
    # Written as any other process would, with the vectors made before.
    mixed = Mixed(vectors(data, work / "vectors.npy", embedded))
    with Index.open(work / "index", model=mixed) as index:
        held = index.counts().passages
        some = islice(documents(data), ADDED // 100)
        new = [_renamed(f"{held}-{one.id}", one.text) for one in some]
        seconds = timed(partial(index.add, new)) / 1000
        added = index.counts().passages - held
        return {**found, "add_1000_s": seconds * ADDED / added}


def swept(data: Path, work: Path) -> list[dict[str, Any]]:
    """Recall and time of the vectors' search by its settings; the second look at each question
    counts.
    """
    from benchmarks.scale_corpus import Mixed, questions, vectors
    from index import Index

    model = Mixed(vectors(data, work / "vectors.npy", 1))
    asked = questions(data, QUESTIONS)
    queries, rows = model.embed_queries(asked), []
    with Index.open(work / "index", model=model) as index:
        index.candidates(asked[0])
        dense: Any = index._opened.stores.vectors
        least = least_of(index, queries)
        for share, compared in product(SHARES, COMPARED):
            with patch.multiple(codes, SCANNED=share, SCANNED_LEAST=0, COMPARED=compared):
                found = [dense.search(query, 100)[1][:NEAREST] for query in queries]
                times = [timed(partial(dense.search, query, 100)) for query in queries]
            rows.append(
                {
                    "share": share,
                    "compared": compared,
                    "recall@10": _share(found, least, NEAREST),
                    "dense_p50_ms": measure.median(times),
                }
            )
    return rows


def limited(index: Any, dense: Any, asked: Sequence[str], queries: Any) -> dict[str, float]:
    """Of conditions that keep half, 1 % and three of the documents: ms of the first search with it,
    and of the next; the share of the ten nearest of what is kept that the dense search finds, and
    that are left of its 100 best of all where they are filtered afterwards.
    """
    ids = [one.id for one in index.names()]
    count, found = len(ids), {}
    for name, kept in (("half", max(1, count // 2)), ("1 %", max(1, count // 100)), ("3", 3)):
        where = {"id": {"$gte": ids[max(0, count - kept)]}}
        embedded = [Query(question) for question in asked]
        for query in embedded:
            query.vector(index.model)

        def search(query: Query, where: Any = where) -> None:
            index.candidates_many([query], 100, index.matching(where))

        found[f"where_{name}_first_ms"] = timed(partial(search, embedded[0]))
        found[f"where_{name}_p50_ms"] = measure.median(
            [timed(partial(search, q)) for q in embedded]
        )
        numbers = index.catalog.numbers(index.matching(where)).values()
        allowed = Allowed(index.catalog.passage_ids(numbers))
        blocks = index.catalog.vectors(allowed.ids.tolist())
        cosines = np.concatenate([queries @ block.T for _, block in blocks], axis=1)
        nearest = min(NEAREST, len(allowed))
        least = -np.partition(-cosines, nearest - 1, axis=1)[:, nearest - 1] - 1e-5
        within = [dense.search(query, nearest, allowed)[1] for query in queries]
        found[f"where_{name}_recall"] = _share(within, least, nearest)
        after = [dense.search(query, 100) for query in queries]
        left = [values[allowed.holds(ids)] for ids, values in after]
        found[f"where_{name}_recall_filtered_after"] = _share(left, least, nearest)
    return found


def _share(found: Sequence[Any], least: Any, nearest: int) -> float:
    shares = [(of[:nearest] >= b).sum() / nearest for of, b in zip(found, least, strict=True)]
    return float(np.mean(shares))


def searched(index: Any, query: Query) -> None:
    """The dense and the lexical search, their fusion, and the ten best passages."""
    from qa.search.retriever import rank

    rank(query, index.candidates_many([query])[0]).best(NEAREST)


def _renamed(name: str, text: str) -> Any:
    """A document that is new to the index in every paragraph."""
    from index import Document

    return Document(name, text.replace("\n\n", f" ({name}).\n\n"), language="es")


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that some work takes."""
    started = perf_counter()
    work()
    return 1000 * (perf_counter() - started)


def resident_mb() -> float:
    """The memory that this process holds now, in MB, shared and mapped files included."""
    import os

    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def mapped_mb() -> float:
    """What of it are pages of the vectors' mapped file, which the system may take back."""
    kilobytes, inside = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        name, _, value = line.partition(":")
        if " " in name:  # the first line of another map
            inside = "/rows-" in line
        elif inside and name == "Rss":
            kilobytes += int(value.split()[0])
    return kilobytes / 1024


def recall_of(index: Any, dense: Any, queries: Any) -> float:
    """The share of the ten truly nearest passages that the dense search finds."""
    found = [dense.search(query, NEAREST)[1] for query in queries]
    return _share(found, least_of(index, queries), NEAREST)


def least_of(index: Any, queries: Any) -> Any:
    """Of each question, the cosine of the tenth nearest passage, a little less for rounding.

    Equal texts have equal vectors: which of them is found is all the same.
    """
    ids = index.catalog.passage_ids()
    best = np.full((len(queries), NEAREST), -2.0, dtype=np.float32)
    for _, block in index.catalog.vectors(ids.tolist()):
        scores = np.concatenate([best, queries @ block.T], axis=1)
        best = -np.partition(-scores, NEAREST - 1, axis=1)[:, :NEAREST]
    return best.min(axis=1) - 1e-5


if __name__ == "__main__":
    main()
