"""What is said of a language model's part in an answer, in Spanish and English."""

from typing import Final

from qa.types import Written
from qa.writing.failures import Failure

__all__ = ["ASIDE", "NO_SUPPORT", "ORDERS", "SILENT", "note_of"]

# Besides a Failure, why the quotes are shown.
NO_SUPPORT: Final = "unsupported"  # too few of its sentences passed the check
ASIDE: Final = "beside"  # none of its sentences answers the question
SILENT: Final = "not said"  # it finds no answer in the passages
ORDERS: Final = "orders"  # a passage that answers speaks to language models

_INSTEAD: Final = {"es": "se muestran las citas", "en": "the quotes are shown"}
_WHY: Final[dict[str, dict[str, str]]] = {
    "es": {
        NO_SUPPORT: "Los pasajes no respaldan lo que escribió el modelo de lenguaje",
        ASIDE: "Lo que escribió el modelo de lenguaje no responde a la pregunta",
        SILENT: "El modelo de lenguaje no encontró la respuesta en los pasajes",
        ORDERS: "Un pasaje contiene órdenes para un modelo de lenguaje, que no se le dio",
        Failure.UNREACHABLE: "No hay conexión con el modelo de lenguaje",
        Failure.SLOW: "El modelo de lenguaje no respondió a tiempo",
        Failure.REFUSED: "El modelo de lenguaje rechazó la petición",
        Failure.FAILED: "El servidor del modelo de lenguaje falló",
        Failure.REDIRECTED: "El servidor del modelo de lenguaje remite a otra dirección",
        Failure.UNREADABLE: "La respuesta del modelo de lenguaje no se puede leer",
        Failure.CUT: "La respuesta del modelo de lenguaje quedó cortada",
        Failure.ENDLESS: "La respuesta del modelo de lenguaje no termina",
    },
    "en": {
        NO_SUPPORT: "The passages do not support what the language model wrote",
        ASIDE: "What the language model wrote does not answer the question",
        SILENT: "The language model did not find the answer in the passages",
        ORDERS: "A passage holds orders to a language model, which was not given it",
        Failure.UNREACHABLE: "There is no connection to the language model",
        Failure.SLOW: "The language model did not answer in time",
        Failure.REFUSED: "The language model refused the request",
        Failure.FAILED: "The language model's server failed",
        Failure.REDIRECTED: "The language model's server points to another address",
        Failure.UNREADABLE: "The language model's answer cannot be read",
        Failure.CUT: "The language model's answer was cut off",
        Failure.ENDLESS: "The language model's answer does not end",
    },
}
_STRUCK: Final = {
    "es": (
        "Se omitió 1 frase que los pasajes citados no respaldan.",
        "Se omitieron {} frases que los pasajes citados no respaldan.",
    ),
    "en": (
        "1 sentence was left out that the cited passages do not support.",
        "{} sentences were left out that the cited passages do not support.",
    ),
}


def note_of(written: Written, language: str, status: int | None = None) -> str | None:
    """One sentence, where something is to be told; ``status`` is that of HTTP, where it failed."""
    if written.fallback:
        number = f" ({status})" if status else ""
        return f"{_WHY[language][written.fallback]}{number}: {_INSTEAD[language]}."
    # What is beside the question may be true.
    if count := sum(reason != ASIDE for reason in written.struck):
        one, several = _STRUCK[language]
        return one if count == 1 else several.format(count)
    return None
