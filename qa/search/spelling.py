"""Typing errors: a word that no document holds, one letter from a word of the passages found.

Of 199 questions of XQuAD-es with one error, 129 were changed, 127 of them to what had been meant;
of the same questions as written 2, both to the right spelling of a name.

The model forgives a wrong letter when it searches, but a rare word that matches nothing speaks
against an answer. So the question is searched for again with the word as the passages spell it.
"""

import re
from collections.abc import Iterable, Sequence

from index.query import Query
from index.text.analysis import STEMMERS, analyse
from index.text.folding import fold
from index.types import Passage
from qa.search.relevance import Rarity
from qa.settings import SETTINGS, SearchSettings

__all__ = ["one_apart", "respell"]

WORD = re.compile(r"[^\W\d_]+")
ACCENTED_LETTERS = 5  # of a word that gets its accents and capitals from the passages
FEWEST = 3  # words in capitals that are no abbreviation
MARKS = re.compile("[¿?]")
# What somebody did: after these words people rarely ask what they do themselves.
PAST = re.compile(r"^(\W*(?:\w+ )?(?:cuándo|cómo|dónde|quién|por qué) (?:se )?\w{2,})o\b", re.I)
ACCENT = re.compile("[áéíóúü]", re.IGNORECASE)
QUESTION_WORDS = {
    "que": "qué",
    "quien": "quién",
    "quienes": "quiénes",
    "cual": "cuál",
    "cuales": "cuáles",
    "cuando": "cuándo",
    "cuanto": "cuánto",
    "cuanta": "cuánta",
    "cuantos": "cuántos",
    "cuantas": "cuántas",
    "donde": "dónde",
    "como": "cómo",
}
# The question word at the beginning, after a preposition at most.
ASKED = re.compile(
    rf"^(\W*(?:(?:a|con|de|desde|en|hasta|para|por|sobre) )?)({'|'.join(QUESTION_WORDS)})\b",
    re.IGNORECASE,
)


def respell(
    query: Query,
    passages: Sequence[Passage],
    index: Rarity,
    settings: SearchSettings = SETTINGS.search,
) -> Query:
    """The query with its unknown words as the passages, best first, spell them.

    A question all in capitals is taken in lower case, which the model knows better. One in a hurry,
    in capitals or without any accent, gets its marks, and its accents and capitals from the
    passages. A query that needs nothing of this is given back itself.
    """
    question = query.question
    shouted = question == question.upper() and len(WORD.findall(question)) >= FEWEST
    if shouted:
        question = question.lower()
    hurried = shouted or not ACCENT.search(question)
    if hurried and query.language == "es":
        question = _with_marks(question)
    wrong = _unknown(question, query, index, settings)
    if wrong or hurried:
        # Words of the other language are near to words that are right: national, nacional.
        alike = [p.text for p in passages if query.language in {None, p.language}]
        spelt = list(dict.fromkeys(word for text in alike for word in WORD.findall(text)))
        # A heading's capitals say nothing of how a word is written.
        spelt.sort(key=str.isupper)
        by_letters = {fold(word): word for word in reversed(spelt)}
        right = {word: _nearest(fold(word), by_letters) for word in wrong}
        if hurried:
            words = {word for word in WORD.findall(question) if len(word) >= ACCENTED_LETTERS}
            right |= {
                word: by_letters[fold(word)]
                for word in words.difference(spelt)
                if fold(word) in by_letters
            }
        question = WORD.sub(
            lambda match: _in_case(right.get(match[0]) or match[0], match[0]), question
        )
    return query if question == query.question else query.reworded(question)


def _in_case(right: str, typed: str) -> str:
    """A word of a heading in the case that it was typed in; any other as the passages have it."""
    if len(right) <= FEWEST or not right.isupper() or typed.isupper():
        return right
    return right.capitalize() if typed[0].isupper() else right.lower()


def _with_marks(question: str) -> str:
    """A Spanish question typed in a hurry, with the accents of its verb and its question marks."""
    question = ASKED.sub(lambda match: match[1] + _accented(match[2]), question)
    question = PAST.sub(r"\1ó", question)
    if not MARKS.search(question) and ASKED.match(fold(question)):
        question = f"¿{question[0].upper()}{question[1:]}?"
    return question


def _accented(word: str) -> str:
    """A question word with its accent: cuándo, Qué, cuál."""
    accented = QUESTION_WORDS[word.lower()]
    return accented.capitalize() if word[0].isupper() else accented


def _unknown(question: str, query: Query, index: Rarity, settings: SearchSettings) -> list[str]:
    """The words that stand in no passage, whatever their ending, and are long enough."""
    shortest, shortest_name = settings.spelling_letters, settings.spelling_name_letters
    words = [
        match[0]
        for match in WORD.finditer(question)
        if len(match[0]) >= (shortest if match[0].islower() else shortest_name)
    ]
    for language in STEMMERS:
        unknown = _unknown_stems(query.stems(language), language, index)
        # Only where something is unknown must each word be analysed by itself.
        stems = {word: analyse(word, language) for word in words if unknown}
        words = [word for word in stems if stems[word] and unknown.issuperset(stems[word])]
    return words


def _unknown_stems(stems: Iterable[str], language: str, index: Rarity) -> set[str]:
    """The stems that no passage of a language holds."""
    # No passage holds the empty word, so its weight is that of a word which none holds.
    weights = index.idf({"", *stems}, language)
    return {stem for stem in stems if weights[stem] == weights[""]}


def _nearest(wrong: str, by_letters: dict[str, str]) -> str | None:
    return next((word for letters, word in by_letters.items() if one_apart(wrong, letters)), None)


def one_apart(one: str, other: str) -> bool:
    """Whether one letter was left out, added or changed, or two neighbours were swapped."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((n for n, letter in enumerate(short) if letter != long[n]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = long[:at] + long[at : at + 2][::-1] + long[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or short == swapped
