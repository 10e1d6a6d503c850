"""A model of no worth that costs no time, for benchmarks of everything but the model."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedders import Embedder

__all__ = ["Letters"]


class Letters(Embedder):
    """Vectors from the letters of a text, the same for the same text."""

    name = identity = "letters"
    dimensions = 384
    max_tokens = 300

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """How often each byte occurs, spread over the dimensions by a fixed random matrix."""
        spread = np.random.default_rng(0).normal(size=(256, self.dimensions)).astype(np.float32)
        # One at a time: the rounding of a product of matrices depends on how many rows it has.
        vectors = np.array([np.sqrt(_counts(text)) @ spread for text in texts])
        vectors = vectors.reshape(-1, self.dimensions)
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(length, 1e-9), dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """A token is taken for five characters."""
        return [len(text) // 5 + 1 for text in texts]


def _counts(text: str) -> NDArray[np.float32]:
    found = np.bincount(np.frombuffer(text.encode(), np.uint8), minlength=256)
    return found.astype(np.float32)
