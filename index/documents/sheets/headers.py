"""Which rows of a table are its header."""

import re
from collections.abc import Sequence
from itertools import pairwise

from index.documents.evidence import is_units
from index.documents.sheets.grid import Cell, Kind

__all__ = ["header_rows", "is_figure", "spread_groups"]

Row = Sequence[Cell | None]

_DEEPEST = 4  # header rows
_LONGEST = 80  # characters of a header's cell
_SAMPLE = 200  # rows of the body that are looked at
_YEAR = re.compile(r"(?:19|20|21)\d\d")
_FIGURE = re.compile(
    r"[(+-]?\s*(?:[$€£¥]|US\$|MX\$|EUR|USD|MXN)?\s*[(+-]?\d[\d.,' ]*(?:E[+-]?\d+)?\s*"
    r"(?:%|‰|[$€£¥]|EUR|USD|MXN)?\)?"
    r"|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?|\d{1,2}:\d\d(?::\d\d)?",
    re.IGNORECASE,
)


def is_figure(text: str) -> bool:
    """Whether a text is a number, an amount, a date or a time."""
    return text[-1:] in _LAST and _FIGURE.fullmatch(text) is not None


_LAST = frozenset("0123456789%‰$€£¥)RDNrdn.,' ")


def header_rows(rows: Sequence[Row]) -> int:
    """How many of the first rows are the header: evident by kinds, merged cells and bold face.

    A row of units below the names belongs to it.
    """
    count = _named_rows(rows)
    if 0 < count < len(rows) - 1:
        count += is_units([cell.text for cell in rows[count] if cell is not None])
    return count


def _named_rows(rows: Sequence[Row]) -> int:
    if len(rows) < 2 or not _may_head(rows, 0):
        return 0
    count = _group_rows(rows)
    if count > 1:
        return count
    body = rows[1 : 1 + _SAMPLE]
    first = [cell for cell in rows[0] if cell is not None]
    if _is_bold(rows[0]) and not _is_bold(rows[1]):
        return 1
    if any(_differs(rows[0], body, column) for column in range(len(rows[0]))) or _counts_up(first):
        return 1
    figures = any(cell is not None and cell.kind is not Kind.TEXT for row in body for cell in row)
    if figures:  # in columns where the first row has nothing
        return int(len(first) >= 2)
    return int(len(first) == len(rows[0]) and _is_new(rows[0], body))


def _may_head(rows: Sequence[Row], number: int) -> bool:
    """Whether a row holds names: short texts, or years and dates over other figures."""
    cells = [cell for cell in rows[number] if cell is not None]
    if len(cells) < 2 and len(rows[number]) > 1:
        return False
    if any(len(cell.text) > _LONGEST for cell in cells):
        return False
    figures = [cell for cell in cells if cell.kind is not Kind.TEXT]
    if not figures:
        return True
    if len(figures) == len(cells):
        if rows[number][0] is not None:
            return False  # a row of figures alone heads nothing
        if _counts_up(cells):
            return True
    return all(_is_date_head(cell) for cell in figures) and _varies(rows, number)


def _counts_up(cells: Sequence[Cell]) -> bool:
    """Whether the figures are 1, 2, 3 and so on: the numbers of the columns."""
    if len(cells) < 3 or not all(cell.text.isdecimal() for cell in cells):
        return False
    first = int(cells[0].text)
    return [cell.text for cell in cells] == [str(first + n) for n in range(len(cells))]


def _is_date_head(cell: Cell) -> bool:
    return cell.kind is Kind.DATE or _YEAR.fullmatch(cell.text) is not None


def _varies(rows: Sequence[Row], number: int) -> bool:
    """Whether figures of another sort stand under the years or dates of a row."""
    for column, cell in enumerate(rows[number]):
        if cell is None or cell.kind is Kind.TEXT:
            continue
        below = [row[column] for row in rows[number + 1 : number + 1 + _SAMPLE]]
        kept = [other for other in below if other is not None and other.kind is not Kind.TEXT]
        if kept and all(_is_date_head(other) for other in kept):
            return False
    return True


def _group_rows(rows: Sequence[Row]) -> int:
    """The header rows where merged cells, or gaps over repeated names, make several of them."""
    count = 1
    while count < min(_DEEPEST, len(rows) - 1):
        above, row = rows[count - 1], rows[count]
        wide = _is_wide(above) or _is_gapped(above, row)
        deep = any(
            cell is not None and cell.merge and other is not None and cell.merge == other.merge
            for cell, other in zip(above, row, strict=True)
        )
        if not (wide or deep) or not _may_head(rows, count):
            break
        if deep and not wide and not _is_bold(row) and _same_first(above, row, rows):
            break
        count += 1
    return count


def _same_first(above: Row, row: Row, rows: Sequence[Row]) -> bool:
    """Whether only the first cell goes on in the next row: a label of several rows, no header."""
    shared = [
        column
        for column, (cell, other) in enumerate(zip(above, row, strict=True))
        if cell is not None and cell.merge and other is not None and cell.merge == other.merge
    ]
    return shared == [0] and len(rows) > 2 and all(cell is not None for cell in row)


def _is_wide(row: Row) -> bool:
    return any(
        cell is not None and cell.merge and following is not None and cell.merge == following.merge
        for cell, following in pairwise(row)
    )


def _is_gapped(above: Row, row: Row) -> bool:
    """Whether names with gaps between them stand over names that repeat."""
    gaps = [column for column in range(1, len(above)) if above[column] is None]
    names = [cell.text for cell in row if cell is not None and cell.kind is Kind.TEXT]
    repeated = len(set(names)) < len(names)
    covered = all(row[column] is not None for column in gaps)
    return bool(gaps) and repeated and covered and sum(cell is not None for cell in above) > 1


def _is_bold(row: Row) -> bool:
    cells = [cell for cell in row if cell is not None]
    return bool(cells) and all(cell.bold for cell in cells)


def _differs(head: Row, body: Sequence[Row], column: int) -> bool:
    """Whether a column is figures under a name, or under a year other figures."""
    cell = head[column]
    if cell is None:
        return False
    below = [row[column] for row in body]
    kept = [other for other in below if other is not None]
    figures = sum(other.kind is not Kind.TEXT for other in kept)
    return 2 * figures > len(kept) and (cell.kind is Kind.TEXT or _is_date_head(cell))


def _is_new(head: Row, body: Sequence[Row]) -> bool:
    """Whether no name of the first row occurs below it."""
    return all(
        cell is not None and all(row[column] is None or row[column] != cell for row in body)
        for column, cell in enumerate(head)
    )


def spread_groups(rows: list[list[Cell | None]], headers: int) -> None:
    """Repeat a group's name over the columns up to the next group, where it is not merged."""
    for number in range(headers - 1):
        row = rows[number]
        if not _is_gapped(row, rows[number + 1]):
            continue
        for column in range(1, len(row)):
            if row[column] is None and row[column - 1] is not None and column > 1:
                row[column] = row[column - 1]
