"""Answers that are a whole statement: a definition, what is said about a subject, an article."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.text.folding import fold
from index.text.marks import ARTICLE, ORDINAL, item_mark
from index.text.numbers import asked_parts, number_words
from index.types import BlockRole
from qa.answering.lists import lists_of
from qa.answering.matching import Matcher
from qa.answering.neighbours import whole_list_hit
from qa.answering.whole_lists import quote_of
from qa.questions.kinds import Asked
from qa.readers import Quote, Reading
from qa.readers.units import quotable
from qa.types import Hit

__all__ = ["article", "defined", "said_about"]

Span = tuple[int, int]

_ALL = 0.99  # share of the question's words, for "all of them"
_ARTICLE = r"(?:(?:el|la|los|las|un|una|the|an?)\s+)?"
_IS_A = (
    r"(?:es|son|is|are|fue|era)\s+(?:(?:tambien|also|simplemente)\s+)?(?=(?:un|una|unos|unas|el|la|los|"
    r"las|lo|aquel|aquella|aquellos|aquellas|todo|toda|todos|todas|cualquier|cada|an?|the|any|every|"
    r"one|those|all)\b)"
)
_MEANS = (
    r"(?:significan?|quieren?\s+decir|se\s+entiende\w*(?:\s+(?:por|como))?|se\s+entenderan?(?:\s+como)?|"
    r"se\s+refieren?\s+a|consisten?\s+en|se\s+define\w*\s+como|designan?|comprenden?|means?|shall\s+mean|"
    r"refers?\s+to|denotes?|stands?\s+for|consists?\s+of|is\s+defined\s+as)\s*:?\s*"
)
_NAMES = (
    r"(?:se\s+entiende\w*|se\s+entendera|entiendase|se\s+considera\w*|se\s+define|se\s+llama\w*|"
    r"se\s+denomina\w*|se\s+conoce|by|the\s+term|por|el\s+termino|la\s+expresion)"
)
_CALLED = (
    r",?\s+(?:se\s+(?:le\s+|les\s+)?(?:llama\w*|denomina\w*|conoce\w*)(?:\s+(?:como|a\s+esto))?|"
    r"(?:is|are)\s+(?:called|known\s+as|referred\s+to\s+as))\s+"
)
_QUOTES = "[\"“”«»'*_]*"
_OPENING = r"(?:(?:para|for|en|in|a|as)\s[^:;\"“”«»]{0,90}?,?\s+)?"
_NUMBERED = re.compile(
    rf"\b(?:{ORDINAL}|articulo|article|art|clausula|clause|seccion|section|transitorio|regla|rule|base|"
    r"lineamiento|\w*\d\w*|[ivxlc]+)\b",
    re.IGNORECASE,
)
_ANY = re.compile(r"\b(?:documentos?|textos?|archivos?|ficheros?|documents?|text|files?|it|they)\b")
_WHERE = re.compile(
    r",|\b(?:segun|de acuerdo con|conforme a|para efectos|en (?:el|la|este|esta)|according to|"
    r"under the|for the purposes|in (?:the|this))\b"
)
_MOST = 3  # statements about one subject
_ROOM = 600  # characters of them together


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, row or item; offsets in the document. ``rank`` is its hit's place, from 0."""

    hit: Hit
    start: int
    end: int
    rank: int

    @property
    def words(self) -> str:
        start = self.hit.passage.start
        return self.hit.passage.text[self.start - start : self.end - start]

    def quote(self, highlight: Span | None = None) -> Quote:
        """The unit quoted, marked whole without its list mark, or as is said."""
        if highlight is None:
            mark = item_mark(self.words, 0, len(self.words))
            highlight = self.start + (mark.end if mark else 0), self.end
        return Quote(self.hit, self.start, self.end, self.hit.score, highlight)


def _units(hits: Sequence[Hit]) -> Iterator[_Unit]:
    for rank, hit in enumerate(hits):
        for start, end in quotable(hit.passage):
            yield _Unit(hit, hit.passage.start + start, hit.passage.start + end, rank)


# Definitions


def defined(asked: Asked, matcher: Matcher, hits: Sequence[Hit], reading: Reading) -> Reading:
    """The sentence that defines a term, marked from its first word to its last."""
    found = [
        (number, unit.rank, unit, span)
        for patterns in _terms(asked.subject)
        for unit in _units(hits)
        for number, span in [_definition(patterns, unit)]
        if span
    ]
    if not found:
        return reading
    _, _, unit, span = min(found, key=lambda one: one[:2])
    quote = unit.quote(span)
    if unit.words.endswith(":"):
        quote = _with_list(unit, matcher) or quote
    confidence = max(reading.confidence, matcher.settings.whole_confidence)
    return Reading((quote,), confidence)


def _terms(subject: str) -> Iterator[tuple[re.Pattern[str], ...]]:
    """The patterns of a term, and of what is left of it without where it is said to stand."""
    yield _defining(subject)
    shorter = _WHERE.split(subject, maxsplit=1)[0]
    if shorter != subject:
        yield _defining(shorter)


def _defining(term: str) -> tuple[re.Pattern[str], ...]:
    """Patterns, the surest first, on a sentence without accents, from its first letter on."""
    words = [_inflected(word) for word in re.findall(r"\w+", term)]
    if not words:
        return ()
    named = rf"{_QUOTES}{_ARTICLE}{_QUOTES}" + r"[\s-]+".join(words) + _QUOTES
    aside = r"(?:\s*\([^)]{0,60}\)|\s*,[^,:;]{0,60},)?"
    says = rf"(?:(?:{_MEANS}|is meant|we mean|{_IS_A}|al?\s)\s*)?[,:]?\s*"
    forms = (
        rf"{_OPENING}{_NAMES}\s+(?:por\s+|como\s+|a\s+)?{named}{aside}\s*{says}(?P<said>\S.*)",
        rf"{_OPENING}{named}{aside}\s*,?\s*(?:{_MEANS}|{_IS_A})(?P<said>\S.*)",
        rf"{_OPENING}{named}{aside}\s*(?::|=|\s[–—-]|\.\s?[–—-])\s*(?P<said>\S.*)",
        rf"(?P<said>\S.*?){_CALLED}{named}\W*",
    )
    return tuple(re.compile(form, re.DOTALL) for form in forms)


def _inflected(word: str) -> str:
    """A word in one or several: residuo, residuos."""
    bare = re.sub(r"(?<=\w{3})(?:es|s)$", "", word)
    return rf"{re.escape(bare)}(?:es|s|e)?" if len(word) > 3 else re.escape(word)


def _definition(patterns: Sequence[re.Pattern[str]], unit: _Unit) -> tuple[int, Span | None]:
    words = unit.words
    mark = item_mark(words, 0, len(words))
    at = mark.end if mark else 0
    plain = fold(words)
    if len(plain) != len(words):
        return 0, None
    for number, pattern in enumerate(patterns):
        match = pattern.match(plain, at)
        if match and len(match["said"].split()) > 1:
            start, end = match.span("said")
            end = start + len(words[start:end].rstrip(" .;"))
            return number, (unit.start + start, unit.start + end)
    return 0, None


def _with_list(unit: _Unit, matcher: Matcher) -> Quote | None:
    """The list that a sentence with a colon introduces."""
    grown = whole_list_hit(unit.hit, matcher)
    for one in lists_of(grown.passage):
        if one.introduction and one.introduction[0] < unit.end <= one.items[0][0]:
            return quote_of(grown, one)[0]
    return None


# What is said about a subject


def said_about(asked: Asked, matcher: Matcher, hits: Sequence[Hit], reading: Reading) -> Reading:
    """The statements, whole, that hold every word of the subject; else the reading as it is."""
    units = [_stating(unit) for unit in _units(hits)]
    about = [unit for unit in units if unit and _holds(asked.subject, matcher, unit)]
    about = [unit for unit in about if _is_by(asked.source, matcher, unit)] or about
    if not about:
        return _whole_sentences(reading)
    by = [unit for unit in about if _is_by(asked.source, matcher, unit)]
    best = reading.quotes[0] if reading.quotes else None
    first = next((unit for unit in about if best and _meets(unit, best)), about[0])
    near = [
        unit
        for unit in about
        if unit is not first and unit.hit.document_id == first.hit.document_id
    ]
    quotes = [_with_colon(first, matcher)]
    room = _ROOM - (quotes[0].end - quotes[0].start)
    for unit in near:
        room -= unit.end - unit.start
        apart = all(unit.end <= quote.start or unit.start >= quote.end for quote in quotes)
        if len(quotes) < _MOST and room >= 0 and apart:
            quotes.append(unit.quote())
    # Of several documents any may be meant: how sure that is the reader says.
    alone = len({unit.hit.document_id for unit in by}) == 1
    least = matcher.settings.whole_confidence if first in by and alone else 0.0
    return replace(reading, quotes=tuple(quotes), confidence=max(least, reading.confidence))


def _stating(unit: _Unit) -> _Unit | None:
    """A unit that says something; a heading goes with the sentence below it."""
    passage = unit.hit.passage
    heading = next(
        (
            b
            for b in passage.blocks
            if b.role is BlockRole.HEADING and b.start <= unit.start < b.end
        ),
        None,
    )
    if heading is None:
        return None if unit.words.rstrip('"»”)').endswith("?") else unit
    for start, end in quotable(passage):
        if passage.start + start >= heading.end:
            return replace(unit, end=passage.start + end)
    return None


def _holds(subject: str, matcher: Matcher, unit: _Unit) -> bool:
    language = unit.hit.passage.language
    if not matcher.weights(subject, language):
        return False
    return matcher.share(subject, language, unit.words) >= _ALL


def _is_by(source: str, matcher: Matcher, unit: _Unit) -> bool:
    """Whether a unit's document is the one whose words are asked for, as far as its names show."""
    hit = unit.hit
    language = hit.passage.language
    source = _ANY.sub(" ", source)
    named = (*matcher.above(hit), hit.passage.text, hit.document_id.replace("_", " "))
    everyone = not matcher.weights(source, language)
    return everyone or matcher.share(source, language, *named) >= _ALL


def _meets(unit: _Unit, quote: Quote) -> bool:
    same = unit.hit.document_id == quote.hit.document_id
    return same and unit.start < quote.end and quote.start < unit.end


def _with_colon(unit: _Unit, matcher: Matcher) -> Quote:
    return (_with_list(unit, matcher) if unit.words.endswith(":") else None) or unit.quote()


def _whole_sentences(reading: Reading) -> Reading:
    """The reading, its best quote marked whole: a fragment says nothing about a subject."""
    if not reading.quotes or reading.quotes[0].highlight is None:
        return reading
    first, *others = reading.quotes
    return replace(reading, quotes=(replace(first, highlight=(first.start, first.end)), *others))


# What an article says


def article(asked: Asked, matcher: Matcher, hits: Sequence[Hit], reading: Reading) -> Reading:
    """The article, clause or numbered paragraph that is asked for, up to the next one."""
    parts = set(asked_parts(asked.source))
    rest = _NUMBERED.sub(" ", asked.source)
    quotes = list(_articles(parts, _by_rest(rest, matcher, hits)))
    if not quotes:
        return _whole_sentences(reading)
    # Of several laws any may be meant: how sure that is the reader says.
    alone = len({quote.hit.document_id for quote in quotes}) == 1
    least = matcher.settings.whole_confidence if alone else 0.0
    return Reading((quotes[0],), max(reading.confidence, least))


def _articles(parts: set[str], hits: Sequence[Hit]) -> Iterator[Quote]:
    """The paragraphs of the hits that begin with one of the articles, up to the next one."""
    for hit in hits:
        passage = hit.passage
        starts = [passage.start, *passage.paragraph_breaks]
        begun = [at for at in starts if _begins(passage.text, at - passage.start)]
        for start, after in pairwise([*begun, passage.end]):
            words = passage.text[start - passage.start : after - passage.start].rstrip()
            if not parts & set(number_words(words.split("\n", 1)[0])):
                continue
            match = ARTICLE.match(words)
            said = start + (match.end() if match else 0)
            said += len(words[said - start :]) - len(words[said - start :].lstrip())
            yield Quote(hit, start, start + len(words), hit.score, (said, start + len(words)))


def _begins(text: str, at: int) -> bool:
    return ARTICLE.match(text, at) is not None


def _by_rest(rest: str, matcher: Matcher, hits: Sequence[Hit]) -> Sequence[Hit]:
    """The hits whose document has all other words of the question: "del reglamento"."""

    units = ((hit, _Unit(hit, hit.passage.start, hit.passage.end, 0)) for hit in hits)
    return [hit for hit, unit in units if _is_by(rest, matcher, unit)]
