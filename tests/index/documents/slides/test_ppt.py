"""Old PowerPoint files, written here record by record into a compound file."""

from struct import pack

import pytest

from index.documents.parts import ConversionError, ReadOptions, compose
from index.documents.slides.ppt import read_ppt
from index.types import BlockRole

TITLE, BODY, NOTES, OTHER = 0, 1, 2, 4


def atom(kind: int, content: bytes, instance: int = 0) -> bytes:
    return pack("<HHI", instance << 4, kind, len(content)) + content


def holder(kind: int, *records: bytes, instance: int = 0) -> bytes:
    content = b"".join(records)
    return pack("<HHI", instance << 4 | 0xF, kind, len(content)) + content


def words(kind: int, text: str, style: bytes = b"") -> bytes:
    styled = atom(0x0FA1, style) if style else b""
    return atom(0x0F9F, pack("<I", kind)) + atom(0x0FA0, text.encode("utf-16-le")) + styled


def shape(
    content: bytes,
    top: int = 0,
    left: int = 0,
    size: tuple[int, int] = (100, 50),
    hidden: bool = False,
) -> bytes:
    place = atom(0xF00F, pack("<iiii", left, top, left + size[0], top + size[1]))
    options = atom(0xF00B, pack("<HI", 0x03BF, 0x20002), 1) if hidden else b""
    return holder(0xF004, atom(0xF00A, bytes(8), 202), options, place, holder(0xF00D, content))


def group(*shapes: bytes, table: bool = False) -> bytes:
    options = atom(0xF122, pack("<HI", 0x039F, 1), 1) if table else b""
    return holder(0xF003, holder(0xF004, atom(0xF00A, bytes(8)), options), *shapes)


def drawing(*shapes: bytes) -> bytes:
    return holder(0x040C, holder(0xF002, group(*shapes)))


def slide(*shapes: bytes, hidden: bool = False, notes: int = 0) -> bytes:
    show = atom(0x03F9, bytes(10) + pack("<HI", 4 if hidden else 0, 0))
    about = atom(0x03EF, bytes(16) + pack("<II", notes, 0))
    return holder(0x03EE, about, show, drawing(*shapes))


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file of one FAT sector; no stream is small enough for the mini stream."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    fat, data, entries = [0xFFFFFFFD, end], b"", []
    for name, content in streams.items():
        count = max(8, -(-len(content) // 512))
        start = len(fat)
        fat += [*range(start + 1, start + count), end]
        data += content.ljust(512 * count, b"\0")
        entries.append((name, 2, start, 512 * count))
    directory = b""
    for at, (name, kind, start, size) in enumerate([("Root Entry", 5, end, 0), *entries]):
        coded = name.encode("utf-16-le")
        right = at + 1 if 0 < at < len(entries) else free
        directory += coded.ljust(64, b"\0") + pack("<HBB", len(coded) + 2, kind, 1)
        directory += pack("<III", free, right, 1 if at == 0 else free) + bytes(36)
        directory += pack("<IQ", start, size)
    directory = directory.ljust(512, b"\0")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    head += bytes(6) + pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    head += pack("<I", 0) + pack("<I", free) * 108
    table = b"".join(pack("<I", each) for each in fat).ljust(512, b"\xff")
    return head + table + directory + data


def deck(*slides: bytes, notes: tuple[bytes, ...] = (), outline: tuple[bytes, ...] = ()) -> bytes:
    """A presentation; ``outline`` holds the texts that the slides refer to."""
    listed = b"".join(
        atom(0x03F3, pack("<IIiII", 2 + at, 0, 0, 256 + at, 0))
        + (outline[at] if at < len(outline) else b"")
        for at in range(len(slides))
    )
    noted = b"".join(
        atom(0x03F3, pack("<IIiII", 2 + len(slides) + at, 0, 0, 700 + at, 0))
        for at in range(len(notes))
    )
    about = atom(0x03E9, pack("<ii", 5760, 4320) + bytes(24) + pack("<HH", 1, 0) + bytes(4))
    document = holder(
        0x03E8, about, holder(0x0FF0, listed, instance=0), holder(0x0FF0, noted, instance=2)
    )
    stream, offsets = b"", []
    for record in (document, *slides, *notes):
        offsets.append(len(stream))
        stream += record
    places = len(stream)
    entry = pack("<I", len(offsets) << 20 | 1)
    stream += atom(0x1772, entry + pack(f"<{len(offsets)}I", *offsets))
    edit = len(stream)
    stream += atom(0x0FF5, pack("<IIIIIII", 0, 0, 0, places, 1, 0, 0))
    current = atom(0x0FF6, pack("<III", 0x14, 0xE391C05F, edit) + bytes(20))
    return compound({"Current User": current, "PowerPoint Document": stream})


def test_slides_notes_and_hidden() -> None:
    """Pages are the slides; a hidden one keeps its number; notes stand on their slide."""
    spoken = holder(0x03F0, drawing(shape(words(NOTES, "Recordar el plazo de la obra."))))
    data = deck(
        slide(
            shape(words(OTHER, "Abajo"), 900),
            shape(words(OTHER, "Arriba\vy más"), 500),
            shape(words(OTHER, "Oculta"), 700, hidden=True),
            shape(words(OTHER, "Fuera"), left=-900),
            shape(words(TITLE, "Uno\vdos")),
            notes=700,
        ),
        slide(shape(words(TITLE, "No")), hidden=True),
        slide(shape(words(TITLE, "Tres"))),
        notes=(spoken,),
    )
    converted = read_ppt(data, ReadOptions())
    assert [(part.text, part.page) for part in converted.parts] == [
        ("Uno dos", 1),
        ("Arriba\ny más", 1),
        ("Abajo", 1),
        ("Recordar el plazo de la obra.", 1),
        ("Tres", 3),
    ]
    assert converted.parts[0].role is BlockRole.HEADING
    assert [notice.text for notice in converted.notices] == [
        "1 hidden slide is left out",
        "1 hidden shape is left out",
        "1 shape outside of its slide is left out",
    ]


def test_texts_of_the_outline() -> None:
    """A placeholder refers to them by number; a body's paragraphs have bullets and levels."""
    style = pack("<IHI", 4, 0, 0) + pack("<IHI", 8, 1, 0) + pack("<IHIH", 5, 0, 1, 0)
    outline = words(TITLE, "Plan") + words(BODY, "Uno\rInterno\rFin.", style)
    refer = [atom(0x0F9E, pack("<i", at)) for at in (0, 1)]
    data = deck(
        slide(*(shape(each, 100 * at) for at, each in enumerate(refer))), outline=(outline,)
    )
    parts = read_ppt(data, ReadOptions()).parts
    assert compose(parts)[0] == "Plan\n\n• Uno\n  • Interno\n\nFin."


def test_raised_characters() -> None:
    """An exponent is written as one."""
    style = pack("<IHI", 6, 0, 0) + pack("<II", 4, 0) + pack("<IIh", 2, 0x80000, 30)
    data = deck(slide(shape(words(OTHER, "20 m2", style))))
    assert read_ppt(data, ReadOptions()).parts[0].text == "20 m²"


def test_table() -> None:
    """The cells are the shapes of a group; one that is wider spans."""
    cells = (("Gasto", 0, 0, 200), ("Año", 0, 50, 100), ("Monto", 100, 50, 100))
    figures = (("2024", 0, 100, 100), ("10", 100, 100, 100))
    shapes = [
        shape(words(OTHER, text), top, left, (width, 50))
        for text, left, top, width in (*cells, *figures)
    ]
    parts = read_ppt(deck(slide(group(*shapes, table=True))), ReadOptions()).parts
    assert [(part.role, part.text) for part in parts] == [
        (BlockRole.CAPTION, "Gasto"),
        (BlockRole.TABLE, "Año\tMonto\n2024\t10"),
    ]


def test_damaged_and_encrypted() -> None:
    """One sentence says what to do."""
    whole = deck(slide(shape(words(TITLE, "Uno"))))
    with pytest.raises(ConversionError, match="is encrypted"):
        read_ppt(whole.replace(pack("<I", 0xE391C05F), pack("<I", 0xF3D1C4DF)), ReadOptions())
    with pytest.raises(ConversionError, match="is damaged or not what its name says"):
        read_ppt(whole[:300], ReadOptions())
