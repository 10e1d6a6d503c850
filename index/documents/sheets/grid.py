"""A sheet's cells as they are shown: sparse, without what is hidden, merged cells filled."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

__all__ = ["Cell", "Kind", "Line", "Range", "Sheet", "distinct", "visible"]

_MOST_FILLED = 2_000_000  # cells that merged ranges may fill, of one sheet


class Kind(IntEnum):
    """What a cell's value is."""

    TEXT = 0
    NUMBER = 1
    DATE = 2  # or a time
    TRUTH = 3


class Cell(NamedTuple):
    """What one cell shows.

    ``merge`` numbers the range that it is a part of, from 1; 0 is none. ``marks`` are those of
    notes, taken out of the text. ``lead`` is the raised mark with which the text of a note begins.
    """

    text: str
    kind: Kind = Kind.TEXT
    bold: bool = False
    merge: int = 0
    marks: tuple[str, ...] = ()
    lead: str = ""


Range = tuple[int, int, int, int]
"""First row, first column, last row, last column; from 0, both ends belong to it."""

Line = tuple[int, dict[int, Cell]]
"""A row's number, and its cells by column."""


@dataclass(slots=True)
class Sheet:
    """A worksheet as its reader gives it.

    ``hidden_rows`` and ``hidden_columns`` are ranges (first, last). ``header_rows`` is the number
    of header rows of the tables that the file itself declares, by their range. ``boxes`` are the
    texts that lie on the sheet, with the row at which they are anchored.
    """

    name: str
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    declared: list[tuple[Range, int]] = field(default_factory=list)
    boxes: list[tuple[int, str]] = field(default_factory=list)


def visible(sheet: Sheet) -> tuple[list[Line], int, int]:
    """The shown rows in order, and how many rows and columns with content are hidden.

    Rows and columns are numbered anew, as if what is hidden were not there; ``sheet``'s declared
    tables and boxes are changed with them.
    """
    _fill_merges(sheet)
    rows = _Hidden(sheet.hidden_rows)
    columns = _Hidden(sheet.hidden_columns)
    lines: list[Line] = []
    hidden_rows = 0
    hidden_columns: set[int] = set()
    for number in sorted(sheet.rows):
        cells = sheet.rows[number]
        if number in rows:
            hidden_rows += any(cell.text for cell in cells.values())
            continue
        if not sheet.hidden_columns and list(cells) == sorted(cells):
            if cells:
                lines.append((rows.moved(number), cells))
            continue
        shown = {}
        for column in sorted(cells):
            if not cells[column].text:
                continue
            if column in columns:
                hidden_columns.add(column)
            else:
                shown[columns.moved(column)] = cells[column]
        if shown:
            lines.append((rows.moved(number), shown))
    sheet.declared = [
        ((rows.moved(r0), columns.moved(c0), rows.moved(r1), columns.moved(c1)), headers)
        for (r0, c0, r1, c1), headers in sheet.declared
    ]
    sheet.boxes = [(rows.moved(row), text) for row, text in sheet.boxes]
    return lines, hidden_rows, len(hidden_columns)


class _Hidden:
    """Ranges of rows or columns that are not shown."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._before = [0]  # how many are hidden before each range ends
        for start, end in sorted(ranges):
            first = max(start, self._ends[-1] + 1) if self._ends else start
            if end >= first:
                self._starts.append(first)
                self._ends.append(end)
                self._before.append(self._before[-1] + end - first + 1)

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self._starts, number) - 1
        return at >= 0 and number <= self._ends[at]

    def moved(self, number: int) -> int:
        """The number among those that are shown; of a hidden one, the next that is shown."""
        at = bisect_right(self._starts, number) - 1
        if at < 0:
            return number
        if number <= self._ends[at]:
            return self._starts[at] - self._before[at]
        return number - self._before[at + 1]


def _fill_merges(sheet: Sheet) -> None:
    """Put a merged range's text in all of its cells, as far as the sheet is used."""
    if not sheet.merges:
        return
    last_row = max(sheet.rows, default=0)
    last_column = max((max(cells, default=0) for cells in sheet.rows.values()), default=0)
    left = _MOST_FILLED
    for number, (top, first, bottom, last) in enumerate(sheet.merges, 1):
        cell = sheet.rows.get(top, {}).get(first)
        if cell is None or not cell.text:
            continue
        rows = range(top, min(bottom, last_row) + 1)
        columns = range(first, min(last, max(last_column, first)) + 1)
        left -= len(rows) * len(columns)
        if left < 0:
            return
        filled = cell._replace(merge=number)
        for row in rows:
            sheet.rows.setdefault(row, {}).update(dict.fromkeys(columns, filled))


def distinct(cells: Sequence[Cell]) -> int:
    """How many cells there are, a merged range counted once."""
    merges = {cell.merge for cell in cells if cell.merge}
    return sum(not cell.merge for cell in cells) + len(merges)
