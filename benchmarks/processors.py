"""Whether the bundled models give the same vectors on processors of another kind.

    python -m benchmarks.processors [--json] [--out FILE]

Names this processor and its instruction sets, and compares the bits of some texts' vectors here
with those of a kernel that is exact everywhere (unsigned weights) and, where qemu-user is installed
(qemu-x86_64), with those of this program run under it: as a processor with AVX2 alone, so that one
with VNNI is hidden from the runtime. That takes minutes. The exit status is 1 where any differ.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks import measure
from index.embedders import BUNDLED
from index.embedders.encoder import Encoder

__all__ = ["unsigned"]

MODELS = ("model", "small", "reader")
EMULATED = "max,-avx512f"  # what qemu-user has of x86-64: AVX2, no VNNI
TEXTS = (
    "passage: El canciller viajó a Washington para reunirse con el secretario de Estado.",
    "query: ¿Cuándo visitó Rubio México?",
    "passage: " + "Artículo 3. La pensión será de $1.234,56 por mes. " * 6,
)


def unsigned(model: Path, to: Path) -> Path:
    """Write a model with each product's weights as unsigned bytes with a zero of 128: the same."""
    import onnx

    graph = onnx.load(model)
    tensors = {tensor.name: tensor for tensor in graph.graph.initializer}
    for node in graph.graph.node:
        if node.op_type != "MatMulIntegerToFloat":
            continue
        for name in (node.input[1], node.input[5]):
            moved = onnx.numpy_helper.to_array(tensors[name]).astype(np.int16) + 128
            tensor = onnx.numpy_helper.from_array(moved.astype(np.uint8), name)
            tensors[name].CopyFrom(tensor)
    onnx.save(graph, to)
    return to


def digests(folder: Path) -> dict[str, str]:
    """By model, a digest of what it gives for the texts."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))
    rows = [encoding.ids for encoding in tokenizer.encode_batch(list(TEXTS))]
    return {
        name: hashlib.sha256(
            b"".join(found.tobytes() for found in Encoder(folder / f"{name}.onnx").run(rows))
        ).hexdigest()[:16]
        for name in MODELS
    }


def emulated() -> dict[str, str] | None:
    """The digests under qemu-user; None where it is not installed."""
    qemu = shutil.which("qemu-x86_64") or shutil.which("qemu-x86_64-static")
    if qemu is None:
        return None
    command = [qemu, "-cpu", EMULATED, sys.executable, "-m", "benchmarks.processors", "--digests"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def main() -> None:
    """Compare and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--digests", action="store_true", help="print only those of this process")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    if arguments.digests:
        print(json.dumps(digests(BUNDLED)))
        return
    results: dict[str, Any] = {"here": digests(BUNDLED)}
    with TemporaryDirectory() as work:
        for name in MODELS:
            unsigned(BUNDLED / f"{name}.onnx", Path(work) / f"{name}.onnx")
        results["unsigned weights"] = digests(Path(work))
    results["qemu-user, AVX2"] = emulated()
    measure.save({"processors": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        show(results)
    if any(each not in (None, results["here"]) for each in results.values()):
        sys.exit(1)


def show(results: dict[str, Any]) -> None:
    """Each way's digests; equal ones are equal bits."""
    found = measure.processor()
    print(f"{found['name']} ({', '.join(found['sets'])})")
    rows = [
        {"way": name, **(each or dict.fromkeys(MODELS, "not run"))}
        for name, each in results.items()
    ]
    measure.table("Digests of the results: equal ones are equal bits", rows)


if __name__ == "__main__":
    main()
