"""The shapes of the slides of old PowerPoint files (.ppt): texts, groups and tables."""

import struct
from collections import Counter

from index.documents.grids import Cell, grid_parts
from index.documents.parts import Part
from index.documents.slides.deck import BODY, OTHER, TITLE, Unit
from index.documents.slides.layout import Box, reading_order
from index.documents.slides.ppt_records import (
    BODIES,
    TITLES,
    Record,
    TextBody,
    descendants,
    numbers_of,
    paragraphs,
    records,
    texts_of,
)
from index.types import BlockRole

__all__ = ["TAG", "TEXTBOX", "Shapes"]

TAG, TEXTBOX = 0x138B, 0xF00D
_DRAWING, _GROUP, _SHAPE, _SHAPE_FLAGS = 0x040C, 0xF003, 0xF004, 0xF00A
_CHILD_PLACE, _PLACE, _OPTIONS, _MORE_OPTIONS = 0xF00F, 0xF010, 0xF00B, 0xF122
_HIDDEN, _TABLE = 0x03BF, 0x039F  # properties of shapes
_FURNITURE = frozenset((7, 8, 9, 10))  # placeholders of date, number, footer and header
_OUTLINE_TEXT, _PLACEHOLDER, _OBJECT = 0x0F9E, 0x0BC3, 0x0BC1


class Shapes:
    """Reads the shapes of one slide."""

    def __init__(self, outline: list[TextBody], extent: tuple[int, int]) -> None:
        self.counts: Counter[str] = Counter()
        self._outline = outline
        self._extent = extent

    def read(self, slide: Record) -> list[Unit]:
        """What the slide's shapes show."""
        units: list[Unit] = []
        for drawing in records(slide):
            for group in descendants(drawing, _GROUP) if drawing.kind == _DRAWING else ():
                units += self._members(group)
        return [unit for unit in units if unit.parts and not self._outside(unit)]

    def _outside(self, unit: Unit) -> bool:
        width, height = self._extent
        box = unit.box
        if box is None or unit.rank != OTHER or not width or not height:
            return False
        across = box.left >= width or box.left + box.width <= 0
        outside = across or box.top >= height or box.top + box.height <= 0
        self.counts["outside"] += outside
        return outside

    def _members(self, group: Record) -> list[Unit]:
        """The shapes of a group; its first member is the group itself."""
        units = []
        for at, member in enumerate(records(group)):
            if member.kind == _GROUP:
                units.append(self._group(member))
            elif member.kind == _SHAPE and at > 0:
                units.append(self._shape(member))
        return [unit for unit in units if unit is not None]

    def _group(self, group: Record) -> Unit | None:
        head = next(records(group), None)
        options = _options(head)
        if options.get(_HIDDEN, 0) & 0x20002 == 0x20002:
            self.counts["hidden"] += 1
            return None
        units = self._members(group)
        if options.get(_TABLE, 0) & 1:
            return Unit(_table(units), _box(head))
        order = reading_order([unit.box for unit in units])
        return Unit([part for at in order for part in units[at].parts], _box(head))

    def _shape(self, shape: Record) -> Unit | None:
        if _options(shape).get(_HIDDEN, 0) & 0x20002 == 0x20002:
            self.counts["hidden"] += 1
            return None
        placeholder = next(
            (r.body[4] for r in descendants(shape, _PLACEHOLDER) if len(r.body) > 4), 0
        )
        if placeholder in _FURNITURE:
            return None
        flags = next((r for r in records(shape) if r.kind == _SHAPE_FLAGS), None)
        self.counts["picture"] += flags is not None and flags.instance == 75
        texts: list[TextBody] = []
        for box in records(shape):
            if box.kind == TEXTBOX:
                texts += texts_of(records(box))
                texts += self._referred(box)
        body = placeholder or any(text.kind in BODIES for text in texts)
        self.counts["object"] += any(True for _ in descendants(shape, _OBJECT))
        for tag in descendants(shape, TAG):
            for _, numbers in numbers_of(tag):
                for text in texts:
                    text.numbers = text.numbers or numbers
        parts = [part for text in texts for part in paragraphs(text)]
        if any(text.kind in TITLES for text in texts):
            title = " ".join(" ".join(part.text for part in parts).split())
            heading = [Part(BlockRole.HEADING, title, level=1)] if title else []
            return Unit(heading, _box(shape), TITLE)
        return Unit(parts, _box(shape), BODY if body else OTHER)

    def _referred(self, box: Record) -> list[TextBody]:
        """The texts of the slide's outline that a shape shows."""
        found = []
        for record in records(box):
            if record.kind == _OUTLINE_TEXT and record.end - record.start >= 4:
                at = struct.unpack_from("<i", record.data, record.start)[0]
                found += self._outline[at : at + 1] if at >= 0 else []
        return found


def _options(shape: Record | None) -> dict[int, int]:
    """The properties of a shape that are numbers."""
    options: dict[int, int] = {}
    for record in records(shape):
        if record.kind in (_OPTIONS, _MORE_OPTIONS):
            for at in range(record.instance):
                if record.start + 6 * at + 6 > record.end:
                    break
                key, value = struct.unpack_from("<HI", record.data, record.start + 6 * at)
                options[key & 0x3FFF] = value
    return options


def _box(shape: Record | None) -> Box | None:
    for record in records(shape):
        size = record.end - record.start
        if record.kind == _CHILD_PLACE and size >= 16:
            left, top, right, bottom = struct.unpack_from("<iiii", record.data, record.start)
        elif record.kind == _PLACE and size >= 8:
            kind = "<hhhh" if size < 16 else "<iiii"
            top, left, right, bottom = struct.unpack_from(kind, record.data, record.start)
        else:
            continue
        return Box(left, top, right - left, bottom - top)
    return None


def _table(units: list[Unit]) -> list[Part]:
    """The cells of a table are shapes of a group: their edges are its rows and columns."""
    placed = [(unit.box, unit) for unit in units if unit.box is not None and unit.parts]
    lefts = sorted({unit.box.left for unit in units if unit.box is not None and unit.box.width})
    tops = sorted({unit.box.top for unit in units if unit.box is not None and unit.box.height})
    cells = []
    for box, unit in placed:
        text = " ".join(part.text for part in unit.parts)
        columns = sum(box.left <= left < box.left + box.width for left in lefts)
        rows = sum(box.top <= top < box.top + box.height for top in tops)
        column, row = sum(left < box.left for left in lefts), sum(top < box.top for top in tops)
        cells.append(Cell(text, row, column, max(1, rows), max(1, columns)))
    return grid_parts(cells)
