"""The assistant: asks the retriever, lets a reader quote, and says so when there is no answer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from index.arguments import ids_in, question_of, share
from index.chunking.passages import BYLINES
from index.documents.validate import said
from index.errors import InputError
from index.query import Query
from index.storage.catalog import Origin
from index.text.folding import fold
from index.text.language import detect
from index.text.months import written_date
from qa.answering.contradictions import arrange
from qa.answering.replies import beginning, chosen, reply
from qa.conversation.intents import Intent, recognise, split_questions
from qa.conversation.rewrite import resolve
from qa.readers import Quote, Reader, Reading, load
from qa.search.retriever import Retriever, check_question, cite
from qa.types import Answer, Citation, Turn

__all__ = ["Assistant"]

HITS = 8  # passages read, and offered when there is no answer
BEGINNING = {"es": "Cómo empieza", "en": "How it begins"}
HALF = {"es": "Los documentos no dicen:", "en": "The documents do not say:"}
LONGEST = 600  # characters quoted to answer two questions
DISAGREE = {
    "es": "Los documentos no coinciden; el más reciente va primero.",
    "en": "The documents do not agree; the newest comes first.",
}
NOTHING = {"es": "Los documentos no lo dicen.", "en": "The documents do not say."}


class Assistant:
    """Answers questions with quotes from the documents. Safe for threads."""

    def __init__(
        self,
        retriever: Retriever,
        *,
        reader: Reader | str | Path | None = None,
        min_confidence: float | None = None,
    ) -> None:
        """``reader`` finds the quotes, by default as `qa.readers.load` says.

        Below ``min_confidence`` (0 to 1) there is no answer; by default the reader's own. Raises
        ModelError when there is no such reader, InputError for what cannot be used.
        """
        if not isinstance(retriever, Retriever):
            raise InputError(f"An assistant needs a Retriever, not {said(retriever)}: open one.")
        if not isinstance(reader, Reader | str | Path | None):
            raise InputError(f"A reader is named or given, not as {said(reader)}: say sentences.")
        self.retriever = retriever
        self.reader = reader if isinstance(reader, Reader) else load(retriever.index, reader)
        self._min_confidence = None if min_confidence is None else share(min_confidence)

    @property
    def min_confidence(self) -> float:
        """The confidence below which there is no answer."""
        own = self._min_confidence
        return self.reader.min_confidence if own is None else own

    def ask(
        self,
        question: str,
        history: Iterable[Turn] = (),
        documents: Iterable[str] | None = None,
    ) -> Answer:
        """The answer to a question; ``history`` holds the earlier turns of the conversation.

        ``documents`` limits the search to documents with these ids. Raises QuestionError for a
        question that cannot be searched for, InputError for a history or ids of a wrong type.
        """
        *_, answer = self.stream(question, history, documents)
        return answer

    def stream(
        self,
        question: str,
        history: Iterable[Turn] = (),
        documents: Iterable[str] | None = None,
    ) -> Iterator[Answer]:
        """The answer as it grows: first the hits, then the citations one by one.

        Each snapshot holds all of the one before; the last one is what `ask` returns.
        """
        question = check_question(question)
        documents = None if documents is None else ids_in(documents)
        history = _turns(history)
        # A follow-up leans on what was asked of the documents, not on a greeting in between.
        history = [turn for turn in history if turn.answer.citations or not turn.answer.found]
        known = recognise(question)
        if known and known[0] is Intent.REPEAT and history:
            yield replace(history[-1].answer, question=question)
            return
        if known and not (history and known[0] is Intent.SUMMARY_OF_THIS):
            yield from self._reply(question, *known, documents)
            return
        parts = split_questions(question)
        both = self._both(question, parts, history, documents) if parts else None
        yield from both or self._one(question, history, documents)

    def _reply(
        self, question: str, intent: Intent, language: str, documents: Sequence[str] | None
    ) -> Iterator[Answer]:
        """What needs no search; a document is summed up by its beginning, and that is said."""
        answer = Answer(question, question, True, "", 1.0, language=language)
        asked = intent in {Intent.SUMMARY, Intent.SUMMARY_OF_THIS}
        subjects = chosen(self.retriever, documents) if asked else []
        quotes = beginning(self.retriever, subjects)
        if not quotes:
            yield replace(answer, text=reply(intent, language, self.retriever, documents))
            return
        named = ", ".join(subject.title or subject.id for subject in subjects)
        answer = replace(answer, searched_for=f"{BEGINNING[language]}: {named}")
        yield from _snapshots(answer, Reading(quotes, 1.0))

    def _one(
        self,
        question: str,
        history: Sequence[Turn],
        documents: Sequence[str] | None,
    ) -> Iterator[Answer]:
        query = resolve(Query(question), history)
        resolved = query.text
        asked, hits = self.retriever.find(resolved, HITS, documents)
        # That an accent or a mark was missing is nothing to tell.
        searched_for = resolved if fold(asked).strip("¿?") == fold(resolved).strip("¿?") else asked
        language = detect(question) or "es"
        answer = Answer(question, searched_for, False, "", 0.0, (), tuple(hits), language=language)
        answer = replace(answer, topic=query.topic)
        if hits:
            yield answer
        reading = self.reader.read(asked, hits)
        # The reader has looked closer than the search: what it would quote is nearest.
        quoted = (quote.hit for quote in reading.quotes)
        answer = replace(answer, hits=tuple(dict.fromkeys((*quoted, *hits))))
        if reading.confidence < self.min_confidence or not reading.quotes:
            # Who wrote a document is the last that anybody means by what is close.
            closest = sorted(answer.hits, key=lambda hit: hit.passage.context in BYLINES)
            unsaid = replace(answer, text=NOTHING[language], hits=tuple(closest))
            yield replace(unsaid, confidence=reading.confidence)
            return
        yield from _snapshots(answer, reading)

    def _both(
        self,
        question: str,
        parts: tuple[str, str],
        history: Sequence[Turn],
        documents: Sequence[str] | None,
    ) -> list[Answer] | None:
        """The answers to two questions as one; None when they are better asked together."""
        *_, first = self._one(parts[0], history, documents)
        *_, second = self._one(parts[1], [*history, Turn(parts[0], first)], documents)
        return _joined(question, (first, second))


def _turns(history: Iterable[Turn]) -> list[Turn]:
    """The turns, their questions clean; raises InputError for what is none."""
    turns = list(history) if isinstance(history, Iterable) else [history]
    for turn in turns:
        if not isinstance(turn, Turn) or not isinstance(turn.answer, Answer):
            raise InputError(
                f"The history is a list of Turn(question, answer), and {said(turn)} is none."
            )
    return [replace(turn, question=question_of(turn.question)) for turn in turns]


def _joined(question: str, answers: tuple[Answer, Answer]) -> list[Answer] | None:
    """Two answers as snapshots of one, numbered through; what neither says stands at the end.

    None where neither question is answered, or their best quotes are too long to stand together.
    """
    said = [answer for answer in answers if answer.found]
    citations = _together([answer.citations for answer in said])
    if not citations:
        return None
    first, second = answers
    language = first.language
    alone = first.searched_for == first.question  # no follow-up
    joined = replace(
        first,
        question=question,
        searched_for=question if alone else f"{first.searched_for} {second.question}",
        found=True,
        confidence=min(answer.confidence for answer in said),
        hits=tuple({hit.passage: hit for hit in (*first.hits, *second.hits)}.values()),
        short="; ".join(answer.short for answer in said if answer.short) or None,
    )
    lines = [_marked(citation, number) for number, citation in enumerate(citations, 1)]
    missing = [f"{HALF[language]} {answer.question}" for answer in answers if not answer.found]
    snapshots = [
        replace(joined, text="\n".join(lines[:count]), citations=citations[:count])
        for count in range(1, len(citations) + 1)
    ]
    return [*snapshots, replace(snapshots[-1], text="\n".join([*lines, *missing]))]


def _together(groups: list[tuple[Citation, ...]]) -> tuple[Citation, ...]:
    """The best citation of each group, then the others in turn, each place once; none too many."""
    kept: list[Citation] = []
    length = 0
    for rank, number in product(range(max(map(len, groups), default=0)), range(len(groups))):
        if rank >= len(groups[number]):
            continue
        cited = groups[number][rank]
        if any(_overlap(cited, other) for other in kept):
            continue
        length += len(cited.quote)
        if length > LONGEST:
            return tuple(kept) if rank else ()
        kept.append(cited)
    return tuple(kept)


def _overlap(one: Citation, other: Citation) -> bool:
    same = one.document_id == other.document_id
    return same and one.start < other.end and other.start < one.end


def _snapshots(answer: Answer, reading: Reading) -> Iterator[Answer]:
    """The answer with one citation more each time, and at the end whether they contradict."""
    quotes, disagree = arrange(answer.searched_for, reading.quotes)
    citations = tuple(_cited(quote) for quote in quotes)
    dated = answer.language if disagree else None
    lines = [_marked(citation, number, dated) for number, citation in enumerate(citations, 1)]
    answer = replace(
        answer,
        found=True,
        confidence=reading.confidence,
        short=_short(citations[0]),
        disagree=disagree,
    )
    for count in range(1, len(citations) + 1):
        yield replace(answer, text="\n".join(lines[:count]), citations=citations[:count])
    if disagree:
        said = "\n".join([*lines, DISAGREE[answer.language]])
        yield replace(answer, text=said, citations=citations)


def _short(citation: Citation) -> str | None:
    """The very words that answer, where the reader pointed at them."""
    if citation.highlight is None:
        return None
    start, end = citation.highlight
    return citation.quote[start - citation.start : end - citation.start]


def _cited(quote: Quote) -> Citation:
    cited = quote.hit.citation
    origin = Origin(cited.title, cited.source, cited.date, cited.hash)
    citation = cite(quote.hit.passage, quote.start, quote.end, origin)
    return replace(citation, highlight=quote.highlight)


def _marked(citation: Citation, number: int, language: str | None = None) -> str:
    """The words in quotation marks, on one line, with their number; with a language, and a date."""
    words = " ".join(citation.quote.split())
    opened = "“" if words.startswith("«") or "»" in words else "«"
    quoted = f"{opened}{words}{'”' if opened == '“' else '»'} [{number}]"
    return (
        f"{written_date(citation.date, language)}: {quoted}"
        if citation.date and language
        else quoted
    )
