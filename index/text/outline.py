"""The blocks of a text that came without any: plain text, Markdown, what a program adds. Pure."""

from index.text.paragraphs import LIST_MARKER, MARKDOWN_HEADING, paragraph_spans
from index.text.tables import is_row
from index.types import Block, BlockRole

__all__ = ["outline"]


def outline(text: str) -> tuple[Block, ...]:
    """A block for each paragraph, and one for each table."""
    blocks: list[Block] = []
    for start, end in paragraph_spans(text):
        line = text[start:end]
        before = blocks[-1] if blocks else None
        if is_row(line) and "\n" not in line:
            if before and before.role is BlockRole.TABLE and text[before.end : start] == "\n":
                blocks[-1] = Block(BlockRole.TABLE, before.start, end, header_rows=1)
            else:
                blocks.append(Block(BlockRole.TABLE, start, end, header_rows=1))
        elif heading := MARKDOWN_HEADING.match(line):
            blocks.append(Block(BlockRole.HEADING, start, end, heading[0].count("#")))
        elif marker := LIST_MARKER.match(line):
            blocks.append(Block(BlockRole.ITEM, start, end, 1, marker[0].strip()))
        else:
            blocks.append(Block(BlockRole.PARAGRAPH, start, end))
    return tuple(blocks)
