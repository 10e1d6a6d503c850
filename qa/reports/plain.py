"""Texts as a report shows them, and as they are compared: what is invisible never counts."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from index.documents.decoding import clean
from index.text.tables import is_delimiter

__all__ = ["Keyed", "isolated", "keyed", "on_one_line", "shown"]

UNSHOWN = "\ufffd"  # stands for a character that shows nothing, or that changes what is around it

_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" ?\n[\n ]*")
_TOKEN = re.compile(r"[^\s|]+")
_DASHED = re.compile(r"^[-|: \t]+$", re.MULTILINE)
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LETTER_BEFORE, _LETTER_AFTER = re.compile(r"\w$"), re.compile(r"\w")
_CUT_BEFORE, _CUT_AFTER = re.compile(r"(?:\w|\d[.,])$"), re.compile(r"\w|[.,]\d")


def shown(text: str) -> str:
    r"""The text as it is read: single spaces and ``\n``, nothing that hides, reorders or controls.

    So no escape sequence, no mark of direction and no tag is left in it.
    """
    text = _LINE_ENDS.sub("\n", _SPACES.sub(" ", clean(text)))
    if text.replace("\n", "").isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign == "\n" else UNSHOWN for sign in text)


def on_one_line(text: str) -> str:
    """The same without line ends, and without white space around it."""
    return " ".join(shown(text).split())


def isolated(text: str) -> str:
    """A shown text inside of a line of ours: one written from right to left keeps to its place."""
    if any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text):
        return f"\u2068{text}\u2069"
    return text


@dataclass(frozen=True, slots=True)
class Keyed:
    """A text as words to compare: its ``key``, and where the parts of that stand in the text.

    The key has no white space and no marks between cells: what reads a file may add or lose them.
    ``starts`` are the offsets of its tokens, ``places`` their offsets in the text.
    """

    text: str
    key: str
    starts: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    def says(self, other: "Keyed") -> bool:
        """Whether two texts are the same word for word, and have the same numbers."""
        return self.key == other.key and _numbers(self.text) == _numbers(other.text)

    def find(self, words: "Keyed", near: int = 0) -> tuple[int, int] | None:
        """The offsets in the text of the same words, of several those nearest to an offset."""
        found = []
        at = self.key.find(words.key) if words.key else -1
        while at >= 0:
            start, end = self._offset(at, 0), self._offset(at + len(words.key) - 1, 1)
            numbers = _numbers(self.text[start:end])
            if self._is_whole(start, end) and numbers == _numbers(words.text):
                found.append((start, end))
            at = self.key.find(words.key, at + 1)
        return min(found, key=lambda place: abs(place[0] - near), default=None)

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether no word or number is cut there: "5" is neither in "50" nor in "5,50"."""
        before, after = self.text[max(0, start - 2) : start], self.text[end : end + 2]
        cut = _CUT_BEFORE if self.text[start].isdigit() else _LETTER_BEFORE
        if self.text[start].isalnum() and cut.search(before):
            return False
        cut = _CUT_AFTER if self.text[end - 1].isdigit() else _LETTER_AFTER
        return not (self.text[end - 1].isalnum() and cut.match(after))

    def _offset(self, at: int, side: int) -> int:
        """The offset in the text before (side 0) or after (1) a character of the key."""
        token = bisect_right(self.starts, at) - 1
        start, end = self.places[token]
        following = self.starts[token + 1] if token + 1 < len(self.starts) else len(self.key)
        if following - self.starts[token] != end - start:
            return (start, end)[side]  # cleaned: its characters are not those of the key
        return start + at - self.starts[token] + side


def keyed(text: str) -> Keyed:
    """The words of a text to compare; two texts that are shown alike have the same key."""
    lined = _DASHED.sub(lambda line: " " * len(line[0]) if is_delimiter(line[0]) else line[0], text)
    tokens: list[str] = []
    starts: list[int] = []
    places: list[tuple[int, int]] = []
    length = 0
    for match in _TOKEN.finditer(lined):
        token = match[0]
        if not token.isascii() or not token.isprintable():
            token = "".join(shown(token).split()).replace(UNSHOWN, "").replace("|", "")
        if token:
            tokens.append(token)
            starts.append(length)
            places.append(match.span())
            length += len(token)
    return Keyed(text, "".join(tokens), tuple(starts), tuple(places))


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(shown(text).replace(UNSHOWN, ""))
