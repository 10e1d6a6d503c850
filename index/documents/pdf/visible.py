"""Whether words leave ink: asked of pdfium's picture of the page, made only where in doubt."""

import ctypes
import re
import zlib
from typing import Any

__all__ = ["Inked", "has_layers"]

_Edges = tuple[float, float, float, float]
_MOST_PIXELS = 1500  # of the longer side
_FEW = 12  # of 255: less contrast nobody sees
_STREAM = re.compile(rb"/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
_MAX_STREAM = 1 << 22


def has_layers(data: bytes, encrypted: bool) -> bool:
    """Whether a file may have optional layers. One that is encrypted does not say so."""
    if encrypted or b"/OCProperties" in data:
        return True
    for match in _STREAM.finditer(data):
        try:
            head = zlib.decompressobj().decompress(
                data[match.end() : match.end() + _MAX_STREAM], _MAX_STREAM
            )
        except zlib.error:
            continue
        if b"/OCProperties" in head:
            return True
    return False


class Inked:
    """Pictures of one page: as it is shown, and of its text alone."""

    def __init__(self, page: Any, visible: _Edges) -> None:
        self._page = page
        self._visible = visible
        self._shown: _Picture | None = None
        self._text: _Picture | None = None

    def shows(self, edges: _Edges) -> bool:
        """Whether something stands out from its ground in a rectangle of the page."""
        if self._shown is None:
            self._shown = _Picture(self._page, self._visible, 0xFFFFFFFF)
        return self._shown.contrast(edges) > _FEW

    def layers(self) -> None:
        """Make the picture of the text alone."""
        import pypdfium2.raw as pdfium

        texts = (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM)
        off = []
        for number in range(pdfium.FPDFPage_CountObjects(self._page)):
            item = pdfium.FPDFPage_GetObject(self._page, number)
            if pdfium.FPDFPageObj_GetType(item) not in texts:
                pdfium.FPDFPageObj_SetIsActive(item, False)
                off.append(item)
        # On a ground of a grey that no text has.
        self._text = _Picture(self._page, self._visible, 0xFF7B7B7B)
        for item in off:
            pdfium.FPDFPageObj_SetIsActive(item, True)

    def shows_layers(self, edges: _Edges) -> bool:
        """Whether the text in a rectangle of the page belongs to layers that are on."""
        return self._text is None or self._text.contrast(edges) > _FEW


class _Picture:
    """A page in grey."""

    def __init__(self, page: Any, visible: _Edges, ground: int) -> None:
        import pypdfium2.raw as pdfium

        left, bottom, right, top = visible
        self._rotation = pdfium.FPDFPage_GetRotation(page) % 4
        width, height = max(1.0, right - left), max(1.0, top - bottom)
        self._visible = visible
        self._scale = min(1.5, _MOST_PIXELS / max(width, height))
        if self._rotation % 2:
            width, height = height, width
        self._width = max(1, int(width * self._scale))
        self._height = max(1, int(height * self._scale))
        bitmap = pdfium.FPDFBitmap_CreateEx(
            self._width, self._height, pdfium.FPDFBitmap_Gray, None, 0
        )
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, self._width, self._height, ground)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, self._width, self._height, 0, 0)
        self._stride = pdfium.FPDFBitmap_GetStride(bitmap)
        start = pdfium.FPDFBitmap_GetBuffer(bitmap)
        self._pixels = ctypes.string_at(start, self._stride * self._height)
        pdfium.FPDFBitmap_Destroy(bitmap)

    def contrast(self, edges: _Edges) -> int:
        """The difference between the lightest and the darkest point of a rectangle."""
        from index.documents.pdf.turning import Frame

        box = Frame(self._visible, self._rotation * 90).box(edges)
        x0, x1 = int(box.x0 * self._scale), int(box.x1 * self._scale) + 1
        y0, y1 = int(box.top * self._scale), int(box.bottom * self._scale) + 1
        x0, x1 = max(0, x0), min(self._width, x1)
        rows = [
            self._pixels[row * self._stride + x0 : row * self._stride + x1]
            for row in range(max(0, y0), min(self._height, y1))
        ]
        rows = [row for row in rows if row]
        if not rows:
            return 0
        return max(max(row) for row in rows) - min(min(row) for row in rows)
