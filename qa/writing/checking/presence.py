"""What a sentence states that stands in no passage: numbers, dates, names, quoted words. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from qa.answering.lacking import alike
from qa.asked.values import Value, ValueKind, folded, values
from qa.writing.checking.names import Name, as_one, has_initials
from qa.writing.checking.sources import Source
from qa.writing.checking.units import unit_at
from qa.writing.checking.verdicts import Reason

__all__ = ["missing", "same_places"]

Lack = tuple[Reason, str]
"""What fails, and the words that do."""

_QUOTED = (re.compile(r"[“«„‘]([^“”«»„‘’]{2,300})[”»’]"), re.compile(r'"([^"]{2,300})"'))
_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")
_PERCENT = re.compile(r"%|por ?cien|percent|porcentaje|per cent")
_DAYS = (
    "lunes monday|martes tuesday|miercoles wednesday|jueves thursday|viernes friday|"
    "sabado saturday|domingo sunday"
)
# From 2: "first" is also "at first".
_ORDINALS = (
    r"segund[oa] second 2nd ii 2[.]?[ºoa°]|tercer[oa]? third 3rd iii 3[.]?[ºoa°]er?|"
    r"cuart[oa] fourth 4th iv 4[.]?[ºoa°]|quint[oa] fifth 5th v 5[.]?[ºoa°]|"
    r"sext[oa] sixth 6th vi 6[.]?[ºoa°]|septim[oa] seventh 7th vii 7[.]?[ºoa°]|"
    r"octav[oa] eighth 8th viii 8[.]?[ºoa°]|noven[oa] ninth 9th ix 9[.]?[ºoa°]|"
    r"decim[oa] tenth 10th x 10[.]?[ºoa°]"
)


def missing(sentence: Source, passages: Sequence[Source]) -> Iterator[Lack]:
    """What the sentence states and no passage does, nor what it belongs to."""
    yield from _quotes(sentence, passages)
    yield from _values(sentence, passages)
    yield from _figures(sentence, passages)
    yield from _of_sets(sentence, passages)
    yield from _names(sentence, passages)


def _quotes(sentence: Source, passages: Sequence[Source]) -> Iterator[Lack]:
    texts = [_plain(passage.whole) for passage in passages]
    pairs = _QUOTED if sentence.text.count('"') % 2 == 0 else _QUOTED[:1]
    for match in (match for form in pairs for match in form.finditer(sentence.text)):
        parts = [_plain(part) for part in re.split(r"\[?(?:…|\.\.\.)\]?", match[1])]
        if not any(all(f" {part.strip()} " in text for part in parts) for text in texts):
            yield Reason.QUOTE, match[1]


def _plain(text: str) -> str:
    return f" {' '.join(_WORD.findall(folded(text)))} "


def _is_stated(value: Value, other: Value, text: str) -> bool:
    """Whether a passage's value is a sentence's; its text may have "%" in a header."""
    kinds = {ValueKind.NUMBER, ValueKind.SHARE}
    if value.is_in(other):
        return True
    share = {value.kind, other.kind} == kinds and not value.keys.isdisjoint(other.keys)
    return share and bool(_PERCENT.search(text.lower()))


def same_places(value: Value, sentence: Source, passage: Source) -> list[Value]:
    """The passage's values that are the same, of the same unit where both tell one."""
    unit = unit_at(sentence.text, value)
    found = [other for other in passage.values if _is_stated(value, other, passage.whole)]
    if unit is None:
        return found
    return [other for other in found if unit_at(passage.text, other) in {unit, None}]


def _values(sentence: Source, passages: Sequence[Source]) -> Iterator[Lack]:
    around = [other for p in passages for other in _around(p)]
    for value in sentence.values:
        if any(same_places(value, sentence, passage) for passage in passages):
            continue
        if any(_is_stated(value, other, "") for other in around) or _spelt(value, passages):
            continue
        reason = Reason.DATE if value.kind is ValueKind.DATE else Reason.NUMBER
        yield reason, sentence.text[value.start : value.end]


@lru_cache(maxsize=512)
def _around(passage: Source) -> tuple[Value, ...]:
    return tuple(values(passage.around, passage.language))


def _spelt(value: Value, passages: Sequence[Source]) -> bool:
    """Whether a year lies in a decade, or a numbered part among several, that is named so."""
    key = next(iter(value.keys))
    if value.kind is ValueKind.PART:
        number = re.sub(r"\D", "", key)
        return any(number in _FIGURES.findall(p.whole) for p in passages)
    decade = rf"(?<!\d){key[:3]}0s\b|(?:d[ée]cada|a[ñn]os)(?: de)?(?: los)? {key[:3]}0(?!\d)"
    is_year = value.kind is ValueKind.NUMBER and len(key) == 4 and key.endswith("0")
    return is_year and any(re.search(decade, p.whole) for p in passages)


def _figures(sentence: Source, passages: Sequence[Source]) -> Iterator[Lack]:
    """Figures that are no value, as in ISO 9001 or 24/7: they must stand there to the letter."""
    held = {figures for p in passages for figures in _FIGURES.findall(p.whole)}
    for match in _FIGURES.finditer(sentence.text):
        inside = any(v.start <= match.start() < v.end for v in sentence.values)
        if not inside and match[0] not in held:
            yield Reason.NUMBER, match[0]


@cache
def _forms() -> tuple[tuple[Reason, re.Pattern[str]], ...]:
    rows = [(Reason.DATE, day) for day in _DAYS.split("|")]
    rows += [(Reason.NUMBER, ordinal) for ordinal in _ORDINALS.split("|")]
    return tuple(
        (reason, re.compile(rf"(?<![\w.,])(?:{words.replace(' ', '|')})s?(?!\w)"))
        for reason, words in rows
    )


def _of_sets(sentence: Source, passages: Sequence[Source]) -> Iterator[Lack]:
    """Days of the week and ordinals that no passage has in any form."""
    own, texts = folded(sentence.text), [folded(p.whole) for p in passages]
    for reason, form in _forms():
        match = form.search(own)
        if match and not any(form.search(text) for text in texts):
            yield reason, sentence.text[match.start() : match.end()]


def _names(sentence: Source, passages: Sequence[Source]) -> Iterator[Lack]:
    for name in sentence.names:
        if not any(has_name(name, sentence, passage) for passage in passages):
            yield Reason.NAME, name.text


def has_name(name: Name, sentence: Source, passage: Source) -> bool:
    """Whether every word of a name stands in a passage or around it, or its initials do.

    A passage in another language may have a word with another ending.
    """
    across = sentence.language != passage.language
    found = (_has_word(word, passage, across=across) for word in name.words)
    return all(found) or has_initials(name, passage.whole)


def _has_word(word: str, passage: Source, *, across: bool) -> bool:
    held = _words(passage)
    if not held.isdisjoint((word, word.rstrip("s"), f"{word}s", as_one(word))):
        return True
    return across and any(alike(word, other) for other in held)


@lru_cache(maxsize=512)
def _words(passage: Source) -> frozenset[str]:
    words = _WORD.findall(folded(passage.whole))
    return frozenset((*words, *map(as_one, words)))
