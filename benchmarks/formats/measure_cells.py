"""The cells of tables: whether each stands in the right row and column, under its header."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.formats.truth import Table, Truth
from index.text import tables
from index.types import BlockRole, Document

__all__ = ["Fact", "cells"]


def _spaced(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Fact:
    """``kind`` as above; ``wanted`` is what the file holds, ``found`` what was read of it."""

    kind: str
    right: bool
    wanted: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[str, ...]
    headers: tuple[tuple[str, ...], ...]  # of each cell, the words above it; none in a header
    is_header: bool

    def like(self, other: "Row") -> int:
        return sum(bool(a) and a == b for a, b in zip(self.cells, other.cells, strict=False))


def _rows(grid: Sequence[Sequence[str]], header_rows: int) -> list[Row]:
    width = max((len(row) for row in grid), default=0)
    grid = [[*(_spaced(v) for v in row), *[""] * (width - len(row))] for row in grid]
    above = tuple(
        tuple(dict.fromkeys(row[c] for row in grid[:header_rows] if row[c])) for c in range(width)
    )
    none = ((),) * width
    return [
        Row(tuple(row), none if r < header_rows else above, r < header_rows)
        for r, row in enumerate(grid)
    ]


def _read_rows(document: Document) -> list[Row]:
    rows: list[Row] = []
    for block in document.blocks:
        if block.role is BlockRole.TABLE:
            words = document.text[block.start : block.end]
            grid = [tables.cells(words[a:b]) for a, b in tables.rows_of(words) or ()]
            if not grid:
                grid = [line.split("\t") for line in words.split("\n")]
            rows += _rows(grid, block.header_rows)
    return rows


def cells(truth: Truth, document: Document) -> Iterator[Fact]:
    """A cell is right in the right row and column under the right header."""
    wanted: list[Row] = []
    for piece in truth.pieces:
        if isinstance(piece, Table):
            wanted += _rows(piece.rows, piece.header_rows)
    found = _read_rows(document) if wanted else []
    beside = _aligned(wanted, found)
    for number, row in enumerate(wanted):
        other = found[beside[number]] if number in beside else None
        for c, value in enumerate(row.cells):
            if not value:
                continue
            inside = other is not None and c < len(other.cells)
            right = (
                inside
                and other is not None
                and other.cells[c] == value
                and other.headers[c] == row.headers[c]
                and other.is_header == row.is_header
            )
            path = " / ".join((*row.headers[c], value))
            seen = ""
            if other is not None and inside:
                seen = " / ".join((*other.headers[c], other.cells[c]))
                seen += "" if other.is_header == row.is_header else " (header)" * other.is_header
            yield Fact("cell", right, path, seen)


def _aligned(wanted: Sequence[Row], found: Sequence[Row]) -> dict[int, int]:
    """The rows of both in one order with the most like cells (longest common subsequence)."""
    best = [[0] * (len(found) + 1) for _ in range(len(wanted) + 1)]
    for i in range(len(wanted) - 1, -1, -1):
        for j in range(len(found) - 1, -1, -1):
            like = wanted[i].like(found[j])
            both = best[i + 1][j + 1] + like if like else 0
            best[i][j] = max(both, best[i + 1][j], best[i][j + 1])
    beside: dict[int, int] = {}
    i = j = 0
    while i < len(wanted) and j < len(found):
        like = wanted[i].like(found[j])
        if like and best[i][j] == best[i + 1][j + 1] + like:
            beside[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return beside
