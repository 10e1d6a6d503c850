"""Names of documents, of files and titles, in an order in which those of a question are found.

A name is a row of words: in lower case, without accents, small words and plural ``s``. The names
are sorted, so that all that begin with some words stand side by side.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from index.documents.read import PICTURE_SUFFIXES, SUFFIXES
from index.storage.catalog import DocumentName
from index.text.folding import fold
from index.text.stopwords import STOPWORDS

__all__ = ["ENDINGS", "Name", "Titles", "Word", "words_of"]

ENDINGS = frozenset(suffix[1:] for suffix in SUFFIXES | PICTURE_SUFFIXES)
"""The endings of file names, without their dot."""

_WORD = re.compile(r"\d+[-–]?[^\W\d_](?![^\W_])|\d+|[^\W\d_]+")
_SMALL = frozenset((*STOPWORDS["es"], *STOPWORDS["en"], "num", "numero", "nro", "number"))
_LONGEST = 24  # words of a name that are looked at
_AFTER_ALL = "\U0010ffff"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, ``text[start:end]``, as names are compared: ``114-B`` is ``114b``."""

    plain: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """The words of a title or file name, and the id of its document.

    ``own`` is how many of the words are needed: of a file those before them are its folders.
    ``years`` are those that its date, title or id say.
    """

    words: tuple[str, ...]
    document: str
    own: int = 0
    years: frozenset[str] = frozenset()


def words_of(text: str) -> list[Word]:
    """The words of a text that count in a name, in order."""
    words = [
        Word(_plain(match[0]), match.start(), match.end())
        for match in _WORD.finditer(text)
        if fold(match[0]) not in _SMALL
    ]
    return [word for word in words if word.plain]


def _plain(word: str) -> str:
    plain = "".join(letter for letter in fold(word) if letter.isalnum())
    return plain[:-1] if len(plain) > 4 and plain.endswith("s") else plain


class Titles:
    """The names of all documents of an index, at one moment."""

    def __init__(self, documents: Iterable[DocumentName]) -> None:
        titles: set[Name] = set()
        files: set[Name] = set()
        for document in documents:
            years = _years(document)
            path = PurePosixPath(_composed(document.id))
            ending = path.suffix[1:].lower()
            stem = path.stem if ending in ENDINGS else path.name
            for name in (stem, _composed(document.title or "")):
                words = _row(name)
                if words:
                    titles.add(Name(words, document.id, len(words), years))
            if ending in ENDINGS:
                own = len(_row(stem)) + 1
                row = (ending, *_row(stem)[::-1], *_row(str(path.parent))[::-1])
                files.add(Name(row, document.id, own, years))
        self._titles = sorted(titles, key=_order)
        self._files = sorted(files, key=_order)
        self._holding: dict[str, set[Name]] = {}
        for title in self._titles:
            for word in title.words:
                self._holding.setdefault(word, set()).add(title)
        self._title_rows = [name.words for name in self._titles]
        self._file_rows = [name.words for name in self._files]

    def beginning(self, words: Sequence[str]) -> list[Name]:
        """The titles, and file names without their ending, that begin with these words."""
        return _beginning(self._titles, self._title_rows, words)

    def holding(self, words: Iterable[str]) -> set[Name]:
        """The titles, and file names without their ending, that have all these words."""
        return set.intersection(*(self._holding.get(word, set()) for word in words))

    def ending(self, words: Sequence[str]) -> list[Name]:
        """The file names that end with these words, of which the last is given first."""
        return _beginning(self._files, self._file_rows, words)


def _order(name: Name) -> tuple[tuple[str, ...], str]:
    return name.words, name.document


def _row(text: str) -> tuple[str, ...]:
    return tuple(word.plain for word in words_of(text)[:_LONGEST])


def _composed(text: str) -> str:
    """Names of files may hold accents as characters of their own."""
    return unicodedata.normalize("NFC", text)


def _years(document: DocumentName) -> frozenset[str]:
    said = _YEAR.findall(f"{document.id} {document.title or ''}")
    return frozenset((*said, *([document.date[:4]] if document.date else [])))


def _beginning(
    names: Sequence[Name], rows: Sequence[tuple[str, ...]], words: Sequence[str]
) -> list[Name]:
    first = bisect_left(rows, tuple(words))
    last = bisect_left(rows, (*words, _AFTER_ALL), first)
    return list(names[first:last])
