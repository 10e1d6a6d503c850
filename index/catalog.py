"""The catalog: one SQLite file that holds the documents, their passages and the vectors.

It is the truth; the FAISS and tantivy files are derived from it and can be made again. A passage is
never changed: when its document changes, new passages take new ids, and no id is used twice. So a
derived store is up to date exactly when it holds the same ids as the catalog.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.database import Database
from index.types import Document, Passage

__all__ = ["Catalog", "DocumentInfo", "FileStamp", "Origin"]

# SQLite's limit on the parameters of one statement is 32,766; smaller lists keep statements short.
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document in the index, without its text; ``passages`` counts its passages."""

    id: str
    title: str | None
    source: str | None
    language: str | None
    passages: int


@dataclass(frozen=True, slots=True)
class Origin:
    """What a citation says of a document."""

    title: str | None
    source: str | None


@dataclass(frozen=True, slots=True)
class FileStamp:
    """Where a document's file was found, its size in bytes and its time of change in ns."""

    root: str
    size: int
    modified: int


class Catalog(Database):
    """The open catalog. Every method is safe to call from any thread."""

    def advance(self) -> None:
        """Count one more change: stores that reflect an earlier one are behind."""
        self.put("generation", str(int(self.get("generation") or 0) + 1))

    # Documents

    def add(
        self,
        document: Document,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
        stamp: FileStamp | None = None,
    ) -> None:
        """Write a document with its passages, in place of an earlier one of the same id.

        ``vectors``: [len(passages), dimensions], kept as float16.
        """
        root, size, modified = (stamp.root, stamp.size, stamp.modified) if stamp else (None,) * 3
        with self.mapped():
            self.connection.execute("DELETE FROM documents WHERE id = ?", [document.id])
            number = self.connection.execute(
                "INSERT INTO documents (id, text, title, source, language, page_starts, metadata,"
                " root, size, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    document.id,
                    document.text,
                    document.title,
                    document.source,
                    document.language,
                    json.dumps(document.page_starts),
                    json.dumps(dict(document.metadata), ensure_ascii=False),
                    root,
                    size,
                    modified,
                ],
            ).lastrowid
            self.connection.executemany(
                "INSERT INTO passages (document, start, end, text, paragraph, page,"
                " paragraph_breaks, page_breaks, language, context, vector)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    _row(number, passage, vector)
                    for passage, vector in zip(passages, vectors, strict=True)
                ),
            )

    def remove(self, ids: Iterable[str]) -> int:
        """Remove documents by id, with their passages; the number of those that were there."""
        with self.mapped():
            return sum(
                self.connection.execute("DELETE FROM documents WHERE id = ?", [id]).rowcount
                for id in ids
            )

    def documents(self) -> list[DocumentInfo]:
        """Every document, by id."""
        rows = self.rows(
            "SELECT d.id, d.title, d.source, d.language, count(p.id) FROM documents d"
            " LEFT JOIN passages p ON p.document = d.number GROUP BY d.number ORDER BY d.id"
        )
        return [DocumentInfo(*row) for row in rows]

    def document(self, id: str) -> Document:
        """One document with its text; KeyError when there is none of that id."""
        rows = self.rows(
            "SELECT id, text, title, source, language, page_starts, metadata"
            " FROM documents WHERE id = ?",
            [id],
        )
        if not rows:
            raise KeyError(id)
        id, text, title, source, language, page_starts, metadata = rows[0]
        pages = tuple(json.loads(page_starts))
        return Document(id, text, title, source, language, pages, json.loads(metadata))

    def origins(self, ids: Iterable[str]) -> dict[str, Origin]:
        """Titles and sources by document id; unknown ids are left out."""
        found = {}
        for chunk in _chunks(list(ids)):
            for id, title, source in self.rows(
                f"SELECT id, title, source FROM documents WHERE id IN ({_marks(chunk)})", chunk
            ):
                found[id] = Origin(title, source)
        return found

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """The documents' numbers, by id; unknown ids are left out."""
        ids = list(ids)
        rows: list[tuple[str, int]] = []
        for chunk in _chunks(ids):
            rows += self.rows(
                f"SELECT id, number FROM documents WHERE id IN ({_marks(chunk)})", chunk
            )
        return dict(rows)

    def files(self, root: str) -> dict[str, tuple[str, int, int]]:
        """Of the documents found under ``root``: id -> source, size, time of change."""
        rows = self.rows("SELECT id, source, size, modified FROM documents WHERE root = ?", [root])
        return {id: (source, size, modified) for id, source, size, modified in rows}

    def owner(self, id: str) -> str | None:
        """The root under which a document was found, "" if added by hand; None if unknown."""
        rows = self.rows("SELECT coalesce(root, '') FROM documents WHERE id = ?", [id])
        return rows[0][0] if rows else None

    # Files that could not be indexed

    def record_failures(
        self, root: str, failures: dict[str, str], source: str | None = None
    ) -> None:
        """Keep, for ``root`` or one ``source`` in it, these failures (source -> reason) alone."""
        with self.mapped():
            self.connection.execute(
                "DELETE FROM failures WHERE root = ? AND source = coalesce(?, source)",
                [root, source],
            )
            self.connection.executemany(
                "INSERT OR REPLACE INTO failures VALUES (?, ?, ?)",
                [(source, root, reason) for source, reason in failures.items()],
            )

    def failures(self) -> dict[str, str]:
        """The files that could not be indexed at the last sync, and why."""
        return dict(self.rows("SELECT source, reason FROM failures ORDER BY source"))

    # Passages

    def passage_ids(self, documents: Iterable[int] | None = None) -> NDArray[np.int64]:
        """The ids of all passages, or of those of the documents with these numbers; ascending."""
        if documents is None:
            rows = self.rows("SELECT id FROM passages ORDER BY id")
        else:
            rows = []
            for chunk in _chunks(list(documents)):
                rows += self.rows(
                    f"SELECT id FROM passages WHERE document IN ({_marks(chunk)})", chunk
                )
        return np.sort(np.array([id for (id,) in rows], dtype=np.int64))

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Passages by id; ids that are gone are left out."""
        found = {}
        for chunk in _chunks([int(id) for id in ids]):
            for id, *fields, context in self.rows(
                "SELECT p.id, d.id, p.start, p.end, p.text, p.paragraph, p.page,"
                " p.paragraph_breaks, p.page_breaks, p.language, p.context"
                " FROM passages p JOIN documents d ON d.number = p.document"
                f" WHERE p.id IN ({_marks(chunk)})",
                chunk,
            ):
                document, start, end, text, paragraph, page, breaks, page_breaks, language = fields
                found[id] = Passage(
                    document,
                    start,
                    end,
                    text,
                    paragraph,
                    page,
                    tuple(json.loads(breaks)),
                    tuple(json.loads(page_breaks)),
                    language,
                    context,
                )
        return found

    def indexed_texts(self, ids: Sequence[int]) -> Iterator[tuple[int, int, str | None, str]]:
        """Of passages by id: id, document's number, language, and the text to be searched."""
        for chunk in _chunks([int(id) for id in ids]):
            for id, number, language, context, text in self.rows(
                "SELECT id, document, language, context, text FROM passages"
                f" WHERE id IN ({_marks(chunk)})",
                chunk,
            ):
                yield id, number, language, f"{context}: {text}" if context else text

    def vectors(
        self, ids: Sequence[int]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """The passages' vectors, float32, with their ids, in blocks."""
        for chunk in _chunks([int(id) for id in ids]):
            rows = self.rows(
                f"SELECT id, vector FROM passages WHERE id IN ({_marks(chunk)})", chunk
            )
            if rows:
                block = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float16)
                yield (
                    np.array([row[0] for row in rows], dtype=np.int64),
                    block.reshape(len(rows), -1).astype(np.float32),
                )

    def known_vectors(self, document: str) -> dict[str, NDArray[np.float32]]:
        """What is embedded already of a document: searched text -> vector."""
        rows = self.rows(
            "SELECT p.context, p.text, p.vector FROM passages p"
            " JOIN documents d ON d.number = p.document WHERE d.id = ?",
            [document],
        )
        return {
            (f"{context}: {text}" if context else text): np.frombuffer(blob, np.float16).astype(
                np.float32
            )
            for context, text, blob in rows
        }

    def counts(self) -> tuple[int, int]:
        """The number of documents and of passages."""
        return tuple(
            self.rows("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)")[0]
        )


def _row(number: int | None, passage: Passage, vector: NDArray[np.float32]) -> tuple[Any, ...]:
    return (
        number,
        passage.start,
        passage.end,
        passage.text,
        passage.paragraph,
        passage.page,
        json.dumps(passage.paragraph_breaks),
        json.dumps(passage.page_breaks),
        passage.language,
        passage.context,
        vector.astype(np.float16).tobytes(),
    )


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))
