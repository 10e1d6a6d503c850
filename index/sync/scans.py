"""Which documents of a catalog have pages without text, and which were read by OCR."""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from index.documents.contents import CONTAINERS
from index.documents.parts import ReadOptions
from index.documents.permission import helps
from index.documents.read import SCANNED_SUFFIXES
from index.storage.catalog import Catalog
from index.types import NoticeKind

__all__ = ["by_ocr", "confidences", "empty_pages", "helped", "without_ocr"]

_BREAK = 2  # characters between two pages: one without text has no more


def empty_pages(catalog: Catalog) -> Iterator[tuple[str, list[int]]]:
    """Documents by id, with their pages (from 1) that have no text."""
    rows = catalog.rows(
        "SELECT id, page_starts, length(text) FROM documents WHERE page_starts != '[]' ORDER BY id"
    )
    for id, starts, length in rows:
        bounds = [*json.loads(starts), length + _BREAK]
        pages = [n for n in range(1, len(bounds)) if bounds[n] - bounds[n - 1] <= _BREAK]
        if pages:
            yield id, pages


def confidences(catalog: Catalog) -> dict[str, list[float | None]]:
    """Of the documents that OCR has read, how sure it was of each page; None where not needed."""
    rows = catalog.rows(
        "SELECT id, page_confidences FROM documents WHERE page_confidences != '[]' ORDER BY id"
    )
    read = {id: json.loads(kept) for id, kept in rows}
    return {id: pages for id, pages in read.items() if any(sure is not None for sure in pages)}


def by_ocr(catalog: Catalog) -> set[str]:
    """The ids of the files' documents of which OCR has read a page, also of a file in it."""
    read = confidences(catalog)
    return {container or id for id, container in catalog.containers(read).items()}


def helped(catalog: Catalog, options: ReadOptions) -> set[str]:
    """The ids of the documents of files that hold files which these options may open."""
    return {
        id
        for id, notices in catalog.notices().items()
        if any(helps(options, notice.text) for notice in notices)
        and PurePosixPath(id).suffix.lower() in CONTAINERS
    }


def without_ocr(catalog: Catalog) -> set[str]:
    """The ids of files' documents with pages that OCR may read, and for which it was not asked yet.

    The pages may be of a file in the file.
    """
    rows = catalog.rows(
        "SELECT id, source, container FROM documents"
        " WHERE page_confidences = '[]' AND source IS NOT NULL"
    )
    lacking = {id for id, _ in empty_pages(catalog)} | {
        id
        for id, notices in catalog.notices().items()
        if any(notice.kind is NoticeKind.NO_TEXT for notice in notices)
    }
    return {
        container or id
        for id, source, container in rows
        if id in lacking and Path(source).suffix.lower() in SCANNED_SUFFIXES
    }
