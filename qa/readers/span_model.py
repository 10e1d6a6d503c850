"""The model that points at the very words that answer: a question and passages in, spans out.

It reads ``query: QUESTION`` and ``passage: PASSAGE`` as one sequence and gives each token two
scores, of being the first and of being the last of the answer; the first token of all stands for
"no answer here". How far a span beats "no answer" is its margin. ``python -m training.reader``
makes the model, an int8 ONNX file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedders.encoder import Encoder

__all__ = ["ANSWER", "WINDOW", "Forward", "Span", "SpanModel", "best_ends"]

QUERY, PASSAGE = "query: ", "passage: "
WINDOW, STRIDE = 384, 128  # tokens of a sequence, and those that two windows of a passage share
QUESTION, ASKED = 300, 128  # characters, and tokens, of a question that are read
ANSWER = 30  # tokens of an answer at most

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Forward = Callable[[Sequence[Sequence[int]]], Sequence[Floats]]
"""The ids of each sequence to its tokens' two scores, [tokens, 2]."""
Offsets = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a text: their offsets, and their margin over "no answer" (higher is surer)."""

    start: int
    end: int
    margin: float


class SpanModel:
    """The trained model: finds the best span of each sentence."""

    def __init__(self, tokenizer: Any, forward: Forward) -> None:
        """``tokenizer`` is one of the tokenizers library; its truncation is set here."""
        self._tokenizer = tokenizer
        self._forward = forward
        tokenizer.no_padding()
        tokenizer.enable_truncation(WINDOW, stride=STRIDE, strategy="only_second")

    @classmethod
    def load(cls, folder: Path) -> "SpanModel":
        """The model of reader.onnx and tokenizer.json in a folder; the libraries' errors pass."""
        from tokenizers import Tokenizer

        encoder = Encoder(folder / "reader.onnx")
        return cls(Tokenizer.from_file(str(folder / "tokenizer.json")), encoder.run)

    def find(
        self, question: str, texts: Sequence[str], sentences: Sequence[Sequence[Offsets]]
    ) -> list[list[Span]]:
        """For each text, the best span within each of its sentences, best first.

        A sentence without words has none.
        """
        asked = self._cut(QUERY + question[:QUESTION])
        best: list[dict[Offsets, Span]] = [{} for _ in texts]
        jobs = [
            (number, window)
            for number, text in enumerate(texts)
            for first in [self._tokenizer.encode(asked, PASSAGE + text)]
            for window in (first, *first.overflowing)
        ]
        logits = self._forward([window.ids for _, window in jobs])
        for (number, window), scored in zip(jobs, logits, strict=True):
            spans = _spans(window, scored, texts[number], sentences[number])
            for sentence, span in spans.items():
                before = best[number].get(sentence)
                if before is None or span.margin > before.margin:
                    best[number][sentence] = span
        return [sorted(spans.values(), key=lambda span: -span.margin) for spans in best]

    def _cut(self, question: str) -> str:
        """As much of a question as leaves a window room for more than its overlap."""
        offsets = self._tokenizer.encode(question).offsets[:ASKED]
        return question[: max(end for _, end in offsets)]


def best_ends(logits: Floats) -> tuple[Floats, Ints]:
    """For each token as the first of a span: the best span's score, and its last token.

    ``logits`` is [tokens, 2]; a span has 30 tokens at most.
    """
    start, end = logits.T
    padded = np.concatenate([end, np.full(ANSWER - 1, -np.inf, np.float32)])
    ends = np.lib.stride_tricks.sliding_window_view(padded, ANSWER)
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
    scored = logits[inside[0] : inside[-1] + 1]
    nothing = float(logits[0].sum())
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
