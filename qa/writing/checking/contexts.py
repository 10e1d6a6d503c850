"""How far the words around a place of a sentence are those around a place of a passage. Pure."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from qa.asked.values import folded
from qa.writing.checking.sources import Source, stem_of
from qa.writing.checking.verdicts import Span

__all__ = ["Context", "best_context", "common"]

_WINDOW = 5  # words with a meaning on each side of a place in the sentence
_FAR = 25  # the same in the passage
_PASSIVE = re.compile(
    r"\b(?:fue|fueron|es|son|era|eran|sido|sera|seran|siendo|was|were|is|are|been|being|be)\s"
    r"(?:\w+(?:mente|ly)\s)?(?P<verb>\w+(?:[aei]d[oa]s?|ed|en|t[oa]s?|ch[oa]s?|ught|lt|ld|un|ade)|cut|put|set|won|led|hit)"
    r"(?:\s[^\s.,;]+){0,12}?\s(?:por|by)\b"
)


class Context(NamedTuple):
    """How far two places have the same words around them, 0 to 1, the nearest counting most.

    On any side and on the same side; ``left`` and ``right``: whether the very next word is the
    same; ``covered``: the share of the sentence's words that stand in the place's sentence.
    """

    any_side: float = 0.0
    same_side: float = 0.0
    left: float = 0.0
    right: float = 0.0
    covered: float = 0.0

    @property
    def fit(self) -> float:
        """What places are compared by."""
        return self.any_side + self.same_side + (self.left + self.right) / 4


def best_context(
    at: Span, sentence: Source, passage: Source, places: Sequence[Span]
) -> tuple[Context, Span | None]:
    """The place that stands most among the words that ``at`` stands among, and how far it does."""
    found = [(_context(at, sentence, passage, place), place) for place in places]
    return max(found, key=lambda item: item[0].fit, default=(Context(), None))


def _context(at: Span, sentence: Source, passage: Source, place: Span) -> Context:
    own, there = _outside(sentence, at), _outside(passage, place)
    held, passives = _sentence(passage, *passage.sentence_at(place[0]))
    # After "fue acusado por" stands who is before "acusó".
    turned = (_passives(sentence.text, sentence.language) ^ passives) & held
    total = any_side = same_side = 0.0
    for side in (0, 1):
        for distance, stem in enumerate(_stems(sentence, own, side)):
            weight = 1 / (1 + distance / 2)
            total += weight
            near = [_nearness(passage, stem, distance, there, where) for where in (0, 1)]
            turn = turned and stem in turned
            same_side += weight * (max(near) if turned and not turn else near[side ^ bool(turn)])
            any_side += weight * max(near)
    outside = {token.stem for token in (*sentence.content[: own[0]], *sentence.content[own[1] :])}
    return Context(
        any_side / (total or 1),
        same_side / (total or 1),
        float(_before(sentence, at) == _before(passage, place)),
        float(_after(sentence, at) == _after(passage, place)),
        len(outside & held) / max(1, len(outside)),
    )


def common(sentence: Source, at: Span, passage: Source, place: Span) -> int:
    """How many words the sentence, with those of the place at ``at``, has in the place's sentence
    in the same order: the length of the longest common subsequence.
    """
    first, last = passage.sentence_at(place[0])
    own = (
        [t for t in sentence.tokens if t.end <= at[0]],
        [t for t in sentence.tokens if t.start >= at[1]],
    )
    words = [t.key for t in (*own[0], *passage.words_in(*place), *own[1])]
    return _subsequence(words, [t.key for t in passage.words_in(first, last)])


def _subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence, by Hyyrö's bits (2004)."""
    masks: dict[str, int] = {}
    for number, word in enumerate(one):
        masks[word] = masks.get(word, 0) | 1 << number
    full = (1 << len(one)) - 1
    row = full
    for word in other:
        hit = row & masks.get(word, 0)
        row = (row + hit | row - hit) & full
    return len(one) - row.bit_count()


def _outside(source: Source, place: Span) -> tuple[int, int]:
    """The numbers of the first token with a meaning that is in a place, and the first behind it."""
    return bisect_left(source.starts, place[0]), bisect_left(source.starts, place[1])


def _stems(source: Source, own: tuple[int, int], side: int) -> list[str]:
    """The next stems on a side, the nearest first."""
    first, after = own
    if side:
        tokens = source.content[after : after + _WINDOW]
    else:
        tokens = source.content[max(0, first - _WINDOW) : first][::-1]
    return [token.stem for token in tokens]


def _nearness(source: Source, stem: str, distance: int, own: tuple[int, int], side: int) -> float:
    ranks = source.ranks.get(stem)
    if not ranks:
        return 0.0
    if side:
        at = bisect_left(ranks, own[1])
        far = ranks[at] - own[1] if at < len(ranks) else _FAR
    else:
        at = bisect_left(ranks, own[0])
        far = own[0] - 1 - ranks[at - 1] if at else _FAR
    return 1 / (1 + max(0, far - distance) / 3) if far < _FAR else 0.0


def _before(source: Source, place: Span) -> str:
    at = bisect_left(source.tokens, place[0], key=lambda token: token.start)
    return source.tokens[at - 1].plain if at else ""


def _after(source: Source, place: Span) -> str:
    at = bisect_left(source.tokens, place[1], key=lambda token: token.start)
    return source.tokens[at].plain if at < len(source.tokens) else ""


@lru_cache(maxsize=4096)
def _sentence(source: Source, start: int, end: int) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of a sentence, and those of its passive verbs."""
    first, last = bisect_left(source.starts, start), bisect_left(source.starts, end)
    held = frozenset(token.stem for token in source.content[first:last])
    return held, _passives(source.text[start:end], source.language)


@lru_cache(maxsize=1024)
def _passives(text: str, language: str) -> frozenset[str]:
    """The stems of the verbs that are passive, with who did it."""
    return frozenset(stem_of(match["verb"], language) for match in _PASSIVE.finditer(folded(text)))
