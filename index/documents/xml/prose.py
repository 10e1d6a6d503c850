"""XML of no kind that we know: paragraphs where it holds prose, refused where it holds data."""

import re

from lxml import etree

from index.documents.xml.pages import Written, line_of, rename

__all__ = ["prose"]

_HEADINGS = frozenset(
    ("title", "head", "heading", "bridgehead", "titulo", "título", "header", "hd")
)
_SECTIONS = re.compile(
    r"section|sect\d|chapter|div\d?|part|article|appendix|preface|topic|book|level\d?|seccion"
    r"|capitulo|articulo|titulo",
    re.IGNORECASE,
)
_ITEMS = frozenset(("item", "listitem", "li"))
_LISTS = {"orderedlist": "ol", "ol": "ol", "itemizedlist": "ul", "list": "ul", "ul": "ul"}
_NOTES = frozenset(("footnote", "note", "fn"))
_INLINE = """
    emphasis hi b i u em strong link ulink xref ref code sub sup subscript superscript a q quote
    citation date name persname placename orgname term foreign title_ abbr span ph keyword cite
    filename literal command bold italic s del ins lb br phrase
"""
_SPANS = frozenset(_INLINE.split())
_TABLE_TAGS = {
    "row": "tr",
    "cell": "td",
    "entry": "td",
    "tgroup": "tbody",
    "informaltable": "table",
}
_KEPT = frozenset(("table", "thead", "tbody", "tr", "td", "th", "del", "ins", "s", "caption"))
_SUPER = {
    "superscript": "sup",
    "subscript": "sub",
    "sup": "sup",
    "sub": "sub",
    "lb": "br",
    "br": "br",
}
_SENTENCE_WORDS = 8
_PROSE_SHARE = 0.4
_HEADER_CHARS = 200
_MAX_LEVEL = 6


def prose(root: etree._Element) -> Written | None:
    """The document; None where most of it is data."""
    for name in (
        "teiHeader",
        "info",
        "bookinfo",
        "articleinfo",
        "metadata",
        "prolog",
        "description",
    ):
        for each in root.findall(name):
            if each.tag != "description" or root.tag == "FictionBook":
                title = line_of(next(each.iter("title", "book-title"), None))
                root.set("part-title", root.get("part-title") or title)
                root.remove(each)
    if not _is_prose(root):
        return None
    title = root.attrib.pop("part-title", "") or _first_title(root)
    _convert(root)
    body = etree.Element("body")
    body.append(root)
    return Written(body, title or None)


def _is_prose(root: etree._Element) -> bool:
    """Whether sentences make up enough of the text."""
    all_chars = sentence_chars = 0
    for element in root.iter(etree.Element):
        if element.tag.lower() in _SPANS:
            continue
        text = _own_text(element)
        all_chars += len(text)
        words = text.split()
        if len(words) >= _SENTENCE_WORDS and re.search(r"[.!?:;»”]", text):
            sentence_chars += len(text)
    return sentence_chars > 0 and sentence_chars >= _PROSE_SHARE * all_chars


def _own_text(element: etree._Element) -> str:
    """The text of an element and of the inline elements in it."""
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag.lower() in _SPANS:
            pieces += child.itertext()
        pieces.append(child.tail or "")
    return " ".join("".join(pieces).split())


def _first_title(root: etree._Element) -> str:
    found = next((e for e in root.iter(etree.Element) if e.tag.lower() in _HEADINGS), None)
    title = line_of(found)
    return title if len(title) <= _HEADER_CHARS else ""


def _convert(root: etree._Element) -> None:
    depth = {root: 0}
    for element in list(root.iter(etree.Element)):
        outer = element.getparent()
        tag = element.tag.lower()
        section = bool(_SECTIONS.fullmatch(tag)) and len(element) > 0
        depth[element] = (depth[outer] if outer is not None else 0) + section
        level = min(max(1, depth[element]), _MAX_LEVEL)
        short = len(line_of(element)) <= _HEADER_CHARS if tag in _HEADINGS else False
        if tag in _HEADINGS and short and len(_own_text(element)) > 0 and not section:
            rename(element, f"h{level}")
        elif tag in _NOTES and outer is not None and outer.tag in ("p", "div", "span"):
            rename(element, "aside", role="doc-footnote")
            element.set("part-note", element.get("n") or "*")
        elif tag in _ITEMS:
            rename(element, "li")
        elif tag in _LISTS:
            rename(element, _LISTS[tag])
        elif tag in _SUPER:
            rename(element, _SUPER[tag])
        elif tag in _TABLE_TAGS:
            rename(element, _TABLE_TAGS[tag])
        elif tag in ("programlisting", "screen", "codeblock", "literallayout"):
            rename(element, "pre")
        elif tag in _KEPT:
            rename(element, tag)
        else:
            rename(element, "span" if tag in _SPANS else "div")
