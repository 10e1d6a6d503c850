"""Rows and cells of tables in a text: a row a line, its cells between tabs or Markdown's pipes."""

import re
from collections.abc import Iterable
from itertools import pairwise

from index.text.paragraphs import is_row, stripped

__all__ = ["cell_spans", "cells", "is_delimiter", "readable_row", "rows_of", "stretches"]

Span = tuple[int, int]

_PIPE = re.compile(r"(?<!\\)\|")
_TAB = re.compile("\t")
_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")


def is_delimiter(line: str) -> bool:
    """Whether a line parts the header of a Markdown table from its body: ``|---|:-:|``."""
    bare = line.strip()
    return "-" in bare and "|" in bare and _DELIMITER.fullmatch(bare) is not None


def cells(line: str) -> list[str]:
    """The cells of a row, stripped."""
    found = [line[start:end] for start, end in cell_spans(line)]
    return [cell.replace("\\|", "|") for cell in found] if _is_piped(line) else found


def cell_spans(line: str) -> list[Span]:
    """Where the cells of a row stand in it, without white space around them.

    Markdown's rows may do without the pipes at their ends.
    """
    piped = _is_piped(line)
    marks = [match.start() for match in (_PIPE if piped else _TAB).finditer(line)]
    spans = [stripped(line, a + 1, b) for a, b in pairwise([-1, *marks, len(line)])]
    if piped and len(spans) > 1 and spans[0][0] == spans[0][1]:
        del spans[0]
    if piped and len(spans) > 1 and spans[-1][0] == spans[-1][1]:
        del spans[-1]
    return spans


def _is_piped(line: str) -> bool:
    return line.lstrip().startswith("|") or ("\t" not in line and "|" in line)


def rows_of(text: str) -> list[Span] | None:
    """Where the rows of a text stand, if it is nothing but rows; delimiters are left out."""
    rows: list[Span] = []
    at = 0
    for line in text.split("\n"):
        if not is_row(text, at, at + len(line)):
            return None
        if not is_delimiter(line):
            rows.append((at, at + len(line)))
        at += len(line) + 1
    return rows


def readable_row(lines: Iterable[str]) -> str:
    """Header rows in one line: the words above each column, without repeating any."""
    columns: list[list[str]] = []
    for line in lines:
        if is_delimiter(line):
            continue
        for number, cell in enumerate(cells(line)):
            while len(columns) <= number:
                columns.append([])
            if cell and cell not in columns[number]:
                columns[number].append(cell)
    return " | ".join(" ".join(column) for column in columns if column)


def stretches(text: str, *, is_of_table: bool = False) -> list[tuple[int, int, bool]]:
    """The start and end of each stretch of rows, and of other lines, and whether it is of rows.

    ``is_of_table``: the text is cut out of a table. There "3" and a tab are a cell; elsewhere they
    may be the number of an item.
    """
    found: list[tuple[int, int, bool]] = []
    at = 0
    for line in text.split("\n"):
        end = at + len(line)
        row = is_row(text, at, end) or (is_of_table and "\t" in line.strip())
        if found and (found[-1][2] == row or not line.strip()):
            found[-1] = (found[-1][0], end, found[-1][2])
        else:
            found.append((at, end, row))
        at = end + 1
    return found
