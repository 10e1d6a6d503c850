"""Charts, sheets, texts and formulas that stand inside of OpenDocument files."""

from collections.abc import Callable

from lxml import etree

from index.documents.decoding import clean
from index.documents.grids import grid_parts
from index.documents.opendocument.charts import chart_parts, words
from index.documents.opendocument.odf import Odf, get, name
from index.documents.opendocument.tables import table_cells
from index.documents.package import elements
from index.documents.parts import Part
from index.documents.raised import raised
from index.types import BlockRole

__all__ = ["formula", "is_formula", "object_parts"]

_ANNOTATIONS = frozenset(("math:annotation", "math:annotation-xml"))


def object_parts(odf: Odf, element: etree._Element) -> list[Part] | None:
    """A chart's values or a sheet's cells as a table; None for other objects."""
    root = odf.inner(element)
    if root is None:
        return None
    if is_formula(root):
        return [Part(BlockRole.PARAGRAPH, formula(root))]
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


def formula(element: etree._Element) -> str:
    """A formula on one line: x² + (a + b)/2."""
    kind = name(element.tag)
    children = [child for child in elements(element) if name(child.tag) not in _ANNOTATIONS]
    if not children:
        text = clean(element.text or "").strip()
        return f" {text} " if kind == "math:mo" and text not in tuple("()[]{},;") else text
    texts = [formula(child).strip() for child in children]
    made = _FORMS.get(kind)
    if made is not None and len(texts) > 1:
        return made(texts)
    if kind == "math:msqrt":
        return f"√({' '.join(texts)})"
    return " ".join("".join(map(formula, children)).split(" ")).replace("  ", " ")


def _grouped(text: str) -> str:
    return f"({text})" if " " in text.strip() else text


_FORMS: dict[str, Callable[[list[str]], str]] = {
    "math:mfrac": lambda texts: f"{_grouped(texts[0])}/{_grouped(texts[1])}",
    "math:msup": lambda texts: (
        texts[0]
        + (
            raised(texts[1], texts[0])
            if texts[1].isalnum() and len(texts[1]) < 3
            else f"^{_grouped(texts[1])}"
        )
    ),
    "math:msub": lambda texts: f"{texts[0]}_{_grouped(texts[1])}",
    "math:mroot": lambda texts: f"{texts[1]}√{_grouped(texts[0])}",
}
