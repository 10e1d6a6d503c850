"""What a paragraph is for: heading, speaker line, byline or body. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.chunking.structure import barriers, paragraphs_of
from index.text.paragraphs import LIST_MARKER, MARKDOWN_HEADING
from index.types import Block, BlockRole, Document

__all__ = ["Paragraph", "ParagraphRole", "label"]


class ParagraphRole(StrEnum):
    """What a paragraph does for those around it."""

    HEADING = "heading"
    SPEAKER = "speaker"
    BYLINE = "byline"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Offsets and role. A ``short`` one may join its neighbours. ``barrier``: a separator line is
    before it. ``wordless``: it is short, and has no letter and no digit. In a dialogue, ``speaker``
    is the label of the turn that it belongs to, and ``turn`` says that it begins one. ``block`` is
    the block that it is, or whose row it is.
    """

    start: int
    end: int
    role: ParagraphRole
    short: bool
    barrier: bool
    block: Block
    wordless: bool = False
    speaker: str = ""
    turn: bool = False


_SHORT_CHARS = 80
_HEADING_CHARS = 120
_SPEAKER_CHARS = 200
_HEADING_MARK = re.compile(r"[.,;!…][\"'»”’)\]*_]*$")
_HEADING_START = re.compile(r"[¿¡\"“«'(*_]*(?:[^\W\d_]|\d)")

_BYLINE_PARAGRAPHS = 6
_BYLINE_CHARS = 100
_BY = re.compile(
    r"(?:por|by|autor(?:es|as?)?|authors?|texto|escrito por|written by)\b\s*:?\s+", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_](?:['’.-]?[^\W\d_])*\.?")
_PARTICLE_WORDS = "de del la las los y e da das do dos di van von der den le al el bin"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
# First words of titles and institutions that look like names.
_TITLE_WORDS = """
    acta acuerdo alcaldía anexo antecedentes apéndice artículo asamblea asociación ayuntamiento
    banco bases bibliografía buenos cámara capítulo carta centro ciudad código comisión comité
    conclusiones congreso consejo constitución convención convenio corte declaración decreto
    departamento dirección diario disposiciones ejército el en estado estados estudio facultad
    fiscalía fundación gobierno guardia guía hospital índice informe iniciativa instituto
    introducción la las ley libro los manual marco ministerio municipio naciones nota objetivos
    observatorio oficina organización palacio parlamento partido plan poder presidencia primera
    proceso programa proyecto redacción reforma reglamento relaciones reporte república resumen
    resultados sala sección secretaría segunda senado servicio sistema sociedad sobre
    subsecretaría suprema título tribunal tratado unidad unión universidad últimas
"""
_NOT_NAMES = frozenset(_TITLE_WORDS.split())


def label(document: Document) -> list[Paragraph]:
    """The paragraphs of a document that has its blocks, with their roles."""
    text = document.text
    places = list(paragraphs_of(text, document.blocks))
    spans = [span for span, _ in places]
    byline = _byline(text, spans, document)
    separated = barriers(text, spans)
    speakers = _speakers([block for _, block in places], separated)
    paragraphs: list[Paragraph] = []
    after: Paragraph | None = None
    for i in range(len(spans) - 1, -1, -1):
        (start, end), block = places[i]
        role = ParagraphRole.BYLINE if i == byline else _role(text, start, end, block, after)
        short = end - start < _SHORT_CHARS
        wordless = short and not any(map(str.isalnum, text[start:end]))
        after = Paragraph(start, end, role, short, separated[i], block, wordless, *speakers[i])
        paragraphs.append(after)
    return paragraphs[::-1]


def _speakers(blocks: Sequence[Block], barriers: Sequence[bool]) -> list[tuple[str, bool]]:
    """Of each paragraph, who speaks, and whether a turn begins with it.

    A separator line ends a turn: what follows is nobody's words, until the next turn.
    """
    speakers: list[tuple[str, bool]] = []
    speaker, began = "", False
    for block, barrier in zip(blocks, barriers, strict=True):
        begins = block.role is BlockRole.TURN
        began = began or begins
        if begins:
            speaker = block.mark
        elif barrier and began:
            speaker = ""
        speakers.append((speaker, begins))
    return speakers


_NEVER_HEADS = frozenset(
    (BlockRole.TABLE, BlockRole.NOTE, BlockRole.FIELD, BlockRole.CODE, BlockRole.QUOTED)
)


def _role(text: str, start: int, end: int, block: Block, after: Paragraph | None) -> ParagraphRole:
    if block.role is BlockRole.HEADING or MARKDOWN_HEADING.match(text, start):
        return ParagraphRole.HEADING
    if block.role is BlockRole.CAPTION and after and after.block.role is BlockRole.TABLE:
        return ParagraphRole.HEADING
    in_list = block.role is BlockRole.ITEM and after and after.block.role is BlockRole.ITEM
    words = text[start:end]
    plain = len(words) > _SPEAKER_CHARS or not _is_title_like(words)
    if plain or in_list or block.role in _NEVER_HEADS:
        return ParagraphRole.BODY
    if words.isupper() and sum(map(str.isalpha, words)) > 3 and not LIST_MARKER.match(words):
        return ParagraphRole.SPEAKER
    if after is None or after.barrier or len(words) > _HEADING_CHARS or words[0].islower():
        return ParagraphRole.BODY
    heads = _heads(text, len(words), words[-1], after)
    return ParagraphRole.HEADING if heads else ParagraphRole.BODY


def _is_title_like(words: str) -> bool:
    one_line = "\n" not in words and "\t" not in words and any(map(str.isalpha, words))
    return one_line and bool(_HEADING_START.match(words)) and not _HEADING_MARK.search(words)


def _heads(text: str, length: int, last: str, after: Paragraph) -> bool:
    """Whether a short line heads what follows: a longer paragraph, or what a colon announces."""
    if after.role is ParagraphRole.BODY:
        return last == ":" or (not after.short and after.end - after.start > length)
    return after.role is ParagraphRole.HEADING and (not after.short or text[after.end - 1] == ":")


def _byline(text: str, spans: Sequence[tuple[int, int]], document: Document) -> int | None:
    """The paragraph that names the author, near the top, or None.

    A name with ``Por``, ``By`` or ``Autor`` before it, or the metadata's author. A bare name of two
    to five words counts in Spanish only, where headings are not capitalised like names, and only
    between a longer title or lede and a paragraph of the text.
    """
    author = str(document.metadata.get("author", "")).casefold()
    for i, (start, end) in enumerate(spans[:_BYLINE_PARAGRAPHS]):
        if end - start > _BYLINE_CHARS:
            continue
        words = text[start:end].strip("*_ ")
        prefix = _BY.match(words)
        if prefix and _is_name(words[prefix.end() :], prefixed=True):
            return i
        if i == 0 or not _is_name(words, prefixed=False):
            continue
        if author == words.casefold():
            return i
        amid = end - start < spans[i - 1][1] - spans[i - 1][0] and i + 1 < len(spans)
        prose = amid and spans[i + 1][1] - spans[i + 1][0] >= _SHORT_CHARS
        if prose and i <= 3 and (document.language or "es") != "en":
            return i
    return None


def _is_name(words: str, *, prefixed: bool) -> bool:
    parts = words.rstrip(".").split()
    if not parts or not all(_NAME.fullmatch(part) for part in parts) or words.isupper():
        return False
    names = [part for part in parts if part.lower() not in _PARTICLES]
    if not 2 <= len(names) <= 5 or not all(part[0].isupper() for part in names):
        return False
    # "Presidencia de la República" has a particle after its first word, few names do.
    plain = parts[0].lower() not in _NOT_NAMES and parts[1].lower() not in _PARTICLES
    return prefixed or plain
