"""OpenDocument spreadsheets (.ods): the texts that the file says its cells show."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from lxml import etree

from index.documents.decoding import one_line
from index.documents.metadata import Metadata, opendocument_metadata
from index.documents.package import DAMAGED, UNTRUSTED, Package, elements
from index.documents.parts import ConversionError, Converted, ReadOptions
from index.documents.permission import ENCRYPTED
from index.documents.sheets.grid import Cell, Kind, Sheet
from index.documents.sheets.headers import is_figure
from index.documents.sheets.layout import workbook
from index.documents.sheets.locales import ENGLISH
from index.documents.sheets.number_format import general
from index.documents.sheets.rich_text import PLAIN, RichText, Run, rich_text

__all__ = ["read_ods"]

MAX_CELLS = 5_000_000  # with content, of one workbook
_MOST_REPEATED = 10_000  # equal rows, and
_MOST_COLUMNS = 1_024  # equal cells, that are written out; more of them are kept once
_TOO_LARGE = "holds more cells than the safety limits allow; split it into smaller files"
_KINDS = {
    "float": Kind.NUMBER,
    "percentage": Kind.NUMBER,
    "currency": Kind.NUMBER,
    "date": Kind.DATE,
    "time": Kind.DATE,
    "boolean": Kind.TRUTH,
}
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_COLUMNS_REPEATED = f"{_TABLE}number-columns-repeated"
_ROWS_REPEATED = f"{_TABLE}number-rows-repeated"
_COLUMNS_SPANNED = f"{_TABLE}number-columns-spanned"
_ROWS_SPANNED = f"{_TABLE}number-rows-spanned"
_STYLE_NAME = f"{_TABLE}style-name"
_VALUE_TYPE = f"{_OFFICE}value-type"
_P = f"{_TEXT}p"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


@dataclass(frozen=True, slots=True)
class _Style:
    bold: bool = False
    struck: bool = False
    position: str = ""  # "super", "sub" or nothing
    shown: bool = True  # of a sheet


_USUAL = _Style()


def read_ods(data: bytes, options: ReadOptions) -> Converted:
    """The shown sheets of an OpenDocument spreadsheet. Raises ConversionError."""
    with Package(data) as package:
        if "META-INF/manifest.xml" in package and (
            b"encryption-data" in package.read("META-INF/manifest.xml")
        ):
            raise ConversionError(ENCRYPTED)
        if "content.xml" not in package:
            from index.documents.converter import convert

            return convert(data, "workbook.ods", options)
        reader = _Reader()
        try:
            if "styles.xml" in package:
                reader.read(package.read("styles.xml"))
            reader.read(package.read("content.xml"))
        except etree.XMLSyntaxError as exc:
            raise ConversionError(DAMAGED) from exc
        metadata = _metadata(package)
    return workbook(reader.sheets, reader.hidden, reader.counts, metadata)


def _metadata(package: Package) -> Metadata:
    try:
        return opendocument_metadata(package.xml("meta.xml"))
    except ConversionError:
        return Metadata()


class _Reader:
    """The sheets of a file's XML, read row by row."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.hidden = 0
        self.counts: Counter[str] = Counter()
        self._styles: dict[str, _Style] = {}
        self._sheet: Sheet | None = None
        self._is_shown = True
        self._row = self._column = 0
        self._column_styles: list[tuple[int, str]] = []  # the column after, its cells' style
        self._left = MAX_CELLS
        self._depth = 0

    def read(self, data: bytes) -> None:
        """Read one part of the file. Raises lxml.etree.XMLSyntaxError and ConversionError."""
        names = ("table", "table-column", "table-row", "shapes", "tracked-changes")
        context = etree.iterparse(
            BytesIO(data),
            events=("start", "end"),
            tag=[*(_TABLE + name for name in names), f"{_STYLE}style"],
            **UNTRUSTED,
            remove_comments=True,
            collect_ids=False,
        )
        for event, element in context:
            name = element.tag.rpartition("}")[2]
            if name in ("table", "tracked-changes"):
                self._nest(element, name, event)
            elif event == "start" or self._depth > 1:
                continue
            elif name == "style":
                self._add_style(element)
            elif self._sheet is not None:
                self._in_sheet(self._sheet, element, name)

    def _nest(self, element: etree._Element, name: str, event: str) -> None:
        self._depth += 1 if event == "start" else -1
        if name == "table" and event == "start" and self._depth == 1:
            self._begin(element)
        elif event == "end" and self._depth == 0:
            if self._sheet is not None and self._is_shown:
                self.sheets.append(self._sheet)
            self._sheet = None
            element.clear()

    def _begin(self, element: etree._Element) -> None:
        self._sheet = Sheet(element.get(f"{_TABLE}name", ""))
        self._row = self._column = 0
        self._column_styles = []
        style = self._styles.get(element.get(f"{_TABLE}style-name", ""))
        self._is_shown = style is None or style.shown
        self.hidden += not self._is_shown

    def _in_sheet(self, sheet: Sheet, element: etree._Element, name: str) -> None:
        if name == "table-column":
            many = _count(element, _COLUMNS_REPEATED)
            if _is_hidden(element):
                sheet.hidden_columns.append((self._column, self._column + many - 1))
            self._column += many
            style = element.get(f"{_TABLE}default-cell-style-name", "")
            self._column_styles.append((self._column, style))
            return
        if name == "shapes":
            self._drawn(sheet, element)
        elif self._is_shown:
            self._read_row(sheet, element)
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]

    def _add_style(self, element: etree._Element) -> None:
        parent = self._styles.get(element.get(f"{_STYLE}parent-style-name", ""), _Style())
        style = parent
        for properties in elements(element):
            weight = properties.get(f"{_FO}font-weight")
            line = properties.get(f"{_STYLE}text-line-through-style")
            position = properties.get(f"{_STYLE}text-position")
            if weight:
                style = replace(style, bold=weight in ("bold", "600", "700", "800", "900"))
            if line or properties.get(f"{_STYLE}text-line-through-type"):
                style = replace(style, struck=line != "none")
            if position:
                style = replace(style, position=_position(position))
            if properties.get(f"{_TABLE}display") == "false":
                style = replace(style, shown=False)
        self._styles[element.get(f"{_STYLE}name", "")] = style

    def _read_row(self, sheet: Sheet, element: etree._Element) -> None:
        many = _count(element, _ROWS_REPEATED)
        first = self._row
        self._row += many
        if _is_hidden(element):
            sheet.hidden_rows.append((first, self._row - 1))
        cells: dict[int, Cell] = {}
        column = 0
        for item in element:
            if item.tag not in _CELLS:
                continue
            wide = _count(item, _COLUMNS_REPEATED)
            # What a covered cell holds lies under the merged one.
            covered = item.tag == _CELLS[1]
            filled = not covered and (len(item) or _VALUE_TYPE in item.attrib)
            cell = self._cell(sheet, item, first, column) if filled else None
            if cell is not None:
                self._merge(sheet, item, first, column)
                if wide == 1:
                    cells[column] = cell
                elif wide > _MOST_COLUMNS:
                    self.counts["repeated"] += wide - 1
                    cells[column] = cell
                else:
                    cells.update(dict.fromkeys(range(column, column + wide), cell))
            column += wide
        if not cells:
            return
        if many > _MOST_REPEATED:
            self.counts["repeated"] += many - 1
            many = 1
        self._left -= len(cells) * many
        if self._left < 0:
            raise ConversionError(_TOO_LARGE)
        for row in range(first, first + many):
            sheet.rows[row] = dict(cells)

    def _merge(self, sheet: Sheet, item: etree._Element, row: int, column: int) -> None:
        rows, columns = _count(item, _ROWS_SPANNED), _count(item, _COLUMNS_SPANNED)
        if rows * columns > 1:
            sheet.merges.append((row, column, row + rows - 1, column + columns - 1))

    def _cell(self, sheet: Sheet, item: etree._Element, row: int, column: int) -> Cell | None:
        paragraphs = []
        for child in item:
            tag = child.tag
            if tag == _P:
                paragraphs.append(child)
            elif tag == f"{_OFFICE}annotation":
                self.counts["comments"] += 1
            elif tag.startswith(_DRAW):
                self._add_shape(sheet, child, row)
        read, text = PLAIN, ""
        if len(paragraphs) == 1 and not len(paragraphs[0]):
            text = one_line(paragraphs[0].text or "")
        elif paragraphs:
            read = self._text(paragraphs)
            self.counts["struck"] += read.struck
            text = f"{read.lead} {read.text}" if read.lead else read.text
        else:
            text = _value(item)
        if not text:
            return None
        style = self._styles.get(item.get(_STYLE_NAME) or self._column_style(column), _USUAL)
        if style.struck:
            self.counts["struck"] += 1
            return None
        kind = _KINDS.get(item.get(_VALUE_TYPE, ""), Kind.TEXT)
        if kind is Kind.TEXT and is_figure(text):
            kind = Kind.NUMBER
        return Cell(text, kind, style.bold, 0, read.marks, read.lead)

    def _column_style(self, column: int) -> str:
        return next((style for after, style in self._column_styles if column < after), "")

    def _text(self, paragraphs: list[etree._Element]) -> RichText:
        runs: list[Run] = []
        for paragraph in paragraphs:
            runs += [*self._runs(paragraph, _USUAL, 0), Run("\n")]
        return rich_text(runs)

    def _runs(self, element: etree._Element, style: _Style, depth: int) -> Iterator[Run]:
        if element.text:
            yield _run(element.text, style)
        for child in element if depth < 50 else ():
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            if name in ("s", "tab", "line-break"):
                yield Run(" ")
            elif name in ("span", "a", "ruby", "ruby-base") or child.tag.startswith(_TEXT):
                inner = self._styles.get(child.get(f"{_TEXT}style-name", ""), style)
                yield from (
                    () if name in ("note", "ruby-text") else self._runs(child, inner, depth + 1)
                )
            if child.tail:
                yield _run(child.tail, style)

    def _drawn(self, sheet: Sheet, element: etree._Element) -> None:
        for shape in elements(element):
            self._add_shape(sheet, shape, 0)

    def _add_shape(self, sheet: Sheet, shape: etree._Element, row: int) -> None:
        """The text of a text box or drawing; a frame without text that shows a picture."""
        lines = [
            "".join(run.text for run in self._runs(paragraph, _USUAL, 0))
            for paragraph in shape.iter(f"{_TEXT}p", f"{_TEXT}h")
        ]
        text = "\n".join(filter(None, map(one_line, lines)))
        if text and self._is_shown:
            sheet.boxes.append((row, text))
        elif next(shape.iter(f"{_DRAW}image"), None) is not None and self._is_shown:
            is_object = next(shape.iter(f"{_DRAW}object"), None) is not None
            self.counts["pictures"] += not is_object


def _run(text: str, style: _Style) -> Run:
    return Run(text, style.position == "super", style.position == "sub", style.struck)


def _position(value: str) -> str:
    """Whether letters stand higher or lower, by words or by a percentage."""
    first = value.split(maxsplit=1)[0]
    if first in ("super", "sub"):
        return first
    number = first.rstrip("%")
    return (
        "super"
        if number[:1].isdigit() and number.strip("0.")
        else "sub"
        if number[:1] == "-"
        else ""
    )


def _count(element: etree._Element, name: str) -> int:
    value = element.get(name)
    if value is None:
        return 1
    return min(max(1, int(value)), 1 << 24) if value.isdigit() and len(value) < 10 else 1


def _is_hidden(element: etree._Element) -> bool:
    return element.get(f"{_TABLE}visibility") in ("collapse", "filter")


def _value(item: etree._Element) -> str:
    """What a cell shows whose writer left out the shown text."""
    kind = item.get(f"{_OFFICE}value-type", "")
    if kind == "string":
        return one_line(item.get(f"{_OFFICE}string-value", ""))
    if kind in ("date", "time", "boolean"):
        value = item.get(f"{_OFFICE}{kind}-value", "")
        return one_line(value.upper() if kind == "boolean" else value.replace("T", " "))
    try:
        number = float(item.get(f"{_OFFICE}value", ""))
        scaled = general(number * 100 if kind == "percentage" else number, ENGLISH)
    except (ValueError, OverflowError):
        return ""
    currency = item.get(f"{_OFFICE}currency", "")
    return scaled + ("%" if kind == "percentage" else f" {currency}" if currency else "")
