"""Texts of cells with letters of several kinds: raised, lowered, struck through."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.documents.decoding import one_line
from index.documents.raised import UNIT_END, lowered, ordinal_ending, superior

__all__ = ["PLAIN", "RichText", "Run", "rich_text"]

_VARIABLE = re.compile(r"(?:^|[\s\d(/·.*×])[xyzabnR]$")
_POWER = re.compile(r"(?:^|[^\d.,])10$")
_EXPONENT = re.compile(r"[+\-−]?\d{1,2}|n")
_MARK = re.compile(r"[(\[]?(?:\d{1,3}(?:\s*[,;]\s*\d{1,3})*|[a-z]|\*{1,4}|[†‡§]{1,3}|[pre]/)[)\]]?")


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
    for run in runs:
        bare = run.text.strip()
        if run.struck:
            struck = struck or bool(bare)
        elif run.lowered and bare:
            shown += lowered(run.text)
        elif run.raised and bare:
            written = _raised(shown, bare)
            if written is not None:
                shown += run.text.replace(bare, written)
            elif not shown.strip():
                lead = bare.strip("()[]")
            else:
                marks += re.split(r"\s*[,;]\s*", bare.strip("()[]"))
        else:
            shown += run.text
    text = re.sub(r" +(?=[.,;:)])", "", one_line(shown)) if marks else one_line(shown)
    return RichText(text, tuple(marks), struck, lead)


def _raised(before: str, text: str) -> str | None:
    """How raised letters are written after a text; None where they are a note's mark."""
    if _EXPONENT.fullmatch(text) and (
        _POWER.search(before)
        or ((UNIT_END.search(before) or _VARIABLE.search(before)) and text.lstrip("+-−") in "1234n")
        or (before[-1:].strip() and text[0] in "+-−")
    ):
        return superior(text)
    return ordinal_ending(text, before) or (None if _MARK.fullmatch(text) else text)
