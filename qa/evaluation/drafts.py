"""Drafts of questions with their answers, from the documents' own words, to be corrected by hand.

Half are those of `qa.answering.candidates`, answered by the assistant; half ask for a date, a
number or a name that is left out of a sentence. The same index gives the same draft.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from index.text.months import MONTHS
from index.text.paragraphs import paragraph_spans
from index.text.sentences import sentence_spans
from qa.answering.candidates import candidates
from qa.evaluation.dataset import Question

if TYPE_CHECKING:
    from index.types import Document
    from qa.answering.assistant import Assistant
    from qa.search.retriever import Retriever

__all__ = ["cloze", "draft"]

_CHARACTERS = 100_000  # read of each document at most
_CLAUSE = 8  # words kept on either side of the gap: with more, finding the passage is no test
_SHORTEST = 6  # words of a sentence that says enough to ask about
_TRIES = 3  # questions put to the assistant for each one wanted of a document

_MONTH = "|".join(MONTHS["es"] + MONTHS["en"])
_DATE = re.compile(
    rf"\b\d{{1,2}} de (?:{_MONTH})(?: del? \d{{4}})?\b|\b(?:{_MONTH}) \d{{1,2}}, \d{{4}}\b|"
    rf"\b(?:{_MONTH}) (?:de |del )?\d{{4}}\b|\b(?:1\d{{3}}|20\d{{2}})\b(?![.,]\d)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,])\d[\d.,]*\d(?!\w)(?: ?%)?|(?<![\w.,])\d(?![\w.,])(?: ?%)?")
_CAPITAL = r"[A-ZÁÉÍÓÚÜÑ][^\W\d_]+"
# Two capitalised words that do not begin the sentence.
_NAME = re.compile(rf"(?<=[^\W\d_,;] ){_CAPITAL}(?: (?:de |del |de la |of )?{_CAPITAL})+")
_KINDS = (
    (_DATE, {"es": "¿Qué fecha falta en «{}»?", "en": "Which date is missing in “{}”?"}),
    (_NAME, {"es": "¿Qué nombre falta en «{}»?", "en": "Which name is missing in “{}”?"}),
    (_NUMBER, {"es": "¿Qué número falta en «{}»?", "en": "Which number is missing in “{}”?"}),
)
_GAP = "____"


def draft(retriever: "Retriever", number: int) -> list[Question]:
    """At most that many questions, spread over the documents and over each document.

    Each has an answer that stands in the document and paragraph named.
    """
    from qa.answering.assistant import Assistant

    documents = retriever.documents()
    if not documents:
        return []
    # Evenly spaced where there are more documents than questions; the others if those are poor.
    step = max(1.0, len(documents) / number)
    chosen = [documents[int(place * step)].id for place in range(min(number, len(documents)))]
    others = [info.id for info in documents if info.id not in set(chosen)]
    per_document = -(-number // len(chosen))  # rounded up
    assistant = Assistant(retriever)
    by_document: list[list[Question]] = []
    for place, id in enumerate([*chosen, *others], 1):
        by_document.append(_of(assistant, retriever.document(id), per_document))
        if place >= len(chosen) and len(_spread(by_document)) >= number:
            break
    return _spread(by_document)[:number]


def cloze(document: "Document") -> list[Question]:
    """A question for the first date, name or number of each sentence that has one."""
    text = document.text[:_CHARACTERS]
    language = document.language if document.language in {"es", "en"} else "es"
    starts = [start for start, _ in paragraph_spans(text)]
    questions = []
    paragraph = 0
    for start, end in sentence_spans(text, document.language):
        while paragraph < len(starts) and starts[paragraph] <= start:
            paragraph += 1
        sentence = text[start:end]
        if len(sentence.split()) < _SHORTEST:
            continue
        for pattern, wording in _KINDS:
            if match := pattern.search(sentence):
                wanted = wording[language].format(_clause(sentence, match))
                answer = " ".join(match[0].split())
                questions.append(Question("", wanted, "", (answer,), document.id, paragraph))
                break
    return questions


def _clause(sentence: str, match: re.Match[str]) -> str:
    """Some words of the sentence, with a gap in place of the match."""
    before, after = sentence[: match.start()].split(), sentence[match.end() :]
    glued = "" if after[:1].isspace() else " "  # punctuation stays at the gap
    words = f"{_GAP}{after}".split() if glued else [_GAP, *after.split()]
    cut_before = "… " if len(before) > _CLAUSE else ""
    cut_after = " …" if len(words) > _CLAUSE + 1 else ""
    clause = [*before[-_CLAUSE:], *words[: _CLAUSE + 1]]
    return f"{cut_before}{' '.join(clause)}{cut_after}"


def _of(assistant: "Assistant", document: "Document", number: int) -> list[Question]:
    """Questions about one document, the two kinds in turn, as many of each as there may be."""
    gaps = cloze(document)
    spread = [gaps[place * len(gaps) // number] for place in range(min(number, len(gaps)))]
    suggested = islice(_suggested(assistant, document, number), -(-number // 2))
    pairs = zip_longest(suggested, spread)
    return [question for pair in pairs for question in pair if question][: 2 * number]


def _suggested(assistant: "Assistant", document: "Document", number: int) -> Iterator[Question]:
    """The suggestions that the document answers, with what it says."""
    language = document.language if document.language in {"es", "en"} else "es"
    for candidate in candidates(document, language)[: _TRIES * number]:
        suggestion = candidate.question
        answer = assistant.ask(suggestion, documents=[document.id])
        if answer.citations:
            best = answer.citations[0]
            words = answer.short if answer.short and answer.short in best.quote else best.quote
            golden = " ".join(words.split())
            yield Question("", suggestion, "", (golden,), document.id, best.paragraph)


def _spread(by_document: Sequence[Sequence[Question]]) -> list[Question]:
    """The first of each document, the second of each, and so on; each wording once."""
    by_text: dict[str, Question] = {}
    for row in zip_longest(*by_document):
        for question in row:
            if question is not None:
                by_text.setdefault(question.text, question)
    return list(by_text.values())
