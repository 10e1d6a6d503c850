"""Tables: their grid, what spans it, their header, and tables that are only a layout."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from index.documents.evidence import form, header_rows
from index.documents.parts import table
from index.documents.word.context import Context, Raw
from index.documents.word.markup import (
    Element,
    W,
    attribute,
    flag,
    integer,
    number,
    put_away,
    unwrapped,
    value,
)
from index.documents.word.scripts import plain
from index.documents.word.styles import Styles
from index.types import BlockRole

__all__ = ["read_table"]

Blocks = Callable[[Element], list[Raw]]

_MOST_COLUMNS = 63  # Word's own limit
_SAME_EDGE = 100  # twips (1.8 mm): edges that are nearer are one column's
_LONG_CELL = 600  # characters in a cell of a table that is a layout


@dataclass(slots=True)
class _Cell:
    """A cell; ``first`` and ``after`` are its edges in the table's own grid."""

    first: int
    after: int
    raws: list[Raw]
    continues: bool = False  # the cell above
    shaded: bool = False
    text: str = ""
    bold: bool = False
    nested: list[Raw] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    cells: list[_Cell]
    header: bool


def read_table(element: Element, context: Context, blocks: Blocks) -> list[Raw]:
    """The parts that a table becomes: itself with its title, or what a layout lays out.

    ``blocks`` reads what a cell holds.
    """
    rows = [row for row in _rows(element, context, blocks) if row.cells]
    if not rows:
        return []
    edges = _edges(element, rows)
    for row in rows:
        for cell in row.cells:
            cell.first = bisect_left(edges, cell.first)
            cell.after = max(cell.first + 1, bisect_left(edges, cell.after))
    columns = max(cell.after for row in rows for cell in row.cells)
    if _is_layout(rows, columns):
        return [raw for row in rows for cell in row.cells for raw in cell.raws]
    for row in rows:
        for cell in row.cells:
            _flatten(cell)
    styled = _styled_header(element, context.styles)
    return _data(rows, columns, styled=styled)


def _rows(element: Element, context: Context, blocks: Blocks) -> Iterator[_Row]:
    for child in unwrapped(element, empty_controls=True):
        if child.tag != f"{W}tr":
            continue
        properties = child.find(f"{W}trPr")
        if put_away(properties):
            context.counts["deleted"] += 1
        elif flag(properties, "hidden"):
            context.counts["hidden row"] += 1
        else:
            yield _Row(
                list(_cells(child, properties, context, blocks)),
                bool(flag(properties, "tblHeader")),
            )


def _cells(
    row: Element, properties: Element | None, context: Context, blocks: Blocks
) -> Iterator[_Cell]:
    at = min(max(number(properties, "gridBefore") or 0, 0), _MOST_COLUMNS)
    before: _Cell | None = None
    for child in unwrapped(row, empty_controls=True):
        if child.tag != f"{W}tc":
            continue
        own = child.find(f"{W}tcPr")
        if own is not None and own.find(f"{W}cellDel") is not None:
            context.counts["deleted"] += 1
            continue
        width = min(max(number(own, "gridSpan") or 1, 1), _MOST_COLUMNS)
        after = min(at + width, 2 * _MOST_COLUMNS)
        if before is not None and _merge(own, "hMerge") == "continue":
            before.after = after
        else:
            before = _Cell(
                at, after, blocks(child), _merge(own, "vMerge") == "continue", _shaded(own)
            )
            yield before
        at = after


def _merge(properties: Element | None, name: str) -> str:
    """Whether a cell begins or continues a merged one; empty where neither."""
    element = None if properties is None else properties.find(f"{W}{name}")
    if element is None:
        tracked = None if properties is None else properties.find(f"{W}cellMerge")
        kind = attribute(tracked, "vMerge") if name == "vMerge" else None
        return {"cont": "continue", "rest": "restart"}.get(kind or "", "")
    return attribute(element, "val") or "continue"


def _shaded(properties: Element | None) -> bool:
    shade = None if properties is None else properties.find(f"{W}shd")
    fill = (attribute(shade, "fill") or "auto").lower()
    return fill not in ("auto", "ffffff") or attribute(shade, "themeFill") is not None


def _edges(element: Element, rows: list[_Row]) -> list[int]:
    """The edges of the grid at which columns begin, as far as cells begin there.

    Sets the cells' own edges to places in the grid. Word's grid has an edge for each width that a
    row ever had: edges that are all but the same are one.
    """
    grid = element.find(f"{W}tblGrid")
    widths = [
        max(0, integer(attribute(column, "w")) or 0)
        for column in (grid.iterfind(f"{W}gridCol") if grid is not None else ())
    ][: 2 * _MOST_COLUMNS]
    needed = max(cell.after for row in rows for cell in row.cells)
    known = len(widths) >= needed and all(widths)
    if not known:
        widths = [1000] * needed
    places = [0, *accumulate(widths)]
    starts = sorted({cell.first for row in rows for cell in row.cells})
    kept: list[int] = []
    one: dict[int, int] = {}
    for start in starts:
        if kept and places[start] - places[kept[-1]] < _SAME_EDGE:
            one[start] = kept[-1]
        else:
            kept.append(start)
            one[start] = start
    if any(len({one[cell.first] for cell in row.cells}) < len(row.cells) for row in rows):
        return starts
    for row in rows:
        for cell in row.cells:
            cell.first = one[cell.first]
            nearest = [at for at in kept if abs(places[at] - places[cell.after]) < _SAME_EDGE]
            cell.after = nearest[0] if nearest else cell.after
    return kept


def _is_layout(rows: list[_Row], columns: int) -> bool:
    """Whether a table only places things: a box, a column, text side by side, tables inside."""
    cells = [cell for row in rows for cell in row.cells]
    if columns == 1:
        return True
    raws = [raw for cell in cells for raw in cell.raws]
    inner = any(raw.role is BlockRole.TABLE for raw in raws)
    if any(raw.role is BlockRole.HEADING and not raw.mark for raw in raws):
        return not any(row.header for row in rows) and (len(rows) <= 2 or inner)
    if inner:
        plain_rows = sum(
            sum(any(raw.role is not BlockRole.TABLE for raw in cell.raws) for cell in row.cells) > 1
            for row in rows
        )
        return plain_rows < 2
    filled = [cell for cell in cells if cell.raws]
    long = any(
        len(cell.raws) > 1 and sum(len(raw.text) for raw in cell.raws) > _LONG_CELL
        for cell in filled
    )
    return (len(rows) == 1 and (long or len(filled) == 1)) or len(filled) == 0


def _flatten(cell: _Cell) -> None:
    """A cell's words in one line; tables inside of it come after the table."""
    said = [raw for raw in cell.raws if raw.role is not BlockRole.TABLE]
    cell.nested = [raw for raw in cell.raws if raw.role is BlockRole.TABLE]
    cell.text = " ".join(
        " ".join(f"{raw.mark} {raw.text}".split()) if raw.mark else " ".join(raw.text.split())
        for raw in said
    )
    cell.bold = bool(said) and all(raw.bold for raw in said)


def _styled_header(element: Element, styles: Styles) -> bool:
    """Whether the table's style makes its first row look like a header, and is told to."""
    properties = element.find(f"{W}tblPr")
    look = None if properties is None else properties.find(f"{W}tblLook")
    first = attribute(look, "firstRow")
    if first is None:
        try:
            first = "1" if int(attribute(look, "val") or "0", 16) & 0x20 else "0"
        except ValueError:
            first = "0"
    on = first not in ("0", "false", "off")
    return on and styles.first_row_is_header(value(properties, "tblStyle"))


def _data(rows: list[_Row], columns: int, *, styled: bool) -> list[Raw]:
    titles: list[Raw] = []
    while rows and columns > 1 and _is_whole(rows[0], columns) and len(rows) > 1:
        cell = rows.pop(0).cells[0]
        if cell.text:
            titles.append(Raw(BlockRole.CAPTION, cell.text, bold=cell.bold))
    grid, spans = _grid(rows, columns)
    looks = [_look(row) for row in rows]
    words = [[plain(text) for text in row] for row in grid]
    fields = form(words) if not any(row.header for row in rows) else None
    nested = [raw for row in rows for cell in row.cells for raw in cell.nested]
    if fields is not None:
        pairs = form(grid) or fields
        return [*titles, *(Raw(role, text) for role, text in pairs), *nested]
    named = 0
    while named < len(rows) and rows[named].header:
        named += 1
    headers = named if named < len(rows) else 0
    headers = headers or header_rows(words, spans, looks, styled=styled)
    made = table(grid, header_rows=headers, spans=spans)
    if made is None:
        return [*titles, *nested]
    if "\t" not in made.text and "\n" not in made.text:
        return [*titles, Raw(BlockRole.PARAGRAPH, made.text), *nested]
    raw = Raw(
        BlockRole.TABLE, made.text, header_rows=made.header_rows, spans=made.spans, kind="table"
    )
    return [*titles, raw, *nested]


def _is_whole(row: _Row, columns: int) -> bool:
    """Whether one cell is all of the row."""
    return len(row.cells) == 1 and row.cells[0].first == 0 and row.cells[0].after >= columns


def _look(row: _Row) -> bool:
    """Whether all cells of a row stand out."""
    filled = [cell for cell in row.cells if cell.text]
    return bool(filled) and (
        all(cell.bold for cell in filled) or all(cell.shaded for cell in row.cells)
    )


def _grid(
    rows: list[_Row], columns: int
) -> tuple[list[list[str]], tuple[tuple[int, int, int, int], ...]]:
    """The texts by row and column, a spanning cell's in each that it spans, and the spans."""
    grid: list[list[str]] = []
    spans: list[list[int]] = []
    above: dict[tuple[int, int], tuple[str, list[int]]] = {}
    for place, row in enumerate(rows):
        if columns > 1 and _is_whole(row, columns) and not row.cells[0].continues:
            grid.append([row.cells[0].text])
            above = {}
            continue
        texts = [""] * columns
        here: dict[tuple[int, int], tuple[str, list[int]]] = {}
        for cell in row.cells:
            edges = (cell.first, cell.after)
            owner = above.get(edges) if cell.continues else None
            if owner is not None:
                owner[1][2] += 1
                copy, span = owner
                texts[cell.first : cell.after] = [copy] * (cell.after - cell.first)
            else:
                span = [place, cell.first, 1, cell.after - cell.first]
                spans.append(span)
                copy = plain(cell.text)
                others = [copy] * (cell.after - cell.first - 1)
                texts[cell.first : cell.after] = [cell.text, *others]
            here[edges] = (copy, span)
        above = here
        grid.append(texts)
    kept = tuple(
        (row, column, height, width)
        for row, column, height, width in spans
        if height > 1 or width > 1
    )
    return grid, kept
