"""Signs for the references to notes, and the numbers of lists."""

import re

from index.documents.numerals import letters, roman

__all__ = [
    "BREAK",
    "GAP",
    "NOTE_MARK",
    "list_number",
    "note_sign",
]

# Signs inside of a text that is being gathered; Unicode keeps these characters for such use.
_OPEN, _CLOSE, BREAK, GAP = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
NOTE_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


def note_sign(number: int) -> str:
    """The sign for a reference to a note, by its number among all of the page."""
    return f"{_OPEN}{number}{_CLOSE}"


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
