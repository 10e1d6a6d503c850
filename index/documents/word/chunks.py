"""Files that stand whole inside of a Word file (``w:altChunk``)."""

from email import message_from_bytes
from email.policy import default
from pathlib import PurePosixPath

from index.documents.html.read import read_html
from index.documents.parts import ConversionError, Part, ReadOptions
from index.documents.plaintext.plain import read_plain
from index.documents.read import convert
from index.documents.word.context import Context, Raw
from index.documents.word.scripts import RESERVED
from index.types import BlockRole

__all__ = ["read_chunk"]

_HTML = frozenset((".html", ".htm", ".xhtml"))
_CONVERTED = frozenset((".rtf", ".docx", ".doc", ".odt"))


def read_chunk(id: str, context: Context) -> list[Raw]:
    """The parts of the file that a relation names; what cannot be read is counted."""
    relation = context.relations.get(id)
    package = context.package
    if relation is None or package is None or relation[1] not in package:
        context.counts["chunk"] += 1
        return []
    name = relation[1]
    try:
        parts = _parts(package.read(name), PurePosixPath(name).suffix.lower())
    except (ConversionError, ValueError, LookupError):
        parts = []
    if not parts:
        context.counts["chunk"] += 1
    return [
        Raw(
            part.role,
            RESERVED.sub("", part.text),
            part.level,
            part.mark,
            part.header_rows,
            part.spans,
        )
        for part in parts
    ]


def _parts(data: bytes, suffix: str) -> list[Part]:
    options = ReadOptions()
    if suffix in (".mht", ".mhtml"):
        message = message_from_bytes(data, policy=default)
        page = message.get_body(("html", "plain"))
        data = b"" if page is None else str(page.get_content()).encode()
        suffix = ".html"
    if suffix in _HTML:
        return list(read_html(data, options).parts)
    if suffix in _CONVERTED:
        return list(convert(data, suffix, options).parts)
    text = read_plain(data, options).text or ""
    return [
        Part(BlockRole.PARAGRAPH, piece.strip()) for piece in text.split("\n\n") if piece.strip()
    ]
