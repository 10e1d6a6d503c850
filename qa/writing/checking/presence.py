"""What a sentence states that stands in no passage: numbers, dates, names, quoted words. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from qa.asked.values import Value, ValueKind, folded, values
from qa.writing.checking.names import Name, has_initials
from qa.writing.checking.sources import Source
from qa.writing.checking.units import unit_at
from qa.writing.checking.verdicts import Reason

__all__ = ["has_name", "is_stated", "missing", "same_places"]

Lack = tuple[Reason, str]
"""What fails, and the words that do."""

_QUOTED = re.compile(r"[\"“«„‘]([^\"“”«»„‘’]{2,300})[\"”»’]")
_FIGURES = re.compile(r"\d+")
_WORD = re.compile(r"[^\W_]+")
_PERCENT = re.compile(r"%|por ?cien|percent|porcentaje|per cent")
_DAYS = (
    "lunes monday|martes tuesday|miercoles wednesday|jueves thursday|viernes friday|"
    "sabado saturday|domingo sunday"
)
_LINKS = frozenset(("de", "del", "la", "las", "los", "el", "of", "the", "y", "and"))


def missing(sentence: Source, passages: Sequence[Source]) -> Iterator[Lack]:
    """What the sentence states and no passage does, nor what it belongs to."""
    yield from _quotes(sentence, passages)
    yield from _values(sentence, passages)
    yield from _figures(sentence, passages)
    yield from _weekdays(sentence, passages)
    yield from _names(sentence, passages)


def _quotes(sentence: Source, passages: Sequence[Source]) -> Iterator[Lack]:
    texts = [_plain(passage.whole) for passage in passages]
    for match in _QUOTED.finditer(sentence.text):
        parts = [_plain(part) for part in re.split(r"\[?(?:…|\.\.\.)\]?", match[1])]
        if not any(all(f" {part.strip()} " in text for part in parts) for text in texts):
            yield Reason.QUOTE, match[1]


def _plain(text: str) -> str:
    return f" {' '.join(_WORD.findall(folded(text)))} "


def is_stated(value: Value, other: Value, text: str) -> bool:
    """Whether a passage's value is a sentence's; its text may have "%" in a header."""
    kinds = {ValueKind.NUMBER, ValueKind.SHARE}
    if value.is_in(other):
        return True
    share = {value.kind, other.kind} == kinds and not value.keys.isdisjoint(other.keys)
    return share and bool(_PERCENT.search(text.lower()))


def same_places(value: Value, sentence: Source, passage: Source) -> list[Value]:
    """The passage's values that are the same, of the same unit where both tell one."""
    unit = unit_at(sentence.text, value)
    found = [other for other in passage.values if is_stated(value, other, passage.whole)]
    if unit is None:
        return found
    return [other for other in found if unit_at(passage.text, other) in {unit, None}]


def _values(sentence: Source, passages: Sequence[Source]) -> Iterator[Lack]:
    around = [other for p in passages for other in _around(p)]
    for value in sentence.values:
        if any(same_places(value, sentence, passage) for passage in passages):
            continue
        if any(is_stated(value, other, "") for other in around) or _spelt(value, passages):
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
def _weekday_forms() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b(?:{d.replace(' ', '|')})s?\b") for d in _DAYS.split("|"))


def _weekdays(sentence: Source, passages: Sequence[Source]) -> Iterator[Lack]:
    own, texts = folded(sentence.text), [folded(p.whole) for p in passages]
    for form in _weekday_forms():
        match = form.search(own)
        if match and not any(form.search(text) for text in texts):
            yield Reason.DATE, sentence.text[match.start() : match.end()]


def _names(sentence: Source, passages: Sequence[Source]) -> Iterator[Lack]:
    for name in sentence.names:
        if not any(has_name(name, passage) for passage in passages):
            yield Reason.NAME, name.text


def has_name(name: Name, passage: Source) -> bool:
    """Whether every word of a name stands in a passage or around it, or its initials do."""
    return all(_has_word(word, passage) for word in name.words) or has_initials(name, passage.whole)


def _has_word(word: str, passage: Source) -> bool:
    held = _words(passage)
    return word in held or word.rstrip("s") in held or f"{word}s" in held


@lru_cache(maxsize=512)
def _words(passage: Source) -> frozenset[str]:
    return frozenset(_WORD.findall(folded(passage.whole)))
