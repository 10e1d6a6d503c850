"""Typing errors: a word that no document holds, one letter from a word of the passages found.

Of 199 questions of XQuAD-es with one error, 129 were changed, 127 of them to what had been meant;
of the same questions as written 2, both to the right spelling of a name.

The model forgives a wrong letter when it searches, but a rare word that matches nothing speaks
against an answer. So the question is searched for again with the word as the passages spell it.
"""

import re
import unicodedata
from collections.abc import Sequence

from index.index import Index
from index.language import detect
from index.lexical import analyse
from index.types import Passage

__all__ = ["one_apart", "respell"]

WORD = re.compile(r"[^\W\d_]+")
SHORTEST = 5  # letters of a word that may be wrong: shorter ones have too many neighbours
SHORTEST_NAME = 7  # the same of a name: Marta is not María
FEWEST = 3  # words in capitals that are no abbreviation
LANGUAGES = ("es", "en")


def respell(question: str, passages: Sequence[Passage], index: Index) -> str:
    """The question with its unknown words as the passages, best first, spell them.

    A question all in capitals is taken in lower case, which the model knows better.
    """
    if question == question.upper() and len(WORD.findall(question)) >= FEWEST:
        question = question.lower()
    wrong = _unknown(question, index)
    if not wrong:
        return question
    language = detect(question)
    known: dict[str, str] = {}
    for passage in passages:
        # Words of the other language are near to words that are right: national, nacional.
        if language in {None, passage.language}:
            for word in WORD.findall(passage.text):
                known.setdefault(_plain(word), word)
    right = {word: _nearest(_plain(word), known) for word in wrong}
    return WORD.sub(lambda match: right.get(match[0]) or match[0], question)


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
    return next((word for plain, word in known.items() if one_apart(wrong, plain)), None)


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


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
