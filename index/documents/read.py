"""Files of any accepted format to documents. Nothing here touches the network."""

import re
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from index.documents.dates import dateline, front_matter_date, iso_date, name_date
from index.documents.parts import Attachment, ConversionError, Converted, ReadOptions, compose
from index.documents.permission import NO_TEXT
from index.errors import DocumentError
from index.types import Block, BlockRole, Document

__all__ = [
    "MAX_BYTES",
    "PICTURE_SUFFIXES",
    "PLAIN_SUFFIXES",
    "READING",
    "SCANNED_SUFFIXES",
    "SUFFIXES",
    "ReadOptions",
    "file_bytes",
    "read_bytes",
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
    ".pdf": "pdf.read.read_pdf",
    ".docx": "word.read_docx",
    ".doc": None,
    ".rtf": None,
    ".odt": "odt.read_odt",
    ".pptx": "pptx.read_pptx",
    ".ppt": None,
    ".odp": "odp.read_odp",
    ".xlsx": "sheets.xlsx.read_xlsx",
    ".xlsm": "sheets.xlsx.read_xlsx",
    ".xls": "sheets.xls.read_xls",
    ".ods": "sheets.ods.read_ods",
    ".csv": "sheets.delimited.read_csv",
    ".tsv": "sheets.delimited.read_tsv",
    ".epub": "epub.read_epub",
    ".eml": "mail.read_mail",
    ".emlx": "mailbox.read_emlx",
    ".mbox": "mailbox.read_mbox",
    ".msg": "outlook.read_msg",
    ".zip": "archive.read_zip",
    ".png": "image.read_image",
    ".jpg": "image.read_image",
    ".jpeg": "image.read_image",
    ".tif": "image.read_image",
    ".tiff": "image.read_image",
    ".webp": "image.read_image",
    ".bmp": "image.read_image",
    ".xml": "articles_xml.read_xml",
    ".nxml": "articles_xml.read_xml",
    ".akn": "articles_xml.read_xml",
    ".ipynb": "notebook.read_notebook",
}
PLAIN_SUFFIXES = frozenset((".txt", ".text", ".md", ".markdown", ".rst"))
PICTURE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"))
"""The endings of pictures, which are documents where OCR is allowed."""
SCANNED_SUFFIXES = PICTURE_SUFFIXES | {".pdf"}
"""The endings of files that may have pages without text, to be read by OCR."""
SUFFIXES: frozenset[str] = frozenset(_READERS) - PICTURE_SUFFIXES
"""The file name endings that are accepted, in lower case, with their dot."""

_MARKDOWN = frozenset((".md", ".markdown"))
_LISTS = frozenset((".mbox", ".zip"))  # their text is a list of what is in them
_OFFICE_XML = frozenset((".docx", ".pptx", ".xlsx", ".xlsm"))
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
    return read_bytes(file_bytes(path), path, id, options or ReadOptions())[0]


def read_bytes(
    data: bytes, path: Path, id: str, options: ReadOptions
) -> tuple[Document, Sequence[Attachment]]:
    """The document of a file's bytes, and the files in it; the path is only a name.

    Raises DocumentError as `read_document`.
    """
    source = str(path)
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise DocumentError(source, f"has an unknown format; accepted are {_accepted()}")
    if not data.strip():
        raise DocumentError(source, "is empty; add text or leave it out")
    try:
        converted = _convert(data, suffix, path.name, options)
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
        scan = suffix == ".pdf" and not options.ocr
        raise DocumentError(source, NO_TEXT if scan else "has no text; check the file")
    confidences = converted.page_confidences
    if options.ocr and suffix in SCANNED_SUFFIXES:
        # So that it is known that OCR was asked for, also where no page needed it.
        confidences = confidences or (None,) * len(page_starts)
    metadata = {"author": converted.author, "date": _date(converted, text, path)}
    document = Document(
        id=id,
        text=text,
        title=_title(converted, text, path, markdown=suffix in _MARKDOWN),
        source=source,
        page_starts=page_starts,
        metadata={name: value for name, value in metadata.items() if value},
        blocks=blocks,
        page_labels=converted.page_labels,
        page_confidences=confidences,
        notices=converted.notices,
    )
    return document, converted.attachments


def _accepted() -> str:
    return ", ".join(sorted(suffix.removeprefix(".") for suffix in SUFFIXES))


def file_bytes(path: Path) -> bytes:
    """The bytes of a file of an accepted format. Raises DocumentError."""
    source = str(path)
    if path.suffix.lower() not in _READERS:
        raise DocumentError(source, f"has an unknown format; accepted are {_accepted()}")
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
    return data


def _convert(data: bytes, suffix: str, name: str, options: ReadOptions) -> Converted:
    if suffix in _OFFICE_XML and data.startswith(_OLE):
        # Office wraps an encrypted file, and an old one that was renamed, in an OLE container.
        raise ConversionError("is encrypted or in an old format; save it anew without a password")
    reader = _READERS[suffix]
    if reader is None:
        from index.documents.converter import convert

        return convert(data, name, options)
    module, function = reader.rsplit(".", 1)
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
    line = "" if path.suffix.lower() in _LISTS else text.strip().split("\n", 1)[0].strip()
    if 0 < len(line) <= _TITLE_CHARS and not _SENTENCE_END.search(line) and "\t" not in line:
        return line
    return re.sub(r"[_\-\s]+", " ", path.stem).strip() or path.name
