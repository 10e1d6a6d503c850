"""Charts, sheets, texts and formulas that stand inside of OpenDocument files."""

from lxml import etree

from index.documents.grids import grid_parts
from index.documents.mathml import math_text
from index.documents.opendocument.charts import chart_parts, words
from index.documents.opendocument.odf import Odf, get, name
from index.documents.opendocument.tables import table_cells
from index.documents.package import elements
from index.documents.parts import Part
from index.types import BlockRole

__all__ = ["is_formula", "object_parts"]


def object_parts(odf: Odf, element: etree._Element) -> list[Part] | None:
    """A chart's values or a sheet's cells as a table; None for other objects."""
    root = odf.inner(element)
    if root is None:
        return None
    if is_formula(root):
        return [Part(BlockRole.PARAGRAPH, math_text(root))]
    chart: etree._Element | None = None
    for child in root.iter():
        kind = name(child.tag) if isinstance(child.tag, str) else ""
        if kind == "chart:chart":
            chart = child
        elif kind == "table:table" and chart is not None:
            return chart_parts(root, chart, child)
        elif kind == "table:table" and get(child, "table:display") != "false":
            grid = table_cells(child)
            cells = [placed.cell(words(placed.element)) for placed in grid.cells]
            return grid_parts(cells, grid.header_rows)
    return None


def is_formula(root: etree._Element) -> bool:
    """Whether an object is a mathematical formula."""
    return name(root.tag) == "math:math" or any(
        name(child.tag) == "math:math" for child in elements(root)
    )
