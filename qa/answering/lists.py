"""The lists in a passage: what introduces them and where their items stand. Pure.

Items are blocks of their own, marks inside a paragraph (``a) ...; b) ...``), ordinals that begin
sentences (``Primero, ... Segundo, ...``), or short lines below a colon.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.text.folding import fold
from index.text.marks import item_mark, roman_value
from index.text.paragraphs import stripped
from index.text.sentences import sentence_spans
from index.types import Block, BlockRole, Passage

__all__ = ["ItemList", "lists_of"]

Span = tuple[int, int]

_LINE_CHARS = 120  # of a line without a mark that may be an item
_INTRODUCTION_CHARS = 400
_TITLE_CHARS = 80
_ANNOUNCES = re.compile(
    r"\b(?:siguientes?|a continuación|est[oa]s|following|these|below|as follows)\b", re.IGNORECASE
)
_MARK = re.compile(
    r"(?:(?<=\s)|(?<=[(:;,.])|\A)\(?(?P<value>\d{1,2}|[ivx]{1,5}|[a-z])(?:\)|(?<=\d)\.-?|\.-)\s+(?=\S)"
)
_ORDINALS = (
    r"primer[oa]?|first(?:ly)?", r"segund[oa]|second(?:ly)?", r"tercer[oa]?|third(?:ly)?",
    r"cuart[oa]|fourth(?:ly)?", r"quint[oa]|fifth(?:ly)?", r"sext[oa]|sixth(?:ly)?",
    r"s[eé]ptim[oa]|seventh", r"octav[oa]|eighth", r"noven[oa]|ninth", r"d[eé]cim[oa]|tenth",
)  # fmt: skip
_LAST = r"por último|finalmente|finally|lastly"
_ORDINAL = re.compile(
    r"(?:\A|(?<=[.;:]\s)|(?<=\n)|(?<=[;,]\s(?:y|e)\s)|(?<=[;,]\sand\s))"
    r"(?:en\s+(?=\w+\s+lugar)|(?:el|la|lo|the)\s+)?"
    rf"(?:{'|'.join(f'(?P<n{n}>{words})' for n, words in enumerate(_ORDINALS, 1))}"
    rf"|(?P<last>{_LAST}))"
    r"(?:\s+lugar)?\s?(?:[,:)]|[.]\s?[-–—]*)(?=\s)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class ItemList:
    """A list: offsets, in the document, of its items in order and of what introduces it, if any.

    An item holds what stands below it. ``marks`` are those of the items, ``a)``, empty for bullets.
    ``headings`` are the lines right above that head it.
    """

    introduction: Span | None
    items: list[Span] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    headings: list[Span] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where the introduction begins, or else the first item."""
        return self.introduction[0] if self.introduction else self.items[0][0]

    @property
    def end(self) -> int:
        """Where the last item ends."""
        return self.items[-1][1]


def lists_of(passage: Passage) -> list[ItemList]:
    """The lists of two items or more, in the order of their first items."""
    paragraphs = _paragraphs(passage)
    found = [*_of_blocks(passage, paragraphs), *_of_lines(passage, paragraphs)]
    found += _of_ordinals(passage, paragraphs)
    for number in range(len(paragraphs)):
        found += _inside(passage, paragraphs, number)
    for one in found:
        one.headings = _headings(passage, paragraphs, one)
    return sorted((one for one in found if len(one.items) > 1), key=lambda one: one.items[0])


def _paragraphs(passage: Passage) -> list[tuple[Span, Block | None]]:
    """The paragraphs with their blocks; a plain one has none."""
    starts = [passage.start, *passage.paragraph_breaks, passage.end]
    blocks = sorted(passage.blocks, key=lambda block: block.start)
    places = [block.start for block in blocks]
    found: list[tuple[Span, Block | None]] = []
    for start, after in pairwise(starts):
        a, b = stripped(passage.text, start - passage.start, after - passage.start)
        if a == b:
            continue
        place = bisect_left(places, start + 1) - 1
        block = blocks[place] if place >= 0 and blocks[place].end > start else None
        found.append(((a + passage.start, b + passage.start), block))
    return found


def _headings(
    passage: Passage, paragraphs: Sequence[tuple[Span, Block | None]], one: ItemList
) -> list[Span]:
    """The headings, and lines that look like some, right above what introduces a list."""
    above = [(span, block) for span, block in paragraphs if span[1] <= one.start]
    found: list[Span] = []
    for span, block in reversed(above):
        heads = block.role is BlockRole.HEADING if block else _is_title(_text(passage, span))
        if not heads:
            break
        found.insert(0, span)
    return found


def _is_title(words: str) -> bool:
    return len(words) <= _TITLE_CHARS and "\n" not in words and words[-1] not in ".,;:!?"


def _text(passage: Passage, span: Span) -> str:
    return passage.text[span[0] - passage.start : span[1] - passage.start]


# Items that are blocks

_JOINT = re.compile(r"\s(?:y|e|o|u|and|or)$")  # before the next item


@dataclass(slots=True)
class _Open:
    level: int
    kind: str
    number: int
    list: ItemList


def _of_blocks(
    passage: Passage, paragraphs: Sequence[tuple[Span, Block | None]]
) -> Iterator[ItemList]:
    stack: list[_Open] = []
    for i, (span, block) in enumerate(paragraphs):
        if block is None or block.role is not BlockRole.ITEM:
            if not _goes_on(passage, paragraphs, i, stack):
                stack.clear()
        else:
            level = block.level or 1
            mark = item_mark(passage.text, span[0] - passage.start, span[1] - passage.start)
            kind, number = (mark.kind, mark.number) if mark else ("", 0)
            while stack and stack[-1].level > level:
                stack.pop()
            same = stack and stack[-1].level == level
            if same and 0 < number <= stack[-1].number and kind == stack[-1].kind and number == 1:
                stack.pop()  # another list begins with its first number
                same = False
            if not same:
                opened = ItemList(_introduction(passage, paragraphs, i))
                stack.append(_Open(level, kind, number, opened))
                yield opened
            stack[-1].kind, stack[-1].number = kind, number
            stack[-1].list.items.append(span)
            stack[-1].list.marks.append(block.mark or (mark.text if mark else ""))
        for outer in stack:
            first, _ = outer.list.items[-1]
            outer.list.items[-1] = first, span[1]


def _goes_on(
    passage: Passage,
    paragraphs: Sequence[tuple[Span, Block | None]],
    i: int,
    stack: Sequence[_Open],
) -> bool:
    """Whether a plain paragraph belongs to the item before: the next item has the next number."""
    _, block = paragraphs[i]
    if not stack or block is not None or i + 1 == len(paragraphs):
        return False
    span, after = paragraphs[i + 1]
    mark = item_mark(passage.text, span[0] - passage.start, span[1] - passage.start)
    numbered = after is not None and after.role is BlockRole.ITEM and mark is not None
    if not numbered or mark is None:
        return False
    return any(o.kind == mark.kind and 0 < o.number == mark.number - 1 for o in stack)


def _introduction(
    passage: Passage, paragraphs: Sequence[tuple[Span, Block | None]], i: int
) -> Span | None:
    """What stands right before the first item: a line with a colon, a heading, or a short one."""
    if i == 0:
        return None
    span, block = paragraphs[i - 1]
    words = _text(passage, span)
    if block is not None:
        return span if block.role in (BlockRole.HEADING, BlockRole.ITEM) else None
    if _is_title(words):
        return span
    start, end = (0, len(words))
    if len(words) > _INTRODUCTION_CHARS:
        start, end = sentence_spans(words, passage.language)[-1]
    said = words[start:end]
    announces = said.endswith(":") or _ANNOUNCES.search(said)
    return (
        (span[0] + start, span[0] + end)
        if announces and end - start <= _INTRODUCTION_CHARS
        else None
    )


# Short lines below a colon


def _of_lines(
    passage: Passage, paragraphs: Sequence[tuple[Span, Block | None]]
) -> Iterator[ItemList]:
    for i, (span, block) in enumerate(paragraphs):
        if block is not None or not _text(passage, span).endswith(":"):
            continue
        found = ItemList(span)
        for before, (line, own) in zip(paragraphs[i:], paragraphs[i + 1 :], strict=False):
            between = passage.text[before[0][1] - passage.start : line[0] - passage.start]
            apart = found.items and between.count("\n") > 1
            long = line[1] - line[0] > _LINE_CHARS or _text(passage, line).endswith(":")
            if own is not None or apart or long:
                break
            found.items.append(line)
            found.marks.append("")
        # Sentences are a paragraph that was wrapped, or a text; not items.
        said = sum(_text(passage, item)[-1] in ".!?" for item in found.items)
        if len(found.items) > 1 and said <= 1:
            yield found


# Marks and ordinals inside of paragraphs


def _inside(
    passage: Passage, paragraphs: Sequence[tuple[Span, Block | None]], i: int
) -> Iterator[ItemList]:
    span, block = paragraphs[i]
    if block is not None and block.role in (BlockRole.TABLE, BlockRole.CODE):
        return
    words = _text(passage, span)
    own = item_mark(words, 0, len(words)) if block and block.role is BlockRole.ITEM else None
    marks = list(_MARK.finditer(words, own.end if own else 0))
    for kind in ("a", "1", "i"):
        chosen = _sequence(marks, kind)
        if len(chosen) < 2:
            continue
        ends = [end for _, end in sentence_spans(words, passage.language)]
        end = next((e for e in ends if e > chosen[-1].end()), len(words))
        starts = [match.start() for match in chosen]
        shown = [match[0].strip() for match in chosen]
        before = _sentence_before(words, starts[0], passage.language, own.end if own else 0)
        introduction = (span[0] + before, span[0] + starts[0]) if before is not None else None
        if introduction is None:
            introduction = _introduction(passage, paragraphs, i)
        yield _made(passage, introduction, [span[0] + at for at in starts], span[0] + end, shown)


def _sequence(marks: Sequence[re.Match[str]], kind: str) -> list[re.Match[str]]:
    """The marks of a kind that count up from the first."""
    chosen: list[re.Match[str]] = []
    for match in marks:
        if _number(match["value"], kind) == len(chosen) + 1:
            chosen.append(match)
    return chosen


def _number(value: str, kind: str) -> int:
    if kind == "1":
        return int(value) if value.isdigit() else 0
    if value.isdigit():
        return 0
    if kind == "i":
        return roman_value(value)
    return ord(value) - ord("a") + 1 if len(value) == 1 else 0


def _sentence_before(words: str, at: int, language: str | None, least: int) -> int | None:
    """Where the sentence begins that the first mark stands in; None where the mark begins it."""
    starts = [start for start, _ in sentence_spans(words[:at], language)]
    start = max([least, *starts[-1:]])
    return start if words[start:at].strip(" (") else None


def _of_ordinals(
    passage: Passage, paragraphs: Sequence[tuple[Span, Block | None]]
) -> Iterator[ItemList]:
    chosen: list[re.Match[str]] = []
    for match in _ORDINAL.finditer(passage.text):
        number = next((n for n in range(1, 11) if match[f"n{n}"]), 0)
        if number == len(chosen) + 1 or (match["last"] and len(chosen) > 1):
            chosen.append(match)
    if len(chosen) < 2:
        return
    first = passage.start + chosen[0].start()
    i = next(n for n, (span, _) in enumerate(paragraphs) if span[1] > first)
    words, at = _text(passage, paragraphs[i][0]), first - paragraphs[i][0][0]
    if words[:at].strip():
        start, end = sentence_spans(words[:at], passage.language)[-1]
        introduction: Span | None = (paragraphs[i][0][0] + start, paragraphs[i][0][0] + end)
    else:
        introduction = _introduction(passage, paragraphs, i)
    last = passage.start + chosen[-1].start()
    span = next(span for span, _ in paragraphs if span[0] <= last < span[1])
    end = span[1]
    if last > span[0]:
        inside = sentence_spans(_text(passage, span), passage.language)
        # The mark may be a sentence of its own.
        least = last - span[0] + len(chosen[-1][0])
        end = span[0] + next((b for _, b in inside if b > least), span[1] - span[0])
    starts = [passage.start + match.start() for match in chosen]
    yield _made(passage, introduction, starts, end, [fold(match[0].strip()) for match in chosen])


def _made(
    passage: Passage, introduction: Span | None, starts: list[int], end: int, marks: list[str]
) -> ItemList:
    """A list whose items follow each other in the text; what joins two belongs to none."""
    items: list[Span] = []
    for start, after in zip(starts, [*starts[1:], end], strict=True):
        words = _text(passage, (start, after))
        told = words.rstrip()
        if after != end:
            bare = _JOINT.sub("", told).rstrip()
            told = bare[:-1] if bare.endswith((",", ";")) else bare
        items.append((start, start + len(told)))
    return ItemList(introduction, items, marks)
