"""The span reader: a trained model that points at the very words that answer.

It reads ``query: QUESTION`` and ``passage: PASSAGE`` as one sequence and gives each token two
scores, of being the first and of being the last of the answer; the first token of all stands for
"no answer here". How far a span beats "no answer" is its margin, which also ranks the passages
anew. ``python -m training.reader`` makes the model, an int8 ONNX file.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.index import Index
from index.passages import sentences
from qa.readers import Quote, Reader, Reading
from qa.readers.evidence import probability
from qa.readers.signals import Signals
from qa.types import Hit

__all__ = ["Span", "SpanModel", "SpanReader", "best_span", "span_of"]

QUERY, PASSAGE = "query: ", "passage: "
PAD = 1
WINDOW, STRIDE = 384, 128  # tokens of a sequence, and those that two windows of a passage share
QUESTION = 300  # characters of a question that are read
ANSWER = 30  # tokens of an answer at most
BATCH = 8  # sequences
PASSAGES = 5
MOST, LONGEST = 3, 600  # sentences, and characters, quoted in all
RERANK = 0.3  # what a point of margin adds to a passage's retrieval score
NEAR = 5.0  # a further quote's margin is at most this far below the best

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Span:
    """The best span of a text: its offsets, and its margin over "no answer" (higher is surer)."""

    start: int
    end: int
    margin: float


class SpanModel:
    """The trained model: finds the best span of each passage."""

    def __init__(self, folder: Path) -> None:
        """Load reader.onnx, tokenizer.json and reader.json; raises ModelError if they are wrong.

        reader.json holds ``bias`` and ``weights`` of the confidence: of the margin, the likeness of
        question and passage above the usual, and the share of the question's words.
        """
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            settings = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
            self.bias = float(settings["bias"])
            self.weights = tuple(float(weight) for weight in settings["weights"])
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._session = onnxruntime.InferenceSession(
                str(folder / "reader.onnx"), providers=["CPUExecutionProvider"]
            )
        # The tokenizer's and the runtime's errors have no base of their own.
        except Exception as exc:
            raise ModelError(
                f"There is no reader in {folder}: give a folder that training.reader export wrote."
            ) from exc
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(WINDOW, stride=STRIDE, strategy="only_second")

    def find(self, question: str, texts: Sequence[str]) -> list[Span]:
        """The best span of each text over its windows; margin -inf for a text without words."""
        found = [Span(0, 0, -np.inf) for _ in texts]
        asked = QUERY + question[:QUESTION]
        jobs = [
            (number, window)
            for number, text in enumerate(texts)
            for first in [self._tokenizer.encode(asked, PASSAGE + text)]
            for window in (first, *first.overflowing)
        ]
        jobs.sort(key=lambda job: len(job[1].ids))
        for start in range(0, len(jobs), BATCH):
            part = jobs[start : start + BATCH]
            for (number, window), logits in zip(part, self._logits(part), strict=True):
                span = span_of(window, logits, texts[number])
                if span and span.margin > found[number].margin:
                    found[number] = span
        return found

    def _logits(self, jobs: Sequence[tuple[int, Any]]) -> Floats:
        ids = np.full((len(jobs), max(len(window.ids) for _, window in jobs)), PAD, np.int64)
        for row, (_, window) in enumerate(jobs):
            ids[row, : len(window.ids)] = window.ids
        inputs = {"input_ids": ids, "attention_mask": (ids != PAD).astype(np.int64)}
        return np.asarray(self._session.run(["logits"], inputs)[0])


class SpanReader(Reader):
    """Quotes the sentences around the words that the model points at, those words marked."""

    def __init__(self, index: Index, folder: Path) -> None:
        """Load the model in a folder; raises ModelError when there is none."""
        self._model = SpanModel(folder)
        self._signals = Signals(index)

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """The quotes that answer, best first; none where there are no hits."""
        quotes, measures = self.weigh(question, hits)
        if not quotes:
            return Reading((), 0.0)
        return Reading(quotes, probability(self._model.bias, self._model.weights, measures))

    def weigh(
        self, question: str, hits: Sequence[Hit]
    ) -> tuple[tuple[Quote, ...], tuple[float, float, float]]:
        """The quotes, best first, and what speaks for the best: the measures of `SpanModel`."""
        hits = hits[:PASSAGES]
        spans = self._model.find(question, [hit.text for hit in hits])
        ranked = sorted(
            ((hit, span) for hit, span in zip(hits, spans, strict=True) if span.end > span.start),
            key=lambda pair: -(pair[0].score + RERANK * pair[1].margin),
        )
        if not ranked:
            return (), (0.0, 0.0, 0.0)
        hit, span = ranked[0]
        above = hit.dense - self._signals.usual_likeness(question, hit.passage.language)
        return _quotes(ranked), (span.margin, above, self._signals.covered(question, [hit]))


def best_span(logits: Floats, first: int, last: int) -> tuple[int, int, float]:
    """The first and last token of the best span from ``first`` to ``last``, and its margin.

    ``logits`` is [tokens, 2] of one sequence; a span has 30 tokens at most.
    """
    start, end = logits[first : last + 1].T
    scores = start[:, None] + end[None, :]
    allowed = np.triu(np.ones(scores.shape, dtype=bool))
    allowed &= ~np.triu(np.ones(scores.shape, dtype=bool), ANSWER)
    scores = np.where(allowed, scores, -np.inf)
    i, j = np.unravel_index(int(scores.argmax()), scores.shape)
    return first + int(i), first + int(j), float(scores[i, j] - logits[0].sum())


def span_of(window: Any, logits: Floats, text: str) -> Span | None:
    """The best span of one window, in characters of the text, without outer white space."""
    own = [
        place
        for place, (sequence, (_, end)) in enumerate(
            zip(window.sequence_ids, window.offsets, strict=True)
        )
        if sequence == 1 and end > len(PASSAGE)
    ]
    if not own:
        return None
    first, last, margin = best_span(logits, own[0], own[-1])
    start = max(0, window.offsets[first][0] - len(PASSAGE))
    end = window.offsets[last][1] - len(PASSAGE)
    words = text[start:end]
    return Span(end - len(words.lstrip()), start + len(words.rstrip()), margin)


def _quotes(ranked: Sequence[tuple[Hit, Span]]) -> tuple[Quote, ...]:
    """Quotes of the best passages, within the limits on sentences and characters."""
    best = ranked[0][1].margin
    quotes: list[Quote] = []
    length = 0
    for hit, span in ranked[:MOST]:
        start, end = _around(hit, span)
        length += end - start
        if quotes and (span.margin < best - NEAR or length > LONGEST):
            break
        shift = hit.passage.start
        marked = (span.start + shift, span.end + shift)
        quotes.append(Quote(hit, start + shift, end + shift, span.margin, marked))
    return tuple(quotes)


def _around(hit: Hit, span: Span) -> tuple[int, int]:
    """The sentences that hold a span; cut at spaces where they are too long to quote."""
    held = [
        (start, end)
        for start, end in sentences(hit.text, hit.passage.language)
        if start < span.end and end > span.start
    ]
    start, end = min([span.start, *(a for a, _ in held)]), max([span.end, *(b for _, b in held)])
    if end - start <= LONGEST:
        return start, end
    room = max(0, LONGEST - (span.end - span.start)) // 2
    low, high = max(start, span.start - room), min(end, span.end + room)
    before, after = hit.text[low : span.start], hit.text[span.end : high]
    if low > start:
        low += len(before) - len(before.partition(" ")[2]) if " " in before else len(before)
    if high < end:
        high -= len(after) - len(after.rpartition(" ")[0]) if " " in after else len(after)
    return low, high
