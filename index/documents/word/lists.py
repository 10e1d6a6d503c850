"""The styles and the lists of a .doc file, as the elements of a .docx file."""

import struct

from lxml import etree

from index.documents.word.binary import Binary
from index.documents.word.markup import Element, W
from index.documents.word.sprms import letters, paragraph

__all__ = ["numbering_of", "styles_of"]

_NIL = 0xFFF
_FORMATS = {
    0: "decimal",
    1: "upperRoman",
    2: "lowerRoman",
    3: "upperLetter",
    4: "lowerLetter",
    5: "ordinal",
    6: "cardinalText",
    7: "ordinalText",
    9: "chicago",
    18: "decimalEnclosedCircle",
    22: "decimalZero",
    23: "bullet",
    57: "numberInDash",
    255: "none",
}
_BUILT_IN = {34: "caption", 62: "title", 101: "html preformatted"}
_MOST_LISTS = 10_000


def _add(parent: Element, name: str, val: str | None = None, **attributes: str) -> Element:
    made: Element = etree.SubElement(parent, f"{W}{name}")
    for key, text in ({"val": val} | attributes).items():
        if text is not None:
            made.set(f"{W}{key}", text)
    return made


def styles_of(binary: Binary) -> Element:
    """The styles, whose ids are their numbers."""
    root: Element = etree.Element(f"{W}styles")
    data = binary.plc(1)
    if len(data) < 8:
        return root
    (head,) = struct.unpack_from("<H", data)
    count, base = struct.unpack_from("<HH", data, 2)
    at = 2 + head
    for number in range(count):
        if at + 2 > len(data):
            break
        (size,) = struct.unpack_from("<H", data, at)
        if size >= 10:
            _style(root, number, data[at + 2 : at + 2 + size], base)
        at += 2 + size
    return root


def _style(root: Element, number: int, data: bytes, base: int) -> None:
    first, second, third = struct.unpack_from("<3H", data)
    built_in, kind, based, count = first & 0xFFF, second & 0xF, second >> 4, third & 0xF
    if kind not in (1, 2):
        return
    (length,) = struct.unpack_from("<H", data, base)
    name = data[base + 2 : base + 2 + 2 * length].decode("utf-16-le", "replace")
    if 1 <= built_in <= 9:
        name = f"heading {built_in}"
    elif 19 <= built_in <= 27:
        name = f"toc {built_in - 18}"
    name = _BUILT_IN.get(built_in, name)
    style = _add(root, "style", type="paragraph" if kind == 1 else "character", styleId=str(number))
    if number == 0:
        style.set(f"{W}default", "1")
    _add(style, "name", "".join(letter for letter in name if letter >= " "))
    if based != _NIL:
        _add(style, "basedOn", str(based))
    at = base + 2 + 2 * length + 2
    sets = []
    for _ in range(count):
        at += at & 1
        size = int.from_bytes(data[at : at + 2], "little")
        sets.append(data[at + 2 : at + 2 + size])
        at += 2 + size
    if kind == 1 and sets:
        _paragraph_style(style, number, sets[0][2:])
    # A paragraph's style has its letters second.
    for own in sets[2 - kind : 3 - kind]:
        _letter_style(style, own)


def _paragraph_style(style: Element, number: int, data: bytes) -> None:
    own = paragraph(number, data)
    properties = _add(style, "pPr")
    if own.outline is not None:
        _add(properties, "outlineLvl", str(own.outline))
    if own.list_id is not None:
        numbers = _add(properties, "numPr")
        if own.list_level is not None:
            _add(numbers, "ilvl", str(own.list_level))
        _add(numbers, "numId", str(own.list_id))


def _letter_style(style: Element, data: bytes) -> None:
    own = letters(data)
    properties = _add(style, "rPr")
    for name, state in (("vanish", own.hidden), ("b", own.bold), ("strike", own.struck)):
        if state is not None and state != 0x80:
            _add(properties, name, "1" if state else "0")
    if own.raised in (1, 2):
        _add(properties, "vertAlign", "superscript" if own.raised == 1 else "subscript")


def numbering_of(binary: Binary) -> Element:
    """The lists, and the nums whose ids are their places."""
    root: Element = etree.Element(f"{W}numbering")
    data = binary.plc(73)
    if len(data) < 2:
        return root
    count = min(int.from_bytes(data[:2], "little"), (len(data) - 2) // 28, _MOST_LISTS)
    at, stream = binary.place_of(73)
    ids: dict[int, int] = {}
    for number in range(count):
        start = 2 + 28 * number
        (id,) = struct.unpack_from("<i", data, start)
        linked = struct.unpack_from("<9H", data, start + 8)
        simple = bool(data[start + 26] & 1)
        ids.setdefault(id, number)
        abstract = _add(root, "abstractNum", abstractNumId=str(number))
        for place in range(1 if simple else 9):
            at = _level(abstract, place, stream, at, linked[place])
    _nums(root, binary.plc(74), ids)
    return root


def _level(parent: Element, place: int, stream: bytes, at: int, linked: int = _NIL) -> int:
    """Add a level that stands at a place of the stream; gives where it ends."""
    start, style, flags = struct.unpack_from("<iBB", stream, at)
    letter_size, paragraph_size, limit = stream[at + 24], stream[at + 25], stream[at + 26]
    at += 28 + paragraph_size
    own = letters(stream[at : at + letter_size])
    at += letter_size
    length = int.from_bytes(stream[at : at + 2], "little")
    words = struct.unpack_from(f"<{length}H", stream, at + 2)
    level = _add(parent, "lvl", ilvl=str(place))
    _add(level, "start", str(start))
    _add(level, "numFmt", _FORMATS.get(style, "decimal"))
    if flags & 0x08:
        _add(level, "lvlRestart", str(limit))
    if linked != _NIL:
        _add(level, "pStyle", str(linked))
    if flags & 0x04:
        _add(level, "isLgl")
    text = "".join(
        f"%{code + 1}" if code < 9 else chr(code) if 0x20 <= code < 0xD800 else "" for code in words
    )
    _add(level, "lvlText", text)
    if own.hidden == 1:
        _add(_add(level, "rPr"), "vanish")
    return at + 2 + 2 * length


def _nums(root: Element, data: bytes, ids: dict[int, int]) -> None:
    if len(data) < 4:
        return
    count = min(int.from_bytes(data[:4], "little"), (len(data) - 4) // 16, _MOST_LISTS)
    at = 4 + 16 * count
    for number in range(count):
        (id,) = struct.unpack_from("<i", data, 4 + 16 * number)
        overrides = data[4 + 16 * number + 12]
        num = _add(root, "num", numId=str(number + 1))
        _add(num, "abstractNumId", str(ids.get(id, -1)))
        at += 4
        for _ in range(overrides):
            start, flags = struct.unpack_from("<iI", data, at)
            at += 8
            override = _add(num, "lvlOverride", ilvl=str(flags & 0xF))
            if flags & 0x20:
                at = _level(override, flags & 0xF, data, at)
            elif flags & 0x10:
                _add(override, "startOverride", str(start))
