"""The words of a text as they are searched: lower case, no accents, no stop words, stemmed.

Each passage is analysed in its own language, and a question in both, so that one index serves
Spanish and English. Accents are folded before stemming: people type "cuando visito" and mean
"Cuándo visitó".
"""

from functools import cache
from typing import Any

from index.text.numbers import number_words
from index.text.stopwords import STOPWORDS

__all__ = ["ANALYSIS", "STEMMERS", "analyse", "analyser", "with_numbers"]

ANALYSIS = 3
"""The revision of what is done here: words that an earlier one had made are made again."""

STEMMERS = {"es": "spanish", "en": "english"}
"""The Snowball stemmer of each language."""

LONGEST_WORD = 64  # bytes; tantivy drops longer ones, which nobody types


def analyse(text: str, language: str | None) -> list[str]:
    """The stems of a text's words, in their order; an unknown language is taken for Spanish."""
    known = language if language in STEMMERS else "es"
    return list(analyser(known).analyze(with_numbers(text)))


def with_numbers(text: str) -> str:
    """The text and the words of `number_words`: what the analyser is given."""
    words = number_words(text)
    return "\n".join((text, " ".join(words))) if words else text


@cache
def analyser(language: str) -> Any:
    """Tantivy's analyser for ``es`` or ``en``."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(LONGEST_WORD))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .filter(Filter.custom_stopword(STOPWORDS[language]))
        .filter(Filter.stemmer(STEMMERS[language]))
        .build()
    )
