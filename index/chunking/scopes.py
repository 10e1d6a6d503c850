"""What stands above a paragraph and belongs to it: its headings, its article, its table's header.

A row of a table without its header, a fraction without its article or an item without what
introduces the list says nothing. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.chunking.roles import Paragraph, ParagraphRole
from index.text.marks import ARTICLE
from index.text.tables import cells, is_delimiter, readable_row
from index.types import Block, BlockRole, Document

__all__ = ["Scope", "context_of", "runs", "scopes"]

Span = tuple[int, int]

_PIECE_CHARS = 160
_CONTEXT_CHARS = 400
_BOLD = re.compile(r"[*_]*")
_LEADING_MARKS = re.compile(r"^[#*_>\s]+")
_LAST_MARKS = re.compile(r"[\s*_:.#–—-]+$")


@dataclass(frozen=True, slots=True)
class Scope:
    """Offsets of what a paragraph belongs to, outermost first; all of it stands before it.

    ``header`` are the header rows of its table, and ``label`` its own number (``Artículo 5.-``),
    for what is cut off from its beginning.
    """

    pieces: tuple[Span, ...] = ()
    header: Span | None = None
    label: Span | None = None


def scopes(document: Document, paragraphs: Sequence[Paragraph]) -> list[Scope]:
    """The scope of each paragraph."""
    reading = _Reading(document)
    return [reading.scope(i, paragraph, paragraphs) for i, paragraph in enumerate(paragraphs)]


def runs(document: Document, paragraphs: Sequence[Paragraph]) -> list[int]:
    """Of each paragraph, the number of the table, list or article that it is a part of, else -1.

    A list has its introduction, an article all up to the next article or heading.
    """
    found = [-1] * len(paragraphs)
    current, in_article, last = -1, False, None
    number = 0
    for i, paragraph in enumerate(paragraphs):
        block = paragraph.block
        if _heads(paragraph) or paragraph.speaker:
            current, in_article, last = -1, False, block
            continue
        if _article(document.text, paragraph):
            number += 1
            current, in_article = number, True
        elif in_article and block.role is not BlockRole.TABLE and not paragraph.barrier:
            pass
        elif block.role in (BlockRole.TABLE, BlockRole.ITEM):
            same = last is not None and (
                last is block or (last.role is block.role is BlockRole.ITEM)
            )
            if not same or current < 0:
                number += 1
                current, in_article = number, False
                if block.role is BlockRole.ITEM and i and _introduces(document, paragraphs[i - 1]):
                    found[i - 1] = current
        elif block.role is not BlockRole.NOTE or current < 0:
            current, in_article = -1, False
        found[i] = current
        last = block
    return found


def context_of(document: Document, scope: Scope, start: int, first: Paragraph) -> str:
    """The words of a scope for a passage that begins at ``start``, in its paragraph ``first``."""
    text = document.text
    words = [_words(text[a:b]) for a, b in scope.pieces]
    if scope.header and scope.header[1] <= start:
        words.append(_header_words(text[slice(*scope.header)]))
    if scope.label and start > first.start:
        words.append(_words(text[slice(*scope.label)]))
    # What introduces a list may begin with the number of its article.
    after = [*words[1:], ""][: len(words)]
    words = [word for word, then in zip(words, after, strict=True) if not then.startswith(word)]
    while len(words) > 1 and sum(map(len, words)) > _CONTEXT_CHARS:
        del words[0]
    return " › ".join(words)


@lru_cache(maxsize=16)
def _header_words(rows: str) -> str:
    """A table's header in one line; the same for all of its passages."""
    return readable_row(rows.split("\n"))[:_CONTEXT_CHARS]


def _words(text: str) -> str:
    words = " ".join(_LAST_MARKS.sub("", _LEADING_MARKS.sub("", text)).split())
    if len(words) <= _PIECE_CHARS:
        return words
    return words[:_PIECE_CHARS].rpartition(" ")[0] + " …"


class _Reading:
    """Walks through the paragraphs of a document and keeps what is in force."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._title = " ".join((document.title or "").split()).casefold()
        self._headings: list[tuple[int, Span]] = []
        self._article: Span | None = None
        self._introduction: Span | None = None
        self._items: list[tuple[int, Span]] = []
        self._table: Block | None = None
        self._row = 0
        self._caption: Span | None = None
        self._header: Span | None = None
        self._section: Span | None = None

    def scope(self, i: int, paragraph: Paragraph, paragraphs: Sequence[Paragraph]) -> Scope:
        before = paragraphs[i - 1] if i else None
        block = paragraph.block
        if block.role is BlockRole.TABLE:
            return self._row_scope(paragraph, before)
        self._table = None
        if block.role is BlockRole.ITEM:
            return self._item_scope(paragraph, before)
        self._items = []
        if block.role is BlockRole.HEADING and paragraph.role is not ParagraphRole.BYLINE:
            return self._heading_scope(paragraph)
        above = tuple(span for _, span in self._headings)
        if _heads(paragraph):
            self._article = None
        label = _article(self._text, paragraph)
        if label:
            self._article = label
            return Scope(above, label=label)
        return Scope((*above, self._article) if self._article else above)

    def _heading_scope(self, paragraph: Paragraph) -> Scope:
        level = paragraph.block.level or 1
        self._article = None
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        above = tuple(span for _, span in self._headings)
        span = (paragraph.start, paragraph.end)
        # What every passage of a document stands under tells none of them apart.
        if _words(self._text[slice(*span)]).casefold() != self._title:
            self._headings.append((level, span))
        return Scope(above)

    def _item_scope(self, paragraph: Paragraph, before: Paragraph | None) -> Scope:
        level = paragraph.block.level or 1
        if before is None or before.block.role not in (BlockRole.ITEM, BlockRole.NOTE):
            ends = before is not None and self._text[before.end - 1] == ":"
            body = before is not None and before.block.role is not BlockRole.HEADING
            self._introduction = (before.start, before.end) if before and ends and body else None
            self._items = []
        while self._items and self._items[-1][0] >= level:
            self._items.pop()
        pieces = [span for _, span in self._headings]
        pieces += [span for span in (self._article, self._introduction) if span]
        pieces += [span for _, span in self._items]
        label = _article(self._text, paragraph)
        if label:
            self._article = label
            pieces = [span for _, span in self._headings]
        self._items.append((level, (paragraph.start, paragraph.end)))
        return Scope(tuple(dict.fromkeys(pieces)), label=label)

    def _row_scope(self, paragraph: Paragraph, before: Paragraph | None) -> Scope:
        block = paragraph.block
        line = self._text[paragraph.start : paragraph.end]
        if self._table is not block:
            self._begin_table(block, before)
        row, self._row = self._row, self._row + 1
        pieces = [span for _, span in self._headings]
        pieces += [self._article] if self._article else []
        pieces += [self._caption] if self._caption else []
        if row < block.header_rows:
            self._header = (self._header[0] if self._header else paragraph.start, paragraph.end)
            return Scope(tuple(pieces))
        if is_delimiter(line):
            return Scope(tuple(pieces), self._header)
        if _is_section(line):
            self._section = (paragraph.start, paragraph.end)
        elif self._section:
            pieces.append(self._section)
        return Scope(tuple(pieces), self._header)

    def _begin_table(self, block: Block, before: Paragraph | None) -> None:
        self._table, self._row, self._header, self._section = block, 0, None, None
        captioned = before is not None and before.block.role is BlockRole.CAPTION
        self._caption = (before.start, before.end) if before and captioned else None


def _article(text: str, paragraph: Paragraph) -> Span | None:
    """The number with which an article or clause begins, if the paragraph does."""
    if paragraph.block.role in (BlockRole.HEADING, BlockRole.TABLE, BlockRole.NOTE):
        return None
    bold = _BOLD.match(text, paragraph.start, paragraph.end)
    match = ARTICLE.match(text, bold.end() if bold else paragraph.start, paragraph.end)
    return match.span() if match and match.end() < paragraph.end else None


def _is_section(line: str) -> bool:
    """Whether a row has one cell, its first: ``Zona Norte``."""
    if "\t" in line and not line.startswith("|"):
        return False
    first, *others = cells(line)
    return bool(first) and not any(others)


def _heads(paragraph: Paragraph) -> bool:
    """Whether it begins something new, after which an earlier article is not in force."""
    captions = paragraph.block.role is BlockRole.CAPTION
    return paragraph.role in (ParagraphRole.HEADING, ParagraphRole.SPEAKER) and not captions


def _introduces(document: Document, paragraph: Paragraph) -> bool:
    plain = paragraph.block.role is BlockRole.PARAGRAPH
    return plain and document.text[paragraph.end - 1] == ":"
