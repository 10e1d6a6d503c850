"""What may be quoted of a passage: its sentences, and the rows of its tables."""

from collections.abc import Iterator

from index.text.sentences import sentence_spans
from index.text.tables import is_delimiter
from index.types import Block, BlockRole, Passage

__all__ = ["is_heading", "quotable"]

Span = tuple[int, int]

_HEADING_CHARS = 120
_BODY_CHARS = 80  # of the paragraph below a heading, at least
_ENDS = (*".,;:!…", '."', ".”", ".»")  # of a line that says something


def quotable(passage: Passage) -> list[Span]:
    """The sentences and rows of a passage, as offsets in it, in order.

    The header of a table answers nothing alone; it is shown with each row that is quoted.
    """
    tables = [block for block in passage.blocks if block.role is BlockRole.TABLE]
    if not tables:
        return sentence_spans(passage.text, passage.language)
    spans: list[Span] = []
    at = 0
    for table in tables:
        start = max(0, table.start - passage.start)
        spans += _sentences(passage, at, start)
        spans += _rows(passage, table, start)
        at = min(table.end - passage.start, len(passage.text))
    spans += _sentences(passage, at, len(passage.text))
    return spans or sentence_spans(passage.text, passage.language)


def _sentences(passage: Passage, start: int, end: int) -> list[Span]:
    spans = sentence_spans(passage.text[start:end], passage.language) if start < end else []
    return [(start + a, start + b) for a, b in spans]


def _rows(passage: Passage, table: Block, start: int) -> Iterator[Span]:
    """The rows below the header, of those that are in the passage."""
    begins_here = table.start >= passage.start
    at = start
    for number, line in enumerate(passage.text[start : table.end - passage.start].split("\n")):
        is_header = begins_here and number < table.header_rows
        if line.strip() and not is_header and not is_delimiter(line):
            yield at, at + len(line)
        at += len(line) + 1


def is_heading(passage: Passage, start: int, end: int) -> bool:
    """Whether offsets in a passage are of a heading, or of a line that looks like one.

    It tells what is said below it: a name in it answers nothing.
    """
    text = passage.text
    first = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", first)
    if stop < 0 or end > stop:
        return False
    at = first + passage.start
    block = next((block for block in passage.blocks if block.start <= at < block.end), None)
    if block is not None and block.role is not BlockRole.PARAGRAPH:
        return block.role is BlockRole.HEADING
    line, below = text[first:stop].strip(), text[stop:].lstrip().partition("\n")[0]
    short = len(line) <= min(_HEADING_CHARS, len(below) - 1)
    return short and len(below) >= _BODY_CHARS and not line.endswith(_ENDS)
