"""The sentence reader: chooses whole sentences by meaning and by shared words, without training.

The score of a sentence, all parts standardised over the sentences of the best passages:
likeness to the question, 0.7 of the idf of the word stems that it shares with the question, 0.5 of
the likeness of the sentence together with the one before it, and its passage's retrieval score.
On XQuAD, with the whole collection as candidates, the best sentence held the gold answer for .791
(es) and .811 (en) of the questions, the best three for .922 and .937.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.index import Index
from index.text.analysis import analyse
from index.text.sentences import sentence_spans
from qa.readers import CalibratedReader, Quote
from qa.readers.evidence import answer_type
from qa.readers.signals import Signals
from qa.search.fusion import standardise
from qa.types import Hit

__all__ = ["SentenceReader"]

PASSAGES = 5
MOST = 3  # sentences quoted
LONGEST = 600  # characters quoted in all
# A second or third sentence is quoted when it is this near to the best, in standard scores.
NEAR = 1.2
WORDS, PAIR, KIND = 0.7, 0.5, 0.5
ACROSS = 0.7  # the share of words that counts as shared with a passage in another language
PAIRED = 10  # the sentences that are also read with the one before them: embedding takes time


@dataclass(frozen=True, slots=True)
class _Sentence:
    hit: Hit
    start: int  # in the document
    end: int
    with_previous: int  # where the sentence before begins, or ``start``

    def text(self, start: int) -> str:
        """The words from ``start``, an offset in the document, to the sentence's end."""
        passage = self.hit.passage
        return passage.text[start - passage.start : self.end - passage.start]

    def meaning(self, start: int) -> str:
        """The words from ``start``, after what says what they are, if anything does."""
        context = self.hit.passage.context
        return f"{context}: {self.text(start)}" if context else self.text(start)


class SentenceReader(CalibratedReader):
    """Quotes the one to three best sentences of the best five passages."""

    calibrations = ((-4.4, 12.56, 3.51, 0.4),)
    min_confidence = 0.33

    def __init__(self, index: Index) -> None:
        self._index = index
        self._signals = Signals(index)

    def weigh(
        self, question: str, hits: Sequence[Hit]
    ) -> tuple[tuple[Quote, ...], tuple[float, float, float]]:
        """The quotes, best first, and three measures of the answer.

        The cosine of the question with the best sentence, less its mean cosine with sentences about
        anything; the share of the question's words that the quoted passages hold; and whether the
        best sentence holds the kind of thing asked for (`answer_type`).
        """
        found = _sentences(hits[:PASSAGES])
        if not found:
            return (), (0.0, 0.0, 0.0)
        words = standardise(self._words(question, found))
        kind = np.array([answer_type(question, item.text(item.start)) for item in found])
        retrieved = standardise(np.array([item.hit.score for item in found]))
        likeness = self._likeness(question, [item.meaning(item.start) for item in found])
        scores = standardise(likeness) + WORDS * words + KIND * standardise(kind) + retrieved
        pair = likeness.copy()
        promising = np.argsort(-scores)[:PAIRED]
        pair[promising] = self._likeness(
            question, [found[place].meaning(found[place].with_previous) for place in promising]
        )
        scores += PAIR * standardise(pair)
        best = int(scores.argmax())
        quotes = _quotes(found, scores)
        usual = self._signals.usual_likeness(question, found[best].hit.passage.language)
        above = float(max(likeness.max(), pair.max())) - usual
        covered = self._signals.covered(question, [quote.hit for quote in quotes], ACROSS)
        return quotes, (above, covered, float(kind[best]))

    def _likeness(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """The cosines of the question with some texts."""
        query = self._index.embed_question(question)
        vectors = self._index.model.embed_passages(texts)
        return np.asarray(vectors @ query, dtype=np.float64)

    def _words(self, question: str, found: Sequence[_Sentence]) -> NDArray[np.float64]:
        """For each sentence, the sum of the idf of the word stems shared with the question."""
        weights = {
            language: self._signals.weights(question, language)
            for language in {item.hit.passage.language for item in found}
        }
        return np.array(
            [
                sum(
                    weights[item.hit.passage.language].get(word, 0.0)
                    for word in set(analyse(item.text(item.start), item.hit.passage.language))
                )
                for item in found
            ]
        )


def _sentences(hits: Sequence[Hit]) -> list[_Sentence]:
    found = []
    for hit in hits:
        passage = hit.passage
        before: int | None = None
        for start, end in sentence_spans(passage.text, passage.language):
            here = start + passage.start
            item = _Sentence(hit, here, end + passage.start, here if before is None else before)
            before = here
            if not _is_heading(item):
                found.append(item)
    return found


def _is_heading(item: _Sentence) -> bool:
    """Whether it only heads the passage: it says what follows, and answers nothing by itself."""
    passage = item.hit.passage
    if not passage.paragraph_breaks or item.start != passage.start:
        return False
    first, second, *_ = [*passage.paragraph_breaks, passage.end]
    return (
        item.end <= first
        and item.text(item.start)[-1].isalnum()
        and second - first > 2 * (item.end - item.start)
    )


def _quotes(found: Sequence[_Sentence], scores: NDArray[np.float64]) -> tuple[Quote, ...]:
    """The best sentences, those of one passage that touch made one quote, best first."""
    order = np.argsort(-scores, kind="stable")[:MOST]
    chosen: list[Quote] = []
    length = 0
    for place in order.tolist():
        item = found[place]
        length += item.end - item.start
        near = scores[place] >= scores[order[0]] - NEAR
        if chosen and (not near or length > LONGEST):
            break
        chosen.append(Quote(item.hit, item.start, item.end, float(scores[place])))
    return tuple(_joined(chosen))


def _joined(quotes: list[Quote]) -> list[Quote]:
    """Neighbouring sentences of one passage as one quote, in the place of the better one."""
    for number, quote in enumerate(quotes):
        for other in quotes[number + 1 :]:
            passage = quote.hit.passage
            first, second = sorted([quote, other], key=lambda each: each.start)
            between = passage.text[first.end - passage.start : second.start - passage.start]
            if quote.hit is other.hit and not between.strip():
                merged = Quote(quote.hit, first.start, second.end, quote.score)
                rest = [each for each in quotes if each not in (quote, other)]
                return _joined([*rest[:number], merged, *rest[number:]])
    return quotes
