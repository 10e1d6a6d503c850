"""The same questions through this project and its peers, each in a process of its own.

    python -m benchmarks.peers --data DATA [--model-folder DIR] [--every N] [--json] [--out FILE]

DATA holds eval/xquad.es.json and eval/xquad.en.json. Needs benchmarks/requirements.txt.
"""

import argparse
import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks import measure
from benchmarks.systems import SYSTEMS

__all__ = ["compare", "measured"]

PACKAGES = {
    "ours": "qa",
    "LangChain": "langchain-classic",
    "txtai": "txtai",
    "LlamaIndex": "llama-index-core",
}
QUESTIONS = {"es": None, "en": "xquad.en.json"}  # asked of the Spanish paragraphs
WARM_UP = 5


def main() -> None:
    """Compare all systems, or measure the one that a child process is started for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model-folder", type=Path, help="from qa model export; made if left out")
    parser.add_argument("--system", choices=SYSTEMS, help="measure one, and print its figures")
    parser.add_argument("--every", type=int, default=1, help="ask only every so many questions")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    if arguments.system:
        model, every = arguments.model_folder, arguments.every
        print(json.dumps(measured(arguments.system, arguments.data, model, every)))
        return
    results = compare(arguments.data, arguments.model_folder, arguments.every)
    measure.save({"peers": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        show(results)


def compare(data: Path, model: Path | None, every: int = 1) -> dict[str, Any]:
    """The figures of each system, by its name; ``every`` N asks each Nth question."""
    results = {}
    with TemporaryDirectory() as work:
        model = model or measure.export_model(Path(work) / "model")
        for name in SYSTEMS:
            options = ("--data", str(data), "--model-folder", str(model), "--every", str(every))
            done = measure.run("-m", "benchmarks.peers", "--system", name, *options)
            # The last line: a peer may print lines of its own.
            results[name] = json.loads(done.output.splitlines()[-1])
            print(f"{name}: {results[name]}", file=sys.stderr)
    return results


def measured(system: str, data: Path, model: Path, every: int = 1) -> dict[str, Any]:
    """One system's recall, seconds to load the model and to index, and milliseconds a question.

    The questions are asked one by one; loading is not a part of indexing.
    """
    from qa.evaluation import evaluate

    file = data / "eval" / "xquad.es.json"
    sets = {
        language: evaluate.read(file, questions=file.with_name(other) if other else None)
        for language, other in QUESTIONS.items()
    }
    paragraphs = sets["es"].paragraphs
    with TemporaryDirectory() as work:
        started = perf_counter()
        build = SYSTEMS[system](model, "es", Path(work))
        loaded = perf_counter()
        search = build(paragraphs)
        indexed = perf_counter()
        figures: dict[str, Any] = {
            "version": _version(PACKAGES[system]),
            "load_s": loaded - started,
            "index_s": indexed - loaded,
        }
        for question in sets["es"].questions[:WARM_UP]:
            search(question.text, 10)
        milliseconds = []
        ranked: dict[str, list[list[str]]] = {}
        for language, asked in sets.items():
            ranked[language] = []
            for question in asked.questions[::every]:
                before = perf_counter()
                ranked[language].append(search(question.text, 10))
                milliseconds.append(1000 * (perf_counter() - before))
        # Before scoring, whose libraries need memory of their own.
        figures["peak_mb"] = measure.peak_mb()
        for language, asked in sets.items():
            relevant = [question.paragraph for question in asked.questions[::every]]
            scores = evaluate.score(relevant, ranked[language], 10)
            figures[f"{language}_recall@1"] = scores["recall@1"]
            figures[f"{language}_recall@10"] = scores["recall@10"]
    figures["asked"] = len(milliseconds)
    figures["p50_ms"] = measure.percentile(milliseconds, 50)
    figures["p95_ms"] = measure.percentile(milliseconds, 95)
    return figures


def show(results: dict[str, Any]) -> None:
    """The figures side by side."""
    rows = [
        {
            "system": f"{name} {figures['version']}",
            "es R@1": figures["es_recall@1"],
            "es R@10": figures["es_recall@10"],
            "en→es R@1": figures["en_recall@1"],
            "en→es R@10": figures["en_recall@10"],
            "load s": round(figures["load_s"], 1),
            "index s": round(figures["index_s"], 1),
            "p50 ms": figures["p50_ms"],
            "p95 ms": figures["p95_ms"],
            "peak MB": figures["peak_mb"],
        }
        for name, figures in results.items()
    ]
    asked = results["ours"]["asked"]
    measure.table(f"XQuAD: 240 Spanish paragraphs, {asked:,} questions, half in English", rows)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""  # ours, run from a checkout


if __name__ == "__main__":
    main()
