"""Pairs of opposites in Spanish and English, and which side of one a question and a text take."""

import re
from collections.abc import Iterator
from functools import cache

from index.text.folding import fold

__all__ = ["other_side"]

# Folded; a space may be any white space. Each side is in both languages, and across them.
_SIDES = (
    ("a favor|votos? favorables?|in favou?r", "en contra|against|opposed|votos? contrarios?"),
    ("ingresos?|income|revenues?|receipts", "gastos?|egresos?|expenses|expenditures?|spending"),
    ("minim[oa]s?|minimum|al menos|por lo menos|at least", "maxim[oa]s?|maximum|at most|a lo mas"),
    ("comprador(?:es|as?)?|buyers?", "vendedor(?:es|as?)?|sellers?"),
    (
        "arrendador(?:es|as?)?|landlords?|lessors?",
        "arrendatari[oa]s?|inquilin[oa]s?|tenants?|lessees?",
    ),
    ("demandantes?|plaintiffs?|claimants?", "demandad[oa]s?|defendants?"),
    ("acreedor(?:es|as?)?|creditors?", "deudor(?:es|as?)?|debtors?"),
    ("remitentes?|senders?", "destinatari[oa]s?|recipients?"),
    (
        "empleador(?:es|as?)?|patron(?:es)?|employers?",
        "emplead[oa]s?|trabajador(?:es|as?)?|employees?",
    ),
    (
        "export(?:acion|aciones|ad[oa]s?|an?|aron|s|ed)?",
        "import(?:acion|aciones|ad[oa]s?|aron|s|ed)",
    ),
    (
        "nacimientos?|nacio|nacieron|births?|born",
        "muertes?|murio|murieron|fallecio|fallecimientos?|deaths?|died",
    ),
    (
        "hora de entrada|llegadas?|arrivals?|check-in",
        "hora de salida|salidas?|departures?|check-out",
    ),
    ("abren?|apertura|opens?|opening", "cierran?|cierre|closes?|closing"),
    (
        "permit(?:e|en|id[oa]s?)|autoriz(?:a|an|ad[oa]s?)|allowed|permitted",
        "prohib(?:e|en|id[oa]s?)|forbidden|prohibited|banned",
    ),
    ("aprob(?:o|aron|ad[oa]s?)|approved", "rechaz(?:o|aron|ad[oa]s?)|rejected|turned down"),
    (
        "aument(?:o|aron|an?|os)|crecio|crecieron|subio|subieron|increased?|increases",
        "disminuy(?:o|eron|en?)|bajaron|redujo|redujeron|decreased?|decreases|fell",
    ),
    ("hombres|varones|men|male", "mujeres|women|female"),
    ("activos|assets", "pasivos|liabilities"),
    ("obligatori[oa]s?|mandatory|compulsory", "opcional(?:es)?|voluntari[oa]s?|optional|voluntary"),
    ("asistieron|attended", "faltaron|ausentes|absent"),
    ("titulares", "suplentes"),
    ("internos?|internas?|internal", "extern[oa]s?|external"),
)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    def words(side: str) -> re.Pattern[str]:
        alternatives = side.replace(" ", r"\s+")
        return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")

    return tuple((words(one), words(other)) for one, other in _SIDES)


def other_side(question: str, text: str, around: str) -> Iterator[tuple[str, str]]:
    """For each pair of which the question takes one side and the text the other: both as written.

    ``around`` holds the text and what it belongs to; where the asked side is there, nothing lacks.
    """
    asked, own, whole = (_folded(words) for words in (question, text, around))
    for pair in _patterns():
        for one, other in (pair, pair[::-1]):
            mine, theirs = one.search(asked), other.search(own)
            if mine and theirs and not other.search(asked) and not one.search(whole):
                yield _written(question, asked, mine), _written(text, own, theirs)


def _folded(text: str) -> str:
    """The folded text, letter by letter, so that offsets stay."""
    return "".join(folded if len(folded := fold(letter)) == 1 else letter for letter in text)


def _written(text: str, folded: str, match: re.Match[str]) -> str:
    whole = text if len(text) == len(folded) else folded
    return " ".join(whole[match.start() : match.end()].split())
