"""Opposites: a sentence about those who voted against does not say who voted in favour.

Words of a question that stand for one side of a pair, and words of a clause that stand only for
the other, speak against that clause as an answer.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

__all__ = [
    "OPPOSITES",
    "VOTES",
    "Opposites",
    "clauses",
    "governing",
    "opposed",
    "side_asked",
    "sides",
]

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Opposites:
    """Words of two sides or more, as patterns on text in lower case.

    ``negated``: "not" before one side's words means the other side. ``strict``: a clause of the
    other side is no answer at all; else it only comes after those of the side that is asked for,
    since "before" and "after" may say the same from two ends.
    """

    name: str
    sides: tuple[str, ...]
    negated: bool = False
    strict: bool = True


_NUMBER = (
    r"(?:\d+|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|one|two|three|four|"
    r"five|six|seven|eight|nine|ten|eleven|twelve)"
)
VOTES = Opposites(
    "votes",
    (
        r"a favor|favorables?|afirmativos?|por el sí|por la afirmativa|in favou?r|"
        rf"vot(?:e|es|ed|ing) for|{_NUMBER} for(?= and|,|;)|for(?=:)|ayes?|yeas?|"
        r"(?:lo |la )?(?:apoyaron|apoyó|respaldaron|respaldó)|supported|favou?red",
        r"en contra|contrarios?|negativos?|por el no|por la negativa|against|nays?|noes|"
        r"se (?:opuso|opusieron|oponen|opone)|opposed|dissent\w*",
        r"abst(?:en|uv|ien|ain)\w*",
    ),
)
OPPOSITES = (
    VOTES,
    Opposites(
        "decision",
        (
            r"apr(?:ob|ueb)\w*|acept\w+|admit(?:i|e)\w*|approv\w+|accept(?:ed|s|ance)?|adopted|passed",
            r"rechaz\w+|desech\w+|deneg\w+|denieg\w+|desapr\w+|reprob\w+|reject\w*|denied|refused",
        ),
        negated=True,
    ),
    Opposites(
        "permission",
        (
            r"permit(?:e|en|id[oa]s?|ted|s)|permiso|autoriz(?:a|an|ad[oa]s?)|allow(?:ed|s)?",
            r"prohíb\w+|vedad[oa]s?|forbid\w*|banned",
        ),
        negated=True,
    ),
    Opposites(
        "duty",
        (
            r"obligatori[oa]s?|obligatoriamente|mandatory|compulsory|required",
            r"opcional(?:es|mente)?|voluntari[oa]s?|optional(?:ly)?|voluntary",
        ),
        negated=True,
    ),
    Opposites(
        "limit",
        (
            r"mínim[oa]s?|al menos|por lo menos|no menos de|minimum|at least|no less than",
            r"máxim[oa]s?|a lo (?:sumo|más)|no más de|maximum|at most|no more than",
        ),
    ),
    Opposites(
        "course",
        (
            r"inici(?:a|an|o|ó|ar|ará|arán|aron|al)|comienz\w+|comenz\w+|empez\w+|empiez\w+|arranc\w+|"
            r"start(?:s|ed|ing)?|beg[aiu]n(?:s|ning)?",
            r"(?<!\ba )(?<!con el )fin(?= del?\b(?! semana))|fecha de fin|finaliz\w+|"
            r"termin(?:a|an|ó|ar|ará|arán|aron|ación)|conclu(?:y|ir|sión)\w*|"
            r"end(?:s|ed|ing)?|finish(?:es|ed)?|conclud(?:es|ed)",
        ),
    ),
    Opposites(
        "doors",
        (
            r"abr(?:e|en|ir|ió|irá|irán|ieron)|apertura|abiert[oa]s?|open(?:s|ed|ing)?",
            r"cierr(?:e|es|a|an)|cerr(?:ar|ó|ad[oa]s?|ará|arán|aron)|clos(?:e|es|ed|ing|ure)",
        ),
    ),
    Opposites(
        "life",
        (
            r"nac(?:e|en|er|ió|ieron|id[oa]s?|imiento)|born|birth",
            r"mur(?:ió|ieron)|muer(?:e|en|te)|morir|fallec\w+|died|dies|death",
        ),
    ),
    Opposites(
        "money",
        (r"ingresos?|income|revenues?", r"egresos?|gastos?|expenses?|expenditures?|spending"),
    ),
    Opposites(
        "way",
        (
            r"entradas?|entr(?:a|an|ar|ó|aron)|lleg(?:a|an|ar|ó|ada|adas)|entrance|entry|arriv\w+",
            r"salidas?|sal(?:e|en|ir|ió|ieron)|exit|departures?|depart(?:s|ed)|leav(?:e|es|ing)",
        ),
        strict=False,
    ),
    Opposites(
        "change",
        (
            r"aument\w+|sub(?:e|en|ió|ieron|ida)|increment\w+|crec(?:e|en|ió|ieron|imiento)|"
            r"increas\w+|rose|rises?|grew",
            r"disminu\w+|baj(?:a|an|ó|aron)|redu(?:c|j)\w+|decreas\w+|fell|falls?|declin\w+",
        ),
        strict=False,
    ),
    Opposites(
        "trade",
        (
            r"compr(?:a|as|an|ar|ó|aron|ador\w*)|buy(?:s|er|ers|ing)?|bought|purchas\w+",
            r"ventas?|vend(?:e|en|er|ió|ieron|edor\w*)|sell(?:s|er|ers|ing)?|sold",
        ),
        strict=False,
    ),
    Opposites(
        "lease",
        (
            r"arrendador\w*|caser[oa]s?|landlords?|lessors?",
            r"arrendatari\w+|inquilin\w+|tenants?|lessees?",
        ),
        strict=False,
    ),
    Opposites(
        "size",
        (
            r"mayor(?:es)?|larger|largest|greater|greatest|bigger|biggest|highest|most",
            r"menor(?:es)?|smaller|smallest|lowest|least|fewest",
        ),
        strict=False,
    ),
    Opposites(
        "order",
        (r"antes|previ[oa]s?|before|prior", r"después|posterior(?:es|mente)?|after|afterwards"),
        strict=False,
    ),
)
"""The pairs, Spanish and English."""

_ASKS = re.compile(
    r"\b(?:qu[eé]|qui[eé]n(?:es)?|cu[aá]l(?:es)?|cu[aá]ndo|cu[aá]nt[oa]s?|d[oó]nde|c[oó]mo|what|who|whom|"
    r"which|when|where|how|why)\b"
)
_NOT = re.compile(
    r"\b(?:no(?! s[oó]lo)|not(?! only)|nunca|never|tampoco|ni)(?: \w+){0,2} $|n['’]t(?: \w+)? $"
)
_UNTIL = re.compile(r"[^.;]{0,40}\b(?:hasta|sino|until)\b")  # not before, and so then
_CUT = re.compile(
    r"[;:.]\s+|\s*,\s+(?:(?:y|e|pero|mientras que|aunque|and|but|while)\s+)?|"
    r"\s+(?:y|e|pero|mientras que|mientras|aunque|and|but|while)\s+|\n"
)
_COUNTED = re.compile(
    rf"\b(?:{_NUMBER}|ning[uú]n\w*|none|no)\b|(?<=\w\s)[A-ZÁÉÍÓÚÑ]\w+|^[A-ZÁÉÍÓÚÑ]\w+"
)
_VOTED = re.compile(r"^(?:se\s+)?vot\w*|^hubo|^con|^por|^los?|^las?|^el|^the|^there", re.IGNORECASE)


@cache
def _pattern(words: str) -> re.Pattern[str]:
    # What is typed without accents is meant with them.
    plain = re.sub(
        "[áéíóú]", lambda letter: f"[{letter[0]}{'aeiou'['áéíóú'.index(letter[0])]}]", words
    )
    return re.compile(rf"(?<!\w)(?:{plain})(?!\w)")


def sides(text: str, pair: Opposites) -> list[tuple[int, Span]]:
    """The sides, from 0, that a text speaks of, each with where its words stand, in order."""
    lower = text.lower()
    found = []
    for number, words in enumerate(pair.sides):
        for match in _pattern(words).finditer(lower):
            start, end = match.span()
            denied = pair.negated and _NOT.search(lower, max(0, start - 30), start) is not None
            flipped = denied and not _UNTIL.match(lower, end)
            found.append((1 - number if flipped else number, (start, end)))
    return sorted(found, key=lambda item: item[1])


def side_asked(question: str, pair: Opposites) -> int | None:
    """The one side that a question is about; None for none, for several, and for a yes or no."""
    about = {side for side, _ in sides(question, pair)}
    return about.pop() if len(about) == 1 and _ASKS.search(question.lower()) else None


def opposed(question: str, clause: str, *, strict: bool = False) -> bool:
    """Whether a clause speaks only of the opposite of what is asked for.

    ``strict`` leaves out the pairs that may say the same from two ends.
    """
    for pair in OPPOSITES:
        if strict and not pair.strict:
            continue
        about = {side for side, _ in sides(clause, pair)}
        asked = side_asked(question, pair) if about else None
        if asked is not None and asked not in about:
            return True
    return False


def governing(sentence: str, start: int, end: int, pair: Opposites) -> tuple[int | None, Span]:
    """The side under which ``sentence[start:end]`` stands, and the clauses that show it.

    None where no side or more than one is spoken of there.
    """
    parts = list(clauses(sentence))
    about = [{side for side, _ in sides(sentence[a:b], pair)} for a, b in parts]
    held = [i for i, (a, b) in enumerate(parts) if a < end and b > start]
    if not held:
        return None, (start, end)
    first, last = held[0], held[-1]
    found = set().union(*about[first : last + 1])
    if not found and pair is VOTES and _counted_before(sentence, parts, about):
        while not found and last + 1 < len(parts):
            last += 1
            found = about[last]
    while not found and first > 0:
        first -= 1
        found = about[first]
    while not found and last + 1 < len(parts):
        last += 1
        found = about[last]
    side = next(iter(found)) if len(found) == 1 else None
    return side, (parts[first][0], parts[last][1])


def clauses(sentence: str) -> Iterator[Span]:
    """Where the clauses of a sentence stand, without what joins them."""
    at = 0
    for cut in _CUT.finditer(sentence):
        if at < cut.start():
            yield at, cut.start()
        at = cut.end()
    if at < len(sentence):
        yield at, len(sentence)


def _counted_before(sentence: str, parts: list[Span], about: list[set[int]]) -> bool:
    """Whether who and how many stand before the side: "cuatro a favor", not "a favor, cuatro"."""
    first = next((i for i, found in enumerate(about) if found), None)
    if first is None:
        return False
    a, b = parts[first]
    at = sides(sentence[a:b], VOTES)[0][1][0]
    before = sentence[parts[0][0] : a + at]
    return bool(_COUNTED.search(_VOTED.sub("", before)))
