"""The blocks of OpenDocument texts and text boxes as parts: paragraphs, lists, frames, notes."""

import re
from collections import Counter as Tally
from collections.abc import Callable

from lxml import etree

from index.documents.decoding import clean
from index.documents.grids import grid_parts
from index.documents.notices import counted
from index.documents.opendocument.forms import Forms
from index.documents.opendocument.lists import MAX_LEVELS, Counter, Level, Numbering
from index.documents.opendocument.objects import object_parts
from index.documents.opendocument.odf import Odf, Styles, get, name, number, truth
from index.documents.opendocument.tables import table_cells
from index.documents.opendocument.words import (
    SILENT,
    Line,
    Words,
    is_layout,
    settled_parts,
    texts_of,
    with_notes,
)
from index.documents.package import elements
from index.documents.parts import Part
from index.documents.raised import MARK
from index.types import BlockRole, Notice, NoticeKind

__all__ = ["Reader"]

_WORD = re.compile(r"[^\W\d]{3}")

_CAPTIONS = frozenset(("Caption", "Table", "Illustration", "Drawing", "Figure", "Text"))
_PARAGRAPH = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"
_HEADING = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}h"
_TITLES = frozenset(("Title", "Título", "Heading Title"))


_NOTICES = (
    ("hidden", NoticeKind.HIDDEN, "{} hidden part(s) (is/are) left out"),
    ("deleted", NoticeKind.DELETED, "{} deleted stretch(es) (is/are) left out"),
    ("struck", NoticeKind.DELETED, "{} struck-out stretch(es) (is/are) left out"),
    ("comment", NoticeKind.COMMENT, "{} comment(s) (is/are) left out"),
    ("object", NoticeKind.LOST, "{} embedded object(s) (is/are) left out"),
)


class Reader:
    """Walks through blocks and gathers ``parts``; counts what is not in them."""

    def __init__(self, odf: Odf, forms: Forms | None = None, *, slides: bool = False) -> None:
        self.odf = odf
        self.styles: Styles = odf.styles
        self.parts: list[Part] = []
        self.counts: Tally[str] = Tally()
        self._forms = forms or Forms(None)
        self._in_cell = False
        self._kinds: dict[str, tuple[BlockRole, int]] = {}
        self.numbering = Numbering(odf.styles, flowing=slides)
        self._words = Words(odf, self._forms, self.counts, self.inside)
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
        elif kind not in SILENT:
            self.blocks(element)

    def notices(self) -> tuple[Notice, ...]:
        """What was left out of the parts."""
        return counted(self.counts, _NOTICES)

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
        if self._words.left_out("paragraph", style):
            return
        kind, depth = self._kind(style)
        heading = paragraph.tag == _HEADING
        if heading:
            depth = number(paragraph, "text:outline-level", most=MAX_LEVELS)
            if not label and not level:
                label = self.numbering.heading(paragraph, style)
        line = self._words.line(paragraph, code=kind is BlockRole.CODE)
        if line.hidden:
            self.counts["hidden"] += 1
            return
        if line.controls and not line.own:
            self.parts += self._forms.row(line.controls)
            return
        text = line.text()
        if heading or kind is BlockRole.HEADING:
            kind, level, text = BlockRole.HEADING, max(1, depth), text.replace("\n", " ")
        elif line.filled and ":" in text and not text.endswith(":"):
            kind, level = BlockRole.FIELD, 0
        elif kind is BlockRole.CAPTION and not (line.sequence or depth):
            kind, level = BlockRole.PARAGRAPH, 0
        elif kind is BlockRole.PARAGRAPH and level and not _WORD.search(label):
            kind = BlockRole.ITEM
        else:
            level = 0
        if self._in_cell and label and not text:
            text, label = label, ""  # a column of numbers
        self._keep(Part(kind, text, level=level, mark=label), line)

    def _kind(self, style: str) -> tuple[BlockRole, int]:
        """What the paragraphs of a style are; the level of headings, 1 for sure captions."""
        if style not in self._kinds:
            names = self.styles.names("paragraph", style)
            outline = self.styles.attribute("paragraph", style, "style:default-outline-level") or ""
            kind, depth = BlockRole.PARAGRAPH, 0
            if outline.isdigit() or _TITLES.intersection(names):
                kind, depth = BlockRole.HEADING, min(int(outline or 1), MAX_LEVELS)
            elif _CAPTIONS.intersection(names):
                kind, depth = BlockRole.CAPTION, int("Caption" in names)
            elif "Preformatted Text" in names:
                kind = BlockRole.CODE
            self._kinds[style] = kind, depth
        return self._kinds[style]

    def _keep(self, part: Part, line: Line) -> None:
        """Add a paragraph with its notes, and what is anchored in it after them."""
        if self._in_cell:
            self.parts += [part, *line.notes]
        else:
            self.parts += with_notes([part], line.notes)
        for shape in line.shapes:
            self.shape(shape)

    # Lists

    def _list(self, element: etree._Element) -> None:
        counter = self.numbering.of_list(element)
        self._items(element, 1, get(element, "text:style-name"), counter)

    def _items(self, element: etree._Element, level: int, style: str, counter: Counter) -> None:
        self.numbering.named(element, counter)
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
        levels = self.numbering.levels(style, block)
        own = get(block, "text:style-name")
        if self.styles.property("paragraph", own, "text:enable-numbering") == "false":
            first = False
        label = counter.next(level, levels, None if start < 0 else start) if first else ""
        shown = label or levels.get(level, Level()).bullet or not levels
        heading = name(block.tag) == "text:h"
        self._paragraph(block, label, level if first and (shown or heading) else 0)

    def _numbered_paragraph(self, element: etree._Element) -> None:
        counter = self.numbering.of_paragraphs(element)
        level = number(element, "text:level", most=MAX_LEVELS)
        start = number(element, "text:start-value", -1)
        for block in elements(element):
            style = get(element, "text:style-name")
            self._item(block, level, style, counter, start, first=True)

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
        kind = name(element.tag)
        if "none" in (get(element, "draw:display"), get(element, "drawooo:display")):
            self.counts["hidden"] += 1
        elif truth(element, "presentation:placeholder"):
            return
        elif kind == "draw:control":
            self.parts += self._forms.row([get(element, "draw:control")])
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
                elif within not in SILENT:
                    self.block(child) if within == "table:table" else self.blocks(child)
                    break
                if within.startswith("draw:object"):
                    break
        else:
            self.blocks(element)

    def _cell(self, cell: etree._Element) -> list[Part]:
        """The parts of a cell; most have one paragraph of plain text."""
        only = cell[0] if len(cell) == 1 else None
        if only is None or only.tag != _PARAGRAPH or len(only):
            return self.inside(cell, in_cell=True)
        text = " ".join((only.text or "").split())
        if not (text.isascii() and text.isprintable()):
            text = clean(text.replace(MARK, "")).strip()
        if self._words.left_out("paragraph", get(only, "text:style-name")):
            return []
        return [Part(BlockRole.PARAGRAPH, text)]

    def _table(self, element: etree._Element) -> None:
        grid = table_cells(element)
        self.counts["hidden"] += grid.hidden
        trailing: list[Part] = []
        notes: list[Part] = []
        contents = [self._cell(placed.element) for placed in grid.cells]
        if is_layout(contents):
            self.parts += [part for parts in contents for part in settled_parts(parts)]
            return
        cells = []
        for place, parts in zip(grid.cells, contents, strict=True):
            if len(parts) == 1 and parts[0].role is BlockRole.PARAGRAPH and not parts[0].mark:
                cells.append(place.cell(parts[0].text))
                continue
            after_table = False
            for part in parts:
                after_table = after_table or part.role is BlockRole.TABLE
                if part.role is BlockRole.TABLE or (after_table and part.role is BlockRole.NOTE):
                    trailing.append(part)
                elif part.role is BlockRole.NOTE:
                    notes.append(part)
            texts = texts_of(part for part in parts if part.role is not BlockRole.TABLE)
            cells.append(place.cell(" ".join(texts)))
        made = grid_parts(cells, grid.header_rows)
        if truth(element, "table:is-sub-table") and self._in_cell:
            # A cell that is split in others is still one cell of its table.
            lines = (line.replace("\t", ", ") for part in made for line in part.text.split("\n"))
            self.parts += [Part(BlockRole.PARAGRAPH, "; ".join(lines)), *notes]
            return
        placed = with_notes(made, notes)
        self.parts += [*placed, *trailing]
