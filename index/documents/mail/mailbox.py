"""Mailboxes: files of many mails. Each mail becomes a document of its own."""

import re
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from functools import partial

from index.documents.mail.head import Head, head_of, language_of
from index.documents.mail.parts import EightBit, file_name
from index.documents.mail.read import read_mail
from index.documents.parts import (
    Attachment,
    ConversionError,
    Converted,
    ReadOptions,
    table,
)

__all__ = ["mail_name", "read_emlx", "read_mbox"]

_BOM = b"\xef\xbb\xbf"
# A mail begins after an empty line, with a line that ends in a year.
_FROM = re.compile(rb"^From [^\r\n]*\d{4}[^\r\n]*\r?\n", re.MULTILINE)
_BLANK_BEFORE = re.compile(rb"\n[ \t]*\r?\n\Z")
_MAILS_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEAD_BYTES = 1 << 16
_COLUMNS = {"es": ("Fecha", "De", "Asunto"), "en": ("Date", "From", "Subject")}


def read_mbox(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """A mailbox: the list of its mails; they are attachments. Raises ConversionError for none."""
    data = data.removeprefix(_BOM).lstrip()
    parser = BytesHeaderParser(policy=EightBit())
    attachments, rows = [], []
    for start, end in _bounds(data):
        head = head_of(parser.parsebytes(data[start : min(end, start + _HEAD_BYTES)]))
        attachments.append(Attachment(mail_name(head), partial(_mail, data, start, end)))
        rows.append((head.day or "", head.sender, head.subject))
    if not attachments:
        raise ConversionError("holds no mails; check that it is a mailbox")
    columns = _COLUMNS[language_of(subject for _, _, subject in rows)]
    listed = table([columns, *rows], header_rows=1)
    return Converted([listed] if listed else [], attachments=attachments)


def read_emlx(data: bytes, options: ReadOptions) -> Converted:
    """A mail as Apple's program keeps it: its length, the mail, what the program knows of it."""
    length, newline, rest = data.partition(b"\n")
    size = length.strip()
    return read_mail(rest[: int(size)] if newline and size.isdigit() else data, options)


def mail_name(head: Head) -> str:
    """A name for a mail that has no file: its day and its subject."""
    return f"{file_name(' '.join(filter(None, (head.day, head.subject)))) or 'mail'}.eml"


def _bounds(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each mail begins and ends, without the line that parts it from the one before."""
    begins: list[tuple[int, int]] = []
    for match in _FROM.finditer(data):
        after_blank = not begins or _BLANK_BEFORE.search(
            data, max(0, match.start() - 8), match.start()
        )
        # A line of the body that begins with this word is not followed by a header.
        if after_blank and _MAILS_HEADER.match(data, match.end()):
            begins.append((match.start(), match.end()))
    if not begins:
        return
    ends = [start for start, _ in begins[1:]] + [len(data)]
    for (_, start), end in zip(begins, ends, strict=True):
        yield start, end


def _mail(data: bytes, start: int, end: int) -> bytes:
    return _ESCAPED.sub(rb"\1", data[start:end])
