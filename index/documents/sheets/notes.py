"""Notes of sheets: the marks in cells, and the lines below that explain them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.documents.parts import Part
from index.documents.sheets.grid import Cell, Kind, Line, distinct
from index.documents.sheets.headers import is_figure
from index.types import BlockRole

__all__ = ["Placed", "take_marks", "tied"]

_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# A mark that is written as plain letters: before its note, and at the end of a cell.
_LEAD = re.compile(
    r"(\*{1,4}|[†‡§]|\(\*{1,3}\)|[(\[](?:\d{1,2}|[a-z])[)\]]|[¹²³⁴-⁹⁰]{1,2})[.:]?\s*(?=\w)"
)
_TRAIL = re.compile(r"\s*(\*{1,4}|[†‡§]|\(\*{1,3}\)|[(\[](?:\d{1,2}|[a-z])[)\]]|[¹²³⁴-⁹⁰]{1,2})$")
_NOTE = re.compile(r"[(\[]?(\d{1,3}|[a-z]|\*{1,4}|[†‡§]|[⁰¹²³⁴-⁹]{1,2})[)\]]?[./:]?\s*(?=\w)")


@dataclass(frozen=True, slots=True)
class Placed:
    """A part with the marks that were taken out of it, and where in its text they stood."""

    part: Part
    marks: tuple[tuple[str, int], ...] = ()


def take_marks(lines: Sequence[Line]) -> list[Line]:
    """The rows, with marks at the ends of cells taken out that a line of its own explains."""
    marks = set()
    for _, cells in lines:
        if distinct(tuple(cells.values())) == 1:
            lead = _LEAD.match(next(iter(cells.values())).text)
            if lead:
                marks.add(lead[1])
    if not marks:
        return list(lines)
    return [(row, _taken(cells, marks)) for row, cells in lines]


def _taken(cells: dict[int, Cell], marks: set[str]) -> dict[int, Cell]:
    if not any(cell.text.endswith(tuple(marks)) for cell in cells.values()):
        return cells
    taken = {}
    for column, cell in cells.items():
        trail = _TRAIL.search(cell.text)
        if trail is None or trail[1] not in marks or not trail.start():
            taken[column] = cell
            continue
        text = cell.text[: trail.start()]
        kind = Kind.NUMBER if cell.kind is Kind.TEXT and is_figure(text) else cell.kind
        taken[column] = cell._replace(text=text, kind=kind, marks=(*cell.marks, plain(trail[1])))
    return taken


def plain(mark: str) -> str:
    """A mark without brackets, its figures plain."""
    return mark.strip("()[]").translate(_PLAIN)


def tied(placed: Iterable[Placed]) -> list[Part]:
    """The parts, where lines that begin with a mark of a part before them are its notes."""
    parts: list[list[Part]] = []
    places: dict[str, tuple[int, int]] = {}
    for one in placed:
        note = _NOTE.match(one.part.text) if one.part.role is BlockRole.PARAGRAPH else None
        at = places.get(plain(note[1])) if note else None
        if note is None or at is None:
            for mark, offset in one.marks:
                places.setdefault(mark, (len(parts), offset))
            parts.append([one.part])
            continue
        owner, offset = at
        text = one.part.text[note.end() :]
        parts[owner].append(Part(BlockRole.NOTE, text, mark=plain(note[1]), anchor=offset))
    return [part for group in parts for part in group]
