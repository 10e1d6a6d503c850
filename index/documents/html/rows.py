"""Tables on the walk through a page: rows of cells, or what a table only arranges."""

import re
from dataclasses import replace

from lxml import etree

from index.documents.evidence import form
from index.documents.html.gather import Gatherer
from index.documents.html.marks import NOTE_MARK
from index.documents.html.notes import Item
from index.documents.html.tables import Cell, Grid, grid, number_of, rows_of
from index.documents.parts import Part, table
from index.types import BlockRole

__all__ = ["write_numbered", "write_table"]

_BULLET = re.compile(r"[•·▪–—*-]")
_ITEM_MARK = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,6})[.)]")
_APART = (BlockRole.TABLE, BlockRole.NOTE)


def write_table(walker: Gatherer, element: etree._Element) -> None:
    """Write a table of data, its caption before and its notes and inner tables after it."""
    linked = True
    inner: list[Item] = []
    titles: list[str] = []
    rows: list[tuple[list[Cell], str]] = []
    for child in element:
        if child.tag == "caption" and walker.reads(child):
            titles += [item.part.text for item in walker.inner().walk(child)]
    for row, section in rows_of(element):
        if not walker.reads(row):
            continue
        cells = []
        for cell in row:
            if cell.tag in ("td", "th") and walker.reads(cell):
                text, is_linked, after = _cell(walker, cell)
                linked = linked and (is_linked or not text)
                inner += after
                spans = _span(cell, "rowspan"), _span(cell, "colspan")
                cells.append(Cell(cell.tag == "th", *spans, text))
        rows.append((cells, section))
    _write(walker, grid(rows), titles, linked)
    for item in inner:
        item.main = walker.is_main
        walker.items.append(item)


def _write(walker: Gatherer, shown: Grid, titles: list[str], linked: bool) -> None:
    titles = [title for title in (*titles, shown.title) if title.strip()]
    lines = list(shown.rows)
    notes: list[str] = []
    while lines and len(lines[-1]) == 1 and NOTE_MARK.match(lines[-1][0]):
        notes.insert(0, lines.pop()[0])
    walker.items += [Item(Part(BlockRole.CAPTION, title), walker.is_main) for title in titles]
    noted = any(NOTE_MARK.search(cell) for row in lines for cell in row)
    plain = not (shown.header_rows or linked or noted)
    fields = form(lines) if plain else None
    part = table(lines, header_rows=shown.header_rows, spans=shown.spans)
    if fields is not None:
        walker.items += [Item(Part(role, text), walker.is_main) for role, text in fields]
    elif part is not None:
        walker.items.append(Item(part, walker.is_main, linked))
    for note in notes:
        walker.paragraph(note, False)


def _cell(walker: Gatherer, element: etree._Element) -> tuple[str, bool, list[Item]]:
    """The words of a cell, whether they are only links, and what has to stand after the table."""
    inner = walker.inner()
    inner.open["cell"] = 1
    items = inner.walk(element)
    here = [item for item in items if item.part.role not in _APART]
    text = ""
    for item in here:
        lead = f"{item.part.mark} " if item.part.mark else ""
        closed = text.rstrip().endswith((".", ",", ":", ";", "?", "!"))
        joint = "" if not text else " " if closed else ", "
        text = f"{text}{joint}{lead}{item.part.text}"
    text += "".join(inner.texts)  # signs of notes in a cell without words
    linked = bool(here) and all(item.linked for item in here)
    return text, linked, [item for item in items if item.part.role in _APART]


def write_numbered(walker: Gatherer, element: etree._Element) -> bool:
    """Write a table whose rows are numbered paragraphs or items; False where it is none."""
    pairs = [[cell for cell in row if cell.tag in ("td", "th")] for row, _ in rows_of(element)]
    marks = [number_of(pair) for pair in pairs]
    if not any(marks) or any(True for _ in element.iterdescendants("table")):
        return False
    for cells, mark in zip(pairs, marks, strict=True):
        inner = walker.inner()
        for cell in cells[1:] if mark else cells:
            inner.walk(cell)
        numbered = next(
            (item for item in inner.items if item.part.role is BlockRole.PARAGRAPH), None
        )
        if mark and numbered is not None:
            numbered.part = _marked(numbered.part, mark)
        for item in inner.items:
            item.main = walker.is_main
            walker.items.append(item)
    return True


def _marked(part: Part, mark: str) -> Part:
    if _BULLET.fullmatch(mark):
        return replace(part, role=BlockRole.ITEM, level=1)
    if _ITEM_MARK.fullmatch(mark):
        return replace(part, role=BlockRole.ITEM, mark=mark, level=1)
    return replace(part, mark=mark)


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return int(value) if value.isdecimal() and len(value) < 6 else 1
