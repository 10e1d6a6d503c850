"""The blocks of OpenDocument texts and text boxes as parts: paragraphs, lists, frames, notes."""

import re
from collections import Counter as Tally
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from lxml import etree

from index.documents.decoding import clean
from index.documents.odf import Odf, Styles, get, name, number, truth
from index.documents.odf_forms import Forms
from index.documents.odf_lists import MAX_LEVELS, Counter, Level, levels_of
from index.documents.odf_objects import formula, is_formula
from index.documents.odf_tables import table_cells
from index.documents.package import elements
from index.documents.parts import Part
from index.documents.raised import MARK, lowered, raised, settled
from index.types import BlockRole, Notice, NoticeKind

__all__ = ["Reader", "texts_of"]

_SPACES = re.compile(r"[ \t\r\n]+")
_RUN = re.compile(r"[ \t]+")
_LINE_END = re.compile(r" *\n *")
_WORD = re.compile(r"[^\W\d]{3}")
_MOST_SPACES = 200
_LAYOUT_CHARS = 400

# What shows nothing in its paragraph, or is furniture.
_SILENT_NAMES = """
    text:tracked-changes office:annotation-end text:soft-page-break text:script office:forms
    presentation:header presentation:footer presentation:date-time svg:title svg:desc
    office:event-listeners draw:glue-point draw:enhanced-geometry draw:contour-polygon
    text:table-of-content text:illustration-index text:table-index text:object-index
    text:user-index text:alphabetical-index text:table-of-content-source text:bibliography-source
    text:section-source office:dde-source text:sequence-decls text:variable-decls
    text:user-field-decls text:dde-connection-decls text:alphabetical-index-auto-mark-file
    presentation:notes draw:layer-set office:settings text:list-level-style-number
"""
_SILENT = frozenset(_SILENT_NAMES.split())
_CAPTIONS = frozenset(("Caption", "Table", "Illustration", "Drawing", "Figure", "Text"))
_TITLES = frozenset(("Title", "Título", "Heading Title"))


@dataclass(slots=True)
class _Line:
    """A paragraph that is being gathered."""

    code: bool = False
    pieces: list[str] = field(default_factory=list)
    notes: list[Part] = field(default_factory=list)
    shapes: list[etree._Element] = field(default_factory=list)
    values: list[str] = field(default_factory=list)  # of form controls that stand after it
    control: bool = False
    sequence: bool = False
    hidden: bool = False

    def say(self, text: str | None, position: str = "") -> None:
        """Add words as they stand in the XML, raised or lowered as the style says."""
        if not text:
            return
        text = text.replace(MARK, "")
        text = text if self.code else _SPACES.sub(" ", text)
        if position == "super":
            text = raised(text, "".join(self.pieces[-3:])[-8:])
        elif position == "sub":
            text = lowered(text)
        self.pieces.append(text)

    def text(self) -> str:
        """The clean text, with a mark where a note is referred to."""
        text = clean("".join(self.pieces))
        if self.code:
            return text.rstrip()
        return _LINE_END.sub("\n", _RUN.sub(" ", text)).strip()


class Reader:
    """Walks through blocks and gathers ``parts``; counts what is not in them."""

    def __init__(self, odf: Odf, forms: Forms | None = None) -> None:
        self.odf = odf
        self.styles: Styles = odf.styles
        self.parts: list[Part] = []
        self.counts: Tally[str] = Tally()
        self._forms = forms or Forms(None)
        self._in_cell = False
        self._outline = levels_of(self.styles.outline)
        self._headings = Counter()
        self._levels: dict[str, dict[int, Level]] = {}
        self._by_id: dict[str, Counter] = {}
        self._by_style: dict[str, Counter] = {}
        self._numbered: dict[str, Counter] = {}
        self._blocks: dict[str, Callable[[etree._Element], None]] = {
            "text:p": self._paragraph,
            "text:h": self._paragraph,
            "text:list": self._list,
            "text:section": self._section,
            "text:numbered-paragraph": self._numbered_paragraph,
            "table:table": self._table,
            "office:annotation": self._comment,
        }

    def blocks(self, parent: etree._Element) -> None:
        """Read what stands in an element that holds blocks."""
        for child in elements(parent):
            self.block(child)

    def block(self, element: etree._Element) -> None:
        """Read one block."""
        kind = name(element.tag)
        if kind in self._blocks:
            self._blocks[kind](element)
        elif kind.startswith(("draw:", "dr3d:")):
            self.shape(element)
        elif kind not in _SILENT:
            self.blocks(element)

    def notices(self) -> tuple[Notice, ...]:
        """What was left out of the parts."""
        said = (
            (NoticeKind.HIDDEN, "hidden", "hidden part is", "hidden parts are"),
            (NoticeKind.DELETED, "deleted", "deleted stretch is", "deleted stretches are"),
            (NoticeKind.DELETED, "struck", "struck-out stretch is", "struck-out stretches are"),
            (NoticeKind.COMMENT, "comment", "comment is", "comments are"),
            (NoticeKind.LOST, "object", "embedded object is", "embedded objects are"),
        )
        return tuple(
            Notice(kind, f"{self.counts[key]} {one if self.counts[key] == 1 else many} left out")
            for kind, key, one, many in said
            if self.counts[key]
        )

    # Blocks

    def _section(self, section: etree._Element) -> None:
        display = get(section, "text:display")
        if display == "none" or (display == "condition" and truth(section, "text:is-hidden")):
            self.counts["hidden"] += 1
        else:
            self.blocks(section)

    def _comment(self, comment: etree._Element) -> None:  # noqa: ARG002  # one of the blocks
        self.counts["comment"] += 1

    def _paragraph(self, paragraph: etree._Element, label: str = "", level: int = 0) -> None:
        style = get(paragraph, "text:style-name")
        names = self.styles.names("paragraph", style)
        if self._left_out("paragraph", style):
            return
        heading = name(paragraph.tag) == "text:h"
        if heading and not label and not level:
            label = self._heading_label(paragraph, style)
        line = _Line(code="Preformatted Text" in names)
        self._gather(paragraph, line, "")
        for value in line.values:
            line.pieces.append(f" {value}")
        if line.hidden:
            self.counts["hidden"] += 1
            return
        part = Part(BlockRole.PARAGRAPH, line.text(), mark=label)
        if heading or _TITLES.intersection(names):
            depth = number(paragraph, "text:outline-level", most=MAX_LEVELS) if heading else 1
            text = part.text.replace("\n", " ")
            part = replace(part, role=BlockRole.HEADING, text=text, level=depth)
        elif _CAPTIONS.intersection(names) and (line.sequence or "Caption" in names):
            part = replace(part, role=BlockRole.CAPTION)
        elif line.control and ":" in part.text and not part.text.endswith(":"):
            part = replace(part, role=BlockRole.FIELD)
        elif line.code:
            part = replace(part, role=BlockRole.CODE)
        elif level and not _WORD.search(label):
            part = replace(part, role=BlockRole.ITEM, level=level)
        self._keep(part, line)

    def _keep(self, part: Part, line: _Line) -> None:
        """Add a paragraph with its notes, and what is anchored in it after them."""
        if self._in_cell:
            self.parts += [part, *line.notes]
        else:
            self.parts += with_notes([part], line.notes)
        for shape in line.shapes:
            self.shape(shape)

    def _left_out(self, family: str, style: str) -> bool:
        if self.styles.property(family, style, "text:display") == "none":
            self.counts["hidden"] += 1
            return True
        if self.styles.property(family, style, "style:text-line-through-style") not in ("", "none"):
            self.counts["struck"] += 1
            return True
        return False

    def _heading_label(self, heading: etree._Element, style: str) -> str:
        if truth(heading, "text:is-list-header"):
            return ""
        if self.styles.attribute("paragraph", style, "style:list-style-name") == "":
            return ""
        level = number(heading, "text:outline-level", most=MAX_LEVELS)
        start = number(heading, "text:start-value", -1)
        restart = truth(heading, "text:restart-numbering")
        first = self._outline.get(level, Level()).start if restart else None
        return self._headings.next(level, self._outline, first if start < 0 else start)

    # Lists

    def _list(self, element: etree._Element) -> None:
        style = get(element, "text:style-name")
        continued = self._by_id.get(get(element, "text:continue-list") or "-")
        if continued is None and truth(element, "text:continue-numbering"):
            continued = self._by_style.get(style)
        counter = continued or (self._headings if style == "Outline" else Counter())
        self._by_style[style] = counter
        self._by_id[get(element, "xml:id") or "+"] = counter
        self._items(element, 1, style, counter)

    def _items(self, element: etree._Element, level: int, style: str, counter: Counter) -> None:
        self._by_id.setdefault(get(element, "xml:id") or "+", counter)
        if level > 1 and truth(element, "text:continue-numbering"):
            counter.resume(level)
        for item in elements(element):
            kind = name(item.tag)
            if kind not in ("text:list-item", "text:list-header"):
                continue
            first = kind == "text:list-item"
            start = number(item, "text:start-value", -1)
            own = get(item, "text:style-override") or style
            for block in elements(item):
                if name(block.tag) == "text:list":
                    inner = get(block, "text:style-name") or style
                    self._items(block, level + 1, inner, counter)
                elif name(block.tag) in ("text:p", "text:h"):
                    self._item(block, level, own, counter, start, first=first)
                    first = False
                else:
                    self.block(block)

    def _item(
        self,
        block: etree._Element,
        level: int,
        style: str,
        counter: Counter,
        start: int,
        *,
        first: bool,
    ) -> None:
        """A paragraph of an item; only the item's first has the number or bullet."""
        levels = self._levels_of(style, block)
        own = get(block, "text:style-name")
        if self.styles.property("paragraph", own, "text:enable-numbering") == "false":
            first = False
        label = counter.next(level, levels, None if start < 0 else start) if first else ""
        shown = label or levels.get(level, Level()).bullet or not levels
        heading = name(block.tag) == "text:h"
        self._paragraph(block, label, level if first and (shown or heading) else 0)

    def _levels_of(self, style: str, block: etree._Element) -> dict[int, Level]:
        if not style:
            own = get(block, "text:style-name")
            style = self.styles.attribute("paragraph", own, "style:list-style-name") or ""
        if style == "Outline":
            return self._outline
        if style not in self._levels:
            self._levels[style] = levels_of(self.styles.lists.get(style))
        return self._levels[style]

    def _numbered_paragraph(self, element: etree._Element) -> None:
        counter = self._numbered.setdefault(get(element, "text:list-id"), Counter())
        level = number(element, "text:level", most=MAX_LEVELS)
        start = number(element, "text:start-value", -1)
        for block in elements(element):
            style = get(element, "text:style-name")
            self._item(block, level, style, counter, start, first=True)

    # Text of a paragraph

    def _gather(self, parent: etree._Element, line: _Line, position: str) -> None:
        line.say(parent.text, position)
        for child in parent:
            if isinstance(child.tag, str):
                self._inline(child, line, position)
            line.say(child.tail, position)

    def _inline(self, element: etree._Element, line: _Line, position: str) -> None:
        kind = name(element.tag)
        if kind == "text:span":
            style = get(element, "text:style-name")
            if not self._left_out("text", style):
                self._gather(element, line, self._position(style) or position)
        elif kind == "text:s":
            line.pieces.append(" " * number(element, "text:c", most=_MOST_SPACES))
        elif kind == "text:tab":
            line.pieces.append("\t")
        elif kind == "text:line-break":
            line.pieces.append("\n")
        elif kind == "text:note":
            self._note(element, line)
        elif kind == "office:annotation":
            self._comment(element)
        elif kind == "draw:a":
            for child in elements(element):
                self._inline(child, line, position)
        elif kind.startswith(("draw:", "dr3d:")):
            self._anchored(element, line)
        elif kind not in _SILENT:
            self._field(element, kind, line, position)

    def _field(self, element: etree._Element, kind: str, line: _Line, position: str) -> None:
        """A field, as its text is shown; links, references and marks have their text too."""
        hidden = truth(element, "text:is-hidden") or get(element, "text:display") == "none"
        if kind == "text:hidden-paragraph":
            line.hidden = line.hidden or truth(element, "text:is-hidden")
        elif hidden and kind == "text:hidden-text":
            self.counts["hidden"] += 1
        elif hidden:
            return
        elif kind == "text:hidden-text":
            line.say(element.text or get(element, "text:string-value"), position)
        elif kind == "text:ruby-text":
            line.say(f" ({''.join(str(text) for text in element.itertext())})")
        elif kind == "loext:content-control" and truth(element, "loext:showing-place-holder"):
            return
        else:
            line.sequence = line.sequence or kind == "text:sequence"
            line.control = line.control or kind == "loext:content-control"
            self._gather(element, line, position)

    def _position(self, style: str) -> str:
        value = self.styles.property("text", style, "style:text-position").split(" ")[0]
        if value.endswith("%"):
            return "sub" if value.startswith("-") else "" if value == "0%" else "super"
        return value if value in ("super", "sub") else ""

    def _note(self, note: etree._Element, line: _Line) -> None:
        mark, bodies = "", []
        for child in elements(note):
            if name(child.tag) == "text:note-citation":
                mark = clean("".join(str(text) for text in child.itertext())).strip()
            elif name(child.tag) == "text:note-body":
                bodies += texts_of(self.inside(child))
        if bodies:
            line.pieces.append(MARK)
            text = settled("\n".join(bodies))[0]
            line.notes.append(Part(BlockRole.NOTE, text, mark=mark))

    def _anchored(self, element: etree._Element, line: _Line) -> None:
        """A shape in a paragraph: a formula or a form's value is words of it, others follow it."""
        if name(element.tag) == "draw:control":
            value = self._forms.value(get(element, "draw:control"))
            as_character = get(element, "text:anchor-type") == "as-char"
            line.control = line.control or bool(value)
            if value and as_character:
                line.pieces.append(value)
            elif value:
                line.values.append(value)
            return
        for child in elements(element):
            if name(child.tag) == "draw:object":
                inner = self.odf.inner(child)
                if inner is not None and is_formula(inner[0]):
                    line.pieces.append(f" {formula(inner[0])} ")
                    return
        line.shapes.append(element)

    # Shapes and tables

    def inside(self, parent: etree._Element, *, in_cell: bool = False) -> list[Part]:
        """The parts of an element's blocks, apart from those around it."""
        outer, self.parts = self.parts, []
        outer_cell, self._in_cell = self._in_cell, in_cell
        try:
            self.blocks(parent)
            return self.parts
        finally:
            self.parts, self._in_cell = outer, outer_cell

    def shape(self, element: etree._Element) -> None:
        """A frame, text box, drawing or group of them."""
        from index.documents.odf_objects import object_parts

        kind = name(element.tag)
        if get(element, "draw:display") == "none" or truth(element, "presentation:placeholder"):
            self.counts["hidden"] += get(element, "draw:display") == "none"
        elif kind == "draw:control":
            self.parts += self._forms.parts(get(element, "draw:control"))
        elif kind == "draw:frame":
            for child in elements(element):
                within = name(child.tag)
                if within == "draw:object":
                    made = object_parts(self.odf, child)
                    self.counts["object"] += made is None
                    self.parts += made or []
                elif within == "draw:object-ole":
                    self.counts["object"] += 1
                elif within == "draw:image":
                    self.counts["image"] += 1
                elif within not in _SILENT:
                    self.block(child) if within == "table:table" else self.blocks(child)
                    break
                if within.startswith("draw:object"):
                    break
        else:
            self.blocks(element)

    def _table(self, element: etree._Element) -> None:
        from index.documents.grids import grid_parts

        grid = table_cells(element, self.styles)
        self.counts["hidden"] += grid.hidden
        trailing: list[Part] = []
        notes: list[Part] = []
        contents = [self.inside(cell.element, in_cell=True) for cell in grid.cells]
        if _is_layout(contents):
            self.parts += [part for parts in contents for part in _settled_parts(parts)]
            return
        cells = []
        for cell, parts in zip(grid.cells, contents, strict=True):
            texts = texts_of(part for part in parts if part.role is not BlockRole.TABLE)
            own = {id(part) for part in parts if part.role is BlockRole.NOTE}
            after_table = False
            for part in parts:
                if part.role is BlockRole.TABLE or (after_table and part.role is BlockRole.NOTE):
                    trailing.append(part)
                    after_table = True
                elif id(part) in own:
                    notes.append(part)
            cells.append(replace(cell.cell, text=" ".join(texts)))
        made = grid_parts(cells, grid.header_rows)
        placed = with_notes(made, notes)
        self.parts += [*placed, *trailing]


def _is_layout(contents: list[list[Part]]) -> bool:
    """Whether a table only places blocks on the page: one cell, or one row of long ones."""
    filled = [parts for parts in contents if parts]
    if len(filled) < 2:
        return True
    heads = any(part.role is BlockRole.HEADING for parts in filled for part in parts)
    return heads and any(sum(len(part.text) for part in parts) > _LAYOUT_CHARS for parts in filled)


def _settled_parts(parts: Iterable[Part]) -> list[Part]:
    """The parts of a cell, each with its notes tied to it."""
    done: list[Part] = []
    group: list[Part] = []
    for part in [*parts, None]:
        if part is not None and part.role is BlockRole.NOTE and part.anchor is None:
            group.append(part)
            continue
        if group:
            done += with_notes(group[:1], group[1:])
        group = [] if part is None else [part]
    return done


def with_notes(parts: Iterable[Part], notes: Iterable[Part]) -> list[Part]:
    """The parts without marks, each followed by those of the notes, in order, that it refers to."""
    waiting = list(notes)
    done: list[Part] = []
    for part in parts:
        text, offsets = settled(part.text)
        own, waiting = waiting[: len(offsets)], waiting[len(offsets) :]
        done.append(replace(part, text=text))
        for note, offset in zip(own, offsets, strict=False):
            done.append(replace(note, anchor=offset if text.strip() else None))
    return [part for part in done + waiting if part.text.strip()]


def texts_of(parts: Iterable[Part]) -> list[str]:
    """What the parts say, item by item with their numbers, without notes."""
    return [
        f"{part.mark} {part.text}" if part.mark else part.text
        for part in parts
        if part.role is not BlockRole.NOTE and part.text.strip()
    ]
