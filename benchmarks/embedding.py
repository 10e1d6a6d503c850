"""Our int8 ONNX embedders against sentence-transformers in float32 with the base, same run.

    python -m benchmarks.embedding --data DATA [--model-folder DIR] [--json] [--out FILE]

The passages, of about 880 characters, are cut from DATA/corpus/laws-es-ar.jsonl.xz, the questions
are XQuAD's. They take turns, so that whatever else the machine does strikes all. On a machine
that is busy with other work the ratio by the clock flatters the one that waits less for its
threads: run with taskset on one core and trust the ratio by processor time.
"""

import argparse
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep
from typing import Any

import numpy as np

from benchmarks import measure

__all__ = ["compare", "passages"]

LENGTH = 880  # characters, 210 tokens or so
TARGETS = {"base": 2.4, "small": 4.0}  # times the other's passages a second
PEER = "sentence-transformers"
PAUSE = 0.5  # seconds in which the other library's threads stop waiting actively

Encode = Callable[[list[str]], Any]


def main() -> None:
    """Measure them and print the ratios and their targets."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model-folder", type=Path, help="from qa model export; made if left out")
    parser.add_argument("--passages", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    with TemporaryDirectory() as work:
        # Before anything heavy is imported; see measure.run.
        model = arguments.model_folder or measure.export_model(Path(work) / "model")
        results = compare(arguments.data, model, arguments.passages, arguments.rounds)
    measure.save({"embedding": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        show(results)


def compare(data: Path, model: Path, count: int, rounds: int) -> dict[str, Any]:
    """Medians of the rounds by system, as ratios to the other's, and the cosines of the base's."""
    from sentence_transformers import SentenceTransformer

    from index.embedders import load
    from qa import evaluate

    texts = passages(data, count)
    asked = evaluate.read(data / "eval" / "xquad.es.json").questions[: 4 * count : 4]
    questions = [question.text for question in asked]
    own = {name: load(name) for name in TARGETS}
    peer = SentenceTransformer(str(model), device="cpu")
    systems: dict[str, tuple[Encode, Encode]] = {
        **{name: (one.embed_passages, one.embed_queries) for name, one in own.items()},
        PEER: (
            lambda batch: peer.encode(batch, prompt="passage: ", normalize_embeddings=True),
            lambda batch: peer.encode(batch, prompt="query: ", normalize_embeddings=True),
        ),
    }
    seconds = _rounds(systems, texts, questions, rounds)
    results: dict[str, Any] = {
        name: {
            "passages_per_s": count / measure.median([passage for passage, _, _ in taken]),
            "passages_per_cpu_s": count / measure.median([cpu for _, cpu, _ in taken]),
            "question_ms": 1000 * measure.median([question for _, _, question in taken]),
        }
        for name, taken in seconds.items()
    }
    theirs = results[PEER]
    for ours in results.values():
        ours["passages_ratio"] = ours["passages_per_s"] / theirs["passages_per_s"]
        ours["cpu_ratio"] = ours["passages_per_cpu_s"] / theirs["passages_per_cpu_s"]
        ours["question_ratio"] = theirs["question_ms"] / ours["question_ms"]
    base, exact = (np.asarray(systems[name][0](texts)) for name in ("base", PEER))
    cosines = (base * exact).sum(axis=1)
    cosine = {"cosine_mean": float(cosines.mean()), "cosine_min": float(cosines.min())}
    return results | cosine


def _rounds(
    systems: dict[str, tuple[Encode, Encode]], texts: list[str], questions: list[str], rounds: int
) -> dict[str, list[tuple[float, float, float]]]:
    """By system, for each round, the seconds for all passages, by the clock and of processor time,
    and those for the median question.
    """
    taken: dict[str, list[tuple[float, float, float]]] = {name: [] for name in systems}
    for number in range(rounds + 1):
        for name, (encode_passages, encode_questions) in systems.items():
            sleep(PAUSE)
            started, worked = perf_counter(), process_time()
            encode_passages(texts)
            passage, cpu = perf_counter() - started, process_time() - worked
            each = []
            for question in questions:
                started = perf_counter()
                encode_questions([question])
                each.append(perf_counter() - started)
            if number:  # the first round warms up
                taken[name].append((passage, cpu, measure.median(each)))
    return taken


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
    rows = [
        {"system": name, **results[name], "target": TARGETS.get(name, "")}
        for name in (*TARGETS, PEER)
    ]
    measure.table("Embedding passages of 880 characters, and single questions", rows)
    print(
        f"cosine of the base's vectors in int8 and float32: mean {results['cosine_mean']:.4f}, "
        f"least {results['cosine_min']:.4f}"
    )


if __name__ == "__main__":
    main()
