"""The values of the write side. All offsets are in characters of ``Document.text``."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Candidate", "Document", "Passage", "Role"]


class Role(StrEnum):
    """What a passage is in its document; the catalog keeps the value."""

    BODY = "body"
    BYLINE = "byline"  # it only says who wrote the document


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be indexed, with what is known of its origin.

    ``page_starts`` holds the offset at which each page begins, the first being 0; it is empty for a
    document without pages. ``language`` is an ISO 639-1 code, detected at indexing when None.
    """

    id: str
    text: str = ""
    title: str | None = None
    source: str | None = None
    language: str | None = None
    page_starts: tuple[int, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one document: ``text == document.text[start:end]``.

    ``page`` and ``paragraph`` (both from 1; ``page`` is None without pages) are those of ``start``;
    the breaks are the offsets, inside the passage, at which the next page or paragraph begins.
    ``context`` says what the passage is when its own words do not (``Autor`` above a name): it is
    indexed and embedded before the text, and never quoted. ``role`` is what it is in the document.
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
