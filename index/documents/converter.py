"""The one place that knows xberg: files that our own readers cannot open, to blocks.

No accepted format needs it, and it need not be installed (``pip install "qa[damaged]"``).

xberg's elements are used, not its rendered text: they are plain words without Markdown, they name
their page, and lines that the PDF wrapped are whole paragraphs again.
"""

import asyncio
import atexit
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any

from index.documents.decoding import clean, one_line
from index.documents.package import DAMAGED, DEEP, TOO_LARGE
from index.documents.parts import (
    ConversionError,
    Converted,
    Part,
    ReadOptions,
    joined,
    without_furniture,
)
from index.documents.permission import ENCRYPTED, NO_XBERG
from index.types import BlockRole, Notice, NoticeKind

if TYPE_CHECKING:
    import xberg

__all__ = ["convert", "or_convert"]

MAX_PAGES = 20_000
MAX_SECONDS = 300

_KINDS = {
    "title": BlockRole.HEADING,
    "heading": BlockRole.HEADING,
    "list_item": BlockRole.ITEM,
    "table": BlockRole.TABLE,
}
_NO_TEXT = frozenset(("image", "page_break"))
# Formats with fixed pages. A word processor lays its pages out when a file is opened.
_PAGED = re.compile(r"application/pdf|.*presentation.*|.*powerpoint.*")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_COMMENT = re.compile(r"\[cmt:(\d+)\]")
_LOOSE_MARK = re.compile(r"(?<=\w) (?=[.,;:](?:\s|$))")


def or_convert(
    read: Callable[[], Converted], data: bytes, filename: str, options: ReadOptions
) -> Converted:
    """What ``read`` gives; what it finds damaged is left to the converter.

    Raises ConversionError.
    """
    try:
        return read()
    except RecursionError as exc:
        raise ConversionError(DEEP) from exc
    except ConversionError as exc:
        if str(exc) != DAMAGED:
            raise
        return convert(data, filename, options)


def convert(data: bytes, filename: str, options: ReadOptions) -> Converted:  # noqa: ARG001
    """Convert a file's bytes; the name only hints at the format.

    Raises ConversionError, also where xberg is not installed.
    """
    try:
        import xberg  # noqa: F401
    except ImportError as exc:
        raise ConversionError(NO_XBERG) from exc
    # A thread of its own, for the caller may already run an event loop in this one.
    with ThreadPoolExecutor(1) as thread:
        try:
            result = thread.submit(asyncio.run, _extract(data, filename)).result()
        except TimeoutError as exc:
            reason = f"takes longer than {MAX_SECONDS} seconds to read; split it into smaller files"
            raise ConversionError(reason) from exc
        # xberg raises RuntimeError and classes of its own, and does not list them all.
        except Exception as exc:
            raise ConversionError(_reason(exc)) from exc
    if not result.results:
        message = result.errors[0].message if result.errors else ""
        raise ConversionError(_reason(ValueError(message)))
    return _converted(result.results[0])


async def _extract(data: bytes, filename: str) -> Any:
    import xberg

    _let_runtime_finish()
    source = xberg.ExtractInput(kind="bytes", bytes=data, filename=filename)
    async with asyncio.timeout(MAX_SECONDS):
        return await xberg.extract(source, _config())


@cache
def _config() -> "xberg.ExtractionConfig":
    import xberg

    return xberg.ExtractionConfig(
        use_cache=False,
        disable_ocr=True,
        output_format="markdown",
        result_format="element_based",
        extraction_timeout_secs=MAX_SECONDS,
        max_archive_depth=0,
        pages=xberg.PageConfig(),
        security_limits=xberg.SecurityLimits(max_pages=MAX_PAGES, max_table_cells=2_000_000),
    )


@cache
def _let_runtime_finish() -> None:
    # xberg's worker thread releases its last Python object just after it gave the result. A process
    # that ends in that moment aborts (seen once in forty).
    atexit.register(time.sleep, 0.02)


def _reason(error: Exception) -> str:
    message = str(error).lower()
    if "password" in message or "encrypt" in message:
        return ENCRYPTED
    if "unsupported" in message:
        return "has an unknown format; convert it to PDF, DOCX, HTML or text first"
    if "max_pages" in message or "limit" in message or "exceed" in message:
        return TOO_LARGE
    return DAMAGED


def _converted(result: Any) -> Converted:
    metadata = result.metadata
    paged = bool(_PAGED.fullmatch(result.mime_type))
    blocks = _blocks(result.elements or [], paged)
    pages = 0
    if paged:
        blocks = joined(without_furniture(blocks))
        counted = metadata.pages.total_count if metadata.pages else 0
        pages = max([counted or 0, *(block.page or 0 for block in blocks)])
    mail = result.mime_type in ("message/rfc822", "application/vnd.ms-outlook")
    return Converted(
        blocks,
        pages,
        title=one_line(metadata.title or "") or (_subject(result) if mail else None),
        author=one_line(", ".join(metadata.authors or ())) or None,
        date=metadata.created_at if mail else None,
        created=None if mail else metadata.created_at,
        notices=tuple(
            Notice(NoticeKind.LOST, " ".join(str(warning.message).split()).rstrip("."))
            for warning in result.processing_warnings or ()
        ),
    )


def _blocks(elements: Sequence[Any], paged: bool) -> list[Part]:
    comments = {mark for element in elements for mark in _COMMENT.findall(element.text)}
    blocks = []
    page = 1 if paged else None
    for element in elements:
        kind = str(element.element_type)
        text = _COMMENT.sub("", _IMAGE.sub("", clean(element.text))).strip()
        if kind in _NO_TEXT or not text or text in comments:
            continue
        marker = element.metadata.additional.get("list_marker", "")
        if marker and not text.startswith(marker):
            text = f"{marker} {text}"
        if paged:
            # Page numbers never go back: what belongs to no page stays on the page before.
            page = max(page or 1, element.metadata.page_number or 1)
            text = _LOOSE_MARK.sub("", text.replace("**", "")).strip()
        if text:
            blocks.append(Part(_KINDS.get(kind, BlockRole.PARAGRAPH), text, page))
    return blocks


def _subject(result: Any) -> str | None:
    for element in (result.elements or [])[:1]:
        subject = re.search(r"^Subject: (.+)$", element.text, re.MULTILINE)
        return one_line(subject[1]) if subject else None
    return None
