"""Answers that are a list, the number of its items, or one of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.text.folding import fold
from index.text.marks import item_mark
from qa.answering.lists import ItemList, lists_of
from qa.answering.matching import Matcher
from qa.answering.neighbours import whole_list_hit
from qa.questions.kinds import Asked
from qa.readers import Quote, Reading
from qa.readers.evidence import NUMBER, covered
from qa.readers.units import quotable
from qa.types import Hit

__all__ = ["counted", "item", "listed", "quote_of"]

Span = tuple[int, int]

_LONGEST = 1200  # characters of a list that is quoted
_ALL = 0.99  # share of the question's words, for "all of them"
_COUNTED = {"es": "La lista tiene {} elementos.", "en": "The list has {} items."}
_MORE = {"es": "La lista sigue: {} elementos más.", "en": "The list goes on: {} more items."}
_THINGS = re.compile(r"(?:cosas?|puntos?|elementos?|pasos?|things?|items?|points?|steps?)\b")
_JOINED = re.compile(r"[:,]|\b(?:y|e|and)\b")
_SAYING = re.compile(
    r"\b(?:que|dice|dicen|establece|senala|indica|menciona|el|la|del|de|what|does|say|the|of|in|is|"
    r"es|cual|fue|was|which)\b"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A list with how far it fits: the shares, 0 to 1, of the question's words that its
    introduction holds, and that this and all it stands under hold together.

    ``held``: the reader's best quote lies in it. ``rank`` is its hit's place, from 0.
    """

    hit: Hit
    list: ItemList
    rank: int
    held: bool
    own: float
    wide: float

    @property
    def fit(self) -> float:
        return 0.6 * self.own + 0.4 * self.wide

    @property
    def order(self) -> tuple[float, bool, int, int]:
        return round(self.fit, 2), self.held, -self.rank, self.list.start


def listed(asked: Asked, matcher: Matcher, hits: Sequence[Hit], reading: Reading) -> Reading:
    """The whole list that is asked for, with what introduces it; else the reading as it is."""
    question = matcher.query.text
    found = list(_found(question, matcher, hits, reading))
    chosen = _chosen(asked, found, matcher, reading)
    if chosen is None or _one_item(asked, chosen, matcher):
        return reading
    return _whole(chosen, matcher, reading)


def counted(asked: Asked, matcher: Matcher, hits: Sequence[Hit], reading: Reading) -> Reading:
    """The list whose items are counted, and how many there are, where no sentence says it."""
    question = matcher.query.text
    found = [
        one
        for one in _found(question, matcher, hits, reading)
        if _is_counted(asked, one, matcher) or (_THINGS.match(asked.subject) and one.wide > 0.5)
    ]
    if not found or _number_said(asked, found, matcher, hits, reading):
        return reading
    best = max(found, key=lambda one: one.order)
    if best.wide < 0.6 and not (best.held and best.own):
        return reading
    told = _number_before(asked, best, matcher)
    whole = _whole(best, matcher, reading)
    if told:
        return replace(whole, quotes=(replace(whole.quotes[0], highlight=told),))
    note = _COUNTED[_language(matcher)].format(len(best.list.items))
    return replace(whole, notes=(*whole.notes, note))


def item(asked: Asked, matcher: Matcher, hits: Sequence[Hit], reading: Reading) -> Reading:
    """The one item that is asked for; no answer where its list is shorter."""
    subject = _SAYING.sub(" ", asked.subject).strip()
    things = _THINGS.match(subject)
    subject = subject[things.end() :] if things else subject
    found = list(_found(subject, matcher, hits, reading))
    if asked.mark:
        marked = [(one, at) for one in found if (at := _marked(asked, one.list)) is not None]
        fits = [pair for pair in marked if not subject or pair[0].wide > 0.5 or pair[0].held]
        if not fits:
            return reading
        one, place = max(fits, key=lambda pair: (*pair[0].order[:3], -pair[0].list.start))
        return _single(one, place, matcher, reading)
    named = [
        one for one in found if _is_counted(asked, one, matcher) or (things and one.wide > 0.5)
    ]
    if not named:
        return reading
    one = max(named, key=lambda one: one.order)
    if abs(asked.place) > len(one.list.items):
        return replace(reading, quotes=(), confidence=0.0) if one.wide >= _ALL else reading
    return _single(one, asked.place - 1 if asked.place > 0 else asked.place, matcher, reading)


def _found(
    question: str, matcher: Matcher, hits: Sequence[Hit], reading: Reading
) -> Iterator[_Found]:
    """The lists in the hits, each once."""
    best = reading.quotes[0] if reading.quotes else None
    seen: set[tuple[str, int]] = set()
    for rank, hit in enumerate(hits):
        grown = whole_list_hit(hit, matcher)
        for one in lists_of(grown.passage):
            key = hit.document_id, one.items[0][0]
            if key in seen:
                continue
            seen.add(key)
            held = best is not None and best.hit.document_id == hit.document_id
            held = held and best is not None and _first(one) <= _point(best) < one.end
            own, wide = _shares(question, matcher, grown, one)
            yield _Found(grown, one, rank, held, own, wide)


def _first(one: ItemList) -> int:
    return one.headings[0][0] if one.headings else one.start


def _point(quote: Quote) -> int:
    return quote.highlight[0] if quote.highlight else quote.start


def _shares(question: str, matcher: Matcher, hit: Hit, one: ItemList) -> tuple[float, float]:
    """The shares of the question's words in the introduction, and in all that stands above.

    Words of the title do not count for the first, where others are left: they tell which document
    is meant, not which list.
    """
    language = hit.passage.language
    weights = matcher.weights(question, language)
    introduced = matcher.stems(language, _introduced(hit, one))
    above = introduced | matcher.stems(language, *matcher.above(hit))
    titled = matcher.stems(language, hit.citation.title or "") - introduced
    rest = {word: weight for word, weight in weights.items() if word not in titled}
    return covered(rest or weights, introduced), covered(weights, above)


def _introduced(hit: Hit, one: ItemList) -> str:
    """The words that introduce a list, with the headings right above them; of what its passage
    does not hold, those of the context.
    """
    spans = [*one.headings, *([one.introduction] if one.introduction else [])]
    if spans:
        return "\n".join(_text(hit, span) for span in spans)
    begins = one.items[0][0] == hit.passage.start
    return hit.passage.context.rpartition(" › ")[2] if begins else ""


def _text(hit: Hit, span: Span) -> str:
    start = hit.passage.start
    return hit.passage.text[max(0, span[0] - start) : span[1] - start]


def _chosen(
    asked: Asked, found: Sequence[_Found], matcher: Matcher, reading: Reading
) -> _Found | None:
    """The list that fits, if any does better than what the reader chose."""
    if not found:
        return None
    alike = [one for one in found if matcher.same_language(one.hit.passage.language)]
    held = [one for one in found if one.held]
    if held and held[0] not in alike:
        # No words are shared: the reader's choice counts, and of two lists the inner one.
        return max(held, key=lambda one: one.list.start) if asked.sure else None
    best = max(alike, key=lambda one: one.order, default=None)
    inside = max((one for one in held if one in alike), key=lambda one: one.order, default=None)
    if inside and (best is None or inside.fit >= best.fit - 0.1):
        untold = not (best and best.own)
        return inside if _is_meant(asked, inside, matcher, reading, untold=untold) else None
    return best if best and _fits_better(asked, best, matcher, reading) else None


def _is_meant(
    asked: Asked, one: _Found, matcher: Matcher, reading: Reading, *, untold: bool
) -> bool:
    """Whether a list is asked for, where the reader's best quote lies in it.

    ``untold``: no list's introduction has a word of the question.
    """
    said = reading.quotes[0]
    introduced = said.start < one.list.items[0][0]
    if one.own and (introduced or asked.sure or one.fit >= 0.5):
        return True
    words = _text(one.hit, (said.start, said.end))
    share = matcher.share(matcher.query.text, one.hit.passage.language, words)
    return asked.sure and untold and share <= one.wide


def _fits_better(asked: Asked, one: _Found, matcher: Matcher, reading: Reading) -> bool:
    """Whether a list fits the question, and better than the quote that the reader chose."""
    if not one.own or one.fit < (0.5 if asked.sure else 0.7):
        return False
    if not reading.quotes or (not asked.sure and one.wide >= _ALL):
        return True
    quote = reading.quotes[0]
    words = _text(quote.hit, (quote.start, quote.end))
    above = matcher.above(quote.hit)
    share = matcher.share(matcher.query.text, quote.hit.passage.language, words, *above)
    return one.wide > share


def _one_item(asked: Asked, one: _Found, matcher: Matcher) -> bool:
    """Whether a word of the question stands in one item alone: it asks for what this one says.

    Who asks for several things means it only where that item names several.
    """
    language = one.hit.passage.language
    above = matcher.stems(language, _introduced(one.hit, one.list), *matcher.above(one.hit))
    rest = matcher.weights(matcher.query.text, language).keys() - above
    if not rest:
        return False
    texts = [_text(one.hit, span) for span in one.list.items]
    holding = [text for text in texts if rest & matcher.stems(language, text)]
    if len(holding) != 1:
        return False
    mark = item_mark(holding[0], 0, len(holding[0]))
    return not asked.sure or bool(_JOINED.search(holding[0], mark.end if mark else 0))


def _whole(one: _Found, matcher: Matcher, reading: Reading) -> Reading:
    quote, left = quote_of(one.hit, one.list)
    language = _language(matcher)
    more = _MORE[language].format(left)
    if left == 1:
        more = more.replace("elementos", "elemento").replace("items", "item")
    return Reading((quote,), _sure(one, matcher, reading), notes=(more,) if left else ())


def quote_of(hit: Hit, one: ItemList) -> tuple[Quote, int]:
    """The introduction and the items, as many as fit, and how many are left; items are marked."""
    ends = [end for _, end in one.items if end - one.start <= _LONGEST] or [one.items[0][1]]
    start = max(one.start, hit.passage.start)
    quote = Quote(hit, start, ends[-1], hit.score, (one.items[0][0], ends[-1]))
    return quote, len(one.items) - len(ends)


def _sure(one: _Found, matcher: Matcher, reading: Reading) -> float:
    """The confidence; at least a set one where every word of the question stands above.

    Where less than half of them do, it is less: "requirements to adopt a dog" of a list of others.
    """
    whole = one.own > 0 and one.wide >= _ALL
    least = matcher.settings.whole_confidence if whole else 0.0
    alike = matcher.same_language(one.hit.passage.language)
    return max(least, reading.confidence * (min(1.0, 2 * one.wide) if alike else 1.0))


def _single(one: _Found, place: int, matcher: Matcher, reading: Reading) -> Reading:
    start, end = one.list.items[place]
    words = _text(one.hit, (start, end))
    mark = item_mark(words, 0, len(words))
    quote = Quote(one.hit, start, end, one.hit.score, (start + (mark.end if mark else 0), end))
    return Reading((quote,), _sure(one, matcher, reading))


def _marked(asked: Asked, one: ItemList) -> int | None:
    """The place of the item with the mark that is asked for, or of its number."""
    bare = [fold(mark).strip("().- –—º°,:") for mark in one.marks]
    if asked.mark in bare:
        return bare.index(asked.mark)
    digits = str(asked.place)
    if asked.place and digits in bare:
        return bare.index(digits)
    unmarked = not any(bare) and asked.place
    return asked.place - 1 if unmarked and asked.place <= len(one.items) else None


# What is counted


def _head(asked: Asked, matcher: Matcher, language: str | None) -> str | None:
    """The first word of what is counted, as it is indexed."""
    for word in re.findall(r"\w+", asked.subject):
        if stems := matcher.weights(word, language):
            return next(iter(stems))
    return None


def _is_counted(asked: Asked, one: _Found, matcher: Matcher) -> bool:
    """Whether the introduction names what is counted."""
    language = one.hit.passage.language
    head = _head(asked, matcher, language)
    return head is not None and head in matcher.stems(language, _introduced(one.hit, one.list))


def _number_said(
    asked: Asked, found: Sequence[_Found], matcher: Matcher, hits: Sequence[Hit], reading: Reading
) -> bool:
    """Whether a sentence outside of the lists has a number before what is counted."""
    quoted = (quote.hit for quote in reading.quotes)
    for hit in dict.fromkeys((*quoted, *hits[:3])):
        passage = hit.passage
        for start, end in quotable(passage):
            here = passage.start + start, passage.start + end
            inside = any(
                one.hit.document_id == hit.document_id and one.list.start <= here[0] < one.list.end
                for one in found
            )
            if not inside and _numbered(asked, passage.text[start:end], matcher, passage.language):
                return True
    return False


def _numbered(asked: Asked, words: str, matcher: Matcher, language: str | None) -> Span | None:
    """Where a number stands within two words before what is counted."""
    head = _head(asked, matcher, language)
    for match in re.finditer(r"\w+", words):
        if head in matcher.stems(language, match[0]):
            for number in list(re.finditer(r"\w+", words[: match.start()]))[-2:]:
                apart = re.search(r"[^\w\s]", words[number.end() : match.start()])
                if not apart and (NUMBER.fullmatch(number[0]) or number[0].isdigit()):
                    return number.span()
    return None


def _number_before(asked: Asked, one: _Found, matcher: Matcher) -> Span | None:
    """Where the introduction itself says how many there are."""
    if one.list.introduction is None:
        return None
    words = _text(one.hit, one.list.introduction)
    found = _numbered(asked, words, matcher, one.hit.passage.language)
    start = max(one.list.introduction[0], one.hit.passage.start)
    return (start + found[0], start + found[1]) if found else None


def _language(matcher: Matcher) -> str:
    return matcher.query.language or "es"
