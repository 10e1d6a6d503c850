"""What is asked of a document's blocks: its paragraphs, and who speaks. Pure."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.chunking.speakers import turns
from index.text.outline import outline
from index.text.paragraphs import SEPARATOR, stripped
from index.types import Block, BlockRole, Document

__all__ = ["barriers", "paragraphs_of", "with_blocks"]

Span = tuple[int, int]


def with_blocks(document: Document) -> Document:
    """The document with its blocks: its own, or those seen in its text, and its speakers' turns."""
    text = document.text
    blocks = document.blocks or outline(text)
    if any(block.role is BlockRole.TURN for block in blocks):
        return replace(document, blocks=blocks)
    places = list(paragraphs_of(text, blocks))
    spans = [span for span, _ in places]
    begun = {spans[t.first][0]: t.speaker for t in turns(text, spans, barriers(text, spans))}
    marked = tuple(
        replace(block, role=BlockRole.TURN, level=0, mark=begun[block.start])
        if begun.get(block.start) and block.role is not BlockRole.TABLE
        else block
        for block in blocks
    )
    return replace(document, blocks=marked)


def paragraphs_of(text: str, blocks: Sequence[Block]) -> Iterator[tuple[Span, Block]]:
    """The offsets of the paragraphs, each with its block: a block, or a row of a table."""
    for block in blocks:
        if block.role is not BlockRole.TABLE:
            start, end = stripped(text, block.start, block.end)
            if start < end:
                yield (start, end), block
            continue
        at = block.start
        for line in text[block.start : block.end].split("\n"):
            # A tab at the start stands for an empty first cell.
            if words := line.rstrip():
                yield (at, at + len(words)), block
            at += len(line) + 1


def barriers(text: str, spans: Sequence[Span]) -> list[bool]:
    """Of each paragraph, whether a separator line stands before it."""
    return [i > 0 and _separated(text, spans[i - 1][1], spans[i][0]) for i in range(len(spans))]


def _separated(text: str, end: int, start: int) -> bool:
    # Most gaps are one blank line.
    if start - end < 4:
        return False
    return any(SEPARATOR.fullmatch(line) for line in text[end:start].splitlines())


def block_at(blocks: Sequence[Block], offset: int) -> Block | None:
    """The block that holds an offset."""
    place = bisect_right(blocks, offset, key=lambda block: block.start) - 1
    return blocks[place] if place >= 0 and offset < blocks[place].end else None
