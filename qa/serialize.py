"""The JSON of the command line (``--json``) and of HTTP (``qa serve``): one form for both.

docs/json.md describes it and docs/json.schema.json pins it. Every function gives plain values
(dictionaries, lists, texts, numbers, booleans, None) that `json.dumps` takes as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from qa.reports import telling
from qa.types import Answer, Hit, Mentions

if TYPE_CHECKING:
    from index.storage.catalog import DocumentInfo
    from index.sync.health import Health
    from index.sync.sync import Report
    from index.sync.verify import Verification
    from qa.calibration.standing import Standing
    from qa.evaluation.calibrate import Calibrated
    from qa.evaluation.explain import Explanation, PassageStages, Stage
    from qa.reports.checking import CheckedReport

__all__ = [
    "answer_json",
    "calibration_json",
    "checked_report_json",
    "explanation_json",
    "figures_json",
    "hits_json",
    "mentions_json",
    "report_json",
    "status_json",
    "verification_json",
]

_PASSAGE = ("document_id", "page", "paragraph", "start", "end", "text")
_CALIBRATED = (
    "share",
    "confidence",
    "answerable",
    "answerable_answered",
    "unanswerable",
    "unanswerable_answered",
    "unanswerable_bound",
)
_EXPLANATION = (
    "question",
    "document",
    "paragraph",
    "found",
    "confidence",
    "min_confidence",
    "lost",
    "sentence",
)


def hits_json(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """The passages of a search, best first: ``qa search`` and ``/search``."""
    return [{"rank": rank, **hit.to_dict()} for rank, hit in enumerate(hits, 1)]


def answer_json(answer: Answer) -> dict[str, Any]:
    """An answer with its citations and notes: ``qa ask`` and ``/ask``."""
    return answer.to_dict()


def mentions_json(mentions: Mentions) -> dict[str, Any]:
    """Every mention of a phrase: ``qa find``."""
    return mentions.to_dict()


def report_json(report: "Report") -> dict[str, Any]:
    """What a sync did: ``qa index``."""
    return asdict(report)


def status_json(
    health: "Health",
    documents: Sequence["DocumentInfo"],
    answers: "Standing",
    *,
    index: str,
    model: str | None,
) -> dict[str, Any]:
    """The state of an index, its folder, its model and its documents: ``qa status``.

    ``documents`` takes the place of the number of that name in ``health``.
    """
    listed = [asdict(document) for document in documents]
    return asdict(health) | {
        "index": index,
        "model": model,
        "documents": listed,
        "min_confidence": answers.min_confidence,
        "calibration": answers.stored and asdict(answers.stored),
        "calibration_void": answers.void,
        "bounds": [asdict(bound) for bound in answers.bounds],
    }


def calibration_json(calibrated: "Calibrated", *, is_stored: bool) -> dict[str, Any]:
    """What a calibration came to: ``qa calibrate``.

    Where no threshold keeps the promise it is null, and the counts are of the one that failed.
    """
    choice = calibrated.choice
    level = choice.chosen or choice.failed
    counts = asdict(level) if level else {}
    return {
        **counts,
        "threshold": choice.chosen and choice.chosen.threshold,
        "stored": is_stored,
        "default": calibrated.own,
        **{name: getattr(calibrated, name) for name in _CALIBRATED},
    }


def verification_json(verification: "Verification") -> dict[str, Any]:
    """What was checked, and the problems as sentences: ``qa verify``."""
    return asdict(verification)


def checked_report_json(checked: "CheckedReport", *, report: str) -> dict[str, Any]:
    """Of each quote of a report whether it stands: ``qa verify-report``."""
    return {
        "report": report,
        "stands": checked.stands,
        "quotes": [
            {
                "number": check.number,
                "status": check.finding.status,
                "finding": check.finding,
                "sentence": telling.told(check, checked.language),
                "quote": check.quote.words,
                "header": check.quote.header,
                "cited": check.quote.reference and asdict(check.quote.reference),
                "place": check.place and asdict(check.place),
            }
            for check in checked.checks
        ],
    }


def figures_json(figures: Mapping[str, float]) -> dict[str, float]:
    """The figures of an evaluation by name: ``qa eval``."""
    return dict(figures)


def explanation_json(explanation: "Explanation") -> dict[str, Any]:
    """The expected passages and what each stage made of them: ``qa why``."""
    return {
        **{name: getattr(explanation, name) for name in _EXPLANATION},
        "calibration": explanation.calibration and asdict(explanation.calibration),
        "passages": [_stages(trace) for trace in explanation.traces],
        "refusal": explanation.refusal and explanation.refusal.to_dict(),
    }


def _stages(trace: "PassageStages") -> dict[str, Any]:
    return {
        **{name: getattr(trace.passage, name) for name in _PASSAGE},
        "lost": trace.lost,
        "stages": [_stage(stage) for stage in trace.stages],
    }


def _stage(stage: "Stage") -> dict[str, Any]:
    return {
        "stage": stage.name,
        "rank": stage.rank,
        "score": stage.score,
        "limit": stage.limit,
        "passed": stage.passed,
    }
