"""The rows of RTF's tables on one grid: cells that span others, header rows, titles. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.documents.evidence import form, header_rows
from index.documents.parts import Part, table
from index.types import BlockRole

__all__ = ["Row", "parts_of"]

_NEAR = 60  # twips between two edges that are the same


@dataclass(slots=True)
class Row:
    """A row: the texts of its cells, their right edges in twips and how each is merged.

    A merge is a set of control words: ``clvmgf`` begins and ``clvmrg`` continues a cell over rows,
    ``clmgf`` and ``clmrg`` over columns.
    """

    cells: list[str] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)
    merges: list[frozenset[str]] = field(default_factory=list)
    header: bool = False


@dataclass(slots=True)
class _Cell:
    text: str
    row: int
    column: int
    rows: int
    columns: int


def parts_of(rows: Sequence[Row]) -> list[Part]:
    """The table of rows, with its title before it; a table of one cell in each row is text."""
    rows = [row for row in rows if row.cells]
    grid = _edges(rows)
    if len(grid) < 2:
        texts = (" ".join(cell.split()) for row in rows for cell in row.cells)
        return [Part(BlockRole.PARAGRAPH, text) for text in texts if text]
    cells = _placed(rows, grid)
    width = len(grid)
    lines = [[""] * width for _ in rows]
    for cell in cells:
        for r in range(cell.row, cell.row + cell.rows):
            for c in range(cell.column, cell.column + cell.columns):
                lines[r][c] = cell.text
    whole = {c.row: c.text for c in cells if c.columns == width and c.rows == 1}
    parts: list[Part] = []
    first = 0
    while first in whole and first + 1 < len(rows):
        if whole[first].strip():
            parts.append(Part(BlockRole.CAPTION, " ".join(whole[first].split())))
        first += 1
    for number, text in whole.items():
        lines[number] = [text]
    spans = tuple(
        (c.row - first, c.column, c.rows, c.columns)
        for c in cells
        if (c.rows > 1 or c.columns > 1) and c.row >= first and c.columns < width
    )
    body = lines[first:]
    said = 0
    while first + said < len(rows) and rows[first + said].header:
        said += 1
    fields = None if said else form(body)
    if fields is not None:
        return [*parts, *(Part(role, text) for role, text in fields)]
    headers = said or header_rows(body, spans, [False] * len(body), styled=False)
    made = table(body, header_rows=headers, spans=spans)
    return [*parts, made] if made else parts


def _edges(rows: Sequence[Row]) -> list[int]:
    """The right edges of the columns."""
    edges: list[int] = []
    for edge in sorted({edge for row in rows for edge in row.edges[: len(row.cells)]}):
        if not edges or edge - edges[-1] > _NEAR:
            edges.append(edge)
    most = max((len(row.cells) for row in rows), default=0)
    return edges if len(edges) >= most else list(range(1, most + 1))


def _placed(rows: Sequence[Row], grid: Sequence[int]) -> list[_Cell]:
    cells: list[_Cell] = []
    above: dict[int, _Cell] = {}  # the cell that ends last in each column
    for number, row in enumerate(rows):
        column = 0
        here: dict[int, _Cell] = {}
        last: _Cell | None = None
        for i, text in enumerate(row.cells):
            merge = row.merges[i] if i < len(row.merges) else frozenset()
            end = _column(row.edges[i], grid) + 1 if i < len(row.edges) else column + 1
            end = min(len(grid), max(column + 1, end))
            if column >= len(grid):
                break
            if "clmrg" in merge and last is not None:
                last.columns += end - column
            elif "clvmrg" in merge and column in above:
                last = above[column]
                last.rows = number - last.row + 1
            else:
                last = _Cell(text, number, column, 1, end - column)
                cells.append(last)
            here.update(dict.fromkeys(range(column, end), last))
            column = end
        above = here
    return cells


def _column(edge: int, grid: Sequence[int]) -> int:
    return min(range(len(grid)), key=lambda i: abs(grid[i] - edge))
