"""What the slides of a presentation show, in reading order, as the parts of its pages."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.documents.metadata import Metadata
from index.documents.notices import counted
from index.documents.parts import Converted, Part
from index.documents.raised import tied
from index.documents.slides.layout import Box, reading_order
from index.text.language import ENGLISH_WORDS, SPANISH_WORDS, WORD
from index.types import BlockRole, Notice, NoticeKind

__all__ = ["BODY", "MAX_SLIDES", "OTHER", "TITLE", "TOO_MANY", "Slide", "Unit", "deck"]

MAX_SLIDES = 20_000
TOO_MANY = "has more slides than the safety limits allow; split it"

TITLE, BODY, OTHER = 0, 1, 2
"""The ranks of what stands on a slide: its title, its other placeholders, and all else."""

_SAID = re.compile(r"not[ae]s?\b", re.IGNORECASE)  # that they are notes
_FURNITURE_CHARS = 200
_FURNITURE_PAGES = 3


@dataclass(frozen=True, slots=True)
class Unit:
    """What one shape shows, and where it stands."""

    parts: Sequence[Part]
    box: Box | None = None
    rank: int = OTHER


@dataclass(slots=True)
class Slide:
    """One slide: its shapes, its speaker's notes, and what is not read of it."""

    units: list[Unit] = field(default_factory=list)
    notes: list[Part] = field(default_factory=list)
    hidden: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def parts(self, left_out: set[tuple[str, Box]]) -> list[Part]:
        """The parts in reading order: the title, the other placeholders, the rest, the notes."""
        parts: list[Part] = []
        for rank in (TITLE, BODY, OTHER):
            units = [unit for unit in self.units if unit.rank == rank]
            for at in reading_order([unit.box for unit in units]):
                parts += () if _key(units[at]) in left_out else units[at].parts
        return tied(parts) + _noted(self.notes)


def _key(unit: Unit) -> tuple[str, Box] | None:
    """What makes a text that is no placeholder the same on several slides."""
    text = "\n".join(part.text for part in unit.parts)
    if unit.rank != OTHER or unit.box is None or len(text) > _FURNITURE_CHARS:
        return None
    return (
        (text, unit.box) if all(part.role is BlockRole.PARAGRAPH for part in unit.parts) else None
    )


def _noted(notes: Sequence[Part]) -> list[Part]:
    """The speaker's notes after a mark that says so, in their language."""
    notes = [note for note in notes if note.text.strip()]
    if not notes:
        return []
    words = set(WORD.findall(" ".join(note.text for note in notes).lower()))
    english = len(words & ENGLISH_WORDS) > len(words & SPANISH_WORDS)
    mark = "Notes:" if english else "Notas:"
    first, *rest = notes
    if _SAID.match(first.text):
        return notes
    if first.role is BlockRole.PARAGRAPH and not first.mark:
        return [replace(first, mark=mark), *rest]
    return [Part(BlockRole.PARAGRAPH, mark), *notes]


def _parts(slides: Sequence[Slide]) -> list[Part]:
    """The parts of all slides that are shown, with their pages.

    A short text that stands at the same place of most slides is read once.
    """
    shown = [slide for slide in slides if not slide.hidden]
    keys = Counter(
        key for slide in shown for key in {_key(unit) for unit in slide.units} if key is not None
    )
    least = max(_FURNITURE_PAGES, len(shown) // 2 + 1)
    recurring = {key for key, count in keys.items() if count >= least}
    parts: list[Part] = []
    seen: set[tuple[str, Box]] = set()
    for number, slide in enumerate(slides, 1):
        if slide.hidden:
            continue
        parts += [replace(part, page=number) for part in slide.parts(seen)]
        seen |= {key for unit in slide.units if (key := _key(unit)) in recurring and key}
    return parts


_NOTICES = (
    ("slide", NoticeKind.HIDDEN, "{} hidden slide(s) (is/are) left out"),
    ("hidden", NoticeKind.HIDDEN, "{} hidden shape(s) (is/are) left out"),
    (
        "outside",
        NoticeKind.HIDDEN,
        "{} shape(s) outside of (its slide/their slides) (is/are) left out",
    ),
    ("struck", NoticeKind.DELETED, "{} struck-out stretch(es) (is/are) left out"),
    ("comment", NoticeKind.COMMENT, "{} comment(s) (is/are) left out"),
    ("object", NoticeKind.LOST, "{} embedded object(s) (is/are) left out"),
    ("missing", NoticeKind.LOST, "{} slide(s) cannot be read and (is/are) left out"),
)


def _notices(slides: Sequence[Slide], first: int = 1) -> tuple[Notice, ...]:
    """What is left out of the parts, and which slides are only pictures."""
    counts: Counter[str] = Counter()
    for slide in slides:
        counts.update({} if slide.hidden else slide.counts)
    counts["slide"] = sum(slide.hidden for slide in slides)
    notices = list(counted(counts, _NOTICES))
    pictures = [
        str(first + at)
        for at, slide in enumerate(slides)
        if not slide.hidden and slide.counts["picture"] and not any(u.parts for u in slide.units)
    ]
    if pictures:
        which = "slide" if len(pictures) == 1 else "slides"
        verb = "is a picture" if len(pictures) == 1 else "are pictures"
        text = f"{which} {', '.join(pictures)} {verb} without text"
        notices.append(Notice(NoticeKind.NO_TEXT, text))
    return tuple(notices)


def deck(slides: Sequence[Slide], metadata: Metadata, first: int = 1) -> Converted:
    """The parts of the slides, of which the first has the number ``first``."""
    return Converted(
        _parts(slides),
        len(slides),
        title=metadata.title,
        author=metadata.author,
        created=metadata.created,
        page_labels=() if first == 1 else tuple(str(first + at) for at in range(len(slides))),
        notices=_notices(slides, first),
    )
