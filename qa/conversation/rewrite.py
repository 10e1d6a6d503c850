"""What a follow-up asks in full: "¿y en Coahuila?" after "¿Cuántas viviendas hay en Sonora?".

Without a language model: `followup` says what a question takes from the conversation; here that
is put in its place, or stands as the question's topic, from the question before and the words
cited for it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.query import Query
from index.text.folding import fold
from qa.conversation.entities import (
    NAME,
    Gender,
    find_names,
    gender,
    is_of_thing,
    is_person,
    is_place,
    with_capitals,
    without_genitive,
)
from qa.conversation.followup import RETURN, FollowUpKind, correction_in, follow_up_kind
from qa.conversation.lexicon import (
    content_words,
    is_function_word,
    stems,
    tokenize,
    without_acknowledgement,
)
from qa.conversation.rules import LANGUAGES, is_enabled, word_list
from qa.conversation.substitute import (
    OPENING,
    PREPOSITION,
    QUESTION_WORD,
    with_counted_noun,
    with_interrogative,
    with_replacement,
)
from qa.conversation.underspecified import noun_complement
from qa.search.retriever import LONGEST_QUESTION
from qa.types import Turn

__all__ = ["resolve"]

MOST_CONTENT_WORDS = 3  # of a question that may go on about a thing without its name
ENOUGH_CONTENT_WORDS = 2  # with which a question needs no more than the name it points at
LONGEST_TOPIC = 200  # characters of an earlier question that are searched for again

_WHO = re.compile(r"\b(?:qui[eé]n(?:es)?|who|whom)\b", re.IGNORECASE)
_WHO_IS = re.compile(rf"\b(?i:qui[eé]n (?:es|era|fue)|who (?:is|was)) ({NAME.pattern})\W*$")
_PERSON = re.compile(r"(?<!\w)(?:[éÉ]l|el(?=\W*$)|ella|he|she|him)(?!\w)", re.IGNORECASE)
_HIS = re.compile(r"\b(?:his|her)\b(?=\s+\w)", re.IGNORECASE)
# What is asked of people.
_OF_A_LIFE = re.compile(
    r"\b(naci\w*|estudi\w+|muri\w+|viv(e|ia|io|en)|crecio|se caso|casad[oa]|trabaj(a|o|aba)|dijo|"
    r"dice|escribio|gano|piensa|opina|hij[oa]s?|herman[oa]s?|espos[oa]|edad|born|study|studied|"
    r"die[sd]?|lived?|grow up|grew up|marr(y|ied)|works?|worked|says?|said|writes?|wrote|thinks?|"
    r"won|learn\w*|old is|child|children|wife|husband|brothers?|sisters?)\b"
)
_AN_ARTICLE = r"\b(?:el|la|los|las|the|un|una|an?|del|al)\W"
_TELL = re.compile(
    r"^\W*(?:please )?(?:tell me|show me|describe|explain|dime|expl[ií]ca(?:me)?|h[aá]blame|"
    r"cu[eé]ntame|(?:re)?s[uú]m(?:e|eme|ir)|sintetiza|summari[sz]e|sum up|"
    r"(?:(?:haz(?:me)?|dame|quiero|give me|make|i (?:want|need)) )?(?:un |a |the )?"
    r"(?:\w+ )?(?:resumen|summary|overview))"
    r"(?: more| m[aá]s| breve| corto)?(?: about| de| del| of| sobre)?\s+",
    re.IGNORECASE,
)
_THERE = re.compile(r"\b(?:ah[ií]|all[ií]|all[aá]|there)\b", re.IGNORECASE)
_GOING = re.compile(r"\b(?:lleg|viaj|van?\b|ir\b|vamos)", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|this|that|they|them|these|those|eso|esto|aquello)\b", re.IGNORECASE)
_ITS = re.compile(r"\b(?:its|their)\b", re.IGNORECASE)
_DEFINED = re.compile(
    r"^\W*(?:(?:what|who)(?:'s| is| are| was| were)|(?:please )?tell me (?:more )?about|"
    r"qu[eé] (?:es|son|era|fue)|h[aá]blame de|cu[eé]ntame (?:de|sobre))\s+([^?.,;]+?)\W*$",
    re.IGNORECASE,
)
_ASKING_AGAIN = re.compile(r"[,\s]*¿")


@dataclass(frozen=True, slots=True)
class _Antecedent:
    """The earlier turn that a follow-up goes on from.

    ``question`` is what it asked, in full, and ``topic`` what it had itself left out; both are
    empty after the summary of a document.
    """

    turn: Turn
    question: str
    topic: str

    @property
    def text(self) -> str:
        return f"{self.topic}: {self.question}" if self.topic else self.question

    @property
    def language(self) -> str:
        return _language_of(self.turn)


def resolve(query: Query, history: Sequence[Turn]) -> Query:
    """The question to search for: as it is, or in full where it follows up an earlier one.

    What can be put in its place is; else the topic of the earlier question becomes this one's.
    Never longer than the longest question that can be searched for.
    """
    if not history:
        return query
    question = query.question
    back = RETURN.match(question) if is_enabled("return") else None
    if back:
        question = _capitalised(back["question"], opened="¿" in question)
        mentioned = _mentioned(back["what"], history)
        if mentioned is None:
            return query.reworded(question, back["what"].strip())
        antecedent = mentioned
    else:
        correction = correction_in(question) if is_enabled("correction") else None
        wrong = correction["wrong"] if correction else None
        antecedent = (_mentioned(wrong, history) if wrong else None) or _last(history)
    language = query.language or antecedent.language
    kind = _kind(question, antecedent, language, returns=bool(back))
    if kind is None:
        return query.reworded(question) if back else query
    full = _in_full(without_acknowledgement(question), kind, antecedent, language, query)
    return full if len(full.text) <= LONGEST_QUESTION else query


def _last(history: Sequence[Turn]) -> _Antecedent:
    """The last turn that was about something."""
    for turn in reversed(history):
        if _is_summary(turn):
            return _Antecedent(turn, "", "")
        if turn is not history[0] and _goes_on(turn):
            continue
        if content_words(tokenize(turn.question), _language_of(turn)):
            return _antecedent(turn)
    return _antecedent(history[-1])


def _goes_on(turn: Turn) -> bool:
    """Whether a question was searched for as it was, but began with "and" and names nothing.

    "¿Y el proyecto qué extensión tiene?" is about what was spoken of before.
    """
    words = tokenize(turn.question)
    lower = turn.question == turn.question.lower()  # a name would not show
    opens = bool(words) and not lower and words[0].plain in word_list("openings")
    as_asked = fold(turn.answer.searched_for) == fold(turn.question)
    return opens and as_asked and not any(word.is_name for word in words)


def _language_of(turn: Turn) -> str:
    """The language of an earlier answer; a program may have given it another one."""
    language = turn.answer.language
    return language if language in LANGUAGES else "es"


def _is_summary(turn: Turn) -> bool:
    """Whether an answer quotes how a document begins: what it is about then stands at the end."""
    topic = turn.answer.topic
    return bool(topic) and turn.answer.searched_for.endswith(f": {topic}")


def _antecedent(turn: Turn) -> _Antecedent:
    """The turn with its question and topic, as they were spelt when they were searched for."""
    searched = turn.answer.searched_for or turn.question
    words, count = tokenize(searched), len(tokenize(turn.answer.topic))
    if not 0 < count < len(words):
        return _Antecedent(turn, with_capitals(searched, turn), "")
    end = words[count - 1].end
    question = searched[end:].partition(": ")[2]
    return _Antecedent(turn, with_capitals(question, turn), searched[:end])


def _mentioned(what: str, history: Sequence[Turn]) -> _Antecedent | None:
    """The last turn whose question holds these words; None where they name something new."""
    language = _language_of(history[-1])
    wanted = [stems(word.text, language) for word in content_words(tokenize(what), language)]
    earlier = [_antecedent(turn) for turn in reversed(history)] if wanted else []
    for texts in (
        [antecedent.question for antecedent in earlier],
        [antecedent.text for antecedent in earlier],
    ):
        for antecedent, text in zip(earlier, texts, strict=True):
            if all(word <= stems(text, language) for word in wanted):
                return antecedent
    sought = _gender(what)
    for turn in reversed(history):
        if sought and _people(turn.answer.searched_for, sought):
            return _antecedent(turn)
    return None if wanted else _last(history)


def _kind(
    question: str, antecedent: _Antecedent, language: str, *, returns: bool
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
    question: str, kind: FollowUpKind, antecedent: _Antecedent, language: str, query: Query
) -> Query:
    """The follow-up with what it takes from before, in its place or as its topic."""
    full = None
    if kind in {FollowUpKind.FRAGMENT, FollowUpKind.ELLIPSIS}:
        full = _with_fragment(question, kind, antecedent, query)
    of_a_life = kind is FollowUpKind.ELLIPSIS and _OF_A_LIFE.search(fold(question))
    if full is None and (kind is FollowUpKind.PERSON or of_a_life):
        if person := _person(question, antecedent, kind):
            full = _of_person(question, person, antecedent, language, query)
    elif full is None and kind is FollowUpKind.PLACE:
        full = _about_place(question, antecedent, language, query)
    elif full is None and kind is FollowUpKind.THING and language == "en":
        full = _about_thing(question, antecedent, query)
    is_fragment = kind is FollowUpKind.FRAGMENT
    return full or _with_topic(antecedent, question, query, fragment=is_fragment)


def _with_fragment(
    question: str, kind: FollowUpKind, antecedent: _Antecedent, query: Query
) -> Query | None:
    """The earlier question with the fragment in it, or None where it has no place for it."""
    correction = correction_in(question)
    before, turn = antecedent.question, antecedent.turn
    if correction and (wrong := correction["wrong"]):
        full, count = re.subn(rf"(?i)\b{re.escape(wrong)}\b", correction["right"], before)
        return query.reworded(full, antecedent.topic) if count == 1 else None
    fragment = correction["right"] if correction else OPENING.sub("", question)
    fragment = fragment.strip(" ?¿!¡.,") or question
    full_question = with_interrogative(before, fragment) or with_counted_noun(before, fragment)
    if full_question is None and kind is FollowUpKind.FRAGMENT:
        full_question = with_replacement(before, fragment, turn)
        if full_question is None and antecedent.topic:
            topic = with_replacement(antecedent.topic, fragment, turn)
            return query.reworded(before, topic.strip(" ¿?")) if topic else None
    return query.reworded(full_question, antecedent.topic) if full_question else None


def _names_same_thing(question: str, antecedent: _Antecedent, language: str) -> bool:
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


def _stands_in_one_passage(question: str, antecedent: _Antecedent, language: str) -> bool:
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


def _is_elsewhere(question: str, antecedent: _Antecedent, language: str) -> bool:
    """Whether it asks for "los síntomas de la anemia" and nothing found before holds an anaemia."""
    words = tokenize(question)
    thing = noun_complement(words, content_words(words, language))
    hits = antecedent.turn.answer.hits
    if not is_enabled("found-elsewhere") or thing is None or not hits:
        return False
    wanted = stems(thing.text, language)
    return not any(wanted <= stems(hit.text, language) for hit in hits)


# Who or what is meant


def _person(question: str, antecedent: _Antecedent, kind: FollowUpKind) -> str | None:
    """The person that a question points at: in the question before, else in the words cited.

    Never a man by "she" or a woman by "he", and after "who" the one who was found.
    """
    before = antecedent.text
    wanted = _gender(question)
    if (of_whom := _WHO_IS.search(before)) and _may_be(before, of_whom[1], wanted):
        return of_whom[1]
    asks_who = bool(_WHO.search(before))
    if kind is FollowUpKind.ELLIPSIS and not asks_who:
        return None
    asked = _people(before, wanted)
    certain = [name for name, sure in asked if sure]
    if not asks_who and (certain or (asked and not wanted)):
        return max(certain or [name for name, _ in asked], key=lambda name: len(name.split()))
    asked_words = {fold(word.text) for word in tokenize(before)}
    cited = [
        (name, sure) for text in _cited(antecedent.turn) for name, sure in _people(text, wanted)
    ]
    new = [pair for pair in cited if not set(fold(pair[0]).split()) <= asked_words]
    candidates = new if asks_who else new or cited
    if wanted and any(sure for _, sure in candidates):
        candidates = [pair for pair in candidates if pair[1]]
    elif asked and not asks_who:
        return max((name for name, _ in asked), key=lambda name: len(name.split()))
    full = [name for name, _ in candidates if len(name.split()) > 1]
    if full or candidates:
        return (full or [name for name, _ in candidates])[0]
    return asked[-1][0] if asked and kind is FollowUpKind.PERSON else None


def _may_be(text: str, name: str, wanted: Gender | None) -> bool:
    """Whether a name in a text is not that of a person of the other gender."""
    match = re.search(re.escape(name), text)
    return match is None or wanted is None or gender(text, match) in {wanted, None}


def _gender(question: str) -> Gender | None:
    """Whom its pronoun stands for: a man, a woman, or either."""
    for word in tokenize(question):
        if word.plain in {"ella", "she", "her"}:
            return Gender.SHE
        if word.plain in {"he", "him", "his"} or word.text.lower() == "él":
            return Gender.HE
    return None


def _people(text: str, wanted: Gender | None) -> list[tuple[str, bool]]:
    """The names of a text that a person of a gender may have, each with whether that is certain.

    Without a gender wanted, none is certain.
    """
    people = []
    for match in find_names(text):
        if is_place(text, match) or is_of_thing(text, match) or not is_person(match[0]):
            continue
        for person in _persons_of(text, match):
            sex = gender(text, person)
            if not wanted or sex in {wanted, None}:
                people.append((without_genitive(person), wanted is not None and sex is wanted))
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


def _place(antecedent: _Antecedent) -> str | None:
    for text in (antecedent.text, *_cited(antecedent.turn)):
        places = [without_genitive(match) for match in find_names(text) if is_place(text, match)]
        if places:
            return places[-1]
    names = find_names(antecedent.text)
    return without_genitive(names[-1]) if names else None


# How it is put together


def _of_person(
    question: str, person: str, antecedent: _Antecedent, language: str, query: Query
) -> Query:
    """What is asked of a person; "¿y él?" asks the earlier question of another one."""
    if _PERSON.fullmatch(OPENING.sub("", question).strip(" ?¿!¡.,")):
        again = with_replacement(antecedent.question, person, antecedent.turn)
        if again:
            return query.reworded(again, antecedent.topic)
    return _about_person(question, person, antecedent, language, query)


def _about_person(
    question: str, person: str, antecedent: _Antecedent, language: str, query: Query
) -> Query:
    question = _without_opening(question)
    full, count = _PERSON.subn(person, question, count=1)
    if not count:
        full, count = _HIS.subn(f"{person}'s", question, count=1)
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
    asks_who = any(map(_WHO.search, (antecedent.text, question)))
    enough = _count_content(question, language) >= ENOUGH_CONTENT_WORDS
    if asks_who or len(others) <= 1 or enough:
        return query.reworded(full, "")
    complement = subject.partition(person)[2].strip(" ?.!")
    if re.match(rf"{PREPOSITION}\b", complement):
        return query.reworded(f"{full.rstrip(' ?')} {complement}?", "")
    return _with_topic(antecedent, full, query)


def _about_place(
    question: str, antecedent: _Antecedent, language: str, query: Query
) -> Query | None:
    place = _place(antecedent)
    if place is None:
        return None
    preposition = "in" if language == "en" else "a" if _GOING.search(question) else "en"
    full = _THERE.sub(f"{preposition} {place}", question, count=1)
    enough = _count_content(full, language) > ENOUGH_CONTENT_WORDS
    return query.reworded(full) if enough else _with_topic(antecedent, full, query)


def _about_thing(question: str, antecedent: _Antecedent, query: Query) -> Query | None:
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


def _without_opening(question: str) -> str:
    """The question without the "and" that it begins with: "¿Y quién...?" is "¿Quién...?"."""
    opening = OPENING.match(question)
    rest = question[opening.end() :] if opening else question
    if not opening or not any(letter.isalnum() for letter in rest):
        return question
    return _capitalised(rest, opened="¿" in opening[0])


def _capitalised(question: str, *, opened: bool) -> str:
    mark = "¿" if opened and "?" in question and not question.startswith("¿") else ""
    first = 1 if question.startswith("¿") else 0
    return mark + question[:first] + question[first : first + 1].upper() + question[first + 1 :]


def _with_topic(
    antecedent: _Antecedent, question: str, query: Query, *, fragment: bool = False
) -> Query:
    """The question, with what the earlier one was about as its topic.

    A fragment needs all of it: what is asked of "la memoria" stands in the question before.
    """
    topic = antecedent.topic
    if not topic and antecedent.question:
        asks_again = QUESTION_WORD.fullmatch(question.strip(" ?.!"))
        topic = _things(antecedent, verb=bool(asks_again), whole=fragment)
    return query.reworded(_without_opening(question), topic[:LONGEST_TOPIC].strip(" ¿?,"))


def _things(antecedent: _Antecedent, *, verb: bool, whole: bool) -> str:
    """The things that a question names, with or without the verb before them.

    What was asked of them before, "abrió" in "abrió el museo", would only find that again.
    """
    question = antecedent.question
    language = antecedent.language
    aside = _ASKING_AGAIN.search(question, 1)  # "Ayer Elena Ruiz ¿cuánto cobró?" is about her
    if aside and (names := find_names(question[: aside.start()])):
        return names[-1][0]
    if aside and 0 < len(tokenize(question[: aside.start()])) <= 5:  # "Artículo 31: ¿a qué hora?"
        rest = replace(antecedent, question=question[aside.end() - 1 :].replace("¿", " ").strip())
        head = question[: aside.start()].strip(" ,:;¿")
        return f"{head}, {_things(rest, verb=verb, whole=whole)}"
    topic = _TELL.sub("", QUESTION_WORD.sub("", question))
    kept = [word for word in tokenize(topic) if not is_function_word(word, language)]
    if not kept:
        return topic
    start = kept[0].start
    article = re.compile(rf"\W+{_AN_ARTICLE}", re.IGNORECASE)
    after = article.match(topic, kept[0].end)
    noun = re.search(f"{_AN_ARTICLE}$", topic[:start], re.IGNORECASE) or kept[0].text[0].isupper()
    if not verb and len(kept) > 1 and not noun:
        if after:
            start = after.end()
        elif kept[1].is_name and kept[1].start == kept[0].end + 1:
            start = kept[1].start
        elif not whole and len(kept) > 2 and kept[1].start == kept[0].end + 1:
            # "Hora abre el aula", "altura tiene Peñaclara"
            after = article.match(topic, kept[1].end)
            if after:
                start = after.end()
            elif kept[2].is_name and kept[2].start == kept[1].end + 1:
                start = kept[2].start
    return topic[start : kept[-1].end]
