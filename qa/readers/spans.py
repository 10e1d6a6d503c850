"""The span reader: quotes the sentences around the very words that answer, and marks those words.

A trained model (`qa.readers.span_model`) finds the best span of every sentence in the best
passages. What ranks the sentences, and so the passages, is the sum of three scores: of the passage
in the search, of the span, and of the sentence's likeness to the question.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.embedders import BUNDLED
from index.errors import ModelError
from index.index import Index
from index.text.language import detect
from index.text.sentences import sentence_spans
from qa.readers import CalibratedReader, Quote
from qa.readers.signals import Signals
from qa.readers.span_model import Span, SpanModel
from qa.search.retriever import CANDIDATES
from qa.types import Hit

__all__ = ["SpanReader"]

PASSAGES = 5
FAR = 3.0  # a passage this far behind the first is not read: it never answered before it
# Sentences whose likeness is measured, for embedding takes time: four, and up to eight while they
# are close behind the first. None further behind ever came first on the calibration's questions.
SOME, PROMISING, CLOSE = 4, 8, 2.0
ACROSS = 0.5  # the share of words that counts as shared with a passage in another language
MOST, LONGEST = 3, 600  # sentences, and characters, quoted in all
MARGIN, LIKENESS = 0.3, 20.0  # what a point of each adds to a passage's retrieval score
# A further quote's score is at most this far below the best. On 80 questions of SQuAD-es the quotes
# then hold .75 of the answers, with 4 instead .74; they are 5 % longer, those of SQuAD 19 %.
NEAR = 5.5
SURE = 1.5  # the same of one whose words are marked, as another answer

UNLIKELY = 3.0  # what a question or a heading loses: it answers nothing
FOLLOWED = 3  # sentences, who speaks counted, after which a question is no longer being answered

# Who asks what was replied does not want what was asked.
REPLIED = re.compile(
    r"\b(respond|contest(?=ó|a(?!nt))|replic|repl(y|ied)|answer)\w*", re.IGNORECASE
)
ASKED = re.compile(r"\b(pregunt|cuestion|ask(s|ed)\b|question)\w*", re.IGNORECASE)

# "More than 50" is not 50.
LIMIT = re.compile(
    r"\b((más|menos) de|(al|por lo) menos|como (mínimo|máximo)|alrededor de|cerca de|casi|un[oa]s|"
    r"aproximadamente|hasta|(more|less|fewer) than|at (least|most)|about|around|nearly|almost|over|"
    r"under|up to|approximately|roughly)\s+$",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"[$€£]?\d|(una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|veinte|cien|mil|one|two|three|"
    r"four|five|six|seven|eight|nine|ten|twenty|half|la mitad)\b",
    re.IGNORECASE,
)

Measures = tuple[float, ...]
Fitted = tuple[list[list[float]], float]  # calibrations and min_confidence of `CalibratedReader`


@dataclass(frozen=True, slots=True)
class _Found:
    """A span in a hit's passage, and the sentences that hold it, as offsets in the passage.

    ``asked`` is the question that they follow, as in an interview, if any; ``likeness`` the cosine
    of question and sentences, less the usual one; ``replies`` whether they may be the reply.
    """

    hit: Hit
    span: Span
    start: int
    end: int
    asked: str = ""
    likeness: float = 0.0
    replies: bool = True

    @property
    def score(self) -> float:
        read = MARGIN * self.span.margin + LIKENESS * self.likeness
        return self.hit.score + read - (0 if self.replies and answers(self.text) else UNLIKELY)

    @property
    def text(self) -> str:
        return self.hit.text[self.start : self.end]

    @property
    def meaning(self) -> str:
        """The text after what says whose words it is, if anything does."""
        context = self.hit.passage.context
        said = f"{self.asked} {self.text}" if self.asked else self.text
        return f"{context}: {said}" if context else said


class SpanReader(CalibratedReader):
    """Quotes the one to three sentences whose words answer best."""

    def __init__(self, index: Index, folder: Path = BUNDLED) -> None:
        """Load reader.onnx, tokenizer.json and reader.json; raises ModelError if they are wrong.

        reader.json holds the ``calibrations`` and ``min_confidence`` of `CalibratedReader`; under
        ``models`` those of other embedding models than the default one, by name.
        """
        try:
            settings = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
            self._fitted = {name: _fitted(own) for name, own in settings.get("models", {}).items()}
            self._usual = _fitted(settings)
            self._model = SpanModel.load(folder)
        # The tokenizer's and the runtime's errors have no base of their own.
        except Exception as exc:
            raise ModelError(
                f"There is no reader in {folder}: give a folder that training.reader export wrote."
            ) from exc
        self._index = index
        self._signals = Signals(index)

    @property
    def calibrations(self) -> Sequence[Sequence[float]]:  # type: ignore[override]
        """Those of the index's embedding model."""
        return self._settings()[0]

    @property
    def min_confidence(self) -> float:  # type: ignore[override]
        """The same of what is an answer."""
        return self._settings()[1]

    def _settings(self) -> Fitted:
        name, _, _ = self._index.model.identity.partition("@")
        return self._fitted.get(name, self._usual)

    def weigh(self, question: str, hits: Sequence[Hit]) -> tuple[tuple[Quote, ...], Measures]:
        """The quotes, best first, and seven or nine measures of the best one.

        Its margin; the likeness of question and sentence, and that of question and passage, both
        above the usual; the share of the question's words that the passage holds; the logarithm of
        the number of passages that its document has, for a long one is all about the same; whether
        the passage is in English, where the model reads better; and whether the question is in
        another language. Of a hundred candidates also how far the passage stands out, its score in
        the search, and the mean score of the other hits.
        """
        others = [hit.score for hit in hits[1:]]
        hits = hits[:PASSAGES]
        least = max((hit.score for hit in hits), default=0.0) - FAR
        near = [hit for hit in hits if hit.score >= least]
        found = self._ranked(question, self._found(question, near))
        if not found:
            return (), (0.0,) * 7
        best = found[0]
        language = best.hit.passage.language
        usual = self._signals.usual_likeness(question, language)
        measures: Measures = (
            best.span.margin,
            best.likeness,
            self._signals.likeness(question, best.hit) - usual,
            self._signals.covered(question, [best.hit], ACROSS),
            math.log(max(1, self._index.size(best.hit.document_id))),
            float(language == "en"),
            float(detect(question) not in {None, language}),
        )
        # Among a few candidates nothing can stand out.
        if best.hit.among >= CANDIDATES:
            measures += (best.hit.score, sum(others) / max(1, len(others)))
        return _quotes(found), measures

    def _found(self, question: str, hits: Sequence[Hit]) -> list[_Found]:
        """The best span of every sentence, the likely ones first, likeness not yet measured."""
        # What says whose words they are stands before the passage, and is never quoted.
        texts = [hit.passage.indexed_text for hit in hits]
        shifts = [len(text) - len(hit.text) for hit, text in zip(hits, texts, strict=True)]
        bounds = [sentence_spans(hit.text, hit.passage.language) for hit in hits]
        places = [
            [(start + shift, end + shift) for start, end in own]
            for own, shift in zip(bounds, shifts, strict=True)
        ]
        found = [
            _Found(
                hit,
                span,
                *place,
                followed(hit.text, own, place[0]),
                replies=replies(question, hit.text[slice(*place)]),
            )
            for hit, own, shift, best in zip(
                hits, bounds, shifts, self._model.find(question, texts, places), strict=True
            )
            for span in (_whole(hit.text, s, shift) for s in best)
            for place in [_around(hit.text, span, own)]
        ]
        return sorted(found, key=lambda item: -item.score)

    def _ranked(self, question: str, found: Sequence[_Found]) -> list[_Found]:
        """The likely ones with their likeness to the question, best first."""
        if not found:
            return []
        close = sum(item.score >= found[0].score - CLOSE for item in found[:PROMISING])
        likely = found[: max(SOME, close)]
        query = self._index.embed_question(question)
        meanings = self._index.model.embed_passages([item.meaning for item in likely])
        cosines = (meanings @ query).tolist()
        usual = (
            self._signals.usual_likeness(question, item.hit.passage.language) for item in likely
        )
        measured = [
            replace(item, likeness=cosine - mean)
            for item, cosine, mean in zip(likely, cosines, usual, strict=True)
        ]
        return sorted(measured, key=lambda item: -item.score)


def _fitted(settings: dict[str, Any]) -> Fitted:
    calibrations = [[float(w) for w in fitted] for fitted in settings["calibrations"]]
    return calibrations, float(settings["min_confidence"])


def _quotes(found: Sequence[_Found]) -> tuple[Quote, ...]:
    """Quotes of the best sentences, best first, within the limits on number and length."""
    quotes: list[Quote] = []
    room = LONGEST
    for item in found:
        if len(quotes) == MOST or item.score < found[0].score - NEAR:
            break
        near = item.score >= found[0].score - SURE and item.span.margin > 0
        quote = _quote(item, sure=near or not quotes)
        length = quote.end - quote.start
        if length <= room and not any(_overlap(quote, other) for other in quotes):
            quotes.append(quote)
            room -= length
    return tuple(quotes)


def _quote(item: _Found, sure: bool) -> Quote:
    """The sentences that hold a span, which is marked where it is sure."""
    shift = item.hit.passage.start
    marked = (item.span.start + shift, item.span.end + shift) if sure else None
    return Quote(item.hit, item.start + shift, item.end + shift, item.score, marked)


def _whole(text: str, span: Span, shift: int) -> Span:
    """The span in the text alone, which ``shift`` characters precede, with what limits a number."""
    start, end = span.start - shift, span.end - shift
    limit = LIMIT.search(text, max(0, start - 30), start) if NUMBER.match(text, start) else None
    return replace(span, start=limit.start() if limit else start, end=end)


def answers(text: str) -> bool:
    """Whether sentences tell something: they do not end as a question, and are not all capitals."""
    bare = text.rstrip(" \n\"'»”’)—―–-")
    return not bare.endswith("?") and any(letter.islower() for letter in bare)


def replies(question: str, text: str) -> bool:
    """Whether sentences may hold the reply that is asked for, not only what was asked."""
    return not REPLIED.search(question) or bool(REPLIED.search(text)) or not ASKED.search(text)


def followed(text: str, bounds: Sequence[tuple[int, int]], start: int) -> str:
    """The question that the sentence at ``start`` follows in its passage; empty if none."""
    before = [text[a:b].strip() for a, b in bounds if b <= start][-FOLLOWED:]
    return next((one for one in reversed(before) if one.endswith("?")), "")


def _overlap(one: Quote, other: Quote) -> bool:
    same = one.hit.document_id == other.hit.document_id
    return same and one.start < other.end and other.start < one.end


def _around(text: str, span: Span, bounds: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The sentences that hold a span; cut at spaces where they are too long to quote."""
    held = [(start, end) for start, end in bounds if start < span.end and end > span.start]
    start, end = min([span.start, *(a for a, _ in held)]), max([span.end, *(b for _, b in held)])
    if end - start <= LONGEST:
        return start, end
    room = max(0, LONGEST - (span.end - span.start)) // 2
    low, high = max(start, span.start - room), min(end, span.end + room)
    before, after = text[low : span.start], text[span.end : high]
    if low > start:
        low += len(before) - len(before.partition(" ")[2]) if " " in before else len(before)
    if high < end:
        high -= len(after) - len(after.rpartition(" ")[0]) if " " in after else len(after)
    return low, high
