"""Where words stand in a document."""

from collections.abc import Sequence
from typing import TypeVar

from index.storage.catalog import Origin
from index.text.tables import cells, is_delimiter, rows_of
from index.types import BlockRole, Passage, Role
from qa.types import Citation

__all__ = ["cite", "on_one_line"]

Value = TypeVar("Value")


def cite(passage: Passage, start: int, end: int, origin: Origin) -> Citation:
    """The citation of a passage's words from ``start`` to ``end``, offsets in the document."""
    page, paragraph = passage.locate(start)
    quote = passage.text[start - passage.start : end - passage.start]
    return Citation(
        passage.document_id,
        origin.source,
        origin.title,
        page,
        paragraph,
        start,
        end,
        quote,
        date=origin.date,
        hash=origin.hash,
        # That of a byline is ours.
        context=passage.context if passage.role is Role.BODY else "",
        header=_header(passage, start),
        page_label=_of_page(origin.page_labels, page) or None,
        ocr=_of_page(origin.page_confidences, page),
    )


def _of_page(values: Sequence[Value], page: int | None) -> Value | None:
    """What holds for a page, where anything is known of it."""
    return values[page - 1] if page is not None and page <= len(values) else None


def _header(passage: Passage, start: int) -> str:
    """The header rows of the table that holds an offset; empty where it is in them itself."""
    tables = (b for b in passage.blocks if b.role is BlockRole.TABLE and b.start <= start < b.end)
    table = next(tables, None)
    if table is None:
        return ""
    if table.start < passage.start:
        return passage.header
    lines = passage.text[table.start - passage.start :].split("\n")[: table.header_rows]
    header = "\n".join(lines)
    return header if start >= table.start + len(header) else ""


def on_one_line(citation: Citation) -> str:
    """The quote; of a table its rows, below the header, with marks between cells and rows."""
    rows = rows_of(citation.quote)
    if rows is None:
        return " ".join(citation.quote.split())
    header = citation.header.split("\n") if citation.header else []
    lines = [*header, *(citation.quote[start:end] for start, end in rows)]
    return " / ".join(" | ".join(cells(line)) for line in lines if not is_delimiter(line))
