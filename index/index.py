"""The index: a folder in which documents become searchable.

The catalog (SQLite) is written first, in transactions; the FAISS and tantivy files are then brought
in step with it, by comparing ids. So a crash between the two costs nothing: the next opening, or
the next write, completes them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING

from index.catalog import Catalog, DocumentInfo, Origin
from index.checks import encodable
from index.embedders import DEFAULT_MODEL, Embedder, load
from index.errors import (
    IndexLockedError,
    IndexNotFoundError,
    IndexStateError,
    ModelMismatchError,
    QuestionError,
)
from index.lexical import Lexical
from index.lock import writing
from index.stores import Stores
from index.sync import Progress, Report, sync
from index.types import Candidate, Document
from index.vectors import VectorStore
from index.writer import Writer

if TYPE_CHECKING:
    from index.health import Health
    from index.verify import Verification

__all__ = ["Index"]

CATALOG = "catalog.sqlite"
LOCK_SECONDS = 10


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
            if index.catalog.get("identity") is None:
                index._finish(create=create, embedder=embedder)
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

    def _finish(self, *, create: bool, embedder: Embedder | None) -> None:
        """Record the model of an index that is being made."""
        if not create:
            raise IndexNotFoundError(
                f"There is no index in {self.path}: make one with qa index FOLDER."
            )
        given = self._given
        model = embedder or (load(given) if isinstance(given, str | None) else given)
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
        """Make the index equal to these folders and files; see `index.sync.sync`.

        What is done so far can be searched while the rest is read. An interruption (Ctrl-C, or an
        error that ``on_progress`` raises) leaves it whole, and the next sync goes on from there.
        """
        with self._writing():
            return sync(
                self.catalog,
                self._writer(),
                [Path(path) for path in paths],
                self.path,
                self._publish,
                on_progress,
            )

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents, each in place of an earlier one of the same id; the number of passages.

        Raises DocumentError for a document without text; those before it are kept.
        """
        with self._writing():
            stamped = ((document, None) for document in documents)
            written = [one for group in self._writer().write(stamped) for one in group]
            self.catalog.clear_spare()
            return sum(one.passages for one in written)

    def remove(self, ids: Iterable[str]) -> int:
        """Remove documents by id; the number of those that were there."""
        with self._writing(), self.catalog.transaction():
            removed = self.catalog.remove(id for id in ids if encodable(id))
            self.catalog.advance()
        return removed

    def _writer(self) -> Writer:
        return Writer(self.catalog, lambda: self.model, lambda: self._publish(last=False))

    def _publish(self, *, last: bool = True) -> None:
        # Guarded only now: other threads search while documents are embedded, or codes made.
        successor = self._stores.successor(last=last)
        with self._lock:
            self._stores.publish(successor, last=last)

    @contextmanager
    def _writing(self, wait: float | None = None) -> Iterator[None]:
        """Hold the writer's lock; on leaving, also after an error, the stores are in step.

        ``wait``: seconds for the lock to come free, LOCK_SECONDS by default.
        """
        with writing(self.path, LOCK_SECONDS if wait is None else wait):
            try:
                yield
            finally:
                self._publish()

    def _ready(self) -> tuple[VectorStore, Lexical]:
        """The derived stores as last published; in step if no writer is at work."""
        with self._lock:
            in_step = self._stores.refresh()
        if not in_step:
            # The last writer was interrupted, and leaving the lock completes its work; or one is
            # at work, and what was published last is searched.
            try:
                with self._writing(wait=0):
                    pass
            except IndexLockedError:
                pass
            except IndexStateError:
                # Nothing can be written: a folder to be read only, or a full disk.
                with self._lock:
                    self._stores.in_memory()
        with self._lock:
            return self._stores.vectors, self._stores.lexical

    # Health

    def health(self) -> "Health":
        """What is in the index and what is wrong with it, by one look at each file's entry."""
        from index.health import health

        return health(self.catalog, self.path)

    def verify(self) -> "Verification":
        """Prove that catalog, derived stores and folders agree, by reading all of them."""
        from index.verify import verify

        return verify(self.catalog, self.path)

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

    def size(self, id: str) -> int:
        """The number of a document's passages; 0 when there is none of that id."""
        return self.catalog.size(id) if encodable(id) else 0

    def documents(self) -> list[DocumentInfo]:
        """Every document of the index, by id, without its text."""
        return self.catalog.documents()

    def document(self, id: str) -> Document:
        """One document with its text; KeyError when there is none of that id."""
        if not encodable(id):
            raise KeyError(id)
        return self.catalog.document(id)
