"""The bundled model: an int8 ONNX encoder, run by ONNX Runtime with the tokenizers library.

Its graph already pools and normalises (training/encoder_graph.py), so that nothing else is needed.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedders import BUNDLED, Embedder, configuration
from index.embedders.encoder import Encoder
from index.errors import ModelError

__all__ = ["OnnxEmbedder"]


class OnnxEmbedder(Embedder):
    """An encoder in a folder with model.onnx, tokenizer.json and config.json.

    A second one beside it is NAME.onnx, configured by NAME.json.
    """

    def __init__(self, folder: Path, name: str = "model") -> None:
        """Load the model; raises ModelError when a file is missing or damaged."""
        try:
            config = json.loads((folder / configuration(name)).read_text(encoding="utf-8"))
            self.tokenizer = _tokenizer(folder)
            self._encoder = Encoder(folder / f"{name}.onnx")
            self.name = config["name"]
            self.identity = f"{config['name']}@{config['revision']}"
            self.dimensions = config["dimensions"]
            self.query_prefix = config["prompts"]["query"]
            self.passage_prefix = config["prompts"]["passage"]
            self.window = config["max_tokens"]
        # For a damaged file both libraries raise exceptions without a common base.
        except Exception as exc:
            again = "install the package again" if folder == BUNDLED else "copy that folder again"
            raise ModelError(f"The embedding model in {folder} cannot be loaded: {again}.") from exc
        prefix = max(self.count_tokens([self.query_prefix, self.passage_prefix]))
        self.max_tokens = self.window - prefix - 2

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens in each text, without prefix and special tokens."""
        encodings = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 [len(texts), dimensions], the same bits in any batch."""
        encodings = self.tokenizer.encode_batch_fast(list(texts))
        rows = [self._limited(encoding.ids) for encoding in encodings]
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for place, vector in enumerate(self._encoder.run(rows)):
            vectors[place] = vector
        return vectors

    def token_ids(self, text: str) -> list[int]:
        """The ids of a text's tokens, special ones included, no more than ``window``."""
        return self._limited(self.tokenizer.encode(text).ids)

    def _limited(self, ids: list[int]) -> list[int]:
        return ids if len(ids) <= self.window else [*ids[: self.window - 1], ids[-1]]


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
