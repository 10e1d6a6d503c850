"""OpenDocument presentations (.odp, and .fodp, which is one XML file) to parts."""

import re

from lxml import etree

from index.documents.converter import or_convert
from index.documents.opendocument.forms import Forms
from index.documents.opendocument.odf import Odf, get, name, truth
from index.documents.opendocument.text import Reader
from index.documents.package import DAMAGED, elements
from index.documents.parts import ConversionError, Converted, Part, ReadOptions
from index.documents.slides.deck import BODY, MAX_SLIDES, OTHER, TITLE, TOO_MANY, Slide, Unit, deck
from index.documents.slides.layout import Box, reading_order
from index.types import BlockRole

__all__ = ["read_odp"]

_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?|-?\.\d+)\s*(cm|mm|in|pt|pc|px)?")
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}
_TRANSLATE = re.compile(r"translate\s*\(\s*(\S+?)[\s,]+(\S+?)\s*\)")
_FURNITURE = frozenset(("header", "footer", "date-time", "page-number", "page", "notes"))


def read_odp(data: bytes, options: ReadOptions) -> Converted:
    """What the slides of a presentation show. Raises ConversionError."""
    return or_convert(lambda: _read(data), data, "file.odp", options)


def _read(data: bytes) -> Converted:
    with Odf(data) as odf:
        return _converted(odf)


def _converted(odf: Odf) -> Converted:
    body = odf.body("office:presentation")
    if body is None:
        raise ConversionError(DAMAGED)
    slides: list[Slide] = []
    for page in elements(body):
        if name(page.tag) != "draw:page":
            continue
        if len(slides) >= MAX_SLIDES:
            raise ConversionError(TOO_MANY)
        slides.append(_slide(odf, page))
    return deck(slides, odf.metadata)


def _slide(odf: Odf, page: etree._Element) -> Slide:
    style = get(page, "draw:style-name")
    if odf.styles.property("drawing-page", style, "presentation:visibility") == "hidden":
        return Slide(hidden=True)
    reader = Reader(odf, Forms(page), slides=True)
    extent = odf.page_size(get(page, "draw:master-page-name"))
    width, height = (_length(each) for each in extent)
    slide = Slide(counts=reader.counts)
    for shape in elements(page):
        kind = name(shape.tag)
        if kind == "presentation:notes":
            slide.notes = _notes(reader, shape)
        elif kind == "office:annotation":
            reader.counts["comment"] += 1
        elif kind.startswith(("draw:", "dr3d:")):
            unit = _unit(reader, shape)
            if unit is None:
                continue
            if unit.rank == OTHER and _outside(unit.box, width, height):
                slide.counts["outside"] += bool(unit.parts)
            else:
                slide.units.append(unit)
    return slide


def _outside(box: Box | None, width: float, height: float) -> bool:
    """Whether a shape stands beside its slide, where nobody sees it who is shown it."""
    if box is None or not width or not height:
        return False
    across = box.left >= width or box.left + box.width <= 0
    return across or box.top >= height or box.top + box.height <= 0


def _unit(reader: Reader, shape: etree._Element) -> Unit | None:
    kind = get(shape, "presentation:class")
    if kind in _FURNITURE:
        return None
    if name(shape.tag) == "draw:g":
        units = [unit for each in elements(shape) if (unit := _unit(reader, each)) is not None]
        order = reading_order([unit.box for unit in units])
        parts = [part for at in order for part in units[at].parts]
        return Unit(parts, _around([unit.box for unit in units if unit.box is not None]))
    parts = _shown(reader, shape)
    box = _box(shape)
    if kind != "title":
        return Unit(parts, box, BODY if kind and kind != "graphic" else OTHER)
    title = " ".join(" ".join(part.text for part in parts).split())
    return Unit([Part(BlockRole.HEADING, title, level=1)] if title else [], box, TITLE)


def _shown(reader: Reader, shape: etree._Element) -> list[Part]:
    outer, reader.parts = reader.parts, []
    images = reader.counts["image"]
    reader.numbering.begin()
    reader.shape(shape)
    parts, reader.parts = reader.parts, outer
    reader.counts["picture"] += reader.counts["image"] > images and not parts
    return [part for part in parts if part.text.strip()]


def _notes(reader: Reader, notes: etree._Element) -> list[Part]:
    """What the speaker wrote below the slide."""
    own = Reader(reader.odf, slides=True)
    for frame in elements(notes):
        empty = truth(frame, "presentation:placeholder")
        if get(frame, "presentation:class") == "notes" and not empty:
            own.shape(frame)
    return own.parts


def _box(shape: etree._Element) -> Box | None:
    width, height = _length(get(shape, "svg:width")), _length(get(shape, "svg:height"))
    left, top = get(shape, "svg:x"), get(shape, "svg:y")
    moved = _TRANSLATE.search(get(shape, "draw:transform"))
    if moved:
        left, top = moved[1], moved[2]
    return Box(_length(left), _length(top), width, height) if left and top else None


def _around(boxes: list[Box]) -> Box | None:
    if not boxes:
        return None
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right = max(box.left + box.width for box in boxes)
    bottom = max(box.top + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)


def _length(value: str) -> float:
    """A length in centimetres; 0 for what is none."""
    found = _LENGTH.fullmatch(value.strip())
    return float(found[1]) * _CENTIMETRES[found[2] or "cm"] if found else 0.0
