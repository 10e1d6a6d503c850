#!/usr/bin/env bash
# Found: PDFium takes the hyphen that ends a line out of the text and joins the two lines, and does not
# tell which hyphen it was: a divided word ("coope-" / "ración"), a compound that keeps its hyphen
# ("franco-" / "alemán") and the name of an annex ("B-" / "12") look the same, whether the file holds
# a hyphen or a soft hyphen. In its place stands one character, and which one depends on the
# function: U+FFFE in FPDFText_GetText (get_text_range), U+0002 in FPDFText_GetBoundedText. After
# digits ("1990-" / "1995") the hyphen and the line end stay. PDFium's own search finds none of the
# joined words, neither with the hyphen nor without it.
# Why it matters: to drop the character gives "francoalemán" and "B12", to write a hyphen gives
# "coope-ración", and either is quoted as the document's words. Which one is right has to be decided
# from the other words of the document. A reader that uses both functions has to know both characters.
# Seen with pypdfium2 5.15.2, on files made with reportlab 5.1.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet pypdfium2==5.15.2 reportlab==5.1.0
"$folder/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

import pypdfium2
from pypdfium2.raw import FPDFText_GetUnicode, FPDFText_IsHyphen
from reportlab.pdfgen.canvas import Canvas


def text_page(*lines):
    file = io.BytesIO()
    canvas = Canvas(file)
    for number, line in enumerate(lines):
        canvas.drawString(72, 700 - 14 * number, line)
    canvas.save()
    return pypdfium2.PdfDocument(file.getvalue())[0].get_textpage()


def found(page, words):
    return page.search(words).get_next() is not None


print(f"pypdfium2 {version('pypdfium2')}")
for first, second in (
    ("la coope-", "ración"),
    ("la coope\u00ad", "ración"),
    ("el tratado franco-", "alemán"),
    ("el anexo B-", "12"),
):
    page = text_page(first, second)
    ranged, bounded = page.get_text_range(), page.get_text_bounded()
    print(f"{first!r}, {second!r}: {ranged!r} and {bounded!r}")
    assert ranged == first[:-1] + "\ufffe" + second, "the range has another character"
    assert bounded == first[:-1] + "\x02" + second, "the bounded text has another character"
    assert FPDFText_GetUnicode(page, len(first) - 1) == 2
    assert FPDFText_IsHyphen(page, len(first) - 1) == 1
    for words in (first[:-1] + second, first[:-1] + "-" + second):
        assert not found(page, words), "the search finds a divided word"
    assert found(page, second)
page = text_page("los años 1990-", "1995")
print(f"after digits: {page.get_text_range()!r}")
assert page.get_text_range() == "los años 1990-\r\n1995", "a range of years is read otherwise"
PY
