"""The catalog's passages and their vectors.

A passage is never changed: when its document changes, new passages take new ids, and no id is used
twice. So what was added since some moment are the ids above the largest of that moment.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.storage.database import Database
from index.storage.schema import searched
from index.text.hashing import text_digest
from index.types import Passage

__all__ = ["PassageTable", "chunks", "marks"]

# SQLite's limit on the parameters of one statement is 32,766; smaller lists keep statements short.
CHUNK = 5000

_PASSAGES = (
    "SELECT p.id, d.id, p.start, p.end, p.text, p.paragraph, p.page, p.paragraph_breaks,"
    " p.page_breaks, p.language, p.context"
    " FROM passages p JOIN documents d ON d.number = p.document"
)

Vectors = dict[bytes, NDArray[np.float32]]


class PassageTable(Database):
    """Passages by id, and their vectors, which are kept as float16."""

    def add_passages(
        self, number: int, passages: Sequence[Passage], vectors: NDArray[np.float32]
    ) -> None:
        """Write the passages of the document with this number; vectors: [passages, dimensions]."""
        with self.mapped():
            self.connection.executemany(
                "INSERT INTO passages (document, start, end, text, paragraph, page,"
                " paragraph_breaks, page_breaks, language, context, vector, digest, crc)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    _row(number, passage, vector)
                    for passage, vector in zip(passages, vectors, strict=True)
                ),
            )

    def passage_ids(
        self, documents: Iterable[int] | None = None, after: int = 0
    ) -> NDArray[np.int64]:
        """The ids of all passages, or of those of the documents with these numbers; ascending.

        Without ``documents``, only the ids above ``after``: those added since.
        """
        if documents is None:
            rows = self.rows("SELECT id FROM passages WHERE id > ? ORDER BY id", [after])
        else:
            rows = []
            for chunk in chunks(list(documents)):
                rows += self.rows(
                    f"SELECT id FROM passages WHERE document IN ({marks(chunk)})", chunk
                )
        return np.sort(np.array([id for (id,) in rows], dtype=np.int64))

    def size(self, id: str) -> int:
        """The number of passages of the document with this id."""
        rows = self.rows(
            "SELECT count(*) FROM passages"
            " WHERE document = (SELECT number FROM documents WHERE id = ?)",
            [id],
        )
        return int(rows[0][0])

    def state(self) -> tuple[int, int]:
        """The number of passages and the largest id.

        No id is used twice, so two moments with the same state have the same passages.
        """
        return tuple(self.rows("SELECT count(*), coalesce(max(id), 0) FROM passages")[0])

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Passages by id; ids that are gone are left out."""
        return {
            row[0]: _passage(row)
            for chunk in chunks([int(id) for id in ids])
            for row in self.rows(f"{_PASSAGES} WHERE p.id IN ({marks(chunk)})", chunk)
        }

    def passages_of(self, document_id: str, limit: int | None = None) -> list[Passage]:
        """The passages of the document with this id in their order, ``limit`` at most."""
        rows = self.rows(
            f"{_PASSAGES} WHERE d.id = ? ORDER BY p.start LIMIT ?",
            [document_id, -1 if limit is None else limit],
        )
        return [_passage(row) for row in rows]

    def copies(self, passages: Iterable[Passage]) -> NDArray[np.int64]:
        """The ids of all passages with the searched text of one of these, ascending."""
        rows = []
        for chunk in chunks(list({text_digest(passage.indexed_text) for passage in passages})):
            rows += self.rows(f"SELECT id FROM passages WHERE digest IN ({marks(chunk)})", chunk)
        return np.sort(np.array([id for (id,) in rows], dtype=np.int64))

    def indexed_texts(self, ids: Sequence[int]) -> Iterator[tuple[int, int, str | None, str]]:
        """Of passages by id: id, document's number, language, and the text to be searched."""
        for chunk in chunks([int(id) for id in ids]):
            for id, number, language, context, text in self.rows(
                "SELECT id, document, language, context, text FROM passages"
                f" WHERE id IN ({marks(chunk)})",
                chunk,
            ):
                yield id, number, language, searched(context, text)

    # Vectors

    def vectors(
        self, ids: Sequence[int]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """The passages' vectors, float32, with their ids, in blocks."""
        for chunk in chunks([int(id) for id in ids]):
            rows = self.rows(f"SELECT id, vector FROM passages WHERE id IN ({marks(chunk)})", chunk)
            if rows:
                block = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float16)
                yield (
                    np.array([row[0] for row in rows], dtype=np.int64),
                    block.reshape(len(rows), -1).astype(np.float32),
                )

    def replace_vectors(self, digests: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Give the passages of these texts other vectors, [len(digests), dimensions]."""
        blobs = [vector.astype(np.float16).tobytes() for vector in vectors]
        with self.mapped():
            self.connection.executemany(
                "UPDATE passages SET vector = ?, crc = ? WHERE digest = ?",
                (
                    (blob, zlib.crc32(blob), digest)
                    for digest, blob in zip(digests, blobs, strict=True)
                ),
            )

    def known_vectors(self, digests: Sequence[bytes]) -> Vectors:
        """What is embedded already, in whichever document: `text_digest` -> vector."""
        found: Vectors = {}
        for table in ("passages", "spare"):
            for chunk in chunks([digest for digest in digests if digest not in found]):
                rows = self.rows(
                    f"SELECT digest, vector FROM {table} WHERE digest IN ({marks(chunk)})"
                    " GROUP BY digest",
                    chunk,
                )
                for digest, blob in rows:
                    found[digest] = np.frombuffer(blob, np.float16).astype(np.float32)
        return found

    def spare(self, vectors: Vectors) -> None:
        """Keep vectors whose document is not written yet, for a sync that may be interrupted."""
        with self.mapped():
            self.connection.executemany(
                "INSERT OR IGNORE INTO spare VALUES (?, ?)",
                (
                    (digest, vector.astype(np.float16).tobytes())
                    for digest, vector in vectors.items()
                ),
            )

    def spare_document(self, id: str) -> None:
        """Keep the vectors of a document that is about to go: its words may come back elsewhere."""
        with self.mapped():
            self.connection.execute(
                "INSERT OR IGNORE INTO spare SELECT digest, vector FROM passages"
                " WHERE digest IS NOT NULL"
                " AND document = (SELECT number FROM documents WHERE id = ?)",
                [id],
            )

    def clear_spare(self) -> None:
        """Forget the vectors that are no passage's; called when a sync is complete."""
        with self.mapped():
            self.connection.execute("DELETE FROM spare")


def _passage(row: Sequence[Any]) -> Passage:
    """The passage in a row of _PASSAGES."""
    _, *fields = row
    # Most passages have no breaks, and a search brings two hundred passages.
    fields[6:8] = (tuple(json.loads(breaks)) if breaks != "[]" else () for breaks in fields[6:8])
    return Passage(*fields)


def _row(number: int, passage: Passage, vector: NDArray[np.float32]) -> tuple[Any, ...]:
    blob = vector.astype(np.float16).tobytes()
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
        blob,
        text_digest(passage.indexed_text),
        zlib.crc32(blob),
    )


def chunks(values: list[Any]) -> Iterator[list[Any]]:
    """The values in lists that one statement may take."""
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def marks(values: Sequence[Any]) -> str:
    """As many parameters as there are values."""
    return ",".join("?" * len(values))
