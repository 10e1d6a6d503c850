"""PowerPoint presentations (.pptx) to parts: the slides in the order of the presentation."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from index.documents.converter import or_convert
from index.documents.metadata import core_properties
from index.documents.package import DAMAGED, Package, elements
from index.documents.parts import ConversionError, Converted, Part, ReadOptions
from index.documents.slides.deck import MAX_SLIDES, TOO_MANY, Slide, deck
from index.documents.slides.drawing import child, local, paragraphs, truth
from index.documents.slides.pptx_shapes import Masters, Shapes

__all__ = ["read_pptx"]

_SLIDE_SIZE = (9144000, 6858000)  # in EMU, where the file names none


def read_pptx(data: bytes, options: ReadOptions) -> Converted:
    """What the slides of a presentation show. Raises ConversionError."""
    return or_convert(lambda: _read(data), data, "file.pptx", options)


def _read(data: bytes) -> Converted:
    with Package(data) as package:
        return _converted(package)


def _converted(package: Package) -> Converted:
    main = package.target("officeDocument", "ppt/presentation.xml")
    root = package.xml(main)
    if root is None:
        raise ConversionError(DAMAGED)
    first = root.get("firstSlideNum", "1")
    first_number = int(first) if first.isascii() and first.isdigit() else 1
    masters = Masters(package, child(root, "defaultTextStyle"))
    size = child(root, "sldSz")
    cx, cy = (size.get("cx", ""), size.get("cy", "")) if size is not None else ("", "")
    extent = (int(cx), int(cy)) if cx.isdigit() and cy.isdigit() else _SLIDE_SIZE
    slides = [_slide(package, target, masters, extent) for target in _targets(package, main, root)]
    return deck(slides, core_properties(package), first_number)


def _targets(package: Package, main: str, root: etree._Element) -> Iterator[str | None]:
    """The slides' names in the presentation's order; None for one that is not there."""
    relations = package.relations(main)
    listed = child(root, "sldIdLst")
    for at, slide in enumerate(elements(listed) if listed is not None else ()):
        if at >= MAX_SLIDES:
            raise ConversionError(TOO_MANY)
        identifiers = (
            value
            for name, value in slide.attrib.items()
            if local(str(name)) == "id" and str(name).startswith("{")
        )
        target = relations.get(str(next(identifiers, "")), ("", ""))[1]
        yield target if target in package else None


def _slide(
    package: Package, target: str | None, masters: Masters, extent: tuple[int, int]
) -> Slide:
    if target is None:
        return Slide(counts=Counter(missing=1))
    root = package.xml(target)
    if root is None or truth(root.get("show", "1")) is False:
        return Slide(hidden=True)
    relations = package.relations(target)
    kinds = dict(relations.values())
    shapes = Shapes(package, relations, masters.of(kinds.get("slideLayout")), extent)
    shapes.read(child(root, "cSld", "spTree"))
    slide = Slide(shapes.units, counts=shapes.counts)
    for kind, name in relations.values():
        comments = package.xml(name) if kind == "comments" else None
        slide.counts["comment"] += _comments(comments)
    slide.notes = _notes(package, kinds.get("notesSlide"))
    return slide


def _comments(root: etree._Element | None) -> int:
    """How many comments, and replies to them, a part holds."""
    return sum(
        1
        for each in (root.iter() if root is not None else ())
        if isinstance(each.tag, str) and local(each.tag) in ("cm", "reply")
    )


def _notes(package: Package, name: str | None) -> list[Part]:
    """What the speaker wrote below the slide."""
    root = package.xml(name) if name is not None else None
    parts: list[Part] = []
    tree = child(root, "cSld", "spTree")
    for shape in elements(tree) if tree is not None else ():
        placeholder = child(shape, "nvSpPr", "nvPr", "ph")
        kind = placeholder.get("type", "body") if placeholder is not None else "body"
        if local(shape.tag) == "sp" and kind == "body":
            parts += paragraphs(child(shape, "txBody"), (), Counter())
    return parts
