"""Boxes around quoted words on the pages of a PDF, by the places of its characters."""

import ctypes
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from index.documents.pdf.annotations import annotations
from index.documents.pdf.characters import Glyphs
from index.documents.pdf.forms import form_values
from qa.web.viewer.matching import letters_of, likeliest, match, occurrences, repeated

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

__all__ = ["Box", "Letters", "Place", "boxes_of", "letters_on", "place_of"]

_MOST = 100_000  # characters of a page; one with more gets no boxes
_LINES = (
    2.5  # line heights from its neighbours, at most, where a short run of letters is looked for
)
_ROWS = 15.0  # line heights, at most, to a cell that spans several rows
_FAR = 1e6  # between two pages
_GAP = 2.2  # of the type size, between words that share a box
_SCALE = 100_000  # steps in which a page is measured

Edges = tuple[float, float, float, float]
"""Left, bottom, right and top, in points of the page before it is turned."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page (from 1), in parts of the width and height of its picture (0 to 1).

    ``kind`` is ``quote``, or ``answer`` for the words that answer.
    """

    page: int
    left: float
    top: float
    width: float
    height: float
    kind: str = "quote"


@dataclass(frozen=True, slots=True)
class Letters:
    """The characters of a page, with their edges; None for one without a place of its own."""

    page: int
    text: str
    edges: tuple[Edges | None, ...]


def letters_on(page: "PdfPage", number: int) -> Letters:
    """The characters of a loaded page, those of its form and text boxes last; ``number`` from 1."""
    from pypdfium2 import raw

    text, edges = "", []
    textpage = raw.FPDFText_LoadPage(page.raw)
    try:
        count = raw.FPDFText_CountChars(textpage) if textpage else 0
        if 0 < count <= _MOST:
            glyphs = Glyphs(ctypes.cast(textpage, ctypes.c_void_p).value or 0, count)
            text = glyphs.text
            edges = [None if sign.isspace() else glyphs.box(at) for at, sign in enumerate(text)]
    finally:
        if textpage:
            raw.FPDFText_ClosePage(textpage)
    over, _ = annotations(page.raw)
    for shown, box in [*((value.value, value.box) for value in form_values(page)), *over]:
        text += f" {shown}"
        edges += [None, *[box] * len(shown)]
    return Letters(number, text, tuple(edges))


@dataclass(frozen=True, slots=True)
class Place:
    """Quoted words: offsets in a text of the pages that hold them; those that answer, if any."""

    text: str
    start: int
    end: int
    answer: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Sign:
    page: int
    at: int  # in the text of its page
    edges: Edges


def place_of(place: Place, pages: Sequence[Letters]) -> tuple[list[_Sign | None], float]:
    """Where each character of the quote stands, and the part of its letters that was found."""
    wanted, offsets = letters_of(place.text)
    found, signs = _found(pages)
    size = _type_size(signs)

    def distance(one: int, other: int) -> float:
        a, b = signs[one], signs[other]
        return _FAR if a.page != b.page else _apart(a.edges, b.edges)

    span = bisect_left(offsets, place.start), bisect_left(offsets, place.end)
    whole = occurrences(wanted[slice(*span)], found)
    places = [-1] * len(wanted)
    if len(whole) != 1:
        places = match(wanted, found, _breaks(signs), distance, _LINES * size)
        repeated(wanted, found, places, _cells(place, offsets), distance, _ROWS * size)
    if whole:
        places[slice(*span)] = likeliest(whole, places[slice(*span)])
    known: dict[int, _Sign] = {}
    letters = hits = 0
    for offset, at in zip(offsets, places, strict=True):
        inside = place.start <= offset < place.end
        letters += inside
        hits += inside and at >= 0
        if at >= 0:
            known.setdefault(offset, signs[at])
    texts = {page.page: page for page in pages}
    quoted = [known.get(offset) for offset in range(place.start, place.end)]
    _add_marks(place.text[place.start : place.end], quoted, texts)
    return quoted, hits / letters if letters else 0.0


def _cells(place: Place, offsets: Sequence[int]) -> list[int]:
    """The number of the cell that each letter of the quote is in; -1 for other letters."""
    cells, cell, at = [], 0, 0
    for offset in offsets:
        cell += sum(place.text.count(sign, at, offset) for sign in "\t\n")
        at = offset
        cells.append(cell if place.start <= offset < place.end else -1)
    return cells


def _found(pages: Sequence[Letters]) -> tuple[str, list[_Sign]]:
    found, signs = "", []
    for page in pages:
        letters, offsets = letters_of(page.text)
        for letter, offset in zip(letters, offsets, strict=True):
            edges = page.edges[offset]
            if edges is not None:
                found += letter
                signs.append(_Sign(page.page, offset, edges))
    return found, signs


def _breaks(signs: Sequence[_Sign]) -> list[int]:
    """The places at which lines begin."""
    upright = _is_upright(signs)
    return [
        place + 1
        for place, (before, sign) in enumerate(pairwise(signs))
        if before.page != sign.page or not _beside(before.edges, sign.edges, upright)
    ]


def _type_size(signs: Sequence[_Sign]) -> float:
    heights = sorted(
        min(abs(s.edges[3] - s.edges[1]), 3 * abs(s.edges[2] - s.edges[0]) + 6) for s in signs
    )
    return max(4.0, heights[len(heights) // 2]) if heights else 10.0


def _apart(a: Edges, b: Edges) -> float:
    """How far apart: what stands on one line is near, however far along the line."""
    across = max(0.0, a[0] - b[2], b[0] - a[2])
    along = max(0.0, a[1] - b[3], b[1] - a[3])
    return min(across, along) + max(across, along) / 50


def _add_marks(quote: str, signs: list[_Sign | None], pages: dict[int, Letters]) -> None:
    """Give the commas, stops and brackets beside matched letters their places as well."""
    for step, order in ((1, range(1, len(quote))), (-1, range(len(quote) - 2, -1, -1))):
        for offset in order:
            beside = signs[offset - step]
            if signs[offset] is not None or beside is None or quote[offset].isspace():
                continue
            page, at = pages[beside.page], beside.at + step
            if 0 <= at < len(page.text) and page.text[at] == quote[offset]:
                edges = page.edges[at]
                signs[offset] = _Sign(beside.page, at, edges) if edges else None


def boxes_of(place: Place, signs: Sequence[_Sign | None], pages: dict[int, "PdfPage"]) -> list[Box]:
    """The boxes of a quote, a line for each, and over them those of the words that answer."""
    boxes = [_placed(pages[page], page, edges, "quote") for page, edges in _lines(signs)]
    if place.answer:
        start, end = (offset - place.start for offset in place.answer)
        inner = _lines(signs[max(0, start) : max(0, end)])
        boxes += [_placed(pages[page], page, edges, "answer") for page, edges in inner]
    return boxes


def _lines(signs: Iterable[_Sign | None]) -> list[tuple[int, Edges]]:
    """What stands side by side as one rectangle."""
    known = [sign for sign in signs if sign is not None]
    upright = _is_upright(known)
    lines: list[tuple[int, Edges]] = []
    for sign in known:
        if lines and lines[-1][0] == sign.page and _beside(lines[-1][1], sign.edges, upright):
            a, b = lines[-1][1], sign.edges
            edges = min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])
            lines[-1] = (sign.page, edges)
        else:
            lines.append((sign.page, sign.edges))
    return lines


def _is_upright(signs: Sequence[_Sign]) -> bool:
    """Whether the lines run up or down the page, in its own coordinates."""
    up = sum(
        abs(b.edges[1] - a.edges[1]) > abs(b.edges[0] - a.edges[0]) for a, b in pairwise(signs)
    )
    return 2 * up > len(signs)


def _beside(line: Edges, sign: Edges, upright: bool) -> bool:
    """Whether a character goes on with a line."""
    low, high, start, end = (0, 2, 1, 3) if upright else (1, 3, 0, 2)
    height = min(line[high] - line[low], sign[high] - sign[low])
    shared = min(line[high], sign[high]) - max(line[low], sign[low])
    gap = max(line[start], sign[start]) - min(line[end], sign[end])
    return shared > 0.5 * height > 0 and gap < _GAP * height


def _placed(page: "PdfPage", number: int, edges: Edges, kind: str) -> Box:
    """A rectangle of the page as it lies on the picture, turned and cut as that is."""
    left, bottom, right, top = edges
    xs, ys = zip(_shown(page, left, top), _shown(page, right, bottom), strict=True)
    x0, x1 = (min(1.0, max(0.0, value)) for value in (min(xs), max(xs)))
    y0, y1 = (min(1.0, max(0.0, value)) for value in (min(ys), max(ys)))
    places = [round(value, 4) for value in (x0, y0, x1 - x0, y1 - y0)]
    return Box(number, places[0], places[1], places[2], places[3], kind)


def _shown(page: Any, x: float, y: float) -> tuple[float, float]:
    from pypdfium2.raw import FPDF_PageToDevice

    across, down = ctypes.c_int(), ctypes.c_int()
    FPDF_PageToDevice(page, 0, 0, _SCALE, _SCALE, 0, x, y, across, down)
    return across.value / _SCALE, down.value / _SCALE
