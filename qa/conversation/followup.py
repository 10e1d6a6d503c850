"""Which questions follow up an earlier one: recognised by their words, in Spanish and English.

A question follows up when it points ("¿qué respondió él?", "when was that?"), when it is a
fragment ("¿y en Coahuila?", "why?"), or when too few of its words say what it is about
("¿cuántos fueron?"). A question that names its own topic stands alone. The rows "followups" of
`qa.conversation.data` describe the rules; those without a pattern are the functions below.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa.conversation.lexicon import (
    Word,
    content_words,
    function_words,
    tokenize,
    without_acknowledgement,
)
from qa.conversation.rules import is_enabled, word_list
from qa.conversation.underspecified import is_definition, is_underspecified

__all__ = ["RETURN", "FollowUpKind", "correction_in", "follow_up_kind"]

RETURN = re.compile(
    r"^\W*(?:volviendo|regresando|retomando|volvamos|vuelvo|(?:going |getting )?back|returning)"
    r"(?: a| to| con)?l? (?P<what>[^,:;¿?]+)[,:;]\s*(?P<question>.+)$",
    re.IGNORECASE,
)
LONGEST_CORRECTION = 300  # characters; a longer message corrects nothing
_CORRECTION = re.compile(
    r"^\W*(?:(?:no|perd[oó]n|perdona|disculpa|sorry|oops|nope|wait)\W+)*"
    r"(?:me refer[ií]a a(?: que)?|me refiero a|quise decir|quer[ií]a decir|quiero decir|digo|"
    r"hablo de|hablaba de|preguntaba por|pregunto por|i meant?|i was (?:asking|talking) about)"
    r"\s+(?P<right>.+?)(?:,? (?:y |and )?(?:no|not) (?P<wrong>.+?))?\W*$",
    re.IGNORECASE,
)


def correction_in(question: str) -> re.Match[str] | None:
    """What a message says was meant, as "no, me refería a la de Toledo"; None for any other."""
    return _CORRECTION.match(question) if len(question) <= LONGEST_CORRECTION else None


class FollowUpKind(StrEnum):
    """What a question takes from the conversation before it."""

    PERSON = "person"  # he, her, él, ella
    PLACE = "place"  # there, ahí
    THING = "thing"  # it, their, eso, su
    FRAGMENT = "fragment"  # and in 2019?
    ELLIPSIS = "ellipsis"  # what happened?


@dataclass(frozen=True, slots=True)
class _Question:
    text: str
    words: tuple[Word, ...]
    content: list[Word]
    language: str

    def plain(self, place: int) -> str:
        """The word at a place, in lower case without accents; "" where there is none."""
        return self.words[place].plain if 0 <= place < len(self.words) else ""

    def listed(self, name: str) -> frozenset[str]:
        """A word list of the question's language."""
        return word_list(name, self.language)


def follow_up_kind(question: str, language: str) -> FollowUpKind | None:
    """What a question takes from the one before; None if it stands alone.

    ``language`` is ``"es"`` or ``"en"``.
    """
    if is_enabled("correction") and correction_in(question):
        return FollowUpKind.FRAGMENT
    if is_enabled("return") and RETURN.match(question):
        return FollowUpKind.ELLIPSIS
    question = without_acknowledgement(question)
    words = tokenize(question)
    parsed = _Question(question, words, content_words(words, language), language)
    reference = _reference(parsed)
    if reference and reference is not FollowUpKind.ELLIPSIS:
        return reference
    if any(is_enabled(name) and applies(parsed) for name, applies in _FRAGMENTS):
        return FollowUpKind.FRAGMENT
    elliptic = (
        reference
        or (is_enabled("short-continuation") and _is_short_continuation(parsed))
        or is_underspecified(words, parsed.content, language)
    )
    return FollowUpKind.ELLIPSIS if elliptic else None


# Fragments


def _is_what_about(question: _Question) -> bool:
    """ "What about the cons?", "¿qué hay de la multa?": in the last sentence of a question."""
    if not question.words:
        return False
    starts = [place for place in range(len(question.words)) if _begins(question, place)]
    last = question.words[starts[-1] :]
    asked = " ".join(word.plain for word in last)
    named = [word for word in question.content if word.start >= last[0].start]
    return bool(_WHAT_ABOUT.match(asked)) and len(named) <= 4


_WHAT_ABOUT = re.compile(
    r"(what|how) (about|of)\b|(y )?(que (hay|pasa|paso|tal|me dices)|como) (de|del|con|en|para)\b|"
    r"any(thing|one|body|where)?\b|(algo|alguna?|algun) (mas|otr[oa])\b|(more|mas) (about|sobre)\b"
)


def _begins(question: _Question, place: int) -> bool:
    """Whether a sentence begins with the word at a place."""
    words = question.words
    between = question.text[words[place - 1].end if place else 0 : words[place].start]
    return place == 0 or any(mark in between for mark in ".?!")


def _after_opening(question: _Question) -> tuple[Word, ...]:
    opens = question.plain(0) in word_list("openings")
    return question.words[1:] if opens else question.words


def _asks_at_once(rest: Sequence[Word], question: _Question) -> bool:
    """Whether one of the first three words asks or is an auxiliary verb, or any asks for sure."""
    verbs = question.listed("interrogatives") | word_list("auxiliaries")
    accented = any(word.plain in verbs and word.text.lower() != word.plain for word in rest)
    return accented or any(word.plain in verbs for word in rest[:3])


def _is_continued_fragment(question: _Question) -> bool:
    """ "¿Y en Coahuila?", "in 2019?": few words after an opening or preposition; none asks."""
    rest = _after_opening(question)
    opens = len(rest) < len(question.words)
    if not rest or all(word.plain in question.listed("interrogatives") for word in rest):
        return opens  # "¿Y cuándo?"
    if re.search(r"\w\W+¿", question.text):  # "Ahora Elena Ruiz, ¿dónde trabaja?"
        return False
    starts = rest[0].plain in word_list("prepositions") or all(
        word.plain.isdigit() for word in rest
    )
    few = (opens and len(question.content) <= 4) or (starts and len(rest) <= 4)
    return few and not _asks_at_once(rest, question)


_FRAGMENTS: list[tuple[str, Callable[[_Question], bool]]] = [
    ("what-about", _is_what_about),
    ("continued-fragment", _is_continued_fragment),
]


def _is_short_continuation(question: _Question) -> bool:
    """Whether a question goes on with "and" or "pero", and says little by itself."""
    return question.plain(0) in word_list("openings") and len(question.content) <= 1


# Words that point


def _reference(question: _Question) -> FollowUpKind | None:
    weakest = None
    for place, word in enumerate(question.words):
        kind = next(
            (
                kind
                for name, kind, points in _REFERENCES
                if is_enabled(name) and points(question, place)
            ),
            None,
        )
        if kind is None or _has_antecedent(question, place, kind):
            continue
        if kind is FollowUpKind.THING and _is_expletive(question, word):
            continue
        if kind is not FollowUpKind.ELLIPSIS:
            return kind
        weakest = kind  # "what else did he write": whom it is about says more
    return weakest


def _is_person_pronoun(question: _Question, place: int) -> bool:
    """ "He", "ella", "él", and "el" at the end, which is how "él" is typed."""
    word = question.words[place]
    if word.stem_of_contraction in question.listed("person_pronouns"):
        return True
    accented = word.text in {"él", "Él"}
    last = place + 1 == len(question.words)
    return question.language == "es" and word.plain == "el" and (accented or last)


def _is_place_adverb(question: _Question, place: int) -> bool:
    """ "There", "ahí"; not of "is there" or "where there"."""
    if question.words[place].stem_of_contraction not in question.listed("place_adverbs"):
        return False
    near = {question.plain(place - 1), question.plain(place + 1)}
    return not near & (word_list("auxiliaries") | {"where", "any"})


def _is_thing_pronoun(question: _Question, place: int) -> bool:
    """ "It", "ellos", "su"."""
    word = question.words[place].stem_of_contraction
    if word in word_list("thing_pronouns") | question.listed("possessives"):
        return True
    # The "lo" of "quién lo hizo", and not of "lo nuevo".
    after = question.plain(place + 1)
    alone = word == "lo" and after not in question.listed("before_article_lo")
    return question.language == "es" and alone


def _is_demonstrative(question: _Question, place: int) -> bool:
    """Whether "that" or "esta" points, rather than links or is a verb."""
    word, before, after = (question.plain(place + step) for step in (0, -1, 1))
    if word not in question.listed("demonstratives") or after in word_list("current_periods"):
        return False
    pointing = word_list("before_pronoun_that") | word_list("auxiliaries")
    if word == "that" and before and before not in pointing:
        return False
    if word == "those" and after in {"who", "that", "which", "of", "with", "in"}:
        return False
    if word in {"este", "esta"}:  # "esta" is also how "está" is typed
        verb = re.search(r"(ad|id|nd)[oa]s?$", after) or after in function_words("es")
        if verb or before in question.listed("interrogatives") | {"no", "se", "ya"}:
            return False
    return True


def _is_prop_word(question: _Question, place: int) -> bool:
    """The "one" of "which one is red?"."""
    before, after = question.plain(place - 1), question.plain(place + 1)
    if question.language != "en" or question.plain(place) not in {"one", "ones"}:
        return False
    verbs = word_list("auxiliaries") | {"do", "does", "did", "can", "for", "to", "in", "has"}
    return (not after or after in verbs) and before not in {"number", "any"}


def _is_alternative(question: _Question, place: int) -> bool:
    """ "Else", "another", "los demás"."""
    return question.words[place].stem_of_contraction in question.listed("alternatives")


_REFERENCES: list[tuple[str, FollowUpKind, Callable[[_Question, int], bool]]] = [
    ("person-pronoun", FollowUpKind.PERSON, _is_person_pronoun),
    ("place-adverb", FollowUpKind.PLACE, _is_place_adverb),
    ("thing-pronoun", FollowUpKind.THING, _is_thing_pronoun),
    ("demonstrative", FollowUpKind.THING, _is_demonstrative),
    ("prop-word", FollowUpKind.THING, _is_prop_word),
    ("alternative", FollowUpKind.ELLIPSIS, _is_alternative),
]

_EXPLETIVE = re.compile(
    r"\bit('s| is| was| take| takes| took| cost| possible| necessary)?\b(?=[^?]*\b(to|that)\b)"
    r"(?=.*\b(take|takes|took|possible|necessary|better|true|safe|legal|important|mean|rains?|"
    r"healthy|good|bad|hard|easy|like|called|cost|normal|common|worth)\b)"
)


def _is_expletive(question: _Question, word: Word) -> bool:
    """Whether an English "it" stands for nothing: "how long does it take to...?"."""
    first = next((other for other in question.words if other.plain == "it"), None)
    return (
        is_enabled("expletive-it")
        and question.language == "en"
        and word is first
        and bool(_EXPLETIVE.search(question.text.lower()))
    )


def _has_antecedent(question: _Question, place: int, kind: FollowUpKind) -> bool:
    """Whether the question itself names, before a pointing word, what that may point at."""
    if not is_enabled("antecedent-inside"):
        return False
    word, content = question.words[place], question.content
    earlier = [other for other in content if other.start < word.start]
    if kind is FollowUpKind.ELLIPSIS:
        return len(content) > 2 or any(other.is_name for other in content)
    if not earlier or word.plain == "lo":  # what is named before "lo" may be who did it
        return bool(earlier)
    named = any(other.is_name for other in earlier)
    linked = _is_clause_between(question, place, earlier[0])
    if word.plain.endswith(("self", "selves")) or word.plain in word_list("personal_possessives"):
        inside = named
    elif word.plain in question.listed("possessives"):
        inside = named or len(earlier) > (0 if question.language == "es" else 1)
    else:  # "What did Boeing do about it?": in one clause, "it" is somebody else.
        inside = linked and (named or len(earlier) > 1)
    # "What is cassoulet and where is it from?"
    return inside or (linked and is_definition(question.words, earlier[0], question.language))


def _is_clause_between(question: _Question, place: int, first: Word) -> bool:
    """Whether a clause begins between the first thing named and the word at ``place``.

    "And" between two nouns begins none, and whom "that they saw" is about is not "they".
    """
    words = question.words
    if words[0].plain in word_list("conditions"):
        return True
    asking = word_list("auxiliaries") | word_list("interrogatives") | word_list("do_forms")
    for at in range(1, place):
        link, after = words[at], words[at + 1]
        if link.start < first.start or link.plain not in word_list("clause_links"):
            continue
        begins = after.plain in asking | {"can", "could", "should"} or at + 1 == place
        if link.plain in word_list("conjunctions") and not begins:
            continue
        if link.plain in {"that", "who", "which"} and at + 1 == place:
            continue
        return True
    return False
