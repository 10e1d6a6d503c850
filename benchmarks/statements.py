"""Sentences that a passage supports, and the same with one thing changed: deterministic, by rules.

A true one is a sentence of the passage (``verbatim``), one without some clause (``short``), with a
clause at another place (``order``), with other words, forms of numbers and dates, and lead-ins
(``rules``), or a question and its answer made into a sentence (``answered``; ``across`` where the
passage is in the other language). A changed one has another number, date or name, of the passage
(``near``) or of another one (``far``), two names or values exchanged (``role``), or its negation
or side turned round (``negation``).
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from benchmarks.answered import answered
from benchmarks.rewording import reordered, reworded, shortened
from index.text.sentences import sentence_spans
from qa.asked.values import Value, ValueKind, folded, values
from qa.writing.checking.names import names_of

__all__ = ["KINDS", "Asked", "Statement", "changed", "true_ones"]

KINDS = ("number", "date", "name", "role", "negation")
_LENGTHS = (40, 300)  # characters of a sentence
_YEAR = re.compile(r"1[0-9]{3}|20[0-4][0-9]")
_JOINED = re.compile(
    r"[\s,;/()–—-]*(?:(?:y|e|o|u|ni|a|al|hasta|and|or|to|nor|de|del|of|el|the)\b[\s,]*)*"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A passage with a question and its answer; ``passage_language`` may be another one."""

    passage: str
    title: str
    question: str
    answer: str
    language: str
    passage_language: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence about a passage; ``change`` is empty for a true one, ``origin`` near or far."""

    text: str
    asked: Asked
    form: str
    language: str
    change: str = ""
    origin: str = ""
    question: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class _Thing:
    kind: str  # number, date or name
    key: frozenset[str]
    start: int
    end: int


def true_ones(asked: Sequence[Asked], draw: random.Random) -> Iterator[Statement]:
    """The true sentences of questions about one passage: one of each form where it can be made."""
    first = asked[0]
    language = first.passage_language
    if first.language == language:
        spans = sentence_spans(first.passage, language)
        own = [" ".join(first.passage[a:b].split()) for a, b in spans]
        own = [s for s in own if _LENGTHS[0] <= len(s) <= _LENGTHS[1] and s[-1] in ".!"]
        own = [s for s in own if "\t" not in s and "|" not in s and not s.endswith("?")]
        ways: dict[str, Callable[[str], str | None]] = {
            "verbatim": str,
            "short": lambda text: shortened(text, draw),
            "order": reordered,
            "rules": lambda text: reworded(text, language, draw),
        }
        for form, way in ways.items():
            made = [(s, way(s)) for s in own]
            told = [t for s, t in made if t and (form == "verbatim" or t != s)]
            if told:
                yield Statement(draw.choice(told), first, form, language)
    for one in draw.sample(list(asked), min(2, len(asked))):
        told_so = answered(one.question, one.answer, one.language)
        if told_so:
            form = "answered" if one.language == one.passage_language else "across"
            yield Statement(told_so, one, form, one.language, question=one.question)


def things(text: str, language: str) -> list[_Thing]:
    """The numbers, dates and names of a text, in order."""
    found = [
        _Thing(_kind(value, text), value.keys, value.start, value.end)
        for value in values(text, language)
        if value.kind is not ValueKind.PART
    ]
    for name in names_of(text):
        if not any(t.start < name.end and name.start < t.end for t in found):
            found.append(_Thing("name", frozenset(name.words), name.start, name.end))
    return sorted(found, key=lambda thing: thing.start)


def _kind(value: Value, text: str) -> str:
    year = value.kind is ValueKind.NUMBER and _YEAR.fullmatch(text[value.start : value.end])
    return "date" if year or value.kind is ValueKind.DATE else "number"


def changed(
    true: Statement, others: Sequence[str], kind: str, draw: random.Random
) -> Statement | None:
    """The sentence with one thing of this kind changed; None where that cannot be.

    ``others`` are passages of the same language as the sentence from which far values are taken.
    """
    if kind == "negation":
        text = _negated(true.text, true.language, draw)
        return replace(true, text=text, change=kind, before=true.text) if text else None
    if kind == "role":
        text = _exchanged(true.text, true.language, draw)
        return replace(true, text=text, change=kind, before=true.text) if text else None
    own = [thing for thing in things(true.text, true.language) if thing.kind == kind]
    draw.shuffle(own)
    origin = draw.choice(("near", "far"))
    for thing in own:
        form = true.text[thing.start : thing.end]
        for words in _instead(thing, form, true, others, origin, draw):
            text = true.text[: thing.start] + words + true.text[thing.end :]
            return replace(true, text=text, change=kind, origin=origin, before=true.text)
    return None


def _instead(
    thing: _Thing,
    form: str,
    true: Statement,
    others: Sequence[str],
    origin: str,
    draw: random.Random,
) -> Iterator[str]:
    """Other values of the same kind and shape, of the passage or of others."""
    near = origin == "near"
    texts = [true.asked.passage] if near else draw.sample(list(others), min(8, len(others)))
    language = true.asked.passage_language if near else true.language
    present = things(true.asked.passage, true.asked.passage_language)
    own_keys = {k for t in things(true.text, true.language) for k in t.key}
    found = []
    for text in texts:
        there = things(text, language)
        same = [t for t in there if t.kind == thing.kind and t.key & thing.key]
        for other in there:
            words = text[other.start : other.end]
            alike = other.kind == thing.kind and not other.key & (thing.key | own_keys)
            alike = alike and _shape(words, other) == _shape(form, thing) and words not in true.text
            if near and any(_beside(text, one, other, there) for one in same):
                continue
            if not near and any(other.key & t.key for t in present):
                continue
            if alike and _plain(words) not in _plain(true.text):
                found.append(words)
    draw.shuffle(found)
    yield from found[:1]


def _plain(text: str) -> str:
    return " ".join(folded(text).split())


def _shape(words: str, thing: _Thing) -> str:
    if thing.kind == "name":
        return "name"
    letters = "a" if re.search(r"[^\W\d_]", words) else ""
    share = "%" if re.search("%|cien|cent", words) else ""
    clock = ":" if ":" in words else ""
    return letters + share + clock + ("y" if _YEAR.fullmatch(words) else "")


def _beside(text: str, one: _Thing, other: _Thing, there: Sequence[_Thing]) -> bool:
    """Whether two values are of one row of several: what is said of one is said of both."""
    first, last = sorted((one, other), key=lambda t: t.start)
    row = [t for t in there if first.start <= t.start <= last.start]
    gaps = (text[a.end : b.start] for a, b in pairwise(row))
    return all(_JOINED.fullmatch(folded(gap)) for gap in gaps)


_VERB = re.compile(
    r"\b(?:es|son|era|eran|fue|fueron|ha|han|habia|tiene|tuvo|esta|estaba|[a-z]{2,}(?:aron|ieron)|"
    r"is|are|was|were|has|have|had|[a-z]{3,}ed|won|beat|became|wrote|made|took|led|left|"
    r"gave|said)\b"
)
_PRETERITE = re.compile(r"\b[a-záéíóúñ]{2,}ó\b")
_SYMMETRIC = re.compile(
    r"\b(?:con|with|entre|between|junto|together|y|e|and|casad\w*|married|igual\w*|same|"
    r"como|as|o|or|"
    r"es|son|is|are|era|eran|was|were|llam\w+|called|conocid\w+|known|from|to|hasta|incl\w+)\b"
)


def _exchanged(text: str, language: str, draw: random.Random) -> str | None:
    """Two names or two values of one kind exchanged that have a verb between them."""
    found, pairs = things(text, language), []
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            gap = folded(text[one.end : other.start])
            verb = _VERB.search(gap) or _PRETERITE.search(text[one.end : other.start].lower())
            same = one.kind == other.kind and not one.key & other.key
            shapes = _shape(text[one.start : one.end], one) == _shape(
                text[other.start : other.end], other
            )
            apart = one.kind != "name" or not _SYMMETRIC.search(gap)
            if verb and same and shapes and apart:
                pairs.append((one, other))
    if not pairs:
        return None
    one, other = draw.choice(pairs)
    parts = text[: one.start], text[other.start : other.end], text[one.end : other.start]
    return "".join((*parts, text[one.start : one.end], text[other.end :]))


_SIDES = {
    "es": (
        "aprobó rechazó|aumentó disminuyó|aumentaron disminuyeron|antes después|mayor menor|"
        "máximo mínimo|permite prohíbe|ganó perdió|ganaron perdieron|aceptó rechazó|"
        "a_favor en_contra|más menos|subió bajó|comenzó terminó|siempre nunca|con sin|"
        "mayores menores|obligatorio voluntario|norte sur|este oeste|dentro fuera|"
        "nació murió|abrió cerró|superior inferior|apoyó criticó|entrada salida"
    ),
    "en": (
        "approved rejected|increased decreased|before after|larger smaller|largest smallest|"
        "maximum minimum|allows forbids|won lost|accepted rejected|for against|more less|"
        "highest lowest|began ended|always never|with without|mandatory optional|north south|"
        "east west|inside outside|born dead|opened closed|higher lower|most fewest|"
        "supported opposed|rose fell|first last"
    ),
}
_BEFORE_NOT = {
    "es": re.compile(
        r"\b(?<!no )(?:(?:se|le|les|lo|la|los|las|nos) )?(?:es|son|era|eran|fue|fueron|"
        r"está|están|tiene|tienen|puede|pueden|debe|deben|ha|han|"
        r"había|hubo|tuvo|será|serán|estaba|hizo|hay|[a-zñ]{3,}(?:aron|ieron)|[a-zñ]{3,}ó)\b"
    ),
    "en": re.compile(
        r"\b(?:is|are|was|were|can|could|has|have|had|will|would|must|should|may)\b(?! not)"
    ),
}
_NOT = {"es": re.compile(r"\b[Nn]o (?=\w)"), "en": re.compile(r" not\b(?! only)|n['’]t\b")}


def _negated(text: str, language: str, draw: random.Random) -> str | None:
    """The sentence with "no" put in or left out, or with the other one of two sides."""
    made = []
    deny = _NOT[language].search(text)
    only = re.search(r"\b(?:s[oó]lo|sino|only|until|hasta)\b", text)
    if deny and len(list(_NOT[language].finditer(text))) == 1 and not only:
        made.append(text[: deny.start()] + text[deny.end() :])
    if not deny:
        spots = list(_BEFORE_NOT[language].finditer(text))
        if spots:
            spot = spots[0]
            at = spot.start() if language == "es" else spot.end()
            made.append(text[:at] + ("no " if language == "es" else " not") + text[at:])
    for pair in _SIDES[language].split("|"):
        one, other = (side.replace("_", " ") for side in pair.split())
        for mine, theirs in ((one, other), (other, one)):
            if mine in {
                "con",
                "sin",
                "for",
                "with",
                "este",
                "oeste",
                "más",
                "menos",
                "more",
                "less",
            }:
                continue
            match = re.search(rf"(?<!\w){mine}(?!\w)", text)
            if match and not re.search(rf"(?<!\w){theirs}(?!\w)", text):
                made.append(text[: match.start()] + theirs + text[match.end() :])
    return draw.choice(made) if made else None
