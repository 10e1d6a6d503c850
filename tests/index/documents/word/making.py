"""Makes small Word files of raw XML, as Word writes it."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from index.documents.parts import Converted, ReadOptions, compose
from index.documents.word import read_docx

__all__ = ["blocks", "docx", "level", "numbering", "p", "r", "read", "style", "table", "text"]

_NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "v": "urn:schemas-microsoft-com:vml",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
}
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _NAMES.items())


def docx(
    body: str, *, core: str = "", extra: Mapping[str, str | bytes] | None = None, **parts: str
) -> bytes:
    """A file with the body, and parts (``numbering``, ``styles``, ``footnotes`` ...) by name."""
    relations = "".join(
        f'<Relationship Id="{name}" Type="{_KINDS}/{name}" Target="{name}.xml"/>' for name in parts
    )
    for place, name in enumerate(extra or {}):
        kind = "aFChunk" if "afchunk" in name else "header" if "header" in name else "diagramData"
        relations += f'<Relationship Id="x{place}" Type="{_KINDS}/{kind}" Target="/{name}"/>'
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    roots = {"numbering": "numbering", "styles": "styles", "settings": "settings"}
    made = io.BytesIO()
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{main}.{name}+xml"/>' for name in parts
    )
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
            'Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Override '
            f'PartName="/word/document.xml" ContentType="{main}.document.main+xml"/>'
            f"{types}</Types>",
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{_KINDS}/officeDocument"'
            f' Target="word/document.xml"/><Relationship Id="b" Type="http://schemas.openxmlformats'
            f'.org/package/2006/relationships/metadata/core-properties" '
            f'Target="docProps/core.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{package}">{relations}</Relationships>',
        )
        archive.writestr(
            "word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"
        )
        for name, inner in parts.items():
            root = roots.get(name, name)
            archive.writestr(f"word/{name}.xml", f"<w:{root} {NAMES}>{inner}</w:{root}>")
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
        if core:
            archive.writestr("docProps/core.xml", core)
    return made.getvalue()


def read(body: str, **parts: str) -> Converted:
    """What is read of a file with the body and the parts."""
    return read_docx(docx(body, core="", extra=None, **parts), ReadOptions())


def text(body: str, **parts: str) -> str:
    """The text that is read."""
    return compose(read(body, **parts).parts)[0]


def blocks(body: str, **parts: str) -> list[tuple[str, str]]:
    """The roles and texts of the parts."""
    return [(part.role.value, part.text) for part in read(body, **parts).parts]


def r(words: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def p(content: str = "", properties: str = "", *, num: int | None = None, ilvl: int = 0) -> str:
    """A paragraph, of a run where the content is no XML."""
    if not content.startswith("<") and content:
        content = r(content)
    if num is not None:
        properties += f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{num}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def style(
    id: str, inner: str = "", *, kind: str = "paragraph", name: str = "", based: str = ""
) -> str:
    """A style."""
    on = f'<w:basedOn w:val="{based}"/>' if based else ""
    return (
        f'<w:style w:type="{kind}" w:styleId="{id}"><w:name w:val="{name or id}"/>{on}{inner}'
        "</w:style>"
    )


def level(ilvl: int, fmt: str, words: str, more: str = "", *, start: int = 1) -> str:
    """A level of a list."""
    return (
        f'<w:lvl w:ilvl="{ilvl}"><w:start w:val="{start}"/><w:numFmt w:val="{fmt}"/>{more}'
        f'<w:lvlText w:val="{words}"/></w:lvl>'
    )


def numbering(*lists: str, nums: Sequence[tuple[int, int, str]] = ((1, 0, ""),)) -> str:
    """The lists by their levels, and the nums: id, list, overrides."""
    made = "".join(
        f'<w:abstractNum w:abstractNumId="{place}">{levels}</w:abstractNum>'
        for place, levels in enumerate(lists)
    )
    return made + "".join(
        f'<w:num w:numId="{id}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'
        for id, of, overrides in nums
    )


def table(*rows: str | Sequence[str], properties: str = "", grid: Sequence[int] = ()) -> str:
    """A table; a row is XML, or its cells' words (or XML of cells)."""
    made = "".join(
        row if isinstance(row, str) else f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{made}</w:tbl>"


def cell(content: str, properties: str = "") -> str:
    """A cell."""
    if content.startswith("<w:tc>"):
        return content
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"
