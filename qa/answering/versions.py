"""Versions of one rule: what another document says in almost the same words, with other figures.

A reader may quote one version alone. So the counterpart of its best quote is looked for among the
hits: a sentence of another document that shares most of its words, in a passage that has all the
words of the question that the quoted passage has.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from index.query import Query
from index.text.analysis import analyse
from index.text.folding import fold
from qa.asked.counting import COUNTING
from qa.asked.lacking import lacks_exactly
from qa.asked.values import ValueKind, folded, values
from qa.readers import Quote, Reading
from qa.readers.units import quotable
from qa.search.retriever import Search
from qa.types import Citation, Hit

__all__ = ["completed", "figures", "likeness", "version", "with_counterparts", "years_of"]

ALIKE = 0.75  # share of words from which on a sentence is the counterpart of another
ALIKE_IN_VERSIONS = 0.5  # the same, where the documents have one title but for its numbers
MOST = 2  # counterparts

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(rf"\d\w*|{COUNTING}")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_VERSION_WORDS = re.compile(
    r"\b(?:nuev[oa]|vigente|actual(?:izad[oa])?|reformad[oa]|abrogad[oa]|anterior|antigu[oa]|viej[oa]|"
    r"version|v|rev(?:isado|isada|ised|ision)?|new|old|current|former|amended|updated|draft|final|"
    r"borrador|copia|copy|modificad[oa]|txt|pdf|docx?|html?|odt|rtf|md)\b"
)


def completed(search: Search, reading: Reading) -> Reading:
    """A reading with the counterparts of its best quote, and without words about something else.

    A quote of an article other than those that the question names does not answer it, nor does one
    without the very amount that it names.
    """
    query = search.query
    quotes = [quote for quote in reading.quotes if not _is_beside(query, quote, search.hits)]
    if quotes and quotes[0] != reading.quotes[0] and quotes[0].highlight is None:
        quotes = []  # the confidence was another quote's
    if quotes:
        quotes = with_counterparts(query, quotes, search.hits)
    confidence = reading.confidence if quotes else 0.0
    return replace(reading, quotes=tuple(quotes), confidence=confidence)


def _is_beside(query: Query, quote: Quote, hits: Sequence[Hit]) -> bool:
    beside = [hit.passage for hit in hits if hit.document_id == quote.hit.document_id]
    return lacks_exactly(query.question, query.language, quote.hit.passage, beside)


def with_counterparts(query: Query, quotes: Sequence[Quote], hits: Sequence[Hit]) -> list[Quote]:
    """The quotes, best first, and after the best the counterparts that other documents have."""
    best = quotes[0]
    if best.highlight is None:
        return list(quotes)
    quoted = {quote.hit.document_id for quote in quotes if quote.highlight}
    found: list[Quote] = []
    for hit in hits:
        if hit.document_id not in quoted and len(found) < MOST:
            counterpart = _counterpart(query, best, hit)
            if counterpart:
                found.append(counterpart)
                quoted.add(hit.document_id)
    taken = {quote.hit.document_id for quote in found}
    return [best, *found, *(q for q in quotes[1:] if q.hit.document_id not in taken)]


def _counterpart(query: Query, best: Quote, hit: Hit) -> Quote | None:
    """The sentence of a hit that says almost the same as the best quote, and not quite."""
    least = ALIKE_IN_VERSIONS if _are_versions(best.hit, hit) else ALIKE
    said = _words_of(best)
    sentences = [hit.text[start:end] for start, end in quotable(hit.passage)]
    scores = [likeness(said, sentence) for sentence in sentences]
    place = max(range(len(scores)), key=scores.__getitem__, default=None)
    if place is None or scores[place] < least or not _holds_as_much(query, best.hit, hit):
        return None
    start, end = quotable(hit.passage)[place]
    at = hit.passage.start
    mark = _aligned(best, hit.text[start:end])
    if mark is None:
        return None
    highlight = (at + start + mark[0], at + start + mark[1])
    return Quote(hit, at + start, at + end, best.score, highlight)


def likeness(one: str, other: str) -> float:
    """The share, 0 to 1, of their words without numbers that two texts have both."""
    mine, theirs = (
        {word for word in _WORD.findall(fold(text)) if not _NUMBER.fullmatch(word)}
        for text in (one, other)
    )
    return len(mine & theirs) / max(1, len(mine | theirs))


def figures(text: str, language: str | None = None) -> frozenset[tuple[ValueKind, str]]:
    """The numbers, dates and times of a text; not those of its articles."""
    return frozenset(
        (value.kind, key)
        for value in values(text, language)
        if value.kind is not ValueKind.PART
        for key in value.keys
    )


def version(citation: Citation) -> str:
    """What tells which of several versions is newer: the date, else the year in the names."""
    return citation.date or max(years_of(citation), default="")


def years_of(citation: Citation) -> set[str]:
    """The years in a document's date, title and id."""
    names = f"{citation.document_id} {citation.title or ''} {citation.date or ''}"
    return set(_YEAR.findall(names))


def _are_versions(one: Hit, other: Hit) -> bool:
    """Whether two documents have one title, or one name, but for numbers and words as "nuevo"."""
    titles, ids = (
        [_bare(hit.citation.title or "") for hit in (one, other)],
        [_bare(hit.document_id) for hit in (one, other)],
    )
    return any(first and first == second for first, second in (titles, ids))


def _bare(name: str) -> str:
    plain = _VERSION_WORDS.sub(" ", " ".join(re.findall(r"[^\W\d_]+", fold(name))))
    return " ".join(plain.split())


def _holds_as_much(query: Query, one: Hit, other: Hit) -> bool:
    """Whether a passage has all the question's words, but years, that another one has."""
    language = one.passage.language
    if language != other.passage.language:
        return False
    asked = {stem for stem in query.stems(language or "es") if not stem.isdigit()}
    mine, theirs = (
        asked.intersection(analyse(hit.passage.indexed_text, language)) for hit in (one, other)
    )
    return mine <= theirs


def _words_of(quote: Quote) -> str:
    start = quote.hit.passage.start
    return quote.hit.text[quote.start - start : quote.end - start]


def _aligned(best: Quote, sentence: str) -> tuple[int, int] | None:
    """Where a sentence has what stands in the place of the best quote's mark; None if the same."""
    said = _words_of(best)
    mark = best.highlight or (best.start, best.end)
    marked = mark[0] - best.start, mark[1] - best.start
    mine, theirs = (list(_WORD.finditer(folded(text))) for text in (said, sentence))
    inside = [
        n for n, word in enumerate(mine) if word.end() > marked[0] and word.start() < marked[1]
    ]
    if not inside:
        return None
    first, last = inside[0], inside[-1] + 1
    matcher = SequenceMatcher(
        None, [word[0] for word in mine], [word[0] for word in theirs], autojunk=False
    )
    places: list[int] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        low, high = max(a, first), min(b, last)
        if low < high:
            same = kind == "equal"
            places += range(c + low - a, c + high - a) if same else range(c, d)
    if not places:
        return None
    start, end = min(places), max(places) + 1
    if [word[0] for word in mine[first:last]] == [word[0] for word in theirs[start:end]]:
        return None
    return theirs[start].start(), theirs[end - 1].end()
