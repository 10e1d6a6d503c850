"""Raised and lowered characters, note marks, and the places in a text where notes are referred to.

What stands raised is written so that it never reads as a part of the word or number before it:
m², 10³, 1º, CO₂. A note's mark is taken out of the text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.documents import superscripts
from index.documents.parts import Part
from index.types import BlockRole

__all__ = ["MARK", "raised", "settled", "tied"]

MARK = "\ufdd0"
"""Stands in a text that is being gathered where a note is referred to; it is in no real text."""

_LETTERS = dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_SPACED = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)

_NOTE = re.compile(r"(\(?[⁰¹²³⁴-⁹]{1,3}\)?|[ᵃ-ᶻ]|\*{1,4}|[†‡§])[.)]?\s*(?=\S)")
_UNITS = [
    "mm",
    "cm",
    "dm",
    "m",
    "dam",
    "hm",
    "km",
    "ft",
    "in",
    "yd",
    "mi",
    "s",
    "seg",
    "h",
    "x",
    "y",
    "z",
    "r",
    "t",
    "kg",
    "g",
    "l",
]
_EXPONENT = re.compile(rf"(?:^|[\W\d])(?:{'|'.join(_UNITS)}|10|[xX×·]\s?\d{{1,3}})$")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾", "0123456789()")
_HIGH = re.compile(
    r"(?<=\S)(?:\[[⁰¹²³⁴-⁹]{1,3}\]|[⁰¹²³⁴-⁹⁽](?:[⁰¹²³⁴-⁹⁽⁾,–]{0,8}[⁰¹²³⁴-⁹⁾])?(?![⁰¹²³⁴-⁹⁺⁻ⁿ])"
    r"|(?<![⁰¹²³⁴-⁹⁺⁻ⁿᵃ-ᶻ])[ᵃ-ᶻ](?!\w))|(?<=\d )ᵒ(?=[CF])"
)
_UNLETTERED = {raised: plain for plain, raised in _LETTERS.items()}


def raised(text: str, before: str, after: str = "") -> str:
    """What is written raised between its neighbours; `tied` takes the marks of notes out."""
    lead, core, tail = _parted(text)
    shown = superscripts.raised(before, core, after) if core else core
    if shown is None:
        single = len(core) == 1 and not before[-1:].isdigit()
        shown = _LETTERS.get(core, core) if single else core
        shown = shown.translate(superscripts.RAISED)
    return lead + shown + tail


def _parted(text: str) -> tuple[str, str, str]:
    lead, core, tail = _SPACED.fullmatch(text).groups()  # type: ignore[union-attr]  # matches all
    return lead, core, tail


def settled(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without its marks, and the offset in it at which each of them stood.

    No space is left double, before a comma or at an end where a mark is taken out.
    """
    first, *rest = text.split(MARK)
    offsets: list[int] = []
    for piece in rest:
        if first.endswith(" ") and (not piece or piece[0] in " .,;:)\n\t"):
            first = first[:-1]
        offsets.append(len(first))
        first += piece.removeprefix(" ") if not first else piece
    # A space that was taken out at a later mark may have stood before an earlier one.
    least = len(first)
    for at in range(len(offsets) - 1, -1, -1):
        least = offsets[at] = min(offsets[at], least)
    return first, tuple(offsets)


def tied(parts: Sequence[Part]) -> list[Part]:
    """The parts, with notes for paragraphs and items that are notes by their look.

    Such a one begins with a raised mark or asterisk, and a part before it refers to it by the same
    mark: it becomes a note after that part.

    The parts are those of one page, or of a document without pages. A raised mark that no part
    begins with is taken out: it belongs to no word or number.
    """
    notes = {}
    for at, part in enumerate(parts):
        prose = part.role in (BlockRole.PARAGRAPH, BlockRole.ITEM) and not part.mark
        found = _NOTE.match(part.text) if prose else None
        if found:
            notes[at] = (found[1], part.text[found.end() :])
    if not notes:
        return _unmarked(parts)
    taken: dict[int, list[Part]] = {}
    texts = {at: part.text for at, part in enumerate(parts)}
    for at, (mark, text) in notes.items():
        referring = _referring(texts, mark, (n for n in range(at) if n not in notes))
        if referring is None:
            continue
        shown = "".join(_UNLETTERED.get(letter, letter) for letter in mark.translate(_PLAIN))
        note = replace(parts[at], role=BlockRole.NOTE, text=text, level=0, mark=shown.strip("()"))
        taken.setdefault(referring, []).append(note)
        texts[at] = ""
    return _unmarked(_ordered(parts, texts, taken))


def _referring(texts: dict[int, str], mark: str, candidates: Iterable[int]) -> int | None:
    """The first text that refers to a mark; each place where one does becomes a `MARK`."""
    others = "⁰¹²³⁴⁵⁶⁷⁸⁹*⁻ᵃ-ᶻ"
    pattern = re.compile(rf"(?<=[^\s{others}]){re.escape(mark)}(?![{others}])")
    first = None
    for at in candidates:
        text = texts[at]
        places = [
            found
            for found in pattern.finditer(text)
            if not (mark[0] in "¹²³⁴⁵⁶⁷⁸⁹" and _EXPONENT.search(text[: found.start()]))
        ]
        for found in reversed(places):
            if first is None or at == first:
                text = text[: found.start()] + MARK + text[found.end() :]
            else:
                text = text[: found.start()] + text[found.end() :]
        texts[at] = text
        if places and first is None:
            first = at
    return first


def _ordered(
    parts: Sequence[Part], texts: dict[int, str], taken: dict[int, list[Part]]
) -> Iterable[Part]:
    for at, part in enumerate(parts):
        if not texts[at]:
            continue
        text, offsets = settled(texts[at])
        yield replace(part, text=text)
        notes = taken.get(at, [])
        for number, note in enumerate(notes):
            yield replace(note, anchor=offsets[min(number, len(offsets) - 1)])


def _unmarked(parts: Iterable[Part]) -> list[Part]:
    """The parts without raised marks of notes that are not there; what else is raised is read."""
    done: list[Part] = []
    changes: list[tuple[int, int]] = []
    for part in parts:
        if part.role is BlockRole.NOTE:
            at = part.anchor
            moved = 0 if at is None else sum(change for end, change in changes if end <= at)
            done.append(replace(part, anchor=(at or 0) + moved) if moved else part)
            continue
        text, changes = _decided(part.text) if part.role is not BlockRole.CODE else ("", [])
        done.append(replace(part, text=text) if changes else part)
    return done


def _decided(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with its raised letters as they are read, and where it becomes longer or shorter."""
    changes: list[tuple[int, int]] = []
    if text.isascii() or not _HIGH.search(text):
        return text, changes
    pieces: list[str] = []
    at = 0
    for found in _HIGH.finditer(text):
        core = "".join(_UNLETTERED.get(letter, letter) for letter in found[0].translate(_PLAIN))
        before, after = text[max(0, found.start() - 80) : found.start()], text[found.end() :][:20]
        shown = superscripts.raised(before, core, after)
        shown = found[0] if shown == core else shown or ""
        if shown != found[0]:
            pieces += (text[at : found.start()], shown)
            at = found.end()
            changes.append((at, len(shown) - len(found[0])))
    return "".join((*pieces, text[at:])), changes
