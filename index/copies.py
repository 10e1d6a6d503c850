"""Passages with the same words, told apart from others without reading all their words."""

from collections.abc import Iterable

__all__ = ["Copies"]

LAST = 3  # words that few passages share


class Copies:
    """Of each passage by id, the first that was added with the same words: ``original``.

    White space does not count. Only where the last words are the same are all compared.
    """

    def __init__(self) -> None:
        self.original: dict[int, int] = {}
        self._alone: dict[tuple[str, ...], tuple[int, str]] = {}  # by their last words
        self._by_words: dict[str, int] = {}

    def add(self, passages: Iterable[tuple[int, str]]) -> None:
        """Add passages, id and text, that were not added before."""
        for id, text in passages:
            last = tuple(text.rsplit(None, LAST)[-LAST:])
            other, its_text = self._alone.setdefault(last, (id, text))
            if other == id:
                self.original[id] = id
                continue
            self._by_words.setdefault(" ".join(its_text.split()), other)
            self.original[id] = self._by_words.setdefault(" ".join(text.split()), id)
