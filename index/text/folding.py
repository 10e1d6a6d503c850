"""Texts without what people leave out when they type in a hurry: accents and capitals."""

import unicodedata

__all__ = ["fold", "without_accents"]


def fold(text: str) -> str:
    """In lower case, without accents, ñ as n."""
    return without_accents(text.lower())


def without_accents(text: str) -> str:
    """Without accents, ñ as n; capitals stay."""
    letters = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
