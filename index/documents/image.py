"""Pictures of pages (a photo, a fax, a scan) are laid on the pages of a PDF and read by OCR."""

import io
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.documents.package import DAMAGED, TOO_LARGE
from index.documents.parts import ConversionError, Converted, ReadOptions
from index.documents.permission import PICTURE

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["as_pdf", "read_image"]

MAX_FRAMES = 2000
MAX_PIXELS = 25_000_000  # of one page; a larger picture is made smaller
_NO_PILLOW = 'needs Pillow to be read: pip install "qa[ocr]"'
_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP")
_PAGE_INCHES = 2.0, 34.0  # the longer side of what may be a page, from a card to A0
_A4 = 11.7  # inches, the longer side
_SCREEN = 96  # dpi of small pictures that do not say theirs
_EXIF_DATES = 36867, 306  # when a photo was taken, when a file was made


def read_image(data: bytes, options: ReadOptions) -> Converted:
    """The text of a picture, or of each page of a TIFF; raises ConversionError without OCR."""
    if not options.ocr:
        raise ConversionError(PICTURE)
    from dataclasses import replace

    from index.documents.pdf.read import read_pdf

    try:
        document, created = as_pdf(data)
    except ImportError as exc:
        raise ConversionError(_NO_PILLOW) from exc
    return replace(read_pdf(document, options), title=None, author=None, created=created)


def as_pdf(data: bytes, *, colour: bool = False) -> tuple[bytes, str | None]:
    """A PDF with the picture's pages, in grey or in colour, and when the picture was made.

    Raises ConversionError where it is damaged or too large, ImportError without Pillow.
    """
    import pypdfium2
    from PIL import Image

    Image.init()  # else those named are not all known
    document = pypdfium2.PdfDocument.new()
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            created = _created(image)
            for frame in _frames(image):
                _add_page(document, frame, "RGB" if colour else "L")
    except Image.DecompressionBombError as exc:
        raise ConversionError(TOO_LARGE) from exc
    # Pillow's decoders raise these and others on damaged files, and do not list them.
    except (OSError, ValueError, SyntaxError, IndexError, KeyError, TypeError) as exc:
        raise ConversionError(DAMAGED) from exc
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue(), created


def _frames(image: "Image") -> Iterator["Image"]:
    """The pages of a TIFF; of other formats the picture, without what moves or is a preview."""
    from PIL import ImageSequence

    if image.format != "TIFF":
        yield image
        return
    if getattr(image, "n_frames", 1) > MAX_FRAMES:
        raise ConversionError(TOO_LARGE)
    for frame in ImageSequence.Iterator(image):
        # A reduced copy of a page beside it: bit 0 of NewSubfileType.
        if not getattr(frame, "tag_v2", {}).get(254, 0) & 1:
            yield frame


def _add_page(document: Any, frame: "Image", mode: str) -> None:
    import pypdfium2
    from PIL import Image, ImageOps

    inches = _inches(frame)
    frame.draft(mode, frame.size)
    upright = ImageOps.exif_transpose(frame)
    if (upright.width > upright.height) != (frame.width > frame.height):
        inches = inches[::-1]
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        upright = Image.new("RGBA", layer.size, "white")
        upright.alpha_composite(layer)
    shown = _in_8_bits(upright).convert(mode)
    if shown.width * shown.height > MAX_PIXELS:
        share = math.sqrt(MAX_PIXELS / (shown.width * shown.height))
        shown = shown.resize((int(shown.width * share), int(shown.height * share)))
    width, height = (72 * side for side in inches)
    page = document.new_page(width, height)
    picture = pypdfium2.PdfImage.new(document)
    picture.set_bitmap(pypdfium2.PdfBitmap.from_pil(shown))
    picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    page.insert_obj(picture)
    page.gen_content()
    page.close()


def _in_8_bits(image: "Image") -> "Image":
    """A picture of 16 bits a pixel with the darkest and the lightest 8 bits can show."""
    if not image.mode.startswith(("I", "F")):
        return image
    import numpy as np
    from PIL import Image

    values = np.asarray(image, dtype=np.float32)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(1e-9, high - low))).astype(np.uint8))


def _inches(image: "Image") -> tuple[float, float]:
    """The page's size: as the picture says, if that is a page's, else guessed by its pixels."""
    width, height = image.size
    longer = max(width, height)
    across, down = (float(value or 0) for value in (image.info.get("dpi") or (0, 0))[:2])
    if across > 0 and down > 0:
        size = width / across, height / down
        # 72 is what programs write that do not know.
        if across != 72 and _PAGE_INCHES[0] <= max(size) <= _PAGE_INCHES[1]:
            return size
    dpi = max(_SCREEN, longer / _A4)
    return width / dpi, height / dpi


def _created(image: "Image") -> str | None:
    """When a photo was taken, as YYYY-MM-DD."""
    exif = image.getexif()
    for tag in _EXIF_DATES:
        date = exif.get(tag) or exif.get_ifd(0x8769).get(tag)
        if isinstance(date, str) and len(date) >= 10:
            return date[:10].replace(":", "-")
    return None
