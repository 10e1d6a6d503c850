"""The text of a document to read, a part at a time."""

from bisect import bisect_right
from pathlib import PurePosixPath
from typing import Any

from index.chunking.structure import paragraphs_of, with_blocks
from index.types import Document

__all__ = ["paragraphs"]

_AT_ONCE = 20_000  # characters
_LONGEST = 4_000  # characters shown of a paragraph without an end


def paragraphs(document: Document, offset: int = 0) -> dict[str, Any]:
    """The paragraphs from this offset (in characters) on, each with its page.

    ``next`` is the offset to go on from, None at the end.
    """
    found: list[dict[str, Any]] = []
    went_on = None
    starts = document.page_starts
    for (start, end), _ in paragraphs_of(document.text, with_blocks(document).blocks):
        begin = max(start, offset)
        if begin >= end:
            continue
        if begin - offset > _AT_ONCE:
            went_on = begin
            break
        stop = min(end, begin + _LONGEST)
        page = bisect_right(starts, begin) or None
        found.append({"text": document.text[begin:stop], "page": page})
        if stop < end:
            went_on = stop
            break
    source = (document.source or "").replace("\\", "/")
    name = PurePosixPath(source).name or document.id
    title = document.title or name
    return {"id": document.id, "title": title, "name": name, "paragraphs": found, "next": went_on}
