"""What a follow-up asks in full: "¿y en Coahuila?" after "¿Cuántas viviendas hay en Sonora?".

Without a language model: `qa.followup` says how a question leans; here what it leans on is put in
its place, from the question before and the words cited for it, or in front of it.
"""

import re
from collections.abc import Iterator, Sequence

from index.language import detect
from index.lexical import analyse
from qa.followup import Lean, leans
from qa.names import MONTH, NAMES, YEAR, as_cited, dated, in_place, named, with_capitals
from qa.retriever import LONGEST_QUESTION
from qa.types import Turn
from qa.wording import Word, bare, content, plain, said, words

__all__ = ["resolve"]

ENOUGH = 2  # words of its own with which a question needs no more than the name it points at
LONGEST_TOPIC = 200  # characters of an earlier question that are searched for again

_OPENING = re.compile(
    r"^\W*(?:(?:y|e|and|but|pero|entonces|so|then)\b|(?:what|how) about\b|qu[eé] (?:hay|pasa) "
    r"(?:de|con)\b|qu[eé] tal\b)\W*",
    re.IGNORECASE,
)
_PREPOSITION = r"(en|in|at|para|for|de|del|of|con|with|sobre|about|por|by|from|desde|durante)"
_WHO = re.compile(r"\b(?:qui[eé]n(?:es)?|who|whom)\b", re.IGNORECASE)
_PERSON = re.compile(r"(?<!\w)(?:[éÉ]l|el(?=\W*$)|ella|he|she|him)(?!\w)", re.IGNORECASE)
_HIS = re.compile(r"\b(?:his|her)\b(?=\s+\w)", re.IGNORECASE)
_THERE = re.compile(r"\b(?:ah[ií]|all[ií]|all[aá]|there)\b", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|this|that|they|them|these|those|eso|esto|aquello)\b", re.IGNORECASE)
_ITS = re.compile(r"\b(?:its|their)\b", re.IGNORECASE)
_DEFINED = re.compile(
    r"^\W*(?:(?:what|who)(?:'s| is| are| was| were)|(?:please )?tell me (?:more )?about|"
    r"qu[eé] (?:es|son|era|fue)|h[aá]blame de|cu[eé]ntame (?:de|sobre))\s+([^?.,;]+?)\W*$",
    re.IGNORECASE,
)


def resolve(question: str, history: Sequence[Turn]) -> str:
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
    if lean is None and _said_together(question, before, turn, language):
        lean = Lean.FEW
    if lean is None:
        return question
    full = _in_full(said(question), lean, before, turn, language)
    return full if len(full) <= LONGEST_QUESTION else question


def _read(question: str) -> tuple[list[Word], str]:
    return words(question), detect(question) or "es"


def _in_full(question: str, lean: Lean, before: str, turn: Turn, language: str) -> str:
    if lean is Lean.PIECE:
        piece = _OPENING.sub("", question).strip(" ?¿!¡.,") or question
        replaced = _replaced(before, piece, turn)
        return replaced or _together(before, question)
    if lean in {Lean.PERSON, Lean.FEW} and (person := _person(before, turn, lean)):
        return _about_person(question, person, before, language)
    if lean is Lean.PLACE and (place := _place(before, turn)):
        full = _THERE.sub(f"in {place}" if language == "en" else f"en {place}", question, count=1)
        return full if _own(full, language) > ENOUGH else _together(before, full)
    if lean is Lean.THING and language == "en" and (thing := _DEFINED.search(_topic(before))):
        return _about_thing(question, thing[1])
    return _together(before, question)


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


# What kind of thing is replaced by what


def _replaced(before: str, piece: str, turn: Turn) -> str | None:
    """The earlier question with a year, a month, a place or a name put in place of its own."""
    full = before
    for kind in (YEAR, MONTH):
        new, old = kind.findall(piece), kind.findall(full)
        if len(new) == len(old) == 1 and plain(new[0]) != "may":
            full = full.replace(old[0], new[0])
            piece = kind.sub("", piece)
    rest = re.sub(r"^(?:\W*(?:en|in|de|del|of|el|la|the)\b)+\W*$", "", piece).strip(" ,")
    if not rest:
        return full if full != before else None
    match = re.match(rf"{_PREPOSITION}\s+(?:(?:el|la|los|las|the)\s+)?(.+)$", rest, re.IGNORECASE)
    full_again = (
        _same_place(full, match[1], match[2], turn) if match else _same_name(full, rest, turn)
    )
    if full_again is None and full != before:
        return f"{full.rstrip(' ?')} {rest}?"
    return full_again


def _same_place(before: str, preposition: str, new: str, turn: Turn) -> str | None:
    same = {"en": "en|in", "in": "en|in|at", "del": "de|del", "de": "de|del"}
    like = same.get(preposition.lower(), re.escape(preposition.lower()))
    before_it = rf"(?i:\b(?:{like})\s+(?:(?:el|la|los|las|the)\s+)?)"
    olds = list(re.finditer(rf"{before_it}({NAMES.pattern})", before))
    if not olds:  # typed in lower case
        end = r"(?=\W*$| (?:en|in)\b)"
        olds = list(re.finditer(rf"{before_it}([^\W\d_]\w*){end}", before))
    if len(olds) != 1 or dated(olds[0][1]) or dated(new):
        return None
    return before[: olds[0].start(1)] + as_cited(new, turn) + before[olds[0].end(1) :]


def _same_name(before: str, new: str, turn: Turn) -> str | None:
    """A name for the only name of the earlier question that is not a place."""
    new = re.sub(r"^(?:el|la|los|las|the|a|al|de|del)\s+(?=[A-ZÁÉÍÓÚÑ])", "", new)
    new = as_cited(new, turn)
    if not NAMES.fullmatch(new):
        return None
    olds = [match for match in named(before) if not in_place(before, match)]
    if len(olds) != 1:
        return None
    return before[: olds[0].start()] + new + before[olds[0].end() :]


# What is pointed at


def _person(before: str, turn: Turn, lean: Lean) -> str | None:
    """The person that a question points at: in the question before, else in the words cited."""
    asked = [match[0] for match in named(before) if not in_place(before, match)]
    whose = bool(_WHO.search(before))
    if lean is Lean.FEW and not whose:
        return None
    if not whose and asked:
        return max(asked, key=lambda name: len(name.split()))
    known = {plain(word.text) for word in words(before)}
    for text in _cited(turn):
        names = [match[0] for match in named(text, all_of_it=True)]
        if not whose:  # typed in lower case: what the passages write in capitals is a name
            names = [name for name in names if set(plain(name).split()) & known] or names
        else:
            names = [name for name in names if not set(plain(name).split()) & known]
        full = [name for name in names if len(name.split()) > 1]
        if full or names:
            return (full or names)[0]
    return asked[-1] if asked and lean is Lean.PERSON else None


def _cited(turn: Turn) -> Iterator[str]:
    if turn.answer.short:
        yield turn.answer.short
    for citation in turn.answer.citations[:1]:
        if citation.highlight:
            start, end = citation.highlight
            yield citation.quote[start - citation.start : end - citation.start]
        yield citation.quote


def _place(before: str, turn: Turn) -> str | None:
    for text in (before, *_cited(turn)):
        places = [match[0] for match in named(text) if in_place(text, match)]
        if places:
            return places[-1]
    return None


# How it is put together


def _about_person(question: str, person: str, before: str, language: str) -> str:
    question = _OPENING.sub("", question).strip()
    full, count = _PERSON.subn(person, question, count=1)
    if not count:
        full, count = _HIS.subn(f"{person}'s", question, count=1)
    if not count:
        end = re.search(r"\W*$", question)
        cut = end.start() if end else len(question)
        full = f"{question[:cut]} {person}{question[cut:]}"
    theirs = [word for word in content(*_read(_topic(before))) if word.plain not in plain(person)]
    if _WHO.search(before) or len(theirs) <= 1 or _own(question, language) >= ENOUGH:
        return _capital(full)
    about = _topic(before).partition(person)[2].strip(" ?.!")
    if re.match(rf"{_PREPOSITION}\b", about):
        return _capital(f"{full.rstrip(' ?')} {about}?")
    return _together(before, full)


def _about_thing(question: str, thing: str) -> str:
    full, count = _ITS.subn(f"{thing}'s", question, count=1)
    if not count:
        full, count = _IT.subn(thing, question, count=1)
    return full if count else f"{thing}: {question}"


def _own(question: str, language: str) -> int:
    return len(content(words(question), language))


def _capital(question: str) -> str:
    return re.sub(r"\w", lambda letter: letter[0].upper(), question, count=1)


def _topic(before: str) -> str:
    """What an earlier question in full was about: what it put in front, or itself."""
    topic, mark, _ = before.rpartition(": ")
    return topic if mark else before


def _together(before: str, question: str) -> str:
    """What the earlier question was about, then this one: "viviendas en Sonora: ¿cuántas son?"."""
    topic = _topic(before)
    language = detect(topic) or "es"
    kept = [word for word in words(topic) if not bare(word, language)]
    if kept:
        first = kept[0].start
        if _own(question, detect(question) or language):
            first = _thing(topic, kept, first)
        topic = topic[first : kept[-1].end]
    return f"{topic[:LONGEST_TOPIC].strip()}: {_OPENING.sub('', question).strip() or question}"


def _thing(topic: str, kept: Sequence[Word], start: int) -> int:
    """Where the thing begins that a question with a verb of its own goes on about.

    What was asked of it before, "abrió" in "abrió el museo", would only find that again.
    """
    article = re.compile(r"\W+(?:(?:el|la|los|las|the|un|una|an?)\W+)", re.IGNORECASE)
    after = article.match(topic, kept[0].end)
    if len(kept) > 1 and not kept[0].named:
        if after:
            return after.end()
        if kept[1].named and kept[1].start == kept[0].end + 1:
            return kept[1].start
    return start
