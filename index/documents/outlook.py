"""Mails that Outlook saved (.msg): an OLE file of properties, made a mail of the common form."""

import re
import struct
from base64 import encodebytes
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime
from io import BytesIO

from index.documents.mail import EightBit, read_message
from index.documents.outlook_rtf import html_in_rtf, unpacked_rtf
from index.documents.package import DAMAGED
from index.documents.parts import ConversionError, Converted, ReadOptions

__all__ = ["read_msg"]

MAX_DEPTH = 10  # of mails in mails
MAX_ATTACHMENTS = 5000

# Properties by their numbers ([MS-OXPROPS]).
_CLASS, _SUBJECT, _HEADERS = 0x001A, 0x0037, 0x007D
_SENDERS = ((0x0042, (0x5D02, 0x0065)), (0x0C1A, (0x5D01, 0x0C1F)))  # name, addresses
_SENT, _DELIVERED = 0x0039, 0x0E06
_TEXT, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_KIND_OF_RECIPIENT, _NAME, _ADDRESSES = 0x0C15, 0x3001, (0x39FE, 0x3003)
_SHOWN = ((0x0E04, "To"), (0x0E03, "Cc"), (0x0E02, "Bcc"))
_RECIPIENTS = {1: "To", 2: "Cc", 3: "Bcc"}
_FILE, _FILE_NAMES, _MIME, _CONTENT_ID, _HIDDEN = 0x3701, (0x3707, 0x3704, 0x3001), 0x370E, 0x3712, 0x7FFE
_CODE_PAGES = (0x3FFD, 0x3FDE)
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_UNICODE, _BYTES, _BINARY, _OBJECT = "001F", "001E", "0102", "000D"


def read_msg(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """A mail of Outlook, as `index.documents.mail.read_mail`. Raises ConversionError."""
    import olefile

    try:
        ole = olefile.OleFileIO(BytesIO(data))
    # olefile raises OSError and, on damaged files, whatever its parsing runs into.
    except Exception as exc:
        raise ConversionError(DAMAGED) from exc
    with ole:
        if not ole.exists("__properties_version1.0"):
            raise ConversionError(DAMAGED)
        try:
            message = _Storage(ole, ()).message()
        except (OSError, struct.error, RecursionError) as exc:
            raise ConversionError(DAMAGED) from exc
    return read_message(message)


class _Storage:
    """A folder of the OLE file: a mail, a recipient or an attachment."""

    def __init__(self, ole: object, path: tuple[str, ...], depth: int = 0) -> None:
        self._ole = ole
        self._path = path
        self._depth = depth
        self._streams: dict[str, str] = {}
        self._folders: list[str] = []
        for entry in ole.listdir(streams=True, storages=True):  # type: ignore[attr-defined]
            if tuple(entry[:-1]) == path:
                self._streams[entry[-1].upper()] = entry[-1]
                self._folders.append(entry[-1])
        self._fixed = self._numbers()
        pages = (self._fixed.get(page, b"\0")[:4] for page in _CODE_PAGES)
        known = (int.from_bytes(page, "little") for page in pages)
        self._page = next((page for page in known if page), 1252)

    def _stream(self, name: str) -> bytes | None:
        found = self._streams.get(name.upper())
        if found is None:
            return None
        return self._ole.openstream([*self._path, found]).read()  # type: ignore[attr-defined,no-any-return]

    def _numbers(self) -> dict[int, bytes]:
        """The values of 8 bytes, by property."""
        data = self._stream("__properties_version1.0") or b""
        nested = self._path and self._path[-1].upper().endswith(_OBJECT)
        head = 24 if nested else 8 if self._path else 32
        entries = (data[at : at + 16] for at in range(head, len(data) - 15, 16))
        return {int.from_bytes(entry[2:4], "little"): entry[8:16] for entry in entries}

    def bytes_of(self, property: int) -> bytes | None:
        return self._stream(f"__substg1.0_{property:04X}{_BINARY}")

    def text(self, property: int) -> str:
        wide = self._stream(f"__substg1.0_{property:04X}{_UNICODE}")
        if wide is not None:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self._stream(f"__substg1.0_{property:04X}{_BYTES}")
        return _decoded(narrow, self._page).rstrip("\0") if narrow is not None else ""

    def number(self, property: int) -> int:
        return int.from_bytes(self._fixed.get(property, b"")[:4], "little")

    def _inner(self, prefix: str) -> Iterator["_Storage"]:
        names = [name for name in self._folders if name.lower().startswith(prefix)]
        for name in sorted(names)[:MAX_ATTACHMENTS]:
            yield _Storage(self._ole, (*self._path, name), self._depth)

    def message(self) -> Message:
        """The mail, as if it had been sent in the common form."""
        message = Message(policy=EightBit())
        for name, value in self._head():
            if value:
                message[name] = re.sub(r"[\r\n]+", " ", value)
        forms = [*self._bodies()]
        body = _multipart("alternative", forms) if len(forms) > 1 else next(iter(forms), _part("text/plain", b""))
        attached = [part for inner in self._inner("__attach_version1.0_#") for part in inner.attached()]
        whole = _multipart("mixed", [body, *attached])
        message["Content-Type"] = whole["Content-Type"]
        message.set_payload(whole.get_payload())
        return message

    def _head(self) -> Iterator[tuple[str, str]]:
        sender = ("", "")
        for name, addresses in _SENDERS:
            sender = sender if any(sender) else (self.text(name), self._address(addresses))
        yield "From", _person(*sender)
        people: dict[str, list[str]] = {}
        for recipient in self._inner("__recip_version1.0_#"):
            kind = _RECIPIENTS.get(recipient.number(_KIND_OF_RECIPIENT) & 0xF, "")
            name = recipient.text(_NAME)
            people.setdefault(kind, []).append(_person(name, recipient._address(_ADDRESSES)))
        for property, name in _SHOWN:
            shown = [person for person in people.get(name, ()) if person]
            yield name, ", ".join(shown) or self.text(property).replace(";", ",")
        yield "Date", self._date()
        yield "Subject", self.text(_SUBJECT)

    def _address(self, properties: Sequence[int]) -> str:
        """The first that is an address of the internet, and not one of Exchange's own."""
        return next((text for text in map(self.text, properties) if "@" in text), "")

    def _date(self) -> str:
        said = re.search(r"^Date:[ \t]*(.+)$", self.text(_HEADERS), re.MULTILINE | re.IGNORECASE)
        if said:
            return said[1].strip()  # in the sender's own zone
        for property in (_SENT, _DELIVERED):
            ticks = int.from_bytes(self._fixed.get(property, b""), "little")
            if 0 < ticks < 1 << 61:
                return format_datetime(_EPOCH + timedelta(microseconds=ticks // 10))
        return ""

    def _bodies(self) -> Iterator[Message]:
        text = self.text(_TEXT)
        if text.strip():
            yield _part("text/plain; charset=utf-8", text.encode("utf-8", "replace"))
        html = self.bytes_of(_HTML) or self.text(_HTML).encode("utf-8", "replace")
        packed = b"" if html else self.bytes_of(_RTF)
        rtf = unpacked_rtf(packed) if packed else b""
        held = html_in_rtf(rtf) if rtf else None
        if held:
            yield _part("text/html; charset=utf-8", held.encode("utf-8", "replace"))
        elif html:
            pages = f"cp{self.number(_CODE_PAGES[1])}" if self.number(_CODE_PAGES[1]) else ""
            yield _part(f"text/html; charset={_charset(pages)}", html)
        elif rtf and not text.strip():
            yield _part('application/rtf; name="body.rtf"', rtf)

    def attached(self) -> Iterator[Message]:
        """The file or mail of an attachment; none for a picture of the body."""
        name = next(filter(None, map(self.text, _FILE_NAMES)), "")
        folder = next((n for n in self._folders if n.upper() == f"__SUBSTG1.0_{_FILE:04X}{_OBJECT}"), None)
        if folder is not None and self._depth < MAX_DEPTH:
            inner = _Storage(self._ole, (*self._path, folder), self._depth + 1)
            if "__PROPERTIES_VERSION1.0" in inner._streams:
                nested = Message(policy=EightBit())
                nested["Content-Type"] = "message/rfc822"
                nested.set_payload([inner.message()])
                yield nested
            return
        data = self.bytes_of(_FILE)
        kind = self.text(_MIME) or "application/octet-stream"
        picture = kind.startswith("image/") and self.text(_CONTENT_ID)
        if data is None or (picture and self.number(_HIDDEN) & 1):
            return
        part = _part(kind if re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind) else "application/octet-stream", data)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name or "file"))
        yield part


def _part(kind: str, data: bytes) -> Message:
    part = Message(policy=EightBit())
    part["Content-Type"] = kind
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(data).decode("ascii"))
    return part


def _multipart(kind: str, parts: Sequence[Message]) -> Message:
    whole = Message(policy=EightBit())
    whole["Content-Type"] = f"multipart/{kind}"
    whole.set_payload(list(parts))
    return whole


def _person(name: str, address: str) -> str:
    name = re.sub(r"\s*<[^<>]*@[^<>]*>$", "", name).strip().strip("'\"")
    if not address or name == address:
        return f"<{address}>" if address else f'"{name}"' if name else ""
    quoted = name.replace("\\", "").replace('"', "")
    return f'"{quoted}" <{address}>'


def _charset(page: str) -> str:
    return {"cp65001": "utf-8", "cp20127": "us-ascii", "cp28591": "iso-8859-1"}.get(page, page)


def _decoded(data: bytes, page: int) -> str:
    try:
        return data.decode(_charset(f"cp{page}"))
    except (LookupError, UnicodeDecodeError):
        return data.decode("cp1252", "replace")
