"""The streams of a compound file (OLE), which old Office files are."""

import struct
from collections.abc import Iterator

__all__ = ["MAGIC", "Compound"]

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
_LAST = 0xFFFFFFFA  # sector numbers from here on are marks
_ENTRY = 128


class Compound:
    """A compound file. Raises ValueError, struct.error or IndexError for what is damaged."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC):
            raise ValueError("no compound file")
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise ValueError("sectors of a strange size")
        self._size = 1 << shift
        self._fat = self._table(self._fat_sectors())
        directory, _, self._cutoff, mini, _ = struct.unpack_from("<5I", data, 48)
        entries = b"".join(self._chain(directory, self._fat))
        self._entries: dict[str, tuple[int, int]] = {}
        root: tuple[int, int] | None = None
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            start, size = struct.unpack_from("<II", entries, at + 116)
            name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind == 5:
                root = (start, size)
            elif kind == 2:
                self._entries.setdefault(name, (start, size))
        self._mini_fat = self._table(list(self._numbers(mini, self._fat)))
        self._mini = b"".join(self._chain(root[0], self._fat)) if root is not None else b""

    def stream(self, name: str) -> bytes:
        """The bytes of a stream; KeyError where there is none of that name."""
        start, size = self._entries[name]
        if size >= self._cutoff:
            return b"".join(self._chain(start, self._fat))[:size]
        pieces = (self._mini[at * 64 : at * 64 + 64] for at in self._numbers(start, self._mini_fat))
        return b"".join(pieces)[:size]

    def _fat_sectors(self) -> list[int]:
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        more, count = struct.unpack_from("<II", self._data, 68)
        each = self._size // 4 - 1
        for _ in range(min(count, len(self._data) // self._size)):
            if more >= _LAST:
                break
            block = struct.unpack(f"<{each + 1}I", self._sector(more))
            sectors += block[:each]
            more = block[each]
        return [sector for sector in sectors if sector < _LAST]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size].ljust(self._size, b"\0")

    def _table(self, sectors: list[int]) -> list[int]:
        most = len(self._data) // self._size + 1
        table: list[int] = []
        for sector in sectors[:most]:
            table += struct.unpack(f"<{self._size // 4}I", self._sector(sector))
        return table

    def _numbers(self, start: int, table: list[int]) -> Iterator[int]:
        """The sectors of a chain; one that leads back into itself is cut."""
        for _ in range(len(table)):
            if start >= len(table):
                return
            yield start
            start = table[start]

    def _chain(self, start: int, table: list[int]) -> Iterator[bytes]:
        return (self._sector(number) for number in self._numbers(start, table))
