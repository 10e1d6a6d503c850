"""The tables, records and fields of a passage as rows of cells, each with the words above it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.text.paragraphs import stripped
from index.text.sentences import sentence_spans
from index.text.tables import cell_spans, cells, is_delimiter
from index.types import Block, BlockRole, Passage

__all__ = ["Cell", "Grid", "Row", "grids"]

Span = tuple[int, int]

_BOLD = "*_`"
_LABEL = r"[^\W\d_][^:\n|;?¿!]{0,58}?"
_MARK = r"[ \t]*(?:[-*•–—+][ \t]+|\(?[\wº°]{1,5}[.)][ \t]+)?[*_]*"
_FIELD = re.compile(rf"{_MARK}(?P<label>{_LABEL})[*_]*[ \t]*:[*_]*[ \t]+(?P<value>\S.*?)[ \t.;,]*")
_LEADERS = re.compile(
    rf"{_MARK}(?P<label>[^\W\d_][^\n|:]{{1,58}}?)"
    r"(?:[ \t]*\.{3,}|[ \t]+\.+[ \t]|[ \t]{2,})[ \t.]*"
    r"(?P<value>(?:[^\w\s.]{1,3} ?)?(?:[A-Z]{1,3}[ $/]{1,3})?\d[^\n]{0,30}?)[ \t.;,]*"
)
_GAP = re.compile(r";[ \t]*|[ \t]{3,}|[ \t]+[—–][ \t]+")
_SEPARATORS = tuple(re.compile(mark) for mark in (r"\|", ";", r"\t", r"(?<=\S)[ ]{2,}(?=\S)"))
_FIGURE = re.compile(r"[^\W\d_]{0,2}\W*\d")
_YEAR = re.compile(r"\D*(?:1[89]|20)\d\d\D*|.*[^\W\d_]{2}.*")
_LONGEST_VALUE = 160
_LONGEST_SCOPE = 160


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell or a field's value: offsets in the passage's text, without bold marks, and its words.

    ``header`` are the words above it, or the field's label; ``column`` counts from 0, alike in all
    rows of a grid.
    """

    start: int
    end: int
    text: str
    header: str
    column: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, or a record of fields; ``scope`` is what it stands under in the passage."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of one table, or the records of a passage; ``is_table`` tells them apart."""

    rows: tuple[Row, ...]
    is_table: bool = True


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str


def grids(passage: Passage) -> tuple[list[Grid], list[Span]]:
    """The grids of a passage, in order, its records last; and the lines that are in none.

    Tables are those of its blocks, and runs of lines with as many separators (pipes, semicolons,
    tabs, wide gaps).
    """
    found: list[Grid] = []
    records: list[Row] = []
    prose: list[Span] = []
    scope = ""
    for lines, block in _stretches(passage):
        if block is not None:
            rows = _table(lines, _header(passage, block), block.start >= passage.start, block)
            found += [Grid(tuple(_scoped(rows, scope)))] if rows else []
            continue
        at = 0
        while at < len(lines):
            after, rows = _run(lines, at, at == 0 and lines[0].start == 0)
            if rows:
                found.append(Grid(tuple(_scoped(rows, scope))))
                at = after
                continue
            after, fields = _record(lines, at)
            if fields:
                records += [Row(lines[at].start, lines[after - 1].end, fields, scope)]
                at = after
                continue
            line = lines[at]
            if line.text.strip():
                prose.append((line.start, line.end))
                scope = _scope(line.text)
            at += 1
    if records:
        found.append(Grid(_numbered(records), is_table=False))
    return found, prose


def _stretches(passage: Passage) -> Iterator[tuple[list[_Line], Block | None]]:
    """The lines of a passage, cut where its tables begin and end."""
    at = 0
    for block in passage.blocks:
        if block.role is not BlockRole.TABLE:
            continue
        start = max(at, block.start - passage.start)
        end = min(block.end - passage.start, len(passage.text))
        yield _lines(passage.text, at, start), None
        yield _lines(passage.text, start, end), block
        at = end
    yield _lines(passage.text, at, len(passage.text)), None


def _lines(text: str, start: int, end: int) -> list[_Line]:
    lines = []
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        lines.append(_Line(start, stop, text[start:stop]))
        start = stop + 1
    return lines


def _header(passage: Passage, block: Block) -> list[str]:
    """The header rows of a table that begins before the passage."""
    return passage.header.split("\n") if passage.header and block.start < passage.start else []


def _table(lines: Sequence[_Line], header: list[str], begins: bool, block: Block) -> list[Row]:
    count = block.header_rows if begins else 0
    rows = [(line, _spans(line.text)) for line in lines if not is_delimiter(line.text)]
    rows = [row for row in rows if row[0].text.strip()]
    if begins and not count:
        count = _headed([[line.text[a:b] for a, b in spans] for line, spans in rows])
    head = [cells(line) for line in header if not is_delimiter(line)]
    head += [[line.text[a:b] for a, b in spans] for line, spans in rows[:count]]
    return _rows(rows[count:], _columns(head))


def _spans(line: str) -> list[Span]:
    return [_bare(line, span) for span in cell_spans(line)]


def _bare(line: str, span: Span) -> Span:
    """A cell's span without the marks of bold words."""
    start, end = stripped(line, *span)
    while start < end and line[start] in _BOLD:
        start += 1
    while end > start and line[end - 1] in _BOLD:
        end -= 1
    return start, end


def _columns(header: Sequence[Sequence[str]]) -> list[str]:
    """The words above each column, from the top, none repeated."""
    columns: list[list[str]] = []
    for row in header:
        for number, words in enumerate(row):
            while len(columns) <= number:
                columns.append([])
            if words.strip() and words not in columns[number]:
                columns[number].append(words.strip(_BOLD + " "))
    return [" ".join(column) for column in columns]


def _rows(rows: Sequence[tuple[_Line, list[Span]]], columns: list[str]) -> list[Row]:
    """The rows below a header; one that repeats it is none, one of a single cell is a scope."""
    found = []
    section = ""
    for line, spans in rows:
        made = tuple(
            Cell(
                line.start + start,
                line.start + end,
                line.text[start:end],
                columns[number] if number < len(columns) else "",
                number,
            )
            for number, (start, end) in enumerate(spans)
        )
        filled = [cell for cell in made if cell.text]
        if filled and all(cell.text == cell.header for cell in filled):
            continue
        if len(made) > 1 and len(filled) == 1 and made[0].text:
            section = made[0].text
        found.append(Row(line.start, line.end, made, section))
    return found


def _headed(rows: Sequence[Sequence[str]]) -> int:
    """1 where the first row names columns: it has no figures, and those below have some."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    if any(_FIGURE.match(cell) and not _YEAR.fullmatch(cell) for cell in rows[0]):
        return 0
    return int(any(_FIGURE.match(cell) for row in rows[1:] for cell in row))


def _run(lines: Sequence[_Line], at: int, cut: bool) -> tuple[int, list[Row]]:
    """The rows of a table that no block tells of, from line ``at``; and the line after them.

    ``cut``: it may have begun before.
    """
    for separator in _SEPARATORS:
        count = len(separator.findall(lines[at].text))
        if count < 2 - (separator.pattern == r"\t"):
            continue
        after = at
        while after < len(lines) and len(separator.findall(lines[after].text)) == count:
            after += 1
        if after - at < (2 if separator is _SEPARATORS[0] else 3):
            continue
        rows = [(line, _split(line.text, separator)) for line in lines[at:after]]
        if _are_fields(rows):
            return at, []
        words = [[line.text[a:b] for a, b in spans] for line, spans in rows]
        headed = _headed(words) or (0 if cut else int(_plain(words[0]) and len(rows) > 2))
        return after, _rows(rows[headed:], _columns(words[:headed]))
    return at, []


def _plain(row: Sequence[str]) -> bool:
    return all(cell and not _FIGURE.match(cell) and len(cell) < 40 for cell in row)


def _are_fields(rows: Sequence[tuple[_Line, list[Span]]]) -> bool:
    spans = [line.text[a:b] for line, spans in rows for a, b in spans]
    return 2 * sum(_FIELD.fullmatch(piece) is not None for piece in spans) > len(spans)


def _split(line: str, separator: re.Pattern[str]) -> list[Span]:
    bounds = [(0, 0), *(match.span() for match in separator.finditer(line)), (len(line),) * 2]
    return [_bare(line, (bounds[i][1], bounds[i + 1][0])) for i in range(len(bounds) - 1)]


def _record(lines: Sequence[_Line], at: int) -> tuple[int, tuple[Cell, ...]]:
    """The fields from line ``at`` that make one record, and the line after them.

    A record ends at a line without a field, and before a label that it has already.
    """
    found: list[Cell] = []
    labels: set[str] = set()
    after = at
    while after < len(lines):
        fields = _fields(lines[after])
        if not fields or labels & {cell.header for cell in fields}:
            break
        found += fields
        labels |= {cell.header for cell in fields}
        after += 1
    return after, tuple(found)


def _fields(line: _Line) -> list[Cell]:
    """The fields of a line: one, or several with marks or wide gaps between."""
    bounds = [0, *(match.end() for match in _GAP.finditer(line.text)), len(line.text)]
    pieces = [(bounds[i], bounds[i + 1]) for i in range(len(bounds) - 1)]
    several = [cell for piece in pieces if (cell := _field(line, piece, _FIELD))]
    if len(several) > 1 and 2 * len(several) >= len(pieces):
        return several
    whole = (0, len(line.text))
    one = _field(line, whole, _FIELD) or _field(line, whole, _LEADERS)
    return [one] if one else []


def _field(line: _Line, piece: Span, pattern: re.Pattern[str]) -> Cell | None:
    match = pattern.fullmatch(line.text, *piece)
    if match is None:
        return None
    value = match["value"]
    if match["label"].count("(") != match["label"].count(")"):
        return None
    if len(value) > _LONGEST_VALUE or len(sentence_spans(value, None)) > 1:
        return None
    start = line.start + match.start("value")
    return Cell(start, start + len(value), value, match["label"].strip(_BOLD + " "), 0)


def _numbered(records: Sequence[Row]) -> tuple[Row, ...]:
    """The records with the columns of their labels, alike for the same label."""
    columns: dict[str, int] = {}
    for row in records:
        for cell in row.cells:
            columns.setdefault(cell.header, len(columns))
    return tuple(
        replace(row, cells=tuple(replace(c, column=columns[c.header]) for c in row.cells))
        for row in records
    )


def _scoped(rows: Sequence[Row], scope: str) -> list[Row]:
    return [replace(row, scope=f"{scope} {row.scope}".strip()) for row in rows]


def _scope(line: str) -> str:
    """A line as what the rows after it stand under; empty for a sentence."""
    words = line.strip("#*_ \t")
    return words if len(words) <= _LONGEST_SCOPE and not words.endswith((".", ";")) else ""
