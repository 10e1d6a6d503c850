"""The catalog: the tables that hold the documents, their passages and the vectors.

It is the truth; what is searched is derived from it and can be made again. A derived store is up to
date exactly when it holds the ids of the catalog's passages.

A passage is never changed. When its document changes, its new passages take new ids, and no id is
used twice. So what was added since some moment are the ids above the largest id of that moment.
"""

import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.errors import DocumentNotFoundError
from index.storage.database import Database
from index.storage.schema import searched
from index.storage.sqlite import SqliteDatabase
from index.storage.structure import blocks_json, blocks_of, listed, notices_json, notices_of
from index.text.hashing import content_hash, text_digest
from index.text.names import numbered
from index.types import Document, Metadata, Notice, Passage, Role

__all__ = ["Catalog", "Counts", "DocumentInfo", "DocumentName", "FileStamp", "IndexedFile"]
__all__ += ["Origin", "SqliteCatalog", "Words"]

WITHIN = "(source = ? OR (source >= ? AND source < ?))"

# SQLite's limit on the parameters of one statement is 32,766; smaller lists keep statements short.
CHUNK = 5000

_PASSAGES = (
    'SELECT p.id, d.id, p.start, p."end", p.text, p.paragraph, p.page, p.paragraph_breaks,'
    " p.page_breaks, p.language, p.context, p.role, p.blocks, p.header"
    " FROM passages p JOIN documents d ON d.number = p.document"
)

_STAMP = ("root", "size", "modified", "file_hash")
_READING = "reading"  # in meta: the revision of the reading at the last sync
_ALL = 2**62  # more passages than there are
_ROLES = {role.value: role for role in Role}

Vectors = dict[bytes, NDArray[np.float32]]


class Counts(NamedTuple):
    """How many documents and passages an index holds."""

    documents: int
    passages: int


class Words(NamedTuple):
    """What tells a passage from others: its id, its document's number, its language and text."""

    id: int
    document: int
    language: str | None
    text: str


class DocumentName(NamedTuple):
    """What a document is called; ``date`` is its own, as YYYY-MM-DD, where it says one."""

    id: str
    title: str | None
    date: str | None


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
    of another text is stale. ``page_labels``, ``page_confidences``, ``language`` and ``metadata``
    are the document's.
    """

    title: str | None
    source: str | None
    date: str | None = None
    hash: str = ""
    page_labels: tuple[str, ...] = ()
    page_confidences: tuple[float | None, ...] = ()
    language: str | None = None
    metadata: Mapping[str, Metadata] = field(default_factory=dict, hash=False)


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
class IndexedFile:
    """A document that came from a file, with the file as it was when it was indexed.

    ``reading`` is the revision of what read it (`index.documents.read.READING`).
    """

    id: str
    source: str
    title: str | None
    stamp: FileStamp
    reading: int = 0


class Catalog(Database):
    """The tables of an open database. Every method is safe to call from any thread."""

    def advance(self) -> None:
        """Count one more change: stores that reflect an earlier one are behind."""
        self.put("generation", str(int(self.get("generation") or 0) + 1))

    def _among(self, values: Iterable[Any]) -> Iterator[tuple[str, list[Any]]]:
        """`among` for as many values at a time as one statement may take."""
        values = list(values)
        for start in range(0, len(values), CHUNK):
            yield self.among(values[start : start + CHUNK])

    # Documents

    def add(
        self,
        document: Document,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
        stamp: FileStamp | None = None,
        *,
        reading: int = 0,
        container: str | None = None,
    ) -> None:
        """Write a document with its passages, in place of an earlier one of the same id.

        ``vectors``: [len(passages), dimensions], kept as float16. ``reading`` is the revision of
        what read its file; ``container`` the id of the document of the file that it is in. With
        the earlier document all that was in its file is removed.
        """
        columns = {
            **_columns(document),
            "metadata": json.dumps(self.plain(dict(document.metadata)), ensure_ascii=False),
            **dict(zip(_STAMP, _stamped(stamp), strict=True)),
            "reading": reading,
            "container": container,
        }
        self.remove([document.id])
        ((number,),) = self.rows(
            f"INSERT INTO documents ({', '.join(columns)}) VALUES ({_marks([*columns])})"
            " RETURNING number",
            [*columns.values()],
        )
        self._add_passages(number, passages, vectors)

    def plain(self, metadata: dict[str, Any]) -> dict[str, Any]:
        """A document's metadata as this database can keep and read them as JSON."""
        return metadata

    def remove(self, ids: Iterable[str]) -> int:
        """Remove documents by id, with their passages; the number of those that were there.

        With a file's document go those of the files in it. A file of which only such a one is
        removed counts as changed: the next sync reads it again.
        """
        removed = 0
        for these, values in self._among(ids):
            self.execute(
                "UPDATE documents SET size = -1, modified = -1, file_hash = NULL"
                f" WHERE id IN (SELECT container FROM documents WHERE id {these})",
                values,
            )
            removed += self.execute(f"DELETE FROM documents WHERE id {these}", values)
            self.execute(f"DELETE FROM documents WHERE container {these}", values)
        return removed

    def containers(self, ids: Iterable[str]) -> dict[str, str | None]:
        """Of the documents that there are, by id: that of the file they are in, or None."""
        rows: list[tuple[str, str | None]] = []
        for these, values in self._among(list(ids)):
            rows += self.rows(f"SELECT id, container FROM documents WHERE id {these}", values)
        return dict(rows)

    def has(self, id: str) -> bool:
        """Whether there is a document of this id."""
        return bool(self.rows("SELECT 1 FROM documents WHERE id = ?", [id]))

    def documents(self) -> list[DocumentInfo]:
        """Every document, by id."""
        rows = self.rows(
            "SELECT id, title, source, language, (SELECT count(*) FROM passages WHERE"
            f" document = documents.number), {self.dialect.date}, hash FROM documents ORDER BY id"
        )
        return [DocumentInfo(*row) for row in rows]

    def names(self) -> list[DocumentName]:
        """What every document is called, by id."""
        rows = self.rows(f"SELECT id, title, {self.dialect.date} FROM documents ORDER BY id")
        return [DocumentName(*row) for row in rows]

    def document(self, id: str) -> Document:
        """One document with its text; DocumentNotFoundError when there is none of that id."""
        rows = self.rows(
            "SELECT id, text, title, source, language, page_starts, metadata, blocks, page_labels,"
            " page_confidences, notices FROM documents WHERE id = ?",
            [id],
        )
        if not rows:
            raise DocumentNotFoundError(id)
        id, text, title, source, language, page_starts, metadata, *rest = rows[0]
        blocks, labels, confidences, notices = rest
        return Document(
            id,
            text,
            title,
            source,
            language,
            tuple(json.loads(page_starts)),
            json.loads(metadata),
            blocks_of(blocks),
            tuple(json.loads(labels)),
            tuple(json.loads(confidences)),
            notices_of(notices),
        )

    def notices(self) -> dict[str, tuple[Notice, ...]]:
        """What of the files is not in the documents' texts, by document id."""
        rows = self.rows("SELECT id, notices FROM documents WHERE notices != '[]' ORDER BY id")
        return {id: notices_of(notices) for id, notices in rows}

    def origins(self, ids: Iterable[str]) -> dict[str, Origin]:
        """Titles, sources and dates by document id; unknown ids are left out."""
        origins = {}
        for these, values in self._among(ids):
            for id, title, source, date, digest, labels, confidences, *rest in self.rows(
                f"SELECT id, title, source, {self.dialect.date}, hash, page_labels,"
                f" page_confidences, language, metadata FROM documents WHERE id {these}",
                values,
            ):
                language, metadata = rest
                pages = listed(labels), listed(confidences)
                origins[id] = Origin(
                    title, source, date, digest, *pages, language, json.loads(metadata)
                )
        return origins

    def numbers(self, ids: Iterable[str]) -> dict[str, int]:
        """The documents' numbers, by id; unknown ids are left out."""
        ids = list(ids)
        rows: list[tuple[str, int]] = []
        for these, values in self._among(ids):
            rows += self.rows(f"SELECT id, number FROM documents WHERE id {these}", values)
        return dict(rows)

    def matching(
        self, sql: str, values: Sequence[Any], among: Sequence[str] | None = None
    ) -> list[str]:
        """The ids of the documents, of all or of those ``among`` these ids, that a condition of
        `index.storage.conditions.condition` holds for.
        """
        if among is None:
            return [id for (id,) in self.rows(f"SELECT id FROM documents WHERE {sql}", values)]
        return [
            id
            for these, wanted in self._among(among)
            for (id,) in self.rows(
                f"SELECT id FROM documents WHERE id {these} AND ({sql})", [*wanted, *values]
            )
        ]

    # Files

    def files(self, path: str) -> list[IndexedFile]:
        """The documents of files in a folder, at any depth, or of the file at this path.

        Those of files in files are not among them.
        """
        rows = self.rows(
            "SELECT id, source, title, reading, root, size, modified, file_hash FROM documents"
            f" WHERE root IS NOT NULL AND {WITHIN}",
            _within(path),
        )
        return [
            IndexedFile(id, source, title, FileStamp(*stamp), reading)
            for id, source, title, reading, *stamp in rows
        ]

    def move(self, id: str, new: str, source: str, stamp: FileStamp) -> None:
        """A document's file lies elsewhere now; its text, passages and vectors are as they were.

        So do the files in it.
        """
        for inner, inner_source, old in self.rows(
            "SELECT held.id, held.source, file.source FROM documents AS held"
            " JOIN documents AS file ON file.id = held.container WHERE file.id = ?",
            [id],
        ):
            moved = new + inner.removeprefix(id)
            moved = moved if moved == inner else numbered(moved, self.has)
            self.execute(
                "UPDATE documents SET id = ?, source = ?, container = ? WHERE id = ?",
                [moved, source + inner_source.removeprefix(old), new, inner],
            )
        self.execute(
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
        self.execute(f"DELETE FROM failures WHERE {WITHIN}", _within(path))
        for kind, problems in enumerate((failed, skipped)):
            self.execute_many(
                "INSERT INTO failures (source, root, reason, skipped, size, modified)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET"
                " root = excluded.root, reason = excluded.reason, skipped = excluded.skipped,"
                " size = excluded.size, modified = excluded.modified",
                [
                    (source, path, reason, kind, *_stamped(stamps.get(source))[1:3])
                    for source, reason in problems.items()
                ],
            )

    def forget_failures_before(self, reading: int) -> None:
        """Let the next sync try all files again that failed before this revision of the reading.

        Their reasons stay until then. Another revision is recorded, so it is done once.
        """
        if self.get(_READING) == str(reading):
            return
        with self.transaction():
            self.execute("UPDATE failures SET size = NULL, modified = NULL")
            self.put(_READING, str(reading))

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
        rows = self.rows("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)")
        return Counts(*rows[0])

    # Passages

    def _add_passages(
        self, number: int, passages: Sequence[Passage], vectors: NDArray[np.float32]
    ) -> None:
        """Write the passages of the document with this number; vectors: [passages, dimensions]."""
        self.execute_many(
            'INSERT INTO passages (document, start, "end", text, paragraph, page,'
            " paragraph_breaks, page_breaks, language, context, role, vector, digest, crc,"
            f" blocks, header) VALUES ({_marks(range(16))})",
            (
                _row(number, passage, vector)
                for passage, vector in zip(passages, vectors, strict=True)
            ),
        )
        self.hold_vectors(number, vectors)

    def hold_vectors(self, number: int, vectors: NDArray[np.float32]) -> None:
        """Have the vectors of a new document's passages, [passages, dimensions], searched.

        Part of the transaction that writes them. Nothing, where an engine follows the catalog.
        """

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
            for these, values in self._among(list(documents)):
                rows += self.rows(f"SELECT id FROM passages WHERE document {these}", values)
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
            for these, values in self._among(map(int, ids))
            for row in self.rows(f"{_PASSAGES} WHERE p.id {these}", values)
        }

    def words(self, ids: Sequence[int]) -> dict[int, Words]:
        """The words of passages by id, in half the time of `passages`; ids gone are left out."""
        words: dict[int, Words] = {}
        for these, values in self._among(map(int, ids)):
            rows = self.rows(
                f"SELECT id, document, language, text FROM passages WHERE id {these}", values
            )
            words |= {row[0]: Words._make(row) for row in rows}
        return words

    def passages_of(self, document_id: str, limit: int | None = None) -> list[Passage]:
        """The passages of the document with this id in their order, ``limit`` at most."""
        rows = self.rows(
            f"{_PASSAGES} WHERE d.id = ? ORDER BY p.start LIMIT ?",
            [document_id, _ALL if limit is None else limit],
        )
        return [_passage(row) for row in rows]

    def places(self, ids: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """The offsets of passages by id, in their order, by the number of their document."""
        places: dict[int, list[tuple[int, int]]] = {}
        for these, values in self._among(map(int, ids)):
            for number, *span in self.rows(
                f'SELECT document, start, "end" FROM passages WHERE id {these}', values
            ):
                places.setdefault(number, []).append(tuple(span))
        return {number: sorted(spans) for number, spans in places.items()}

    def spans(self, number: int) -> list[tuple[int, int]]:
        """The offsets of all passages of the document with this number, in order."""
        return self.rows(
            'SELECT start, "end" FROM passages WHERE document = ? ORDER BY start', [number]
        )

    def text(self, number: int) -> str:
        """The text of the document with this number, empty where there is none."""
        rows = self.rows("SELECT text FROM documents WHERE number = ?", [number])
        return rows[0][0] if rows else ""

    def ids(self) -> dict[int, str]:
        """The ids of all documents, by number, in the order of the ids."""
        return dict(self.rows("SELECT number, id FROM documents ORDER BY id"))

    def copies(self, passages: Iterable[Passage]) -> NDArray[np.int64]:
        """The ids of all passages with the searched text of one of these, ascending."""
        rows = []
        for these, values in self._among({text_digest(p.indexed_text) for p in passages}):
            rows += self.rows(f"SELECT id FROM passages WHERE digest {these}", values)
        return np.sort(np.array([id for (id,) in rows], dtype=np.int64))

    def indexed_texts(self, ids: Sequence[int]) -> Iterator[tuple[int, int, str | None, str]]:
        """Of passages by id: id, document's number, language, and the text to be searched."""
        for these, values in self._among(map(int, ids)):
            for id, number, language, context, text in self.rows(
                f"SELECT id, document, language, context, text FROM passages WHERE id {these}",
                values,
            ):
                yield id, number, language, searched(context, text)

    # Vectors

    def vectors(
        self, ids: Iterable[int]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """The passages' vectors, float32, with their ids, in blocks."""
        for these, values in self._among(map(int, ids)):
            rows = self.rows(f"SELECT id, vector FROM passages WHERE id {these}", values)
            if rows:
                block = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float16)
                yield (
                    np.array([row[0] for row in rows], dtype=np.int64),
                    block.reshape(len(rows), -1).astype(np.float32),
                )

    def replace_vectors(self, digests: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Give the passages of these texts other vectors, [len(digests), dimensions]."""
        blobs = [vector.astype(np.float16).tobytes() for vector in vectors]
        self.execute_many(
            "UPDATE passages SET vector = ?, crc = ? WHERE digest = ?",
            ((blob, zlib.crc32(blob), digest) for digest, blob in zip(digests, blobs, strict=True)),
        )

    def known_vectors(self, digests: Sequence[bytes]) -> Vectors:
        """What is embedded already, in whichever document: `text_digest` -> vector."""
        known: Vectors = {}
        for table in ("passages", "spare"):
            for these, values in self._among(d for d in digests if d not in known):
                rows = self.rows(
                    f"SELECT DISTINCT digest, vector FROM {table} WHERE digest {these}", values
                )
                for digest, blob in rows:
                    known[digest] = np.frombuffer(blob, np.float16).astype(np.float32)
        return known

    def known_digests(self, limit: int) -> list[bytes]:
        """The digests of what is embedded already; where there are more, of what is kept alone."""
        kept = [digest for (digest,) in self.rows("SELECT digest FROM spare")]
        if self.counts().passages > limit:
            return kept
        rows = self.rows("SELECT DISTINCT digest FROM passages WHERE digest IS NOT NULL")
        return [*kept, *(digest for (digest,) in rows)]

    def keep_vectors(self, vectors: Vectors) -> None:
        """Keep vectors whose document is not written yet: the write may be interrupted."""
        self.execute_many(
            "INSERT INTO spare (digest, vector) VALUES (?, ?) ON CONFLICT DO NOTHING",
            ((digest, vector.astype(np.float16).tobytes()) for digest, vector in vectors.items()),
        )

    def keep_vectors_of(self, id: str) -> None:
        """Keep the vectors of a document, and of those in its file, about to be removed.

        Its paragraphs may come back in another document, and need not be embedded again.
        """
        self.execute(
            "INSERT INTO spare SELECT digest, vector FROM passages WHERE digest IS NOT NULL"
            " AND document IN (SELECT number FROM documents WHERE id = ? OR container = ?)"
            " ON CONFLICT DO NOTHING",
            [id, id],
        )

    def has_kept_vectors(self) -> bool:
        """Whether vectors are kept, as they are during a write and after an interrupted one."""
        return bool(self.rows("SELECT 1 FROM spare LIMIT 1"))

    def forget_kept_vectors(self) -> None:
        """Forget the vectors that were kept; called when a write is complete."""
        self.execute("DELETE FROM spare")


class SqliteCatalog(Catalog, SqliteDatabase):
    """A catalog in a file. To count a million passages takes 60 ms: it is done once a change."""

    def counts(self) -> Counts:
        """The number of documents and of passages."""
        return self.unchanged("counts", super().counts)

    def state(self) -> tuple[int, int]:
        """The number of passages and the largest id."""
        return self.unchanged("state", super().state)


def _columns(document: Document) -> dict[str, str | None]:
    """What the catalog keeps of a document itself."""
    return {
        "id": document.id,
        "text": document.text,
        "title": document.title,
        "source": document.source,
        "language": document.language,
        "page_starts": json.dumps(document.page_starts),
        "hash": content_hash(document.text),
        "blocks": blocks_json(document.blocks),
        "page_labels": json.dumps(document.page_labels, ensure_ascii=False),
        "page_confidences": json.dumps(document.page_confidences),
        "notices": notices_json(document.notices),
    }


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


def _passage(row: Sequence[Any]) -> Passage:
    """The passage in a row of _PASSAGES."""
    document, start, end, text, paragraph, page, breaks, pages, language, context, *rest = row[1:]
    role, blocks, header = rest
    # Most passages have no breaks and no blocks, and a search brings two hundred passages.
    return Passage(
        document,
        start,
        end,
        text,
        paragraph,
        page,
        listed(breaks),
        listed(pages),
        language,
        context,
        _ROLES.get(role, Role.BODY),
        blocks_of(blocks) if blocks else (),
        header,
    )


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
        passage.role.value,
        blob,
        text_digest(passage.indexed_text),
        zlib.crc32(blob),
        blocks_json(passage.blocks) if passage.blocks else "",
        passage.header,
    )


def _marks(values: Sequence[Any]) -> str:
    """As many parameters as there are values."""
    return ",".join("?" * len(values))
