"""Fields: what they show is text, what they are told to do is not."""

import re
from dataclasses import dataclass, field

from index.documents.word.markup import Element, W, attribute, flag, number, value

__all__ = ["Fields"]

_CHECKED, _UNCHECKED = "☒", "☐"
_DELETED = (f"{W}del", f"{W}moveFrom")


@dataclass(slots=True)
class _Field:
    form: Element | None
    instruction: list[str] = field(default_factory=list)
    in_result: bool = False

    @property
    def told(self) -> str:
        return "".join(self.instruction).strip()

    @property
    def name(self) -> str:
        return self.told.split(maxsplit=1)[0].upper() if self.told else ""


class Fields:
    """The fields that are open at a place of a story. A field may hold others, and paragraphs."""

    def __init__(self, story: Element) -> None:
        self._open: list[_Field] = []
        self._broken = _unfinished(story)
        self.uncounted = 0
        """How many fields there are whose number Word makes and the file does not hold."""

    @property
    def shown(self) -> bool:
        """Whether text at this place is seen."""
        return not self._open or all(field.in_result for field in self._open)

    @property
    def is_page_number(self) -> bool:
        """Whether this place is the page number of a table of contents."""
        if not self._open:
            return False
        names = [field.name for field in self._open]
        return "TOC" in names and names[-1] == "PAGEREF"

    @property
    def is_note_mark(self) -> bool:
        """Whether this place repeats the mark of a note."""
        return any(field.name == "NOTEREF" and r"\f" in field.told.split() for field in self._open)

    @property
    def in_contents(self) -> bool:
        """Whether this place is in a table of contents."""
        return bool(self._open) and any(field.name == "TOC" for field in self._open)

    def tell(self, text: str) -> None:
        """Add to the instruction of the innermost field."""
        if self._open and not self._open[-1].in_result:
            self._open[-1].instruction.append(text)

    def mark(self, char: Element) -> str:
        """A ``w:fldChar``; gives what a field without a result of its own shows."""
        kind = attribute(char, "fldCharType")
        if kind == "begin" and char not in self._broken:
            self._open.append(_Field(char.find(f"{W}ffData")))
        elif kind == "separate" and self._open:
            self._open[-1].in_result = True
        elif kind == "end" and self._open:
            return self._ended(self._open.pop())
        return ""

    def _ended(self, ended: _Field) -> str:
        if not self.shown:
            return ""
        if ended.name == "FORMCHECKBOX":
            return _box(ended.form)
        if ended.name == "FORMDROPDOWN":
            return _chosen(ended.form)
        if ended.in_result:
            return ""
        if ended.name in ("MACROBUTTON", "GOTOBUTTON"):
            return ended.told.split(maxsplit=2)[2] if ended.told.count(" ") > 1 else ""
        if ended.name in ("LISTNUM", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT"):
            self.uncounted += 1
        quoted = re.fullmatch(r'QUOTE\s+"([^"]*)"', ended.told)
        return quoted[1] if quoted else ""


def _unfinished(story: Element) -> frozenset[Element]:
    """The beginnings of fields that never end: they would hide all that follows."""
    begun: list[Element] = []
    for char in story.iter(f"{W}fldChar"):
        if next(char.iterancestors(*_DELETED), None) is not None:
            continue
        kind = attribute(char, "fldCharType")
        if kind == "begin":
            begun.append(char)
        elif kind == "end" and begun:
            begun.pop()
    return frozenset(begun)


def _box(form: Element | None) -> str:
    box = None if form is None else form.find(f"{W}checkBox")
    checked = flag(box, "checked")
    return _CHECKED if (flag(box, "default") if checked is None else checked) else _UNCHECKED


def _chosen(form: Element | None) -> str:
    choices = None if form is None else form.find(f"{W}ddList")
    entries = [] if choices is None else choices.findall(f"{W}listEntry")
    chosen = number(choices, "result")
    chosen = number(choices, "default") if chosen is None else chosen
    if not 0 <= (chosen or 0) < len(entries):
        return value(choices, "listEntry") or ""
    return attribute(entries[chosen or 0], "val") or ""
