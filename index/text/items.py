"""Which paragraphs of a text are items of a list, their marks and levels. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.text.marks import ARTICLE, LEGAL_PART, ItemMark, item_mark
from index.types import Block, BlockRole

__all__ = ["label_items"]

_NEAR = 6  # paragraphs within which a list goes on
_TAB = 4
_MARKDOWN_BULLETS = "-*+"


@dataclass(slots=True)
class _Open:
    """A list that is open: its kind of marks, its indent and the number of its last item."""

    kind: str
    indent: int
    number: int


def label_items(text: str, blocks: Sequence[Block]) -> list[Block]:
    """The blocks, in which paragraphs that a list's mark leads are items."""
    marks = [
        item_mark(text, block.start, block.end) if block.role is BlockRole.PARAGRAPH else None
        for block in blocks
    ]
    chapters = Counter(_chapter(mark) for mark in marks if mark and mark.kind[0] == "1")
    labelled: list[Block] = []
    stack: list[_Open] = []
    for i, (block, mark) in enumerate(zip(blocks, marks, strict=True)):
        if mark is None or not (_is_certain(mark) or _in_list(marks, i)):
            plain = block.role is BlockRole.PARAGRAPH
            if not plain or ARTICLE.match(text, block.start) or LEGAL_PART.match(text, block.start):
                stack.clear()
            labelled.append(block)
        elif _is_decimal(mark):
            stack.clear()
            labelled.append(_numbered(block, mark, chapters))
        else:
            anew = not labelled or labelled[-1].role is not BlockRole.ITEM
            level = _level(stack, mark, _indent(text, block.start), anew=anew)
            labelled.append(replace(block, role=BlockRole.ITEM, level=level, mark=mark.text))
    return labelled


def _chapter(mark: ItemMark) -> str:
    return mark.text.lstrip("(").split(".", 1)[0].rstrip(")º° -–—")


def _numbered(block: Block, mark: ItemMark, chapters: Counter[str]) -> Block:
    """A paragraph with a number like 1.2, where others of its chapter have one too."""
    return replace(block, mark=mark.text) if chapters[_chapter(mark)] > 1 else block


def _is_decimal(mark: ItemMark) -> bool:
    return mark.kind[0] == "1" and mark.kind[-1] != "1"


def _is_certain(mark: ItemMark) -> bool:
    """Whether a mark is one wherever it stands: not the initial of a name."""
    letter = mark.kind[0] in "aAiI" and bool(mark.text)
    return not letter or mark.text[-1] != "." or len(mark.text) > 2  # "J."


def _in_list(marks: Sequence[ItemMark | None], i: int) -> bool:
    """Whether the item before or after a mark stands near it."""
    mark = marks[i]
    near = marks[max(0, i - _NEAR) : i] + marks[i + 1 : i + _NEAR]  # type: ignore[operator]
    return mark is not None and any(
        other is not None
        and other.kind[1:] == mark.kind[1:]
        and (
            abs(other.number - mark.number) == 1
            or (mark.roman and abs(other.roman - mark.roman) == 1)
        )
        for other in near
    )


def _indent(text: str, start: int) -> int:
    line = text.rfind("\n", 0, start) + 1
    return len(text[line:start].expandtabs(_TAB))


def _level(stack: list[_Open], mark: ItemMark, indent: int, *, anew: bool) -> int:
    """The level of an item, from 1; the stack of open lists follows."""
    kind, number = _reading(stack, mark)
    if anew and number <= 1 and not indent:
        stack.clear()
    while stack and stack[-1].indent > indent + 1:
        stack.pop()
    places = [i for i, o in enumerate(stack) if o.kind == kind and abs(o.indent - indent) <= 1]
    if places:
        del stack[places[-1] + 1 :]
        stack[-1].number = number
    elif stack and stack[-1].indent + 1 >= indent and not _begins(stack[-1], kind, number):
        stack[-1] = _Open(kind, stack[-1].indent, number)
    else:
        stack.append(_Open(kind, indent, number))
    return len(stack)


def _begins(before: _Open, kind: str, number: int) -> bool:
    """Whether a mark of another kind begins a list inside of the one before."""
    if kind in _MARKDOWN_BULLETS and before.kind in _MARKDOWN_BULLETS:
        return False
    return number <= 1


def _reading(stack: Sequence[_Open], mark: ItemMark) -> tuple[str, int]:
    """Kind and number of a mark; a letter may be a Roman numeral, as the list before it says."""
    if not mark.roman or mark.kind[0] in "iI":
        return mark.kind, mark.number
    roman = ("i" if mark.kind[0] == "a" else "I") + mark.kind[1:]
    for before in reversed(stack):
        if before.kind == roman and before.number == mark.roman - 1:
            return roman, mark.roman
        if before.kind == mark.kind and before.number == mark.number - 1:
            return mark.kind, mark.number
    return (
        (roman, mark.roman) if mark.text.strip("().- –—") in "iIvVxX" else (mark.kind, mark.number)
    )
