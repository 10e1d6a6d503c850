"""The words of the interface, in Spanish and in English."""

from collections.abc import Mapping
from typing import Final

from index.errors import QAError, QuestionError
from qa.web.refused import RefusedError

__all__ = [
    "LANGUAGE_COOKIE",
    "THEME_COOKIE",
    "WORDS",
    "error_message",
    "language_of",
    "theme_of",
]

# Set by settings.js, where a person chooses.
LANGUAGE_COOKIE: Final = "qa_language"
THEME_COOKIE: Final = "qa_theme"
THEMES: Final = frozenset({"light", "dark"})

WORDS: Final[dict[str, dict[str, str]]] = {
    "es": {
        "language": "es",
        "heading": "# Pregunta a tus documentos",
        "tagline": "Respuestas con las palabras de los documentos, cada una con su cita.",
        "conversation": "Conversación",
        "welcome": "## ¿Qué quieres saber?",
        "question": "Pregunta",
        "placeholder": "Tu pregunta…",
        "ask": "Preguntar",
        "stop": "Parar",
        "new": "Nueva conversación",
        "documents": "Buscar en",
        "dates": "Fechas de los documentos",
        "since": "Desde",
        "until": "Hasta",
        "date": "año, mes o día: 31/05/2024",
        "hint": "## Fuente\nAbre una cita, como [1], para leer aquí sus palabras en el documento.",
        "reading": "Leyendo los pasajes más cercanos…",
        "searched_for": "Entendido como",
        "page": "pág.",
        "sheet": "hoja",
        "ocr": "leído por OCR",
        "paragraph": "párr.",
        "closest": "Lo más cercano que dicen:",
        "others": "Otros pasajes cercanos",
        "related": "También relacionado",
        "writing": "Un modelo de lenguaje redacta la respuesta…",
        "written": "Lo escribió un modelo de lenguaje ({model}) con los pasajes citados; cada "
        "frase se comprobó con ellos.",
        "cited": "Lo que dicen los documentos",
        "chosen_one": "El documento elegido no lo dice",
        "chosen": "Los documentos elegidos no lo dicen",
        "everywhere": "Buscar en todos",
        "copy": "Copiar respuesta",
        "outdated": "Este índice se hizo con otros pesos del modelo: se busca solo por palabras "
        "hasta que qa upgrade, o el próximo qa index, lo calcule de nuevo.",
        "all_gone": "Los documentos de este enlace ya no están aquí: se busca en todos.",
        "some_gone": "Algún documento de este enlace ya no está aquí: se busca en los demás que "
        "nombra.",
        "stopped": "Algo falló al responder; vuelve a intentarlo.",
        "place": "Tu lugar en la fila: {place}",
        "logout": "Salir",
        "library": "Documentos",
        "collection": "Colección",
    },
    "en": {
        "language": "en",
        "heading": "# Ask your documents",
        "tagline": "Answers in the documents' own words, each one with its citation.",
        "conversation": "Conversation",
        "welcome": "## What would you like to know?",
        "question": "Question",
        "placeholder": "Your question…",
        "ask": "Ask",
        "stop": "Stop",
        "new": "New conversation",
        "documents": "Search in",
        "dates": "Dates of the documents",
        "since": "From",
        "until": "Until",
        "date": "year, month or day: 2024-05-31",
        "hint": "## Source\nOpen a citation, like [1], to read its words here, in their document.",
        "reading": "Reading the closest passages…",
        "searched_for": "Understood as",
        "page": "p.",
        "sheet": "sheet",
        "ocr": "read by OCR",
        "paragraph": "para.",
        "closest": "The closest that they say:",
        "others": "Other passages that are close",
        "related": "Also related",
        "writing": "A language model is writing the answer…",
        "written": "A language model ({model}) wrote this from the cited passages; each sentence "
        "was checked against them.",
        "cited": "What the documents say",
        "chosen_one": "The chosen document does not say",
        "chosen": "The chosen documents do not say",
        "everywhere": "Search in all",
        "copy": "Copy answer",
        "outdated": "This index was made with other weights of the model: it is searched by words "
        "alone until qa upgrade, or the next qa index, embeds it anew.",
        "all_gone": "The documents of this link are not here any more: all are searched.",
        "some_gone": "Some documents of this link are not here any more: the others that it names "
        "are searched.",
        "stopped": "Something failed while answering; please try again.",
        "place": "Your place in the queue: {place}",
        "logout": "Log out",
        "library": "Documents",
        "collection": "Collection",
    },
}

_QUESTIONS: Final = {
    "empty": "La pregunta está vacía: escribe lo que quieres saber.",
    "long": "La pregunta es demasiado larga: escríbela en menos de 10.000 caracteres.",
    "wordless": "La pregunta no tiene palabras: escribe lo que quieres saber.",
    "": "La pregunta no se puede leer: escríbela de nuevo.",
}


def language_of(headers: Mapping[str, str]) -> str:
    """``es`` or ``en``: what was chosen in the page, or else what the browser prefers.

    ``headers`` are a request's, by their names in small letters. The choice is in a cookie. The
    browsers list the languages in order of preference, and the first one decides.
    """
    if chosen := _chosen(headers, LANGUAGE_COOKIE, frozenset(WORDS)):
        return chosen
    first = headers.get("accept-language", "").split(",")[0].strip().lower()
    return "es" if first == "es" or first.startswith(("es-", "es;")) else "en"


def theme_of(headers: Mapping[str, str]) -> str:
    """``light`` or ``dark`` where that was chosen in the page; else empty, as the system is."""
    return _chosen(headers, THEME_COOKIE, THEMES)


def _chosen(headers: Mapping[str, str], name: str, values: frozenset[str]) -> str:
    """The first value of a cookie that is one of these, or nothing."""
    for pair in headers.get("cookie", "").split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name and value in values:
            return value
    return ""


def error_message(error: QAError, language: str) -> str:
    """An error in the interface's language, in one sentence; details stay as they are."""
    if isinstance(error, RefusedError):
        return error.say(language)
    if language != "es":
        return str(error)
    if isinstance(error, QuestionError):
        return _QUESTIONS[error.problem]
    return f"El índice no se puede usar ahora; avisa a quien lo mantiene: {error}"
