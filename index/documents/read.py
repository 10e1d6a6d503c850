"""Files of any accepted format to documents. Nothing here touches the network."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from index.documents.authors import author_in, trusted_author
from index.documents.dates import dateline, iso_date, name_date, published_date
from index.documents.evidence import captioned
from index.documents.parts import Attachment, ConversionError, Converted, ReadOptions, compose
from index.documents.permission import BLANK_PICTURE, NO_TEXT
from index.documents.titles import file_title, shortened, title_in, trusted_title
from index.errors import DocumentError
from index.types import Block, Document

__all__ = [
    "MAX_BYTES",
    "PICTURE_SUFFIXES",
    "PLAIN_SUFFIXES",
    "READING",
    "SCANNED_SUFFIXES",
    "SUFFIXES",
    "ReadOptions",
    "convert",
    "file_bytes",
    "read_bytes",
    "read_document",
]

READING = 3
"""The revision of what is read of files: one that was read by an earlier one is read again."""

MAX_BYTES = 200 * 1024 * 1024

_Reader = Callable[[bytes, ReadOptions], Converted]
# By the ending of the file's name: the module of this folder and its function, imported when used.
_READERS = {
    ".txt": "plaintext.plain.read_plain",
    ".text": "plaintext.plain.read_plain",
    ".rst": "plaintext.plain.read_plain",
    ".md": "plaintext.plain.read_markdown",
    ".markdown": "plaintext.plain.read_markdown",
    ".html": "html.read.read_html",
    ".htm": "html.read.read_html",
    ".xhtml": "html.read.read_html",
    ".srt": "plaintext.subtitles.read_subtitles",
    ".vtt": "plaintext.subtitles.read_subtitles",
    ".pdf": "pdf.read.read_pdf",
    ".docx": "word.read_docx",
    ".doc": "word.read_doc",
    ".rtf": "rtf.read.read_rtf",
    ".odt": "opendocument.odt.read_odt",
    ".fodt": "opendocument.odt.read_odt",
    ".pptx": "slides.pptx.read_pptx",
    ".ppt": "slides.ppt.read_ppt",
    ".odp": "opendocument.odp.read_odp",
    ".xlsx": "sheets.xlsx.read_xlsx",
    ".xlsm": "sheets.xlsx.read_xlsx",
    ".xls": "sheets.xls.read_xls",
    ".ods": "sheets.ods.read_ods",
    ".csv": "sheets.delimited.read_csv",
    ".tsv": "sheets.delimited.read_tsv",
    ".epub": "html.epub.read_epub",
    ".eml": "mail.read.read_mail",
    ".emlx": "mail.mailbox.read_emlx",
    ".mbox": "mail.mailbox.read_mbox",
    ".msg": "mail.outlook.read_msg",
    ".zip": "archive.read_zip",
    ".png": "image.read_image",
    ".jpg": "image.read_image",
    ".jpeg": "image.read_image",
    ".tif": "image.read_image",
    ".tiff": "image.read_image",
    ".webp": "image.read_image",
    ".bmp": "image.read_image",
    ".xml": "xml.read.read_xml",
    ".nxml": "xml.read.read_xml",
    ".akn": "xml.read.read_xml",
    ".ipynb": "notebook.read_notebook",
    ".fodp": "opendocument.odp.read_odp",
}
PLAIN_SUFFIXES = frozenset((".txt", ".text", ".md", ".markdown", ".rst"))
PICTURE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"))
"""The endings of pictures, which are documents where OCR is allowed."""
SCANNED_SUFFIXES = PICTURE_SUFFIXES | {".pdf"}
"""The endings of files that may have pages without text, to be read by OCR."""
SUFFIXES: frozenset[str] = frozenset(_READERS) - PICTURE_SUFFIXES
"""The file name endings that are accepted, in lower case, with their dot."""

_MARKDOWN = frozenset((".md", ".markdown"))
_PAGES = frozenset((".html", ".htm", ".xhtml", ".epub"))
_MAIL = frozenset((".eml", ".emlx", ".msg", ".mbox"))
_NAMED_WORKS = frozenset((".eml", ".emlx", ".msg", ".epub"))  # people gave them their titles
_SPOKEN = frozenset((".srt", ".vtt"))
_LISTS = frozenset((".mbox", ".zip"))  # their text is a list of what is in them
_OFFICE_XML = frozenset((".docx", ".pptx", ".xlsx", ".xlsm"))
# Archives that are one document: the part that tells the kind, or what is declared.
_MAIN_PARTS = {
    "word/document.xml": ".docx",
    "xl/workbook.xml": ".xlsx",
    "ppt/presentation.xml": ".pptx",
}
_MIMES = {
    ".odt": b"application/vnd.oasis.opendocument.text",
    ".ods": b"application/vnd.oasis.opendocument.spreadsheet",
    ".odp": b"application/vnd.oasis.opendocument.presentation",
    ".epub": b"application/epub+zip",
}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_HTML = (b"<!doctype html", b"<html")
# Programs save pages under the endings of office files, and plain text under some.
_OFFICE = _OFFICE_XML | {".doc", ".rtf", ".odt", ".ods", ".ppt", ".odp"}
_MAY_BE_PLAIN = frozenset((".doc", ".rtf"))
# When the templates of common libraries and programs were made, not the files made from them.
_TEMPLATES = """
    1601-01-01 1899-12-30 1899-12-31 1900-01-01 1904-01-01 1970-01-01 1979-12-31 1980-01-01
    1996-10-14 2000-01-01 2006-09-16 2013-01-27 2013-12-23 2015-06-05
"""
_TEMPLATE_DATES = frozenset(_TEMPLATES.split())
# Where the date that a reader gives comes from; else it is said in the page's head.
_DATED_BY = {
    ".md": "front matter",
    ".markdown": "front matter",
    ".eml": "mail",
    ".emlx": "mail",
    ".msg": "mail",
    ".mbox": "mail",
}
_PICTURE_LETTERS = 3  # what OCR sees in a picture with fewer is no text


def read_document(path: Path, id: str, options: ReadOptions | None = None) -> Document:
    """Read one file; ``source`` is its path, ``page_starts`` are offsets in characters.

    ``metadata`` holds the ``author``, the ``date`` (YYYY-MM-DD) with ``date_from`` (``text``,
    ``front matter``, ``mail``, ``page`` or ``name``), and ``created``, when the file was made, as
    far as the file says them.

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
    converted = _converted(data, path, options)
    if converted.text is not None:
        blocks: tuple[Block, ...] = ()
        text, page_starts = converted.text, converted.page_starts
    else:
        text, page_starts, blocks = compose(captioned(converted.parts), converted.pages)
    if suffix in PICTURE_SUFFIXES and sum(map(str.isalnum, text)) < _PICTURE_LETTERS:
        raise DocumentError(source, BLANK_PICTURE)
    if not text.strip():
        scan = suffix == ".pdf" and not options.ocr
        raise DocumentError(source, NO_TEXT if scan else "has no text; check the file")
    confidences = converted.page_confidences
    if options.ocr and suffix in SCANNED_SUFFIXES:
        # So that it is known that OCR was asked for, also where no page needed it.
        confidences = confidences or (None,) * len(page_starts)
    document = Document(
        id=id,
        text=text,
        title=_title(converted, text, blocks, path),
        source=source,
        page_starts=page_starts,
        metadata=_metadata(converted, text, path),
        blocks=blocks,
        page_labels=converted.page_labels,
        page_confidences=confidences,
        notices=converted.notices,
    )
    return document, converted.attachments


def _metadata(converted: Converted, text: str, path: Path) -> dict[str, str]:
    date, date_from = _date(converted, text, path)
    found = {
        "author": _author(converted, text, path.suffix.lower()),
        "date": date,
        "date_from": date_from,
        "created": _created(converted),
    }
    return {name: value for name, value in found.items() if value}


def _converted(data: bytes, path: Path, options: ReadOptions) -> Converted:
    source = str(path)
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        raise DocumentError(source, f"has an unknown format; accepted are {_accepted()}")
    if not data.strip():
        raise DocumentError(source, "is empty; add text or leave it out")
    try:
        return convert(data, suffix, options)
    except ValueError as exc:
        raise DocumentError(source, "is not text but binary data; check the file") from exc
    except ConversionError as exc:
        raise DocumentError(source, str(exc)) from exc


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


def _contained(data: bytes, suffix: str) -> str:
    """The ending of what the bytes are, where their first ones tell; else the file's own."""
    if suffix in PICTURE_SUFFIXES or suffix == ".zip":
        return suffix
    if data.startswith(b"%PDF-"):
        return ".pdf"
    return _packed(data, suffix) if data.startswith(b"PK\x03\x04") else _written(data, suffix)


def _packed(data: bytes, suffix: str) -> str:
    from index.documents.package import Package

    try:
        with Package(data) as package:
            kinds = [kind for part, kind in _MAIN_PARTS.items() if part in package]
            declared = package.read("mimetype") if "mimetype" in package else b""
    except ConversionError:
        return suffix
    kinds += [kind for kind, mime in _MIMES.items() if declared.strip() == mime]
    return kinds[0] if len(kinds) == 1 else suffix


def _written(data: bytes, suffix: str) -> str:
    """The ending of what is text, as RTF is, under the name of an office file; else its own."""
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    if suffix not in _OFFICE or data.startswith((b"PK", _OLE)):
        return suffix
    start = data[:1024].removeprefix(BOM_UTF8).lstrip().lower()
    if start.startswith(_HTML):
        return ".html"
    if b"{\\rtf" in start:
        return ".rtf"
    is_plain = b"\0" not in data[:4096] or data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    is_xml = start.startswith(b"<?xml")
    return ".txt" if suffix in _MAY_BE_PLAIN and is_plain and not is_xml else suffix


def convert(data: bytes, suffix: str, options: ReadOptions) -> Converted:
    """What the reader of a format, which its ending names, makes of a file's bytes.

    Raises ConversionError, and ValueError for what should be text and is not.
    """
    if suffix in _OFFICE_XML and data.startswith(_OLE):
        # Office wraps an encrypted file, and an old one that was renamed, in an OLE container.
        raise ConversionError("is encrypted or in an old format; save it anew without a password")
    module, function = _READERS[_contained(data, suffix)].rsplit(".", 1)
    read: _Reader = getattr(import_module(f".{module}", __package__), function)
    return read(data, options)


def _date(converted: Converted, text: str, path: Path) -> tuple[str | None, str | None]:
    """When it was published or sent, and what says so; a creation date is none."""
    for day, origin in (
        (iso_date(converted.date or ""), _DATED_BY.get(path.suffix.lower(), "page")),
        (published_date(text), "text"),
        (name_date(path.name), "name"),
        (dateline(text), "text"),
    ):
        if day:
            return day, origin
    return None, None


def _created(converted: Converted) -> str | None:
    created = iso_date(converted.created or "")
    return None if created in _TEMPLATE_DATES else created


def _author(converted: Converted, text: str, suffix: str) -> str | None:
    """Whom the text names; else whom metadata names, which comes first in pages and mails."""
    named = trusted_author(converted.author)
    if named and (suffix in _DATED_BY or suffix in _PAGES):
        return named
    said = None if suffix in _MAIL | _LISTS else author_in(text)
    # One word in small letters, or in capitals and not in the text, is a computer's account.
    alone = named is not None and " " not in named
    account = (
        alone and named is not None and (named.islower() or (named.isupper() and named not in text))
    )
    return said or (None if account else named)


def _title(converted: Converted, text: str, blocks: Sequence[Block], path: Path) -> str:
    named = trusted_title(converted.title)
    if path.suffix.lower() in _NAMED_WORKS and any(map(str.isalnum, converted.title or "")):
        named = shortened(converted.title or "")  # "1984" is a book, "COVID-19" a subject
    if path.suffix.lower() in _SPOKEN | _LISTS:
        return named or file_title(path.stem, text)
    markdown = path.suffix.lower() in _MARKDOWN
    return named or title_in(text, blocks, markdown=markdown) or file_title(path.stem, text)
