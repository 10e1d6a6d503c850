"""Tables of a page: those that hold data become rows, those that only arrange it do not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from index.documents.evidence import header_rows
from index.documents.html.tree import classes

__all__ = ["Cell", "Grid", "grid", "is_data", "is_numbered", "number_of", "rows_of"]

_DATA_CLASS = re.compile(
    r"(?:wiki|data)-?table|sortable|dataframe|tablesorter|infobox", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"(?:(?:art[íi]culo|art\.|cl[áa]usula|secci[óo]n|section|article|base|punto|regla)\s+[\w.º°]+"
    r"|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxlIVXL]{1,6})[.)]-?|[•·▪–—*-]"
    r"|\d{1,3}(?:\.\d{1,3})+)[.:)–—-]*",
    re.IGNORECASE,
)
_BLOCKS = (
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "blockquote",
    "pre",
    "form",
    "article",
)
_ROW_CHARS = 400
_CELL_CHARS = 300
MAX_SPAN = 1000
_NESTED_TABLES = 30  # a table that holds more of them arranges a page
MAX_COLUMNS = 20_000
MAX_REPEATED = 4 << 20  # characters that spanning cells may add to a table


@dataclass(slots=True)
class Cell:
    """A cell as it is written: its text is filled in by who walks the page."""

    header: bool
    rows: int
    columns: int
    text: str = ""


@dataclass(slots=True)
class Grid:
    """A table's texts, row by row; its title, where the first row is one; header rows and spans."""

    rows: list[list[str]]
    title: str
    header_rows: int
    spans: tuple[tuple[int, int, int, int], ...]


def rows_of(table: etree._Element) -> list[tuple[etree._Element, str]]:
    """The rows that are a table's own, with the section they are in: head, rows, then foot."""
    found = []
    for child in table:
        if child.tag == "tr":
            found.append((child, ""))
        elif child.tag in ("thead", "tbody", "tfoot"):
            found += [(row, str(child.tag)) for row in child if row.tag == "tr"]
        elif child.tag == "form":  # a form between a table and its rows is usual, if not allowed
            found += [(row, "") for row in child if row.tag == "tr"]
    order = {"thead": 0, "tfoot": 2}
    return sorted(found, key=lambda pair: order.get(pair[1], 1))


def is_data(table: etree._Element) -> bool:
    """Whether the table holds data: by what it says, else by the length of what is in it."""
    if table.get("role") in ("presentation", "none") or table.get("datatable") == "0":
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row, _ in rows_of(table)]
    widest = max(map(len, rows), default=0)
    nested = sum(1 for _ in islice(table.iterdescendants("table"), _NESTED_TABLES))
    if nested == _NESTED_TABLES:
        return False
    signs = _signs(table, rows)
    alone = len(rows) == 1 and any(_paragraphs(cell) > 1 for cell in rows[0])
    if alone or (nested and not (signs and widest > 1 and not _is_frame(rows))):
        return False
    if widest < 2:
        return bool(signs and len(rows) > 1 and any(True for _ in table.iter("th", "caption")))
    if signs:
        return True
    return not any(_is_prose(row) for row in rows)


def number_of(cells: Sequence[etree._Element]) -> str:
    """The number in the first of two cells, if the second is the text that it numbers."""
    if len(cells) != 2:
        return ""
    first, second = (" ".join("".join(cell.itertext()).split()) for cell in cells)
    return first if _NUMBERED.fullmatch(first) and len(second) > len(first) else ""


def is_numbered(table: etree._Element) -> bool:
    """Whether the rows are the items of a list: a number, and a text of some words."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row, _ in rows_of(table)]
    if not rows or any(cell.tag == "th" for row in rows for cell in row):
        return False
    return all(number_of(row) and len("".join(row[1].itertext()).split()) > 2 for row in rows)


def _is_frame(rows: Sequence[Sequence[etree._Element]]) -> bool:
    """Whether most of the words stand in inner tables."""
    cells = [cell for row in rows for cell in row]
    inner = sum(len("".join(t.itertext())) for c in cells for t in c.iter("table") if t is not c)
    return 2 * inner > sum(len("".join(cell.itertext())) for cell in cells)


def _signs(table: etree._Element, rows: Sequence[Sequence[etree._Element]]) -> bool:
    if any(cell.tag == "th" or cell.get("scope") for row in rows for cell in row):
        return True
    if any(child.tag in ("thead", "caption", "colgroup") for child in table):
        return True
    if any(_DATA_CLASS.search(name) for name in classes(table)):
        return True
    return table.get("role") in ("table", "grid")


def _is_prose(row: Sequence[etree._Element]) -> bool:
    texts = [" ".join("".join(cell.itertext()).split()) for cell in row]
    if sum(map(len, texts)) > _ROW_CHARS:
        return True
    if any(True for cell in row for _ in cell.iter(*_BLOCKS)):
        return True
    return any(_paragraphs(cell) > 2 for cell in row)


def _paragraphs(cell: etree._Element) -> int:
    """How many paragraphs with words a cell holds."""
    return sum(1 for p in cell.iter("p") if "".join(p.itertext()).strip())


def grid(rows: Sequence[tuple[Sequence[Cell], str]]) -> Grid:
    """The cells in their rows and columns; what spans others is repeated in each of them."""
    at: list[dict[int, tuple[str, bool]]] = [{} for _ in rows]
    begun: set[int] = set()  # columns in which a cell begins; others are no columns
    spans: list[tuple[int, int, int, int]] = []
    sections = [section for _, section in rows]
    left = _rows_left(sections)
    room = MAX_REPEATED
    for number, (cells, _) in enumerate(rows):
        column = 0
        for cell in cells:
            while column in at[number]:
                column += 1
            columns = max(1, min(cell.columns, MAX_SPAN, MAX_COLUMNS - column))
            down = min(cell.rows or len(rows), left[number])
            begun.add(column)
            room -= (len(cell.text) + 1) * (down * columns - 1)
            if room < 0:
                down = columns = 1
            for row in at[number : number + down]:
                row.update(dict.fromkeys(range(column, column + columns), (cell.text, cell.header)))
            if down > 1 or columns > 1:
                spans.append((number, column, down, columns))
            column += columns
    width = max((column + 1 for row in at for column in row), default=0)
    empty = ("", False)
    cells_at = [[row.get(column, empty) for column in range(width)] for row in at]
    texts = [[text for text, _ in row] for row in cells_at]
    return _finished(texts, [[head for _, head in row] for row in cells_at], spans, sections, begun)


def _rows_left(sections: Sequence[str]) -> list[int]:
    """Of each row, how many there are from it to the end of its head, body or foot."""
    left = [1] * len(sections)
    for number in range(len(sections) - 2, -1, -1):
        if sections[number] == sections[number + 1]:
            left[number] = left[number + 1] + 1
    return left


def _finished(
    texts: Sequence[Sequence[str]],
    headers: Sequence[Sequence[bool]],
    spans: Sequence[tuple[int, int, int, int]],
    sections: Sequence[str],
    begun: set[int],
) -> Grid:
    width = max(map(len, texts), default=0)
    full = {r for r, c, _, columns in spans if c == 0 and columns >= width > 1}
    used = [c for c in sorted(begun) if any(c < len(row) and row[c].strip() for row in texts)]
    place = {column: at for at, column in enumerate(used)}
    rows = [[row[c] if c < len(row) else "" for c in used] for row in texts]
    title = ""
    first = 0
    if 0 in full and len(texts) > 1:
        title, first = texts[0][0], 1
    for row in full:
        rows[row] = rows[row][:1]
    kept = []
    for r, c, down, columns in spans:
        inside = [place[at] for at in range(c, c + columns) if at in place]
        if r >= first and r not in full and inside and (down > 1 or len(inside) > 1):
            kept.append((r - first, inside[0], down, len(inside)))
    heads = _marked_headers(rows[first:], headers[first:], sections[first:], full, first)
    if heads is None:
        heads = header_rows(rows[first:], kept, [False] * len(rows), styled=False)
    return Grid(rows[first:], title, heads, tuple(kept))


def _marked_headers(
    rows: Sequence[Sequence[str]],
    headers: Sequence[Sequence[bool]],
    sections: Sequence[str],
    full: set[int],
    first: int,
) -> int | None:
    """How many rows the head has as marked; None where no cell is."""
    marked = sum(1 for section in sections if section == "thead")
    if marked:
        return marked if marked < len(rows) or len(rows) == 1 else 0
    count = 0
    for number, row in enumerate(headers):
        said = [flag for flag, text in zip(row, rows[number], strict=False) if text.strip()]
        if number + first in full or not said or not all(said):
            break
        count += 1
    if count:
        return count if count < len(rows) else 0
    return 0 if any(any(row) for row in headers) else None
