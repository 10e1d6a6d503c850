"""Scanned pages read by the engines of OCR that are installed here."""

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from index.documents.parts import ConversionError
from index.documents.pdf import ocr, tesseract
from index.documents.pdf.open import open_pdf
from index.documents.pdf.rapid import RapidOcr
from index.documents.pdf.recognised import size_of
from index.documents.pdf.tesseract import Tesseract
from tests.index.documents.pdf.scans import LINES, picture, scan

ENGINES = {"tesseract": Tesseract.installed, "rapidocr": RapidOcr.installed}


@pytest.fixture(params=list(ENGINES), scope="module")
def engine(request: pytest.FixtureRequest) -> Any:
    """Each engine that is installed, loaded once."""
    found = ENGINES[request.param]()
    if found is None:
        pytest.skip(f"{request.param} is not installed")
    return found


@pytest.fixture(autouse=True)
def use(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine that a test is run with reads the pages."""
    if "engine" in request.fixturenames:
        chosen = request.getfixturevalue("engine")
        monkeypatch.setattr(ocr, "_engine", lambda: chosen)


def page_of(data: bytes) -> Any:
    """The first page; its document stays open with it."""
    return open_pdf(data)[0]


@pytest.mark.usefixtures("engine")
def test_a_page_is_read_with_its_spanish_letters() -> None:
    """In order, and sure of it."""
    lines, sure = ocr.read_page_by_ocr(page_of(scan(picture())))
    assert [line.text for line in lines] == list(LINES)
    assert sure > 0.85
    assert all(line.confidence > 0.8 for line in lines)


@pytest.mark.usefixtures("engine")
def test_the_places_are_those_of_the_page() -> None:
    """In points from the bottom left; the size is nearly the font's."""
    page = page_of(scan(picture()))
    lines, _ = ocr.read_page_by_ocr(page)
    left, bottom, right, top = lines[0].box
    height = page.get_height()
    assert left == pytest.approx(80 * 0.36, abs=3)
    assert height - top == pytest.approx(90 * 0.36, abs=5)
    assert height - bottom == pytest.approx(125 * 0.36, abs=5)
    assert 200 < right < page.get_width()
    assert lines[0].size == pytest.approx(40 * 0.36, rel=0.25)


@pytest.mark.parametrize("engine", ["tesseract"], indirect=True)
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_was_scanned_sideways_is_turned(turn: int) -> None:
    """The page then says how it stands, and its lines are in order."""
    page = page_of(scan(picture(turn=turn)))
    lines, _ = ocr.read_page_by_ocr(page)
    assert [line.text for line in lines] == list(LINES)
    assert page.get_rotation() == turn


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_rapidocr_turns_a_page_that_it_is_not_sure_of(
    monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    """It reads it in all directions, and the surest counts; the places are those of the image."""
    pytest.importorskip("rapidocr")
    seen: list[tuple[int, ...]] = []

    class Engine:
        def __call__(self, image: Any) -> Any:
            seen.append(image.shape)
            upright = len(seen) == 1 + turn // 90
            box = np.array([[[10, 20], [90, 20], [90, 40], [10, 40]]], dtype=np.float32)
            return SimpleNamespace(boxes=box, txts=("Una línea",), scores=(0.5 + 0.4 * upright,))

    reader = RapidOcr.__new__(RapidOcr)
    monkeypatch.setattr(reader, "_engine", Engine(), raising=False)
    (line,) = reader.read(np.zeros((400, 300), np.uint8), 200)
    assert line.turn == turn
    assert (
        line.box
        == {90: (20, 310, 40, 390), 180: (210, 360, 290, 380), 270: (260, 10, 280, 90)}[turn]
    )
    assert seen == [(400, 300, 3), (300, 400, 3), (400, 300, 3), (300, 400, 3)]


@pytest.mark.parametrize("engine", ["tesseract"], indirect=True)
@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_that_says_how_it_is_turned_is_left_so(rotation: int) -> None:
    """Its places are those before it is turned, as of text."""
    page = page_of(scan(picture(turn=rotation), rotation=rotation))
    lines, _ = ocr.read_page_by_ocr(page)
    assert [line.text for line in lines] == list(LINES)
    assert page.get_rotation() == rotation
    wide, high = lines[0].box[2] - lines[0].box[0], lines[0].box[3] - lines[0].box[1]
    assert (wide > high) == (rotation == 180)


def test_a_blank_page_needs_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no lines."""

    class Engine:
        dpi = 200

        def read(self, *_: object) -> None:
            raise AssertionError("it was read")

    monkeypatch.setattr(ocr, "_engine", Engine)
    assert ocr.read_page_by_ocr(page_of(scan(picture([])))) == ([], 0.0)


def test_without_an_engine_the_reason_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways."""
    monkeypatch.setattr(Tesseract, "installed", lambda: None)
    monkeypatch.setattr(RapidOcr, "models", staticmethod(lambda: None))
    ocr._engine.cache_clear()
    assert not ocr.is_installed()
    with pytest.raises(ConversionError, match=r'pip install "qa\[ocr\]".*tesseract'):
        ocr.read_page_by_ocr(page_of(scan(picture())))


def test_tesseract_without_spanish_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It would write n for ñ."""
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\nprintf 'List of available languages:\\neng\\nosd\\n'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert Tesseract.installed() is None
    program.write_text("#!/bin/sh\nprintf 'List of available languages:\\neng\\nspa\\n'\n")
    assert Tesseract.installed() is not None


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (subprocess.TimeoutExpired("tesseract", 1), "OCR takes longer than"),
        (subprocess.CalledProcessError(1, "tesseract"), "tesseract fails"),
        (OSError("gone"), "tesseract fails"),
    ],
)
def test_a_failure_of_tesseract_is_the_files(
    monkeypatch: pytest.MonkeyPatch, failure: Exception, reason: str
) -> None:
    """One sentence; no traceback."""

    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(subprocess, "run", fail)
    monkeypatch.setattr(ocr, "_engine", lambda: Tesseract("tesseract", "spa"))
    with pytest.raises(ConversionError, match=reason):
        ocr.read_page_by_ocr(page_of(scan(picture())))


@pytest.mark.parametrize(
    ("read", "restored"),
    [
        ("el pingiiino y la vergiienza de Agúero", "el pingüino y la vergüenza de Agüero"),
        ("seguía; agudo; GÚERO", "seguía; agudo; GÜERO"),
    ],
)
def test_the_letter_that_tesseract_confuses_is_restored(read: str, restored: str) -> None:
    """Where no word of Spanish or English has what it reads."""
    hocr = (
        "<html><body><p class='ocr_par'><span class='ocr_line' title='bbox 0 0 90 20'>"
        f"<span class='ocrx_word' title='bbox 0 0 90 20; x_wconf 95'>{read}</span>"
        "</span></p></body></html>"
    )
    (line,) = tesseract._lines(hocr.encode())
    assert line.text == restored


@pytest.mark.parametrize(
    ("read", "restored"),
    [
        ("Atención! Paso libre.", "¡Atención! Paso libre."),
        ("iVen ya! Costó 1.234 euros!", "¡Ven ya! ¡Costó 1.234 euros!"),
        ("«Hola!» dijo. ¿Qué? ¡No! ¿Sí!", "«¡Hola!» dijo. ¿Qué? ¡No! ¿Sí!"),
        ("Nada", "Nada"),
    ],
)
def test_the_mark_that_rapidocr_does_not_know_is_put_back(read: str, restored: str) -> None:
    """Before the first letter of the sentence."""
    from index.documents.pdf import rapid

    assert rapid._opened(read) == restored


def test_a_font_has_one_size_whatever_its_letters() -> None:
    """Capitals alone, and words with letters below the line."""
    assert size_of("CAPITAL", 7.1) == pytest.approx(10, rel=0.1)
    assert size_of("página", 9.2) == pytest.approx(10, rel=0.15)
    assert size_of("nace", 4.8) == pytest.approx(10, rel=0.1)
