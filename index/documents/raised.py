"""Raised and lowered characters, note marks, and the places in a text where notes are referred to.

What stands raised is written so that it never reads as a part of the word or number before it:
m², 10³, 1º, CO₂. A note's mark is taken out of the text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.documents.parts import Part
from index.types import BlockRole

__all__ = [
    "MARK",
    "UNIT_END",
    "lowered",
    "ordinal_ending",
    "raised",
    "settled",
    "superior",
    "tied",
]

MARK = "\ufdd0"
"""Stands in a text that is being gathered where a note is referred to; it is in no real text."""

_HIGH = str.maketrans("0123456789+-−–=()nix", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱˣ")
_LOW = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_LOWERED = re.compile(r"[\d+\-−–=() ]+")
_LETTERS = dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
_FIGURES = re.compile(r"[\d+\-−=()ni.,; ]*[\dni][\d+\-−=()ni.,; ]*")
_ABBREVIATED = re.compile(r"(?:\d|(?:^|\W)[A-Za-zÁÉÍÓÚÑ]{1,2}|(?:^|\W)[A-Z][a-z]{0,3})\.?$")
_ORDINALS = {"o": "º", "a": "ª", "º": "º", "ª": "ª", "0": "º"}
_SPACED = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)

_NOTE = re.compile(r"(\(?[⁰¹²³⁴-⁹]{1,3}\)?|[ᵃ-ᶻ]|\*{1,4}|[†‡§])[.)]?\s*(?=\S)")
_UNITS = "[kcdmnµμh]?m|dam|ft|in|yd|mi|pies?|pulg|s|seg|h|kg|g|K|[Ll]|V|A|W|N"
_EXPONENT = re.compile(rf"(?:^|[\W\d])(?:{_UNITS}|[xyzrt]|10|[xX×·]\s?\d{{1,3}})$")
UNIT_END = re.compile(rf"(?:^|[\s\d(/·.*×⋅])(?:{_UNITS})$")
"""The end of a text after which a raised 2 or 3 is an exponent."""

_ENDING = re.compile(
    r"(?:st|nd|rd|th|er|ero|era|do|da|ro|ra|to|ta|mo|ma|vo|va|no|na|os|as|o|a)\.?", re.IGNORECASE
)
_BEFORE_ENDING = re.compile(
    r"(?:(?:^|[^\d.,])\d{1,3}"
    r"|(?:^|\W)(?:[NnMDF]|No|Sr|Sra|Dr|Dra|Art|Arq|Ing|Lic|Prof|Fco))\.?$"
)
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾", "0123456789()")
_UNLETTERED = {raised: plain for plain, raised in _LETTERS.items()}


def raised(text: str, before: str) -> str:
    """What is written raised after the text ``before``."""
    lead, core, tail = _parted(text)
    if core in ("o", "a", "º", "ª") and _ABBREVIATED.search(before):
        core = _ORDINALS[core]
    elif _FIGURES.fullmatch(core):
        core = superior(core)
    elif len(core) == 1 and not before[-1:].isdigit():
        core = _LETTERS.get(core, core)
    return lead + core + tail


def superior(text: str) -> str:
    """The text in superior figures and signs."""
    return text.translate(_HIGH)


def lowered(text: str) -> str:
    """What is written lowered: its figures are."""
    return text.translate(_LOW) if _LOWERED.fullmatch(text) else text


def ordinal_ending(text: str, before: str) -> str | None:
    """An ordinal's ending, raised, as it is written: 1.º, 3.ª, 2nd, N.º; None for other letters."""
    if text in ("º", "ª", "°"):
        return text
    if not _ENDING.fullmatch(text) or not _BEFORE_ENDING.search(before):
        return None
    return {"o": "º", "a": "ª", "o.": "º.", "a.": "ª."}.get(text.lower(), text)


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

    The parts are those of one page, or of a document without pages.
    """
    notes = {}
    for at, part in enumerate(parts):
        prose = part.role in (BlockRole.PARAGRAPH, BlockRole.ITEM) and not part.mark
        found = _NOTE.match(part.text) if prose else None
        if found:
            notes[at] = (found[1], part.text[found.end() :])
    if not notes:
        return list(parts)
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
    return list(_ordered(parts, texts, taken))


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
