"""Word files to parts: .docx from their XML, .doc by way of the same elements."""

import re
import struct
from dataclasses import replace

from index.documents.converter import convert
from index.documents.html.read import read_html
from index.documents.metadata import Metadata, core_properties, ole_properties
from index.documents.notices import counted
from index.documents.package import DAMAGED, DEEP, Package
from index.documents.parts import ConversionError, Converted, Part, ReadOptions
from index.documents.permission import ENCRYPTED
from index.documents.rtf.read import read_rtf
from index.documents.word.assemble import NoteText, assemble
from index.documents.word.binary import Binary
from index.documents.word.body import Story
from index.documents.word.compound import MAGIC
from index.documents.word.context import Context, NoteMarks, Raw
from index.documents.word.markup import Element, W, attribute, flag, local, part
from index.documents.word.numbering import Numbering
from index.documents.word.scripts import plain
from index.documents.word.styles import Styles
from index.documents.word.translate import translate
from index.types import Notice, NoticeKind

__all__ = ["read_doc", "read_docx"]

_TITLE_CHARS = 200
_FEW_CHARS = 200

_NOTICES = (
    ("hidden", NoticeKind.HIDDEN, "{} hidden stretch(es) of text (is/are) left out"),
    ("hidden row", NoticeKind.HIDDEN, "{} hidden row(s) (is/are) left out"),
    ("deleted", NoticeKind.DELETED, "{} deletion(s) that (was/were) tracked (is/are) left out"),
    ("struck", NoticeKind.DELETED, "{} stretch(es) of struck out text (is/are) left out"),
    ("comment", NoticeKind.COMMENT, "{} comment(s) (is/are) left out"),
    ("chunk", NoticeKind.LOST, "{} file(s) inside of it could not be read"),
    ("sub-document", NoticeKind.LOST, "{} linked file(s) (is/are) not in it"),
    ("symbol", NoticeKind.LOST, "{} sign(s) of a picture font (is/are) left out"),
    ("number", NoticeKind.LOST, "{} number(s) that Word makes in a field (is/are) left out"),
    ("no text", NoticeKind.NO_TEXT, "{} picture(s) may hold text that is not read"),
)


def read_docx(data: bytes, options: ReadOptions) -> Converted:
    """What a DOCX file shows its readers, with all changes accepted.

    Raises ConversionError for what is damaged, encrypted, too large inside, or no such file.
    """
    if not data.startswith(b"PK"):
        # A file of another format, renamed: the converter may know it.
        return convert(data, "file.docx", options)
    try:
        with Package(data) as package:
            return _read(package, data, options)
    except RecursionError as exc:
        raise ConversionError(DEEP) from exc


def read_doc(data: bytes, options: ReadOptions) -> Converted:
    """What a .doc file shows its readers; also one that is a file of another format, renamed.

    Raises ConversionError for what is damaged, encrypted, too large inside, or no such file.
    """
    if data.startswith(b"PK"):
        return read_docx(data, options)
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return read_html(data, options)
    if start.startswith(b"{\\rtf"):
        return read_rtf(data, options)
    if not data.startswith(MAGIC):
        return convert(data, "file.doc", options)
    try:
        binary = Binary(data)
        made = translate(binary)
        properties = _summary(binary)
    except RecursionError as exc:
        raise ConversionError(DEEP) from exc
    except (struct.error, ValueError, LookupError):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ConversionError(ENCRYPTED) from None
        return _by_converter(data, options)
    styles = Styles(made.styles)
    parts: dict[str, Element | None] = {
        "footnotes": made.footnotes,
        "endnotes": made.endnotes,
        "comments": made.comments,
        "settings": None,
    }
    numbering = Numbering(made.numbering, styles)
    context = Context(None, {}, styles, numbering, NoteMarks(None, []))
    return _shown(context, parts, made.body, properties)


def _by_converter(data: bytes, options: ReadOptions) -> Converted:
    """A file of a version that is only known to the converter, which shows all that it holds."""
    found = convert(data, "file.doc", options)
    warning = "hidden or deleted text of this old file may be read, and its numbers may be missing"
    return replace(found, notices=(*found.notices, Notice(NoticeKind.OTHER, warning)))


def _summary(binary: Binary) -> Metadata:
    try:
        return ole_properties(binary.compound.stream("\x05SummaryInformation"))
    except KeyError:
        return Metadata()


def _read(package: Package, data: bytes, options: ReadOptions) -> Converted:
    name = package.target("officeDocument", "word/document.xml")
    root = part(package, name)
    if root is None:
        raise ConversionError(DAMAGED)
    body = root.find(f"{W}body")
    if local(root) != "document" or body is None:
        return convert(data, "file.docx", options)
    context, parts = _context(package, name, body)
    return _shown(context, parts, body, core_properties(package))


def _shown(
    context: Context, parts: dict[str, Element | None], body: Element, properties: Metadata
) -> Converted:
    raws = Story(context, body).blocks(body)
    notes = _note_texts(context, parts)
    raws = _letterhead(context, body) + raws
    title = _title(raws)
    made = assemble(raws, notes)
    _count_comments(context, parts)
    return _converted(context, made, title, properties)


def _context(
    package: Package, name: str, body: Element
) -> tuple[Context, dict[str, Element | None]]:
    relations = package.relations(name)
    wanted = ("styles", "numbering", "settings", "footnotes", "endnotes", "comments")
    parts: dict[str, Element | None] = dict.fromkeys(wanted)
    for kind, target in relations.values():
        if kind in parts and parts[kind] is None:
            parts[kind] = part(package, target)
    sections = [
        section
        for section in body.iter(f"{W}sectPr")
        if local(section.getparent()) != "sectPrChange"
    ]
    styles = Styles(parts["styles"])
    if styles.language is None:
        styles.language = _language(parts["settings"])
    numbering = Numbering(parts["numbering"], styles)
    marks = NoteMarks(parts["settings"], sections)
    return Context(package, relations, styles, numbering, marks), parts


def _language(settings: Element | None) -> str | None:
    return attribute(settings.find(f"{W}themeFontLang"), "val") if settings is not None else None


def _note_texts(context: Context, parts: dict[str, Element | None]) -> list[NoteText]:
    """The texts of the notes that are referred to. A note may refer to others."""
    known: dict[tuple[str, str], Element] = {}
    for kind in ("footnote", "endnote"):
        root = parts[f"{kind}s"]
        for note in root.iterfind(f"{W}{kind}") if root is not None else ():
            known[kind, attribute(note, "id") or ""] = note
    texts: list[NoteText] = []
    read: set[tuple[str, str]] = set()
    stories = {
        kind: Story(context, root)
        for kind in ("footnote", "endnote")
        if (root := parts[f"{kind}s"]) is not None
    }
    while len(texts) < len(context.notes.found):
        kind, id, mark = context.notes.found[len(texts)]
        note = known.get((kind, id))
        text = ""
        if note is not None and (kind, id) not in read:
            read.add((kind, id))
            text = _flat(stories[kind].blocks(note), mark)
        texts.append(NoteText(mark, text))
    return texts


def _flat(raws: list[Raw], mark: str) -> str:
    lines = [f"{raw.mark} {raw.text}".strip() if raw.mark else raw.text for raw in raws]
    text = "\n".join(lines).strip()
    # A custom mark is typed in the note, too.
    shown = plain(text)
    if mark and not mark.isalnum() and shown.startswith(mark):
        text = shown[len(mark) :].lstrip()
    return text


def _letterhead(context: Context, body: Element) -> list[Raw]:
    """The header of the first page alone, where it names a date or a number: it is read once."""
    section = next(body.iter(f"{W}sectPr"), None)
    package = context.package
    if section is None or package is None or not flag(section, "titlePg"):
        return []
    texts: dict[str, list[Raw]] = {}
    for reference in section.iterfind(f"{W}headerReference"):
        id = reference.get(
            "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
        )
        relation = context.relations.get(id or "")
        root = None if relation is None else part(package, relation[1])
        if relation is not None and root is not None:
            inner = package.relations(relation[1])
            marks = NoteMarks(None, [])
            own = Context(package, inner, context.styles, context.numbering, marks)
            texts[attribute(reference, "type") or ""] = Story(own, root).blocks(root)
    first = texts.get("first", [])
    said = " ".join(plain(raw.text) for raw in first)
    runs_on = {plain(raw.text) for raw in texts.get("default", [])}
    if not re.search(r"\d{2}", said) or any(plain(raw.text) in runs_on for raw in first):
        return []
    return first


def _title(raws: list[Raw]) -> str | None:
    """The words with the style of a title, among the first parts."""
    for raw in raws[:8]:
        text = " ".join(plain(raw.text).split())
        if raw.kind == "title" and 0 < len(text) <= _TITLE_CHARS:
            return text
    return None


def _count_comments(context: Context, parts: dict[str, Element | None]) -> None:
    root = parts["comments"]
    if root is not None:
        context.counts["comment"] = sum(1 for _ in root.iterfind(f"{W}comment"))


def _converted(
    context: Context, made: list[Part], title: str | None, properties: Metadata
) -> Converted:
    counts = context.counts
    if sum(len(one.text) for one in made) < _FEW_CHARS:
        counts["no text"] = counts["picture"]
    return Converted(
        made,
        title=title or properties.title,
        author=properties.author,
        created=properties.created,
        notices=counted(counts, _NOTICES),
    )
