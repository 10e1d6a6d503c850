"""A text made ready to be compared: its words with their stems, its values, names and sentences."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from index.text.analysis import STEMMERS, analyse
from index.text.language import detect
from index.text.stopwords import STOPWORDS
from index.types import Passage
from qa.asked.values import Value, folded, values
from qa.readers.units import quotable
from qa.types import Hit
from qa.writing.checking.names import Name, names_of
from qa.writing.checking.verdicts import Span

__all__ = ["Source", "Token", "sentence_source", "source_of", "stem_of"]

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_SAYING = (
    r"(?:document|text|passage|source|article|excerpt|report|documento|texto|pasaje|fuente|"
    r"artículo|fragmento|informe)\w*"
)
_LEAD = re.compile(
    rf"\s*(?:(?:según|de acuerdo con|conforme a|according to|as stated in|based on|"
    rf"in)\s(?:el|la|los|las|the)\s{_SAYING}"
    rf"(?:\s(?:proporcionad\w+|citad\w+|provided|cited))?,\s(?:que\s)?|"
    rf"(?:el|la|los|las|the)\s{_SAYING}\s(?:dicen?|indican?|señalan?|afirman?|mencionan?|"
    rf"establecen?|says?|states?|"
    rf"indicates?|mentions?|notes?)\s(?:que|that)\s|se (?:indica|dice|señala|menciona|"
    rf"afirma) que\s)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text; ``stem`` is empty for a word that carries no meaning."""

    plain: str
    stem: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """What words are compared by: the stem, or the word."""
        return self.stem or self.plain


@dataclass(frozen=True, eq=False)  # hashed by identity: it is a key of caches
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

    @cached_property
    def content(self) -> tuple[Token, ...]:
        """The tokens that carry a meaning."""
        return tuple(token for token in self.tokens if token.stem)

    @cached_property
    def starts(self) -> list[int]:
        """Where those begin."""
        return [token.start for token in self.content]

    @cached_property
    def ranks(self) -> dict[str, list[int]]:
        """Of each stem, its numbers among the tokens that carry a meaning."""
        found: dict[str, list[int]] = {}
        for number, token in enumerate(self.content):
            found.setdefault(token.stem, []).append(number)
        return found

    @cached_property
    def around_words(self) -> frozenset[str]:
        """The words of what it belongs to."""
        return frozenset(_WORD.findall(folded(self.around)))

    def words_in(self, start: int, end: int) -> list[Token]:
        """The tokens of a stretch."""
        first = bisect_left(self.tokens, start, key=lambda token: token.start)
        last = bisect_left(self.tokens, end, key=lambda token: token.start)
        return list(self.tokens[first:last])

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


def sentence_source(
    sentence: str, others: Sequence[Source], count_pieces: Callable[[str], int] | None = None
) -> Source:
    """A sentence that was written; its language is seen in it, else that of the passages.

    What only says that a document says it is blanked. ``count_pieces`` counts those of a word in
    the reading model, which tell whether a first word is a name.
    """
    language = detect(sentence) or (others[0].language if others else None)
    lead = _LEAD.match(sentence)
    text = sentence if lead is None else " " * lead.end() + sentence[lead.end() :]
    made = _made(text, "", language, [(0, len(sentence))])
    first = next((token for token in made.tokens), None)
    if first is None or any(name.start <= first.start < name.end for name in made.names):
        return made
    word = text[first.start : first.end]
    if first.stem and word[0].isupper() and _is_name(word, others, count_pieces):
        own = Name(word, first.start, first.end, (first.plain,))
        return replace(made, names=(own, *made.names))
    return made


def _is_name(
    word: str, others: Sequence[Source], count_pieces: Callable[[str], int] | None
) -> bool:
    """Whether a word that begins a sentence, and so has a capital, is a name all the same."""
    texts = [other.whole for other in others]
    if any(re.search(rf"(?<![^\W_]){word.lower()}(?![^\W_])", text) for text in texts):
        return False
    if any(re.search(rf"[^\W_][,;]? {word}(?![^\W_])", text) for text in texts):
        return True
    return count_pieces is not None and count_pieces(word) < count_pieces(word.lower())


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
        Token(match[0], stem_of(match[0], language), match.start(), match.end())
        for match in _WORD.finditer(plain)
    ]


@lru_cache(maxsize=1 << 14)
def stem_of(word: str, language: str) -> str:
    """The stem of a folded word; empty for one that carries no meaning."""
    if word in STOPWORDS[language]:
        return ""
    return next(iter(analyse(word, language)), "")
