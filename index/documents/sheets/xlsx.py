"""Excel workbooks (.xlsx, .xlsm), read from their XML."""

import math
import re

from lxml import etree

from index.documents.decoding import one_line
from index.documents.metadata import core_properties
from index.documents.package import DAMAGED, Package, elements
from index.documents.parts import ConversionError, Converted, ReadOptions
from index.documents.sheets.cells import CellMaker, Style
from index.documents.sheets.date_format import serial
from index.documents.sheets.drawings import Drawing, drawing
from index.documents.sheets.grid import Cell, Range, Sheet
from index.documents.sheets.layout import workbook
from index.documents.sheets.locales import Locale, by_tag, by_words
from index.documents.sheets.rich_text import RichText
from index.documents.sheets.xlsx_styles import (
    local,
    rich_string,
    shared_strings,
    streamed,
    styles,
    truth,
    unescaped,
)

__all__ = ["read_xlsx"]

MAX_CELLS = 5_000_000  # with content, of one workbook
_MAX_ROW, _MAX_COLUMN = 1 << 20, 1 << 14
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})$")
_INLINE = re.compile(rb"<(?:\w+:)?t(?: [^>]*)?>([^<]{1,200})<")
_SAMPLE = 400  # texts by which a workbook's language is seen
_TOO_LARGE = "holds more cells than the safety limits allow; split it into smaller files"


def read_xlsx(data: bytes, options: ReadOptions) -> Converted:
    """The shown sheets of a workbook. Raises ConversionError."""
    with Package(data) as package:
        workbook = package.target("officeDocument", "xl/workbook.xml")
        if workbook in package and not workbook.endswith(".bin"):
            return _Workbook(package, workbook).converted()
    from index.documents.converter import convert

    return convert(data, "workbook.xlsx", options)


class _Workbook:
    """An open workbook, and the counts of what of it is not in the text."""

    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._relations = package.relations(name)
        root = package.xml(name)
        self._parts = {} if root is None else {local(c.tag): c for c in elements(root)}
        properties = self._parts.get("workbookPr")
        self._from_1904 = properties is not None and truth(properties.get("date1904"))
        self._metadata = core_properties(package)
        self._shared = self._shared_strings()
        self._locale = self._find_locale()
        self._styles = styles(self._part("styles"), self._locale)
        self._make = CellMaker(self._locale, from_1904=self._from_1904)
        self._counts = self._make.counts
        self._columns: dict[str, int] = {}
        self._left = MAX_CELLS

    def _target(self, kind: str) -> str | None:
        return next((name for k, name in self._relations.values() if k == kind), None)

    def _part(self, kind: str) -> etree._Element | None:
        name = self._target(kind)
        return self._package.xml(name) if name else None

    def _shared_strings(self) -> list[str | RichText]:
        name = self._target("sharedStrings")
        if name is None or name not in self._package:
            return []
        try:
            return shared_strings(self._package.read(name))
        except etree.XMLSyntaxError as exc:
            raise ConversionError(DAMAGED) from exc

    def _find_locale(self) -> Locale:
        """By the language that the file names, where it is not the English of a program as it is
        installed; else by the words of its texts."""
        named = by_tag(self._metadata.language)
        if named is not None and named.language != "en":
            return named
        texts = [text for text in self._shared[:_SAMPLE] if isinstance(text, str)]
        if not texts:
            for kind, name in self._relations.values():
                if kind == "worksheet" and name in self._package and len(texts) < _SAMPLE:
                    head = self._package.read(name)[: 1 << 16]
                    texts += [found.decode("utf-8", "ignore") for found in _INLINE.findall(head)]
        words = by_words([*texts, *(sheet.get("name", "") for sheet in self._sheet_elements())])
        return named if named is not None and words.language == "en" else words

    def _sheet_elements(self) -> list[etree._Element]:
        return list(elements(self._parts["sheets"])) if "sheets" in self._parts else []

    def converted(self) -> Converted:
        """The parts, notices and metadata of the workbook."""
        sheets: list[Sheet] = []
        hidden = 0
        damaged: list[str] = []
        for element in self._sheet_elements():
            name = element.get("name", "")
            id = next((v for k, v in element.attrib.items() if local(k) == "id"), "")
            kind, target = self._relations.get(str(id), ("", ""))
            if element.get("state", "visible").lower() in ("hidden", "veryhidden"):
                hidden += 1
            elif kind == "worksheet" or (kind == "chartsheet" and target in self._package):
                try:
                    sheets.append(self._sheet(name, target))
                except (etree.XMLSyntaxError, KeyError, ValueError):
                    damaged.append(name)
        if damaged and not sheets:
            raise ConversionError(DAMAGED)
        return workbook(sheets, hidden, self._counts, self._metadata, damaged)

    def _sheet(self, name: str, target: str) -> Sheet:
        sheet = Sheet(name)
        show_zeros = True
        row_number = -1
        parts = ("sheetView", "col", "row", "mergeCell")
        for element in streamed(self._package.read(target), *parts):
            kind = local(element.tag)
            if kind == "row":
                row_number = self._row(sheet, element, row_number + 1, show_zeros)
            elif kind == "sheetView":
                show_zeros = truth(element.get("showZeros"), True)
            elif kind == "col" and _is_hidden(element, "width"):
                first, last = int(element.get("min", "1")), int(element.get("max", "1"))
                sheet.hidden_columns.append((first - 1, last - 1))
            elif kind == "mergeCell":
                area = _area(element.get("ref", ""))
                if area is not None:
                    sheet.merges.append(area)
        self._related(sheet, target)
        return sheet

    def _row(self, sheet: Sheet, element: etree._Element, number: int, show_zeros: bool) -> int:
        given = element.get("r")
        number = int(given) - 1 if given else number
        if not 0 <= number < _MAX_ROW:
            raise ValueError("row")
        if _is_hidden(element, "ht"):
            sheet.hidden_rows.append((number, number))
        cells: dict[int, Cell] = {}
        column = -1
        for item in element:
            if item.tag[-2:] != "}c":
                continue
            letters = (item.get("r") or "").rstrip("0123456789")
            known = self._columns.get(letters) if letters else column + 1
            if known is None:
                known = self._columns[letters] = _column(letters)
            column = known
            cell = self._cell(item, show_zeros)
            if cell is not None and column < _MAX_COLUMN:
                cells[column] = cell
        self._left -= len(cells)
        if self._left < 0:
            raise ConversionError(_TOO_LARGE)
        if cells:
            sheet.rows.setdefault(number, {}).update(cells)
        return number

    def _cell(self, element: etree._Element, show_zeros: bool) -> Cell | None:
        """What a cell shows; None where that is nothing."""
        kind, value, formula, inline = element.get("t", "n"), None, False, None
        for child in element:
            tag = child.tag
            if tag[-2:] == "}v":
                value = child.text
            elif tag[-2:] == "}f":
                formula = True
            elif tag[-3:] == "}is":
                inline = child
        number = element.get("s") or ""
        known = number.isdigit() and int(number) < len(self._styles)
        style = self._styles[int(number)] if known else self._make.general
        if kind == "inlineStr":
            return self._make.text(rich_string(inline), style) if inline is not None else None
        if value is None or value == "":
            self._counts["formulas"] += formula and kind != "str"
            return None
        return self._shown(kind, value, style, show_zeros)

    def _shown(self, kind: str, value: str, style: Style, show_zeros: bool) -> Cell | None:
        """The cell of a stored value, by its type."""
        if kind in ("s", "str"):
            text: str | RichText = one_line(unescaped(value)) if kind == "str" else ""
            if kind == "s" and int(value) < len(self._shared):
                text = self._shared[int(value)]
            return self._make.text(text, style)
        if kind == "b":
            return self._make.truth(truth(value), style)
        number = None
        if kind != "e":
            number = serial(value, from_1904=self._from_1904) if kind == "d" else _number(value)
        if number is None:
            return self._make.error(one_line(value), style)
        return None if number == 0 and not show_zeros else self._make.number(number, style)

    def _related(self, sheet: Sheet, target: str) -> None:
        """The declared tables, comments and drawings of a sheet."""
        for kind, name in self._package.relations(target).values():
            if name not in self._package:
                continue
            try:
                if kind == "table":
                    self._declared(sheet, name)
                elif kind == "comments":
                    comments = streamed(self._package.read(name), "comment")
                    self._counts["comments"] += sum(1 for _ in comments)
                elif kind == "drawing":
                    self._drawn(sheet, drawing(self._package, name))
            except (ConversionError, etree.XMLSyntaxError):
                self._counts["damaged"] += 1

    def _declared(self, sheet: Sheet, name: str) -> None:
        root = self._package.xml(name)
        area = _area(root.get("ref", "")) if root is not None else None
        if root is not None and area is not None:
            count = root.get("headerRowCount", "1")
            sheet.declared.append((area, int(count) if count.isdigit() else 1))

    def _drawn(self, sheet: Sheet, found: Drawing) -> None:
        sheet.boxes += found.texts
        self._counts["pictures"] += found.pictures


def _is_hidden(element: etree._Element, size: str) -> bool:
    """Whether a row or column is hidden, filtered out or without height or width."""
    if truth(element.get("hidden")):
        return True
    try:
        return float(element.get(size, "1")) == 0
    except ValueError:
        return False


def _column(letters: str) -> int:
    """The number of a column, from 0. Raises ValueError for what names none."""
    if not re.fullmatch("[A-Z]{1,3}", letters):
        raise ValueError("column")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _area(reference: str) -> Range | None:
    first, _, last = reference.partition(":")
    start, end = _REFERENCE.match(first), _REFERENCE.match(last or first)
    if start is None or end is None:
        return None
    return int(start[2]) - 1, _column(start[1]), int(end[2]) - 1, _column(end[1])


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
