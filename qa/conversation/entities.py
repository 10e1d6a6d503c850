"""Names, places and dates in questions and passages, told by capitals and the words before them."""

import re
from enum import StrEnum

from index.text.folding import fold
from qa.conversation.lexicon import bare, words
from qa.types import Turn

__all__ = [
    "MONTH",
    "NAMES",
    "YEAR",
    "Gender",
    "as_cited",
    "cleaned",
    "dated",
    "gender",
    "in_place",
    "named",
    "with_capitals",
]

# ruff: noqa: SIM905  # lists with one word a line would not be read

# A sentence's first word is no part of the name after it.
_NO_NAME = (
    "En|De|Del|Al|Con|Por|Para|Según|Su|Sus|Y|Pero|Cuando|Desde|Durante|In|At|On|And|But|When|By|"
    "From|Of|For|His|Her|Its|Their|Qué|Quién|Cuándo|Cuál|Dónde|Cómo|What|Who|Where|Why|How|Which"
)
# "J.", "Jr." and "U.S." keep their full stops; another ends the sentence, and the name.
_NAME = r"[A-ZÁÉÍÓÚÑÜ](?:(?:\w?\.)+(?!\w)|[\w'’-]*(?:\.\w[\w'’-]*)*)"
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

# First names that do not end as most of their gender do in Spanish, and common English ones.
_WOMEN = set(
    "beatriz carmen concepcion consuelo dolores guadalupe ines irene isabel leonor luz mercedes "
    "miriam montserrat pilar raquel rocio rosario ruth socorro soledad xochitl alice ann anne "
    "barbara betty carol charlotte dorothy elizabeth emily frances grace helen jane janet jean "
    "jennifer joan judith kate karen margaret mary nancy rachel ruth sarah sharon susan".split()
)
_MEN = set(
    "abel adrian andres angel benjamin cesar daniel david edgar efrain elias "
    "enrique esteban felipe gabriel german hector hugo ignacio israel ivan javier "
    "jesus joaquin jorge jose josue juan lucas luis manuel martin matias miguel "
    "moises nicolas oscar omar rafael ramon raul ruben samuel salvador sebastian simon tomas "
    "vicente victor albert andrew arthur charles chris christopher donald edward frank george "
    "harold henry jack james joe john joseph joshua kevin mark matthew michael paul peter "
    "philip richard robert ronald stephen steven thomas walter william".split()
)
_TITLE = re.compile(
    r"\b(?:(?P<she>la|doña|sra|dra|mrs|ms|miss)|(?P<he>el|al|del|don|sr|dr|mr|sir))\.?"
    r"(?: (?!(?:de|del|en|a|con|y|que)\b)\w+){0,2} $"
)


class Gender(StrEnum):
    """The grammatical gender of a person's name."""

    SHE = "she"
    HE = "he"


def gender(text: str, match: re.Match[str]) -> Gender | None:
    """Whether a name in a text is a woman's or a man's; None when its words do not tell.

    By its first name, else by what stands before it: "la regidora".
    """
    first = fold(match[0].split()[0])
    if first in _WOMEN or first in _MEN:
        return Gender.SHE if first in _WOMEN else Gender.HE
    title = _TITLE.search(text[: match.start()].lower())
    if title:
        return Gender.SHE if title["she"] else Gender.HE
    return {"a": Gender.SHE, "o": Gender.HE}.get(first[-1])


def dated(text: str) -> bool:
    """Whether a text holds a month or a year."""
    return bool(MONTH.search(text) or YEAR.search(text))


def as_cited(new: str, turn: Turn) -> str:
    """A name typed in lower case, with the capitals that the passages give it."""
    if new != new.lower():
        return new
    for hit in turn.answer.hits:
        for match in NAMES.finditer(hit.text):
            if fold(match[0]) == fold(new):
                return match[0]
    return new


def with_capitals(before: str, turn: Turn) -> str:
    """A question typed in lower case, with the capitals that the passages give its names."""
    if before != before.lower() or len(fold(before)) != len(before):
        return before
    for hit in turn.answer.hits:
        for match in named(hit.text):
            at = re.search(rf"\b{re.escape(fold(match[0]))}\b", fold(before))
            if at and not bare(words(match[0])[0], "es"):
                before = before[: at.start()] + match[0] + before[at.end() :]
                if len(fold(before)) != len(before):
                    return before
    return before


def named(text: str) -> list[re.Match[str]]:
    """The names of a text: capitals of a word that does not only begin a sentence, or of two."""
    capitals = {word.start for word in words(text) if word.named}
    found = []
    for match in NAMES.finditer(text):
        first = fold(match[0].split()[0])
        asks = bare(words(match[0])[0], "es") or bare(words(match[0])[0], "en")
        is_name = match.start() in capitals or (" " in match[0] and not asks)
        if is_name and not MONTH.fullmatch(first):
            found.append(match)
    return found


def cleaned(match: re.Match[str]) -> str:
    """A name without an English genitive."""
    return re.sub(r"['’]s?$", "", match[0])


def in_place(text: str, match: re.Match[str]) -> bool:
    """Whether a name stands after "in": where something is, and not who did it."""
    return (
        re.search(r"\b(?:en|in|at)(?: (?:el|la|los|las|the))? $", text[: match.start()]) is not None
    )
