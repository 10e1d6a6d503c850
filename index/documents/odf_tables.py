"""The cells of OpenDocument tables that are shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from index.documents.grids import MAX_CELLS, Cell
from index.documents.odf import get, name, number
from index.documents.package import elements

__all__ = ["Grid", "Placed", "table_cells"]

_GROUPS = frozenset(("table:table-row-group", "table:table-rows", "table:table-header-rows"))
_COLUMN_GROUPS = frozenset(
    ("table:table-column-group", "table:table-columns", "table:table-header-columns")
)
_HIDDEN = frozenset(("collapse", "filter"))


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell that is shown, and the element with its blocks."""

    cell: Cell
    element: etree._Element


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
        if not _has_text(row):
            # Where cells span rows, an empty one counts; as filling it would only make a gap.
            row_number += min(repeated, 1 << 10)
            continue
        for _ in range(min(repeated, max(1, MAX_CELLS // 100))):
            grid.header_rows += header
            _place(row, row_number, hidden_columns, grid)
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


def _has_text(row: etree._Element) -> bool:
    return any(str(text).strip() for text in row.itertext())


def _place(row: etree._Element, at: int, hidden: set[int], grid: Grid) -> None:
    column = 0
    for cell in elements(row):
        repeated = number(cell, "table:number-columns-repeated", most=1 << 14)
        kind = name(cell.tag)
        filled = kind == "table:table-cell" and _has_text(cell)
        for _ in range(repeated if filled else 0):
            width = number(cell, "table:number-columns-spanned", most=1 << 14)
            height = number(cell, "table:number-rows-spanned", most=1 << 20)
            seen = [each for each in range(column, column + width) if each not in hidden]
            if seen:
                first = seen[0] - sum(each < seen[0] for each in hidden)
                place = Cell("", at, first, height, len(seen))
                grid.cells.append(Placed(place, cell))
            column += 1
        column += 0 if filled else repeated
