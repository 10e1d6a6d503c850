"""What a question names by its number, and a passage does not have.

"¿Qué dice el artículo 14?" is not answered by article 13, and what happened in 2024 not by a
passage about 2023. A passage has an article that it begins with, stands under or speaks of, and a
value in whatever form.
"""

import re
from collections.abc import Iterable, Sequence

from index.text.numbers import numbered_parts
from index.types import Passage
from qa.asked.values import Value, ValueKind, folded, values

__all__ = ["lacks", "lacks_articles", "lacks_exactly"]

FEWEST_FIGURES = 3  # of a number that names something; a smaller one counts
_ARTICLE = re.compile(r"art(\d+)[a-z]*")
# "artículos 12 a 15", "arts. 3, 5 y 8"
_SEVERAL = re.compile(
    r"(?<!\w)(?:art[ií]culos|articles|arts?\.|cl[áa]usulas|clauses|puntos|reglas|rules|bases)\s+"
    r"(?P<numbers>\d{1,4}(?:[º°]|o\.)?(?:\s?(?:,|y|e|o|u|a|al|and|or|to|-|–)\s?"
    r"(?:el\s|los\s)?\d{1,4}(?:[º°]|o\.)?)+)",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:[$€£]|\b(?:eur|usd|mxn|ars|clp|cop))\s?$", re.IGNORECASE)
_MONEY_AFTER = re.compile(
    r"\s?(?:[$€£]|(?:de\s)?(?:pesos|d[óo]lares|euros|libras|soles|coronas|colones|quetzales|"
    r"dollars|pounds|crowns|eur|usd|mxn|m\.\s?n\.)(?!\w))",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)\D{0,3}\s?(?:al?|to|-|–)\s?(\d+)")


def lacks(question: str, language: str | None, passage: Passage, said: str = "") -> tuple[str, ...]:
    """What of a question's articles, years, dates and numbers a passage lacks, as it writes them.

    ``said``: what else is known of the passage's document, as its title and date.
    """
    asked = [value for value in values(question, language) if _names(value)]
    missing = _missing(question, asked, passage, said) if asked else []
    return tuple(question[value.start : value.end] for value in missing)


def lacks_exactly(
    question: str, language: str | None, passage: Passage, beside: Iterable[Passage] = ()
) -> bool:
    """Whether a passage does not have what a question names so exactly that nothing else is meant.

    That is one of the articles, clauses or points that it names by number, and each amount that it
    writes to the last figure. An amount may stand in passages ``beside`` it in the document.
    """
    if lacks_articles(question, passage):
        return True
    asked = [value for value in values(question, language) if _is_amount(value, question)]
    for other in (passage, *beside) if asked else ():
        asked = _missing(question, asked, other)
    return bool(asked)


def lacks_articles(question: str, passage: Passage) -> bool:
    """Whether a question names articles, clauses or points by number, and a passage has none."""
    asked = [part for part in numbered_parts(question) if _ARTICLE.fullmatch(part.word)]
    if not asked:
        return False
    held = {part.word for part in numbered_parts(passage.indexed_text)}
    return not any(part.word in held or _is_among(part.word, passage) for part in asked)


def _missing(
    question: str, asked: Sequence[Value], passage: Passage, said: str = ""
) -> list[Value]:
    """The values that a passage has in no form, nor in just these words."""
    texts = [text for text in (passage.indexed_text, passage.header, said) if text]
    held = [value for text in texts for value in values(text, passage.language)]
    plain = folded("\n".join(texts))
    return [
        value
        for value in asked
        if not any(value.is_in(other) or _is_amount_of(value, other) for other in held)
        and not _stands(folded(question[value.start : value.end]), value, plain)
        and not _has_part(value, passage)
    ]


def _stands(words: str, value: Value, plain: str) -> bool:
    """Whether an amount stands in a text to the letter, as in ``v3.2``."""
    if value.kind is not ValueKind.NUMBER:
        return False
    return bool(re.search(rf"(?<![\d.,]){re.escape(words)}(?![.,]?\d)", plain))


def _is_amount_of(value: Value, other: Value) -> bool:
    """Whether a number is that of a share: a table may have the sign in its header."""
    kinds = {ValueKind.NUMBER, ValueKind.SHARE}
    return {value.kind, other.kind} <= kinds and not value.keys.isdisjoint(other.keys)


def _is_amount(value: Value, question: str) -> bool:
    """Whether a number is a sum of money written to the last figure, or has decimals.

    Others may be those of laws and the like: "ley 26.459". One with a word in it may be rounded.
    """
    written = question[value.start : value.end]
    if value.kind is not ValueKind.NUMBER or any(map(str.isalpha, written)):
        return False
    if all("." in key for key in value.keys):
        return True
    before, after = question[: value.start], question[value.end :]
    return bool(_MONEY_BEFORE.search(before) or _MONEY_AFTER.match(after))


def _names(value: Value) -> bool:
    """Whether a value names something: a small number only counts."""
    if value.kind is not ValueKind.NUMBER:
        return value.kind in {ValueKind.DATE, ValueKind.PART}
    return all("." in key or len(key) >= FEWEST_FIGURES for key in value.keys)


def _has_part(value: Value, passage: Passage) -> bool:
    return value.kind is ValueKind.PART and any(_is_among(key, passage) for key in value.keys)


def _is_among(word: str, passage: Passage) -> bool:
    """Whether a passage has an article in a list, a range, or as a number that begins a line."""
    match = _ARTICLE.fullmatch(word)
    if match is None:
        return False
    number = int(match[1])
    plain = folded(passage.indexed_text)
    if re.search(rf"(?:^|\n|\t|\| ?){number}(?:\s?[.)º°]|\s?\t|\s?\|)", plain):
        return True
    for several in _SEVERAL.finditer(plain):
        numbers = several["numbers"]
        ranges = ((int(a), int(b)) for a, b in _RANGE.findall(numbers))
        if str(number) in re.findall(r"\d+", numbers) or any(a <= number <= b for a, b in ranges):
            return True
    return False
