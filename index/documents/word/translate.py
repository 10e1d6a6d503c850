"""A .doc file as the elements of a .docx file, so that one reader reads both."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from lxml import etree

from index.documents.word.binary import Binary, Run
from index.documents.word.lists import numbering_of, styles_of
from index.documents.word.markup import Element, W
from index.documents.word.sprms import Letters, Paragraphs

__all__ = ["Translated", "translate"]

_FIELDS = {"\x13": "begin", "\x14": "separate", "\x15": "end"}
_SIGNS = {"\x0b": "br", "\x1e": "noBreakHyphen", "\x1f": "softHyphen", "\t": "tab", "\x0e": "br"}
_ENDS = "\r\x07"
_NOTES = {"footnote": (2, 3), "endnote": (46, 47)}
_DEEPEST = 20
_UNDEFINED = 25
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(slots=True)
class Translated:
    """The roots of the parts."""

    body: Element
    styles: Element
    numbering: Element
    footnotes: Element
    endnotes: Element
    comments: Element


@dataclass(slots=True)
class _Cells:
    """A table while it is read: its rows, and the cells and paragraphs of the row at hand."""

    rows: list[tuple[Paragraphs, bool, list[Element]]] = field(default_factory=list)
    cells: list[Element] = field(default_factory=list)
    content: list[Element] = field(default_factory=list)


def translate(binary: Binary) -> Translated:
    """The elements of all that the file shows."""
    builder = _Builder(binary)
    body = _element("body")
    builder.story(body, *binary.stories["main"])
    for number in builder.unplaced():
        holder = etree.SubElement(body, f"{W}p")
        builder.box(etree.SubElement(holder, f"{W}r"), number)
    comments = _element("comments")
    for _ in binary.positions(4, 30)[1]:
        etree.SubElement(comments, f"{W}comment")
    return Translated(
        body,
        styles_of(binary),
        numbering_of(binary),
        builder.notes("footnote"),
        builder.notes("endnote"),
        comments,
    )


def _element(name: str, **attributes: str) -> Element:
    made: Element = etree.Element(f"{W}{name}", nsmap={"w": W.strip("{}")})
    for key, text in attributes.items():
        made.set(f"{W}{key}", text)
    return made


def _add(parent: Element, name: str, **attributes: str) -> Element:
    made: Element = etree.SubElement(parent, f"{W}{name}")
    for key, text in attributes.items():
        made.set(f"{W}{key}", text)
    return made


class _Builder:
    def __init__(self, binary: Binary) -> None:
        self._binary = binary
        self._references: dict[int, tuple[str, int, bool]] = {}
        for kind, (references, _) in _NOTES.items():
            places, marks = binary.positions(references, 2)
            for number, (place, mark) in enumerate(zip(places, marks, strict=False)):
                self._references[place] = (kind, number, mark == b"\0\0")
        anchors, shapes = binary.positions(40, 26)
        self._shapes = {
            place: int.from_bytes(shape[:4], "little")
            for place, shape in zip(anchors, shapes, strict=False)
        }
        self._box_places, boxes = binary.positions(56, 22)
        self._boxes: dict[int, int] = {}
        for number, box in enumerate(boxes[:-1]):
            self._boxes.setdefault(int.from_bytes(box[14:18], "little"), number)
        self._placed: set[int] = set()
        self._begun: Element | None = None  # the beginning of the last field

    def unplaced(self) -> list[int]:
        """The text boxes that stand in groups, whose place is not their own."""
        return [number for number in self._boxes.values() if number not in self._placed]

    def box(self, run: Element, number: int) -> None:
        """Add a text box to a run."""
        self._placed.add(number)
        start, _ = self._binary.stories["box"]
        first, last = self._box_places[number], self._box_places[number + 1]
        content = _add(_add(run, "pict"), "txbxContent")
        self.story(content, start + first, start + last)

    def notes(self, kind: str) -> Element:
        """The notes of a kind."""
        root = _element(f"{kind}s")
        start, _ = self._binary.stories[kind]
        places, _ = self._binary.positions(_NOTES[kind][1], 0)
        for number in range(max(0, len(places) - 2)):
            note = _add(root, kind, id=str(number))
            self.story(note, start + places[number], start + places[number + 1])
        return root

    def story(self, parent: Element, start: int, end: int) -> None:
        """Add the paragraphs and tables of a stretch of the text."""
        tables: list[_Cells] = []
        paragraph = _element("p")
        asked: list[bool] = []  # of each open field: whether its result has begun
        for run in self._binary.runs(start, end):
            at = 0
            for place, letter in enumerate(run.text):
                if letter not in _ENDS and letter != "\x0c":
                    continue
                self._letters(paragraph, run, at, place, asked)
                at = place + 1
                own = self._binary.paragraph(run.place + place * run.width)
                _finish(paragraph, own, run.letters)
                _place(parent, tables, paragraph, own, letter, deleted=run.letters.deleted)
                paragraph = _element("p")
            self._letters(paragraph, run, at, len(run.text), asked)
        if len(paragraph):
            _place(parent, tables, paragraph, Paragraphs(), "\r", deleted=False)
        _close(parent, tables, 0)

    def _letters(
        self, paragraph: Element, run: Run, first: int, last: int, asked: list[bool]
    ) -> None:
        if first >= last:
            return
        look = run.letters
        holder = _add(paragraph, "del") if look.deleted else paragraph
        element = _add(holder, "r")
        _shape(element, look)
        words: list[str] = []
        for place in range(first, last):
            letter = run.text[place]
            cp = run.start + place
            if letter >= " " and cp not in self._references and not look.special:
                words.append(letter)
                continue
            _words(element, words, shown=all(asked), deleted=look.deleted)
            self._sign(element, letter, cp, look, asked)
        _words(element, words, shown=all(asked), deleted=look.deleted)

    def _sign(self, run: Element, letter: str, cp: int, look: Letters, asked: list[bool]) -> None:
        if cp in self._references:
            kind, number, custom = self._references[cp]
            more = {"customMarkFollows": "1"} if custom else {}
            _add(run, f"{kind}Reference", id=str(number), **more)
            if custom:
                _words(run, [letter], shown=True, deleted=look.deleted)
        elif letter in _FIELDS:
            mark = _add(run, "fldChar", fldCharType=_FIELDS[letter])
            if letter == "\x13":
                self._begun = mark
                asked.append(False)
            elif asked and letter == "\x14":
                asked[-1] = True
            elif asked:
                asked.pop()
        elif letter in _SIGNS:
            _add(run, _SIGNS[letter])
        elif letter == "\x08" and self._shapes.get(cp) in self._boxes:
            number = self._boxes[self._shapes[cp]]
            if number not in self._placed:
                self.box(run, number)
        elif letter == "\x01" and look.data is not None and asked and self._begun is not None:
            _form(self._begun, self._binary.form_data(look.data))
        elif look.symbol is not None and letter == "(":
            _add(run, "sym", font="Symbol", char=f"{look.symbol[1]:04X}")
        elif letter >= " ":
            _words(run, [letter], shown=all(asked), deleted=look.deleted)


def _words(run: Element, words: list[str], *, shown: bool, deleted: bool) -> None:
    if not words:
        return
    element = _add(run, "delText" if deleted else "t" if shown else "instrText")
    element.set(_XML_SPACE, "preserve")
    text = "".join(words).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    element.text = "".join(letter for letter in text if letter not in "\ufffe\uffff")
    words.clear()


def _form(begun: Element, data: bytes) -> None:
    """Add to a field what a form keeps of it: whether a box is ticked, which entry is chosen."""
    if len(data) < 12 or begun.find(f"{W}ffData") is not None:
        return
    bits, length = struct.unpack_from("<H4xH", data, 4)
    kind, result = bits & 3, bits >> 2 & 0x1F
    at = 12 + 2 * length + 2
    usual = int.from_bytes(data[at : at + 2], "little")
    form = _add(begun, "ffData")
    chosen = usual if result == _UNDEFINED else result
    if kind == 1:
        _add(_add(form, "checkBox"), "checked", val=str(min(chosen, 1)))
    elif kind == 2:
        choices = _add(form, "ddList")
        _add(choices, "result", val=str(chosen))
        for entry in _entries(data, at + 2):
            _add(choices, "listEntry", val=entry)


def _entries(data: bytes, at: int) -> Iterator[str]:
    """The entries of a list to choose from, which stand after five texts."""
    for _ in range(5):
        at += 2 + 2 * int.from_bytes(data[at : at + 2], "little") + 2
    if data[at : at + 2] != b"\xff\xff":
        return
    count = int.from_bytes(data[at + 2 : at + 4], "little")
    at += 6
    for _ in range(min(count, 100)):
        length = int.from_bytes(data[at : at + 2], "little")
        text = data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
        yield "".join(letter for letter in text if letter >= " ")
        at += 2 + 2 * length


def _shape(run: Element, look: Letters) -> None:
    properties = _add(run, "rPr")
    if look.style is not None:
        _add(properties, "rStyle", val=str(look.style))
    for name, state in (("vanish", look.hidden), ("b", look.bold), ("strike", look.struck)):
        if state is not None and state != 0x80:
            _add(properties, name, val="1" if state else "0")
    if look.raised in (1, 2):
        _add(properties, "vertAlign", val="superscript" if look.raised == 1 else "subscript")


def _finish(paragraph: Element, own: Paragraphs, mark: Letters) -> None:
    """Add the properties of a paragraph and of its end."""
    properties = _element("pPr")
    _add(properties, "pStyle", val=str(own.style))
    if own.drop_cap:
        _add(properties, "framePr", dropCap="drop")
    if own.list_id is not None or own.list_level is not None:
        numbers = _add(properties, "numPr")
        if own.list_level is not None:
            _add(numbers, "ilvl", val=str(own.list_level))
        if own.list_id is not None:
            _add(numbers, "numId", val=str(own.list_id))
    if own.outline is not None:
        _add(properties, "outlineLvl", val=str(own.outline))
    letters = _add(properties, "rPr")
    if mark.deleted:
        _add(letters, "del")
    if mark.hidden is not None and mark.hidden != 0x80:
        _add(letters, "vanish", val="1" if mark.hidden else "0")
    paragraph.insert(0, properties)


def _place(
    parent: Element,
    tables: list[_Cells],
    paragraph: Element,
    own: Paragraphs,
    end: str,
    *,
    deleted: bool,
) -> None:
    """Put a paragraph where it belongs: in the story, or in a cell of the innermost table."""
    depth = min(own.depth, _DEEPEST)
    _close(parent, tables, depth)
    while len(tables) < depth:
        tables.append(_Cells())
    if not tables:
        parent.append(paragraph)
        return
    inner = tables[-1]
    if own.row_end:
        if inner.content:
            _end_cell(inner)
        # A mark on the end of a row may belong to what follows: all of a deleted row is deleted.
        left = any(text.text for cell in inner.cells for text in cell.iter(f"{W}t"))
        inner.rows.append((own, deleted and not left, inner.cells))
        inner.cells = []
        return
    inner.content.append(paragraph)
    if end == "\x07" or own.inner_cell:
        _end_cell(inner)


def _end_cell(table: _Cells) -> None:
    cell = _element("tc")
    cell.extend(table.content)
    table.cells.append(cell)
    table.content = []


def _close(parent: Element, tables: list[_Cells], depth: int) -> None:
    """End the tables that are deeper."""
    while len(tables) > depth:
        made = _table(tables.pop())
        if tables:
            tables[-1].content.append(made)
        else:
            parent.append(made)


def _table(table: _Cells) -> Element:
    if table.content:
        _end_cell(table)
    if table.cells:
        table.rows.append((Paragraphs(), False, table.cells))
    edges = sorted({edge for own, _, _ in table.rows for edge in own.edges})
    made = _element("tbl")
    grid = _add(made, "tblGrid")
    for left, right in pairwise(edges):
        _add(grid, "gridCol", w=str(right - left))
    for own, deleted, cells in table.rows:
        row = _add(made, "tr")
        properties = _add(row, "trPr")
        if deleted:
            _add(properties, "del")
        if own.header:
            _add(properties, "tblHeader")
        known = len(own.edges) == len(cells) + 1
        if known and edges.index(own.edges[0]):
            _add(properties, "gridBefore", val=str(edges.index(own.edges[0])))
        for number, cell in enumerate(cells):
            look = _element("tcPr")
            if known:
                width = edges.index(own.edges[number + 1]) - edges.index(own.edges[number])
                _add(look, "gridSpan", val=str(max(1, width)))
            across, down = own.merges[number] if number < len(own.merges) else (0, 0)
            for name, merge in (("hMerge", across), ("vMerge", down)):
                if merge:
                    _add(look, name, val="continue" if merge == 1 else "restart")
            cell.insert(0, look)
            row.append(cell)
    return made
