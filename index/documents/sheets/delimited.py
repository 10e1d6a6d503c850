"""Files of values between delimiters (.csv, .tsv): the values as they stand."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.documents.decoding import clean, decode
from index.documents.evidence import is_units
from index.documents.parts import ConversionError, Converted, Part, ReadOptions, table
from index.documents.sheets.headers import is_figure
from index.types import BlockRole, Notice, NoticeKind

__all__ = ["read_csv", "read_tsv"]

_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"\s*\"?sep=(.|\\t)\"?,*;*\s*(?:\n|$)", re.IGNORECASE)
_SAMPLE = 1 << 16  # characters by which a delimiter is seen
_SAMPLE_ROWS = 300
_LONGEST_HEAD = 120  # characters of a header's cell
_MOST_TITLES = 10  # rows above a header
_MOST_COLUMNS = 20_000
_MOST_LINES = 200  # line ends in one quoted value; more come of a quote that is not closed
_DECIMAL = re.compile(r"(?<![\d,])\d+(?:\.\d{3})*,\d+(?![\d,])")
_SENTENCE = re.compile(r"[.!?…]['\"»”’)\]]*$")

Row = list[str]


def read_csv(data: bytes, options: ReadOptions) -> Converted:
    """The table of a file of delimited values.

    Raises ValueError if the bytes are no text, and ConversionError where a row has too many values.
    """
    return _read(data, "", options)


def read_tsv(data: bytes, options: ReadOptions) -> Converted:
    """The table of a file of values between tabs. Raises ValueError and ConversionError."""
    return _read(data, "\t", options)


def _read(data: bytes, usual: str, options: ReadOptions) -> Converted:
    try:
        text = clean(decode(data)).lstrip("\n")
    except ValueError:
        if b"\0" in data:
            raise
        # An encoding of East Asia, for one: the converter, if installed, knows more of them.
        from index.documents.converter import convert

        converted = convert(data, "table.tsv" if usual else "table.csv", options)
        return replace(converted, parts=[_with_header(part) for part in converted.parts])
    said = _SEPARATOR.match(text)
    if said is not None:
        text = text[said.end() :]
    delimiter = "\t" if said and said[1] == "\\t" else said[1] if said else _delimiter(text, usual)
    rows, unclosed = _rows(text, delimiter)
    if '="' in text:
        rows = [[_kept_text(value) for value in row] for row in rows]
    notices = (Notice(NoticeKind.OTHER, "a quote is not closed; quotes are kept"),)
    return Converted(tuple(_parts(rows)), notices=notices if unclosed else ())


def _with_header(part: Part) -> Part:
    rows = [line.split("\t") for line in part.text.split("\n")]
    is_table = part.role is BlockRole.TABLE
    return replace(part, header_rows=_header_rows(rows)) if is_table else part


def _delimiter(text: str, usual: str) -> str:
    """The delimiter by which most rows have equally many values."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    if usual and usual in sample:
        return usual
    best, found = (0.0, 0.0), usual or ","
    for delimiter in _DELIMITERS:
        if delimiter not in sample:
            continue
        # A comma between digits may be a decimal sign, where another delimiter would do.
        decimal = delimiter == "," and ";" in sample and _is_decimal(sample)
        rows = [row for row in _parsed(sample, delimiter) if any(row)][:_SAMPLE_ROWS]
        counts = Counter(len(row) for row in rows if len(row) > 1)
        if not counts:
            continue
        width, many = max(counts.items(), key=lambda item: (item[1], item[0]))
        score = (many / len(rows) - decimal, width / 1000)
        if score > best:
            best, found = score, delimiter
    return found


def _is_decimal(sample: str) -> bool:
    """Whether most commas stand in numbers."""
    return 2 * len(_DECIMAL.findall(sample)) > sample.count(",")


def _parsed(text: str, delimiter: str, *, quoted: bool = True) -> list[Row]:
    limit = csv.field_size_limit(max(len(text), 1 << 17))
    try:
        lines = text.splitlines(keepends=True) if quoted else text.split("\n")
        spaced = delimiter != "\t" and f'{delimiter} "' in text[:_SAMPLE]
        if not quoted:
            return [line.split(delimiter) for line in lines]
        return list(csv.reader(lines, delimiter=delimiter, skipinitialspace=spaced))
    except csv.Error as exc:
        raise ConversionError("is no table of delimited values; check the file") from exc
    finally:
        csv.field_size_limit(limit)


def _rows(text: str, delimiter: str) -> tuple[list[Row], bool]:
    """The rows, and whether a quote that is not closed had to be taken as a character."""
    if '"' not in text:
        return _checked([line.split(delimiter) for line in text.split("\n")]), False
    rows = _parsed(text, delimiter)
    swallowed = any(value.count("\n") > _MOST_LINES for row in rows for value in row)
    last = rows[-1][-1] if rows and rows[-1] else ""
    unclosed = "\n" in last.rstrip("\n") and text.count('"') % 2 == 1
    if swallowed or unclosed:
        return _checked(_parsed(text, delimiter, quoted=False)), True
    return _checked(rows), False


def _kept_text(value: str) -> str:
    """A value without what keeps a spreadsheet from reading it as a number: ="00123"."""
    return value[2:-1] if value.startswith('="') and value.endswith('"') else value


def _checked(rows: list[Row]) -> list[Row]:
    if max(map(len, rows), default=0) > _MOST_COLUMNS:
        raise ConversionError("has more columns than the safety limits allow; split it")
    return rows


def _parts(rows: Sequence[Row]) -> Iterator[Part]:
    """A table for each section; lines of one value above its header are its title."""
    sections = list(_sections(rows))
    width = _usual_width(rows)
    for section in sections:
        first = _titles(section, width)
        yield from _title_parts(
            [_line(row) for row in section[:first]], follows=first < len(section)
        )
        body = section[first:]
        if body:
            part = table(body, header_rows=_header_rows(body))
            if part is not None:
                yield part


def _sections(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows without empty ones. After an empty one a new table begins where a header does."""
    section: list[Row] = []
    gap = False
    for number, row in enumerate(rows):
        if not any(value.strip() for value in row):
            gap = bool(section)
            continue
        if gap and _begins(row, rows[number + 1 : number + 4], section):
            yield section
            section = []
        gap = False
        section.append(row)
    if section:
        yield section


def _begins(row: Row, following: Sequence[Row], section: Sequence[Row]) -> bool:
    """Whether a row after an empty one begins another table: a title, or a header of its own."""
    values = [value for value in map(str.strip, row) if value]
    if any(map(is_figure, values)):
        return False
    if all(len(_values(before)) == 1 for before in section):
        return False  # only titles so far
    if len(values) == 1:
        return any(
            len(_values(other)) > 1 and not any(map(is_figure, other)) for other in following
        )
    below = [value for other in following[:1] for value in map(str.strip, other) if value]
    headed = any(map(is_figure, below)) and len(_values(row)) == len(_values(following[0]))
    return headed and not any(map(is_figure, section[0]))


def _values(row: Row) -> list[str]:
    return [value for value in row if value.strip()]


def _usual_width(rows: Sequence[Row]) -> int:
    counts = Counter(len(row) for row in rows[:1000] if len(_values(row)) > 1)
    return counts.most_common(1)[0][0] if counts else 1


def _titles(section: Sequence[Row], width: int) -> int:
    """How many rows at the top stand above the header: they have one value, the others more."""
    if width == 1:
        return 0
    first = 0
    for row in section[: _MOST_TITLES + 1]:
        if len(_values(row)) > 1 and not (len(row) < width / 2 and _is_prose(row)):
            return first
        first += 1
    return first if len(section) <= _MOST_TITLES else 0


def _is_prose(row: Row) -> bool:
    """Whether a row is a sentence that its own commas cut."""
    return bool(_SENTENCE.search(row[-1])) and any(value.startswith(" ") for value in row[1:])


def _line(row: Row) -> str:
    return " ".join(" ".join(value.split()) for value in row if value.strip())


def _title_parts(lines: Sequence[str], *, follows: bool) -> Iterator[Part]:
    captions = [line for line in lines if follows and not _SENTENCE.search(line)]
    yield from (Part(BlockRole.PARAGRAPH, line) for line in lines if line not in captions)
    if captions:
        yield Part(BlockRole.CAPTION, "\n".join(captions))


def _header_rows(rows: Sequence[Row]) -> int:
    """1 where the first row names the columns, 2 where their units stand below the names."""
    named = _names_columns(rows)
    return named + (named and len(rows) > 2 and is_units(rows[1]))


def _names_columns(rows: Sequence[Row]) -> int:
    """Whether the first row names the columns: short texts, no figures but years."""
    head = [value.strip() for value in rows[0]]
    names = [name for name in head if name]
    if len(rows) < 2 or not names or any(len(name) > _LONGEST_HEAD for name in names):
        return 0
    figures = [name for name in names if is_figure(name)]
    if not figures:
        return int(len(set(names)) == len(names) or len(names) > 3)
    return int(
        len(figures) < len(names)
        and all(re.fullmatch(r"(?:19|20|21)\d\d", name) for name in figures)
        and not all(_is_year(row, head) for row in rows[1:20])
    )


def _is_year(row: Row, head: Row) -> bool:
    """Whether a row has years where the first row has."""
    return all(
        re.fullmatch(r"(?:19|20|21)\d\d", value.strip()) is not None
        for value, name in zip(row, head, strict=False)
        if is_figure(name)
    )
