"""The numbers that are printed on the pages of a PDF, as its page labels give them."""

import ctypes
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from index.documents.decoding import one_line

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

__all__ = ["page_labels", "printed_labels"]

_Offset = tuple[int, bool] | None
_LEAST_PAGES = 3  # whose numbers go on
_CHARS = 40  # a longer one is no page number


def page_labels(document: "PdfDocument") -> tuple[str, ...]:
    """The label of each page, "" for one without; nothing where they are just 1, 2, 3."""
    labels = tuple(_label(document, number) for number in range(len(document)))
    plain = all(label in {"", str(number)} for number, label in enumerate(labels, 1))
    return () if plain else labels


def printed_labels(printed: Sequence[str], value: Callable[[str], int | None]) -> tuple[str, ...]:
    """Labels from the numbers that pages show, "" for a page without; nothing where they are 1, 2.

    ``value`` is that of a number. Numbers count only where they go on for some pages; a page
    without one has its place in the count of the pages around it.
    """
    offsets: list[_Offset] = []
    for place, number in enumerate(printed):
        found = value(number) if number else None
        offsets.append(None if found is None else (found - place, not number.isdigit()))
    counts = Counter(offset for offset in offsets if offset is not None)
    sure = [offset if offset and counts[offset] >= _LEAST_PAGES else None for offset in offsets]
    if 2 * sum(offset is not None for offset in sure) <= len(printed):
        return ()
    before = list(accumulate(sure, _last))
    after = list(accumulate(reversed(sure), _last))[::-1]
    labels = [
        _written(place, following if last in (None, following) else sure[place], printed[place])
        for place, (last, following) in enumerate(zip(before, after, strict=True))
    ]
    plain = all(label in {"", str(number)} for number, label in enumerate(labels, 1))
    return () if plain else tuple(labels)


def _last(before: _Offset, offset: _Offset) -> _Offset:
    return offset or before


def _written(place: int, offset: _Offset, printed: str) -> str:
    if offset is None or place + offset[0] < 1:
        return ""
    return printed or ("" if offset[1] else str(place + offset[0]))


def _label(document: "PdfDocument", number: int) -> str:
    from pypdfium2.raw import FPDF_GetPageLabel

    size = FPDF_GetPageLabel(document, number, None, 0)
    if not 2 < size <= 2 * (_CHARS + 1):
        return ""
    buffer = ctypes.create_string_buffer(size)
    FPDF_GetPageLabel(document, number, buffer, size)
    return one_line(buffer.raw[: size - 2].decode("utf-16-le", "ignore"))
