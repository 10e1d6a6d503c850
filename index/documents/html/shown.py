"""What of a page its readers see as its text: not what is hidden, struck out, or frames it."""

import re
from collections import Counter

from lxml import etree

from index.documents.html.gather import Page
from index.documents.html.notes import is_note
from index.documents.html.tree import classes, is_unseen_class, kinds

__all__ = ["SKIPPED", "is_bare_furniture", "is_furniture", "is_hidden"]

_SKIPPED_NAMES = """
    script style noscript template button select option textarea svg iframe object canvas audio
    video menu head title rt rp rtc noframes datalist map progress meter
"""
SKIPPED = frozenset(_SKIPPED_NAMES.split())
_FURNITURE = frozenset(("nav", "aside", "footer"))
_FURNITURE_ROLES_NAMES = """
    navigation banner contentinfo complementary search menu menubar dialog alertdialog tablist
    toolbar
"""
_FURNITURE_ROLES = frozenset(_FURNITURE_ROLES_NAMES.split())
_BOOK_FURNITURE = frozenset(("toc", "landmarks", "page-list", "lot", "loi"))
_TOOLS = frozenset(("mw-editsection", "headerlink", "permalink", "anchorjs-link", "octicon-link"))
_COOKIES = re.compile(
    r"cookie[-_]?(?:banner|bar|consent|notice|law|popup|policy-banner)\w*|onetrust[\w-]*|gdpr[\w-]*"
    r"|CybotCookie\w*",
    re.IGNORECASE,
)
_TOOL_CHARS = 40  # of a link to edit a section, or to the section itself
_CONTENT_ASIDE = re.compile(r"note|notice|warning|caution|tip|callout|admonition|aviso|nota", re.I)


def is_hidden(page: Page, element: etree._Element, said: dict[str, str]) -> bool:
    """Whether the page hides an element from its readers; what holds words is counted."""
    if element.tag in ("html", "body", "main"):
        return False
    if is_unseen_class(classes(element)):
        return True
    own = page.hide or "style" in element.attrib
    hidden = "hidden" in element.attrib or ("hidden" in said and own)
    hidden = hidden or (element.tag == "dialog" and "open" not in element.attrib)
    if not hidden and element.get("aria-hidden") != "true":
        return False
    words = "".join(element.itertext()).strip() if hidden else ""
    if words:
        page.counts["hidden"] += 1
        if "hidden" not in element.attrib and "style" not in element.attrib:
            page.counts["hidden by sheets"] += len(words)
    return True


def is_bare_furniture(page: Page, tag: str, opened: Counter[str]) -> bool:
    """As `is_furniture`, of an element without attributes; a dialog that is not open is hidden."""
    if tag == "dialog":
        page.counts["hidden"] += 1
        return True
    return page.furniture and tag in _FURNITURE and not _is_attribution(tag, opened)


def is_furniture(page: Page, element: etree._Element, opened: Counter[str]) -> bool:
    """Whether an element is a menu, a banner, a table of contents or the like."""
    tag, said = element.tag, kinds(element)
    if said & _BOOK_FURNITURE or not page.furniture:
        return bool(said & _BOOK_FURNITURE)
    names = classes(element)
    tool = not _TOOLS.isdisjoint(names) and len("".join(element.itertext())) < _TOOL_CHARS
    named = tool or any(_COOKIES.fullmatch(name) for name in (*names, element.get("id") or ""))
    if named or said & _FURNITURE_ROLES:
        return True
    if tag not in _FURNITURE or is_note(element, page.notes) or _is_attribution(tag, opened):
        return False
    if tag == "aside":
        inside = opened["main"] or opened["article"]
        told = inside > 0 and any(_CONTENT_ASIDE.search(name) for name in names)
        return not (told or "note" in said)
    return True


def _is_attribution(tag: str, opened: Counter[str]) -> bool:
    """Whether a footer is that of a quotation."""
    return tag == "footer" and opened["blockquote"] > 0
