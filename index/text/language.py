"""Which language a text is in: Spanish or English, or None when it does not show."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

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
SURE = 1.25  # log-odds from which on letters decide; a name or a number alone tells nothing
SHORT = 200  # characters up to which a text is taken for a question
WORD = re.compile(r"\w+")
LETTERS = re.compile(r"[^\W\d_]+")
# The function words of only one of the two languages.
SPANISH_WORDS = {*STOPWORDS["es"], *ACCENTED} - {*STOPWORDS["en"]}
ENGLISH_WORDS = {*STOPWORDS["en"]} - {*STOPWORDS["es"]}
TABLE = Path(__file__).with_name("languages.npz")
LONGEST_GROUP = 4  # letters
# Catalan, Portuguese and French are read as Spanish rather than as English.
NEAREST = str.maketrans("àâãçèêëìîïòôõùûœ", "ááázéééíííóóóúúo")
WEIGHT_UNIT = 0.05  # log-odds of a weight of 1 in the table


def detect(text: str) -> str | None:
    """``"es"``, ``"en"`` or None; offline, from the first 2,000 characters.

    In a short text, function words are counted first: its letters may be those of a name. Where
    they do not decide, groups of letters do, whose log-odds of Spanish training/languages.py fits.
    """
    text = text[:SAMPLE]
    language = decided_by_words(text) if len(text) <= SHORT else None
    if language is None:
        weights = _weights()
        score = WEIGHT_UNIT * sum(weights.get(group, 0) for group in letter_groups(text))
        if abs(score) >= SURE:
            language = "es" if score > 0 else "en"
    return language


def decided_by_words(text: str) -> str | None:
    """The language that more of the function words belong to; None for as many of both."""
    words = WORD.findall(text.lower())
    spanish = sum(word in SPANISH_WORDS for word in words)
    english = sum(word in ENGLISH_WORDS for word in words)
    if spanish == english:
        return None
    return "es" if spanish > english else "en"


def letter_groups(text: str) -> Iterator[str]:
    """One to four letters in a row of each word, whose ends count as a space."""
    for word in LETTERS.findall(text.lower().translate(NEAREST)):
        padded = f" {word} "
        yield from word
        for size in range(2, LONGEST_GROUP + 1):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


@cache
def _weights() -> dict[str, int]:
    with np.load(TABLE) as table:
        groups = bytes(table["groups"]).decode().split("\n")
        return dict(zip(groups, table["weights"].tolist(), strict=True))
