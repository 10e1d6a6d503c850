"""A sheet's shown rows to the regions that a person sees: tables, titles, lines of text.

An empty row or column ends a region. What goes on after one is put together again: rows without a
header of their own under a table, a column of figures that an empty column sets apart.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.documents.sheets.grid import Cell, Kind, Line, Range, distinct

__all__ = ["Region", "first_cells", "regions"]

_DEEPEST = 12
_FURTHEST = 3  # empty rows after which rows may still belong to the table before


@dataclass(slots=True)
class Region:
    """Neighbouring rows. ``headers`` is their number of header rows where the file declares it."""

    lines: list[Line]
    headers: int | None = None
    _columns: list[int] = field(default_factory=list)

    @property
    def top(self) -> int:
        """The number of the first row."""
        return self.lines[0][0]

    @property
    def bottom(self) -> int:
        """The number of the last row."""
        return self.lines[-1][0]

    @property
    def columns(self) -> list[int]:
        """The columns with any content."""
        if not self._columns:
            self._columns = sorted({column for _, cells in self.lines for column in cells})
        return self._columns

    def is_single(self, position: int) -> bool:
        """Whether a row holds one text alone: a title, a section, a note."""
        return distinct(tuple(self.lines[position][1].values())) == 1

    @property
    def is_text(self) -> bool:
        """Whether there is one text alone in each row."""
        return all(self.is_single(position) for position in range(len(self.lines)))


def regions(lines: Sequence[Line], declared: Sequence[tuple[Range, int]]) -> list[Region]:
    """The regions in reading order: from the top, side by side ones from the left."""
    left = list(lines)
    found: list[Region] = []
    for (top, first, bottom, last), headers in declared:
        inside, outside = _taken(left, (top, first, bottom, last))
        if inside:
            found.append(Region(inside, headers))
            left = outside
    found += _united(_cut(left, 0))
    return sorted(found, key=lambda region: (region.top, region.columns[0])) if declared else found


def _taken(lines: Sequence[Line], area: Range) -> tuple[list[Line], list[Line]]:
    """The part of the rows inside an area, and the rest."""
    top, first, bottom, last = area
    inside: list[Line] = []
    outside: list[Line] = []
    for row, cells in lines:
        if not top <= row <= bottom:
            outside.append((row, cells))
            continue
        within = {column: cell for column, cell in cells.items() if first <= column <= last}
        beyond = {column: cell for column, cell in cells.items() if not first <= column <= last}
        inside += [(row, within)] if within else []
        outside += [(row, beyond)] if beyond else []
    return inside, outside


def _cut(lines: list[Line], depth: int) -> Iterator[Region]:
    for band in _bands(lines):
        titles = _titles(band)
        body = band[titles:]
        groups = _groups(body) if depth < _DEEPEST else [body]
        if len(groups) == 1:
            yield Region(band)
            continue
        if titles:
            yield Region(band[:titles])
        for group in groups:
            yield from _cut(group, depth + 1)


def _bands(lines: Sequence[Line]) -> Iterator[list[Line]]:
    band: list[Line] = []
    for line in lines:
        if band and line[0] > band[-1][0] + 1:
            yield band
            band = []
        band.append(line)
    if band:
        yield band


def _titles(band: Sequence[Line]) -> int:
    """How many rows at the top hold one text alone, where others follow."""
    for position, (_, cells) in enumerate(band):
        if distinct(tuple(cells.values())) > 1:
            return position
    return 0


def _groups(lines: list[Line]) -> list[list[Line]]:
    """The rows split at empty columns, where what is right of one stands by itself."""
    used = sorted({column for _, cells in lines for column in cells})
    ranges: list[list[int]] = []
    for column in used:
        if ranges and column == ranges[-1][1] + 1:
            ranges[-1][1] = column
        else:
            ranges.append([column, column])
    if len(ranges) < 2:
        return [lines]
    groups: list[list[Line]] = []
    for first, last in ranges:
        part = _within(lines, first, last)
        if groups and not _stands_alone(part, groups[-1]):
            before = min(min(cells) for _, cells in groups[-1])
            groups[-1] = _within(lines, before, last)
        else:
            groups.append(part)
    return groups


def _within(lines: Sequence[Line], first: int, last: int) -> list[Line]:
    parts = (
        (row, {column: cell for column, cell in cells.items() if first <= column <= last})
        for row, cells in lines
    )
    return [(row, cells) for row, cells in parts if cells]


def _stands_alone(lines: Sequence[Line], before: Sequence[Line]) -> bool:
    """Whether columns have labels of their own, and do not go on with the rows to their left."""
    if _is_form(lines) or _is_form(before):
        return False
    columns = sorted({column for _, cells in lines for column in cells})
    shared = {row for row, _ in lines} & {row for row, _ in before}
    if len(columns) == 1:
        figures = any(cell.kind is not Kind.TEXT for _, cells in lines for cell in cells.values())
        return not figures and 2 * len(shared) < len(before)
    labels = [cells.get(columns[0]) for _, cells in lines[1:]] or [lines[0][1].get(columns[0])]
    texts = sum(cell is not None and cell.kind is Kind.TEXT for cell in labels)
    dates = sum(cell is not None and cell.kind is Kind.DATE for cell in labels)
    if not shared or len(shared) < min(len(lines), len(before)) / 2:
        return True
    head = before[0][1]
    same_head = [cell.text for _, cell in sorted(lines[0][1].items())][:1] == [
        cell.text for _, cell in sorted(head.items())
    ][:1]
    return same_head or 2 * (texts + dates) > len(labels)


def _is_form(lines: Sequence[Line]) -> bool:
    """Whether labels with a colon stand before their values."""
    colons = sum(cell.text.endswith(":") for _, cells in lines for cell in cells.values())
    return 2 * colons >= len(lines)


def _united(cut: Iterator[Region]) -> list[Region]:
    """The regions, with rows that go on with the table before put to it."""
    whole: list[Region] = []
    for region in cut:
        if whole and _goes_on(whole[-1], region):
            whole[-1] = Region(whole[-1].lines + region.lines)
        else:
            whole.append(region)
    return whole


def _goes_on(table: Region, region: Region) -> bool:
    """Whether rows after an empty row have no header, and figures where the table has figures."""
    near = 0 < region.top - table.bottom <= _FURTHEST + 1
    inside = set(region.columns) <= set(table.columns)
    if not near or not inside or len(table.columns) < 2 or table.is_text:
        return False
    figures = _figure_columns([region.lines[0]])
    if not figures or len(region.lines[0][1]) < 2 or _is_form(region.lines):
        return False
    if len(table.lines) == 1:  # a header that stands apart from its rows
        cells = table.lines[0][1].values()
        return all(cell.kind is Kind.TEXT for cell in cells)
    return figures <= _figure_columns(table.lines) and len(table.columns) > 2


def _figure_columns(lines: Sequence[Line]) -> set[int]:
    return {
        column for _, cells in lines for column, cell in cells.items() if cell.kind is not Kind.TEXT
    }


def first_cells(lines: Sequence[Line]) -> list[Cell]:
    """The leftmost cell of each row."""
    return [cells[min(cells)] for _, cells in lines]
