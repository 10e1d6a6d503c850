"""Quotes of several passages beside each other: copies merged, contradictions brought to light.

Two quotes contradict each other when the question asks for a date, a number or a name, and the
words marked in both are of that kind but have nothing in common. Whatever else differs may only be
said in other words.
"""

import re
from collections.abc import Sequence
from itertools import combinations

from index.text.folding import fold
from index.text.months import MONTH_NUMBERS
from qa.readers import Quote
from qa.readers.evidence import NUMBERS, Kind, kind_asked
from qa.settings import SETTINGS

__all__ = ["arrange", "differ"]

WORD = re.compile(r"\w+")
SCALES = {word for word, value in NUMBERS.items() if value >= 1000}  # mil, millones, million
GROUPED = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")  # as in 12.500 or 12,500
DECIMAL = re.compile(r"(?<=\d),(?=\d)")
NAME = re.compile(r"\b[A-ZÁÉÍÓÚÑÜ]\w+")


def arrange(
    question: str,
    quotes: Sequence[Quote],
    copied_words: float = SETTINGS.answers.copied_words,
) -> tuple[tuple[Quote, ...], bool]:
    """The quotes, best first, without copies; and whether two of them contradict each other.

    Where they do, the newest document comes first, and those without a date last.
    """
    kept: list[Quote] = []
    for quote in quotes:
        if not any(_shared_words(quote, other) >= copied_words for other in kept):
            kept.append(quote)
    kind = kind_asked(question)
    disagree = kind is not None and any(_contradict(kind, *pair) for pair in combinations(kept, 2))
    if disagree:
        kept.sort(key=lambda quote: quote.hit.citation.date or "", reverse=True)
    return tuple(kept), disagree


def differ(kind: Kind, one: str, other: str) -> bool:
    """Whether two answers of a kind have nothing in common: other numbers, another year or name."""
    pairs = zip(_parts(kind, one), _parts(kind, other), strict=True)
    return any(mine and theirs and mine.isdisjoint(theirs) for mine, theirs in pairs)


def _parts(kind: Kind, text: str) -> tuple[set[str], ...]:
    """What of an answer is compared: year, month and day of a date; the numbers; the names."""
    if kind is Kind.NAME:
        return ({fold(word) for word in NAME.findall(text)},)
    words = re.findall(r"\d+(?:\.\d+)?|[^\W\d_]+", DECIMAL.sub(".", GROUPED.sub("", text.lower())))
    numbers = _numbers(words)
    if kind is Kind.NUMBER:
        return (numbers,)
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
        value = float(NUMBERS.get(word, word)) if word[0].isdigit() or word in NUMBERS else None
        if value is not None and follows and word in SCALES:
            values[-1] *= value
        elif value is not None:
            values.append(value)
        follows = value is not None
    return {str(int(value)) if value.is_integer() else str(value) for value in values}


def _contradict(kind: Kind, one: Quote, other: Quote) -> bool:
    if one.highlight is None or other.highlight is None:
        return False
    if one.hit.document_id == other.hit.document_id:
        return False
    return differ(kind, _words(one, *one.highlight), _words(other, *other.highlight))


def _shared_words(one: Quote, other: Quote) -> float:
    """The share, 0 to 1, of all words of two quotes that both have."""
    mine, theirs = ({*WORD.findall(fold(_words(q, q.start, q.end)))} for q in (one, other))
    return len(mine & theirs) / max(1, len(mine | theirs))


def _words(quote: Quote, start: int, end: int) -> str:
    passage = quote.hit.passage
    return passage.text[start - passage.start : end - passage.start]
