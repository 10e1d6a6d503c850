"""The catalog: one SQLite file that holds the documents, their passages and the vectors.

It is the truth; the FAISS and tantivy files are derived from it and can be made again. A derived
store is up to date exactly when it holds the ids of the catalog's passages.
"""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import DocumentNotFoundError
from index.storage.passage_table import PassageTable, chunks, marks
from index.text.hashing import content_hash
from index.types import Document, Passage

__all__ = ["Catalog", "Counts", "DocumentInfo", "FileStamp", "KnownFile", "Origin"]

WITHIN = "(source = ? OR (source >= ? AND source < ?))"
_DATE = "json_extract(metadata, '$.date')"
DATE = (
    f"CASE WHEN date({_DATE}, '+0 days') = {_DATE} THEN {_DATE} END"  # a day that exists, or none
)


class Counts(NamedTuple):
    """How many documents and passages an index holds."""

    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document in the index, without its text; ``passages`` counts its passages.

    ``date`` is the document's own, as YYYY-MM-DD, where it says one; ``hash`` the SHA-256 of its
    text, hexadecimal.
    """

    id: str
    title: str | None
    source: str | None
    language: str | None
    passages: int
    date: str | None = None
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a citation says of a document; ``date`` as YYYY-MM-DD, where the document says one.

    ``hash`` is the SHA-256 of the document's text (UTF-8, hexadecimal): a citation that was made
    of another text is stale.
    """

    title: str | None
    source: str | None
    date: str | None = None
    hash: str = ""


@dataclass(frozen=True, slots=True)
class FileStamp:
    """Where a document's file was found, its size in bytes and its time of change in ns.

    ``hash`` is the SHA-256 of its bytes, hexadecimal.
    """

    root: str
    size: int
    modified: int
    hash: str | None = None


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A document that came from a file, with the file as it was then."""

    id: str
    source: str
    title: str | None
    stamp: FileStamp


class Catalog(PassageTable):
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
        root, size, modified, file_hash = _stamped(stamp)
        with self.mapped():
            self.remove([document.id])
            number = self.connection.execute(
                "INSERT INTO documents (id, text, title, source, language, page_starts, metadata,"
                " root, size, modified, hash, file_hash)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                    content_hash(document.text),
                    file_hash,
                ],
            ).lastrowid
            self.add_passages(number or 0, passages, vectors)

    def remove(self, ids: Iterable[str]) -> int:
        """Remove documents by id, with their passages; the number of those that were there."""
        with self.mapped():
            return sum(
                self.connection.execute("DELETE FROM documents WHERE id = ?", [id]).rowcount
                for id in ids
            )

    def has(self, id: str) -> bool:
        """Whether there is a document of this id."""
        return bool(self.rows("SELECT 1 FROM documents WHERE id = ?", [id]))

    def documents(self) -> list[DocumentInfo]:
        """Every document, by id."""
        rows = self.rows(
            f"SELECT d.id, d.title, d.source, d.language, count(p.id), {DATE}, hash"
            " FROM documents d LEFT JOIN passages p ON p.document = d.number"
            " GROUP BY d.number ORDER BY d.id"
        )
        return [DocumentInfo(*row) for row in rows]

    def document(self, id: str) -> Document:
        """One document with its text; DocumentNotFoundError when there is none of that id."""
        rows = self.rows(
            "SELECT id, text, title, source, language, page_starts, metadata"
            " FROM documents WHERE id = ?",
            [id],
        )
        if not rows:
            raise DocumentNotFoundError(id)
        id, text, title, source, language, page_starts, metadata = rows[0]
        pages = tuple(json.loads(page_starts))
        return Document(id, text, title, source, language, pages, json.loads(metadata))

    def origins(self, ids: Iterable[str]) -> dict[str, Origin]:
        """Titles, sources and dates by document id; unknown ids are left out."""
        found = {}
        for chunk in chunks(list(ids)):
            for id, *fields in self.rows(
                f"SELECT id, title, source, {DATE}, hash FROM documents"
                f" WHERE id IN ({marks(chunk)})",
                chunk,
            ):
                found[id] = Origin(*fields)
        return found

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """The documents' numbers, by id; unknown ids are left out."""
        ids = list(ids)
        rows: list[tuple[str, int]] = []
        for chunk in chunks(ids):
            rows += self.rows(
                f"SELECT id, number FROM documents WHERE id IN ({marks(chunk)})", chunk
            )
        return dict(rows)

    # Files

    def files(self, path: str) -> list[KnownFile]:
        """The documents of files in a folder, at any depth, or of the file at this path."""
        rows = self.rows(
            "SELECT id, source, title, root, size, modified, file_hash FROM documents"
            f" WHERE root IS NOT NULL AND {WITHIN}",
            _within(path),
        )
        return [
            KnownFile(id, source, title, FileStamp(*stamp)) for id, source, title, *stamp in rows
        ]

    def move(self, id: str, new: str, source: str, stamp: FileStamp) -> None:
        """A document's file lies elsewhere now; its text, passages and vectors are as they were."""
        with self.mapped():
            self.connection.execute(
                "UPDATE documents SET id = ?, source = ?, root = ?, size = ?, modified = ?,"
                " file_hash = ? WHERE id = ?",
                [new, source, *_stamped(stamp), id],
            )

    def owner(self, id: str) -> str | None:
        """The root under which a document was found, "" if added by hand; None if unknown."""
        rows = self.rows("SELECT coalesce(root, '') FROM documents WHERE id = ?", [id])
        return rows[0][0] if rows else None

    def record_problems(
        self,
        path: str,
        failed: dict[str, str],
        skipped: dict[str, str],
        stamps: dict[str, FileStamp] | None = None,
    ) -> None:
        """Keep, for a folder or file, what of it was not indexed now (source -> reason).

        ``stamps``: the files that failed for what is in them, as they were then.
        """
        stamps = stamps or {}
        with self.mapped():
            self.connection.execute(f"DELETE FROM failures WHERE {WITHIN}", _within(path))
            for kind, problems in enumerate((failed, skipped)):
                self.connection.executemany(
                    "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?)",
                    [
                        (source, path, reason, kind, *_stamped(stamps.get(source))[1:3])
                        for source, reason in problems.items()
                    ],
                )

    def lasting_failures(self, path: str) -> dict[str, tuple[str, FileStamp]]:
        """Of a folder, the files that failed for what is in them: the reason and their stamp."""
        rows = self.rows(
            "SELECT source, reason, size, modified FROM failures"
            f" WHERE size IS NOT NULL AND {WITHIN}",
            _within(path),
        )
        return {source: (reason, FileStamp(path, *stamp)) for source, reason, *stamp in rows}

    def failures(self) -> dict[str, str]:
        """The files that could not be indexed at the last sync, and why."""
        return self._problems(0)

    def skipped(self) -> dict[str, str]:
        """The files that are no documents (pictures, programs, links), and why."""
        return self._problems(1)

    def _problems(self, kind: int) -> dict[str, str]:
        return dict(
            self.rows(
                "SELECT source, reason FROM failures WHERE skipped = ? ORDER BY source", [kind]
            )
        )

    def counts(self) -> Counts:
        """The number of documents and of passages."""
        return Counts(
            *self.rows("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)")[
                0
            ]
        )


def _stamped(
    stamp: FileStamp | None,
) -> tuple[str | None, int | None, int | None, str | None]:
    if stamp is None:
        return None, None, None, None
    return stamp.root, stamp.size, stamp.modified, stamp.hash


def _within(path: str) -> list[str]:
    """The parameters of WITHIN: a path, and the range of all that begins with it and a slash."""
    folder = path.rstrip(os.sep)
    return [path, folder + os.sep, folder + chr(ord(os.sep) + 1)]
