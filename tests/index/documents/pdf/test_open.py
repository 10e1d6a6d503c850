"""PDF files that are locked, and those that are none."""

import io

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from index.documents.parts import ConversionError
from index.documents.pdf.open import open_pdf


def locked(password: str, strength: int = 128) -> bytes:
    """A PDF of one page that opens with a password alone."""
    buffer = io.BytesIO()
    lock = StandardEncryption(password, ownerPassword="owner", strength=strength)
    canvas = Canvas(buffer, encrypt=lock)
    canvas.drawString(72, 700, "El secreto")
    canvas.save()
    return buffer.getvalue()


def test_a_locked_file_asks_for_its_password() -> None:
    """The reason names the option."""
    with pytest.raises(ConversionError, match="is encrypted; give its password with --password"):
        open_pdf(locked("uno"))


def test_wrong_passwords_are_said_and_not_repeated() -> None:
    """The reason is another one, and holds none of the passwords."""
    with pytest.raises(ConversionError, match="none of the passwords") as error:
        open_pdf(locked("uno"), ["dos-distinto", "tres-distinto"])
    assert "distinto" not in str(error.value)


@pytest.mark.parametrize("strength", [40, 128])
@pytest.mark.parametrize("password", ["uno", "contraseña"])
def test_one_of_the_passwords_opens(password: str, strength: int) -> None:
    """Each is tried; also with letters outside of ASCII, and with the old short keys."""
    document = open_pdf(locked(password, strength), ["dos", "con\0nul", password])
    assert document[0].get_textpage().get_text_bounded() == "El secreto"


def test_a_password_is_no_hindrance_to_an_open_file() -> None:
    """A folder has locked files and others."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(72, 700, "Abierto")
    canvas.save()
    assert len(open_pdf(buffer.getvalue(), ["uno"])) == 1


@pytest.mark.parametrize("data", [b"%PDF-1.7\nno more", b"no PDF at all"])
def test_a_damaged_file_is_one(data: bytes) -> None:
    """With and without passwords."""
    for passwords in ((), ("uno",)):
        with pytest.raises(ConversionError, match="is damaged"):
            open_pdf(data, passwords)
