"""Old PowerPoint files (.ppt) to parts: slides in their order, with notes, tables and groups."""

import struct
from collections import Counter
from dataclasses import replace
from io import BytesIO

from index.documents.converter import convert
from index.documents.grids import Cell, grid_parts
from index.documents.layout import Box, reading_order
from index.documents.odf import DEEP, created, named
from index.documents.package import DAMAGED
from index.documents.parts import ConversionError, Converted, Part, ReadOptions
from index.documents.ppt_records import (
    BODIES,
    TITLES,
    Record,
    TextBody,
    descendants,
    numbers_of,
    paragraphs,
    record_at,
    records,
    texts_of,
)
from index.documents.slides import (
    BODY,
    OTHER,
    TITLE,
    Slide,
    Unit,
    deck_notices,
    deck_parts,
    page_labels,
)
from index.types import BlockRole

__all__ = ["read_ppt"]

MAX_SLIDES = 20_000
_USER_EDIT, _PERSIST, _ENCRYPTED = 0x0FF5, 0x1772, 0xF3D1C4DF
_DOCUMENT_ATOM, _SLIDE_LIST, _SLIDE_PERSIST = 0x03E9, 0x0FF0, 0x03F3
_SLIDE_ATOM, _SHOW_INFO, _COMMENT = 0x03EF, 0x03F9, 0x2EE0
_DRAWING, _GROUP, _SHAPE, _SHAPE_FLAGS = 0x040C, 0xF003, 0xF004, 0xF00A
_TEXTBOX, _OUTLINE_TEXT, _PLACEHOLDER = 0xF00D, 0x0F9E, 0x0BC3
_CHILD_PLACE, _PLACE, _OPTIONS, _MORE_OPTIONS = 0xF00F, 0xF010, 0xF00B, 0xF122
_OBJECT, _TAG, _OUTLINE_HEAD = 0x0BC1, 0x138B, 0x0FAF
_HIDDEN, _TABLE = 0x03BF, 0x039F  # properties of shapes
_FURNITURE = frozenset((7, 8, 9, 10))  # placeholders of date, number, footer and header
_NOTES_TEXT = 2


def read_ppt(data: bytes, options: ReadOptions) -> Converted:
    """What the slides of a presentation show. Raises ConversionError."""
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            current = ole.openstream("Current User").read()
            stream = ole.openstream("PowerPoint Document").read()
            meta = ole.get_metadata()
        deck = _Deck(stream, current)
        slides = deck.slides()
    except RecursionError as exc:
        raise ConversionError(DEEP) from exc
    except ConversionError as exc:
        if str(exc) != DAMAGED:
            raise
        return _unpaged(convert(data, "file.ppt", options))
    # olefile and struct raise whatever a damaged file makes them run into.
    except Exception:  # noqa: BLE001
        return _unpaged(convert(data, "file.ppt", options))
    made, author = created(
        meta.create_time.isoformat() if meta.create_time else None,
        named(_decoded(meta.author, meta.codepage)),
    )
    return Converted(
        deck_parts(slides),
        len(slides),
        title=named(_decoded(meta.title, meta.codepage)),
        author=author,
        created=made,
        page_labels=page_labels(len(slides), deck.first_number),
        notices=deck_notices(slides, deck.first_number),
    )


def _unpaged(converted: Converted) -> Converted:
    """What another reader made of it, which does not tell the slides apart."""
    return replace(converted, parts=[replace(p, page=None) for p in converted.parts], pages=0)


def _decoded(value: bytes | str | None, codepage: int | None) -> str | None:
    if not isinstance(value, bytes):
        return value
    page = (codepage or 1252) % 65536
    try:
        return value.decode("utf-8" if page == 65001 else f"cp{page}").rstrip("\0")
    except (LookupError, UnicodeDecodeError):
        return value.decode("cp1252", "replace").rstrip("\0")


class _Deck:
    """The document's records by their identifiers."""

    def __init__(self, stream: bytes, current: bytes) -> None:
        token, edit = struct.unpack_from("<II", current, 12)
        if token == _ENCRYPTED:
            raise ConversionError("is encrypted; remove its password first")
        self._stream = stream
        self._offsets: dict[int, int] = {}
        document = self._edits(edit)
        self._document = self._persisted(document)
        if self._document is None:
            raise ConversionError(DAMAGED)
        atom = next((r for r in records(self._document) if r.kind == _DOCUMENT_ATOM), None)
        self.extent, self.first_number = (0, 0), 1
        if atom is not None and atom.end - atom.start >= 34:
            self.extent = struct.unpack_from("<ii", stream, atom.start)
            self.first_number = struct.unpack_from("<H", stream, atom.start + 32)[0]
        self._notes = self._listed(2)
        self._numbers = {
            struct.unpack_from("<II", head.data, head.start): numbers
            for tag in descendants(self._document, _TAG)
            for head, numbers in numbers_of(tag)
            if head.kind == _OUTLINE_HEAD and head.end - head.start >= 8
        }

    def _edits(self, offset: int) -> int:
        """Read where each record is, the latest edit first; the identifier of the document."""
        document = 0
        seen: set[int] = set()
        while offset not in seen:
            seen.add(offset)
            edit = record_at(self._stream, offset)
            if edit is None or edit.kind != _USER_EDIT:
                break
            before, places, reference = struct.unpack_from("<III", self._stream, edit.start + 8)
            document = document or reference
            if edit.end - edit.start >= 32:  # it names how the file is encrypted
                raise ConversionError("is encrypted; remove its password first")
            self._directory(record_at(self._stream, places))
            if not before:
                break
            offset = before
        return document

    def _directory(self, directory: Record | None) -> None:
        if directory is None or directory.kind != _PERSIST:
            raise ConversionError(DAMAGED)
        at = directory.start
        while at + 4 <= directory.end:
            entry = struct.unpack_from("<I", self._stream, at)[0]
            first, count = entry & 0xFFFFF, entry >> 20
            count = min(count, (directory.end - at - 4) // 4)
            offsets = struct.unpack_from(f"<{count}I", self._stream, at + 4)
            for each, offset in enumerate(offsets, first):
                self._offsets.setdefault(each, offset)
            at += 4 + 4 * count

    def _persisted(self, identifier: int) -> Record | None:
        offset = self._offsets.get(identifier)
        return None if offset is None else record_at(self._stream, offset)

    def _listed(self, instance: int) -> dict[int, tuple[int, list[Record]]]:
        """Of the slides or notes, by their identifier: the record's, and their texts."""
        listed: dict[int, tuple[int, list[Record]]] = {}
        texts: list[Record] = []
        for holder in records(self._document):
            if holder.kind != _SLIDE_LIST or holder.instance != instance:
                continue
            for record in records(holder):
                if record.kind == _SLIDE_PERSIST:
                    texts = []
                    reference, _, _, identifier = struct.unpack_from(
                        "<IIiI", record.data, record.start
                    )
                    listed[identifier] = (reference, texts)
                else:
                    texts.append(record)
        return listed

    def slides(self) -> list[Slide]:
        """The slides in the presentation's order."""
        listed = self._listed(0)
        if len(listed) > MAX_SLIDES:
            raise ConversionError("has more slides than the safety limits allow; split it")
        return [self._slide(each, *found) for each, found in listed.items()]

    def _slide(self, identifier: int, reference: int, texts: list[Record]) -> Slide:
        record = self._persisted(reference)
        if record is None:
            return Slide(counts=Counter(missing=1))
        infos = [r.body for r in records(record) if r.kind == _SHOW_INFO]
        if any(len(info) >= 12 and info[10] & 0x4 for info in infos):
            return Slide(hidden=True)
        outline = texts_of(iter(texts))
        for text in outline:
            text.numbers = self._numbers.get((identifier, text.kind), ())
        shapes = _Shapes(outline, self.extent)
        slide = Slide(shapes.read(record), counts=shapes.counts)
        slide.counts["comment"] = sum(1 for _ in descendants(record, _COMMENT))
        slide.notes = self._spoken(record)
        return slide

    def _spoken(self, slide: Record) -> list[Part]:
        """What the speaker wrote below a slide."""
        atom = next((r for r in records(slide) if r.kind == _SLIDE_ATOM), None)
        if atom is None or atom.end - atom.start < 20:
            return []
        identifier = struct.unpack_from("<I", atom.data, atom.start + 16)[0]
        reference, texts = self._notes.get(identifier, (0, []))
        record = self._persisted(reference)
        found = texts_of(iter(texts))
        for box in descendants(record, _TEXTBOX):
            found += texts_of(records(box))
        bodies = [text for text in found if text.kind == _NOTES_TEXT]
        return [part for text in bodies for part in paragraphs(text)]


class _Shapes:
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
            if box.kind == _TEXTBOX:
                texts += texts_of(records(box))
                texts += self._referred(box)
        body = placeholder or any(text.kind in BODIES for text in texts)
        self.counts["object"] += any(True for _ in descendants(shape, _OBJECT))
        for tag in descendants(shape, _TAG):
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
