"""Files of any accepted format to documents. Nothing here touches the network."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from index.documents.dates import dateline, front_matter_date, iso_date, name_date
from index.documents.parts import ConversionError, Converted, ReadOptions, compose
from index.errors import DocumentError
from index.types import Block, BlockRole, Document

__all__ = [
    "MAX_BYTES",
    "PLAIN_SUFFIXES",
    "READING",
    "SUFFIXES",
    "ReadOptions",
    "read_document",
]

READING = 2
"""The revision of what is read of files: one that was read by an earlier one is read again."""

MAX_BYTES = 200 * 1024 * 1024

_Reader = Callable[[bytes, ReadOptions], Converted]
# By the ending of the file's name: the module of this folder and its function, imported when used.
# What is not here, or None, is read by xberg.
_READERS: dict[str, str | None] = {
    ".txt": "plain.read_plain",
    ".text": "plain.read_plain",
    ".rst": "plain.read_plain",
    ".md": "plain.read_markdown",
    ".markdown": "plain.read_markdown",
    ".html": "html.read_html",
    ".htm": "html.read_html",
    ".xhtml": "html.read_html",
    ".pdf": None,
    ".docx": "word.read_docx",
    ".doc": "word.read_doc",
    ".rtf": None,
    ".odt": None,
    ".pptx": None,
    ".ppt": None,
    ".odp": None,
    ".xlsx": None,
    ".xls": None,
    ".ods": None,
    ".csv": None,
    ".tsv": None,
    ".epub": None,
    ".eml": None,
    ".msg": None,
}
PLAIN_SUFFIXES = frozenset((".txt", ".text", ".md", ".markdown", ".rst"))
SUFFIXES: frozenset[str] = frozenset(_READERS)
"""The file name endings that are accepted, in lower case, with their dot."""

_MARKDOWN = frozenset((".md", ".markdown"))
_OFFICE_XML = frozenset((".docx", ".pptx", ".xlsx"))
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_MARKDOWN_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?…:;,][\"'»”’)\]]*$")
_PROGRAM = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel) - ", re.IGNORECASE)
_UNNAMED = re.compile(r"document[oe]?\s*\d*", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:docx?|pdf|odt|rtf|pptx?|xlsx?|txt|indd|qxd)$", re.IGNORECASE)
# When the templates of common libraries and programs were made, not the files made from them.
_TEMPLATE_DATES = frozenset(("1601-01-01", "1970-01-01", "1980-01-01", "2013-12-23"))
_TITLE_CHARS = 200
_TITLE_PARTS = 5


def read_document(path: Path, id: str, options: ReadOptions | None = None) -> Document:
    """Read one file; ``source`` is its path, ``page_starts`` are offsets in characters.

    ``metadata`` holds the ``author`` and the ``date`` (YYYY-MM-DD), as far as the file says them.

    Raises DocumentError if the file is missing, unreadable, empty, too large, binary garbage,
    encrypted, damaged, of an unknown format, or has no text.
    """
    source = str(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise DocumentError(source, f"has an unknown format; accepted are {_accepted()}")
    data = _read(path)
    try:
        converted = _convert(data, suffix, path.name, options or ReadOptions())
    except ValueError as exc:
        raise DocumentError(source, "is not text but binary data; check the file") from exc
    except ConversionError as exc:
        raise DocumentError(source, str(exc)) from exc
    if converted.text is not None:
        blocks: tuple[Block, ...] = ()
        text, page_starts = converted.text, converted.page_starts
    else:
        text, page_starts, blocks = compose(converted.parts, converted.pages)
    if not text.strip():
        scan = "; it may be a scan, run OCR on it first" if suffix == ".pdf" else "; check the file"
        raise DocumentError(source, f"has no text{scan}")
    metadata = {"author": converted.author, "date": _date(converted, text, path)}
    return Document(
        id=id,
        text=text,
        title=_title(converted, text, path, markdown=suffix in _MARKDOWN),
        source=source,
        page_starts=page_starts,
        metadata={name: value for name, value in metadata.items() if value},
        blocks=blocks,
        page_labels=converted.page_labels,
        page_confidences=converted.page_confidences,
        notices=converted.notices,
    )


def _accepted() -> str:
    return ", ".join(sorted(suffix.removeprefix(".") for suffix in SUFFIXES))


def _read(path: Path) -> bytes:
    source = str(path)
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise DocumentError(source, "is not a file; name a file or a folder of files")
        if size > MAX_BYTES:
            limit = MAX_BYTES // 1024 // 1024
            raise DocumentError(source, f"is larger than {limit} MB; split it into smaller files")
        data = path.read_bytes()
    except FileNotFoundError as exc:
        raise DocumentError(source, "does not exist; check the path") from exc
    except PermissionError as exc:
        raise DocumentError(source, "may not be read; check its permissions") from exc
    except OSError as exc:
        reason = exc.strerror or "input/output error"
        raise DocumentError(source, f"cannot be read ({reason}); check the disk") from exc
    if not data.strip():
        raise DocumentError(source, "is empty; add text or leave it out")
    return data


def _convert(data: bytes, suffix: str, name: str, options: ReadOptions) -> Converted:
    if suffix in _OFFICE_XML and data.startswith(_OLE):
        # Office wraps an encrypted file, and an old one that was renamed, in an OLE container.
        raise ConversionError("is encrypted or in an old format; save it anew without a password")
    reader = _READERS[suffix]
    if reader is None:
        from index.documents.converter import convert

        return convert(data, name, options)
    module, function = reader.split(".")
    read: _Reader = getattr(import_module(f"index.documents.{module}"), function)
    return read(data, options)


def _date(converted: Converted, text: str, path: Path) -> str | None:
    """When it was published or written; when the file was made, only where nothing else says."""
    markdown = path.suffix.lower() in _MARKDOWN
    named = (front_matter_date(text) if markdown else None) or iso_date(converted.date or "")
    said = named or name_date(path.name) or dateline(text)
    if said:
        return said
    created = iso_date(converted.created or "")
    return None if created in _TEMPLATE_DATES else created


def _title(converted: Converted, text: str, path: Path, *, markdown: bool) -> str:
    named = _ENDING.sub("", _PROGRAM.sub("", converted.title or "")).strip()
    if named and not _UNNAMED.fullmatch(named):
        return named[:_TITLE_CHARS]
    for part in converted.parts[:_TITLE_PARTS]:
        if len(part.text) > _TITLE_CHARS:
            break
        if part.role is BlockRole.HEADING:
            return " ".join(part.text.split())
    heading = _MARKDOWN_HEADING.search(text) if markdown else None
    if heading:
        return heading[1][:_TITLE_CHARS]
    line = text.strip().split("\n", 1)[0].strip()
    if len(line) <= _TITLE_CHARS and not _SENTENCE_END.search(line) and "\t" not in line:
        return line
    return re.sub(r"[_\-\s]+", " ", path.stem).strip() or path.name
