"""Letters that stand higher or lower: exponents, ordinals, indices, and the marks of notes.

While a text is gathered, such letters and the places of notes stand between noncharacters, which
no text holds. `resolve` takes them out, when all of the document is known.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from index.documents import superscripts

__all__ = [
    "RESERVED",
    "Resolved",
    "lowered",
    "merged",
    "note_place",
    "plain",
    "raised",
    "resolve",
    "typed_note",
]

_NOTE, _RAISED, _LOWERED, _END = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_MARKED = re.compile(f"([{_NOTE}{_RAISED}{_LOWERED}])([^{_NOTE}-{_END}]*){_END}")
RESERVED = re.compile(f"[{_NOTE}-{_END}]")

_NEIGHBOURS = re.compile(f"([{_RAISED}{_LOWERED}])([^{_NOTE}-{_END}]*){_END}\\1")

_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_TYPED = re.compile(r"[¹²³⁴-⁹⁰]+")
_MARK = re.compile(r"[(\[]?(?:\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*|[a-z]|\*{1,4}|[†‡§¶]{1,3})[)\]]?")
_UNIT = re.compile(r"(?:^|[\s\d(/·.*×⋅])(?:[kcdmnµμh]?m|dam|ft|in|yd|mi|pie|pies)$")
_LOOKED_BACK, _LOOKED_AHEAD = 80, 20  # characters
_PUNCTUATION = ".,;:!?)]}»”’…%"
_TYPED_NOTE = re.compile(rf"{_RAISED}([^{_NOTE}-{_END}]*){_END}[.)]?\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A text, and where in it which notes are marked: by number in the file, or by typed mark."""

    text: str
    notes: tuple[tuple[int, int], ...] = ()
    typed: tuple[tuple[int, str], ...] = ()


def note_place(number: int) -> str:
    """Stands for the mark of a note."""
    return f"{_NOTE}{number}{_END}"


def raised(text: str) -> str:
    """Stands for letters that are superscript."""
    return f"{_RAISED}{text}{_END}"


def lowered(text: str) -> str:
    """Stands for letters that are subscript."""
    return f"{_LOWERED}{text}{_END}"


def merged(text: str) -> str:
    """A gathered text in which neighbours of one height are one."""
    if _RAISED not in text and _LOWERED not in text:
        return text
    before = ""
    while before != text:
        before, text = text, _NEIGHBOURS.sub(r"\1\2", text)
    return text


def plain(text: str) -> str:
    """A gathered text without its notes, for looking at it and for copies of it."""
    return resolve(text, ()).text


def typed_note(text: str) -> tuple[str, str] | None:
    """The mark and the rest of a gathered text that begins with a mark, as a typed note does."""
    found = _TYPED_NOTE.match(text)
    if found is None or not _MARK.fullmatch(found[1].strip()):
        return None
    return found[1].strip(" ()[]"), text[found.end() :]


def resolve(text: str, typed_notes: Collection[str]) -> Resolved:
    """The gathered text as it is read: m², 1.º, and no marks of notes.

    ``typed_notes`` are the marks with which paragraphs of the document begin: these are notes too.
    """
    if text < _NOTE and not RESERVED.search(text) and not typed_notes:
        return Resolved(text)
    writer = _Writer(typed_notes)
    at = 0
    for match in _MARKED.finditer(text):
        writer.literal(text[at : match.start()])
        writer.marked(match[1], match[2], text[match.end() : match.end() + _LOOKED_AHEAD])
        at = match.end()
    writer.literal(text[at:])
    return writer.resolved()


class _Writer:
    def __init__(self, typed_notes: Collection[str]) -> None:
        self._typed_notes = typed_notes
        self._out = ""
        self._notes: list[tuple[int, int]] = []
        self._typed: list[tuple[int, str]] = []
        self._after_mark = False

    def literal(self, text: str) -> None:
        text = RESERVED.sub("", text)
        if self._typed_notes:
            at = 0
            for match in _TYPED.finditer(text):
                mark = match[0].translate(_DIGITS)
                self._append(text[at : match.start()])
                at = match.start()
                if mark in self._typed_notes and not _UNIT.search(self._out):
                    self._typed.append((self._note(), mark))
                    at = match.end()
            text = text[at:]
        self._append(text)

    def marked(self, kind: str, text: str, after: str) -> None:
        if kind == _NOTE:
            self._notes.append((self._note(), int(text) if text.isdecimal() else -1))
        elif kind == _LOWERED:
            self._append(superscripts.lowered(text) if text.strip() else text)
        else:
            self._raised(text, RESERVED.sub("", after))

    def _raised(self, text: str, after: str) -> None:
        bare = text.strip()
        mark = bare.strip("()[]")
        before = self._out[-_LOOKED_BACK:]
        known = mark in self._typed_notes
        shown = superscripts.raised(before, bare, after, noted=known) if bare else text
        if shown is not None:
            self._append(text.replace(bare, shown) if bare else text)
        elif not before.strip():
            self._append(text)
        else:
            for one in re.split(r"\s*[,;]\s*", mark):
                self._typed.append((self._note(), one))
            if text[-1:].isspace():
                self._append(" ")

    def _note(self) -> int:
        """A mark is taken out here; gives the place."""
        self._after_mark = True
        return len(self._out.rstrip(" "))

    def _append(self, text: str) -> None:
        if not text:
            return
        if self._after_mark and self._out.endswith(" "):
            if text[0] in _PUNCTUATION or text[0] in "\n\t":
                self._out = self._out.rstrip(" ")
            else:
                text = text.lstrip(" ")
        if text:
            self._after_mark = False
            self._out += text

    def resolved(self) -> Resolved:
        text = self._out.rstrip(" ") if self._after_mark else self._out
        return Resolved(text, tuple(self._notes), tuple(self._typed))
