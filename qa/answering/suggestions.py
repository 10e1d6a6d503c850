"""Example questions, made from the words of the documents without a model.

A heading asks for what is said about it, a number for how many there are, a name with an office
for who that is, a verb of saying for what was said, a name for what is said of it. Only those that
the assistant answers are offered.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from index.text.paragraphs import paragraph_spans
from index.text.stopwords import STOPWORDS

if TYPE_CHECKING:
    from index.types import Document
    from qa.answering.assistant import Assistant
    from qa.search.retriever import Retriever

__all__ = ["candidates", "suggest"]

_DOCUMENTS = 12  # read at most, spread evenly over the index
_CHARACTERS = 20_000  # read of each document at most
_TRIES = 4  # questions put to the assistant for each one wanted, at most
_LONGEST = 110  # characters of a question that still looks like an example

_CAPITAL = r"[A-ZÁÉÍÓÚÜÑ][\w'’-]+"
_NAME = rf"{_CAPITAL}(?:[ ](?:(?:de las|de los|de la|del|de|of the|of)[ ])?{_CAPITAL}){{0,4}}"
_FULL_NAME = _NAME.replace("{0,4}", "{1,4}")
_OFFICE = {
    "es": (
        r"titular|secretari[oa]|president[ea]|director|ministr[oa]|gobernador|jef[ea]|canciller|"
        r"diputad[oa]|senador|alcalde|rector|vocer[oa]|portavoz|coordinador|fundador|profesor|"
        r"investigador|escritor|autor|rey|reina|papa|doctor|ingenier[oa]|abogad[oa]"
    ),
    "en": (
        r"(?:the |an? )?(?:secretary|president|director|minister|governor|head|chief|chancellor|"
        r"deputy|senator|mayor|spokes|chair|coordinator|founder|co-founder|professor|researcher|"
        r"writer|author|king|queen|pope|doctor|engineer|lawyer|CEO)"
    ),
}
_SAYING = {
    "destacó": "destacó", "reconoció": "reconoció", "afirmó": "afirmó", "aseguró": "aseguró",
    "señaló": "señaló", "dijo": "dijo", "anunció": "anunció", "explicó": "explicó",
    "subrayó": "subrayó", "reiteró": "reiteró", "declaró": "declaró", "informó": "informó",
    "indicó": "indicó", "advirtió": "advirtió", "propuso": "propuso", "demostró": "demostró",
    "descubrió": "descubrió", "concluyó": "concluyó",
    "said": "say", "announced": "announce", "claimed": "claim", "stated": "state",
    "explained": "explain", "noted": "note", "warned": "warn", "argued": "argue",
    "reported": "report", "showed": "show", "found": "find", "concluded": "conclude",
    "discovered": "discover", "proposed": "propose", "proved": "prove", "declared": "declare",
}  # fmt: skip
_SAID = re.compile(rf"({_NAME}) ({'|'.join(_SAYING)}) (?:que|that)\b")
_MANY = re.compile(r"(?<![\d.,])(\d[\d.,]*) ((?:[^\W\d_A-Z]{3,}s)(?: [^\W\d_A-Z]+){1,4})")
_UNITS = re.compile(
    r"(?:años|meses|semanas|días|horas|minutos|segundos|veces|pesos|dólares|euros|metros|kilómetros|"
    r"millones|miles|grados|puntos|years|months|weeks|days|hours|minutes|seconds|times|dollars|"
    r"euros|pounds|metres|meters|kilometres|kilometers|miles|feet|millions|degrees|points)\b"
)
# Where a noun phrase ends: what follows says something about it.
_PHRASE_END = re.compile(
    r"\s(?:que|por|para|en|con|y|e|o|se|a|al|entre|durante|desde|hasta|fue|fueron|son|han|ha|es|como|"
    r"cada|más|who|that|which|and|or|in|on|at|by|for|with|from|to|were|are|was|is|have|has|had|per|"
    r"during|between|than|as)\b"
)
_FEMININE = re.compile(r"(?!\w*mas\b)\w*(?:as|dades|ciones|siones|tudes)\b")
# Markup, addresses, and words that order the reader about: no question of ours has any.
_ODD = re.compile(
    r"[<>{}\[\]|\\`=@#$]|://|www\.|"
    r"\b(?:ignor[ae]r?|olvid[ae]r?|obedece|finge|ignore|disregard|forget|obey|pretend|prompt)\b",
    re.IGNORECASE,
)
_HEADING = {"es": r"(?:El|La|Los|Las)\s", "en": r"The\s"}
_ABOUT = {"es": "¿Qué se dice sobre {}?", "en": "What is said about {}?"}
_WHO = {"es": "¿Quién es {}?", "en": "Who is {}?"}
_SAY = {"es": "¿Qué {1} {0}?", "en": "What did {0} {1}?"}


def suggest(
    retriever: "Retriever", language: str, n: int = 4, assistant: "Assistant | None" = None
) -> list[str]:
    """At most n questions that the documents answer, those in ``language`` (es, en) first.

    Reads a bounded number of documents and asks ``assistant`` (a new one by default) a bounded
    number of questions; the same index gives the same list.
    """
    from qa.answering.assistant import Assistant

    assistant = assistant or Assistant(retriever)
    documents = _some(retriever)
    same_language = [candidates(document, language) for document in documents]
    other_language = [
        candidates(document, document.language)
        for document in documents
        if document.language in _ABOUT and document.language != language
    ]
    suggested: list[str] = []
    tries = n * _TRIES
    for question in _distinct(chain(_alternating(same_language), _alternating(other_language))):
        if len(suggested) == n or not tries:
            break
        tries -= 1
        if assistant.ask(question).citations:
            suggested.append(question)
    return suggested


def candidates(document: "Document", language: str) -> list[str]:
    """Questions in ``language`` that this document may answer, the most specific kinds first.

    In a language other than the document's there are only those that need no more than a name.
    """
    text = document.text[:_CHARACTERS]
    kinds: list[Iterator[str]] = [_who(text, document.language or language, language)]
    if document.language == language:
        kinds = [_many(text, language), _said(text, language), *kinds, _headings(text, language)]
    else:
        kinds.append(_named(text, language))
    return [
        question
        for question in _alternating(kinds)
        if len(question) <= _LONGEST and not _ODD.search(question)
    ]


def _some(retriever: "Retriever") -> list["Document"]:
    documents = retriever.documents()
    step = max(1, len(documents) // _DOCUMENTS)
    return [retriever.document(document.id) for document in documents[::step][:_DOCUMENTS]]


def _alternating(groups: Sequence[Sequence[str] | Iterator[str]]) -> Iterator[str]:
    """The first of each group, the second of each, and so on: variety before quantity."""
    for row in zip_longest(*groups):
        yield from (question for question in row if question is not None)


def _distinct(questions: Iterator[str]) -> Iterator[str]:
    seen: set[str] = set()
    for question in questions:
        if question not in seen:
            seen.add(question)
            yield question


def _many(text: str, language: str) -> Iterator[str]:
    for match in _MANY.finditer(text):
        number, phrase = match.groups()
        year = len(number) == 4 and number[:2] in {"19", "20"}
        phrase = _PHRASE_END.split(" ".join(phrase.split()))[0]
        if year or " " not in phrase or _UNITS.match(phrase):
            continue
        while phrase.rpartition(" ")[2] in STOPWORDS[language]:
            phrase = phrase.rpartition(" ")[0]
        if language == "en":
            yield f"How many {phrase} are mentioned?"
        else:
            yield f"¿Cuánt{'a' if _FEMININE.match(phrase) else 'o'}s {phrase} se mencionan?"


def _said(text: str, language: str) -> Iterator[str]:
    for match in _SAID.finditer(text):
        if match[1].lower() not in STOPWORDS[language]:
            yield _SAY[language].format(match[1], _SAYING[match[2]])


def _who(text: str, written: str, language: str) -> Iterator[str]:
    if written in _OFFICE:
        for match in re.finditer(rf"({_FULL_NAME}), (?:{_OFFICE[written]})", text):
            yield _WHO[language].format(match[1])


def _headings(text: str, language: str) -> Iterator[str]:
    for start, end in paragraph_spans(text):
        line = " ".join(text[start:end].split())
        if line.endswith("?") and len(line) <= _LONGEST:
            yield line
        elif re.match(_HEADING[language], line) and line[-1].isalnum() and line.count(" ") > 2:
            yield _ABOUT[language].format(line[0].lower() + line[1:])


def _named(text: str, language: str) -> Iterator[str]:
    """What is said about the names of more than one word that stand most often."""
    names = Counter(re.findall(_FULL_NAME, text))
    for name, count in sorted(names.items(), key=lambda item: (-item[1], item[0])):
        if count > 1:
            yield _ABOUT[language].format(name)
