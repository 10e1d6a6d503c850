"""Any other model: sentence-transformers, by name or folder, with the prompts that it defines."""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedders import Embedder
from index.embedders.export import twin
from index.errors import MissingExtraError, ModelError

__all__ = ["SentenceTransformerEmbedder"]

HUB_SECONDS = 10
WEIGHTS = "sentence-transformers"  # before the digest of the weights, in an identity


class SentenceTransformerEmbedder(Embedder):
    """A sentence-transformers model; it runs on the GPU if there is one.

    Only weights in the safetensors format are loaded, and no code that comes with a model is run.
    A name that is neither a folder nor in the cache is fetched from the model hub, because the
    user asked for it.
    """

    def __init__(self, name: str) -> None:
        """Load it; raises ModelError, or MissingExtraError without sentence-transformers."""
        folder = _folder(name)
        self.name = folder or name
        self._model = _load(self.name, local=folder is not None)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        by_weights = f"{WEIGHTS}@{_digest(self._model)}"
        self.identity = (twin(Path(folder)) if folder else None) or by_weights
        self.tokenizer = self._model.tokenizer
        self.window = int(self._model.max_seq_length or 512)
        prompts = [prompt for prompt in self._model.prompts.values() if prompt]
        self.max_tokens = max(16, self.window - 2 - max([0, *self.count_tokens(prompts)]))

    def is_known_as(self, identity: str) -> bool:
        """Whether an index recorded these weights, also as earlier releases did: by a sample."""
        name, _, digest = identity.rpartition("@")
        before = bool(name) and name != WEIGHTS
        return super().is_known_as(identity) or (before and digest == self._sampled)

    @cached_property
    def _sampled(self) -> str:
        return _sample(self._model)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens in each text, without prompt and special tokens."""
        if not texts:
            return []
        encoded = self.tokenizer(list(texts), add_special_tokens=False, verbose=False)
        return [len(ids) for ids in encoded["input_ids"]]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 [len(texts), dimensions], without any prompt."""
        return self._vectors(self._model.encode, texts)

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors to be searched, with the model's prompt for documents."""
        return self._vectors(self._model.encode_document, texts)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors to search with, with the model's prompt for queries."""
        return self._vectors(self._model.encode_query, texts)

    def token_ids(self, text: str) -> list[int]:
        """The ids of a text's tokens, special ones included, no more than ``window``."""
        ids: list[int] = self.tokenizer(text, truncation=True, max_length=self.window)["input_ids"]
        return ids

    def _vectors(self, encode: Any, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


def _folder(name: str) -> str | None:
    """The whole path of a folder, so that an index opens from any working directory; else None."""
    try:
        return str(Path(name).resolve()) if Path(name).is_dir() else None
    except OSError:  # the name is longer than a path may be
        return None


def _load(name: str, *, local: bool) -> Any:
    """The model in a folder; or by name, from this machine's cache or else from the model hub.

    Messages of its libraries go to the logs of the program that loads it.
    """
    try:
        from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]
        from sentence_transformers import SentenceTransformer
    except ImportError as exc:
        raise MissingExtraError(
            f"The model {name} needs sentence-transformers: "
            "run pip install '.[models]' in the project's folder."
        ) from exc

    def load(*, offline: bool) -> Any:
        return SentenceTransformer(
            name,
            local_files_only=offline,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )

    try:
        with _without_bars():
            if local:
                return load(offline=True)
            validate_repo_id(name)
            with suppress(Exception):  # not in the cache: the hub is asked
                return load(offline=True)
            _ask_hub(name)
            return load(offline=False)
    # A hub name, a folder and a damaged file fail in a dozen ways, none of them documented.
    except Exception as exc:
        raise ModelError(
            f"The embedding model {name} cannot be loaded: give the name of a "
            "sentence-transformers model on the model hub or its folder, or say base or small."
        ) from exc


@contextmanager
def _without_bars() -> Iterator[None]:
    """No progress bars unless on a terminal; the earlier setting is restored afterwards."""
    from huggingface_hub.utils import are_progress_bars_disabled  # type: ignore[attr-defined]
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled() and not are_progress_bars_disabled()
    if sys.stderr.isatty() or not shown:
        yield
        return
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.enable_progress_bar()


def _ask_hub(name: str) -> None:
    """Fail at once when the hub cannot be reached: the loader would try for a minute."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError

    with suppress(RepositoryNotFoundError):  # the loader also knows names without their owner
        HfApi().model_info(name, timeout=HUB_SECONDS)


def _digest(model: Any) -> str:
    """Sixteen hexadecimal digits that stand for the weights, whatever releases call them."""
    digest = hashlib.sha256()
    for _, tensor in sorted(model.state_dict().items()):
        if tensor.is_floating_point():
            values = tensor.detach().float().cpu().numpy()
            digest.update(str(values.shape).encode() + values.tobytes())
    return digest.hexdigest()[:16]


def _sample(model: Any) -> str:
    """What earlier releases recorded: twelve digits of the first values of each tensor."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        sample = tensor.detach().flatten()[:256].float().cpu().numpy()
        digest.update(name.encode() + sample.tobytes())
    return digest.hexdigest()[:12]
