"""A .doc file as the elements of a .docx file, so that one reader reads both."""

from dataclasses import dataclass

from lxml import etree

from index.documents.word.binary import Binary, Run
from index.documents.word.forms import add_form
from index.documents.word.lists import numbering_of, styles_of
from index.documents.word.making import add, element
from index.documents.word.markup import Element, W
from index.documents.word.rows import Cells, close, place
from index.documents.word.sprms import Letters, Paragraphs

__all__ = ["Translated", "translate"]

_FIELDS = {"\x13": "begin", "\x14": "separate", "\x15": "end"}
_SIGNS = {"\x0b": "br", "\x1e": "noBreakHyphen", "\x1f": "softHyphen", "\t": "tab", "\x0e": "br"}
_ENDS = "\r\x07"
_NOTES = {"footnote": (2, 3), "endnote": (46, 47)}
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


def translate(binary: Binary) -> Translated:
    """The elements of all that the file shows."""
    builder = _Builder(binary)
    body = element("body")
    builder.story(body, *binary.stories["main"])
    for number in builder.unplaced():
        holder = etree.SubElement(body, f"{W}p")
        builder.box(etree.SubElement(holder, f"{W}r"), number)
    comments = element("comments")
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


class _Builder:
    def __init__(self, binary: Binary) -> None:
        self._binary = binary
        self._references: dict[int, tuple[str, int, bool]] = {}
        for kind, (references, _) in _NOTES.items():
            places, marks = binary.positions(references, 2)
            for number, (cp, mark) in enumerate(zip(places, marks, strict=False)):
                self._references[cp] = (kind, number, mark == b"\0\0")
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
        content = add(add(run, "pict"), "txbxContent")
        self.story(content, start + first, start + last)

    def notes(self, kind: str) -> Element:
        """The notes of a kind."""
        root = element(f"{kind}s")
        start, _ = self._binary.stories[kind]
        places, _ = self._binary.positions(_NOTES[kind][1], 0)
        for number in range(max(0, len(places) - 2)):
            note = add(root, kind, id=str(number))
            self.story(note, start + places[number], start + places[number + 1])
        return root

    def story(self, parent: Element, start: int, end: int) -> None:
        """Add the paragraphs and tables of a stretch of the text."""
        tables: list[Cells] = []
        paragraph = element("p")
        asked: list[bool] = []  # of each open field: whether its result has begun
        for run in self._binary.runs(start, end):
            at = 0
            for offset, letter in enumerate(run.text):
                if letter not in _ENDS and letter != "\x0c":
                    continue
                self._letters(paragraph, run, at, offset, asked)
                at = offset + 1
                own = self._binary.paragraph(run.place + offset * run.width)
                _finish(paragraph, own, run.letters)
                place(parent, tables, paragraph, own, letter, deleted=run.letters.deleted)
                paragraph = element("p")
            self._letters(paragraph, run, at, len(run.text), asked)
        if len(paragraph):
            place(parent, tables, paragraph, Paragraphs(), "\r", deleted=False)
        close(parent, tables, 0)

    def _letters(
        self, paragraph: Element, run: Run, first: int, last: int, asked: list[bool]
    ) -> None:
        if first >= last:
            return
        look = run.letters
        holder = add(paragraph, "del") if look.deleted else paragraph
        own = add(holder, "r")
        _shape(own, look)
        if look.font is not None and "\uf000" < max(run.text) < "\uf100":
            add(own.find(f"{W}rPr"), "rFonts", ascii=self._binary.font(look.font))
        words: list[str] = []
        for offset in range(first, last):
            letter = run.text[offset]
            cp = run.start + offset
            if letter >= " " and cp not in self._references and not look.special:
                words.append(letter)
                continue
            _words(own, words, shown=all(asked), deleted=look.deleted)
            self._sign(own, letter, cp, look, asked)
        _words(own, words, shown=all(asked), deleted=look.deleted)

    def _sign(self, run: Element, letter: str, cp: int, look: Letters, asked: list[bool]) -> None:
        if cp in self._references:
            kind, number, custom = self._references[cp]
            more = {"customMarkFollows": "1"} if custom else {}
            add(run, f"{kind}Reference", id=str(number), **more)
            if custom:
                _words(run, [letter], shown=True, deleted=look.deleted)
        elif letter in _FIELDS:
            mark = add(run, "fldChar", fldCharType=_FIELDS[letter])
            if letter == "\x13":
                self._begun = mark
                asked.append(False)
            elif asked and letter == "\x14":
                asked[-1] = True
            elif asked:
                asked.pop()
        elif letter in _SIGNS:
            add(run, _SIGNS[letter])
        elif letter == "\x08" and self._shapes.get(cp) in self._boxes:
            number = self._boxes[self._shapes[cp]]
            if number not in self._placed:
                self.box(run, number)
        elif letter == "\x01" and look.data is not None and asked and self._begun is not None:
            add_form(self._begun, self._binary.form_data(look.data))
        elif look.symbol is not None and letter == "(":
            add(run, "sym", font=self._binary.font(look.symbol[0]), char=f"{look.symbol[1]:04X}")
        elif letter >= " ":
            _words(run, [letter], shown=all(asked), deleted=look.deleted)


def _words(run: Element, words: list[str], *, shown: bool, deleted: bool) -> None:
    if not words:
        return
    text_of = add(run, "delText" if deleted else "t" if shown else "instrText")
    text_of.set(_XML_SPACE, "preserve")
    text = "".join(words).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text_of.text = "".join(letter for letter in text if letter not in "\ufffe\uffff")
    words.clear()


def _shape(run: Element, look: Letters) -> None:
    properties = add(run, "rPr")
    if look.style is not None:
        add(properties, "rStyle", val=str(look.style))
    for name, state in (("vanish", look.hidden), ("b", look.bold), ("strike", look.struck)):
        if state is not None and state != 0x80:
            add(properties, name, val="1" if state else "0")
    if look.raised in (1, 2):
        add(properties, "vertAlign", val="superscript" if look.raised == 1 else "subscript")


def _finish(paragraph: Element, own: Paragraphs, mark: Letters) -> None:
    """Add the properties of a paragraph and of its end."""
    properties = element("pPr")
    add(properties, "pStyle", val=str(own.style))
    if own.drop_cap:
        add(properties, "framePr", dropCap="drop")
    if own.list_id is not None or own.list_level is not None:
        numbers = add(properties, "numPr")
        if own.list_level is not None:
            add(numbers, "ilvl", val=str(own.list_level))
        if own.list_id is not None:
            add(numbers, "numId", val=str(own.list_id))
    if own.outline is not None:
        add(properties, "outlineLvl", val=str(own.outline))
    letters = add(properties, "rPr")
    if mark.deleted:
        add(letters, "del")
    if mark.hidden is not None and mark.hidden != 0x80:
        add(letters, "vanish", val="1" if mark.hidden else "0")
    paragraph.insert(0, properties)
