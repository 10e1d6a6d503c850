"""The text of paragraphs in OpenDocument files: spans, fields, notes, form values, formulas."""

import re
from collections import Counter as Tally
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from lxml import etree

from index.documents.decoding import clean
from index.documents.mathml import math_text
from index.documents.opendocument.forms import Forms
from index.documents.opendocument.objects import is_formula
from index.documents.opendocument.odf import Odf, get, name, number, truth
from index.documents.package import elements
from index.documents.parts import Part
from index.documents.raised import MARK, raised, settled
from index.documents.superscripts import lowered
from index.documents.symbols import PICTURE_FONTS, symbol
from index.types import BlockRole

__all__ = ["SILENT", "Line", "Words", "is_layout", "settled_parts", "texts_of", "with_notes"]

_SPACES = re.compile(r"[ \t\r\n]+")
_RUN = re.compile(r"[ \t]+")
_LINE_END = re.compile(r" *\n *")
_PLACE = re.compile(r"<\w+>")  # where the program puts a slide's number
_MOST_SPACES = 200
_LAYOUT_CHARS = 400

# What only says of its words what they lead to.
_PLAIN = frozenset(("text:a", "text:bookmark-ref", "text:reference-ref", "text:sequence-ref"))
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
SILENT = frozenset(_SILENT_NAMES.split())


@dataclass(slots=True)
class Line:
    """A paragraph that is being gathered."""

    code: bool = False
    pieces: list[str] = field(default_factory=list)
    notes: list[Part] = field(default_factory=list)
    shapes: list[etree._Element] = field(default_factory=list)
    controls: list[str] = field(default_factory=list)  # of forms, by their identifiers
    beside: list[str] = field(default_factory=list)  # their values that stand after the words
    own: bool = False  # whether it has words beside them
    filled: bool = False  # whether one of them has a value
    sequence: bool = False
    hidden: bool = False

    def say(self, text: str | None, position: str = "") -> None:
        """Add words as they stand in the XML, raised or lowered as the style says."""
        if not text:
            return
        if MARK in text:
            text = text.replace(MARK, "")
        if not self.code and not text.isprintable():
            text = _SPACES.sub(" ", text)
        if position:
            before = "".join(self.pieces[-3:])[-8:]
            text = raised(text, before) if position == "super" else lowered(text)
        if not self.own:
            self.own = not text.isspace()
        self.pieces.append(text)

    def text(self) -> str:
        """The clean text, with a mark where a note is referred to."""
        text = "".join(self.pieces)
        if text.isascii() and text.isprintable() and "  " not in text:
            return text.rstrip() if self.code else text.strip()
        text = clean(text)
        if self.code:
            return text.rstrip()
        return _LINE_END.sub("\n", _RUN.sub(" ", text)).strip()


class Words:
    """Gathers the text of paragraphs. ``inside`` gives the parts of a note's body."""

    def __init__(
        self,
        odf: Odf,
        forms: Forms,
        counts: Tally[str],
        inside: Callable[[etree._Element], list[Part]],
    ) -> None:
        self._odf = odf
        self._styles = odf.styles
        self._forms = forms
        self._counts = counts
        self._inside = inside
        self._reasons: dict[tuple[str, str], str] = {}
        self._positions: dict[str, str] = {}
        self._font = ""  # of signs, in which the text that is being gathered stands

    def line(self, paragraph: etree._Element, *, code: bool) -> Line:
        """What a paragraph shows."""
        line = Line(code=code)
        self._gather(paragraph, line, "")
        line.pieces += line.beside
        return line

    def left_out(self, family: str, style: str) -> bool:
        """Whether a style hides its text or strikes it out; it is counted then."""
        key = (family, style)
        reason = self._reasons.get(key)
        if reason is None:
            reason = self._reasons[key] = self._reason(family, style)
        if reason:
            self._counts[reason] += 1
        return bool(reason)

    def _reason(self, family: str, style: str) -> str:
        if self._styles.property(family, style, "text:display") == "none":
            return "hidden"
        struck = self._styles.property(family, style, "style:text-line-through-style")
        return "struck" if struck not in ("", "none") else ""

    def _gather(self, parent: etree._Element, line: Line, position: str) -> None:
        if parent.text:
            line.say(self._signed(parent.text), position)
        for child in parent if len(parent) else ():
            if isinstance(child.tag, str):
                self._inline(child, line, position)
            if child.tail:
                line.say(self._signed(child.tail), position)

    def _inline(self, element: etree._Element, line: Line, position: str) -> None:
        kind = name(element.tag)
        if kind == "text:span":
            style = get(element, "text:style-name")
            if not self.left_out("text", style):
                font, self._font = self._font, self._sign_font(style) or self._font
                self._gather(element, line, self._position(style) or position)
                self._font = font
        elif kind in _PLAIN:
            self._gather(element, line, position)
        elif kind == "text:s":
            line.pieces.append(" " * number(element, "text:c", most=_MOST_SPACES))
        elif kind == "text:tab":
            line.pieces.append("\t")
        elif kind == "text:line-break":
            line.pieces.append("\n")
        elif kind == "text:note":
            self._note(element, line)
        elif kind == "office:annotation":
            self._counts["comment"] += 1
        elif kind == "draw:a":
            for child in elements(element):
                self._inline(child, line, position)
        elif kind.startswith(("draw:", "dr3d:")):
            self._anchored(element, line)
        elif kind not in SILENT:
            self._field(element, kind, line, position)

    def _field(self, element: etree._Element, kind: str, line: Line, position: str) -> None:
        """A field, as its text is shown; links, references and marks have their text too."""
        hidden = bool(element.attrib) and (
            truth(element, "text:is-hidden") or get(element, "text:display") == "none"
        )
        if kind == "text:hidden-paragraph":
            line.hidden = line.hidden or truth(element, "text:is-hidden")
        elif hidden and kind == "text:hidden-text":
            self._counts["hidden"] += 1
        elif hidden or _is_placeholder(element, kind):
            return
        elif kind == "text:hidden-text":
            line.say(element.text or get(element, "text:string-value"), position)
        elif kind == "field:fieldmark":
            line.pieces.append(_checked(element))
        elif kind == "text:ruby-text":
            line.say(f" ({''.join(str(text) for text in element.itertext())})")
        else:
            line.sequence = line.sequence or kind == "text:sequence"
            line.filled = line.filled or kind == "loext:content-control"
            self._gather(element, line, position)

    def _sign_font(self, style: str) -> str:
        """The font that shows signs in place of letters; empty for another."""
        font = self._styles.property("text", style, "style:font-name") if style else ""
        font = font.rstrip("0123456789").strip().lower() if font else ""
        return font if font in PICTURE_FONTS else ""

    def _signed(self, text: str | None) -> str | None:
        """A text in a font of signs as it is shown."""
        if not text or not self._font:
            return text
        return "".join(
            letter if letter.isspace() else symbol(self._font, ord(letter)) or "" for letter in text
        )

    def _position(self, style: str) -> str:
        if style not in self._positions:
            self._positions[style] = self._position_of(style)
        return self._positions[style]

    def _position_of(self, style: str) -> str:
        value = self._styles.property("text", style, "style:text-position").split(" ")[0]
        if value.endswith("%"):
            return "sub" if value.startswith("-") else "" if value == "0%" else "super"
        return value if value in ("super", "sub") else ""

    def _note(self, note: etree._Element, line: Line) -> None:
        mark, bodies = "", []
        for child in elements(note):
            if name(child.tag) == "text:note-citation":
                mark = clean("".join(str(text) for text in child.itertext())).strip()
            elif name(child.tag) == "text:note-body":
                bodies += texts_of(self._inside(child))
        if bodies:
            line.pieces.append(MARK)
            text = settled("\n".join(bodies))[0]
            line.notes.append(Part(BlockRole.NOTE, text, mark=mark))

    def _anchored(self, element: etree._Element, line: Line) -> None:
        """A shape in a paragraph: a formula or a form's value is words of it, others follow it."""
        if name(element.tag) == "draw:control":
            identifier = get(element, "draw:control")
            value = self._forms.value(identifier)
            line.controls.append(identifier)
            line.filled = line.filled or bool(value)
            # One that is no character stands where its paragraph begins in the file, and beside
            # its words on the page.
            as_character = get(element, "text:anchor-type") == "as-char"
            (line.pieces if as_character else line.beside).append(f" {value} ")
            return
        for child in elements(element):
            if name(child.tag) == "draw:object":
                inner = self._odf.inner(child)
                if inner is not None and is_formula(inner):
                    line.pieces.append(f" {math_text(inner)} ")
                    return
        line.shapes.append(element)


def _checked(mark: etree._Element) -> str:
    """The sign of a check box of a form; empty where the field is another one."""
    if not get(mark, "field:type").endswith("FORMCHECKBOX"):
        return ""
    values = {get(param, "field:name"): get(param, "field:value") for param in elements(mark)}
    return "☒" if values.get("Checkbox_Checked") == "true" else "☐"


def _is_placeholder(element: etree._Element, kind: str) -> bool:
    """Whether a field only says what is to be filled in."""
    if kind == "loext:content-control":
        return truth(element, "loext:showing-place-holder")
    return kind == "text:page-number" and bool(_PLACE.fullmatch(element.text or ""))


def with_notes(parts: Iterable[Part], notes: Iterable[Part]) -> list[Part]:
    """The parts without marks, each followed by those of the notes, in order, that it refers to."""
    waiting = list(notes)
    done: list[Part] = []
    for part in parts:
        if MARK not in part.text:
            done.append(part)
            continue
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


def is_layout(contents: list[list[Part]]) -> bool:
    """Whether a table only places blocks on the page: one cell, or one row of long ones."""
    filled = [parts for parts in contents if parts]
    if len(filled) < 2:
        return True
    heads = any(part.role is BlockRole.HEADING for parts in filled for part in parts)
    return heads and any(sum(len(part.text) for part in parts) > _LAYOUT_CHARS for parts in filled)


def settled_parts(parts: Iterable[Part]) -> list[Part]:
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
