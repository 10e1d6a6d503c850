"""The span reader: quotes the sentences around the very words that answer, and marks those words.

A trained model (`qa.readers.span_model`) finds the best span of every sentence in the best
passages. What ranks the sentences, and so the passages, is the sum of three scores: of the passage
in the search, of the span, and of the sentence's similarity to the question.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.embedders import BUNDLED
from index.errors import ModelError
from index.index import Index
from index.query import Query
from qa.readers import CalibratedReader, Calibration, Evidence, Quote
from qa.readers.cells import CellReading, read_cells
from qa.readers.marking import marked
from qa.readers.signals import Signals
from qa.readers.span_model import Span, SpanModel
from qa.readers.units import quotable
from qa.settings import SETTINGS, Settings, SpanSettings
from qa.types import Hit

__all__ = ["BUNDLED", "FEW_CANDIDATES", "MANY_CANDIDATES", "SpanReader"]

# Who asks what was replied does not want what was asked.
REPLIED = re.compile(
    r"\b(respond|contest(?=ó|a(?!nt))|replic|repl(y|ied)|answer)\w*", re.IGNORECASE
)
ASKED = re.compile(r"\b(pregunt|cuestion|ask(s|ed)\b|question)\w*", re.IGNORECASE)

Fitted = tuple[Mapping[str, Calibration], float]
"""Calibrations and min_confidence of `CalibratedReader`."""

FEW_CANDIDATES = "few_candidates"
MANY_CANDIDATES = "many_candidates"
"""The calibrations: among a few candidates no passage can stand out by its score."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """A span in a hit's passage, and the sentences that hold it, as offsets in the passage.

    ``asked`` is the question that they follow, as in an interview, if any; ``score`` is in points
    of the search; ``similarity`` is the cosine of question and sentences, less the usual one.
    """

    hit: Hit
    span: Span
    start: int
    end: int
    asked: str
    score: float
    similarity: float = 0.0

    @property
    def text(self) -> str:
        return self.hit.text[self.start : self.end]

    @property
    def meaning(self) -> str:
        """The text after what says whose words it is, if anything does."""
        context = self.hit.passage.context
        text = f"{self.asked} {self.text}" if self.asked else self.text
        return f"{context}: {text}" if context else text


class SpanReader(CalibratedReader):
    """Quotes the one to three sentences whose words answer best."""

    def __init__(
        self, index: Index, folder: Path = BUNDLED, *, settings: Settings = SETTINGS
    ) -> None:
        """Load reader.onnx, tokenizer.json and reader.json; raises ModelError if they are wrong.

        reader.json holds the ``calibrations`` and ``min_confidence`` of `CalibratedReader`; under
        ``models`` those of other embedding models than the default one, by name.
        """
        try:
            fitted = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
            self._by_model = {name: _fitted(own) for name, own in fitted.get("models", {}).items()}
            self._default = _fitted(fitted)
            self._model = SpanModel.load(folder)
        # The tokenizer's and the runtime's errors have no base of their own.
        except Exception as exc:
            raise ModelError(
                f"There is no reader in {folder}: give a folder that training.reader export wrote."
            ) from exc
        self._index = index
        self._signals = Signals(index)
        self._settings = settings.spans
        self._candidates = settings.search.candidates

    @property
    def calibrations(self) -> Mapping[str, Calibration]:  # type: ignore[override]
        """Those of the index's embedding model."""
        return self._fitted()[0]

    @property
    def min_confidence(self) -> float:  # type: ignore[override]
        """The same of what is an answer."""
        return self._fitted()[1]

    def _fitted(self) -> Fitted:
        name, _, _ = self._index.model.identity.partition("@")
        return self._by_model.get(name, self._default)

    def extract_features(self, query: Query, hits: Sequence[Hit]) -> Evidence:
        """The quotes, best first, and seven or nine features of the best one.

        Its margin; the similarity of question and sentence, and that of question and passage, both
        above the usual; the share of the question's words that the passage holds; the logarithm of
        the number of passages that its document has, for a long one is all about the same; whether
        the passage is in English, where the model reads better; and whether the question is in
        another language. Of a hundred candidates also how far the passage stands out, its score in
        the search, and the mean score of the other hits.
        """
        read = hits[: self._settings.passages]
        least = max((hit.score for hit in read), default=0.0) - self._settings.max_passage_gap
        ranked = self._compare(query, self._read(query, [h for h in read if h.score >= least]))
        if not ranked:
            return Evidence(())
        best = ranked[0]
        language = best.hit.passage.language
        usual = self._signals.usual_similarity(query, language)
        features = (
            best.span.margin,
            best.similarity,
            self._signals.similarity(query, best.hit) - usual,
            self._signals.covered(query, [best.hit], self._settings.covered_across),
            math.log(max(1, self._index.size(best.hit.document_id))),
            float(language == "en"),
            float(query.language not in {None, language}),
        )
        quotes = _quotes(ranked, self._settings)
        if best.hit.candidates_compared < self._candidates:
            return Evidence(quotes, FEW_CANDIDATES, features)
        others = [hit.score for hit in hits[1:]]
        stands_out = (best.hit.score, sum(others) / max(1, len(others)))
        return Evidence(quotes, MANY_CANDIDATES, features + stands_out)

    def _read(self, query: Query, hits: Sequence[Hit]) -> list[_Scored]:
        """The best span of every sentence, the likely ones first, similarity not yet measured."""
        # What says whose words they are stands before the passage, and is never quoted.
        texts = [hit.passage.indexed_text for hit in hits]
        shifts = [len(text) - len(hit.text) for hit, text in zip(hits, texts, strict=True)]
        bounds = [quotable(hit.passage) for hit in hits]
        places = [
            [(start + shift, end + shift) for start, end in sentences]
            for sentences, shift in zip(bounds, shifts, strict=True)
        ]
        spans = self._model.find(query.text, texts, places)
        scored = [
            self._mark(query.text, hit, cells, span, shift, sentences)
            for hit, cells, sentences, shift, best in zip(
                hits, self._cells(query, hits), bounds, shifts, spans, strict=True
            )
            for span in best
        ]
        return sorted(scored, key=lambda item: -item.score)

    def _cells(self, query: Query, hits: Sequence[Hit]) -> list[CellReading]:
        """The cells of each hit that may answer."""
        return [
            read_cells(
                query, hit.passage, self._signals.weights(query, hit.passage.language), _known(hit)
            )
            for hit in hits
        ]

    def _mark(
        self,
        question: str,
        hit: Hit,
        cells: CellReading,
        span: Span,
        shift: int,
        sentences: Sequence[tuple[int, int]],
    ) -> _Scored:
        """A span, before whose passage ``shift`` characters were read, with what makes it whole."""
        mark = marked(hit.text, span.start - shift, span.end - shift, cells)
        whole = Span(mark.start, mark.end, span.margin - mark.doubt)
        scored = self._score(question, hit, whole, sentences)
        return replace(scored, score=scored.score + mark.points)

    def _score(
        self, question: str, hit: Hit, span: Span, sentences: Sequence[tuple[int, int]]
    ) -> _Scored:
        start, end = _around(hit.text, span, sentences, self._settings.max_quoted_characters)
        text = hit.text[start:end]
        asked = followed(hit.text, sentences, start, self._settings.followed_sentences)
        states = replies(question, text) and answers(text)
        penalty = 0.0 if states else self._settings.no_statement_penalty
        score = hit.score + self._settings.margin_weight * span.margin - penalty
        return _Scored(hit, span, start, end, asked, score)

    def _compare(self, query: Query, scored: Sequence[_Scored]) -> list[_Scored]:
        """The likely ones with their similarity to the question, best first."""
        settings = self._settings
        least = scored[0].score - settings.max_compared_gap if scored else 0.0
        close = sum(item.score >= least for item in scored[: settings.most_compared_sentences])
        likely = scored[: max(settings.compared_sentences, close)]
        if not likely:
            return []
        cosines = self._signals.similarities(query, [item.meaning for item in likely]).tolist()
        compared = []
        for item, cosine in zip(likely, cosines, strict=True):
            usual = self._signals.usual_similarity(query, item.hit.passage.language)
            similarity = cosine - usual
            score = item.score + settings.similarity_weight * similarity
            compared.append(replace(item, similarity=similarity, score=score))
        return sorted(compared, key=lambda item: -item.score)


def _fitted(settings: dict[str, Any]) -> Fitted:
    fitted = settings["calibrations"]
    if isinstance(fitted, list):  # of a reader that was exported before calibrations had names
        names = {8: FEW_CANDIDATES, 10: MANY_CANDIDATES}
        fitted = {names[len(row)]: {"bias": row[0], "weights": row[1:]} for row in fitted}
    calibrations = {
        name: Calibration(float(row["bias"]), tuple(float(w) for w in row["weights"]))
        for name, row in fitted.items()
    }
    return calibrations, float(settings["min_confidence"])


def _quotes(ranked: Sequence[_Scored], settings: SpanSettings) -> tuple[Quote, ...]:
    """Quotes of the best sentences, best first, within the limits on number and length."""
    quotes: list[Quote] = []
    room = settings.max_quoted_characters
    for item in ranked:
        gap = ranked[0].score - item.score
        if len(quotes) == settings.max_quotes or gap > settings.max_quote_gap:
            break
        answers_too = gap <= settings.max_highlight_gap and item.span.margin > 0
        quote = _quote(item, marked=answers_too or not quotes)
        length = quote.end - quote.start
        if length <= room and not any(_overlap(quote, other) for other in quotes):
            quotes.append(quote)
            room -= length
    return tuple(quotes)


def _quote(item: _Scored, *, marked: bool) -> Quote:
    """The sentences that hold a span, which is marked where it is sure."""
    shift = item.hit.passage.start
    highlight = (item.span.start + shift, item.span.end + shift) if marked else None
    return Quote(item.hit, item.start + shift, item.end + shift, item.score, highlight)


def _known(hit: Hit) -> str:
    """What is known of a document beside its text."""
    citation = hit.citation
    return " ".join(filter(None, (citation.title, citation.source, citation.date, hit.document_id)))


def answers(text: str) -> bool:
    """Whether sentences tell something: they do not end as a question, and are not all capitals."""
    bare = text.rstrip(" \n\"'»”’)—―–-")
    return not bare.endswith("?") and any(letter.islower() for letter in bare)


def replies(question: str, text: str) -> bool:
    """Whether sentences may hold the reply that is asked for, not only what was asked."""
    return not REPLIED.search(question) or bool(REPLIED.search(text)) or not ASKED.search(text)


def followed(text: str, bounds: Sequence[tuple[int, int]], start: int, most: int) -> str:
    """The question that the sentence at ``start`` follows in its passage; empty if none.

    It stands among the ``most`` sentences before, of which one may say who speaks.
    """
    before = [text[a:b].strip() for a, b in bounds if b <= start][-most:]
    return next((sentence for sentence in reversed(before) if sentence.endswith("?")), "")


def _overlap(one: Quote, other: Quote) -> bool:
    same = one.hit.document_id == other.hit.document_id
    return same and one.start < other.end and other.start < one.end


def _around(
    text: str, span: Span, bounds: Sequence[tuple[int, int]], longest: int
) -> tuple[int, int]:
    """The sentences that hold a span; cut at spaces where they are longer than ``longest``."""
    held = [(start, end) for start, end in bounds if start < span.end and end > span.start]
    start, end = min([span.start, *(a for a, _ in held)]), max([span.end, *(b for _, b in held)])
    if end - start <= longest:
        return start, end
    room = max(0, longest - (span.end - span.start)) // 2
    low, high = max(start, span.start - room), min(end, span.end + room)
    before, after = text[low : span.start], text[span.end : high]
    if low > start:
        low += len(before) - len(before.partition(" ")[2]) if " " in before else len(before)
    if high < end:
        high -= len(after) - len(after.rpartition(" ")[0]) if " " in after else len(after)
    return low, high
