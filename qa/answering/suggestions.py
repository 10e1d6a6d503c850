"""Questions to suggest: only those that the documents answer for sure.

They are made from the documents' own words (`qa.answering.candidates`) and put to the assistant. It
is sure where its confidence is far enough above the threshold, and it quotes the very stretch that
the question was made from.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from index.text.folding import fold
from index.text.hashing import content_hash
from qa.answering.candidates import Candidate, candidates
from qa.settings import SETTINGS

if TYPE_CHECKING:
    from index.types import Document
    from qa.answering.assistant import Assistant
    from qa.search.retriever import Retriever
    from qa.types import Answer, Citation, Turn

__all__ = ["Suggested", "follow_ups", "suggest", "suggested"]

_DOCUMENTS = 12  # read at most, spread evenly over the index
_TRIES = 6  # questions put to the assistant for each one wanted, at most
_TRIES_IN_A_ROW = 3  # of one document, before the others have their turn
_LANGUAGES = frozenset({"es", "en"})
_LEAD = 25  # characters before the name that a quote is about
_SHORTEST = 5  # words of a quote that says something


Place = tuple[str, int, int]  # a document's id, and where a quote begins and ends in it


@dataclass(frozen=True, slots=True)
class Suggested:
    """A question, and the document that answers it, with the SHA-256 of its text."""

    question: str
    document_id: str
    hash: str


def suggest(
    retriever: "Retriever", language: str, n: int = 4, assistant: "Assistant | None" = None
) -> list[str]:
    """At most n questions that the documents answer, as `suggested` finds them."""
    from qa.answering.assistant import Assistant

    found = suggested(retriever, assistant or Assistant(retriever), language, n)
    return [one.question for one in found]


def suggested(
    retriever: "Retriever",
    assistant: "Assistant",
    language: str,
    n: int = 4,
    before_each: Callable[[], None] = lambda: None,
) -> Iterator[Suggested]:
    """At most n questions, one of each document before a second of any, as they are found.

    Those in ``language`` (es, en) come first. A bounded number of documents is read, and of
    questions put to the assistant; ``before_each`` of them is called, and may wait or raise. The
    same index gives the same questions.
    """
    documents = _some(retriever)
    own = [(document, iter(candidates(document, language))) for document in documents]
    # Questions in another language are better than none.
    others = [document for document in documents if document.language in _LANGUAGES - {language}]
    other = [(d, iter(candidates(d, d.language or language))) for d in others]
    quoted: list[Place] = []
    for made in (own, other):
        sure = _sure(assistant, made, n * _TRIES, quoted, before_each)
        yield from islice(sure, n - len(quoted))


def _sure(
    assistant: "Assistant",
    made: list[tuple["Document", Iterator[Candidate]]],
    tries: int,
    quoted: list[Place],
    before_each: Callable[[], None],
) -> Iterator[Suggested]:
    """The candidates that are answered for sure, of each document one, then the next ones.

    Each adds to what was ``quoted``.
    """
    asked = set[str]()
    left = deque(made)
    while left:
        document, questions = left.popleft()
        for _ in range(_TRIES_IN_A_ROW):
            candidate = next((one for one in questions if fold(one.question) not in asked), None)
            if candidate is None:
                break
            if not tries:
                return
            tries -= 1
            asked.add(fold(candidate.question))
            before_each()
            answer = assistant.ask(candidate.question)
            if not _is_sure(assistant, answer, document, candidate):
                continue
            first = answer.citations[0]
            if _is_new(first, quoted):
                quoted.append((first.document_id, first.start, first.end))
                yield Suggested(candidate.question, document.id, content_hash(document.text))
                left.append((document, questions))
                break
        else:
            left.append((document, questions))


def follow_ups(
    assistant: "Assistant",
    turn: "Turn",
    language: str,
    asked: Collection[str] = (),
    n: int = 3,
    before_each: Callable[[], None] = lambda: None,
) -> Iterator[str]:
    """At most n questions to ask after an answer: of the same document, from the nearest on.

    None of those ``asked`` before, and none that has the same answer; the rest is as for
    `suggested`. Raises DocumentNotFoundError where the document is gone.
    """
    if not turn.answer.citations:
        return
    cited = turn.answer.citations[0]
    document = assistant.retriever.document(cited.document_id)
    if content_hash(document.text) != cited.hash:
        return
    # Quotes that only add to the answer are worth a question of their own.
    answers = [cited, *(one for one in turn.answer.citations if one.highlight)]
    quoted = [(one.document_id, one.start, one.end) for one in answers]
    known = {fold(question).strip("¿?¡! ") for question in (*asked, turn.question)}
    made = candidates(document, language, cited.start)
    made = [one for one in made if fold(one.question).strip("¿?¡! ") not in known]
    made.sort(key=lambda one: abs(one.start - cited.start))
    for candidate in made[: n * _TRIES_IN_A_ROW]:
        if n == 0:
            return
        before_each()
        answer = assistant.ask(candidate.question, [turn])
        if not _is_sure(assistant, answer, document, candidate):
            continue
        first = answer.citations[0]
        if _is_new(first, quoted):
            quoted.append((first.document_id, first.start, first.end))
            yield candidate.question
            n -= 1


def _is_new(citation: "Citation", quoted: list[Place]) -> bool:
    """Whether none of its words has been quoted."""
    return not any(
        id == citation.document_id and citation.start < end and start < citation.end
        for id, start, end in quoted
    )


def _is_sure(
    assistant: "Assistant", answer: "Answer", document: "Document", candidate: Candidate
) -> bool:
    """Whether it is answered, far above the threshold, with the words it was made from."""
    least = assistant.min_confidence
    share = SETTINGS.answers.suggested_share
    if not answer.citations or answer.disagree or answer.confidence < least + share * (1 - least):
        return False
    first = answer.citations[0]
    there = first.document_id == document.id and first.start < candidate.end
    says = first.end > candidate.start and first.end > candidate.after
    begins = candidate.about in first.quote[: _LEAD + len(candidate.about)]
    return there and says and begins and len(first.quote.split()) >= _SHORTEST


def _some(retriever: "Retriever") -> list["Document"]:
    documents = retriever.documents()
    step = max(1, len(documents) // _DOCUMENTS)
    return [retriever.document(document.id) for document in documents[::step][:_DOCUMENTS]]
