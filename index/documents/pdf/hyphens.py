"""Words that a line end cuts: which hyphen goes and which stays."""

import re
from collections import Counter
from collections.abc import Iterable

__all__ = ["Vocabulary", "join"]

_SOFT = "\xad"
_HARD = "-‐"
_LAST = re.compile(r"([^\W\d_]+)[-‐]$")
_FIRST = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_ACCENTS = re.compile("[áéíóúÁÉÍÓÚ]")
# Halves of compounds that keep their hyphen: names that follow one another, and first halves.
_NAMES = frozenset(
    (
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "setiembre",
        "octubre",
        "noviembre",
        "diciembre",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
        "norte",
        "sur",
        "este",
        "oeste",
        "noreste",
        "noroeste",
        "sureste",
        "suroeste",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    )
)
_FIRSTS = frozenset(
    (
        "ex",
        "vice",
        "teórico",
        "práctico",
        "físico",
        "químico",
        "político",
        "histórico",
        "técnico",
        "jurídico",
        "científico",
        "económico",
        "médico",
        "cívico",
        "crítico",
        "lógico",
        "artístico",
        "público",
        "hispano",
        "franco",
        "anglo",
        "ítalo",
        "greco",
        "germano",
        "ruso",
        "sino",
        "non",
        "self",
        "well",
    )
)


class Vocabulary:
    """The words of a document, to tell the halves of a word from a compound."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._words: Counter[str] = Counter()
        for text in texts:
            words = _WORD.findall(text.lower())
            # The ends of a line may be half a word.
            self._words.update(words[1:-1] if text[-1:] in _HARD else words[1:])

    def knows(self, word: str) -> bool:
        """Whether the word stands whole inside of a line."""
        return word.lower() in self._words


def join(before: str, after: str, words: Vocabulary) -> str:
    """Two lines of one paragraph as one text."""
    if not before or not after:
        return before + after
    if before.endswith(_SOFT):
        return before[:-1] + after
    if before[-1] in "–—" and before[-2:-1].isdigit() and after[0].isdigit():
        return before + after  # 1990–1995
    match = _LAST.search(before)
    if match is None:
        # A number, a sign or nothing before the hyphen: 1990-1995 stays as it is.
        sticks = before[-1] in _HARD and before[-2:-1].strip() and after[0].isalnum()
        return before + after if sticks else f"{before} {after}"
    first = _FIRST.match(after)
    if first is None:
        return before + after if after[0].isalnum() else f"{before} {after}"
    return (before if _keeps_hyphen(match[1], first[0], words) else before[:-1]) + after


def _keeps_hyphen(left: str, right: str, words: Vocabulary) -> bool:
    whole = left + right
    if words.knows(whole):
        return False
    if words.knows(f"{left}-{right}"):
        return True
    if right[0].isupper():
        # OFI-CINA is one word in capitals, vice-Presidente is two.
        return not (left.isupper() and right.isupper() and len(left) > 1 and len(right) > 1)
    if left.isupper() and len(left) > 1:
        return True
    low = left.lower()
    if (low in _NAMES and right.lower() in _NAMES) or low in _FIRSTS:
        return True
    # One Spanish word has one accent at most.
    return bool(_ACCENTS.search(left) and _ACCENTS.search(right))
