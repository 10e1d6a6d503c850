"""Ways to run the embedding model: runtimes, precisions and threads, taking turns.

    python -m training.contrast export --base CHECKPOINT --out EXACT
    python -m benchmarks.runtimes --data DATA --exact EXACT [--rounds N] [--json] [--out FILE]

EXACT holds the model in float32. For each way: passages a second, milliseconds a question, seconds
to load, MB of the model's file, and the cosine of its vectors to the exact ones. The texts are
those of `benchmarks.embedding`, each run alone. OpenVINO is left out where it is not installed
(benchmarks/requirements.txt); it reads the exact file, and the one of static int8.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from benchmarks import embedding, measure
from index.embedders import BUNDLED
from index.embedders.encoder import INPUT, Encoder
from qa.evaluation import evaluate

__all__ = ["compare"]

LONGEST = 512  # tokens
SHIPPED, EXACT = "ours: int8, a text a thread", "float32"
CALIBRATED = 96  # passages that static quantisation sees
Row = list[int]
Run = Callable[[Sequence[Row]], list[np.ndarray]]


def main() -> None:
    """Measure every way and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--exact", type=Path, required=True, help="the model in float32")
    parser.add_argument("--own", type=Path, default=BUNDLED, help="the model in int8")
    parser.add_argument("--passages", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    with TemporaryDirectory() as work:
        results = compare(arguments, Path(work))
    measure.save({"runtimes": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        show(results)


def show(results: dict[str, dict[str, float]]) -> None:
    """The table."""
    rows = [{"way": name, **found} for name, found in results.items()]
    measure.table("Passages of 880 characters, and single questions", rows)


def compare(arguments: argparse.Namespace, work: Path) -> dict[str, dict[str, float]]:
    """What was measured, by way; the medians of the rounds."""
    tokenizer = Tokenizer.from_file(str(arguments.exact / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    texts = embedding.passages(arguments.data, arguments.passages + CALIBRATED)
    passages = rows(tokenizer, [f"passage: {text}" for text in texts[CALIBRATED:]])
    asked = evaluate.read(arguments.data / "eval" / "xquad.es.json").questions[::20]
    questions = rows(tokenizer, [f"query: {one.text}" for one in asked])
    static = work / "static.onnx"
    _static(arguments.exact / "model.onnx", static, tokenizer, texts[:CALIBRATED])
    ways: dict[str, tuple[Path, Callable[[Path], Run]]] = {
        SHIPPED: (arguments.own / "model.onnx", lambda path: Encoder(path).run),
        "one text after the other, one thread": (arguments.own / "model.onnx", _onnx),
        "the same, two threads a product": (arguments.own / "model.onnx", lambda p: _onnx(p, 2)),
        "static int8": (static, lambda path: Encoder(path).run),
        EXACT: (arguments.exact / "model.onnx", lambda path: Encoder(path).run),
    }
    if _installed("openvino"):
        ways["OpenVINO, float32"] = (arguments.exact / "model.onnx", _openvino)
        ways["OpenVINO, static int8"] = (static, _openvino)
    runs, results = {}, {}
    for name, (path, load) in ways.items():
        began = perf_counter()
        runs[name] = load(path)
        runs[name](questions[:1])
        results[name] = {"load_s": perf_counter() - began, "mb": path.stat().st_size / 1e6}
    exact = np.stack(runs[EXACT](passages))
    for name, seconds in _rounds(runs, passages, questions, arguments.rounds).items():
        found = results[name]
        found["passages_per_s"] = arguments.passages / measure.median([one for one, _ in seconds])
        found["question_ms"] = 1000 * measure.median([each for _, each in seconds])
        cosines = (np.stack(runs[name](passages)) * exact).sum(1)
        found |= {"cosine": float(cosines.mean()), "least": float(cosines.min())}
    return results


def _rounds(
    runs: dict[str, Run], passages: Sequence[Row], questions: Sequence[Row], rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """By way, for each round, the seconds for all passages and for the median question."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            began = perf_counter()
            run(passages)
            whole = perf_counter() - began
            each = []
            for question in questions:
                began = perf_counter()
                run([question])
                each.append(perf_counter() - began)
            taken[name].append((whole, measure.median(each)))
    return taken


def rows(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Row]:
    """The ids of each text."""
    return [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]


def _onnx(path: Path, threads: int = 1) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(given: Sequence[Row]) -> list[np.ndarray]:
        return [np.asarray(session.run(None, {INPUT: np.array(row)})[0]) for row in given]

    return run


def _openvino(path: Path) -> Run:
    import openvino

    compiled: Any = openvino.compile_model(str(path), "CPU")

    def run(given: Sequence[Row]) -> list[np.ndarray]:
        return [np.array(compiled({INPUT: np.array(row)})[0]) for row in given]

    return run


def _installed(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def _static(exact: Path, out: Path, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
    """Write the model in int8 with the ranges of activations that these passages show."""
    from onnxruntime import quantization

    parts = iter(rows(tokenizer, [f"passage: {text}" for text in texts]))

    class Reader(quantization.CalibrationDataReader):  # type: ignore[misc]  # untyped
        def get_next(self) -> dict[str, np.ndarray] | None:
            part = next(parts, None)
            return None if part is None else {INPUT: np.array(part)}

    quantization.quantize_static(
        exact,
        out,
        Reader(),
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        weight_type=quantization.QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True},
    )


if __name__ == "__main__":
    main()
