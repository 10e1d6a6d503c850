"""An assistant whose answers a language model writes, each sentence checked before it is shown."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from index.errors import InputError
from index.text.messages import describe
from qa.answering.assistant import Assistant, History
from qa.answering.trace import Snapshots, Trace
from qa.readers import Reader
from qa.search.dates import Dates
from qa.search.reranking import load_model
from qa.search.retriever import Retriever
from qa.settings import WritingSettings
from qa.types import Answer, Citation, Hit, Written
from qa.writing.checking import Checker
from qa.writing.drafts import drafts
from qa.writing.failures import ModelFailedError
from qa.writing.instructions import speaks_to_a_model
from qa.writing.notes import ASIDE, NO_SUPPORT, ORDERS, SILENT, note_of
from qa.writing.prompts import chosen, messages, says_nothing
from qa.writing.review import Form, Reviewed, Reviewer

__all__ = ["Model", "Writer", "assistant_of"]


class Model(Protocol):
    """What writes: `qa.writing.LanguageModel`, or anything that is asked as it is."""

    @property
    def name(self) -> str:
        """What it is called."""

    def write(self, messages: Sequence[dict[str, str]]) -> Iterator[str]:
        """The text, piece by piece; raises ModelFailedError where it is not whole."""


@dataclass
class _Text:
    """What stands of a text so far: its sentences with their numbers, and what they cite."""

    said: str = ""
    citations: list[Citation] = field(default_factory=list)
    shown: int = 0
    struck: list[str] = field(default_factory=list)

    def add(self, reviewed: Reviewed) -> None:
        """One more sentence, shown or struck; a repeated one is neither."""
        if reviewed.citations:
            numbers = sorted({self._number(citation) for citation in reviewed.citations})
            marks = "".join(f"[{number}]" for number in numbers)
            between = "\n" if reviewed.draft.is_item else " "
            self.said = f"{self.said}{between}{_marked(reviewed.draft.text, marks)}".strip()
            self.shown += 1
        elif reviewed.reason is not Form.REPEATED:
            self.struck.append(str(reviewed.reason))

    def _number(self, citation: Citation) -> int:
        for number, other in enumerate(self.citations, 1):
            same = other.document_id == citation.document_id
            if same and other.start <= citation.start and citation.end <= other.end:
                return number
        self.citations.append(citation)
        return len(self.citations)


class Writer(Assistant):
    """An `Assistant` whose answers are written by a language model from the passages found.

    First the quoted answer is found, as ever. A refusal stands as it is, and so does a reply that
    quotes nothing, a list of mentions, and documents that contradict each other: no model is asked.
    Else each sentence is shown once its passages support it, and cites the words that do. What they
    do not support is left out; where little remains, or the model fails, the quoted answer stands,
    with a note.
    """

    def __init__(
        self,
        retriever: Retriever,
        *,
        model: Model,
        reader: Reader | str | Path | None = None,
        min_confidence: float | None = None,
        beyond_limit: bool = False,
    ) -> None:
        """As `Assistant`; raises InputError for a model that cannot write."""
        super().__init__(
            retriever, reader=reader, min_confidence=min_confidence, beyond_limit=beyond_limit
        )
        if not callable(getattr(model, "write", None)):
            raise InputError(
                f"A writer needs a language model, not {describe(model)}: give a LanguageModel."
            )
        self.model = model
        self._judge = load_model()
        self._checker = Checker(self._judge, retriever.settings, embedder=retriever.index.model)
        self._writing: WritingSettings = retriever.settings.writing

    def _answer(
        self,
        question: str,
        history: History,
        documents: Any,
        dates: Dates,
    ) -> Snapshots:
        trace = yield from self._quoted(question, history, documents, dates)
        quoted = trace.answer
        if not _is_written(trace):
            return trace
        hits = [hit for hit in quoted.hits if not speaks_to_a_model(_all_of(hit))]
        if not _may_answer(quoted, hits):
            answer = _fallback(quoted, Written(self.model.name, fallback=ORDERS))
            yield answer
        else:
            answer = yield from self._write(trace, chosen(hits, self._writing))
        return replace(trace, answer=answer)

    def _write(self, trace: Trace, hits: list[Hit]) -> Generator[Answer, None, Answer]:
        """The answer as it is written; what it returns is the last one."""
        quoted = trace.answer
        yield replace(quoted, written=Written(self.model.name))
        text = _Text()
        fallback: str | None
        status = None
        try:
            for reviewed in self._reviewed(trace, hits):
                if reviewed is None:
                    fallback = SILENT
                    break
                shown = text.shown
                text.add(reviewed)
                if text.shown > shown:
                    yield _written(quoted, text, self.model.name)
            else:
                fallback = self._lack(text)
        except ModelFailedError as error:
            fallback, status = str(error.failure), error.status
        if fallback:
            struck = tuple(text.struck)
            answer = _fallback(quoted, Written(self.model.name, 0, struck, fallback), status)
        else:
            answer = _noted(_written(quoted, text, self.model.name), quoted.notes)
        yield answer
        return answer

    def _reviewed(self, trace: Trace, hits: list[Hit]) -> Iterator[Reviewed | None]:
        """The sentences, reviewed; None where the model says that there is no answer."""
        question, language = trace.answer.searched_for, trace.answer.language
        questions = list(dict.fromkeys((question, *(step.query.text for step in trace.steps))))
        reviewer = Reviewer(self._checker, self._judge, questions, hits, language, self._writing)
        pieces = self.model.write(messages(question, hits, language, self._writing))
        try:
            for draft in drafts(pieces, language):
                if says_nothing(draft.text):
                    yield None
                    return
                yield reviewer.review(draft)
        finally:
            if isinstance(pieces, Generator):  # who has left waits for nothing more
                pieces.close()

    def _lack(self, text: _Text) -> str | None:
        """Why what stands of a text is too little, if it is."""
        unsupported = sum(reason != Form.BESIDE for reason in text.struck)
        if text.shown and text.shown >= self._writing.least_share * (text.shown + unsupported):
            return None
        return NO_SUPPORT if unsupported else ASIDE


def assistant_of(retriever: Retriever, model: Model | None, **options: Any) -> Assistant:
    """An `Assistant`, or with a language model a `Writer`; both take the same ``options``."""
    return Writer(retriever, model=model, **options) if model else Assistant(retriever, **options)


def _is_written(trace: Trace) -> bool:
    """Whether a language model is asked: where a search found what answers, and it agrees."""
    answer = trace.answer
    found = answer.found and bool(answer.citations) and bool(answer.hits) and bool(trace.steps)
    return found and answer.mentions is None and not answer.disagree


def _all_of(hit: Hit) -> str:
    parts = (hit.citation.title or "", hit.passage.context, hit.passage.header, hit.text)
    return "\n".join(parts)


def _may_answer(quoted: Answer, hits: list[Hit]) -> bool:
    """Whether the passage that is quoted first is among those that the model may have."""
    first = quoted.citations[0]
    return any(
        hit.document_id == first.document_id
        and hit.citation.start <= first.start < hit.citation.end
        for hit in hits
    )


def _written(quoted: Answer, text: _Text, name: str) -> Answer:
    return replace(
        quoted,
        text=text.said,
        citations=tuple(text.citations),
        short=None,
        notes=(),
        written=Written(name, text.shown, tuple(text.struck)),
    )


def _fallback(quoted: Answer, written: Written, status: int | None = None) -> Answer:
    """The quoted answer, with a note that says why."""
    note = note_of(written, quoted.language, status) or ""
    text, notes = f"{quoted.text}\n{note}", (*quoted.notes, note)
    return replace(quoted, text=text, notes=notes, written=written)


def _noted(answer: Answer, notes: tuple[str, ...]) -> Answer:
    """The written answer with the notes of the quoted one, and how many sentences are gone."""
    note = note_of(answer.written, answer.language) if answer.written else None
    notes = (*notes, note) if note else notes
    return replace(answer, text="\n".join((answer.text, *notes)), notes=notes)


def _marked(sentence: str, marks: str) -> str:
    """The sentence with its marks before what ends it."""
    bare = sentence.rstrip(".…;:")
    end = sentence[len(bare) :][:1]
    return f"{bare} {marks}{end}" if end in {".", "…"} else f"{sentence} {marks}"
