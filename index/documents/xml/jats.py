"""JATS, the XML of scientific articles, written with the elements of HTML."""

import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from index.documents.html.walk import MARK_ATTRIBUTE, NOTE_MARK_ATTRIBUTE
from index.documents.xml.pages import Written, add, day_of, drop, line_of, rename

__all__ = ["jats"]

_NAMES = {
    "es": ("Resumen", "Palabras clave", "Referencias"),
    "en": ("Abstract", "Keywords", "References"),
}
_LISTS = {
    "order": "1",
    "alpha-lower": "a",
    "alpha-upper": "A",
    "roman-lower": "i",
    "roman-upper": "I",
}
_DROPPED = """
    graphic media inline-graphic object-id alt-text long-desc tex-math permissions
    supplementary-material inline-supplementary-material custom-meta-group processing-meta
    index-term x-ref floats-wrap
"""
_INLINE = """
    italic bold sc monospace roman sans-serif underline overline named-content styled-content
    ext-link uri email inline-formula disp-formula-group abbrev milestone-start milestone-end
    institution institution-wrap country bibr private-char chem-struct-wrap statement
"""
_BLOCKS = """
    sec ack app app-group boxed-text disp-formula verse-group glossary bio notes statement
    floats-group back body sig-block def-item
"""
_SPANS = frozenset(_INLINE.split())
_DIVS = frozenset(_BLOCKS.split())
_MAX_LEVEL = 6
_NESTED = 4  # articles in articles


def jats(articles: Sequence[etree._Element]) -> Written:
    """The articles of a file: titles, authors, abstracts, sections, notes and references."""
    body = etree.Element("body")
    first: Written | None = None
    for article in articles:
        written = _article(article, body)
        first = first or written
    return first or Written(body)


def _article(article: etree._Element, body: etree._Element, depth: int = 0) -> Written:
    front = article.find("front")
    front = article.find("front-stub") if front is None else front
    meta = None if front is None else front.find("article-meta")
    meta = front if meta is None else meta
    language = _language(article)
    title = author = date = None
    if meta is not None:
        title = line_of(meta.find("title-group/article-title")) or None
        author = ", ".join(_authors(meta)) or None
        date = _date(meta)
        _write_front(meta, body, language, title, author)
    for name in ("body", "back", "floats-group"):
        part = article.find(name)
        if part is not None:
            _convert(part, 2, language)
            body.append(part)
    inner = [*article.findall("sub-article"), *article.findall("response")]
    for each in inner if depth < _NESTED else ():
        _article(each, body, depth + 1)
    return Written(body, title, author, date)


def _language(article: etree._Element) -> str:
    stated = article.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    return "es" if stated.lower().startswith("es") else "en"


def _authors(meta: etree._Element) -> Iterator[str]:
    for contributor in meta.iterfind("contrib-group/contrib"):
        if contributor.get("contrib-type", "author") != "author":
            continue
        name = contributor.find("name")
        if name is None:
            name = contributor.find("name-alternatives/name")
        if name is not None:
            parts = (
                line_of(name.find(part)) for part in ("prefix", "given-names", "surname", "suffix")
            )
            yield " ".join(filter(None, parts))
            continue
        for part in ("string-name", "collab"):
            named = line_of(contributor.find(part))
            if named:
                yield named


def _date(meta: etree._Element) -> str | None:
    """The first day of publication that is whole, electronic before printed."""
    dates = meta.findall("pub-date")
    order = ("epub", "pub", "ppub", "collection", "")
    dates.sort(key=lambda each: _place(order, each))
    return next(filter(None, map(day_of, dates)), None)


def _place(order: Sequence[str], date: etree._Element) -> int:
    kind = date.get("pub-type") or date.get("date-type") or ""
    return order.index(kind) if kind in order else len(order)


def _write_front(
    meta: etree._Element, body: etree._Element, language: str, title: str | None, author: str | None
) -> None:
    named = meta.find("title-group/article-title")
    if named is not None and title:
        heading = add(body, "h1")
        _convert(named, 2, language)
        rename(named, "span")
        heading.append(named)
        named.tail = None
    subtitle = line_of(meta.find("title-group/subtitle"))
    if subtitle:
        add(body, "p", subtitle)
    if author:
        add(body, "p", author)
    for abstract in [*meta.findall("abstract"), *meta.findall("trans-abstract")]:
        if abstract.get("abstract-type") in ("graphical", "toc"):
            continue
        stated = abstract.get("{http://www.w3.org/XML/1998/namespace}lang") or language
        if abstract.find("title") is None:
            add(body, "h2", _NAMES["es" if stated.startswith("es") else "en"][0])
        _convert(abstract, 2, language)
        body.append(abstract)
    for group in meta.findall("kwd-group"):
        words = [line_of(word) for word in group.iter("kwd")]
        name = line_of(group.find("title")).rstrip(" :") or _NAMES[language][1]
        if any(words):
            add(body, "p", f"{name}: {', '.join(filter(None, words))}")


def _convert(part: etree._Element, level: int, language: str) -> None:
    """Make the elements of a part, and the part itself, those of HTML."""
    levels = {part: level}
    for element in list(part.iter(etree.Element)):
        outer = element.getparent()
        depth = levels.get(outer, level) if element is not part else level
        inner = (
            outer is not None and element.tag in ("sec", "app", "sub-sec") and outer.tag == "div"
        )
        if element is not part and inner and outer is not part:
            depth = depth + 1
        levels[element] = depth
        _element(element, min(depth, _MAX_LEVEL), language)
    rename(part, "div")


def _element(element: etree._Element, level: int, language: str) -> None:
    tag = element.tag
    special = _SPECIAL.get(tag)
    if tag in _DROPPED.split() and not _only_formula(element):
        drop(element)
    elif special is not None:
        special(element)
    elif tag in ("title", "subtitle"):
        _title(element, level)
    elif tag == "ref-list":
        if element.find("title") is None:
            heading = etree.Element("title")
            heading.text = _NAMES[language][2]
            element.insert(0, heading)
            _title(heading, level)
        rename(element, "div")
    elif tag in _SPANS:
        rename(element, "span")
    elif tag in _DIVS:
        rename(element, "div")


def _only_formula(element: etree._Element) -> bool:
    """Whether a formula is written in TeX alone; its text is then kept between its dollars."""
    if element.tag != "tex-math":
        return False
    outer = element.getparent()
    if outer is not None and outer.find("math") is not None:
        return False
    inner = re.search(r"\$\$?(.+?)\$\$?|\\\[(.+?)\\\]", element.text or "", re.DOTALL)
    element.text = (inner[1] or inner[2]).strip() if inner else element.text
    return True


def _title(element: etree._Element, level: int) -> None:
    outer = element.getparent()
    label = None if outer is None else outer.find("label")
    if label is not None and outer is not None and outer.tag == "div":
        number = line_of(label)
        element.text = f"{number} {element.text or ''}"
        drop(label)
    rename(element, f"h{level}")


def _paragraph_break(element: etree._Element) -> None:
    rename(element, "br")


def _list(element: etree._Element) -> None:
    kind = element.get("list-type") or ""
    label = element.find("title")
    if label is not None:
        rename(label, "p")
    if kind in _LISTS:
        rename(element, "ol", type=_LISTS[kind])
    else:
        rename(element, "ul")


def _list_item(element: etree._Element) -> None:
    label = element.find("label")
    rename(element, "li")
    if label is not None:
        element.set(MARK_ATTRIBUTE, line_of(label))
        drop(label)


def _definitions(element: etree._Element) -> None:
    rename(element, "dl")
    for item in element.findall("def-item"):
        for name, tag in (("term", "dt"), ("def", "dd")):
            for each in item.findall(name):
                rename(each, tag)


def _caption(element: etree._Element) -> str:
    """Take label and caption out of a figure or table, as one line."""
    label, caption = element.find("label"), element.find("caption")
    words = [line_of(label).rstrip()]
    words += [line_of(each) for each in (caption if caption is not None else ())]
    if caption is not None and (caption.text or "").strip():
        words.append(" ".join((caption.text or "").split()))
    shown = ""
    for each in filter(None, words):
        joint = "" if not shown else " " if shown.endswith((".", ":", "?", "!")) else ". "
        shown += joint + each
    for each in (label, caption):
        if each is not None:
            drop(each)
    return shown


def _table(element: etree._Element) -> None:
    shown = _caption(element)
    rename(element, "div")
    if shown:
        caption = etree.Element("figcaption")
        caption.text = shown
        element.insert(0, caption)
    for foot in element.findall("table-wrap-foot"):
        rename(foot, "div")
    for table in element.iter("table"):
        table.set("role", "table")


def _figure(element: etree._Element) -> None:
    shown = _caption(element)
    rename(element, "figure")
    if shown:
        caption = etree.Element("figcaption")
        caption.text = shown
        element.insert(0, caption)


def _note(element: etree._Element) -> None:
    """A note; one that stands inside of a sentence belongs where it stands."""
    outer = element.getparent()
    label = element.find("label")
    mark = line_of(label) or element.get("symbol") or ""
    if label is not None:
        drop(label)
    inside = outer is not None and outer.tag in ("p", "span", "td", "th", "li", "h1", "h2", "h3")
    rename(element, "aside", role="doc-footnote")
    if inside:
        element.set(NOTE_MARK_ATTRIBUTE, mark)
    elif mark:
        element.set(MARK_ATTRIBUTE, mark)


def _reference(element: etree._Element) -> None:
    kind = element.get("ref-type") or ""
    name = element.get("rid") or ""
    if kind in ("fn", "table-fn") and name:
        rename(element, "a", href=f"#{name.split()[0]}", role="doc-noteref")
    elif kind in ("aff", "corresp", "author-notes"):
        drop(element)
    else:
        rename(element, "span")


def _source(element: etree._Element) -> None:
    """An entry of the list of references."""
    label = element.find("label")
    rename(element, "li")
    element.set(MARK_ATTRIBUTE, line_of(label) if label is not None else "")
    if label is not None:
        drop(label)


def _citation(element: etree._Element) -> None:
    """The parts of a citation that has no punctuation of its own."""
    if any((each.tail or "").strip(" \n\t") for each in element):
        rename(element, "span")
        return
    words = [w for w in (_cited(each) for each in element if isinstance(each.tag, str)) if w]
    for each in list(element):
        element.remove(each)
    element.text = " ".join(word if word.endswith(".") else f"{word}." for word in words)
    rename(element, "span")


def _cited(element: etree._Element) -> str:
    if element.tag == "person-group":
        names = [
            " ".join(filter(None, (line_of(n.find("surname")), line_of(n.find("given-names")))))
            for n in element.iter("name")
        ]
        return ", ".join(filter(None, names)) or line_of(element)
    if element.tag == "name":
        return " ".join(
            filter(None, (line_of(element.find("surname")), line_of(element.find("given-names"))))
        )
    return line_of(element)


def _code(element: etree._Element) -> None:
    rename(element, "pre")


def _quote(element: etree._Element) -> None:
    rename(element, "blockquote")


def _verse(element: etree._Element) -> None:
    rename(element, "p")


_SPECIAL: dict[str, Callable[[etree._Element], None]] = {
    "break": _paragraph_break,
    "list": _list,
    "list-item": _list_item,
    "def-list": _definitions,
    "table-wrap": _table,
    "fig": _figure,
    "fn": _note,
    "xref": _reference,
    "ref": _source,
    "element-citation": _citation,
    "mixed-citation": _citation,
    "nlm-citation": _citation,
    "citation": _citation,
    "code": _code,
    "preformat": _code,
    "disp-quote": _quote,
    "verse-line": _verse,
}
