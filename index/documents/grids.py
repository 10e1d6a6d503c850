"""Tables of cells that may span others, as parts: the title, the table and what is left of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.documents.evidence import form
from index.documents.evidence import header_rows as evident
from index.documents.parts import Part, table
from index.documents.raised import MARK
from index.types import BlockRole

__all__ = ["MAX_CELLS", "Cell", "grid_parts"]

MAX_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text and place, from 0; ``rows`` and ``columns`` are more than 1 where it spans."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


def grid_parts(cells: Sequence[Cell], header_rows: int = 0, page: int | None = None) -> list[Part]:
    """The table of the cells, after its title where the first row is one cell across it.

    Without ``header_rows`` first rows that are evidently the header are taken for it, and a table
    of labels with their values becomes the fields of a form.
    """
    filled = [cell for cell in cells if cell.text.replace(MARK, "").strip()]
    if not filled:
        return []
    width = max(cell.column + cell.columns for cell in filled)
    parts: list[Part] = []
    while width > 1:
        first = min(cell.row for cell in filled)
        row = [cell for cell in filled if cell.row == first]
        across = len(row) == 1 and row[0].columns >= width and row[0].rows == 1
        if not across or len(filled) == 1 or len(parts) == 2:
            break
        parts.append(Part(BlockRole.CAPTION, " ".join(row[0].text.split()), page))
        filled.remove(row[0])
        header_rows = max(0, header_rows - 1) if first < header_rows else header_rows
        filled = [_moved(cell, first) for cell in filled]
        width = max(cell.column + cell.columns for cell in filled)
    rows, spans = _rows(filled, width)
    words = [[text.replace(MARK, "") for text in row] for row in rows]
    fields = None if header_rows or any(MARK in cell.text for cell in filled) else form(words)
    if fields is not None:
        return [*parts, *(Part(role, text, page) for role, text in fields)]
    headers = header_rows or evident(words, spans, [False] * len(rows), styled=False)
    # A file that names one row as the header means all that its cells reach into.
    reached = max((row + tall for row, _, tall, _ in spans if row < headers), default=0)
    headers = max(headers, reached) if reached < len(rows) else headers
    made = table(rows, header_rows=headers, spans=spans, page=page)
    return [*parts, made] if made else parts


def _moved(cell: Cell, row: int) -> Cell:
    """The cell where it stands when the row above is gone."""
    return Cell(cell.text, max(0, cell.row - row - 1), cell.column, cell.rows, cell.columns)


def _rows(
    cells: Sequence[Cell], width: int
) -> tuple[list[list[str]], tuple[tuple[int, int, int, int], ...]]:
    height = max(cell.row + cell.rows for cell in cells)
    height = min(height, max(1, MAX_CELLS // width))
    rows = [[""] * width for _ in range(height)]
    spans = []
    for cell in cells:
        across = cell.columns >= width > 1 and cell.rows == 1
        copy = cell.text.replace(MARK, "")
        for row in range(cell.row, min(cell.row + cell.rows, height)):
            for column in range(cell.column, cell.column + (1 if across else cell.columns)):
                first = (row, column) == (cell.row, cell.column)
                rows[row][column] = cell.text if first else copy
        if cell.rows * cell.columns > 1:
            spans.append((cell.row, cell.column, cell.rows, cell.columns))
    return rows, tuple(spans)
