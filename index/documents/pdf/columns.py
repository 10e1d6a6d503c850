"""The order of reading: columns of prose one after the other, also under a heading over all."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from math import inf
from statistics import median

from index.documents.pdf.model import Line

__all__ = ["pairs_of", "regions"]

_ROWS = 3  # of each column, at least
_FILL = 0.62  # how much of a column's width its lines take, in the middle
_LETTERS = 20  # of a column's line, in the middle
_MAX_DEPTH = 8
_MANY_GAPS = 6  # of a column, so that some agree by chance
_COLUMNS = 8  # side by side, at most
_EDGES = 12  # left edges that are tried


def regions(lines: Sequence[Line], depth: int = 0) -> list[list[Line]]:
    """The lines in groups of one column each, in the order in which they are read."""
    ordered = sorted(lines, key=lambda line: (line.base - (line.height or 0), line.x0))
    found = _columns(ordered) if depth < _MAX_DEPTH else None
    if found is None:
        return [ordered] if ordered else []
    above, left, right, below = found
    result: list[list[Line]] = []
    for group in (above, left, right, below):
        result += regions(group, depth + 1)
    return result


def _columns(
    lines: Sequence[Line],
) -> tuple[list[Line], list[Line], list[Line], list[Line]] | None:
    """What is above two columns, the left one, the right one, and what is below."""
    best: tuple[int, int, int, float] | None = None
    for edge in _left_edges(lines):
        for start, stop in _runs(lines, edge):
            band = lines[start:stop]
            start_, stop_ = _trimmed(band, edge)
            trimmed = band[start_:stop_]
            weight = len(trimmed)
            if (best is None or weight > best[0]) and _are_columns(trimmed, edge):
                best = (weight, start + start_, start + stop_, edge)
    if best is None:
        return None
    _, start, stop, edge = best
    band = lines[start:stop]
    left = [line for line in band if line.x1 <= edge]
    right = [line for line in band if line.x1 > edge]
    return list(lines[:start]), left, right, list(lines[stop:])


def _left_edges(lines: Sequence[Line]) -> list[float]:
    """Places where several lines begin and others end before: a right column's left edge."""
    counts: dict[int, list[float]] = defaultdict(list)
    for line in lines:
        counts[round(line.x0 / 4)].append(line.x0)
    groups = [edges + counts.get(place + 1, []) for place, edges in counts.items()]
    first = min((line.x0 for line in lines), default=0)
    wanted = [group for group in groups if len(group) >= _ROWS and min(group) > first + 40]
    wanted.sort(key=len, reverse=True)
    return [min(group) - 1 for group in wanted[:_EDGES]]


def _runs(lines: Sequence[Line], edge: float) -> list[tuple[int, int]]:
    """Stretches of lines none of which crosses the edge."""
    runs = []
    start = 0
    for place, line in enumerate(lines):
        room = 0.6 * line.size
        if line.x0 < edge and line.x1 > edge - room:
            runs.append((start, place))
            start = place + 1
    runs.append((start, len(lines)))
    return [(start, stop) for start, stop in runs if stop - start >= 2 * _ROWS]


def _trimmed(band: Sequence[Line], edge: float) -> tuple[int, int]:
    """Without the lines above the place where both columns begin, and apart below them."""
    rights = [place for place, line in enumerate(band) if line.x0 >= edge]
    lefts = [place for place, line in enumerate(band) if line.x0 < edge]
    if not rights or not lefts:
        return 0, 0
    start = 0
    later = max(band[rights[0]].top, band[lefts[0]].top)
    while start < len(band) and band[start].base < later - 0.5 * band[start].size:
        # A left line just above the first right one may be the column's first line.
        start += 1
    stop = len(band)
    last_right = band[rights[-1]].base
    # A column that is longer than the other goes on after gaps as it has them above.
    before_last = [line for line in band[start : rights[-1] + 1] if line.x0 < edge]
    usual = max((gap for _, gap in _gaps(before_last)), default=0.0)
    for place in range(rights[-1] + 1, len(band)):
        before, line = band[place - 1], band[place]
        gap = line.base - (line.height or 0) - before.base
        if line.base > last_right and gap > max(2.2 * line.size, 1.1 * usual):
            stop = place
            break
    return start, max(start, stop)


def _are_columns(band: Sequence[Line], edge: float) -> bool:
    left = [line for line in band if line.x0 < edge]
    right = [line for line in band if line.x0 >= edge]
    if len(left) < _ROWS or len(right) < _ROWS:
        return False
    overlap = min(left[-1].base, right[-1].base) - max(left[0].top, right[0].top)
    if overlap < 2.5 * left[0].size:
        return False
    if not (_is_prose(left) and _is_prose(right)) or _rows_agree(
        _nearest(left, edge), _nearest(right, edge)
    ):
        return False
    distances = [_line_distance(side) for side in (left, right)]
    return max(distances) < 1.35 * min(distances)  # the rows of a table's cells lie farther apart


def _line_distance(side: Sequence[Line]) -> float:
    gaps = [gap for _, gap in _gaps(side)]
    return max(1.0, median(gaps)) if gaps else 1.0


def _gaps(side: Sequence[Line]) -> list[tuple[Line, float]]:
    """The lines that stand under another one of their column, with the distance from it."""
    return [(line, line.base - above.base) for above, line in pairs_of(side)]


def pairs_of(lines: Sequence[Line]) -> list[tuple[Line, Line]]:
    """Each line of lines from top to bottom with the nearest one above it in its column."""
    found = []
    above: list[Line] = []  # the last line of each column
    for line in lines:
        under = [other for other in above if other.x0 < line.x1 and line.x0 < other.x1]
        nearest = max(under, key=lambda other: other.base, default=None)
        if nearest is not None and nearest.row != line.row:
            found.append((nearest, line))
        above = [*[other for other in above if other not in under][-_COLUMNS:], line]
    return found


def _nearest(side: Sequence[Line], edge: float) -> list[Line]:
    """The lines of the column that stands next to the edge."""
    next_to = min(side, key=lambda line: min(abs(line.x0 - edge), abs(line.x1 - edge)))
    return [line for line in side if line.x0 < next_to.x1 and next_to.x0 < line.x1]


def _is_prose(lines: Sequence[Line]) -> bool:
    texts = [line for line in lines if line.table is None]
    if not texts:
        return False
    columns = _stretches(texts)
    pieces: dict[tuple[int, float], list[Line]] = defaultdict(list)
    for line in texts:
        pieces[line.row, columns[bisect_right(columns, (line.x0, inf)) - 1][0]].append(line)
    widths = {x0: (x1 - x0) or 1 for x0, x1 in columns}
    fills = [sum(line.x1 - line.x0 for line in row) / widths[x0] for (_, x0), row in pieces.items()]
    letters = [sum(len(line.text) for line in row) for row in pieces.values()]
    return median(fills) >= _FILL and median(letters) >= _LETTERS


def _stretches(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The stretches of the width that lines take: the columns of one side."""
    found: list[tuple[float, float]] = []
    for line in sorted(lines, key=lambda line: line.x0):
        if found and line.x0 <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], line.x1))
        else:
            found.append((line.x0, line.x1))
    return found


def _rows_agree(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both sides have their gaps at the same heights, as the rows of a table."""
    ends = [_row_starts(side) for side in (left, right)]
    if min(len(end) for end in ends) < 1:
        return False
    common = sum(any(abs(a - b) < 2 for b in ends[1]) for a in ends[0])
    most = max(len(end) for end in ends)
    # Paragraphs of two columns begin side by side by chance, but hardly all of them.
    return common >= 2 and common >= (0.6 if most < _MANY_GAPS else 0.85) * most


def _row_starts(side: Sequence[Line]) -> list[float]:
    """The heights of lines after a gap that is wider than the usual one."""
    gaps = _gaps(side)
    if not gaps:
        return []
    # Notes in small type are few.
    usual = sorted(gap for _, gap in gaps)[len(gaps) // 4]
    return [line.base for line, gap in gaps if gap > 1.25 * usual]
