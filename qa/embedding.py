"""The embedding model by itself, for other programs, with the methods of a SentenceTransformer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arguments import path_of
from index.embedders import Embedder, load
from index.errors import InputError, MissingExtraError
from index.text.messages import describe

__all__ = ["TextEmbedder", "embedder"]

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


class TextEmbedder:
    """Texts in, unit vectors out, as sentence-transformers 6.2 has it. Safe for threads.

    ``encode``, ``encode_query`` and ``encode_document`` take a text, for which they give a vector
    [dimensions], or several, for [texts, dimensions], float32. Of the arguments there,
    ``prompt_name``, ``prompt``, ``truncate_dim``, ``normalize_embeddings`` (after truncation: all
    vectors are unit vectors before), ``convert_to_numpy`` and ``convert_to_tensor`` do the same
    here. ``batch_size`` and ``show_progress_bar`` change no result: each text is embedded alone.
    Whatever else is asked for raises InputError; tensors without torch MissingExtraError.
    """

    def __init__(self, model: Embedder) -> None:
        self.model = model
        self.device = "cpu"
        self.similarity_fn_name = "cosine"
        self.prompts = {"query": model.query_prefix, "document": model.passage_prefix}

    @property
    def max_seq_length(self) -> int:
        """Tokens of the longest text that is embedded whole, with prompt and special tokens."""
        return self.model.window or self.model.max_tokens

    @property
    def tokenizer(self) -> Any:
        """The tokenizer of the library that the model is run with."""
        return self.model.tokenizer

    def encode(
        self, inputs: str | Iterable[str], prompt_name: str | None = None, **given: Any
    ) -> Any:
        """Vectors of texts as they are, or after the prompt of this name or ``prompt``."""
        prompt = self._prompt(prompt_name, given.pop("prompt", None))
        return self._encoded(inputs, _prompted(self.model.encode, prompt or ""), given)

    def encode_query(
        self, inputs: str | Iterable[str], prompt_name: str | None = None, **given: Any
    ) -> Any:
        """Vectors to search with, after the model's prompt for questions or the given one."""
        prompt = self._prompt(prompt_name, given.pop("prompt", None))
        own = self.model.embed_queries
        return self._encoded(
            inputs, own if prompt is None else _prompted(self.model.encode, prompt), given
        )

    def encode_document(
        self, inputs: str | Iterable[str], prompt_name: str | None = None, **given: Any
    ) -> Any:
        """Vectors to be searched, after the model's prompt for passages or the given one."""
        prompt = self._prompt(prompt_name, given.pop("prompt", None))
        own = self.model.embed_passages
        return self._encoded(
            inputs, own if prompt is None else _prompted(self.model.encode, prompt), given
        )

    def _prompt(self, name: str | None, prompt: str | None) -> str | None:
        if prompt is not None:
            return prompt
        if name is not None and name not in self.prompts:
            known = ", ".join(self.prompts)
            raise InputError(f"There is no prompt {describe(name)}: use one of {known}.")
        return None if name is None else self.prompts[name]

    def _encoded(self, inputs: str | Iterable[str], embed: Embed, given: Mapping[str, Any]) -> Any:
        options = _checked(given)
        texts = [inputs] if isinstance(inputs, str) else list(_iterable(inputs))
        wrong = [text for text in texts if not isinstance(text, str)]
        if wrong:
            raise InputError(f"Texts are embedded, not {describe(wrong[0])}.")
        vectors = embed(texts) if texts else np.empty((0, self.model.dimensions), np.float32)
        if (most := options["truncate_dim"]) is not None:
            vectors = np.ascontiguousarray(vectors[:, :most])
            if options["normalize_embeddings"]:
                vectors = _unit(vectors)
        found: Any = _tensors(vectors) if options["convert_to_tensor"] else vectors
        if not (options["convert_to_numpy"] or options["convert_to_tensor"]):
            found = list(_tensors(vectors))
        return found[0] if isinstance(inputs, str) else found

    def tokenize(self, texts: Sequence[str]) -> dict[str, NDArray[np.int64]]:
        """``input_ids`` and ``attention_mask``, [texts, longest], padded with the id 1."""
        rows = [self.model.token_ids(text) for text in texts]
        longest = max(map(len, rows), default=0)
        ids = np.ones((len(rows), longest), np.int64)
        mask = np.zeros((len(rows), longest), np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(row)], mask[place, : len(row)] = row, 1
        return {"input_ids": ids, "attention_mask": mask}

    def get_embedding_dimension(self) -> int:
        """The number of a vector's dimensions."""
        return self.model.dimensions

    get_sentence_embedding_dimension = get_embedding_dimension

    def get_max_seq_length(self) -> int:
        """The same as ``max_seq_length``."""
        return self.max_seq_length

    def similarity(self, embeddings1: Any, embeddings2: Any) -> Any:
        """All cosines, float32 [len(embeddings1), len(embeddings2)]; tensors for tensors."""
        one, other = _unit(_rows(embeddings1)), _unit(_rows(embeddings2))
        return _as_given(one @ other.T, embeddings1)

    def similarity_pairwise(self, embeddings1: Any, embeddings2: Any) -> Any:
        """The cosine of each pair, float32 [len(embeddings1)]; tensors for tensors."""
        one, other = _unit(_rows(embeddings1)), _unit(_rows(embeddings2))
        return _as_given((one * other).sum(axis=1), embeddings1)


_FIXED: dict[str, tuple[Any, ...]] = {
    "output_value": ("sentence_embedding",),
    "precision": ("float32", None),
    "device": (None, "cpu"),
    "pool": (None,),
    "chunk_size": (None,),
}
"""Arguments with the values that can be had, the first being the usual one."""


_DEFAULTS: dict[str, Any] = {
    "batch_size": 32,
    "show_progress_bar": None,
    "truncate_dim": None,
    "convert_to_numpy": True,
    "convert_to_tensor": False,
    "normalize_embeddings": False,
}


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with their defaults; InputError for what cannot be done."""
    options = dict(_DEFAULTS)
    for name, value in given.items():
        if name in _FIXED:
            if not any(value is one or value == one for one in _FIXED[name]):
                raise InputError(f"{name}={value!r} cannot be had here: leave it out.")
        elif name not in options:
            raise InputError(f"There is no argument {name} of encode: leave it out.")
        else:
            options[name] = value
    for name in ("batch_size", "truncate_dim"):
        value = options[name]
        if value is not None and (type(value) is not int or value < 1):
            raise InputError(f"{name} is a whole number from 1, not {describe(value)}.")
    return options


def _prompted(embed: Embed, prompt: str) -> Embed:
    return lambda texts: embed([prompt + text for text in texts])


def _iterable(inputs: Any) -> Iterable[Any]:
    if isinstance(inputs, bytes) or not isinstance(inputs, Iterable):
        raise InputError(f"Texts are embedded, not {describe(inputs)}.")
    return inputs


def _tensors(vectors: NDArray[np.float32]) -> Any:
    try:
        import torch
    except ImportError as exc:
        raise MissingExtraError(
            "Tensors need torch: run pip install torch, or take NumPy's arrays."
        ) from exc
    return torch.from_numpy(np.array(vectors))


def _as_given(values: NDArray[np.float32], given: Any) -> Any:
    return values if isinstance(given, np.ndarray | list) else _tensors(values)


def _rows(given: Any) -> NDArray[np.float32]:
    return np.atleast_2d(np.asarray(given, dtype=np.float32))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-12)
    return unit


def embedder(model: str | Path | Embedder | None = None) -> TextEmbedder:
    """The bundled embedding model, or another one by name or folder (`index.embedders.load`).

    Raises ModelError where there is none, MissingExtraError without sentence-transformers.
    """
    if isinstance(model, Embedder):
        return TextEmbedder(model)
    return TextEmbedder(load(model if isinstance(model, str | None) else str(path_of(model))))
