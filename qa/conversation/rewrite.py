"""What a follow-up asks in full: "¿y en Coahuila?" after "¿Cuántas viviendas hay en Sonora?".

Without a language model: `followup` says how a question leans; here what it leans on is put in
its place, from the question before and the words cited for it, or in front of it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.query import Query
from index.text.analysis import analyse
from index.text.folding import fold
from index.text.language import detect
from qa.conversation.entities import NAMES, Gender, cleaned, gender, in_place, named, with_capitals
from qa.conversation.followup import Lean, leans
from qa.conversation.lexicon import Word, bare, content, said, words
from qa.conversation.substitute import (
    OPENING,
    PREPOSITION,
    QUESTION_WORD,
    asked_again,
    counted,
    replaced,
)
from qa.conversation.underspecified import ARTICLES, complement
from qa.search.retriever import LONGEST_QUESTION
from qa.types import Turn

__all__ = ["resolve"]

MOST = 3  # words of its own of a question that may go on about a thing without its name
ENOUGH = 2  # words of its own with which a question needs no more than the name it points at
LONGEST_TOPIC = 200  # characters of an earlier question that are searched for again

_WHO = re.compile(r"\b(?:qui[eé]n(?:es)?|who|whom)\b", re.IGNORECASE)
_WHO_IS = re.compile(rf"\b(?i:qui[eé]n (?:es|era|fue)|who (?:is|was)) ({NAMES.pattern})\W*$")
_PERSON = re.compile(r"(?<!\w)(?:[éÉ]l|el(?=\W*$)|ella|he|she|him)(?!\w)", re.IGNORECASE)
_HIS = re.compile(r"\b(?:his|her)\b(?=\s+\w)", re.IGNORECASE)
# What is asked of people.
_LIVED = re.compile(
    r"\b(naci\w*|estudi\w+|muri\w+|viv(e|ia|io|en)|crecio|se caso|casad[oa]|trabaj(a|o|aba)|dijo|"
    r"dice|escribio|gano|piensa|opina|hij[oa]s?|herman[oa]s?|espos[oa]|edad|born|study|studied|"
    r"die[sd]?|lived?|grow up|grew up|marr(y|ied)|works?|worked|says?|said|writes?|wrote|thinks?|"
    r"won|learn\w*|old is|child|children|wife|husband|brothers?|sisters?)\b"
)
_AN_ARTICLE = r"\b(?:el|la|los|las|the|un|una|an?)\W"
_TELL = re.compile(
    r"^\W*(?:please )?(?:tell me|show me|describe|explain|dime|expl[ií]came|h[aá]blame|cu[eé]ntame)"
    r"(?: more| m[aá]s)?(?: about| de| sobre)?\s+",
    re.IGNORECASE,
)
_THERE = re.compile(r"\b(?:ah[ií]|all[ií]|all[aá]|there)\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|this|that|they|them|these|those|eso|esto|aquello)\b", re.IGNORECASE)
_ITS = re.compile(r"\b(?:its|their)\b", re.IGNORECASE)
_DEFINED = re.compile(
    r"^\W*(?:(?:what|who)(?:'s| is| are| was| were)|(?:please )?tell me (?:more )?about|"
    r"qu[eé] (?:es|son|era|fue)|h[aá]blame de|cu[eé]ntame (?:de|sobre))\s+([^?.,;]+?)\W*$",
    re.IGNORECASE,
)


def resolve(query: Query, history: Sequence[Turn]) -> Query:
    """The question in full, as a query."""
    text = _resolve(query.question, history)
    return query if text == query.question else query.reworded(text)


def _resolve(question: str, history: Sequence[Turn]) -> str:
    """The question to search for: as it is, or in full where it follows up an earlier one.

    Never longer than the longest question that can be searched for.
    """
    turn = next((turn for turn in reversed(history) if content(*_read(turn.question))), None)
    turn = turn or (history[-1] if history else None)
    if turn is None:
        return question
    before = with_capitals(turn.answer.searched_for or turn.question, turn)
    language = detect(question) or detect(before) or "es"
    lean = leans(question, language)
    if lean is Lean.FEW and _elsewhere(question, turn, language):
        return question
    if lean is None and (
        _said_again(question, before, language) or _said_together(question, before, turn, language)
    ):
        lean = Lean.FEW
    if lean is None:
        return question
    full = _in_full(said(question), lean, before, turn, language)
    return full if len(full) <= LONGEST_QUESTION else question


def _read(question: str) -> tuple[list[Word], str]:
    return words(question), detect(question) or "es"


def _in_full(question: str, lean: Lean, before: str, turn: Turn, language: str) -> str:
    if lean in {Lean.PIECE, Lean.FEW}:
        piece = OPENING.sub("", question).strip(" ?¿!¡.,") or question
        full = asked_again(before, piece) or counted(before, piece)
        if full is None and lean is Lean.PIECE:
            full = replaced(before, piece, turn)
        if full:
            return full
    if lean is Lean.PERSON or (lean is Lean.FEW and _LIVED.search(fold(question))):
        person = _person(question, before, turn, lean)
        return _about_person(question, person, before) if person else _together(before, question)
    if lean is Lean.PLACE and (place := _place(before, turn)):
        full = _THERE.sub(f"in {place}" if language == "en" else f"en {place}", question, count=1)
        return full if _own(full, language) > ENOUGH else _together(before, full)
    if lean is Lean.THING and language == "en" and (thing := _DEFINED.search(_topic(before))):
        return _about_thing(question, thing[1].partition("'s ")[0])
    return _together(before, question)


def _said_again(question: str, before: str, language: str) -> bool:
    """Whether "el volcán" is the Tacaná volcano that the question before is about."""
    found = words(question)
    own = content(found, language)
    if len(own) > MOST or any(word.named for word in own) or not named(_topic(before)):
        return False
    topic = set(analyse(_topic(before), language))
    return any(
        article.plain in ARTICLES[language]
        and noun in own
        and topic.issuperset(analyse(noun.text, language))
        for article, noun in pairwise(found)
    )


def _said_together(question: str, before: str, turn: Turn, language: str) -> bool:
    """Whether a short question without a name is about a passage found for the one before.

    "¿Cuánto cuesta la entrada?" after one about a museum: a passage has all of its words, and some
    of the museum's.
    """
    found = words(question)
    own = content(found, language)
    if len(own) != ENOUGH or any(word.named for word in own) or question == question.upper():
        return False
    if detect(before) not in {language, None}:
        return False
    wanted, topic = (set(analyse(text, language)) for text in (question, _topic(before)))
    own_words = set(analyse(" ".join(word.text for word in own), language))
    if own_words & topic or not wanted:
        return False
    passages = (set(analyse(hit.text, language)) for hit in turn.answer.hits)
    return any(own_words <= passage and topic & passage for passage in passages)


def _elsewhere(question: str, turn: Turn, language: str) -> bool:
    """Whether it asks for "los síntomas de la anemia" and nothing found before holds an anaemia."""
    found = words(question)
    thing = complement(found, content(found, language))
    if thing is None or not turn.answer.hits:
        return False
    stems = set(analyse(thing.text, language))
    return not any(stems <= set(analyse(hit.text, language)) for hit in turn.answer.hits)


# What is pointed at


def _person(question: str, before: str, turn: Turn, lean: Lean) -> str | None:
    """The person that a question points at: in the question before, else in the words cited.

    Never a man by "she" or a woman by "he", and after "who" the one who was found.
    """
    if of_whom := _WHO_IS.search(before):
        return of_whom[1]
    whose = bool(_WHO.search(before))
    if lean is Lean.FEW and not whose:
        return None
    wanted = _gender(question)
    asked = _people(before, wanted)
    if not whose and asked:
        return max(asked, key=lambda name: len(name.split()))
    known = {fold(word.text) for word in words(before)}
    for text in _cited(turn):
        names = _people(text, wanted)
        new = [name for name in names if not set(fold(name).split()) & known]
        names = new if whose or wanted else [name for name in names if name not in new] or names
        full = [name for name in names if len(name.split()) > 1]
        if full or names:
            return (full or names)[0]
    return asked[-1] if asked and lean is Lean.PERSON else None


def _gender(question: str) -> Gender | None:
    """Whom its pronoun stands for: a man, a woman, or either."""
    for word in words(question):
        if word.plain in {"ella", "she", "her"}:
            return Gender.SHE
        if word.plain in {"he", "him", "his"} or word.text.lower() == "él":
            return Gender.HE
    return None


def _people(text: str, wanted: Gender | None) -> list[str]:
    """The names in a text that are no place's, and can be of a gender."""
    names = [match for match in named(text) if not in_place(text, match)]
    return [cleaned(name) for name in names if not wanted or gender(text, name) in {wanted, None}]


def _cited(turn: Turn) -> Iterator[str]:
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


def _place(before: str, turn: Turn) -> str | None:
    for text in (before, *_cited(turn)):
        places = [cleaned(match) for match in named(text) if in_place(text, match)]
        if places:
            return places[-1]
    return None


# How it is put together


def _about_person(question: str, person: str, before: str) -> str:
    question = _rest(question)
    full, count = _PERSON.subn(person, question, count=1)
    if not count:
        full, count = _HIS.subn(f"{person}'s", question, count=1)
    if not count:
        end = re.search(r"\W*$", question)
        cut = end.start() if end else len(question)
        full = f"{question[:cut]} {person}{question[cut:]}"
    theirs = [word for word in content(*_read(_topic(before))) if word.plain not in fold(person)]
    own = _own(question, detect(question) or "es")
    if any(map(_WHO.search, (before, question))) or len(theirs) <= 1 or own >= ENOUGH:
        return full
    about = _topic(before).partition(person)[2].strip(" ?.!")
    if re.match(rf"{PREPOSITION}\b", about):
        return f"{full.rstrip(' ?')} {about}?"
    return _together(before, full)


def _about_thing(question: str, thing: str) -> str:
    full, count = _ITS.subn(f"{thing}'s", question, count=1)
    if not count:
        full, count = _IT.subn(thing, question, count=1)
    return full if count else f"{thing}: {question}"


def _own(question: str, language: str) -> int:
    return len(content(words(question), language))


def _rest(question: str) -> str:
    """The question without the "and" that it begins with: "¿Y quién...?" is "¿Quién...?"."""
    opening = OPENING.match(question)
    rest = question[opening.end() :] if opening else question
    if not opening or not any(letter.isalnum() for letter in rest):
        return question
    opened = "¿" if "¿" in opening[0] and "?" in rest else ""
    return opened + rest[0].upper() + rest[1:]


def _topic(before: str) -> str:
    """What an earlier question in full was about: what it put in front, or itself."""
    topic, mark, _ = before.rpartition(": ")
    return topic if mark else before


def _together(before: str, question: str) -> str:
    """What the earlier question was about, then this one: "viviendas en Sonora: ¿cuántas son?"."""
    topic = _topic(before)
    if topic == before:
        asks_again = QUESTION_WORD.fullmatch(question.strip(" ?.!"))
        topic = _things(topic, verb=bool(asks_again))
    return f"{topic[:LONGEST_TOPIC].strip()}: {_rest(question)}"


def _things(question: str, *, verb: bool) -> str:
    """The things that a question names, with or without the verb before them.

    What was asked of them before, "abrió" in "abrió el museo", would only find that again.
    """
    topic = _TELL.sub("", QUESTION_WORD.sub("", question))
    language = detect(topic) or "es"
    kept = [word for word in words(topic) if not bare(word, language)]
    if not kept:
        return topic
    start = kept[0].start
    after = re.compile(rf"\W+{_AN_ARTICLE}", re.IGNORECASE).match(topic, kept[0].end)
    noun = re.search(f"{_AN_ARTICLE}$", topic[:start], re.IGNORECASE) or kept[0].text[0].isupper()
    if not verb and len(kept) > 1 and not noun:
        if after:
            start = after.end()
        elif kept[1].named and kept[1].start == kept[0].end + 1:
            start = kept[1].start
    return topic[start : kept[-1].end]
