"""What a paragraph holds: words, signs, fields, note marks, text boxes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from index.documents.symbols import symbol
from index.documents.word.context import Context
from index.documents.word.drawings import drawn_words, text_boxes
from index.documents.word.fields import Fields
from index.documents.word.formulas import formula
from index.documents.word.markup import (
    MC,
    W14,
    Element,
    M,
    W,
    attribute,
    flag,
    integer,
    local,
    value,
)
from index.documents.word.scripts import RESERVED, lowered, note_place, raised
from index.documents.word.styles import CharacterStyle, ParagraphStyle

__all__ = ["Line", "read_line"]

_SKIPPED = frozenset(
    f"{W}{name}"
    for name in (
        *("pPr", "rPr", "moveFrom", "sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "fldData"),
        *("bookmarkStart", "bookmarkEnd", "proofErr", "commentRangeStart", "commentRangeEnd"),
    )
)
_PRIVATE = re.compile("[\uf020-\uf0ff]")
_VAL = f"{W}val"
_DRAWN = frozenset((f"{W}drawing", f"{W}pict", f"{W}object"))
_RAISED_BY = 4  # half points above the line from which small letters are superscript


@dataclass(slots=True)
class Line:
    """The text of a paragraph in the making, and what is in it."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    letters: int = 0
    bold_letters: int = 0
    filled: bool = False
    contents: bool = False

    @property
    def text(self) -> str:
        """All of the text."""
        return "".join(self.pieces)

    def join(self, other: "Line") -> "Line":
        """This one and the next as one."""
        return Line(
            self.pieces + other.pieces,
            self.boxes + other.boxes,
            self.letters + other.letters,
            self.bold_letters + other.bold_letters,
            self.filled or other.filled,
            self.contents or other.contents,
        )


def read_line(paragraph: Element, style: ParagraphStyle, context: Context, fields: Fields) -> Line:
    """The content of a paragraph as a reader sees it."""
    reader = _LineReader(style, context, fields)
    reader.contents = fields.in_contents
    reader.content(paragraph)
    line = reader.line
    line.contents = reader.contents or fields.in_contents
    return line


class _LineReader:
    def __init__(self, style: ParagraphStyle, context: Context, fields: Fields) -> None:
        self.line = Line()
        self.contents = False
        self._style = style.letters
        self._context = context
        self._fields = fields
        self._custom: int | None = None  # the note whose mark is the text that follows
        self._left_out = ""  # why the words before were

    def content(self, element: Element) -> None:
        """What stands in a paragraph, or in an element of it that is not seen itself."""
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in _SKIPPED:
                continue
            _CONTAINERS.get(tag, _LineReader.content)(self, child)

    def _deleted(self, element: Element) -> None:
        texts = element.iter(f"{W}delText", f"{W}t")
        self._context.counts["deleted"] += any(text.text for text in texts)

    def _control(self, control: Element) -> None:
        properties = control.find(f"{W}sdtPr")
        if flag(properties, "showingPlcHdr"):
            return
        box = None if properties is None else properties.find(f"{W14}checkbox")
        if box is not None:
            checked = box.find(f"{W14}checked")
            on = checked is not None and checked.get(f"{W14}val") not in ("0", "false", "off")
            self._put("☒" if on else "☐")
            return
        content = control.find(f"{W}sdtContent")
        if content is not None:
            before = len(self.line.pieces)
            self.content(content)
            self.line.filled |= len(self.line.pieces) > before

    def _simple_field(self, element: Element) -> None:
        told = (attribute(element, "instr") or "").split()
        if told and told[0].upper() == "PAGEREF" and self._fields.in_contents:
            return
        self.content(element)

    def _ruby(self, element: Element) -> None:
        base = element.find(f"{W}rubyBase")
        if base is not None:
            self.content(base)

    def _sub_document(self, element: Element) -> None:  # noqa: ARG002
        self._context.counts["sub-document"] += 1

    def _formula(self, element: Element) -> None:
        self._put(" ".join(formula(element).split()))

    def _formulas(self, element: Element) -> None:
        for place, child in enumerate(element.iterfind(f"{M}oMath")):
            self._put("\n" if place else "")
            self._formula(child)

    def _alternate(self, element: Element) -> None:
        """One branch: the first that shows something."""
        for branch in element:
            if not isinstance(branch.tag, str):
                continue
            before = len(self.line.pieces), len(self.line.boxes)
            self.content(branch)
            if before != (len(self.line.pieces), len(self.line.boxes)):
                return

    def _run(self, run: Element) -> None:
        properties = run.find(f"{W}rPr")
        hidden, shape = self._look(properties)
        for child in run:
            tag = child.tag
            if tag == f"{W}t":
                if hidden or shape.struck:
                    self._hide(child, "hidden" if hidden else "struck")
                else:
                    self._left_out = ""
                    self._text(child, properties, shape)
            elif tag == f"{W}fldChar":
                self._put(self._fields.mark(child))
            elif tag == f"{W}instrText":
                self._fields.tell(child.text or "")
            elif not hidden and isinstance(tag, str) and tag not in _SKIPPED:
                self._sign(child, local(child), properties, shape)

    def _look(self, properties: Element | None) -> tuple[bool, CharacterStyle]:
        """Whether a run is hidden, and how its letters look; runs of one kind are many."""
        style = self._style
        kind = () if properties is None else tuple((one.tag, one.get(_VAL)) for one in properties)
        key = (style, kind)
        found = self._context.looks.get(key)
        if found is None:
            hidden = self._context.hidden(style.hidden, properties)
            found = hidden, _shape(properties, style, self._context)
            self._context.looks[key] = found
        return found

    def _hide(self, text: Element, why: str) -> None:
        if not self._fields.shown or not (text.text or "").strip():
            return
        self._context.counts[why] += self._left_out != why
        self._left_out = why

    def _text(self, element: Element, properties: Element | None, shape: CharacterStyle) -> None:
        text = element.text or ""
        if element.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
            text = text.strip(" \t\r\n")
        text = text.replace("\n", " ").replace("\r", " ")
        if not text.isascii():
            text = RESERVED.sub("", text)
        if not text.isascii() and _PRIVATE.search(text):
            font = _font(properties)
            text = _PRIVATE.sub(lambda found: self._symbol(font, ord(found[0])), text)
        self._shaped(text, shape)

    def _shaped(self, text: str, shape: CharacterStyle) -> None:
        if not text or not self._fields.shown or self._fields.is_page_number:
            return
        if self._custom is not None:
            self._context.notes.name(self._custom, text.strip())
            self._custom = None
            return
        if self._fields.is_note_mark:
            text = note_place(-1)
        elif shape.raised == "superscript":
            text = raised(text)
        elif shape.raised == "subscript":
            text = lowered(text)
        count = len(text) - text.count(" ")
        self.line.letters += count
        self.line.bold_letters += count if shape.bold else 0
        self.line.pieces.append(text)

    def _put(self, text: str) -> None:
        if text and self._fields.shown and not self._fields.is_page_number:
            self.line.pieces.append(text)

    def _symbol(self, font: str, code: int) -> str:
        found = symbol(font, code)
        if found is None:
            self._context.counts["symbol"] += 1
        return found or ""

    def _sign(
        self, element: Element, name: str, properties: Element | None, shape: CharacterStyle
    ) -> None:
        """What a run holds besides words."""
        if name in ("tab", "ptab"):
            self._put("\t")
        elif name in ("br", "cr"):
            self._put("\n")
            if attribute(element, "type") == "page":
                self._context.notes.end_page()
        elif name == "lastRenderedPageBreak":
            self._context.notes.end_page()
        elif name == "noBreakHyphen":
            self._shaped("-", shape)
        elif name == "sym":
            code = attribute(element, "char") or ""
            font = attribute(element, "font") or _font(properties)
            if re.fullmatch(r"[0-9a-fA-F]{1,6}", code):
                self._shaped(self._symbol(font, int(code, 16)), shape)
        elif name in ("footnoteReference", "endnoteReference"):
            self._note(element, name.removesuffix("Reference"))
        elif element.tag in _DRAWN:
            self._drawn(element)
        elif element.tag in _CONTAINERS:
            self._in_run(element)

    def _in_run(self, element: Element) -> None:
        if element.tag != f"{MC}AlternateContent":
            _CONTAINERS[element.tag](self, element)
            return
        branches = [branch for branch in element if isinstance(branch.tag, str)]
        for branch in branches:
            before = len(self.line.pieces), len(self.line.boxes)
            for child in branch:
                if isinstance(child.tag, str):
                    self._sign(child, local(child), None, CharacterStyle())
                if child.tag == f"{W}t":
                    self._text(child, None, CharacterStyle())
            if before != (len(self.line.pieces), len(self.line.boxes)):
                return

    def _note(self, element: Element, kind: str) -> None:
        if not self._fields.shown:
            return
        custom = (attribute(element, "customMarkFollows") or "0") not in ("0", "false", "off")
        place = self._context.notes.refer(kind, attribute(element, "id") or "", custom=custom)
        self._custom = place if custom else None
        self.line.pieces.append(note_place(place))

    def _drawn(self, element: Element) -> None:
        """Text boxes of a drawing, each once; else the words and pictures in it."""
        if not self._fields.shown:
            return
        boxes = text_boxes(element)
        self.line.boxes += boxes
        if not boxes:
            for words in drawn_words(element, self._context):
                self._put(RESERVED.sub("", words))


_CONTAINERS: dict[str, Callable[[_LineReader, Element], None]] = {
    f"{W}r": _LineReader._run,
    f"{W}del": _LineReader._deleted,
    f"{W}sdt": _LineReader._control,
    f"{W}fldSimple": _LineReader._simple_field,
    f"{W}ruby": _LineReader._ruby,
    f"{W}subDoc": _LineReader._sub_document,
    f"{M}oMath": _LineReader._formula,
    f"{M}oMathPara": _LineReader._formulas,
    f"{MC}AlternateContent": _LineReader._alternate,
}


def _font(properties: Element | None) -> str:
    fonts = None if properties is None else properties.find(f"{W}rFonts")
    return attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or ""


def _shape(properties: Element | None, style: CharacterStyle, context: Context) -> CharacterStyle:
    """How a run's letters look, by their own properties, or else by their styles."""
    if properties is None:
        return style
    bold, height = flag(properties, "b"), value(properties, "vertAlign")
    struck = flag(properties, "strike")
    name = value(properties, "rStyle")
    if name is not None:
        character = context.styles.character(name)
        bold = character.bold if bold is None else bold
        struck = character.struck if struck is None else struck
        height = character.raised if height is None else height
    if height is None and (integer(value(properties, "position")) or 0) >= _RAISED_BY:
        height = "superscript" if properties.find(f"{W}sz") is not None else None
    return CharacterStyle(
        bold=style.bold if bold is None else bold,
        struck=flag(properties, "dstrike") or (style.struck if struck is None else struck),
        raised=style.raised if height is None else height,
    )
