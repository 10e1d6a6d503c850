"""The records of old PowerPoint files (.ppt), and the paragraphs of their texts.

A record is a header of eight bytes, version and instance, kind, and length, and its content: bytes,
or more records.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from index.documents.decoding import clean
from index.documents.parts import Part
from index.documents.raised import raised
from index.documents.slides.drawing import Numbering
from index.documents.superscripts import lowered
from index.types import BlockRole

__all__ = [
    "BODIES",
    "TITLES",
    "Record",
    "TextBody",
    "descendants",
    "numbers_of",
    "paragraphs",
    "record_at",
    "records",
    "texts_of",
]

TEXT_HEADER, TEXT_CHARS, TEXT_STYLE, TEXT_BYTES = 0x0F9F, 0x0FA0, 0x0FA1, 0x0FA8
TITLES = frozenset((0, 6))  # kinds of texts: title, centred title
BODIES = frozenset((1, 5, 7, 8))  # body, centred, of half and of a quarter of the slide
MAX_RECORDS = 2_000_000
TEXT_STYLE_9 = 0x0FAC
# The kinds of automatic numbers by their number in the file.
_SCHEMES = (
    *("alphaLcPeriod", "alphaUcPeriod", "arabicParenR", "arabicPeriod", "romanLcParenBoth"),
    *("romanLcParenR", "romanLcPeriod", "romanUcPeriod", "alphaLcParenBoth", "alphaLcParenR"),
    *("alphaUcParenBoth", "alphaUcParenR", "arabicParenBoth", "arabicPlain", "romanUcParenBoth"),
    "romanUcParenR",
)
_MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its kind, its instance, and where its content stands in the stream."""

    kind: int
    instance: int
    container: bool
    data: bytes
    start: int
    end: int

    @property
    def body(self) -> bytes:
        """The content."""
        return self.data[self.start : self.end]


def record_at(data: bytes, offset: int, end: int | None = None) -> Record | None:
    """The record whose header stands there; None where there is none whole."""
    end = len(data) if end is None else end
    if offset < 0 or offset + 8 > end:
        return None
    version, kind, length = struct.unpack_from("<HHI", data, offset)
    start = offset + 8
    if start + length > end:
        return None
    return Record(kind, version >> 4, version & 0xF == 0xF, data, start, start + length)


def records(holder: Record | None) -> Iterator[Record]:
    """The records inside of a container."""
    at = holder.start if holder is not None else 0
    while holder is not None and holder.container and at < holder.end:
        record = record_at(holder.data, at, holder.end)
        if record is None:
            return
        yield record
        at = record.end


def descendants(holder: Record | None, kind: int, depth: int = 0) -> Iterator[Record]:
    """The records of a kind at any depth."""
    for record in records(holder):
        if record.kind == kind:
            yield record
        elif record.container and depth < _MAX_DEPTH:
            yield from descendants(record, kind, depth + 1)


@dataclass(slots=True)
class TextBody:
    """A text as it is stored: what it is for, its characters, and its styles."""

    kind: int
    text: str = ""
    style: bytes = b""
    numbers: tuple[tuple[str, int] | None, ...] = ()


def texts_of(found: Iterator[Record]) -> list[TextBody]:
    """The texts among records that follow one another."""
    texts: list[TextBody] = []
    for record in found:
        if record.kind == TEXT_HEADER and record.end - record.start >= 4:
            texts.append(TextBody(struct.unpack_from("<I", record.data, record.start)[0]))
        elif texts and record.kind == TEXT_CHARS:
            texts[-1].text = record.body.decode("utf-16-le", "replace")
        elif texts and record.kind == TEXT_BYTES:
            texts[-1].text = record.body.decode("latin-1")
        elif texts and record.kind == TEXT_STYLE:
            texts[-1].style = record.body
    return texts


# What a paragraph's style may hold, in order: the bits of its mask and the bytes that follow.
_PARAGRAPH = (
    *((0x80, 2), (0x10, 2), (0x40, 2), (0x20, 4), (0x800, 2), (0x1000, 2), (0x2000, 2)),
    *((0x4000, 2), (0x100, 2), (0x400, 2), (0x8000, 2)),
)
_TABS = 0x100000
_CHARACTER = ((0x3EFF, 2), (0x10000, 2), (0x200000, 2), (0x400000, 2), (0x800000, 2), (0x20000, 2))


def _styles(
    body: TextBody,
) -> tuple[dict[int, tuple[int, bool | None]], list[tuple[int, int, int]]]:
    """By offset: each paragraph run's level and whether it has a bullet; and the character runs:

    where each begins, how far it is raised, and which of the text's numbers its paragraph has.
    """
    levels: dict[int, tuple[int, bool | None]] = {}
    rises: list[tuple[int, int, int]] = []
    data, at, chars = body.style, 0, 0
    try:
        while chars <= len(body.text) and at < len(data):
            count, level, mask = struct.unpack_from("<IHI", data, at)
            at += 10
            bullet = None
            if mask & 0xF:
                flags = struct.unpack_from("<H", data, at)[0]
                bullet = bool(flags & 1) if mask & 1 else None
                at += 2
            at += sum(size for bits, size in _PARAGRAPH if mask & bits)
            if mask & _TABS:
                at += 2 + 4 * int(struct.unpack_from("<H", data, at)[0])
            at += 2 * (bool(mask & 0x10000) + bool(mask & 0xE0000) + bool(mask & 0x200000))
            levels[chars] = (min(level, 8), bullet)
            chars += count
        chars = 0
        while chars <= len(body.text) and at < len(data):
            count, mask = struct.unpack_from("<II", data, at)
            look = struct.unpack_from("<H", data, at + 8)[0] if mask & 0x3EFF else 0
            at += 8 + sum(size for bits, size in _CHARACTER if mask & bits)
            at += 4 if mask & 0x40000 else 0
            rise = struct.unpack_from("<h", data, at)[0] if mask & 0x80000 else 0
            at += 2 if mask & 0x80000 else 0
            rises.append((chars, rise, look >> 10 & 0xF))
            chars += count
    except struct.error:
        return levels, rises  # the text is whole without its styles
    return levels, rises


def paragraphs(body: TextBody) -> list[Part]:
    """The paragraphs of a text; those of a body have bullets unless they say otherwise."""
    levels, rises = _styles(body)
    parts: list[Part] = []
    numbering = Numbering()
    offset = 0
    level, bullet = 0, None
    for line in body.text.split("\r"):
        before = [start for start in levels if start <= offset]
        if before:
            level, bullet = levels[max(before)]
        words = clean(_risen(line, offset, rises).replace("\v", "\n")).strip()
        shown = body.kind in BODIES - {5} if bullet is None else bullet
        number = _number(body, offset, rises)
        offset += len(line) + 1
        if not words:
            continue
        label = numbering.label(level, *(number if shown and number else ("", 1)))
        words = "\n".join(" ".join(each.split()) for each in words.split("\n"))
        role = BlockRole.ITEM if shown else BlockRole.PARAGRAPH
        parts.append(Part(role, words, level=level + 1 if shown else 0, mark=label))
    return parts


def _risen(line: str, offset: int, rises: list[tuple[int, int, int]]) -> str:
    """A line with its raised and lowered characters written as such."""
    end = offset + len(line)
    if not any(rise for _, rise, _ in rises):
        return line
    text = ""
    bounds = [start for start, _, _ in rises[1:]] + [end]
    for (start, rise, _), stop in zip(rises, bounds, strict=True):
        piece = line[max(start - offset, 0) : max(min(stop, end) - offset, 0)]
        if piece:
            text += raised(piece, text) if rise > 0 else lowered(piece) if rise < 0 else piece
    return text + line[len(text) :] if len(text) < len(line) and not rises else text


def _number(
    body: TextBody, offset: int, rises: list[tuple[int, int, int]]
) -> tuple[str, int] | None:
    """The kind and start of the automatic number of the paragraph that begins at an offset."""
    looks = [look for start, _, look in rises if start <= offset]
    at = looks[-1] if looks else 0
    return body.numbers[at] if at < len(body.numbers) else None


def numbers_of(tag: Record | None) -> Iterator[tuple[Record, tuple[tuple[str, int] | None, ...]]]:
    """The styles with automatic numbers in a tag, each with the record before it."""
    before = tag
    at = tag.start if tag is not None else 0
    while tag is not None and before is not None and at < tag.end:
        record = record_at(tag.data, at, tag.end)
        if record is None:
            return
        if record.kind == TEXT_STYLE_9:
            yield before, tuple(_schemes(record.body))
        elif record.container:
            yield from numbers_of(record)
        before, at = record, record.end


def _schemes(data: bytes) -> Iterator[tuple[str, int] | None]:
    at = 0
    try:
        while at < len(data):
            mask = struct.unpack_from("<I", data, at)[0]
            at += 4 + 2 * bool(mask & 0x800000) + 2 * bool(mask & 0x2000000)
            scheme = struct.unpack_from("<HH", data, at) if mask & 0x1000000 else None
            at += 4 * bool(mask & 0x1000000)
            at += 4 + 4 * bool(struct.unpack_from("<I", data, at)[0] & 0x100000)
            mask = struct.unpack_from("<I", data, at)[0]
            at += 4 + 2 * sum(bool(mask & bit) for bit in (1, 2, 4, 0x40)) + 4 * bool(mask & 0x20)
            kind = _SCHEMES[scheme[0]] if scheme and scheme[0] < len(_SCHEMES) else "arabicPeriod"
            yield (kind, scheme[1]) if scheme else None
    except struct.error:
        return
