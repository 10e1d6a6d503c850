"""Names, places and dates in questions and passages, told by capitals and the words before them."""

import re

from qa.types import Turn
from qa.wording import bare, plain, words

__all__ = ["MONTH", "NAMES", "YEAR", "as_cited", "dated", "in_place", "named", "with_capitals"]

# A sentence's first word is no part of the name after it.
_NO_NAME = (
    "En|De|Del|Al|Con|Por|Para|Según|Su|Sus|Y|Pero|Cuando|Desde|Durante|In|At|On|And|But|When|By|"
    "From|Of|For|His|Her|Its|Their|Qué|Quién|Cuándo|Cuál|Dónde|Cómo|What|Who|Where|Why|How|Which"
)
_NAME = r"[A-ZÁÉÍÓÚÑÜ][\wÁÉÍÓÚÑÜáéíóúñü.'’-]*"
NAMES = re.compile(
    rf"\b(?!(?:{_NO_NAME})\b){_NAME}"
    rf"(?:(?: (?:de|del|de la|de los|of|the|of the|y))? {_NAME})*"
)
YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
MONTH = re.compile(
    r"\b(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|"
    r"diciembre|january|february|march|april|may|june|july|august|september|october|november|"
    r"december)\b",
    re.IGNORECASE,
)


def dated(text: str) -> bool:
    """Whether a text holds a month or a year."""
    return bool(MONTH.search(text) or YEAR.search(text))


def as_cited(new: str, turn: Turn) -> str:
    """A name typed in lower case, with the capitals that the passages give it."""
    if new != new.lower():
        return new
    for hit in turn.answer.hits:
        for match in NAMES.finditer(hit.text):
            if plain(match[0]) == plain(new):
                return match[0]
    return new


def with_capitals(before: str, turn: Turn) -> str:
    """A question typed in lower case, with the capitals that the passages give its names."""
    if before != before.lower() or len(plain(before)) != len(before):
        return before
    for hit in turn.answer.hits:
        for match in named(hit.text, all_of_it=True):
            at = re.search(rf"\b{re.escape(plain(match[0]))}\b", plain(before))
            if at and not bare(words(match[0])[0], "es"):
                before = before[: at.start()] + match[0] + before[at.end() :]
                if len(plain(before)) != len(before):
                    return before
    return before


def named(text: str, *, all_of_it: bool = False) -> list[re.Match[str]]:
    """The names of a text: capitals that do not only begin a sentence, or those, too."""
    capitals = {word.start for word in words(text) if word.named}
    found = []
    for match in NAMES.finditer(text):
        first = plain(match[0].split()[0])
        asks = bare(words(match[0])[0], "es") or bare(words(match[0])[0], "en")
        is_name = match.start() in capitals or ((" " in match[0] or all_of_it) and not asks)
        if is_name and not MONTH.fullmatch(first):
            found.append(match)
    return found


def in_place(text: str, match: re.Match[str]) -> bool:
    """Whether a name stands after "in": where something is, and not who did it."""
    return (
        re.search(r"\b(?:en|in|at)(?: (?:el|la|los|las|the))? $", text[: match.start()]) is not None
    )
