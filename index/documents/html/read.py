"""HTML to parts: what a page shows its reader, as structure; offline, whatever the page holds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from index.documents.decoding import decode
from index.documents.html.meta import Head, head_of
from index.documents.html.notes import Item, find_notes, placed
from index.documents.html.tree import Styles, html_tree, xhtml_tree
from index.documents.html.walk import Page, Walker
from index.documents.notices import counted
from index.documents.parts import Converted, Part, ReadOptions
from index.types import BlockRole, Notice, NoticeKind

__all__ = [
    "HtmlText",
    "charset_of",
    "notices_of",
    "parts_of_html",
    "read_html",
    "text_of_html",
    "walked",
]

_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_MAIN_CHARS = 200
_FEW = 200  # characters: so many a page may hide, however little it shows
_MENU_BLOCKS = 4
_MENU_CHARS = 60


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The parts of a page or of a piece of HTML, what is left out, and what its head says."""

    parts: list[Part]
    notices: tuple[Notice, ...]
    head: Head
    page_labels: tuple[str, ...] = ()


def read_html(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """The readable content of an HTML file. Raises ValueError if the bytes are no text."""
    found = text_of_html(decode(data, charset_of(data)), is_page=True)
    head = found.head
    return Converted(
        found.parts,
        title=head.title,
        author=head.author,
        date=head.date,
        pages=len(found.page_labels),
        page_labels=found.page_labels,
        notices=found.notices,
    )


def charset_of(data: bytes) -> str | None:
    """The encoding that the first bytes of a page name."""
    declared = _CHARSET.search(data[:4096])
    return declared[1].decode("ascii") if declared else None


def parts_of_html(text: str) -> list[Part]:
    """The parts of a piece of HTML, as of a mail's body: all that it shows, also menus."""
    return text_of_html(text).parts


def text_of_html(text: str, *, is_page: bool = False) -> HtmlText:
    """As `parts_of_html`, with notices and the head; ``is_page`` leaves out menus and the like."""
    claims_xml = text.lstrip("\ufeff \t\r\n")[:5] == "<?xml" or "/xhtml" in text[:1000]
    root, cut = xhtml_tree(text) if claims_xml else html_tree(text)
    if root is None:
        return HtmlText([], (), Head())
    page = Page(Styles(root), find_notes({"": root}), furniture=is_page)
    items = walked(root, page)
    if is_page:
        items = _content(items)
    parts, labels = placed(items, page.references)
    return HtmlText(parts, notices_of(page, cut), head_of(root), labels)


def walked(root: etree._Element, page: Page) -> list[Item]:
    """The items of a page. Styles that would hide most of it are those of a page before it runs."""
    items = Walker(page).walk(root)
    if page.counts["hidden by sheets"] > max(_chars(items), _FEW if items else 0):
        fresh = Page(page.styles, page.notes, furniture=page.furniture, hide=False)
        every = Walker(fresh).walk(root)
        if 2 * _chars(_content(items)) < _chars(_content(every)):
            page.references[:] = fresh.references
            page.counts.clear()
            page.counts.update(fresh.counts)
            return every
    return items


def _chars(items: Sequence[Item]) -> int:
    return sum(len(item.part.text) for item in items if not item.linked)


_NOTICES = (
    ("hidden", NoticeKind.HIDDEN, "{} hidden passage(s) (is/are) left out"),
    ("deleted", NoticeKind.DELETED, "{} deleted passage(s) (is/are) left out"),
)
_CUT = Notice(NoticeKind.LOST, "What is nested too deep could not be read")


def notices_of(page: Page, cut: bool = False) -> tuple[Notice, ...]:
    """What of a page is not in its text."""
    said = counted(page.counts, _NOTICES)
    return (*said, _CUT) if cut else said


def _content(items: list[Item]) -> list[Item]:
    """What is inside ``main`` or ``article``, if the page marks it, without menus.

    A menu is a run of short blocks that are only links.
    """
    main = [item for item in items if item.main]
    if sum(len(item.part.text) for item in main) >= _MAIN_CHARS:
        items = [item for item in items if item.main or item.holder is not None]
    kept: list[Item] = []
    links: list[Item] = []
    for item in items:
        short = len(item.part.text) < _MENU_CHARS
        named = item.part.role in (BlockRole.HEADING, BlockRole.NOTE)
        if item.linked and not named and short:
            links.append(item)
            continue
        kept += links if len(links) < _MENU_BLOCKS else []
        links = []
        kept.append(item)
    kept += links if len(links) < _MENU_BLOCKS else []
    return kept or items
