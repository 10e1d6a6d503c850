"""An index copied to another place: from a folder or a server to a folder or a server.

Rows go from catalog to catalog, and nothing is embedded again; what is searched beside the new
catalog is made from its vectors, at the end. Each document is a part of one transaction and can be
compared by its checksums, so what is there need not be recorded: a copy that was stopped compares,
and goes on. While it is not complete, the new index has a mark and cannot be opened.
"""

import hashlib
import json
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import IndexDamagedError, IndexNotFoundError, IndexStateError
from index.storage.catalog import Catalog
from index.storage.database import COPYING, ENGINE, RENEWAL
from index.storage.engines import engine_in, open_engine
from index.storage.opening import Place, exists, make_place, open_catalog
from index.storage.schema import searched
from index.text.hashing import content_hash, text_digest

__all__ = ["Copied", "CopyProgress", "copy"]

LOCK_SECONDS = 10
PASSAGES = 500  # of one transaction, so many or one document more
ROUNDS = 3  # in which changes of what is copied are followed
_ALWAYS = ("identity", "model", "dimensions", "generation", "folders", "disks", "reading")
_DOCUMENT = (
    "id", "title", "source", "language", "page_starts", "metadata", "root", "size", "modified",
    "hash", "file_hash", "blocks", "page_labels", "page_confidences", "notices", "reading",
    "container", "text",
)  # fmt: skip
_PASSAGE = (
    "start", '"end"', "paragraph", "page", "paragraph_breaks", "page_breaks", "language", "role",
    "digest", "crc", "blocks", "header", "context", "text", "vector",
)  # fmt: skip
# Of both, the last ones are long; their checksums stand before them.
_TEXT, _CONTEXT, _VECTOR = len(_DOCUMENT) - 1, len(_PASSAGE) - 3, len(_PASSAGE) - 1
_HASH, _DIGEST, _CRC = _DOCUMENT.index("hash"), _PASSAGE.index("digest"), _PASSAGE.index("crc")
_FAILURE = ("source", "root", "reason", "skipped", "size", "modified")

CopyProgress = Callable[[int, int, str], object]
"""Called with the documents that are done, their number in all, and the id of the last one."""
Row = Sequence[Any]


@dataclass(slots=True)
class Copied:
    """What a copy did: ``copied`` documents were written now, ``present`` ones were there.

    ``checksum`` is that of all documents and passages, read back and equal on both sides: SHA-256,
    hexadecimal. ``rounds``: how often it began anew because what was copied changed meanwhile.
    ``seconds`` is wall-clock time.
    """

    source: str
    target: str
    documents: int = 0
    passages: int = 0
    copied: int = 0
    present: int = 0
    checksum: str = ""
    rounds: int = 0
    seconds: float = 0.0


def copy(
    source: Place,
    target: Place,
    *,
    engine: str | None = None,
    on_progress: CopyProgress | None = None,
) -> Copied:
    """Copy the index at one place to another, where there is none, and compare both.

    All comes along: texts, vectors, files in files, stamps of files, folders, reasons of failures,
    settings, the model's identity. ``engine``: the address of what is searched beside the new
    catalog (`index.storage.engines`). The source is only read, and may be searched and changed
    meanwhile. Where the target holds a copy of the same source that was stopped, that one goes on.
    Raises IndexNotFoundError, IndexDamagedError, IndexLockedError, IndexStateError or InputError.
    """
    started = time.monotonic()
    engine = engine_in(engine)
    origin = open_catalog(source)
    try:
        _require_whole(origin)
        copied = Copied(origin.shown, str(target))
        new = _made(target)
        try:
            with new.writing(LOCK_SECONDS):
                _begin(origin, new, source, engine)
                _follow(origin, new, copied, on_progress)
                _publish(new, engine)
        finally:
            new.close()
    finally:
        origin.close()
    copied.seconds = time.monotonic() - started
    return copied


def _require_whole(origin: Catalog) -> None:
    if origin.get("identity") is None:
        raise IndexNotFoundError(
            f"There is no index in {origin.shown}: make one with qa index FOLDER."
        )
    if origin.get(COPYING) is not None:
        raise IndexStateError(
            f"The index in {origin.shown} is a copy that was stopped: complete it first with the "
            "same qa copy."
        )
    if origin.get(RENEWAL) is not None:
        raise IndexStateError(
            f"The vectors of the index in {origin.shown} are being made anew: run qa upgrade on it "
            "first."
        )
    if (problem := origin.problem()) is not None:
        raise IndexDamagedError(
            f"The index in {origin.shown} is damaged ({problem}): index the documents again."
        )


def _made(target: Place) -> Catalog:
    try:
        if not exists(target):
            make_place(target)
    except (OSError, ValueError) as exc:
        reason = getattr(exc, "strerror", None) or exc
        raise IndexStateError(f"The index folder {target} cannot be made: {reason}.") from exc
    return open_catalog(target, create=True)


def _begin(origin: Catalog, new: Catalog, source: Place, engine: str | None) -> None:
    """Mark the target as a copy of the source; it must be empty, or have that mark."""
    shown = str(source.resolve() if isinstance(source, Path) else source)
    mark = json.dumps([shown, engine])
    found = new.get(COPYING)
    if found is None and (new.get("identity") is not None or new.counts().documents):
        raise IndexStateError(
            f"There is an index in {new.shown} already: copy to another place, or remove it first."
        )
    if found not in {None, mark}:
        raise IndexStateError(
            f"{new.shown} holds a copy of {json.loads(found or '[0]')[0]} that was stopped: "
            "complete that one, or copy to another place."
        )
    with new.transaction():
        new.put(COPYING, mark)
        for key, value in _meta(origin).items():
            new.put(key, value)
        if engine:
            new.put(ENGINE, engine)


def _follow(
    origin: Catalog, new: Catalog, copied: Copied, on_progress: CopyProgress | None
) -> None:
    """Copy and compare, again where the source was changed meanwhile."""
    for _ in range(ROUNDS):
        version = origin.version()
        _copy_documents(origin, new, copied, on_progress)
        _copy_rest(origin, new)
        wanted, found = _state(origin), _state(new, thorough=True)
        if origin.version() != version:
            copied.rounds += 1
            continue
        if wanted != found:
            raise IndexDamagedError(
                f"The copy in {new.shown} is not what was read from {origin.shown}: check both "
                "disks, remove the copy and make it again."
            )
        copied.documents, copied.passages = new.counts()
        copied.checksum = wanted
        return
    raise IndexStateError(
        f"The index in {origin.shown} is written to all the time: run the same command again when "
        "it is at rest; what was copied is kept."
    )


def _copy_documents(
    origin: Catalog, new: Catalog, copied: Copied, on_progress: CopyProgress | None
) -> None:
    """Write what the target lacks, in the order of the source, and remove what is gone."""
    there = dict(_prints(new))
    wanted = dict(_prints(origin))
    with new.transaction():
        for id, print_ in there.items():
            if wanted.get(id) != print_:
                new.execute("DELETE FROM documents WHERE id = ?", [id])
    copied.present = sum(there.get(id) == print_ for id, print_ in wanted.items())
    group: list[tuple[Row, list[Row]]] = []
    done = copied.present
    for number, id in origin.rows("SELECT number, id FROM documents ORDER BY number"):
        if there.get(id) == wanted.get(id, ""):
            continue
        if document := _read(origin, number, id):
            group.append(document)
            done += 1
        if sum(len(passages) for _, passages in group) >= PASSAGES:
            copied.copied += _write(new, group)
            group = []
            if on_progress:
                on_progress(done, len(wanted), id)
    copied.copied += _write(new, group)


def _read(origin: Catalog, number: int, id: str) -> tuple[Row, list[Row]] | None:
    """A document and its passages, compared with their checksums; None where it has gone."""
    documents = origin.rows(
        f"SELECT {', '.join(_DOCUMENT)} FROM documents WHERE number = ? AND id = ?", [number, id]
    )
    if not documents:
        return None
    passages = _passages(origin, number)
    wrong = _wrong(documents[0], passages)
    if wrong:
        raise IndexDamagedError(
            f"The document {documents[0][0]} of the index in {origin.shown} is damaged ({wrong}): "
            "remove it there with qa remove, and index it again."
        )
    return documents[0], passages


def _passages(catalog: Catalog, number: int) -> list[Row]:
    return catalog.rows(
        f"SELECT {', '.join(_PASSAGE)} FROM passages WHERE document = ? ORDER BY id", [number]
    )


def _wrong(document: Row, passages: Sequence[Row]) -> str:
    """What of a document is not what its checksums say, or nothing."""
    if content_hash(document[_TEXT]) != document[_HASH]:
        return "its text"
    for row in passages:
        context, text, vector = row[_CONTEXT:]
        if row[_DIGEST] is not None and text_digest(searched(context, text)) != row[_DIGEST]:
            return "the text of a passage"
        if row[_CRC] is not None and zlib.crc32(vector) != row[_CRC]:
            return "a vector"
    return ""


def _write(new: Catalog, group: Sequence[tuple[Row, list[Row]]]) -> int:
    if not group:
        return 0
    columns = ", ".join(["document", *_PASSAGE])
    with new.transaction():
        for document, passages in group:
            ((number,),) = new.rows(
                f"INSERT INTO documents ({', '.join(_DOCUMENT)}) VALUES ({_marks(_DOCUMENT)})"
                " RETURNING number",
                document,
            )
            new.execute_many(
                f"INSERT INTO passages ({columns}) VALUES (?, {_marks(_PASSAGE)})",
                ((number, *row) for row in passages),
            )
            vectors = np.frombuffer(b"".join(row[_VECTOR] for row in passages), dtype=np.float16)
            new.hold_vectors(number, vectors.reshape(len(passages), -1).astype(np.float32))
    return len(group)


def _copy_rest(origin: Catalog, new: Catalog) -> None:
    """What is kept beside the documents, in one transaction."""
    kept = _meta(origin)
    failures = origin.rows(f"SELECT {', '.join(_FAILURE)} FROM failures")
    spare = origin.rows("SELECT digest, vector FROM spare")
    with new.transaction():
        for key in _meta(new):
            new.delete(key)
        for key, value in kept.items():
            new.put(key, value)
        new.execute("DELETE FROM failures")
        new.execute_many(
            f"INSERT INTO failures ({', '.join(_FAILURE)}) VALUES ({_marks(_FAILURE)})", failures
        )
        new.execute("DELETE FROM spare")
        new.execute_many("INSERT INTO spare (digest, vector) VALUES (?, ?)", spare)


def _meta(catalog: Catalog) -> dict[str, str]:
    """What an index records of itself, without what belongs to its place."""
    rows = catalog.rows(
        f"SELECT key, value FROM meta WHERE key IN ({_marks(_ALWAYS)}) OR key LIKE 'setting.%'",
        _ALWAYS,
    )
    return dict(sorted(rows))


def _prints(catalog: Catalog, *, thorough: bool = False) -> Iterator[tuple[str, str]]:
    """A fingerprint of each document, by id; without reading texts and vectors, but ``thorough``.

    Then those are compared with their checksums, which are part of the fingerprint.
    """
    passage = ", ".join(_PASSAGE[: None if thorough else _CONTEXT])
    document = ", ".join(_DOCUMENT[: None if thorough else _TEXT])
    for (number,) in catalog.rows("SELECT number FROM documents ORDER BY id"):
        passages = catalog.rows(
            f"SELECT {passage} FROM passages WHERE document = ? ORDER BY id", [number]
        )
        for row in catalog.rows(f"SELECT {document} FROM documents WHERE number = ?", [number]):
            digest = hashlib.sha256(repr(tuple(row[:_TEXT])).encode())
            for each in passages:
                digest.update(repr(tuple(each[:_CONTEXT])).encode())
            if thorough:
                digest.update(_wrong(row, passages).encode())
            yield row[0], digest.hexdigest()


def _state(catalog: Catalog, *, thorough: bool = False) -> str:
    """A checksum of all that a copy is to have."""
    digest = hashlib.sha256(repr(_meta(catalog)).encode())
    for each in _prints(catalog, thorough=thorough):
        digest.update(repr(each).encode())
    failures = catalog.rows(f"SELECT {', '.join(_FAILURE)} FROM failures ORDER BY source")
    digest.update(repr([tuple(row) for row in failures]).encode())
    return digest.hexdigest()


def _publish(new: Catalog, engine: str | None) -> None:
    """Make what is searched from the vectors; only a whole copy loses its mark."""
    stores = open_engine(new, engine)
    stores.publish(stores.rebuild_for_size())
    for problem in stores.problems():
        raise IndexStateError(f"The copy in {new.shown} cannot be searched: {problem}")
    with new.transaction():
        new.delete(COPYING)


def _marks(columns: Sequence[str]) -> str:
    return ", ".join("?" * len(columns))
