"""The parts of a mail: their texts, their bytes and the names of their files."""

import mimetypes
import re
from base64 import b64decode
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from functools import partial
from urllib.parse import unquote

from index.documents.decoding import clean
from index.documents.mail.head import charset_text, eight_bit, plain_header
from index.documents.parts import Attachment

__all__ = [
    "EightBit",
    "attachment_of",
    "children_of",
    "file_name",
    "is_attached",
    "nested_mail",
    "payload_of",
    "text_of",
]

_UNSAFE = re.compile(r'[\x00-\x1f/\\:*?"<>|]+')
_PERCENT = re.compile(r"(?:[\w.()-]|%[0-9A-Fa-f]{2})+")
_NAME_CHARS, _ENDING_CHARS = 120, 8


class EightBit(Compat32):
    """The parser's lenient policy; headers with bytes above 127 are decoded, not replaced."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002
        """The value of a header when it is asked for."""
        return eight_bit(value)


def children_of(message: Message) -> list[Message]:
    """The parts of a part; none where it has only a text."""
    payload = message.get_payload()
    return (
        [child for child in payload if isinstance(child, Message)]
        if isinstance(payload, list)
        else []
    )


def text_of(message: Message) -> str:
    """The text of a part; ValueError if it is none."""
    charset = message.get_param("charset")
    name = charset[2] if isinstance(charset, tuple) else charset
    return charset_text(payload_of(message), str(name) if name else None)


def payload_of(message: Message) -> bytes:
    """The bytes of a part, decoded as far as they can be."""
    if str(message.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        raw = message.get_payload()
        return _from_base64(raw) if isinstance(raw, str) else b""
    payload = message.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    raw = message.get_payload()  # a multipart that has no parts
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def _from_base64(text: str) -> bytes:
    """The bytes of base64, also of several pieces that end each by itself, or break off."""
    pieces = re.sub(r"[^A-Za-z0-9+/=]+", "", text).split("=")
    whole = (piece[: len(piece) - 1] if len(piece) % 4 == 1 else piece for piece in pieces)
    return b"".join(b64decode(piece + "=" * (-len(piece) % 4)) for piece in whole)


def is_attached(message: Message) -> bool:
    """Whether a part is a file beside the body."""
    if message.get_content_type() == "text/calendar":
        return False  # an invitation; its file is for the calendar
    return message.get_content_disposition() == "attachment" or bool(_name_of(message))


def attachment_of(message: Message) -> Attachment:
    """A part as a file, with an ending that says what it is."""
    ending = mimetypes.guess_extension(message.get_content_type(), strict=False) or ""
    name = _name_of(message) or message.get_content_maintype()
    return Attachment(name if "." in name else name + ending, partial(payload_of, message))


def nested_mail(message: Message) -> Attachment:
    """A mail in a mail as a file; its name is its subject."""
    inner = next(iter(children_of(message)), message)
    encoding = str(message.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding in ("base64", "quoted-printable"):
        # Not allowed, and done: the mail itself is encoded, and was taken for its own body.
        encoded = Message(policy=EightBit())
        encoded["Content-Transfer-Encoding"] = encoding
        encoded.set_payload(inner.get_payload())
        inner = message_from_bytes(payload_of(encoded), policy=EightBit())
    name = _name_of(message) or file_name(plain_header(inner.get("Subject"))) or "mail"
    return Attachment(name if name.lower().endswith(".eml") else f"{name}.eml", inner.as_bytes)


def file_name(text: str) -> str:
    """A text as the name of a file: without what would be a folder or a device."""
    name = " ".join(_UNSAFE.sub(" ", clean(text)).split()).strip(". ")
    if len(name) <= _NAME_CHARS:
        return name
    stem, dot, ending = name.rpartition(".")
    kept = f"{dot}{ending}" if stem and len(ending) <= _ENDING_CHARS else ""
    return f"{name[: _NAME_CHARS - len(kept)].strip()}{kept}"


def _name_of(message: Message) -> str:
    """The name that a part gives its file, if any."""
    name = plain_header(message.get_filename(""))
    return file_name(unquote(name) if "%" in name and _PERCENT.fullmatch(name) else name)
