"""Which paragraphs of a text are headings, with their levels. Pure."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from index.text.folding import fold
from index.text.marks import ARTICLE, LEGAL_PART
from index.text.paragraphs import SENTENCE_END
from index.types import Block, BlockRole

__all__ = ["label_headings"]

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(?=\S)")
_SETEXT = re.compile(r"[ \t]*\n {0,3}(={3,}|-{3,})[ \t]*(?=\n|$)")
_BOLD = re.compile(r"(\*\*|__)(?P<words>[^*\n]+?):?(\*\*|__):?")
_OPENS = re.compile(r"[¿¡\"“«'(*_]*(?:[^\W\d_]|\d)")
_ENDS = re.compile(
    r"[.,;!…:][\"'»”’)\]*_]*(?:\[\^[^\]\s]{1,30}\]|\[(?:\d{1,3}|\*{1,3})\]|[¹²³⁰⁴-⁹]{1,3})*$"
)
_INNER_END = re.compile(r"[^\W\d_]{4}[.!?…]\s")
_DATED = re.compile(
    r"(?:\d{1,2}\s(?:de\s)?[^\W\d_]+,?\s(?:del?\s)?|[^\W\d_]+\s\d{1,2},\s|\d[/.-])\d{4}\W*$"
)
_BYLINE = re.compile(r"(?:por|by|autor(?:es|as?)?|authors?|texto|escrito por)\b\s*:?\s", re.I)
_PAGE = re.compile(r"(?:\.\s?){4,}\s*\d+$|\t\d+$|\s{3,}\d+$")
_HEADING_CHARS = 120
_MARKED_CHARS = 300  # of a line that Markdown marks as a heading
_ARTICLE_CHARS = 60
_BODY_CHARS = 80
_REPEATED = 3  # a line that stands so often is a speaker's label or a running header

# Ranks of the kinds of headings, to be counted into levels; the line after a part's number is one
# below it.
_TITLE, _CAPITALS, _ARTICLE, _ROMAN, _LETTER, _NUMBER, _STRONG, _PLAIN = (
    0,
    5,
    11,
    20,
    21,
    22,
    40,
    41,
)
_PARTS = {
    "libro": 1,
    "book": 1,
    "parte": 1,
    "part": 1,
    "titulo": 3,
    "title": 3,
    "anexo": 3,
    "annex": 3,
    "apendice": 3,
    "appendix": 3,
    "schedule": 3,
    "capitulo": 5,
    "chapter": 5,
    "seccion": 7,
    "section": 7,
    "subseccion": 9,
    "subsection": 9,
}
_DIVISIONS = re.compile(
    r"(?:art[íi]culos?\s)?transitorios?|disposiciones\s\w+|transitory\sprovisions?", re.IGNORECASE
)


def label_headings(text: str, blocks: Sequence[Block]) -> list[Block]:
    """The blocks, in which paragraphs that head others are headings; articles get their marks.

    Markdown's headings keep their levels, all others are counted below the deepest of these.
    """
    lines = Counter(text[b.start : b.end] for b in blocks if b.end - b.start <= _HEADING_CHARS)
    ranks: dict[int, int] = {}
    labelled: list[Block] = []
    deepest = 0
    for i, block in enumerate(blocks):
        own = block.role in (BlockRole.PARAGRAPH, BlockRole.ITEM)
        marked = _markdown(text, block) if own else None
        if marked:
            deepest = max(deepest, marked.level)
        elif own and lines[text[block.start : block.end]] < _REPEATED:
            rank = _rank(text, blocks, i, ranks)
            if rank is not None:
                ranks[i] = rank
        labelled.append(marked or block)
    levels = {rank: deepest + n for n, rank in enumerate(sorted(set(ranks.values())), 1)}
    for i, rank in ranks.items():
        labelled[i] = replace(labelled[i], role=BlockRole.HEADING, level=levels[rank])
    return [_with_mark(text, block) for block in labelled]


def _markdown(text: str, block: Block) -> Block | None:
    atx = _ATX.match(text, block.start, block.end)
    if atx:
        length = block.end - atx.end()
        if length > (_ARTICLE_CHARS if ARTICLE.match(text, atx.end()) else _MARKED_CHARS):
            return None  # the article itself, not a heading: "##### Art. 2° — Comuníquese ..."
        return replace(block, role=BlockRole.HEADING, level=len(atx[1]))
    short = block.end - block.start <= _HEADING_CHARS and "\n" not in text[block.start : block.end]
    setext = _SETEXT.match(text, block.end) if short else None
    if setext and not _ENDS.search(text[block.start : block.end]):
        return replace(block, role=BlockRole.HEADING, level=1 if setext[1][0] == "=" else 2)
    return None


def _rank(text: str, blocks: Sequence[Block], i: int, ranks: dict[int, int]) -> int | None:
    block = blocks[i]
    words = text[block.start : block.end]
    long = len(words) > _HEADING_CHARS or "\n" in words or "\t" in words
    if long or not _OPENS.match(words) or _PAGE.search(words):
        return None
    bare = words.strip("*_ ")
    above = ranks.get(i - 1)  # of the heading right before it
    named = above in _PARTS.values() and block.role is not BlockRole.ITEM
    part = LEGAL_PART.match(bare)
    rank = None
    if part and bare[0].isupper() and _heads_itself(bare, part):
        rank = _PARTS[fold(part["kind"])]
    elif ARTICLE.match(bare):
        rank = _ARTICLE if _is_epigraph(text, blocks, i, bare) else None
    elif _DIVISIONS.fullmatch(bare.rstrip(".:")) and not named:
        rank = _PARTS["titulo"]
    elif not _ENDS.search(bare) and not _INNER_END.search(bare):
        named = named and not part and bare[0].isupper()
        rank = above + 1 if above is not None and named else _title_rank(text, blocks, i, bare)
    return rank


def _heads_itself(words: str, part: re.Match[str]) -> bool:
    """Whether a part's number stands alone, or with a name: "Capítulo II. De los plazos"."""
    name = words[part.end() :].strip()
    if not name:
        return True
    return name[0].isupper() and not (
        SENTENCE_END.search(name) and " " in name and len(name) > _ARTICLE_CHARS
    )


def _title_rank(text: str, blocks: Sequence[Block], i: int, words: str) -> int | None:
    """The rank of a line that looks like a heading, by its mark, its capitals or what follows."""
    block = blocks[i]
    capitals = words.isupper() and sum(map(str.isalpha, words)) > 3  # "A) B"
    if block.mark:
        heads = capitals or _is_followed(text, blocks, i)
        begins = words[len(block.mark) :].strip()[:1].isupper()
        return _numbered(block.mark) if heads and begins else None
    begins = words[0].isupper() or words[0] in '¿¡"“«'
    if block.role is BlockRole.ITEM or _BYLINE.match(words) or _DATED.search(words) or not begins:
        return None
    if i == 0 and len(blocks) > 1:
        apart = "\n\n" in text[block.end : blocks[1].start]
        return _TITLE if apart or capitals or _is_followed(text, blocks, i) else None
    if capitals:
        return _CAPITALS
    strong = _BOLD.fullmatch(text, block.start, block.end)
    followed = _is_followed(text, blocks, i)
    return (_STRONG if strong else _PLAIN) if followed else None


def _numbered(mark: str) -> int:
    value = mark.strip("().- –—º°")
    if not value[0].isdigit():
        return _LETTER if len(value) == 1 and value not in "IVX" else _ROMAN
    return _NUMBER + value.count(".")


def _is_followed(text: str, blocks: Sequence[Block], i: int) -> bool:
    """Whether a longer paragraph, a table or a list comes right after, or a deeper heading."""
    if i + 1 == len(blocks):
        return False
    block, after = blocks[i], blocks[i + 1]
    length = after.end - after.start
    if block.mark:
        deeper = after.mark.startswith(block.mark.rstrip(".)") + ".")
        if deeper:
            return True
        if after.role is BlockRole.ITEM and len(after.mark) and after.mark[-1] == block.mark[-1]:
            return after.mark[0].isdigit() is not block.mark[0].isdigit() and length > _BODY_CHARS
    if after.role in (BlockRole.TABLE, BlockRole.CODE, BlockRole.FIELD):
        return True
    if after.role is BlockRole.ITEM:
        apart = "\n\n" in text[block.end : after.start] and text[after.start - 1] == "\n"
        return not block.mark or (not after.mark and apart)
    return after.role is BlockRole.PARAGRAPH and length > max(_BODY_CHARS, block.end - block.start)


def _is_epigraph(text: str, blocks: Sequence[Block], i: int, words: str) -> bool:
    """Whether an article's line is its number, or its name, and not its text."""
    match = ARTICLE.match(words)
    name = words[match.end() :].strip() if match else ""
    if not name:
        return i + 1 < len(blocks)
    if len(words) > _ARTICLE_CHARS or words[-1] in ":;," or i + 1 == len(blocks):
        return False
    after = blocks[i + 1]
    long = after.end - after.start > max(_BODY_CHARS, len(words))
    return long and not ARTICLE.match(text, after.start) and after.role is BlockRole.PARAGRAPH


def _with_mark(text: str, block: Block) -> Block:
    """A paragraph or heading that begins with an article's number has it as its mark."""
    if block.mark or block.role not in (BlockRole.PARAGRAPH, BlockRole.HEADING):
        return block
    atx = _ATX.match(text, block.start, block.end)
    start = atx.end() if atx else block.start
    while start < block.end and text[start] in "*_":
        start += 1
    if not text[start : start + 1].isupper() and text[start : start + 1] != "§":
        return block
    match = ARTICLE.match(text, start, block.end)
    return replace(block, mark=match[0].strip()) if match else block
