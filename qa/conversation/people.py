"""The people of a question or an answer, and which of them a pronoun may stand for."""

import re
from collections.abc import Iterator

from qa.conversation.entities import (
    NAME,
    Gender,
    find_names,
    gender,
    is_of_thing,
    is_person,
    is_place,
    without_genitive,
)
from qa.conversation.lexicon import tokenize
from qa.types import Turn

_SHARED_SURNAME = re.compile(r"[^\W\d]+ (?:y|and) [^\W\d]+ [^\W\d]+")  # "Eva y Luis Gil"

__all__ = ["cited_words", "gender_wanted", "may_be", "people_in"]


def may_be(text: str, name: str, wanted: Gender | None) -> bool:
    """Whether a name in a text is not that of a person of the other gender."""
    match = re.search(re.escape(name), text)
    return match is None or wanted is None or gender(text, match) in {wanted, None}


def gender_wanted(question: str) -> Gender | None:
    """Whom its pronoun stands for: a man, a woman, or either."""
    for word in tokenize(question):
        if word.plain in {"ella", "she", "her"}:
            return Gender.SHE
        if word.plain in {"he", "him", "his"} or word.text.lower() == "él":
            return Gender.HE
    return None


def people_in(text: str, wanted: Gender | None) -> list[tuple[str, bool]]:
    """The names of a text that a person of a gender may have, each with whether that is certain.

    Without a gender wanted, none is certain.
    """
    people = []
    for match in find_names(text):
        if is_place(text, match) or is_of_thing(text, match) or not is_person(match[0]):
            continue
        surname = match[0].split()[-1] if _SHARED_SURNAME.fullmatch(match[0]) else ""
        for person in _persons_of(text, match):
            sex = gender(text, person)
            if not wanted or sex in {wanted, None}:
                name = without_genitive(person)
                name = f"{name} {surname}" if surname and " " not in name else name
                people.append((name, wanted is not None and sex is wanted))
    return people


def _persons_of(text: str, match: re.Match[str]) -> list[re.Match[str]]:
    """The names that "and" joins: "Nicola y Rosario Robledo" are two persons."""
    persons = []
    start = match.start()
    for joint in [*re.finditer(r" (?:y|and) ", match[0]), None]:
        end = match.end() if joint is None else match.start() + joint.start()
        if person := NAME.fullmatch(text, start, end):
            persons.append(person)
        start = match.end() if joint is None else match.start() + joint.end()
    return persons


def cited_words(turn: Turn) -> Iterator[str]:
    """What the last answer showed, the surest first; the closest passage if it quoted none."""
    if turn.answer.short:
        yield turn.answer.short
    for citation in turn.answer.citations[:1]:
        if citation.highlight:
            start, end = citation.highlight
            yield citation.quote[start - citation.start : end - citation.start]
        yield citation.quote
    if not turn.answer.citations:
        yield from (hit.text for hit in turn.answer.hits[:1])
