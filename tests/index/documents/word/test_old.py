"""Files of Word 97 to 2003, and other files with their ending."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents.parts import ConversionError, Converted, ReadOptions, compose
from index.documents.word import reader
from index.documents.word.compound import Compound
from tests.index.documents.word.making import docx, p
from tests.index.documents.word.old import OLD


def read(data: bytes) -> Converted:
    return reader.read_doc(data, ReadOptions())


def test_an_old_file_is_read_as_a_new_one() -> None:
    """Numbers, changes, notes, form fields, text boxes, tables."""
    assert compose(read(OLD).parts)[0] == (
        "Reglamento\n\nArtículo 1.- Rige.\n\nArtículo 2.- Obliga a:\n\na) barrer;\nb) pagar.\n\n"
        "Cuesta 120 pesos por m².\n\n[1] Nota.\n\n☒ Sí. Elija: Dos\n\nAntes.\n\nEn la caja.\n\n"
        "Zona\tCuota\tCuota\nNorte\t5\t6\n\nFin ☃."
    )


def test_roles_of_an_old_file() -> None:
    """Headings by their style, items, a note at its place, a header and a span."""
    parts = read(OLD).parts
    assert (parts[0].role.value, parts[0].level) == ("heading", 1)
    assert [part.mark for part in parts if part.role.value == "item"] == ["a)", "b)"]
    (note,) = (part for part in parts if part.role.value == "note")
    assert (note.mark, note.anchor) == ("1", len("Cuesta 120 pesos"))
    (grid,) = (part for part in parts if part.role.value == "table")
    assert (grid.header_rows, grid.spans) == (1, ((0, 1, 1, 2),))


def test_what_an_old_file_says_of_itself() -> None:
    """Title and author, and what is left out."""
    found = read(OLD)
    assert (found.title, found.author) == ("Regl.", "Ana López")
    assert [notice.text for notice in found.notices] == [
        "1 hidden stretch of text is left out",
        "1 deletion that was tracked is left out",
    ]


def test_other_formats_with_the_ending() -> None:
    """A new Word file, a page and an RTF file that are named .doc."""
    assert compose(read(docx(p("nuevo"))).parts)[0] == "nuevo"
    assert compose(read(b"<html><body><p>una hoja</p></body></html>").parts)[0] == "una hoja"
    assert compose(read(rb"{\rtf1\ansi hola\par}").parts)[0] == "hola"


def test_an_encrypted_file_is_named() -> None:
    """By its head, or by the container that newer programs put around it."""
    main = Compound(OLD).stream("WordDocument")
    at = OLD.index(main[:64])
    locked = bytearray(OLD)
    locked[at + 11] |= 1
    with pytest.raises(ConversionError, match="is encrypted"):
        read(bytes(locked))
    wrapped = OLD.replace(
        "WordDocument".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")[:24]
    )
    with pytest.raises(ConversionError, match=r"is encrypted|is damaged"):
        read(wrapped + "EncryptedPackage".encode("utf-16-le"))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(OLD) - 1), st.integers(0, 255)), max_size=20), st.data()
)
def test_damage_is_told_in_a_sentence(changes: list[tuple[int, int]], data: st.DataObject) -> None:
    """Wrong bytes anywhere, and an early end, lead to a text or to a ConversionError."""
    damaged = bytearray(OLD)
    for at, byte in changes:
        damaged[at] = byte
    cut = data.draw(st.integers(600, len(OLD)))

    def refuse(_data: bytes, _name: str, _options: ReadOptions) -> Converted:
        raise ConversionError("is damaged")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "convert", refuse)
        try:
            compose(read(bytes(damaged[:cut])).parts)
        except ConversionError as error:
            assert str(error)
