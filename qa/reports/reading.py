"""A report read back from its file, also after it was edited or saved by another program.

What is needed stands in the visible text: the quotes in their quotation marks, and below each the
line of its reference. What a person wrote around them does not matter.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.documents.decoding import clean, decode
from index.documents.read import file_bytes, read_document
from index.errors import DocumentError, InputError
from index.text.outline import outline
from index.types import BlockRole

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["Quoted", "Reference", "Shown", "quotes_in", "read_report"]

_MARKDOWN = frozenset((".md", ".markdown"))
# Those that keep paragraphs apart; in a PDF file they are guessed.
_SUFFIXES = _MARKDOWN | {".docx", ".html", ".htm", ".odt", ".doc", ".rtf"}
_REFERENCE = re.compile(
    r"(?P<language>Referencia|Reference): (?:caracteres|characters) (?P<start>\d{1,12})\s?[-–—]\s?"
    r"(?P<end>\d{1,12}) (?:de|of) (?P<id>.+) [·•] SHA-256 (?:del texto|of the text): "
    r"(?P<hash>\?|[0-9a-fA-F]{8,64})\.?"
)
_LABEL = re.compile(r"(?:Cita|Quote) \d+\b")
_OPENING, _CLOSING = frozenset('«“"„'), frozenset('»”"“')


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a report says that a quote stands: offsets in the text with that SHA-256.

    ``document_id`` is the id as a report shows it. ``hash`` is empty where the report has none.
    """

    document_id: str
    start: int
    end: int
    hash: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as it stands in a report: its ``words``, with rows as lines of cells between tabs.

    ``header`` holds the header rows above its rows; they are not in ``words``. ``words`` are empty
    where a reference stands alone; ``reference`` is None where there are words alone.
    """

    words: str
    reference: Reference | None
    header: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A paragraph, or a table with its rows as lines, as it stands in a file."""

    text: str
    is_table: bool = False
    header_rows: int = 0


def read_report(path: Path) -> tuple[str, list[Quoted]]:
    """The report's language, ``"es"`` or ``"en"``, and its quotes in the order of reading.

    Raises DocumentError for a file that cannot be read, InputError for one without a quote or of
    another format.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise InputError(
            f"{path.name} cannot be checked: name a report as .docx, .md or .html, or one saved as "
            ".odt, .doc or .rtf."
        )
    shown = list(_markdown(path) if path.suffix.lower() in _MARKDOWN else _document(path))
    quotes = list(quotes_in(shown))
    if not quotes:
        raise InputError(
            f"{path.name} has no quote that can be checked: name a report of qa ask --export."
        )
    english = any(block.text.startswith(("Reference: ", "Quote 1")) for block in shown)
    return "en" if english else "es", quotes


def _document(path: Path) -> Iterator[Shown]:
    """What stands in a file of any format that is indexed, read as a document is."""
    document = read_document(path, path.name)
    for block in document.blocks or outline(document.text):
        text = document.text[block.start : block.end]
        yield Shown(text, block.role is BlockRole.TABLE, block.header_rows)


def _markdown(path: Path) -> Iterator[Shown]:
    """What stands in a Markdown file, as it is shown."""
    from markdown_it import MarkdownIt

    try:
        text = decode(file_bytes(path))
    except ValueError as exc:
        raise DocumentError(str(path), "is not text but binary data; check the file") from exc
    rows: list[list[str]] = []
    in_table = in_head = False
    header_rows = 0
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        match token.type:
            case "table_open":
                rows, in_table, header_rows = [], True, 0
            case "thead_open" | "thead_close":
                in_head = token.type == "thead_open"
            case "tr_open":
                rows.append([])
            case "inline":
                words = clean("".join(map(_inline, token.children or [])))
                if in_table:
                    rows[-1].append(" ".join(words.split()))
                    header_rows = len(rows) if in_head and any(rows[0]) else header_rows
                else:
                    yield Shown(words)
            case "table_close":
                in_table = False
                lines = ["\t".join(row) for row in rows if any(row)]
                yield Shown("\n".join(lines), is_table=True, header_rows=header_rows)


def _inline(token: "Token") -> str:
    """The characters of a part of a line; HTML inside of it shows nothing."""
    return {"softbreak": " ", "hardbreak": "\n", "html_inline": ""}.get(token.type, token.content)


def quotes_in(shown: Iterable[Shown]) -> Iterator[Quoted]:
    """The quotes among the paragraphs and tables of a report, each with its reference, if any.

    A quote is what stands alone in quotation marks, and the tables beside it.
    """
    gathered: list[Shown] = []
    labelled = apart = False
    for block in _rejoined(shown):
        if reference := _reference(block.text):
            yield _quoted(gathered, reference)
            gathered, labelled = [], False
        elif _is_quote(block):
            if gathered and (apart or block.is_table == gathered[-1].is_table):
                yield from _alone(gathered, labelled=labelled)
                gathered, labelled = [], False
            gathered.append(block)
            apart = False
        elif _LABEL.match(block.text):
            yield from _alone(gathered, labelled=labelled)
            gathered, labelled = [], True
        else:  # a remark between a quote and its reference is left aside
            apart = True
    yield from _alone(gathered, labelled=labelled)


def _rejoined(shown: Iterable[Shown]) -> Iterator[Shown]:
    """The same; paragraphs into which a person has cut one in quotation marks are one again."""
    begun: list[Shown] = []
    for block in shown:
        text = block.text.strip()
        if begun and (block.is_table or _LABEL.match(text) or _reference(text)):
            yield from begun
            begun = []
        if begun or (text[:1] in _OPENING and text and not block.is_table):
            begun.append(block)
            if text[-1:] in _CLOSING:
                yield Shown("\n".join(part.text for part in begun))
                begun = []
        else:
            yield block
    yield from begun


def _reference(text: str) -> Reference | None:
    match = _REFERENCE.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    digest = match["hash"].lower().removeprefix("?")
    return Reference(match["id"], int(match["start"]), int(match["end"]), digest)


def _is_quote(block: Shown) -> bool:
    text = block.text.strip()
    marked = len(text) > 2 and text[0] in _OPENING and text[-1] in _CLOSING
    return block.is_table or marked


def _alone(gathered: Sequence[Shown], *, labelled: bool) -> Iterator[Quoted]:
    """The quote without a reference; tables without a label may be anybody's."""
    if any(labelled or not block.is_table for block in gathered):
        yield _quoted(gathered, None)


def _quoted(gathered: Sequence[Shown], reference: Reference | None) -> Quoted:
    header: list[str] = []
    words: list[str] = []
    for place, block in enumerate(gathered):
        if not block.is_table:
            words.append(block.text.strip()[1:-1])
            continue
        lines = block.text.split("\n")
        heads = block.header_rows if place == 0 else 0
        header += lines[:heads]
        words += lines[heads:]
    return Quoted("\n".join(words), reference, "\n".join(header))
