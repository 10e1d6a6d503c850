"""A bundled model as a sentence-transformers folder: to train it further, or to run it on a GPU.

The ONNX file has the weights under the names of the Hugging Face checkpoint, but for what made it
small and fast (training/encoder_graph.py); here that is undone.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedders import ALIASES, BUNDLED, DEFAULT_MODEL, FILES, configuration
from index.errors import InputError, MissingExtraError, ModelError

__all__ = ["Weights", "export", "twin", "weights"]

SOURCE = "bundled.json"  # the file that says whose weights an exported folder has

Weights = dict[str, NDArray[np.float32]]

QUERY_KEY_VALUE = ".attention.self.qkv."
SMOOTHING = ".smoothing"
SPECIAL = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>", "unk": "<unk>"}
SPECIAL |= {"pad": "<pad>", "mask": "<mask>"}


def export(folder: Path, model: str = DEFAULT_MODEL) -> None:
    """Write a bundled model to ``folder``, which ``SentenceTransformer(str(folder))`` loads.

    The weights are float32, as precise as their int8 source. Raises InputError when the folder has
    something in it or cannot be made, or no model of that name is bundled; ModelError when it is
    damaged; MissingExtraError without onnx or safetensors. The folder is written whole or not at
    all.
    """
    name = ALIASES.get(model, model)
    if name not in FILES:
        raise InputError(f"No model {model} comes with qa: say base or small.")
    folder = _resolved(folder)
    config, weights = _read(FILES[name])
    temporary = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    try:
        temporary.mkdir(parents=True)
        _write(temporary, config, weights)
        temporary.replace(folder)
    except OSError as exc:
        raise InputError(
            f"The folder {folder} cannot be written: {exc.strerror or exc}; name another one."
        ) from exc
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def twin(folder: Path) -> str | None:
    """The identity of a bundled model if the folder holds its weights as `export` wrote them.

    An index made with one then serves questions embedded by the other: the vectors differ by what
    int8 loses, which benchmarks/README.md gives. Weights that were trained further are not twins.
    """
    try:
        source = json.loads((folder / SOURCE).read_text(encoding="utf-8"))
        with (folder / "model.safetensors").open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == source["sha256"]
        return str(source["identity"]) if same else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _resolved(folder: Path) -> Path:
    try:
        folder = folder.resolve()
        used = folder.exists() and any(folder.iterdir())
    # A NUL in the name is a ValueError, a circle of links a RuntimeError.
    except (OSError, ValueError, RuntimeError) as exc:
        reason = getattr(exc, "strerror", None) or exc
        raise InputError(f"{folder} cannot be the folder ({reason}): name another one.") from exc
    if used:
        raise InputError(f"The folder {folder} is not empty: name one that is to be made.")
    return folder


def weights(config: Mapping[str, Any], *paths: Path) -> Weights:
    """The tensors of ONNX files of ours under the names of a Hugging Face checkpoint, float32.

    Several files are parts of one model. Linear weights are [out, in], query, key and value apart.
    What the files' decoder raises passes.
    """
    import onnx

    initialisers = [tensor for path in paths for tensor in onnx.load(path).graph.initializer]
    kept = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in initialisers}
    return _named(_dequantised(kept), config)


def _read(name: str) -> tuple[dict[str, Any], Weights]:
    """A bundled model's configuration, and its weights as a BertModel has them."""
    try:
        import onnx  # noqa: F401  # said now, not after the work
        import safetensors  # noqa: F401
    except ImportError as exc:
        raise MissingExtraError(
            f"Exporting the model needs {exc.name}: "
            "run pip install '.[models]' in the project's folder."
        ) from exc
    try:
        config = json.loads((BUNDLED / configuration(name)).read_text(encoding="utf-8"))
        tensors = weights(config, BUNDLED / f"{name}.onnx")
    # A damaged protobuf raises whatever its decoder meets first.
    except Exception as exc:
        raise ModelError(
            f"The embedding model in {BUNDLED} cannot be read: install the package again."
        ) from exc
    # BertModel wants a pooler, which nobody uses.
    hidden = config["dimensions"]
    tensors["pooler.dense.weight"] = np.zeros((hidden, hidden), dtype=np.float32)
    tensors["pooler.dense.bias"] = np.zeros(hidden, dtype=np.float32)
    return config, tensors


def _dequantised(stored: dict[str, NDArray[Any]]) -> Weights:
    """The floating-point tensors, int8 ones as (value - zero point) * scale."""
    tensors: Weights = {}
    for name, values in stored.items():
        if name.endswith("_quantized"):
            name = name.removesuffix("_quantized")  # noqa: PLW2901
            scale, zero = stored[f"{name}_scale"], stored[f"{name}_zero_point"]
            tensors[name] = (values.astype(np.float32) - zero.astype(np.float32)) * scale
        elif name.endswith((".weight", ".bias")):
            tensors[name] = values
    for name, share in stored.items():
        # The graph multiplies these inputs before the product; its weights were divided for it.
        if name.endswith(SMOOTHING):
            tensors[name.removesuffix(SMOOTHING) + ".weight"] *= share[:, None]
    return tensors


def _named(source: Weights, config: Mapping[str, Any]) -> Weights:
    """Linear weights as [out, in], query, key and value apart, with the tensors left out."""
    hidden = config["dimensions"]
    tensors: Weights = {}
    for name, values in source.items():
        # What is one matrix in the graph is [in, out]; embeddings are tables and stay.
        linear = values.ndim == 2 and not name.startswith("embeddings.")
        tensor = values.T if linear else values
        if QUERY_KEY_VALUE not in name:
            tensors[name] = tensor
            continue
        scale = np.float32((hidden // config["heads"]) ** 0.5)
        for part, matrix in zip(("query", "key", "value"), np.split(tensor, 3), strict=True):
            part_name = name.replace(QUERY_KEY_VALUE, f".attention.self.{part}.")
            tensors[part_name] = matrix * scale if part == "query" else matrix
    # The one token type is part of the positions.
    tensors["embeddings.token_type_embeddings.weight"] = np.zeros((1, hidden), dtype=np.float32)
    return {name: np.ascontiguousarray(tensor, np.float32) for name, tensor in tensors.items()}


def _write(folder: Path, config: dict[str, Any], weights: Weights) -> None:
    from safetensors.numpy import save

    # Not save_file: it makes a file that only its owner may read.
    content = save(weights, metadata={"format": "pt"})
    (folder / "model.safetensors").write_bytes(content)
    identity = f"{config['name']}@{config['revision']}"
    digest = hashlib.sha256(content).hexdigest()
    _json(folder / SOURCE, {"identity": identity, "sha256": digest})
    _json(folder / "config.json", _bert(config, weights))
    shutil.copyfile(BUNDLED / "tokenizer.json", folder / "tokenizer.json")
    _json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": config["max_tokens"],
            **{f"{kind}_token": token for kind, token in SPECIAL.items()},
        },
    )
    query, passage = config["prompts"]["query"], config["prompts"]["passage"]
    # encode_document looks for "document", and people who know E5 for "passage".
    prompts = {"query": query, "document": passage, "passage": passage}
    _json(folder / "config_sentence_transformers.json", {"prompts": prompts})
    _modules(folder, config)


def _bert(config: dict[str, Any], weights: Weights) -> dict[str, Any]:
    """The BertModel's own configuration."""
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": config["dimensions"],
        "num_hidden_layers": config["layers"],
        "num_attention_heads": config["heads"],
        "intermediate_size": config["intermediate"],
        "hidden_act": "gelu",
        "layer_norm_eps": config["epsilon"],
        "vocab_size": len(weights["embeddings.word_embeddings.weight"]),
        "max_position_embeddings": len(weights["embeddings.position_embeddings.weight"]),
        "type_vocab_size": 1,
        "bos_token_id": 0,
        "pad_token_id": 1,
        "eos_token_id": 2,
        "dtype": "float32",
    }


def _modules(folder: Path, config: dict[str, Any]) -> None:
    """Encoder, mean pooling and normalisation, in the form that every release reads."""
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    _json(
        folder / "modules.json",
        [
            {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for n, (path, kind) in enumerate(kinds.items())
        ],
    )
    _json(folder / "sentence_bert_config.json", {"max_seq_length": config["max_tokens"]})
    (folder / "1_Pooling").mkdir()
    _json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": config["dimensions"], "pooling_mode_mean_tokens": True},
    )
    (folder / "2_Normalize").mkdir()


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
