"""The numbers of lists and headings in OpenDocument files, as the program shows them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from index.documents.decoding import clean
from index.documents.numerals import letters, ordinal, roman
from index.documents.opendocument.odf import Styles, get, name, number, truth
from index.documents.package import elements

__all__ = ["MAX_LEVELS", "Counter", "Level", "Numbering"]

MAX_LEVELS = 10
_PLACE = re.compile(r"%(\d{1,2})%")
_FORMATS: dict[str, Callable[[int], str]] = {
    "1": str,
    "i": roman,
    "I": lambda value: roman(value).upper(),
    "01, 02, 03, ...": lambda value: f"{value:02d}",
    "001, 002, 003, ...": lambda value: f"{value:03d}",
    "1st, 2nd, 3rd, ...": lambda value: f"{value}.º",
    "First, Second, Third, ...": lambda value: ordinal(value).capitalize(),
    "①, ②, ③, ...": lambda value: chr(0x245F + value) if value <= 20 else str(value),
}


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered; no ``format`` for bullets and bare items."""

    format: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int = 1
    shown: int = 1
    doubled: bool = False
    pattern: str = ""
    bullet: bool = False

    def figure(self, value: int) -> str:
        """The number alone, without what stands around it."""
        if self.format in ("a", "A"):
            text = letters(value, doubled=self.doubled)
            return text.upper() if self.format == "A" else text
        return _FORMATS.get(self.format, str)(value) if self.format else ""


def levels_of(style: etree._Element | None) -> dict[int, Level]:
    """The levels of a list style or of the outline, from 1."""
    levels: dict[int, Level] = {}
    for element in elements(style) if style is not None else ():
        kind = name(element.tag)
        level = number(element, "text:level", most=MAX_LEVELS)
        if kind in ("text:list-level-style-number", "text:outline-level-style"):
            levels[level] = Level(
                get(element, "style:num-format"),
                clean(get(element, "style:num-prefix")),
                clean(get(element, "style:num-suffix")),
                number(element, "text:start-value"),
                number(element, "text:display-levels", most=MAX_LEVELS),
                truth(element, "style:num-letter-sync"),
                get(element, "style:num-list-format") or get(element, "loext:num-list-format"),
            )
        elif kind in ("text:list-level-style-bullet", "text:list-level-style-image"):
            levels[level] = Level(bullet=True)
    return levels


@dataclass(slots=True)
class Counter:
    """The numbers that a list has come to, one for each level; None where none was given yet.

    A ``flowing`` one is that of a text box: numbers of the same look go on, whatever list they are
    in, and begin anew where the look changes.
    """

    flowing: bool = False
    looks: dict[int, Level] = field(default_factory=dict)

    values: list[int | None] = field(default_factory=lambda: [None] * (MAX_LEVELS + 1))
    ended: list[int | None] = field(default_factory=lambda: [None] * (MAX_LEVELS + 1))

    def resume(self, level: int) -> None:
        """Let a level go on from the list of that level before."""
        if level <= MAX_LEVELS and self.values[level] is None:
            self.values[level] = self.ended[level]

    def next(self, level: int, levels: dict[int, Level], start: int | None = None) -> str:
        """Count one item of a level and give its label, empty where it shows none."""
        level = max(1, min(level, MAX_LEVELS))
        style = levels.get(level, Level())
        if self.flowing and self.looks.get(level) not in (None, style):
            self.values[level] = None
        self.looks[level] = style
        now = self.values[level]
        first = style.start if start is None else start
        self.values[level] = first if now is None or start is not None else now + 1
        for deeper in range(level + 1, MAX_LEVELS + 1):
            if self.values[deeper] is not None:
                self.ended[deeper] = self.values[deeper]
            self.values[deeper] = None
        if style.bullet or not (style.format or style.pattern or style.prefix):
            return ""
        return self._label(level, levels, style).strip()

    def _figure(self, level: int, levels: dict[int, Level]) -> str:
        style = levels.get(level, Level())
        value = self.values[level]
        return style.figure(style.start if value is None else value)

    def _label(self, level: int, levels: dict[int, Level], style: Level) -> str:
        if style.pattern and _PLACE.search(style.pattern):
            return clean(
                _PLACE.sub(
                    lambda place: self._figure(min(int(place[1]), MAX_LEVELS), levels),
                    style.pattern,
                )
            )
        from_level = max(1, level - style.shown + 1)
        figures = [self._figure(each, levels) for each in range(from_level, level + 1)]
        # The prefix and suffix of the outer levels are not shown, only their figures.
        return style.prefix + ".".join(figure for figure in figures if figure) + style.suffix


class Numbering:
    """What the lists and headings of one document have been counted up to."""

    def __init__(self, styles: Styles, *, flowing: bool = False) -> None:
        self._styles = styles
        self._flow = Counter(flowing=True) if flowing else None
        self._outline = levels_of(styles.outline)
        self._headings = Counter()
        self._levels: dict[str, dict[int, Level]] = {}
        self._by_id: dict[str, Counter] = {}
        self._by_style: dict[str, Counter] = {}

    def of_list(self, element: etree._Element) -> Counter:
        """The counter of an outermost list: a new one, unless it goes on from another."""
        if self._flow is not None:
            return self._flow
        style = get(element, "text:style-name")
        counter = self._by_id.get(get(element, "text:continue-list") or "-")
        if counter is None and truth(element, "text:continue-numbering"):
            counter = self._by_style.get(style)
        if counter is None:
            counter = self._headings if style == "Outline" else Counter()
        self._by_style[style] = counter
        self.named(element, counter)
        return counter

    def begin(self) -> None:
        """Begin a text box of a slide: numbers go on through its lists, but not into the next."""
        self._flow = Counter(flowing=True)

    def named(self, element: etree._Element, counter: Counter) -> None:
        """Let later lists go on from this one by its identifier."""
        self._by_id[get(element, "xml:id") or "+"] = counter

    def of_paragraphs(self, element: etree._Element) -> Counter:
        """The counter of a numbered paragraph, which names its list."""
        return self._by_id.setdefault(f"+{get(element, 'text:list-id')}", Counter())

    def heading(self, heading: etree._Element, style: str) -> str:
        """The number of a heading that stands in no list."""
        if truth(heading, "text:is-list-header"):
            return ""
        if self._styles.attribute("paragraph", style, "style:list-style-name") == "":
            return ""
        level = number(heading, "text:outline-level", most=MAX_LEVELS)
        start = number(heading, "text:start-value", -1)
        restart = truth(heading, "text:restart-numbering")
        first = self._outline.get(level, Level()).start if restart else None
        return self._headings.next(level, self._outline, first if start < 0 else start)

    def levels(self, style: str, block: etree._Element) -> dict[int, Level]:
        """How the levels of an item's list are numbered."""
        if not style:
            own = get(block, "text:style-name")
            style = self._styles.attribute("paragraph", own, "style:list-style-name") or ""
        if style == "Outline":
            return self._outline
        if style not in self._levels:
            self._levels[style] = levels_of(self._styles.lists.get(style))
        return self._levels[style]
