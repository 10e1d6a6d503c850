"""Small real files, made by hand, of the formats that are read."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

__all__ = ["docx", "eml", "odt", "ole", "pdf"]

_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"


def pdf(pages: Sequence[Sequence[str]], title: str | None = None) -> bytes:
    """A PDF with one text line for each string; an empty string leaves a line free."""
    fonts = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        fonts,
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"({_pdf_string(line)}) Tj T*\n" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 72 720 Td\n{shown}ET".encode("cp1252")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    info = f"<< /Title ({_pdf_string(title)}) >>".encode("cp1252") if title else b"<< >>"
    return _pdf_file([*objects, info])


def _pdf_string(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pdf_file(objects: Sequence[bytes]) -> bytes:
    data = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>"
    return bytes(data + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode())


def docx(paragraphs: Sequence[tuple[str, str]], title: str = "", author: str = "") -> bytes:
    """A Word file of (style, text) paragraphs; the style is empty or, say, ``Heading1``."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>'
        if style
        else f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"
        for style, text in paragraphs
    )
    dc = "http://purl.org/dc/elements/1.1/"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return _zip(
        {
            "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{word}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{_RELS}"><Relationship Id="r1" '
            f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/><Relationship Id="r2" '
            f'Type="{_RELS}/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body>'
            "</w:document>",
            "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="{dc}">'
            f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
            "</cp:coreProperties>",
        }
    )


def odt(paragraphs: Sequence[str]) -> bytes:
    """An OpenDocument text of plain paragraphs."""
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    body = "".join(f"<text:p>{escape(paragraph)}</text:p>" for paragraph in paragraphs)
    return _zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f'<office:document-content xmlns:office="{office}" xmlns:text="{text}">'
            f"<office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        }
    )


def eml(subject: str, sender: str, body: str) -> bytes:
    """A plain-text mail."""
    head = f"From: {sender}\nTo: x@example.org\nSubject: {subject}\n"
    kind = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    return f"{head}Date: Mon, 3 Mar 2025 10:00:00 +0000\n{kind}\n{body}\n".encode()


def _zip(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE file (an old Office file, a mail of Outlook) of streams by their path."""
    paths = sorted({path.rsplit("/", n)[0] for path in streams for n in range(path.count("/") + 1)})
    children: dict[str, list[str]] = {}
    for path in paths:
        children.setdefault(path.rpartition("/")[0], []).append(path)
    numbers = {path: number for number, path in enumerate(paths, 1)}
    small = bytearray()
    small_chain: list[int] = []
    sectors = bytearray()
    chain: list[int] = []
    entries = []
    for path in paths:
        data = streams.get(path)
        start = 0xFFFFFFFE
        if data is not None and len(data) < 4096:
            start = _chained(small, small_chain, data, 64)
        elif data is not None:
            start = _chained(sectors, chain, data, 512)
        beside = children[path.rpartition("/")[0]]
        right = beside[beside.index(path) + 1] if path != beside[-1] else None
        first = children.get(path, [None])[0]
        name = path.rpartition("/")[2]
        kind = 1 if data is None else 2
        entries.append(_ole_entry(name, kind, numbers, right, first, start, len(data or b"")))
    root_start = _chained(sectors, chain, bytes(small), 512)
    root = _ole_entry("Root Entry", 5, numbers, None, children[""][0], root_start, len(small))
    folder = _chained(sectors, chain, b"".join([root, *entries]), 512)
    small_fat = _chained(sectors, chain, struct.pack(f"<{len(small_chain)}I", *small_chain), 512)
    fats = (len(chain) + 128) // 127 + 1
    table = [*chain, *[0xFFFFFFFD] * fats]
    table += [0xFFFFFFFF] * (fats * 128 - len(table))
    places = [*range(len(chain), len(chain) + fats)]
    places += [0xFFFFFFFF] * (109 - fats)
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        bytes.fromhex("d0cf11e0a1b11ae1"), b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, fats, folder, 0, 4096, small_fat, len(small_chain) // 128 + 1, 0xFFFFFFFE, 0, places[0],
    )  # fmt: skip
    head += struct.pack("<108I", *places[1:])
    return head + bytes(sectors) + struct.pack(f"<{len(table)}I", *table)


def _chained(sectors: bytearray, chain: list[int], data: bytes, size: int) -> int:
    """Append data in sectors of this size; the number of the first."""
    start = len(chain)
    count = -(-len(data) // size)
    if not count:
        return 0xFFFFFFFE
    sectors += data.ljust(count * size, b"\0")
    chain += [*range(start + 1, start + count), 0xFFFFFFFE]
    return start


def _ole_entry(
    name: str,
    kind: int,
    numbers: Mapping[str, int],
    right: str | None,
    first: str | None,
    start: int,
    size: int,
) -> bytes:
    none = 0xFFFFFFFF
    encoded = name.encode("utf-16-le")
    links = none, numbers.get(right or "", none), numbers.get(first or "", none)
    return struct.pack("<64sHBBIII36xIQ", encoded, len(encoded) + 2, kind, 1, *links, start, size)
