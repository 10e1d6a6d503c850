"""Proof that catalog, derived stores and folders agree, by reading all of them."""

import os
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from index.errors import IndexLockedError, IndexStateError
from index.storage.catalog import Catalog
from index.storage.engines import Engine
from index.storage.files import sha256
from index.storage.schema import searched
from index.sync.health import since
from index.sync.sync import synced
from index.text.hashing import content_hash, text_digest
from index.types import Role

__all__ = ["Verification", "verify"]

LOCK_SECONDS = 10
_INDEX_AGAIN = "run qa index on it again"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and every disagreement as a sentence; none when the index is right."""

    documents: int
    passages: int
    files: int
    problems: list[str]


def verify(catalog: Catalog, engine: Engine) -> Verification:
    """Check an open index; nothing is changed.

    Every text, offset and vector of the catalog is compared with the checksum that was written with
    it; the ids and vectors of FAISS's file and the ids of tantivy's with the catalog's, so that
    what was deleted is in neither; every file by its bytes with what was indexed of it. Raises
    IndexLockedError while another process writes.
    """
    folder = catalog.folder
    with ExitStack() as stack:
        try:
            stack.enter_context(catalog.writing(LOCK_SECONDS))
        except IndexLockedError:
            raise
        except IndexStateError:
            pass  # A folder to be read only: nobody writes.
        structure = catalog.problem(thorough=True)
        if structure is not None:
            return Verification(0, 0, 0, [f"The catalog's structure is damaged: {structure}."])
        documents, passages = catalog.counts()
        problems = [*_catalog(catalog), *engine.problems()]
        problems += _folders(catalog, folder)
        return Verification(documents, passages, len(catalog.files("/")), problems)


def _catalog(catalog: Catalog) -> Iterator[str]:
    dimensions = int(catalog.get("dimensions") or 0)
    if catalog.has_kept_vectors():
        yield "A sync was interrupted: run qa index again."
    for number, id in catalog.rows("SELECT number, id FROM documents ORDER BY id"):
        rows = catalog.rows("SELECT text, hash FROM documents WHERE number = ?", [number])
        for text, recorded in rows:
            if content_hash(text) != recorded:
                yield f"{id}: the text is not what was indexed; {_INDEX_AGAIN}."
            yield from _passages(catalog, number, id, text, dimensions)


def _passages(catalog: Catalog, number: int, id: str, text: str, dimensions: int) -> Iterator[str]:
    rows = catalog.rows(
        'SELECT id, start, "end", text, context, role, vector, digest, crc FROM passages'
        " WHERE document = ? ORDER BY start",
        [number],
    )
    if not rows:
        yield f"{id}: has no passages; {_INDEX_AGAIN}."
    for passage, start, end, words, context, role, vector, digest, crc in rows:
        name = f"{id}, passage {passage}"
        if words != text[start:end]:
            yield f"{name}: is not the document's text from {start} to {end}; {_INDEX_AGAIN}."
        if text_digest(searched(context, words)) != digest:
            yield f"{name}: is not the text that was embedded; {_INDEX_AGAIN}."
        if role not in set(Role):
            yield f"{name}: has no known role; {_INDEX_AGAIN}."
        if zlib.crc32(vector) != crc or len(vector) != 2 * dimensions:
            yield f"{name}: the vector is not what was written; {_INDEX_AGAIN}."


def _folders(catalog: Catalog, folder: Path) -> Iterator[str]:
    for path in synced(catalog):
        if not os.path.isdir(path):  # noqa: PTH112  # says no where Path raises
            yield f"{path}: the folder is not there; qa remove takes out its documents."
    changes = since(catalog, folder)
    failed = catalog.failures()
    for file in changes.work:
        if file.is_outdated:
            continue  # the file is as it was: what the index holds is what it said
        if file.is_indexed:
            yield f"{file.path}: has changed; {_INDEX_AGAIN}."
        elif file.path not in failed:
            yield f"{file.path}: is not indexed; {_INDEX_AGAIN}."
    for gone in changes.gone:
        yield f"{gone.source}: is gone; {_INDEX_AGAIN}."
    for _, file in changes.moved:
        yield f"{file.path}: has moved; {_INDEX_AGAIN}."
    unchanged = set(changes.unchanged)
    for indexed in catalog.files("/"):
        if indexed.id in unchanged and indexed.stamp.hash:
            try:
                same = sha256(indexed.source) == indexed.stamp.hash
            except OSError as exc:
                yield f"{indexed.source}: cannot be read ({exc.strerror}); check its permissions."
                continue
            if not same:
                yield f"{indexed.source}: has other bytes than were indexed; {_INDEX_AGAIN}."
