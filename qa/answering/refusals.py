"""The sentences of a refusal, in Spanish and in English: three at most.

What was searched; what the nearest passage lacks; what to try. Pure functions of a `Refusal`: they
say only what it holds, which was looked up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.periods import period
from qa.search.citations import on_one_line
from qa.types import Citation, Lack, LackKind, Refusal, Suggestion, SuggestionKind

__all__ = ["Sentence", "quoted", "sentences", "told"]

_QUOTED = 160  # characters of a quote inside a sentence; its citation has all
_TOLD = 2  # things that the nearest passage lacks
_TOPICS = {LackKind.NAME, LackKind.WORD}
_WORDS = {
    "es": {
        "empty": "No hay documentos en el índice",
        "none": "No se eligió ningún documento",
        "gone": "Los documentos elegidos no están en el índice",
        "all": "Busqué en {documents} ({passages})",
        "chosen": "Busqué solo en {documents} ({passages})",
        "some": "Busqué solo en {documents} ({passages}); los demás elegidos no están en el índice",
        "document": "documento|documentos",
        "chosen document": "documento elegido|documentos elegidos",
        "passage": "pasaje|pasajes",
        "no word": "Ningún pasaje tiene una palabra de la pregunta",
        "nearest": "Lo más cercano",
        "instead": "Lo más cercano habla de {}",
        "pair": "{instead}, no de {asked}",
        "and": ", y de ",
        "no passage": "ningún pasaje dice {}",
        "not": "Lo más cercano no menciona {}",
        "or": " ni ",
        "dated": "Busqué solo en {documents} {period} ({passages})",
        "none dated": "Ningún documento tiene fecha {period}",
        "none chosen dated": "Ningún documento elegido tiene fecha {period}",
        "dated document": "documento con fecha|documentos con fecha",
        "undated": "; no busqué en {}",
        "undated document": "documento sin fecha|documentos sin fecha",
        "answers dated": "Prueba en todos los documentos, de cualquier fecha; allí se responde",
        "nearer dated": "Fuera de este límite de fechas hay un pasaje más cercano",
        "answers": "Prueba en todos los documentos; fuera de los elegidos hay una respuesta",
        "nearer": "En los demás documentos, fuera de los elegidos, hay un pasaje más cercano",
        "spelling": "Prueba con {words}, que está en los documentos, en vez de {asked}",
        "passage to read": "Prueba con otro pasaje, que sí dice {asked}",
        "one document": "Prueba a preguntar solo en {words}",
    },
    "en": {
        "empty": "There are no documents in the index",
        "none": "No document was chosen",
        "gone": "The chosen documents are not in the index",
        "all": "I searched {documents} ({passages})",
        "chosen": "I searched only {documents} ({passages})",
        "some": "I searched only {documents} ({passages}); the others chosen are not in the index",
        "document": "document|documents",
        "chosen document": "chosen document|chosen documents",
        "passage": "passage|passages",
        "no word": "No passage has a word of the question",
        "nearest": "The nearest passage",
        "instead": "The nearest passage speaks of {}",
        "pair": "{instead}, not of {asked}",
        "and": ", and of ",
        "no passage": "no passage says {}",
        "not": "The nearest passage does not mention {}",
        "or": " or ",
        "dated": "I searched only {documents} {period} ({passages})",
        "none dated": "No document is dated {period}",
        "none chosen dated": "No chosen document is dated {period}",
        "dated document": "document dated|documents dated",
        "undated": "; I did not search {}",
        "undated document": "document without a date|documents without a date",
        "answers dated": "Try all documents, of any date; there is an answer among them",
        "nearer dated": "Outside of these dates a passage is nearer",
        "answers": "Try all documents; outside the chosen ones there is an answer",
        "nearer": "In the other documents, outside the chosen ones, a passage is nearer",
        "spelling": "Try {words}, which is in the documents, instead of {asked}",
        "passage to read": "Try another passage, which does say {asked}",
        "one document": "Try asking only in {words}",
    },
}
_SUGGESTED = {
    SuggestionKind.SPELLING: "spelling",
    SuggestionKind.PASSAGE: "passage to read",
    SuggestionKind.DOCUMENT: "one document",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its full stop, and the citation that it leads to, if any.

    ``lead`` leads to that citation where ``text``, which may be empty, does not.
    """

    text: str
    citation: Citation | None = None
    lead: str = ""

    @property
    def before_quote(self) -> str:
        """All that stands before the quote."""
        return "; ".join(text for text in (self.text, self.lead) if text)


def sentences(refusal: Refusal, language: str) -> tuple[Sentence, ...]:
    """What to say, in ``"es"`` or ``"en"``: who renders it puts the quotes where they belong.

    The first says what was searched; the second, where there is a nearest passage, what that lacks.
    """
    language = language if language in _WORDS else "es"
    words = _WORDS[language]
    said = [Sentence(_searched(refusal, language))]
    if refusal.nearest:
        said.append(_nearest(refusal, refusal.nearest, language))
    elif refusal.passages:
        said.append(Sentence(words["no word"]))
    if refusal.beyond:
        form = "answers" if refusal.limited else "nearer"
        form = f"{form} dated" if refusal.since or refusal.until else form
        said.append(Sentence(words[form], refusal.beyond))
    elif suggestion := next((s for s in refusal.suggestions if s.kind in _SUGGESTED), None):
        said.append(_suggested(suggestion, language))
    return tuple(said)


def told(refusal: Refusal, language: str) -> tuple[str, ...]:
    """The sentences as text, their quotes with their places: ``«…» [acta.pdf, p. 3]``."""
    return tuple(_written(sentence, language) for sentence in sentences(refusal, language))


def _written(sentence: Sentence, language: str) -> str:
    if sentence.citation is None:
        return f"{sentence.text}."
    quote = quoted(_short(sentence.citation), language)
    return f"{sentence.before_quote}: {quote} [{_place(sentence.citation)}]"


def _short(citation: Citation) -> str:
    """The quote on one line, cut between words where it is long."""
    words = on_one_line(citation)
    if len(words) <= _QUOTED:
        return words
    return f"{words[:_QUOTED].rpartition(' ')[0] or words[:_QUOTED]}…"


def _place(citation: Citation) -> str:
    page = citation.page_label or citation.page
    return f"{citation.document_id}, {f'p. {page}' if page else f'¶ {citation.paragraph}'}"


def quoted(text: str, language: str) -> str:
    """In the language's quotation marks, others where the text has those itself."""
    return f"“{text}”" if language == "en" or "«" in text or "»" in text else f"«{text}»"


def _searched(refusal: Refusal, language: str) -> str:
    words = _WORDS[language]
    if dates := period(refusal.since, refusal.until, language):
        return _searched_dated(refusal, dates, words)
    if refusal.chosen == 0:
        return words["none"]
    if not refusal.documents:
        return words["gone" if refusal.chosen else "empty"]
    passages = _counted(refusal.passages, words["passage"])
    if refusal.chosen is None:
        documents = _counted(refusal.documents, words["document"])
        return words["all"].format(documents=documents, passages=passages)
    documents = _counted(refusal.documents, words["chosen document"])
    form = words["chosen" if refusal.documents == refusal.chosen else "some"]
    return form.format(documents=documents, passages=passages)


def _searched_dated(refusal: Refusal, dates: str, words: dict[str, str]) -> str:
    if refusal.documents:
        said = words["dated"].format(
            documents=_counted(refusal.documents, words["dated document"]),
            period=dates,
            passages=_counted(refusal.passages, words["passage"]),
        )
    else:
        form = "none dated" if refusal.chosen is None else "none chosen dated"
        said = words[form].format(period=dates)
    if refusal.undated:
        said += words["undated"].format(_counted(refusal.undated, words["undated document"]))
    return said


def _counted(count: int, noun: str) -> str:
    one, many = noun.split("|")
    return f"{count:,} {one if count == 1 else many}"


def _nearest(refusal: Refusal, nearest: Citation, language: str) -> Sentence:
    """What the nearest passage lacks: what it has instead before what it only lacks."""
    words = _WORDS[language]
    instead = [lack for lack in refusal.lacks if lack.instead][:_TOLD]
    nowhere = [lack for lack in refusal.lacks if lack.nowhere]
    # What no passage speaks of tells more than what this one has of another kind.
    topics = [lack for lack in nowhere if lack.kind in _TOPICS and not lack.instead]
    if instead and not topics:
        text = words["instead"].format(words["and"].join(_pair(lack, language) for lack in instead))
        if unsaid := [lack for lack in instead if lack.nowhere]:
            text += f" ({words['no passage'].format(_either(unsaid, language))})"
        return Sentence(text, nearest)
    if nowhere:
        others = [lack for lack in nowhere if lack not in topics]
        text = words["no passage"].format(_either([*topics, *others][:_TOLD], language))
        lead = words["nearest"][0].lower() + words["nearest"][1:]
        return Sentence(text[0].upper() + text[1:], nearest, lead)
    if lacks := refusal.lacks[:1]:
        return Sentence(words["not"].format(_either(lacks, language)), nearest)
    return Sentence("", nearest, words["nearest"])


def _pair(lack: Lack, language: str) -> str:
    return _WORDS[language]["pair"].format(
        instead=_shown(lack, lack.instead or "", language), asked=_shown(lack, lack.asked, language)
    )


def _shown(lack: Lack, words: str, language: str) -> str:
    return words if lack.kind is LackKind.YEAR else quoted(words, language)


def _either(lacks: Sequence[Lack], language: str) -> str:
    return _WORDS[language]["or"].join(_shown(lack, lack.asked, language) for lack in lacks)


def _suggested(suggestion: Suggestion, language: str) -> Sentence:
    text = _WORDS[language][_SUGGESTED[suggestion.kind]].format(
        words=quoted(suggestion.words, language), asked=quoted(suggestion.asked, language)
    )
    citation = suggestion.citation if suggestion.kind is SuggestionKind.PASSAGE else None
    return Sentence(text, citation)
