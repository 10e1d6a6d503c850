"""Elements of WordprocessingML that are made for an old file."""

from lxml import etree

from index.documents.word.markup import Element, W

__all__ = ["add", "element"]


def element(name: str, **attributes: str) -> Element:
    """A new element."""
    made: Element = etree.Element(f"{W}{name}", nsmap={"w": W.strip("{}")})
    for key, text in attributes.items():
        made.set(f"{W}{key}", text)
    return made


def add(parent: Element, name: str, **attributes: str) -> Element:
    """A new element at the end of another."""
    made: Element = etree.SubElement(parent, f"{W}{name}")
    for key, text in attributes.items():
        made.set(f"{W}{key}", text)
    return made
