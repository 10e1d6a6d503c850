"""A document of an index, as the words of a report are looked for in it."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

from index.chunking.structure import paragraphs_of, with_blocks
from index.text.hashing import content_hash
from index.types import Document
from qa.reports.plain import Keyed, keyed
from qa.reports.reading import Quoted

__all__ = ["Place", "Source"]

_NEAR = 0.5  # share of a quote's words that the nearest words of a changed document have at least
_COMPARED = 300  # words of a quote that are compared with those of a changed document
_CELL = re.compile(r"[\t\n]| / ")  # Markdown has one header row, with what stood in several


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a document of the index: ``text == document.text[start:end]``.

    ``page`` (None without pages) and ``paragraph`` count from 1; ``page_label`` is the number
    printed on the page, where that is another one. ``hash`` is the SHA-256 of the document's text.
    """

    document_id: str
    page: int | None
    page_label: str | None
    paragraph: int
    start: int
    end: int
    hash: str
    text: str


class Source:
    """A document, its words to compare, and its paragraphs, each found out once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._words = keyed(document.text)

    @cached_property
    def _paragraphs(self) -> list[tuple[int, int]]:
        document = self.document
        return [span for span, _ in paragraphs_of(document.text, with_blocks(document).blocks)]

    @cached_property
    def _hash(self) -> str:
        return content_hash(self.document.text)

    def says(self, quote: Quoted, start: int, end: int) -> bool:
        """Whether the text between two offsets is the quote, word for word."""
        if not start < end <= len(self.document.text):
            return False
        said = keyed(self.document.text[start:end])
        return any(said.says(read) for read in self._readings(quote))

    def find(self, quote: Quoted, near: int) -> Place | None:
        """Where the document says the quote, of several places that nearest to an offset."""
        for read in self._readings(quote):
            if place := self._words.find(read, near):
                return self.place(*place)
        return None

    def _readings(self, quote: Quoted) -> Iterator[Keyed]:
        """The words to look for: all, then the rows alone, if their header is the document's."""
        yield keyed(f"{quote.header}\n{quote.words}")
        rows = keyed(quote.words)
        if quote.header and rows.key:
            cells = (keyed(cell) for cell in _CELL.split(quote.header))
            if all(self._words.find(cell) for cell in cells if cell.key):
                yield rows

    def place(self, start: int, end: int) -> Place:
        """What is between two offsets, with its page and paragraph."""
        document = self.document
        page = bisect_right(document.page_starts, start)
        label = document.page_labels[page - 1] if 0 < page <= len(document.page_labels) else ""
        return Place(
            document.id,
            page or None,
            label if label not in {"", str(page)} else None,
            max(1, bisect_right(self._paragraphs, start, key=lambda span: span[0])),
            start,
            end,
            self._hash,
            document.text[start:end],
        )

    def nearest(self, quote: Quoted) -> Place | None:
        """The words that are most like the quote's; None where few are."""
        text = self.document.text
        asked = _words(keyed(quote.words))[:_COMPARED]
        wanted = Counter(word.casefold() for word in asked)
        best, most = None, 0
        for start, paragraph_end in self._paragraphs:
            end = max(paragraph_end, min(len(text), start + len(quote.words)))
            said = Counter(word.casefold() for word in _words(keyed(text[start:end])))
            shared = (wanted & said).total()
            if shared > most:
                best, most = (start, end), shared
        if best is None or most < _NEAR * len(asked):
            return None
        return self.place(*_alike(asked, text, *best))


def _words(keys: Keyed) -> list[str]:
    """The tokens of a key."""
    bounds = [*keys.starts, len(keys.key)]
    return [keys.key[a:b] for a, b in pairwise(bounds)]


def _alike(asked: Sequence[str], text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch of a text from the first to the last words that are the quote's."""
    words = keyed(text[start:end])
    said = _words(words)
    matcher = SequenceMatcher(None, asked, said, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return start, end
    first = max(0, blocks[0].b - blocks[0].a)
    left = len(asked) - blocks[-1].a - blocks[-1].size
    last = min(len(said), blocks[-1].b + blocks[-1].size + left) - 1
    return start + words.places[first][0], start + words.places[last][1]
