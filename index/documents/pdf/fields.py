"""The values of a form, put among the words beside their labels."""

from collections.abc import Sequence
from itertools import pairwise

from index.documents.pdf.forms import CHECKED, UNCHECKED, FormValue
from index.documents.pdf.model import Box, Word
from index.documents.pdf.turning import Frame

__all__ = ["place_values"]

_NEAR = 220.0  # points: a label farther to the left is another field's
_LABEL_WORDS = 8
_BOXES = (CHECKED, UNCHECKED)


def place_values(words: list[Word], values: Sequence[FormValue], frame: Frame) -> None:
    """Add the values to the words, on the baseline of the words beside them.

    A value without words beside or above it comes with the label that its author gave it.
    """
    if not values:
        return
    printed = list(words)
    for value in values:
        box = frame.box(value.box)
        rows = [row for row in value.value.split("\n") if row.strip()]
        if value.export and value.value in _BOXES:
            rows = [f"{value.value} {value.export}"]
        height = (box.bottom - box.top) / max(1, len(rows))
        beside = _beside(box, printed) if len(rows) == 1 else None
        above = _above(box, printed) if beside is None and value.value not in _BOXES else []
        if above:
            _put_behind(above, " ".join(rows), box, words)
            continue
        if beside is None and value.label and not _label_above(box, printed, value.label):
            rows[0] = f"{value.label.rstrip(':')}: {rows[0]}"
        if beside is not None and value.value not in _BOXES:
            _end_label(beside, box, printed)
        size = beside.size if beside is not None else max(5.0, min(11.0, 0.7 * height))
        for number, row in enumerate(rows):
            base = box.top + (number + 1) * height - 0.25 * min(height, 1.4 * size)
            if beside is not None:
                base = beside.base
            end = min(box.x1, box.x0 + 0.5 * size * len(row))
            script = "=" if number == 0 else ""
            words.append(Word(row, box.x0, end, base, size, spaced=True, script=script))


def _above(box: Box, words: Sequence[Word]) -> list[Word]:
    """The words of the line that stands close above a field and is its label: the nearest one."""
    near = [
        word
        for word in words
        if box.top - 1.6 * word.size < word.base <= box.top + 0.3 * word.size
        and word.x1 > box.x0 - 5
        and word.x0 < box.x1
    ]
    if not near:
        return []
    base = max(word.base for word in near)
    label = sorted((w for w in near if abs(w.base - base) < 2), key=lambda word: word.x0)
    starts = abs(label[0].x0 - box.x0) < 4 * label[0].size
    apart = all(b.x0 - a.x1 < 1.5 * a.size for a, b in pairwise(label))
    used = label[-1].script == "=" or label[-1].text[-1] in ".!?;"
    return label if starts and apart and not used and len(label) <= _LABEL_WORDS else []


def _put_behind(label: Sequence[Word], text: str, box: Box, words: list[Word]) -> None:
    """Add a value behind the label above it, as if both stood on one line."""
    last = label[-1]
    if last.text[-1].isalnum():
        last.text += ":"
    start = last.x1 + 0.3 * last.size
    end = max(start + 1, min(box.x1, start + 0.5 * last.size * len(text)))
    words.append(Word(text, start, end, last.base, last.size, spaced=True, script="="))


def _beside(box: Box, words: Sequence[Word]) -> Word | None:
    """The nearest word on the line of a field."""
    on_line = [
        word
        for word in words
        if box.top - 2 <= word.base - 0.25 * word.size <= box.bottom + 2
        and (box.x0 - _NEAR < word.x1 <= box.x0 + 3 or box.x1 - 3 <= word.x0 < box.x1 + 30)
    ]
    return min(
        on_line,
        key=lambda word: (word.x0 >= box.x1 - 3, min(abs(box.x0 - word.x1), abs(word.x0 - box.x1))),
        default=None,
    )


def _end_label(label: Word, box: Box, words: Sequence[Word]) -> None:
    """Put a colon after a label that stands alone before its field."""
    follows = any(abs(word.base - label.base) < 2 and word.x0 > label.x0 for word in words)
    if label.x1 <= box.x0 + 3 and label.text[-1].isalnum() and not follows:
        label.text += ":"


def _label_above(box: Box, words: Sequence[Word], label: str) -> bool:
    """Whether the label, or a line that may be one, stands close above a field."""
    above = [
        word.text.strip(":").lower()
        for word in words
        if box.top - 2.2 * word.size < word.base <= box.top + 3
        and word.x1 > box.x0 - 5
        and word.x0 < box.x1
    ]
    return any(part.strip(":").lower() in above for part in label.split())
