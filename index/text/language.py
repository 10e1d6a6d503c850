"""Which language a text is in: Spanish or English, or None when it does not show."""

import re
from functools import cache
from typing import Any

from index.text.stopwords import STOPWORDS

__all__ = ["detect"]

SAMPLE = 2000  # characters: the beginning of a document is enough
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
SURE = 0.65  # lingua's least confidence, from 0 to 1; a name or a number alone tells nothing
SHORT = 200  # characters of a text that is taken for a question
WORD = re.compile(r"\w+")
# The function words of only one of the two languages.
SPANISH_WORDS = {*STOPWORDS["es"], *ACCENTED} - {*STOPWORDS["en"]}
ENGLISH_WORDS = {*STOPWORDS["en"]} - {*STOPWORDS["es"]}


def detect(text: str) -> str | None:
    """``"es"``, ``"en"`` or None; offline, from the first 2,000 characters.

    In a short text, function words are counted first: lingua would take names for words of a
    language. Where they do not decide, lingua does.
    """
    if not any(character.isalpha() for character in text):
        return None
    text = text[:SAMPLE]
    if len(text) <= SHORT:
        words = WORD.findall(text.lower())
        spanish = sum(word in SPANISH_WORDS for word in words)
        english = sum(word in ENGLISH_WORDS for word in words)
        if spanish != english:
            return "es" if spanish > english else "en"
    best = _detector().compute_language_confidence_values(text)[0]
    return best.language.iso_code_639_1.name.lower() if best.value >= SURE else None


@cache
def _detector() -> Any:
    from lingua import Language, LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(Language.SPANISH, Language.ENGLISH).build()
