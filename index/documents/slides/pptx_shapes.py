"""The shapes of PowerPoint slides: text, tables, charts, diagrams and groups of them."""

from collections import Counter
from collections.abc import Iterator, Sequence

from lxml import etree

from index.documents.grids import Cell, grid_parts
from index.documents.package import Package, elements
from index.documents.parts import Part
from index.documents.slides.charts import chart_parts, diagram_parts
from index.documents.slides.deck import BODY, OTHER, TITLE, Unit
from index.documents.slides.drawing import child, local, paragraphs, truth, words
from index.documents.slides.layout import Box, reading_order
from index.types import BlockRole

__all__ = ["Layout", "Masters", "Shapes"]

_TITLES = frozenset(("title", "ctrTitle"))
_FURNITURE = frozenset(("dt", "ftr", "sldNum", "hdr", "sldImg"))
_TITLE_STYLE, _BODY_STYLE, _OTHER_STYLE = "titleStyle", "bodyStyle", "otherStyle"
_Relations = dict[str, tuple[str, str]]


class Layout:
    """What a slide inherits: places and list styles of placeholders, from layout and master."""

    def __init__(
        self,
        trees: Sequence[etree._Element | None],
        styles: etree._Element | None,
        defaults: etree._Element | None,
    ) -> None:
        self._placeholders = [dict(_placeholders(tree)) for tree in trees]
        self._styles = styles
        self._defaults = defaults

    def chain(self, kind: str, index: str) -> list[etree._Element]:
        """The shapes that a placeholder inherits from, the nearest first."""
        by_kind = "title" if kind in _TITLES else "body"
        found = []
        for depth, placeholders in enumerate(self._placeholders):
            keys = [("", by_kind)] if depth or kind in _TITLES else [(index, "")]
            found += [placeholders[key] for key in keys if key in placeholders]
        return found

    def list_styles(self, kind: str | None, index: str) -> list[etree._Element]:
        """The list styles of a placeholder, or with no ``kind`` of any other shape."""
        shapes = self.chain(kind, index) if kind is not None else []
        style = _OTHER_STYLE
        if kind is not None:
            style = _TITLE_STYLE if kind in _TITLES else _BODY_STYLE
        found = [child(shape, "txBody", "lstStyle") for shape in shapes]
        found += [child(self._styles, style) if kind is not None else None, self._defaults]
        return [each for each in found if each is not None]


def _placeholders(
    tree: etree._Element | None,
) -> Iterator[tuple[tuple[str, str], etree._Element]]:
    for shape in elements(tree) if tree is not None else ():
        placeholder = _placeholder(shape)
        if placeholder is None:
            continue
        kind = placeholder.get("type", "obj")
        yield (placeholder.get("idx", "0"), ""), shape
        yield ("", "title" if kind in _TITLES else "body" if kind == "body" else kind), shape


def _placeholder(shape: etree._Element) -> etree._Element | None:
    for properties in elements(shape):
        if local(properties.tag).startswith("nv"):
            return child(properties, "nvPr", "ph")
    return None


class Masters:
    """The layouts of a presentation, each read once."""

    def __init__(self, package: Package, defaults: etree._Element | None) -> None:
        self._package = package
        self._defaults = defaults
        self._layouts: dict[str | None, Layout] = {}
        self._masters: dict[str, etree._Element | None] = {}

    def of(self, name: str | None) -> Layout:
        """The layout of that name; an empty one where there is none."""
        if name not in self._layouts:
            layout = self._package.xml(name) if name is not None else None
            relations = self._package.relations(name) if name is not None else {}
            above = (target for kind, target in relations.values() if kind == "slideMaster")
            master = self._master(next(above, ""))
            trees = [child(layout, "cSld", "spTree"), child(master, "cSld", "spTree")]
            self._layouts[name] = Layout(trees, child(master, "txStyles"), self._defaults)
        return self._layouts[name]

    def _master(self, name: str) -> etree._Element | None:
        if name not in self._masters:
            self._masters[name] = self._package.xml(name)
        return self._masters[name]


class Shapes:
    """Reads the shapes of one slide into ``units``; counts what is not read."""

    def __init__(
        self, package: Package, relations: _Relations, layout: Layout, extent: tuple[int, int]
    ) -> None:
        self.units: list[Unit] = []
        self.counts: Counter[str] = Counter()
        self._package = package
        self._relations = relations
        self._layout = layout
        self._extent = extent

    def read(self, tree: etree._Element | None) -> None:
        """Read the shapes of the slide's tree."""
        for shape in _alternatives(tree):
            unit = self._unit(shape)
            if unit is None:
                continue
            if unit.rank == OTHER and unit.box is not None and self._outside(unit.box):
                self.counts["outside"] += bool(unit.parts)
                continue
            self.units.append(unit)

    def _outside(self, box: Box) -> bool:
        """Whether a shape stands beside its slide, where nobody sees it who is shown it."""
        width, height = self._extent
        across = box.left >= width or box.left + box.width <= 0
        return across or box.top >= height or box.top + box.height <= 0

    def _unit(self, shape: etree._Element) -> Unit | None:
        kind = local(shape.tag)
        if _is_hidden(shape):
            self.counts["hidden"] += 1
            return None
        placeholder = _placeholder(shape)
        if placeholder is not None:
            return self._placed(shape, placeholder)
        if kind in ("sp", "cxnSp"):
            styles = self._layout.list_styles(None, "")
            parts = paragraphs(child(shape, "txBody"), styles, self.counts)
            return Unit(parts, _box(child(shape, "spPr", "xfrm")))
        if kind == "grpSp":
            return self._group(shape)
        if kind == "graphicFrame":
            return Unit(self._graphic(shape), _box(child(shape, "xfrm")))
        self.counts["picture"] += kind == "pic"
        return None

    def _placed(self, shape: etree._Element, placeholder: etree._Element) -> Unit | None:
        """A placeholder: the title, or a body, which may hold a table or a chart."""
        kind, index = placeholder.get("type", "obj"), placeholder.get("idx", "0")
        if kind in _FURNITURE:
            return None
        properties = child(shape, "spPr", "xfrm")
        own = properties if properties is not None else child(shape, "xfrm")
        box = _box(own) if own is not None else None
        for inherited in self._layout.chain(kind, index):
            box = box or _box(child(inherited, "spPr", "xfrm"))
        if local(shape.tag) == "graphicFrame":
            return Unit(self._graphic(shape), box, BODY)
        styles = self._layout.list_styles(kind, index)
        parts = paragraphs(child(shape, "txBody"), styles, self.counts)
        if kind not in _TITLES:
            self.counts["picture"] += local(shape.tag) == "pic"
            return Unit(parts, box, BODY)
        title = " ".join(" ".join(part.text for part in parts).split())
        return Unit([Part(BlockRole.HEADING, title, level=1)] if title else [], box, TITLE)

    def _group(self, group: etree._Element) -> Unit:
        """A group is read as one shape: what is in it, in order, stands together."""
        units = [unit for shape in _alternatives(group) if (unit := self._unit(shape)) is not None]
        order = reading_order([unit.box for unit in units])
        parts = [part for at in order for part in units[at].parts]
        return Unit(parts, _box(child(group, "grpSpPr", "xfrm")))

    def _graphic(self, frame: etree._Element) -> list[Part]:
        data = child(frame, "graphic", "graphicData")
        for each in elements(data) if data is not None else ():
            kind = local(each.tag)
            if kind == "tbl":
                return self._table(each)
            part = self._related(each, "dm" if kind == "relIds" else "id")
            if kind == "chart" and part is not None and local(part.tag) == "chartSpace":
                made = chart_parts(part)
                if any(each.role is BlockRole.TABLE for each in made):
                    return made
                self.counts["object"] += 1
                return made
            if kind == "relIds" and part is not None:
                return diagram_parts(part, self.counts)
        self.counts["object"] += 1
        return []

    def _related(self, element: etree._Element, name: str) -> etree._Element | None:
        for attribute, value in element.attrib.items():
            if local(str(attribute)) == name and str(attribute).startswith("{"):
                target = self._relations.get(str(value), ("", ""))[1]
                return self._package.xml(target)
        return None

    def _table(self, element: etree._Element) -> list[Part]:
        cells = []
        rows = [row for row in elements(element) if local(row.tag) == "tr"]
        for at, row in enumerate(rows):
            column = 0
            for cell in elements(row):
                if local(cell.tag) != "tc":
                    continue
                if not truth(cell.get("hMerge")) and not truth(cell.get("vMerge")):
                    text = words(child(cell, "txBody"), self.counts)
                    tall, wide = _span(cell, "rowSpan"), _span(cell, "gridSpan")
                    cells.append(Cell(text, at, column, tall, wide))
                column += 1
        properties = child(element, "tblPr")
        first = properties is not None and truth(properties.get("firstRow"))
        return grid_parts(cells, header_rows=1 if first and len(rows) > 1 else 0)


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name, "1")
    return max(1, min(int(value), 1000)) if value.isascii() and value.isdigit() else 1


def _alternatives(tree: etree._Element | None) -> Iterator[etree._Element]:
    """The shapes of a tree; of those written twice, for newer and older programs, only one."""
    for shape in elements(tree) if tree is not None else ():
        if local(shape.tag) != "AlternateContent":
            yield shape
            continue
        chosen = child(shape, "Choice")
        yield from _alternatives(chosen if chosen is not None else child(shape, "Fallback"))


def _is_hidden(shape: etree._Element) -> bool:
    for properties in elements(shape):
        if local(properties.tag).startswith("nv"):
            about = child(properties, "cNvPr")
            return about is not None and truth(about.get("hidden"))
    return False


def _box(transform: etree._Element | None) -> Box | None:
    place, size = child(transform, "off"), child(transform, "ext")
    if place is None or size is None:
        return None
    try:
        return Box(
            *(float(place.get(at, "")) for at in "xy"),
            *(float(size.get(at, "")) for at in ("cx", "cy")),
        )
    except ValueError:
        return None
