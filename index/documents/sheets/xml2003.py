"""Workbooks in the XML of Excel 2003, which many programs still export as .xls or .xml."""

from lxml import etree

from index.documents.decoding import one_line
from index.documents.metadata import Metadata
from index.documents.package import parse_xml
from index.documents.parts import ConversionError, Converted, ReadOptions
from index.documents.sheets.cells import CellMaker, Style, style_of
from index.documents.sheets.date_format import serial
from index.documents.sheets.grid import Cell, Sheet
from index.documents.sheets.layout import workbook
from index.documents.sheets.locales import Locale, by_words

__all__ = ["read_xml2003"]

MAX_CELLS = 5_000_000
_SS = "{urn:schemas-microsoft-com:office:spreadsheet}"
_METADATA = ("Title", "Author", "Created")
_FORMATS = {
    "General Number": "General",
    "General Date": "system-date h:mm",
    "Long Date": "[$-F800]",
    "Medium Date": "d-mmm-yy",
    "Short Date": "system-date",
    "Long Time": "h:mm:ss AM/PM",
    "Medium Time": "h:mm AM/PM",
    "Short Time": "h:mm",
    "Currency": '"$"#,##0.00_);[Red]("$"#,##0.00)',
    "Euro Currency": "[$€-2] #,##0.00",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Scientific": "0.00E+00",
}


def read_xml2003(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """The shown sheets of a workbook in Excel's old XML. Raises ConversionError."""
    root = parse_xml(data.lstrip())
    texts = [node.text or "" for node, _ in zip(root.iter(f"{_SS}Data"), range(400), strict=False)]
    locale = by_words(texts)
    make = CellMaker(locale, from_1904=False)
    styles = _styles(root, locale, make.general)
    sheets, hidden = [], 0
    for worksheet in root.iterchildren(f"{_SS}Worksheet"):
        visible = worksheet.findtext("{*}WorksheetOptions/{*}Visible", "")
        if visible.startswith("Sheet"):  # SheetHidden, SheetVeryHidden
            hidden += 1
            continue
        sheets.append(_sheet(worksheet, make, styles))
    said = (root.findtext(f"{{*}}DocumentProperties/{{*}}{name}", "") for name in _METADATA)
    title, author, created = (one_line(text) or None for text in said)
    return workbook(sheets, hidden, make.counts, Metadata(title, author, created))


def _styles(root: etree._Element, locale: Locale, general: Style) -> dict[str, Style]:
    styles = {}
    for element in root.iterfind(f"{_SS}Styles/{_SS}Style"):
        number, font = element.find(f"{_SS}NumberFormat"), element.find(f"{_SS}Font")
        code = number.get(f"{_SS}Format", "General") if number is not None else "General"
        styles[element.get(f"{_SS}ID", "")] = style_of(
            _FORMATS.get(code, code),
            locale,
            bold=font is not None and font.get(f"{_SS}Bold") == "1",
            struck=font is not None and font.get(f"{_SS}StrikeThrough") == "1",
        )
    styles.setdefault("Default", general)
    return styles


def _sheet(worksheet: etree._Element, make: CellMaker, styles: dict[str, Style]) -> Sheet:
    sheet = Sheet(worksheet.get(f"{_SS}Name", ""))
    row = column = left = 0
    for element in worksheet.iterfind(f"{_SS}Table/*"):
        if element.tag == f"{_SS}Column":
            column = _place(element, column)
            many = 1 + _number(element, "Span")
            if _is_hidden(element, "Width"):
                sheet.hidden_columns.append((column, column + many - 1))
            column += many
        elif element.tag == f"{_SS}Row":
            row = _place(element, row)
            if _is_hidden(element, "Height"):
                sheet.hidden_rows.append((row, row + _number(element, "Span")))
            cells = _row(sheet, element, row, make, styles)
            left += len(cells)
            if left > MAX_CELLS:
                raise ConversionError("holds more cells than the safety limits allow; split it")
            if cells:
                sheet.rows[row] = cells
            row += 1 + _number(element, "Span")
    return sheet


def _row(
    sheet: Sheet,
    element: etree._Element,
    row: int,
    make: CellMaker,
    styles: dict[str, Style],
) -> dict[int, Cell]:
    cells = {}
    column = 0
    of_row = element.get(f"{_SS}StyleID", "Default")
    for item in element.iterchildren(f"{_SS}Cell"):
        column = _place(item, column)
        style = styles.get(item.get(f"{_SS}StyleID", of_row), make.general)
        make.counts["comments"] += item.find(f"{_SS}Comment") is not None
        cell = _cell(item.find("{*}Data"), make, style)
        if cell is not None:
            cells[column] = cell
        across, down = _number(item, "MergeAcross"), _number(item, "MergeDown")
        if across or down:
            sheet.merges.append((row, column, row + down, column + across))
        column += 1 + across
    return cells


def _cell(data: etree._Element | None, make: CellMaker, style: Style) -> Cell | None:
    if data is None:
        return None
    kind = data.get(f"{_SS}Type", "String")
    text = "".join(data.itertext())
    if kind == "Boolean":
        return make.truth(text.strip() == "1", style)
    if kind == "Error":
        return make.error(one_line(text), style)
    if kind in ("Number", "DateTime"):
        try:
            number = float(text) if kind == "Number" else serial(text.strip(), from_1904=False)
        except ValueError:
            number = None
        if number is not None:
            return make.number(number, style)
    return make.text(one_line(text), style)


def _place(element: etree._Element, following: int) -> int:
    index = _number(element, "Index")
    return index - 1 if index else following


def _number(element: etree._Element, name: str) -> int:
    value = element.get(f"{_SS}{name}", "0")
    return min(int(value), 1 << 20) if value.isdigit() and len(value) < 9 else 0


def _is_hidden(element: etree._Element, size: str) -> bool:
    return element.get(f"{_SS}Hidden") == "1" or element.get(f"{_SS}{size}", "") in ("0", "0.0")
