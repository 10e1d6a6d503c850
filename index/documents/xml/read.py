"""XML documents to parts: JATS articles, Akoma Ntoso acts, and others that hold prose.

Each is written anew with the elements of HTML, which `index.documents.html.walk` reads.
"""

import html
import re
from collections.abc import Iterator

from lxml import etree

from index.documents.html.notes import find_notes, placed
from index.documents.html.read import notices_of, text_of_html
from index.documents.html.tree import Styles
from index.documents.html.walk import Page, Walker
from index.documents.package import parse_xml
from index.documents.parts import ConversionError, Converted, ReadOptions
from index.documents.xml.akoma import akoma
from index.documents.xml.jats import jats
from index.documents.xml.pages import Written
from index.documents.xml.prose import prose

__all__ = ["read_xml"]

_OFFICE = frozenset(("worddocument", "package", "workbook", "document-content", "document"))
_NO_DOCUMENT = "holds data and no document; export it as a table (CSV) or as text first"
_WRAPPERS = frozenset(("pmc-articleset", "oai-pmh", "articles", "article-set"))


def read_xml(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """The readable content of an XML document. Raises ConversionError for data without prose."""
    root = _plain(parse_xml(data.lstrip()))
    kind = root.tag.lower()
    if kind == "html":
        found = text_of_html(etree.tostring(root, encoding="unicode"), is_page=True)
        head = found.head
        return Converted(
            found.parts, title=head.title, author=head.author, date=head.date, notices=found.notices
        )
    written = _written(root, kind)
    if written is None:
        raise ConversionError(_NO_DOCUMENT)
    page = Page(Styles(etree.Element("html")), furniture=False)
    page.notes = find_notes({"": written.body})
    parts, _ = placed(Walker(page).walk(written.body), page.references)
    return Converted(
        parts,
        title=written.title,
        author=written.author,
        date=written.date,
        notices=notices_of(page),
    )


def _written(root: etree._Element, kind: str) -> Written | None:
    if kind in ("akomantoso", "debatereport") or root.find(".//FRBRWork") is not None:
        return akoma(root)
    articles = list(_articles(root, kind))
    if articles:
        return jats(articles)
    return prose(root)


def _articles(root: etree._Element, kind: str) -> Iterator[etree._Element]:
    """The JATS articles: the root, or those that an answer of an archive wraps."""
    found = [root] if kind == "article" else root.iter("article") if kind in _WRAPPERS else ()
    for article in found:
        front = article.find("front")
        if front is not None or article.find("body/sec") is not None or article.get("dtd-version"):
            yield article


def _plain(root: etree._Element) -> etree._Element:
    """The tree without namespaces, comments and entities; named characters are written out."""
    for entity in list(root.iter(etree.Entity)):
        found = html.unescape(entity.text or "")
        shown = "" if found == entity.text else found
        entity.tail = shown + (entity.tail or "")
    etree.strip_tags(root, etree.Entity, etree.Comment, etree.ProcessingInstruction)
    for element in root.iter(etree.Element):
        element.tag = re.sub(r"^(?:\{[^}]*\}|\w+:)", "", element.tag)
        # No attribute of the file may pass for one of ours.
        for name in [name for name in element.attrib if name.startswith("part-")]:
            del element.attrib[name]
    return root
