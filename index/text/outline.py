"""The blocks of a text that has none: plain text, Markdown, what a program adds. Pure.

Tables, code and Markdown's notes are seen in the lines, all else in the paragraphs. The time is
linear. Speakers' turns are not looked for.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.text.folding import fold
from index.text.headings import label_headings
from index.text.items import label_items
from index.text.marks import ARTICLE
from index.text.paragraphs import SENTENCE_END, paragraph_spans
from index.text.regions import front_matter_end, regions
from index.types import Block, BlockRole

__all__ = ["outline"]

_FIELD = re.compile(
    r"(?P<bold>\*\*|__)?(?P<label>[^\W\d_a-zñáéíóúü][^\n:.;!?¿¡|\t*]{0,39}?)(?:\*\*|__)?[ ]?:"
    r"(?:\*\*|__)?[ \t]+(?P<value>\S[^\n]{0,199})"
)
_LABEL_WORDS = 5
_KNOWN_LABELS = """
    fecha lugar autor autora autores asunto para de referencia expediente folio nombre telefono
    teléfono correo dirección direccion domicilio elaboró elaboro aprobó revisó versión vigencia
    precio horario aforo responsable plazo importe total date author authors subject to from
    name phone address email e-mail place price hours version
"""
_KNOWN = frozenset(fold(word) for word in _KNOWN_LABELS.split())
_CAPTION = re.compile(
    r"[*_]{0,2}(?:tabla|cuadro|table|figura|figure|fig\.|gr[áa]fic[oa]|chart|ilustraci[óo]n|imagen|"
    r"mapa)\s+(?:n(?:[úu]m)?[.º°o]*\s*)?(?:\d+(?:[.-]\d+)*|[IVXLC]+|[A-Z](?:\.\d+)?)(?=[\s.:–—*-]|$)",
    re.IGNORECASE,
)
_CAPTION_CHARS = 300
# A note's mark in the text: not at the beginning of a line.
_REFERENCE = re.compile(r"(?<=[^\n])(?:\[\^[^\]\s]{1,30}\]|\[(?:\d{1,3}|\*{1,3})\]|[¹²³⁰⁴-⁹]{1,3})")
_NOTE = re.compile(r"(?:\[(?P<mark>\d{1,3}|\*{1,3})\]|(?P<raised>[¹²³⁰⁴-⁹]{1,3}))[ \t]+(?=\S)")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def outline(text: str) -> tuple[Block, ...]:
    """The blocks of a clean text, in order, without plain white space and separator lines.

    Markdown stays as it is written: a heading's block begins with its ``#``, an item's with its
    bullet, and the row of dashes is a table's second line. Front matter is in no block.
    """
    blocks: list[Block] = []
    at = front_matter_end(text)
    for region in [*regions(text, at), Block(BlockRole.CODE, len(text), len(text))]:
        spans = paragraph_spans(text[at : region.start])
        blocks += [Block(BlockRole.PARAGRAPH, at + a, at + b) for a, b in spans]
        blocks.append(region)
        at = region.end
    blocks = _fields(text, label_items(text, blocks[:-1]))
    blocks = _outermost(label_headings(text, blocks))
    return tuple(_anchored(text, _captions(text, blocks)))


def _fields(text: str, blocks: Sequence[Block]) -> list[Block]:
    """The blocks, in which labels with their values are fields: two in a row, or a known one."""
    found = [
        _FIELD.fullmatch(text, block.start, block.end)
        if block.role is BlockRole.PARAGRAPH and not ARTICLE.match(text, block.start)
        else None
        for block in blocks
    ]
    labelled = list(blocks)
    i = 0
    while i < len(found):
        last = i
        while last < len(found) and found[last]:
            last += 1
        run = [match for match in found[i:last] if match]
        form = _is_form(run)
        for j, match in enumerate(run, i):
            if form or fold(match["label"].strip()) in _KNOWN:
                labelled[j] = replace(blocks[j], role=BlockRole.FIELD)
        i = last + 1
    return labelled


def _is_form(run: Sequence[re.Match[str]]) -> bool:
    """Whether labels with values in a row are a form's, and not what speakers say."""
    labels = [fold(match["label"].strip()) for match in run]
    few = all(len(label.split()) <= _LABEL_WORDS for label in labels)
    said = sum(SENTENCE_END.search(match["value"]) is not None for match in run)
    return len(run) > 1 and few and len(set(labels)) == len(labels) and 2 * said < len(run)


def _captions(text: str, blocks: Sequence[Block]) -> list[Block]:
    """The blocks, in which the title right above a table is its caption."""
    labelled = list(blocks)
    prose = (BlockRole.PARAGRAPH, BlockRole.HEADING)
    for i, (block, after) in enumerate(pairwise(blocks)):
        short = block.end - block.start <= _CAPTION_CHARS
        above = after.role is BlockRole.TABLE and block.role in prose and short
        if above and _CAPTION.match(text, block.start):
            labelled[i] = replace(block, role=BlockRole.CAPTION, level=0, mark="")
    return labelled


def _anchored(text: str, blocks: Sequence[Block]) -> list[Block]:
    """The blocks, in which what a mark in the text refers to is a note with its anchor."""
    marks: dict[str, list[int]] = {}
    for match in _REFERENCE.finditer(text):
        marks.setdefault(match[0], []).append(match.start())
    anchored: list[Block] = []
    for block in blocks:
        if block.role is BlockRole.NOTE:
            anchor = _last_before(marks.get(f"[^{block.mark}]", []), block.start)
            anchored.append(replace(block, anchor=anchor))
            continue
        note = _NOTE.match(text, block.start, block.end)
        anchor = _last_before(marks.get(note[0].strip(), []), block.start) if note else None
        if note and anchor is not None and block.role is BlockRole.PARAGRAPH:
            mark = note["mark"] or note["raised"].translate(_LOWERED)
            anchored.append(replace(block, role=BlockRole.NOTE, mark=mark, anchor=anchor))
        else:
            anchored.append(block)
    return anchored


def _last_before(places: Sequence[int], end: int) -> int | None:
    """The last of the places, which ascend, before an offset."""
    before = bisect_left(places, end)
    return places[before - 1] if before else None


def _outermost(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, in which the items below a heading begin with level 1."""
    levelled = list(blocks)
    first = 0
    for i in range(len(blocks) + 1):
        if i < len(blocks) and blocks[i].role is not BlockRole.HEADING:
            continue
        levels = [b.level for b in blocks[first:i] if b.role is BlockRole.ITEM]
        extra = min(levels, default=1) - 1
        for j in range(first, i if extra else first):
            if blocks[j].role is BlockRole.ITEM:
                levelled[j] = replace(blocks[j], level=blocks[j].level - extra)
        first = i
    return levelled
