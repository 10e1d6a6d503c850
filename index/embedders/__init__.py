"""Embedding models behind one class: texts in, unit vectors out."""

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

__all__ = [
    "BUNDLED",
    "DEFAULT_MODEL",
    "SMALL_MODEL",
    "Embedder",
    "checked_vectors",
    "configuration",
    "load",
    "present_identity",
]

DEFAULT_MODEL = "e5-small-es-en"
SMALL_MODEL = "e5-tiny-es-en"  # half of its layers, twice as fast
ALIASES = {"base": DEFAULT_MODEL, "small": SMALL_MODEL}
FILES = {
    DEFAULT_MODEL: "model",
    SMALL_MODEL: "small",
}  # names of their .onnx and .json files in BUNDLED
BUNDLED = Path(__file__).parent / DEFAULT_MODEL
# Of all weights that ever came with qa. An index that records one was made with them, or with an
# export of them.
REVISIONS = {
    DEFAULT_MODEL: ("339fed3c1187", "c7622f08a0d6", "8843279d37c3", "4fc982ece0bb"),
    SMALL_MODEL: ("57101db9c1b7", "67fd146e760c", "b4d873d707d1"),
}


class Embedder(ABC):
    """An embedding model. A subclass writes `encode` and `count_tokens` and sets the attributes.

    ``name`` is what a user gives to load it, ``identity`` what an index records: it changes with
    the weights. ``max_tokens`` is the longest passage, in the model's own tokens, that is embedded
    whole (prefix and special tokens already taken off); ``window`` is the whole limit, 0 where it
    is not known. ``tokenizer`` is that of the library which runs the model.
    """

    name: str
    identity: str
    dimensions: int
    max_tokens: int
    window: int = 0
    query_prefix: str = ""
    passage_prefix: str = ""
    tokenizer: Any = None

    @abstractmethod
    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 [len(texts), dimensions], of texts with their prefixes."""

    @abstractmethod
    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of the model's tokens in each text, without prefix and special tokens."""

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 [len(texts), dimensions], to be searched."""
        return self.encode([self.passage_prefix + text for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 [len(texts), dimensions], to search with."""
        return self.encode([self.query_prefix + text for text in texts])

    def token_ids(self, text: str) -> list[int]:  # noqa: ARG002
        """The ids of a text's tokens, special ones included, no more than ``window``.

        Raises ModelError for a model that does not tell them.
        """
        raise ModelError(f"The model {self.name} does not tell its tokens: use its own tokenizer.")

    def is_known_as(self, identity: str) -> bool:
        """Whether an index that recorded this identity was made with these weights."""
        return identity == self.identity


def checked_vectors(
    model: Embedder, vectors: NDArray[np.float32], count: int, dimensions: int
) -> NDArray[np.float32]:
    """The vectors that a model gave, as float32 [count, dimensions].

    Raises ModelError where they have another shape, or a number that is not finite.
    """
    vectors = np.asarray(vectors, dtype=np.float32)
    if vectors.shape != (count, dimensions) or not np.isfinite(vectors).all():
        raise ModelError(
            f"The model {model.name} gave no usable vectors: {dimensions} finite numbers for each "
            "text were expected; use another model."
        )
    return vectors


def configuration(name: str) -> str:
    """The file that configures NAME.onnx, in the same folder."""
    return "config.json" if name == "model" else f"{name}.json"


def present_identity(name: str) -> str:
    """The `Embedder.identity` of a bundled model with the weights of this installation.

    Raises ModelError where its configuration is missing or damaged.
    """
    settings = BUNDLED / configuration(FILES[name])
    try:
        config = json.loads(settings.read_text(encoding="utf-8"))
        return f"{config['name']}@{config['revision']}"
    except (OSError, ValueError, TypeError, KeyError) as exc:
        raise ModelError(
            f"The embedding model in {BUNDLED} cannot be loaded: install the package again."
        ) from exc


def is_trained_here(folder: Path) -> bool:
    """Whether a folder holds a model as training/ writes it: one file of ONNX that also pools."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return "revision" in config and (folder / "model.onnx").is_file()
    except (OSError, ValueError, TypeError):
        return False


def load(name: str | None = None) -> Embedder:
    """A bundled model, or any sentence-transformers model by name or folder.

    The bundled ones are "base" (None) and "small". A folder that training/ wrote is loaded as they
    are, without sentence-transformers. Raises ModelError when there is no such model,
    MissingExtraError without sentence-transformers.
    """
    name = ALIASES.get(name, name) if name is not None else DEFAULT_MODEL
    if name in FILES:
        from index.embedders.onnx import OnnxEmbedder

        return OnnxEmbedder(BUNDLED, FILES[name])
    if not name.strip():
        raise ModelError("The model's name is empty: give a name or a folder, or leave it out.")
    if is_trained_here(Path(name)):
        from index.embedders.onnx import OnnxEmbedder

        return OnnxEmbedder(Path(name))
    from index.embedders.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name)
