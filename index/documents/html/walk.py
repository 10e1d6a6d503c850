"""The walk through a page's tree: its text as parts, in the order in which it is read."""

import re
from itertools import islice

from lxml import etree

from index.documents.decoding import clean
from index.documents.html.forms import Form
from index.documents.html.gather import BLOCKS, MARK_ATTRIBUTE, Gatherer, Page
from index.documents.html.marks import GAP, NOTE_MARK, note_sign
from index.documents.html.notes import Item, Reference, is_note, without_signs
from index.documents.html.rows import write_numbered, write_table
from index.documents.html.shown import SKIPPED, is_bare_furniture, is_furniture, is_hidden
from index.documents.html.tables import is_data, is_numbered
from index.documents.html.tree import classes, kinds
from index.documents.mathml import math_text
from index.documents.parts import Part
from index.documents.superscripts import is_note_mark, lowered, mark_text, raised
from index.types import BlockRole

__all__ = ["MARK_ATTRIBUTE", "NOTE_MARK_ATTRIBUTE", "Page", "Walker"]

NOTE_MARK_ATTRIBUTE = "part-note"
"""Of a note that stands at the place that it belongs to: its mark."""

_STRUCK = frozenset(("del", "s", "strike"))
_FIELDS = frozenset(("input", "select", "textarea", "label"))
_INLINE = frozenset(("span", "a", "font", "small", "b", "i", "em", "strong", "u"))
_NESTED = 12  # tables in tables, notes in notes
_DIGITS = re.compile(r"[\s\d.,%$€]*\d[\s\d.,%$€]*")
_OWN_MARK = re.compile(r"[\[(]?(\d{1,4}|[*†‡§]+|[a-z](?=[\]).]))[\])]?[.:)]?(?:\s+|-)")
_LEFT_BY_LINKS = re.compile(r"^(?:\[\s*\]|\(\s*\)|[.:)\]^])\s*|\s*(?:\[\s*\]|\(\s*\))$")
_PAGE = re.compile(r"^(?:p[áa]gina|p[áa]g\.?|page|pg\.?|p\.)\s*", re.IGNORECASE)
_PAGE_CLASS = re.compile(
    r"page-?num(?:ber)?s?|page-?no|num-?pag(?:ina)?|page-?break", re.IGNORECASE
)
_PAGE_NUMBER = re.compile(
    r"[\[({|\s]*(?:(?:p[áa]gina|p[áa]g|page|pg|p)\.?\s*)?(?:\d{1,4}|[ivxlcdm]{1,7})[\])}|\s]*",
    re.IGNORECASE,
)


class Walker(Gatherer):
    """Reads a page or a part of one; `walk` fills ``items``."""

    def __init__(self, page: Page, depth: int = 0) -> None:
        super().__init__(page)
        self._depth = depth
        self._skipped: etree._Element | None = None

    def inner(self) -> "Walker":
        """A walker for a part that is read apart: a cell, a note."""
        return Walker(self.page, self._depth + 1)

    def walk(self, root: etree._Element) -> list[Item]:
        """The items of an element and all that is in it."""
        context = etree.iterwalk(root, events=("start", "end"))
        for event, element in context:
            if event == "start":
                if self._starts(element, root):
                    if element.text:
                        self.add(element.text)
                else:
                    context.skip_subtree()
                    self._skipped = element
                continue
            if self._skipped is element:
                self._skipped = None
            else:
                self.ends(element)
            if element.tail and element is not root:
                self.add(element.tail)
        self.flush()
        self.end_terms()
        return self.items

    def _starts(self, element: etree._Element, root: etree._Element) -> bool:
        """Begin an element; False where what is in it is not to be walked."""
        tag = str(element.tag)
        attributes = len(element.attrib) > 0
        said = self.page.styles.of(element) if attributes or self.page.styles else {}
        if element is not root:
            read = self._is_read(element, tag, said)
            apart = attributes or element in self.page.notes.holders
            if not read or (apart and self._is_elsewhere(element)):
                return False
        is_raised = "raised" in said and tag in _INLINE
        if tag in ("sup", "sub") or is_raised:
            return self._raise(element, is_low="sub" in (tag, said.get("raised")))
        if tag == "math":
            self.add(math_text(element))
        elif tag == "table":
            return self._table(element)
        elif tag != "a" or not self._link(element):
            self.begin(element, tag, said)
            return True
        return False

    def _is_read(self, element: etree._Element, tag: str, said: dict[str, str]) -> bool:
        """Whether an element is shown to readers and no furniture."""
        if tag in _STRUCK or "struck" in said:
            self._leave_out(element)
            return False
        if tag in _FIELDS:
            return self._field(element, tag)
        if tag in SKIPPED:
            inside = self.headings or self.open["summary"] or self.open["dt"]
            return tag == "button" and bool(inside)
        if not element.attrib and "hidden" not in said:
            return not is_bare_furniture(self.page, tag, self.open)
        if "mwe-math-element" in (element.get("class") or ""):
            return self._formula(element)
        hidden = is_hidden(self.page, element, said)
        return not hidden and not is_furniture(self.page, element, self.open)

    def reads(self, element: etree._Element) -> bool:
        """Whether a row, cell or caption is shown."""
        return self._is_read(element, str(element.tag), self.page.styles.of(element))

    def _leave_out(self, element: etree._Element) -> None:
        """Note that something was struck out; numbers around it must not become one."""
        text = "".join(element.itertext())
        if text.strip():
            self.page.counts["deleted"] += 1
        if element.tag in BLOCKS:
            self.flush()
        elif not _DIGITS.fullmatch(text) and self.texts[-1:] != [GAP]:
            self.texts.append(GAP)

    def _is_elsewhere(self, element: etree._Element) -> bool:
        """Whether an element is a note, a page's number or a link back: no running text."""
        said = kinds(element)
        notes = self.page.notes
        if "pagebreak" in said or _is_page_number(element):
            self._page_break(element)
            return True
        if element in notes.back or element in notes.skipped:
            return True
        if is_note(element, notes):
            mark = element.get(NOTE_MARK_ATTRIBUTE)
            if mark is not None:
                self._refer(mark, element)
            elif element not in notes.holders:
                self.flush()
            self._note(element)
            return True
        return False

    def _page_break(self, element: etree._Element) -> None:
        inner = " ".join("".join(element.itertext()).split())
        label = element.get("title") or element.get("aria-label") or inner
        label = _PAGE.sub("", label.strip(" .[]"))
        self.page.references.append(Reference(label, is_page=True))
        self.texts.append(note_sign(len(self.page.references) - 1))

    def _note(self, element: etree._Element) -> None:
        """Write a note with its mark: that of the link to it, of its list, or at its beginning."""
        if self._depth >= _NESTED:
            return
        stated = element.get(NOTE_MARK_ATTRIBUTE) or element.get(MARK_ATTRIBUTE)
        mark = mark_text(stated or self.page.notes.holders.get(element, ""))
        number = self.next_number(element) if element.tag == "li" else ""
        mark = mark or number.rstrip(".")
        parts = [item.part.text for item in self.inner().walk(element)]
        text = "\n".join(without_signs(text)[0] for text in parts if text.strip())
        text = _LEFT_BY_LINKS.sub("", text.strip())
        own = _OWN_MARK.match(text)
        if own and (not mark or own[1] == mark):
            mark, text = mark or own[1], text[own.end() :]
        if text.strip():
            part = Part(BlockRole.NOTE, text.strip(), mark=mark)
            self.items.append(Item(part, self.is_main, holder=element))

    def _link(self, element: etree._Element) -> bool:
        """Whether a link is the mark of a note, and written as such."""
        notes = self.page.notes
        if element not in notes.links:
            return False
        text = "".join(element.itertext())
        self._refer(mark_text(text), notes.links[element])
        return is_note_mark(text)

    def _refer(self, mark: str, holder: etree._Element | None) -> None:
        self.page.references.append(Reference(mark, holder))
        self.texts.append(note_sign(len(self.page.references) - 1))

    def _raise(self, element: etree._Element, *, is_low: bool) -> bool:
        """Write a raised or lowered text; False, for what is in it is written then."""
        links = [link for link in element.iter("a") if link in self.page.notes.links]
        if links:
            for link in links:
                self._link(link)
            return False
        if any(link in self.page.notes.back for link in element.iter("a")):
            return False
        if any(True for _ in element.iter("math", "table", "ul", "ol", "p", "img")):
            return True
        text = clean("".join(element.itertext()))
        if _is_of_fraction(element, text):
            apart = not is_low and self.texts and self.texts[-1][-1:].isdigit()
            self.add(f" {text.strip()}" if apart else text.strip())
            return False
        if is_low:
            self.add(lowered(text) if text.strip() else "")
            return False
        before = without_signs("".join(self.texts[-8:])[-80:] + "\ufdd0")[0]
        after = element.tail or ""
        shown = raised(NOTE_MARK.sub("", before).rstrip("\ufdd0"), text, after)
        last_in_cell = self.open["cell"] and len(text) == 1 and not after.strip()
        if (_links_within(element) or (last_in_cell and text.isalpha())) and is_note_mark(text):
            shown = None
        if shown is None:
            self._refer(mark_text(text), None)
        elif shown:
            self.add(shown)
        return False

    def _formula(self, element: etree._Element) -> bool:
        math = element.find(".//math")
        if math is None:
            return True
        self.add(math_text(math))
        return False

    def _field(self, element: etree._Element, tag: str) -> bool:
        """Write a form's filled-in field with its label; True to read a label as text."""
        if tag == "label":
            if not self._form(element).is_label(element):
                return True
            for inner in element.iter("input", "select", "textarea"):
                self._field(inner, str(inner.tag))
            return False
        value = self._form(element).value_of(element)
        if value:
            self._add_value(element, value)
        return False

    def _form(self, element: etree._Element) -> Form:
        root = element.getroottree().getroot()
        if root not in self.page.forms:
            self.page.forms[root] = Form(root)
        return self.page.forms[root]

    def _add_value(self, element: etree._Element, value: tuple[str, str]) -> None:
        label, text = clean(value[0]).strip(), clean(value[1]).strip()
        if self.open["cell"]:
            self.add(f" {text} ")
            return
        label = label.rstrip(" :*")
        self.flush()
        if label or element.tag == "textarea":
            shown = f"{label}: {text}" if label else text
            self.emit(Part(BlockRole.FIELD, shown))

    def _table(self, element: etree._Element) -> bool:
        """Write a table of data; True to walk through one that only arranges what is in it."""
        self.flush()
        if self._depth < _NESTED and is_data(element) and not is_numbered(element):
            write_table(self, element)
            return False
        if self._depth < _NESTED and write_numbered(self, element):
            return False
        self.begin(element, "table", {})
        return True


def _is_of_fraction(element: etree._Element, text: str) -> bool:
    """Whether raised or lowered digits are those above or below a fraction's stroke."""
    other = element.getprevious() if element.tag == "sub" else element.getnext()
    stroke = other.tail if element.tag == "sub" and other is not None else element.tail
    pair = other is not None and {element.tag, other.tag} == {"sup", "sub"}
    return pair and (stroke or "").strip() in ("/", "\u2044") and text.strip().isdigit()


def _is_page_number(element: etree._Element) -> bool:
    """Whether an element shows the number of a printed page inside of the text."""
    if element.tag not in _INLINE or not any(map(_PAGE_CLASS.fullmatch, classes(element))):
        return False
    return bool(_PAGE_NUMBER.fullmatch("".join(element.itertext()).strip()))


def _links_within(element: etree._Element) -> bool:
    inner = any(link.get("href") for link in element.iter("a"))
    return inner or any(above.tag == "a" for above in islice(element.iterancestors(), 3))
