"""Where the paragraphs of a text are. Pure.

A blank line or a separator line (``---``, ``* * *``) always ends a paragraph. A single line end
does so unless the lines around it are hard-wrapped, which is decided per block of lines between
blank lines: a block is wrapped if

* its widest lines have 50 to 120 characters, and
* at least two of five lines go on in lower case, or with a digit, on the next line.

In a wrapped block a line end still ends the paragraph at a row of a table, before a list marker or
a Markdown heading, and after a line with room for the next word if the line ends a sentence or is
less than 70% full and the next begins like a sentence.
"""

import re
from itertools import pairwise

__all__ = [
    "LIST_MARKER",
    "MARKDOWN_HEADING",
    "SENTENCE_END",
    "SEPARATOR",
    "is_row",
    "paragraph_spans",
    "stripped",
]

Span = tuple[int, int]

SEPARATOR = re.compile(r"\s*([-*_=~—–•])(?:\s*\1){2,}\s*")
LIST_MARKER = re.compile(r"(?:[-*•·▪◦–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)][-–—]?)\s+")
MARKDOWN_HEADING = re.compile(r" {0,3}#{1,6}\s")
SENTENCE_END = re.compile(r"[.!?…][\"'»”’)\]*_]*$")
_MARK_ALONE = re.compile(r"[-*•·▪◦–—]|\W?\w{1,6}(?:\.\w{1,3})*\W{0,3}|[^\W\d_]+\s\w{1,6}\W{0,3}")
_LINE = re.compile("[^\n\r\v\f\x85\u2028\u2029]+")
_MIN_WIDTH, _MAX_WIDTH = 50, 120


def paragraph_spans(text: str) -> list[Span]:
    """Offsets of the paragraphs, stripped; they hold all but white space and separator lines."""
    return [span for block in _blocks(text) for span in _paragraphs_of(text, block)]


def is_row(text: str, start: int, end: int) -> bool:
    """Whether a line is a row of a table: cells between tabs, or between pipes as in Markdown.

    A tab after the mark of a list item or an article makes no row.
    """
    if text[start : start + 1] == "|":
        return text.find("|", start + 1, end) >= 0
    tab = text.find("\t", start, end)
    if tab < 0:
        return False
    return text.find("\t", tab + 1, end) >= 0 or not _MARK_ALONE.fullmatch(text, start, tab)


def stripped(text: str, start: int, end: int) -> Span:
    """The offsets without the white space at both ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _blocks(text: str) -> list[list[Span]]:
    """The stripped lines, grouped: a blank line or a separator ends a group."""
    blocks: list[list[Span]] = []
    open_at = -1
    for match in _LINE.finditer(text):
        start, end = stripped(text, *match.span())
        if start == end or SEPARATOR.fullmatch(text, start, end):
            open_at = -1
            continue
        if open_at < 0 or _blank_between(text, open_at, match.start()):
            blocks.append([])
        blocks[-1].append((start, end))
        open_at = match.end()
    return blocks


def _blank_between(text: str, end: int, start: int) -> bool:
    return text[end:start] not in ("\n", "\r\n", "\r", "\v", "\x85", "\u2028")


def _paragraphs_of(text: str, lines: list[Span]) -> list[Span]:
    width = _wrap_width(text, lines) if len(lines) > 1 else None
    spans = [lines[0]]
    for line, following in pairwise(lines):
        if width is None or _ends_paragraph(text, line, following, width):
            spans.append(following)
        else:
            spans[-1] = (spans[-1][0], following[1])
    return spans


def _wrap_width(text: str, lines: list[Span]) -> int | None:
    """The width to which the lines are wrapped, None if they are not."""
    widths = sorted(end - start for start, end in lines)
    # One of ten lines may stick out: an address on the web cannot be wrapped.
    width = widths[-1 - (len(widths) - 1) // 10]
    if not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return None
    goes_on = sum(_goes_on(text[start]) for start, _ in lines[1:])
    return width if 5 * goes_on >= 2 * (len(lines) - 1) else None


def _goes_on(first: str) -> bool:
    return first.islower() or first.isdigit()


def _ends_paragraph(text: str, line: Span, following: Span, width: int) -> bool:
    (start, end), (next_start, next_end) = line, following
    if is_row(text, *line) or is_row(text, *following):
        return True
    if LIST_MARKER.match(text, next_start) or MARKDOWN_HEADING.match(text, next_start):
        return True
    if MARKDOWN_HEADING.match(text, start):
        return True
    space = text.find(" ", next_start, next_end)
    word = (space if space >= 0 else next_end) - next_start
    if end - start + 1 + word > width:
        return False
    if SENTENCE_END.search(text[start:end]):
        return not _goes_on(text[next_start])
    return end - start < 0.7 * width and not _goes_on(text[next_start])
