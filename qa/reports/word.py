"""A report as a Word file with real styles, to be edited, printed, given a table of contents.

It holds text alone: no link, no picture, no macro, and of fields none but the number of the page.
"""

from importlib.util import find_spec
from io import BytesIO
from typing import Any

from index.errors import MissingExtraError
from qa.reports.parts import Kind, Part, Run, Style

__all__ = ["check_installed", "write_word"]

_HEADINGS = {Kind.TITLE: "Title", Kind.QUESTION: "Heading 1", Kind.PLACE: "Heading 2"}
_STYLES = {Kind.QUOTE: "Quote", Kind.SMALL: "Small", Kind.REFERENCE: "Reference"}
_LOCALES = {"es": "es-ES", "en": "en-GB"}  # so that the spelling is checked in its language


def check_installed() -> None:
    """Raise MissingExtraError where no Word file can be written."""
    if find_spec("docx") is None:
        raise MissingExtraError(
            "A Word file needs python-docx: run pip install '.[chat]' in the project's folder, or "
            "name a .html or .md file."
        )


def write_word(parts: list[Part], title: str, language: str) -> bytes:
    """The parts as a .docx file; MissingExtraError without python-docx."""
    check_installed()
    import docx

    document = docx.Document()
    _set_up(document, title, language)
    for part in parts:
        if part.kind is Kind.TABLE:
            _table(document, part)
        else:
            style = _HEADINGS.get(part.kind) or _STYLES.get(part.kind)
            _runs(document.add_paragraph(style=style), part.runs)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: Any, title: str, language: str) -> None:
    """A4, the styles, the language, the number of the page below, and who made it: nobody."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    locale = document.styles.element.find(f".//{qn('w:lang')}")
    locale.set(qn("w:val"), _LOCALES[language])
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.5)
    black, grey = RGBColor(0x1F, 0x1D, 0x1A), RGBColor(0x5F, 0x5A, 0x52)
    for name, size in (("Title", 20.0), ("Heading 1", 15.0), ("Heading 2", 11.0)):
        font = document.styles[name].font
        font.size, font.color.rgb = Pt(size), black
    for name, size in (("Small", 9.5), ("Reference", 8.0)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size, style.font.color.rgb = Pt(size), grey
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(4)
    quote = document.styles["Quote"]
    quote.font.italic = False
    quote.paragraph_format.left_indent = Cm(0.8)
    quote.paragraph_format.space_after = Pt(4)
    quote.paragraph_format.keep_with_next = True  # so that its reference is on the same page
    _number_pages(section.footer.paragraphs[0])


def _number_pages(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)  # python-docx has no fields


def _table(document: Any, part: Part) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table = document.add_table(len(part.rows), len(part.rows[0]), style="Table Grid")
    for row, cells in zip(table.rows, part.rows, strict=True):
        for cell, runs in zip(row.cells, cells, strict=True):
            _runs(cell.paragraphs[0], runs)
    for row in table.rows[: part.header_rows]:  # on every page that the table is on
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:  # the first row and column are as the others, unless they are the header
        look.set(qn("w:firstRow"), str(int(part.header_rows > 0)))
        look.set(qn("w:firstColumn"), "0")


def _runs(paragraph: Any, runs: tuple[Run, ...]) -> None:
    from docx.enum.text import WD_COLOR_INDEX

    for run in runs:
        written = paragraph.add_run(run.text)
        if run.style is Style.STRONG:
            written.bold = True
        elif run.style is Style.MARKED:
            written.font.highlight_color = WD_COLOR_INDEX.YELLOW
