"""The assistant: asks the retriever, lets a reader quote, and says so when there is no answer."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from index.arguments import ids_in, question_of, share
from index.errors import InputError
from index.query import Query
from index.storage.conditions import Where
from index.text.folding import fold
from index.text.messages import describe
from index.types import Role
from qa.answering.about import about_itself
from qa.answering.asking import Asking
from qa.answering.growing import grow, joined
from qa.answering.history import turns_of
from qa.answering.mentions import EACH, SHOWN, answer_of, phrase_of
from qa.answering.named import (
    asked_before,
    asks_for_beginning,
    named_in,
    of_named,
    spoken_of,
    without_document,
)
from qa.answering.refusing import dated, refuse
from qa.answering.replies import beginning, chosen, reply
from qa.answering.trace import Snapshots, Trace
from qa.asked.documents import Named
from qa.calibration.stored import threshold_for
from qa.conversation.intent_head import intent_by_vector
from qa.conversation.intents import Intent, recognise, split_questions
from qa.conversation.interpret import interpretations
from qa.readers import Reader, Reading, load
from qa.search.dates import Dates, dates_of
from qa.search.mentions import find_mentions
from qa.search.retriever import Retriever, Search, check_question
from qa.types import Answer, Turn

__all__ = ["Assistant"]

History = Iterable[Turn | Mapping[str, Any]]

_FIRST = "¿Qué?"  # asked to load all that answers need
BEGINNING = {"es": "Cómo empieza", "en": "How it begins"}
NOTHING = {"es": "Los documentos no lo dicen.", "en": "The documents do not say."}


class Assistant:
    """Answers questions with quotes from the documents. Safe for threads."""

    def __init__(
        self,
        retriever: Retriever,
        *,
        reader: Reader | str | Path | None = None,
        min_confidence: float | None = None,
        beyond_limit: bool = False,
    ) -> None:
        """``reader`` finds the quotes, by default as `qa.readers.load` says.

        Below ``min_confidence`` (0 to 1) there is no answer; by default what `qa calibrate` stored
        with the index for this reader, or the reader's own. Raises ModelError when there is no
        such reader, InputError for what cannot be used.

        With ``beyond_limit`` a refusal under a limit of documents tells what the others hold: not
        where the limit says what a person may read.
        """
        if not isinstance(retriever, Retriever):
            raise InputError(
                f"An assistant needs a Retriever, not {describe(retriever)}: open one."
            )
        if not isinstance(reader, Reader | str | Path | None):
            raise InputError(
                f"A reader is named or given, not as {describe(reader)}: say sentences."
            )
        self.retriever = retriever
        self._settings = retriever.settings.answers
        if not isinstance(reader, Reader):
            reader = load(retriever.index, reader, settings=retriever.settings)
        self.reader = reader
        self._beyond_limit = beyond_limit
        self._min_confidence = None if min_confidence is None else share(min_confidence)

    @property
    def min_confidence(self) -> float:
        """The confidence below which there is no answer."""
        given = self._min_confidence
        return threshold_for(self.retriever.index, self.reader) if given is None else given

    def ask(
        self,
        question: str,
        history: History = (),
        documents: Iterable[str] | None = None,
        *,
        where: Where | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Answer:
        """The answer to a question; ``history`` holds the earlier turns of the conversation.

        These are turns, or messages with ``role`` and ``content``, whose last questions are then
        asked again.

        ``documents`` limits the search to documents with these ids, ``where`` to those with such
        metadata (`index.storage.conditions`); ``since`` and ``until`` (YYYY, YYYY-MM, YYYY-MM-DD or
        31/05/2024, both included) to those with a date of their own between them. A question that
        is a phrase in quotation marks is answered with every mention of it.

        Raises QuestionError for a question that cannot be searched for, InputError for a history
        or ids of a wrong type, and for what is no date.
        """
        trace = self.trace(question, history, documents, where=where, since=since, until=until)
        return trace.answer

    def trace(
        self,
        question: str,
        history: History = (),
        documents: Iterable[str] | None = None,
        *,
        where: Where | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Trace:
        """The answer with all that led to it; raises what `ask` does."""
        documents = self.retriever.within(documents, where=where)
        return _last(self._answer(question, history, documents, dates_of(since, until)))

    def stream(
        self,
        question: str,
        history: History = (),
        documents: Iterable[str] | None = None,
        *,
        where: Where | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Iterator[Answer]:
        """The answer as it grows: first the hits, then the citations one by one.

        Each snapshot has the citations of the one before; the last one is what `ask` returns.
        """
        documents = self.retriever.within(documents, where=where)
        yield from self._answer(question, history, documents, dates_of(since, until))

    async def aask(
        self,
        question: str,
        history: History = (),
        documents: Iterable[str] | None = None,
        *,
        where: Where | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> Answer:
        """What `ask` gives, without keeping the event loop waiting; raises what it raises."""
        ask = partial(self.ask, where=where, since=since, until=until)
        return await asyncio.to_thread(ask, question, history, documents)

    async def astream(
        self,
        question: str,
        history: History = (),
        documents: Iterable[str] | None = None,
        *,
        where: Where | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> AsyncGenerator[Answer]:
        """What `stream` gives, without keeping the event loop waiting; raises what it raises."""
        snapshots = self.stream(question, history, documents, where=where, since=since, until=until)
        try:
            while answer := await asyncio.to_thread(next, snapshots, None):
                yield answer
        finally:
            if isinstance(snapshots, Generator):
                with suppress(ValueError):  # its thread is still at work, and ends by itself
                    snapshots.close()

    def warm_up(self) -> None:
        """Load all that the first answer needs; raises what an answer raises."""
        self.retriever.warm_up()
        for _ in self.stream(_FIRST):
            pass

    def _answer(
        self,
        question: str,
        history: History,
        documents: Iterable[str] | None,
        dates: Dates,
    ) -> Snapshots:
        return (yield from self._quoted(question, history, documents, dates))

    def _quoted(
        self,
        question: str,
        history: History,
        documents: Iterable[str] | None,
        dates: Dates,
    ) -> Snapshots:
        """The answer that quotes the documents."""
        documents = None if documents is None else ids_in(documents)

        def asked_again(asked: str, before: Sequence[Turn]) -> Answer:
            return _last(self._quoted(asked, before, documents, dates)).answer

        turns = turns_of(history, asked_again)
        if found := self._mentioned(question, turns, documents, dates):
            yield found
            return Trace(found, (), self.min_confidence)
        question = check_question(question)
        # A follow-up leans on what was asked of the documents, not on a greeting in between.
        turns = [turn for turn in turns if turn.answer.citations or not turn.answer.found]
        if dates:
            within, undated = dates.within(self.retriever.index, documents)
            snapshots = self._within(question, turns, within)
            return (yield from dated(snapshots, documents, dates, undated))
        return (yield from self._within(question, turns, documents))

    def _mentioned(
        self,
        question: str,
        history: Sequence[Turn],
        documents: Sequence[str] | None,
        dates: Dates,
    ) -> Answer | None:
        """Where a phrase stands that is all that was asked, in quotation marks."""
        phrase = phrase_of(question_of(question))
        if phrase is None:
            return None
        found = find_mentions(self.retriever.index, phrase, documents, dates, SHOWN, EACH)
        if not found.total and phrase.endswith("?"):
            return None  # a question that was pasted with its quotation marks
        known = Query(phrase).language or (history[-1].answer.language if history else None)
        return answer_of(found, question, "en" if known == "en" else "es")

    def _within(
        self, question: str, history: Sequence[Turn], documents: Sequence[str] | None
    ) -> Snapshots:
        """The answer of all documents, or those of the limit."""
        if named := named_in(self.retriever.names, question, history, documents):
            return (yield from self._of_named(question, named, history, documents))
        return (yield from self._asked(question, history, documents))

    def _of_named(
        self,
        question: str,
        named: Named,
        history: Sequence[Turn],
        documents: Sequence[str] | None,
    ) -> Snapshots:
        """The answer of the documents that a question names, and of no other."""
        if history and named.question == asked_before(history[-1]):
            history = ()  # it is in full already
        if not named.documents:
            trace = _last(self._asked(question, history, documents))
            if not spoken_of(named, trace.answer):
                limited = documents is not None
                trace = replace(
                    trace, answer=without_document(named, trace.answer, limited=limited)
                )
            yield trace.answer
            return trace
        if asks_for_beginning(named.question):
            language = Query(question).language or "es"
            snapshots = self._reply(question, Intent.SUMMARY, language, (), named.documents)
        else:
            snapshots = self._asked(named.question, history, named.documents)
        return (yield from of_named(snapshots, question, named, NOTHING.values()))

    def _asked(
        self, question: str, history: Sequence[Turn], documents: Sequence[str] | None
    ) -> Snapshots:
        """The answer to a question whose documents are known."""
        if told := about_itself(self.retriever, question, documents):
            language = Query(question).language
            answer = Answer(
                question,
                question,
                True,
                "",
                1.0,
                language=language if language in NOTHING else "es",
            )
            answer = yield from grow(answer, told, self._settings, compare=False)
            return Trace(answer, (), self.min_confidence)
        if recognised := recognise(question):
            intent, language = recognised
            if not (history and intent is Intent.SUMMARY_OF_THIS):
                return (yield from self._reply(question, intent, language, history, documents))
        query = Query(question)
        if not recognised and (wanted := self._intent(query, history)):
            # What the documents answer is a question all the same.
            trace = _last(self._one(query, history, documents))
            if not trace.answer.found:
                language = history[-1].answer.language if history else query.language or "es"
                return (yield from self._reply(question, wanted, language, history, documents))
            yield trace.answer
            return trace
        if parts := split_questions(question, query.language):
            both = self._both(question, parts, history, documents)
            if both:
                snapshots, trace = both
                yield from snapshots
                return trace
        return (yield from self._one(query, history, documents))

    def _intent(self, query: Query, history: Sequence[Turn]) -> Intent | None:
        """The intent of a message that no row knows, by its vector."""
        intent = intent_by_vector(query, self.retriever.index.model, follows=bool(history))
        return None if history and intent is Intent.SUMMARY_OF_THIS else intent

    def _reply(
        self,
        question: str,
        intent: Intent,
        language: str,
        history: Sequence[Turn],
        documents: Sequence[str] | None,
    ) -> Snapshots:
        """What needs no search; a document is summed up by its beginning, and that is said."""
        if intent is Intent.REPEAT and history:
            answer = replace(history[-1].answer, question=question)
            yield answer
            return Trace(answer, (), self.min_confidence)
        language = language if language in NOTHING else "es"
        answer = Answer(question, question, True, "", 1.0, language=language)
        summary = intent in {Intent.SUMMARY, Intent.SUMMARY_OF_THIS}
        subjects = chosen(self.retriever, documents) if summary else []
        quotes = beginning(self.retriever, subjects)
        if not quotes:
            answer = replace(answer, text=reply(intent, language, self.retriever, documents))
            yield answer
        else:
            titles = ", ".join(subject.title or subject.id for subject in subjects)
            searched_for = f"{BEGINNING[language]}: {titles}"
            answer = replace(answer, searched_for=searched_for, topic=titles)
            answer = yield from grow(answer, Reading(quotes, 1.0), self._settings)
        return Trace(answer, (), self.min_confidence)

    def _one(
        self, asked: Query, history: Sequence[Turn], documents: Sequence[str] | None
    ) -> Snapshots:
        asking = Asking(
            self.retriever,
            self.reader,
            self.min_confidence,
            self._settings.hits,
            documents,
            history,
        )
        ways = interpretations(asked, history, self.retriever.index.model)
        left, search = asking.searched(ways)
        if search.hits:
            yield _unread(asked, left[0].query, search)
        step, answers = asking.likeliest(left, search)
        answer = _unread(asked, step.query, step.search)
        # The reader has looked closer than the search: what it would quote is nearest.
        quoted = (quote.hit for quote in step.reading.quotes)
        answer = replace(answer, hits=tuple(dict.fromkeys((*quoted, *answer.hits))))
        if answers:
            answer = yield from grow(answer, step.reading, self._settings)
        else:
            answer = _refused(answer, step.reading)
            answer = refuse(answer, step, asking, beyond=self._beyond_limit)
            yield answer
        return Trace(answer, (step,), self.min_confidence)

    def _both(
        self,
        question: str,
        parts: tuple[str, str],
        history: Sequence[Turn],
        documents: Sequence[str] | None,
    ) -> tuple[list[Answer], Trace] | None:
        """The answers to two questions as one; None when they are better asked together."""
        first = _last(self._one(Query(parts[0]), history, documents))
        then = [*history, Turn(parts[0], first.answer)]
        second = _last(self._one(Query(parts[1]), then, documents))
        snapshots = joined(question, (first.answer, second.answer), self._settings)
        if not snapshots:
            return None
        steps = (*first.steps, *second.steps)
        return snapshots, Trace(snapshots[-1], steps, self.min_confidence)


def _last(snapshots: Snapshots) -> Trace:
    """What led to an answer, once it has grown to its end."""
    while True:
        try:
            next(snapshots)
        except StopIteration as end:
            trace: Trace = end.value
            return trace


def _unread(asked: Query, query: Query, search: Search) -> Answer:
    """What is known before anything is read: what was searched for, and what was found."""
    return Answer(
        question=asked.question,
        searched_for=_told(query, search),
        found=False,
        text="",
        confidence=0.0,
        hits=search.hits,
        language=query.language or "es",
        topic=query.topic,
    )


def _told(query: Query, search: Search) -> str:
    """What was searched for, as people are told; that an accent was missing is nothing to tell."""
    asked, searched = query.text, search.query.text
    return asked if fold(searched).strip("¿?") == fold(asked).strip("¿?") else searched


def _refused(answer: Answer, reading: Reading) -> Answer:
    """That the documents do not say, with what is closest."""
    # Who wrote a document is the last that anybody means by what is close.
    closest = sorted(answer.hits, key=lambda hit: hit.passage.role is Role.BYLINE)
    text = NOTHING[answer.language]
    return replace(answer, text=text, hits=tuple(closest), confidence=reading.confidence)
