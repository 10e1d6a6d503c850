"""Typing errors: a word that no document holds, one letter from a word of the passages found.

Of 199 questions of XQuAD-es with one error, 129 were changed, 127 of them to what had been meant;
of the same questions as written 2, both to the right spelling of a name.

The model forgives a wrong letter when it searches, but a rare word that matches nothing speaks
against an answer. So the question is searched for again with the word as the passages spell it.
"""

import re
from collections.abc import Sequence

from index.index import Index
from index.text.analysis import analyse
from index.text.folding import fold
from index.text.language import detect
from index.types import Passage

__all__ = ["one_apart", "respell"]

WORD = re.compile(r"[^\W\d_]+")
SHORTEST = 5  # letters of a word that may be wrong: shorter ones have too many neighbours
SHORTEST_NAME = 7  # the same of a name: Marta is not María
FEWEST = 3  # words in capitals that are no abbreviation
LANGUAGES = ("es", "en")
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


def respell(question: str, passages: Sequence[Passage], index: Index) -> str:
    """The question with its unknown words as the passages, best first, spell them.

    A question all in capitals is taken in lower case, which the model knows better. One in a hurry,
    in capitals or without any accent, gets its marks, and its accents and capitals from the
    passages.
    """
    shouted = question == question.upper() and len(WORD.findall(question)) >= FEWEST
    if shouted:
        question = question.lower()
    language = detect(question)
    hurried = shouted or not ACCENT.search(question)
    if hurried and language == "es":
        question = ASKED.sub(lambda match: match[1] + _accented(match[2]), question)
        question = PAST.sub(r"\1ó", question)
        if not MARKS.search(question) and ASKED.match(fold(question)):
            question = f"¿{question[0].upper()}{question[1:]}?"
    wrong = _unknown(question, index)
    if not wrong and not hurried:
        return question
    # Words of the other language are near to words that are right: national, nacional.
    texts = [passage.text for passage in passages if language in {None, passage.language}]
    held = list(dict.fromkeys(word for text in texts for word in WORD.findall(text)))
    known = {fold(word): word for word in reversed(held)}
    right = {word: _nearest(fold(word), known) for word in wrong}
    if hurried:
        words = {word for word in WORD.findall(question) if len(word) >= SHORTEST} - {*held}
        right |= {word: known[fold(word)] for word in words if fold(word) in known}
    return WORD.sub(lambda match: right.get(match[0]) or match[0], question)


def _accented(word: str) -> str:
    """A question word with its accent: cuándo, Qué, cuál."""
    accented = QUESTION_WORDS[word.lower()]
    return accented.capitalize() if word[0].isupper() else accented


def _unknown(question: str, index: Index) -> list[str]:
    """The words that stand in no passage, whatever their ending, and are long enough."""
    words = [
        match[0]
        for match in WORD.finditer(question)
        if len(match[0]) >= (SHORTEST if match[0].islower() else SHORTEST_NAME)
    ]
    for language in LANGUAGES:
        stems = {word: analyse(word, language) for word in words}
        # No passage holds the empty word, so its weight is that of a word which none holds.
        weights = index.idf({"", *(stem for found in stems.values() for stem in found)}, language)
        words = [
            word
            for word in words
            if stems[word] and all(weights[stem] == weights[""] for stem in stems[word])
        ]
    return words


def _nearest(wrong: str, known: dict[str, str]) -> str | None:
    return next((word for key, word in known.items() if one_apart(wrong, key)), None)


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
