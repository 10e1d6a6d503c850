"""Tables: the rows and cells of ruled ones, and of those whose columns only stand aligned."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from index.documents.pdf.hyphens import Vocabulary, join
from index.documents.pdf.model import Line, Table

__all__ = ["aligned", "finish", "joined_tables", "lengthen_cell"]

_Row = Sequence[Line]  # the lines of one baseline, from left to right

_NUMERIC = re.compile(r"[\s$€£%.,\d+\-–()/:]*\d[\s$€£%.,\d+\-–()/:]*(?:[a-zA-Z%€]{1,3}\.?)?")
_EMPTY = re.compile(r"(?:[-–—.]+|n\.?\s?[da]\.?|s/d)?", re.IGNORECASE)
_WIDEST_GAP = 3.6  # of the type size, between the baselines of two rows
_WRAPPED_GAP = 1.5
_MANY = 9  # columns: more are a table only where enough of the cells are filled
_LEAST_FILL = 0.3
_LONGEST_TITLE = 160  # characters


def aligned(rows: Sequence[_Row], start: int, width: float) -> tuple[int, Table] | None:
    """The table without rules that begins with a row: the row after it, and the table.

    ``width`` is that of the region. None where the rows are no table.
    """
    if len(rows[start]) < 2:
        return None
    stop = _end(rows, start, width)
    block = rows[start:stop]
    several = [row for row in block if len(row) > 1]
    columns = _columns(several)
    if len(several) < 2 or len(columns) < 2:
        return None
    if len(columns) == 2 and len(several) < 3 and not (_has_figures(several) or _is_wide(several)):
        return None
    count = sum(len(row) for row in block)
    if len(columns) > _MANY and count < _LEAST_FILL * len(columns) * len(block):
        return None  # a drawing with words in it
    if any(line.table is not None for row in block for line in row):
        return None
    table = Table([left for left, _ in columns] + [columns[-1][1]])
    for number, group in enumerate(_logical(block, columns)):
        cells = _cells_of(group, columns)
        for (first, last), lines in sorted(cells.items()):
            table.cells.append(((number, first, 1, last - first + 1), lines))
    return stop, table


def _cells_of(
    group: Sequence[_Row], columns: Sequence[tuple[float, float]]
) -> dict[tuple[int, int], list[Line]]:
    """The lines of a row of the table by the first and last column of their cells."""
    lines = [line for row in group for line in row]
    places = [_place(line, columns) for line in lines]
    single = {first for first, last in places if first == last}
    cells: dict[tuple[int, int], list[Line]] = {}
    for line, (first, last) in zip(lines, places, strict=True):
        # What runs over into columns that have a text of their own stands in its first one.
        over = any(column in single for column in range(first, last + 1))
        cells.setdefault((first, first) if over else (first, last), []).append(line)
    return cells


def _end(rows: Sequence[_Row], start: int, width: float) -> int:
    """The first row after those that may belong to the table."""
    stop = start + 1
    lefts = [line.x0 for line in rows[start]]
    while stop < len(rows):
        before, row = rows[stop - 1], rows[stop]
        size = before[0].size
        gap = row[0].base - before[0].base
        if row[0].table is not None or gap > _WIDEST_GAP * size:
            break
        if len(row) == 1:
            line = row[0]
            near = gap <= _WRAPPED_GAP * size
            alike = any(abs(line.x0 - left) < 4 for left in lefts)
            wide = line.x1 - line.x0 > 0.6 * width
            goes_on = stop + 1 < len(rows) and len(rows[stop + 1]) > 1
            if wide or not (near and (alike or goes_on)):
                break
        else:
            lefts += [line.x0 for line in row]
        stop += 1
    while len(rows[stop - 1]) == 1 and not _is_wrapped(rows[stop - 1][0], rows[start : stop - 1]):
        stop -= 1
    return stop


def _is_wrapped(line: Line, rows: Sequence[_Row]) -> bool:
    """Whether a lone last line goes on with a cell above it."""
    above = [other for other in rows[-1] if abs(other.x0 - line.x0) < 4]
    gap = line.base - rows[-1][0].base
    return bool(above) and gap < 1.35 * above[0].size and line.size < above[0].size + 0.5


def _columns(rows: Sequence[_Row]) -> list[tuple[float, float]]:
    """The stretches of the width that lines take, divided where nearly no line stands."""
    lines = [line for row in rows for line in row]
    if not lines:
        return []
    left = min(line.x0 for line in lines)
    width = int(max(line.x1 for line in lines) - left) + 2
    if width > 20_000:
        return []
    cover = [0] * width
    for line in lines:
        for x in range(int(line.x0 - left), min(width, int(line.x1 - left) + 1)):
            cover[x] += 1
    allowed = len(rows) // 8
    columns = []
    begin: int | None = None
    for x, count in enumerate([*cover, 0]):
        if count > allowed and begin is None:
            begin = x
        elif count <= allowed and begin is not None:
            columns.append((left + begin, left + x))
            begin = None
    narrow = 0.5 * median(line.size for line in lines)
    merged: list[tuple[float, float]] = []
    for column in columns:
        if merged and column[0] - merged[-1][1] < narrow:
            merged[-1] = (merged[-1][0], column[1])
        else:
            merged.append(column)
    return merged


def _place(line: Line, columns: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """The first and last column that a line stands in."""
    over = [
        number
        for number, (left, right) in enumerate(columns)
        if min(line.x1, right) - max(line.x0, left) > 1
    ]
    if over:
        return over[0], over[-1]
    middle = (line.x0 + line.x1) / 2
    distances = [abs((left + right) / 2 - middle) for left, right in columns]
    number = distances.index(min(distances))
    return number, number


def _logical(rows: Sequence[_Row], columns: Sequence[tuple[float, float]]) -> list[list[_Row]]:
    """The rows of the table, each of one or more lines."""
    gaps = [after[0].base - before[0].base for before, after in pairwise(rows)]
    size = median(line.size for row in rows for line in row)
    tight = min(gaps, default=0.0)
    wide = sum(gap > 1.2 * tight for gap in gaps)
    by_gap = tight < 1.45 * size and wide >= 0.28 * len(gaps)
    groups: list[list[_Row]] = [[rows[0]]]
    for row, gap in zip(rows[1:], gaps, strict=True):
        lacks_first = min(_place(line, columns)[0] for line in row) > 0
        cut = len(row) < len(columns) and not any(_is_figure(line) for line in row)
        if by_gap:
            close = gap <= 1.2 * tight
            goes_on = close and (cut or lacks_first or _all_wrap(groups[-1], row, columns))
        else:
            lower = all(line.text[:1].islower() for line in row)
            goes_on = cut and gap < _WRAPPED_GAP * size and (lacks_first or lower)
            goes_on = goes_on and (lower or _all_wrap(groups[-1], row, columns))
        if goes_on:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _is_figure(line: Line) -> bool:
    return bool(_NUMERIC.fullmatch(line.text))


def _all_wrap(group: Sequence[_Row], row: _Row, columns: Sequence[tuple[float, float]]) -> bool:
    """Whether each line goes on with a cell above it: its first word had no room there."""
    for line in row:
        column = _place(line, columns)
        above = [other for one in group for other in one if _place(other, columns) == column]
        if not above:
            return False
        room = columns[column[1]][1] - above[-1].x1
        if room > 1.05 * line.first_width + 0.3 * line.size and not line.text[:1].islower():
            return False
    return True


def _is_wide(rows: Sequence[_Row]) -> bool:
    """Whether two columns stand far apart, with the same left edges."""
    first, second = rows[0], rows[1]
    return (
        len(first) == len(second) == 2
        and all(abs(a.x0 - b.x0) < 3 for a, b in zip(first, second, strict=True))
        and min(row[1].x0 - row[0].x1 for row in rows) > 4 * first[0].size
    )


def _has_figures(rows: Sequence[_Row]) -> bool:
    return all(_NUMERIC.fullmatch(row[-1].text.strip()) for row in rows[1:])


def finish(table: Table, known: Vocabulary) -> None:
    """Make the rows of texts, the spans and the header of a table out of its cells."""
    columns = max(cell[1] + cell[3] for cell, _ in table.cells)
    rows = max(cell[0] + cell[2] for cell, _ in table.cells)
    grid = [[""] * columns for _ in range(rows)]
    spans = []
    first_bold = [line.bold for cell, lines in table.cells if cell[0] == 0 for line in lines]
    table.bold_first = bool(first_bold) and min(first_bold) > 0.7
    for (row, column, high, wide), lines in table.cells:
        text = _cell_text(lines, known)
        across = wide == columns and columns > 1
        for r in range(row, row + high):
            for c in range(column, column + (1 if across else wide)):
                grid[r][c] = f"{grid[r][c]} {text}".strip() if grid[r][c] else text
        if (high > 1 or wide > 1) and not across and text:
            spans.append((row, column, high, wide))
    _take_title(table, grid, rows, columns)
    kept_columns = [c for c in range(columns) if any(line[c] for line in grid)]
    kept_rows = [r for r in range(rows) if any(grid[r])]
    row_of = {r: number for number, r in enumerate(kept_rows)}
    column_of = {c: number for number, c in enumerate(kept_columns)}
    table.rows = [[grid[r][c] for c in kept_columns] for r in kept_rows]
    for row, column, high, wide in spans:
        rs = [row_of[r] for r in range(row, row + high) if r in row_of]
        cs = [column_of[c] for c in range(column, column + wide) if c in column_of]
        if len(rs) > 1 or len(cs) > 1:
            table.spans.append((rs[0], cs[0], len(rs), len(cs)))
    table.header_rows = _header_rows(table)
    table.cells = []


def _take_title(table: Table, grid: list[list[str]], rows: int, columns: int) -> None:
    """Make the title of a first row that is one cell, over three columns or a head."""
    across = any(cell == (0, 0, 1, columns) for cell, _ in table.cells)
    full = rows > 2 and columns > 1 and sum(bool(cell) for cell in grid[1]) > 1
    if across and full and grid[0][0] and len(grid[0][0]) <= _LONGEST_TITLE:
        table.title, grid[0][0] = grid[0][0], ""
        second = [line.bold for cell, lines in table.cells if cell[0] == 1 for line in lines]
        table.bold_first = bool(second) and min(second) > 0.7


def _cell_text(lines: Sequence[Line], known: Vocabulary) -> str:
    text = ""
    before: Line | None = None
    for line in lines:
        piece = " ".join(line.text.split())
        if before is not None and before.row == line.row and line.row:
            text = f"{text} {piece}"
        else:
            text = join(text, piece, known)
        before = line
    return text


def _header_rows(table: Table) -> int:
    rows = table.rows
    if len(rows) < 2:
        return 0
    spanned = max((row + high for row, _, high, wide in table.spans if row == 0), default=1)
    if any(row == 0 and wide > 1 for row, _, _, wide in table.spans):
        spanned = max(spanned, 2)
    count = min(spanned, len(rows) - 1)
    head, body = rows[:count], rows[count:]
    if any(_NUMERIC.fullmatch(cell) and not _is_year(cell) for row in head for cell in row if cell):
        return 0
    figures = any(_mostly_figures([row[c] for row in body]) for c in range(len(rows[0])))
    full = all(head[-1]) and max(len(cell) for cell in head[-1]) <= 60
    return count if table.bold_first or figures or (full and len(rows) > 2) else 0


def _is_year(cell: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", cell.strip()))


def _mostly_figures(cells: Sequence[str]) -> bool:
    told = [cell for cell in cells if not _EMPTY.fullmatch(cell)]
    return bool(told) and sum(bool(_NUMERIC.fullmatch(cell)) for cell in told) > 0.6 * len(told)


def lengthen_cell(table: Table, x0: float, text: str, known: Vocabulary) -> bool:
    """Add the rest of a cell that a page end cut, by its place; False where there is no cell."""
    if len(table.xs) != len(table.rows[0]) + 1:
        return False
    column = bisect_right(table.xs, x0 + 2) - 1
    if not 0 <= column < len(table.rows[-1]) or not table.rows[-1][column]:
        return False
    table.rows[-1][column] = join(table.rows[-1][column], text, known)
    return True


def _is_rest(first: Table, row: Sequence[str]) -> bool:
    """Whether the first row of the next page goes on with cells of the last one."""
    filled = [(cell, above) for cell, above in zip(row, first.rows[-1], strict=True) if cell]
    return not row[0] and all(
        above and not _NUMERIC.fullmatch(cell) and above[-1] not in ".:;" for cell, above in filled
    )


def joined_tables(first: Table, second: Table, known: Vocabulary) -> bool:
    """Let a finished table go on with that of the next page; False where they are two."""
    if len(first.rows[0]) != len(second.rows[0]):
        return False
    if len(first.xs) == len(second.xs):
        scale = second.xs[-1] - second.xs[0]
        near = all(
            abs((a - first.xs[0]) - (b - second.xs[0])) < max(8, 0.06 * scale)
            for a, b in zip(first.xs, second.xs, strict=True)
        )
    else:
        near = False
    header = first.rows[: first.header_rows]
    repeated = bool(header) and second.rows[: len(header)] == header
    if not near and not repeated:
        return False
    if second.header_rows and not repeated and first.header_rows:
        return False  # it has a header of its own
    skipped = len(header) if repeated else 0
    if len(second.rows) > skipped and _is_rest(first, second.rows[skipped]):
        for column, cell in enumerate(second.rows[skipped]):
            first.rows[-1][column] = join(first.rows[-1][column], cell, known)
        skipped += 1
    moved = len(first.rows) - skipped
    first.starts.append(len(first.rows))
    first.spans += [
        (row + moved, column, rows, columns)
        for row, column, rows, columns in second.spans
        if row >= skipped
    ]
    first.rows += second.rows[skipped:]
    return True
