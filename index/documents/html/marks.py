"""Raised characters: exponents, ordinals, or the marks of notes; numbers of lists."""

import re
from html import unescape

from index.documents.numerals import letters, roman
from index.documents.raised import superior

__all__ = [
    "BREAK",
    "GAP",
    "NOTE_MARK",
    "is_note_mark",
    "list_number",
    "mark_text",
    "note_sign",
    "raised",
]

# Signs inside of a text that is being gathered; Unicode keeps these characters for such use.
_OPEN, _CLOSE, BREAK, GAP = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
NOTE_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")

_MARK = re.compile(
    r"[\[(]?\s*(?:\d{1,4}|[a-z]|[ivxlc]{1,6}|[*†‡§¶#]{1,4}|(?:note|nota|nb|n\.?)\s?\d{1,3})\s*[\])]?"
    r"(?:\s*[,;–-]\s*[\[(]?(?:\d{1,4}|[*†‡§])[\])]?)*\s*[.)]?",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*")
_BRACKETED = re.compile(r"[\[(].*[\])]", re.DOTALL)
_PAGES = re.compile(r":\s?\d[\d\s,–-]*")  # of the source that the mark before it names
_SIGNS = re.compile(r"[*†‡§¶]+")
_CAN_RAISE = re.compile(r"[0-9+\-−–=()nix]+")
# Units and functions that may have an exponent; the second kind are words too, without a number.
_UNIT_END = re.compile(
    r"(?:^|[\s\d(/·×*+=,–-])(?:[kmcdhµμn]?m|ft|yd|mc|sen|cos|tan|sin|log)$"
    r"|\d\s?(?:in|mi|pies?|pulg|s|seg)$",
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
_WORD_END = re.compile(r"[^\W\d_]+$")
_ORDINALS = {"o": "º", "º": "º", "a": "ª", "ª": "ª"}
_TRADE = {"tm": "™", "r": "®", "sm": "℠", "®": "®", "™": "™", "©": "©"}
_PRICE_END = re.compile(r"[$€£]\s?\d[\d,. ]*$")
_SCALE = re.compile(r"\s?[CF](?!\w)")
_MARK_CHARS = 30
_ABBREVIATED = 3  # letters before a raised letter that continues an abbreviation: "Sr" + "a"


def note_sign(number: int) -> str:
    """The sign for a reference to a note, by its number among all of the page."""
    return f"{_OPEN}{number}{_CLOSE}"


def is_note_mark(text: str) -> bool:
    """Whether a text may be the mark of a note: digits, a letter, an asterisk, ``[3]``."""
    return bool(text) and bool(_MARK.fullmatch(text.strip()))


def mark_text(text: str) -> str:
    """The mark as it is named: without its brackets."""
    return " ".join(text.split()).strip("[]() .")


def raised(before: str, text: str, after: str = "") -> str | None:
    """What a raised text reads as between its neighbours; None where it is the mark of a note."""
    text = " ".join(unescape(text).split())
    simple = _TRADE.get(text.lower()) if text else ""
    if simple is not None:
        return simple
    bracketed = _BRACKETED.fullmatch(text) and len(text) < _MARK_CHARS
    if bracketed or _PAGES.fullmatch(text) or _SIGNS.fullmatch(text):
        return None
    if not before.strip() or before[-1].isspace():
        return _first(text, after)
    if _DIGITS.fullmatch(text):
        return _exponent(before, text, after)
    if (len(text) == 1 and text.isalpha()) or text in _ORDINALS:
        degrees = text in ("o", "º") and _SCALE.match(after) and before[-1].isdigit()
        return "°" if degrees else _letter(before, text)
    return _continuation(before, text)


def _first(text: str, after: str) -> str | None:
    """A raised text with nothing before it: the number of an isotope, or a mark."""
    if _DIGITS.fullmatch(text) and _ISOTOPE.match(after):
        return superior(text)
    return None if is_note_mark(text) and not after[:1].isalpha() else text


def _continuation(before: str, text: str) -> str:
    if _CAN_RAISE.fullmatch(text) and re.search(r"[\w)\]}]$", before):
        return superior(text)
    power = re.fullmatch(r"[-−–+]?\w{1,2}(?:[-+−/*]\w+)?", text) and _VARIABLE_END.search(before)
    return f"^{text}" if power else text


def _letter(before: str, text: str) -> str | None:
    """A raised letter: an ordinal, the end of an abbreviation, an exponent, or a note's mark."""
    ordinal = _ORDINALS.get(text.lower())
    if re.search(r"\d\.?$", before):
        return None if re.search(r"\d[.,]\d+$|\d{4}$", before) else ordinal
    word = _WORD_END.search(before)
    if word is None:
        return None if is_note_mark(text) else text
    if _VARIABLE_END.search(before):
        power = superior(text) if text in "nix" else f"^{text}"
        return power if ordinal is None else ordinal
    return None if len(word[0]) > _ABBREVIATED else ordinal or text


def _exponent(before: str, text: str, after: str) -> str | None:
    """Raised digits as an exponent; None where they are the mark of a note."""
    shown: str | None = superior(text)
    cents = re.fullmatch(r"\d\d", text) and _PRICE_END.search(before)
    if cents or (text == "00" and before[-1].isdigit()):
        return f".{text}"
    if before.endswith(("⁺", "⁻")) or _POWER_END.search(before):
        return shown
    if _BRACKET_END.search(before):
        return shown if _SUM_END.search(before) else None
    if _UNIT_END.search(before):
        # Of "m", raised "2,3", the first is the exponent and the other a note.
        power = re.fullmatch(r"([23])(?:\s*,.*)?", text)
        return superior(power[1]) if power else None
    in_formula = after.lstrip()[:1] in tuple("+-−–=*/·×^<>≤≥")
    variable = _LETTER_END.search(before) and (in_formula or not _WORD_BEFORE.search(before))
    return shown if variable and text.isdecimal() and 1 < int(text) < 100 else None


_TYPES = {
    "a": "lower-alpha",
    "A": "upper-alpha",
    "i": "lower-roman",
    "I": "upper-roman",
    "1": "decimal",
}
_BULLETS = frozenset(("none", "disc", "circle", "square", "initial"))
_GREEK = "αβγδεζηθικλμνξοπρστυφχψω"


def list_number(number: int, kind: str) -> str:
    """The mark of an item as a browser shows it; ``kind`` is a CSS or HTML list type."""
    kind = _TYPES.get(kind, kind.lower())
    if kind in _BULLETS:
        return ""
    if number > 0 and kind.endswith(("-alpha", "-latin")):
        shown = letters(number, doubled=False)
    elif 0 < number < 4000 and kind.endswith("-roman"):
        shown = roman(number)
    elif kind == "lower-greek" and 0 < number <= len(_GREEK):
        shown = _GREEK[number - 1]
    else:
        shown = f"{number:02}" if kind == "decimal-leading-zero" else str(number)
    return f"{shown.upper() if kind.startswith('upper') else shown}."
