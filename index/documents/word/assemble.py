"""Parts in the making become parts: forms, captions, typed lists, and notes at their places."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.documents.evidence import header_rows, is_caption, label_and_value
from index.documents.parts import Part
from index.documents.parts import table as table_part
from index.documents.word.context import Raw
from index.documents.word.scripts import Resolved, plain, resolve, typed_note
from index.types import BlockRole

__all__ = ["NoteText", "assemble"]

_TYPED_MARK = re.compile(
    r"(\(?(?:\d{1,3}|[a-zA-ZñÑ]|[ivxIVX]{1,5})[.)](?:-|\))?|[-–—•*▪◦·●■□])(?:\t|[ ]+)(?=\S)"
)
_BULLETS = "-–—•*▪◦·●■□"
_HEADING_CHARS = 90
_FIELD_CHARS = 160
_PROSE_CHARS = 60
_LABEL_WORDS = 6


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note of the file: its mark, and what it says, still in the making."""

    mark: str
    text: str


@dataclass(slots=True)
class _Placed:
    """A part with the notes that belong to it."""

    part: Part
    typed: list[tuple[int, str]] = field(default_factory=list)
    notes: list[Part] = field(default_factory=list)


def assemble(raws: Sequence[Raw], notes: Sequence[NoteText]) -> list[Part]:
    """The parts of a document, each followed by its notes."""
    raws = _tabbed_tables(_code(raws))
    raws = _headings(_listed(_fields(_captions(raws))))
    own = {at: found for at, raw in enumerate(raws) if (found := _typed(raw)) is not None}
    marks = frozenset(mark for mark, _ in own.values())
    placed: list[_Placed] = []
    for at, raw in enumerate(raws):
        if at in own:
            _place_typed(placed, *own[at], marks)
            continue
        resolved = _resolved(raw, marks)
        if not resolved.text.strip():
            if placed:
                end = len(placed[-1].part.text)
                placed[-1].notes += _notes(resolved, notes, marks, end)
            continue
        entry = _Placed(_part(raw, resolved.text), list(resolved.typed))
        entry.notes = _notes(resolved, notes, marks, None)
        placed.append(entry)
    return [part for entry in placed for part in (entry.part, *_in_order(entry.notes))]


def _resolved(raw: Raw, marks: frozenset[str]) -> Resolved:
    text = raw.text
    if raw.role not in (BlockRole.TABLE, BlockRole.CODE):
        text = text.replace("\t", " ")
    return resolve(text, marks)


def _part(raw: Raw, text: str) -> Part:
    return Part(
        raw.role,
        text,
        level=raw.level,
        mark=raw.mark,
        header_rows=raw.header_rows,
        spans=raw.spans,
    )


def _in_order(notes: list[Part]) -> list[Part]:
    return sorted(notes, key=lambda note: note.anchor or 0)


def _notes(
    resolved: Resolved, notes: Sequence[NoteText], marks: frozenset[str], anchor: int | None
) -> list[Part]:
    parts = []
    for at, place in resolved.notes:
        if not 0 <= place < len(notes):
            continue
        note = notes[place]
        text = resolve(note.text.replace("\t", " "), marks).text.strip()
        if text:
            end = min(at, len(resolved.text)) if anchor is None else anchor
            parts.append(Part(BlockRole.NOTE, text, mark=note.mark, anchor=end))
    return parts


def _typed(raw: Raw) -> tuple[str, str] | None:
    """The mark and the words of a paragraph that somebody typed as a note."""
    if raw.role is not BlockRole.PARAGRAPH or raw.mark:
        return None
    return typed_note(raw.text)


def _place_typed(placed: list[_Placed], mark: str, text: str, marks: frozenset[str]) -> None:
    """Put a typed note after the last part before it that has its mark."""
    note = Part(BlockRole.NOTE, resolve(text.replace("\t", " "), marks).text.strip(), mark=mark)
    for entry in reversed(placed):
        for at, typed in entry.typed:
            if typed == mark:
                entry.notes.append(replace(note, anchor=min(at, len(entry.part.text))))
                entry.typed.remove((at, typed))
                return
    placed.append(_Placed(note))


def _code(raws: Sequence[Raw]) -> list[Raw]:
    """Lines of code that follow each other are one part."""
    made: list[Raw] = []
    for raw in raws:
        if made and raw.role is made[-1].role is BlockRole.CODE:
            made[-1].text += f"\n{raw.text}"
        else:
            made.append(raw)
    return made


def _captions(raws: Sequence[Raw]) -> list[Raw]:
    """A line "Tabla 3. ..." over a table is its caption, also without the style."""
    made = list(raws)
    for at in range(len(made) - 1):
        raw = made[at]
        over = made[at + 1].role is BlockRole.TABLE
        plain_line = raw.role is BlockRole.PARAGRAPH and not raw.mark
        if over and plain_line and is_caption(raw.text):
            raw.role = BlockRole.CAPTION
    return made


def _fields(raws: Sequence[Raw]) -> list[Raw]:
    """Lines "Label: value": with a tab, a bold label or a filled control, or two in a row."""
    likely = [_is_field(raw) for raw in raws]
    for at, raw in enumerate(raws):
        near = likely[max(0, at - 1) : at] + likely[at + 1 : at + 2]
        sure = "\t" in raw.text or (raw.filled and len(raw.text) <= 80)
        if likely[at] and (sure or any(near)):
            label, value = label_and_value(raw.text) or ("", "")
            raw.role, raw.text = BlockRole.FIELD, f"{label}: {value}"
    return list(raws)


def _is_field(raw: Raw) -> bool:
    if raw.role is not BlockRole.PARAGRAPH or raw.mark or len(raw.text) > _FIELD_CHARS:
        return False
    found = label_and_value(raw.text)
    if found is None or "\n" in raw.text or len(found[0].split()) > _LABEL_WORDS:
        return False
    # A value is no sentence.
    sentence = re.search(r"[.;!?]\s+\S", found[1]) or (
        found[1].endswith((".", ";")) and len(found[1].split()) > 6
    )
    return not sentence and not re.search(r"[,.;]", found[0])


def _listed(raws: Sequence[Raw]) -> list[Raw]:
    """Paragraphs with marks that somebody typed, two or more in a row, are items."""
    marks = [
        _TYPED_MARK.match(raw.text)
        if raw.role is BlockRole.PARAGRAPH and not raw.mark and not raw.bold
        else None
        for raw in raws
    ]
    for at, (raw, found) in enumerate(zip(raws, marks, strict=True)):
        if found is None or not any(marks[max(0, at - 1) : at] + marks[at + 1 : at + 2]):
            continue
        mark = found[1]
        raw.role, raw.level = BlockRole.ITEM, 1
        raw.mark = "" if mark in _BULLETS else mark
        raw.text = raw.text[found.end() :]
    return list(raws)


def _headings(raws: Sequence[Raw]) -> list[Raw]:
    """Short bold lines over text, in a document that has no style for them."""
    levels = [raw.level for raw in raws if raw.role is BlockRole.HEADING]
    below = min(max(levels, default=0) + 1, 6)
    for raw, after in zip(raws, list(raws)[1:], strict=False):
        prose = after.role is BlockRole.PARAGRAPH and _is_prose(after.text)
        follows = not after.bold and (
            prose or after.role in (BlockRole.ITEM, BlockRole.TABLE, BlockRole.FIELD)
        )
        lone = raw.role is BlockRole.PARAGRAPH and raw.bold and not raw.mark and not raw.kind
        if lone and follows and _is_title(plain(raw.text)):
            raw.role, raw.level = BlockRole.HEADING, below
    return list(raws)


def _is_prose(text: str) -> bool:
    """More than the office under a name."""
    return len(text) >= _PROSE_CHARS or text.endswith((".", ":", ";"))


def _is_title(text: str) -> bool:
    short = len(text) <= _HEADING_CHARS and "\n" not in text and "\t" not in text
    return short and any(map(str.isalpha, text)) and not re.search(r"[.,;:!…]$", text)


def _tabbed_tables(raws: Sequence[Raw]) -> list[Raw]:
    """Lines whose columns are set with tabs, two or more with the same number, are a table."""
    made: list[Raw] = []
    run: list[Raw] = []
    for raw in [*raws, None]:
        columns = 0 if raw is None else _columns(raw)
        if run and columns != _columns(run[0]):
            made += _as_table(run)
            run = []
        if raw is None:
            break
        if columns:
            run.append(raw)
        else:
            made.append(raw)
    return made


def _columns(raw: Raw) -> int:
    """The columns of a line with tabs; 0 where it is none of a table."""
    if raw.role is not BlockRole.PARAGRAPH or raw.mark or raw.kind or "\n" in raw.text:
        return 0
    if raw.text.count("\t") < 2 or len(raw.text) > 300 or _TYPED_MARK.match(raw.text):
        return 0
    return raw.text.count("\t") + 1


def _as_table(run: list[Raw]) -> list[Raw]:
    if len(run) < 2:
        return run
    rows = [[cell.strip() for cell in raw.text.split("\t")] for raw in run]
    words = [[plain(cell) for cell in row] for row in rows]
    headers = header_rows(words, (), [raw.bold for raw in run], styled=False)
    made = table_part(rows, header_rows=headers)
    if made is None:
        return run
    return [Raw(BlockRole.TABLE, made.text, header_rows=made.header_rows, kind="table")]
