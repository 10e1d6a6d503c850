"""The reading model: whether a passage answers a question, and the very words that do.

It reads ``query: QUESTION`` and ``passage: PASSAGE`` as one sequence and gives each token two
scores, of being the first and of being the last of the answer; the first token of all stands for
"no answer here", and how far a span beats it is its margin. A third score, at the first token, is
the *head*: the logit that the passage answers. ``python -m training.reader_questions`` makes the
model, an int8 ONNX file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedders.encoder import INPUT, Graph

__all__ = ["ANSWER", "READER", "STRIDE", "WINDOW", "Read", "Run", "Span", "SpanModel", "best_ends"]
__all__ += ["graph"]

READER = "reader.onnx"
QUERY, PASSAGE = "query: ", "passage: "
WINDOW, STRIDE = 384, 128  # tokens of a sequence, and those that two windows of a passage share
QUESTION, ASKED = 300, 128  # characters, and tokens, of a question that are read
ANSWER = 96  # tokens of an answer at most

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Offsets = tuple[int, int]


Run = Callable[[Sequence[Sequence[int]]], Sequence[Floats]]
"""The ids of each sequence to its tokens' scores, [tokens, 3]."""


def graph(folder: Path) -> Run:
    """The ONNX file of a folder."""
    loaded = Graph(folder / READER, [(INPUT, 1)])

    def run(rows: Sequence[Sequence[int]]) -> list[Floats]:
        return [logits for (logits,) in loaded.run([np.asarray(row, np.int64) for row in rows])]

    return run


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a text: their offsets, and their margin over "no answer" (higher is surer)."""

    start: int
    end: int
    margin: float


@dataclass(frozen=True, slots=True)
class Read:
    """A text that was read: the best span of each of its sentences, best first, and its ``head``.

    A sentence without words has no span.
    """

    spans: tuple[Span, ...]
    head: float


class SpanModel:
    """The trained model. Safe for threads."""

    def __init__(self, tokenizer: Any, run: Run) -> None:
        """``tokenizer`` is one of the tokenizers library; its truncation is set here."""
        self._tokenizer = tokenizer
        self._run = run
        tokenizer.no_padding()
        tokenizer.enable_truncation(WINDOW, stride=STRIDE, strategy="only_second")

    @classmethod
    def load(cls, folder: Path) -> "SpanModel":
        """The model of a folder, once a process; the libraries' errors pass."""
        return _loaded(folder)

    def read(
        self, question: str, texts: Sequence[str], sentences: Sequence[Sequence[Offsets]]
    ) -> list[Read]:
        """Read each text; ``sentences`` are the offsets of each text's."""
        asked = self._cut(QUERY + question[:QUESTION])
        windows = []
        for text in texts:
            first = self._tokenizer.encode(asked, PASSAGE + text)
            windows.append((first, *first.overflowing))
        logits = iter(self._run([window.ids for part in windows for window in part]))
        found = []
        for text, part, bounds in zip(texts, windows, sentences, strict=True):
            best: dict[Offsets, Span] = {}
            head = -np.inf
            for window in part:
                scored = next(logits)
                head = max(head, float(scored[0, 2]))
                for sentence, span in _spans(window, scored, text, bounds).items():
                    before = best.get(sentence)
                    if before is None or span.margin > before.margin:
                        best[sentence] = span
            found.append(Read(tuple(sorted(best.values(), key=lambda span: -span.margin)), head))
        return found

    def count_pieces(self, word: str) -> int:
        """The pieces of a word: a name in lower case has more than with its capital."""
        return len(self._tokenizer.encode(word, add_special_tokens=False).ids)

    def _cut(self, question: str) -> str:
        """As much of a question as leaves a window room for more than its overlap."""
        offsets = self._tokenizer.encode(question).offsets[:ASKED]
        return question[: max(end for _, end in offsets)]


@lru_cache(maxsize=2)
def _loaded(folder: Path) -> SpanModel:
    from tokenizers import Tokenizer

    return SpanModel(Tokenizer.from_file(str(folder / "tokenizer.json")), graph(folder))


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
