"""Names, places and dates in questions and passages, told by capitals and the words before them."""

import re
from enum import StrEnum
from functools import cache

from index.text.folding import fold
from index.text.months import MONTH_NUMBERS
from qa.conversation.lexicon import is_function_word, tokenize
from qa.conversation.rules import LANGUAGES, word_list
from qa.types import Turn

__all__ = [
    "MONTH",
    "NAME",
    "YEAR",
    "Gender",
    "as_in_passages",
    "find_names",
    "gender",
    "has_date",
    "is_heading",
    "is_of_thing",
    "is_person",
    "is_place",
    "with_capitals",
    "without_genitive",
]

# "J.", "Jr." and "U.S." keep their full stops; another ends the sentence, and the name.
_NAME_WORD = r"[A-ZÁÉÍÓÚÑÜ](?:(?:\w?\.)+(?!\w)|[\w'’-]*(?:\.\w[\w'’-]*)*)"
NAME = re.compile(rf"\b{_NAME_WORD}(?:(?: (?:de|del|de la|de los|of|the|of the|y))? {_NAME_WORD})*")
"""Words with capitals; `find_names` leaves out the word that only begins a sentence."""
YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
MONTH = re.compile(rf"\b(?:{'|'.join(MONTH_NUMBERS)})\b", re.IGNORECASE)

_BEFORE_NAME = re.compile(
    r"\b(?:(?P<she>la|doña|sra|dra|mrs|ms|miss)|(?P<he>el|al|del|don|sr|dr|mr|sir))\.?"
    r"(?: (?!(?:de|del|en|a|con|y|que)\b)\w+){0,2} $"
)


class Gender(StrEnum):
    """The grammatical gender of a person's name."""

    SHE = "she"
    HE = "he"


def gender(text: str, match: re.Match[str]) -> Gender | None:
    """Whether a name in a text is a woman's or a man's; None when its words do not tell.

    By what stands before it, "la regidora", else by its first name. How a name ends tells
    nothing: Andrea, Luca and Borja are men's names, too, and Amparo is a woman's.
    """
    before = _BEFORE_NAME.search(text[: match.start()].lower())
    if before:
        return Gender.SHE if before["she"] else Gender.HE
    first = fold(match[0].split()[0])
    women, men = (word_list(name) for name in ("women", "men"))
    if (first in women) == (first in men):
        return None
    return Gender.SHE if first in women else Gender.HE


def has_date(text: str) -> bool:
    """Whether a text holds a month or a year."""
    return bool(MONTH.search(text) or YEAR.search(text))


def as_in_passages(name: str, turn: Turn) -> str:
    """A name typed in lower case, with the capitals that the passages give it."""
    if name != name.lower():
        return name
    for hit in turn.answer.hits:
        for match in NAME.finditer(hit.text):
            if fold(match[0]) == fold(name):
                return match[0]
    return name


def with_capitals(question: str, turn: Turn) -> str:
    """A question typed in lower case, with the capitals that the passages give its names."""
    if question != question.lower() or len(fold(question)) != len(question):
        return question
    for hit in turn.answer.hits:
        for match in find_names(hit.text):
            if is_heading(match[0]):
                continue
            at = re.search(rf"\b{re.escape(fold(match[0]))}\b", fold(question))
            if at and not is_function_word(tokenize(match[0])[0], "es"):
                question = question[: at.start()] + match[0] + question[at.end() :]
                if len(fold(question)) != len(question):
                    return question
    return question


@cache
def _no_name() -> re.Pattern[str]:
    """A word that is no part of the name after it, with the space behind it."""
    words = "|".join(sorted(word_list("no_name")))
    return re.compile(rf"(?:(?:{words})\b\W*)+")


def find_names(text: str) -> list[re.Match[str]]:
    """The names of a text: capitals of a word that does not only begin a sentence, or of two.

    "Ayer" of "Ayer Elena Ruiz dijo" is no part of the name.
    """
    capitals = {word.start for word in tokenize(text) if word.is_name}
    names = []
    place = 0
    while match := NAME.search(text, place):
        place = match.end()
        folded = fold(match[0])
        begins = _no_name().match(folded) if len(folded) == len(match[0]) else None
        if begins:
            rest = (
                NAME.match(text, match.start() + begins.end())
                if begins.end() < len(match[0])
                else None
            )
            if rest is None:
                place = match.start() + max(1, begins.end())
                continue
            match = rest
            place = match.end()
        first = tokenize(match[0])[0]
        asks = any(is_function_word(first, language) for language in LANGUAGES)
        is_name = match.start() in capitals or (" " in match[0] and not asks) or bool(begins)
        if is_name and not MONTH.fullmatch(fold(match[0].split()[0])):
            names.append(match)
    return names


def is_heading(name: str) -> bool:
    """Whether a name has a word in capitals, as headings do: "Elvira QUIROGA"."""
    return any(len(word) > 3 and word.isupper() for word in name.split())


def is_person(name: str) -> bool:
    """Whether a name may be a person's: no heading, no "Museo de Ciencias" or "Storm Kara"."""
    things = word_list("organisation_words") | word_list("generic_nouns")
    return not is_heading(name) and not any(fold(word) in things for word in name.split())


def is_of_thing(text: str, match: re.Match[str]) -> bool:
    """Whether a name tells which street or museum: "calle de los Olmos"."""
    noun = re.search(r"(\w+) (?:del? |of )?(?:las? |los |the )?$", fold(text[: match.start()]))
    return noun is not None and noun[1] in word_list("organisation_words")


def without_genitive(match: re.Match[str]) -> str:
    """A name without an English genitive."""
    return re.sub(r"['’]s?$", "", match[0])


def is_place(text: str, match: re.Match[str]) -> bool:
    """Whether a name stands after "in": where something is, and not who did it."""
    return (
        re.search(r"\b(?:en|in|at)(?: (?:el|la|los|las|the))? $", text[: match.start()]) is not None
    )
