"""A text made ready to be compared: its words with their stems, its values, names and sentences."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.text.analysis import STEMMERS, analyse
from index.text.language import detect
from index.text.stopwords import STOPWORDS
from index.types import Passage
from qa.asked.values import Value, folded, values
from qa.readers.units import quotable
from qa.types import Hit
from qa.writing.checking.names import Name, names_of
from qa.writing.checking.verdicts import Span

__all__ = ["Source", "Token", "sentence_source", "source_of"]

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text; ``stem`` is empty for a word that carries no meaning."""

    plain: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """A text with what is compared of it. ``around`` says what it belongs to, as its title.

    Offsets are in ``text``. ``values`` and ``names`` are in order.
    """

    text: str
    around: str
    language: str
    tokens: tuple[Token, ...]
    sentences: tuple[Span, ...]
    values: tuple[Value, ...]
    names: tuple[Name, ...]

    @property
    def whole(self) -> str:
        """The text and what is around it."""
        return f"{self.text}\n{self.around}"

    def words_in(self, start: int, end: int) -> list[Token]:
        """The tokens of a stretch."""
        return [token for token in self.tokens if start <= token.start and token.end <= end]

    def sentence_at(self, offset: int) -> Span:
        """The sentence that holds an offset."""
        held = (span for span in self.sentences if span[0] <= offset < span[1])
        return next(held, (0, len(self.text)))


def source_of(found: Passage | Hit) -> Source:
    """A passage, or that of a hit with what is known of its document."""
    if isinstance(found, Hit):
        cited = found.citation
        title = re.split(r"[/\\]", cited.source or "")[-1].replace("_", " ")
        above = (cited.title or "", title, cited.date or "", cited.document_id)
        return _prepared(found.passage, "\n".join(above))
    return _prepared(found, "")


@lru_cache(maxsize=256)
def _prepared(passage: Passage, above: str) -> Source:
    around = "\n".join(part for part in (passage.context, passage.header, above) if part)
    return _made(passage.text, around, passage.language, quotable(passage))


def sentence_source(sentence: str, others: Sequence[Source]) -> Source:
    """A sentence that was written; its language is seen in it, else that of the passages."""
    language = detect(sentence) or (others[0].language if others else None)
    return _made(sentence, "", language, [(0, len(sentence))])


def _made(text: str, around: str, language: str | None, sentences: Sequence[Span]) -> Source:
    known = language if language in STEMMERS else "es"
    tokens = tuple(_tokens(text, known or "es"))
    found = values(text, known)
    return Source(
        text, around, known or "es", tokens, tuple(sentences), tuple(found), tuple(names_of(text))
    )


def _tokens(text: str, language: str) -> list[Token]:
    plain = folded(text)
    return [
        Token(match[0], _stem(match[0], language), match.start(), match.end())
        for match in _WORD.finditer(plain)
    ]


@lru_cache(maxsize=1 << 14)
def _stem(word: str, language: str) -> str:
    if word in STOPWORDS[language]:
        return ""
    return next(iter(analyse(word, language)), "")
