"""The span reader: quotes the sentences around the very words that answer, and marks those words.

A trained model (`qa.search.span_model`) reads the best passages and finds the best span of every
sentence. What ranks the sentences, and so the passages, is the sum of three scores: of the passage
in the search, of the span, and of whether the passage answers at all.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from index.embedders import BUNDLED
from index.errors import ModelError
from index.index import Index
from index.query import Query
from qa.asked.lacking import lacks
from qa.calibration.collections import CollectionBound
from qa.readers import CalibratedReader, Calibration, Evidence, Quote
from qa.readers.answer_types import fits
from qa.readers.cells import CellReading, read_cells
from qa.readers.described import folder_bounds, folder_identity
from qa.readers.evidence import probability
from qa.readers.marking import Marked, marked
from qa.readers.signals import Signals
from qa.readers.units import is_heading, quotable
from qa.search.reranking import load_model
from qa.search.span_model import Read, Span
from qa.settings import SETTINGS, CellSettings, Settings, SpanSettings
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
FEATURES = {FEW_CANDIDATES: 11, MANY_CANDIDATES: 14}


@dataclass(frozen=True, slots=True)
class _Scored:
    """A span in a hit's passage, and the sentences that hold it, as offsets in the passage.

    ``head`` tells whether the passage answers, ``mark`` what its cells say of the span.
    ``score`` is in points of the search. Not ``possible`` is what states nothing, or is not of the
    type that is asked for.
    """

    hit: Hit
    span: Span
    head: float
    mark: Marked
    start: int
    end: int
    score: float
    possible: bool


class SpanReader(CalibratedReader):
    """Quotes the one to three sentences whose words answer best."""

    def __init__(
        self, index: Index, folder: Path = BUNDLED, *, settings: Settings = SETTINGS
    ) -> None:
        """Load the model and reader.json; raises ModelError if they are wrong.

        reader.json holds the ``calibrations`` and ``min_confidence`` of `CalibratedReader`; under
        ``models`` those of other embedding models than the default one, by name. Beside them
        ``bounds`` may stand (`qa.calibration.collections`).
        """
        try:
            fitted = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
            self._by_model = {name: _fitted(own) for name, own in fitted.get("models", {}).items()}
            self._default = _fitted(fitted)
            for calibrations, _ in (self._default, *self._by_model.values()):
                _check(calibrations)
        except (OSError, ValueError, LookupError, TypeError) as exc:
            raise ModelError(
                f"There is no reader in {folder}: "
                "give a folder that training.reader_questions export wrote."
            ) from exc
        self._model = load_model(folder)
        self._folder, self._all_settings = folder, settings
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

    @cached_property
    def identity(self) -> str:
        """That of its files and its settings."""
        return folder_identity(self._folder, self._all_settings)

    @property
    def bounds(self) -> tuple[CollectionBound, ...]:
        """Those of the index's embedding model."""
        return folder_bounds(self._folder, self._index.model.identity)

    def _fitted(self) -> Fitted:
        name, _, _ = self._index.model.identity.partition("@")
        return self._by_model.get(name, self._default)

    def extract_features(self, query: Query, hits: Sequence[Hit]) -> Evidence:
        """The quotes, best first, and eleven or fourteen features of the best one.

        Of a hundred candidates they are three more: its score in the search, by which it
        stands out, the mean score of the other hits, and how far the quote is ahead of the best one
        of another document.
        """
        ranked = self._read(query, hits)
        if not ranked:
            return Evidence(())
        best = ranked[0]
        features = self._features(query, best)
        quotes = _quotes(ranked, self._settings)
        least = _sure_of_cell(best, self._all_settings.cells)
        if best.hit.candidates_compared < self._candidates:
            return Evidence(quotes, FEW_CANDIDATES, features, least)
        others = [hit.score for hit in hits if hit is not best.hit]
        stands_out = (best.hit.score, sum(others) / max(1, len(others)), self._ahead(ranked))
        return Evidence(quotes, MANY_CANDIDATES, features + stands_out, least)

    def _features(self, query: Query, best: _Scored) -> tuple[float, ...]:
        """The eleven features that need no collection.

        The margin, less where its table lacks what is asked for or where it can be no answer, and
        the head (`qa.search.span_model`); how well a cell in its line answers, less how well one in
        another line does, and whether it is in a table at all; whether the passage lacks a year,
        date, number or article that the question names; how much more than usual question and
        passage are alike; the share of the question's words that the passage holds; the logarithm
        of the number of passages that its document has, for a long one is all about the same;
        whether the passage is in English, where the model reads better; whether the question is in
        another language; and the share of the question's names that stand neither in the passage
        nor in what is known of its document.
        """
        language = best.hit.passage.language
        usual = self._signals.usual_similarity(query, language)
        doubt = 0.0 if best.possible else self._settings.impossible_doubt
        return (
            best.span.margin - best.mark.doubt - doubt,
            best.head,
            best.mark.points,
            float(best.mark.in_grid),
            float(bool(lacks(query.text, query.language, best.hit.passage, _known(best.hit)))),
            self._signals.similarity(query, best.hit) - usual,
            self._signals.covered(query, [best.hit], self._settings.covered_across),
            math.log(max(1, self._index.size(best.hit.document_id))),
            float(language == "en"),
            float(query.language not in {None, language}),
            self._signals.unnamed(query, best.hit, _known(best.hit)),
        )

    def _ahead(self, ranked: Sequence[_Scored]) -> float:
        """The points by which the best span is ahead of the best one of another document."""
        best, most = ranked[0], self._settings.max_ahead
        others = (one.score for one in ranked if one.hit.document_id != best.hit.document_id)
        return min(most, best.score - next(others, -math.inf))

    def _read(self, query: Query, hits: Sequence[Hit]) -> list[_Scored]:
        """The best span of every sentence of the passages that were read, best first.

        Where one of the first few answers for sure, the others are not read.
        """
        settings = self._settings
        near = hits[: settings.passages]
        least = max((hit.score for hit in near), default=0.0) - settings.max_passage_gap
        near = [hit for hit in near if hit.score >= least]
        scored: list[_Scored] = []
        for first, last in ((0, settings.read_first), (settings.read_first, len(near))):
            if not self._is_settled(scored, near[first:last]):
                scored += self._spans(query, near[first:last])
        return sorted(scored, key=lambda item: -item.score)

    def _is_settled(self, scored: Sequence[_Scored], others: Sequence[Hit]) -> bool:
        """Whether there is no need to read the others."""
        best = max(scored, key=lambda item: item.score, default=None)
        if best is None or not others:
            return not others
        ahead = best.score - max(hit.score for hit in others)
        sure = best.head >= self._settings.settled_head and best.possible
        return sure and ahead >= self._settings.settled_ahead

    def _spans(self, query: Query, hits: Sequence[Hit]) -> list[_Scored]:
        """The best span of every sentence of some passages."""
        texts = [hit.passage.indexed_text for hit in hits]
        bounds = [quotable(hit.passage) for hit in hits]
        # What says whose words they are stands before the passage, and is never quoted.
        shifts = [len(text) - len(hit.text) for hit, text in zip(hits, texts, strict=True)]
        places = [
            [(start + shift, end + shift) for start, end in sentences]
            for sentences, shift in zip(bounds, shifts, strict=True)
        ]
        read = self._model.read(query.text, texts, places)
        return [
            self._score(query.text, hit, made, cells, sentences, shift, span)
            for hit, made, cells, sentences, shift in zip(
                hits, read, self._cells(query, hits), bounds, shifts, strict=True
            )
            for span in made.spans
        ]

    def _cells(self, query: Query, hits: Sequence[Hit]) -> list[CellReading]:
        """The cells of each passage that may answer."""
        return [
            read_cells(
                query, hit.passage, self._signals.weights(query, hit.passage.language), _known(hit)
            )
            for hit in hits
        ]

    def _score(
        self,
        question: str,
        hit: Hit,
        read: Read,
        cells: CellReading,
        sentences: Sequence[tuple[int, int]],
        shift: int,
        span: Span,
    ) -> _Scored:
        """A span, before whose passage ``shift`` characters were read, made whole and scored."""
        settings = self._settings
        mark = marked(hit.text, span.start - shift, span.end - shift, cells)
        span = Span(mark.start, mark.end, span.margin)
        start, end = _around(hit.text, span, sentences, settings.max_quoted_characters)
        text = hit.text[start:end]
        possible = mark.fit > 0 or (
            replies(question, text)
            and answers(text)
            and not is_heading(hit.passage, start, end)
            and fits(question, hit.text[span.start : span.end], text)
        )
        score = (
            hit.score
            + settings.margin_weight * (span.margin - mark.doubt)
            + settings.head_weight * read.head
            + mark.points
            - (0.0 if possible else settings.no_statement_penalty)
        )
        return _Scored(hit, span, read.head, mark, start, end, score, possible)


def _fitted(settings: dict[str, Any]) -> Fitted:
    fitted = settings["calibrations"]
    calibrations = {name: _calibration(row) for name, row in fitted.items()}
    return calibrations, float(settings["min_confidence"])


def _calibration(row: Mapping[str, Any]) -> Calibration:
    about = _calibration(row["about"]) if row.get("about") else None
    return Calibration(float(row["bias"]), tuple(float(w) for w in row["weights"]), about)


def _check(calibrations: Mapping[str, Calibration]) -> None:
    """Raise ValueError for calibrations of other features."""
    for name, calibration in calibrations.items():
        for part in filter(None, (calibration, calibration.about)):
            if len(part.weights) != FEATURES[name]:
                raise ValueError(f"{name} has {len(part.weights)} weights")


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


def _sure_of_cell(item: _Scored, settings: CellSettings) -> float:
    """The probability that a cell answers, by its row and column and by the model's head."""
    fit = min(item.mark.fit, settings.surest)
    if not fit:
        return 0.0
    return probability(math.log(fit / (1 - fit)), (settings.head_weight,), (item.head,))


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
