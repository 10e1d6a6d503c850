"""The reading model: whether a passage answers a question, and the very words that do.

It reads ``query: QUESTION`` and ``passage: PASSAGE`` as one sequence, in two parts. After the first
layers it gives a passage's *gate*, a logit that it answers: what is worth reading to its end. The
other layers give each token two scores, of being the first and of being the last of the answer;
the first token of all stands for "no answer here", and how far a span beats it is its margin. A
third score, at the first token, is the *head*: again a logit that the passage answers, now of the
whole model. ``python -m training.reader_questions`` makes the model, two int8 ONNX files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedders.encoder import INPUT, Graph

__all__ = ["ANSWER", "LOWER", "STRIDE", "UPPER", "WINDOW", "Begun", "Graphs", "Read", "Span"]
__all__ += ["SpanModel", "Stages", "best_ends"]

LOWER, UPPER = "reader-lower.onnx", "reader-upper.onnx"
QUERY, PASSAGE = "query: ", "passage: "
WINDOW, STRIDE = 384, 128  # tokens of a sequence, and those that two windows of a passage share
QUESTION, ASKED = 300, 128  # characters, and tokens, of a question that are read
ANSWER = 96  # tokens of an answer at most

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Offsets = tuple[int, int]


class Stages(Protocol):
    """The two parts of a model."""

    def lower(self, rows: Sequence[Sequence[int]]) -> Sequence[tuple[Floats, float]]:
        """The ids of each sequence to its tokens' states, [tokens, hidden], and its gate."""

    def upper(self, states: Sequence[Floats]) -> Sequence[Floats]:
        """The states of each sequence to its tokens' scores, [tokens, 3]."""


class Graphs:
    """The two ONNX files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._lower = Graph(folder / LOWER, [(INPUT, 1)])
        self._upper = Graph(folder / UPPER, [("states", 2)])

    def lower(self, rows: Sequence[Sequence[int]]) -> list[tuple[Floats, float]]:
        """As `Stages` says."""
        made = self._lower.run([np.asarray(row, np.int64) for row in rows])
        return [(states, float(gate[0])) for states, gate in made]

    def upper(self, states: Sequence[Floats]) -> list[Floats]:
        """As `Stages` says."""
        return [logits for (logits,) in self._upper.run(states)]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a text: their offsets, and their margin over "no answer" (higher is surer)."""

    start: int
    end: int
    margin: float


@dataclass(frozen=True, slots=True)
class Begun:
    """A text after the first layers: its ``gate``, and what the others go on from."""

    text: str
    gate: float
    windows: tuple[tuple[Any, Floats], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Read:
    """A text that was read: the best span of each of its sentences, best first, and its ``head``.

    A sentence without words has no span.
    """

    spans: tuple[Span, ...]
    head: float


class SpanModel:
    """The trained model. Safe for threads."""

    def __init__(self, tokenizer: Any, stages: Stages) -> None:
        """``tokenizer`` is one of the tokenizers library; its truncation is set here."""
        self._tokenizer = tokenizer
        self._stages = stages
        tokenizer.no_padding()
        tokenizer.enable_truncation(WINDOW, stride=STRIDE, strategy="only_second")

    @classmethod
    def load(cls, folder: Path) -> "SpanModel":
        """The model of a folder, once a process; the libraries' errors pass."""
        return _loaded(folder)

    def begin(self, question: str, texts: Sequence[str]) -> list[Begun]:
        """Read the texts by the first layers, in the order given."""
        asked = self._cut(QUERY + question[:QUESTION])
        windows = []
        for text in texts:
            first = self._tokenizer.encode(asked, PASSAGE + text)
            windows.append((first, *first.overflowing))
        made = iter(self._stages.lower([one.ids for part in windows for one in part]))
        begun = []
        for text, part in zip(texts, windows, strict=True):
            states = [next(made) for _ in part]
            kept = tuple((window, state) for window, (state, _) in zip(part, states, strict=True))
            begun.append(Begun(text, max(gate for _, gate in states), kept))
        return begun

    def finish(self, begun: Sequence[Begun], sentences: Sequence[Sequence[Offsets]]) -> list[Read]:
        """Read them to their end; ``sentences`` are the offsets of each text's."""
        logits = iter(self._stages.upper([state for one in begun for _, state in one.windows]))
        found = []
        for one, bounds in zip(begun, sentences, strict=True):
            best: dict[Offsets, Span] = {}
            head = -np.inf
            for window, _ in one.windows:
                scored = next(logits)
                head = max(head, float(scored[0, 2]))
                for sentence, span in _spans(window, scored, one.text, bounds).items():
                    before = best.get(sentence)
                    if before is None or span.margin > before.margin:
                        best[sentence] = span
            found.append(Read(tuple(sorted(best.values(), key=lambda span: -span.margin)), head))
        return found

    def _cut(self, question: str) -> str:
        """As much of a question as leaves a window room for more than its overlap."""
        offsets = self._tokenizer.encode(question).offsets[:ASKED]
        return question[: max(end for _, end in offsets)]


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> SpanModel:
    from tokenizers import Tokenizer

    return SpanModel(Tokenizer.from_file(str(folder / "tokenizer.json")), Graphs(folder))


def best_ends(logits: Floats, most: int = ANSWER) -> tuple[Floats, Ints]:
    """For each token as the first of a span: the best span's score, and its last token.

    ``logits`` is [tokens, 2]; a span has at most ``most`` tokens.
    """
    start, end = logits.T
    padded = np.concatenate([end, np.full(most - 1, -np.inf, np.float32)])
    ends = np.lib.stride_tricks.sliding_window_view(padded, most)
    steps = ends.argmax(axis=1)
    places = np.arange(len(start))
    return start + end[places + steps], places + steps


def _spans(
    window: Any, logits: Floats, text: str, sentences: Sequence[Offsets]
) -> dict[Offsets, Span]:
    """The best span by sentence in one window, in characters of the text, without outer space."""
    inside = [
        place
        for place, (sequence, (_, end)) in enumerate(
            zip(window.sequence_ids, window.offsets, strict=True)
        )
        if sequence == 1 and end > len(PASSAGE)
    ]
    if not inside:
        return {}
    offsets = np.array(window.offsets[inside[0] : inside[-1] + 1]) - len(PASSAGE)
    starts, stops = np.maximum(offsets[:, 0], 0), offsets[:, 1]
    scored = logits[inside[0] : inside[-1] + 1, :2]
    nothing = float(logits[0, :2].sum())
    spans = {}
    for low, high in sentences:
        # A piece begins with the space before its word: it belongs where its letters are.
        first, after = np.searchsorted(stops, low, "right"), np.searchsorted(starts, high)
        if first >= after:
            continue
        scores, lasts = best_ends(scored[first:after])
        best = int(scores.argmax())
        start, end = int(starts[first + best]), int(stops[first + lasts[best]])
        words = text[start:end]
        start, end = end - len(words.lstrip()), start + len(words.rstrip())
        if start < end:
            spans[low, high] = Span(start, end, float(scores[best]) - nothing)
    return spans
