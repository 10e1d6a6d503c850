"""The streams of a .doc file (Word 97 to 2003): its text, and what is set where."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from index.documents.parts import ConversionError
from index.documents.permission import ENCRYPTED
from index.documents.word.compound import Compound
from index.documents.word.sprms import Letters, Paragraphs, Runs, letters, paragraph

__all__ = ["Binary", "Run", "UnsupportedError"]

_WORD = 0xA5EC
_WORD_97 = 0xC1
_ENCRYPTED, _TABLE_1 = 0x0100, 0x0200
_COUNTS = 0x4C  # where the lengths of the stories stand
_PLACES = 0x9A  # and where the pairs of offset and length begin
_STORIES = ("main", "footnote", "header", "macro", "comment", "endnote", "box", "header box")


class UnsupportedError(ValueError):
    """A file of another version."""


@dataclass(frozen=True, slots=True)
class Run:
    """Letters with the same properties; ``place`` is their place in the stream."""

    text: str
    start: int
    place: int
    width: int  # bytes of a letter
    letters: Letters


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    place: int
    width: int


class Binary:
    """A .doc file. Raises UnsupportedError for other versions, and what `Compound` raises."""

    def __init__(self, data: bytes) -> None:
        compound = Compound(data)
        self.compound = compound
        self._main = compound.stream("WordDocument")
        word, version = struct.unpack_from("<HH", self._main)
        (flags,) = struct.unpack_from("<H", self._main, 10)
        if word != _WORD or version < _WORD_97:
            raise UnsupportedError("an older version")
        if flags & _ENCRYPTED:
            raise ConversionError(ENCRYPTED)
        self._table = compound.stream("1Table" if flags & _TABLE_1 else "0Table")
        lengths = struct.unpack_from("<8i", self._main, _COUNTS)
        self.stories: dict[str, tuple[int, int]] = {}
        at = 0
        for name, length in zip(_STORIES, lengths, strict=True):
            self.stories[name] = (at, at + max(0, length))
            at += max(0, length)
        if at > len(self._main):
            raise ValueError("more letters than bytes")
        self._pieces = self._read_pieces()
        self._letters = Runs(self._main, self.plc(12), paragraphs=False)
        self._paragraphs = Runs(self._main, self.plc(13), paragraphs=True)
        self._known: dict[bytes, Letters] = {}

    def plc(self, number: int) -> bytes:
        """One of the structures that the file's head names."""
        start, size = struct.unpack_from("<II", self._main, _PLACES + 8 * number)
        return self._table[start : start + size]

    def place_of(self, number: int) -> tuple[int, bytes]:
        """Where such a structure ends, and the stream in which it stands."""
        start, size = struct.unpack_from("<II", self._main, _PLACES + 8 * number)
        return start + size, self._table

    def positions(self, number: int, width: int) -> tuple[list[int], list[bytes]]:
        """The places that a structure lists, and what it says of each."""
        data = self.plc(number)
        count = max(0, (len(data) - 4) // (4 + width))
        places = list(struct.unpack_from(f"<{count + 1}I", data)) if data else []
        if any(later < place for place, later in pairwise(places)):
            raise ValueError("places that are not in order")
        base = 4 * (count + 1)
        return places, [data[base + width * at : base + width * (at + 1)] for at in range(count)]

    def runs(self, start: int, end: int) -> Iterator[Run]:
        """The letters of a stretch of the text."""
        for piece in self._pieces:
            at, last = max(start, piece.start), min(end, piece.end)
            while at < last:
                place = piece.place + (at - piece.start) * piece.width
                if place >= len(self._main):
                    break
                data, until = self._letters.at(place)
                stop = min(last, at + max(1, (until - place) // piece.width))
                raw = self._main[place : place + (stop - at) * piece.width]
                text = (
                    raw.decode("cp1252", "replace")
                    if piece.width == 1
                    else raw.decode("utf-16-le", "surrogatepass")
                )
                if data not in self._known:
                    self._known[data] = letters(data)
                yield Run(text, at, place, piece.width, self._known[data])
                at = stop

    def paragraph(self, place: int) -> Paragraphs:
        """The properties of the paragraph that ends at a place of the stream."""
        data, _ = self._paragraphs.at(place)
        if len(data) < 2:
            return Paragraphs()
        return paragraph(int.from_bytes(data[:2], "little"), data[2:])

    def font(self, number: int) -> str:
        """The name of a font."""
        return self._fonts[number] if number < len(self._fonts) else ""

    @cached_property
    def _fonts(self) -> list[str]:
        data = self.plc(15)
        names: list[str] = []
        at = 4
        while at + 40 < len(data):
            own = data[at : at + 1 + data[at]]
            names.append(own[40:].decode("utf-16-le", "replace").split("\0")[0])
            at += len(own)
        return names

    @cached_property
    def _data(self) -> bytes:
        try:
            return self.compound.stream("Data")
        except KeyError:
            return b""

    def form_data(self, place: int) -> bytes:
        """What a form keeps of a field."""
        stream = self._data
        size = int.from_bytes(stream[place : place + 4], "little")
        head = int.from_bytes(stream[place + 4 : place + 6], "little")
        return stream[place + head : place + size]

    def _read_pieces(self) -> list[_Piece]:
        data = self.plc(33)
        at = 0
        while at < len(data) and data[at] == 1:
            at += 3 + int.from_bytes(data[at + 1 : at + 3], "little")
        if at >= len(data) or data[at] != 2:
            raise UnsupportedError("no pieces")
        (size,) = struct.unpack_from("<I", data, at + 1)
        table = data[at + 5 : at + 5 + size]
        count = (len(table) - 4) // 12
        places = struct.unpack_from(f"<{count + 1}I", table)
        if any(later < place for place, later in pairwise(places)):
            raise ValueError("pieces that are not in order")
        pieces = []
        for number in range(count):
            (fc,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)
            narrow = bool(fc & 0x40000000)
            place = (fc & 0x3FFFFFFF) // 2 if narrow else fc & 0x3FFFFFFF
            pieces.append(_Piece(places[number], places[number + 1], place, 1 if narrow else 2))
        return pieces
