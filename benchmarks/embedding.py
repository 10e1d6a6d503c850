"""Our int8 ONNX embedders against sentence-transformers in float32 with the base, same run.

    python -m benchmarks.embedding --data DATA [--before CHECKOUT] [--json] [--out FILE]

The passages, of about 880 characters, are cut from DATA/corpus/laws-es-ar.jsonl.xz, the questions
are XQuAD's. They take turns, so that whatever else the machine does strikes all.
sentence-transformers runs at the batch size that is fastest here. With ``--before``, the folder of
another checkout (``git worktree add``), its base model takes turns as well. Each has a process of
its own, for the threads of one library slow down another in the same process. On a machine that is
busy with other work the ratio by the clock flatters the one that waits less for its threads: trust
the ratio by processor time there.
"""

import argparse
import json
import lzma
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep
from typing import Any

import numpy as np

from benchmarks import measure

__all__ = ["compare", "passages"]

LENGTH = 880  # characters, 210 tokens or so
BATCHES = (1, 4, 8, 16, 32)  # of sentence-transformers
OWN = ("base", "small")
PEER, BEFORE = "sentence-transformers", "before"
PAUSE = 0.5  # seconds in which the other library's threads stop waiting actively
ROOT = Path(__file__).parent.parent
# What the process of one of our models does: a line of passages and questions in, its times out.
CHILD = """
import json, sys
from time import perf_counter, process_time
from index.embedders import load
model = load(sys.argv[1])
for line in sys.stdin:
    passages, questions = json.loads(line)
    started, worked = perf_counter(), process_time()
    vectors = model.embed_passages(passages)
    times = [perf_counter() - started, process_time() - worked]
    for question in questions:
        started = perf_counter()
        model.embed_queries([question])
        times.append(perf_counter() - started)
    print(json.dumps([times, vectors.tolist()]), flush=True)
"""

Timed = Callable[[list[str], list[str]], tuple[list[float], np.ndarray]]
"""Passages and questions to seconds, and the passages' vectors: of all passages by the clock, of
processor time, then those of each question."""


def main() -> None:
    """Measure them and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model-folder", type=Path, help="from qa model export; made if left out")
    parser.add_argument("--before", type=Path, help="another checkout")
    parser.add_argument("--passages", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    with TemporaryDirectory() as work, ExitStack() as stack:
        # Before anything heavy is imported; see measure.run.
        model = arguments.model_folder or measure.export_model(Path(work) / "model")
        found = {name: (ROOT, name) for name in OWN}
        if arguments.before:
            found[BEFORE] = (arguments.before, OWN[0])
        ours = {name: stack.enter_context(process(*place)) for name, place in found.items()}
        results = compare(arguments.data, model, arguments.passages, arguments.rounds, ours)
    measure.save({"embedding": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        show(results)


def process(checkout: Path, model: str) -> "subprocess.Popen[str]":
    """The process that embeds with a model of a checkout."""
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, model],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout.resolve())},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def compare(
    data: Path,
    model: Path,
    count: int,
    rounds: int,
    ours: "dict[str, subprocess.Popen[str]]",
) -> dict[str, Any]:
    """Medians of the rounds by system, as ratios to the others', and the cosines to float32."""
    from sentence_transformers import SentenceTransformer

    from qa.evaluation import evaluate

    texts = passages(data, count)
    asked = evaluate.read(data / "eval" / "xquad.es.json").questions[: 4 * count : 4]
    questions = [question.text for question in asked]
    peer = SentenceTransformer(str(model), device="cpu")
    batch = _best_batch(peer, texts)

    def encode(prompt: str) -> Callable[[list[str]], Any]:
        options = {"prompt": prompt, "batch_size": batch, "normalize_embeddings": True}
        return lambda given: peer.encode(given, **options)

    systems = {name: _asked(one) for name, one in ours.items()}
    systems[PEER] = _timed(encode("passage: "), encode("query: "))
    seconds, vectors = _rounds(systems, texts, questions, rounds)
    results: dict[str, Any] = {
        name: {
            "passages_per_s": count / measure.median([passage for passage, *_ in taken]),
            "passages_per_cpu_s": count / measure.median([cpu for _, cpu, *_ in taken]),
            "question_ms": 1000 * measure.median([measure.median(each) for _, _, *each in taken]),
        }
        for name, taken in seconds.items()
    }
    for against in {PEER, BEFORE} & {*systems}:
        theirs = results[against]
        for found in results.values():
            found[f"ratio to {against}"] = found["passages_per_s"] / theirs["passages_per_s"]
    for name in {OWN[0], BEFORE} & {*systems}:
        cosines = (vectors[name] * vectors[PEER]).sum(axis=1)
        results[name]["cosine"] = float(cosines.mean())
        results[name]["cosine_p1"] = measure.percentile(list(cosines), 1)
    return results | {"batch": batch}


def _best_batch(peer: Any, texts: list[str]) -> int:
    """The batch size at which sentence-transformers is fastest here, the better of two tries."""
    taken: dict[int, list[float]] = {size: [] for size in BATCHES}
    for _ in range(2):
        for size in BATCHES:
            started = perf_counter()
            peer.encode(texts[:32], batch_size=size)
            taken[size].append(perf_counter() - started)
    return min(taken, key=lambda size: min(taken[size]))


def _timed(
    encode_passages: Callable[[list[str]], Any], encode_questions: Callable[[list[str]], Any]
) -> Timed:
    def run(texts: list[str], questions: list[str]) -> tuple[list[float], np.ndarray]:
        started, worked = perf_counter(), process_time()
        vectors = np.asarray(encode_passages(texts))
        times = [perf_counter() - started, process_time() - worked]
        for question in questions:
            started = perf_counter()
            encode_questions([question])
            times.append(perf_counter() - started)
        return times, vectors

    return run


def _asked(process: "subprocess.Popen[str]") -> Timed:
    def run(texts: list[str], questions: list[str]) -> tuple[list[float], np.ndarray]:
        if process.stdin is None or process.stdout is None:
            raise ValueError("the model's process has no pipes")
        process.stdin.write(json.dumps([texts, questions]) + "\n")
        process.stdin.flush()
        times, vectors = json.loads(process.stdout.readline())
        return times, np.array(vectors)

    return run


def _rounds(
    systems: dict[str, Timed], texts: list[str], questions: list[str], rounds: int
) -> tuple[dict[str, list[list[float]]], dict[str, np.ndarray]]:
    """By system the times of each round, and the passages' vectors."""
    taken: dict[str, list[list[float]]] = {name: [] for name in systems}
    vectors: dict[str, np.ndarray] = {}
    for number in range(rounds + 1):
        for name, run in systems.items():
            sleep(PAUSE)
            times, vectors[name] = run(texts, questions)
            if number:  # the first round warms up
                taken[name].append(times)
    return taken, vectors


def passages(data: Path, count: int) -> list[str]:
    """So many stretches of Argentine laws, each of up to 880 characters, cut at a space."""
    found: list[str] = []
    with lzma.open(data / "corpus" / "laws-es-ar.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            text = " ".join(" ".join(json.loads(line)["paragraphs"]).split())
            if len(text) > LENGTH:
                found.append(text[: text.rindex(" ", 0, LENGTH + 1)])
            if len(found) == count:
                break
    return found


def show(results: dict[str, Any]) -> None:
    """The figures side by side."""
    found = measure.processor()
    print(f"{found['name']} ({', '.join(found['sets'])}), {os.cpu_count()} cores")
    names = [name for name in (*OWN, PEER, BEFORE) if name in results]
    columns = dict.fromkeys(column for name in names for column in results[name])
    rows = [
        {"system": name, **{each: results[name].get(each, "") for each in columns}}
        for name in names
    ]
    measure.table(
        "Embedding passages of 880 characters, and single questions; "
        f"{PEER} in batches of {results['batch']}; cosine to float32",
        rows,
    )


if __name__ == "__main__":
    main()
