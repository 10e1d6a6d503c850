"""The numbers that are printed on the pages of a PDF, as its page labels give them."""

import ctypes
from typing import TYPE_CHECKING

from index.documents.decoding import one_line

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

__all__ = ["page_labels"]

_CHARS = 40  # a longer one is no page number


def page_labels(document: "PdfDocument") -> tuple[str, ...]:
    """The label of each page, "" for one without; nothing where they are just 1, 2, 3."""
    labels = tuple(_label(document, number) for number in range(len(document)))
    plain = all(label in {"", str(number)} for number, label in enumerate(labels, 1))
    return () if plain else labels


def _label(document: "PdfDocument", number: int) -> str:
    from pypdfium2.raw import FPDF_GetPageLabel

    size = FPDF_GetPageLabel(document, number, None, 0)
    if not 2 < size <= 2 * (_CHARS + 1):
        return ""
    buffer = ctypes.create_string_buffer(size)
    FPDF_GetPageLabel(document, number, buffer, size)
    return one_line(buffer.raw[: size - 2].decode("utf-16-le", "ignore"))
