"""Mails that Outlook saved (.msg): an OLE file of properties, made a mail of the common form."""

import re
import struct
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime
from io import BytesIO
from typing import Any

from index.documents.mail.outlook_rtf import html_in_rtf, unpacked_rtf
from index.documents.mail.parts import EightBit
from index.documents.mail.read import read_message
from index.documents.package import DAMAGED
from index.documents.parts import ConversionError, Converted, ReadOptions

__all__ = ["read_msg"]

MAX_DEPTH = 10  # of mails in mails
MAX_INNER = 5000  # attachments, recipients

# Properties by their numbers ([MS-OXPROPS]).
_SUBJECT, _HEADERS, _TEXT, _HTML, _RTF = 0x0037, 0x007D, 0x1000, 0x1013, 0x1009
_SENDERS = ((0x0042, (0x5D02, 0x0065)), (0x0C1A, (0x5D01, 0x0C1F)))  # name, addresses
_SENT, _DELIVERED = 0x0039, 0x0E06
_SHOWN = (("To", 0x0E04), ("Cc", 0x0E03), ("Bcc", 0x0E02))
_RECIPIENT_KIND, _NAME, _ADDRESSES = 0x0C15, 0x3001, (0x39FE, 0x3003)
_RECIPIENTS = {1: "To", 2: "Cc", 3: "Bcc"}
_FILE, _FILE_NAMES, _MIME = 0x3701, (0x3707, 0x3704, 0x3001), 0x370E
_CONTENT_ID, _IS_HIDDEN = 0x3712, 0x7FFE
_CODE_PAGE, _INTERNET_CODE_PAGE = 0x3FFD, 0x3FDE
_UNICODE, _BYTES, _BINARY, _OBJECT = "001F", "001E", "0102", "000D"  # types of values

_PROPERTIES = "__properties_version1.0"
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_MIME_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")
_CHARSETS = {65001: "utf-8", 20127: "us-ascii", 28591: "iso-8859-1"}


def read_msg(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """A mail of Outlook, as `index.documents.mail.read.read_mail`. Raises ConversionError."""
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            ole.openstream(_PROPERTIES)  # other files of this container have none
            names: dict[tuple[str, ...], list[str]] = {}
            for entry in ole.listdir(streams=True, storages=True):
                names.setdefault(tuple(entry[:-1]), []).append(entry[-1])
            message = _message(_Storage(ole, names, ()))
    except MemoryError:
        raise
    # olefile raises OSError and, on damaged files, whatever its parsing runs into.
    except Exception as exc:
        raise ConversionError(DAMAGED) from exc
    return read_message(message)


class _Storage:
    """A folder of the OLE file: a mail, a recipient or an attachment, with its properties."""

    def __init__(
        self, ole: Any, all_names: Mapping[tuple[str, ...], list[str]], path: tuple[str, ...]
    ) -> None:
        self._ole = ole
        self._all_names = all_names
        self._path = path
        self.depth = len(path)
        self._names = {name.lower(): name for name in all_names.get(path, ())}
        # Values of a fixed size stand in one stream, after a head.
        numbers = self._stream(_PROPERTIES) or b""
        head = (24 if path[-1].lower().endswith(_OBJECT.lower()) else 8) if path else 32
        rows = (numbers[at : at + 16] for at in range(head, len(numbers) - 15, 16))
        self._fixed = {struct.unpack_from("<2xH", row)[0]: row[8:] for row in rows}

    def _stream(self, name: str) -> bytes | None:
        found = self._names.get(name.lower())
        if found is None:
            return None
        return bytes(self._ole.openstream([*self._path, found]).read())

    def data(self, number: int) -> bytes | None:
        """A property of bytes."""
        return self._stream(f"__substg1.0_{number:04X}{_BINARY}")

    def text(self, number: int) -> str:
        """A property of text, empty if there is none."""
        wide = self._stream(f"__substg1.0_{number:04X}{_UNICODE}")
        if wide is not None:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self._stream(f"__substg1.0_{number:04X}{_BYTES}") or b""
        page = self.number(_CODE_PAGE) or self.number(_INTERNET_CODE_PAGE)
        try:
            return narrow.decode(charset(page)).rstrip("\0")
        except (LookupError, UnicodeDecodeError):
            return narrow.decode("cp1252", "replace").rstrip("\0")

    def number(self, number: int) -> int:
        """A property that is a number of up to 32 bits, 0 if there is none."""
        return int.from_bytes(self._fixed.get(number, b"")[:4], "little")

    def moment(self, number: int) -> datetime | None:
        """A property that is a moment: steps of 100 ns since 1601."""
        ticks = int.from_bytes(self._fixed.get(number, b""), "little")
        return _EPOCH + timedelta(microseconds=ticks // 10) if 0 < ticks < 1 << 61 else None

    def person(self, name: int, addresses: Sequence[int]) -> str:
        """A name and an address of the internet; those of Exchange's own are left out."""
        address = next((text for text in map(self.text, addresses) if "@" in text), "")
        shown = re.sub(r"\s*<[^<>]*@[^<>]*>$", "", self.text(name)).strip("\"' ")
        shown = shown.replace("\\", "").replace('"', "")
        if not shown or shown == address:
            return f"<{address}>" if address else ""
        return f'"{shown}" <{address}>' if address else f'"{shown}"'

    def inner(self, prefix: str) -> Iterator["_Storage"]:
        """The folders in it whose names begin so."""
        names = sorted(name for name in self._names if name.startswith(prefix))
        for name in names[:MAX_INNER]:
            yield _Storage(self._ole, self._all_names, (*self._path, self._names[name]))


def charset(page: int) -> str:
    """The name of a code page; 0 is that of Western Europe."""
    return _CHARSETS.get(page, f"cp{page or 1252}")


def _message(storage: _Storage) -> Message:
    """A mail, as if it had been sent in the common form."""
    bodies = [*_bodies(storage)] or [_part("text/plain", b"")]
    body = _multipart("alternative", bodies) if len(bodies) > 1 else bodies[0]
    files = [part for inner in storage.inner("__attach_version1.0_#") for part in _attached(inner)]
    message = _multipart("mixed", [body, *files])
    for name, value in _head(storage):
        if value:
            message[name] = re.sub(r"[\r\n]+", " ", value)
    return message


def _head(storage: _Storage) -> Iterator[tuple[str, str]]:
    senders = (storage.person(name, addresses) for name, addresses in _SENDERS)
    yield "From", next(filter(None, senders), "")
    people: dict[str, list[str]] = {}
    for recipient in storage.inner("__recip_version1.0_#"):
        kind = _RECIPIENTS.get(recipient.number(_RECIPIENT_KIND) & 0xF, "")
        people.setdefault(kind, []).append(recipient.person(_NAME, _ADDRESSES))
    for name, shown in _SHOWN:
        named = ", ".join(filter(None, people.get(name, ())))
        yield name, named or storage.text(shown).replace(";", ",")
    yield "Date", _date(storage)
    yield "Subject", storage.text(_SUBJECT)


def _date(storage: _Storage) -> str:
    said = re.search(r"^Date:[ \t]*(.+)$", storage.text(_HEADERS), re.MULTILINE | re.IGNORECASE)
    if said:
        return said[1].strip()  # in the sender's own zone
    moment = storage.moment(_SENT) or storage.moment(_DELIVERED)
    return format_datetime(moment) if moment else ""


def _bodies(storage: _Storage) -> Iterator[Message]:
    """The forms of the body. HTML may stand in RTF; RTF of its own comes with a plain form."""
    text = storage.text(_TEXT)
    if text.strip():
        yield _part("text/plain; charset=utf-8", text.encode("utf-8", "replace"))
    written = storage.text(_HTML)
    html = storage.data(_HTML)
    packed = storage.data(_RTF)
    rtf = unpacked_rtf(packed) if packed and not html and not written else b""
    held = written or html_in_rtf(rtf)
    if html:
        page = charset(storage.number(_INTERNET_CODE_PAGE))
        yield _part(f"text/html; charset={page}", html)
    elif held:
        yield _part("text/html; charset=utf-8", held.encode("utf-8", "replace"))
    elif rtf and not text.strip():
        yield _part('application/rtf; name="body.rtf"', rtf)


def _attached(storage: _Storage) -> Iterator[Message]:
    """The file or mail of an attachment; none for a picture of the body."""
    for inner in storage.inner(f"__substg1.0_{_FILE:04x}{_OBJECT}".lower()):
        if inner.depth < 2 * MAX_DEPTH:
            nested = _multipart("mixed", [])
            nested.replace_header("Content-Type", "message/rfc822")
            nested.set_payload([_message(inner)])
            yield nested
        return
    data = storage.data(_FILE)
    kind = storage.text(_MIME)
    shown = kind.startswith("image/") and storage.text(_CONTENT_ID) and storage.number(_IS_HIDDEN)
    if data is None or shown:
        return
    part = _part(kind if _MIME_TYPE.fullmatch(kind) else "application/octet-stream", data)
    name = next(filter(None, map(storage.text, _FILE_NAMES)), "file")
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    yield part


def _part(kind: str, data: bytes) -> Message:
    part = Message(policy=EightBit())
    part["Content-Type"] = kind
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(b64encode(data).decode("ascii"))
    return part


def _multipart(kind: str, parts: Sequence[Message]) -> Message:
    whole = Message(policy=EightBit())
    whole["Content-Type"] = f"multipart/{kind}"
    whole.set_payload(list(parts))
    return whole
