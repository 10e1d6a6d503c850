"""The words of passages as numbers, and what BM25 counts of them, in tables of the catalog.

A sparse vector in Milvus has a dimension for each word. Words are numbered, not hashed, so no two
words share a dimension. How many passages hold a word is counted exactly: what was counted for a
passage stands beside it, and is taken off when it goes.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.storage.catalog import Catalog
from index.storage.milvus.published import Published
from index.storage.vectors import Ids
from index.text.analysis import STEMMERS, analyse

__all__ = ["Counts", "Worded"]

CHUNK = 5000  # values of one statement
_MOST_TIMES = 65_535  # BM25 has long stopped to tell more from it

# Both databases take these types: to SQLite they are names without a meaning.
_TABLES = (
    "CREATE TABLE IF NOT EXISTS milvus_words (language TEXT NOT NULL, word TEXT NOT NULL,"
    " number BIGINT NOT NULL, passages BIGINT NOT NULL, PRIMARY KEY (language, word))",
    "CREATE UNIQUE INDEX IF NOT EXISTS milvus_words_by_number ON milvus_words (number)",
    "CREATE TABLE IF NOT EXISTS milvus_passages (id BIGINT PRIMARY KEY, language TEXT NOT NULL,"
    " length BIGINT NOT NULL, words BYTEA NOT NULL)",
)


@dataclass(frozen=True, slots=True)
class Worded:
    """A passage's words: their numbers, ascending, and how often each stands in it.

    ``length`` counts all of them.
    """

    id: int
    language: str
    length: int
    numbers: NDArray[np.uint32]
    times: NDArray[np.uint16]


class Counts:
    """The tables of a catalog; what changes them is part of the caller's transaction."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def make(self) -> None:
        """Make the tables, empty."""
        for statement in _TABLES:
            self._catalog.execute(statement)
        self._catalog.execute("DELETE FROM milvus_words")
        self._catalog.execute("DELETE FROM milvus_passages")

    def add(
        self, published: Published, passages: Iterable[tuple[int, int, str | None, str]]
    ) -> tuple[Published, list[Worded]]:
        """Count passages (id, document's number, language, text), with larger ids than all."""
        times: dict[int, Counter[str]] = {}
        languages: dict[int, str] = {}
        for id, _, language, text in passages:
            languages[id] = language if language in STEMMERS else "es"
            times[id] = Counter(analyse(text, language))
        numbers: dict[str, dict[str, int]] = {}
        last = published.words
        for language in STEMMERS:
            held = Counter(
                word for id, of in languages.items() if of == language for word in times[id]
            )
            known = {word: number for word, (number, _) in self.known(language, held).items()}
            new = [word for word in held if word not in known]
            known |= zip(new, range(last + 1, last + 1 + len(new)), strict=True)
            numbers[language], last = known, last + len(new)
            self._catalog.execute_many(
                "INSERT INTO milvus_words (language, word, number, passages) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (language, word)"
                " DO UPDATE SET passages = milvus_words.passages + excluded.passages",
                [(language, word, known[word], held[word]) for word in held],
            )
        worded = [_worded(id, of, times[id], numbers[of]) for id, of in languages.items()]
        self._catalog.execute_many(
            "INSERT INTO milvus_passages (id, language, length, words) VALUES (?, ?, ?, ?)",
            [(one.id, one.language, one.length, _packed(one)) for one in worded],
        )
        ids = [one.id for one in worded]
        counted = replace(
            published,
            words=last,
            passages=published.passages + len(ids),
            largest_id=max([published.largest_id, *ids]),
            tokens=_changed(published.tokens, worded, 1),
        )
        return counted, worded

    def remove(self, published: Published, ids: Sequence[int]) -> Published:
        """Take off what was counted for passages."""
        removed = list(self.of(ids))
        gone: Counter[int] = Counter()
        for one in removed:
            gone.update(one.numbers.tolist())
        self._catalog.execute_many(
            "UPDATE milvus_words SET passages = passages - ? WHERE number = ?",
            [(count, number) for number, count in gone.items()],
        )
        for chunk in _chunks(list(gone)):
            test, values = self._catalog.among(chunk)
            # A word that no passage holds any more is not kept.
            self._catalog.execute(
                f"DELETE FROM milvus_words WHERE number {test} AND passages <= 0", values
            )
        for chunk in _chunks(list(ids)):
            test, values = self._catalog.among(chunk)
            self._catalog.execute(f"DELETE FROM milvus_passages WHERE id {test}", values)
        return replace(
            published,
            passages=published.passages - len(removed),
            tokens=_changed(published.tokens, removed, -1),
        )

    def gone(self) -> list[int]:
        """The ids of counted passages that are not in the catalog any more."""
        rows = self._catalog.rows(
            "SELECT id FROM milvus_passages WHERE id NOT IN (SELECT id FROM passages)"
        )
        return [id for (id,) in rows]

    def ids(self) -> Ids:
        """The ids of all counted passages, ascending."""
        rows = self._catalog.rows("SELECT id FROM milvus_passages ORDER BY id")
        return np.array([id for (id,) in rows], dtype=np.int64)

    def of(self, ids: Sequence[int]) -> Iterator[Worded]:
        """Passages by id; what was not counted is left out."""
        for chunk in _chunks(list(ids)):
            test, values = self._catalog.among(chunk)
            for id, language, length, words in self._catalog.rows(
                f"SELECT id, language, length, words FROM milvus_passages WHERE id {test}", values
            ):
                count = len(words) // 6
                numbers = np.frombuffer(words, dtype="<u4", count=count)
                times = np.frombuffer(words, dtype="<u2", offset=4 * count)
                yield Worded(id, language, length, numbers, times)

    def known(self, language: str, words: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Of the words of a language those that passages hold: their number, and how many do."""
        known = {}
        for chunk in _chunks(list(words)):
            test, values = self._catalog.among(chunk)
            for word, number, passages in self._catalog.rows(
                "SELECT word, number, passages FROM milvus_words"
                f" WHERE language = ? AND word {test}",
                [language, *values],
            ):
                known[word] = number, passages
        return known


def _worded(id: int, language: str, times: Counter[str], numbers: dict[str, int]) -> Worded:
    counted = sorted((numbers[word], count) for word, count in times.items())
    both = np.array(counted, dtype=np.int64).reshape(-1, 2)
    often = np.minimum(both[:, 1], _MOST_TIMES)
    return Worded(id, language, times.total(), both[:, 0].astype("<u4"), often.astype("<u2"))


def _packed(one: Worded) -> bytes:
    return one.numbers.tobytes() + one.times.tobytes()


def _changed(tokens: dict[str, int], passages: Iterable[Worded], sign: int) -> dict[str, int]:
    counted = Counter(tokens)
    for one in passages:
        counted[one.language] += sign * one.length
    return dict(counted)


def _chunks(values: list[int] | list[str]) -> Iterator[list[int] | list[str]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
