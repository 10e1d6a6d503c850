"""The numbers that are printed on pages."""

import io

from reportlab.pdfgen.canvas import Canvas

from index.documents.pdf.labels import page_labels
from index.documents.pdf.open import open_pdf


def labels_of(pages: int, *ranges: tuple[int, str | None, int, str | None]) -> tuple[str, ...]:
    """Those of a PDF with so many pages; a range: first page (from 0), style, start, prefix."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for _ in range(pages):
        canvas.drawString(72, 700, "x")
        canvas.showPage()
    for first, style, start, prefix in ranges:
        canvas.addPageLabel(first, style=style, start=start, prefix=prefix)
    canvas.save()
    return page_labels(open_pdf(buffer.getvalue()))


def test_roman_numbers_before_others() -> None:
    """A cover with a name, a preface in Roman numbers, and the text from 1."""
    found = labels_of(
        5, (0, None, 1, "Portada"), (1, "ROMAN_LOWER", 1, None), (3, "ARABIC", 1, None)
    )
    assert found == ("Portada", "i", "ii", "1", "2")


def test_a_number_to_start_from_and_a_prefix() -> None:
    """An extract from a journal; an annex with letters."""
    assert labels_of(3, (0, "ARABIC", 117, None), (2, "ARABIC", 1, "A-")) == ("117", "118", "A-1")


def test_plain_numbers_are_no_labels() -> None:
    """Neither where the file says 1, 2, 3 nor where it says nothing."""
    assert labels_of(3, (0, "ARABIC", 1, None)) == ()
    assert labels_of(2) == ()


def test_a_page_may_have_no_label() -> None:
    """It has the empty one, and keeps the place of the others."""
    assert labels_of(3, (0, None, 1, None), (1, "ARABIC", 1, None)) == ("", "1", "2")


def test_the_encodings_are_read() -> None:
    """Prefixes may be in UTF-16; line ends in them become spaces."""
    assert labels_of(1, (0, "ARABIC", 1, "Añexo\n")) == ("Añexo 1",)
