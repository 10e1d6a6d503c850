"""Pages without text: pictures of words that were drawn with a known font."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import reportlab
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 520)  # pixels at 200 dpi
LINES = (
    "El señor Núñez cobró 1.234,56 euros.",
    "¿Cuándo volvió? El 14 de marzo de 1998.",
    "La niña y el pingüino viven en Peñíscola.",
)


def font(size: int) -> Any:
    """A font with the letters of Spanish, which reportlab brings along."""
    return ImageFont.truetype(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf", size)


def picture(lines: Sequence[str] = LINES, turn: int = 0) -> Image.Image:
    """A grey picture of these lines, turned counterclockwise by so many degrees."""
    image = Image.new("L", SIZE, 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((80, 80 + 60 * number), line, fill=0, font=font(40))
    return image.rotate(turn, expand=True)


def scan(*images: Image.Image, rotation: int = 0) -> bytes:
    """A PDF with a picture on each of its pages."""
    document = pypdfium2.PdfDocument.new()
    for image in images:
        width, height = (72 * side / 200 for side in image.size)
        page = document.new_page(width, height)
        drawn = pypdfium2.PdfImage.new(document)
        drawn.set_bitmap(pypdfium2.PdfBitmap.from_pil(image))
        drawn.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page.insert_obj(drawn)
        page.gen_content()
        page.set_rotation(rotation)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def save(path: Path, image: Image.Image, **options: Any) -> Path:
    """Write a picture in the format of its ending."""
    image.save(path, **options)
    return path
