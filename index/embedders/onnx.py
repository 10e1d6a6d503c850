"""The bundled model: an int8 ONNX encoder, run by ONNX Runtime with the tokenizers library.

Its graph already pools and normalises (training/encoder_graph.py), so that nothing else is needed.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders import BUNDLED, Embedder
from index.errors import ModelError

__all__ = ["OnnxEmbedder"]

# Padded tokens a batch. Small batches fit the processor's caches: on 2 cores 1,024 to 2,048 tokens
# were a quarter faster than 8,192, and they keep the peak memory low.
BATCH_TOKENS = 2048
# How much longer the longest text of a batch may be than the shortest: padding takes time too. The
# sentences of an answer were embedded a quarter faster so.
UNLIKE = 1.5
PAD = 1


class OnnxEmbedder(Embedder):
    """An encoder in a folder with model.onnx, tokenizer.json and config.json.

    A second one beside it is NAME.onnx, configured by NAME.json.
    """

    def __init__(self, folder: Path, name: str = "model") -> None:
        """Load the model; raises ModelError when a file is missing or damaged."""
        try:
            settings = "config.json" if name == "model" else f"{name}.json"
            config = json.loads((folder / settings).read_text(encoding="utf-8"))
            self._tokenizer, self._session = _load(folder, f"{name}.onnx")
            self.name = config["name"]
            self.identity = f"{config['name']}@{config['revision']}"
            self.dimensions = config["dimensions"]
            self.query_prefix = config["prompts"]["query"]
            self.passage_prefix = config["prompts"]["passage"]
            self._window = config["max_tokens"]
        # Both libraries raise bare exceptions of their own for a damaged file.
        except Exception as exc:
            again = "install the package again" if folder == BUNDLED else "copy that folder again"
            raise ModelError(f"The embedding model in {folder} cannot be loaded: {again}.") from exc
        prefix = max(self.count_tokens([self.query_prefix, self.passage_prefix]))
        self.max_tokens = self._window - prefix - 2

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens in each text, without prefix and special tokens."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 [len(texts), dimensions]; batches hold texts of like length."""
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        limit = self._window
        rows = [row if len(row) <= limit else [*row[: limit - 1], row[-1]] for row in rows]
        for batch in _batches([len(row) for row in rows]):
            vectors[batch] = self._run([rows[number] for number in batch])
        return vectors

    def _run(self, rows: list[list[int]]) -> NDArray[np.float32]:
        width = max(len(row) for row in rows)
        ids = np.full((len(rows), width), PAD, dtype=np.int64)
        mask = np.zeros((len(rows), width), dtype=np.int64)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return vectors  # type: ignore[no-any-return]


def _load(folder: Path, file: str):  # type: ignore[no-untyped-def]  # both libraries are untyped
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(folder / file), options, providers=["CPUExecutionProvider"]
    )
    return tokenizer, session


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Positions grouped by length, each group within BATCH_TOKENS when padded."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        long = (len(batch) + 1) * lengths[position] > BATCH_TOKENS
        if batch and (long or lengths[position] > UNLIKE * lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch
