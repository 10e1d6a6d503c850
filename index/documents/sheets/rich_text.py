"""Texts of cells with letters of several kinds: raised, lowered, struck through."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from index.documents.decoding import one_line
from index.documents.superscripts import is_note_mark, lowered, raised

__all__ = ["PLAIN", "RichText", "Run", "rich_text"]


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one kind."""

    text: str
    raised: bool = False
    lowered: bool = False
    struck: bool = False


@dataclass(frozen=True, slots=True)
class RichText:
    """A clean text in one line, the note marks that were taken out, and what was struck.

    ``lead`` is the mark that the text begins with, as a note does.
    """

    text: str
    marks: tuple[str, ...] = ()
    struck: bool = False
    lead: str = ""


PLAIN = RichText("")


def rich_text(runs: Iterable[Run]) -> RichText:
    """Runs as they are read: m², 1º, CO₂; note marks and what is struck through are out."""
    shown = ""
    marks: list[str] = []
    struck = False
    lead = ""
    known = list(runs)
    for run, following in zip_longest(known, known[1:]):
        bare = run.text.strip()
        if run.struck:
            struck = struck or bool(bare)
        elif run.lowered and bare:
            shown += run.text.replace(bare, lowered(bare))
        elif run.raised and bare:
            written = raised(shown, bare, following.text if following else "")
            if not shown.strip() and written in (None, bare) and is_note_mark(bare):
                lead = bare.strip("()[]")
            elif written is not None:
                shown += run.text.replace(bare, written)
            else:
                marks += re.split(r"\s*[,;]\s*", bare.strip("()[]"))
        else:
            shown += run.text
    text = re.sub(r" +(?=[.,;:)])", "", one_line(shown)) if marks else one_line(shown)
    return RichText(text, tuple(marks), struck, lead)
