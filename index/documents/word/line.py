"""What a paragraph holds: words, signs, fields, note marks, text boxes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from index.documents.word.context import Context
from index.documents.word.fields import Fields
from index.documents.word.formulas import formula
from index.documents.word.markup import (
    MC,
    W14,
    A,
    Element,
    M,
    R,
    W,
    attribute,
    flag,
    integer,
    local,
    value,
)
from index.documents.word.scripts import RESERVED, lowered, note_place, raised
from index.documents.word.styles import CharacterStyle, ParagraphStyle
from index.documents.word.symbols import symbol

__all__ = ["Line", "read_line"]

_SKIPPED = frozenset(
    f"{W}{name}"
    for name in (
        *("pPr", "rPr", "moveFrom", "sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "fldData"),
        *("bookmarkStart", "bookmarkEnd", "proofErr", "commentRangeStart", "commentRangeEnd"),
    )
)
_PRIVATE = re.compile("[\uf020-\uf0ff]")
_BOX = f"{W}txbxContent"
_DRAWN = frozenset((f"{W}drawing", f"{W}pict", f"{W}object"))
_PICTURES = frozenset(("blip", "imagedata", "chart", "OLEObject"))
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
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
        self._was_hidden = False
        self._containers: dict[str, Callable[[Element], None]] = {
            f"{W}r": self._run,
            f"{W}del": self._deleted,
            f"{W}sdt": self._control,
            f"{W}fldSimple": self._simple_field,
            f"{W}ruby": self._ruby,
            f"{W}subDoc": self._sub_document,
            f"{M}oMath": self._formula,
            f"{M}oMathPara": self._formulas,
            f"{MC}AlternateContent": self._alternate,
        }

    def content(self, element: Element) -> None:
        """What stands in a paragraph, or in an element of it that is not seen itself."""
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in _SKIPPED:
                continue
            self._containers.get(tag, self.content)(child)

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
        style = self._style
        hidden = self._context.hidden(style.hidden, properties)
        shape = _shape(properties, style, self._context)
        for child in run:
            tag = child.tag
            if tag == f"{W}t":
                if hidden:
                    self._hide(child)
                else:
                    self._was_hidden = False
                    self._text(child, properties, shape)
            elif tag == f"{W}fldChar":
                self._put(self._fields.mark(child))
            elif tag == f"{W}instrText":
                self._fields.tell(child.text or "")
            elif not hidden and isinstance(tag, str) and tag not in _SKIPPED:
                self._sign(child, local(child), properties, shape)

    def _hide(self, text: Element) -> None:
        if not self._fields.shown or not (text.text or "").strip():
            return
        self._context.counts["hidden"] += not self._was_hidden
        self._was_hidden = True

    def _text(self, element: Element, properties: Element | None, shape: CharacterStyle) -> None:
        text = element.text or ""
        if element.get("{http://www.w3.org/XML/1998/namespace}space") != "preserve":
            text = text.strip(" \t\r\n")
        text = RESERVED.sub("", text.replace("\n", " ").replace("\r", " "))
        if _PRIVATE.search(text):
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
        elif element.tag in self._containers:
            self._in_run(element)

    def _in_run(self, element: Element) -> None:
        if element.tag != f"{MC}AlternateContent":
            self._containers[element.tag](element)
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
        """Text boxes of a drawing, each once; words drawn as pictures; diagrams."""
        if not self._fields.shown:
            return
        boxes = _boxes(element)
        self.line.boxes += boxes
        if boxes:
            return
        for child in element.iter():
            name = local(child)
            if name == "textpath" and child.get("string"):
                self._put(f" {RESERVED.sub('', child.get('string') or '')} ")
            elif child.tag == _DIAGRAM:
                self._diagram(child)
            elif name in _PICTURES:
                self._context.counts["picture"] += 1

    def _diagram(self, element: Element) -> None:
        relation = self._context.relations.get(element.get(f"{R}dm") or "")
        data = None if relation is None else self._context.package.xml(relation[1])
        if data is None:
            return
        for body in data.iter("{http://schemas.openxmlformats.org/drawingml/2006/diagram}t"):
            words = "".join(text.text or "" for text in body.iter(f"{A}t"))
            self._put(f"\n{RESERVED.sub('', words)}" if words.strip() else "")


def _boxes(element: Element) -> list[Element]:
    """The outermost text boxes, of one branch of each choice."""
    boxes: list[Element] = []
    for child in element:
        if child.tag == _BOX:
            boxes.append(child)
        elif child.tag == f"{MC}AlternateContent":
            branches = (_boxes(branch) for branch in child if isinstance(branch.tag, str))
            boxes += next(filter(None, branches), [])
        elif isinstance(child.tag, str):
            boxes += _boxes(child)
    return boxes


def _font(properties: Element | None) -> str:
    fonts = None if properties is None else properties.find(f"{W}rFonts")
    return attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or ""


def _shape(properties: Element | None, style: CharacterStyle, context: Context) -> CharacterStyle:
    """How a run's letters look, by their own properties, or else by their styles."""
    if properties is None:
        return style
    bold, height = flag(properties, "b"), value(properties, "vertAlign")
    name = value(properties, "rStyle")
    if name is not None and (bold is None or height is None):
        character = context.styles.character(name)
        bold = character.bold if bold is None else bold
        height = character.raised if height is None else height
    if height is None and (integer(value(properties, "position")) or 0) >= _RAISED_BY:
        height = "superscript" if properties.find(f"{W}sz") is not None else None
    return CharacterStyle(
        None, style.bold if bold is None else bold, style.raised if height is None else height
    )
