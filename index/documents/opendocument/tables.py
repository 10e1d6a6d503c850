"""The cells of OpenDocument tables that are shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from index.documents.grids import MAX_CELLS, Cell
from index.documents.opendocument.odf import get, name, number
from index.documents.package import elements

__all__ = ["Grid", "Placed", "table_cells"]

_GROUPS = frozenset(("table:table-row-group", "table:table-rows", "table:table-header-rows"))
_COLUMN_GROUPS = frozenset(
    ("table:table-column-group", "table:table-columns", "table:table-header-columns")
)
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LIST = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}list"
_CELL, _COVERED = f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_REPEATS, _SPANNED = "table:number-columns-repeated", "table:number-columns-spanned"
_REPEATED, _WIDTH = f"{_TABLE}number-columns-repeated", f"{_TABLE}number-columns-spanned"
_HIDDEN = frozenset(("collapse", "filter"))


class Placed(NamedTuple):
    """A cell that is shown: its place and size, from 0, and the element with its blocks."""

    row: int
    column: int
    rows: int
    columns: int
    element: etree._Element

    def cell(self, text: str) -> Cell:
        """The cell with its text."""
        return Cell(text, self.row, self.column, self.rows, self.columns)


@dataclass(slots=True)
class Grid:
    """The cells of a table that are shown, and how many rows and columns are hidden."""

    cells: list[Placed] = field(default_factory=list)
    header_rows: int = 0
    hidden: int = 0


def table_cells(table: etree._Element) -> Grid:
    """The cells that have content; hidden rows and columns are left out."""
    grid = Grid()
    hidden_columns = {at for at, hidden in enumerate(_columns(table)) if hidden}
    grid.hidden = len(hidden_columns)
    row_number = 0
    for row, header in _rows(table, header=False):
        repeated = number(row, "table:number-rows-repeated", most=MAX_CELLS)
        if get(row, "table:visibility") in _HIDDEN:
            grid.hidden += repeated if _has_text(row) else 0
            continue
        for _ in range(min(repeated, max(1, MAX_CELLS // 100))):
            before = len(grid.cells)
            _place(row, row_number, hidden_columns, grid)
            if len(grid.cells) == before:  # as empty as those that repeat it
                row_number += min(repeated, 1 << 10)
                break
            grid.header_rows += header
            row_number += 1
            if len(grid.cells) > MAX_CELLS:
                return grid
    return grid


def _columns(table: etree._Element) -> Iterator[bool]:
    for child in elements(table):
        kind = name(child.tag)
        if kind == "table:table-column":
            hidden = get(child, "table:visibility") in _HIDDEN
            for _ in range(number(child, "table:number-columns-repeated", most=1 << 14)):
                yield hidden
        elif kind in _COLUMN_GROUPS:
            yield from _columns(child)


def _rows(table: etree._Element, *, header: bool) -> Iterator[tuple[etree._Element, bool]]:
    for child in elements(table):
        kind = name(child.tag)
        if kind == "table:table-row":
            yield child, header
        elif kind in _GROUPS:
            yield from _rows(child, header=header or kind == "table:table-header-rows")


def _has_text(element: etree._Element) -> bool:
    if len(element) == 1 and len(element[0]) == 0:
        text = element[0].text
        return bool(text) and not text.isspace()
    if next(element.iterdescendants(_LIST), None) is not None:
        return True  # its number may be all that it shows
    return any(not text.isspace() for text in element.itertext())


def _place(row: etree._Element, at: int, hidden: set[int], grid: Grid) -> None:
    column = 0
    for cell in row.iterchildren(_CELL, _COVERED):
        repeated = 1 if cell.get(_REPEATED) is None else number(cell, _REPEATS, most=1 << 14)
        if cell.tag == _COVERED or not _has_text(cell):
            column += repeated
            continue
        width = 1 if cell.get(_WIDTH) is None else number(cell, _SPANNED, most=1 << 14)
        height = number(cell, "table:number-rows-spanned", most=1 << 20)
        for _ in range(repeated):
            if not hidden:
                grid.cells.append(Placed(at, column, height, width, cell))
            else:
                _place_beside_hidden(cell, at, column, (height, width), hidden, grid)
            column += 1


def _place_beside_hidden(
    cell: etree._Element,
    at: int,
    column: int,
    size: tuple[int, int],
    hidden: set[int],
    grid: Grid,
) -> None:
    seen = [each for each in range(column, column + size[1]) if each not in hidden]
    if seen:
        first = seen[0] - sum(each < seen[0] for each in hidden)
        grid.cells.append(Placed(at, first, size[0], len(seen), cell))
