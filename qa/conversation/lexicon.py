"""The words of a question, and which of them say what it is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from index.text.analysis import analyse
from index.text.folding import fold
from index.text.stopwords import STOPWORDS
from qa.conversation.rules import word_list

__all__ = [
    "Word",
    "content_words",
    "function_words",
    "is_function_word",
    "stems",
    "tokenize",
    "without_acknowledgement",
]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question; offsets in characters. ``plain`` is lower case without accents."""

    text: str
    plain: str
    start: int
    end: int
    is_name: bool  # begins with a capital, and not because a sentence begins there

    @property
    def stem_of_contraction(self) -> str:
        """The word before an apostrophe: "who" of "who's"."""
        return re.split(r"['’]", self.plain)[0]


_ACKNOWLEDGEMENT = re.compile(
    r"^\W*(?:(?:ok|okay|oh|wow|interesting|interesante|gracias|thanks|vale|bien|hmm|no|si|yes|"
    r"sure|great|claro|perfecto)\b[\s.,;:!…]+)+",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def tokenize(text: str) -> tuple[Word, ...]:
    """The words of a text in order; a number is a word, too."""
    result: list[Word] = []
    begins = True
    last = 0
    for match in re.finditer(r"\w+(?:['’\-]\w+)*", text):
        begins = begins or re.search(r"[.?!¿¡:;]", text[last : match.start()]) is not None
        is_name = match[0][0].isupper() and (not begins or match[0][1:2].isupper())
        result.append(Word(match[0], fold(match[0]), match.start(), match.end(), is_name))
        begins, last = False, match.end()
    return tuple(result)


def without_acknowledgement(question: str) -> str:
    """The question without what acknowledges an answer: "Why?" of "Interesting. Why?"."""
    rest = _ACKNOWLEDGEMENT.sub("", question)
    return rest if any(letter.isalnum() for letter in rest) else question


@lru_cache(maxsize=8192)
def stems(text: str, language: str) -> frozenset[str]:
    """The stems of a word or a short text, as they are indexed; kept for the next time."""
    return frozenset(analyse(text, language))


@cache
def _general_stems(language: str) -> frozenset[str]:
    return frozenset(analyse(" ".join(sorted(word_list("general_words", language))), language))


@cache
def function_words(language: str) -> frozenset[str]:
    """The words of a language that only hold a question together, and those that ask."""
    asking = word_list("interrogatives", language)
    return frozenset(STOPWORDS[language]) | asking | word_list("openings")


def is_function_word(word: Word, language: str) -> bool:
    """Whether a word only holds a question together, or asks."""
    return word.stem_of_contraction in function_words(language)


def content_words(words: Sequence[Word], language: str) -> list[Word]:
    """The words that say what a question is about: no function words, no general ones."""
    return [
        word
        for word in words
        if not is_function_word(word, language)
        and not word.plain.isdigit()
        and (word.is_name or not _is_general(word, language))
    ]


def _is_general(word: Word, language: str) -> bool:
    """Whether a word is a form of a general one; a short stem tells too little: "mes", "mesa"."""
    if word.plain in word_list("general_words", language):
        return True
    word_stems = stems(word.text, language)
    return word_stems <= _general_stems(language) and all(len(stem) > 3 for stem in word_stems)
