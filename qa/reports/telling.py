"""What was found of a quote, as a sentence in Spanish or in English."""

from typing import Final

from qa.reports.checking import Check, CheckedReport, Finding, Status
from qa.reports.plain import on_one_line
from qa.reports.sources import Place
from qa.reports.wording import words_of

__all__ = ["heading", "summary", "told"]

_SHOWN = 240  # characters shown of the nearest words

_SENTENCES: Final[dict[str, dict[Finding, str]]] = {
    "es": {
        Finding.SAME: "{place}.",
        Finding.RENAMED: "El documento tiene ahora otro nombre, y el mismo texto: {place}.",
        Finding.MOVED: "El documento ha cambiado y lo sigue diciendo palabra por palabra: {place}.",
        Finding.MISPLACED: "El documento no ha cambiado; lo dice en otro lugar del que indica la "
        "referencia: {place}.",
        Finding.UNREFERENCED: "La cita no tiene referencia; las mismas palabras están en {place}.",
        Finding.REWORDED: "El documento {cited} ha cambiado y ya no lo dice así.",
        Finding.ALTERED: "El documento {cited} no ha cambiado, pero no dice esto: la cita se "
        "cambió en el informe.",
        Finding.MISSING: "Sobre la referencia a {cited} no hay una cita entre comillas.",
        Finding.REMOVED: "El documento {cited} ya no está en el índice.",
        Finding.UNKNOWN: "La cita no tiene referencia, y no se encontró un documento que lo diga.",
    },
    "en": {
        Finding.SAME: "{place}.",
        Finding.RENAMED: "The document has another name now, and the same text: {place}.",
        Finding.MOVED: "The document has changed and still says it, word for word: {place}.",
        Finding.MISPLACED: "The document has not changed; it says it at another place than the "
        "reference names: {place}.",
        Finding.UNREFERENCED: "The quote has no reference; the same words stand in {place}.",
        Finding.REWORDED: "The document {cited} has changed and does not say it like this any "
        "more.",
        Finding.ALTERED: "The document {cited} has not changed, but does not say this: the quote "
        "was changed in the report.",
        Finding.MISSING: "Above the reference to {cited} there is no quote in quotation marks.",
        Finding.REMOVED: "The document {cited} is not in the index any more.",
        Finding.UNKNOWN: "The quote has no reference, and no document was found that says it.",
    },
}
_WORDS = {
    "es": {
        Status.STANDS: "sigue igual",
        Status.ELSEWHERE: "está en otro lugar",
        Status.CHANGED: "ha cambiado",
        Status.GONE: "no está",
        "quote": "Cita {}",
        "characters": "caracteres {}–{}",
        "nearest": "Lo más parecido que dice, en {place}: «{text}»",
        "nothing": "Nada de lo que dice se le parece.",
        "same words": "Las mismas palabras están en {place}.",
        "all": "{} de {} citas siguen en pie.",
    },
    "en": {
        Status.STANDS: "stands",
        Status.ELSEWHERE: "stands elsewhere",
        Status.CHANGED: "changed",
        Status.GONE: "not there",
        "quote": "Quote {}",
        "characters": "characters {}–{}",
        "nearest": "The nearest that it says, in {place}: “{text}”",
        "nothing": "Nothing that it says is like it.",
        "same words": "The same words stand in {place}.",
        "all": "{} of {} quotes stand.",
    },
}


def heading(check: Check, language: str) -> str:
    """Which quote, and whether it stands: ``Cita 2: ha cambiado``."""
    words = _WORDS[language]
    return f"{words['quote'].format(check.number)}: {words[check.finding.status]}"


def told(check: Check, language: str) -> str:
    """What was found, in one sentence or two."""
    words = _WORDS[language]
    where = _written(check.place, language) if check.place else ""
    reference = check.quote.reference
    cited = reference.document_id if reference else ""
    sentence = _SENTENCES[language][check.finding].format(place=where, cited=cited)
    if check.finding is Finding.REMOVED:
        return f"{sentence} {words['same words'].format(place=where)}" if where else sentence
    if check.finding not in {Finding.REWORDED, Finding.ALTERED}:
        return sentence
    if check.place is None:
        return f"{sentence} {words['nothing']}"
    text = on_one_line(check.place.text)
    if len(text) > _SHOWN:
        text = f"{text[:_SHOWN].rpartition(' ')[0] or text[:_SHOWN]}…"
    return f"{sentence} {words['nearest'].format(place=where, text=text)}"


def summary(checked: CheckedReport) -> str:
    """How many quotes of a report stand."""
    stands = sum(check.stands for check in checked.checks)
    return _WORDS[checked.language]["all"].format(stands, len(checked.checks))


def _written(place: Place, language: str) -> str:
    """The document, the page, the paragraph and the characters."""
    words = words_of(language)
    places = [on_one_line(place.document_id)]
    if place.page is not None and place.page_label is None:
        places.append(words["page"].format(place.page))
    elif place.page is not None:
        places.append(words["sheet"].format(on_one_line(place.page_label or ""), place.page))
    places.append(words["paragraph"].format(place.paragraph))
    places.append(_WORDS[language]["characters"].format(place.start, place.end))
    return ", ".join(places)
