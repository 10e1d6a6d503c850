"""What is answered where a phrase in quotation marks is all that was asked: where it stands."""

import re
from collections.abc import Iterator

from qa.answering.periods import period
from qa.answering.refusals import quoted
from qa.search.citations import on_one_line
from qa.types import Answer, Citation, MentionedIn, Mentions

__all__ = ["EACH", "SHOWN", "answer_of", "around", "counted", "left_out", "more", "phrase_of"]
__all__ += ["rest"]

SHOWN = 60  # mentions that are quoted
EACH = 10  # of them of one document, where several have some
_NAMED = 20  # documents named whose mentions are not quoted

_MARKS = (('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"))
_QUOTED = [re.compile(rf"\s*{a}([^{a}{b}]*){b}\s*") for a, b in _MARKS]
_WORDS = {
    "es": {
        "mention": "mención|menciones",
        "document": "documento|documentos",
        "chosen": "documento elegido|documentos elegidos",
        "counted": "{mentions} de {phrase} en {documents}{period}",
        "nothing": "Ningún documento{period} dice {phrase} con esas mismas palabras",
        "nothing chosen": "Ningún documento elegido{period} dice {phrase} con esas mismas palabras",
        "try": "Prueba con menos palabras, o sin comillas, que busca por el sentido.",
        "dated": " con fecha ",
        "undated": "No se buscó en {documents} sin fecha.",
        "more": "y {count} más en este documento",
        "rest": "Hay {mentions} más en {documents}: {names}",
        "others": "y otros {count}",
        "quoted": "Aquí se citan {count} de ellas.",
    },
    "en": {
        "mention": "mention|mentions",
        "document": "document|documents",
        "chosen": "chosen document|chosen documents",
        "counted": "{mentions} of {phrase} in {documents}{period}",
        "nothing": "No document{period} says {phrase} in these very words",
        "nothing chosen": "No chosen document{period} says {phrase} in these very words",
        "try": "Try fewer words, or leave out the quotation marks to search by meaning.",
        "dated": " dated ",
        "undated": "Left out: {documents} without a date.",
        "more": "and {count} more in this document",
        "rest": "There are {mentions} more in {documents}: {names}",
        "others": "and {count} others",
        "quoted": "{count} of them are quoted here.",
    },
}


def phrase_of(question: str) -> str | None:
    """The words in quotation marks, where a question is nothing else."""
    found = (pattern.fullmatch(question) for pattern in _QUOTED)
    return next((match[1].strip() for match in found if match and match[1].strip()), None)


def answer_of(mentions: Mentions, question: str, language: str) -> Answer:
    """The mentions as an answer, in ``"es"`` or ``"en"``: it quotes those that are cited."""
    said = tuple(_notes(mentions, language))
    quotes = [f"{on_one_line(c)} [{number}]" for number, c in enumerate(mentions.citations, 1)]
    return Answer(
        question=question,
        searched_for=question,
        found=bool(mentions.total),
        text="\n".join((*quotes, *said)),
        confidence=1.0 if mentions.total else 0.0,
        citations=mentions.citations,
        language=language,
        notes=said,
        mentions=mentions,
    )


def _notes(mentions: Mentions, language: str) -> Iterator[str]:
    words = _WORDS[language]
    yield f"{counted(mentions, language)}."
    if not mentions.total:
        yield words["try"]
    if mentions.beyond:
        yield words["quoted"].format(count=f"{len(mentions.citations):,}")
    yield from filter(None, (rest(mentions, language), left_out(mentions, language)))


def around(citation: Citation, most: int) -> tuple[str, str, str]:
    """The words of a mention and, from its quote, at most so many characters before and after.

    Each is on one line, cut between words.
    """
    first, last = citation.highlight or (citation.start, citation.end)
    first, last = first - citation.start, last - citation.start
    parts = citation.quote[:first], citation.quote[first:last], citation.quote[last:]
    before, words, after = (_spaced(part) for part in parts)
    if len(before) > most:
        before = f"… {before[-most:].partition(' ')[2]}"
    if len(after) > most:
        after = f"{after[:most].rpartition(' ')[0]} …"
    return before, words, after


def _spaced(text: str) -> str:
    """On one line, with a space at an end where there was white space."""
    line = " ".join(text.split())
    if not line:
        return " " if text else ""
    return f"{' ' * text[0].isspace()}{line}{' ' * text[-1].isspace()}"


def counted(mentions: Mentions, language: str) -> str:
    """How many there are, without a full stop: "2 menciones de «canon» en 1 documento"."""
    words = _WORDS[language]
    dates = period(mentions.since, mentions.until, language)
    dates = f"{words['dated']}{dates}" if dates else ""
    if not mentions.total:
        form = words["nothing" if mentions.chosen is None else "nothing chosen"]
        return form.format(phrase=quoted(mentions.phrase, language), period=dates)
    return words["counted"].format(
        mentions=_number(mentions.total, words["mention"]),
        phrase=quoted(mentions.phrase, language),
        documents=_documents(len(mentions.documents), mentions, language),
        period=dates,
    )


def _documents(count: int, mentions: Mentions, language: str) -> str:
    return _number(count, _WORDS[language]["document" if mentions.chosen is None else "chosen"])


def _number(count: int, noun: str) -> str:
    one, many = noun.split("|")
    return f"{count:,} {one if count == 1 else many}"


def more(count: int, language: str) -> str:
    """That a document has so many more mentions than are quoted."""
    return _WORDS[language]["more"].format(count=f"{count:,}")


def rest(mentions: Mentions, language: str) -> str:
    """The documents of which nothing is quoted, with their mentions; empty where there is none."""
    words = _WORDS[language]
    cited = {citation.document_id for citation in mentions.citations}
    others = [document for document in mentions.documents if document.document_id not in cited]
    if not others:
        return ""
    names = [f"{_named(other)} ({other.count:,})" for other in others]
    if len(names) > _NAMED + 1:  # one more takes no more room than to count it
        names[_NAMED:] = [words["others"].format(count=f"{len(names) - _NAMED:,}")]
    return words["rest"].format(
        mentions=_number(sum(document.count for document in others), words["mention"]),
        documents=_documents(len(others), mentions, language),
        names=", ".join(names),
    )


def _named(document: MentionedIn) -> str:
    return " ".join((document.title or document.document_id).split())


def left_out(mentions: Mentions, language: str) -> str:
    """How many documents without a date were left out; empty where there is none."""
    if not mentions.undated:
        return ""
    words = _WORDS[language]
    return words["undated"].format(documents=_number(mentions.undated, words["document"]))
