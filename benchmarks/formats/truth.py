"""What stands in a file, as data: pieces in reading order, what is hidden, and what names it.

The text of a piece may say how it is written: ``[-deleted-]``, ``[+inserted+]``, ``[#hidden#]``,
``[*bold*]``, ``[^note^]`` and ``[!comment!]``; `runs` takes it apart.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Content",
    "Heading",
    "Item",
    "Paragraph",
    "Piece",
    "Run",
    "Table",
    "Truth",
    "hidden_texts",
    "note_texts",
    "runs",
    "shown",
]

Kind = Literal["plain", "bold", "inserted", "deleted", "hidden", "note", "comment"]
_KINDS: dict[str, Kind] = {
    "-": "deleted",
    "+": "inserted",
    "#": "hidden",
    "*": "bold",
    "^": "note",
    "!": "comment",
}
_MARKED = re.compile(r"\[([-+#*^!])(.*?)\1\]")
_SHOWN = ("plain", "bold", "inserted")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text and what it is."""

    text: str
    kind: Kind = "plain"


@dataclass(frozen=True, slots=True)
class Heading:
    """``mark``: the automatic number that the program shows."""

    text: str
    level: int = 1
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text, whose ``mark`` is counted by the program, if it has one."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Of a list; without a mark it has a bullet."""

    text: str
    level: int = 1
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A grid: a cell that spans others is repeated in each; ``spans`` as in `index.Block`."""

    rows: tuple[tuple[str, ...], ...]
    header_rows: int = 1
    spans: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def sizes(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The rows and columns that a cell spans, by its place."""
        return {(row, column): (tall, wide) for row, column, tall, wide in self.spans}

    @property
    def covered(self) -> set[tuple[int, int]]:
        """The places that another cell spans."""
        return {
            (row + i, column + j)
            for row, column, tall, wide in self.spans
            for i in range(tall)
            for j in range(wide)
            if i or j
        }


Piece = Heading | Paragraph | Item | Table


@dataclass(frozen=True, slots=True)
class Content:
    """A document of our own wording, to be written in any format."""

    name: str
    pieces: tuple[Piece, ...]
    title: str = ""
    author: str = ""
    running: tuple[str, str] = ("", "")  # what stands at the top of each page: left, right

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of runs that it has."""
        return frozenset(run.kind for _, text in _texts(self.pieces) for run in runs(text))


@dataclass(frozen=True, slots=True)
class Truth:
    """What a reader of the file sees, and what it must not see.

    ``hidden`` are words that the file keeps from its readers; ``said`` the kinds of notices that
    must tell of them. ``labels`` are printed page numbers. ``levels`` is False where the format
    does not tell the level of a heading; ``headings`` where it tells none at all; ``tied`` where
    it tells nothing of notes.
    """

    path: str
    maker: str
    pieces: tuple[Piece, ...]
    hidden: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    title: str = ""
    author: str = ""
    date: str = ""
    labels: tuple[str, ...] = ()
    levels: bool = True
    headings: bool = True
    tied: bool = True
    tables: bool = True
    furniture: tuple[str, ...] = field(default=())

    @property
    def format(self) -> str:
        """The ending of its name."""
        return self.path.rsplit(".", 1)[-1].lower()


def runs(text: str) -> list[Run]:
    """The text, taken apart."""
    found, at = [], 0
    for match in _MARKED.finditer(text):
        if match.start() > at:
            found.append(Run(text[at : match.start()]))
        found.append(Run(match[2], _KINDS[match[1]]))
        at = match.end()
    return [*found, Run(text[at:])] if at < len(text) else found


def shown(text: str) -> str:
    """What of the text a reader sees in the line."""
    return "".join(run.text for run in runs(text) if run.kind in _SHOWN)


def note_texts(text: str) -> Iterator[tuple[str, str]]:
    """Its notes, each with the words shown before its mark."""
    before = ""
    for run in runs(text):
        if run.kind == "note":
            yield before, run.text
        elif run.kind in _SHOWN:
            before += run.text


def hidden_texts(pieces: Sequence[Piece], kinds: Sequence[str]) -> tuple[str, ...]:
    """The words of these kinds in all pieces."""
    found = (run for _, text in _texts(pieces) for run in runs(text))
    return tuple(run.text.strip() for run in found if run.kind in kinds)


def _texts(pieces: Sequence[Piece]) -> Iterator[tuple[Piece, str]]:
    for piece in pieces:
        if isinstance(piece, Table):
            yield from ((piece, cell) for row in piece.rows for cell in row)
        else:
            yield piece, piece.text
