"""Open files as pages: their pictures, and where words stand on them. For one thread alone."""

import io
import math
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.documents.image import as_pdf
from index.documents.parts import ConversionError
from index.documents.pdf.open import open_pdf
from index.documents.permission import LOCKED
from index.documents.read import PICTURE_SUFFIXES
from qa.web.viewer.boxes import Box, Letters, Place, boxes_of, letters_on, place_of
from qa.web.viewer.files import ViewError, entry_of, verified

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

__all__ = ["Pages", "Shelf"]

_MOST_PIXELS = 12_000_000  # of a picture
_LONGEST = 16_000  # pixels of a side; WebP has at most 16,383
_QUALITY = 80  # of WebP: half the bytes of a PNG, and the letters as sharp to the eye
_OPEN = 3  # files at once
_OPEN_BYTES = 256 << 20  # of all of them; the last one opened stays in any case


class Pages:
    """The pages of one file, numbered from 1."""

    def __init__(self, data: bytes, suffix: str) -> None:
        """Raises ViewError, ``locked`` or ``unreadable``."""
        try:
            if suffix in PICTURE_SUFFIXES:
                data, _ = as_pdf(data, colour=True)
            self._document: PdfDocument = open_pdf(data)
        except ConversionError as exc:
            raise ViewError("locked" if str(exc) == LOCKED else "unreadable") from exc
        except ImportError as exc:
            raise ViewError("unreadable") from exc
        self.bytes = len(data)
        self.count = len(self._document)
        self._scanned: dict[int, Letters] = {}  # pages that OCR has read

    def close(self) -> None:
        """Free its memory."""
        self._document.close()

    def _page(self, number: int) -> "PdfPage":
        from pypdfium2 import PdfiumError

        if not 1 <= number <= self.count:
            raise ViewError("unreadable")
        try:
            return self._document[number - 1]
        except PdfiumError as exc:
            raise ViewError("unreadable") from exc

    def size(self, number: int) -> tuple[float, float]:
        """Width and height as it is shown, in points."""
        page = self._page(number)
        try:
            width, height = page.get_size()
        finally:
            page.close()
        if not (0 < width < math.inf and 0 < height < math.inf):
            raise ViewError("unreadable")
        return width, height

    def picture(self, number: int, pixels: int) -> bytes:
        """The page as WebP, so many pixels wide, or fewer where it would be too large."""
        width, height = self.size(number)
        scale = min(
            pixels / width,
            math.sqrt(_MOST_PIXELS / (width * height)),
            _LONGEST / max(width, height),
        )
        page = self._page(number)
        try:
            bitmap = page.render(scale=scale, limit_image_cache=True)
            try:
                buffer = io.BytesIO()
                bitmap.to_pil().convert("RGB").save(buffer, "WEBP", quality=_QUALITY, method=1)
            finally:
                bitmap.close()
        finally:
            page.close()
        return buffer.getvalue()

    def boxes(self, place: Place, numbers: Sequence[int]) -> tuple[list[Box], float]:
        """The boxes of quoted words on these pages, and the part of their letters found there."""
        pages = {number: self._page(number) for number in numbers if 1 <= number <= self.count}
        try:
            letters = [letters_on(page, number) for number, page in pages.items()]
            return self._boxes(place, letters, pages)
        finally:
            for page in pages.values():
                page.close()

    def scanned_boxes(self, place: Place, number: int) -> tuple[list[Box], float]:
        """The boxes of words that OCR reads on a page, once more; it takes seconds.

        Raises ViewError, ``unreadable``, where there is no OCR.
        """
        from index.documents.pdf.ocr import read_page_by_ocr

        page = self._page(number)
        try:
            if number not in self._scanned:
                rotation: int = page.get_rotation()
                lines, _ = read_page_by_ocr(page)
                turned: int = page.get_rotation()
                page.set_rotation(rotation)  # its picture is not turned
                text, edges = "", []
                for line in lines:
                    text += f"{line.text}\n"
                    edges += [*_shared(line.text, line.box, turned), None]
                self._scanned[number] = Letters(number, text, tuple(edges))
            return self._boxes(place, [self._scanned[number]], {number: page})
        except ConversionError as exc:
            raise ViewError("unreadable") from exc
        finally:
            page.close()

    @staticmethod
    def _boxes(
        place: Place, letters: Sequence[Letters], pages: dict[int, "PdfPage"]
    ) -> tuple[list[Box], float]:
        signs, share = place_of(place, letters)
        return boxes_of(place, signs, pages), share


def _shared(text: str, box: tuple[float, float, float, float], rotation: int) -> list[Any]:
    """A line's box parted among its letters, each as wide as the others."""
    left, bottom, right, top = box
    step = (right - left) / max(1, len(text)), (top - bottom) / max(1, len(text))
    edges: list[Any] = []
    for at in range(len(text)):
        if (right - left) >= (top - bottom) or len(text) == 1:
            a = at if rotation != 180 else len(text) - 1 - at
            edges.append((left + a * step[0], bottom, left + (a + 1) * step[0], top))
        else:  # it stands upright in the page's own coordinates
            a = at if rotation == 90 else len(text) - 1 - at
            edges.append((left, bottom + a * step[1], right, bottom + (a + 1) * step[1]))
    return [None if sign.isspace() else edge for sign, edge in zip(text, edges, strict=True)]


class Shelf:
    """The files that were opened last."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, str], tuple[tuple[int, int, int], Pages]] = OrderedDict()

    def pages(self, path: str, digest: str) -> Pages:
        """The pages of a file with these bytes; raises ViewError where they are others."""
        entry = entry_of(Path(path))
        known = self._open.get((path, digest))
        if known and known[0] == entry:
            self._open.move_to_end((path, digest))
            return known[1]
        self._close(path)
        with verified(Path(path), digest) as file:
            pages = Pages(file.read(), Path(path).suffix.lower())
        self._open[path, digest] = entry, pages
        while len(self._open) > 1 and (
            len(self._open) > _OPEN or sum(p.bytes for _, p in self._open.values()) > _OPEN_BYTES
        ):
            self._open.popitem(last=False)[1][1].close()
        return pages

    def _close(self, path: str) -> None:
        for key in [key for key in self._open if key[0] == path]:
            self._open.pop(key)[1].close()
