"""A question to be searched for, with what is known of its words: each thing found out once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedders import Embedder, checked_vectors
from index.text.analysis import analyse
from index.text.language import detect
from index.text.numbers import asked_parts

__all__ = ["Query", "embed"]


class Query:
    """A question, made once and handed on from the search to the reader.

    ``topic`` is what a follow-up leaves out; it is searched before the question, as the context
    of a passage stands before its text. Nothing of it changes; language, stems and vector are found
    out when they are first asked for. Safe for threads.
    """

    __slots__ = ("_language", "_stems", "_vector", "question", "topic")

    def __init__(
        self, question: str, topic: str = "", *, language: tuple[str | None] | None = None
    ) -> None:
        """``language``: what is known already of the language, in a tuple; None to find out."""
        self.question = question
        self.topic = topic
        self._language = language
        self._stems: dict[str, tuple[str, ...]] = {}
        self._vector: tuple[str, NDArray[np.float32]] | None = None

    def __repr__(self) -> str:
        return f"Query({self.question!r}, {self.topic!r})"

    @property
    def text(self) -> str:
        """What is embedded and searched: the topic, if any, and the question."""
        return f"{self.topic}: {self.question}" if self.topic else self.question

    @property
    def language(self) -> str | None:
        """``"es"``, ``"en"``, or None where the words may be either."""
        if self._language is None:
            self._language = (detect(self.text),)
        return self._language[0]

    def stems(self, language: str) -> tuple[str, ...]:
        """The text's words as they are indexed in a language, ``"es"`` or ``"en"``."""
        if language not in self._stems:
            asked = " ".join(asked_parts(self.text))
            text = f"{self.text}\n{asked}" if asked else self.text
            self._stems[language] = tuple(analyse(text, language))
        return self._stems[language]

    def vector(self, model: Embedder) -> NDArray[np.float32]:
        """The text's unit vector, float32 [dimensions], by this model; it cannot be written to.

        Raises ModelError where the model gives none that can be used.
        """
        kept = self._vector
        if kept is None or kept[0] != model.identity:
            embed([self], model)
        return self._vector[1] if self._vector else self.vector(model)

    def reworded(self, question: str, topic: str | None = None) -> "Query":
        """The same in other words, and so in the same language."""
        topic = self.topic if topic is None else topic
        return Query(question, topic, language=(self.language,))


def embed(queries: Sequence[Query], model: Embedder) -> NDArray[np.float32]:
    """The vectors of all queries, float32 [queries, dimensions]; found out in one go.

    Raises ModelError where the model gives none that can be used.
    """
    new = [q for q in queries if q._vector is None or q._vector[0] != model.identity]
    if new:
        texts = model.embed_queries([query.text for query in new])
        for query, vector in zip(
            new, checked_vectors(model, texts, len(new), model.dimensions).copy(), strict=True
        ):
            vector.flags.writeable = False
            query._vector = model.identity, vector
    return np.stack([query.vector(model) for query in queries])
