"""Measure the rates of this machine by small parts; other work may run beside it. Linux only.

    python -m benchmarks.capacity.parts --data DATA [--parts page,answer,scan,embedding,reading]
        [--passages 1200] [--work FOLDER] [--out FILE]

What is measured is the processor's time, which a busy machine changes less than the clock's, and
what counts is the least of three rounds. FILE is what ``benchmarks.capacity --rates`` takes.

- ``page``: what the event loops of the chat and of who asks do for an answer, and for a file.
- ``answer``: questions of the data sets on one core: Python, texts alone in the model, several at
  once, and the longest of these.
- ``scan``: random vectors in FAISS, exact, and as codes of four bits for two dimensions.
- ``embedding``: a passage of about 235 tokens, and a question.
- ``reading``: pages of laws in PDF, read and split, and a scanned page by OCR.
"""

import argparse
import asyncio
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time, thread_time
from typing import Any

import numpy as np

from benchmarks import measure, serve

__all__: list[str] = []

ROUNDS = 3
ASKED, WARM = 90, 5
SCANNED = (50_000, 200_000)  # random vectors: their difference is what grows
FACTORIES = {"exact": "Flat", "codes": "PQ192x4fs"}  # index.storage.vectors.codes
COMPARED = 200
TEXTS = 24
NICE_FIELD, STANDS_BACK = 16, 10  # of /proc/PID/task/TID/stat, behind the name; qa.web.service
READ = "Ley General de Archivos.pdf"
SCAN = "convencion sobre la eliminación de todas las formas de discriminacion contra la mujer.pdf"


def answer(data: Path, index: Path) -> dict[str, Any]:
    """Seconds of one core of each question's answer."""
    from index.embedders.encoder import Graph
    from qa import Assistant, Retriever

    one_core()
    calls: list[list[float]] = []
    run_one, run = Graph._run_one, Graph.run

    def clocked_one(self: Graph, row: Any) -> Any:
        started = thread_time()
        given = run_one(self, row)
        calls[-1].append(thread_time() - started)
        return given

    def clocked(self: Graph, rows: Any) -> Any:
        calls.append([])
        return run(self, rows)

    Graph._run_one, Graph.run = clocked_one, clocked  # type: ignore[method-assign]
    assistant = Assistant(Retriever.open(index))
    rounds = []
    for _ in range(ROUNDS):
        rows = []
        for question in itertools.islice(serve.asked_of(data), WARM + ASKED):
            calls.clear()
            rows.append(_split(clocked_s(partial(assistant.ask, question)), calls))
        rounds.append(rows[WARM:])
    return {"answers": np.round(np.array(rounds).min(axis=0), 4).tolist()}


def _split(total: float, calls: Sequence[Sequence[float]]) -> tuple[float, float, float, float]:
    """Python, texts alone, several texts, and of these the longest ones."""
    single = sum(times[0] for times in calls if len(times) == 1)
    several = [times for times in calls if len(times) > 1]
    parallel, longest = sum(map(sum, several)), sum(map(max, several))
    return total - single - parallel, single, parallel, longest


def page(data: Path, index: Path) -> dict[str, Any]:
    """Seconds of one core that the event loops take, by answer and by file."""
    size = int(index.name.removeprefix("ix-"))
    with serve.served(Path.cwd(), data, index.parent, size) as (address, process):
        rounds = [asyncio.run(_paged(address, process, data)) for _ in range(ROUNDS)]
    names = ("page_before", "client_before", "page_during", "client_during", "page_behind")
    least = np.array([steps for steps, _ in rounds]).min(axis=0).mean(axis=0)
    files = np.array([file for _, file in rounds]).min(axis=0)
    values = [*least[:5], *files]
    return {
        name: round(float(value), 5)
        for name, value in zip([*names, "page_file", "client_file"], values, strict=True)
    }


async def _paged(address: str, process: int, data: Path) -> tuple[Any, Any]:
    """Seconds of the server and of this process: by question to the first sign, to the end and
    behind it; and for one of the page's files.
    """
    import httpx

    async with httpx.AsyncClient(base_url=address, timeout=600) as client:
        config = (await client.get("/config")).json()
        rows = []
        questions = itertools.islice(serve.asked_of(data), WARM + ASKED // ROUNDS)
        for number, question in enumerate(questions):
            if number % serve.TALK == 0:
                chat = serve.Chat(client, config)
            marks = [_spent(process)]
            with _at_first(marks, process):
                await chat.ask(question)
            marks.append(_spent(process))
            await asyncio.sleep(0.2)  # what is done behind the answer
            rows.append([*marks, _spent(process)])
        before = np.array(_spent(process))
        files = [*serve.FILES] * 10
        for path in files:
            await client.get(path)
        file = (np.array(_spent(process)) - before) / len(files)
    return np.diff(np.array(rows[WARM:]), axis=1).reshape(len(rows) - WARM, -1), file


@contextmanager
def _at_first(marks: list[tuple[float, float]], process: int) -> Iterator[None]:
    """Mark when the first sign of the next answer is there."""
    note = serve._note

    def noted(asked: serve.Asked, line: str, now: float) -> bool:
        ended = note(asked, line, now)
        if asked.first == now:
            marks.append(_spent(process))
        return ended

    serve._note = noted
    try:
        yield
    finally:
        serve._note = note


def _spent(process: int) -> tuple[float, float]:
    """Seconds of the server's threads that do not stand back, and of this process."""
    own = 0
    for thread in Path(f"/proc/{process}/task").iterdir():
        with suppress(OSError):  # it has ended
            fields = (thread / "stat").read_text().rsplit(") ", 1)[1].split()
            if int(fields[NICE_FIELD]) < STANDS_BACK:
                own += int((thread / "schedstat").read_text().split()[0])
    return own / 1e9, process_time()


def scan() -> dict[str, Any]:
    """Seconds of one core that each further vector takes of a search."""
    import faiss

    faiss.omp_set_num_threads(1)
    vectors = np.random.default_rng(0).standard_normal((SCANNED[1], 384), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found: dict[str, Any] = {}
    for name, factory in FACTORIES.items():
        times = []
        for count in SCANNED:
            index = faiss.index_factory(384, factory, faiss.METRIC_INNER_PRODUCT)
            index.train(vectors[:20_000])
            index.add(vectors[:count])
            rounds = [
                [clocked_s(partial(index.search, one[None], COMPARED)) for one in vectors[:20]]
                for _ in range(2 * ROUNDS)
            ]
            times.append(np.median(np.min(rounds, axis=0)))
        found[f"scan_{name}"] = float((times[1] - times[0]) / (SCANNED[1] - SCANNED[0]))
    return found


def embedding(data: Path) -> dict[str, Any]:
    """Seconds of one core."""
    from benchmarks import scale_corpus
    from index.embedders import load

    one_core()
    model = load()
    texts = list(itertools.islice(scale_corpus.real(data), 4 * TEXTS))
    passages = [" ".join(texts[n : n + 4])[:1000] for n in range(0, len(texts), 4)]
    questions = scale_corpus.questions(data, TEXTS)
    model.embed_queries(questions)
    return {
        "passage_embedding": least(partial(model.embed_passages, passages)) / TEXTS,
        "question_embedding": least(partial(model.embed_queries, questions)) / TEXTS,
    }


def reading(data: Path) -> dict[str, Any]:
    """Seconds of one core by page, and passages."""
    from index.chunking.passages import split
    from index.documents.parts import ReadOptions
    from index.documents.read import read_document
    from index.embedders import load

    one_core()
    files, model = data / "files" / "leyes-mx", load()
    law = read_document(files / READ, READ)
    cut = partial(split, law, model.count_tokens, model.max_tokens)
    pages = len(law.page_starts)
    seconds = least(partial(read_document, files / READ, READ)) + least(cut)
    started = thread_time()
    scanned = read_document(files / SCAN, SCAN, ReadOptions(ocr=True))
    return {
        "page_reading": seconds / pages,
        "passages_a_page": len(cut()) / pages,
        "page_ocr": (thread_time() - started) / len(scanned.page_starts),
    }


def least(work: Callable[[], object]) -> float:
    """Seconds of this thread that some work takes, once it is warm."""
    return min(clocked_s(work) for _ in range(ROUNDS))


def clocked_s(work: Callable[[], object]) -> float:
    """Seconds of this thread that some work takes."""
    started = thread_time()
    work()
    return thread_time() - started


def one_core() -> None:
    """Let nothing be done by other threads."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def main() -> None:
    """Measure, and print as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--parts", default="page,scan,embedding,reading,answer")
    parser.add_argument("--passages", type=int, default=1200)
    parser.add_argument("--work", type=Path, help="where the index is kept")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    found: dict[str, Any] = {}
    with TemporaryDirectory() as made:
        index = (arguments.work or Path(made)) / f"ix-{arguments.passages}"
        parts: dict[str, Callable[[], dict[str, Any]]] = {
            "page": lambda: page(arguments.data, index),
            "scan": scan,
            "embedding": lambda: embedding(arguments.data),
            "reading": lambda: reading(arguments.data),
            "answer": lambda: answer(arguments.data, index),
        }
        for name in arguments.parts.split(","):
            found |= parts[name]()
    measure.save(found, as_json=True, out=arguments.out)


if __name__ == "__main__":
    main()
