"""The numbers, letters and bullets that Word makes."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from index.documents.decoding import one_line
from index.documents.numerals import numeral
from index.documents.word.markup import Element, W, attribute, flag, integer, number, value
from index.documents.word.styles import ParagraphStyle, Styles

__all__ = ["Label", "Numbering"]

_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_WORD = re.compile(r"[^\W\d_]{2,}")
_ROMAN = re.compile(r"[ivxlcdm]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a numbered paragraph; an empty mark is a bullet.

    ``level`` is from 1 and counts the lists alone: an article's number is no list's.
    """

    mark: str
    level: int
    listed: bool


@dataclass(frozen=True)
class _Level:
    start: int
    style: str
    text: str
    restart: int | None
    legal: bool
    paragraph_style: str | None
    hidden: bool
    pattern: str
    language: str | None

    @cached_property
    def listed(self) -> bool:
        """Whether it is a list's: not the name of a part ("Artículo 3.", "PRIMERA.")."""
        if self.style in ("cardinalText", "ordinalText"):
            return False
        words = _WORD.findall(_PLACE.sub(" ", self.text))
        return all(_ROMAN.fullmatch(word) for word in words)


@dataclass(slots=True)
class _List:
    """A ``w:num``: the list that it counts in, its levels, and where it starts anew."""

    counted_in: str
    levels: dict[int, _Level]
    starts: dict[int, int] = field(default_factory=dict)
    started: set[int] = field(default_factory=set)

    def start(self, level: int) -> int:
        """The first number of a level; one that the num itself names counts once."""
        if level in self.starts and level not in self.started:
            self.started.add(level)
            return self.starts[level]
        return self.levels[level].start if level in self.levels else 1


class Numbering:
    """Counts the numbered paragraphs of a file, which are given in their order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists: dict[str, _List | None] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._nums: dict[str, Element] = {}
        self._abstracts: dict[str, Element] = {}
        for element in root if root is not None else ():
            if element.tag == f"{W}num":
                self._nums[attribute(element, "numId") or ""] = element
            elif element.tag == f"{W}abstractNum":
                self._abstracts[attribute(element, "abstractNumId") or ""] = element

    def label(
        self, properties: Element | None, style: ParagraphStyle, language: str | None
    ) -> Label | None:
        """The next label of a paragraph's list, by its own properties or its style's.

        None where it has no number. Each call counts.
        """
        own = None if properties is None else properties.find(f"{W}numPr")
        num_id, level = value(own, "numId"), number(own, "ilvl")
        if num_id is None:
            num_id = style.num_id
            if level is None:
                level = self._level_of(num_id, style)
        found = self._list(num_id)
        level = min(max(level or 0, 0), _LEVELS - 1)
        if found is None or level not in found.levels:
            return None
        counts = self._counts.setdefault(found.counted_in, {})
        _advance(found, counts, level)
        return _label(found, counts, level, language)

    def _level_of(self, num_id: str | None, style: ParagraphStyle) -> int | None:
        """The level of a style: the one that names it, else the one that the style names."""
        found = self._list(num_id)
        for name in style.chain if found is not None else ():
            for place, level in found.levels.items() if found is not None else ():
                if level.paragraph_style == name:
                    return place
        return style.num_level

    def _list(self, num_id: str | None) -> _List | None:
        if num_id is None or num_id == "0":
            return None
        if num_id not in self._lists:
            self._lists[num_id] = self._read(num_id)
        return self._lists[num_id]

    def _read(self, num_id: str) -> _List | None:
        num = self._nums.get(num_id)
        name = value(num, "abstractNumId") or ""
        for _ in range(4):
            abstract = self._abstracts.get(name)
            link = value(abstract, "numStyleLink")
            linked = self._nums.get(self._styles.numbering_of(link) or "") if link else None
            if linked is None:
                break
            name = value(linked, "abstractNumId") or ""
        if num is None or abstract is None:
            return None
        found = _List(name, {})
        for element in abstract.iterfind(f"{W}lvl"):
            found.levels[integer(attribute(element, "ilvl")) or 0] = _level(element)
        for override in num.iterfind(f"{W}lvlOverride"):
            place = integer(attribute(override, "ilvl")) or 0
            own = override.find(f"{W}lvl")
            if own is not None:
                found.levels[place] = _level(own)
            start = number(override, "startOverride")
            if start is not None:
                found.starts[place] = start
        return found


def _level(element: Element) -> _Level:
    # A format that older programs do not know stands in a choice, beside one that they do.
    style = next(element.iter(f"{W}numFmt"), None)
    letters = element.find(f"{W}rPr")
    start = number(element, "start")
    return _Level(
        start=1 if start is None else start,
        style=attribute(style, "val") or "decimal",
        text=value(element, "lvlText") or "",
        restart=number(element, "lvlRestart"),
        legal=bool(flag(element, "isLgl")),
        paragraph_style=value(element, "pStyle"),
        hidden=bool(flag(letters, "vanish")),
        pattern=attribute(style, "format") or "",
        language=value(letters, "lang"),
    )


def _advance(found: _List, counts: dict[int, int], level: int) -> None:
    anew = level in found.starts and level not in found.started
    counts[level] = counts[level] + 1 if level in counts and not anew else found.start(level)
    for higher in range(level):
        # A level that was left out counts as one that was there.
        if higher not in counts and higher in found.levels:
            counts[higher] = found.start(higher)
        found.started.add(higher)
    for deeper in [place for place in counts if place > level]:
        restart = found.levels[deeper].restart if deeper in found.levels else None
        if restart is None or level < restart:
            del counts[deeper]


def _label(found: _List, counts: dict[int, int], level: int, language: str | None) -> Label | None:
    own = found.levels[level]

    def written(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        other = found.levels.get(place)
        if other is None or place > level or other.style == "bullet":
            return ""
        style = "decimal" if own.legal and other.style != "none" else other.style
        words = other.language or own.language or language or ""
        return numeral(counts.get(place, 1), style, words, other.pattern)

    listed = own.listed
    above = sum(found.levels[place].listed for place in range(level) if place in found.levels)
    if own.style == "bullet":
        return Label("", above + 1, listed=True)
    mark = one_line(_PLACE.sub(written, own.text))
    return None if own.hidden or not mark else Label(mark, above + 1, listed)
