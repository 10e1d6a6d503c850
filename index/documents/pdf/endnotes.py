"""Notes that stand together at the end of a chapter or document, under a heading of their own."""

import re
from collections.abc import Sequence

from index.documents.pdf.marks import note_mark
from index.documents.pdf.model import MARK_END, MARK_START
from index.documents.pdf.paragraphs import Para

__all__ = ["Endnotes"]

_HEADING = re.compile(
    r"(?:\d+\.?\s+)?(?:notas?(?:\s+(?:finales|al final|y referencias|del (?:autor|cap[íi]tulo)))?"
    r"|citas|(?:end)?notes|notes and references|referencias|references|bibliograf[íi]a)\s*[.:]?",
    re.IGNORECASE,
)
_MARKS = re.compile(f"{MARK_START}([^{MARK_END}]*){MARK_END}")
_LEAST = 2  # notes of one heading


class Endnotes:
    """The endnotes of a document, each to be taken once by the text that names it."""

    def __init__(self, body: Sequence[Para]) -> None:
        self._of: dict[tuple[int, str], Para] = {}  # by the section that names them, and mark
        self._section: dict[int, int] = {}  # of each paragraph
        self._gone: set[int] = set()
        self.body = list(body)
        section = begin = place = 0
        while place < len(self.body):
            notes = self._notes_under(place)
            if len(notes) >= _LEAST and self._is_named(begin, place, notes):
                for para in self.body[begin:place]:
                    self._section[id(para)] = section
                for note, mark, text in notes:
                    note.note, note.text = mark, text
                    self._of[section, mark] = note
                self._gone |= {id(note) for note, _, _ in notes} | {id(self.body[place])}
                place += len(notes)
                section, begin = section + 1, place + 1
            place += 1
        self.body = [para for para in self.body if id(para) not in self._gone]

    def has(self, para: Para, mark: str) -> bool:
        """Whether a paragraph's mark names an endnote."""
        return (self._section.get(id(para), -1), mark) in self._of

    def take(self, para: Para, mark: str) -> Para | None:
        """The endnote that a paragraph's mark names; None where there is none, or no more."""
        return self._of.pop((self._section.get(id(para), -1), mark), None)

    def left(self) -> list[Para]:
        """The notes that no text named."""
        return list(self._of.values())

    def _notes_under(self, place: int) -> list[tuple[Para, str, str]]:
        """The notes that follow a heading, from 1: each with its mark and its text without it."""
        heading = self.body[place]
        if heading.table is not None or not _HEADING.fullmatch(heading.text.strip()):
            return []
        found: list[tuple[Para, str, str]] = []
        for para in self.body[place + 1 :]:
            lead = None if para.table is not None else note_mark(para.text)
            if lead is None or lead[0] != str(len(found) + 1):
                break
            found.append((para, lead[0], lead[1]))
        return found

    def _is_named(self, begin: int, end: int, notes: Sequence[tuple[Para, str, str]]) -> bool:
        """Whether the text before names most of the notes by raised marks."""
        said: set[str] = set()
        for para in self.body[begin:end]:
            for match in _MARKS.finditer(para.text):
                said |= set(re.findall(r"\d+", match[1]))
        return 2 * sum(mark in said for _, mark, _ in notes) > len(notes)
