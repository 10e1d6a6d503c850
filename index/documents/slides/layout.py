"""The order in which what stands on a page in boxes is read."""

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Box", "reading_order"]

_SAME_HEIGHT = 1.5  # times as high, up to which rows are alike
_SAME_GAP = 0.8  # of the widest gap, from which another is as wide
_MAX_BOXES = 500  # more are read by their upper left corners alone
_OVERLAP = 0.15  # of the smaller one, by which two boxes may reach into another and stand apart


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in any unit, from the page's upper left corner."""

    left: float
    top: float
    width: float
    height: float


def reading_order(boxes: Sequence[Box | None]) -> list[int]:
    """The positions of the boxes as they are read; those without a place come last.

    The page is cut where the gap between boxes is widest, into rows from the top or columns from
    the left, and each piece is cut again: what stands close together is read together. Rows that
    are alike, as those of a table, are read row by row.
    """
    placed = [(box, at) for at, box in enumerate(boxes) if box is not None]
    placeless = [at for at, box in enumerate(boxes) if box is None]
    return [at for _, at in _cut(placed)] + placeless


_Placed = list[tuple[Box, int]]


def _cut(boxes: _Placed) -> _Placed:
    if len(boxes) < 2 or len(boxes) > _MAX_BOXES:
        return _by_rows(boxes)
    rows, row_gap = _groups([(box.top, box.top + box.height) for box, _ in boxes])
    columns, column_gap = _groups([(box.left, box.left + box.width) for box, _ in boxes])
    if len(rows) < 2 and len(columns) < 2:
        return _by_rows(boxes)
    by_columns = len(columns) > 1 and column_gap > row_gap and not _are_alike(boxes, rows)
    by_columns = by_columns or len(rows) < 2
    groups = columns if by_columns else rows
    return [each for group in groups for each in _cut([boxes[at] for at in group])]


def _are_alike(boxes: _Placed, rows: list[list[int]]) -> bool:
    """Whether the rows are as high as one another, as those of a table or of cards are."""
    heights = [max(boxes[at][0].height for at in row) for row in rows]
    return max(heights) <= _SAME_HEIGHT * min(heights)


def _groups(sides: list[tuple[float, float]]) -> tuple[list[list[int]], float]:
    """The positions that stand apart along one axis, cut at the widest gaps; and the widest."""
    order = sorted(range(len(sides)), key=lambda at: sides[at])
    pieces: list[list[int]] = []
    gaps: list[float] = []
    end = shortest = 0.0
    for at in order:
        start, stop = sides[at]
        if pieces and start < end - _OVERLAP * min(stop - start, shortest):
            pieces[-1].append(at)
            shortest = min(shortest, stop - start)
            end = max(end, stop)
        else:
            gaps.append(start - end)
            pieces.append([at])
            shortest = stop - start
            end = max(end, stop)
    widest = max(gaps[1:], default=0.0)
    groups = pieces[:1]
    for piece, gap in zip(pieces[1:], gaps[1:], strict=True):
        if widest > 0 and gap < _SAME_GAP * widest:
            groups[-1] = groups[-1] + piece
        else:
            groups.append(piece)
    return groups, widest


def _by_rows(boxes: _Placed) -> _Placed:
    """Row by row, each from the left: a box is of the row whose first box's middle it reaches."""
    rows: list[_Placed] = []
    for box, at in sorted(boxes, key=lambda each: (each[0].top, each[0].left)):
        first = rows[-1][0][0] if rows else None
        if first is not None and box.top < first.top + first.height / 2:
            rows[-1].append((box, at))
        else:
            rows.append([(box, at)])
    return [each for row in rows for each in sorted(row, key=lambda one: one[0].left)]
