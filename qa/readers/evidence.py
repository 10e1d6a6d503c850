"""How sure we may be that quotes answer a question: a logistic model of three measures.

The weights come from ``python -m training.confidence``, fitted on SQuAD-es v2 and TyDi QA: each
question asked of collections with and without its own passage. They are never fitted on the sets
that the README reports.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass

__all__ = ["Evidence", "answer_type", "covered", "probability", "without_kind"]

BIAS = -4.4
WEIGHTS = (12.56, 3.51, 0.4)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for an answer.

    ``sentence`` is the cosine of the question with the best sentence, less its mean cosine with
    sentences about anything; ``words`` is the share of the question's words, weighted by idf, that
    the quoted passages hold; ``kind`` is 1 where the best sentence holds the kind of thing asked
    for (a date, a number, a name), 0 where not, 0.5 where the question asks for nothing of the
    sort.
    """

    sentence: float
    words: float
    kind: float

    @property
    def confidence(self) -> float:
        """The probability, 0 to 1, that the documents answer."""
        return probability(BIAS, WEIGHTS, astuple(self))


def probability(bias: float, weights: Sequence[float], measures: Sequence[float]) -> float:
    """The logistic function of a weighted sum: 0 to 1."""
    logit = bias + sum(w * x for w, x in zip(weights, measures, strict=True))
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))


def covered(question: Mapping[str, float], words: Iterable[str]) -> float:
    """The share of the question's words, by their idf weights, that are among ``words``."""
    total = sum(question.values())
    held = set(words)
    return sum(idf for word, idf in question.items() if word in held) / total if total else 0.0


MONTHS = (
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
    "january february march april may june july august september october november december"
)
NUMBERS = (
    "dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta cuarenta "
    "cincuenta cien ciento mil millón millones two three four five six seven eight nine ten eleven "
    "twelve fifteen twenty thirty forty fifty hundred thousand million billion"
)
DATE = re.compile(
    r"\b(\d{1,2} de )?(" + "|".join(MONTHS.split()) + r")\b|\b1\d{3}\b|\b20\d{2}\b|"
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\bsiglos? [ivx]+\b|\b\d{1,2}(th|st|nd|rd) century\b",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d|\b(" + "|".join(NUMBERS.split()) + r")\b", re.IGNORECASE)
NAME = re.compile(r"(?<![.!?…] )(?<!^)(?<![“\"«(¿¡])\b[A-ZÁÉÍÓÚÑÜ][\wáéíóúñü]+")
KINDS = (
    (
        re.compile(
            r"\b(cu[aá]ndo|qu[eé] (año|fecha|d[ií]a|mes)|when|what (year|date|day))\b", re.I
        ),
        DATE,
    ),
    (re.compile(r"\b(cu[aá]nt[oa]s?|how (many|much|old|long))\b", re.I), NUMBER),
    (re.compile(r"\b(qui[eé]n(es)?|who|whom|whose)\b", re.I), NAME),
)


def answer_type(question: str, sentence: str) -> float:
    """1 where the sentence holds the kind of thing asked for, 0 where not, 0.5 if none is."""
    for asked, wanted in KINDS:
        if asked.search(question):
            return float(bool(wanted.search(sentence)))
    return 0.5


def without_kind(question: str) -> str:
    """The question without the words that only say what kind of thing is asked for: "qué día"."""
    for asked, _ in KINDS:
        question = asked.sub(" ", question)
    return question
