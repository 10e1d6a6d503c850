"""What is drawn on a sheet: text boxes, titles of charts, pictures."""

from dataclasses import dataclass, field

from lxml import etree

from index.documents.decoding import one_line
from index.documents.package import Package
from index.documents.sheets.xlsx_styles import local, truth

__all__ = ["Drawing", "drawing"]


@dataclass(slots=True)
class Drawing:
    """Texts with the row of their anchor, from 0, and the number of pictures."""

    texts: list[tuple[int, str]] = field(default_factory=list)
    pictures: int = 0


def drawing(package: Package, name: str) -> Drawing:
    """The texts and pictures of a drawing part. Raises ConversionError where it is damaged."""
    found = Drawing()
    root = package.xml(name)
    if root is None:
        return found
    relations = package.relations(name)
    for anchor in root.iter("{*}twoCellAnchor", "{*}oneCellAnchor", "{*}absoluteAnchor"):
        if _is_fallback(anchor):
            continue
        row = anchor.findtext("{*}from/{*}row", "0")
        place = int(row) if row.isdigit() else 0
        for element in anchor.iter("{*}txBody", "{*}pic", "{*}chart"):
            if _is_fallback(element) or _is_hidden(element):
                continue
            kind = local(element.tag)
            if kind == "pic":
                found.pictures += 1
                continue
            text = _text(element) if kind == "txBody" else _chart(package, relations, element)
            if text:
                found.texts.append((place, text))
    return found


def _is_fallback(element: etree._Element) -> bool:
    """Whether it is a copy for older programs."""
    return any(local(ancestor.tag) == "Fallback" for ancestor in element.iterancestors())


def _is_hidden(element: etree._Element) -> bool:
    shape = element if local(element.tag) == "pic" else element.getparent()
    names = shape.iter("{*}cNvPr") if shape is not None else iter(())
    return any(truth(name.get("hidden")) for name in names)


def _text(body: etree._Element) -> str:
    """The paragraphs of a text body, a line each."""
    lines = []
    for paragraph in body.iter("{*}p"):
        pieces = (
            (node.text or "") if local(node.tag) == "t" else "\n"
            for node in paragraph.iter("{*}t", "{*}br")
        )
        lines.append(one_line("".join(pieces)))
    return "\n".join(filter(None, lines))


def _chart(package: Package, relations: dict[str, tuple[str, str]], element: etree._Element) -> str:
    """A chart's title; its figures stand in the cells."""
    id = next((value for key, value in element.attrib.items() if local(key) == "id"), "")
    _, name = relations.get(str(id), ("", ""))
    root = package.xml(name) if name else None
    title = root.find("{*}chart/{*}title") if root is not None else None
    return _text(title) if title is not None else ""
