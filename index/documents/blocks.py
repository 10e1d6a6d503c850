"""The blocks of a converted file, and the one text that is made of them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.text.paragraphs import LIST_MARKER

__all__ = ["Block", "Kind", "compose", "without_furniture"]


class Kind(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item or table (a row a line, cells apart by tabs).

    ``page`` counts from 1; None where the format has no pages.
    """

    kind: Kind
    text: str
    page: int | None = None


_SENTENCE_END = re.compile(r"[.!?…:;][\"'»”’)\]]*$")
_PAGE_NUMBER = re.compile(
    r"(?:p[áa]g(?:ina|\.)?|page|hoja)?\s*[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*(?:de|of|/)\s*\d{1,4})?",
    re.IGNORECASE,
)
_PAGE_OF = re.compile(
    r"(?:p[áa]g(?:ina|\.)?|page|hoja)\s*\d+(?:\s*(?:de|of|/)\s*\d+)?|\d+\s*(?:de|of|/)\s*\d+$",
    re.IGNORECASE,
)
# A header or footer has few words; a sentence that recurs on a few pages is content.
_FURNITURE_CHARS = 200
_EDGE_BLOCKS = 3


def without_furniture(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a paged document without page numbers, running headers and footers.

    Furniture stands among the first or last three blocks of its page. A header or footer has the
    same words, but for the page's number, on more than half of the pages and at least three; its
    first appearance stays, for it may be the title.
    """
    pages: dict[int | None, list[int]] = {}
    for position, block in enumerate(blocks):
        pages.setdefault(block.page, []).append(position)
    edges = {
        position
        for on_page in pages.values()
        for position in (*on_page[:_EDGE_BLOCKS], *on_page[-_EDGE_BLOCKS:])
    }
    keys = {position: _furniture_key(blocks[position]) for position in sorted(edges)}
    keys_by_page = {(key, blocks[position].page) for position, key in keys.items()}
    page_counts = Counter(key for key, _ in keys_by_page if key is not None)
    seen: set[str] = set()
    kept = []
    for position, block in enumerate(blocks):
        key = keys.get(position)
        recurs = key is not None and page_counts[key] >= 3 and 2 * page_counts[key] > len(pages)
        on_page = pages[block.page]
        outermost = position in (on_page[0], on_page[-1])
        if (recurs and key in seen) or (outermost and _PAGE_NUMBER.fullmatch(block.text)):
            continue
        if key is not None:
            seen.add(key)
        kept.append(block)
    return kept


def _furniture_key(block: Block) -> str | None:
    if len(block.text) > _FURNITURE_CHARS or block.kind is Kind.TABLE:
        return None
    # Only a number that says so is the page's: "Artículo 3" may well be on page 3.
    return _PAGE_OF.sub("#", block.text)


def compose(blocks: Iterable[Block], pages: int = 0) -> tuple[str, tuple[int, ...]]:
    """The text of the blocks and the offset in it at which each of ``pages`` pages begins.

    Blocks stand apart by a blank line, items of one list and rows of one table by a line end; an
    item without a number gets a bullet. A paragraph that a page or line break cuts in two is made
    whole again; the next page may then begin inside it. A page without text begins where the next
    text does.
    """
    parts: list[str] = []
    length = 0
    starts: list[int] = []
    before: Block | None = None
    for block in blocks:
        gap = "" if before is None else _gap(before, block)
        length += len(gap)
        starts += [length] * ((block.page or 0) - len(starts))
        bare = block.kind is Kind.ITEM and not LIST_MARKER.match(block.text)
        text = f"• {block.text}" if bare else block.text
        parts += (gap, text)
        length += len(text)
        kind = before.kind if before is not None and gap == " " else block.kind
        before = Block(kind, block.text, block.page)
    starts += [length] * (pages - len(starts))
    if starts:
        starts[0] = 0
    return "".join(parts), tuple(starts)


def _gap(before: Block, block: Block) -> str:
    if _continues(before, block):
        return " "
    in_one_list = before.kind is block.kind and block.kind in (Kind.ITEM, Kind.TABLE)
    return "\n" if in_one_list and before.page == block.page else "\n\n"


def _continues(before: Block, block: Block) -> bool:
    """Whether a line or page end of a paged document cuts a paragraph between two blocks."""
    prose = before.kind in (Kind.TEXT, Kind.ITEM) and block.kind is Kind.TEXT
    if block.page is None or not prose or _SENTENCE_END.search(before.text):
        return False
    rest = before.kind is Kind.ITEM and len(before.text) >= 70 and block.text[-1] in ".;"
    return block.text[0].islower() or rest
