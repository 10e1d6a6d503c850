"""What readers measure besides their own reading: how unusual a likeness is, and shared words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.index import Index
from index.text.analysis import analyse
from index.text.language import detect
from qa.readers.background import BACKGROUND
from qa.readers.evidence import covered, without_kind
from qa.types import Hit

__all__ = ["Signals"]


class Signals:
    """Measures of a question against passages of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._background: dict[tuple[str, str], NDArray[np.float32]] = {}

    def usual_likeness(self, question: str, language: str | None) -> float:
        """The mean cosine of the question with sentences about anything, in that language."""
        language = language if language in BACKGROUND else "es"
        model = self._index.model  # another one where another index has taken the path
        key = model.identity, language
        if key not in self._background:
            self._background[key] = model.embed_passages(BACKGROUND[language])
        return float((self._background[key] @ self._index.embed_question(question)).mean())

    def likeness(self, question: str, hit: Hit) -> float:
        """The cosine of question and passage, also where the search went by words alone."""
        if hit.dense is not None:
            return hit.dense
        (passage,) = self._index.model.embed_passages([hit.passage.indexed_text])
        return float(passage @ self._index.embed_question(question))

    def weights(self, question: str, language: str | None) -> dict[str, float]:
        """The question's words, as they are indexed in a language, with their idf."""
        return self._index.idf(set(analyse(question, language)), language)

    def covered(self, question: str, hits: Sequence[Hit], across: float) -> float:
        """The share, 0 to 1, of the question's words that these passages hold together.

        Across languages only names and numbers can be shared, and ``across`` is the least share.
        """
        language = hits[0].passage.language
        held = [word for hit in hits for word in analyse(hit.passage.indexed_text, language)]
        share = covered(self.weights(without_kind(question), language), held)
        same = detect(question) in {None, language}
        return share if same else across + (1 - across) * share
