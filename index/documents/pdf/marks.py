"""Raised characters: the marks of notes leave the text, exponents and ordinals stay in it."""

import re
from collections.abc import Callable

from index.documents.pdf.model import MARK_END, MARK_START

__all__ = ["note_mark", "resolved", "with_marks"]

_MARK = re.compile(f"{MARK_START}([^{MARK_END}]*){MARK_END}")
_STRAY = re.compile(f"[{MARK_START}{MARK_END}]")
_PRINTED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_DOWN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_UP = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_UNIT = re.compile(r"(?:^|[\s\d(/·.])(?:[kcdhm]?m|km|Hm|ha|s|kg|ft|in|10|[a-zA-Z])$")
_YEAR = re.compile(r"(?:^|\D)(?:1[5-9]|20)\d\d$")
_FIGURES = re.compile(r"[\d.,]*\d$")  # of more than two nobody writes a power, but for a ten's
_ORDINALS = {"o": "º", "a": "ª", "O": "º", "A": "ª"}
_NOTE_LEAD = re.compile(
    rf"(?:{MARK_START}\s*(?P<raised>[^{MARK_END}]{{1,6}}){MARK_END}|(?P<plain>\d{{1,3}}|\*{{1,3}}|[†‡§])"
    r"(?=[\s.)]|[A-ZÁÉÍÓÚ¿\"“«]))[.)]?\s*"
)


def with_marks(text: str) -> str:
    """The text with superscript digits put between marks, as raised ones are."""
    return _PRINTED.sub(lambda m: f"{MARK_START}{m[0].translate(_DOWN)}{MARK_END}", text)


def note_mark(text: str) -> tuple[str, str, bool] | None:
    """Of a note: its mark, its text, and whether the mark is raised; None without a mark."""
    match = _NOTE_LEAD.match(with_marks(text[:12]) + text[12:])
    if match is None:
        return None
    full = with_marks(text[:12]) + text[12:]
    raised = match["raised"]
    mark = (raised or match["plain"]).strip(" .()[]")
    rest = full[match.end() :]
    return (mark, rest, raised is not None) if mark and rest.strip() else None


def resolved(
    text: str, breaks: list[int], is_note: Callable[[str, int], bool]
) -> tuple[str, list[int], list[tuple[str, int]]]:
    """The text without marks of notes, the moved breaks, and the marks with their offsets.

    ``is_note(mark, offset)`` says whether there is such a note for that place of the text.
    """
    text, breaks = _marked(text, breaks)
    pieces: list[str] = []
    notes: list[tuple[str, int]] = []
    moved = list(breaks)
    length = at = 0
    for match in _MARK.finditer(text):
        piece = text[at : match.start()]
        pieces.append(piece)
        length += len(piece)
        written = "".join(pieces[-3:])
        found, shown = _meaning(match[1], written, match.start(), is_note)
        if found or not shown:
            # A space before the mark goes with it, where one follows or a full stop does.
            after = text[match.end() : match.end() + 1]
            if pieces[-1].endswith(" ") and (not after or after in " .,;:)"):
                pieces[-1] = pieces[-1][:-1]
                length -= 1
            notes += [(mark, length) for mark in found]
        pieces.append(shown)
        length += len(shown)
        at = match.end()
        for number, start in enumerate(breaks):
            if start >= match.end():
                moved[number] = start - (match.end() - length)
    pieces.append(text[at:])
    return _STRAY.sub("", "".join(pieces)), moved, notes


def _marked(text: str, breaks: list[int]) -> tuple[str, list[int]]:
    if not _PRINTED.search(text):
        return text, breaks
    moved = [len(with_marks(text[:start])) for start in breaks]
    return with_marks(text), moved


def _meaning(
    mark: str, before: str, at: int, is_note: Callable[[str, int], bool]
) -> tuple[list[str], str]:
    """The notes that a raised text names, and what of it stays in the text."""
    bare = mark.strip(" ()[]")
    is_exponent = bare in ("2", "3") and bool(_UNIT.search(before)) and not _YEAR.search(before)
    named: list[str] = []
    shown = mark
    if bare.isalpha() and before[-1:] and before[-1] in "0123456789.":
        shown = _ORDINALS.get(bare, bare)
    elif is_exponent:
        shown = bare.translate(_UP)
    elif not bare.isalpha() or len(bare) == 1:
        marks = re.findall(r"\d+|[*†‡§]+|[a-z]", bare)
        named = [one for one in marks if is_note(one, at)]
        shown = "" if named else _unnamed(mark, bare, before)
    return named, shown


def _unnamed(mark: str, bare: str, before: str) -> str:
    """What stays of a raised text for which there is no note."""
    if not bare.isdigit():
        return "" if re.fullmatch(r"[\d,\s–-]+", bare) else mark
    figures = _FIGURES.search(before)
    if (figures and not _YEAR.search(before) and len(figures[0]) <= 2) or _UNIT.search(before):
        return bare.translate(_UP)
    # The mark of a note that stands somewhere else; at a text's start, it is all there is.
    return "" if before.strip() else mark
