"""What raised and lowered letters read as: exponents, ordinals, cents, or the marks of notes.

What stands raised never reads as a part of the word or number before it: m², 10³, 1º, CO₂. Pure.
"""

import re
from html import unescape

__all__ = [
    "LOWERED",
    "RAISED",
    "can_lower",
    "can_raise",
    "is_note_mark",
    "lowered",
    "mark_text",
    "raised",
]

_MARK = re.compile(
    r"[\[(]?\s*(?:\d{1,4}|[a-z]|[ivxlc]{1,6}|[*†‡§¶#]{1,4}|(?:note|nota|nb|n\.?)\s?\d{1,3})\s*[\])]?"
    r"(?:\s*[,;–-]\s*[\[(]?(?:\d{1,4}|[*†‡§])[\])]?)*\s*[.)]?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*")
_BRACKETED = re.compile(r"[\[(].*[\])]", re.DOTALL)
_PAGES = re.compile(r":\s?\d[\d\s,–-]*")  # of the source that the mark before it names
_SIGNS = re.compile(r"[*†‡§¶]+")
RAISED = str.maketrans("0123456789+-−–=()nix", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱˣ")
LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
can_raise = re.compile(r"[0-9+\-−–=()nix]+").fullmatch
can_lower = re.compile(r"[0-9+\-−–=()]+").fullmatch
# Units and functions that may have an exponent; the second kind are words too, without a number.
_UNIT_END = re.compile(
    r"(?:^|[\s\d(/·×*+=,–-])(?:[kKmMcCdDhHµμn]?[mM]|ft|yd|mc|sen|cos|tan|sin|log)$"
    r"|[\d/·×*⋅]\s?(?:in|mi|pies?|pulg|s|seg|h|kg|g|[KLVAWN])$",
)
_LETTER_END = re.compile(r"(?:^|[\s\d(/·×*+=,–-])[a-zA-Zα-ωΑ-Ω]$")
_WORD_BEFORE = re.compile(
    r"(?<![^\W_])[aeouyAEOUY]$|(?:anexo|grupo|tipo|clase|vitamina|zona|serie|plan|nivel|hepatitis"
    r"|secci[óo]n|inciso|letra|apartado|annex|appendix|group|type|class|section|vitamin)\s+\w$",
    re.IGNORECASE,
)
_POWER_END = re.compile(r"(?:^|[^\d.,])(?:10|2)$|[×·x*]\s?\d+$")
_BRACKET_END = re.compile(r"[)\]}]$")
_SUM_END = re.compile(r"\([^()]*[+\-−·×*/=^][^()\s]*\)$|\([^()]*\s[+\-−·×*/=]\s[^()]*\)$")
_VARIABLE_END = re.compile(r"(?<![^\W_])[^\W\d_]$")
_ISOTOPE = re.compile(
    r"(?:H|He|Li|C|N|O|F|P|S|K|Ar|Ca|Fe|Co|Kr|Sr|Tc|I|Xe|Cs|Pb|Po|Rn|Ra|Th|U|Pu|Am)(?![a-záéíóúñ])"
)
_GAS_END = re.compile(r"(?<![^\W_])(?:CO|SO|NO|CH|NH)$")
_WORD_END = re.compile(r"[^\W\d_]+$")
_ORDINALS = {"o": "º", "º": "º", "a": "ª", "ª": "ª"}
_TRADE = {"tm": "™", "r": "®", "sm": "℠", "®": "®", "™": "™", "©": "©"}
_WHOLE_END = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,' ]?\d{3})*$")
_MONEY_END = re.compile(r"(?:[$€£]|MXN|USD|EUR)\s?[\d,.' ]*\d$")
_MONEY_SIGN = re.compile(r"\s?(?:[$€£]|EUR\b|USD\b|MXN\b|M\.?N\.)")
_MONEY_WORD = re.compile(r"\s?(?:euros?|pesos?|d[óo]lares|soles|bol[íi]vares|dollars)\b")
_ROUND_CENTS = re.compile(r"[0-9]0|[0-9]5|99|98")
_EURO = re.compile(r"€|EUR|euro")
_FORMULA_SIGN = re.compile(r"\s?[+\-−–=*/·×^<>≤≥]")
_SCALE = re.compile(r"\s?[CF](?!\w)")
_COUNTED = re.compile(r"(?:^|[^\d.,])\d{1,2}$")
_MARK_CHARS = 30
_ABBREVIATED = 3  # letters before a raised letter that continues an abbreviation: "Sr" + "a"


def is_note_mark(text: str) -> bool:
    """Whether a text may be the mark of a note: digits, a letter, an asterisk, ``[3]``."""
    return bool(text) and bool(_MARK.fullmatch(text.strip()))


def mark_text(text: str) -> str:
    """The mark as it is named: without its brackets."""
    return " ".join(text.split()).strip("[]() .")


def raised(before: str, text: str, after: str = "", *, noted: bool = False) -> str | None:
    """What a raised text reads as between its neighbours; None where it is the mark of a note.

    ``noted`` is whether a note with this mark is known.
    """
    text = " ".join(unescape(text).split())
    degrees = text in ("o", "º", "°") and _SCALE.match(after) and before.rstrip()[-1:].isdigit()
    simple = "°" if degrees else _TRADE.get(text.lower()) if text else ""
    if simple is not None:
        return simple
    bracketed = _BRACKETED.fullmatch(text) and len(text) < _MARK_CHARS
    if bracketed or _PAGES.fullmatch(text) or _SIGNS.fullmatch(text):
        return None
    if not before.strip() or before[-1].isspace():
        return _first(text, after)
    if _DIGITS.fullmatch(text):
        return _exponent(before, text, after, noted=noted)
    if (len(text) == 1 and text.isalpha()) or text in _ORDINALS:
        return _letter(before, text)
    return _continuation(before, text)


def _first(text: str, after: str) -> str | None:
    """A raised text with nothing before it: the number of an isotope, or a mark."""
    if _DIGITS.fullmatch(text) and _ISOTOPE.match(after):
        return text.translate(RAISED)
    return None if is_note_mark(text) and not after[:1].isalpha() else text


def _continuation(before: str, text: str) -> str:
    if can_raise(text) and re.search(r"[\w)\]}]$", before):
        return text.translate(RAISED)
    if text.isalpha() and before[-1:].isupper():
        return text  # of an abbreviation: "D" + "ña"
    power = re.fullmatch(r"[-−–+]?\w{1,2}(?:[-+−/*]\w+)?", text) and _VARIABLE_END.search(before)
    return f"^{text}" if power else text


def _letter(before: str, text: str) -> str | None:
    """A raised letter: an ordinal, the end of an abbreviation, an exponent, or a note's mark."""
    ordinal = _ORDINALS.get(text.lower())
    if re.search(r"\d\.?$", before):
        return None if re.search(r"\d[.,]\d+$|\d{4}$", before) else ordinal
    word = _WORD_END.search(before.removesuffix(".") if ordinal else before)
    if word is None:
        return None if is_note_mark(text) else text
    if _VARIABLE_END.search(before):
        power = text.translate(RAISED) if text in "nix" else f"^{text}"
        return power if ordinal is None else ordinal
    return None if len(word[0]) > _ABBREVIATED else ordinal or text


def _exponent(before: str, text: str, after: str, *, noted: bool) -> str | None:
    """Raised digits as an exponent or as cents; None where they are the mark of a note."""
    cents = None if noted else _cents(before, text, after)
    if cents:
        return cents
    if _UNIT_END.search(before):
        # Of "m", raised "2,3", the first is the exponent and the other a note.
        power = re.fullmatch(r"([2-4])(?:\s*,.*)?", text)
        return power[1].translate(RAISED) if power else None
    return None if noted or not _is_power(before, text, after) else text.translate(RAISED)


def _is_power(before: str, text: str, after: str) -> bool:
    """Whether raised digits are an exponent of what is no unit."""
    gas = text in ("2", "3", "4") and _GAS_END.search(before)  # it should stand lowered
    if gas or before.endswith(("⁺", "⁻")) or _POWER_END.search(before):
        return True
    if _BRACKET_END.search(before):
        return bool(_SUM_END.search(before))
    in_formula = _FORMULA_SIGN.match(after)
    if _COUNTED.search(before):
        return bool(in_formula) and text.isdecimal()
    variable = _LETTER_END.search(before) and (in_formula or not _WORD_BEFORE.search(before))
    return bool(variable) and text.isdecimal() and 1 < int(text) < 100


def _cents(before: str, text: str, after: str) -> str:
    """Two raised digits after a price, with their decimal sign; empty where they are no cents."""
    if not re.fullmatch(r"\d\d", text) or not _WHOLE_END.search(before):
        return ""
    money = _MONEY_END.search(before) or _MONEY_SIGN.match(after)
    word = _MONEY_WORD.match(after) if _ROUND_CENTS.fullmatch(text) else None
    sign = money or word
    if not sign and text != "00":
        return ""
    euro = sign is not None and _EURO.search(sign[0])
    grouped = re.search(r"[.,]\d{3}$", before)
    comma = grouped[0][0] == "." if grouped else bool(euro)
    return f"{',' if comma else '.'}{text}"


def lowered(text: str) -> str:
    """What a lowered text reads as: digits as small ones, other words as they are."""
    text = " ".join(text.split())
    return text.translate(LOWERED) if can_lower(text) else text
