"""Paragraphs from lines: where one ends is told by spacing, indents, short lines and marks."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.documents.pdf.columns import pairs_of
from index.documents.pdf.hyphens import Vocabulary, join
from index.documents.pdf.model import MARK_END, MARK_START, Line, Page, Table
from index.documents.pdf.patterns import ARTICLE, ITEM_MARK, NUMBERED_DIVISION, SENTENCE_END
from index.documents.pdf.tables import aligned

__all__ = ["Para", "Spacing", "continued", "paragraphs"]

_FUNCTION_WORD = re.compile(
    r"(?:^|\s)(?:de|del|la|las|el|los|lo|y|e|o|u|a|al|en|con|por|para|que|se|su|sus|un|una|no|si"
    r"|the|of|and|or|to|in|for|with|by|an?|that|,)$",
    re.IGNORECASE,
)
_WIDE = 3.5  # of the type size: what stands so far apart on one baseline is no sentence
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|_{6,}")
_SMALLER = 0.94  # than the body's type: a note's
_RAISED = re.compile(f"{MARK_START}[\\s(]*([^{MARK_END}]{{1,4}}?)[\\s)]*{MARK_END}")
_NOTE_START = re.compile(r"\d{1,3}\s+[A-ZÁÉÍÓÚ¿¡\"“«]")


@dataclass(slots=True)
class Para:
    """Lines that belong together: a paragraph, a heading, an item, a note, or a table."""

    text: str
    page: int
    size: float
    bold: float = 0.0
    centred: bool = False
    x0: float = 0.0
    rest_x0: float | None = None
    base: float = 0.0
    top: float = 0.0
    full: bool = False  # its last line reaches the right margin
    indented: bool = False
    lines: int = 1
    breaks: list[int] = field(default_factory=list)
    table: Table | None = None
    is_field: bool = False
    separate: bool = False
    is_caption: bool = False
    note: str | None = None
    gap: float = 0.0  # above it, of the usual line distance


class Spacing:
    """The usual distance of lines of a type size, counted over the document."""

    def __init__(self, pages: Sequence[Page]) -> None:
        gaps: dict[float, Counter[float]] = defaultdict(Counter)
        weights: Counter[float] = Counter()
        for page in pages:
            for line in page.lines:
                weights[_rounded(line.size)] += len(line.text)
            for before, line in pairs_of(page.lines):
                alike = _rounded(before.size) == _rounded(line.size)
                if alike and before.table is None and line.table is None:
                    gap = line.base - before.base
                    if 0.9 * line.size < gap < 3 * line.size:
                        gaps[_rounded(line.size)][_rounded(gap)] += 1
        self.body = max(weights, key=lambda size: weights[size], default=10.0)
        self._usual = {size: _smallest_frequent(counts) for size, counts in gaps.items()}

    def of(self, size: float) -> float:
        """The usual distance from baseline to baseline."""
        return self._usual.get(_rounded(size)) or 1.25 * size


def _rounded(value: float) -> float:
    return round(2 * value) / 2


def _smallest_frequent(counts: Counter[float]) -> float:
    most = max(counts.values())
    return min(gap for gap, count in counts.items() if 2 * count >= most)


def paragraphs(
    region: Sequence[Line], page: int, spacing: Spacing, words: Vocabulary
) -> list[Para]:
    """The paragraphs and tables of one column of a page."""
    rows = _rows(region, spacing.body)
    prose = [line for row in rows for line in row if line.table is None]
    left = min((line.x0 for line in prose), default=0.0)
    right = max((line.x1 for line in prose), default=0.0)
    items: list[Line] = []
    place = 0
    while place < len(rows):
        found = aligned(rows, place, right - left)
        if found is not None:
            first = rows[place][0]
            place, table = found
            last = rows[place - 1][0]
            items += _fields_of(table, first, last) or [
                Line("", table.xs[0], table.xs[-1], last.base, last.size, table=table)
            ]
            continue
        items += _apart(rows[place], right - left)
        place += 1
    return _paragraphs(items, page, spacing, words, left)


def _fields_of(table: Table, first: Line, last: Line) -> list[Line]:
    """The labels with their values as lines, where a table's cells are nothing else."""
    rows: dict[int, dict[int, str]] = defaultdict(dict)
    for (place, column, _, _), lines in table.cells:
        rows[place][column] = " ".join(line.text for line in lines)
    labels = [text for row in rows.values() for column, text in row.items() if column % 2 == 0]
    if not labels or not all(re.fullmatch(r"[^:]{2,45}:", label) for label in labels):
        return []
    found = []
    for number, row in sorted(rows.items()):
        base = first.base + number * (last.base - first.base) / max(1, len(rows))
        for column in range(0, max(row) + 1, 2):
            if column in row:
                text = f"{row[column]} {row.get(column + 1, '')}".strip()
                found.append(
                    Line(text, table.xs[column], table.xs[-1], base, first.size, row=first.row)
                )
                found[-1].is_field = column + 1 in row
                found[-1].separate = True
    return found


def _rows(region: Sequence[Line], body: float) -> list[list[Line]]:
    """The lines of one baseline each; a mark is one with what stands beside it."""
    named: set[str] = set()  # by raised marks so far
    rows: list[list[Line]] = []
    for line in region:
        if rows and rows[-1][0].row == line.row and line.table is None:
            rows[-1].append(line)
        else:
            rows.append([line])
    for number, row in enumerate(rows):
        row.sort(key=lambda line: line.x0)
        small = row[0].size < _SMALLER * body
        of_note = small and len(row) == 2 and row[0].text.strip() in named
        named.update(mark for line in row for mark in _RAISED.findall(line.text))
        if len(row) == 2 and (_is_mark(row[0].text) or of_note):
            rows[number] = [_merged(row)]
        elif len(row) > 1 and any(_LEADERS.search(line.text) for line in row):
            rows[number] = [_merged(row)]
            rows[number][0].separate = True
    return rows


def _apart(row: Sequence[Line], width: float) -> list[Line]:
    """The lines of one baseline: one, or several where wide gaps divide them."""
    narrow = all(line.x1 - line.x0 < 0.55 * width for line in row)
    if narrow and any(b.x0 - a.x1 > _WIDE * a.size for a, b in pairwise(row)):
        for line in row:
            line.separate = True
        return list(row)
    merged = _merged(row)
    last = row[-1].text
    amount = len(row) > 1 and len(last) < 16 and re.fullmatch(r"[^a-zA-Z]*\d[^a-zA-Z]*", last)
    merged.separate = merged.separate or bool(amount)
    return [merged]


def _is_mark(text: str) -> bool:
    mark = ITEM_MARK.match(f"{text} x")
    return mark is not None and mark.end() == len(text) + 1


def _merged(row: Sequence[Line]) -> Line:
    """The lines of one baseline as one line."""
    if len(row) == 1:
        return row[0]
    total = sum(len(line.text) for line in row)
    longest = max(row, key=lambda line: len(line.text))
    return Line(
        " ".join(line.text for line in row),
        row[0].x0,
        max(line.x1 for line in row),
        longest.base,
        longest.size,
        sum(line.bold * len(line.text) for line in row) / max(1, total),
        row[0].row,
        row[0].first_width,
        is_field=any(line.is_field for line in row),
    )


def _paragraphs(
    items: Sequence[Line], page: int, spacing: Spacing, words: Vocabulary, left: float
) -> list[Para]:
    paras: list[Para] = []
    last_base = 0.0
    for place, line in enumerate(items):
        near = [other for other in items[max(0, place - 6) : place + 7] if other.table is None]
        right = max((other.x1 for other in near), default=line.x1)
        width = max(right - left, 1.0)
        before = items[place - 1] if place else None
        usual = spacing.of(line.size)
        gap = (line.top - line.size * 0.2 - last_base) / usual if place else 9.0
        last_base = line.base
        if line.table is not None:
            paras.append(_new(line, page, gap))
            continue
        centred = _is_centred(line, left, right)
        para = paras[-1] if paras else None
        if (
            para is None
            or before is None
            or _starts(para, before, line, centred, (left, right), usual)
        ):
            para = _new(line, page, gap)
            para.centred = centred
            para.indented = 0.7 * line.size < line.x0 - left < 0.25 * width
            paras.append(para)
        else:
            _append(para, line, words)
        para.full = right - line.x1 < 0.08 * width
    return paras


def _new(line: Line, page: int, gap: float) -> Para:
    return Para(
        " ".join(line.text.split()),
        page,
        line.size,
        line.bold,
        x0=line.x0,
        base=line.base,
        top=line.top,
        table=line.table,
        is_field=line.is_field,
        separate=line.separate,
        gap=gap,
    )


def _append(para: Para, line: Line, words: Vocabulary) -> None:
    text = " ".join(line.text.split())
    weight = len(para.text)
    para.bold = (para.bold * weight + line.bold * len(text)) / max(1, weight + len(text))
    para.text = join(para.text, text, words)
    para.rest_x0 = line.x0
    para.base = line.base
    para.lines += 1
    para.is_field = para.is_field or line.is_field


def _is_centred(line: Line, left: float, right: float) -> bool:
    before, after = line.x0 - left, right - line.x1
    return min(before, after) > 1.5 * line.size and abs(before - after) < max(
        6, 0.08 * (right - left)
    )


def _starts(
    para: Para,
    before: Line,
    line: Line,
    centred: bool,
    margins: tuple[float, float],
    usual: float,
) -> bool:
    """Whether a line begins a paragraph of its own after the line before it."""
    left, right = margins
    gap = line.base - before.base
    text = line.text
    alone = before.table is not None or para.separate or line.separate
    other_size = abs(line.size - before.size) > 0.09 * before.size
    if alone or text.startswith(MARK_START) or not 0 < gap <= 1.3 * usual or other_size:
        return True
    if _is_cut(before.text, text, centred):
        return False
    if para.is_field or line.is_field or _both_right(before, line, left, right):
        return True
    ended = bool(SENTENCE_END.search(before.text))
    short = right - before.x1 > 1.05 * line.first_width + 0.35 * line.size
    other_weight = (before.bold > 0.9) != (line.bold > 0.9)
    if other_weight and (short or para.centred or ended):
        return True
    if para.centred and centred:
        return bool(NUMBERED_DIVISION.match(text)) or ended
    return (
        _begins_part(para, line, ended=ended, short=short)
        or (short and (ended or not text[:1].islower()))
        or (not short and ended and _indents(para, line))
    )


def _is_cut(before: str, text: str, centred: bool) -> bool:
    """Whether a line ends within a word, or within a range of numbers."""
    if before[-1] in "–—":
        return before[-2:-1].isdigit() and text[0].isdigit()
    return before[-1] in "-\xad" and before[-2:-1].isalnum() and not centred


def _both_right(before: Line, line: Line, left: float, right: float) -> bool:
    """Whether two lines end at the right margin and begin far from the left one, each alone."""
    return (
        abs(before.x1 - line.x1) < 2
        and abs(right - line.x1) < 3
        and abs(before.x0 - line.x0) > line.size
        and min(before.x0, line.x0) > left + 0.3 * (right - left)
        and line.text[:1].isupper()
    )


def _begins_part(para: Para, line: Line, *, ended: bool, short: bool) -> bool:
    """Whether a line begins with the mark of an item, an article, a chapter or a note."""
    text = line.text
    if not (ended or short or para.text[-1:] in ",yoeu"):
        return False
    if ARTICLE.match(text) or (NUMBERED_DIVISION.match(text) and short):
        return ended or short
    mark = ITEM_MARK.match(text)
    if mark:
        loose = len(mark["mark"]) > 1 or ended or short
        aside = para.rest_x0 is not None and abs(line.x0 - para.rest_x0) > 3
        return loose and (ended or short or aside)
    return ended and bool(_NOTE_START.match(text)) and line.first_width < 2 * line.size


def _indents(para: Para, line: Line) -> bool:
    step = 0.7 * line.size
    if para.rest_x0 is None:
        # The second line of a paragraph: further to the right than the first one's indent.
        return line.x0 > para.x0 + step and not ITEM_MARK.match(para.text)
    return abs(line.x0 - para.rest_x0) > step


def continued(first: Para, second: Para) -> bool:
    """Whether a paragraph goes on in the next column or on the next page."""
    apart = bool(first.table or second.table or first.note or second.note)
    apart = apart or first.separate or second.separate or first.centred or second.centred
    other_type = abs(first.size - second.size) > 0.06 * first.size or (first.bold > 0.9) != (
        second.bold > 0.9
    )
    if apart or other_type or SENTENCE_END.search(first.text):
        return False
    text = second.text
    if ARTICLE.match(text) or NUMBERED_DIVISION.match(text):
        return False
    is_item = bool(ITEM_MARK.match(text))
    if text[0].islower():
        return not is_item or bool(re.match(r"[a-zñ]\s", text))
    if is_item and not re.match(r"\d+\s", text):
        return False
    cut = first.text[-1] in "-\xad,(" or bool(_FUNCTION_WORD.search(first.text))
    return cut or (first.full and first.lines > 1 and not (second.indented and second.lines > 1))
