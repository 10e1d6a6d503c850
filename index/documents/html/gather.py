"""Texts to parts: what stands between the beginnings and ends of blocks, by what is open there."""

import re
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field, replace

from lxml import etree

from index.documents.decoding import clean
from index.documents.html.forms import Form
from index.documents.html.marks import BREAK, GAP, NOTE_MARK, list_number
from index.documents.html.notes import Item, Notes, Reference
from index.documents.html.tree import Styles, classes
from index.documents.parts import Part
from index.types import BlockRole

__all__ = ["BLOCKS", "MARK_ATTRIBUTE", "Gatherer", "Page"]

MARK_ATTRIBUTE = "part-mark"
"""What a reader of another format than HTML sets: the number that a block shows, also an item."""

_BLOCK_NAMES = """
    address article blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol p pre
    section summary table tbody td tfoot th thead tr ul aside footer nav xmp listing plaintext
"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "dir", "menu"))
_PREFORMATTED = ("pre", "xmp", "listing", "plaintext")
_QUOTED_CLASS = frozenset(("gmail_quote", "yahoo_quoted", "protonmail_quote", "moz-cite"))
_SIGNS = re.compile("[\ufdd0-\ufdef]")
_PROSE_WORDS = 12
_TERM_CHARS = 120
_SIGNED_CHARS = 100_000


@dataclass(slots=True)
class Page:
    """What the walks through one page, or through one book, share."""

    styles: Styles
    notes: Notes = field(default_factory=Notes)
    references: list[Reference] = field(default_factory=list)
    furniture: bool = True  # whether menus and the like are left out
    hide: bool = True  # whether style sheets may hide text
    forms: dict[etree._Element, Form] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _List:
    kind: str  # its list type, "none" with bullets
    number: int
    step: int


class Gatherer(ABC):
    """Gathers text until a block begins or ends, and makes it an item of ``items``."""

    def __init__(self, page: Page) -> None:
        self.items: list[Item] = []
        self.page = page
        self.texts: list[str] = []
        self.open: Counter[str] = Counter()
        self.headings: list[int] = []
        self.lists: list[_List] = []
        self._chars = self._link_chars = self._breaks = 0
        # The items of lists that are open, with their mark as long as they have no text yet.
        self._marks: list[tuple[etree._Element, str | None]] = []
        self._pending = ""  # a mark for the next block
        self._preformatted_open = 0
        self._terms: list[str] = []
        self._term_for: list[str] = []
        self._blocks: set[etree._Element] = set()

    @abstractmethod
    def walk(self, root: etree._Element) -> list[Item]:
        """The items of an element and all that is in it."""

    @abstractmethod
    def inner(self) -> "Gatherer":
        """Another for a part that is read apart: a cell, a note."""

    @abstractmethod
    def reads(self, element: etree._Element) -> bool:
        """Whether a row, cell or caption is shown."""

    def begin(self, element: etree._Element, tag: str, said: dict[str, str]) -> None:
        """Begin an element, of which the styles say ``said``."""
        display = said.get("display", "")
        if (tag in BLOCKS and display != "inline") or display in ("block", "list-item", "table"):
            self.flush()
            self._blocks.add(element)
        self.open[tag] += 1
        mark = element.get(MARK_ATTRIBUTE)
        if mark and tag != "li":
            self._pending = f"{self._pending} {mark}".strip()
        if tag in _HEADINGS or element.get("role") == "heading":
            self.headings.append(_level(element))
        elif tag in _LISTS:
            self.lists.append(_list_of(element, said))
        elif tag == "li":
            number = self.next_number(element, said)
            self._marks.append((element, mark if mark is not None else number))
        elif tag == "dd":
            self._term_for, self._terms = self._terms or self._term_for, []
            self.open["term used"] = 0
        elif tag == "br":
            self._line_break()
        elif tag == "q":
            self.add("“")
        self.open["quoted"] += _is_quoted(element)
        self._preformatted_open += tag in _PREFORMATTED

    def next_number(self, element: etree._Element, said: dict[str, str] | None = None) -> str:
        """The mark of an item, as a browser counts them."""
        if not self.lists:
            return ""
        inner = self.lists[-1]
        value = element.get("value") or ""
        if re.fullmatch(r"-?\d{1,9}", value.strip()):
            inner.number = int(value)
        kind = (said or {}).get("list") or element.get("type") or inner.kind
        mark = list_number(inner.number, kind) if inner.kind != "none" or value else ""
        inner.number += inner.step
        return mark

    def _line_break(self) -> None:
        self._breaks += 1
        if self._breaks > 1 and not self.open["cell"]:
            self.flush()
            self._breaks = 2
        else:
            self.texts.append(BREAK)

    def ends(self, element: etree._Element) -> None:
        """End an element that was begun."""
        tag = element.tag
        if element in self._blocks:
            self.flush()
            self._blocks.discard(element)
        if tag == "q":
            self.add("”")
        if tag in _HEADINGS or element.get("role") == "heading":
            self.headings.pop()
        elif tag in _LISTS:
            self.lists.pop()
        elif tag == "li":
            self._marks = [pair for pair in self._marks if pair[0] is not element]
        elif tag == "dl":
            self.end_terms()
            self._term_for = []
        self.open["quoted"] -= _is_quoted(element)
        self._preformatted_open -= tag in _PREFORMATTED
        self.open[tag] -= 1

    def end_terms(self) -> None:
        """Write the terms of which nothing was said."""
        terms, self._terms = self._terms, []
        for term in terms:
            self.emit(Part(BlockRole.PARAGRAPH, term))

    def add(self, text: str) -> None:
        """Add a text to the block that is being gathered."""
        text = _SIGNS.sub("", text) if not text.isascii() else text
        self.texts.append(text)
        chars = len(text.strip())
        self._chars += chars
        self._link_chars += chars if self.open["a"] else 0
        self._breaks = 0 if chars else self._breaks

    def flush(self) -> None:
        """End the block that is being gathered."""
        raw, self.texts = "".join(self.texts), []
        if not raw or raw.isspace():
            self._chars = self._link_chars = self._breaks = 0
            return
        linked = self._chars > 0 and self._link_chars >= 0.9 * self._chars
        self._chars = self._link_chars = self._breaks = 0
        if raw.isascii() or not _SIGNS.search(raw):
            text = raw if self._preformatted_open else clean(" ".join(raw.split()))
        elif not NOTE_MARK.sub("", raw).replace(BREAK, "").replace(GAP, "").strip():
            self._keep_signs(raw)
            return
        else:
            text = self._without_breaks(raw)
        if self._preformatted_open:
            self._preformatted(text)
        elif text.strip():
            self._block(text.strip(), linked)

    def _without_breaks(self, raw: str) -> str:
        """The text with lines where the page breaks them, and numbers apart where words went."""
        raw = re.sub(rf"(?<=\d){GAP}+(?=\d)", " ", raw).replace(GAP, "")
        if self._preformatted_open:
            return raw.replace(BREAK, "\n")
        lines = (" ".join(line.split()) for line in raw.split(BREAK))
        joint = " " if self.headings else "\n"
        return clean(joint.join(line for line in lines if line))

    def _keep_signs(self, raw: str) -> None:
        """What refers to notes in an empty block belongs to the block before, pages to the next."""
        for match in NOTE_MARK.finditer(raw):
            if self.page.references[int(match[1])].is_page or not self.items:
                self.texts.append(match[0])
            elif len(self.items[-1].part.text) < _SIGNED_CHARS:
                last = self.items[-1]
                last.part = replace(last.part, text=last.part.text + match[0])

    def _preformatted(self, raw: str) -> None:
        text = clean(raw).strip("\n").rstrip()
        if _is_code(text, self.open["code"] + self.open["samp"] > 0):
            self.emit(Part(BlockRole.CODE, text))
            return
        for paragraph in re.split(r"\n\s*\n", text):
            if paragraph.strip():
                self.emit(Part(BlockRole.PARAGRAPH, paragraph.strip()))

    def _block(self, text: str, linked: bool) -> None:
        if self.headings:
            self.emit(Part(BlockRole.HEADING, text, level=self.headings[-1]), linked)
        elif self.open["dt"]:
            self._terms.append(text)
        elif self.open["dd"] and self._term_for and not self.open["term used"]:
            self.open["term used"] = 1
            self._defined(text, linked)
        elif self.open["figcaption"] or self.open["caption"]:
            self.emit(Part(BlockRole.CAPTION, text), linked)
        elif self.open["quoted"]:
            self.emit(Part(BlockRole.QUOTED, text), linked)
        elif self._marks:
            self._item(text, linked)
        else:
            self.paragraph(text, linked)

    def _defined(self, text: str, linked: bool) -> None:
        term = ", ".join(self._term_for)
        joint = " " if term.endswith((":", ".", "?", "!")) else ": "
        if len(term) > _TERM_CHARS:
            self.emit(Part(BlockRole.PARAGRAPH, term))
            self.emit(Part(BlockRole.PARAGRAPH, text), linked)
            return
        self.emit(Part(BlockRole.FIELD, f"{term}{joint}{text}"), linked)

    def _item(self, text: str, linked: bool) -> None:
        marks = [mark for _, mark in self._marks if mark is not None]
        if not self._open_items():
            self.emit(Part(BlockRole.PARAGRAPH, text), linked)
            return
        mark = " ".join(filter(None, marks[-self._open_items() :]))
        # A number that is written as well is the number that is shown.
        if mark and text.startswith(f"{mark} "):
            text = text[len(mark) :].strip()
        self._marks = [(element, None) for element, _ in self._marks]
        level = max(1, len(self.lists))
        self.emit(Part(BlockRole.ITEM, text, level=level, mark=mark), linked)

    def _open_items(self) -> int:
        """How many of the items that are open have no text yet."""
        return sum(mark is not None for _, mark in self._marks)

    def paragraph(self, text: str, linked: bool) -> None:
        """Write a paragraph; one that begins with the mark of a note is that note."""
        bare = NOTE_MARK.match(text)
        reference = self.page.references[int(bare[1])] if bare else None
        if bare and reference and reference.holder is None and not reference.is_page:
            rest = text[bare.end() :].lstrip(" .:)")
            if rest:
                self.emit(Part(BlockRole.NOTE, rest, mark=reference.mark), linked)
            return
        self.emit(Part(BlockRole.PARAGRAPH, text), linked)

    def emit(self, part: Part, linked: bool = False) -> None:
        """Write a part, under the mark that waits for one."""
        if self._pending and not part.mark:
            part = replace(part, mark=self._pending)
        self._pending = ""
        self.items.append(Item(part, self.is_main, linked))

    @property
    def is_main(self) -> bool:
        """Whether what is read stands in the page's main content."""
        return bool(self.open["main"] or self.open["article"])


def _level(element: etree._Element) -> int:
    """The level of a heading, as it says or as its name says."""
    stated = element.get("aria-level") or ""
    if stated.isdecimal() and 0 < len(stated) < 3:
        return max(1, int(stated))
    return _HEADINGS.get(element.tag, 2)


def _is_quoted(element: etree._Element) -> bool:
    """Whether an element holds what a mail repeats of another one."""
    if not element.attrib or element.tag not in ("blockquote", "div"):
        return False
    if element.tag == "blockquote":
        return bool(element.get("type") == "cite")
    return not _QUOTED_CLASS.isdisjoint(classes(element))


def _list_of(element: etree._Element, said: dict[str, str]) -> _List:
    if element.tag != "ol":
        kind = said.get("list", "none")
        return _List("none" if kind in ("disc", "circle", "square") else kind, 1, 1)
    start = (element.get("start") or "").strip()
    number = int(start) if re.fullmatch(r"-?\d{1,9}", start) else 1
    reverse = "reversed" in element.attrib
    if reverse and not start:
        number = sum(child.tag == "li" for child in element)
    kind = said.get("list") or element.get("type") or "decimal"
    return _List(kind, number, -1 if reverse else 1)


def _is_code(text: str, marked: bool) -> bool:
    """Whether preformatted text is code or a drawing, not prose of an old page."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    plain = sum(c.isalpha() or c.isspace() or c in ".,;:()¿?¡!\"'-" for c in text)
    ends = re.search(r"[;{}]\s*$|^\s*(?:def|class|import|from|#include|\$)\b", text, re.MULTILINE)
    prose = len(words) >= _PROSE_WORDS and plain >= 0.9 * len(text) and not ends
    return marked or not (prose and re.search(r"[.!?](?:\s|$)", text))
