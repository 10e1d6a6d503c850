"""Akoma Ntoso, the XML of laws, written with the elements of HTML."""

import re

from lxml import etree

from index.documents.html.walk import MARK_ATTRIBUTE, NOTE_MARK_ATTRIBUTE
from index.documents.xml.pages import Written, drop, line_of, rename

__all__ = ["akoma"]

_META_TITLES = ("FRBRalias", "FRBRname", "FRBRtitle")
_POINTS = frozenset(("point", "indent", "item", "alinea-item", "subpoint"))
_RANKS = frozenset(("paragraph", "subparagraph", "alinea", "clause", "subclause", "transitional"))
_CONTAINERS = """
    book tome part subpart title subtitle chapter subchapter section subsection division
    subdivision article rule subrule level hcontainer proviso list crossHeading
"""
_HIERARCHY = frozenset(_CONTAINERS.split()) | _POINTS | _RANKS
_TITLED = frozenset(
    ("book", "tome", "part", "title", "chapter", "section", "article", "subchapter")
)
_LETTER = re.compile(r"\(?(?:[a-z]{1,2}|[ivxl]{1,5})[.)]{0,2}-?|[–•-]")
_KEPT = frozenset(("p", "table", "tr", "td", "th", "caption", "ul", "ol", "li", "sup", "sub", "a"))
_STRUCK = frozenset(("del", "ins", "b", "i", "u", "br"))
_SPANS = """
    ref mref rref mod date docTitle docType docNumber docDate docProponent docStage docStatus
    docPurpose docAuthority docIntroducer docketNumber def term person organization concept object
    event location process role entity quantity quotedText inline span abbr placeholder shortTitle
    neutralCitation party judge lawyer signature formula opinion rmod mmod session legislature
    num from scene change argument fillIn affectedDocument relatedDocument courtType decoration
"""
_INLINE = frozenset(_SPANS.split())
_SPEECHES = frozenset(("speech", "question", "answer", "speechGroup"))
_MAX_LEVEL = 6


def akoma(root: etree._Element) -> Written:
    """An act, bill, judgment or debate: its preface, its parts with their numbers, its notes."""
    body = etree.Element("body")
    meta = next(root.iter("meta"), None)
    title = _title(root, meta)
    date = _date(meta)
    author = _author(meta)
    notes = [note for each in root.iter("notes") for note in each.findall("note")]
    for note in notes:
        rename(note, "aside", role="doc-footnote")
    for each in list(root.iter("meta", "coverPage", "toc", "eop", "img", "staticContent")):
        drop(each)
    _convert(root)
    body.append(root)
    for note in notes:
        _convert(note)
        note.tail = None
        body.append(note)
    if title and not any(line_of(h) == title for h in body.iter("h1")):
        heading = etree.Element("h1")
        heading.text = title
        if title not in line_of(body)[: len(title) + 400]:
            body.insert(0, heading)
    return Written(body, title, author, date)


def _title(root: etree._Element, meta: etree._Element | None) -> str | None:
    """The title that the preface prints, else the one of the metadata."""
    for place in ("docTitle", "shortTitle", "longTitle"):
        found = line_of(next(root.iter(place), None))
        if found:
            return found
    for name in _META_TITLES:
        for element in meta.iter(name) if meta is not None else ():
            value = " ".join((element.get("value") or "").split())
            if value:
                return value
    return None


def _date(meta: etree._Element | None) -> str | None:
    """When it was published, else when the work was made."""
    if meta is None:
        return None
    published = meta.find(".//publication")
    if published is not None and published.get("date"):
        return str(published.get("date"))
    for path in (".//FRBRWork/FRBRdate", ".//FRBRExpression/FRBRdate"):
        found = meta.find(path)
        if found is not None and found.get("date"):
            return str(found.get("date"))
    return None


def _author(meta: etree._Element | None) -> str | None:
    if meta is None:
        return None
    named = {
        f"#{e.get('eId') or e.get('id')}": e.get("showAs")
        for e in meta.iter(etree.Element)
        if e.get("showAs")
    }
    for author in meta.iterfind(".//FRBRWork/FRBRauthor"):
        shown = named.get(author.get("href") or "")
        if shown:
            return " ".join(shown.split())
    return None


def _convert(root: etree._Element) -> None:
    depth: dict[etree._Element, int] = {root: 0}
    quoted: set[etree._Element] = set()
    for element in list(root.iter(etree.Element)):
        outer = element.getparent()
        above = depth.get(outer, 0) if outer is not None else 0
        tag = element.tag
        if outer in quoted or tag in ("quotedStructure", "embeddedStructure", "embeddedText"):
            quoted.add(element)
        headed = tag in _HIERARCHY and tag not in _RANKS and tag not in _POINTS
        named = element.find("heading") is not None or element.find("num") is not None
        depth[element] = above + (headed and named)
        if tag in _HIERARCHY:
            _numbered(element, tag, min(depth[element] + 1, _MAX_LEVEL), element in quoted)
        else:
            _element(element, tag)


def _numbered(element: etree._Element, tag: str, level: int, is_quoted: bool) -> None:
    """A part of the hierarchy: its number and heading become a heading, or its text's mark."""
    number, heading = element.find("num"), element.find("heading")
    shown = line_of(number)
    if number is not None:
        drop(number)
    sub = element.find("subheading")
    if sub is not None:
        rename(sub, "p")
    is_item = tag in _POINTS or (tag in _RANKS and bool(_LETTER.fullmatch(shown)))
    if is_item:
        outer = element.getparent()
        rename(element, "li")
        element.set(MARK_ATTRIBUTE, shown)
        _in_list(element, outer)
    else:
        rename(element, "div")
    if heading is not None:
        rename(heading, "p" if is_quoted or is_item else f"h{level}")
        if shown and not is_item:
            heading.set(MARK_ATTRIBUTE, shown)
    elif shown and not is_item:
        titled = tag in _TITLED and not is_quoted
        _lead(element, shown, level, is_heading=titled and _holds_numbers(element))


def _holds_numbers(element: etree._Element) -> bool:
    """Whether what is in it has numbers of its own, or more than a text."""
    inner = [each for each in element if isinstance(each.tag, str) and each.tag in _HIERARCHY]
    return bool(inner) and (inner[0].find("num") is not None or inner[0].tag not in _RANKS)


def _lead(element: etree._Element, shown: str, level: int, *, is_heading: bool) -> None:
    if is_heading and element.find("intro") is None and element.find("content") is None:
        heading = etree.Element(f"h{level}")
        heading.text = shown
        element.insert(0, heading)
    else:
        element.set(MARK_ATTRIBUTE, shown)


def _in_list(element: etree._Element, outer: etree._Element | None) -> None:
    """Put an item into a list with the item before it."""
    if outer is None or outer.tag in ("ul", "ol"):
        return
    previous = element.getprevious()
    if previous is not None and previous.tag == "ul" and previous.get("part-list"):
        previous.append(element)
        return
    items = etree.Element("ul", {"part-list": "1"})
    outer.replace(element, items)
    items.append(element)


def _element(element: etree._Element, tag: str) -> None:
    if tag == "authorialNote":
        mark = element.get("marker") or ""
        rename(element, "aside", role="doc-footnote")
        element.set(NOTE_MARK_ATTRIBUTE, mark)
    elif tag == "noteRef":
        element.text = element.get("marker") or element.text or "*"
        rename(element, "a", role="doc-noteref")
    elif tag == "eol":
        rename(element, "br")
    elif tag in ("blockList", "list"):
        rename(element, "ul")
    elif tag in ("listIntroduction", "intro", "listWrapUp", "wrapUp", "remark", "longTitle"):
        rename(element, "div")
    elif tag in ("quotedStructure", "embeddedStructure"):
        _quote(element)
    elif tag == "docTitle":
        _title_line(element)
    elif tag in ("heading", "crossHeading") and _is_alone(element):
        rename(element, "h2")
    elif tag in _SPEECHES:
        _speech(element)
    elif tag in _INLINE or tag == "foreign":
        rename(element, "span")
    elif tag not in _KEPT and tag not in _STRUCK and not re.fullmatch(r"h[1-6]|aside|math", tag):
        rename(element, "div")


def _is_alone(element: etree._Element) -> bool:
    outer = element.getparent()
    return outer is not None and outer.tag not in ("p", "span", "li", "h1", "h2")


def _quote(element: etree._Element) -> None:
    """The words that an act puts into another, between the quotation marks that it names."""
    first, last = element.get("startQuote"), element.get("endQuote")
    opening = next(element.iter("num", "heading", "p"), None)
    if first and opening is not None:
        opening.text = f"{first}{opening.text or ''}"
    paragraphs = list(element.iter("p"))
    if last and paragraphs:
        final = paragraphs[-1]
        if len(final):
            final[-1].tail = f"{final[-1].tail or ''}{last}"
        else:
            final.text = f"{final.text or ''}{last}"
    rename(element, "blockquote")


def _speech(element: etree._Element) -> None:
    speaker = element.find("from")
    shown = line_of(speaker)
    if speaker is not None:
        drop(speaker)
    rename(element, "div")
    if shown:
        element.set(MARK_ATTRIBUTE, shown if shown.endswith((":", ".", "-", "—")) else f"{shown}:")


def _title_line(element: etree._Element) -> None:
    """The title, as a heading where it has a paragraph for itself."""
    outer = element.getparent()
    alone = outer is not None and outer.tag == "p" and line_of(outer) == line_of(element)
    rename(element, "h1" if _is_alone(element) else "span")
    if alone and outer is not None:
        rename(outer, "h1")
