"""For and against: what is said of the other side of what a question asks is no answer to it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answering.lists import lists_of
from qa.answering.matching import Matcher
from qa.answering.neighbours import whole_list_hit
from qa.answering.whole_lists import quote_of
from qa.questions.opposites import (
    OPPOSITES,
    VOTES,
    Opposites,
    clauses,
    governing,
    side_asked,
    sides,
)
from qa.readers import Quote, Reading
from qa.readers.evidence import NUMBERS, WANTED, kind_asked
from qa.readers.units import quotable
from qa.types import Hit

__all__ = ["voted", "without_opposed"]

Span = tuple[int, int]

_CAPITAL = r"[A-ZÁÉÍÓÚÜÑ][\w'’.-]*\w"
_NAME = rf"{_CAPITAL}(?:\s(?:(?:de la|de los|del|de|van|von)\s)?{_CAPITAL})*"
_NAMES = re.compile(
    rf"{_NAME}(?:(?:,\s(?:(?:y|e|and)\s)?|\s(?:y|e|and)\s)(?:[a-záéíóúñ]+\s){{0,3}}?{_NAME})*"
)
_NO_NAME = re.compile(
    r"(?:se|con|por|el|la|lo|los|las|al|asimismo|además|también|finalmente|en|the|only|both|there|"
    r"with|in|on|a|an|no|none|those|while|que|quien(?:es)?|fue|fueron|s[oó]lo|hub[oi]\w*|"
    r"(?:vot|abst|council|member|concejal|regidor|diputad|senador|consej|vocal|[uú]nic|posterior)"
    r"\w{0,12})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"\b(?:\d+|un[oa]?|{'|'.join(NUMBERS)}|trece|catorce|diecis[eé]is|diecisiete|dieciocho|"
    r"diecinueve|veinti\w+|cero|ning[uú]n[oa]?|one|zero|none|no(?= votes?)|thirteen|fourteen|"
    r"sixteen|seventeen|eighteen|nineteen|\w+ty-\w+)\b",
    re.IGNORECASE,
)
_MANY = re.compile(r"\b(?:cu[aá]nt[oa]s?|how many|n[uú]mero|number)\b", re.IGNORECASE)
_WHO = re.compile(
    r"\b(?:qui[eé]n(?:es)?|who|whom)\b|\b(?:qu[eé]|which|cu[aá]l(?:es)?)\b", re.IGNORECASE
)
# Words of a vote, whatever is voted on.
_VOTING = """
    voto votos votó votaron votar votación favor contra abstuvo abstuvieron abstención abstenciones
    hubo emitieron tuvo recibió obtuvo regidores regidor diputados senadores concejales miembros
    personas propuesta moción proyecto iniciativa punto acuerdo asunto dictamen quien quienes
    vote votes voted voting against favour favor for abstained abstentions abstain members
    councillors people motion proposal bill item resolution received get got cast
"""
_ACROSS = 0.01  # the share that counts as held across languages
_BESIDE = 40  # characters between a number and the words of its side


def without_opposed(question: str, reading: Reading) -> Reading:
    """The reading, in which quotes of the other side come last; where they are all, no answer.

    A mark on the other side of a sentence that has both is moved to the side that is asked for.
    """
    for pair in OPPOSITES:
        asked = side_asked(question, pair)
        if asked is not None and reading.quotes:
            reading = _demoted(question, pair, asked, reading)
    return reading


def _demoted(question: str, pair: Opposites, asked: int, reading: Reading) -> Reading:
    quotes = [_moved(question, pair, asked, quote) for quote in reading.quotes]
    against = [quote for quote in quotes if _side(quote, pair) not in {None, asked}]
    if not against:
        return replace(reading, quotes=tuple(quotes))
    rest = [quote for quote in quotes if quote not in against]
    if not pair.strict:
        # A mark on the other side would be another answer.
        bare = [replace(quote, highlight=None) if rest else quote for quote in against]
        return replace(reading, quotes=(*rest, *bare))
    # What is left answers only where the reader took it for an answer, too.
    if rest and (rest[0].highlight or quotes[0] is rest[0]):
        return replace(reading, quotes=tuple(rest))
    return replace(reading, quotes=(), confidence=0.0)


def _side(quote: Quote, pair: Opposites) -> int | None:
    if quote.highlight is None:
        return None
    words = _words(quote)
    start, end = (at - quote.start for at in quote.highlight)
    return governing(words, start, end, pair)[0]


def _moved(question: str, pair: Opposites, asked: int, quote: Quote) -> Quote:
    """The quote, its mark moved to the clauses of the side that is asked for, if it has such."""
    if quote.highlight is None:
        return quote
    words, kind = _words(quote), kind_asked(question)
    first, last = (at - quote.start for at in quote.highlight)
    side = _side(quote, pair)
    both = {found for found, _ in sides(words[first:last], pair)} - {asked}
    if side == asked or (side is None and not both):
        return quote
    for start, end in _areas(words, asked, pair):
        beside = side is not None or (start < last and end > first)
        if beside and (kind is None or WANTED[kind].search(words[start:end])):
            return replace(quote, highlight=_bare(quote.start, words, start, end))
    return quote


def _bare(shift: int, words: str, start: int, end: int) -> Span:
    return shift + start, shift + start + len(words[start:end].rstrip(" .;,"))


def _areas(words: str, side: int, pair: Opposites) -> Iterator[Span]:
    """Where clauses under one side stand, those that follow each other as one."""
    open_at: Span | None = None
    for start, end in clauses(words):
        if governing(words, start, end, pair)[0] == side:
            open_at = (open_at[0] if open_at else start), end
        elif open_at:
            yield open_at
            open_at = None
    if open_at:
        yield open_at


def _words(quote: Quote) -> str:
    start = quote.hit.passage.start
    return quote.hit.passage.text[quote.start - start : quote.end - start]


# Votes


@dataclass(frozen=True, slots=True)
class _Vote:
    """A sentence with the side that is asked for; offsets in the document."""

    hit: Hit
    start: int
    end: int
    highlight: Span
    told: bool  # names or a number, as is asked for
    share: float


def voted(matcher: Matcher, hits: Sequence[Hit], reading: Reading) -> Reading:
    """Who was, or how many were, on the side that a question asks for."""
    question = matcher.query.question
    side = side_asked(question, VOTES)
    if side is None:
        return reading
    quoted = (quote.hit for quote in reading.quotes)
    found: list[_Vote] = []
    for hit in dict.fromkeys((*quoted, *hits)):
        found += _votes(question, side, matcher, hit)
    found = [vote for vote in found if vote.share != _ACROSS] or found
    if not found:
        return reading
    if all(vote.share == 0 for vote in found):  # another matter was voted on
        return replace(reading, quotes=(), confidence=0.0)
    if reading.quotes and _tells(question, side, reading.quotes[0]):
        return reading
    # Of those that say as much about the same matter, the first.
    best = max(found, key=lambda vote: (vote.told and vote.share > 0, round(vote.share, 2)))
    quote = Quote(best.hit, best.start, best.end, best.hit.score, best.highlight)
    held = [q for q in reading.quotes if q.hit is best.hit and q.start < best.end <= q.end + 1]
    if held and held[0].start <= best.start:
        quote = replace(held[0], highlight=best.highlight)
    if (listed := _names_below(best, matcher)) is not None:
        quote = listed
    return replace(reading, quotes=(quote,))


def _tells(question: str, side: int, quote: Quote) -> bool:
    """Whether what is marked is on the side, and a number or a name, as is asked for."""
    if quote.highlight is None or _side(quote, VOTES) != side:
        return False
    start, end = (at - quote.start for at in quote.highlight)
    marked = _words(quote)[start:end]
    if _MANY.search(question):
        return _NUMBER.search(marked) is not None
    return next(_name_runs(marked), None) is not None


def _votes(question: str, side: int, matcher: Matcher, hit: Hit) -> Iterator[_Vote]:
    passage = hit.passage
    many = _MANY.search(question) is not None
    before = ""
    for start, end in quotable(passage):
        words = passage.text[start:end]
        for a, b in _areas(words, side, VOTES):
            number = _number(words, a, b, side)
            told = number if many else _who(words, a, b)
            said = told or number or (a, b)
            shift = passage.start + start
            share = _about(question, matcher, hit, words, before)
            yield _Vote(
                hit, shift, passage.start + end, _bare(shift, words, *said), told is not None, share
            )
        before = words


def _about(question: str, matcher: Matcher, hit: Hit, words: str, before: str) -> float:
    """How far a sentence, the one before and the passage are about what was voted on."""
    language = hit.passage.language
    voting = matcher.stems(language, _VOTING)
    weights = {w: n for w, n in matcher.weights(question, language).items() if w not in voting}
    total = sum(weights.values())
    if not total or not matcher.same_language(language):
        return _ACROSS
    around = "\n".join((*matcher.above(hit), hit.passage.text))
    held = [matcher.stems(language, text) for text in (words, before, around)]
    nearest = (
        next(
            (part for part, stems in zip((1.0, 0.8, 0.5), held, strict=True) if word in stems), 0.0
        )
        for word in weights
    )
    return sum(n * part for n, part in zip(weights.values(), nearest, strict=True)) / total


def _number(words: str, start: int, end: int, side: int) -> Span | None:
    """The number of a side's votes, with the words of its side where they come right after."""
    numbers = list(_NUMBER.finditer(words, start, end))
    marks = [
        span for found, span in sides(words, VOTES) if found == side and start <= span[0] < end
    ]
    if not numbers or not marks:
        return None
    first, last = marks[0]
    # "Seven for": the number may be a part of the words of the side.
    before = [n for n in numbers if n.start() <= first]
    if before:
        number = before[-1]
        near = first - number.end() <= _BESIDE
        return (number.start(), last) if near else number.span()
    number = numbers[0]
    unit = re.match(r"\s+(?:votos?|votes?)\b", words[number.end() : end])
    return number.start(), number.end() + (unit.end() if unit else 0)


def _who(words: str, start: int, end: int) -> Span | None:
    """The names of a side, from the first to the last; the longest row of them."""
    runs = [(start + a, start + b) for a, b in _name_runs(words[start:end])]
    return max(runs, key=lambda run: run[1] - run[0], default=None)


def _name_runs(words: str) -> Iterator[Span]:
    at = 0
    while match := _NAMES.search(words, at):
        first = re.match(_CAPITAL, match[0])
        if first and _NO_NAME.fullmatch(first[0]) and not words[: match.start()].strip(' «"“'):
            at = match.start() + first.end()
            continue
        yield match.span()
        at = match.end()


def _names_below(vote: _Vote, matcher: Matcher) -> Quote | None:
    """The list that the sentence introduces: "Votaron a favor:", and names below."""
    passage = vote.hit.passage
    if not passage.text[vote.start - passage.start : vote.end - passage.start].endswith(":"):
        return None
    grown = whole_list_hit(vote.hit, matcher)
    below = (
        one
        for one in lists_of(grown.passage)
        if one.introduction and one.introduction[0] < vote.end <= one.items[0][0]
    )
    one = next(below, None)
    return quote_of(grown, one)[0] if one else None
