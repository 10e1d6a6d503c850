"""A million passages: real paragraphs as far as they go, and vectors that cost no hours.

The paragraphs are those of 80 characters or more of 648 transcripts and 27,390 laws. Once they are
used up, passages are made of the second half of one paragraph and the first half of the next.
Vectors of the bundled model are made of the first 24 tokens of so many paragraphs; every other
text is given a mixture of two neighbouring ones of these, always the same for the same text.
"""

import hashlib
import json
import lzma
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import Document
from index.embedders import Embedder, load

__all__ = ["Mixed", "documents", "paragraphs", "questions", "vectors"]

SHORTEST = 80  # characters of a paragraph
TOGETHER = 100  # paragraphs of a document
TOKENS, AT_ONCE = 24, 4096
NEIGHBOURS, MIXED, NOISE = 20, 0.6, 0.01

Floats = NDArray[np.float32]


def real(data: Path) -> Iterator[str]:
    """The paragraphs of transcripts and laws, in their order."""
    with lzma.open(data / "corpus" / "mananeras-mx.jsonl.xz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield from _long(row["text"].replace("---", "\n").splitlines())
    with lzma.open(data / "corpus" / "laws-es-ar.jsonl.xz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield from _long(row["paragraphs"])


def _long(texts: Sequence[str]) -> Iterator[str]:
    return (" ".join(text.split()) for text in texts if len(text.strip()) >= SHORTEST)


def paragraphs(data: Path) -> Iterator[str]:
    """The real ones, and then the halves of neighbours."""
    yield from real(data)
    before = ""
    for text in real(data):
        if before:
            yield f"{before[len(before) // 2 :].strip()} {text[: len(text) // 2].strip()}"
        before = text


def documents(data: Path) -> Iterator[Document]:
    """A hundred paragraphs each."""
    texts = paragraphs(data)
    number = 0
    while some := list(islice(texts, TOGETHER)):
        metadata = {"number": number}
        yield Document(f"{number:06d}", "\n\n".join(some), language="es", metadata=metadata)
        number += 1


def questions(data: Path, count: int) -> list[str]:
    """Questions of SQuAD-es, evenly out of all."""
    articles = json.loads((data / "qa" / "squad-es-v2-small.json").read_text("utf-8"))["data"]
    found = [
        entry["question"]
        for article in articles
        for paragraph in article["paragraphs"]
        for entry in paragraph["qas"]
    ]
    return found[:: len(found) // count][:count]


def vectors(data: Path, file: Path, count: int) -> Floats:
    """The vectors of the first so many paragraphs, kept in a file; it goes on where it stopped."""
    held = np.load(file, mmap_mode="r") if file.exists() else np.empty((0, 0), dtype=np.float16)
    if len(held) < count:
        model = load()
        texts = islice(real(data), len(held), count)
        while some := list(islice(texts, AT_ONCE)):
            new = model.embed_passages([_first_words(text) for text in some]).astype(np.float16)
            held = np.concatenate([held.reshape(-1, model.dimensions), new])
            np.save(file, held)  # a copy: what is on the disk is no longer mapped
    return held[:count].astype(np.float32)


def _first_words(text: str) -> str:
    # A word of Spanish has a token and a half.
    return " ".join(text.split()[: TOKENS * 2 // 3])


class Mixed(Embedder):
    """The bundled model for questions; for passages, mixtures of vectors that are there."""

    name = identity = "mixed"

    def __init__(self, table: Floats) -> None:
        self._table = table
        self._model = load()
        self.dimensions = self._model.dimensions
        self.max_tokens = self._model.max_tokens
        self.query_prefix = self._model.query_prefix

    def encode(self, texts: Sequence[str]) -> Floats:
        """The model's vectors."""
        return self._model.encode(texts)

    def embed_passages(self, texts: Sequence[str]) -> Floats:
        """A vector by each text's hash."""
        digests = b"".join(hashlib.blake2b(t.encode(), digest_size=16).digest() for t in texts)
        numbers = np.frombuffer(digests, dtype=np.uint64).reshape(-1, 2)
        first = (numbers[:, 0] % np.uint64(len(self._table))).astype(np.int64)
        step = (numbers[:, 1] % np.uint64(NEIGHBOURS)).astype(np.int64) + 1
        other = (first + step) % len(self._table)
        share = MIXED * ((numbers[:, 1] >> np.uint64(32)) / 2**32)[:, None]
        draw = np.random.default_rng(int(numbers[0, 0]))
        noise = NOISE * draw.standard_normal((len(texts), self.dimensions), dtype=np.float32)
        mixed = (1 - share) * self._table[first] + share * self._table[other] + noise
        return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The model's own."""
        return self._model.count_tokens(texts)
