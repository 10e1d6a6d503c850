"""Why a passage was not found: its rank and score in each stage from the search to the answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from index.errors import InputError
from index.storage.catalog import Origin
from index.text.paragraphs import paragraph_spans
from qa.answering.trace import Step, Trace
from qa.calibration.stored import StoredThreshold, holding
from qa.search.citations import cite
from qa.types import Citation, Hit, Refusal

if TYPE_CHECKING:
    from index.types import Candidate, Passage
    from qa.answering.assistant import Assistant
    from qa.search.retriever import Retriever

__all__ = ["Explanation", "PassageStages", "Stage", "StageName", "explain"]


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
class PassageStages:
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
    had to be, and ``calibration`` where that is from, if `qa calibrate` found it. ``refusal``, in
    ``language``, is the answer's.
    """

    question: str
    document: str
    paragraph: int | None
    traces: tuple[PassageStages, ...]
    lost: StageName | None
    sentence: str
    found: bool
    confidence: float
    min_confidence: float
    calibration: StoredThreshold | None = None
    refusal: Refusal | None = None
    language: str = "es"


def explain(
    assistant: "Assistant", question: str, document: str, paragraph: int | None = None
) -> Explanation:
    """Follow the passages of a document, or of one paragraph of it (from 1), through a question.

    Raises InputError for an unknown document or a paragraph that it does not have, and
    QuestionError for a question that cannot be searched for.
    """
    retriever = assistant.retriever
    expected = _expected(retriever, document, paragraph)
    trace = assistant.trace(question)
    views = [_View(retriever, trace, step) for step in trace.steps] or [_View(retriever, trace)]
    # Of two questions in one message, the one for which a passage came further.
    fates = [
        min(
            ((view.stages_of(passage), view) for view in views),
            key=lambda fate: _remaining(fate[0]),
        )
        for passage in expected
    ]
    fates.sort(key=lambda fate: _remaining(fate[0]))
    first, view = fates[0]
    return Explanation(
        question=trace.answer.question,
        document=document,
        paragraph=paragraph,
        traces=tuple(stages for stages, _ in fates),
        lost=first.lost,
        sentence=_sentence(first, view),
        found=trace.answer.found,
        confidence=trace.answer.confidence,
        min_confidence=trace.min_confidence,
        calibration=_calibration(assistant),
        refusal=trace.answer.refusal,
        language=trace.answer.language,
    )


def _calibration(assistant: "Assistant") -> StoredThreshold | None:
    """What is stored with the index, unless the assistant was given another threshold."""
    found = holding(assistant.retriever.index, assistant.reader)
    return found if found and found.threshold == assistant.min_confidence else None


class _View:
    """What every stage made of one question: what the assistant did, and the ranks beyond it."""

    def __init__(self, retriever: "Retriever", trace: Trace, step: Step | None = None) -> None:
        """Without a ``step`` nothing was searched for."""
        self.trace = trace
        self.hits = step.search.hits if step else ()
        self.ranking = step.search.ranking if step else ()
        self.candidates = retriever.settings.search.candidates
        self.all_candidates: Sequence[Candidate] = ()
        if step:
            passages = retriever.index.counts().passages
            self.all_candidates = retriever.index.candidates(step.search.query, max(1, passages))
        quotes = step.reading.quotes if step else ()
        self.scores = {(quote.hit.document_id, quote.start): quote.score for quote in quotes}
        # Below the threshold the answer holds no quotes, but the reader had them.
        self.quotes = tuple(
            cite(quote.hit.passage, quote.start, quote.end, Origin(None, None)) for quote in quotes
        )
        self.confidence = step.reading.confidence if step else trace.answer.confidence
        if len(trace.steps) == 1:  # in order, and without copies
            self.quotes = trace.answer.citations or self.quotes

    def stages_of(self, passage: "Passage") -> PassageStages:
        """The passage through the stages."""
        place = _place(passage, [ranked.candidate.passage for ranked in self.ranking])
        hit = _place(passage, [hit.passage for hit in self.hits])
        quoted = next((n for n, quote in enumerate(self.quotes, 1) if _holds(passage, quote)), None)
        fused = self.ranking[place - 1].score if place else None
        score = self.scores.get(_where(self.quotes[quoted - 1])) if quoted else None
        least = self.trace.min_confidence
        answered = bool(self.quotes) and self.confidence >= least
        stages = (
            self._rank(passage, StageName.DENSE),
            self._rank(passage, StageName.LEXICAL),
            Stage(StageName.FUSION, place, fused, len(self.hits), hit is not None),
            Stage(StageName.READER, quoted, score, len(self.quotes), quoted is not None),
            Stage(StageName.THRESHOLD, None, self.confidence, least, answered),
        )
        return PassageStages(passage, stages)

    def _rank(self, passage: "Passage", name: StageName) -> Stage:
        """The passage in one of the two searches, among all passages."""
        candidate = next((c for c in self.all_candidates if _same(c.passage, passage)), None)
        score = _score(candidate, name) if candidate else None
        if score is None:
            return Stage(name, None, None, self.candidates, passed=False)
        scores = (_score(other, name) for other in self.all_candidates)
        rank = 1 + sum(other is not None and other > score for other in scores)
        return Stage(name, rank, score, self.candidates, rank <= self.candidates)

    def twin(self, passage: "Passage") -> Hit | None:
        """A passage of the same words that was read in its place: each text is found once."""
        return next((hit for hit in self.hits if hit.passage.words == passage.words), None)


def _score(candidate: "Candidate", name: StageName) -> float | None:
    """A candidate's score in one of the two searches; None where it has none."""
    score = candidate.dense if name is StageName.DENSE else candidate.lexical
    return None if score is None or math.isnan(score) else score


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


def _remaining(fate: PassageStages) -> tuple[int, float, float, int]:
    """Sorts passages: the one that came furthest, and there the best ranked, first."""
    order = [None, *reversed(StageName)]
    never = float("inf")
    fusion, dense = fate.stage(StageName.FUSION).rank, fate.stage(StageName.DENSE).rank
    return order.index(fate.lost), fusion or never, dense or never, fate.passage.start


def _sentence(fate: PassageStages, view: _View) -> str:
    quote, fusion = fate.stage(StageName.READER), fate.stage(StageName.FUSION)
    if fate.lost is None:
        return f"It was found: the answer quotes it, number {quote.rank} of {quote.limit:.0f}."
    if fate.lost is StageName.THRESHOLD:
        end = fate.stage(StageName.THRESHOLD)
        return (
            f"It was quoted, but the confidence {end.score:.2f} is below {end.limit:.2f}, so there "
            "was no answer."
        )
    if fate.lost is StageName.READER:
        others = "no passage at all" if not view.quotes else f"only {_quoted(view.quotes)}"
        return f"It was found, {_nth(fusion.rank)} of the passages, but the reader quoted {others}."
    if not view.hits:
        return "The question was answered without a search, so no passage was looked for."
    if twin := view.twin(fate.passage):
        place = f"{twin.document_id}, paragraph {twin.citation.paragraph}"
        return f"Its very words were found in {place}: each text is shown once."
    return f"{_searched(fate)}; {_fused(fusion, view.candidates)}."


def _searched(fate: PassageStages) -> str:
    """How meaning and words ranked it."""
    dense, lexical = fate.stage(StageName.DENSE), fate.stage(StageName.LEXICAL)
    meaning = f"its meaning ranked {_nth(dense.rank)}" if dense.rank else "its meaning is not known"
    words = (
        f"BM25 ranked its words {_nth(lexical.rank)}"
        if lexical.rank
        else "it shares no word with the question"
    )
    text = f"{meaning} and {words}" if dense.passed == lexical.passed else f"{meaning}, but {words}"
    return text[0].upper() + text[1:]


def _fused(fusion: Stage, candidates: int) -> str:
    if fusion.rank is None:
        return f"both are outside the {candidates} candidates, so it was lost before ranking"
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
