"""Passages ranked by reading them: the reading model tells which of them answer."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.embedders import BUNDLED
from index.errors import ModelError
from qa.search.span_model import SpanModel
from qa.settings import SETTINGS, SpanSettings
from qa.types import Hit

__all__ = ["load_model", "rerank"]


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


def rerank(
    model: SpanModel, question: str, hits: Sequence[Hit], settings: SpanSettings = SETTINGS.spans
) -> list[Hit]:
    """The hits, best first by search and reading together, with that score."""
    read = model.read(question, [hit.passage.indexed_text for hit in hits], [[] for _ in hits])
    ranked = [
        replace(hit, score=hit.score + settings.head_weight * made.head)
        for hit, made in zip(hits, read, strict=True)
    ]
    return sorted(ranked, key=lambda hit: -hit.score)
