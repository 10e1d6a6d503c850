"""What lies over a page: text boxes, which are read, and comments, which are counted."""

import ctypes
from typing import Any

from index.documents.decoding import clean

__all__ = ["annotations"]

_MAX_ANNOTATIONS = 5_000
_HIDDEN = 0x02 | 0x20  # flags: hidden, not shown on the screen

_Edges = tuple[float, float, float, float]


def annotations(page: Any) -> tuple[list[tuple[str, _Edges]], int]:
    """The text boxes with their places in the page's coordinates, and the number of comments."""
    import pypdfium2.raw as pdfium

    comments = (
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_SQUIGGLY,
        pdfium.FPDF_ANNOT_STRIKEOUT,
        pdfium.FPDF_ANNOT_CARET,
        pdfium.FPDF_ANNOT_SQUARE,
        pdfium.FPDF_ANNOT_CIRCLE,
        pdfium.FPDF_ANNOT_INK,
        pdfium.FPDF_ANNOT_STAMP,
    )
    boxes = []
    count = 0
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            if kind != pdfium.FPDF_ANNOT_FREETEXT and kind not in comments:
                continue
            text = clean(_contents(annotation)).strip()
            hidden = pdfium.FPDFAnnot_GetFlags(annotation) & _HIDDEN
            if kind != pdfium.FPDF_ANNOT_FREETEXT:
                count += bool(text)
            elif text and not hidden:
                boxes.append((text, _edges(annotation)))
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return boxes, count


def _contents(annotation: Any) -> str:
    import pypdfium2.raw as pdfium

    size = pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    if size <= 2 or size > 1 << 20:
        return ""
    buffer = ctypes.create_string_buffer(size)
    target = ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR))
    pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", target, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _edges(annotation: Any) -> _Edges:
    import pypdfium2.raw as pdfium

    rect = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, rect)
    return (
        min(rect.left, rect.right),
        min(rect.bottom, rect.top),
        max(rect.left, rect.right),
        max(rect.bottom, rect.top),
    )
