"""The logistic models that tell whether a value or name belongs where a sentence puts it.

``python -m training.verification`` fits them and writes `fitted.json`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from qa.asked.values import folded
from qa.readers import Calibration
from qa.search.span_model import SpanModel
from qa.writing.checking.contests import Thing, local_features, read_features
from qa.writing.checking.sources import Source

__all__ = ["FILE", "Fitted", "Model", "fitted"]

_ACROSS = 2.0  # points of the margin by which a rival must be ahead across languages: by choice
FILE = Path(__file__).with_name("fitted.json")


@dataclass(frozen=True, slots=True)
class Model:
    """Those of values, or of names.

    ``local`` is of the words around a thing. Between ``low`` and ``high``, probabilities, it does
    not settle it, and ``read`` is asked, of the same and what the reading model says: from
    ``least`` on the thing belongs there.
    """

    local: Calibration
    read: Calibration
    low: float
    high: float
    least: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """The models of values and of names."""

    values: Model
    names: Model

    def belongs(
        self,
        thing: Thing,
        sentence: Source,
        passage: Source,
        judge: SpanModel,
        question: str,
        asked_doubt: float,
    ) -> bool:
        """Whether a passage says the same of a thing as the sentence.

        What the question has, too, is less of a claim: ``asked_doubt`` of the bounds is enough.
        """
        if sentence.language != passage.language:  # they share no words around it
            ahead = read_features(thing, sentence, passage, judge)[1]
            return ahead > -_ACROSS
        model = self.names if thing.is_name else self.values
        words = folded(sentence.text[thing.start : thing.end])
        share = asked_doubt if words in folded(question) else 1.0
        local = local_features(thing, sentence, passage)
        probability = model.local.confidence(local)
        if not share * model.low <= probability <= model.high:
            return probability > model.high
        read = read_features(thing, sentence, passage, judge, question)
        return model.read.confidence((*local, *read)) >= share * model.least


@cache
def fitted() -> Fitted:
    """What was fitted."""
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return Fitted(_model(found["values"]), _model(found["names"]))


def _model(row: Mapping[str, Any]) -> Model:
    local, read = (
        Calibration(row[name]["bias"], tuple(row[name]["weights"])) for name in ("local", "read")
    )
    return Model(local, read, row["low"], row["high"], row["least"])
