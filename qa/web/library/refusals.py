"""Why something cannot be added or removed: one sentence, in both languages."""

from enum import StrEnum
from typing import Any, Final

from index.errors import QAError

__all__ = ["Refusal", "RefusalError"]


class Refusal(StrEnum):
    """What stands against it."""

    NOT_ALLOWED = "not_allowed"
    KIND = "kind"
    PICTURE = "picture"
    SIZE = "size"
    EMPTY = "empty"
    COUNT = "count"
    DISK = "disk"
    FOLDER = "folder"
    BUSY = "busy"
    LOCKED = "locked"
    UNKNOWN = "unknown"
    BROKEN = "broken"


_STATUS: Final = {
    Refusal.NOT_ALLOWED: 403,
    Refusal.KIND: 415,
    Refusal.PICTURE: 415,
    Refusal.SIZE: 413,
    Refusal.EMPTY: 422,
    Refusal.COUNT: 409,
    Refusal.DISK: 507,
    Refusal.FOLDER: 500,
    Refusal.BUSY: 429,
    Refusal.LOCKED: 409,
    Refusal.UNKNOWN: 404,
    Refusal.BROKEN: 400,
}
_SENTENCES: Final = {
    "es": {
        Refusal.NOT_ALLOWED: "Aquí no se pueden añadir ni quitar documentos: quien mantiene el "
        "servidor lo permite con --allow-upload.",
        Refusal.KIND: "No se leen archivos de este tipo{suffix}: conviértelo a PDF, DOCX, HTML o "
        "texto.",
        Refusal.PICTURE: "Es una imagen: guarda su texto como PDF con texto, o pide a quien "
        "mantiene el servidor que lo lea con qa index --ocr.",
        Refusal.SIZE: "Es demasiado grande: el límite es de {limit} MB por archivo.",
        Refusal.EMPTY: "El archivo está vacío.",
        Refusal.COUNT: "Ya hay {limit} archivos añadidos: quita alguno antes.",
        Refusal.DISK: "No queda espacio en el disco del servidor: avisa a quien lo mantiene.",
        Refusal.FOLDER: "El servidor no puede guardar archivos ({detail}): avisa a quien lo "
        "mantiene.",
        Refusal.BUSY: "Se están subiendo demasiados archivos a la vez: vuelve a intentarlo.",
        Refusal.LOCKED: "Se están indexando documentos ahora mismo: vuelve a intentarlo cuando "
        "termine.",
        Refusal.UNKNOWN: "Este documento ya no está: vuelve a cargar la lista.",
        Refusal.BROKEN: "El archivo no llegó entero: vuelve a subirlo.",
    },
    "en": {
        Refusal.NOT_ALLOWED: "Documents cannot be added or removed here: who runs the server "
        "allows it with --allow-upload.",
        Refusal.KIND: "Files of this type{suffix} are not read: convert it to PDF, DOCX, HTML or "
        "text.",
        Refusal.PICTURE: "It is a picture: save its text as a PDF with text, or ask who runs the "
        "server to read it with qa index --ocr.",
        Refusal.SIZE: "It is too large: the limit is {limit} MB a file.",
        Refusal.EMPTY: "The file is empty.",
        Refusal.COUNT: "There are {limit} added files already: remove some first.",
        Refusal.DISK: "The server's disk is full: tell who runs it.",
        Refusal.FOLDER: "The server cannot keep files ({detail}): tell who runs it.",
        Refusal.BUSY: "Too many files are being uploaded at once: try again.",
        Refusal.LOCKED: "Documents are being indexed right now: try again when that has ended.",
        Refusal.UNKNOWN: "This document is not there any more: load the list again.",
        Refusal.BROKEN: "The file did not arrive whole: upload it again.",
    },
}


class RefusalError(QAError):
    """It is not done, and nothing has changed; ``status`` is that of HTTP."""

    def __init__(self, refusal: Refusal, **facts: Any) -> None:
        self.refusal = refusal
        self.status = _STATUS[refusal]
        self._facts = facts
        super().__init__(self.say("en"))

    def say(self, language: str) -> str:
        """The sentence in ``es``, or in English."""
        return _SENTENCES["es" if language == "es" else "en"][self.refusal].format(**self._facts)
