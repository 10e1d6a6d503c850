"""Excel workbooks: what is shown, and what is said of the rest."""

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from index.errors import DocumentError
from index.types import BlockRole, NoticeKind
from tests.index.documents.sheets.books import read, roles, saved, sheet_of

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def _edited(data: bytes, member: str, old: str, new: str) -> bytes:
    """A workbook with a text of one of its parts replaced."""
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == member:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            after.writestr(name, content)
    return out.getvalue()


def test_values_as_shown(tmp_path: Path) -> None:
    """Per cent, money, leading zeros, dates and truth are read as the sheet shows them."""

    def fill(sheet: Worksheet) -> None:
        sheet.append(["Código", "Descuento", "Cuota", "Fecha", "Pagado"])
        sheet.append([3100, 0.125, 1234.5, date(2024, 8, 5), True])
        formats = ("00000", "0.0%", '#,##0.00 "€"', "dd/mm/yyyy", "General")
        for cell, code in zip(sheet[2], formats, strict=True):
            cell.number_format = code

    document = read(tmp_path, saved(("Tarifas", fill)))
    assert document.text == (
        "Tarifas\n\nCódigo\tDescuento\tCuota\tFecha\tPagado\n"
        "03100\t12.5%\t1,234.50 €\t05/08/2024\tVERDADERO"
    )
    assert document.blocks[1].header_rows == 1
    assert document.notices == ()


def test_calendar_of_1904(tmp_path: Path) -> None:
    """A workbook of the old Macintosh counts its days from 1904."""
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["Day", "Figure"])
    book.active.append([date(2024, 8, 5), 1])
    book.active["A2"].number_format = "yyyy-mm-dd"
    out = io.BytesIO()
    book.save(out)
    assert "2024-08-05\t1" in read(tmp_path, out.getvalue()).text


def test_hidden_is_left_out_and_said(tmp_path: Path) -> None:
    """Hidden sheets, rows and columns, also those without width; their content is counted."""

    def fill(sheet: Worksheet) -> None:
        for row in (("Tienda", "Margen", "Ventas", "X"), ("León", 31, 5, 7), ("Lugo", 8, 6, 7)):
            sheet.append(row)
        sheet.column_dimensions["B"].hidden = True
        sheet.column_dimensions["D"].width = 77
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[50].hidden = True

    def hidden(sheet: Worksheet) -> None:
        sheet.append(["secreto"])
        sheet.sheet_state = "veryHidden"

    data = saved(("Datos", fill), ("Otra", hidden))
    narrow = _edited(data, "xl/worksheets/sheet1.xml", 'width="77"', 'width="0"')
    document = read(tmp_path, narrow)
    assert document.text == "Datos\n\nTienda\tVentas\nLeón\t5"
    assert [(notice.kind, notice.text) for notice in document.notices] == [
        (NoticeKind.HIDDEN, "1 hidden sheet, 1 hidden row and 2 hidden columns are left out")
    ]


def test_merged_cell_whose_first_row_is_hidden(tmp_path: Path) -> None:
    """A merged cell shows its text in the rows that are left of it."""

    def fill(sheet: Worksheet) -> None:
        for row in (("Área", "Puesto", "Plazas"), ("Archivo", "Jefe", 1), (None, "Auxiliar", 4)):
            sheet.append(row)
        sheet.merge_cells("A2:A3")
        sheet.row_dimensions[2].hidden = True

    assert read(tmp_path, saved(("Sheet1", fill))).text.endswith("Archivo\tAuxiliar\t4")


def test_far_cell(tmp_path: Path) -> None:
    """One cell a million rows away costs nothing, and is a paragraph of its own."""

    def fill(sheet: Worksheet) -> None:
        sheet.append(["Villa", "Cuota"])
        sheet.append(["Ocaña", "noventa euros"])
        sheet.cell(1_000_000, 1, "fin")
        sheet.merged_cells.add("F1:G1048576")  # without making its cells

    document = read(tmp_path, saved(("Cuotas", fill)))
    assert document.text == "Cuotas\n\nVilla\tCuota\nOcaña\tnoventa euros\n\nfin"


def test_formula_without_result(tmp_path: Path) -> None:
    """A formula that no program has computed is said to be missing; an error is shown."""
    data = sheet_of(("Año", "Total"), (2023, 5), (2024, "=SUM(B2:B2)"), ("x", "#DIV/0!"))
    document = read(tmp_path, data)
    assert document.text.endswith("2024\nx\t#DIV/0!")
    assert document.notices[0].kind is NoticeKind.LOST
    assert document.notices[0].text.startswith("1 formula has no stored result")


def test_letters_of_several_kinds(tmp_path: Path) -> None:
    """Struck letters are out; a power, an index and an ordinal are written as one reads them."""
    book = Workbook()
    up, down, struck = (
        InlineFont(vertAlign="superscript"),
        InlineFont(vertAlign="subscript"),
        InlineFont(strike=True),
    )
    rows = [
        ("Concepto", "Valor"),
        (CellRichText("Área en km", TextBlock(up, "2")), 5),
        (CellRichText("CO", TextBlock(down, "2")), 6),
        (CellRichText("3", TextBlock(up, "o"), " de la lista"), 7),
        (CellRichText(TextBlock(struck, "100"), "120 euros"), 8),
    ]
    for row in rows:
        book.active.append(row)
    book.active.append(["anulada", 9])
    book.active["A6"].font = Font(strike=True)
    out = io.BytesIO()
    book.save(out)
    document = read(tmp_path, out.getvalue())
    assert document.text == (
        "Concepto\tValor\nÁrea en km²\t5\nCO₂\t6\n3º de la lista\t7\n120 euros\t8\n\t9"
    )
    assert [(notice.kind, notice.text) for notice in document.notices] == [
        (NoticeKind.DELETED, "2 struck-through texts are left out")
    ]


def test_notes_of_a_table(tmp_path: Path) -> None:
    """A raised mark is taken out of its cell; the line below that it begins is its note."""
    book = Workbook()
    up = InlineFont(vertAlign="superscript")
    book.active.append(["País", CellRichText("Población", TextBlock(up, "1")), "Año *"])
    book.active.append(["España", 48, CellRichText("1994", TextBlock(up, "a"))])
    book.active.append(["Francia", 68, 1995])
    book.active.append([CellRichText(TextBlock(up, "1"), " En millones.")])
    book.active.append([CellRichText(TextBlock(up, "a"), "Estimado.")])
    book.active.append(["* Del censo"])
    out = io.BytesIO()
    book.save(out)
    document = read(tmp_path, out.getvalue())
    assert roles(document) == [
        (BlockRole.TABLE, "País\tPoblación\tAño\nEspaña\t48\t1994\nFrancia\t68\t1995"),
        (BlockRole.NOTE, "[1] En millones."),
        (BlockRole.NOTE, "[a] Estimado."),
        (BlockRole.NOTE, "[*] Del censo"),
    ]
    anchors = [block.anchor for block in document.blocks if block.role is BlockRole.NOTE]
    text = document.text
    assert anchors == [
        text.index("Población") + 9,
        text.index("1994") + 4,
        text.index("Año") + 3,
    ]


def test_comments_and_text_boxes(tmp_path: Path) -> None:
    """A comment is counted; a text box is read once, at its row, and not where it is hidden."""

    def fill(sheet: Worksheet) -> None:
        sheet.append(["Tienda", "Ventas"])
        sheet.append(["León", 5])
        sheet["A1"].comment = Comment("no va", "Ana")

    document = read(tmp_path, saved(("Datos", fill)))
    assert "no va" not in document.text
    assert [notice.text for notice in document.notices] == ["1 comment is left out"]


def test_text_box(tmp_path: Path) -> None:
    """The words of a text box stand after what is above it; a copy for old programs is out."""
    shape = (
        "<xdr:from><xdr:col>0</xdr:col><xdr:row>{row}</xdr:row></xdr:from><xdr:sp><xdr:nvSpPr>"
        '<xdr:cNvPr id="2" name="t"{hidden}/></xdr:nvSpPr><xdr:txBody>'
        "<a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    )
    anchors = "".join(
        f"<xdr:twoCellAnchor>{shape.format(row=row, text=text, hidden=hidden)}</xdr:twoCellAnchor>"
        for row, text, hidden in ((5, "Aviso", ""), (0, "Oculto", ' hidden="1"'))
    )
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">' + anchors + "</xdr:wsDr>"
    )
    data = sheet_of(("a", "b"), (1, 2))
    out = io.BytesIO(data)
    import zipfile

    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/drawings/drawing1.xml", drawing)
        archive.writestr(
            "xl/worksheets/_rels/sheet1.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="x/drawing" Target="../drawings/drawing1.xml"/>'
            "</Relationships>",
        )
    assert read(tmp_path, out.getvalue()).text == "a\tb\n1\t2\n\nAviso"


def test_declared_table(tmp_path: Path) -> None:
    """A table that the file declares is one, with its header, also among texts."""

    def fill(sheet: Worksheet) -> None:
        for row in (("Resumen", None), ("Mes", "Nota"), ("ene", "bien"), ("feb", "mal")):
            sheet.append(row)
        sheet.add_table(Table(displayName="T", ref="A2:B4"))

    document = read(tmp_path, saved(("Sheet1", fill)))
    assert roles(document) == [
        (BlockRole.CAPTION, "Resumen"),
        (BlockRole.TABLE, "Mes\tNota\nene\tbien\nfeb\tmal"),
    ]
    assert document.blocks[1].header_rows == 1


def test_zeros_that_a_sheet_hides(tmp_path: Path) -> None:
    """A sheet may be set to show no zeros."""

    def fill(sheet: Worksheet) -> None:
        for row in (("Mes", "Ventas", "Bajas"), ("ene", 0, 3), ("feb", 4, 0)):
            sheet.append(row)
        sheet.sheet_view.showZeros = False

    assert read(tmp_path, saved(("Sheet1", fill))).text.endswith("ene\t\t3\nfeb\t4")


def test_metadata(tmp_path: Path) -> None:
    """Title, author and date of the properties; a program's name is no author."""
    book = Workbook()
    book.active.append(["a", 1])
    out = io.BytesIO()
    book.save(out)
    assert "author" not in read(tmp_path, out.getvalue()).metadata
    book = load_workbook(out)
    book.properties.creator, book.properties.title = "Ana López", "Presupuesto"
    out = io.BytesIO()
    book.save(out)
    document = read(tmp_path, out.getvalue(), "a.xlsm")
    assert (document.title, document.metadata["author"]) == ("Presupuesto", "Ana López")


def test_decimal_comma_of_a_spanish_file(tmp_path: Path) -> None:
    """A file that names Spanish of Spain shows a decimal comma."""
    data = sheet_of(("Mes", "Total"), ("ene", 1234.5))
    tagged = _edited(
        data,
        "docProps/core.xml",
        "</cp:coreProperties>",
        '<dc:language xmlns:dc="http://purl.org/dc/elements/1.1/">es-ES</dc:language></cp:coreProperties>',
    )
    assert read(tmp_path, tagged).text.endswith("ene\t1234,5")


def test_cells_without_references(tmp_path: Path) -> None:
    """Rows and cells that name no place follow each other; escaped characters are themselves."""
    data = sheet_of(("x", "y"))
    import re
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    rows = (
        '<sheetData><row><c t="str"><v>Mes_x000D_</v></c><c t="str"><v>Total</v></c></row>'
        '<row><c t="inlineStr"><is><t>ene</t></is></c><c><v>5</v></c></row></sheetData>'
    )
    found = re.search("<sheetData>.*</sheetData>", sheet)
    assert found
    assert read(tmp_path, _edited(data, "xl/worksheets/sheet1.xml", found[0], rows)).text == (
        "Mes\tTotal\nene\t5"
    )


def test_damaged_sheet_is_said(tmp_path: Path) -> None:
    """The other sheets of a workbook are read, and what is lost has a notice."""
    data = saved(("Uno", lambda s: s.append(["a", 1])), ("Dos", lambda s: s.append(["b", 2])))
    broken = _edited(data, "xl/worksheets/sheet2.xml", "</worksheet>", "<row>")
    document = read(tmp_path, broken)
    assert document.text == "Uno\n\na\t1"
    assert [notice.text for notice in document.notices] == [
        "the sheet 'Dos' is damaged and left out"
    ]


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 cut", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)]
)
def test_bad_files(tmp_path: Path, data: bytes) -> None:
    """A damaged or encrypted workbook is one sentence."""
    with pytest.raises(DocumentError, match=r"damaged|encrypted"):
        read(tmp_path, data)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    """An entity of a hostile file stands for nothing."""
    data = sheet_of(("a", "b"))
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    bomb = (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="str"><v>uno&e;</v></c>'
        '<c r="B1" t="str"><v>dos</v></c></row></sheetData></worksheet>'
    )
    start = sheet.index("<worksheet")
    text = read(tmp_path, _edited(data, "xl/worksheets/sheet1.xml", sheet[start:], bomb)).text
    assert "root" not in text
    assert "dos" in text
