"""Marks that number the parts of a text: of list items, of legal parts and of articles. Pure."""

import re
from dataclasses import dataclass

__all__ = ["ARTICLE", "LEGAL_PART", "ORDINAL", "ItemMark", "item_mark", "roman_value"]

_ORDINALS = """
    primer primero primera segundo segunda tercer tercero tercera cuarto cuarta quinto quinta sexto
    sexta s[ée]p?timo s[ée]p?tima octavo octava noveno novena d[ée]cimo d[ée]cima und[ée]cimo
    und[ée]cima duod[ée]cimo duod[ée]cima vig[ée]simo vig[ée]sima trig[ée]simo trig[ée]sima
    cuadrag[ée]simo cuadrag[ée]sima quincuag[ée]simo quincuag[ée]sima [úu]nico [úu]nica preliminar
    first second third fourth fifth sixth seventh eighth ninth tenth one two three four five six
    seven eight nine ten
"""
ORDINAL = "|".join(sorted(_ORDINALS.split(), key=len, reverse=True))
"""The alternatives of a pattern for ordinals in words: ``primero``, ``first``."""
_NUMBER = (
    rf"(?:[IVXLCivxlc]{{1,7}}|\d{{1,4}}(?:[.-]\d{{1,3}})*(?:\s?[º°ª]|[oa](?=[.,\s-]))?"
    rf"|(?:{ORDINAL})(?:\s(?:{ORDINAL}))?|[A-Z])"
)
# What an article that was put in later has after its number: 15-A, 3o. Bis, 153-F Bis, 7 A.
_LATER = (
    r"(?:\s?-\s?(?-i:[A-ZÑ])(?![^\W_]))?"
    r"(?:\.?\s?-?\s?(?:bis|ter|qu[aá]ter|quinquies|sexies|septies|octies)(?![^\W_])"
    r"(?:\s\d{1,2}(?=[.\s]))?|\s?(?-i:[A-Z]))?"
)
_AFTER = rf"{_LATER}(?![^\W_])"

LEGAL_PART = re.compile(
    r"(?P<kind>libro|parte|t[íi]tulo|cap[íi]tulo|secci[óo]n|subsecci[óo]n|anexo|ap[ée]ndice|"
    r"book|part|title|chapter|section|subsection|annex|appendix|schedule)"
    rf"\s+(?P<number>{_NUMBER}{_AFTER})(?P<end>\s*[.:)]?\s*[-–—]?)(?=\s|$)",
    re.IGNORECASE,
)
"""A part of a law or book with its number: ``CAPÍTULO II``, ``Section 4.``"""

ARTICLE = re.compile(
    r"(?:(?:art[íi]culo|article|art\.?|cl[áa]usula|clause|§)\s*"
    rf"(?P<number>{_NUMBER}{_AFTER})|(?:{ORDINAL})(?:\s(?:{ORDINAL}))?(?=\s?[.:)]\s?[-–—]|[.:]\s))"
    r"(?P<end>\s?[.:)]?\s?[-–—]{1,2}(?=\s|$|[\"“«¿¡(]|(?-i:[A-ZÁÉÍÓÚÑ]))|\s?[.:)]?(?=\s|$))",
    re.IGNORECASE,
)
"""What an article or clause begins with: ``Artículo 5.-``, ``Cláusula primera.``, ``PRIMERO.-``"""

_BULLET = re.compile(r"[-*+•·▪◦‣●○■□–—]\s+(?:\[[ xX]\]\s+)?")
_MARK = re.compile(
    r"(?P<open>\(?)(?P<value>\d{1,3}(?:\.\d{1,3})*|[ivxlc]{1,7}|[IVXLC]{1,7}|[a-zñA-ZÑ])"
    r"(?P<close>\s?[.)]\s?[-–—]|[.)º°])\s+(?=\S)"
)
_DECIMAL = re.compile(r"(?P<value>\d{1,2}(?:\.\d{1,3}){1,4})\s+(?=[^\W\d_])")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class ItemMark:
    """The mark of a list item. ``kind`` is the same for the marks of one list; ``end`` is the
    offset after it; ``text`` is empty for a bullet. ``number`` is its place in the list, 0 if none;
    ``roman`` is the other reading of a letter that may be a Roman numeral, else 0.
    """

    kind: str
    text: str
    end: int
    number: int = 0
    roman: int = 0


def item_mark(text: str, start: int, end: int) -> ItemMark | None:
    """The list mark with which ``text[start:end]`` begins, None without any."""
    bullet = _BULLET.match(text, start, end)
    if bullet:
        return ItemMark(text[start], "", bullet.end()) if bullet.end() < end else None
    match = _MARK.match(text, start, end) or _DECIMAL.match(text, start, end)
    if match is None:
        return None
    value = match["value"]
    shown = match[0].rstrip()
    close = match.groupdict().get("close") or ""
    form = f"{match.groupdict().get('open') or ''}{close.strip()[:1]}"
    if value[0].isdigit():
        parts = value.split(".")
        return ItemMark(f"1{form}{len(parts)}", shown, match.end(), int(parts[-1]))
    case = "a" if value.islower() else "A"
    number = _LETTERS.find(value.lower()) + 1 if len(value) == 1 else 0
    roman = roman_value(value.lower())
    if len(value) > 1:
        kind = ("i" if case == "a" else "I") + form
        return ItemMark(kind, shown, match.end(), roman, roman) if roman else None
    return ItemMark(case + form, shown, match.end(), number, roman)


def roman_value(value: str) -> int:
    """The number of a Roman numeral in lower case, 0 for what is none."""
    numbers = [_ROMAN_VALUES.get(letter, 0) for letter in value]
    if not all(numbers):
        return 0
    after = [*numbers[1:], 0]
    total = sum(-n if n < m else n for n, m in zip(numbers, after, strict=True))
    return total if _as_roman(total) == value else 0


def _as_roman(number: int) -> str:
    written = ""
    pairs = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"))
    for value, letters in (*pairs, (5, "v"), (4, "iv"), (1, "i")):
        count, number = divmod(number, value)
        written += letters * count
    return written
