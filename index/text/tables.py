"""Rows and cells of tables in a text: a row a line, its cells between tabs or Markdown's pipes."""

import re
from collections.abc import Iterable

__all__ = ["cells", "is_delimiter", "is_row", "readable_row"]

_PIPE = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")


def is_row(line: str) -> bool:
    """Whether a line is a row: it has a tab between words, or begins and ends with a pipe."""
    bare = line.strip()
    piped = len(bare) > 2 and bare[0] == "|" == bare[-1]
    return piped or "\t" in line.rstrip()


def is_delimiter(line: str) -> bool:
    """Whether a line parts the header of a Markdown table from its body: ``|---|:-:|``."""
    bare = line.strip()
    return "-" in bare and "|" in bare and _DELIMITER.fullmatch(bare) is not None


def cells(line: str) -> list[str]:
    """The cells of a row, stripped."""
    bare = line.strip(" \n")
    if bare.strip().startswith("|"):
        bare = bare.strip()
        inner = bare[1:-1] if bare.endswith("|") and len(bare) > 1 else bare[1:]
        return [cell.strip().replace("\\|", "|") for cell in _PIPE.split(inner)]
    return [cell.strip() for cell in bare.split("\t")]


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
