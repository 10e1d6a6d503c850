"""Ways to run the embedding model: runtimes, precisions and threads, taking turns.

    python -m training.contrast export --base CHECKPOINT --float32 --out EXACT
    python -m benchmarks.runtimes --data DATA --exact EXACT [--rounds N] [--json] [--out FILE]

EXACT holds the model in float32. For each way: passages a second, milliseconds a question, seconds
to load, MB of the model's file, and the cosine of its vectors to the exact ones. The texts are
those of `benchmarks.embedding`. OpenVINO is left out where it is not installed
(benchmarks/requirements.txt); it reads the exact file, and ours as it is.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from benchmarks import embedding, measure
from index.embedders import BUNDLED
from index.embedders.onnx import BATCH_TOKENS
from qa import evaluate

__all__ = ["compare"]

PAD, LONGEST = 1, 512
CALIBRATED = 96  # passages that static quantisation sees
Run = Callable[[np.ndarray, np.ndarray], np.ndarray]


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
    passages = list(batches(tokenizer, [f"passage: {text}" for text in texts[CALIBRATED:]]))
    asked = evaluate.read(arguments.data / "eval" / "xquad.es.json").questions[::20]
    questions = [next(batches(tokenizer, [f"query: {one.text}"])) for one in asked]
    static = work / "static.onnx"
    _static(arguments.exact / "model.onnx", static, tokenizer, texts[:CALIBRATED])
    ways: dict[str, tuple[Path, Callable[[Path], Run]]] = {
        "ONNX Runtime, int8 (shipped)": (arguments.own / "model.onnx", _onnx),
        "the same, one thread": (arguments.own / "model.onnx", lambda path: _onnx(path, 1)),
        "ONNX Runtime, static int8": (static, _onnx),
        "ONNX Runtime, float32": (arguments.exact / "model.onnx", _onnx),
    }
    if _installed("openvino"):
        ways["OpenVINO, float32"] = (arguments.exact / "model.onnx", _openvino)
        ways["OpenVINO, our int8"] = (arguments.own / "model.onnx", _openvino)
    runs, results = {}, {}
    for name, (path, load) in ways.items():
        began = perf_counter()
        runs[name] = load(path)
        runs[name](*questions[0])
        results[name] = {"load_s": perf_counter() - began, "mb": path.stat().st_size / 1e6}
    exact = vectors(runs["ONNX Runtime, float32"], passages)
    for name, seconds in _rounds(runs, passages, questions, arguments.rounds).items():
        found = results[name]
        found["passages_per_s"] = arguments.passages / measure.median([one for one, _ in seconds])
        found["question_ms"] = 1000 * measure.median([each for _, each in seconds])
        cosines = (vectors(runs[name], passages) * exact).sum(1)
        found |= {"cosine": float(cosines.mean()), "least": float(cosines.min())}
    return results


Batch = tuple[np.ndarray, np.ndarray]


def _rounds(
    runs: dict[str, Run], passages: Sequence[Batch], questions: Sequence[Batch], rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """By way, for each round, the seconds for all passages and for the median question."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            began = perf_counter()
            vectors(run, passages)
            whole = perf_counter() - began
            each = []
            for question in questions:
                began = perf_counter()
                run(*question)
                each.append(perf_counter() - began)
            taken[name].append((whole, measure.median(each)))
    return taken


def batches(tokenizer: Tokenizer, texts: Sequence[str]) -> Iterator[Batch]:
    """Ids and masks, as `index.embedders.onnx` batches texts of like length."""
    rows = sorted((encoding.ids for encoding in tokenizer.encode_batch(list(texts))), key=len)
    size = max(1, BATCH_TOKENS // max(map(len, rows)))
    for start in range(0, len(rows), size):
        part = rows[start : start + size]
        ids = np.full((len(part), len(part[-1])), PAD, np.int64)
        for row, known in zip(ids, part, strict=True):
            row[: len(known)] = known
        yield ids, (ids != PAD).astype(np.int64)


def vectors(run: Run, parts: Sequence[Batch]) -> np.ndarray:
    """The vectors of all batches, [texts, hidden]."""
    return np.concatenate([run(*part) for part in parts])


def _onnx(path: Path, threads: int = 0) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        found = session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(found[0])

    return run


def _openvino(path: Path) -> Run:
    import openvino

    compiled: Any = openvino.compile_model(str(path), "CPU")

    def run(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        found = compiled({"input_ids": ids, "attention_mask": mask})
        return np.array(found[0])

    return run


def _installed(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None


def _static(exact: Path, out: Path, tokenizer: Tokenizer, texts: Sequence[str]) -> None:
    """Write the model in int8 with the ranges of activations that these passages show."""
    from onnxruntime import quantization

    parts = iter(list(batches(tokenizer, [f"passage: {text}" for text in texts])))

    class Reader(quantization.CalibrationDataReader):  # type: ignore[misc]  # untyped
        def get_next(self) -> dict[str, np.ndarray] | None:
            part = next(parts, None)
            return None if part is None else {"input_ids": part[0], "attention_mask": part[1]}

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
