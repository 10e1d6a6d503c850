"""The values of the write side. All offsets are in characters of ``Document.text``."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

__all__ = [
    "Block",
    "BlockRole",
    "Candidate",
    "Document",
    "Metadata",
    "Notice",
    "NoticeKind",
    "Passage",
    "Role",
    "document_of",
]


class BlockRole(StrEnum):
    """What a block is in its document; the catalog keeps the value."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # of a list
    TABLE = "table"
    FIELD = "field"  # a label and its value: "Aforo: 85 personas"
    NOTE = "note"
    CAPTION = "caption"  # of the table or picture after it
    CODE = "code"
    TURN = "turn"  # the label of a speaker, with what is said on its line
    QUOTED = "quoted"  # what a mail repeats of the mail that it answers


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a document: ``document.text[start:end]``. Blocks are in order and do not overlap.

    ``level`` is a heading's (1 is the highest) or an item's (1 is the outermost list), else 0.
    ``mark`` is what an item or note is numbered with, as it is shown (``a)``, ``3.``). ``anchor``
    is the offset in the text at which a note's mark stood.

    A table's rows are the lines of its text. Their cells stand between tabs (in Markdown: between
    pipes); a cell that spans others is repeated in each of them. The first ``header_rows`` lines
    are the header. ``spans`` says which cells are one: (row, column, rows, columns), from 0.
    """

    role: BlockRole
    start: int
    end: int
    level: int = 0
    mark: str = ""
    anchor: int | None = None
    header_rows: int = 0
    spans: tuple[tuple[int, int, int, int], ...] = ()


class NoticeKind(StrEnum):
    """What a notice is about; the catalog keeps the value."""

    HIDDEN = "hidden"  # the file hides it from its readers
    DELETED = "deleted"  # a change that was tracked took it away
    COMMENT = "comment"
    NO_TEXT = "no text"  # a picture or page without text
    LOST = "lost"  # it could not be read
    OCR = "ocr"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Notice:
    """What of a file is not in its document's text, in one English sentence without a full stop."""

    kind: NoticeKind
    text: str


class Role(StrEnum):
    """What a passage is in its document; the catalog keeps the value."""

    BODY = "body"
    BYLINE = "byline"  # it only says who wrote the document


Metadata = str | int | float | bool | date | Sequence[str]
"""A value of a document's metadata; the index keeps a date as text, YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be indexed, with what is known of its origin.

    ``page_starts`` holds the offset at which each page begins, the first being 0; it is empty for a
    document without pages. ``page_labels`` are the numbers printed on the pages, where they are not
    1, 2, 3. ``page_confidences`` holds, of each page, how sure OCR was of its text (0 to 1), None
    where it was not needed; it is empty where no page was. ``language`` is an ISO 639-1 code,
    detected at indexing when None. ``blocks`` say what the parts of the text are; without any they
    are seen in the text. ``notices`` say what of the file is not in the text.
    """

    id: str
    text: str = ""
    title: str | None = None
    source: str | None = None
    language: str | None = None
    page_starts: tuple[int, ...] = ()
    metadata: Mapping[str, Metadata] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    page_labels: tuple[str, ...] = ()
    page_confidences: tuple[float | None, ...] = ()
    notices: tuple[Notice, ...] = ()


def document_of(fields: Mapping[str, Any]) -> Document:
    """The document whose `dataclasses.asdict` went through JSON."""
    blocks = (
        Block(**{**block, "role": BlockRole(block["role"]), "spans": _spans(block["spans"])})
        for block in fields["blocks"]
    )
    notices = (Notice(NoticeKind(notice["kind"]), notice["text"]) for notice in fields["notices"])
    return Document(
        **{
            **fields,
            "page_starts": tuple(fields["page_starts"]),
            "blocks": tuple(blocks),
            "page_labels": tuple(fields["page_labels"]),
            "page_confidences": tuple(fields["page_confidences"]),
            "notices": tuple(notices),
        }
    )


def _spans(spans: Sequence[Sequence[int]]) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((row, column, rows, columns) for row, column, rows, columns in spans)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document: ``text == document.text[start:end]``.

    ``page`` and ``paragraph`` (both from 1; ``page`` is None without pages) are those of ``start``;
    the breaks are the offsets, inside the passage, at which the next page or paragraph begins.
    ``context`` says what the passage is when its own words do not (``Autor`` above a name): it is
    indexed and embedded before the text, and never quoted. ``role`` is what it is in the document.
    ``blocks`` are those of the document that the passage holds or is a part of, without plain
    paragraphs. ``header`` holds the header rows of the table in which the passage begins, as they
    stand in the document, where they stand before the passage and are not too long for that.
    """

    document_id: str
    start: int
    end: int
    text: str
    paragraph: int
    page: int | None = None
    paragraph_breaks: tuple[int, ...] = ()
    page_breaks: tuple[int, ...] = ()
    language: str | None = None
    context: str = ""
    role: Role = Role.BODY
    blocks: tuple[Block, ...] = ()
    header: str = ""

    @property
    def indexed_text(self) -> str:
        """What is embedded and searched: the context, if any, and the text."""
        return f"{self.context}: {self.text}" if self.context else self.text

    @property
    def words(self) -> str:
        """The text with single spaces; copies of it have the same."""
        return " ".join(self.text.split())

    def locate(self, offset: int) -> tuple[int | None, int]:
        """Page (None without pages) and paragraph, both from 1, of an offset inside the passage."""
        page = None if self.page is None else self.page + bisect_right(self.page_breaks, offset)
        return page, self.paragraph + bisect_right(self.paragraph_breaks, offset)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that one question brought up, before ranking.

    ``dense`` is the cosine of question and passage, NaN in all where the index has vectors of other
    weights than the model's; ``lexical`` the BM25 score, None where the passage is not among the
    lexical best. Higher is better for both.
    """

    id: int
    passage: Passage
    dense: float
    lexical: float | None
