"""The index: a folder in which documents become searchable.

The catalog (SQLite) is written first, in transactions; the FAISS and tantivy files are then brought
in step with it, by comparing ids. So a crash between the two costs nothing: the next opening, or
the next write, completes them.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from index import language, passages
from index.catalog import Catalog, DocumentInfo, FileStamp, Origin
from index.checks import check, encodable
from index.embedders import DEFAULT_MODEL, Embedder, load
from index.errors import (
    DocumentError,
    IndexLockedError,
    IndexStateError,
    ModelError,
    ModelMismatchError,
    QuestionError,
)
from index.lexical import Lexical
from index.stores import Stores
from index.sync import Progress, Report, Stamped, sync
from index.types import Candidate, Document, Passage
from index.vectors import VectorStore

__all__ = ["Index"]

CATALOG = "catalog.sqlite"
EMBED_AT_ONCE = 256  # passages: enough to batch by length, few enough to write often
LOCK_SECONDS = 10

Split = tuple[Document, list[Passage], FileStamp | None]


class Index:
    """An open index; made by `Index.open`, closed by ``with`` or `close`. Safe for threads."""

    def __init__(self, path: Path, catalog: Catalog, model: str | Embedder | None) -> None:
        self.path = path
        self.catalog = catalog
        self._given = model
        self._model: Embedder | None = None
        self._stores = Stores(path, catalog)
        self._lock = RLock()

    @classmethod
    def open(
        cls, path: str | Path, *, create: bool = False, model: str | Embedder | None = None
    ) -> "Index":
        """Open the index in a folder, or make one with ``create``.

        ``model`` names the embedding model of a new index (`index.embedders.load`); an index that
        exists knows its own, and another is refused. Raises IndexNotFoundError,
        IndexDamagedError, IndexStateError, ModelMismatchError or ModelError.
        """
        path = Path(path)
        embedder = None
        try:
            if create and not (path / CATALOG).exists():
                # The model first: a name that cannot be loaded must leave no folder behind.
                embedder = load(model) if isinstance(model, str | None) else model
                path.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as exc:
            reason = getattr(exc, "strerror", None) or exc
            raise IndexStateError(f"The index folder {path} cannot be made: {reason}.") from exc
        index = cls(path, Catalog(path / CATALOG, create=create), model)
        try:
            # Without an identity, whoever made the catalog was stopped before recording it.
            if create and index.catalog.get("identity") is None:
                index._record(embedder or (load(model) if isinstance(model, str | None) else model))
            elif model is not None:
                index.model  # noqa: B018  # loads it and compares
        except BaseException:  # also an interrupt while a model loads
            index.close()
            raise
        return index

    def __enter__(self) -> "Index":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close it; the index cannot be used afterwards."""
        self.catalog.close()

    # The embedding model

    @property
    def model(self) -> Embedder:
        """The embedding model, loaded when first used."""
        with self._lock:
            if self._model is None:
                recorded = self.catalog.get("model") or DEFAULT_MODEL
                given = recorded if self._given is None else self._given
                model = load(given) if isinstance(given, str) else given
                identity = self.catalog.get("identity")
                if model.identity != identity:
                    raise ModelMismatchError(
                        f"The index in {self.path} was made with the model {identity}, not "
                        f"{model.identity}: use that one, or index the documents in another folder."
                    )
                self._model = model
            return self._model

    def _record(self, model: Embedder) -> None:
        with self.catalog.transaction():
            if self.catalog.get("identity") is not None:
                return  # another process was faster; `model` compares when it is first used
            self.catalog.put("model", model.name)
            self.catalog.put("identity", model.identity)
            self.catalog.put("dimensions", str(model.dimensions))
            self.catalog.put("generation", "0")
            self._model = model

    # Writing

    def sync(self, *paths: str | Path, on_progress: Progress | None = None) -> Report:
        """Make the index equal to these folders and files; see `index.sync.sync`."""
        with self._writing():
            return sync(self.catalog, self._write, [Path(path) for path in paths], on_progress)

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents, each in place of an earlier one of the same id; the number of passages.

        Raises DocumentError for a document without text; those before it are kept.
        """
        with self._writing():
            return sum(self._write((document, None) for document in documents))

    def remove(self, ids: Iterable[str]) -> int:
        """Remove documents by id; the number of those that were there."""
        with self._writing(), self.catalog.transaction():
            removed = self.catalog.remove(id for id in ids if encodable(id))
            self.catalog.advance()
        return removed

    def _write(
        self, documents: Iterable[Stamped], failed: dict[str, str] | None = None
    ) -> Iterator[int]:
        """Embed and write documents; yields the passages of each group of documents written.

        A document without text is added to ``failed``, or raised without it.
        """
        group: list[Split] = []
        for document, stamp in documents:
            try:
                group.append((*self._split(document), stamp))
            except DocumentError as exc:
                if failed is None:
                    if group:
                        yield self._write_group(group)
                    raise
                failed[exc.source] = exc.reason
            if sum(len(split) for _, split, _ in group) >= EMBED_AT_ONCE:
                yield self._write_group(group)
                group = []
        if group:
            yield self._write_group(group)

    def _split(self, document: Document) -> tuple[Document, list[Passage]]:
        check(document)
        found = document.language or language.detect(document.text)
        if found != document.language:
            document = dataclasses.replace(document, language=found)
        split = passages.split(document, self.model.count_tokens, self.model.max_tokens)
        if not split:
            raise DocumentError(document.source or document.id, "has no text to index")
        return document, split

    def _write_group(self, group: Sequence[Split]) -> int:
        known: dict[str, NDArray[np.float32]] = {}
        for document, _, _ in group:
            known |= self.catalog.known_vectors(document.id)
        texts = {passage.indexed_text for _, split, _ in group for passage in split}
        new = sorted(texts - known.keys())
        if new:
            known |= dict(zip(new, self._embed(new), strict=True))
        with self.catalog.transaction():
            for document, split, stamp in group:
                vectors = np.stack([known[passage.indexed_text] for passage in split])
                self.catalog.add(document, split, vectors, stamp)
            self.catalog.advance()
        return sum(len(split) for _, split, _ in group)

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = self.model.embed_passages(texts)
        shape = (len(texts), int(self.catalog.get("dimensions") or 0))
        if vectors.shape != shape or not np.isfinite(vectors).all():
            raise ModelError(
                f"The model {self.model.name} gave no usable vectors: {shape[1]} finite numbers "
                "for each text were expected; use another model."
            )
        return vectors

    @contextmanager
    def _writing(self, wait: float | None = None) -> Iterator[None]:
        """Hold the writer's lock; on leaving, also after an error, the stores are in step.

        ``wait``: seconds for the lock to come free, LOCK_SECONDS by default.
        """
        from filelock import FileLock, Timeout

        lock = FileLock(self.path / "writer.lock", timeout=LOCK_SECONDS if wait is None else wait)
        try:
            lock.acquire()
        except Timeout as exc:
            raise IndexLockedError(
                f"Another process is writing to the index in {self.path}: wait until it has ended."
            ) from exc
        except OSError as exc:
            raise IndexStateError(f"The index in {self.path} cannot be written: {exc}.") from exc
        try:
            try:
                yield
            finally:
                # Guarded only now: other threads search while documents are embedded.
                with self._lock:
                    self._stores.repair()
        finally:
            lock.release()

    def _ready(self) -> tuple[VectorStore, Lexical]:
        """The derived stores as last published; in step if no writer is at work."""
        with self._lock:
            in_step = self._stores.refresh()
        if not in_step:
            # The last writer was interrupted, and leaving the lock completes its work; or one is
            # at work, and what was published last is searched.
            with suppress(IndexLockedError), self._writing(wait=0):
                pass
        with self._lock:
            return self._stores.vectors, self._stores.lexical

    # Reading

    def candidates(
        self, question: str, k: int = 100, documents: Sequence[str] | None = None
    ) -> list[Candidate]:
        """The passages that the k best by vector and the k best by BM25 bring up, unranked.

        ``documents`` limits the search to documents with these ids. Raises QuestionError for a
        question that is no text.
        """
        if not encodable(question):
            raise QuestionError("The question holds half a character: write it anew.")
        vectors, lexical = self._ready()
        (query,) = self.model.embed_queries([question])
        numbers = only = None
        if documents is not None:
            numbers = list(self.catalog.numbers(filter(encodable, documents)).values())
            only = self.catalog.passage_ids(numbers)
        dense_ids, cosines = vectors.search(query, k, only)
        lexical_ids, weights = lexical.search(question, k, numbers)
        dense = dict(zip(dense_ids.tolist(), cosines.tolist(), strict=True))
        scores = dict(zip(lexical_ids.tolist(), weights.tolist(), strict=True))
        missing = [id for id in scores if id not in dense]
        dense |= dict(zip(missing, vectors.scores(query, missing).tolist(), strict=True))
        found = self.catalog.passages(list(dense))
        return [
            Candidate(id, found[id], dense[id], scores.get(id))
            for id in dense
            if id in found and dense[id] == dense[id]  # neither removed since nor without vector
        ]

    def idf(self, words: Iterable[str], language: str | None) -> dict[str, float]:
        """BM25's inverse document frequency of words that `index.lexical.analyse` gave."""
        return self._ready()[1].idf(words, language)

    def origins(self, ids: Iterable[str]) -> dict[str, Origin]:
        """Titles and sources by document id."""
        return self.catalog.origins(filter(encodable, ids))

    def documents(self) -> list[DocumentInfo]:
        """Every document of the index, by id, without its text."""
        return self.catalog.documents()

    def document(self, id: str) -> Document:
        """One document with its text; KeyError when there is none of that id."""
        if not encodable(id):
            raise KeyError(id)
        return self.catalog.document(id)
