"""Passages ranked by reading them: the reading model tells which of them answer.

All of them are read by the model's first layers, and those that then seem likeliest to their end.
Both give the logit of the same thing, that the passage answers, so both are added to the score of
the search with one weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.embedders import BUNDLED
from index.errors import ModelError
from qa.search.span_model import Begun, SpanModel
from qa.settings import SETTINGS, SpanSettings
from qa.types import Hit

__all__ = ["Opened", "likely", "load_model", "rerank"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A hit after the model's first layers; ``score`` is the search's with the gate's part."""

    hit: Hit
    begun: Begun
    score: float


def load_model(folder: Path = BUNDLED) -> SpanModel:
    """The reading model of a folder, loaded once a process; ModelError where there is none."""
    try:
        return SpanModel.load(folder)
    # The tokenizer's and the runtime's errors have no base of their own.
    except Exception as exc:
        raise ModelError(
            f"There is no reader in {folder}: "
            "give a folder that training.reader_questions export wrote."
        ) from exc


def likely(
    model: SpanModel, question: str, hits: Sequence[Hit], settings: SpanSettings = SETTINGS.spans
) -> list[Opened]:
    """The hits read by the first layers, the likeliest to answer first."""
    begun = model.begin(question, [hit.passage.indexed_text for hit in hits])
    opened = [
        Opened(hit, one, hit.score + settings.head_weight * one.gate)
        for hit, one in zip(hits, begun, strict=True)
    ]
    return sorted(opened, key=lambda one: -one.score)


def rerank(
    model: SpanModel, question: str, hits: Sequence[Hit], settings: SpanSettings = SETTINGS.spans
) -> list[Hit]:
    """The hits, best first by search and reading together, with that score."""
    opened = likely(model, question, hits, settings)
    first = opened[: settings.passages_read]
    read = model.finish([one.begun for one in first], [[] for _ in first])
    scores = [
        one.hit.score + settings.head_weight * made.head
        for one, made in zip(first, read, strict=True)
    ]
    scores += [one.score for one in opened[len(first) :]]
    ranked = [replace(one.hit, score=score) for one, score in zip(opened, scores, strict=True)]
    return sorted(ranked, key=lambda hit: -hit.score)
