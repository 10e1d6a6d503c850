"""The names of a written sentence, and whether a passage has them: in parts, short, as an acronym.

Pure.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from index.text.folding import fold
from qa.conversation.entities import find_names
from qa.conversation.lexicon import function_words
from qa.conversation.rules import LANGUAGES

__all__ = ["Name", "has_initials", "names_of"]

_JOINED = re.compile(r"\s(?:y|e|and)\s|\s*,\s*")
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset(("de", "del", "la", "las", "los", "el", "of", "the", "y", "and", "van", "von"))


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text; ``words`` are its words with capitals, in lower case without accents."""

    text: str
    start: int
    end: int
    words: tuple[str, ...]


def names_of(text: str) -> list[Name]:
    """The names of a text in order; those that "and" joins apart."""
    found = []
    for match in find_names(text):
        start = match.start()
        for cut in (*_JOINED.finditer(text, *match.span()), None):
            end = cut.start() if cut else match.end()
            name = _name(text, start, end)
            if name:
                found.append(name)
            start = cut.end() if cut else end
    return found


def _name(text: str, start: int, end: int) -> Name | None:
    """The name without a genitive and without what stands in lower case at its ends."""
    written = re.sub(r"['’]s?$", "", text[start:end]).rstrip(" .,;:")
    words = [
        fold(word[0])
        for word in _WORD.finditer(written)
        if word[0][0].isupper() or word[0].isdigit()
    ]
    words = [word for word in words if word not in _SMALL and word not in _functions()]
    if not words or all(word.isdigit() for word in words):
        return None
    return Name(written, start, start + len(written), tuple(words))


def has_initials(name: Name, text: str) -> bool:
    """Whether name or text has the other's initials: ONU, Organización de las Naciones Unidas."""
    if name.text.isupper() and " " not in name.text:
        letters = fold(re.sub(r"\W", "", name.text)).rstrip("s")
        initials = "".join(fold(word)[0] for word in _capitals(text))
        return len(letters) > 1 and letters in initials
    written = {
        fold(re.sub(r"\.", "", word)) for word in re.findall(r"\b[A-Z](?:\.?[A-Z])+\b", text)
    }
    return len(name.words) > 1 and "".join(word[0] for word in name.words) in written


def _capitals(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word[0].isupper() and fold(word) not in _SMALL]


@cache
def _functions() -> Collection[str]:
    return frozenset().union(*(function_words(language) for language in LANGUAGES))
