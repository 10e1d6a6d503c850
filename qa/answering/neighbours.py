"""A passage with those before and after it, where a list goes on beyond its ends."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.errors import DocumentNotFoundError
from index.text.marks import ARTICLE
from index.types import BlockRole, Passage
from qa.answering.matching import Matcher
from qa.search.citations import cite
from qa.types import Hit

__all__ = ["whole_list_hit"]

_LONGEST = 12_000  # characters of a passage that grows


def whole_list_hit(hit: Hit, matcher: Matcher) -> Hit:
    """The hit, with a passage that holds all of the list that its own passage cuts.

    It is the same hit where its passage begins and ends with no item.
    """
    passage = hit.passage
    if not (_begins_with_item(passage) or _ends_with_item(passage)):
        return hit
    passages = matcher.passages(passage.document_id)
    place = next((i for i, other in enumerate(passages) if other.start == passage.start), None)
    if place is None or passages[place].text != passage.text:
        return hit
    first, last = _ends(passages, place)
    if first == last:
        return hit
    try:
        text = matcher.index.document(passage.document_id).text
    except DocumentNotFoundError:  # removed since
        return hit
    grown = _joined(passages[first : last + 1], text)
    cited = hit.citation
    if hit.origin is not None:
        cited = cite(grown, grown.start, grown.end, hit.origin)
    return replace(hit, text=grown.text, passage=grown, citation=cited)


def _ends(passages: Sequence[Passage], place: int) -> tuple[int, int]:
    """The first and the last passage of the lists that one of them begins and ends in."""
    first = last = place
    while first and _begins_with_item(passages[first]) and _room(passages[first - 1 : last + 1]):
        first -= 1
    while (
        last + 1 < len(passages)
        and _ends_with_item(passages[last])
        and _begins_with_item(passages[last + 1])
        and _room(passages[first : last + 2])
    ):
        last += 1
    return first, last


def _room(passages: Sequence[Passage]) -> bool:
    return passages[-1].end - passages[0].start <= _LONGEST


def _begins_with_item(passage: Passage) -> bool:
    return _is_item(passage, passage.start)


def _ends_with_item(passage: Passage) -> bool:
    """Whether its last paragraph is an item, or announces some."""
    last = passage.paragraph_breaks[-1] if passage.paragraph_breaks else passage.start
    return passage.text.endswith(":") or _is_item(passage, last)


def _is_item(passage: Passage, start: int) -> bool:
    at = start - passage.start
    if any(b.role is BlockRole.ITEM and b.start <= start < b.end for b in passage.blocks):
        return True
    # "PRIMERO.- Se aprueba ..." is a paragraph of a resolution.
    article = ARTICLE.match(passage.text, at)
    return article is not None and article["number"] is None


def _joined(passages: Sequence[Passage], text: str) -> Passage:
    """Passages that follow each other as one; ``text`` is their document's."""
    first, last = passages[0], passages[-1]
    blocks = {(b.start, b.end): b for passage in passages for b in passage.blocks}
    breaks = {at for passage in passages for at in passage.paragraph_breaks}
    # A passage that begins inside of a paragraph has the number of the one before.
    breaks |= {b.start for a, b in pairwise(passages) if b.paragraph > a.locate(a.end)[1]}
    pages = {at for passage in passages for at in passage.page_breaks}
    pages |= {b.start for a, b in pairwise(passages) if (b.page or 0) > (a.locate(a.end)[0] or 0)}
    return replace(
        first,
        end=last.end,
        text=text[first.start : last.end],
        paragraph_breaks=tuple(sorted(breaks)),
        page_breaks=tuple(sorted(pages)),
        blocks=tuple(block for _, block in sorted(blocks.items())),
    )
