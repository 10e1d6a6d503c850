"""The index: a folder in which documents become searchable.

The catalog (SQLite) is written first, in transactions; the FAISS and tantivy files are then brought
in step with it, by comparing ids. So a crash between the two costs nothing: the next opening, or
the next write, completes them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

import numpy as np
from numpy.typing import NDArray

from index.arguments import ids_in, path_of, positive, question_of
from index.catalog import Catalog, DocumentInfo, Origin
from index.embedders import DEFAULT_MODEL, Embedder, load
from index.errors import (
    DocumentNotFoundError,
    IndexLockedError,
    IndexNotFoundError,
    IndexStateError,
    InputError,
    ModelMismatchError,
)
from index.lexical import Lexical
from index.lock import writing
from index.search import Questions, candidates
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
        self._questions = Questions()

    @classmethod
    def open(
        cls, path: str | Path, *, create: bool = False, model: str | Path | Embedder | None = None
    ) -> "Index":
        """Open the index in a folder, or make one with ``create``.

        ``model`` names the embedding model of a new index (`index.embedders.load`); an index that
        exists knows its own, and another is refused. Raises IndexNotFoundError,
        IndexDamagedError, IndexStateError, ModelMismatchError, ModelError or InputError.
        """
        path = path_of(path)
        model = model if isinstance(model, Embedder | str | None) else str(path_of(model))
        embedder = None
        try:
            if create and not (path / CATALOG).exists():
                # The model first: a name that cannot be loaded must leave no folder behind.
                embedder = model if isinstance(model, Embedder) else load(model)
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

    def __reduce__(self) -> NoReturn:
        raise IndexStateError(
            f"An open index cannot be copied or sent to another process: open {self.path} there."
        )

    # The embedding model

    @property
    def model(self) -> Embedder:
        """The embedding model, loaded when first used."""
        self.catalog.check_process()
        with self._lock:
            if self._model is None:
                recorded = self.catalog.get("model") or DEFAULT_MODEL
                given = recorded if self._given is None else self._given
                model = load(given) if isinstance(given, str) else given
                identity = self.catalog.get("identity") or ""
                if not model.is_known_as(identity):
                    made, other = _named(recorded, identity), _named(model.name, model.identity)
                    raise ModelMismatchError(
                        f"The index in {self.path} was made with the model {made}, not {other}: "
                        "use that one, or index the documents in another folder."
                    )
                self._model = model
            return self._model

    def embed_question(self, question: str) -> NDArray[np.float32]:
        """The vector of a question, to be read only; the last ones are remembered."""
        return self._questions.vector(question, self.model)

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
        folders = [path_of(path) for path in paths]
        with self._writing():
            return sync(
                self.catalog,
                self._writer(),
                folders,
                self.path,
                self._publish,
                on_progress,
            )

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents, each in place of an earlier one of the same id; the number of passages.

        Texts are kept as `index.decoding.clean` leaves them: what is searched and cited is what
        `document` gives. Raises DocumentError for a document without text, or with a value of a
        wrong type; those before it are kept.
        """
        if isinstance(documents, Document | str) or not isinstance(documents, Iterable):
            raise InputError("Documents are added as a list: write [document], also for one.")
        with self._writing():
            stamped = ((document, None) for document in documents)
            written = [one for group in self._writer().write(stamped) for one in group]
            self.catalog.clear_spare()
            return sum(one.passages for one in written)

    def remove(self, ids: Iterable[str]) -> int:
        """Remove documents by id, a list of them; the number of those that were there."""
        ids = ids_in(ids)
        with self._writing(), self.catalog.transaction():
            removed = self.catalog.remove(ids)
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
        self.catalog.check_process()
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
        self, question: str, k: int = 100, documents: Iterable[str] | None = None
    ) -> list[Candidate]:
        """The passages that the k best texts by vector and by BM25 bring up, unranked.

        Of equal texts several may come, but they count once. ``documents`` limits the search to
        documents with these ids; where there are none, nothing is found. Raises QuestionError for a
        question that is no text or a k below 1, InputError for ids that are not a list of texts.
        """
        question, k = question_of(question), positive(k)
        numbers = None
        if documents is not None:
            numbers = list(self.catalog.numbers(ids_in(documents)).values())
        stores = self._ready()
        query = self.embed_question(question)
        return candidates(self.catalog, stores, question, query, k, numbers)

    def idf(self, words: Iterable[str], language: str | None) -> dict[str, float]:
        """BM25's inverse document frequency of words that `index.lexical.analyse` gave."""
        return self._ready()[1].idf(words, language)

    def origins(self, ids: Iterable[str]) -> dict[str, Origin]:
        """Titles and sources by document id."""
        return self.catalog.origins(ids_in(ids))

    def size(self, id: str) -> int:
        """The number of a document's passages; 0 when there is none of that id."""
        return self.catalog.size(id) if ids_in([id]) else 0

    def documents(self) -> list[DocumentInfo]:
        """Every document of the index, by id, without its text."""
        return self.catalog.documents()

    def document(self, id: str) -> Document:
        """One document with its text; DocumentNotFoundError when there is none of that id."""
        if not ids_in([id]):
            raise DocumentNotFoundError(id)
        return self.catalog.document(id)


def _named(name: str, identity: str) -> str:
    """A model as people know it, and what tells its weights from others of that name."""
    return f"{name}@{identity.rpartition('@')[2]}"
