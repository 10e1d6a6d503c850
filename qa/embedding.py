"""The embedding model by itself, for other programs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arguments import path_of
from index.embedders import Embedder, load
from index.errors import InputError
from index.text.messages import describe

__all__ = ["TextEmbedder", "embedder"]


class TextEmbedder:
    """Texts in, unit vectors out; with the methods of a SentenceTransformer. Safe for threads."""

    def __init__(self, model: Embedder) -> None:
        self.model = model
        self.max_seq_length = model.max_tokens
        self.device = "cpu"

    def encode_query(self, inputs: str | Sequence[str], **_: Any) -> NDArray[np.float32]:
        """Unit vectors to search with, float32 [len(inputs), dimensions]; [dimensions] of a text.

        Raises InputError for what is no text.
        """
        return self._encode(inputs, self.model.query_prefix)

    def encode_document(self, inputs: str | Sequence[str], **_: Any) -> NDArray[np.float32]:
        """Unit vectors to be searched, as those of `encode_query`."""
        return self._encode(inputs, self.model.passage_prefix)

    def _encode(self, inputs: str | Sequence[str], prefix: str) -> NDArray[np.float32]:
        texts = [inputs] if isinstance(inputs, str) else list(inputs)
        wrong = [text for text in texts if not isinstance(text, str)]
        if wrong:
            raise InputError(f"Texts are embedded, not {describe(wrong[0])}.")
        if not texts:
            return np.empty((0, self.model.dimensions), np.float32)
        vectors = self.model.encode([prefix + text for text in texts])
        return vectors[0] if isinstance(inputs, str) else vectors

    def get_embedding_dimension(self) -> int:
        """The number of a vector's dimensions."""
        return self.model.dimensions

    def similarity(self, one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.float32]:
        """The cosines of unit vectors, float32 [len(one), len(other)]."""
        cosines: NDArray[np.float32] = np.atleast_2d(one) @ np.atleast_2d(other).T
        return cosines


def embedder(model: str | Path | Embedder | None = None) -> TextEmbedder:
    """The bundled embedding model, or another one by name or folder (`index.embedders.load`).

    Raises ModelError where there is none, MissingExtraError without sentence-transformers.
    """
    if isinstance(model, Embedder):
        return TextEmbedder(model)
    return TextEmbedder(load(model if isinstance(model, str | None) else str(path_of(model))))
