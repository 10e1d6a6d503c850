"""Which language a text is in: Spanish or English, or None when it does not show."""

import re
from functools import cache
from typing import Any

from index.text.stopwords import STOPWORDS

__all__ = ["detect"]

# The head of a document is enough to tell, and a name or a number alone tells nothing.
SAMPLE = 2000
ACCENTED = (
    "qué",
    "cuál",
    "cuáles",
    "cuándo",
    "cuánto",
    "cuántos",
    "cuántas",
    "dónde",
    "cómo",
    "quién",
)
SURE = 0.65
SHORT = 200  # characters of a text that is taken for a question
WORD = re.compile(r"\w+")
OWN_WORDS = (
    {*STOPWORDS["es"], *ACCENTED} - {*STOPWORDS["en"]},
    {*STOPWORDS["en"]} - {*STOPWORDS["es"]},
)


def detect(text: str) -> str | None:
    """``"es"``, ``"en"`` or None; offline, from the first 2,000 characters.

    The function words of a question tell more than its names, which lingua takes for words; where
    they do not tell, lingua does.
    """
    if not any(character.isalpha() for character in text):
        return None
    text = text[:SAMPLE]
    if len(text) <= SHORT:
        words = WORD.findall(text.lower())
        spanish, english = (sum(word in own for word in words) for own in OWN_WORDS)
        if spanish != english:
            return "es" if spanish > english else "en"
    best = _detector().compute_language_confidence_values(text)[0]
    return best.language.iso_code_639_1.name.lower() if best.value >= SURE else None


@cache
def _detector() -> Any:
    from lingua import Language, LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Language.SPANISH, Language.ENGLISH).build()
