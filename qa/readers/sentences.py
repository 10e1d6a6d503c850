"""The sentence reader: chooses whole sentences by meaning and by shared words, without training.

The score of a sentence, all parts standardised over the sentences of the best passages:
similarity to the question, 0.7 of the idf of the word stems that it shares with the question, 0.5
of the similarity of the sentence together with the one before it, and its passage's score.
On XQuAD, with the whole collection as candidates, the best sentence held the gold answer for .791
(es) and .811 (en) of the questions, the best three for .922 and .937.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.index import Index
from index.query import Query
from index.text.analysis import analyse
from qa.readers import SENTENCES, CalibratedReader, Calibration, Evidence, Quote, identity_of
from qa.readers.evidence import answer_type
from qa.readers.signals import Signals
from qa.readers.units import quotable
from qa.search.fusion import standardise
from qa.settings import SETTINGS, SentenceSettings, Settings
from qa.types import Hit

__all__ = ["CALIBRATION", "SentenceReader"]

CALIBRATION = "sentences"


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

    calibrations: Mapping[str, Calibration] = {CALIBRATION: Calibration(-4.4, (12.56, 3.51, 0.4))}
    min_confidence = 0.33

    def __init__(self, index: Index, *, settings: Settings = SETTINGS) -> None:
        self._index = index
        self._signals = Signals(index)
        self._settings = settings.sentences
        self._identity = self.identity_with(settings)

    @classmethod
    def identity_with(cls, settings: Settings) -> str:
        """Its identity with these settings."""
        return identity_of(SENTENCES, sorted(cls.calibrations.items()), settings)

    @property
    def identity(self) -> str:
        """That of its calibration and its settings."""
        return self._identity

    def extract_features(self, query: Query, hits: Sequence[Hit]) -> Evidence:
        """The quotes, best first, and three features of the answer.

        The cosine of the question with the best sentence, less its mean cosine with sentences about
        anything; the share of the question's words that the quoted passages hold; and whether the
        best sentence holds the kind of thing asked for (`answer_type`).
        """
        settings = self._settings
        sentences = _sentences(hits[: settings.passages])
        if not sentences:
            return Evidence(())
        kinds = np.array([answer_type(query.text, item.text(item.start)) for item in sentences])
        similarity = self._similarity(query, [item.meaning(item.start) for item in sentences])
        scores = standardise(similarity)
        scores += settings.word_weight * standardise(self._shared_words(query, sentences))
        scores += settings.kind_weight * standardise(kinds)
        scores += standardise(np.array([item.hit.score for item in sentences]))
        pairs = similarity.copy()
        promising = np.argsort(-scores)[: settings.paired_sentences]
        pairs[promising] = self._similarity(
            query, [sentences[place].meaning(sentences[place].with_previous) for place in promising]
        )
        scores += settings.pair_weight * standardise(pairs)
        best = int(scores.argmax())
        quotes = _quotes(sentences, scores, settings)
        usual = self._signals.usual_similarity(query, sentences[best].hit.passage.language)
        above = float(max(similarity.max(), pairs.max())) - usual
        quoted = [quote.hit for quote in quotes]
        covered = self._signals.covered(query, quoted, settings.covered_across)
        return Evidence(quotes, CALIBRATION, (above, covered, float(kinds[best])))

    def _similarity(self, query: Query, texts: Sequence[str]) -> NDArray[np.float64]:
        """The cosines of the question with some texts."""
        return np.asarray(self._signals.similarities(query, texts), dtype=np.float64)

    def _shared_words(self, query: Query, sentences: Sequence[_Sentence]) -> NDArray[np.float64]:
        """For each sentence, the sum of the idf of the word stems shared with the question."""
        weights = {
            language: self._signals.weights(query, language)
            for language in {item.hit.passage.language for item in sentences}
        }
        return np.array(
            [
                sum(
                    weights[item.hit.passage.language].get(word, 0.0)
                    for word in set(analyse(item.text(item.start), item.hit.passage.language))
                )
                for item in sentences
            ]
        )


def _sentences(hits: Sequence[Hit]) -> list[_Sentence]:
    sentences = []
    for hit in hits:
        passage = hit.passage
        before: int | None = None
        for start, end in quotable(passage):
            here = start + passage.start
            item = _Sentence(hit, here, end + passage.start, here if before is None else before)
            before = here
            if not _is_heading(item):
                sentences.append(item)
    return sentences


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


def _quotes(
    sentences: Sequence[_Sentence], scores: NDArray[np.float64], settings: SentenceSettings
) -> tuple[Quote, ...]:
    """The best sentences, those of one passage that touch made one quote, best first."""
    order = np.argsort(-scores, kind="stable")[: settings.max_quotes]
    chosen: list[Quote] = []
    length = 0
    for place in order.tolist():
        item = sentences[place]
        length += item.end - item.start
        near = scores[place] >= scores[order[0]] - settings.max_quote_gap
        if chosen and (not near or length > settings.max_quoted_characters):
            break
        chosen.append(Quote(item.hit, item.start, item.end, float(scores[place])))
    return tuple(_joined(chosen))


def _joined(quotes: list[Quote]) -> list[Quote]:
    """Neighbouring sentences of one passage as one quote, in the place of the better one."""
    for number, quote in enumerate(quotes):
        for other in quotes[number + 1 :]:
            passage = quote.hit.passage
            first, second = sorted([quote, other], key=lambda item: item.start)
            between = passage.text[first.end - passage.start : second.start - passage.start]
            if quote.hit is other.hit and not between.strip():
                merged = Quote(quote.hit, first.start, second.end, quote.score)
                rest = [item for item in quotes if item not in (quote, other)]
                return _joined([*rest[:number], merged, *rest[number:]])
    return quotes
