"""What stands above a mail: who wrote it, to whom, when and about what."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from index.documents.dates import iso_date
from index.documents.decoding import decode, one_line
from index.documents.parts import Part
from index.text.language import ENGLISH_WORDS, SPANISH_WORDS
from index.text.months import written_date
from index.types import BlockRole

__all__ = ["Head", "charset_text", "eight_bit", "fields", "head_of", "language_of", "plain_header"]

_LABELS = {
    "es": ("De", "Para", "CC", "CCO", "Fecha", "Asunto", "Adjuntos"),
    "en": ("From", "To", "Cc", "Bcc", "Date", "Subject", "Attachments"),
}
_SAMPLE = 2000  # characters of a mail by which its language is told
_WORD = re.compile(r"\w+")
# What mail programs that know only one encoding of Europe write, whatever the bytes are.
_VAGUE = frozenset(
    ("us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252")
)
_WIDER = {"gb2312": "gb18030", "ks_c_5601-1987": "cp949", "x-gbk": "gbk", "x-sjis": "cp932"}
# An address without its brackets or its name; a subject may hold several encoded words.
_ENCODED = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")


@dataclass(frozen=True, slots=True)
class Head:
    """Each value as a reader sees it; empty where the mail does not say it.

    ``date`` is the moment in the zone of the sender, or the words of a date that is none.
    """

    sender: str = ""
    author: str = ""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    date: datetime | str = ""
    subject: str = ""

    @property
    def day(self) -> str | None:
        """The date as YYYY-MM-DD, where it is one."""
        return (
            self.date.date().isoformat() if isinstance(self.date, datetime) else iso_date(self.date)
        )


def head_of(message: Message) -> Head:
    """The head of a mail."""
    senders = _people(message, "From") or _people(message, "Sender")
    return Head(
        sender=_shown(senders),
        author=", ".join(name for name, _ in senders if name),
        to=_shown(_people(message, "To")),
        cc=_shown(_people(message, "Cc")),
        bcc=_shown(_people(message, "Bcc")),
        date=_moment(message),
        subject=plain_header(message.get("Subject")),
    )


def fields(head: Head, attachments: Sequence[str], language: str) -> list[Part]:
    """A line for each thing that the head says, and one that names the attachments."""
    date = head.date
    if isinstance(date, datetime):
        date = f"{written_date(date.date().isoformat(), language)}, {date:%H:%M}"
    values = (head.sender, head.to, head.cc, head.bcc, date, head.subject, ", ".join(attachments))
    return [
        Part(BlockRole.FIELD, f"{label}: {value}")
        for label, value in zip(_LABELS[language], values, strict=True)
        if value
    ]


def language_of(texts: Iterable[str]) -> str:
    """``"es"`` or ``"en"``, by the function words at the beginning; Spanish where none tells."""
    words = _WORD.findall(" ".join(texts)[:_SAMPLE].lower())
    spanish = sum(word in SPANISH_WORDS for word in words)
    return "en" if sum(word in ENGLISH_WORDS for word in words) > spanish else "es"


def plain_header(value: object) -> str:
    """A header's text on one line: encoded words are decoded, bytes are what they seem to be."""
    text = str(value or "")
    try:
        pieces = decode_header(text) if _ENCODED.search(text) else [(text, None)]
    except (HeaderParseError, ValueError):
        pieces = [(text, None)]
    texts = (
        piece if isinstance(piece, str) else charset_text(piece, name) for piece, name in pieces
    )
    return one_line("".join(texts))


def charset_text(data: bytes, charset: str | None) -> str:
    """The text of bytes in the encoding that a mail names, or in the one that they are in.

    Raises ValueError if the bytes are no text.
    """
    name = (charset or "").strip().strip("\"'").lower()
    if not name or name in _VAGUE or name.startswith("unknown"):
        return decode(data)
    return decode(data, _WIDER.get(name, name))


def eight_bit(value: str) -> str:
    """A header in which bytes above 127 stand as they are (as surrogates), as text."""
    if value.isascii():
        return value
    try:
        return decode(value.encode("ascii", "surrogateescape"))
    except (UnicodeEncodeError, ValueError):
        return value.encode("utf-8", "replace").decode()


def _people(message: Message, name: str) -> list[tuple[str, str]]:
    """Name and address of each; both may be empty, but not at once."""
    people: list[tuple[str, str]] = []
    for value in message.get_all(name, []):
        text = " ".join(str(value).split())
        found = [(_named(shown), address.strip()) for shown, address in getaddresses([text])]
        found = [(shown, address) for shown, address in found if shown or address]
        # What is no list of addresses is shown as it stands.
        people += found or ([(plain_header(text), "")] if text else [])
    return people


def _named(name: str) -> str:
    return plain_header(name).strip("\"' ")


def _shown(people: Iterable[tuple[str, str]]) -> str:
    shown = [
        f"{name} <{address}>" if name and address and name != address else name or address
        for name, address in people
    ]
    # "Pérez, Juan; Luna, Ana": a comma would part names from their own first names.
    return ("; " if any("," in person for person in shown) else ", ").join(shown)


def _moment(message: Message) -> datetime | str:
    written = plain_header(message.get("Date"))
    try:
        return parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return written
