"""The walk through a page's tree: its text as parts, in the order in which it is read."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from lxml import etree

from index.documents.decoding import clean
from index.documents.html_forms import value_of
from index.documents.html_marks import (
    BREAK,
    GAP,
    NOTE_MARK,
    is_note_mark,
    list_number,
    lowered,
    mark_text,
    math_text,
    note_sign,
    raised,
)
from index.documents.html_notes import Item, Notes, Reference, is_note, without_signs
from index.documents.html_tables import Cell, grid, is_data, is_numbered, number_of, rows_of
from index.documents.html_tree import Styles, classes, is_unseen_class, kinds
from index.documents.parts import Part, table
from index.types import BlockRole

__all__ = ["MARK_ATTRIBUTE", "NOTE_MARK_ATTRIBUTE", "Page", "Walker"]

_SKIPPED = frozenset(
    """script style noscript template button select option textarea svg iframe object canvas audio
    video menu head title rt rp rtc noframes datalist map progress meter""".split()
)
_FURNITURE = frozenset(("nav", "aside", "footer"))
_FURNITURE_ROLES = frozenset(
    """navigation banner contentinfo complementary search menu menubar dialog alertdialog
    tablist toolbar""".split()
)
_BOOK_FURNITURE = frozenset(("toc", "landmarks", "page-list", "lot", "loi"))
_COOKIES = re.compile(
    r"cookie[-_]?(?:banner|bar|consent|notice|law|popup|policy-banner)\w*|onetrust[\w-]*|gdpr[\w-]*"
    r"|CybotCookie\w*",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    """address article blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol p pre section
    summary table tbody td tfoot th thead tr ul aside footer nav xmp listing plaintext""".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "dir", "menu"))
_STRUCK = frozenset(("del", "s", "strike"))
_PREFORMATTED = frozenset(("pre", "xmp", "listing", "plaintext"))
_CONTENT_ASIDE = re.compile(r"note|notice|warning|caution|tip|callout|admonition|aviso|nota", re.I)
_QUOTED_CLASS = frozenset(("gmail_quote", "yahoo_quoted", "protonmail_quote", "moz-cite"))
_SPACE = re.compile(r"[ \t\n\r\f\v\xa0]+")
MARK_ATTRIBUTE = "part-mark"
"""What a reader of another format than HTML sets: the number that a block shows, also an item."""
NOTE_MARK_ATTRIBUTE = "part-note"
"""Of a note that stands at the place that it belongs to: its mark."""
_BULLET = re.compile(r"[•·▪–—*-]")
_ITEM_MARK = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxlIVXL]{1,6})[.)]")
_PROSE_WORDS = 12
_TERM_CHARS = 120
_NESTED_TABLES = 12
_DIGITS = re.compile(r"[\s\d.,%$€]*\d[\s\d.,%$€]*")


@dataclass(slots=True)
class Page:
    """What the walks through one page, or through one book, share."""

    styles: Styles
    notes: Notes = field(default_factory=Notes)
    references: list[Reference] = field(default_factory=list)
    furniture: bool = True  # whether menus and the like are left out
    hide: bool = True  # whether style sheets may hide text
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _List:
    kind: str  # its list type, "none" with bullets
    number: int
    step: int


class Walker:
    """Gathers text until a block begins or ends; `walk` fills ``items``."""

    def __init__(self, page: Page, depth: int = 0) -> None:
        self.items: list[Item] = []
        self._page = page
        self._depth = depth
        self._texts: list[str] = []
        self._chars = self._link_chars = self._breaks = 0
        self._open: Counter[str] = Counter()
        self._lists: list[_List] = []
        self._marks: list[tuple[etree._Element, str | None]] = []
        self._pending = ""  # a mark for the next block
        self._headings: list[int] = []
        self._terms: list[str] = []
        self._term_for: list[str] = []
        self._blocks: set[etree._Element] = set()
        self._skipped: etree._Element | None = None

    def walk(self, root: etree._Element) -> list[Item]:
        """The items of an element and all that is in it."""
        context = etree.iterwalk(root, events=("start", "end"))
        for event, element in context:
            if event == "start":
                if self._starts(element, root):
                    if element.text:
                        self._add(element.text)
                else:
                    context.skip_subtree()
                    self._skipped = element
                continue
            if self._skipped is element:
                self._skipped = None
            else:
                self._ends(element)
            if element.tail and element is not root:
                self._add(element.tail)
        self._flush()
        self._end_terms()
        return self.items

    # What begins

    def _starts(self, element: etree._Element, root: etree._Element) -> bool:
        """Begin an element; False where what is in it is not to be walked."""
        tag = element.tag
        if not isinstance(tag, str):
            return False
        attributes = len(element.attrib) > 0
        said = self._page.styles.of(element) if attributes or self._page.styles else {}
        if element is not root and not self._is_read(element, tag, said):
            return False
        if element is not root and attributes and self._is_elsewhere(element):
            return False
        if tag in ("sup", "sub") or "raised" in said:
            return self._raise(
                element, "sub" if tag == "sub" or said.get("raised") == "sub" else "sup"
            )
        if tag == "math":
            self._add(math_text(element))
            return False
        if tag == "table":
            return self._table(element)
        if tag == "a" and self._link(element):
            return False
        self._begin(element, tag, said)
        return True

    def _is_read(self, element: etree._Element, tag: str, said: dict[str, str]) -> bool:
        """Whether an element is shown to readers and no furniture."""
        if tag in _STRUCK or "struck" in said:
            self._leave_out(element)
            return False
        if tag in ("input", "select", "textarea", "label"):
            return self._field(element, tag)
        if tag in _SKIPPED:
            inside = self._headings or self._open["summary"] or self._open["dt"]
            return tag == "button" and bool(inside)
        if not element.attrib:
            return not (self._page.furniture and tag in _FURNITURE) or self._is_attribution(tag)
        if "mwe-math-element" in (element.get("class") or ""):
            return self._formula(element)
        if self._is_hidden(element, tag, said):
            return False
        return not self._is_furniture(element, tag)

    def _is_attribution(self, tag: str) -> bool:
        return tag == "footer" and self._open["blockquote"] > 0

    def _is_hidden(self, element: etree._Element, tag: str, said: dict[str, str]) -> bool:
        if tag in ("html", "body", "main"):
            return False
        if is_unseen_class(classes(element)):
            return True
        own = self._page.hide or "style" in element.attrib
        hidden = "hidden" in element.attrib or ("hidden" in said and own)
        if not hidden and element.get("aria-hidden") != "true":
            return False
        if hidden and any(text.strip() for text in element.itertext()):
            self._page.counts["hidden"] += 1
        return True

    def _is_furniture(self, element: etree._Element, tag: str) -> bool:
        said = kinds(element)
        if said & _BOOK_FURNITURE:
            return True
        if not self._page.furniture:
            return tag == "nav"
        if said & _FURNITURE_ROLES:
            return True
        names = classes(element)
        if any(_COOKIES.fullmatch(name) for name in (*names, element.get("id") or "")):
            return True
        if tag == "aside":
            is_note_here = is_note(element, self._page.notes) or "note" in said
            inside = self._open["main"] or self._open["article"]
            told = inside and any(_CONTENT_ASIDE.search(name) for name in names)
            return not (is_note_here or told)
        if tag == "footer" and self._is_attribution(tag):
            return False
        if tag == "dialog":
            return "open" not in element.attrib
        return tag in _FURNITURE and not is_note(element, self._page.notes)

    def _leave_out(self, element: etree._Element) -> None:
        """Note that something was struck out; numbers around it must not become one."""
        text = "".join(element.itertext())
        if text.strip():
            self._page.counts["deleted"] += 1
        if element.tag in _BLOCKS:
            self._flush()
        elif not _DIGITS.fullmatch(text):
            self._texts.append(GAP)

    def _is_elsewhere(self, element: etree._Element) -> bool:
        """Whether an element is a note, a page's number or a link back: no running text."""
        said = kinds(element)
        notes = self._page.notes
        if "pagebreak" in said:
            self._page_break(element)
            return True
        if element in notes.back or element in notes.skipped:
            return True
        if is_note(element, notes):
            mark = element.get(NOTE_MARK_ATTRIBUTE)
            if mark is not None:
                self._refer(mark, element)
            elif element not in notes.holders:
                self._flush()
            self._note(element)
            return True
        return False

    def _page_break(self, element: etree._Element) -> None:
        inner = " ".join("".join(element.itertext()).split())
        label = element.get("title") or element.get("aria-label") or inner
        label = re.sub(r"^(?:p[áa]gina|p[áa]g\.?|page|p\.)\s*", "", label.strip(" .[]"), flags=re.I)
        self._page.references.append(Reference(label, is_page=True))
        self._texts.append(note_sign(len(self._page.references) - 1))

    def _note(self, element: etree._Element) -> None:
        if self._depth >= _NESTED_TABLES:
            return
        stated = element.get(NOTE_MARK_ATTRIBUTE) or element.get(MARK_ATTRIBUTE)
        mark = stated or self._page.notes.holders.get(element, "")
        mark = mark_text(mark)
        if element.tag == "li" and self._lists and not mark:
            mark = self._next_number(element).rstrip(".")
        elif element.tag == "li" and self._lists:
            self._next_number(element)
        inner = Walker(self._page, self._depth + 1).walk(element)
        text = "\n".join(
            without_signs(item.part.text)[0] for item in inner if item.part.text.strip()
        )
        text = re.sub(r"^(?:\[\s*\]|\(\s*\)|[.:)\]^])\s*|\s*(?:\[\s*\]|\(\s*\))$", "", text.strip())
        own = re.match(r"[\[(]?(\d{1,4}|[*†‡§]+|[a-z](?=[\]).]))[\])]?[.:)]?(?:\s+|-)", text)
        if own and (not mark or own[1] == mark):
            mark, text = mark or own[1], text[own.end() :]
        if text.strip():
            main = bool(self._open["main"] or self._open["article"])
            self.items.append(
                Item(Part(BlockRole.NOTE, text.strip(), mark=mark), main, holder=element)
            )

    def _link(self, element: etree._Element) -> bool:
        """Whether a link is the mark of a note, and written as such."""
        notes = self._page.notes
        if element not in notes.links:
            return False
        text = "".join(element.itertext())
        self._refer(mark_text(text), notes.links[element])
        return is_note_mark(text)

    def _refer(self, mark: str, holder: etree._Element | None) -> None:
        self._page.references.append(Reference(mark, holder))
        self._texts.append(note_sign(len(self._page.references) - 1))

    def _raise(self, element: etree._Element, tag: str) -> bool:
        """Write a raised or lowered text; False, for what is in it is written then."""
        links = [link for link in element.iter("a") if link in self._page.notes.links]
        if links:
            for link in links:
                self._link(link)
            return False
        if any(link in self._page.notes.back for link in element.iter("a")):
            return False
        if any(True for _ in element.iter("math", "table", "ul", "ol", "p", "img")):
            return True
        text = clean("".join(element.itertext()))
        if tag == "sub":
            self._add(lowered(text) if text.strip() else "")
            return False
        before = without_signs("".join(self._texts[-8:])[-80:] + "\ufdd0")[0]
        after = element.tail or ""
        shown = raised(NOTE_MARK.sub("", before).rstrip("\ufdd0"), text, after)
        last_in_cell = self._open["cell"] and len(text) == 1 and not after.strip()
        if (_links_within(element) or (last_in_cell and text.isalpha())) and is_note_mark(text):
            shown = None
        if shown is None:
            self._refer(mark_text(text), None)
        elif shown:
            self._add(shown)
        return False

    def _formula(self, element: etree._Element) -> bool:
        math = element.find(".//math")
        if math is None:
            return True
        self._add(math_text(math))
        return False

    def _field(self, element: etree._Element, tag: str) -> bool:
        """Write a form's filled-in field with its label; True to read a label as text."""
        if tag == "label":
            if value_of(element) is None:
                return True
            for inner in element.iter("input", "select", "textarea"):
                self._field(inner, str(inner.tag))
            return False
        value = value_of(element)
        if value:
            self._add_value(element, value)
        return False

    def _add_value(self, element: etree._Element, value: tuple[str, str]) -> None:
        label, text = clean(value[0]).strip(), clean(value[1]).strip()
        if self._open["cell"]:
            self._add(f" {text} ")
            return
        label = label.rstrip(" :*")
        self._flush()
        if label or element.tag == "textarea":
            shown = f"{label}: {text}" if label else text
            self._emit(replace(Part(BlockRole.FIELD, shown)))

    def _begin(self, element: etree._Element, tag: str, said: dict[str, str]) -> None:
        display = said.get("display", "")
        if (tag in _BLOCKS and display != "inline") or display in ("block", "list-item", "table"):
            self._flush()
            self._blocks.add(element)
        self._open[tag] += 1
        mark = element.get(MARK_ATTRIBUTE)
        if mark and tag != "li":
            self._pending = f"{self._pending} {mark}".strip()
        if tag in _HEADINGS or element.get("role") == "heading":
            level = element.get("aria-level") or ""
            shown = int(level) if level.isdecimal() and len(level) < 3 else _HEADINGS.get(tag, 2)
            self._headings.append(max(1, shown))
        elif tag in _LISTS:
            self._lists.append(_list_of(element, said))
        elif tag == "li":
            number = self._next_number(element, said)
            self._marks.append((element, mark if mark is not None else number))
        elif tag == "dd":
            self._term_for = self._terms or self._term_for
            self._terms = []
            self._open["term used"] = 0
        elif tag == "br":
            self._line_break()
        elif tag == "q":
            self._add("“")
        if tag == "blockquote" and element.get("type") == "cite":
            self._open["quoted"] += 1
        elif tag == "div" and not _QUOTED_CLASS.isdisjoint(classes(element)):
            self._open["quoted"] += 1

    def _next_number(self, element: etree._Element, said: dict[str, str] | None = None) -> str:
        if not self._lists:
            return ""
        inner = self._lists[-1]
        value = element.get("value") or ""
        if re.fullmatch(r"-?\d{1,9}", value.strip()):
            inner.number = int(value)
        kind = (said or {}).get("list") or element.get("type") or inner.kind
        mark = list_number(inner.number, kind) if inner.kind != "none" or value else ""
        inner.number += inner.step
        return mark

    def _line_break(self) -> None:
        self._breaks += 1
        if self._breaks > 1 and not self._open["cell"]:
            self._flush()
            self._breaks = 2
        else:
            self._texts.append(BREAK)

    # What ends

    def _ends(self, element: etree._Element) -> None:
        tag = element.tag
        if element in self._blocks:
            self._flush()
            self._blocks.discard(element)
        if tag == "q":
            self._add("”")
        if tag in _HEADINGS or element.get("role") == "heading":
            self._headings.pop()
        elif tag in _LISTS:
            self._lists.pop()
        elif tag == "li":
            self._marks = [pair for pair in self._marks if pair[0] is not element]
        elif tag == "dl":
            self._end_terms()
            self._term_for = []
        if tag == "blockquote" and element.get("type") == "cite":
            self._open["quoted"] -= 1
        elif tag == "div" and not _QUOTED_CLASS.isdisjoint(classes(element)):
            self._open["quoted"] -= 1
        self._open[tag] -= 1

    def _end_terms(self) -> None:
        terms, self._terms = self._terms, []
        for term in terms:
            self._emit(Part(BlockRole.PARAGRAPH, term))

    # Text

    def _add(self, text: str) -> None:
        if "\ufdd0" <= text[:1] <= "\ufdef" or any(
            "\ufdd0" <= c <= "\ufdef" for c in text if c > "\ufdcf"
        ):
            text = re.sub("[\ufdd0-\ufdef]", "", text)
        preformatted = any(self._open[tag] for tag in _PREFORMATTED)
        self._texts.append(text if preformatted else _SPACE.sub(" ", text))
        chars = len(text.strip())
        self._chars += chars
        self._link_chars += chars if self._open["a"] else 0
        self._breaks = 0 if chars else self._breaks

    def _flush(self) -> None:
        """End the block that is being gathered."""
        raw, self._texts = "".join(self._texts), []
        linked = self._chars > 0 and self._link_chars >= 0.9 * self._chars
        self._chars = self._link_chars = self._breaks = 0
        if not NOTE_MARK.sub("", raw).replace(BREAK, "").replace(GAP, "").strip():
            self._keep_signs(raw)
            return
        raw = re.sub(rf"(?<=\d){GAP}+(?=\d)", " ", raw).replace(GAP, "")
        if any(self._open[tag] for tag in _PREFORMATTED):
            self._preformatted(raw.replace(BREAK, "\n"))
            return
        lines = (
            line.strip(" ") for line in re.sub("  +", " ", raw.replace("\n", " ")).split(BREAK)
        )
        joint = " " if self._headings else "\n"
        text = clean(joint.join(line for line in lines if line)).strip()
        if text:
            self._block(text, linked)

    def _keep_signs(self, raw: str) -> None:
        """What refers to notes in an empty block belongs to the block before, pages to the next."""
        for match in NOTE_MARK.finditer(raw):
            if self._page.references[int(match[1])].is_page or not self.items:
                self._texts.append(match[0])
            else:
                last = self.items[-1]
                last.part = replace(last.part, text=last.part.text + match[0])

    def _preformatted(self, raw: str) -> None:
        text = clean(raw).strip("\n").rstrip()
        if _is_code(text, self._open["code"] + self._open["samp"] > 0):
            self._emit(Part(BlockRole.CODE, text))
            return
        for paragraph in re.split(r"\n\s*\n", text):
            if paragraph.strip():
                self._emit(Part(BlockRole.PARAGRAPH, paragraph.strip()))

    def _block(self, text: str, linked: bool) -> None:
        if self._headings:
            self._emit(Part(BlockRole.HEADING, text, level=self._headings[-1]), linked)
        elif self._open["dt"]:
            self._terms.append(text)
        elif self._open["dd"] and self._term_for and not self._open["term used"]:
            self._open["term used"] = 1
            self._defined(text, linked)
        elif self._open["figcaption"] or self._open["caption"]:
            self._emit(Part(BlockRole.CAPTION, text), linked)
        elif self._open["quoted"]:
            self._emit(Part(BlockRole.QUOTED, text), linked)
        elif self._marks:
            self._item(text, linked)
        else:
            self._paragraph(text, linked)

    def _defined(self, text: str, linked: bool) -> None:
        term = ", ".join(self._term_for)
        joint = " " if term.endswith((":", ".", "?", "!")) else ": "
        if len(term) > _TERM_CHARS:
            self._emit(Part(BlockRole.PARAGRAPH, term))
            self._emit(Part(BlockRole.PARAGRAPH, text), linked)
            return
        self._emit(Part(BlockRole.FIELD, f"{term}{joint}{text}"), linked)

    def _item(self, text: str, linked: bool) -> None:
        marks = [mark for _, mark in self._marks if mark is not None]
        if not self._open_items():
            self._emit(Part(BlockRole.PARAGRAPH, text), linked)
            return
        mark = " ".join(filter(None, marks[-self._open_items() :]))
        # A number that is written as well is the number that is shown.
        if mark and text.startswith(f"{mark} "):
            text = text[len(mark) :].strip()
        self._marks = [(element, None) for element, _ in self._marks]
        level = max(1, len(self._lists))
        self._emit(Part(BlockRole.ITEM, text, level=level, mark=mark), linked)

    def _open_items(self) -> int:
        """How many of the items that are open have no text yet."""
        return sum(mark is not None for _, mark in self._marks)

    def _paragraph(self, text: str, linked: bool) -> None:
        bare = NOTE_MARK.match(text)
        reference = self._page.references[int(bare[1])] if bare else None
        if bare and reference and reference.holder is None and not reference.is_page:
            rest = text[bare.end() :].lstrip(" .:)")
            if rest:
                self._emit(Part(BlockRole.NOTE, rest, mark=reference.mark), linked)
            return
        self._emit(Part(BlockRole.PARAGRAPH, text), linked)

    def _emit(self, part: Part, linked: bool = False) -> None:
        if self._pending and not part.mark:
            part = replace(part, mark=self._pending)
        self._pending = ""
        main = bool(self._open["main"] or self._open["article"])
        self.items.append(Item(part, main, linked))

    # Tables

    def _table(self, element: etree._Element) -> bool:
        """Write a table of data; True to walk through one that only arranges what is in it."""
        self._flush()
        if self._depth >= _NESTED_TABLES or not is_data(element) or is_numbered(element):
            return self._layout(element)
        main = bool(self._open["main"] or self._open["article"])
        linked, inner, captions = True, [], []
        rows: list[tuple[list[Cell], str]] = []
        for child in element:
            if child.tag == "caption" and self._reads(child):
                captions += Walker(self._page, self._depth + 1).walk(child)
        for row, section in rows_of(element):
            cells = []
            if not self._reads(row):
                continue
            for cell in row:
                if cell.tag not in ("td", "th") or not self._reads(cell):
                    continue
                text, is_linked, more = self._cell(cell)
                linked = linked and (is_linked or not text)
                inner += more
                cells.append(
                    Cell(
                        cell, cell.tag == "th", _span(cell, "rowspan"), _span(cell, "colspan"), text
                    )
                )
            rows.append((cells, section))
        self._write(rows, captions, main, linked)
        for item in inner:
            item.main = main
            self.items.append(item)
        return False

    def _write(
        self, rows: list[tuple[list[Cell], str]], captions: list[Item], main: bool, linked: bool
    ) -> None:
        shown = grid(rows)
        titles = [item.part.text for item in captions]
        if shown.title:
            titles.append(shown.title)
        notes = []
        lines = list(shown.rows)
        while lines and len(lines[-1]) == 1 and NOTE_MARK.match(lines[-1][0]):
            notes.insert(0, lines.pop()[0])
        part = table(lines, header_rows=shown.header_rows, spans=shown.spans)
        for title in titles:
            if title.strip():
                self.items.append(Item(Part(BlockRole.CAPTION, title), main))
        if part is not None:
            self.items.append(Item(part, main, linked))
        for note in notes:
            self._paragraph(note, False)

    def _reads(self, element: etree._Element) -> bool:
        said = self._page.styles.of(element)
        return self._is_read(element, str(element.tag), said)

    def _cell(self, element: etree._Element) -> tuple[str, bool, list[Item]]:
        """The words of a cell, whether they are only links, and what has to stand after the table."""
        walker = Walker(self._page, self._depth + 1)
        walker._open["cell"] = 1
        items = walker.walk(element)
        here = [item for item in items if item.part.role not in (BlockRole.TABLE, BlockRole.NOTE)]
        after = [item for item in items if item.part.role in (BlockRole.TABLE, BlockRole.NOTE)]
        text = ""
        for item in here:
            lead = f"{item.part.mark} " if item.part.mark else ""
            joint = (
                " " if not text or text.rstrip().endswith((".", ",", ":", ";", "?", "!")) else ", "
            )
            text = f"{text}{joint if text else ''}{lead}{item.part.text}"
        text += "".join(walker._texts)
        return text, bool(here) and all(item.linked for item in here), after

    def _layout(self, element: etree._Element) -> bool:
        """Begin a table that arranges; rows "Artículo 1." and text become numbered paragraphs."""
        rows = [row for row, _ in rows_of(element)]
        pairs = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        numbered = [number_of(pair) for pair in pairs]
        if any(numbered) and not any(True for _ in element.iterdescendants("table")):
            for pair, mark in zip(pairs, numbered, strict=True):
                self._numbered(pair, mark)
            return False
        self._begin(element, "table", {})
        return True

    def _numbered(self, cells: list[etree._Element], mark: str) -> None:
        inner = Walker(self._page, self._depth + 1)
        for cell in cells[1:] if mark else cells:
            inner.walk(cell)
        main = bool(self._open["main"] or self._open["article"])
        for item in inner.items:
            item.main = main
            if mark and item.part.role is BlockRole.PARAGRAPH:
                is_item = _BULLET.fullmatch(mark) or _ITEM_MARK.fullmatch(mark)
                role = BlockRole.ITEM if is_item else BlockRole.PARAGRAPH
                shown = "" if _BULLET.fullmatch(mark) else mark
                item.part = replace(item.part, role=role, mark=shown, level=1 if is_item else 0)
                mark = ""
            self.items.append(item)


def _links_within(element: etree._Element) -> bool:
    inner = any(link.get("href") for link in element.iter("a"))
    return inner or any(above.tag == "a" for above in list(element.iterancestors())[:3])


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return int(value) if value.isdecimal() and len(value) < 6 else 1


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
