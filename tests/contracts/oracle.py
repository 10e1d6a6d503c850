"""What every catalog and engine must find: documents, questions, and exact search of them.

The search compares every passage: cosines in NumPy, and BM25 by its formula.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import Document, Index
from index.embedders import Embedder
from index.query import Query
from index.text.analysis import STEMMERS, analyse

__all__ = ["COPY", "Exact", "Summed", "documents", "questions"]

DOCUMENTS, PARAGRAPHS = 240, 9
COPY = "Este aviso se repite en muchos documentos, y cuenta una sola vez."
K1, B = 1.2, 0.75
# Syllables that make words in which each stemmer leaves most as they are.
_STARTS = ("ba", "ce", "di", "fo", "gu", "lla", "mo", "que", "ri", "tu")
_ES = [start + end for start in _STARTS for end in "lnrz"]
_EN = [a + b for a in ("th", "wh", "sh", "kn", "cl", "br") for b in ("ack", "imp", "oak", "unt")]


class Summed(Embedder):
    """The sum of a vector for each word of a text: texts with like words are near."""

    name = identity = "summed@1"
    dimensions = 48
    max_tokens = 200

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors."""
        sums = np.stack([sum(map(_vector, text.lower().split()), _vector("")) for text in texts])
        unit: NDArray[np.float32] = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return unit.astype(np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words are its tokens."""
        return [len(text.split()) for text in texts]


def _vector(word: str) -> NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).normal(size=Summed.dimensions)


def documents() -> Iterator[Document]:
    """Documents in both languages, with paragraphs of very different lengths, some of them equal.

    Their metadata are ``year`` and ``kind``.
    """
    random = np.random.default_rng(7)
    for number in range(DOCUMENTS):
        language = "en" if number % 4 == 3 else "es"
        paragraphs = [_paragraph(random, language) for _ in range(PARAGRAPHS)]
        if number % 10 == 0:
            paragraphs = [COPY]
        yield Document(
            f"doc-{number:03}",
            "\n\n".join(paragraphs),
            title=f"Documento {number}",
            language=language,
            metadata={"year": 1990 + number % 30, "kind": "ley" if number % 3 else "acta"},
        )


def _paragraph(random: np.random.Generator, language: str) -> str:
    words = int(np.clip(random.lognormal(3.2, 0.7), 6, 110))
    return f"{' '.join(_word(random, language) for _ in range(words)).capitalize()}."


def _word(random: np.random.Generator, language: str) -> str:
    parts = _ES if language == "es" else _EN
    number = min(int(random.zipf(1.15)), 50_000)
    word = ""
    while number or not word:
        number, digit = divmod(number, len(parts))
        word += parts[digit]
    return word + ("o" if language == "es" else "")


def questions() -> list[str]:
    """Some words of a paragraph each."""
    random = np.random.default_rng(8)
    texts = [text for one in documents() for text in one.text.split("\n\n") if text != COPY]
    asked = []
    for text in random.permutation(np.array(texts))[:60].tolist():
        words = text.rstrip(".").lower().split()
        asked.append(" ".join(random.permutation(words)[: random.integers(2, 7)]))
    return asked


@dataclass(frozen=True, slots=True)
class _Passage:
    id: int
    document: str
    language: str
    words: Counter[str]
    vector: NDArray[np.float32]


class Exact:
    """Exact search of the passages that an index has now."""

    def __init__(self, index: Index, embedder: Embedder) -> None:
        catalog = index.catalog
        numbers = catalog.ids()
        ids = catalog.passage_ids().tolist()
        self.embedder = embedder
        self.passages = []
        for id, number, language, text in catalog.indexed_texts(ids):
            known = language if language in STEMMERS else "es"
            vector = embedder.embed_passages([text])[0].astype(np.float16).astype(np.float32)
            words = Counter(analyse(text, known))
            self.passages.append(_Passage(id, numbers[number], known, words, vector))

    def cosines(self, question: str, among: Callable[[str], bool] = bool) -> dict[int, float]:
        """By passage, of the documents that pass, its cosine to a question."""
        vector = self.embedder.embed_queries([question])[0]
        return {one.id: float(one.vector @ vector) for one in self.passages if among(one.document)}

    def bm25(self, question: str, among: Callable[[str], bool] = bool) -> dict[int, float]:
        """The same of BM25, where it is above 0. The statistics are those of all passages."""
        query, total = Query(question), len(self.passages)
        scores: dict[int, float] = {}
        for language in STEMMERS:
            of = [one for one in self.passages if one.language == language]
            average = sum(one.words.total() for one in of) / total
            for word in set(query.stems(language)):
                idf = self.idf(word, language)
                for one in of:
                    if (times := one.words[word]) and among(one.document):
                        length = one.words.total() / average
                        side = times * (K1 + 1) / (times + K1 * (1 - B + B * length))
                        scores[one.id] = scores.get(one.id, 0) + idf * side
        return scores

    def frequency(self, word: str, language: str) -> int:
        """How many passages of a language hold a word."""
        return sum(one.language == language and word in one.words for one in self.passages)

    def idf(self, word: str, language: str) -> float:
        """BM25's inverse document frequency."""
        held = self.frequency(word, language)
        return math.log(1 + (len(self.passages) - held + 0.5) / (held + 0.5))
