"""Charts of OpenDocument files: the values of their series, by category, as a table."""

import re
from contextlib import suppress

from lxml import etree

from index.documents.decoding import clean
from index.documents.grids import Cell, grid_parts
from index.documents.opendocument.odf import get, name, number
from index.documents.opendocument.tables import table_cells
from index.documents.package import elements
from index.documents.parts import Part
from index.types import BlockRole

__all__ = ["chart_parts", "words"]

_RANGE = re.compile(r"local-table\.\$?([A-Z]{1,3})\$?(\d{1,7})(?::\.?\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_MAX_POINTS = 20_000
_NOTHING = frozenset(("NaN", "1.#NAN", "1.#QNAN"))


def words(element: etree._Element) -> str:
    """The text of an element's paragraphs on one line."""
    texts = ("".join(map(str, child.itertext())) for child in elements(element))
    return clean(" ".join(" ".join(texts).split()))


def chart_parts(root: etree._Element, chart: etree._Element, table: etree._Element) -> list[Part]:
    """The chart's title as a caption, and a table of its series."""
    titles = [words(child) for child in elements(chart) if name(child.tag) == "chart:title"]
    parts = [Part(BlockRole.CAPTION, title) for title in titles[:1] if title]
    values = {(at.row, at.column): at.element for at in table_cells(table).cells}
    shown = {place: words(cell) for place, cell in values.items()}
    groups = _series(root, chart)
    if not groups:
        cells = [Cell(text, *place) for place, text in shown.items() if text not in _NOTHING]
        return parts + grid_parts(cells)
    for domain, series in groups.items():
        cells = _column(domain, shown, values, 0, None, 1)
        for at, (label, places, decimals) in enumerate(series, 1):
            cells += [Cell(shown.get(place, ""), 0, at) for place in label[:1]]
            cells += _column(places, shown, values, at, decimals, 1)
        parts += grid_parts(cells, header_rows=1)
    return parts


_Places = tuple[tuple[int, int], ...]


def _series(
    root: etree._Element, chart: etree._Element
) -> dict[_Places, list[tuple[_Places, _Places, int | None]]]:
    """By the cells of their categories: each series' cells of its name and values, and decimals."""
    decimals = _percentages(root)
    categories: _Places = ()
    groups: dict[_Places, list[tuple[_Places, _Places, int | None]]] = {}
    for element in chart.iter():
        kind = name(element.tag) if isinstance(element.tag, str) else ""
        if kind == "chart:categories" and not categories:
            categories = _places(get(element, "table:cell-range-address"))
        elif kind == "chart:series":
            domains = [child for child in elements(element) if name(child.tag) == "chart:domain"]
            own = _places(get(domains[0], "table:cell-range-address")) if domains else ()
            label = _places(get(element, "chart:label-cell-address"))
            places = _places(get(element, "chart:values-cell-range-address"))
            style = decimals.get(get(element, "chart:style-name"))
            if places:
                groups.setdefault(own or categories, []).append((label, places, style))
    return groups


def _percentages(root: etree._Element) -> dict[str, int]:
    """The decimals of the chart's styles that show per cents."""
    formats: dict[str, int] = {}
    styles: dict[str, int] = {}
    for element in root.iter():
        kind = name(element.tag) if isinstance(element.tag, str) else ""
        if kind == "number:percentage-style":
            places = (number(child, "number:decimal-places", 0, 9) for child in elements(element))
            formats[get(element, "style:name")] = max(places, default=0)
        elif kind == "style:style" and get(element, "style:data-style-name") in formats:
            styles[get(element, "style:name")] = formats[get(element, "style:data-style-name")]
    return styles


def _column(
    places: _Places,
    shown: dict[tuple[int, int], str],
    values: dict[tuple[int, int], etree._Element],
    column: int,
    decimals: int | None,
    first: int,
) -> list[Cell]:
    cells = []
    for row, place in enumerate(places, first):
        text = shown.get(place, "")
        if decimals is not None and place in values:
            with suppress(ValueError):
                text = f"{float(get(values[place], 'office:value')) * 100:.{decimals}f}%"
        if text and text not in _NOTHING:
            cells.append(Cell(text, row, column))
    return cells


def _places(address: str) -> _Places:
    """The row and column, from 0, of each cell of a range like ``local-table.$B$2:.$B$9``."""
    found = _RANGE.fullmatch(address)
    if not found:
        return ()
    left, top = _column_number(found[1]), int(found[2]) - 1
    right = _column_number(found[3]) if found[3] else left
    bottom = int(found[4]) - 1 if found[4] else top
    cells = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
    return tuple(place for place, _ in zip(cells, range(_MAX_POINTS), strict=False))


def _column_number(letters: str) -> int:
    value = 0
    for letter in letters:
        value = value * 26 + ord(letter) - ord("A") + 1
    return value - 1
