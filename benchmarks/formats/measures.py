"""What was read of a file against what stands in it: facts that are right, said or wrong.

A fact is a piece of text that must stand whole in what was read, a cell with its header, an
automatic number, a heading with its level, a note at its place, a page label, a title, an author,
a date, a word that must not be read, a notice that must be given. A fact that is not right is
*said* where a notice says that something of the file could not be read, or the file was refused
with a reason; else it is *wrong*.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from benchmarks.formats.distance import distance
from benchmarks.formats.measure_cells import Fact, cells
from benchmarks.formats.truth import (
    Heading,
    Item,
    Paragraph,
    Piece,
    Table,
    Truth,
    note_texts,
    shown,
)
from index.chunking.structure import with_blocks
from index.text import tables
from index.types import BlockRole, Document, NoticeKind

__all__ = ["Fact", "Reading", "compared", "refused"]

_NUMBER = re.compile(r"\d+(?:[.,:/’'-]\d+)*")
_LEADS = re.compile(r"^(?:[ \t]*(?:[•*-] |#{1,6} ))", re.MULTILINE)
_MARKED_NOTE = re.compile(r"^\[[^\]]{1,5}\] ", re.MULTILINE)
_EXCUSES = (NoticeKind.LOST, NoticeKind.NO_TEXT)
_ANCHOR_CHARS = 14


@dataclass(frozen=True, slots=True)
class Reading:
    """Of one file: its facts, whether what is amiss was said, and the text's measures.

    ``edits`` is the distance between the text that it has and the one that was read, ``characters``
    the length of the first; ``pairs`` counts neighbours that were both found, ``in_order`` those
    that stand in order. ``invented`` are numbers that stand nowhere in the file.
    """

    truth: Truth
    facts: tuple[Fact, ...]
    said: bool
    edits: int = 0
    characters: int = 0
    pairs: int = 0
    in_order: int = 0
    invented: tuple[str, ...] = ()
    reason: str = ""
    notices: tuple[str, ...] = field(default=())


def refused(truth: Truth, reason: str) -> Reading:
    """A file that was not read: each of its facts is missing, with the reason said."""
    facts = [Fact(kind, False, wanted) for kind, wanted in _wanted(truth)]
    length = len(" ".join(_lines(truth.pieces)))
    return Reading(truth, tuple(facts), bool(reason), length, length, reason=reason)


def compared(truth: Truth, document: Document) -> Reading:
    """What was read against what stands there."""
    document = with_blocks(document)
    wanted = " ".join(_lines(truth.pieces))
    found = _plain(document)
    facts = [
        *_texts(truth, found),
        *cells(truth, document),
        *_headings(truth, document),
        *_notes(truth, document),
        *_kept_out(truth, document, found),
        *_named(truth, document),
    ]
    pairs, in_order = _order(truth, found)
    return Reading(
        truth,
        tuple(facts),
        any(notice.kind in _EXCUSES for notice in document.notices),
        distance(wanted, found),
        len(wanted),
        pairs,
        in_order,
        _invented(truth, wanted, found),
        notices=tuple(f"{notice.kind}: {notice.text}" for notice in document.notices),
    )


def _wanted(truth: Truth) -> Iterator[tuple[str, str]]:
    """Every fact of a file, without looking at what was read."""
    empty = Document("nothing")
    for facts in (_texts(truth, ""), cells(truth, empty), _headings(truth, empty)):
        yield from ((fact.kind, fact.wanted) for fact in facts)
    yield from (("note", text) for piece in truth.pieces for _, text in _piece_notes(piece))
    yield from (("title", truth.title),) if truth.title else ()


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _plain(document: Document) -> str:
    """The text without bullets, the marks before notes, and the marks of Markdown."""
    pieces, at = [], 0
    for block in document.blocks:
        pieces.append(document.text[at : block.start])
        words = document.text[block.start : block.end]
        if block.role is BlockRole.NOTE:
            words = _MARKED_NOTE.sub("", words)
        elif block.role is BlockRole.TABLE:
            spans = tables.rows_of(words) or []
            words = "\n".join(" ".join(tables.cells(words[a:b])) for a, b in spans) or words
        pieces.append(words)
        at = block.end
    return _spaced(_LEADS.sub("", "".join([*pieces, document.text[at:]])))


def _lines(pieces: Sequence[Piece]) -> Iterator[str]:
    """The text as a person would copy it: each piece, with its notes after it."""
    for piece in pieces:
        if isinstance(piece, Table):
            yield from (_spaced(" ".join(row)) for row in piece.rows)
        else:
            yield _spaced(f"{piece.mark} {shown(piece.text)}")
            yield from (text for _, text in note_texts(piece.text))


def _texts(truth: Truth, found: str) -> Iterator[Fact]:
    """Paragraphs, headings and items stand whole; so do the numbers before them."""
    for piece in truth.pieces:
        if isinstance(piece, Table):
            continue
        words = _spaced(shown(piece.text))
        yield Fact("text", words in found, words)
        if piece.mark:
            marked = f"{piece.mark} {words}"
            before = found[: max(0, found.find(words))][-24:]
            yield Fact("mark", marked in found, marked, before + words if before else "")


def _headings(truth: Truth, document: Document) -> Iterator[Fact]:
    if not truth.headings:
        return
    levels: dict[str, list[int]] = {}
    for block in document.blocks:
        if block.role is BlockRole.HEADING:
            words = _spaced(document.text[block.start : block.end].lstrip("# "))
            levels.setdefault(words, []).append(block.level)
    roles = {
        _spaced(document.text[block.start : block.end]): f"is a {block.role}"
        for block in document.blocks
    }
    for piece in truth.pieces:
        if isinstance(piece, Heading):
            words = _spaced(f"{piece.mark} {shown(piece.text)}")
            found = levels.get(words, [])
            right = piece.level in found if truth.levels else bool(found)
            level = f"level {found}" if found else roles.get(words, "")
            yield Fact("heading", right, f"{words} (level {piece.level})", level)


def _piece_notes(piece: Piece) -> Iterator[tuple[str, str]]:
    if isinstance(piece, (Heading, Paragraph, Item)):
        yield from note_texts(piece.text)


def _notes(truth: Truth, document: Document) -> Iterator[Fact]:
    """A note is a block of its own, and its anchor stands behind the word that has its mark."""
    found = {}
    for block in document.blocks:
        if block.role is BlockRole.NOTE:
            words = _spaced(_MARKED_NOTE.sub("", document.text[block.start : block.end]))
            before = document.text[: block.anchor] if block.anchor is not None else ""
            found[words] = _spaced(before[-2 * _ANCHOR_CHARS :])
    for piece in truth.pieces:
        for before, text in _piece_notes(piece):
            place = found.get(text)
            right = place is not None and place.endswith(_spaced(before)[-_ANCHOR_CHARS:])
            seen = f"stands behind {place!r}" if place is not None else "is no note"
            yield Fact("note", right, f"{before[-_ANCHOR_CHARS:]}[{text}]", seen)


def _kept_out(truth: Truth, document: Document, found: str) -> Iterator[Fact]:
    """What the file hides is not read, and notices say that it does."""
    for words in truth.hidden:
        # "100" of a struck price must not be sought inside of another number.
        seen = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", found) is not None
        yield Fact("hidden", not seen, words, words if seen else "")
    for words in truth.furniture:
        if words and words != truth.title:
            yield Fact("furniture", words not in found, words)
    kinds = {notice.kind.value for notice in document.notices}
    for kind in truth.said:
        yield Fact("notice", kind in kinds, kind, ", ".join(sorted(kinds)))


def _named(truth: Truth, document: Document) -> Iterator[Fact]:
    for kind, wanted, found in (
        ("title", truth.title, document.title),
        ("author", truth.author, document.metadata.get("author")),
        ("date", truth.date, document.metadata.get("date")),
    ):
        if wanted:
            yield Fact(kind, found == wanted, wanted, str(found or ""))
    if truth.labels:
        wanted, labels = ", ".join(truth.labels), ", ".join(document.page_labels)
        yield Fact("page labels", labels == wanted, wanted, labels)


def _order(truth: Truth, found: str) -> tuple[int, int]:
    """Neighbours whose words stand once in both texts, and how many of them stand in order."""
    lines = [line for line in _lines(truth.pieces) if line]
    counted = Counter(lines)
    places = [
        found.find(line) if counted[line] == 1 and found.count(line) == 1 else -1 for line in lines
    ]
    pairs = [(a, b) for a, b in pairwise(places) if a >= 0 and b >= 0]
    return len(pairs), sum(a < b for a, b in pairs)


def _invented(truth: Truth, wanted: str, found: str) -> tuple[str, ...]:
    held = set(_NUMBER.findall(f"{wanted} {truth.title} {' '.join(truth.furniture)}"))
    return tuple(number for number in _NUMBER.findall(found) if number not in held)
