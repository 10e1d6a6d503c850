"""The tables of an old file, whose rows and cells only marks in the text end."""

from dataclasses import dataclass, field
from itertools import pairwise

from index.documents.word.making import add, element
from index.documents.word.markup import Element, W
from index.documents.word.sprms import Paragraphs

__all__ = ["Cells", "close", "place"]

_DEEPEST = 20


@dataclass(slots=True)
class Cells:
    """A table while it is read: its rows, and the cells and paragraphs of the row at hand."""

    rows: list[tuple[Paragraphs, bool, list[Element]]] = field(default_factory=list)
    cells: list[Element] = field(default_factory=list)
    content: list[Element] = field(default_factory=list)


def place(
    parent: Element,
    tables: list[Cells],
    paragraph: Element,
    own: Paragraphs,
    end: str,
    *,
    deleted: bool,
) -> None:
    """Put a paragraph where it belongs: in the story, or in a cell of the innermost table."""
    depth = min(own.depth, _DEEPEST)
    close(parent, tables, depth)
    while len(tables) < depth:
        tables.append(Cells())
    if not tables:
        parent.append(paragraph)
        return
    inner = tables[-1]
    if own.row_end:
        if inner.content:
            _end_cell(inner)
        # A mark on the end of a row may belong to what follows: all of a deleted row is deleted.
        left = any(text.text for cell in inner.cells for text in cell.iter(f"{W}t"))
        inner.rows.append((own, deleted and not left, inner.cells))
        inner.cells = []
        return
    inner.content.append(paragraph)
    if end == "\x07" or own.inner_cell:
        _end_cell(inner)


def _end_cell(table: Cells) -> None:
    cell = element("tc")
    cell.extend(table.content)
    table.cells.append(cell)
    table.content = []


def close(parent: Element, tables: list[Cells], depth: int) -> None:
    """End the tables that are deeper."""
    while len(tables) > depth:
        made = _table(tables.pop())
        if tables:
            tables[-1].content.append(made)
        else:
            parent.append(made)


def _table(table: Cells) -> Element:
    if table.content:
        _end_cell(table)
    if table.cells:
        table.rows.append((Paragraphs(), False, table.cells))
    edges = sorted({edge for own, _, _ in table.rows for edge in own.edges})
    made = element("tbl")
    grid = add(made, "tblGrid")
    for left, right in pairwise(edges):
        add(grid, "gridCol", w=str(right - left))
    for own, deleted, cells in table.rows:
        row = add(made, "tr")
        properties = add(row, "trPr")
        if deleted:
            add(properties, "del")
        if own.header:
            add(properties, "tblHeader")
        known = len(own.edges) == len(cells) + 1
        if known and edges.index(own.edges[0]):
            add(properties, "gridBefore", val=str(edges.index(own.edges[0])))
        for number, cell in enumerate(cells):
            look = element("tcPr")
            if known:
                width = edges.index(own.edges[number + 1]) - edges.index(own.edges[number])
                add(look, "gridSpan", val=str(max(1, width)))
            across, down = own.merges[number] if number < len(own.merges) else (0, 0)
            for name, merge in (("hMerge", across), ("vMerge", down)):
                if merge:
                    add(look, name, val="continue" if merge == 1 else "restart")
            cell.insert(0, look)
            row.append(cell)
    return made
