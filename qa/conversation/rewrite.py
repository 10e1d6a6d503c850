"""What a follow-up asks in full: "¿y en Coahuila?" after "¿Cuántas viviendas hay en Sonora?".

Without a language model: `followup` says what a question takes from the conversation; here that
is put in its place, or stands as the question's topic, from the question before and the words
cited for it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.query import Query
from index.text.folding import fold
from qa.conversation.antecedents import Antecedent, last_antecedent, mentioned
from qa.conversation.entities import find_names
from qa.conversation.followup import RETURN, FollowUpKind, correction_in, follow_up_kind
from qa.conversation.lexicon import (
    content_words,
    stems,
    tokenize,
    without_acknowledgement,
)
from qa.conversation.pointing import (
    ABOUT,
    HIS,
    OF_A_LIFE,
    PERSON,
    RELATIVE,
    WHO,
    earlier_person,
    person_meant,
    place_meant,
    whose,
)
from qa.conversation.rules import is_enabled, word_list
from qa.conversation.substitute import (
    OPENING,
    PREPOSITION,
    with_condition,
    with_counted_noun,
    with_interrogative,
    with_other_noun,
    with_other_time,
    with_replacement,
)
from qa.conversation.topics import capitalised, with_topic, without_opening
from qa.conversation.underspecified import noun_complement
from qa.search.retriever import LONGEST_QUESTION
from qa.types import Turn

__all__ = ["Resolution", "in_topic", "resolution", "resolve"]

MOST_CONTENT_WORDS = 3  # of a question that may go on about a thing without its name
ENOUGH_CONTENT_WORDS = 2  # with which a question needs no more than the name it points at

_THERE = re.compile(r"\b(?:ah[ií]|all[ií]|all[aá]|there)\b", re.IGNORECASE)
_GOING = re.compile(r"\b(?:lleg|viaj|van?\b|ir\b|vamos)", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|this|that|they|them|these|those|eso|esto|aquello)\b", re.IGNORECASE)
_ITS = re.compile(r"\b(?:its|their)\b", re.IGNORECASE)
_DEFINED = re.compile(
    r"^\W*(?:(?:what|who)(?:'s| is| are| was| were)|(?:please )?tell me (?:more )?about|"
    r"qu[eé] (?:es|son|era|fue)|h[aá]blame de|cu[eé]ntame (?:de|sobre))\s+([^?.,;]+?)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a question asks after others.

    ``query`` is what to search for; ``other`` the same in other words, where it may as well be
    meant so. ``kind`` says what it takes from ``antecedent``, which is None for a first question.
    ``certain``: it says itself what it goes on about.
    """

    query: Query
    kind: FollowUpKind | None = None
    antecedent: Antecedent | None = None
    other: Query | None = None
    certain: bool = False


def resolve(query: Query, history: Sequence[Turn]) -> Query:
    """The question to search for: as it is, or in full where it follows up an earlier one.

    What can be put in its place is; else the topic of the earlier question becomes this one's.
    Never longer than the longest question that can be searched for.
    """
    return resolution(query, history).query


def resolution(query: Query, history: Sequence[Turn]) -> Resolution:
    """The same with what led to it."""
    if not history:
        return Resolution(query, certain=True)
    question = query.question
    back = RETURN.match(question) if is_enabled("return") else None
    correction = correction_in(question) if is_enabled("correction") and not back else None
    if back:
        question = capitalised(back["question"], opened="¿" in question)
        antecedent = mentioned(back["what"], history)
        if antecedent is None:
            new = query.reworded(question, back["what"].strip())
            return Resolution(new, certain=True)
    else:
        wrong = correction["wrong"] if correction else None
        antecedent = (mentioned(wrong, history) if wrong else None) or last_antecedent(history)
    language = query.language or antecedent.language
    kind = _kind(question, antecedent, language, returns=bool(back))
    if kind is None:
        alone = query.reworded(question) if back else query
        return Resolution(alone, None, antecedent, certain=bool(back))
    bare = without_acknowledgement(question)
    full = _in_full(bare, kind, antecedent, language, query, history)
    # Only where nothing of the question before was replaced.
    topical = full.question == without_opening(bare)
    other = _with_other_noun(bare, kind, antecedent, query) if topical else None
    if len(full.text) > LONGEST_QUESTION:
        full = query
    if other is not None and len(other.text) > LONGEST_QUESTION:
        other = None
    return Resolution(full, kind, antecedent, other, certain=bool(back or correction))


def in_topic(query: Query, antecedent: Antecedent) -> Query:
    """A question about what the one before it was about, though no rule says that it is."""
    topical = with_topic(antecedent, query.question, query)
    return topical if len(topical.text) <= LONGEST_QUESTION else query


def _with_other_noun(
    question: str, kind: FollowUpKind, antecedent: Antecedent, query: Query
) -> Query | None:
    """The earlier question about another thing: whether that is meant, the passages must tell."""
    fragment = OPENING.sub("", question).strip(" ?¿!¡.,")
    if kind is not FollowUpKind.FRAGMENT or not fragment:
        return None
    full = with_other_noun(antecedent.question, fragment)
    return query.reworded(full, antecedent.topic) if full else None


def _kind(
    question: str, antecedent: Antecedent, language: str, *, returns: bool
) -> FollowUpKind | None:
    kind = follow_up_kind(question, language)
    if kind is FollowUpKind.ELLIPSIS and _is_elsewhere(question, antecedent, language):
        return None
    if kind is None and (
        returns
        or _names_same_thing(question, antecedent, language)
        or _stands_in_one_passage(question, antecedent, language)
    ):
        return FollowUpKind.ELLIPSIS
    return kind


def _in_full(
    question: str,
    kind: FollowUpKind,
    antecedent: Antecedent,
    language: str,
    query: Query,
    history: Sequence[Turn],
) -> Query:
    """The follow-up with what it takes from before, in its place or as its topic."""
    full = None
    if relative := RELATIVE.search(question) if is_enabled("relative") else None:
        full = _of_relative(question, relative, kind, antecedent, query)
    if full is None and kind in {FollowUpKind.FRAGMENT, FollowUpKind.ELLIPSIS}:
        full = _with_fragment(question, kind, antecedent, query)
    of_a_life = kind is FollowUpKind.ELLIPSIS and OF_A_LIFE.search(fold(question))
    if full is None and (kind is FollowUpKind.PERSON or of_a_life):
        if person := person_meant(question, antecedent, kind):
            full = _of_person(question, person, antecedent, language, query)
        elif person := earlier_person(question, history):
            alone = replace(antecedent, question="", topic=person)
            full = _of_person(question, person, alone, language, query)
    elif full is None and kind is FollowUpKind.PLACE:
        full = _about_place(question, antecedent, language, query)
    elif full is None and kind is FollowUpKind.THING and language == "en":
        full = _about_thing(question, antecedent, query)
    is_fragment = kind is FollowUpKind.FRAGMENT
    return full or with_topic(antecedent, question, query, fragment=is_fragment)


def _of_relative(
    question: str,
    relative: re.Match[str],
    kind: FollowUpKind,
    antecedent: Antecedent,
    query: Query,
) -> Query | None:
    """What is asked of somebody's husband or sister: "¿y su marido?" asks the same of him."""
    person = person_meant(question, antecedent, FollowUpKind.PERSON)
    if person is None:
        return None
    bare = without_opening(question)
    fragment = OPENING.sub("", question).strip(" ?¿!¡.,")
    if fragment == relative[0] and not ABOUT.search(question):
        of_whom = whose(relative, person)
        again = re.sub(re.escape(person), lambda _: of_whom, antecedent.question, count=1)
        if of_whom and again != antecedent.question:
            return query.reworded(again, antecedent.topic)
    return None if kind is FollowUpKind.PERSON else query.reworded(bare, person)


def _with_fragment(
    question: str, kind: FollowUpKind, antecedent: Antecedent, query: Query
) -> Query | None:
    """The earlier question with the fragment in it, or None where it has no place for it."""
    correction = correction_in(question)
    before, turn = antecedent.question, antecedent.turn
    if correction and (wrong := correction["wrong"]):
        full, count = re.subn(rf"(?i)\b{re.escape(wrong)}\b", correction["right"], before)
        return query.reworded(full, antecedent.topic) if count == 1 else None
    fragment = correction["right"] if correction else OPENING.sub("", question)
    fragment = fragment.strip(" ?¿!¡.,") or question
    full_question = (
        with_interrogative(before, fragment)
        or with_counted_noun(before, fragment)
        or with_condition(before, fragment)
        or with_other_time(before, fragment)
    )
    if full_question is None and kind is FollowUpKind.FRAGMENT:
        full_question = with_replacement(before, fragment, turn)
        if full_question is None and antecedent.topic:
            topic = with_replacement(antecedent.topic, fragment, turn)
            return query.reworded(before, topic.strip(" ¿?")) if topic else None
    return query.reworded(full_question, antecedent.topic) if full_question else None


def _names_same_thing(question: str, antecedent: Antecedent, language: str) -> bool:
    """Whether "el volcán" is the Tacaná volcano that the question before is about."""
    if not is_enabled("same-thing"):
        return False
    words = tokenize(question)
    content = content_words(words, language)
    named = any(word.is_name for word in content)
    subject = antecedent.topic or antecedent.question
    if len(content) > MOST_CONTENT_WORDS or named or not find_names(subject):
        return False
    topic = stems(subject, language)
    return any(
        article.plain in word_list("articles", language)
        and noun in content
        and topic.issuperset(stems(noun.text, language))
        for article, noun in pairwise(words)
    )


def _stands_in_one_passage(question: str, antecedent: Antecedent, language: str) -> bool:
    """Whether a short question without a name is about a passage found for the one before.

    "¿Cuánto cuesta la entrada?" after one about a museum: a passage has all of its words, and some
    of the museum's.
    """
    if not is_enabled("same-passage") or antecedent.language != language:
        return False
    words = tokenize(question)
    content = content_words(words, language)
    named = any(word.is_name for word in content) or question == question.upper()
    if len(content) != ENOUGH_CONTENT_WORDS or named:
        return False
    topic = stems(antecedent.topic or antecedent.question, language)
    wanted = stems(" ".join(word.text for word in content), language)
    between = question[content[0].end : content[1].start].split()
    complement = between in (["de"], ["of"])  # "la aceituna de mesa" says which
    if wanted & topic or not wanted or complement:
        return False
    passages = (stems(hit.text, language) for hit in antecedent.turn.answer.hits)
    return any(wanted <= passage and topic & passage for passage in passages)


def _is_elsewhere(question: str, antecedent: Antecedent, language: str) -> bool:
    """Whether it asks for "los síntomas de la anemia" and nothing found before holds an anaemia."""
    words = tokenize(question)
    thing = noun_complement(words, content_words(words, language))
    hits = antecedent.turn.answer.hits
    if not is_enabled("found-elsewhere") or thing is None or not hits:
        return False
    wanted = stems(thing.text, language)
    return not any(wanted <= stems(hit.text, language) for hit in hits)


# How it is put together


def _of_person(
    question: str, person: str, antecedent: Antecedent, language: str, query: Query
) -> Query:
    """What is asked of a person; "¿y él?" asks the earlier question of another one."""
    if PERSON.fullmatch(OPENING.sub("", question).strip(" ?¿!¡.,")):
        again = with_replacement(antecedent.question, person, antecedent.turn)
        if again:
            return query.reworded(again, antecedent.topic)
    return _about_person(question, person, antecedent, language, query)


def _about_person(
    question: str, person: str, antecedent: Antecedent, language: str, query: Query
) -> Query:
    question = without_opening(question)
    full, count = PERSON.subn(person, question, count=1)
    full = _asking_first(full, person)
    if not count:
        full, count = HIS.subn(f"{person}'s", question, count=1)
    if not count:
        end = re.search(r"\W*$", question)
        cut = end.start() if end else len(question)
        full = f"{question[:cut]} {person}{question[cut:]}"
    subject = antecedent.topic or antecedent.question
    others = [
        word
        for word in content_words(tokenize(subject), antecedent.language)
        if word.plain not in fold(person)
    ]
    asks_who = any(map(WHO.search, (antecedent.text, question)))
    enough = _count_content(question, language) >= ENOUGH_CONTENT_WORDS
    if asks_who or len(others) <= 1 or enough:
        return query.reworded(full, "")
    complement = subject.partition(person)[2].strip(" ?.!")
    if re.match(rf"{PREPOSITION}\b", complement):
        return query.reworded(f"{full.rstrip(' ?')} {complement}?", "")
    return with_topic(antecedent, full, query)


_NAME_FIRST = r"^¿?{} (?P<rest>(?:(?:a|de|en|con|por|para|desde|hasta) )?{}.+?)\W*$"
_ASKING = r"(?:qué|quién(?:es)?|cuándo|cuánt[oa]s?|cómo|a?dónde|cuál(?:es)?)\b"


def _asking_first(question: str, person: str) -> str:
    """ "¿Cuándo murió Eva Gil?" for "¿Eva Gil cuándo murió?"."""
    named = re.match(_NAME_FIRST.format(re.escape(person), _ASKING), question, re.IGNORECASE)
    return capitalised(f"{named['rest']} {person}?", opened=True) if named else question


def _about_place(
    question: str, antecedent: Antecedent, language: str, query: Query
) -> Query | None:
    place = place_meant(antecedent)
    if place is None:
        return None
    preposition = "in" if language == "en" else "a" if _GOING.search(question) else "en"
    full = _THERE.sub(f"{preposition} {place}", question, count=1)
    same = fold(place) == fold(antecedent.topic)
    enough = same or _count_content(full, language) > ENOUGH_CONTENT_WORDS
    return query.reworded(full, "") if enough else with_topic(antecedent, full, query)


def _about_thing(question: str, antecedent: Antecedent, query: Query) -> Query | None:
    defined = _DEFINED.search(antecedent.topic or antecedent.question)
    if defined is None:
        return None
    thing = defined[1].partition("'s ")[0]
    full, count = _ITS.subn(f"{thing}'s", question, count=1)
    if not count:
        full, count = _IT.subn(thing, question, count=1)
    return query.reworded(full, "") if count else query.reworded(question, thing)


def _count_content(question: str, language: str) -> int:
    return len(content_words(tokenize(question), language))
