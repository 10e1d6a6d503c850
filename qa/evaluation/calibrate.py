"""The threshold that keeps wrong answers to a person's own questions under a share.

An answer is wrong where none of its quotes holds a known answer; so is every answer to a question
that the documents do not answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from index.errors import IndexStateError, InputError
from qa.answering.assistant import Assistant
from qa.calibration.binomial import answers_needed, upper_bound
from qa.calibration.stored import StoredThreshold
from qa.calibration.threshold import Choice, Level, choose
from qa.evaluation.dataset import Questions
from qa.evaluation.evaluate import asked, check
from qa.evaluation.results import Result
from qa.readers import Reader
from qa.search.retriever import Retriever

__all__ = ["Calibrated", "calibrate"]

_TOO_FEW = (
    "At most {share:g} % wrong with {confidence:g} % confidence need at least {needed} answers "
    "without a wrong one ({more} with one), and {few}: add questions, or allow more with --wrong."
)


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What was asked for, the choice, and what it comes to on the questions.

    ``share`` and ``confidence`` are what was asked for, ``own`` is the reader's own threshold,
    ``found`` what is to be stored with the index, None where no threshold keeps the promise.
    ``answerable`` counts the questions with a known answer, ``unanswerable`` the others, and
    ``*_answered`` those of them that are answered from the chosen threshold on, or from the one
    that failed where none was chosen.
    """

    share: float
    confidence: float
    choice: Choice
    found: StoredThreshold | None
    own: float
    answerable: int
    answerable_answered: int
    unanswerable: int
    unanswerable_answered: int

    @property
    def unanswerable_bound(self) -> float:
        """The Clopper-Pearson bound on the share of such questions that are answered."""
        return upper_bound(self.unanswerable_answered, self.unanswerable, self.confidence)


def calibrate(
    sets: Questions,
    retriever: Retriever,
    *,
    reader: Reader | str | None = None,
    share: float = 0.05,
    confidence: float = 0.95,
) -> Calibrated:
    """Ask every question, and choose; nothing is stored.

    Raises InputError for questions that bring their own paragraphs, are ratings, are too few, or
    are about a document that is not there, and for a share or a confidence that is not between 0
    and 1; IndexStateError where the index is searched by words alone.
    """
    _between("share of wrong answers", share)
    _between("confidence", confidence)
    _usable(sets)
    number = len(sets.questions)
    _require(number, share, confidence, f"there are {number} questions")
    check(sets.questions, retriever)
    if retriever.warning:
        raise IndexStateError(retriever.warning)
    assistant = Assistant(retriever, reader=reader, min_confidence=0.0)
    results = [asked(assistant, Result(question, None), 0.0) for question in sets.questions]
    quoted = [result for result in results if result.quotes]
    _require(len(quoted), share, confidence, f"for {len(quoted)} questions anything is quoted")
    cases = [(result.confidence or 0.0, result.held) for result in quoted]
    choice = choose(cases, share, confidence)
    used, found = assistant.reader, None
    if choice.chosen:
        found = _to_store(choice.chosen, number, share, confidence, retriever, used)
    counts = _counts(results, choice)
    return Calibrated(share, confidence, choice, found, used.min_confidence, *counts)


def _usable(sets: Questions) -> None:
    if sets.paragraphs:
        raise InputError(
            "The questions bring paragraphs of their own: to calibrate, give questions about the "
            "documents of your index."
        )
    if sets.wrong is not None:
        raise InputError(
            "Ratings are only of answers that were sure enough to be given: to calibrate, give "
            "questions of your own, those that the documents do not answer among them."
        )


def _between(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise InputError(f"The {name} lies between 0 and 1, like 0.05 or 0.95, not {value:g}.")


def _to_store(
    level: Level,
    questions: int,
    share: float,
    confidence: float,
    retriever: Retriever,
    reader: Reader,
) -> StoredThreshold:
    return StoredThreshold(
        threshold=level.threshold,
        share=share,
        confidence=confidence,
        questions=questions,
        answers=level.answers,
        wrong=level.wrong,
        bound=level.bound,
        date=datetime.now(UTC).date().isoformat(),
        reader=reader.identity,
        model=retriever.index.identity,
        generation=retriever.index.generation,
    )


def _require(answers: int, share: float, confidence: float, few: str) -> None:
    """Raise InputError where even if all were right there would be too few answers."""
    needed = answers_needed(share, confidence)
    if answers < needed:
        raise InputError(
            _TOO_FEW.format(
                share=100 * share,
                confidence=100 * confidence,
                needed=needed,
                more=answers_needed(share, confidence, 1),
                few=few,
            )
        )


def _counts(results: Sequence[Result], choice: Choice) -> tuple[int, int, int, int]:
    """Questions with an answer, those of them answered; and the same of those without."""
    level = choice.chosen or choice.failed
    least = level.threshold if level else 1.0
    counts = []
    for answerable in (True, False):
        kind = [result for result in results if bool(result.question.answers) is answerable]
        answered = [r for r in kind if r.quotes and (r.confidence or 0.0) >= least]
        counts += [len(kind), len(answered)]
    return counts[0], counts[1], counts[2], counts[3]
