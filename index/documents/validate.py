"""What a document must be before it is indexed, and in which form it is kept."""

import math
import operator
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from os import PathLike, fspath
from typing import Any

from index.documents.dates import iso_date
from index.documents.decoding import clean, clean_pages
from index.errors import DocumentError
from index.text.messages import describe, is_encodable, printable
from index.types import Block, BlockRole, Document, Metadata, Notice, NoticeKind

__all__ = ["checked"]


def checked(document: Document) -> Document:
    """The document as it is kept: its texts cleaned, its page starts moved accordingly.

    Dates in its metadata become text (YYYY-MM-DD), values that are None are left out.
    Raises DocumentError, with the reason, when it cannot be kept: its id must not be empty, its
    texts must be encodable (a lone surrogate is not: no file, screen or network carries it), and
    its pages and blocks must begin in ascending order inside the text; blocks do not overlap.
    """
    if not isinstance(document, Document):
        raise DocumentError(describe(document), "is no Document; make one with Document(id, text)")
    source = _source(document)
    for name in ("id", "text", "title", "language"):
        value = getattr(document, name)
        if not (isinstance(value, str) or (value is None and name in {"title", "language"})):
            raise DocumentError(source, f"needs text as its {name}, not {describe(value)}")
    if not document.id.strip():
        raise DocumentError(source, "has an empty id; give each document one of its own")
    metadata, starts = _metadata(source, document), _page_starts(source, document)
    texts = [document.id, document.text, document.title or "", str(document.source or "")]
    texts += [document.language or "", *metadata, *_texts(metadata.values())]
    if not all(is_encodable(text) for text in texts):
        raise DocumentError(source, "holds half a character (a lone surrogate); decode it anew")
    blocks = _blocks(source, document)
    labels, confidences = _pages(source, document)
    text, starts, blocks = _cleaned(document.text, starts, blocks)
    return replace(
        document,
        text=text,
        title=document.title and clean(document.title),
        source=document.source and fspath(document.source),
        page_starts=starts,
        metadata=metadata,
        blocks=blocks,
        page_labels=labels,
        page_confidences=confidences,
        notices=_notices(source, document),
    )


def _cleaned(
    text: str, starts: tuple[int, ...], blocks: tuple[Block, ...]
) -> tuple[str, tuple[int, ...], tuple[Block, ...]]:
    """The clean text, with the page starts and blocks moved accordingly."""
    anchors = (block.anchor for block in blocks if block.anchor is not None)
    bounds = (offset for block in blocks for offset in (block.start, block.end))
    offsets = sorted({0, *starts, *bounds, *anchors})
    cleaned, moved = clean_pages(text, offsets)
    if cleaned == text:
        return text, starts, blocks
    new = dict(zip(offsets, moved, strict=True))
    return (
        cleaned,
        tuple(new[start] for start in starts),
        tuple(
            replace(
                block,
                start=new[block.start],
                end=new[block.end],
                anchor=None if block.anchor is None else new[block.anchor],
            )
            for block in blocks
        ),
    )


def _source(document: Document) -> str:
    """What names a document in a message."""
    source: object = document.source
    if source is not None and not isinstance(source, str | PathLike):
        raise DocumentError(
            describe(document.id), f"needs a path as its source, not {describe(source)}"
        )
    return printable(str(source or document.id or "")) or "a document without an id"


def _metadata(source: str, document: Document) -> dict[str, Metadata]:
    given: Any = document.metadata
    if not isinstance(given, Mapping):
        raise DocumentError(source, f"needs a dictionary as its metadata, not {describe(given)}")
    kept: dict[str, Metadata] = {}
    for name, value in given.items():
        if not isinstance(name, str) or (value is not None and not _is_kept(value)):
            raise DocumentError(
                source,
                "needs texts, numbers, dates or lists of texts as metadata, not "
                f"{describe({name: value})}",
            )
        if isinstance(value, date):
            kept[name] = value.isoformat()
        elif isinstance(value, list | tuple):
            kept[name] = list(value)
        elif value is not None:
            kept[name] = value
    if "date" in kept:
        kept["date"] = iso_date(str(kept["date"])) or str(kept["date"])
    return kept


def _is_kept(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(isinstance(item, str) for item in value)
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return abs(value) < 2**63  # what the catalog can compare
    return isinstance(value, str | date)


def _texts(values: Iterable[Metadata]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from value


def _blocks(source: str, document: Document) -> tuple[Block, ...]:
    given: Iterable[Any] = document.blocks
    try:
        blocks = tuple(given)
    except TypeError as exc:
        raise DocumentError(source, f"needs a list of blocks, not {describe(given)}") from exc
    at = 0
    for block in blocks:
        if not isinstance(block, Block):
            raise DocumentError(source, f"needs a list of blocks, not of {describe(block)}")
        numbers = (block.start, block.end, block.level, block.anchor or 0, block.header_rows)
        whole = all(isinstance(number, int) for number in numbers)
        if not (whole and isinstance(block.role, BlockRole) and isinstance(block.mark, str)):
            raise DocumentError(
                source, f"needs blocks of a role and offsets, not {describe(block)}"
            )
        anchored = block.anchor is None or 0 <= block.anchor <= len(document.text)
        if not (at <= block.start <= block.end <= len(document.text) and anchored):
            raise DocumentError(source, "has blocks that overlap or leave its text")
        at = block.end
    return tuple(
        block if is_encodable(block.mark) else replace(block, mark=clean(block.mark))
        for block in blocks
    )


def _pages(source: str, document: Document) -> tuple[tuple[str, ...], tuple[float | None, ...]]:
    """The labels and the confidences of the pages."""
    labels: tuple[Any, ...] = _listed(source, "page_labels", document.page_labels)
    sure: tuple[Any, ...] = _listed(source, "page_confidences", document.page_confidences)
    if not all(isinstance(label, str) for label in labels):
        raise DocumentError(source, f"needs texts as its page_labels, not {describe(labels)}")
    if not all(isinstance(each, int | float | None) for each in sure):
        raise DocumentError(source, f"needs numbers as its page_confidences, not {describe(sure)}")
    return tuple(map(clean, labels)), sure


def _notices(source: str, document: Document) -> tuple[Notice, ...]:
    notices: tuple[Any, ...] = _listed(source, "notices", document.notices)
    for notice in notices:
        known = isinstance(notice, Notice) and isinstance(notice.kind, NoticeKind)
        if not (known and isinstance(notice.text, str)):
            raise DocumentError(source, f"needs a list of notices, not of {describe(notice)}")
    # They name files and what is in them: half a character in a name is no reason to fail.
    return tuple(Notice(notice.kind, clean(notice.text)) for notice in notices)


def _listed(source: str, name: str, given: Iterable[Any]) -> tuple[Any, ...]:
    try:
        return tuple(given)
    except TypeError as exc:
        raise DocumentError(source, f"needs a list as its {name}, not {describe(given)}") from exc


def _page_starts(source: str, document: Document) -> tuple[int, ...]:
    given: Iterable[Any] = document.page_starts
    try:
        starts = tuple(operator.index(start) for start in given)
    except TypeError as exc:
        raise DocumentError(
            source, f"needs a list of offsets as its page_starts, not {describe(given)}"
        ) from exc
    ascending = all(before <= after for before, after in pairwise(starts))
    if starts and not (starts[0] == 0 and ascending and starts[-1] <= len(document.text)):
        raise DocumentError(source, "has pages that do not ascend from 0 to the text's length")
    return starts
