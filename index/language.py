"""Which language a text is in: Spanish or English, or None when it does not show."""

from functools import cache
from typing import Any

__all__ = ["detect"]

# The head of a document is enough to tell, and a name or a number alone tells nothing.
SAMPLE = 2000
SURE = 0.65


def detect(text: str) -> str | None:
    """``"es"``, ``"en"`` or None; offline, by lingua, on the first 2,000 characters."""
    if not any(character.isalpha() for character in text):
        return None
    best = _detector().compute_language_confidence_values(text[:SAMPLE])[0]
    return best.language.iso_code_639_1.name.lower() if best.value >= SURE else None


@cache
def _detector() -> Any:
    from lingua import Language, LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Language.SPANISH, Language.ENGLISH).build()
