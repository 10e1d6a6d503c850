"""Pictures of pages, as they are laid out for OCR."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from index.documents import image as module
from index.documents.parts import ReadOptions
from index.documents.pdf import ocr
from index.documents.pdf.recognised import Recognised
from index.documents.permission import BLANK_PICTURE, PICTURE
from index.documents.read import PICTURE_SUFFIXES, read_document
from index.errors import DocumentError
from index.types import Document
from tests.index.documents.pdf.scans import picture, save

OCR = ReadOptions(ocr=True)


@pytest.fixture(autouse=True)
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The images that the engine was given; it reads a note with their number."""
    images: list[Any] = []

    class Engine:
        dpi = 72

        def read(self, image: Any, dpi: int) -> list[Recognised]:
            assert dpi > 0
            images.append(image)
            return [Recognised(f"La nota {len(images)} se leyó.", (9, 9, 99, 19), 0.9, 10, 1)]

    monkeypatch.setattr(ocr, "_engine", Engine)
    return images


def read(path: Path) -> Document:
    """The document of a picture, with OCR."""
    return read_document(path, path.name, OCR)


@pytest.mark.parametrize("suffix", sorted(PICTURE_SUFFIXES))
def test_every_format_is_read(tmp_path: Path, suffix: str) -> None:
    """As one page, with its confidence."""
    document = read(save(tmp_path / f"a{suffix}", picture()))
    assert (document.text, document.page_starts) == ("La nota 1 se leyó.", (0,))
    assert document.page_confidences == (0.9,)


def test_a_tiff_has_pages(tmp_path: Path) -> None:
    """Each frame is one, as of a fax."""
    path = tmp_path / "fax.tif"
    save(path, picture(), save_all=True, append_images=[picture(), picture()])
    document = read(path)
    assert len(document.page_starts) == 3
    assert "La nota 3" in document.text


def test_without_ocr_the_reason_says_so(tmp_path: Path) -> None:
    """It is not an unknown format."""
    with pytest.raises(DocumentError, match=PICTURE):
        read_document(save(tmp_path / "a.png", picture()), "a")


def test_a_photo_is_turned_as_it_says(tmp_path: Path, seen: list[Any]) -> None:
    """Cameras keep the picture as it is and note how they were held."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    read(save(tmp_path / "a.jpg", picture(), exif=exif))
    assert seen[0].shape[0] > seen[0].shape[1]


def test_the_date_of_a_photo_is_when_it_was_made(tmp_path: Path) -> None:
    """As the camera notes it."""
    exif = Image.Exif()
    exif[306] = "2021:05:06 10:00:00"
    path = save(tmp_path / "a.jpg", picture(), exif=exif)
    assert module.read_image(path.read_bytes(), OCR).created == "2021-05-06"


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA", "I;16"])
def test_colours_become_grey(tmp_path: Path, seen: list[Any], mode: str) -> None:
    """Black stays black and white white; what is transparent is white."""
    grey = picture()
    if mode in ("LA", "RGBA"):
        empty = Image.new(mode, grey.size, 0)
        empty.paste(Image.new(mode, (200, 200), (0, 255) if mode == "LA" else (0, 0, 0, 255)))
        converted = empty
    elif mode == "I;16":
        converted = grey.convert("I").point(lambda value: value * 256).convert("I;16")
    else:
        converted = grey.convert(mode)
    read(save(tmp_path / "a.png", converted))
    assert seen[0].min() < 40
    assert seen[0].max() > 215
    assert seen[0][-1, -1] > 215


@pytest.mark.parametrize(
    ("size", "dpi", "inches"),
    [
        ((2480, 3508), (300, 300), (8.3, 11.7)),
        ((2480, 3508), None, (8.3, 11.7)),
        ((4000, 3000), (72, 72), (11.7, 8.8)),
        ((960, 480), None, (10, 5)),
        ((1728, 1143), (204, 98), (8.5, 11.7)),
    ],
)
def test_the_size_of_the_page(
    size: tuple[int, int], dpi: tuple[int, int] | None, inches: tuple[float, float]
) -> None:
    """As the picture says, if that is a page's; faxes have other resolutions in both directions."""
    image = Image.new("L", size)
    if dpi:
        image.info["dpi"] = dpi
    assert module._inches(image) == pytest.approx(inches, abs=0.1)


@pytest.mark.parametrize("data", [b"no picture", b"\x89PNG\r\n\x1a\n cut", b"II*\0\x08\0\0\0"])
def test_a_damaged_picture(tmp_path: Path, data: bytes) -> None:
    """One sentence."""
    path = tmp_path / "a.png"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match="is damaged"):
        read(path)


def test_a_cut_picture_is_damaged(tmp_path: Path) -> None:
    """Half of it is not read as the whole."""
    buffer = io.BytesIO()
    picture().save(buffer, "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])
    with pytest.raises(DocumentError, match="is damaged"):
        read(path)


def test_a_picture_that_would_fill_the_memory(tmp_path: Path) -> None:
    """It is refused before it is unpacked."""
    path = save(tmp_path / "a.png", Image.new("1", (1, 1), 1))
    header = b"IHDR" + struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    data = path.read_bytes()
    at = data.index(b"IHDR")
    path.write_bytes(data[:at] + header + struct.pack(">I", zlib.crc32(header)) + data[at + 21 :])
    with pytest.raises(DocumentError, match="larger inside than the safety limits allow"):
        read(path)


def test_a_large_picture_is_made_smaller(
    tmp_path: Path, seen: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To what OCR needs."""
    monkeypatch.setattr(module, "MAX_PIXELS", 300_000)
    assert read(save(tmp_path / "a.png", picture())).text == "La nota 1 se leyó."
    assert seen


def test_a_picture_without_words(tmp_path: Path) -> None:
    """A photo is no document."""
    with pytest.raises(DocumentError, match=BLANK_PICTURE):
        read(save(tmp_path / "a.png", picture([])))
