"""Where a citation's link points: the quoted words among the paragraphs around them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from index.paragraphs import paragraph_spans
from index.schema import content_hash
from index.types import Document
from qa.types import Citation

__all__ = ["Piece", "Source", "document_of", "is_stale", "link_to", "source_of"]

_PREFIX = "#cite-"
_STAMP = "h"  # before the first digits of the hash of the document's text
_DIGITS = 12
_CONTEXT = 1000  # characters of a paragraph shown before or after a quote, at most


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters and what they are: context, quoted, or quoted and the answer itself."""

    kind: Literal["context", "quote", "answer"]
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """The quoted words in their paragraphs, with the paragraphs before and after, cut to fit.

    ``page`` (None without pages) and ``paragraph``, both from 1, are those of the first quoted
    character; ``name`` is that of the document's file, where it is not the title. A cut paragraph
    has an ellipsis.
    """

    title: str
    name: str | None
    page: int | None
    paragraph: int
    paragraphs: tuple[tuple[Piece, ...], ...]


def link_to(citation: Citation) -> str:
    """The link of a citation: its document, its offsets and those of the words that answer.

    It ends with a part of the hash of the document's text.
    """
    name = urlsafe_b64encode(citation.document_id.encode(errors="surrogateescape")).decode()
    numbers = (citation.start, citation.end, *(citation.highlight or ()))
    stamp = _STAMP + citation.hash[:_DIGITS]
    return ".".join([_PREFIX + name.rstrip("="), *map(str, numbers), stamp])


def document_of(link: str) -> str:
    """The id of the document that a link names; ValueError if it is no citation's link."""
    name = link.removeprefix(_PREFIX).partition(".")[0]
    return urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode(errors="surrogateescape")


def is_stale(link: str, document: Document) -> bool:
    """Whether the document's text is another one than when the link was made."""
    stamp = link.rpartition(".")[2]
    stamped = stamp.startswith(_STAMP)
    return stamped and not content_hash(document.text).startswith(stamp.removeprefix(_STAMP))


def source_of(link: str, document: Document) -> Source:
    """What a link shows of its document; ValueError if it points outside of the text."""
    places = link.removeprefix(_PREFIX).split(".")[1:-1]
    start, end, *answer = (int(number) for number in places)
    spans = paragraph_spans(document.text)
    bounds = (start, *answer, end)
    if len(answer) not in {0, 2} or list(bounds) != sorted(bounds) or not spans:
        raise ValueError(link)
    if not 0 <= start < end <= len(document.text):
        raise ValueError(link)
    first = max(0, bisect_right(spans, start, key=_start) - 1)
    last = max(0, bisect_right(spans, end - 1, key=_start) - 1)
    shown = spans[max(0, first - 1) : last + 2]
    # The file's name only: the folders of the machine that made the index are nobody's business.
    name = (document.source or "").replace("\\", "/").rstrip("/").rpartition("/")[2] or None
    title = document.title or name or document.id
    return Source(
        title=title,
        name=name if name != title else None,
        page=bisect_right(document.page_starts, start) or None,
        paragraph=first + 1,
        paragraphs=tuple(tuple(_pieces(document.text, *span, bounds)) for span in shown),
    )


def _start(span: tuple[int, int]) -> int:
    return span[0]


def _pieces(text: str, begin: int, stop: int, bounds: tuple[int, ...]) -> list[Piece]:
    """One paragraph, cut where the quote and the answer begin and end; no piece is empty."""
    start, end = bounds[0], bounds[-1]
    from_, to = max(begin, start - _CONTEXT), min(stop, end + _CONTEXT)
    if from_ >= to:  # a long paragraph lies between this one and the quote
        return [Piece("context", "…")]
    cuts = [from_, *(min(max(bound, from_), to) for bound in bounds), to]
    kinds: list[Literal["context", "quote", "answer"]] = ["context", "quote", "context"]
    if len(bounds) == 4:
        kinds[1:2] = ["quote", "answer", "quote"]
    pieces = [
        Piece(kind, text[a:b]) for kind, a, b in zip(kinds, cuts, cuts[1:], strict=False) if a < b
    ]
    before = [Piece("context", "…")] if from_ > begin else []
    after = [Piece("context", "…")] if to < stop else []
    return [*before, *pieces, *after]
