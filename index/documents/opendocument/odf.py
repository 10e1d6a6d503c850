"""OpenDocument files: opened, with the names, styles and metadata that texts and slides share."""

from collections.abc import Iterator
from functools import lru_cache
from types import TracebackType

from lxml import etree

from index.documents.metadata import opendocument_metadata
from index.documents.package import DAMAGED, Package, elements, parse_xml
from index.documents.parts import ConversionError
from index.documents.permission import ENCRYPTED

__all__ = [
    "Odf",
    "Styles",
    "get",
    "name",
    "number",
    "truth",
]

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    "drawing": "draw",
    "xsl-fo-compatible": "fo",
    "svg-compatible": "svg",
    "datastyle": "number",
    "smil-compatible": "smil",
}
_OTHERS = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://openoffice.org/2010/draw": "drawooo",
    "http://www.w3.org/1998/Math/MathML": "math",
    "http://www.w3.org/XML/1998/namespace": "xml",
    "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0": "loext",
    "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0": "field",
}
_URIS = {short: f"{_ODF}{long}:1.0" for long, short in _PREFIXES.items()}
_URIS |= {prefix: uri for uri, prefix in _OTHERS.items()}


@lru_cache(8192)
def name(tag: str) -> str:
    """``text:p`` for the element or attribute of that kind, whatever prefix the file gives it."""
    uri, _, local = tag.removeprefix("{").rpartition("}")
    if uri.startswith(_ODF):
        middle = uri.removeprefix(_ODF).removesuffix(":1.0")
        return f"{_PREFIXES.get(middle, middle)}:{local}"
    return f"{_OTHERS.get(uri, '')}:{local}"


@lru_cache(1024)
def _tag(short: str) -> str:
    prefix, local = short.split(":")
    return f"{{{_URIS.get(prefix, f'{_ODF}{prefix}:1.0')}}}{local}"


def get(element: etree._Element, attribute: str) -> str:
    """An attribute by its short name, empty where it is not there."""
    value: str = element.get(_tag(attribute), "")
    return value


def number(element: etree._Element, attribute: str, default: int = 1, most: int = 1 << 20) -> int:
    """A whole number among the attributes, at most ``most``."""
    value = get(element, attribute)
    return min(int(value), most) if value.isascii() and value.isdigit() else default


def truth(element: etree._Element, attribute: str) -> bool:
    """Whether an attribute is there and says true."""
    return get(element, attribute) == "true"


class Odf:
    """A file that is open: its content, and the objects inside of it; used in a ``with`` statement.

    Raises ConversionError for what is no such file, damaged, encrypted or too large inside.
    """

    def __init__(self, data: bytes) -> None:
        self._package: Package | None = None
        self._sizes: dict[str, tuple[str, str]] | None = None
        if data.lstrip()[:5] == b"<?xml" or data.lstrip()[:1] == b"<":
            flat = parse_xml(data)
            if name(flat.tag) != "office:document":
                raise ConversionError(DAMAGED)
            self.content, self._styles, self._meta = flat, None, flat
        else:
            self._package = Package(data)
            self._refuse_encrypted()
            content = self._package.xml("content.xml")
            if content is None:
                raise ConversionError(DAMAGED)
            self.content = content
            self._styles = self._package.xml("styles.xml")
            self._meta = self._package.xml("meta.xml")
        roots = [root for root in (self._styles, self.content) if root is not None]
        self.styles = Styles(roots)
        self.metadata = opendocument_metadata(self._meta)

    def __enter__(self) -> "Odf":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._package is not None:
            self._package.__exit__(kind, error, traceback)

    def _refuse_encrypted(self) -> None:
        manifest = self._package.xml("META-INF/manifest.xml") if self._package else None
        for entry in manifest.iter() if manifest is not None else ():
            if isinstance(entry.tag, str) and name(entry.tag) == "manifest:encryption-data":
                raise ConversionError(ENCRYPTED)

    def body(self, kind: str) -> etree._Element | None:
        """The element of the body that holds a text, a presentation or a spreadsheet."""
        return _body(self.content, kind)

    def page_size(self, master: str) -> tuple[str, str]:
        """Width and height of the pages that a master is for, as written; empty where unsaid."""
        root = self._styles if self._styles is not None else self.content
        if self._sizes is None:
            layouts = {
                get(layout, "style:name"): properties
                for layout in root.iter(_tag("style:page-layout"))
                for properties in layout.iterchildren(_tag("style:page-layout-properties"))
            }
            self._sizes = {}
            for page in root.iter(_tag("style:master-page")):
                found = layouts.get(get(page, "style:page-layout-name"))
                if found is not None:
                    size = get(found, "fo:page-width"), get(found, "fo:page-height")
                    self._sizes[get(page, "style:name")] = size
        return self._sizes.get(master, ("", ""))

    def inner(self, frame_object: etree._Element) -> etree._Element | None:
        """The content of an object inside of the file: a chart, sheet, text or formula."""
        for child in elements(frame_object):
            if name(child.tag) in ("office:document", "math:math"):
                return child
        folder = get(frame_object, "xlink:href").removeprefix("./").strip("/")
        if self._package is None or not folder:
            return None
        return self._package.xml(f"{folder}/content.xml")


def _body(root: etree._Element, kind: str) -> etree._Element | None:
    for body in root.iterchildren(_tag("office:body")):
        for child in body.iterchildren(_tag(kind)):
            return child
    return None


class Styles:
    """The styles of a file by family and name; what a style does not say, its parents do."""

    def __init__(self, roots: list[etree._Element]) -> None:
        self._styles: dict[tuple[str, str], etree._Element] = {}
        self._texts: dict[tuple[str, str], dict[str, str]] = {}
        self.lists: dict[str, etree._Element] = {}
        self.outline: etree._Element | None = None
        for root in roots:
            for holder in elements(root):
                if name(holder.tag) in ("office:styles", "office:automatic-styles"):
                    self._read(holder)

    def _read(self, holder: etree._Element) -> None:
        for style in elements(holder):
            kind = name(style.tag)
            if kind == "style:style":
                self._styles[get(style, "style:family"), get(style, "style:name")] = style
            elif kind == "text:list-style":
                self.lists[get(style, "style:name")] = style
            elif kind == "text:outline-style":
                self.outline = style

    def chain(self, family: str, style: str) -> Iterator[etree._Element]:
        """A style and its parents."""
        seen: set[str] = set()
        while style and style not in seen and (family, style) in self._styles:
            seen.add(style)
            element = self._styles[family, style]
            yield element
            style = get(element, "style:parent-style-name")

    def names(self, family: str, style: str) -> list[str]:
        """The names of a style and of its parents, as the file and as the program shows them."""
        names = [style] if style else []
        for element in self.chain(family, style):
            parent = get(element, "style:parent-style-name")
            names += [get(element, "style:display-name"), parent]
        return [each.replace("_20_", " ") for each in names if each]

    def attribute(self, family: str, style: str, attribute: str) -> str | None:
        """What the nearest of a style and its parents says; None where none does."""
        tag = _tag(attribute)
        for element in self.chain(family, style):
            value: str | None = element.get(tag)
            if value is not None:
                return value
        return None

    def property(self, family: str, style: str, attribute: str) -> str:
        """The same for a property of the style: of its text, table row, drawing or column."""
        if not style:
            return ""
        key = (family, style)
        if key not in self._texts:
            merged: dict[str, str] = {}
            for element in self.chain(family, style):
                for properties in elements(element):
                    for each, value in properties.attrib.items():
                        merged.setdefault(name(str(each)), str(value))
            self._texts[key] = merged
        return self._texts[key].get(attribute, "")
