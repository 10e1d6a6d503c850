"""Footnotes: small type at the foot of a column, each beginning with its mark."""

import re
from collections.abc import Sequence

from index.documents.pdf.marks import note_mark
from index.documents.pdf.model import Page
from index.documents.pdf.paragraphs import Para

__all__ = ["take_notes"]

_SMALLER = 0.94  # than the body's type
_SENTENCE_END = re.compile(r"[.!?…\"”»)]$")


def take_notes(paras: list[Para], page: Page, body: float) -> tuple[list[Para], list[Para]]:
    """The paragraphs of one column without its footnotes, and these.

    A note's ``note`` is its mark; it is empty for the rest of a note of the page before.
    """
    start = _first_note(paras, page, body)
    if start is None:
        return paras, []
    notes: list[Para] = []
    for para in paras[start:]:
        found = note_mark(para.text)
        if found is not None and (not notes or _is_next(found, notes, para)):
            para.note, para.text, _ = found
            notes.append(para)
        elif notes:
            notes[-1].text = f"{notes[-1].text} {para.text}"
        else:
            para.note = ""
            notes.append(para)
    return paras[:start], notes


def _is_next(found: tuple[str, str, bool], notes: Sequence[Para], para: Para) -> bool:
    """Whether a paragraph is the next note and no line that happens to begin with a number."""
    mark, _, raised = found
    last = notes[-1].note or ""
    if raised or not (mark.isdigit() and last.isdigit()):
        return True
    return int(mark) == int(last) + 1 or (para.x0 <= notes[0].x0 + 2 and int(mark) > int(last))


def _first_note(paras: Sequence[Para], page: Page, body: float) -> int | None:
    """The place of the first paragraph of the notes."""
    ruled = _foot_rule(page, paras)
    start = None
    for place in range(len(paras) - 1, -1, -1):
        para = paras[place]
        small = para.size < _SMALLER * body
        below = ruled is not None and para.top > ruled - 2
        if para.table is not None or para.separate or not (small or below):
            break
        if para.top < 0.3 * page.height and not below:
            break
        found = note_mark(para.text)
        if found is not None and (found[2] or below or _plausible(found, paras[place - 1 : place])):
            start = place
    if start is None:
        return None
    # What stands over the first mark, under the rule, is the rest of a note.
    while ruled is not None and start > 0 and paras[start - 1].top > ruled - 2:
        start -= 1
    return start


def _plausible(found: tuple[str, str, bool], above: Sequence[Para]) -> bool:
    """Whether a plain number begins a note, not an item of a list in small type."""
    return not above or (above[0].gap > 0 and found[1][:1].isupper())


def _foot_rule(page: Page, paras: Sequence[Para]) -> float | None:
    """The height of the short rule above the notes."""
    if not paras:
        return None
    left = min(para.x0 for para in paras)
    last = max(para.base for para in paras)
    heights = [
        rule.top
        for rule in page.rules
        if rule.horizontal
        and 20 < rule.x1 - rule.x0 < 0.55 * page.width
        and abs(rule.x0 - left) < 12
        and 0.3 * page.height < rule.top < last
        and not any(
            para.top < rule.top < para.base + 1 or (para.table and para.top < rule.top < para.base)
            for para in paras
        )
    ]
    return max(heights, default=None)
