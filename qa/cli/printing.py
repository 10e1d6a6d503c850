"""What the command line prints: tables and text for people, one JSON document for programs."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qa.types import Answer, Citation, Hit

if TYPE_CHECKING:
    from qa.evaluation.explain import Explanation, Stage

__all__ = [
    "answer",
    "answer_json",
    "as_document",
    "explanation",
    "explanation_json",
    "hits",
    "hits_json",
    "metrics",
    "say",
]

_SHOWN = 3  # expected passages of a document that get a table of their own


def hits(found: Sequence[Hit], *, as_json: bool = False) -> None:
    """The passages of a search, best first."""
    if as_json:
        as_document(hits_json(found))
        return
    for rank, hit in enumerate(found, 1):
        say(f"[{rank}] {_place(hit.citation)}  ({hit.score:.2f})", style="bold")
        say(f"{hit.text}\n")
    if not found:
        say("Nothing found.")


def answer(given: Answer, *, as_json: bool = False) -> None:
    """An answer with its citations, or that there is none and the closest passages."""
    if as_json:
        as_document(answer_json(given))
        return
    if given.searched_for != given.question:
        say(f"→ {given.searched_for}", style="dim")
    if given.short:
        say(given.short, style="bold")
    say(f"{given.text}\n")
    for number, citation in enumerate(given.citations, 1):
        say(f"[{number}] {_place(citation)}", style="dim")
    if not given.found and given.hits:
        closest = "The closest passages:" if given.language == "en" else "Lo más cercano:"
        say(closest, style="dim")
        for hit in given.hits[:3]:
            say(f"- {_short(hit.text)}  ({_place(hit.citation)})", style="dim")


def metrics(measured: Mapping[str, float], *, as_json: bool = False) -> None:
    """The figures of an evaluation."""
    if as_json:
        as_document(dict(measured))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("measure", "value")
    for name, value in measured.items():
        table.add_row(name, f"{value:,}" if isinstance(value, int) else f"{value:.4f}")
    Console().print(table)


def explanation(found: "Explanation", *, as_json: bool = False) -> None:
    """Where an expected passage was lost: the sentence, and a table of its stages."""
    if as_json:
        as_document(explanation_json(found))
        return
    from rich.console import Console
    from rich.table import Table

    say(f"{found.sentence}\n", style="bold")
    for trace in found.traces[:_SHOWN]:
        passage = trace.passage
        say(f"{passage.document_id}, ¶ {passage.paragraph}: {_short(passage.text)}")
        table = Table("stage", "rank", "score", "to pass", "passed")
        for stage in trace.stages:
            table.add_row(*_stage_row(stage))
        Console().print(table)
    if len(found.traces) > _SHOWN:
        say(f"and {len(found.traces) - _SHOWN} more passages: --json shows them all.", style="dim")


def explanation_json(found: "Explanation") -> dict[str, Any]:
    """An explanation as plain values.

    ``lost`` is the stage in which the first of ``passages`` was lost, or null; each of those has
    ``document_id``, ``page``, ``paragraph``, ``start``, ``end``, ``text``, ``lost`` and
    ``stages``: ``stage`` (dense, lexical, fusion, reader, threshold), ``rank``, ``score``,
    ``limit`` and ``passed``.
    """
    names = ("document_id", "page", "paragraph", "start", "end", "text")
    return {
        "question": found.question,
        "document": found.document,
        "paragraph": found.paragraph,
        "found": found.found,
        "confidence": found.confidence,
        "min_confidence": found.min_confidence,
        "lost": found.lost,
        "sentence": found.sentence,
        "passages": [
            {
                **{name: getattr(trace.passage, name) for name in names},
                "lost": trace.lost,
                "stages": [
                    {
                        "stage": stage.name,
                        "rank": stage.rank,
                        "score": stage.score,
                        "limit": stage.limit,
                        "passed": stage.passed,
                    }
                    for stage in trace.stages
                ],
            }
            for trace in found.traces
        ],
    }


def _stage_row(stage: "Stage") -> tuple[str, ...]:
    score = "-" if stage.score is None else f"{stage.score:.3f}"
    if stage.name == "threshold":
        return stage.name, "-", score, f"score ≥ {stage.limit:.2f}", _yes(stage.passed)
    rank = "-" if stage.rank is None else str(stage.rank)
    return stage.name, rank, score, f"rank ≤ {stage.limit:.0f}", _yes(stage.passed)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def hits_json(found: Sequence[Hit]) -> list[dict[str, Any]]:
    """Hits as plain values, in the form that README.md describes."""
    return [
        {
            "rank": rank,
            "score": hit.score,
            "document_id": hit.document_id,
            "text": hit.text,
            "citation": _citation(hit.citation),
        }
        for rank, hit in enumerate(found, 1)
    ]


def answer_json(given: Answer) -> dict[str, Any]:
    """An answer as plain values, in the form that README.md describes."""
    return {
        "question": given.question,
        "searched_for": given.searched_for,
        "found": given.found,
        "answer": given.text,
        "short": given.short,
        "confidence": given.confidence,
        "disagree": given.disagree,
        "citations": [
            {
                "number": number,
                **_citation(citation),
                "quote": citation.quote,
                "highlight": citation.highlight,
            }
            for number, citation in enumerate(given.citations, 1)
        ],
        "hits": hits_json(given.hits),
    }


def _citation(citation: Citation) -> dict[str, Any]:
    names = ("document_id", "source", "title", "date", "page", "paragraph", "start", "end", "hash")
    return {name: getattr(citation, name) for name in names}


def _place(citation: Citation) -> str:
    date = f", {citation.date}" if citation.date else ""
    page = f", p. {citation.page}" if citation.page else ""
    return f"{citation.document_id}{date}{page}, ¶ {citation.paragraph}"


def _short(text: str, length: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"


def as_document(value: object) -> None:
    """Print a value as one JSON document."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def say(text: str, *, style: str | None = None, error: bool = False) -> None:
    """Text as it is: no markup of ours in it is obeyed, no control character reaches a terminal."""
    from rich.console import Console
    from rich.text import Text

    clean = "".join(c for c in text if c.isprintable() or c in "\n\t")
    console = Console(stderr=error, highlight=False, soft_wrap=not sys.stdout.isatty())
    console.print(Text(clean, style=style or ""))
