"""Scanned pages are read by OCR: by RapidOCR, or else by an installed Tesseract with Spanish.

RapidOCR comes first by measurement. On pages that were rendered from known Spanish texts, also
blurred and skewed, it has 0 to 0.1 % of the characters wrong, Tesseract 0.1 to 0.3 %, among them
figures; and it reads lines under signatures that Tesseract loses. It takes 8 to 12 seconds a page
on one core, Tesseract 2 to 4.
"""

import math
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from index.documents.decoding import clean
from index.documents.parts import ConversionError
from index.documents.pdf.rapid import RapidOcr
from index.documents.pdf.recognised import Recognised, ScannedLine, turn_of
from index.documents.pdf.tesseract import Tesseract
from index.documents.permission import NO_OCR
from index.documents.progress import step

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pypdfium2 import PdfPage

__all__ = ["ScannedLine", "is_installed", "read_page_by_ocr"]

MAX_PIXELS = 25_000_000  # A4 at 300 dpi has 8.7 million; a larger page gets a lower resolution
_LEAST_CONFIDENCE = 0.3  # below it, a line is no text but a signature, a stamp or a picture
_INK = 128  # a grey value of 255; a page without a darker pixel is blank


class _Engine(Protocol):
    """Reads the image of a page. ``dpi``: the resolution at which it reads best."""

    dpi: int

    def read(self, image: "NDArray[np.uint8]", dpi: int) -> list[Recognised]:
        """The lines of a grey image [height, width] in reading order."""
        ...


def read_page_by_ocr(page: "PdfPage") -> tuple[list[ScannedLine], float]:
    """The lines of a page in reading order, and how sure the engine is of them (0 to 1).

    Annotations and form fields are not in the picture that is read: they have texts of their own.
    A page that was scanned sideways or upside down is turned upright (`PdfPage.get_rotation`).
    Raises ConversionError where no engine is installed, or it fails on the page.
    """
    engine = _engine()
    width, height = page.get_size()
    scale = min(engine.dpi / 72, math.sqrt(MAX_PIXELS / max(1.0, width * height)))
    bitmap = page.render(scale=scale, grayscale=True, draw_annots=False, may_draw_forms=False)
    image = bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width]
    found = [] if image.min() > _INK else engine.read(image, round(72 * scale))
    found = [line for line in found if line.confidence >= _LEAST_CONFIDENCE]
    lines = [_placed(page, line, image.shape, scale) for line in found]
    if turn := turn_of(found):
        page.set_rotation((page.get_rotation() + turn) % 360)
    step()
    letters = sum(len(line.text) for line in lines)
    sure = sum(line.confidence * len(line.text) for line in lines)
    return lines, round(sure / letters, 4) if letters else 0.0


def _placed(page: "PdfPage", line: Recognised, shape: Sequence[int], scale: float) -> ScannedLine:
    """A line with its place on the page, before the page is turned."""
    import ctypes

    from pypdfium2.raw import FPDF_DeviceToPage

    corners = []
    for x, y in (line.box[:2], line.box[2:]):
        across, up = ctypes.c_double(), ctypes.c_double()
        FPDF_DeviceToPage(page, 0, 0, shape[1], shape[0], 0, round(x), round(y), across, up)
        corners.append((across.value, up.value))
    (left, right), (bottom, top) = (sorted(values) for values in zip(*corners, strict=True))
    box = left, bottom, right, top
    return ScannedLine(clean(line.text), box, line.confidence, line.size / scale, line.paragraph)


def is_installed() -> bool:
    """Whether there is an engine; none is loaded."""
    return Tesseract.installed() is not None or RapidOcr.models() is not None


@cache
def _engine() -> Any:
    """The engine of this process, made once; raises ConversionError where there is none."""
    engine = RapidOcr.installed() or Tesseract.installed()
    if engine is None:
        raise ConversionError(NO_OCR)
    return engine
