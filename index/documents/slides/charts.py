"""Charts and diagrams of Office files as tables and lists, from the values kept in the file."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from index.documents.decoding import clean
from index.documents.grids import Cell, grid_parts
from index.documents.package import elements
from index.documents.parts import Part
from index.documents.slides.drawing import child, local, words
from index.types import BlockRole

__all__ = ["chart_parts", "diagram_parts"]

_MAX_POINTS = 20_000
_MAX_LEVELS = 20


def chart_parts(root: etree._Element) -> list[Part]:
    """A chart's title, and its values by category and series as a table."""
    chart = child(root, "chart")
    title = words(child(chart, "title", "tx", "rich")) or _first(child(chart, "title", "tx"))
    parts = [Part(BlockRole.CAPTION, title)] if title else []
    groups: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}
    plot = child(chart, "plotArea")
    for series in _series(plot):
        named = _first(child(series, "tx"))
        categories = _points(_either(series, "cat", "xVal"))
        values = _points(_either(series, "val", "yVal"))
        size = min(max([*categories, *values], default=-1) + 1, _MAX_POINTS)
        key = tuple(categories.get(at, "") for at in range(size))
        column = [values.get(at, "") for at in range(size)]
        groups.setdefault(key, []).append((named, column))
    axis = _axis_title(plot, "catAx", "dateAx")
    for key, columns in groups.items():
        rows = [[axis, *(named for named, _ in columns)]]
        rows += [[each, *(values[at] for _, values in columns)] for at, each in enumerate(key)]
        cells = [Cell(text, r, c) for r, row in enumerate(rows) for c, text in enumerate(row)]
        has_head = any(rows[0])
        parts += grid_parts(cells, header_rows=1 if has_head else 0)
    return parts


def _series(plot: etree._Element | None) -> Iterator[etree._Element]:
    for kind in elements(plot) if plot is not None else ():
        yield from (each for each in elements(kind) if local(each.tag) == "ser")


def _either(series: etree._Element, *names: str) -> etree._Element | None:
    return next((found for each in names if (found := child(series, each)) is not None), None)


def _first(holder: etree._Element | None) -> str:
    return " ".join(_points(holder).values())


def _axis_title(plot: etree._Element | None, *names: str) -> str:
    for name in names:
        text = words(child(plot, name, "title", "tx", "rich"))
        if text:
            return text
    return ""


def _points(holder: etree._Element | None) -> dict[int, str]:
    """The cached points by their position, as they are shown; levels of a category in one."""
    points: dict[int, str] = {}
    for cache in holder.iter() if holder is not None else ():
        kind = local(cache.tag) if isinstance(cache.tag, str) else ""
        if kind == "v" and cache.getparent() is holder:
            points[0] = clean(cache.text or "")
        elif kind in ("strCache", "numCache", "strLit", "numLit"):
            points |= _cached(cache, number="num" in kind)
        elif kind == "lvl" and not points:
            points = _cached(cache, number=False)
        elif kind == "lvl":
            outer, now = _cached(cache, number=False), ""
            for at in sorted(points):
                now = outer.get(at, now)
                points[at] = f"{now} {points[at]}".strip()
    return dict(sorted(points.items()))


def _cached(cache: etree._Element, *, number: bool) -> dict[int, str]:
    code = child(cache, "formatCode")
    general = (code.text or "") if code is not None else ""
    found: dict[int, str] = {}
    for point in elements(cache):
        at, value = point.get("idx", ""), child(point, "v")
        if local(point.tag) == "pt" and value is not None and at.isascii() and at.isdigit():
            text = clean(" ".join((value.text or "").split()))
            found[int(at)] = _shown(text, point.get("formatCode") or general) if number else text
    return found


def _shown(value: str, code: str) -> str:
    """A number in a simple format: General, 0.0, #,##0, 0 %."""
    try:
        number = float(value)
    except ValueError:
        return value
    pattern = code.split(";", maxsplit=1)[0]
    percent = "%" in pattern
    figures = pattern.replace("\\", "").strip('" %€$')
    number = number * 100 if percent else number
    if figures.strip("#,0.") or not figures.strip():
        plain = f"{number:.10g}"
        return plain + ("%" if percent else "")
    decimals = len(figures.partition(".")[2])
    grouped = "," if "," in figures else ""
    return f"{number:{grouped}.{decimals}f}" + ("%" if percent else "")


def diagram_parts(root: etree._Element, counts: Counter[str]) -> list[Part]:
    """The texts of a SmartArt diagram as a list, each below the one that it belongs to."""
    points = {point.get("modelId", ""): point for point in _listed(root, "ptLst")}
    below: dict[str, list[tuple[int, str]]] = {}
    for link in _listed(root, "cxnLst"):
        if link.get("type", "parOf") == "parOf":
            order = link.get("srcOrd", "0")
            place = int(order) if order.isdigit() else 0
            below.setdefault(link.get("srcId", ""), []).append((place, link.get("destId", "")))
    tops = [id_ for id_, point in points.items() if point.get("type") == "doc"]
    parts: list[Part] = []
    seen: set[str] = set()
    waiting = [(top, 0) for top in tops]
    while waiting:
        id_, level = waiting.pop()
        if id_ in seen or id_ not in points or level > _MAX_LEVELS:
            continue
        seen.add(id_)
        point = points[id_]
        text = words(child(point, "t"), counts)
        if text and point.get("type", "node") in ("node", "asst"):
            parts.append(Part(BlockRole.ITEM, text, level=max(1, level)))
        inner = sorted(below.get(id_, ()), reverse=True)
        waiting += [(each, level + 1) for _, each in inner]
    return parts


def _listed(root: etree._Element, name: str) -> list[etree._Element]:
    holder = child(root, name)
    return [] if holder is None else list(elements(holder))
