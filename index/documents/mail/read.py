"""Mails: one body, what stands above it, and the names of the files that came with it.

A mail may be broken in any way and is read as far as it goes: without a charset, with a wrong one,
without the ends of its parts. The standard library's parser takes all of it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from itertools import pairwise

from index.documents.decoding import decode
from index.documents.mail.head import (
    Head,
    fields,
    head_of,
    language_of,
    plain_header,
)
from index.documents.mail.invitation import invitation
from index.documents.mail.parts import (
    EightBit,
    attachment_of,
    children_of,
    is_attached,
    nested_mail,
    text_of,
)
from index.documents.mail.text import marked_quotes, plain_parts
from index.documents.parts import Attachment, Converted, Part, ReadOptions
from index.types import BlockRole, Notice, NoticeKind

__all__ = ["read_mail", "read_message"]

MAX_DEPTH = 50  # of parts in parts
MAX_PARTS = 5000

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BEFORE_HEAD = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:>?From [^\n]*\n)?")
_SIGNATURES = frozenset(
    ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
)
_SEALED = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_PGP = re.compile(r"-----BEGIN PGP MESSAGE-----.*?(?:-----END PGP MESSAGE-----|\Z)", re.DOTALL)
_PGP_SIGNED = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----\s*\n(?:Hash:[^\n]*\n)?\s*")
_PGP_SIGNATURE = re.compile(
    r"-----BEGIN PGP SIGNATURE-----.*?(?:-----END PGP SIGNATURE-----|\Z)", re.DOTALL
)
_ENCRYPTED = "The body is encrypted; decrypt it in the mail program and save it anew"
_SIGNED = "The body is sealed in a signature; save it from the mail program without one"
# What the plain body must hold of the words of the HTML body to stand in for it.
_LEAST_WORDS = 0.7
_SAME_WORDS = 0.9
_WORD = re.compile(r"\w+")


def read_mail(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """A mail (.eml): fields of its head, one body, attachments. Nothing in it is fetched."""
    if data.startswith(_UTF_16):
        data = decode(data).encode("utf-8", "replace")
    return read_message(message_from_bytes(_BEFORE_HEAD.sub(b"", data, count=1), policy=EightBit()))


def read_message(message: Message) -> Converted:
    """What is in a mail that was parsed with the policy `EightBit`."""
    gathered = _Gathered()
    _gather(message, gathered, 0)
    return _converted(head_of(message), gathered.parts, gathered.attachments, gathered.notices)


def _converted(
    head: Head,
    body: Sequence[Part],
    attachments: Sequence[Attachment],
    notices: Iterable[Notice] = (),
) -> Converted:
    """What is known of a mail as a file's content."""
    own = [part.text for part in body[:20] if part.role is not BlockRole.QUOTED]
    language = language_of([head.subject, *own])
    named = fields(head, [attachment.name for attachment in attachments], language)
    return Converted(
        [*named, *body],
        title=head.subject or None,
        author=head.author or None,
        date=head.day,
        notices=tuple(dict.fromkeys(notices)),
        attachments=attachments,
    )


def _body_of_two(plain: Sequence[Part], html: Sequence[Part]) -> Sequence[Part]:
    """Of two forms of one body the HTML, where it has a structure or the plain one lacks words."""
    if not html or not plain:
        return html or plain
    words = _words(html)
    structured = any(
        part.role in (BlockRole.ITEM, BlockRole.HEADING)
        or (part.role is BlockRole.TABLE and "\t" in part.text)
        for part in html
    )
    return html if structured or len(words & _words(plain)) < _LEAST_WORDS * len(words) else plain


@dataclass(slots=True)
class _Gathered:
    """What the parts of a mail were found to be, in their order."""

    parts: list[Part] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    invitations: set[str] = field(default_factory=set)
    count: int = 0

    def lose(self, text: str) -> None:
        self.notices.append(Notice(NoticeKind.LOST, text))


def _gather(message: Message, found: _Gathered, depth: int) -> None:
    """Take one part of a mail, with all that it holds."""
    found.count += 1
    if depth > MAX_DEPTH or found.count > MAX_PARTS:
        found.lose("It has more parts than a mail may have; those after are left out")
        return
    kind = message.get_content_type()
    if kind in _SEALED and not _is_signed_only(message):
        found.lose(_ENCRYPTED)
    elif kind in _SEALED:
        found.lose(_SIGNED)
    elif kind in _SIGNATURES:
        return
    elif kind == "message/rfc822" and depth:
        found.attachments.append(nested_mail(message))
    elif message.is_multipart():
        _gather_several(message, kind, found, depth)
    elif depth and is_attached(message):
        found.attachments.append(attachment_of(message))
    elif kind == "text/calendar":
        _gather_invitation(message, found)
    elif kind.startswith(("text/", "multipart/")) or (not depth and kind == "message/rfc822"):
        found.parts += _body(message, found)
    else:
        found.attachments.append(attachment_of(message))


def _gather_several(message: Message, kind: str, found: _Gathered, depth: int) -> None:
    children = children_of(message)
    if kind == "multipart/encrypted":
        found.lose(_ENCRYPTED)
    elif kind == "multipart/alternative":
        _gather_one_of(children, found, depth)
    elif kind == "multipart/related":
        root, pictures = _related(message, children)
        if root is not None:
            _gather(root, found, depth + 1)
        for child in pictures:
            # Pictures of the body are shown in it, as in any other document.
            if child.get_content_maintype() != "image" or not child.get("Content-ID"):
                _gather(child, found, depth + 1)
    elif kind == "message/delivery-status":
        for child in children:
            found.parts += [
                Part(BlockRole.FIELD, f"{name}: {plain_header(value)}")
                for name, value in child.items()
                if plain_header(value)
            ]
    else:
        pairs = _twice_told(children)
        for number, child in enumerate(children):
            if number in pairs:
                _gather_one_of(children[number : number + 2], found, depth)
            elif number - 1 not in pairs:
                _gather(child, found, depth + 1)


def _gather_one_of(children: Sequence[Message], found: _Gathered, depth: int) -> None:
    """Of the forms of one body the better one; of all of them the attachments."""
    forms: list[tuple[str, _Gathered]] = []
    for child in children:
        form = _Gathered(invitations=found.invitations, count=found.count)
        _gather(child, form, depth + 1)
        found.count = form.count
        found.attachments += form.attachments
        forms.append((_form(child), form))
    bodies = {kind: form for kind, form in forms if form.parts}
    plain, html = bodies.get("plain"), bodies.get("html")
    best = _body_of_two(plain.parts if plain else (), html.parts if html else ())
    chosen = next((form for form in (html, plain) if form and form.parts is best), None)
    if chosen is None and forms:
        rest = [form for kind, form in forms if form.parts and kind != "calendar"]
        chosen = rest[-1] if rest else forms[0][1]
    for kind, form in forms:
        if form is chosen or kind == "calendar":
            found.parts += form.parts
            found.notices += form.notices


def _form(message: Message) -> str:
    """Which form of the body a part of an alternative is: that of the first text in it."""
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    first = next((kind for kind in kinds if kind.startswith("text/")), "")
    return first.removeprefix("text/")


def _twice_told(children: Sequence[Message]) -> set[int]:
    """The plain bodies that are followed by an HTML body of the same words."""
    found = set()
    for number, (before, after) in enumerate(pairwise(children)):
        kinds = before.get_content_type(), after.get_content_type()
        if kinds != ("text/plain", "text/html") or is_attached(before) or is_attached(after):
            continue
        plain, html = _words(plain_parts(text_of(before))), _words(_html(text_of(after))[0])
        if len(plain & html) >= _SAME_WORDS * max(1, len(plain), len(html)):
            found.add(number)
    return found


def _words(parts: Iterable[Part]) -> set[str]:
    return {word for part in parts for word in _WORD.findall(part.text.lower())}


def _related(message: Message, children: Sequence[Message]) -> tuple[Message | None, list[Message]]:
    """The body of a multipart/related, and the rest."""
    start = str(message.get_param("start") or "").strip("<> ")
    named = [
        child
        for child in children
        if start and str(child.get("Content-ID", "")).strip("<> ") == start
    ]
    texts = [child for child in children if child.get_content_maintype() in ("text", "multipart")]
    root = next(iter([*named, *texts]), None)
    return root, [child for child in children if child is not root]


def _body(message: Message, found: _Gathered) -> Sequence[Part]:
    """The parts of a text body."""
    try:
        text = text_of(message)
    except ValueError:
        found.lose("A part of the body is not text; open it in the mail program")
        return []
    if message.get_content_subtype() in ("html", "x-amp-html"):
        parts, notices = _html(text)
        found.notices += notices
        return parts
    if _PGP.search(text):
        found.lose(_ENCRYPTED)
        text = _PGP.sub("", text)
    text = _PGP_SIGNATURE.sub("", _PGP_SIGNED.sub("", text))
    return plain_parts(
        text,
        flowed=str(message.get_param("format", "")).lower() == "flowed",
        delsp=str(message.get_param("delsp", "")).lower() == "yes",
    )


def _html(text: str) -> tuple[list[Part], tuple[Notice, ...]]:
    """The parts of an HTML body, and what it hides."""
    from index.documents.html.read import text_of_html

    shown = text_of_html(text)
    return marked_quotes(shown.parts), shown.notices


def _gather_invitation(message: Message, found: _Gathered) -> None:
    try:
        text = text_of(message)
    except ValueError:
        found.lose("The invitation is not text; open it in the mail program")
        return
    words = " ".join(text.split())
    if words not in found.invitations:
        found.invitations.add(words)
        found.parts += invitation(text)


def _is_signed_only(message: Message) -> bool:
    return str(message.get_param("smime-type") or "").lower() == "signed-data"
