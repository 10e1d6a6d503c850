"""What the readers of XML documents share: they write a document anew with the elements of HTML."""

import re
from dataclasses import dataclass

from lxml import etree

from index.documents.decoding import one_line

__all__ = ["Written", "add", "day_of", "drop", "line_of", "rename"]


@dataclass(frozen=True, slots=True)
class Written:
    """A document with the elements of HTML, and what its metadata say, as written."""

    body: etree._Element
    title: str | None = None
    author: str | None = None
    date: str | None = None


def line_of(element: etree._Element | None) -> str:
    """The words of an element on one line, without notes."""
    if element is None:
        return ""
    # Sets of elements, not of their addresses: lxml makes the objects anew when nobody holds them.
    notes = {
        inner
        for note in element.iter(
            "fn", "xref", "authorialNote", "noteRef", "note", "footnote", "aside"
        )
        if note.tag != "xref" or note.get("ref-type") in ("fn", "author-notes", "aff", "corresp")
        for inner in note.iter(etree.Element)
    }
    words = [] if element in notes else [element.text or ""]
    for inner in element.iterdescendants(etree.Element):
        if inner not in notes:
            words.append(inner.text or "")
        if inner.getparent() not in notes:
            words.append(inner.tail or "")
    return one_line("".join(words))


def add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    """A new last child with a text."""
    child = etree.SubElement(parent, tag, attributes)
    child.text = text or None
    return child


def rename(element: etree._Element, tag: str, **attributes: str) -> None:
    """Make an element one of HTML; attributes that would mean something else there go."""
    for name in ("hidden", "style", "class", "role", "type"):
        element.attrib.pop(name, None)
    element.tag = tag
    for name, value in attributes.items():
        element.set(name.replace("_", "-"), value)


def drop(element: etree._Element) -> None:
    """Take an element out; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    previous = element.getprevious()
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


def day_of(element: etree._Element | None) -> str | None:
    """YYYY-MM-DD of an element with ``year``, ``month`` and ``day``; None where one is missing."""
    if element is None:
        return None
    stated = element.get("iso-8601-date") or ""
    if re.match(r"\d{4}-\d\d-\d\d", stated):
        return stated[:10]
    year, month, day = (line_of(element.find(name)) for name in ("year", "month", "day"))
    if year.isdecimal() and month.isdecimal() and day.isdecimal():
        return f"{int(year):04}-{int(month):02}-{int(day):02}"
    return f"{day} {month} {year}" if year and month and day else None
