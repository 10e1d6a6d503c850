"""Replies that are not searched for: to a greeting, about the collection, how a document begins."""

from collections.abc import Sequence

from index.errors import DocumentNotFoundError
from index.storage.catalog import DocumentInfo, Origin
from index.text.sentences import sentence_spans
from index.types import Role
from qa.conversation.intents import Intent
from qa.readers import Quote
from qa.search.citations import cite
from qa.search.retriever import Retriever
from qa.types import Hit

__all__ = ["beginning", "chosen", "reply"]

LISTED = 10  # documents named
LONGEST_TITLE = 90  # characters
LONGEST = 600  # characters quoted of the beginnings in all
SUMMED_UP = 3  # documents whose beginnings are quoted together, at most
PASSAGES = 12  # looked at for the beginning of a document
WORDS = {
    "es": {
        Intent.GREETING: "Hola. ¿Qué quieres saber de los documentos?",
        Intent.THANKS: "De nada. ¿Qué más quieres saber?",
        Intent.GOODBYE: "Hasta luego.",
        Intent.ACKNOWLEDGEMENT: "De acuerdo. Pregunta lo que quieras saber de los documentos.",
        Intent.COMPLAINT: (
            "Lo siento. Solo puedo citar lo que dicen los documentos. Pregúntalo con otras "
            "palabras y nombra la persona, el lugar o la fecha."
        ),
        Intent.REPEAT: "Todavía no he respondido nada. ¿Qué quieres saber de los documentos?",
        Intent.HELP: (
            "Respondo preguntas con las palabras exactas de los documentos y digo dónde están; si "
            "los documentos no lo dicen, también lo digo. Pregunta, por ejemplo, quién, cuándo, "
            "dónde o cuánto; también «¿qué documentos tienes?» o, de un documento, «¿de qué trata?»"
        ),
        "none": "Todavía no hay documentos.",
        "one": "Hay 1 documento:",
        "many": "Hay {} documentos:",
        "none chosen": "No has elegido ningún documento.",
        "one chosen": "Has elegido 1 documento:",
        "many chosen": "Has elegido {} documentos:",
        "more": "… y {} más.",
        "choose": "Elige uno para leer cómo empieza.",
    },
    "en": {
        Intent.GREETING: "Hello. What would you like to know from the documents?",
        Intent.THANKS: "You are welcome. What else would you like to know?",
        Intent.GOODBYE: "Goodbye.",
        Intent.ACKNOWLEDGEMENT: "All right. Ask what you would like to know from the documents.",
        Intent.COMPLAINT: (
            "I am sorry. I can only quote what the documents say. Ask in other words, and name the "
            "person, the place or the date."
        ),
        Intent.REPEAT: "I have not answered anything yet. What would you like to know?",
        Intent.HELP: (
            "I answer questions in the documents' exact words and say where they stand; when the "
            "documents do not say, I say so. Ask, for example, who, when, where or how many; or "
            "“which documents do you have?” and, about one document, “what is it about?”"
        ),
        "none": "There are no documents yet.",
        "one": "There is 1 document:",
        "many": "There are {} documents:",
        "none chosen": "You have chosen no documents.",
        "one chosen": "You have chosen 1 document:",
        "many chosen": "You have chosen {} documents:",
        "more": "… and {} more.",
        "choose": "Choose one to read how it begins.",
    },
}


def reply(
    intent: Intent, language: str, retriever: Retriever, documents: Sequence[str] | None
) -> str:
    """What to say, in ``"es"`` or ``"en"``; a summary without its document gets the list.

    It holds the ``documents`` with these ids, or all.
    """
    words = WORDS[language]
    if intent in words:
        return words[intent]
    listed = _among(retriever, documents)
    count = "many" if len(listed) > 1 else "one" if listed else "none"
    said = words[count if documents is None else f"{count} chosen"].format(f"{len(listed):,}")
    if not listed:
        return said
    lines = [said, *(f"- {_named(document)}" for document in listed[:LISTED])]
    if len(listed) > LISTED:
        lines.append(words["more"].format(f"{len(listed) - LISTED:,}"))
    if intent is not Intent.COLLECTION:
        lines.append(words["choose"])
    return "\n".join(lines)


def chosen(retriever: Retriever, documents: Sequence[str] | None) -> list[DocumentInfo]:
    """The documents that "this document" means: those named, or the only one; else none."""
    subjects = _among(retriever, documents)
    return subjects if len(subjects) <= (1 if documents is None else SUMMED_UP) else []


def _among(retriever: Retriever, documents: Sequence[str] | None) -> list[DocumentInfo]:
    """The documents with these ids, or all."""
    every = retriever.documents()
    if documents is None:
        return every
    wanted = set(documents)
    return [info for info in every if info.id in wanted]


def beginning(retriever: Retriever, documents: Sequence[DocumentInfo]) -> tuple[Quote, ...]:
    """The first sentences of documents, one quote a passage, 600 characters in all."""
    quotes: list[Quote] = []
    for document in documents:
        left = LONGEST // len(documents)
        for hit in _first(retriever, document):
            quote = _fitting(hit, left, cut=left == LONGEST // len(documents))
            if not quote:
                break
            quotes.append(quote)
            left -= quote.end - quote.start
            if quote.end < hit.passage.end:
                break
    return tuple(quotes)


def _first(retriever: Retriever, document: DocumentInfo) -> list[Hit]:
    """The first passages of a document that say something of their own, in order."""
    try:
        passages = retriever.index.passages_of(document.id, PASSAGES)
    except DocumentNotFoundError:  # removed since it was listed
        return []
    origin = retriever.index.origins([document.id]).get(document.id, Origin(None, None))
    return [
        Hit(p.text, 0.0, document.id, cite(p, p.start, p.end, origin), p, 0.0, None, origin=origin)
        for p in passages
        if p.role is Role.BODY  # a byline says who wrote it, not what it says
    ]


def _fitting(hit: Hit, longest: int, *, cut: bool) -> Quote | None:
    """The passage's first sentences, after its headings, in at most so many characters.

    Where not even the first one fits: its first words if ``cut``, else nothing.
    """
    text, first = hit.passage.text, hit.passage.start
    spans = sentence_spans(text, hit.passage.language)
    said = [span for span in spans if text[span[1] - 1] in ".!?…»”\"')"]
    start = said[0][0] if said else spans[0][0]
    ends = [end for _, end in spans if start < end <= start + longest]
    if ends:
        return Quote(hit, first + start, first + ends[-1], 0.0)
    words = text[start : start + longest].rpartition(" ")[0] or text[start : start + longest]
    return Quote(hit, first + start, first + start + len(words.rstrip()), 0.0) if cut else None


def _named(document: DocumentInfo) -> str:
    title = " ".join((document.title or document.id).split())
    if len(title) > LONGEST_TITLE:
        title = f"{title[: LONGEST_TITLE - 1]}…"
    return title if title == document.id else f"{title} ({document.id})"
