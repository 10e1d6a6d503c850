"""What speaks for an answer, and how sure that makes us: pure functions of words and numbers."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from index.text.months import MONTHS

__all__ = ["Kind", "answer_type", "covered", "kind_asked", "kind_words", "probability"]


def probability(bias: float, weights: Sequence[float], measures: Sequence[float]) -> float:
    """The logistic function of a weighted sum: 0 to 1."""
    logit = bias + sum(w * x for w, x in zip(weights, measures, strict=True))
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


def covered(question: Mapping[str, float], words: Iterable[str]) -> float:
    """The share of the question's words, by their idf weights, that are among ``words``."""
    total = sum(question.values())
    held = set(words)
    return sum(idf for word, idf in question.items() if word in held) / total if total else 0.0


_VALUES = (*range(2, 13), 15, 20, 30, 40, 50, 100)
_SPANISH = (
    "dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta cuarenta "
    "cincuenta cien"
)
_ENGLISH = (
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty "
    "hundred"
)
NUMBERS = {
    **dict(zip(_SPANISH.split(), _VALUES, strict=True)),
    **dict(zip(_ENGLISH.split(), _VALUES, strict=True)),
    **{"ciento": 100, "mil": 1000, "thousand": 1000, "billion": 10**9},
    **dict.fromkeys(("millón", "millones", "million"), 10**6),
}
DATE = re.compile(
    r"\b(\d{1,2} de )?(" + "|".join(MONTHS["es"] + MONTHS["en"]) + r")\b|\b1\d{3}\b|\b20\d{2}\b|"
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\bsiglos? [ivx]+\b|\b\d{1,2}(th|st|nd|rd) century\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d|\b(" + "|".join(NUMBERS) + r")\b", re.IGNORECASE)
NAME = re.compile(r"(?<![.!?…] )(?<!^)(?<![“\"«(¿¡])\b[A-ZÁÉÍÓÚÑÜ][\wáéíóúñü]+")


class Kind(StrEnum):
    """The kind of thing that a question asks for."""

    DATE = "date"
    NUMBER = "number"
    NAME = "name"


ASKED = {
    Kind.DATE: re.compile(
        r"\b(cu[aá]ndo|qu[eé] (año|fecha|d[ií]a|mes)|when|what (year|date|day))\b", re.IGNORECASE
    ),
    Kind.NUMBER: re.compile(r"\b(cu[aá]nt[oa]s?|how (many|much|old|long))\b", re.IGNORECASE),
    Kind.NAME: re.compile(r"\b(qui[eé]n(es)?|who|whom|whose)\b", re.IGNORECASE),
}
WANTED = {Kind.DATE: DATE, Kind.NUMBER: NUMBER, Kind.NAME: NAME}


def kind_asked(question: str) -> Kind | None:
    """The kind of thing asked for; None where the question asks for nothing of the sort."""
    return next((kind for kind, asked in ASKED.items() if asked.search(question)), None)


def answer_type(question: str, sentence: str) -> float:
    """1 where the sentence holds the kind of thing asked for, 0 where not, 0.5 if none is."""
    kind = kind_asked(question)
    return 0.5 if kind is None else float(bool(WANTED[kind].search(sentence)))


def kind_words(question: str) -> list[str]:
    """The words that only say what kind of thing is asked for, as "qué día", in lower case."""
    words = []
    for asked in ASKED.values():
        words += [match[0].lower() for match in asked.finditer(question)]
        question = asked.sub(" ", question)
    return words
