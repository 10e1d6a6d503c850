"""What readers measure besides their own reading: how unusual a similarity is, and shared words."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.index import Index
from index.query import Query
from index.text.analysis import STEMMERS, analyse
from qa.readers.background import BACKGROUND
from qa.readers.cell_words import asked_words, cell_words, likeness
from qa.readers.evidence import covered, kind_words
from qa.types import Hit

__all__ = ["Signals"]


class Signals:
    """Features of a question against passages of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._background: dict[tuple[str, str], NDArray[np.float32]] = {}

    def similarities(self, query: Query, texts: Sequence[str]) -> NDArray[np.float32]:
        """The cosines of the question with some texts, float32 [texts]."""
        model = self._index.model  # another one where another index has taken the path
        cosines: NDArray[np.float32] = model.embed_passages(texts) @ query.vector(model)
        return cosines

    def usual_similarity(self, query: Query, language: str | None) -> float:
        """The mean cosine of the question with sentences about anything, in that language."""
        language = language if language in BACKGROUND else "es"
        model = self._index.model
        key = model.identity, language
        if key not in self._background:
            self._background[key] = model.embed_passages(BACKGROUND[language])
        return float((self._background[key] @ query.vector(model)).mean())

    def similarity(self, query: Query, hit: Hit) -> float:
        """The cosine of question and passage, also where the search went by words alone."""
        if hit.dense is not None:
            return hit.dense
        return float(self.similarities(query, [hit.passage.indexed_text])[0])

    def weights(self, query: Query, language: str | None) -> dict[str, float]:
        """The question's words, as they are indexed in a language, with their idf."""
        language = language if language in STEMMERS else "es"
        return self._index.idf(set(query.stems(language)), language)

    def covered(self, query: Query, hits: Sequence[Hit], across: float) -> float:
        """The share, 0 to 1, of the question's words that these passages hold together.

        The words that only say what kind of thing is asked for, as "qué día", do not count. Across
        languages only names and numbers can be shared, and ``across`` is the least share.
        """
        language = hits[0].passage.language
        indexed = [word for hit in hits for word in analyse(hit.passage.indexed_text, language)]
        telling = Counter(query.stems(language if language in STEMMERS else "es"))
        for words in kind_words(query.text):
            telling.subtract(_stems(words, language))
        share = covered(
            self._index.idf([word for word in telling if telling[word] > 0], language), indexed
        )
        alike = query.language in {None, language}
        return share if alike else across + (1 - across) * share

    def unnamed(self, query: Query, hit: Hit, known: str) -> float:
        """The share, 0 to 1, of the question's names that a passage lacks; 0 without names.

        ``known`` is what else is known of its document.
        """
        passage = hit.passage
        asked = asked_words(
            query.text, self.weights(query, passage.language), passage.language or "es"
        )
        names = [word for word in asked if word.exact and word.text.isalpha()]
        said = cell_words(f"{known} {passage.indexed_text}")
        return sum(not likeness(name, said) for name in names) / max(1, len(names))


@lru_cache(maxsize=256)
def _stems(words: str, language: str | None) -> tuple[str, ...]:
    """The stems of the few words that ask for a kind of thing."""
    return tuple(analyse(words, language))
