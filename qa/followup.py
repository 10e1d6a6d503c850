"""Which questions lean on what was said before: recognised by their words, in Spanish and English.

A question leans when it points ("¿qué respondió él?", "when was that?"), when it is a piece of a
question ("¿y en Coahuila?", "why?"), or when too few of its words say what it is about ("¿cuántos
fueron?", "what are the pros and cons?"). A question that names its own topic stands alone.
"""

import re
from collections.abc import Sequence
from enum import StrEnum

from index.language import detect
from qa.wording import (
    ABOUT,
    ARTICLES,
    ASKING,
    BE,
    BEFORE_THAT,
    HIS,
    IDLE_IT,
    LABELS,
    LINKS,
    OF,
    OPENINGS,
    OTHERS,
    OWNED,
    PERSONS,
    PLACES,
    POINTING,
    PREPOSITIONS,
    SUPERLATIVE,
    THINGS,
    TIMES,
    Word,
    bare,
    content,
    function_words,
    said,
    words,
)

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
    return Lean.FEW if not about or _says_too_little(found, about, language) else None


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
    for place, word in enumerate(found):
        lean = _pointing_word(place, found, language)
        if lean is None or (lean is Lean.THING and _idle(word, question, language)):
            continue
        if not _meant_before(place, found, about, lean, word, language):
            return lean
    return None


def _pointing_word(place: int, found: Sequence[Word], language: str) -> Lean | None:
    word = re.split(r"['’]", found[place].plain)[0]
    before = found[place - 1].plain if place else ""
    after = found[place + 1].plain if place + 1 < len(found) else ""
    if _is_person(word, found[place].text, after, language):
        return Lean.PERSON
    if word in PLACES[language]:
        return None if {before, after} & (BE | {"where", "any"}) else Lean.PLACE
    if word in THINGS or word in OWNED[language]:
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
        return word in PERSONS
    ours = word in PERSONS - {"he", "his", "her", "him", "she"}
    return ours or (word == "el" and (not after or typed in {"él", "Él"}))


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


def _idle(word: Word, question: str, language: str) -> bool:
    """Whether an English "it" stands for nothing: "how long does it take to...?"."""
    return language == "en" and word.plain == "it" and bool(IDLE_IT.search(question.lower()))


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
    if not earlier:
        return False
    named = any(other.named for other in earlier)
    linked = any(other.plain in LINKS for other in found[1:place] if other.start > earlier[0].start)
    own = word.plain.endswith(("self", "selves"))
    if linked and _defines(found, earlier[0], language):
        return True  # "what is cassoulet and where is it from?"
    if own or word.plain in OWNED[language] | HIS:
        return named or len(earlier) > (0 if language == "es" else 1)
    # "What did Boeing do about it?": in one clause, "it" is somebody else.
    return linked and (named or len(earlier) > 1)


def _says_too_little(found: Sequence[Word], about: Sequence[Word], language: str) -> bool:
    """Whether what a question is about must be known from before."""
    if any(word.named for word in about) or any(word.plain.isdigit() for word in found):
        return False
    if SUPERLATIVE.search(" ".join(word.plain for word in found)):
        return True
    if len(about) == 1:
        return not _defines(found, about[0], language)
    if len(about) <= 3 and _labels(found, language):
        return True
    if language == "en" and len(about) == 2:
        return (
            _definite(found, about)
            or _plural(found, about)
            or found[2:3] == [w for w in found[2:3] if w.plain == "any"]
        )
    return False


def _plural(found: Sequence[Word], about: Sequence[Word]) -> bool:
    """Whether it asks for "the main layers" and names nothing that has them."""
    before = {word.plain for word in found if word.start < about[0].start}
    ends = about[-1] == found[-1] and about[-1].plain.endswith("s")
    return ends and bool(before & {"are", "were"}) and bool(before & {"the", "some", "any"})


def _labels(found: Sequence[Word], language: str) -> bool:
    """Whether it ends on "the company" or "la empresa", and no word says which."""
    article, noun = ([""] + [word.plain for word in found])[-2:]
    return article in ARTICLES[language] and noun in LABELS[language]


_DEFINES = re.compile(
    r"(what|who) (is|are|was|were)( an?)?$|(que|quien|quienes) (es|son|era|eran|fue|fueron)"
    r"( el| la| los| las| una?)?$|(tell me|learn|know) (more )?about( an?)?$|"
    r"(define|definicion de|hablame de|que significa)( el| la| los| las| una?)?$|definition of$"
)


def _defines(found: Sequence[Word], only: Word, language: str) -> bool:
    """Whether a question asks what its one word is: "what are sharks?", "¿qué es la luz?"."""
    before = " ".join(word.plain for word in found if word.start < only.start)
    if len(found) == 1:
        return True  # a keyword
    return bool(_DEFINES.search(before)) and (language == "en" or not before.startswith("quien"))


def _definite(found: Sequence[Word], about: Sequence[Word]) -> bool:
    """Whether the question holds "the band" with nothing to say which band."""
    for place, word in enumerate(found[:-1]):
        noun = found[place + 1]
        after = found[place + 2].plain if place + 2 < len(found) else ""
        if word.plain == "the" and noun.plain != "most":
            near = noun in about or not bare(noun, "en")
            if near and after not in OF["en"] and found[place + 2 : place + 3] != about[-1:]:
                return True
    return False
