"""Passages with the same words, told apart from others without reading all their words."""

from collections import Counter
from collections.abc import Hashable, Sequence

from index.types import Passage

__all__ = ["same_words"]

FIRST = 3  # words that few passages share


def same_words(passages: Sequence[Passage]) -> list[Hashable]:
    """Of each passage, what is equal for those among these that have the same words.

    White space does not count. Only where the first words are the same are all compared.
    """
    first = [tuple(passage.text.split(None, FIRST)[:FIRST]) for passage in passages]
    times = Counter(first)
    return [
        beginning if times[beginning] == 1 else passage.words
        for beginning, passage in zip(first, passages, strict=True)
    ]
