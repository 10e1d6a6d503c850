"""Scans, pictures and locked files in a folder: what is allowed now, and what was then."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pytest import MonkeyPatch

from index import Index
from index.documents.permission import LOCKED, NO_TEXT, NONE_OPENS, PICTURE
from index.errors import InputError, MissingExtraError
from tests.files import pdf
from tests.index.documents.pdf.scans import picture, save, scan
from tests.index.documents.pdf.test_open import locked

WORDS = "El señor Núñez cobró euros."

# OCR itself is tested elsewhere: here each picture of a page says the same.
FAKE = """
import sys
sys.path[:] = [{!r}, *{!r}]
from index.documents.pdf import ocr
from index.documents.pdf.recognised import Recognised

class Engine:
    dpi = 72
    def read(self, image, dpi):
        return [Recognised("El señor Núñez cobró euros.", (20, 30, 300, 44), 0.75, 12, 1)]

ocr._engine = Engine
from index.documents.worker import serve
serve({})
"""


@pytest.fixture(autouse=True)
def engine(monkeypatch: MonkeyPatch) -> None:
    """An engine that is quick and always reads the same."""
    monkeypatch.setattr("index.sync.pool._CODE", FAKE)
    monkeypatch.setattr("index.documents.pdf.ocr.is_installed", lambda: True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of documents."""
    docs = tmp_path / "docs"
    docs.mkdir()
    return docs


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    """An empty index."""
    with Index.open(tmp_path / "index", create=True, model="small") as opened:
        yield opened


def covered() -> bytes:
    """A page of text, and after it one that was scanned."""
    document = pypdfium2.PdfDocument(pdf([["La portada dice de qué trata el informe."]]))
    document.import_pages(pypdfium2.PdfDocument(scan(picture())))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_scan_waits_for_ocr_and_then_stays(folder: Path, index: Index) -> None:
    """It fails without; is read with it though unchanged; and is kept by a sync without."""
    path = write(folder / "scan.pdf", scan(picture()))
    assert index.sync(folder).failed == {str(path): NO_TEXT}
    assert index.sync(folder, ocr=True).added == ["scan.pdf"]
    assert index.document("scan.pdf").page_confidences == (0.75,)
    assert WORDS in index.document("scan.pdf").text
    for ocr in (False, True):
        assert index.sync(folder, ocr=ocr).unchanged == ["scan.pdf"]


def test_a_document_with_a_scanned_page_is_completed(folder: Path, index: Index) -> None:
    """Read once more with OCR, and only once."""
    write(folder / "mixed.pdf", scan(picture(), picture([])))
    write(folder / "text.pdf", pdf([["Texto de una página, sin más."]]))
    write(folder / "cover.pdf", covered())
    assert index.sync(folder).added == ["cover.pdf", "text.pdf"]
    report = index.sync(folder, ocr=True)
    assert (report.added, report.reread) == (["mixed.pdf"], ["cover.pdf"])
    assert WORDS in index.document("cover.pdf").text
    assert len(index.sync(folder, ocr=True).unchanged) == 3


def test_pictures_are_documents_with_ocr_alone(folder: Path, index: Index) -> None:
    """Without it they are skipped, as ever; and what was read is kept."""
    path = save(folder / "foto.png", picture())
    assert index.sync(folder).skipped == {str(path): PICTURE}
    assert index.sync(folder, ocr=True).added == ["foto.png"]
    again = index.sync(folder)
    assert (again.unchanged, again.removed, again.skipped) == (["foto.png"], [], {})
    assert index.health().ocr == {"foto.png": [0.75]}
    assert index.health().gone == []


def test_a_picture_that_moves_is_moved_without_ocr(folder: Path, index: Index) -> None:
    """Its bytes are those that were read."""
    path = save(folder / "a.png", picture())
    index.sync(folder, ocr=True)
    path.rename(folder / "b.png")
    report = index.sync(folder)
    assert report.moved == {"a.png": "b.png"}
    assert index.has("b.png")
    assert not report.failed


def test_a_picture_that_is_named_says_what_it_needs(folder: Path, index: Index) -> None:
    """A file given by its name is never skipped in silence."""
    path = save(folder / "foto.png", picture())
    assert index.sync(path).failed == {str(path): PICTURE}


def test_a_blank_picture_is_no_failure(folder: Path, index: Index) -> None:
    """A folder has photos; they are skipped, and not read at every sync."""
    path = save(folder / "foto.png", picture([]))
    for _ in range(2):
        report = index.sync(folder, ocr=True)
        assert (report.failed, list(report.skipped)) == ({}, [str(path)])


def test_a_locked_file_waits_for_its_password(folder: Path, index: Index) -> None:
    """It is named; wrong ones say so; with the right one it is read, and stays without it."""
    path = write(folder / "a.pdf", locked("clave-secreta"))
    assert index.sync(folder).failed == {str(path): LOCKED}
    assert index.health().locked == [str(path)]
    assert index.sync(folder, passwords=["otra"]).failed == {str(path): NONE_OPENS}
    assert index.sync(folder, passwords=["otra", "clave-secreta"]).added == ["a.pdf"]
    assert index.document("a.pdf").text == "El secreto"
    assert index.sync(folder).unchanged == ["a.pdf"]
    assert index.health().locked == []


def test_a_password_is_nowhere_in_the_index(folder: Path, index: Index) -> None:
    """Neither in the catalog nor beside it."""
    write(folder / "a.pdf", locked("clave-secreta"))
    index.sync(folder, passwords=["clave-secreta"])
    kept = [file.read_bytes() for file in index.folder.rglob("*") if file.is_file()]
    assert kept
    assert not any(b"clave-secreta" in data for data in kept)


@pytest.mark.parametrize("given", ["clave", b"clave", ["a", 1], 7])
def test_passwords_are_a_list_of_texts(folder: Path, index: Index, given: Any) -> None:
    """A wrong value is refused in a sentence that does not hold it."""
    with pytest.raises(InputError, match="list of texts") as error:
        index.sync(folder, passwords=given)
    assert "clave" not in str(error.value)


def test_ocr_that_is_not_installed_is_said_before_any_work(
    folder: Path, index: Index, monkeypatch: MonkeyPatch
) -> None:
    """And nothing is removed for it."""
    monkeypatch.setattr("index.documents.pdf.ocr.is_installed", lambda: False)
    with pytest.raises(MissingExtraError, match=r'pip install "qa\[ocr\]"'):
        index.sync(folder, ocr=True)


def test_what_ocr_read_survives_a_new_reading(folder: Path, index: Index) -> None:
    """A release that reads files anew does not lose it where OCR is not allowed."""
    write(folder / "scan.pdf", scan(picture()))
    write(folder / "locked.pdf", locked("uno"))
    index.sync(folder, ocr=True, passwords=["uno"])
    with index.catalog.transaction():
        index.catalog.execute("UPDATE documents SET reading = 0")
    report = index.sync(folder)
    assert list(report.failed.values()) == [LOCKED]
    assert index.has("scan.pdf")
    assert index.has("locked.pdf")
    assert index.sync(folder, ocr=True, passwords=["uno"]).failed == {}


def test_health_is_plain(folder: Path, index: Index) -> None:
    """Its values go through JSON."""
    save(folder / "foto.png", picture())
    index.sync(folder, ocr=True)
    assert json.loads(json.dumps(index.health().ocr)) == {"foto.png": [0.75]}
