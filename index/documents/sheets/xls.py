"""Excel workbooks before 2007 (.xls), and what else is sold under that ending.

xlrd reads the cells and formats; what they show is ours. Many programs write a web page, a text
with tabs, XML or a newer workbook and call it .xls: each is read as what it is.
"""

import io
import re
from typing import Any

from index.documents.decoding import one_line
from index.documents.metadata import Metadata, ole_properties
from index.documents.parts import ConversionError, Converted, ReadOptions
from index.documents.permission import ENCRYPTED
from index.documents.sheets.cells import CellMaker, Style, style_of
from index.documents.sheets.grid import Cell, Sheet
from index.documents.sheets.layout import workbook
from index.documents.sheets.locales import by_words
from index.documents.sheets.number_format import BUILT_IN
from index.documents.sheets.rich_text import Run, rich_text

__all__ = ["read_xls"]

MAX_CELLS = 5_000_000
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLD = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08\x08\x00")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|table|meta|style|div)\b", re.IGNORECASE)
_XML = re.compile(rb"<\?mso-application[^>]*Excel|<(?:\w+:)?Workbook\b")
_HEAD = 4096
_TEXT, _NUMBER, _DATE, _TRUTH, _ERROR = 1, 2, 3, 4, 5  # xlrd's kinds of cells
_SUPERSCRIPT, _SUBSCRIPT = 1, 2
_SAMPLE = 400


def read_xls(data: bytes, options: ReadOptions) -> Converted:
    """The shown sheets of an old Excel workbook. Raises ConversionError, and ValueError for a file
    that is neither a workbook nor text."""
    if data.startswith(_OLE) or data.startswith(_OLD):
        return _read_binary(data, options)
    if data.startswith(b"PK"):
        from index.documents.sheets.xlsx import read_xlsx

        return read_xlsx(data, options)
    head = data[:_HEAD]
    if _XML.search(head.replace(b"\0", b"")):
        from index.documents.sheets.xml2003 import read_xml2003

        return read_xml2003(data, options)
    if _HTML.search(head):
        from index.documents.html.read import read_html

        return read_html(data, options)
    from index.documents.sheets.delimited import read_tsv

    return read_tsv(data, options)


def _read_binary(data: bytes, options: ReadOptions) -> Converted:
    import xlrd

    if _LOCKED in data:
        raise ConversionError(ENCRYPTED)
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        return _Book(book, _metadata(data)).converted()
    except (ConversionError, MemoryError):
        raise
    # xlrd raises whatever a damaged record leads to.
    except Exception as exc:
        if "encrypt" in str(exc).lower():
            raise ConversionError(ENCRYPTED) from exc
        from index.documents.converter import convert

        return convert(data, "workbook.xls", options)


def _metadata(data: bytes) -> Metadata:
    from xlrd.compdoc import CompDoc

    if not data.startswith(_OLE):
        return Metadata()
    try:
        stream = CompDoc(data, logfile=io.StringIO()).get_named_stream("\x05SummaryInformation")
    except Exception:  # noqa: BLE001  # of a damaged file the metadata is not worth the text
        return Metadata()
    return ole_properties(stream or b"")


class _Book:
    """An open workbook of xlrd."""

    def __init__(self, book: Any, metadata: Metadata) -> None:
        self._book = book
        self._metadata = metadata
        self._locale = by_words(self._words())
        self._make = CellMaker(self._locale, from_1904=book.datemode == 1)
        self._styles: dict[int, Style] = {}
        self._left = MAX_CELLS

    def _words(self) -> list[str]:
        words = [str(name) for name in self._book.sheet_names()]
        for sheet in self._book.sheets():
            for row in range(sheet.nrows):
                words += [cell.value for cell in sheet.row(row) if cell.ctype == _TEXT]
                if len(words) > _SAMPLE:
                    return words
        return words

    def converted(self) -> Converted:
        """The parts, notices and metadata of the workbook."""
        sheets = self._book.sheets()
        shown = [self._sheet(sheet) for sheet in sheets if not sheet.visibility]
        hidden = len(sheets) - len(shown)
        return workbook(shown, hidden, self._make.counts, self._metadata)

    def _sheet(self, source: Any) -> Sheet:
        sheet = Sheet(source.name)
        for number in range(source.nrows):
            cells = self._row(source, number)
            if cells:
                sheet.rows[number] = cells
        sheet.merges = [
            (top, first, bottom - 1, last - 1) for top, bottom, first, last in source.merged_cells
        ]
        sheet.hidden_rows = [
            (number, number)
            for number, row in source.rowinfo_map.items()
            if row.hidden or row.height == 0
        ]
        sheet.hidden_columns = [
            (number, number)
            for number, column in source.colinfo_map.items()
            if column.hidden or column.width == 0
        ]
        self._make.counts["comments"] += len(source.cell_note_map)
        return sheet

    def _row(self, source: Any, number: int) -> dict[int, Cell]:
        cells = {}
        show_zeros = getattr(source, "show_zero_values", 1)
        for column, item in enumerate(source.row(number)):
            if item.ctype not in (_TEXT, _NUMBER, _DATE, _TRUTH, _ERROR):
                continue
            if item.value == 0 and item.ctype in (_NUMBER, _DATE) and not show_zeros:
                continue
            cell = self._cell(source, item, number, column)
            if cell is not None:
                cells[column] = cell
        self._left -= len(cells)
        if self._left < 0:
            reason = "holds more cells than the safety limits allow; split it into smaller files"
            raise ConversionError(reason)
        return cells

    def _cell(self, source: Any, item: Any, row: int, column: int) -> Cell | None:
        style = self._style(item.xf_index)
        if item.ctype == _TEXT:
            runs = source.rich_text_runlist_map.get((row, column))
            if runs:
                return self._make.text(rich_text(self._runs(item.value, runs)), style)
            return self._make.text(one_line(item.value), style)
        if item.ctype == _TRUTH:
            return self._make.truth(bool(item.value), style)
        if item.ctype == _ERROR:
            from xlrd import error_text_from_code

            return self._make.error(error_text_from_code.get(item.value, "#N/A"), style)
        return self._make.number(float(item.value), style)

    def _style(self, number: int | None) -> Style:
        if number is None or number >= len(self._book.xf_list):
            return self._make.general
        style = self._styles.get(number)
        if style is None:
            xf = self._book.xf_list[number]
            font = self._book.font_list[xf.font_index]
            named = self._book.format_map.get(xf.format_key)
            code = named.format_str if named is not None else "General"
            if xf.format_key in (14, 22):
                code = BUILT_IN[xf.format_key]
            bold = bool(font.bold) or font.weight >= 600
            style = style_of(code, self._locale, bold=bold, struck=bool(font.struck_out))
            self._styles[number] = style
        return style

    def _runs(self, text: str, places: list[tuple[int, int]]) -> list[Run]:
        """The runs of a text; before the first place it has the cell's own font."""
        starts = [(0, None), *places]
        runs = []
        for (start, number), (end, _) in zip(starts, [*places, (len(text), 0)], strict=True):
            known = number is not None and number < len(self._book.font_list)
            font = self._book.font_list[number] if known else None
            runs.append(
                Run(
                    text[start:end],
                    raised=font is not None and font.escapement == _SUPERSCRIPT,
                    lowered=font is not None and font.escapement == _SUBSCRIPT,
                    struck=font is not None and bool(font.struck_out),
                )
            )
        return runs
