"""Kinds of things that questions ask for, and whether a cell holds one. Pure."""

import re
from enum import StrEnum
from functools import lru_cache

from qa.readers.evidence import DATE

__all__ = ["CellKind", "asks_for_no_cell", "fits_kind", "is_blank", "kind_of_cell"]


class CellKind(StrEnum):
    """What a question asks for, as far as its words say it."""

    TIME = "time"
    SHARE = "share"
    DURATION = "duration"
    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"


_ASKED = {
    CellKind.TIME: r"a q(u[eé])? horas?|qu[eé] hora|(what|which) time|hora de|horarios?\b",
    CellKind.SHARE: r"porcentaje|por ?ciento|percent|qu[eé] (proporci[oó]n|participaci[oó]n)|"
    r"what (share|proportion)",
    CellKind.DURATION: r"cu[aá]nto (tiempo|tarda|demora|dura)|(for )?how long|cada cu[aá]nto|"
    r"how often",
    CellKind.NUMBER: r"cu[aá]nt[oa]s?\b|how (many|much|high|deep|tall|far|old|hot|large|big)|"
    r"a c[oó]mo\b|qu[eé] tant[oa]s?",
    CellKind.DATE: r"cu[aá]ndo|qu[eé] (d[ií]as?|fechas?|mes(es)?|a[nñ]os?)\b|when|"
    r"(what|which) (dates?|days?|months?|years?)|fechas?\b",
    CellKind.PERSON: r"qui[eé]n(es)?\b|who(m|se)?\b",
    CellKind.PLACE: r"d[oó]nde|where",
}
_KINDS = {kind: re.compile(rf"\b(?:{words})", re.IGNORECASE) for kind, words in _ASKED.items()}

_NO_CELL = re.compile(
    r"\bpor ?qu[eé]\b(?! (acuerdo|v[ií]a|medio))|\bwhy\b|\bpara qu[eé]\b|qu[eé] (raz[oó]n|motivo)|"
    r"\bdiferencia\b|\bdifference\b|\ben cu[aá]nto (aument|creci|baj|disminu|subi)\w+|"
    r"\bhow (many|much) more\b",
    re.IGNORECASE,
)
_INTERROGATIVE = re.compile(
    r"\b(qu[eé]|q|cu[aá]l(es)?|cu[aá]nt[oa]s?|qui[eé]n(es)?|cu[aá]ndo|d[oó]nde|c[oó]mo|what|which|"
    r"who(m|se)?|when|where|how)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}\s?(h|hs|hrs|horas|a\.? ?m|p\.? ?m)\b", re.I)
_DAY = re.compile(
    r"\b(lun|mar|mi[eé]|jue|vie|s[aá]b|dom)(es|tes|rcoles|ves|rnes|ado|ingo)?s?\b|"
    r"\b((mon|tues?|wed(nes)?|thu(rs)?|fri|sat(ur)?|sun)(day)?s?|daily|diario)\b|\b\d{1,2}[/-]\d{1,2}\b|\b\d{1,2}/\d{4}\b|"
    r"\b\d{1,2} (ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic|jan|apr|aug|dec)\b|"
    r"\b\d{4}-\d{2}",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"[^\w]{0,3}(?:[A-Z]{1,3}[ $/.]{1,3})?[<>±~]?\s?\d[\d.,\s]*(?![\w-]*[A-Za-z]-)"
)
_FREE = re.compile(
    r"\b(grat\w+|libre|liberad\w|sin (costo|cargo|cuota)|free|exent\w|incluid\w)\b", re.IGNORECASE
)
_SPAN = re.compile(
    r"\d.*\b(d[ií]as?|horas?|h|min(utos)?|mes(es)?|a[nñ]os?|semanas?|days?|hours?|minutes?|"
    r"months?|years?|weeks?)\b|\b(inmediat|immediate|anual|mensual|semestral|diari|semanal)\w*|"
    r"\bcada\b|\bevery\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-ZÁÉÍÓÚÑÜ]")
_BLANK = re.compile(
    r"[\s—–\-.…*/()]*|\W*(s/[di]|n\.? ?/?d\.?|n/a|s\.? ?d\.?|sin datos?|vac[ií]o|vacante|vacant|"
    r"empty|no data|sin informaci[oó]n|no consta|no consignad\w)\b.*",
    re.IGNORECASE,
)


@lru_cache(maxsize=64)
def kind_of_cell(question: str) -> CellKind | None:
    """The kind of thing asked for; None where the words do not say it."""
    return next((kind for kind, asked in _KINDS.items() if asked.search(question)), None)


def asks_for_no_cell(question: str) -> bool:
    """Whether no cell can answer: for a reason or a difference, or with yes or no."""
    if _NO_CELL.search(question):
        return True
    return question.rstrip().endswith("?") and not _INTERROGATIVE.search(question)


def is_blank(text: str) -> bool:
    """Whether a cell says nothing, or that nothing is known."""
    return _BLANK.fullmatch(text) is not None


def fits_kind(kind: CellKind | None, text: str, header: str) -> float:
    """1 where a cell holds the kind of thing asked for, -1 where it cannot, 0 where one may doubt.

    A blank cell may have held anything.
    """
    if kind is None or is_blank(text):
        return 0.0
    figure = _FIGURE.match(text) is not None
    digits = any(map(str.isdigit, text))
    clock, day = _CLOCK.search(text) is not None, _DAY.search(text) or DATE.search(text)
    year = re.fullmatch(r"\W*\d{4}\W*", text) is not None
    match kind:
        case CellKind.TIME:
            fit = 1.0 if clock else -1.0
        case CellKind.SHARE:
            fit = 1.0 if "%" in f"{text}{header}" and digits else -0.5 if figure else -1.0
        case CellKind.DURATION:
            fit = 1.0 if _SPAN.search(text) else 0.0 if digits else -1.0
        case CellKind.NUMBER if figure and not clock and not _DAY.search(text):
            fit = 1.0
        case CellKind.NUMBER:
            fit = 0.3 if _FREE.search(text) else 0.0 if digits else -1.0
        case CellKind.DATE:
            fit = 0.3 if year else 1.0 if day else 0.5 if clock else -0.3 if digits else -0.5
        case CellKind.PERSON:
            fit = 1.0 if _NAME.search(text) and not digits and not day else -1.0
        case CellKind.PLACE:
            fit = -0.5 if figure else 0.3
    return fit
