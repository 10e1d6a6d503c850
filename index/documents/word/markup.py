"""WordprocessingML: names, values, and what a change that was tracked took away."""

from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

from index.documents.package import Package, parse_xml

__all__ = [
    "MC",
    "W14",
    "A",
    "Element",
    "M",
    "R",
    "W",
    "attribute",
    "flag",
    "integer",
    "local",
    "number",
    "part",
    "put_away",
    "unwrapped",
    "value",
]

Element: TypeAlias = etree._Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"

# A file that is "strict" has other names for the same elements.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", M),
    (b"http://purl.oclc.org/ooxml/drawingml/main", A),
)
_OFF = frozenset(("0", "false", "off"))
_VAL = f"{W}val"
_REMOVED = (f"{W}del", f"{W}moveFrom")
# What may stand around paragraphs, rows, cells and runs without being seen.
_WRAPPERS = frozenset(
    (
        *(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")),
        f"{MC}AlternateContent",
        f"{MC}Choice",
        f"{MC}Fallback",
    )
)
_MOST = 1 << 31


def part(package: Package, name: str) -> Element | None:
    """The root element of a part, with the names of the transitional form; None if it is absent."""
    if name not in package:
        return None
    data = package.read(name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
        data = text.split("?>", 1)[-1].encode() if text.startswith("<?xml") else text.encode()
    if b"http://purl.oclc.org/ooxml/" in data:
        for strict, name_space in _STRICT:
            data = data.replace(strict, name_space.strip("{}").encode())
    return parse_xml(data)


def local(element: Element) -> str:
    """The name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute of the main namespace."""
    return None if element is None else element.get(f"{W}{name}")


def value(parent: Element | None, name: str) -> str | None:
    """The ``w:val`` of a child; None where there is no such child."""
    child = None if parent is None else parent.find(f"{W}{name}")
    return None if child is None else child.get(_VAL)


def number(parent: Element | None, name: str) -> int | None:
    """The ``w:val`` of a child as an integer; None where there is none."""
    return integer(value(parent, name))


def integer(text: str | None) -> int | None:
    """An integer as the file writes it; None for what is none."""
    if not text:
        return None
    try:
        found = int(float(text))
    except (ValueError, OverflowError):
        return None
    return found if -_MOST < found < _MOST else None


def flag(parent: Element | None, name: str) -> bool | None:
    """Whether a property is on; None where it is not named."""
    child = None if parent is None else parent.find(f"{W}{name}")
    if child is None:
        return None
    return (child.get(_VAL) or "true").lower() not in _OFF


def put_away(properties: Element | None) -> bool:
    """Whether tracked changes took away what these properties belong to."""
    return properties is not None and any(properties.find(tag) is not None for tag in _REMOVED)


def unwrapped(parent: Element, *, empty_controls: bool = False) -> Iterator[Element]:
    """The children, and those of wrappers in their place; nothing of what was deleted.

    Controls that only ask to be filled in are left out, but for ``empty_controls``.
    """
    for child in parent:
        tag = child.tag
        if tag in _WRAPPERS:
            asks = tag == f"{W}sdt" and flag(child.find(f"{W}sdtPr"), "showingPlcHdr")
            if empty_controls or not asks:
                inner = choice(child) if tag == f"{MC}AlternateContent" else child
                yield from unwrapped(inner, empty_controls=empty_controls)
        elif isinstance(tag, str) and tag not in _REMOVED:
            yield child


def choice(alternate: Element) -> Element:
    """The branch of an ``mc:AlternateContent`` that is read: the first that holds something."""
    branches = [child for child in alternate if isinstance(child.tag, str)]
    return next((branch for branch in branches if len(branch)), alternate)
