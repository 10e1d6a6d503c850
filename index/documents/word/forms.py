"""What the forms of an old file keep of their fields."""

import struct
from collections.abc import Iterator

from index.documents.word.making import add
from index.documents.word.markup import Element, W

__all__ = ["add_form"]

_UNDEFINED = 25


def add_form(begun: Element, data: bytes) -> None:
    """Add to a field what a form keeps of it: whether a box is ticked, which entry is chosen."""
    if len(data) < 12 or begun.find(f"{W}ffData") is not None:
        return
    bits, length = struct.unpack_from("<H4xH", data, 4)
    kind, result = bits & 3, bits >> 2 & 0x1F
    at = 12 + 2 * length + 2
    usual = int.from_bytes(data[at : at + 2], "little")
    form = add(begun, "ffData")
    chosen = usual if result == _UNDEFINED else result
    if kind == 1:
        add(add(form, "checkBox"), "checked", val=str(min(chosen, 1)))
    elif kind == 2:
        choices = add(form, "ddList")
        add(choices, "result", val=str(chosen))
        for entry in _entries(data, at + 2):
            add(choices, "listEntry", val=entry)


def _entries(data: bytes, at: int) -> Iterator[str]:
    """The entries of a list to choose from, which stand after five texts."""
    for _ in range(5):
        at += 2 + 2 * int.from_bytes(data[at : at + 2], "little") + 2
    if data[at : at + 2] != b"\xff\xff":
        return
    count = int.from_bytes(data[at + 2 : at + 4], "little")
    at += 6
    for _ in range(min(count, 100)):
        length = int.from_bytes(data[at : at + 2], "little")
        text = data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
        yield "".join(letter for letter in text if letter >= " ")
        at += 2 + 2 * length
