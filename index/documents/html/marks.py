"""Signs for the references to notes, the numbers of lists, and formulas."""

import re

from lxml import etree

from index.documents.superscripts import RAISED, can_lower, can_raise, lowered

__all__ = [
    "BREAK",
    "GAP",
    "NOTE_MARK",
    "list_number",
    "math_text",
    "note_sign",
]

# Signs inside of a text that is being gathered; Unicode keeps these characters for such use.
_OPEN, _CLOSE, BREAK, GAP = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
NOTE_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


def note_sign(number: int) -> str:
    """The sign for a reference to a note, by its number among all of the page."""
    return f"{_OPEN}{number}{_CLOSE}"


_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
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
        shown = _letters(number)
    elif 0 < number < 4000 and kind.endswith("-roman"):
        shown = _roman(number)
    elif kind == "lower-greek" and 0 < number <= len(_GREEK):
        shown = _GREEK[number - 1]
    else:
        shown = f"{number:02}" if kind == "decimal-leading-zero" else str(number)
    return f"{shown.upper() if kind.startswith('upper') else shown}."


def _letters(number: int) -> str:
    shown = ""
    while number:
        number, rest = divmod(number - 1, 26)
        shown = chr(ord("a") + rest) + shown
    return shown


def _roman(number: int) -> str:
    shown = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        shown += letters * count
    return shown


_MATH_DEPTH = 40
_CLOSE_SIGNS = frozenset(("", "(", ")", "[", "]", "{", "}", "|", "!", "\u2061", "\u2062", "\u2063"))
_MATH_SKIPPED = frozenset(("annotation", "annotation-xml", "mphantom", "none", "mprescripts"))


def math_text(math: etree._Element) -> str:
    """A formula of MathML on one line: ``x² + 1``, ``(a + b)/2``, ``√(2)``."""
    shown = " ".join(_math(math, 0).split())
    return shown or " ".join((math.get("alttext") or "").split())


def _math(element: etree._Element, depth: int) -> str:
    tag = str(element.tag).rpartition("}")[2].rpartition(":")[2]
    if tag in _MATH_SKIPPED or depth > _MATH_DEPTH:
        return ""
    if len(element) == 0:
        return _token(tag, " ".join((element.text or "").split()))
    inner = [_math(child, depth + 1) for child in element if isinstance(child.tag, str)]
    if tag in ("mfrac", "msup", "msub", "msubsup", "mroot") and len(inner) >= 2:
        return _scripted(tag, [part.strip() for part in inner])
    if tag in ("munder", "mover", "munderover"):
        return _stacked(tag, [part.strip() for part in inner])
    return _enclosed(element, tag, inner)


def _token(tag: str, text: str) -> str:
    if text == ",":
        return ", "
    spaced = tag == "mo" and text not in _CLOSE_SIGNS
    return f" {text} " if spaced else text.strip("\u2061\u2062\u2063")


def _enclosed(element: etree._Element, tag: str, inner: list[str]) -> str:
    whole = "".join(inner)
    if tag == "mfenced":
        opening, closing = element.get("open", "("), element.get("close", ")")
        return f"{opening}{', '.join(inner)}{closing}"
    if tag == "mtr":
        return " ".join(part.strip() for part in inner) + "; "
    return f"√{_grouped(whole)}" if tag == "msqrt" else whole


_ACCENTS = {"˙": "\u0307", "→": "\u20d7", "⃗": "\u20d7", "^": "\u0302", "ˆ": "\u0302", "¯": "\u0304",
            "‾": "\u0304", "~": "\u0303", "˜": "\u0303", "¨": "\u0308"}  # fmt: skip


def _stacked(tag: str, inner: list[str]) -> str:
    """What stands above or below: an accent, or the limits of a sum."""
    base, others = inner[0] if inner else "", inner[1:]
    if tag == "mover" and others and len(base) == 1 and others[0] in _ACCENTS:
        return base + _ACCENTS[others[0]]
    below = others[0] if tag != "mover" and others else ""
    above = others[-1] if tag == "mover" and others else others[1] if len(others) > 1 else ""
    low = f"_{_grouped(below)}" if below else ""
    return f"{base}{low}{f'^{_grouped(above)}' if above else ''} "


def _scripted(tag: str, inner: list[str]) -> str:
    base, first = inner[0], inner[1]
    if tag == "mfrac":
        return f"{_grouped(base)}/{_grouped(first)}"
    if tag == "mroot":
        return f"{first}√{_grouped(base)}"
    low = first if tag in ("msub", "msubsup") else ""
    high = first if tag == "msup" else inner[2] if tag == "msubsup" and len(inner) > 2 else ""
    below = lowered(low) if can_lower(low) else f"_{_grouped(low)}" if low else ""
    flat = high.replace(" ", "")
    above = flat.translate(RAISED) if can_raise(flat) else f"^{_grouped(high)}" if high else ""
    return base + below + above


def _grouped(text: str) -> str:
    text = " ".join(text.split())
    return text if re.fullmatch(r"-?[\w.,]*[⁰¹²³⁴-⁹ⁿ]?", text) else f"({text})"
