"""The parts of a converted file, and the one text that is made of them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from index.text.paragraphs import LIST_MARKER
from index.types import Block, BlockRole, Notice

__all__ = [
    "Attachment",
    "ConversionError",
    "Converted",
    "Part",
    "ReadOptions",
    "compose",
    "joined",
    "table",
    "without_furniture",
]

Spans = tuple[tuple[int, int, int, int], ...]


class ConversionError(Exception):
    """The file cannot be converted; the message is the reason, made for people."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a user allows: ``ocr`` of pictures of pages; ``passwords`` to try on locked files."""

    ocr: bool = False
    passwords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file, to become one `index.types.Block`, whose fields it shares.

    ``text`` is clean and without the ``mark``, which `compose` writes before it. A table's rows are
    lines, its cells stand between tabs: `table` makes one. ``page`` counts from 1, None where the
    format has no pages; ``breaks`` are the offsets in ``text`` at which the pages after it begin.
    A note stands after the part that it belongs to, and ``anchor`` is an offset in that one's text.
    """

    role: BlockRole
    text: str
    page: int | None = None
    level: int = 0
    mark: str = ""
    anchor: int | None = None
    header_rows: int = 0
    spans: Spans = ()
    breaks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside of a file: a mail's attachment, a mail of a mailbox, a member of an archive.

    ``name`` is its path inside, with slashes. ``read`` gives its bytes; it may raise
    ConversionError. So no more than one is unpacked at a time.
    """

    name: str
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Converted:
    """A file's parts, its number of pages (0 without pages) and what its metadata names.

    ``date`` is when it was published or sent, ``created`` when the file was made; both as written.
    ``text`` is for formats that are text already: it is kept as it is, ``parts`` is then empty, and
    ``page_starts`` are offsets in it. ``page_labels``, ``page_confidences`` and ``notices`` are
    those of `index.types.Document`. ``attachments`` become documents of their own.
    """

    parts: Sequence[Part] = ()
    pages: int = 0
    title: str | None = None
    author: str | None = None
    date: str | None = None
    created: str | None = None
    text: str | None = None
    page_starts: tuple[int, ...] = ()
    page_labels: tuple[str, ...] = ()
    page_confidences: tuple[float | None, ...] = ()
    notices: tuple[Notice, ...] = ()
    attachments: Sequence[Attachment] = field(default=())


_SENTENCE_END = re.compile(r"[.!?…:;][\"'»”’)\]]*$")
_PAGE_NUMBER = re.compile(
    r"(?:p[áa]g(?:ina|\.)?|page|hoja)?\s*[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*(?:de|of|/)\s*\d{1,4})?",
    re.IGNORECASE,
)
_PAGE_OF = re.compile(
    r"(?:p[áa]g(?:ina|\.)?|page|hoja)\s*\d+(?:\s*(?:de|of|/)\s*\d+)?|\d+\s*(?:de|of|/)\s*\d+$",
    re.IGNORECASE,
)
# A header or footer has few words; a sentence that recurs on a few pages is content.
_FURNITURE_CHARS = 200
_EDGE_PARTS = 3


def table(
    rows: Iterable[Sequence[str]],
    *,
    header_rows: int = 0,
    spans: Spans = (),
    page: int | None = None,
) -> Part | None:
    """A table of clean cell texts, row by row; None where all cells are empty.

    Line ends and tabs inside a cell become spaces. Rows without any text are left out, and so are
    empty cells at the end of a row.
    """
    lines: list[str] = []
    kept: dict[int, int] = {}
    for number, row in enumerate(rows):
        line = "\t".join(" ".join(cell.split()) for cell in row).rstrip("\t")
        if line.strip("\t"):
            kept[number] = len(lines)
            lines.append(line)
    if not lines:
        return None
    headers = sum(number < header_rows for number in kept)
    moved = tuple((kept[r], c, rows_, cols) for r, c, rows_, cols in spans if r in kept)
    return Part(
        BlockRole.TABLE,
        "\n".join(lines),
        page=page,
        header_rows=headers,
        spans=moved,
    )


def compose(
    parts: Iterable[Part], pages: int = 0
) -> tuple[str, tuple[int, ...], tuple[Block, ...]]:
    """The text of the parts, the offset in it at which each page begins, and its blocks.

    Parts stand apart by a blank line, items of one list and fields of one form by a line end. An
    item without a mark gets a bullet, one of an inner list an indent, a note its mark in brackets.
    A page without text begins where the next text does.
    """
    pieces: list[str] = []
    blocks: list[Block] = []
    length = 0
    starts: list[int] = []
    before: Part | None = None
    body = 0  # where the text of the last part that is no note begins
    for part in parts:
        if not part.text.strip():
            continue
        gap = "" if before is None else _gap(before, part)
        length += len(gap)
        if part.page and part.page > len(starts):
            starts += [length] * (part.page - len(starts))
        lead = _lead(part)
        if part.breaks:
            starts += [length + len(lead) + offset for offset in part.breaks]
        pieces += (gap, lead, part.text)
        is_note = part.role is BlockRole.NOTE
        anchor = None if part.anchor is None or not is_note else body + part.anchor
        indent = len(lead) - len(lead.lstrip(" "))
        end = length + len(lead) + len(part.text)
        shared = (part.level, part.mark, anchor, part.header_rows, part.spans)
        blocks.append(Block(part.role, length + indent, end, *shared))
        body = body if is_note else length + len(lead)
        length, before = end, part
    starts += [length] * (pages - len(starts))
    if starts:
        starts[0] = 0
    return "".join(pieces), tuple(starts), tuple(blocks)


def _lead(part: Part) -> str:
    """What stands before a part's own words."""
    if part.role is BlockRole.NOTE:
        return f"[{part.mark}] " if part.mark else ""
    mark = f"{part.mark} " if part.mark else ""
    if part.role is BlockRole.ITEM:
        bare = not mark and not LIST_MARKER.match(part.text)
        return "  " * max(0, part.level - 1) + ("• " if bare else mark)
    return mark


def _gap(before: Part, part: Part) -> str:
    in_one = before.role is part.role and part.role in (BlockRole.ITEM, BlockRole.FIELD)
    return "\n" if in_one else "\n\n"


def joined(parts: Iterable[Part]) -> list[Part]:
    """The parts of a paged document; a paragraph that a line or page end cuts in two is whole."""
    whole: list[Part] = []
    for part in parts:
        before = whole[-1] if whole else None
        if before is None or not _continues(before, part):
            whole.append(part)
            continue
        text = f"{before.text} {part.text}"
        last = (before.page or 1) + len(before.breaks)
        breaks = (len(before.text) + 1,) * max(0, (part.page or last) - last)
        whole[-1] = replace(before, text=text, breaks=before.breaks + breaks)
    return whole


def _continues(before: Part, part: Part) -> bool:
    """Whether a line or page end of a paged document cuts a paragraph between two parts."""
    texts = (BlockRole.PARAGRAPH, BlockRole.ITEM)
    prose = before.role in texts and part.role is BlockRole.PARAGRAPH
    if part.page is None or not prose or _SENTENCE_END.search(before.text):
        return False
    rest = before.role is BlockRole.ITEM and len(before.text) >= 70 and part.text[-1] in ".;"
    return part.text[0].islower() or rest


def without_furniture(parts: Sequence[Part]) -> list[Part]:
    """The parts of a paged document without page numbers, running headers and footers.

    Furniture stands among the first or last three parts of its page. A header or footer has the
    same words, but for the page's number, on more than half of the pages and at least three; its
    first appearance stays, for it may be the title.
    """
    pages: dict[int | None, list[int]] = {}
    for position, part in enumerate(parts):
        pages.setdefault(part.page, []).append(position)
    edges = {
        position
        for on_page in pages.values()
        for position in (*on_page[:_EDGE_PARTS], *on_page[-_EDGE_PARTS:])
    }
    keys = {position: _furniture_key(parts[position]) for position in sorted(edges)}
    keys_by_page = {(key, parts[position].page) for position, key in keys.items()}
    page_counts = Counter(key for key, _ in keys_by_page if key is not None)
    seen: set[str] = set()
    kept = []
    for position, part in enumerate(parts):
        key = keys.get(position)
        recurs = key is not None and page_counts[key] >= 3 and 2 * page_counts[key] > len(pages)
        on_page = pages[part.page]
        outermost = position in (on_page[0], on_page[-1])
        if (recurs and key in seen) or (outermost and _PAGE_NUMBER.fullmatch(part.text)):
            continue
        if key is not None:
            seen.add(key)
        kept.append(part)
    return kept


def _furniture_key(part: Part) -> str | None:
    if len(part.text) > _FURNITURE_CHARS or part.role is BlockRole.TABLE:
        return None
    # Only a number that says so is the page's: "Artículo 3" may well be on page 3.
    return _PAGE_OF.sub("#", part.text)
