"""Styles and texts of an Excel workbook: number formats, bold and struck fonts, shared strings."""

import re
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from index.documents.decoding import one_line
from index.documents.package import UNTRUSTED, elements
from index.documents.sheets.cells import Style, style_of
from index.documents.sheets.locales import Locale
from index.documents.sheets.number_format import BUILT_IN
from index.documents.sheets.rich_text import RichText, Run, rich_text

__all__ = ["local", "rich_string", "shared_strings", "streamed", "styles", "truth", "unescaped"]

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def local(tag: object) -> str:
    """An element's name without its namespace: there are two, of the same meaning."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def truth(value: str | None, default: bool = False) -> bool:
    """An attribute that is true or false."""
    return default if value is None else value.lower() in ("1", "true", "on")


def streamed(data: bytes, *names: str) -> Iterator[etree._Element]:
    """The elements of these names as they end, in order; each is emptied after its use.

    Raises lxml.etree.XMLSyntaxError.
    """
    context = etree.iterparse(
        BytesIO(data),
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        **UNTRUSTED,
        remove_comments=True,
        collect_ids=False,
    )
    for _, element in context:
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def styles(root: etree._Element | None, locale: Locale) -> list[Style]:
    """The styles that cells name by number."""
    if root is None:
        return []
    parts = {local(child.tag): child for child in elements(root)}
    codes = dict(BUILT_IN)
    for item in parts.get("numFmts", ()):
        if (item.get("numFmtId") or "").isdigit():
            codes[int(item.get("numFmtId", "0"))] = item.get("formatCode", "General")
    fonts = [_font(font) for font in elements(parts["fonts"])] if "fonts" in parts else []
    found = []
    for xf in elements(parts["cellXfs"]) if "cellXfs" in parts else ():
        number, font = xf.get("numFmtId", "0"), xf.get("fontId", "0")
        code = codes.get(int(number), "General") if number.isdigit() else "General"
        position = int(font) if font.isdigit() else 0
        bold, struck = fonts[position] if position < len(fonts) else (False, False)
        found.append(style_of(code, locale, bold=bold, struck=struck))
    return found


def _font(font: etree._Element) -> tuple[bool, bool]:
    """Whether a font is bold and struck through."""
    on = {local(child.tag): child.get("val") for child in elements(font)}
    return (
        "b" in on and truth(on["b"], True),
        "strike" in on and truth(on["strike"], True),
    )


def shared_strings(data: bytes) -> list[str | RichText]:
    """The texts that cells name by number; those of one kind of letters are plain and clean."""
    return [rich_string(item) for item in streamed(data, "si")]


def rich_string(item: etree._Element) -> str | RichText:
    """The text of a string item; readings aids (phonetic runs) are out."""
    if len(item) == 1 and item[0].tag[-2:] == "}t":
        return one_line(unescaped(item[0].text or ""))
    runs = []
    for child in elements(item):
        name = local(child.tag)
        if name == "t":
            runs.append(Run(unescaped(child.text or "")))
        elif name == "r":
            runs.append(_run(child))
    read = rich_text(runs)
    return read if read.marks or read.struck or read.lead else read.text


def _run(element: etree._Element) -> Run:
    text = "".join(child.text or "" for child in elements(element) if local(child.tag) == "t")
    properties = next((c for c in elements(element) if local(c.tag) == "rPr"), None)
    if properties is None:
        return Run(unescaped(text))
    on = {local(child.tag): child.get("val") for child in elements(properties)}
    return Run(
        unescaped(text),
        raised=on.get("vertAlign") == "superscript",
        lowered=on.get("vertAlign") == "subscript",
        struck="strike" in on and truth(on["strike"], True),
    )


def unescaped(text: str) -> str:
    """A text with its characters for those that XML cannot hold (``_x000D_``)."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
