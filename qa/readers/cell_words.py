"""The words of questions and of cells, and how far one stands for the other. Pure."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from index.text.analysis import STEMMERS, analyse
from index.text.folding import fold
from index.text.stopwords import STOPWORDS
from qa.readers.column_words import INTERROGATIVES, meanings
from qa.readers.evidence import NUMBERS

__all__ = ["AskedWord", "CellWords", "asked_words", "cell_words", "likeness", "number_key", "years"]

_TOKEN = re.compile(r"[^\W_]+(?:[-/.,:][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_AGE = re.compile(r"\d+(?:-[^\W\d_]{3,})+")  # 48-year-old
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DATE = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})")
_RANGE = re.compile(
    r"(?:de |entre |from )?(\d{1,6})\s*(?:[-–—]|a|al|to|y|and)\s*(\d{1,6})(?![\d.,:])"
)
_YEAR = re.compile(r"(?<![\d.,/-])(?:19|20)\d\d(?![\d.,])")
_NEGATED = re.compile(r"\b(?:sin|no|non|not|without)[ -]([^\W_]+)", re.IGNORECASE)
_OTHERWISE = 0.3  # of a word that is negated in one place only
_SENTENCE = re.compile(r"(?:\A|[.?!¿¡:]\s*|[\"«“(]\s*)\Z")
_ASKING = re.compile(
    r"\b(?:qu[eé]|cu[aá]l(?:es)?|cu[aá]nt[oa]s?|what|which|how (?:many|much))\b\W+"
    r"(?:(?:es|fue|son|era|el|la|los|las|is|was|were|are|the|de)\s+)*",
    re.IGNORECASE,
)
_RELATED = 0.7  # words that begin alike
_MEANT = 0.6  # words of one meaning
_IN_RANGE = 0.8
_FEWEST_LETTERS = 4
_LONG_STEM = 6  # letters that may be half of the longer word
_LEAST_SHARE = 0.65  # of the longer word that must be shared from its beginning
_LEAST = 0.5  # weight: a word of a small collection may be in all of its passages
_FREQUENT = frozenset(
    """tiene tienen hubo hace hizo hay cual cuales cuanto cuanta how much many there get got
    segun dice dado dio dar per""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a question.

    ``keys`` are its forms: folded, and as a number. ``weight`` (0 to 1) says how telling it is.
    ``exact``: a name, a number or a code, for which no other word stands. ``head``: it says what is
    asked for, as "especie" in "¿Qué especie ...?".
    """

    text: str
    keys: frozenset[str]
    meanings: frozenset[str]
    weight: float
    exact: bool
    head: bool
    negated: bool = False

    @property
    def number(self) -> int | None:
        """Its value, if it is a whole number."""
        return next((int(key) for key in self.keys if key.isdecimal()), None)


@dataclass(frozen=True, slots=True)
class CellWords:
    """The words of a cell, a header or a line.

    ``short`` are those that a full stop may cut, ``negated`` those after "sin" or "non-", and
    ``ranges`` the range of whole numbers with which it begins, if it does.
    """

    keys: frozenset[str]
    meanings: frozenset[str]
    words: tuple[str, ...]
    short: tuple[str, ...]
    negated: frozenset[str]
    ranges: tuple[tuple[int, int], ...]


def number_key(token: str) -> str | None:
    """A number in one way of writing, ``1250000.5`` for 1.250.000,50; None for what is none."""
    if not _NUMBER.fullmatch(token):
        return None
    marks = re.findall(r"[.,]", token)
    groups = re.split(r"[.,]", token)
    last = groups[-1]
    mixed = len(set(marks)) == 2 and marks[-1] not in marks[:-1]
    single = len(marks) == 1 and (len(last) != 3 or groups[0] == "0" or len(groups[0]) > 3)
    if marks and (mixed or single):
        decimals = last.rstrip("0")
        whole = str(int("".join(groups[:-1])))
        return f"{whole}.{decimals}" if decimals else whole
    return str(int("".join(groups)))


def asked_words(question: str, weights: Mapping[str, float], language: str) -> list[AskedWord]:
    """The telling words of a question, in order; ``weights``: the idf of its stems."""
    heads = {match.end() for match in _ASKING.finditer(question)}
    negated = cell_words(question).negated
    found: dict[str, AskedWord] = {}
    for start, token in _tokens(question):
        word = _asked(question, start, token, heads)
        if word is not None:
            stems = analyse(token, language if language in STEMMERS else "es")
            idf = max((weights.get(stem, math.inf) for stem in stems), default=math.inf)
            found[fold(token)] = replace(word, weight=idf, negated=bool(word.keys & negated))
    most = max((word.weight for word in found.values() if word.weight < math.inf), default=1.0)
    return [
        replace(word, weight=_LEAST + (1 - _LEAST) * min(1.0, word.weight / (most or 1.0)))
        for word in found.values()
    ]


def _asked(question: str, start: int, token: str, heads: set[int]) -> AskedWord | None:
    plain = fold(token)
    if plain in _STOP or plain in INTERROGATIVES or (len(plain) < 2 and not plain.isdecimal()):
        return None
    words = cell_words(token)
    digit = any(map(str.isdigit, token))
    begins = _SENTENCE.search(question[:start]) is not None
    exact = digit or (token[0].isupper() and (not begins or token.isupper()) and len(token) > 1)
    exact = exact and not words.meanings
    exact = exact or digit
    return AskedWord(token, words.keys, words.meanings, 1.0, exact, start in heads)


_STOP = frozenset((*STOPWORDS["es"], *STOPWORDS["en"])) | _FREQUENT


def _tokens(text: str) -> list[tuple[int, str]]:
    """Words, numbers and codes with their offsets; a compound without digits is its words."""
    found: list[tuple[int, str]] = []
    for match in _TOKEN.finditer(text):
        if any(map(str.isdigit, match[0])) and not _AGE.fullmatch(match[0]):
            found.append((match.start(), match[0]))
        else:
            found += [(match.start() + p.start(), p[0]) for p in _PART.finditer(match[0])]
    return found


@lru_cache(maxsize=8192)
def cell_words(text: str) -> CellWords:
    """The words of a cell or a header."""
    keys: set[str] = set()
    meant: set[str] = set()
    words: list[str] = []
    short: list[str] = []
    negated = {fold(match[1]) for match in _NEGATED.finditer(text)}
    if "%" in text:
        meant |= meanings("porcentaje")
    for start, token in _tokens(text):
        plain = fold(token)
        keys.add(plain)
        meant |= meanings(plain.replace(".", ""))
        if any(map(str.isdigit, plain)):
            keys |= _number_keys(plain)
            continue
        for language in ("es", "en") if len(plain) >= _FEWEST_LETTERS else ():
            for stem in _stems(plain, language):
                meant |= meanings(stem)
        words.append(plain)
        if plain in NUMBERS:
            keys.add(str(NUMBERS[plain]))
        after = text[start + len(token) : start + len(token) + 1]
        if after == "." and len(plain) <= 5:
            short.append(plain)
    dates, months = _dates(text)
    keys |= dates
    meant |= months
    span = _RANGE.match(text)
    ranges = [(int(span[1]), int(span[2]))] if span else []
    return CellWords(
        frozenset(keys),
        frozenset(meant),
        tuple(words),
        tuple(short),
        frozenset(negated),
        tuple((low, high) for low, high in ranges if low < high),
    )


def _dates(text: str) -> tuple[set[str], set[str]]:
    """Days and years of dates in figures, and their months as meanings."""
    keys: set[str] = set()
    months: set[str] = set()
    for date in _DATE.finditer(text):
        keys |= {str(int(date[1])), str(int(date[3]))}
        keys |= {f"20{date[3]}"} if len(date[3]) == 2 and len(date[1]) < 3 else set()
        months.add(f"month {int(date[2])}")
    return keys, months


def _number_keys(plain: str) -> set[str]:
    key = number_key(plain)
    return {key} if key else {plain.replace(".", "")}


@lru_cache(maxsize=4096)
def _stems(word: str, language: str) -> tuple[str, ...]:
    return tuple(analyse(word, language))


def likeness(word: AskedWord, words: CellWords) -> float:
    """How far a cell's words say the asked one, 0 to 1."""
    like = _likeness(word, words)
    if like and (word.negated or words.negated):
        return like if word.negated == bool(word.keys & words.negated) else like * _OTHERWISE
    return like


def _likeness(word: AskedWord, words: CellWords) -> float:
    if word.keys & words.keys:
        return 1.0
    if any(map(str.isdigit, word.text)):
        return _of_number(word, words)
    if word.meanings & words.meanings:
        return _MEANT
    plain = fold(word.text)
    if any(_related(plain, other, word.exact) for other in words.words):
        return _RELATED
    if any(len(s) > 1 and plain.startswith(s) and len(plain) > len(s) for s in words.short):
        return _RELATED
    return 0.0


def _of_number(word: AskedWord, words: CellWords) -> float:
    if word.meanings & words.meanings:  # as 2a for "segunda"
        return _MEANT
    number = word.number
    if number is None or number_key(word.text) is None:
        return 0.0
    return _IN_RANGE if any(low <= number <= high for low, high in words.ranges) else 0.0


def _related(one: str, other: str, exact: bool) -> bool:
    """Whether words begin alike: forms of one word, or the same word of two languages."""
    longer = max(len(one), len(other))
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    if exact:  # Juana is not Juan, but "Civiles" is "Civil"
        plural = max(one, other, key=len).endswith("s")
        return plural and _FEWEST_LETTERS <= shared == min(len(one), len(other)) >= longer - 2
    if shared < _FEWEST_LETTERS:
        return False
    return shared >= _LEAST_SHARE * longer or (shared >= _LONG_STEM and 2 * shared >= longer)


def years(text: str) -> frozenset[str]:
    """The years that a header or a question names."""
    return frozenset(_YEAR.findall(text))
