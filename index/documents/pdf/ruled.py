"""Tables whose cells are divided by drawn lines."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from index.documents.pdf.lines import lines_of
from index.documents.pdf.model import Box, Line, Page, Rule, Table, Word

__all__ = ["Grid", "grids", "take_tables"]

_NEAR = 3.0  # points
_MOST_RULES = 4_000
_MOST_CELLS = 20_000
_MOST_PAIRS = 400_000
_MOST_CHECKS = 4_000_000
_MANY_CELLS = 40
_LEAST_FILL = 0.25  # of many cells; fewer are a drawing
_MOST_OF_PAGE = 0.55  # a cell that is larger is a frame around the page's text
_LEAST_FIELDS = 3  # of a form
_MOST_FIELDS = 0.6  # of its cells with words
_LABEL = 60  # characters
_TABLE_ROW = 100_000  # rows of tables have numbers of their own


@dataclass(slots=True)
class Grid:
    """A table's lines: the places of its columns and rows, and which cells are one.

    ``cells`` holds (row, column, rows, columns), from 0.
    """

    xs: list[float]
    ys: list[float]
    cells: list[tuple[int, int, int, int]]

    @property
    def box(self) -> Box:
        """All of it."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def bounds(self, cell: tuple[int, int, int, int]) -> Box:
        """The rectangle of one cell."""
        row, column, rows, columns = cell
        return Box(self.xs[column], self.ys[row], self.xs[column + columns], self.ys[row + rows])


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """The tables that the rules of a page draw, of two cells at least."""
    if len(rules) > _MOST_RULES or len(rules) < 4:
        return []
    lying = _merged([rule for rule in rules if rule.horizontal], lying=True)
    standing = _merged([rule for rule in rules if not rule.horizontal], lying=False)
    if len(lying) * len(standing) > _MOST_PAIRS:
        return []
    found = []
    for across, down in _connected(lying, standing):
        grid = _grid(across, down)
        if grid is not None:
            found.append(grid)
    return found


def _merged(rules: Sequence[Rule], *, lying: bool) -> list[Rule]:
    """Rules on one line that touch are one."""

    def key(rule: Rule) -> tuple[float, float]:
        return (rule.top, rule.x0) if lying else (rule.x0, rule.top)

    by_place: list[list[Rule]] = []
    for rule in sorted(rules, key=key):
        if by_place and key(rule)[0] - key(by_place[-1][0])[0] <= 1.5:
            by_place[-1].append(rule)
        else:
            by_place.append([rule])
    merged = []
    for group in by_place:
        group.sort(key=lambda rule: rule.x0 if lying else rule.top)
        place = key(group[0])[0]
        start, end = _ends(group[0], lying)
        for rule in group[1:]:
            begin, stop = _ends(rule, lying)
            if begin <= end + _NEAR:
                end = max(end, stop)
            else:
                merged.append(_rule(place, start, end, lying))
                start, end = begin, stop
        merged.append(_rule(place, start, end, lying))
    return merged


def _ends(rule: Rule, lying: bool) -> tuple[float, float]:
    return (rule.x0, rule.x1) if lying else (rule.top, rule.bottom)


def _rule(place: float, start: float, end: float, lying: bool) -> Rule:
    return Rule(start, place, end, place) if lying else Rule(place, start, place, end)


def _connected(
    lying: Sequence[Rule], standing: Sequence[Rule]
) -> list[tuple[list[Rule], list[Rule]]]:
    """Groups of rules that touch each other."""
    parent = list(range(len(lying) + len(standing)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for i, across in enumerate(lying):
        for j, down in enumerate(standing):
            meets = across.x0 - _NEAR <= down.x0 <= across.x1 + _NEAR
            if meets and down.top - _NEAR <= across.top <= down.bottom + _NEAR:
                parent[root(i)] = root(len(lying) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for i, across in enumerate(lying):
        groups[root(i)][0].append(across)
    for j, down in enumerate(standing):
        groups[root(len(lying) + j)][1].append(down)
    return [group for group in groups.values() if group[0] and group[1]]


def _grid(across: Sequence[Rule], down: Sequence[Rule]) -> Grid | None:
    """The cells of connected rules; None for a frame or a cross without cells."""
    ends_x = [min(rule.x0 for rule in across), max(rule.x1 for rule in across)]
    ends_y = [min(rule.top for rule in down), max(rule.bottom for rule in down)]
    xs = _places([rule.x0 for rule in down] + ends_x)
    ys = _places([rule.top for rule in across] + ends_y)
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 2 or rows < 1 or len(across) < 2:
        return None
    if columns * rows > _MOST_CELLS or columns * rows * (len(across) + len(down)) > _MOST_CHECKS:
        return None

    def wall(column: int, row: int) -> bool:
        return _crosses(down, xs[column], (ys[row] + ys[row + 1]) / 2)

    def floor(column: int, row: int) -> bool:
        return _crosses(across, (xs[column] + xs[column + 1]) / 2, ys[row])

    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            wide = 1
            while column + wide < columns and not (
                (row, column + wide) in taken or wall(column + wide, row)
            ):
                wide += 1
            high = 1
            while row + high < rows and not any(
                floor(place, row + high) or (row + high, place) in taken
                for place in range(column, column + wide)
            ):
                high += 1
            taken |= {(row + r, column + c) for r in range(high) for c in range(wide)}
            cells.append((row, column, high, wide))
    return Grid(xs, ys, cells) if len(cells) >= 2 else None


def _crosses(rules: Sequence[Rule], x: float, y: float) -> bool:
    """Whether one of the rules goes through a point, or close by."""
    return any(
        (abs(rule.top - y) <= _NEAR and rule.x0 <= x <= rule.x1)
        if rule.horizontal
        else (abs(rule.x0 - x) <= _NEAR and rule.top <= y <= rule.bottom)
        for rule in rules
    )


def _places(values: Sequence[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _taken_by(grid: Grid, words: Sequence[Word]) -> list[list[Word]] | None:
    """The words of each cell; None where the lines frame no table: too few cells have words."""
    cells: list[list[Word]] = [[] for _ in grid.cells]
    where = {
        (row + r, column + c): number
        for number, (row, column, rows, columns) in enumerate(grid.cells)
        for r in range(rows)
        for c in range(columns)
    }
    for word in words:
        x, y = (word.x0 + word.x1) / 2, word.base - 0.3 * word.size
        column = bisect_right(grid.xs, x) - 1
        row = bisect_right(grid.ys, y) - 1
        number = where.get((min(row, len(grid.ys) - 2), min(column, len(grid.xs) - 2)))
        if number is not None and row >= 0 and column >= 0:
            cells[number].append(word)
    filled = [cell for cell, found in zip(grid.cells, cells, strict=True) if found]
    columns_used = {cell[1] for cell in filled}
    enough = len(filled) >= 3 and len(columns_used) >= 2
    sparse = len(cells) > _MANY_CELLS and len(filled) < _LEAST_FILL * len(cells)
    return cells if enough and not sparse else None


def take_tables(page: Page, words: list[Word]) -> list[Word]:
    """Put the ruled tables among the page's lines; gives the words that are in none."""
    area = max(1.0, page.width * page.height)
    for number, grid in enumerate(grids(page.rules)):
        box = grid.box
        if any(_area(grid.bounds(cell)) > _MOST_OF_PAGE * area for cell in grid.cells):
            continue
        inside = [word for word in words if _inside(word, box)]
        cells = _taken_by(grid, inside)
        if cells is None:
            continue
        lines_by_cell = [lines_of(found) for found in cells]
        if any(_has_columns(lines) for lines in lines_by_cell):
            continue
        gone = {id(word) for word in inside}
        words = [word for word in words if id(word) not in gone]
        if _is_form(lines_by_cell):
            page.lines += _framed_fields(grid, lines_by_cell, _TABLE_ROW * (number + 2))
            continue
        table = Table(grid.xs)
        table.cells = list(zip(grid.cells, lines_by_cell, strict=True))
        text = " ".join(word.text for word in inside)
        size = median(word.size for word in inside)
        line = Line(text, box.x0, box.x1, box.bottom, size, row=_TABLE_ROW + number, table=table)
        line.height = box.bottom - box.top
        page.lines.append(line)
    return words


def _is_form(cells: Sequence[Sequence[Line]]) -> bool:
    """Whether cells hold a label in small type or with a colon, and under it what is filled in."""
    filled = [lines for lines in cells if lines]
    several = [lines for lines in filled if len(lines) > 1]
    labelled = [lines for lines in several if _is_label(lines[0], lines[1])]
    return len(labelled) >= _LEAST_FIELDS and len(labelled) >= _MOST_FIELDS * len(filled)


def _is_label(first: Line, second: Line) -> bool:
    smaller = first.size < 0.88 * second.size
    return len(first.text) <= _LABEL and (smaller or first.text.rstrip().endswith(":"))


def _framed_fields(grid: Grid, cells: Sequence[Sequence[Line]], row: int) -> list[Line]:
    """The fields of a form as lines, each with its label and its value."""
    found = []
    for place, (cell, lines) in enumerate(zip(grid.cells, cells, strict=True)):
        if not lines:
            continue
        box = grid.bounds(cell)
        texts = [" ".join(line.text.split()) for line in lines]
        text = " ".join(texts)
        if len(lines) > 1 and _is_label(lines[0], lines[1]):
            text = f"{texts[0].rstrip(' :')}: {' '.join(texts[1:])}"
        line = Line(text, box.x0, box.x1, box.bottom, lines[-1].size, row=row + place)
        line.is_field = line.separate = True
        found.append(line)
    return found


def _has_columns(lines: Sequence[Line]) -> bool:
    """Whether a cell holds several rows of several columns: the lines frame more than a table."""
    counts = Counter(line.row for line in lines)
    return sum(count > 1 for count in counts.values()) >= 3


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)


def _inside(word: Word, box: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, word.base - 0.3 * word.size
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom
