"""Why a server does not answer now: one sentence, in both languages, that says what to do."""

from enum import StrEnum
from typing import Final

from index.errors import QAError

__all__ = ["Reason", "RefusedError"]


class Reason(StrEnum):
    """What keeps a question from being answered, though nothing is wrong with it."""

    TOO_MANY = "too_many"
    FULL = "full"
    STOPPING = "stopping"
    TOO_SLOW = "too_slow"
    LOGGED_OUT = "logged_out"
    NO_COLLECTION = "no_collection"


_STATUS: Final = {
    Reason.TOO_MANY: 429,
    Reason.FULL: 503,
    Reason.STOPPING: 503,
    Reason.TOO_SLOW: 503,
    Reason.LOGGED_OUT: 401,
    Reason.NO_COLLECTION: 404,
}
_SENTENCES: Final = {
    "es": {
        Reason.TOO_MANY: "Son muchas preguntas seguidas: vuelve a intentarlo en {seconds} s.",
        Reason.FULL: "Hay demasiadas personas en la fila: vuelve a intentarlo en {seconds} s.",
        Reason.STOPPING: "El servidor se está deteniendo: vuelve a preguntar en {seconds} s.",
        Reason.TOO_SLOW: "La respuesta tardó demasiado: vuelve a intentarlo, o pregunta algo más "
        "breve.",
        Reason.LOGGED_OUT: "Tu sesión terminó: vuelve a cargar la página y entra de nuevo.",
        Reason.NO_COLLECTION: "No hay ninguna colección con ese nombre: elige otra arriba.",
    },
    "en": {
        Reason.TOO_MANY: "Too many questions in a row: try again in {seconds} s.",
        Reason.FULL: "Too many people are waiting: try again in {seconds} s.",
        Reason.STOPPING: "The server is stopping: ask again in {seconds} s.",
        Reason.TOO_SLOW: "The answer took too long: try again, or ask something shorter.",
        Reason.LOGGED_OUT: "Your session has ended: load the page again and log in.",
        Reason.NO_COLLECTION: "There is no collection of that name: choose another one above.",
    },
}


class RefusedError(QAError):
    """A question is not answered now.

    ``seconds`` is when to try again, 0 where nothing is known; ``status`` is that of HTTP.
    """

    def __init__(self, reason: Reason, seconds: int = 0) -> None:
        self.reason = reason
        self.seconds = seconds
        self.status = _STATUS[reason]
        super().__init__(self.say("en"))

    def say(self, language: str) -> str:
        """The sentence in ``es``, or in English."""
        sentences = _SENTENCES["es" if language == "es" else "en"]
        return sentences[self.reason].format(seconds=self.seconds)

    @property
    def headers(self) -> dict[str, str]:
        """``Retry-After``, where it is known."""
        return {"Retry-After": str(self.seconds)} if self.seconds else {}
