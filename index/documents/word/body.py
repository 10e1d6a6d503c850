"""Paragraphs and tables of a story (the body, a cell, a text box, a note) in their order."""

import re
from dataclasses import dataclass

from index.documents.decoding import clean
from index.documents.word.chunks import read_chunk
from index.documents.word.context import Context, Raw, level_of
from index.documents.word.fields import Fields
from index.documents.word.line import Line, read_line
from index.documents.word.markup import (
    Element,
    R,
    W,
    attribute,
    put_away,
    unwrapped,
    value,
)
from index.documents.word.numbering import Label
from index.documents.word.scripts import merged
from index.documents.word.styles import ParagraphStyle
from index.documents.word.tables import read_table
from index.types import BlockRole

__all__ = ["Story"]

_SPACES = re.compile(r"[ ]{2,}")
_AROUND_BREAK = re.compile(r"[ \t]*\n[ \t]*")
_AROUND_TAB = re.compile(r" *\t[ \t]*")
_BLANK_LINES = re.compile(r"\n{2,}")
_PAGE_OF_ENTRY = re.compile(r"[ .…·_]*\t[\s.…·_]*[-–]?\s*(?:\d{1,4}|[ivxlc]{1,7})\s*[-–]?$")


@dataclass(slots=True)
class _Owner:
    """Whose properties a paragraph has, and its number."""

    properties: Element | None
    style: ParagraphStyle
    label: Label | None = None


@dataclass(slots=True)
class _Open:
    """A paragraph whose end is deleted or hidden, so that the next one continues it.

    ``owner`` is set where it keeps its own properties; ``fallback`` counts where none follows.
    """

    line: Line
    owner: _Owner | None
    fallback: _Owner


class Story:
    """Reads block by block; the fields of a story may hold many of its paragraphs."""

    def __init__(self, context: Context, root: Element) -> None:
        self.context = context
        self.fields = Fields(root)

    def blocks(self, container: Element) -> list[Raw]:
        """What stands in the container."""
        reader = _Blocks(self, in_cell=container.tag == f"{W}tc")
        for child in unwrapped(container):
            tag = child.tag
            if tag == f"{W}p":
                reader.paragraph(child)
            elif tag == f"{W}tbl":
                reader.flush()
                reader.out += read_table(child, self.context, self.blocks)
            elif tag == f"{W}altChunk":
                reader.flush()
                reader.out += read_chunk(child.get(f"{R}id") or "", self.context)
        reader.flush()
        return reader.out


class _Blocks:
    def __init__(self, story: Story, *, in_cell: bool) -> None:
        self._in_cell = in_cell
        self.out: list[Raw] = []
        self._story = story
        self._context = story.context
        self._open: _Open | None = None

    def paragraph(self, element: Element) -> None:
        properties = element.find(f"{W}pPr")
        style = self._context.styles.paragraph(value(properties, "pStyle"))
        line = read_line(element, style, self._context, self._story.fields)
        mark = None if properties is None else properties.find(f"{W}rPr")
        owner = _Owner(properties, style)
        frame = None if properties is None else properties.find(f"{W}framePr")
        if put_away(mark):
            self._keep_open(line, None, owner)
        elif self._context.hidden(style.letters.hidden, mark):
            self._hidden_end(line, owner)
        elif attribute(frame, "dropCap") in ("drop", "margin") and len(line.text.strip()) < 4:
            self._keep_open(Line([line.text.strip()], line.boxes), None, owner)
        else:
            self._finish(line, owner)
        if properties is not None and properties.find(f"{W}sectPr") is not None:
            self._context.notes.end_section()

    def flush(self) -> None:
        """End a paragraph that nothing continues."""
        left, self._open = self._open, None
        if left is not None:
            owner = left.owner or self._counted(left.fallback)
            self._emit(left.line, owner)

    def _keep_open(self, line: Line, owner: _Owner | None, fallback: _Owner) -> None:
        before = self._open
        if before is None:
            self._open = _Open(line, owner, fallback)
        else:
            self._open = _Open(before.line.join(line), before.owner or owner, fallback)

    def _hidden_end(self, line: Line, owner: _Owner) -> None:
        if line.text.strip():
            own = None if self._open is not None and self._open.owner else self._counted(owner)
            self._keep_open(line, own, owner)
        elif line.boxes:
            self._keep_open(line, None, owner)

    def _counted(self, owner: _Owner) -> _Owner:
        mark = None if owner.properties is None else owner.properties.find(f"{W}rPr")
        language = value(mark, "lang") or owner.style.language or self._context.styles.language
        owner.label = self._context.numbering.label(owner.properties, owner.style, language)
        return owner

    def _finish(self, line: Line, owner: _Owner) -> None:
        before, self._open = self._open, None
        if before is not None:
            line = before.line.join(line)
            if before.owner is not None:
                # A heading that goes on as text in its line is a paragraph with a number.
                text_follows = not level_of(owner.properties, owner.style.outline)
                style = ParagraphStyle() if text_follows else before.owner.style
                owner = _Owner(
                    None if text_follows else before.owner.properties, style, before.owner.label
                )
                self._emit(line, owner)
                return
        self._emit(line, self._counted(owner))

    def _emit(self, line: Line, owner: _Owner) -> None:
        text = _normal(line.text, code=owner.style.kind == "code")
        whole = owner.style.kind == "code" or "\n\n" not in text
        pieces = [text] if whole else _BLANK_LINES.split(text)
        bold = line.letters > 0 and line.bold_letters >= 0.9 * line.letters
        label = owner.label
        if self._in_cell and not text and label is not None and label.mark:
            self.out.append(Raw(BlockRole.PARAGRAPH, label.mark))  # a column of numbers
        for piece in pieces:
            if not piece:
                continue
            raw = self._raw(piece, owner, label, line)
            raw.bold, raw.filled = bold, line.filled
            self.out.append(raw)
            label = None
        for box in line.boxes:
            # A box has fields of its own.
            self.out += Story(self._context, box).blocks(box)

    def _raw(self, text: str, owner: _Owner, label: Label | None, line: Line) -> Raw:
        style = owner.style
        mark = label.mark if label is not None else ""
        if style.kind == "toc" or (line.contents and "\t" in text):
            entry = _PAGE_OF_ENTRY.sub("", text).strip()
            return Raw(BlockRole.ITEM, entry, 1, mark, kind="toc")
        role, level = BlockRole.PARAGRAPH, level_of(owner.properties, style.outline)
        if style.kind in ("code", "caption"):
            role, level = BlockRole(style.kind), 0
        elif level or style.kind in ("title", "heading"):
            role, level = BlockRole.HEADING, level or 1
        elif label is not None and label.listed:
            role, level = BlockRole.ITEM, max(label.level, style.list_level)
        elif style.bulleted and label is None and not _unlisted(owner.properties):
            role, level = BlockRole.ITEM, style.list_level
        return Raw(role, text, level, mark, kind=style.kind)


def _unlisted(properties: Element | None) -> bool:
    """Whether a paragraph says that it is in no list."""
    return properties is not None and properties.find(f"{W}numPr") is not None


def _normal(text: str, *, code: bool) -> str:
    text = merged(clean(text))
    if code:
        return text.strip("\n")
    if "\n" in text:
        text = _AROUND_BREAK.sub("\n", text)
    if "\t" in text:
        text = _AROUND_TAB.sub("\t", text)
    return (_SPACES.sub(" ", text) if "  " in text else text).strip()
