"""What a page draws: lines and frames, and where its pictures stand."""

import ctypes
from typing import Any

from index.documents.pdf.model import Box

__all__ = ["drawn"]

_MAX_OBJECTS = 20_000
_MAX_SEGMENTS = 20_000
_MAX_DEPTH = 4
_THIN = 3.0  # points; what is thinner is a line
_SHORTEST = 4.0

_Matrix = tuple[float, float, float, float, float, float]
_UNIT: _Matrix = (1, 0, 0, 1, 0, 0)


class _Drawing:
    def __init__(self) -> None:
        self.lines: list[tuple[float, float, float, float]] = []
        self.images: list[tuple[float, float, float, float]] = []
        self.objects = 0
        self.segments = 0


def drawn(page: Any) -> tuple[list[Box], list[Box]]:
    """The straight lines and the pictures of a page, as (left, bottom, right, top) of the page.

    Boxes have the page's own coordinates here: ``top`` is the lower, ``bottom`` the upper edge.
    """
    import pypdfium2.raw as pdfium

    found = _Drawing()
    count = pdfium.FPDFPage_CountObjects(page)
    for number in range(min(count, _MAX_OBJECTS)):
        _look(found, pdfium.FPDFPage_GetObject(page, number), _UNIT, 0)
    boxes = [[Box(*edges) for edges in kind] for kind in (found.lines, found.images)]
    return boxes[0], boxes[1]


def _look(found: _Drawing, item: Any, outer: _Matrix, depth: int) -> None:
    import pypdfium2.raw as pdfium

    found.objects += 1
    if found.objects > _MAX_OBJECTS:
        return
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        _path(found, item, outer)
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        found.images.append(_bounds(item, outer))
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
        inner = _product(_matrix(item), outer)
        for number in range(min(pdfium.FPDFFormObj_CountObjects(item), _MAX_OBJECTS)):
            _look(found, pdfium.FPDFFormObj_GetObject(item, number), inner, depth + 1)


def _path(found: _Drawing, item: Any, outer: _Matrix) -> None:
    import pypdfium2.raw as pdfium

    left, bottom, right, top = _bounds(item, outer)
    width, height = right - left, top - bottom
    if max(width, height) < _SHORTEST:
        return
    if min(width, height) <= _THIN:
        found.lines.append((left, bottom, right, top))
        return
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, filled, stroked)
    count = pdfium.FPDFPath_CountSegments(item)
    if not stroked.value or found.segments + count > _MAX_SEGMENTS:
        return
    found.segments += count
    _straight_lines(found, item, count, _product(_matrix(item), outer))


def _straight_lines(found: _Drawing, item: Any, count: int, matrix: _Matrix) -> None:
    """The lines of a stroked path that lie or stand."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_float(), ctypes.c_float()
    before = begin = (0.0, 0.0)
    for number in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, number)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = _moved(x.value, y.value, matrix)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            _add(found, before, point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            _add(found, point, begin)
        before = point


def _add(found: _Drawing, a: tuple[float, float], b: tuple[float, float]) -> None:
    width, height = abs(a[0] - b[0]), abs(a[1] - b[1])
    if max(width, height) >= _SHORTEST and min(width, height) <= 1:
        edges = (min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
        found.lines.append(edges)


def _matrix(item: Any) -> _Matrix:
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return _UNIT
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _bounds(item: Any, outer: _Matrix) -> tuple[float, float, float, float]:
    import pypdfium2.raw as pdfium

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    a = _moved(left.value, bottom.value, outer)
    b = _moved(right.value, top.value, outer)
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _moved(x: float, y: float, matrix: _Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _product(first: _Matrix, second: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )
