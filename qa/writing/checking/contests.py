"""Whether a value or name of a sentence is said of the same as in its passage, or another one is.

The place of the passage that has it must be the one whose words the sentence has around it, not a
place with another value of its kind. Where that does not settle it, it is taken out of the sentence
and the reading model is asked for it ("... what year ...").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.asked.values import Value, ValueKind
from qa.search.span_model import Span as Marked
from qa.search.span_model import SpanModel
from qa.writing.checking.contexts import best_context, common
from qa.writing.checking.names import Name, as_one
from qa.writing.checking.presence import same_places
from qa.writing.checking.sources import Source
from qa.writing.checking.verdicts import Span

__all__ = ["LOCAL", "READ", "Thing", "local_features", "read_features", "things"]

_RIVALS = 40  # that are tried in the sentence
_MOST = 12.0  # points of a margin that count
_ASKING = {
    "es": ("cuántos", "qué porcentaje", "cuándo", "a qué hora", "qué año", "quién"),
    "en": ("how many", "what percentage", "when", "what time", "what year", "who"),
}
LOCAL = (
    "context on any side",
    "the same, ahead of the rival's",
    "context on the same side",
    "the same, ahead of the rival's",
    "no rival",
    "word before",
    "word after",
    "the rival's words before and after",
    "share of the sentence's words",
    "the same, ahead of the rival's",
    "another language",
    "words in order, ahead of those with the rival",
    "share of words in order",
)
"""What `local_features` gives."""
READ = (
    "margin",
    "margin ahead of the rival's",
    "margin ahead of all others",
    "head",
    "answers the question",
    "a rival answers it",
)
"""What `read_features` gives."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A value or name of a sentence; where a passage has it, and where others of its kind.

    ``asking`` are the words that ask for it.
    """

    start: int
    end: int
    is_name: bool
    asking: str
    own: tuple[Span, ...]
    rivals: tuple[Span, ...]


def things(sentence: Source, passage: Source) -> Iterator[Thing]:
    """The values and names of a sentence that a passage is to be asked for."""
    for value in sentence.values:
        if value.kind is not ValueKind.PART:
            yield _value(value, sentence, passage)
    for name in sentence.names:
        yield _name(name, sentence, passage)


def _name(name: Name, sentence: Source, passage: Source) -> Thing:
    """A name; it may stand in parts, and where a sentence begins with it."""
    own = [(other.start, other.end) for other in passage.names if _share(name, other)]
    own += [
        (token.start, token.end)
        for token in passage.tokens
        if token.plain in name.words
        and passage.text[token.start].isupper()
        and not any(a <= token.start < b for a, b in own)
    ]
    rivals = [(other.start, other.end) for other in passage.names if not _share(name, other)]
    asking = _ASKING[sentence.language][5]
    return Thing(name.start, name.end, True, asking, tuple(own), tuple(rivals))


def _share(name: Name, other: Name) -> bool:
    own, others = (set(map(as_one, one.words)) for one in (name, other))
    return not own.isdisjoint(others)


def _value(value: Value, sentence: Source, passage: Source) -> Thing:
    same, kind = same_places(value, sentence, passage), _kind(value)
    rivals = tuple(
        (other.start, other.end)
        for other in passage.values
        if other not in same and _kind(other) == kind and not other.is_in(value)
    )
    place = {ValueKind.NUMBER: 0, ValueKind.SHARE: 1, ValueKind.DATE: 2}.get(value.kind, 3)
    is_year = kind is ValueKind.DATE and value.kind is ValueKind.NUMBER
    asking = _ASKING[sentence.language][4 if is_year else place]
    own = tuple((other.start, other.end) for other in same)
    return Thing(value.start, value.end, False, asking, own, rivals)


def _kind(value: Value) -> ValueKind:
    """The kind, that of a date for a year."""
    years = any(len(key) == 4 and "1000" <= key < "2100" for key in value.keys)
    return ValueKind.DATE if value.kind is ValueKind.NUMBER and years else value.kind


def local_features(thing: Thing, sentence: Source, passage: Source) -> tuple[float, ...]:
    """What speaks for a thing by the words around it, as `LOCAL` names it."""
    at = thing.start, thing.end
    mine, _ = best_context(at, sentence, passage, thing.own)
    other, _ = best_context(at, sentence, passage, thing.rivals)
    return (
        mine.any_side,
        mine.any_side - other.any_side,
        mine.same_side,
        mine.same_side - other.same_side,
        float(not thing.rivals),
        mine.left,
        mine.right,
        min(other.left, other.right),
        mine.covered,
        mine.covered - other.covered,
        float(sentence.language != passage.language),
        *_in_order(thing, sentence, passage),
    )


def _in_order(thing: Thing, sentence: Source, passage: Source) -> tuple[float, float]:
    """By how many words in order the sentence is more like the passage than with a rival, in words
    of the thing; and the share of its words that stand there in order.
    """
    at = thing.start, thing.end
    own = max((common(sentence, at, passage, place) for place in thing.own), default=0)
    rivals = thing.rivals[:_RIVALS]
    other = max((common(sentence, at, passage, place) for place in rivals), default=0)
    many = max(1, len(sentence.words_in(*at)))
    ahead = max(-1.0, min(1.0, (own - other) / many)) if rivals else 1.0
    return ahead, min(1.0, own / max(1, len(sentence.tokens)))


def read_features(
    thing: Thing, sentence: Source, passage: Source, judge: SpanModel, question: str = ""
) -> tuple[float, ...]:
    """What speaks for a thing by the reading model, as `READ` names it, in points of its margin.

    The last two are about the ``question`` that the sentence answers, 0 without one.
    """
    text = sentence.text
    asked = f"{text[: thing.start]}{thing.asking}{text[thing.end :]}".rstrip(" .") + "?"
    regions = [*thing.own, *thing.rivals, *passage.sentences]
    (read,) = judge.read(asked, [passage.text], [regions])
    own = _margin(read.spans, thing.own)
    others = [s.margin for s in read.spans if not _is_inside(s, thing.own)]
    ahead = (own - _margin(read.spans, thing.rivals), own - max(others, default=-_MOST))
    points = (max(-_MOST, min(_MOST, more)) for more in ahead)
    return own, *points, read.head, *_answers(thing, sentence, passage, judge, question)


def _answers(
    thing: Thing, sentence: Source, passage: Source, judge: SpanModel, question: str
) -> tuple[float, float]:
    """Whether a thing is the answer that is found to the question; whether that is a rival which
    the sentence does not have.
    """
    if not question:
        return 0.0, 0.0
    (read,) = judge.read(question, [passage.text], [passage.sentences])
    best = read.spans[0] if read.spans else None
    if best is None or best.margin < 0:
        return 0.0, 0.0
    answer = passage.text[best.start : best.end].lower()
    rival = _is_inside(best, thing.rivals) and answer not in sentence.text.lower()
    return float(_is_inside(best, thing.own)), float(rival)


def _is_inside(span: Marked, regions: Sequence[Span]) -> bool:
    return any(a < span.end and span.start < b for a, b in regions)


def _margin(spans: Sequence[Marked], regions: Sequence[Span]) -> float:
    held = (s.margin for s in spans if any(a <= s.start and s.end <= b for a, b in regions))
    return max(-_MOST, min(_MOST, max(held, default=-_MOST)))
