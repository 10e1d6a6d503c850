"""Paragraphs and tables around a quote, cut where it and the answer in it begin and end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.text.tables import cell_spans, is_delimiter
from index.types import Block, BlockRole

__all__ = ["Fragment", "Table", "fragments_of", "tables_of"]

_ROWS = 5  # of a table, shown before or after those that are quoted
_CELLS = 1000  # characters shown of a row that stands far away, as a header

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of characters and what they are: context, quoted, or quoted and the answer itself."""

    kind: Literal["context", "quote", "answer"]
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a table, in place of ``Source.paragraphs[first:last]``; a row holds cells.

    The first ``header_rows`` are the table's header; ``gap`` says that rows between it and the
    next one are left out.
    """

    first: int
    last: int
    header_rows: int
    rows: tuple[tuple[tuple[Fragment, ...], ...], ...]
    gap: bool


def tables_of(
    text: str,
    paragraphs: Sequence[tuple[Span, Block]],
    window: Span,
    bounds: tuple[int, ...],
    near: Span,
) -> Iterator[Table]:
    """The tables among the paragraphs of a window, with their headers and some more rows.

    ``bounds`` and ``near`` as for `fragments_of`.
    """
    at = window[0]
    while at < window[1]:
        block = paragraphs[at][1]
        last = at + 1
        while last < window[1] and paragraphs[last][1] is block:
            last += 1
        if block.role is BlockRole.TABLE:
            begin, end = _rows_of(paragraphs, at)
            first = max(begin, at - _ROWS)
            header = range(begin, min(begin + block.header_rows, end))
            numbers = sorted({*header, *range(first, min(end, last + _ROWS))})
            spans = {number: paragraphs[number][0] for number in numbers}
            rows = {n: span for n, span in spans.items() if not is_delimiter(text[slice(*span)])}
            yield Table(
                at - window[0],
                last - window[0],
                sum(number in header for number in rows),
                tuple(_cells(text, span, bounds, near) for span in rows.values()),
                bool(header) and first > header[-1] + 1,
            )
        at = last


def _rows_of(paragraphs: Sequence[tuple[Span, Block]], at: int) -> Span:
    """The first row of a table that holds a row, and the one after its last."""
    begin = end = at
    while begin and paragraphs[begin - 1][1] is paragraphs[at][1]:
        begin -= 1
    while end < len(paragraphs) and paragraphs[end][1] is paragraphs[at][1]:
        end += 1
    return begin, end


def _cells(
    text: str, span: Span, bounds: tuple[int, ...], near: Span
) -> tuple[tuple[Fragment, ...], ...]:
    """The cells of a row; a row that is far away, as a header may be, is shown as well."""
    start, end = span
    if end <= near[0] or start >= near[1]:
        near = start, min(end, start + _CELLS)
    spans = [(start + a, start + b) for a, b in cell_spans(text[start:end])]
    return tuple(tuple(fragments_of(text, cell, bounds, near)) for cell in spans)


def fragments_of(
    text: str, span: tuple[int, int], bounds: tuple[int, ...], near: tuple[int, int]
) -> list[Fragment]:
    """One paragraph or cell, cut where the quote and the answer begin and end.

    ``bounds``: start and end of the quote, and between them those of the answer, if any; ``near``:
    what is shown of the document. No fragment is empty.
    """
    if span[0] >= span[1]:
        return []
    from_, to = max(span[0], near[0]), min(span[1], near[1])
    if from_ >= to:  # a long paragraph lies between this one and the quote
        return [Fragment("context", "…")]
    cuts = [from_, *(min(max(bound, from_), to) for bound in bounds), to]
    kinds: list[Literal["context", "quote", "answer"]] = ["context", "quote", "context"]
    if len(bounds) == 4:
        kinds[1:2] = ["quote", "answer", "quote"]
    fragments = [
        Fragment(kind, text[a:b])
        for kind, a, b in zip(kinds, cuts, cuts[1:], strict=False)
        if a < b
    ]
    before = [Fragment("context", "…")] if from_ > span[0] else []
    after = [Fragment("context", "…")] if to < span[1] else []
    return [*before, *fragments, *after]
