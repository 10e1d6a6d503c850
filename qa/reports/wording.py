"""The words of a report, in Spanish and in English."""

from datetime import datetime
from typing import Final

from index.text.months import written_date

__all__ = ["WORDS", "day_and_time", "words_of"]

WORDS: Final[dict[str, dict[str, str]]] = {
    "es": {
        "language": "es",
        "file": "consulta",
        "title": "Consulta a los documentos",
        "consulted": "Consultado el {date} a las {time} ({zone})",
        "how": "Cada cita repite palabra por palabra lo que dice su documento; lo marcado es lo "
        "que responde. Con qa verify-report y el nombre de este archivo se comprueba si sigue "
        "siendo así.",
        "question": "Pregunta {}: ",
        "searched for": "Entendido como: ",
        "answer": "Respuesta: ",
        "written": "Lo escribió un modelo de lenguaje ({}) con los pasajes citados; cada frase se "
        "comprobó con ellos. Los números entre corchetes son los de las citas.",
        "quote": "Cita {}: ",
        "open": "«",
        "close": "»",
        "under": "Está en: ",
        "note": "Nota: ",
        "page": "página {}",
        "sheet": "página {} (hoja {})",
        "paragraph": "párrafo {}",
        "ocr": "leído por OCR",
        "reference": "Referencia: caracteres {start}–{end} de {id} · SHA-256 del texto: {hash}",
        "closest": "Lo más cercano:",
        "page number": "Página",
    },
    "en": {
        "language": "en",
        "file": "answers",
        "title": "Answers from the documents",
        "consulted": "Consulted on {date} at {time} ({zone})",
        "how": "Each quote repeats word for word what its document says; what is marked is what "
        "answers. qa verify-report and the name of this file check whether that is still so.",
        "question": "Question {}: ",
        "searched for": "Understood as: ",
        "answer": "Answer: ",
        "written": "A language model ({}) wrote this from the cited passages; each sentence was "
        "checked against them. The numbers in brackets are those of the quotes.",
        "quote": "Quote {}: ",
        "open": "“",
        "close": "”",
        "under": "It stands under: ",
        "note": "Note: ",
        "page": "page {}",
        "sheet": "page {} (sheet {})",
        "paragraph": "paragraph {}",
        "ocr": "read by OCR",
        "reference": "Reference: characters {start}–{end} of {id} · SHA-256 of the text: {hash}",
        "closest": "The closest:",
        "page number": "Page",
    },
}


def words_of(language: str) -> dict[str, str]:
    """The words of a language; those of Spanish where it is another one."""
    return WORDS.get(language, WORDS["es"])


def day_and_time(moment: datetime, language: str) -> dict[str, str]:
    """The day, the time and the time zone of an aware moment, as people write them."""
    zone = moment.strftime("%z")
    return {
        "date": written_date(moment.strftime("%Y-%m-%d"), language),
        "time": moment.strftime("%H:%M"),
        "zone": f"UTC{zone[:3]}:{zone[3:5]}" if zone.strip("+-0") else "UTC",
    }
