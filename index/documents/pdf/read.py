"""PDF files, read by pdfium; what it cannot open goes to the converter, if that is installed."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from index.documents.decoding import one_line
from index.documents.notices import counted
from index.documents.package import DAMAGED, TOO_LARGE
from index.documents.parts import ConversionError, Converted, Part, ReadOptions
from index.documents.pdf.assembly import assemble
from index.documents.pdf.furniture import number_of, without_furniture
from index.documents.pdf.labels import page_labels, printed_labels
from index.documents.pdf.model import Page
from index.documents.pdf.open import open_pdf
from index.documents.pdf.pages import read_page
from index.documents.pdf.visible import has_layers
from index.types import BlockRole, Notice, NoticeKind

__all__ = ["read_pdf"]

MAX_PAGES = 20_000

_DATE = re.compile(r"D?:?(\d{4})(\d{2})?(\d{2})?")
_PLACEHOLDERS = frozenset(
    ("", "(anonymous)", "(unspecified)", "anonymous", "untitled", "unknown", "title", "unspecified")
)
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


def read_pdf(data: bytes, options: ReadOptions) -> Converted:
    """Read a PDF file; with ``options.ocr``, pages without text are read by OCR.

    Raises ConversionError where it is damaged, locked or too large inside, or needs an OCR that is
    not installed.
    """
    try:
        document = open_pdf(data, options.passwords)
    except ConversionError as exc:
        if str(exc) != DAMAGED:
            raise
        from index.documents.converter import convert

        return convert(data, "file.pdf", options)
    try:
        return _converted(document, data, options)
    finally:
        document.close()


def _converted(document: Any, data: bytes, options: ReadOptions) -> Converted:
    import pypdfium2.raw as pdfium

    count = len(document)
    if count > MAX_PAGES:
        raise ConversionError(TOO_LARGE)
    encrypted = pdfium.FPDF_GetSecurityHandlerRevision(document.raw) >= 0
    layered = has_layers(data, encrypted)
    pages = [
        read_page(document, number, layered=layered, ocr=options.ocr) for number in range(count)
    ]
    confidences = tuple(page.confidence for page in pages)
    notices = _notices(pages)
    if b"%%EOF" not in data:  # with which every whole file ends
        notices = (Notice(NoticeKind.LOST, "the file ends too early; get it anew"), *notices)
    headers = without_furniture(pages)
    parts = assemble(pages)
    info = {name: _named(value) for name, value in document.get_metadata_dict().items()}
    return Converted(
        parts,
        count,
        title=info.get("Title") or _title(parts, headers),
        author=info.get("Author"),
        created=_created(info.get("CreationDate")),
        page_labels=page_labels(document)
        or printed_labels([page.printed for page in pages], number_of),
        page_confidences=confidences if any(sure is not None for sure in confidences) else (),
        notices=notices,
    )


def _named(value: str | None) -> str | None:
    text = one_line("".join(_LIGATURES.get(sign, sign) for sign in value or ""))
    return None if text.lower() in _PLACEHOLDERS else text


def _created(value: str | None) -> str | None:
    match = _DATE.match(value or "")
    return "-".join(part for part in match.groups() if part) if match else None


def _title(parts: Sequence[Part], headers: Sequence[str]) -> str | None:
    """The first heading among the first parts, else a running header."""
    for part in parts[:5]:
        if part.role is BlockRole.HEADING:
            return None  # `read_document` takes it
    return _named(headers[0]) if headers else None


_NOTICES = (
    ("unseen layer", NoticeKind.HIDDEN, "{} word(s) on a layer that is off (is/are) left out"),
    ("unseen", NoticeKind.HIDDEN, "{} word(s) that nobody sees (is/are) left out"),
    ("comments", NoticeKind.COMMENT, "{} comment(s) (is/are) left out"),
    ("fields", NoticeKind.HIDDEN, "{} hidden form field(s) (is/are) left out"),
)


def _notices(pages: Sequence[Page]) -> tuple[Notice, ...]:
    hidden = Counter[str]()
    for page in pages:
        hidden.update(page.hidden)
    unseen = sum(hidden[why] for why in ("invisible", "tiny", "outside", "layer"))
    off = hidden["layer"] == unseen
    hidden["unseen layer" if off else "unseen"] = unseen
    hidden["comments"] = sum(page.comments for page in pages)
    notices = list(counted(hidden, _NOTICES))
    lost = [page.number for page in pages if page.hidden.get("lost")]
    if lost:
        notices.append(Notice(NoticeKind.LOST, f"{_named_pages(lost)} could not be read whole"))
    garbled = [page.number for page in pages if page.garbled]
    if garbled:
        text = f"the text of {_named_pages(garbled)} has no readable letters; index with --ocr"
        notices.append(Notice(NoticeKind.LOST, text))
    empty = [page.number for page in pages if page.is_scan and page.confidence is None]
    if empty:
        one = len(empty) == 1
        have = "has no text: it may be a scan" if one else "have no text: they may be scans"
        text = f"{_named_pages(empty)} {have}, index with --ocr"
        notices.append(Notice(NoticeKind.NO_TEXT, text))
    return tuple(notices)


def _named_pages(numbers: Sequence[int]) -> str:
    """Such as "pages 3-5 and 8"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    named = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"page {listed}" if len(numbers) == 1 else f"pages {listed}"
