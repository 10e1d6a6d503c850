"""PDF files opened, with a password where they are locked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.documents.package import DAMAGED
from index.documents.parts import ConversionError
from index.documents.permission import LOCKED, NONE_OPENS

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

__all__ = ["open_pdf"]


def open_pdf(data: bytes, passwords: Sequence[str] = ()) -> "PdfDocument":
    """The open document, with its form. Each password is tried where none does not open it.

    Raises ConversionError for a file that is damaged, or locked with another password.
    """
    from pypdfium2 import PdfDocument, PdfiumError
    from pypdfium2.raw import FPDF_ERR_PASSWORD

    for password in (None, *(word for word in passwords if _is_possible(word))):
        try:
            document = PdfDocument(data, password)
            document.init_forms()
        except PdfiumError as exc:
            if getattr(exc, "err_code", None) != FPDF_ERR_PASSWORD:
                raise ConversionError(DAMAGED) from exc
        else:
            return document
    raise ConversionError(NONE_OPENS if passwords else LOCKED)


def _is_possible(password: str) -> bool:
    """Whether PDFium can be asked: it reads a password up to the first NUL, as UTF-8."""
    return "\0" not in password and password.isprintable()
