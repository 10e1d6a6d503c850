"""How far words of the documents are about what a question asks."""

import re
from collections.abc import Iterable
from functools import cache

from index.errors import DocumentNotFoundError
from index.index import Index
from index.query import Query
from index.text.analysis import STEMMERS, analyse
from index.types import Passage
from qa.readers.evidence import covered
from qa.settings import AnswerSettings
from qa.types import Hit

__all__ = ["Matcher"]

# Words that ask for something and say nothing of what it is.
_ASKING = """
    cuales son fueron lista listado enumera enumere enumerar menciona mencione mencionar nombra
    nombrar dime dame indica indique hay existe existen tiene tienen tener debe deben debo debemos
    deberan necesita necesitan necesito necesario necesarios requiere requieren requerido piden pide
    pedir haber exige exigen incluye incluyen comprende contiene establece señala dice dicen decir
    hacer hacen hace puede pueden puedo siguiente siguientes total todos todas cada cuantos cuantas
    ir van llevar aparece aparecen figuran cual
    list enumerate name give tell what which are were there have has had need needs needed require
    required requires must should may can do does say says state mention mentioned include includes
    included following all total every many get how
"""
_LEAST = 0.5  # of a word that nearly all passages hold


class Matcher:
    """Compares one question with words of an index."""

    def __init__(self, index: Index, query: Query, settings: AnswerSettings) -> None:
        self.index = index
        self.query = query
        self.settings = settings
        self._weights: dict[tuple[str, str], dict[str, float]] = {}
        self._passages: dict[str, list[Passage]] = {}

    def same_language(self, language: str | None) -> bool:
        """Whether question and text can share words."""
        return self.query.language in {None, language}

    def weights(self, asked: str, language: str | None) -> dict[str, float]:
        """The words of a question, or of a part of it, that tell something, with their idf."""
        language = language if language in STEMMERS else "es"
        key = asked, language
        if key not in self._weights:
            words = set(analyse(asked, language)) - _asking(language)
            idf = self.index.idf(words, language)
            self._weights[key] = {word: max(_LEAST, weight) for word, weight in idf.items()}
        return self._weights[key]

    def share(self, asked: str, language: str | None, *texts: str) -> float:
        """The share, 0 to 1, of a question's words by their weight that these texts hold."""
        return covered(self.weights(asked, language), self.stems(language, *texts))

    def passages(self, document_id: str) -> list[Passage]:
        """The passages of a document; none where it was removed since it was found."""
        if document_id not in self._passages:
            try:
                self._passages[document_id] = self.index.passages_of(document_id)
            except DocumentNotFoundError:
                self._passages[document_id] = []
        return self._passages[document_id]

    @staticmethod
    def stems(language: str | None, *texts: str) -> set[str]:
        """The words of texts, as they are indexed."""
        return set(analyse("\n".join(texts), language))

    @staticmethod
    def above(hit: Hit) -> Iterable[str]:
        """What a passage stands under: its title, its file and its context."""
        name = re.split(r"[/\\]", hit.citation.source or "")[-1]
        return hit.citation.title or "", name.replace("_", " "), hit.passage.context


@cache
def _asking(language: str) -> frozenset[str]:
    return frozenset(analyse(_ASKING, language))
