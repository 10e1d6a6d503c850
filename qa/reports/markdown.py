"""A report as Markdown: whatever stands in a question or a document stays text."""

import re
import unicodedata
from collections.abc import Iterator

from qa.reports.parts import Cell, Kind, Part, Run, Style

__all__ = ["literal", "write_markdown"]

# Signs of which Markdown makes nothing wherever they stand, with "(" after an escaped "]".
_HARMLESS = frozenset(",;'\"(%?")
_HTML = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_SIGN = re.compile(r"[!-/:-@\[-`{-~]")
_STARTS = {
    Kind.TITLE: "# ",
    Kind.QUESTION: "## ",
    Kind.PLACE: "### ",
    Kind.QUOTE: "> ",
    Kind.TABLE: "> ",
}


def write_markdown(parts: list[Part], title: str, language: str) -> bytes:  # noqa: ARG001
    """The parts as a CommonMark file with tables, in UTF-8."""
    return ("\n\n".join(map(_written, parts)) + "\n").encode(errors="replace")


def _written(part: Part) -> str:
    start = _STARTS.get(part.kind, "")
    lines = list(_rows(part)) if part.kind is Kind.TABLE else [_line(part.runs, start)]
    return "\n".join(f"{start}{line}".rstrip() for line in lines)


def _rows(part: Part) -> Iterator[str]:
    """The lines of a table; one without header rows has an empty one, which Markdown demands."""
    rows = ["| " + " | ".join(map(_cell, row)) + " |" for row in part.rows]
    width = len(part.rows[0])
    head = " / ".join  # of several header rows, one line of each column
    if part.header_rows:
        columns = zip(*part.rows[: part.header_rows], strict=True)
        heads = [head(dict.fromkeys(filter(None, map(_cell, column)))) for column in columns]
    else:
        heads = [""] * width
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" * width
    yield from rows[part.header_rows :]


def _cell(cell: Cell) -> str:
    return _line(cell, "").replace("\\|", "&#124;")


def _line(runs: tuple[Run, ...], start: str) -> str:
    """The runs as one block; its further lines begin as the first does."""
    written = ""
    for place, run in enumerate(runs):
        before = runs[place - 1].text[-1:] if place else ""
        after = runs[place + 1].text[:1] if place + 1 < len(runs) else ""
        bold = run.style is not Style.PLAIN and _takes_bold(before, run.text, after)
        text = literal(run.text, before)
        written += f"**{text}**" if bold else text
    return written.replace("\n", f"  \n{start}")


def _takes_bold(before: str, text: str, after: str) -> bool:
    """Whether asterisks around a text make it bold there (CommonMark: left- and right-flanking)."""
    if "\n" in text or text != text.strip() or not text:
        return False
    opens = not _is_sign(text[0]) or not before.strip() or _is_sign(before)
    closes = not _is_sign(text[-1]) or not after.strip() or _is_sign(after)
    return opens and closes


def _is_sign(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "PS"


def literal(text: str, before: str = "") -> str:
    """The text as Markdown that shows exactly these characters, in one line or in several.

    ``before`` is what stands before it in its line, or the end of that.

    A backslash stands before every sign that could begin or end something: a heading, a list, a
    link (also one that is only recognised, as example.com), an image, a formula. Signs of HTML are
    character references: not every program knows them behind a backslash.
    """
    whole = before + text
    return _SIGN.sub(lambda match: _escaped(whole, len(before) + match.start()), text)


def _escaped(text: str, at: int) -> str:
    sign, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if sign in _HTML:
        return _HTML[sign]
    in_number = before.isdigit() and after.isdigit()
    # "1." and "1)" at the beginning of a line make an item.
    line = text[:at].rpartition("\n")[2].strip()
    numbers = not line or line.isdigit()
    plain = sign in _HARMLESS
    match sign:
        case "-" | "/":  # between words, as in "5-10" and "y/o"
            plain = before.isalnum() and after.isalnum()
        case "." | ":":  # at the end of a sentence, or in a number; not in an address
            plain = in_number or (not numbers and not after.strip())
        case ")":
            plain = not numbers
    return sign if plain else f"\\{sign}"
