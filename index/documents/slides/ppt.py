"""Old PowerPoint files (.ppt) to parts: slides in their order, with notes, tables and groups."""

import struct
from collections import Counter
from dataclasses import replace
from io import BytesIO

from index.documents.converter import convert
from index.documents.metadata import Metadata, ole_properties
from index.documents.package import DAMAGED, DEEP
from index.documents.parts import ConversionError, Converted, Part, ReadOptions
from index.documents.permission import ENCRYPTED
from index.documents.slides.deck import MAX_SLIDES, TOO_MANY, Slide, deck
from index.documents.slides.ppt_records import (
    Record,
    descendants,
    numbers_of,
    paragraphs,
    record_at,
    records,
    texts_of,
)
from index.documents.slides.ppt_shapes import TAG, TEXTBOX, Shapes
from index.documents.slides.pptx import read_pptx
from index.types import Notice, NoticeKind

__all__ = ["read_ppt"]

_SUMMARY = "\x05SummaryInformation"
_USER_EDIT, _PERSIST, _ENCRYPTED = 0x0FF5, 0x1772, 0xF3D1C4DF
_DOCUMENT_ATOM, _SLIDE_LIST, _SLIDE_PERSIST = 0x03E9, 0x0FF0, 0x03F3
_SLIDE_ATOM, _SHOW_INFO, _COMMENT = 0x03EF, 0x03F9, 0x2EE0
_NOTES_TEXT, _OUTLINE_HEAD = 2, 0x0FAF


def read_ppt(data: bytes, options: ReadOptions) -> Converted:
    """What the slides of a presentation show. Raises ConversionError."""
    import olefile

    if data.startswith(b"PK"):  # a newer file under the old name
        return read_pptx(data, options)
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            current = ole.openstream("Current User").read()
            stream = ole.openstream("PowerPoint Document").read()
            found = ole.exists(_SUMMARY) and ole.openstream(_SUMMARY).read()
            said = ole_properties(found) if found else Metadata()
        shown = _Deck(stream, current)
        slides = shown.slides()
    except RecursionError as exc:
        raise ConversionError(DEEP) from exc
    except ConversionError as exc:
        if str(exc) != DAMAGED:
            raise
        return _unpaged(convert(data, "file.ppt", options))
    # olefile and struct raise whatever a damaged file makes them run into.
    except Exception:  # noqa: BLE001
        return _unpaged(convert(data, "file.ppt", options))
    return deck(slides, said, shown.first_number)


def _unpaged(converted: Converted) -> Converted:
    """What another reader made of it, which does not tell the slides apart."""
    notice = Notice(NoticeKind.LOST, "where its slides begin is not known")
    return replace(
        converted,
        parts=[replace(part, page=None, breaks=()) for part in converted.parts],
        pages=0,
        notices=(*converted.notices, notice),
    )


class _Deck:
    """The document's records by their identifiers."""

    def __init__(self, stream: bytes, current: bytes) -> None:
        token, edit = struct.unpack_from("<II", current, 12)
        if token == _ENCRYPTED:
            raise ConversionError(ENCRYPTED)
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
            for tag in descendants(self._document, TAG)
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
                raise ConversionError(ENCRYPTED)
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
            raise ConversionError(TOO_MANY)
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
        shapes = Shapes(outline, self.extent)
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
        for box in descendants(record, TEXTBOX):
            found += texts_of(records(box))
        bodies = [text for text in found if text.kind == _NOTES_TEXT]
        return [part for text in bodies for part in paragraphs(text)]
