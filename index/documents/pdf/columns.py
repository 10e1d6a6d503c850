"""The order of reading: columns of prose one after the other, also under a heading over all."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from index.documents.pdf.model import Line

__all__ = ["regions"]

_ROWS = 3  # of each column, at least
_FILL = 0.62  # how much of a column's width its lines take, in the middle
_LETTERS = 20  # of a column's line, in the middle
_MAX_DEPTH = 8
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
    for place in range(rights[-1] + 1, len(band)):
        before, line = band[place - 1], band[place]
        gap = line.base - (line.height or 0) - before.base
        if line.base > last_right and gap > 2.2 * line.size:
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
    if not (_is_prose(left) and _is_prose(right)) or _rows_agree(left, right):
        return False
    distances = [_line_distance(side) for side in (left, right)]
    return max(distances) < 1.35 * min(distances)  # the rows of a table's cells lie farther apart


def _line_distance(side: Sequence[Line]) -> float:
    gaps = [b.base - a.base for a, b in pairwise(side) if b.row != a.row]
    return max(1.0, median(gaps)) if gaps else 1.0


def _is_prose(lines: Sequence[Line]) -> bool:
    texts = [line for line in lines if line.table is None]
    if not texts:
        return False
    by_row: dict[int, list[Line]] = defaultdict(list)
    for line in texts:
        by_row[line.row].append(line)
    x0, x1 = min(line.x0 for line in texts), max(line.x1 for line in texts)
    fills = [sum(line.x1 - line.x0 for line in row) / (x1 - x0 or 1) for row in by_row.values()]
    letters = [sum(len(line.text) for line in row) for row in by_row.values()]
    return median(fills) >= _FILL and median(letters) >= _LETTERS


def _rows_agree(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both sides have their gaps at the same heights, as the rows of a table."""
    ends = [_row_starts(side) for side in (left, right)]
    if min(len(end) for end in ends) < 1:
        return False
    common = sum(any(abs(a - b) < 2 for b in ends[1]) for a in ends[0])
    return common >= 2 and common >= 0.6 * max(len(end) for end in ends)


def _row_starts(side: Sequence[Line]) -> list[float]:
    """The heights of lines after a gap that is wider than the usual one."""
    gaps = [b.base - a.base for a, b in pairwise(side) if b.row != a.row]
    if not gaps:
        return []
    usual = sorted(gaps)[len(gaps) // 4]  # notes in small type are few
    return [
        after.base for before, after in pairwise(side) if after.base - before.base > 1.25 * usual
    ]
