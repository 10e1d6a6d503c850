"""How long a person waits for an answer: over 10,000 passages, to the first thing shown and to all.

The passages are real ones: paragraphs of Wikipedia, laws, transcripts. Run it with nothing else
running.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import measure, pools
from benchmarks.figures import Figure
from qa import Assistant, Retriever

__all__ = ["Waited", "figures", "measured", "spread"]

ASKED, WARM = 100, 5
SETS = ("xquad-es", "mlqa-es", "mlqa-en-es")
GROUP = "time, ms"


@dataclass(frozen=True, slots=True)
class Waited:
    """Milliseconds from the question to what is shown: None where that never came.

    ``first`` is the first hits or citation, ``cited`` the first citation, ``whole`` the end.
    """

    first: float | None
    cited: float | None
    whole: float


def measured(
    data: Path, work: Path, passages: int, assistant: Callable[[Retriever], Assistant]
) -> list[Figure]:
    """The figures of 100 questions, two thirds of them in the passages' language or more."""
    asked = [each.text for name in SETS for each in pools.read(name, data).questions]
    with pools.large(data, work, passages) as retriever:
        made = assistant(retriever)
        for question in spread(asked, WARM):
            made.ask(question)  # what is loaded when it is first used does not count
        waited = [clock(made, question) for question in spread(asked, ASKED)]
        held = sum(info.passages for info in retriever.documents())
    return figures(f"{held:,} passages", waited)


def clock(assistant: Assistant, question: str) -> Waited:
    """Ask a question, and note when each thing is shown."""
    first = cited = None
    started = perf_counter()
    for answer in assistant.stream(question):
        now = 1000 * (perf_counter() - started)
        if first is None and (answer.hits or answer.citations):
            first = now
        if cited is None and answer.citations:
            cited = now
    return Waited(first, cited, 1000 * (perf_counter() - started))


def figures(name: str, waited: Sequence[Waited]) -> list[Figure]:
    """The middle wait, and that which only one in twenty exceeds."""
    shown: dict[str, list[Any]] = {
        "first shown": [each.first for each in waited],
        "first citation": [each.cited for each in waited],
        "whole answer": [each.whole for each in waited],
    }
    found = []
    for what, values in shown.items():
        known = [value for value in values if value is not None]
        for share in (50, 95):
            value = measure.percentile(known, share) if known else None
            found.append(Figure(GROUP, name, f"{what}, p{share}", value))
    return found


def spread(items: Sequence[str], count: int) -> list[str]:
    """So many of the items, evenly apart; all where there are no more."""
    count = min(count, len(items))
    return [items[place * len(items) // count] for place in range(count)]
