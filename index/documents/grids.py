"""Tables of cells that may span others, as parts: the title, the table and what is left of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.documents.parts import Part, table
from index.documents.raised import MARK
from index.types import BlockRole

__all__ = ["MAX_CELLS", "Cell", "grid_parts"]

MAX_CELLS = 2_000_000

_FIGURE = re.compile(
    r"[(+\-−]?\s*(?:[$€£]|US\$|MXN|USD|EUR)?\s*\d[\d.,'\s%€$°/:-]*(?:\s?[^\W\d]{1,6}\.?)?\)?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_HEAD_CHARS = 60


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

    Without ``header_rows`` a first row that is evidently the header is taken for it.
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
    headers = _headers(rows, spans, header_rows)
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


def _headers(
    rows: Sequence[Sequence[str]], spans: Sequence[tuple[int, int, int, int]], said: int
) -> int:
    """The header rows: those that are said or evident, and what their cells reach or group."""
    headers = said or _evident(rows)
    grouped = any(row == 0 and columns > 1 for row, _, _, columns in spans)
    groups = grouped and all(_is_word(cell) for cell in rows[0])
    if headers < 2 and groups and _over_figures(rows[1:]):
        headers = 2
    reached = max((row + tall for row, _, tall, _ in spans if row < headers), default=0)
    return max(headers, reached) if reached < len(rows) else headers


def _evident(rows: Sequence[Sequence[str]]) -> int:
    """1 where the first row has words over figures, or short words over three columns and more."""
    if not _heads(rows):
        return 0
    head, *below = rows
    distinct = len(set(head)) == len(head) and not any(cell.endswith((".", ":")) for cell in head)
    return int(_over_figures(rows) or (len(head) > 2 and distinct and len(below) > 1))


def _heads(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row has nothing but short words, in all columns but maybe the first."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    head = rows[0]
    words = all(_is_word(cell) and len(cell) <= _HEAD_CHARS for cell in head)
    return words and all(cell.strip() for cell in head[1:]) and not _YEAR.fullmatch(head[0].strip())


def _is_word(cell: str) -> bool:
    return not _FIGURE.fullmatch(cell.strip()) or bool(_YEAR.fullmatch(cell.strip()))


def _over_figures(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row has words, and a column below it figures alone."""
    columns = list(zip(*rows[1:], strict=True))
    return _heads(rows) and any(
        any(cells) and all(_FIGURE.fullmatch(cell.strip()) for cell in cells if cell.strip())
        for cells in columns[1:]
    )
