"""What is known of a Word file while it is read, and what is left out of its text."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

from index.documents.numerals import numeral
from index.documents.package import Package
from index.documents.word.markup import Element, W, flag, integer, number, value
from index.documents.word.numbering import Numbering
from index.documents.word.styles import CharacterStyle, Styles
from index.types import BlockRole

__all__ = ["Context", "NoteMarks", "Raw"]


@dataclass(slots=True)
class Raw:
    """A part in the making: its text still holds the places of notes, and tabs."""

    role: BlockRole
    text: str
    level: int = 0
    mark: str = ""
    header_rows: int = 0
    spans: tuple[tuple[int, int, int, int], ...] = ()
    kind: str = ""  # of its style: title, caption, toc
    bold: bool = False
    filled: bool = False  # it holds a control that somebody filled in


@dataclass(slots=True)
class _Count:
    """How the notes of one kind are numbered."""

    kind: str
    settings: Element | None
    next: int | None = None


class NoteMarks:
    """The notes that are referred to, in their order, with the marks that Word shows."""

    def __init__(self, settings: Element | None, sections: list[Element]) -> None:
        self.found: list[tuple[str, str, str]] = []
        """Of each note that is referred to: its kind, its id and its mark."""
        self._counts = {
            kind: _Count(kind, None if settings is None else settings.find(f"{W}{kind}Pr"))
            for kind in ("footnote", "endnote")
        }
        self._sections = sections
        self._section = 0

    def refer(self, kind: str, id: str, *, custom: bool) -> int:
        """A reference to a note; gives its place in `found`. A custom mark is named later."""
        mark = "" if custom else self._mark(kind)
        self.found.append((kind, id, mark))
        return len(self.found) - 1

    def name(self, place: int, mark: str) -> None:
        """Give a note the mark that somebody typed."""
        kind, id, before = self.found[place]
        self.found[place] = (kind, id, before + mark)

    def end_section(self) -> None:
        """The next section begins."""
        self._section += 1
        self._restart("eachSect")

    def end_page(self) -> None:
        """The next page begins."""
        self._restart("eachPage")

    def _own(self, kind: str) -> Element | None:
        if self._section < len(self._sections):
            return self._sections[self._section].find(f"{W}{kind}Pr")
        return None

    def _setting(self, kind: str, name: str) -> str | None:
        own = value(self._own(kind), name)
        return value(self._counts[kind].settings, name) if own is None else own

    def _restart(self, when: str) -> None:
        for kind, count in self._counts.items():
            if self._setting(kind, "numRestart") == when:
                count.next = None

    def _mark(self, kind: str) -> str:
        count = self._counts[kind]
        if count.next is None:
            start = integer(self._setting(kind, "numStart"))
            count.next = 1 if start is None else start
        usual = "decimal" if kind == "footnote" else "lowerRoman"
        mark = numeral(count.next, self._setting(kind, "numFmt") or usual)
        count.next += 1
        return mark


@dataclass(slots=True)
class Context:
    """A Word file, and the counts of what is not in its text."""

    package: Package | None
    relations: dict[str, tuple[str, str]]
    styles: Styles
    numbering: Numbering
    notes: NoteMarks
    counts: Counter[str] = field(default_factory=Counter)
    looks: dict[Hashable, tuple[bool, CharacterStyle]] = field(default_factory=dict)

    def hidden(self, style: bool | None, letters: Element | None) -> bool:
        """Whether letters are hidden, by their own properties, or else by their styles."""
        own = flag(letters, "vanish")
        if own is not None:
            return own
        character = value(letters, "rStyle")
        if character is None:
            return bool(style) or self.styles.hidden
        # What a paragraph's style and a character's both switch on is off.
        both = bool(style) ^ bool(self.styles.character(character).hidden)
        return both or self.styles.hidden


def level_of(properties: Element | None, outline: int | None) -> int:
    """A heading's level, from 1; 0 where the paragraph is none."""
    own = number(properties, "outlineLvl")
    outline = outline if own is None else own
    return outline + 1 if outline is not None and 0 <= outline < 9 else 0
