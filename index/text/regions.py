"""What is seen in the lines of a text: front matter, tables, code and Markdown's notes. Pure."""

import re
from collections.abc import Iterator, Sequence

from index.text.paragraphs import is_row, stripped
from index.text.tables import cells, is_delimiter
from index.types import Block, BlockRole

__all__ = ["front_matter", "front_matter_end", "header_rows", "regions"]

Span = tuple[int, int]

_FRONT_MATTER = re.compile(
    r"\s*(?:---[ \t]*\n(?P<yaml>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|$)"
    r"|\+\+\+[ \t]*\n(?P<toml>(?:.*\n)*?)\+\+\+[ \t]*(?:\n|$))"
)
# The first line that says something has a key: a turn of a dialogue between two rules has none.
_KEY = re.compile(
    r"(?:[ \t]*(?:#.*)?\n|\[.*\]\n)*[\"']?[\w.-]+[\"']?[ \t]*[:=](?:[ \t]|$)", re.MULTILINE
)
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[^`\n]*")
_NOTE = re.compile(r" {0,3}\[\^(?P<mark>[^\]\s]{1,30})\]:[ \t]*(?=\S)")
_FIGURE = re.compile(r"[^A-Za-zÁÉÍÓÚÑáéíóúñ]*\d")
_FEWEST_BARE = 3  # rows with as many pipes, where none has one at its ends and no dashes follow
_MOST_FRONT = 20_000  # characters


def front_matter(text: str) -> tuple[str, str] | None:
    """The kind (``yaml`` or ``toml``) and the lines of a text's front matter, if it has any."""
    match = _FRONT_MATTER.match(text[:_MOST_FRONT])
    if match is None:
        return None
    kind = "toml" if match["yaml"] is None else "yaml"
    return (kind, match[kind]) if _KEY.match(match[kind]) else None


def front_matter_end(text: str) -> int:
    """The offset after the front matter, 0 without any."""
    match = _FRONT_MATTER.match(text[:_MOST_FRONT]) if front_matter(text) else None
    return match.end() if match else 0


def header_rows(rows: Sequence[Sequence[str]]) -> int:
    """1 where the first row is of words only and figures stand below it, else 0."""
    if len(rows) < 2 or len(rows[0]) < 2:  # one row or column has no header
        return 0
    first = [cell for cell in rows[0] if cell.strip()]
    if not first or any(_FIGURE.match(cell) and not _year(cell) for cell in first):
        return 0
    body = [cell for row in rows[1:] for cell in row[1:]]
    return int(any(_FIGURE.match(cell) for cell in body))


def _year(cell: str) -> bool:
    return (
        re.fullmatch(r"\s*(?:1[89]|20)\d\d(?:\s*[-/–]\s*\d{2,4})?\s*(?:\([^)]*\))?\s*", cell)
        is not None
    )


def regions(text: str, start: int = 0) -> list[Block]:
    """The tables, the fenced code and the notes ``[^1]: ...``, in order; notes without anchors."""
    lines = list(_lines(text, start))
    blocks: list[Block] = []
    unclosed: dict[str, int] = {}  # by character, the shortest fence that nothing below closes
    i = 0
    while i < len(lines):
        end, block = _region(text, lines, i, unclosed)
        if block:
            blocks.append(block)
        i = end
    return blocks


def _lines(text: str, start: int) -> Iterator[Span]:
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _region(
    text: str, lines: Sequence[Span], i: int, unclosed: dict[str, int]
) -> tuple[int, Block | None]:
    """The region that begins with line ``i``, if any, and the number of the line after it."""
    start, end = lines[i]
    line = text[start:end]
    if "```" in line or "~~~" in line:
        fence = _FENCE.fullmatch(line)
        if fence and len(fence[1]) >= unclosed.get(fence[1][0], len(line) + 1):
            return i + 1, None
        if fence:
            end, block = _code(text, lines, i, fence[1])
            if block is None:
                unclosed[fence[1][0]] = len(fence[1])
            return end, block
    if "[^" in line:
        note = _NOTE.match(line)
        if note:
            return _note(text, lines, i, note)
    if "|" in line or "\t" in line:
        return _table(text, lines, i)
    return i + 1, None


def _code(text: str, lines: Sequence[Span], i: int, fence: str) -> tuple[int, Block | None]:
    for j in range(i + 1, len(lines)):
        words = text[lines[j][0] : lines[j][1]].strip()
        if words.startswith(fence) and not words.strip(fence[0]):
            return j + 1, Block(BlockRole.CODE, lines[i][0], lines[j][1])
    return i + 1, None


def _note(text: str, lines: Sequence[Span], i: int, note: re.Match[str]) -> tuple[int, Block]:
    last = i
    while last + 1 < len(lines):
        line = text[lines[last + 1][0] : lines[last + 1][1]]
        if not line.strip() or not line.startswith(("  ", "\t")):
            break
        last += 1
    start = lines[i][0] + len(note[0]) - len(note[0].lstrip())
    end = lines[last][0] + len(text[lines[last][0] : lines[last][1]].rstrip())
    return last + 1, Block(BlockRole.NOTE, start, end, mark=note["mark"])


def _table(text: str, lines: Sequence[Span], i: int) -> tuple[int, Block | None]:
    def line(j: int) -> str:
        return text[slice(*lines[j])] if j < len(lines) else ""

    delimited = "|" in line(i) and is_delimiter(line(i + 1))
    pipes = line(i).count("|")
    bare = pipes > 1 and all(line(i + n).count("|") == pipes for n in range(1, _FEWEST_BARE))
    piped = delimited or bare or line(i).strip().startswith("|")
    last = i
    if piped:
        while "|" in line(last + 1):
            last += 1
        if last == i and not is_row(text, *stripped(text, *lines[i])):
            return i + 1, None
    else:
        while "\t" in line(last + 1).strip():
            last += 1
        if last == i and line(i).strip().count("\t") < 2:  # a tab in a sentence
            return i + 1, None
        if not _tabular([line(j) for j in range(i, last + 1)]):
            return last + 1, None
    rows = [cells(line(j)) for j in range(i, last + 1)]
    headers = 1 if delimited else header_rows(rows)
    start = lines[i][0] + len(line(i)) - len(line(i).lstrip())
    if not piped:
        start = lines[i][0] + len(line(i)) - len(line(i).lstrip(" "))
    end = lines[last][0] + len(line(last).rstrip())
    return last + 1, Block(BlockRole.TABLE, start, end, header_rows=headers)


def _tabular(lines: Sequence[str]) -> bool:
    """Whether lines with tabs are rows: not items with a tab after the mark, not indented prose."""
    from index.text.marks import item_mark

    marked = 0
    for line in lines:
        words = line.strip()
        mark = item_mark(words, 0, len(words))
        marked += mark is not None and "\t" not in words[mark.end :]
    return 2 * marked < len(lines)
