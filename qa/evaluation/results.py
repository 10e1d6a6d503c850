"""What became of each question of an evaluation, and the figures of answers and abstention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.calibration.stored import StoredThreshold
from qa.evaluation import metrics as measures
from qa.evaluation.dataset import Question

__all__ = ["Evaluation", "Result", "abstention", "answered", "calibration", "reliability"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question.

    ``place`` is the rank of the expected passage, from 1; None when it is not among the first
    ``Evaluation.depth``, or the question has no answer. ``quotes`` and ``confidence`` are what the
    assistant gives when it must answer, best quote first, and None when answers were not measured;
    ``answered`` says whether it would have.
    """

    question: Question
    place: int | None
    quotes: tuple[str, ...] | None = None
    short: str | None = None
    confidence: float | None = None
    answered: bool | None = None

    @property
    def held(self) -> bool:
        """Whether a quote holds a known answer."""
        return any(measures.holds(quote, self.question.answers) for quote in self.quotes or ())

    @property
    def held_first(self) -> bool:
        """Whether the best quote alone holds a known answer."""
        return any(
            measures.holds(quote, self.question.answers) for quote in (self.quotes or ())[:1]
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures by name (counts, and shares from 0 to 1), and what they are made of.

    ``depth``: the rank down to which expected passages were looked for; ``threshold``: the
    confidence from which questions are answered, and ``calibration`` where it is from, if it is
    not the reader's own.
    """

    figures: Mapping[str, float]
    results: tuple[Result, ...]
    k: int
    depth: int
    threshold: float
    calibration: StoredThreshold | None = None


def answered(results: Sequence[Result]) -> dict[str, float]:
    """How often the quotes hold a known answer, whether or not the threshold lets them pass."""
    answerable = [result for result in results if result.question.answers]
    shorts = [
        measures.token_f1(result.short, result.question.answers)
        for result in answerable
        if result.short is not None
    ]
    figures: dict[str, list[float]] = {
        "answer in quotes": [result.held for result in answerable],
        "answer in best quote": [result.held_first for result in answerable],
        "short answer f1": shorts,
    }
    return {name: sum(values) / len(values) for name, values in figures.items() if values}


def abstention(results: Sequence[Result]) -> dict[str, float]:
    """How well the confidence tells questions that the documents answer from those they do not."""
    kinds = {
        "answerable answered": [
            bool(result.answered) for result in results if result.question.answers
        ],
        "unanswerable answered": [
            bool(result.answered) for result in results if not result.question.answers
        ],
    }
    figures = {name: sum(values) / len(values) for name, values in kinds.items() if values}
    if len(figures) == len(kinds):
        sure = [(result.confidence or 0.0, bool(result.question.answers)) for result in results]
        figures["abstention auroc"] = measures.auroc(
            [confidence for confidence, answerable in sure if answerable],
            [confidence for confidence, answerable in sure if not answerable],
        )
    return figures


def reliability(results: Sequence[Result]) -> list[measures.Bin]:
    """The questions for which anything is quoted, by confidence: how many quotes answer rightly.

    They count whether or not the threshold lets them pass. The bins of a reliability diagram, as
    M. H. DeGroot and S. E. Fienberg draw it in "The comparison and evaluation of forecasters",
    The Statistician 32, 1983.
    """
    quoted = [result for result in results if result.quotes]
    sure = [result.confidence or 0.0 for result in quoted]
    return measures.bins(sure, [result.held for result in quoted])


def calibration(results: Sequence[Result]) -> dict[str, float]:
    """How far confidence is from the share that is right; nothing where nothing is quoted."""
    bins = reliability(results)
    return {"calibration error": measures.calibration_error(bins)} if bins else {}
