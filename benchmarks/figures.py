"""What answers come to: pure functions of questions and the answers they got.

The answers are those of an assistant that must answer: abstention is judged by their confidence.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import eq

from index.text.sentences import sentence_spans
from qa import Answer, Citation
from qa.evaluation import metrics as measures
from qa.evaluation.evaluate import Question
from training.reader_score import exact_match, f1

__all__ = [
    "Case",
    "Figure",
    "abstention",
    "adversarial",
    "best_sentence",
    "quoted",
    "reranking",
    "short",
    "within",
]

QUOTED = 600  # characters that may be quoted


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the answer it got."""

    question: Question
    answer: Answer

    @property
    def cited(self) -> str | None:
        """The document cited first."""
        return next((each.document_id for each in self.answer.citations), None)

    @property
    def confidence(self) -> float:
        """How sure the answer is; 0 where nothing is quoted."""
        return self.answer.confidence if self.answer.citations else 0.0

    @property
    def held(self) -> bool:
        """Whether the quotes hold a golden answer."""
        quotes = within([each.quote for each in self.answer.citations])
        return any(measures.holds(quote, self.question.answers) for quote in quotes)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one set; None where it cannot be measured.

    ``target`` is the least it should be or, with ``at_most``, the most.
    """

    group: str
    set: str
    name: str
    value: float | None
    target: float | None = None
    at_most: bool = False

    @property
    def verdict(self) -> str:
        """Whether the target is met, or by how much it is missed."""
        if self.target is None:
            return ""
        if self.value is None:
            return "not measured"
        gap = self.value - self.target if self.at_most else self.target - self.value
        return "met" if gap <= 0 else f"missed by {shown(gap)}"


def shown(value: float | None) -> str:
    """Shares with four decimals, what is larger with one."""
    if value is None:
        return "-"
    return f"{value:.4f}" if value <= 1 else f"{value:,.1f}"


# What is quoted


def within(quotes: Iterable[str], limit: int = QUOTED) -> Iterator[str]:
    """The quotes, in order, up to so many characters in all; the last may be cut."""
    for quote in quotes:
        if limit <= 0:
            return
        yield quote[:limit]
        limit -= len(quote)


def best_sentence(citation: Citation, language: str) -> str:
    """The sentence that holds the marked words; the whole quote where no words are marked.

    Words that run over the end of a sentence have the sentences that they run over.
    """
    if citation.highlight is None:
        return citation.quote
    first, last = (offset - citation.start for offset in citation.highlight)
    held = [
        (start, end)
        for start, end in sentence_spans(citation.quote, language)
        if start < last and end > first
    ]
    return citation.quote[held[0][0] : held[-1][1]] if held else citation.quote


def quoted(name: str, cases: Sequence[Case], language: str) -> list[Figure]:
    """How often the quotes hold a golden answer, all of them and the best sentence alone."""
    firsts = [
        "".join(best_sentence(each, language) for each in case.answer.citations[:1])
        for case in cases
    ]
    held = [
        measures.holds(first, case.question.answers)
        for case, first in zip(cases, firsts, strict=True)
    ]
    lengths = [sum(len(each.quote) for each in case.answer.citations) for case in cases]
    return [
        Figure("quotes", name, "quotes hold the answer", _mean(case.held for case in cases)),
        Figure("quotes", name, "best sentence holds it", _mean(held)),
        Figure("quotes", name, "characters of it", _mean(map(len, firsts))),
        Figure("quotes", name, "characters quoted", _mean(lengths)),
        Figure("quotes", name, "most characters quoted", max(lengths, default=0)),
    ]


def short(group: str, name: str, cases: Sequence[Case]) -> list[Figure]:
    """Exact match and F1 of the exact words, over all questions; None from a reader without any."""
    given = [case.answer.short for case in cases]
    if not any(given):
        return [Figure(group, name, "short answer EM", None), Figure(group, name, F1, None)]
    pairs = [(words or "", case.question.answers) for words, case in zip(given, cases, strict=True)]
    return [
        Figure(group, name, "short answer EM", _mean(exact_match(*pair) for pair in pairs)),
        Figure(group, name, F1, _mean(f1(*pair) for pair in pairs)),
    ]


F1 = "short answer F1"


def reranking(name: str, cases: Sequence[Case], ranked: Sequence[Sequence[str]]) -> list[Figure]:
    """Recall at 1 of the search (its ``ranked`` documents), the hits and the first citation."""
    golden = [case.question.paragraph for case in cases]
    tops = {
        "search": [next(iter(ids), None) for ids in ranked],
        "hits of the answer": [
            next((hit.document_id for hit in case.answer.hits), None) for case in cases
        ],
        "first citation": [case.cited for case in cases],
    }
    found = [
        Figure("re-ranking", name, f"recall@1, {what}", _mean(map(eq, golden, of)))
        for what, of in tops.items()
    ]
    among = _mean(id in ids for id, ids in zip(golden, ranked, strict=True))
    return [*found, Figure("re-ranking", name, "recall@10, search", among)]


# When not to answer


def abstention(
    name: str, present: Sequence[Case], absent: Sequence[Case], threshold: float
) -> list[Figure]:
    """How well confidence tells questions with their passage from those without it.

    Calibration is that of "the passage is there", and then of "the quotes hold the answer", which
    without the passage counts as untrue whatever they hold.
    """
    group = "abstention"
    return [
        *_told(group, name, present, absent, threshold),
        Figure(group, name, "calibration error", _ece(present, absent, [True] * len(present))),
        Figure(
            group,
            name,
            "calibration error, of right answers",
            _ece(present, absent, [case.held for case in present]),
        ),
        Figure(group, name, "without, quotes hold it", _mean(case.held for case in absent)),
    ]


def adversarial(name: str, cases: Sequence[Case], threshold: float) -> list[Figure]:
    """How well confidence tells answerable questions from those written to look answerable."""
    present = [case for case in cases if case.question.answers]
    absent = [case for case in cases if not case.question.answers]
    return _told("abstention", name, present, absent, threshold)


def _told(
    group: str, name: str, present: Sequence[Case], absent: Sequence[Case], threshold: float
) -> list[Figure]:
    sure, unsure = ([case.confidence for case in cases] for cases in (present, absent))
    area = measures.auroc(sure, unsure) if sure and unsure else None
    return [
        Figure(group, name, "AUROC", area),
        Figure(group, name, "answerable answered", _mean(value >= threshold for value in sure)),
        Figure(group, name, "unanswerable answered", _mean(value >= threshold for value in unsure)),
    ]


def _ece(present: Sequence[Case], absent: Sequence[Case], true: Sequence[bool]) -> float | None:
    sure = [case.confidence for case in (*present, *absent)]
    if not sure:
        return None
    return measures.calibration_error(measures.bins(sure, [*true, *[False] * len(absent)]))


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None
