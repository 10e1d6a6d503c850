"""The properties of a .doc file: what is set for letters, paragraphs, rows and styles."""

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Letters", "Paragraphs", "Runs", "letters", "paragraph", "sprms"]

_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
_TABLE_DEFINITION = 0xD608
_PAGE = 512


def sprms(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The single properties of a list of them, each with its operand."""
    at = 0
    while at + 2 <= len(data):
        (code,) = struct.unpack_from("<H", data, at)
        at += 2
        size = _SIZES[code >> 13]
        if code == _TABLE_DEFINITION and at + 2 <= len(data):
            (size,) = struct.unpack_from("<H", data, at)
            size = max(0, size - 1)
            at += 2
        elif not size and at < len(data):
            size = data[at]
            at += 1
            if code == 0xC615 and size == 255:  # tabs that do not say how long they are
                return
        yield code, data[at : at + size]
        at += size


@dataclass(slots=True)
class Letters:
    """What is set for a run of letters; None where nothing is."""

    hidden: int | None = None
    bold: int | None = None
    deleted: bool = False
    inserted: bool = False
    special: bool = False
    raised: int = 0
    position: int = 0
    style: int | None = None
    font: int | None = None
    symbol: tuple[int, int] | None = None
    data: int | None = None  # where what belongs to a field stands
    struck: int | None = None


@dataclass(slots=True)
class Paragraphs:
    """What is set for a paragraph, and for a row where it ends one."""

    style: int = 0
    depth: int = 0  # of tables
    row_end: bool = False
    inner_cell: bool = False
    list_id: int | None = None
    list_level: int | None = None
    outline: int | None = None
    drop_cap: bool = False
    header: bool = False
    edges: tuple[int, ...] = ()
    merges: list[tuple[int, int]] = field(default_factory=list)  # across, down


def letters(data: bytes) -> Letters:  # noqa: PLR0912
    """The properties of a run."""
    found = Letters()
    for code, value in sprms(data):
        if not value:
            continue
        low = value[0]
        if code == 0x083C:
            found.hidden = low
        elif code == 0x0835:
            found.bold = low
        elif code == 0x0800:
            found.deleted = bool(low)
        elif code == 0x0801:
            found.inserted = bool(low)
        elif code in (0x0837, 0x2A53):
            found.struck = low
        elif code == 0x6A03 and len(value) >= 4:
            found.data = int.from_bytes(value[:4], "little")
        elif code == 0x0855:
            found.special = bool(low)
        elif code == 0x2A48:
            found.raised = low
        elif code == 0x4845:
            found.position = int.from_bytes(value[:2], "little", signed=True)
        elif code == 0x4A4F:
            found.font = int.from_bytes(value[:2], "little")
        elif code == 0x4A30:
            found.style = int.from_bytes(value[:2], "little")
        elif code == 0x6A09 and len(value) >= 4:
            found.symbol = (
                int.from_bytes(value[:2], "little"),
                int.from_bytes(value[2:4], "little"),
            )
    return found


def paragraph(style: int, data: bytes) -> Paragraphs:  # noqa: PLR0912
    """The properties of a paragraph."""
    found = Paragraphs(style)
    for code, value in sprms(data):
        if not value:
            continue
        low = value[0]
        if code == 0x4600:
            found.style = int.from_bytes(value[:2], "little")
        elif code == 0x2416:
            found.depth = max(found.depth, low)
        elif code == 0x6649:
            found.depth = min(int.from_bytes(value[:4], "little"), 20)
        elif code in (0x2417, 0x244C):
            found.row_end = bool(low)
        elif code == 0x244B:
            found.inner_cell = bool(low)
        elif code == 0x260A:
            found.list_level = low
        elif code == 0x460B:
            found.list_id = int.from_bytes(value[:2], "little")
        elif code == 0x2640:
            found.outline = low
        elif code == 0x442C:
            found.drop_cap = low & 0x7 in (1, 2)
        elif code == 0x3404:
            found.header = bool(low)
        elif code == _TABLE_DEFINITION:
            _define(found, value)
    return found


def _define(found: Paragraphs, value: bytes) -> None:
    """The edges of a row's cells, in twips, and which of them are merged."""
    count = min(value[0], 63)
    if len(value) < 1 + 2 * (count + 1):
        return
    found.edges = struct.unpack_from(f"<{count + 1}h", value, 1)
    start = 1 + 2 * (count + 1)
    for at in range(start, min(start + 20 * count, len(value) - 1), 20):
        (flags,) = struct.unpack_from("<H", value, at)
        found.merges.append((flags & 3, flags >> 5 & 3))


class Runs:
    """The properties that pages of a stream hold, by the place in the stream."""

    def __init__(self, stream: bytes, plc: bytes, *, paragraphs: bool) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._data: list[bytes] = []
        count = (len(plc) - 4) // 8
        for (page,) in struct.iter_unpack("<I", plc[4 * (count + 1) : 4 * (count + 1) + 4 * count]):
            at = (page & 0x3FFFFF) * _PAGE
            self._read(stream[at : at + _PAGE], paragraphs=paragraphs)

    def _read(self, page: bytes, *, paragraphs: bool) -> None:
        if len(page) < _PAGE:
            return
        runs = page[-1]
        width = 13 if paragraphs else 1
        if 4 * (runs + 1) + width * runs >= _PAGE:
            return
        places = struct.unpack_from(f"<{runs + 1}I", page)
        for run in range(runs):
            offset = 2 * page[4 * (runs + 1) + width * run]
            self._starts.append(places[run])
            self._ends.append(places[run + 1])
            self._data.append(_held(page, offset, paragraphs=paragraphs) if offset else b"")

    def at(self, place: int) -> tuple[bytes, int]:
        """The properties at a place in the stream, and where they end."""
        found = bisect_right(self._starts, place) - 1
        if found < 0 or self._ends[found] <= place:
            after = found + 1
            return b"", self._starts[after] if after < len(self._starts) else place + (1 << 30)
        return self._data[found], self._ends[found]


def _held(page: bytes, offset: int, *, paragraphs: bool) -> bytes:
    size = page[offset]
    if not paragraphs:
        return page[offset + 1 : offset + 1 + size]
    if size:
        return page[offset + 1 : offset + 2 * size]
    size = page[offset + 1]
    return page[offset + 2 : offset + 2 + 2 * size]
