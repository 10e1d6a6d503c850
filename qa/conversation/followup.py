"""Which questions lean on what was said before: recognised by their words, in Spanish and English.

A question leans when it points ("¿qué respondió él?", "when was that?"), when it is a piece of a
question ("¿y en Coahuila?", "why?"), or when too few of its words say what it is about ("¿cuántos
fueron?", "what are the pros and cons?"). A question that names its own topic stands alone.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from index.text.language import detect
from qa.conversation.lexicon import (
    ABOUT,
    AFTER_LO,
    ASKING,
    BE,
    BEFORE_THAT,
    CLAUSE,
    CONDITIONS,
    HIS,
    IDLE_IT,
    JOINS,
    LINKS,
    OPENINGS,
    OTHERS,
    OWNED,
    PERSONS,
    PLACES,
    POINTING,
    PREPOSITIONS,
    THINGS,
    TIMES,
    Word,
    content,
    function_words,
    said,
    words,
)
from qa.conversation.underspecified import defines, lacks

__all__ = ["Lean", "leans"]


class Lean(StrEnum):
    """How a question leans on the conversation."""

    PERSON = "person"  # he, her, él, ella
    PLACE = "place"  # there, ahí
    THING = "thing"  # it, their, eso, su
    PIECE = "piece"  # and in 2019?
    FEW = "few"  # what happened?


def leans(question: str, language: str | None = None) -> Lean | None:
    """How a question leans on what was said before it; None when it stands alone.

    ``language`` is ``"es"`` or ``"en"``, or None to find out.
    """
    question = said(question)
    language = language or detect(question) or "es"
    found = words(question)
    about = content(found, language)
    pointing = _points(question, found, about, language)
    if pointing and pointing is not Lean.FEW:
        return pointing
    if _is_piece(question, found, about, language):
        return Lean.PIECE
    if pointing or _opens(found, about):
        return Lean.FEW
    return Lean.FEW if lacks(found, about, language) else None


def _is_piece(question: str, found: Sequence[Word], about: Sequence[Word], language: str) -> bool:
    """No question of its own: "¿y en Coahuila?", "what about the cons?", "in 2019?"."""
    if not found:
        return False
    first = found[0].plain
    last = max(place for place in range(len(found)) if _begins(question, found, place))
    if ABOUT.match(" ".join(word.plain for word in found[last:])):
        return len([word for word in about if word.start >= found[last].start]) <= 4
    opens = first in OPENINGS
    rest = found[1:] if opens else list(found)
    if not rest or all(word.plain in ASKING[language] for word in rest):
        return True
    if any(word.plain in ASKING[language] | BE for word in rest[:3]):
        return False
    if opens and len(about) <= 4:
        return True
    few = len(rest) <= 4
    return few and (
        rest[0].plain in PREPOSITIONS
        or rest[0].plain in {"any", "algun", "alguna"}
        or all(word.plain.isdigit() for word in rest)
    )


def _opens(found: Sequence[Word], about: Sequence[Word]) -> bool:
    """Whether a question goes on with "and" or "pero", and says little by itself."""
    return bool(found) and found[0].plain in OPENINGS and len(about) <= 1


def _begins(question: str, found: Sequence[Word], place: int) -> bool:
    """Whether a sentence begins with the word at a place."""
    between = question[found[place - 1].end if place else 0 : found[place].start]
    return place == 0 or any(mark in between for mark in ".?!")


def _points(
    question: str, found: Sequence[Word], about: Sequence[Word], language: str
) -> Lean | None:
    others = None
    for place, word in enumerate(found):
        lean = _pointing_word(place, found, language)
        if lean is None or (lean is Lean.THING and _idle(word, found, question, language)):
            continue
        if _meant_before(place, found, about, lean, word, language):
            continue
        if lean is not Lean.FEW:
            return lean
        others = lean  # "what else did he write": whom it is about says more
    return others


def _pointing_word(place: int, found: Sequence[Word], language: str) -> Lean | None:
    word = re.split(r"['’]", found[place].plain)[0]
    before = found[place - 1].plain if place else ""
    after = found[place + 1].plain if place + 1 < len(found) else ""
    if _is_person(word, found[place].text, after, language):
        return Lean.PERSON
    if word in PLACES[language]:
        return None if {before, after} & (BE | {"where", "any"}) else Lean.PLACE
    if word in THINGS | OWNED[language] or _clitic(word, after, language):
        return Lean.THING
    if word in POINTING[language] and _demonstrates(word, before, after):
        return Lean.THING
    if word in {"one", "ones"} and language == "en":
        alone = not after or after in BE | {"do", "does", "did", "can", "for", "to", "in", "has"}
        return Lean.THING if alone and before not in {"number", "any"} else None
    return Lean.FEW if word in OTHERS[language] else None


def _is_person(word: str, typed: str, after: str, language: str) -> bool:
    """Whether it stands for a person: "el" at the end is how "él" is typed."""
    if language == "en":
        return word in PERSONS["en"]
    return word in PERSONS["es"] or (word == "el" and (not after or typed in {"él", "Él"}))


def _clitic(word: str, after: str, language: str) -> bool:
    """Whether it is the "lo" of "quién lo hizo", and not of "lo nuevo"."""
    return word == "lo" and language == "es" and after not in AFTER_LO


def _demonstrates(word: str, before: str, after: str) -> bool:
    """Whether "that" or "esta" points, rather than links or is a verb."""
    if after in TIMES:
        return False
    if word == "that" and before and before not in BEFORE_THAT:
        return False
    if word == "those" and after in {"who", "that", "which", "of", "with", "in"}:
        return False
    if word in {"este", "esta"}:  # "esta" is also how "está" is typed
        verb = re.search(r"(ad|id|nd)[oa]s?$", after) or after in function_words("es")
        if verb or before in ASKING["es"] | {"no", "se", "ya"}:
            return False
    return True


def _idle(word: Word, found: Sequence[Word], question: str, language: str) -> bool:
    """Whether an English "it" stands for nothing: "how long does it take to...?"."""
    first = next((other for other in found if other.plain == "it"), None)
    return language == "en" and word is first and bool(IDLE_IT.search(question.lower()))


def _meant_before(
    place: int,
    found: Sequence[Word],
    about: Sequence[Word],
    lean: Lean,
    word: Word,
    language: str,
) -> bool:
    """Whether the question itself names, before a pointing word, what that may point at."""
    earlier = [other for other in about if other.start < word.start]
    if lean is Lean.FEW:
        return len(about) > 2 or any(other.named for other in about)
    if not earlier or word.plain == "lo":  # what is named before "lo" may be who did it
        return bool(earlier)
    named = any(other.named for other in earlier)
    linked = _linked(place, found, earlier[0])
    own = word.plain.endswith(("self", "selves"))
    if linked and defines(found, earlier[0], language):
        return True  # "what is cassoulet and where is it from?"
    if own or word.plain in HIS:
        return named
    if word.plain in OWNED[language]:
        return named or len(earlier) > (0 if language == "es" else 1)
    # "What did Boeing do about it?": in one clause, "it" is somebody else.
    return linked and (named or len(earlier) > 1)


def _linked(place: int, found: Sequence[Word], first: Word) -> bool:
    """Whether a clause begins between the first thing named and the word at ``place``.

    "And" between two nouns begins none, and whom "that they saw" is about is not "they".
    """
    if found[0].plain in CONDITIONS:
        return True
    for at in range(1, place):
        link, after = found[at], found[at + 1]
        if link.start < first.start or link.plain not in LINKS:
            continue
        if link.plain in JOINS and not (after.plain in CLAUSE or at + 1 == place):
            continue
        if link.plain in {"that", "who", "which"} and at + 1 == place:
            continue
        return True
    return False
