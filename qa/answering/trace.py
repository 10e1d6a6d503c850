"""What happened to a question on its way to the answer, step by step."""

from collections.abc import Generator
from dataclasses import dataclass

from index.query import Query
from qa.readers import Reading
from qa.search.retriever import Search
from qa.types import Answer

__all__ = ["Snapshots", "Step", "Trace"]


@dataclass(frozen=True, slots=True)
class Step:
    """One question that was searched for: in full, what the search found, what the reader made.

    ``query`` is the question before its typing errors were mended; ``search`` has it after.
    """

    query: Query
    search: Search
    reading: Reading


@dataclass(frozen=True, slots=True)
class Trace:
    """An answer and the steps behind it.

    There is no step for what needs no search, as a greeting; two where a message asks two
    questions. Below ``min_confidence`` there is no answer.
    """

    answer: Answer
    steps: tuple[Step, ...]
    min_confidence: float


Snapshots = Generator[Answer, None, Trace]
"""The answer as it grows, and in the end what led to it."""
