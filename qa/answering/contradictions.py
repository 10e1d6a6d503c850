"""Quotes of several passages beside each other: copies merged, contradictions brought to light.

Two quotes contradict each other when the question asks for a date, a number or a name, and the
words marked in both are of that kind but have nothing in common. Where it asks which or what
("¿cuál es la multa?"), they do when almost the same is said with other figures. Whatever else
differs may only be said in other words.
"""

import re
from collections.abc import Sequence
from itertools import combinations

from index.text.folding import fold
from index.text.months import MONTH_NUMBERS
from qa.answering.versions import figures, likeness, version, years_of
from qa.readers import Quote
from qa.readers.evidence import NUMBERS, Kind, kind_asked
from qa.settings import SETTINGS

__all__ = ["arrange", "differ"]

WORD = re.compile(r"\w+")
SCALES = {word for word, value in NUMBERS.items() if value >= 1000}  # mil, millones, million
GROUPED = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")  # as in 12.500 or 12,500
DECIMAL = re.compile(r"(?<=\d),(?=\d)")
NAME = re.compile(r"\b[A-ZÁÉÍÓÚÑÜ]\w+")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
SAME_SENTENCE = 0.5  # share of words from which on two quotes say the same of one thing
# What asks for a value without saying of which kind.
WHICH = re.compile(
    r"(?<!\bpor )\b(?:cu[aá]l(?:es)?|qu[eé](?! significa)|what|which)\b|^\W*(?:dime|tell me)\b",
    re.IGNORECASE,
)
FORMER = re.compile(
    r"\b(?:anterior(?:es|mente)?|antes|antigu[oa]s?|abrogad[oa]|derogad[oa]|previous(?:ly)?|former(?:ly)?|"
    r"before|old|repealed)\b",
    re.IGNORECASE,
)


def arrange(
    question: str,
    quotes: Sequence[Quote],
    copied_words: float = SETTINGS.answers.copied_words,
) -> tuple[tuple[Quote, ...], bool]:
    """The quotes, best first, without copies; and whether two of them contradict each other.

    Where they do, the newest document comes first, and those without a date last; where the
    question asks for one version, that one alone is left of them, and contradicts nothing.
    """
    kind = kind_asked(question)
    kept: list[Quote] = []
    for quote in quotes:
        if not any(_is_copy(kind, quote, other, copied_words) for other in kept):
            kept.append(quote)
    apart = [pair for pair in combinations(kept, 2) if _contradict(kind, question, *pair)]
    if not apart:
        return tuple(kept), False
    at_odds = {id(quote) for pair in apart for quote in pair}
    told = [quote for quote in kept if id(quote) in at_odds]
    told.sort(key=lambda quote: version(quote.hit.citation), reverse=True)
    chosen = _version_asked(question, told)
    rest = [quote for quote in kept if id(quote) not in at_odds]
    return (*(chosen or told), *rest), not chosen


def _version_asked(question: str, told: Sequence[Quote]) -> list[Quote]:
    """Of quotes that contradict each other, the newest first, those of the version asked for.

    It is that of a year ("en 2019"), which the others do not speak of, or an earlier one.
    """
    years = set(YEAR.findall(question))
    if years:
        of_year = [quote for quote in told if years & years_of(quote.hit.citation)]
        others = [quote for quote in told if quote not in of_year]
        spoken_of = any(years & set(YEAR.findall(quote.hit.passage.text)) for quote in others)
        return of_year if others and not spoken_of else []
    newest = version(told[0].hit.citation)
    if newest and FORMER.search(question):
        return [quote for quote in told if version(quote.hit.citation) != newest]
    return []


def differ(kind: Kind, one: str, other: str) -> bool:
    """Whether two answers of a kind have nothing in common: other numbers, another year or name."""
    pairs = zip(_parts(kind, one), _parts(kind, other), strict=True)
    return any(mine and theirs and mine.isdisjoint(theirs) for mine, theirs in pairs)


def _parts(kind: Kind, text: str) -> tuple[set[str], ...]:
    """What of an answer is compared: year, month and day of a date; the numbers; the names."""
    if kind is Kind.NAME:
        return ({fold(word) for word in NAME.findall(text)},)
    if kind is Kind.NUMBER:
        return ({key for _, key in figures(text)},)
    words = re.findall(r"\d+(?:\.\d+)?|[^\W\d_]+", DECIMAL.sub(".", GROUPED.sub("", text.lower())))
    numbers = _numbers(words)
    years = {number for number in numbers if len(number) == 4}
    return (
        years,
        {str(MONTH_NUMBERS[word]) for word in words if word in MONTH_NUMBERS},
        numbers - years,
    )


def _numbers(words: Sequence[str]) -> set[str]:
    """The numbers among words; a number times what follows it: "45 millones" is one number."""
    values: list[float] = []
    follows = False
    for word in words:
        value = float(NUMBERS.get(word, word)) if word[0].isdecimal() or word in NUMBERS else None
        if value is not None and follows and word in SCALES:
            values[-1] *= value
        elif value is not None:
            values.append(value)
        follows = value is not None
    return {str(int(value)) if value.is_integer() else str(value) for value in values}


def _contradict(kind: Kind | None, question: str, one: Quote, other: Quote) -> bool:
    if one.highlight is None or other.highlight is None:
        return False
    if one.hit.document_id == other.hit.document_id:
        return False
    marked = _words(one, *one.highlight), _words(other, *other.highlight)
    if kind is not None:
        return differ(kind, *marked) or (kind is not Kind.NAME and _have_other_figures(one, other))
    return bool(WHICH.search(question)) and _have_other_figures(one, other)


def _have_other_figures(one: Quote, other: Quote) -> bool:
    """Whether two quotes say almost the same, and both have marked figures that the other lacks."""
    if likeness(*(_words(q, q.start, q.end) for q in (one, other))) < SAME_SENTENCE:
        return False
    mine, theirs = (figures(_words(q, *(q.highlight or (0, 0)))) for q in (one, other))
    return bool(mine - theirs) and bool(theirs - mine)


def _is_copy(kind: Kind | None, one: Quote, other: Quote, copied_words: float) -> bool:
    """Whether two quotes have almost the same words, the same figures and the same answer."""
    if _shared_words(one, other) < copied_words:
        return False
    if figures(_words(one, one.start, one.end)) != figures(_words(other, other.start, other.end)):
        return False
    marks = [_words(q, *q.highlight) for q in (one, other) if q.highlight]
    return kind is None or len(marks) < 2 or not differ(kind, marks[0], marks[1])


def _shared_words(one: Quote, other: Quote) -> float:
    """The share, 0 to 1, of all words of two quotes that both have."""
    mine, theirs = ({*WORD.findall(fold(_words(q, q.start, q.end)))} for q in (one, other))
    return len(mine & theirs) / max(1, len(mine | theirs))


def _words(quote: Quote, start: int, end: int) -> str:
    passage = quote.hit.passage
    return passage.text[start - passage.start : end - passage.start]
