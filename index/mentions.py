"""Every mention of a phrase in the documents: no search for the best, but all there are.

The words say which passages may hold a mention, or a part of one; their surroundings are then read.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence

from index.storage.catalog import Catalog
from index.storage.words import WordStore
from index.text.analysis import STEMMERS, analyser
from index.text.phrases import Phrase

__all__ = ["mentions"]

Span = tuple[int, int]

_TRIED = 12  # words of a phrase, the longest, of which one is looked up: long words are rare


def mentions(
    catalog: Catalog, lexical: WordStore, phrase: Phrase, documents: Collection[int] | None
) -> Iterator[tuple[str, list[Span]]]:
    """The documents' ids, in their order, with the offsets of the mentions, in their order.

    A mention begins in a passage, and may end in another. ``documents`` limits them to documents
    with these numbers.
    """
    words = _rarest(phrase, lexical)
    places = None if words is None else catalog.places(lexical.holding(words).tolist())
    for number, id in catalog.ids().items():
        if documents is not None and number not in documents:
            continue
        if places is None:
            found = list(phrase.spans(catalog.text(number)))
        elif near := places.get(number):
            text = catalog.text(number)
            windows = _windows(near, phrase.reach, len(text))
            found = [span for window in windows for span in phrase.spans(text, *window)]
        else:
            continue
        if found and (inside := _inside(found, catalog.spans(number))):
            yield id, inside


def _windows(places: Sequence[Span], reach: int, length: int) -> Iterator[Span]:
    """The places with what is within reach, in order, overlapping ones as one."""
    first, last = places[0]
    for start, end in places[1:]:
        if start - last > 2 * reach:
            yield max(0, first - reach), min(length, last + reach)
            first = start
        last = max(last, end)
    yield max(0, first - reach), min(length, last + reach)


def _inside(found: Sequence[Span], passages: Sequence[Span]) -> list[Span]:
    """The spans that begin in a passage: what no passage holds is not part of the document."""
    starts = [start for start, _ in passages]

    def begins(at: int) -> bool:
        place = bisect_right(starts, at) - 1
        return place >= 0 and at < passages[place][1]

    return [span for span in found if begins(span[0])]


def _rarest(phrase: Phrase, lexical: WordStore) -> dict[str, set[str]] | None:
    """Of the phrase's word that fewest passages hold, the terms of which each mention has one.

    They are given by language. None where it has no word that is indexed.
    """
    best: dict[str, set[str]] | None = None
    fewest = 0
    for word in sorted(set(phrase.words), key=lambda word: (-len(word), word))[:_TRIED]:
        terms = {language: _terms(word, language, lexical) for language in STEMMERS}
        known = {language: found for language, found in terms.items() if found is not None}
        if len(known) < len(terms):
            continue
        passages = sum(lexical.frequency(t, of) for of, every in known.items() for t in every)
        if best is None or passages < fewest:
            best, fewest = known, passages
    return best


def _terms(word: str, language: str, lexical: WordStore) -> set[str] | None:
    """What is indexed for a folded word: itself, or where a line breaks it one of its parts.

    None where that may be nothing, as for "de".
    """
    if not word.isascii():  # accents of other scripts are indexed as they are
        return None
    analyse = analyser(language).analyze
    terms: set[str] = set()
    for cut in range(len(word)):
        parts = [*analyse(word[:cut]), *analyse(word[cut:])]
        if not parts:
            return None
        terms.add(min(parts, key=lambda part: lexical.frequency(part, language)))
    return terms
