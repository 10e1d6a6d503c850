"""Why a passage was not found: its rank and score in each stage from the search to the answer."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from index.errors import InputError
from index.storage.catalog import Origin
from index.text.paragraphs import paragraph_spans
from qa.search.retriever import CANDIDATES, cite, rank
from qa.types import Answer, Citation, Hit

if TYPE_CHECKING:
    from index.types import Candidate, Passage
    from qa.answering.assistant import Assistant
    from qa.search.retriever import Retriever

__all__ = ["Explanation", "Stage", "StageName", "Trace", "explain"]


class StageName(StrEnum):
    """The stages in their order."""

    DENSE = "dense"
    LEXICAL = "lexical"
    FUSION = "fusion"
    READER = "reader"
    THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True)
class Stage:
    """How a passage fared in one stage.

    ``rank`` (from 1) is None where the stage did not rank it; to pass it must be within ``limit``.
    At the threshold, ``score`` is the confidence and ``limit`` the least one, and there is no rank.
    """

    name: StageName
    rank: int | None
    score: float | None
    limit: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """An expected passage, its place in the document (offsets in characters) and its stages."""

    passage: "Passage"
    stages: tuple[Stage, ...]

    def stage(self, name: StageName) -> Stage:
        """The stage of that name."""
        return next(stage for stage in self.stages if stage.name is name)

    @property
    def lost(self) -> StageName | None:
        """The stage that it did not pass; None when the answer quotes it.

        Meaning or words suffice to bring a passage up, so one that neither does is lost in fusion.
        """
        if all(self.stage(name).passed for name in (StageName.READER, StageName.THRESHOLD)):
            return None
        last = (StageName.FUSION, StageName.READER, StageName.THRESHOLD)
        return next(name for name in last if not self.stage(name).passed)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of the expected passages, the one that came furthest first.

    ``paragraph`` is None when any of the document was expected. ``lost`` is the stage in which the
    first was lost, None when the answer quotes it, and ``sentence`` says so in words. ``found``
    says whether there was an answer, ``confidence`` how sure it was, ``min_confidence`` how sure it
    had to be.
    """

    question: str
    document: str
    paragraph: int | None
    traces: tuple[Trace, ...]
    lost: StageName | None
    sentence: str
    found: bool
    confidence: float
    min_confidence: float


def explain(
    assistant: "Assistant", question: str, document: str, paragraph: int | None = None
) -> Explanation:
    """Follow the passages of a document, or of one paragraph of it (from 1), through a question.

    Raises InputError for an unknown document or a paragraph that it does not have, and
    QuestionError for a question that cannot be searched for.
    """
    retriever = assistant.retriever
    expected = _expected(retriever, document, paragraph)
    answer = assistant.ask(question)
    asked, _ = retriever.find(answer.searched_for)  # without typing errors
    reading = assistant.reader.read(asked, answer.hits)
    read = tuple(cite(q.hit.passage, q.start, q.end, Origin(None, None)) for q in reading.quotes)
    view = _View(
        retriever.index.candidates(asked, max(1, retriever.index.counts().passages)),
        rank(asked, retriever.index.candidates(asked, CANDIDATES)),
        answer,
        # Below the threshold the answer holds no quotes, but the reader had them.
        answer.citations or read,
        {_where(citation): q.score for citation, q in zip(read, reading.quotes, strict=True)},
        assistant.min_confidence,
    )
    traces = tuple(sorted((view.trace(passage) for passage in expected), key=_remaining))
    lost = traces[0].lost
    return Explanation(
        answer.question,
        document,
        paragraph,
        traces,
        lost,
        _sentence(traces[0], view),
        answer.found,
        answer.confidence,
        assistant.min_confidence,
    )


@dataclass(frozen=True, slots=True)
class _View:
    """What every stage made of one question."""

    every: Sequence["Candidate"]  # each passage that can be compared, unranked
    fused: Sequence[tuple["Candidate", float]]  # best first
    answer: Answer
    quotes: Sequence[Citation]  # best first
    scores: Mapping[tuple[str, int], float]  # the reader's, by where a quote begins
    min_confidence: float

    def trace(self, passage: "Passage") -> Trace:
        """The passage through the stages."""
        hits, quotes = self.answer.hits, self.quotes
        place = _place(passage, [candidate.passage for candidate, _ in self.fused])
        read = _place(passage, [hit.passage for hit in hits])
        quoted = next((n for n, quote in enumerate(quotes, 1) if _holds(passage, quote)), None)
        fused = self.fused[place - 1][1] if place else None
        worth = self.scores.get(_where(quotes[quoted - 1])) if quoted else None
        stages = (
            *self._searches(passage),
            Stage(StageName.FUSION, place, fused, len(hits), read is not None),
            Stage(StageName.READER, quoted, worth, len(quotes), quoted is not None),
            Stage(
                StageName.THRESHOLD,
                None,
                self.answer.confidence,
                self.min_confidence,
                self.answer.found,
            ),
        )
        return Trace(passage, stages)

    def _searches(self, passage: "Passage") -> list[Stage]:
        found = next((each for each in self.every if _same(each.passage, passage)), None)
        stages = []
        for name in (StageName.DENSE, StageName.LEXICAL):
            score = getattr(found, name) if found else None
            score = None if score is None or math.isnan(score) else score
            place = None
            if score is not None:
                others = (getattr(each, name) for each in self.every)
                place = 1 + sum(other is not None and other > score for other in others)
            passed = place is not None and place <= CANDIDATES
            stages.append(Stage(name, place, score, CANDIDATES, passed))
        return stages

    def twin(self, passage: "Passage") -> Hit | None:
        """A passage of the same words that was read in its place: each text is found once."""
        return next((hit for hit in self.answer.hits if hit.passage.words == passage.words), None)


def _expected(retriever: "Retriever", document: str, paragraph: int | None) -> Sequence["Passage"]:
    """The passages of the document, or those that hold a part of the paragraph."""
    if not retriever.index.counts().documents:
        raise InputError("The index holds no documents: run qa index first.")
    passages = retriever.index.passages_of(document)
    if paragraph is None:
        return passages
    total = len(paragraph_spans(retriever.document(document).text))
    if not 1 <= paragraph <= total:
        raise InputError(
            f"{document} has paragraphs 1 to {total}: there is none numbered {paragraph}."
        )
    chosen = [
        p for p in passages if p.paragraph <= paragraph <= p.paragraph + len(p.paragraph_breaks)
    ]
    if not chosen:
        raise InputError(
            f"Paragraph {paragraph} of {document} is not searched: name the one after it."
        )
    return chosen


def _place(passage: "Passage", among: Sequence["Passage"]) -> int | None:
    """Where the passage stands, from 1."""
    return next((place for place, other in enumerate(among, 1) if _same(passage, other)), None)


def _same(one: "Passage", other: "Passage") -> bool:
    return (one.document_id, one.start) == (other.document_id, other.start)


def _holds(passage: "Passage", quote: Citation) -> bool:
    return passage.document_id == quote.document_id and passage.start <= quote.start < passage.end


def _where(quote: Citation) -> tuple[str, int]:
    return quote.document_id, quote.start


def _remaining(trace: Trace) -> tuple[int, float, float, int]:
    """Sorts passages: the one that came furthest, and there the best ranked, first."""
    order = [None, *reversed(StageName)]
    never = float("inf")
    fusion, dense = trace.stage(StageName.FUSION).rank, trace.stage(StageName.DENSE).rank
    return order.index(trace.lost), fusion or never, dense or never, trace.passage.start


def _sentence(trace: Trace, view: _View) -> str:
    quote, fusion = trace.stage(StageName.READER), trace.stage(StageName.FUSION)
    if trace.lost is None:
        return f"It was found: the answer quotes it, number {quote.rank} of {quote.limit:.0f}."
    if trace.lost is StageName.THRESHOLD:
        end = trace.stage(StageName.THRESHOLD)
        return (
            f"It was quoted, but the confidence {end.score:.2f} is below {end.limit:.2f}, so there "
            "was no answer."
        )
    if trace.lost is StageName.READER:
        others = "no passage at all" if not view.quotes else f"only {_quoted(view.quotes)}"
        return f"It was found, {_nth(fusion.rank)} of the passages, but the reader quoted {others}."
    if not view.answer.hits:
        return "The question was answered without a search, so no passage was looked for."
    if twin := view.twin(trace.passage):
        place = f"{twin.document_id}, paragraph {twin.citation.paragraph}"
        return f"Its very words were found in {place}: each text is shown once."
    return f"{_searched(trace)}; {_fused(fusion)}."


def _searched(trace: Trace) -> str:
    """How meaning and words ranked it."""
    dense, lexical = trace.stage(StageName.DENSE), trace.stage(StageName.LEXICAL)
    meaning = f"its meaning ranked {_nth(dense.rank)}" if dense.rank else "its meaning is not known"
    words = (
        f"BM25 ranked its words {_nth(lexical.rank)}"
        if lexical.rank
        else "it shares no word with the question"
    )
    text = f"{meaning} and {words}" if dense.passed == lexical.passed else f"{meaning}, but {words}"
    return text[0].upper() + text[1:]


def _fused(fusion: Stage) -> str:
    if fusion.rank is None:
        return f"both are outside the {CANDIDATES} candidates, so it was lost before ranking"
    return (
        f"together that made it {_nth(fusion.rank)}, after the {int(fusion.limit)} passages that "
        "are read"
    )


def _quoted(quotes: Sequence[Citation]) -> str:
    places = dict.fromkeys(f"{quote.document_id}, paragraph {quote.paragraph}" for quote in quotes)
    return " and ".join(places)


def _nth(number: int | None) -> str:
    if not number:
        return "nowhere"
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
