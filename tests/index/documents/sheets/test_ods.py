"""OpenDocument spreadsheets: the shown text of each cell."""

from pathlib import Path

import pytest

from index.errors import DocumentError
from index.types import BlockRole, NoticeKind
from tests.index.documents.sheets.books import read, roles, zipped

HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0">'
)
STYLES = (
    '<office:automatic-styles><style:style style:name="no" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
    '<style:style style:name="up" style:family="text">'
    '<style:text-properties style:text-position="super 58%"/></style:style>'
    '<style:style style:name="gone" style:family="text">'
    '<style:text-properties style:text-line-through-style="solid"/></style:style>'
    "</office:automatic-styles>"
)


def ods(*tables: str, meta: str = "") -> bytes:
    """A spreadsheet of these ``table:table`` elements."""
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    content = f"{HEAD}{STYLES}{body}</office:document-content>"
    about = f"{HEAD}<office:meta>{meta}</office:meta></office:document-content>"
    return zipped(content_0xml=content, meta_0xml=about)


def table(*rows: str, name: str = "Hoja1", style: str = "", columns: str = "") -> str:
    """One sheet."""
    attribute = f' table:style-name="{style}"' if style else ""
    return f'<table:table table:name="{name}"{attribute}>{columns}{"".join(rows)}</table:table>'


def row(*cells: str, attributes: str = "") -> str:
    """One row of texts, or of cells in XML."""
    written = (c if c.startswith("<") else cell(f"<text:p>{c}</text:p>") for c in cells)
    return f"<table:table-row {attributes}>{''.join(written)}</table:table-row>"


def cell(content: str, attributes: str = "") -> str:
    """One cell."""
    return f"<table:table-cell {attributes}>{content}</table:table-cell>"


def number(shown: str, kind: str = "float") -> str:
    """A cell with a figure."""
    return cell(f"<text:p>{shown}</text:p>", f'office:value-type="{kind}" office:value="1"')


def test_shown_text(tmp_path: Path) -> None:
    """Amounts and shares are read as they are shown, with spaces and line ends in cells."""
    data = ods(
        table(
            row("Fecha", "Monto", cell("<text:p>Avan<text:s/>ce</text:p><text:p>total</text:p>")),
            row(number("14/03/25", "date"), number("1.500,50 €"), number("16 %")),
            name="Pagos",
        )
    )
    document = read(tmp_path, data, "a.ods")
    assert document.text == "Pagos\n\nFecha\tMonto\tAvan ce total\n14/03/25\t1.500,50 €\t16 %"
    assert document.blocks[1].header_rows == 1


def test_repeated_and_covered(tmp_path: Path) -> None:
    """Repeated cells are written out, millions of empty ones cost nothing, covered ones take the
    text of the cell over them."""
    far = 'table:number-rows-repeated="1048000"'
    wide = cell("", 'table:number-columns-repeated="16000"')
    data = ods(
        table(
            row("Área", "Puesto", "Plazas", wide),
            row(
                cell("<text:p>Archivo</text:p>", 'table:number-rows-spanned="2"'),
                "Jefe",
                number("1"),
            ),
            row("<table:covered-table-cell/>", "Auxiliar", number("1")),
            row(cell("<text:p>x</text:p>", 'table:number-columns-repeated="2"'), number("2")),
            row(wide, attributes=far),
            row("fin"),
        )
    )
    document = read(tmp_path, data, "a.ods")
    assert document.text == (
        "Área\tPuesto\tPlazas\nArchivo\tJefe\t1\nArchivo\tAuxiliar\t1\nx\tx\t2\n\nfin"
    )
    assert document.blocks[0].spans == ((1, 0, 2, 1),)


def test_hidden(tmp_path: Path) -> None:
    """Hidden sheets, filtered rows and hidden columns are out; annotations too."""
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    note = "<office:annotation><text:p>ojo</text:p></office:annotation>"
    data = ods(
        table(
            row("Tienda", "Margen", cell(f"{note}<text:p>Ventas</text:p>")),
            row("León", "31", number("5")),
            row("Lugo", "8", number("6"), attributes='table:visibility="filter"'),
            columns=columns,
        ),
        table(row("secreto"), name="Otra", style="no"),
    )
    document = read(tmp_path, data, "a.ods")
    assert document.text == "Tienda\tVentas\nLeón\t5"
    assert [(notice.kind, notice.text) for notice in document.notices] == [
        (NoticeKind.HIDDEN, "1 hidden sheet, 1 hidden row and 1 hidden column are left out"),
        (NoticeKind.COMMENT, "1 comment is left out"),
    ]


def test_kinds_of_letters(tmp_path: Path) -> None:
    """A raised 2 after a unit is a power, after a year a note's mark; struck letters are out."""
    up, gone = '<text:span text:style-name="up">', '<text:span text:style-name="gone">'
    data = ods(
        table(
            row("Tema", cell(f"<text:p>km{up}2</text:span></text:p>")),
            row(cell(f"<text:p>1994{up}3</text:span></text:p>"), number("5")),
            row(cell(f"<text:p>{gone}100</text:span>120</text:p>"), number("6")),
            row(cell(f"<text:p>{up}3</text:span> Provisional</text:p>")),
        )
    )
    document = read(tmp_path, data, "a.ods")
    assert roles(document) == [
        (BlockRole.TABLE, "Tema\tkm²\n1994\t5\n120\t6"),
        (BlockRole.NOTE, "[3] Provisional"),
    ]


def test_writer_without_shown_text(tmp_path: Path) -> None:
    """Where only values are stored, they are shown plainly."""
    values = (
        '<table:table-cell office:value-type="percentage" office:value="0.16"/>',
        '<table:table-cell office:value-type="currency" office:value="1.5" office:currency="EUR"/>',
        '<table:table-cell office:value-type="date" office:date-value="2024-08-05"/>',
        '<table:table-cell office:value-type="string" office:string-value="sí"/>',
    )
    assert read(tmp_path, ods(table(row(*values))), "a.ods").text == "16%\t1.5 EUR\t2024-08-05\tsí"


def test_text_box_and_metadata(tmp_path: Path) -> None:
    """A text box is a paragraph; title, author and date are those of the properties."""
    box = "<draw:frame><draw:text-box><text:p>Aviso</text:p></draw:text-box></draw:frame>"
    meta = (
        "<dc:title>Cuentas</dc:title><meta:initial-creator>Ana López</meta:initial-creator>"
        "<meta:creation-date>2024-08-05T10:00:00</meta:creation-date>"
    )
    data = ods(table(f"<table:shapes>{box}</table:shapes>", row("a", number("1"))), meta=meta)
    document = read(tmp_path, data, "a.ods")
    assert document.text == "a\t1\n\nAviso"
    assert (document.title, dict(document.metadata)) == (
        "Cuentas",
        {"author": "Ana López", "created": "2024-08-05"},
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(content_0xml="<a>"), "damaged"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_bad_files(tmp_path: Path, data: bytes, reason: str) -> None:
    """A damaged file is one sentence."""
    with pytest.raises(DocumentError, match=reason):
        read(tmp_path, data, "a.ods")


def test_encrypted(tmp_path: Path) -> None:
    """An encrypted file says so."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("META-INF/manifest.xml", "<m><encryption-data/></m>")
        archive.writestr("content.xml", "\x01\x02")
    with pytest.raises(DocumentError, match="encrypted"):
        read(tmp_path, out.getvalue(), "a.ods")
