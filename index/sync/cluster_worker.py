"""The work of one worker of a Ray cluster: files are read, cut into passages and embedded.

It needs nothing of the index but what it is given. What it answers is checked again by the writer,
which embeds itself whatever is missing: so no answer can be lost or counted twice.
"""

import hashlib
import os
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.documents.parts import ReadOptions
from index.documents.read import READING, file_bytes
from index.embedders import Embedder, load
from index.errors import DocumentError, ModelMismatchError, QAError
from index.storage.catalog import FileStamp
from index.sync.plan import File, stamped
from index.sync.pool import CHANGES, Found, Readers
from index.sync.writer import EMBED_AT_ONCE, KEEP_FROM, CutDocument, embed, split
from index.text.hashing import text_digest
from index.types import Document

__all__ = ["ClusterWorker", "Job", "prefixes"]

FileRead = tuple[FileStamp, Found]
_OTHER_RELEASE = (
    "A worker of the Ray cluster has another release of qa, or other weights of the model: install "
    "the same on all machines."
)


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker of a sync is given.

    ``model`` loads the embedding model there: its name or folder, or itself. ``identity``,
    ``dimensions`` and ``reading`` are those of the index. ``node`` is the one on which the files
    are. ``known`` refers to the `prefixes` of the texts whose vectors the index has.
    """

    model: str | Embedder
    identity: str
    dimensions: int
    options: ReadOptions
    node: str
    known: Any
    reading: int = READING


def prefixes(digests: Sequence[bytes]) -> NDArray[np.uint64]:
    """The first 8 bytes of each digest, ascending."""
    joined = b"".join(digest[:8] for digest in digests)
    return np.unique(np.frombuffer(joined, dtype=np.uint64))


class ClusterWorker:
    """Called with a batch of files, by Ray Data, in a process of its own."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._readers = Readers(job.options)
        self._model: Embedder | None = None

    def __call__(self, batch: Mapping[str, Any]) -> Iterator[dict[str, list[Any]]]:
        """Of each file, its vectors in parts where they are many, and then what `Readers` gives.

        An answer is (stamp, found), a dictionary of vectors, or an error that ends the job.
        """
        columns = (batch[name] for name in ("place", "path", "id", "root", "size", "modified"))
        for place, path, id, root, size, modified in zip(*columns, strict=True):
            stamp = FileStamp(str(root), int(size), int(modified))
            file = File(str(path), str(id), stamp, is_indexed=False)
            try:
                for answer in self._answers(file):
                    yield {"place": [int(place)], "answer": [pickle.dumps(answer)]}
            except QAError as exc:
                yield {"place": [int(place)], "answer": [pickle.dumps(exc)]}
                return

    def _answers(self, file: File) -> Iterator[FileRead | dict[bytes, NDArray[np.float16]]]:
        model = self._loaded()
        stamp, found = self._read(file)
        if isinstance(found, DocumentError):
            yield stamp, found
            return
        documents = [_cut(document, model) for document in found]
        new = self._new_texts(documents)
        vectors: dict[bytes, NDArray[np.float16]] = {}
        for start in range(0, len(new), EMBED_AT_ONCE):
            texts, digests = zip(*new[start : start + EMBED_AT_ONCE], strict=True)
            # The catalog keeps no more of a vector than this.
            embedded = embed(model, texts, self._job.dimensions).astype(np.float16)
            vectors |= zip(digests, embedded, strict=True)
            if len(new) > KEEP_FROM:
                yield vectors
                vectors = {}
        yield stamp, [replace(documents[0], vectors=vectors), *documents[1:]]

    def _loaded(self) -> Embedder:
        """The model, loaded here at the first file: what it raises is then told as it is."""
        if self._model is None:
            from index.embedders import encoder

            encoder.MOST_THREADS = 1  # a worker has one processor
            given = self._job.model
            model = load(given) if isinstance(given, str) else given
            if model.identity != self._job.identity or self._job.reading != READING:
                raise ModelMismatchError(_OTHER_RELEASE)
            self._model = model
        return self._model

    def _read(self, file: File) -> FileRead:
        """Read a file that lies here as it does where the index is, or else is sent from there."""
        try:
            status = Path(file.path).stat()
        except OSError:
            status = None
        present = status and (status.st_size, status.st_mtime_ns)
        if present == (file.stamp.size, file.stamp.modified):
            return self._read_here(file)
        sent = _sent(file, self._job.node)
        if isinstance(sent, DocumentError):
            return file.stamp, sent
        stamp, data = sent
        with TemporaryDirectory() as folder:
            here = str(Path(folder) / Path(file.path).name)
            Path(here).write_bytes(data)
            _, found = self._read_here(replace(file, path=here))
        if isinstance(found, DocumentError):
            return stamp, DocumentError(file.path, found.reason)
        return stamp, [
            replace(each, source=file.path + (each.source or "").removeprefix(here))
            for each in found
        ]

    def _read_here(self, file: File) -> FileRead:
        for _, stamp, found in self._readers.read([file]):
            return stamp, found
        raise AssertionError

    def _new_texts(self, documents: Sequence[CutDocument]) -> list[tuple[str, bytes]]:
        """The texts of all passages that the index has no vectors of, in order, with digests."""
        import ray

        texts = {
            text_digest(passage.indexed_text): passage.indexed_text
            for document in documents
            for passage in document.passages
        }
        known: NDArray[np.uint64] = ray.get(self._job.known)
        have = {digest for digest in texts if _is_among(known, prefixes([digest])[0])}
        return sorted((text, digest) for digest, text in texts.items() if digest not in have)


def _cut(document: Document, model: Embedder) -> CutDocument:
    values = {field.name: getattr(document, field.name) for field in fields(Document)}
    try:
        kept, passages = split(document, model)
    except DocumentError as exc:
        return CutDocument(**values, reason=exc.reason)
    return CutDocument(**values, kept=kept, passages=passages)


def _is_among(known: NDArray[np.uint64], prefix: np.uint64) -> bool:
    place = int(np.searchsorted(known, prefix))
    return place < len(known) and known[place] == prefix


def _sent(file: File, node: str) -> tuple[FileStamp, bytes] | DocumentError:
    """A file's stamp and bytes, from the machine on which it lies."""
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    there = NodeAffinitySchedulingStrategy(node, soft=False)
    task = ray.remote(_bytes).options(num_cpus=0, scheduling_strategy=there)
    sent: tuple[FileStamp, bytes] | DocumentError = ray.get(task.remote(file.path, file.stamp.root))
    return sent


def _bytes(path: str, root: str) -> tuple[FileStamp, bytes] | DocumentError:
    """A file's stamp and bytes; once more when it changed meanwhile."""
    try:
        for _ in range(2):
            before = os.stat(path)  # noqa: PTH116
            data = file_bytes(Path(path))
            if _state(before) == _state(os.stat(path)):  # noqa: PTH116
                return stamped(root, before, hashlib.sha256(data).hexdigest()), data
    except DocumentError as exc:
        return exc
    except OSError:
        pass  # it was removed, or taken away from us, in this moment
    return DocumentError(path, CHANGES)


def _state(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ino
