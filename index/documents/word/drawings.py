"""What a drawing shows: text boxes, words drawn as a picture, diagrams, pictures."""

from collections.abc import Iterator

from index.documents.word.context import Context
from index.documents.word.markup import MC, A, Element, R, W, local

__all__ = ["drawn_words", "text_boxes"]

_BOX = f"{W}txbxContent"
_PICTURES = frozenset(("blip", "imagedata", "chart", "OLEObject"))
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"


def text_boxes(element: Element) -> list[Element]:
    """The outermost text boxes, of one branch of each choice."""
    boxes: list[Element] = []
    for child in element:
        if child.tag == _BOX:
            boxes.append(child)
        elif child.tag == f"{MC}AlternateContent":
            branches = (text_boxes(branch) for branch in child if isinstance(branch.tag, str))
            boxes += next(filter(None, branches), [])
        elif isinstance(child.tag, str):
            boxes += text_boxes(child)
    return boxes


def drawn_words(element: Element, context: Context) -> Iterator[str]:
    """The words of a drawing without boxes; its pictures are counted."""
    for child in element.iter():
        name = local(child)
        if name == "textpath" and child.get("string"):
            yield f" {child.get('string')} "
        elif child.tag == f"{_DIAGRAM}relIds":
            yield from _diagram(child, context)
        elif name in _PICTURES:
            context.counts["picture"] += 1


def _diagram(element: Element, context: Context) -> Iterator[str]:
    relation = context.relations.get(element.get(f"{R}dm") or "")
    package = context.package
    data = None if relation is None or package is None else package.xml(relation[1])
    for body in () if data is None else data.iter(f"{_DIAGRAM}t"):
        words = "".join(text.text or "" for text in body.iter(f"{A}t"))
        if words.strip():
            yield f"\n{words}"
