"""Why a file is no document, said in the language of the page."""

import pytest

from index.documents import package, permission, read
from index.sync import folders, pool
from qa.web.library.reasons import reason_in


@pytest.mark.parametrize(
    ("reason", "spanish", "english"),
    [
        (permission.LOCKED, "Está cifrado: hace falta su contraseña (qa index --password).",
         "It is encrypted; give its password with --password."),
        (permission.NO_TEXT, "No tiene texto: puede ser un escaneo, que se lee con qa index --ocr.",
         "It has no text; it may be a scan, which is read with --ocr."),
        (folders.OTHER, "No es un documento de un formato conocido.",
         "It is not a document of a known format."),
        ("pages 3-5 and 8 have no text: they may be scans, index with --ocr",
         "Sin texto, quizá escaneadas (qa index --ocr): páginas 3-5 y 8.",
         "Pages 3-5 and 8 have no text: they may be scans, index with --ocr."),
        ("something nobody knows", "Something nobody knows.", "Something nobody knows."),
    ],
)  # fmt: skip
def test_reasons(reason: str, spanish: str, english: str) -> None:
    """What has no translation stays as it is."""
    assert reason_in("es", reason) == spanish
    assert reason_in("en", reason) == english


def test_the_reasons_of_the_index_have_a_translation() -> None:
    """Those that stand in its modules by name."""
    known = [
        package.DAMAGED, package.DEEP, package.TOO_LARGE, pool.CHANGES, folders.LINK,
        folders.DEVICE,
        permission.ENCRYPTED, permission.NONE_OPENS, permission.PICTURE, permission.NO_OCR,
        permission.BLANK_PICTURE, permission.NO_XBERG,
    ]  # fmt: skip
    assert read.MAX_BYTES == 200 << 20, "the page says 200 MB"
    for reason in known:
        assert reason_in("es", reason)[-1] == "."
        assert reason_in("es", reason) != reason_in("en", reason)
