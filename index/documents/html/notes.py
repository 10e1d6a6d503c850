"""Notes of a page or book: which links are their marks, which elements hold them, where they go."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeAlias
from urllib.parse import unquote

from lxml import etree

from index.documents.html.marks import NOTE_MARK
from index.documents.html.tree import classes, kinds
from index.documents.parts import Part
from index.documents.superscripts import is_note_mark
from index.types import BlockRole

__all__ = ["Item", "Notes", "Reference", "find_notes", "is_note", "placed", "without_signs"]

_NOTE_KINDS = frozenset(("footnote", "endnote", "rearnote"))
_LISTS = frozenset(("footnotes", "endnotes", "rearnotes"))
_BACK_KINDS = frozenset(("backlink", "referrer"))
_LIST_CLASS = re.compile(
    r"(?:foot|end|side)-?notes?(?:-?list)?|references|notas(?:-al)?-?pie", re.I
)
_REFERENCE_CLASS = re.compile(
    r"(?:foot|end)-?note-?(?:ref|anchor|link|reference)\w*|note-?ref\w*|fn-?ref\w*|msofootnotereference",
    re.IGNORECASE,
)
_BACK_CLASS = re.compile(
    r"(?:foot|end)?-?note-?back\w*|back-?(?:ref|link)\w*|reversefootnote", re.I
)
_ARROWS = re.compile(
    r"[\s↩↑⇑⏎⤴^«←\ufe0e\ufe0f\[\]]+"
    r"|(?:volver|regresar|back|return)(?: al? \w+| to \w+)?",
    re.IGNORECASE,
)
_TARGET = re.compile(
    r"_?(?:ftn|edn|fn|foot|end|note|nota|noot|pie|cite_note|np\d|n\d|f\d|a?note)", re.I
)
_BACK_TARGET = re.compile(
    r"_?(?:ftnref|ednref|fnref|(?:foot|end)?note-?ref|cite_ref|ref|r\d|back)", re.I
)
_NAMED_BEFORE = re.compile(
    r"(?:notas?|notes?|art\w*\.?|n[úu]m\w*\.?|p[áa]gs?\w*\.?|cap\w*\.?|chapter|sec\w*\.?|tabla|table"
    r"|see|v[ée]ase|ver|anexo|figura|figure|fracci[óo]n|inciso)\s*$",
    re.IGNORECASE,
)
_HOLDERS = frozenset(
    ("p", "li", "div", "aside", "dd", "dt", "td", "th", "tr", "blockquote", "section")
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NOTE_CHARS = 4000
_CLOSING = (*".,;:!?)»”\n\t", "")
_HEADING_WORDS = re.compile(
    r"(?:notas?(?: (?:al|a) pie(?: de página)?| finales)?|(?:foot|end)?notes?|referenc(?:es|ias))"
    r"\s*:?",
    re.IGNORECASE,
)

Holder: TypeAlias = etree._Element | None
Places: TypeAlias = list[tuple[int, int]]  # offsets in a text, and numbers of references


@dataclass(slots=True)
class Reference:
    """The mark of a note in the text, and the element that holds the note, where that is known.

    Or the place at which a printed page begins, its number being the mark.
    """

    mark: str
    holder: Holder = None
    is_page: bool = False


@dataclass(slots=True)
class Item:
    """A part with signs still in it, and what is known of where it stood."""

    part: Part
    main: bool = False
    linked: bool = False
    holder: Holder = None


@dataclass(slots=True)
class Notes:
    """``links``: link to its note; ``holders``: note to its mark; ``back``: links to the text."""

    links: dict[etree._Element, Holder] = field(default_factory=dict)
    holders: dict[etree._Element, str] = field(default_factory=dict)
    back: set[etree._Element] = field(default_factory=set)
    skipped: set[etree._Element] = field(default_factory=set)


def find_notes(roots: Mapping[str, etree._Element]) -> Notes:
    """The notes of the pages of one book, by their names; a page alone has any name."""
    notes = Notes()
    candidates = []
    for name, root in roots.items():
        for link in root.iter("a"):
            path, sign, fragment = (link.get("href") or "").partition("#")
            if not sign or ":" in path:
                continue
            if _leads_back(link, fragment):
                notes.back.add(link)
            elif _is_reference(link, fragment):
                folder = posixpath.dirname(name)
                page = posixpath.normpath(posixpath.join(folder, unquote(path))) if path else name
                candidates.append((link, (page, fragment)))
    if candidates:
        _claim(notes, candidates, roots)
    return notes


def _claim(
    notes: Notes,
    candidates: Sequence[tuple[etree._Element, tuple[str, str]]],
    roots: Mapping[str, etree._Element],
) -> None:
    wanted = {target for _, target in candidates}
    elements: dict[tuple[str, str], etree._Element] = {}
    for name, root in roots.items():
        for element in root.iter(etree.Element):
            for attribute in ("id", "name"):
                key = (name, element.get(attribute) or "")
                if key in wanted:
                    elements.setdefault(key, element)
    holders: dict[tuple[str, str], Holder] = {}
    for link, target in candidates:
        if any(above in notes.holders for above in link.iterancestors()):
            notes.back.add(link)
            continue
        if target not in holders:
            found = elements.get(target)
            holders[target] = _holder(found, notes) if found is not None else None
        holder = holders[target]
        if target not in elements and "noteref" not in kinds(link) and not _is_raised(link):
            continue
        if holder is not None and any(above is holder for above in link.iterancestors()):
            holder = None
        notes.links[link] = holder
        if holder is not None:
            notes.holders.setdefault(holder, " ".join("".join(link.itertext()).split()))


def _holder(target: etree._Element, notes: Notes) -> Holder:
    """The block that is the note, None where it is too large to be one."""
    holder: Holder = target
    while holder is not None and holder.tag not in _HOLDERS:
        holder = holder.getparent()
    if holder is None or any(True for _ in holder.iter(*_HEADINGS)):
        return None
    if holder.tag in ("td", "th"):
        holder = holder.getparent()
    elif holder.tag == "dt":
        notes.skipped.add(holder)
        holder = holder.getnext()
    if holder is None or sum(map(len, holder.itertext())) > _NOTE_CHARS:
        return None
    # A mark alone in an element of its own: the note is what stands around it.
    above = holder.getparent()
    if (
        holder.tag in ("p", "div")
        and is_note_mark("".join(holder.itertext()))
        and above is not None
    ):
        return above if above.tag in ("li", "div", "aside", "dd") else holder
    return holder


def _leads_back(link: etree._Element, fragment: str) -> bool:
    if kinds(link) & _BACK_KINDS or any(_BACK_CLASS.fullmatch(name) for name in classes(link)):
        return True
    text = "".join(link.itertext()).strip()
    return bool(text and _ARROWS.fullmatch(text)) and bool(fragment)


def _is_reference(link: etree._Element, fragment: str) -> bool:
    if "noteref" in kinds(link):
        return True
    if not is_note_mark("".join(link.itertext())):
        return False
    if _is_raised(link):
        return True
    # Without a raised mark: a target that is named as a note, or as the way back from one.
    named = _TARGET.match(fragment) or _BACK_TARGET.match(fragment)
    return bool(named) and not _NAMED_BEFORE.search(_before(link))


def _is_raised(link: etree._Element) -> bool:
    """Whether a link stands above the line, or its class says that it leads to a note."""
    if link.find(".//sup") is not None or any(above.tag == "sup" for above in _near(link)):
        return True
    around = (link, *_near(link))
    return any(_REFERENCE_CLASS.fullmatch(name) for each in around for name in classes(each))


def _near(link: etree._Element) -> list[etree._Element]:
    return list(islice(link.iterancestors(), 3))


def _before(link: etree._Element) -> str:
    previous = link.getprevious()
    parent = link.getparent()
    text = previous.tail if previous is not None else parent.text if parent is not None else ""
    return text or ""


def is_note(element: etree._Element, notes: Notes) -> bool:
    """Whether an element is a note: a link's target, or one that says so itself."""
    if element in notes.holders or kinds(element) & _NOTE_KINDS:
        return True
    if element.tag != "li":
        return False
    for above in islice(element.iterancestors(), 3):
        if kinds(above) & _LISTS or any(_LIST_CLASS.fullmatch(name) for name in classes(above)):
            return True
    return False


def without_signs(text: str) -> tuple[str, Places]:
    """The text without the signs of notes, and where they stood: offset, number of the reference.

    No double space stays, and none before a full stop or comma.
    """
    if "\ufdd0" not in text:
        return text, []
    kept: list[str] = []
    places = []
    end = length = 0
    for match in NOTE_MARK.finditer(text):
        piece = text[end : match.start()]
        end = match.end()
        if piece:
            kept.append(piece)
            length += len(piece)
        last = kept[-1] if kept else ""
        if last[-1:] in ("", " ", "\n", "\t") and text[end : end + 1] == " ":
            end += 1
        elif last.endswith(" ") and text[end : end + 1] in _CLOSING:
            kept[-1] = last[:-1]
            length -= 1
        places.append((length - (len(last) - len(last.rstrip()) if kept else 0), int(match[1])))
    whole = ("".join(kept) + text[end:]).rstrip()
    return whole, [(max(0, min(offset, len(whole))), number) for offset, number in places]


def placed(
    items: Sequence[Item], references: Sequence[Reference]
) -> tuple[list[Part], tuple[str, ...]]:
    """The parts without signs, each note after the first part that refers to it; page labels.

    The parts have pages where the file marks those of a printed edition. What stands before the
    first of them is on the page before, without a label where that is not clear.
    """
    plain = [without_signs(item.part.text) for item in items]
    taken = _taken(items, plain, references)
    following: dict[int, list[int]] = {}
    for note, (number, _) in taken.items():
        following.setdefault(number, []).append(note)
    parts = list(_ordered(items, plain, taken, following))
    return _paged(parts, references)


def _taken(
    items: Sequence[Item],
    plain: Sequence[tuple[str, Places]],
    references: Sequence[Reference],
) -> dict[int, tuple[int, int]]:
    """Of each note that is referred to: the part, and the offset in it, that does so first."""
    held = {item.holder: n for n, item in enumerate(items) if item.holder is not None}
    unlinked: dict[str, list[int]] = {}  # the notes that no link leads to, last first
    for number in range(len(items) - 1, -1, -1):
        item = items[number]
        if item.part.role is BlockRole.NOTE and item.holder is None:
            unlinked.setdefault(item.part.mark, []).append(number)
    taken: dict[int, tuple[int, int]] = {}
    for number, (_, places) in enumerate(plain):
        for offset, index in places if items[number].part.role is not BlockRole.NOTE else ():
            reference = references[index]
            if reference.holder is not None:
                note = held.get(reference.holder)
            else:
                note = _next(unlinked.get(reference.mark, []), number)
            if note is not None and not reference.is_page and note not in taken:
                taken[note] = (number, offset)
    return taken


def _next(notes: list[int], number: int) -> int | None:
    """The first of the notes that stands after a part; those before it serve nobody after it."""
    while notes and notes[-1] < number:
        notes.pop()
    return notes.pop() if notes else None


def _paged(
    placed_parts: Sequence[tuple[Part, Places]], references: Sequence[Reference]
) -> tuple[list[Part], tuple[str, ...]]:
    labels: list[str] = []
    parts: list[Part] = []
    if not any(reference.is_page for reference in references):
        return [part for part, _ in placed_parts], ()
    for part, places in placed_parts:
        starts = [
            (at + part.text[at : at + 1].isspace(), references[index].mark)
            for at, index in places
            if references[index].is_page
        ]
        for at, label in starts:
            if not labels and (parts or at):
                labels.append(_label_before(label))
            if at == 0 and part.role is not BlockRole.NOTE:
                labels.append(label)
        breaks = tuple(at for at, _ in starts if at > 0)
        parts.append(replace(part, page=max(1, len(labels)), breaks=breaks))
        labels += [label for at, label in starts if at > 0]
    if not any(labels):
        return [replace(part, page=None, breaks=()) for part in parts], ()
    return parts, tuple(labels)


def _label_before(label: str) -> str:
    return str(int(label) - 1) if label.isdecimal() and 1 < int(label) < 100_000 else ""


def _ordered(
    items: Sequence[Item],
    plain: Sequence[tuple[str, Places]],
    taken: Mapping[int, tuple[int, int]],
    following: Mapping[int, list[int]],
) -> Iterator[tuple[Part, Places]]:
    for number, item in enumerate(items):
        text = plain[number][0]
        if number in taken or not text.strip():
            continue
        if _is_empty_heading(items, number, taken):
            continue
        yield replace(item.part, text=text), plain[number][1]
        for note in following.get(number, ()):
            yield replace(items[note].part, text=plain[note][0], anchor=taken[note][1]), []


def _is_empty_heading(
    items: Sequence[Item], number: int, taken: Mapping[int, tuple[int, int]]
) -> bool:
    """Whether a heading "Notes" stood above notes that are elsewhere now."""
    part = items[number].part
    short = part.role in (BlockRole.HEADING, BlockRole.PARAGRAPH)
    return short and number + 1 in taken and bool(_HEADING_WORDS.fullmatch(part.text.strip()))
