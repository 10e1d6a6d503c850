"""HTML to blocks, with the standard library's parser: forgiving, linear and offline."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

from index.documents.decoding import clean, decode
from index.documents.parts import Converted, Part, ReadOptions
from index.types import BlockRole

__all__ = ["read_html"]

_VOID_NAMES = "area base br col embed hr img input link meta param source track wbr"
# What is not read, and what frames the content of a page.
_SKIPPED_NAMES = """
    script style noscript template nav aside footer button select option textarea svg math iframe
    object canvas audio video dialog menu label
"""
_BLOCK_NAMES = """
    address article blockquote body caption center dd details div dl dt fieldset figcaption figure
    form h1 h2 h3 h4 h5 h6 header hr html legend li main ol p pre section summary table tbody td
    tfoot th thead title tr ul
"""
_VOID = frozenset(_VOID_NAMES.split())
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CELLS = frozenset(("td", "th"))
_SKIPPED_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "complementary", "search", "menu")
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DATE_NAMES = """
    article:published_time datepublished og:article:published_time date dc.date dc.date.issued
    dcterms.issued dcterms.date pubdate publish-date publishdate
"""
_DATES = tuple(_DATE_NAMES.split())
_SPACE = re.compile(r"[ \t\n\r\f\v\xa0]+")
_MAIN_CHARS = 200
_ROW_CHARS = 400
_MENU_BLOCKS = 4
_MENU_CHARS = 60


@dataclass(slots=True)
class _Part:
    """A part, whether it is inside ``main`` or ``article``, and whether it is only links."""

    block: Part
    main: bool
    linked: bool


def read_html(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """The readable content of an HTML file. Raises ValueError if the bytes are no text."""
    declared = _CHARSET.search(data[:4096])
    parser = _Parser()
    parser.feed(decode(data, declared[1].decode("ascii") if declared else None))
    parser.close()
    parser.flush()
    meta = parser.meta
    return Converted(
        [part.block for part in _content(parser.parts)],
        title=" ".join(clean(parser.title).split()) or None,
        author=meta.get("author"),
        date=next((meta[name] for name in _DATES if name in meta), parser.time),
    )


def _content(parts: list[_Part]) -> list[_Part]:
    """What is inside ``main`` or ``article``, if the page marks it, without menus.

    A menu is a run of short blocks that are only links.
    """
    main = [part for part in parts if part.main]
    if sum(len(part.block.text) for part in main) >= _MAIN_CHARS:
        parts = main
    kept: list[_Part] = []
    links: list[_Part] = []
    for part in parts:
        short = len(part.block.text) < _MENU_CHARS
        if part.linked and part.block.role is not BlockRole.HEADING and short:
            links.append(part)
            continue
        kept += links if len(links) < _MENU_BLOCKS else []
        links = []
        kept.append(part)
    kept += links if len(links) < _MENU_BLOCKS else []
    return kept or parts


class _Parser(HTMLParser):
    """Gathers text until a block element begins or ends."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[_Part] = []
        self.title = ""
        self.meta: dict[str, str] = {}
        self.time: str | None = None
        self._open: list[str] = []
        self._skipped_from: int | None = None
        self._texts: list[str] = []
        self._text_chars = 0
        self._link_chars = 0
        self._breaks = 0
        self._rows: list[list[int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self._read_meta(attributes)
        if tag == "time" and self._skipped_from is None:
            self._read_time(attributes)
        if tag in _VOID:
            self._void(tag)
            return
        if tag in _BLOCKS:
            self.flush()
        if tag == "tr":
            self._rows.append([])
        elif tag in _CELLS and self._rows:
            self._rows[-1].append(len(self.parts))
        self._open.append(tag)
        if self._skipped_from is None and _is_skipped(tag, attributes):
            self._skipped_from = len(self._open) - 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.flush()
        if tag == "tr" and self._rows:
            self._end_row(self._rows.pop())
        last = next((n for n in range(len(self._open) - 1, -1, -1) if self._open[n] == tag), None)
        if last is None:
            return
        del self._open[last:]
        if self._skipped_from is not None and self._skipped_from >= last:
            self._skipped_from = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title" and "svg" not in self._open:
            self.title = self.title or data
        elif self._skipped_from is None:
            self._texts.append(data if "pre" in self._open else _SPACE.sub(" ", data))
            chars = len(data.strip())
            self._text_chars += chars
            self._link_chars += chars if "a" in self._open else 0
            self._breaks = 0 if chars else self._breaks

    def flush(self) -> None:
        """End the block that is being gathered."""
        raw, self._texts = "".join(self._texts), []
        linked = self._text_chars > 0 and self._link_chars >= 0.9 * self._text_chars
        self._text_chars = self._link_chars = self._breaks = 0
        if not raw.strip():
            return
        kind = self._kind()
        if "pre" not in self._open:
            lines = (line.strip(" ") for line in re.sub("  +", " ", raw).split("\n"))
            raw = "\n".join(line for line in lines if line)
        text = clean(raw).strip()
        if text:
            main = "main" in self._open or "article" in self._open
            self.parts.append(_Part(Part(kind, text), main, linked))

    def _kind(self) -> BlockRole:
        if _HEADINGS.intersection(self._open):
            return BlockRole.HEADING
        return BlockRole.ITEM if "li" in self._open[-2:] else BlockRole.PARAGRAPH

    def _end_row(self, cells: list[int]) -> None:
        """Make one line of a row's cells, unless the table is only for the page's layout."""
        bounds = [*cells, len(self.parts)]
        row = [self.parts[a:b] for a, b in pairwise(bounds)]
        parts = [part for cell in row for part in cell]
        if len(parts) < 2 or sum(len(part.block.text) for part in parts) > _ROW_CHARS:
            return
        texts = (", ".join(part.block.text.replace("\n", " ") for part in cell) for cell in row)
        block = Part(BlockRole.TABLE, "\t".join(texts).strip("\t"))
        linked = all(part.linked for part in parts)
        self.parts[cells[0] :] = [_Part(block, parts[0].main, linked)]

    def _void(self, tag: str) -> None:
        if tag == "hr":
            self.flush()
        elif tag == "br":
            self._breaks += 1
            if self._breaks > 1:
                self.flush()
            else:
                self._texts.append("\n")

    def _read_meta(self, attributes: dict[str, str]) -> None:
        names = map(attributes.get, ("name", "property", "itemprop"))
        name = next(filter(None, names), "").lower()
        content = " ".join(clean(attributes.get("content", "")).split())
        if name and content:
            self.meta.setdefault(name, content)

    def _read_time(self, attributes: dict[str, str]) -> None:
        """The first time on the page, or the first that says that it is the publication's."""
        stated = attributes.get("datetime")
        if stated and (attributes.get("itemprop") or "").lower() == "datepublished":
            self.meta.setdefault("datepublished", stated)
        elif stated and self.time is None:
            self.time = stated


def _is_skipped(tag: str, attributes: dict[str, str]) -> bool:
    return (
        tag in _SKIPPED
        or attributes.get("role") in _SKIPPED_ROLES
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(attributes.get("style", "")))
    )
