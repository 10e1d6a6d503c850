"""What an `index.Index` has open: the catalog at its path, the stores beside it, and the model."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

from index.embedders import DEFAULT_MODEL, Embedder, load
from index.errors import (
    IndexLockedError,
    IndexNotFoundError,
    IndexStateError,
    ModelMismatchError,
)
from index.storage.database import COPYING, ENGINE, VectorsOrigin
from index.storage.engines import engine_in, open_engine
from index.storage.limits import Limits
from index.storage.opening import Place, open_catalog
from index.storage.postgres.address import Address
from index.storage.recorded_model import model_to_open, present_weights
from index.storage.vectors import VectorStore
from index.storage.words import WordStore

if TYPE_CHECKING:
    from index.sync.sync import Progress
    from index.sync.writer import Writer

__all__ = ["Opened"]

LOCK_SECONDS = 10


class Opened:
    """One index, for as long as it lies at its path. Safe for threads."""

    def __init__(
        self,
        path: Place,
        model: str | Embedder | None,
        *,
        create: bool = False,
        engine: str | None = None,
        before: "Opened | None" = None,
    ) -> None:
        """Open it. ``create``: make it if it is not there, or was not made to the end.

        ``engine``: the address of what is searched beside the catalog (`index.storage.engines`),
        which is recorded when the index is made; None for the one that it has. ``before``:
        the index that was at this path; its model is used again if it suits, and not loaded anew.
        Raises what `index.Index.open` raises.
        """
        self.path = path
        self.catalog = open_catalog(path, create=create)
        self.limits = Limits(self.catalog)
        self.lock = RLock()
        self._given = model
        self._model: Embedder | None = None
        self._was_complete = False  # whether all vectors were this model's when it was loaded
        try:
            self._require_whole()
            # Without an identity, whoever made the catalog was stopped before recording it.
            if self.catalog.get("identity") is None:
                self._record(create=create, engine=engine)
            self.stores = open_engine(self.catalog, engine)
            if self._model or (before and before._model and self._takes(before._model)):
                pass
            elif model is not None:
                self.model  # noqa: B018  # loads it and compares
        except BaseException:  # also an interrupt while a model loads
            self.catalog.close()
            raise

    def _require_whole(self) -> None:
        if self.catalog.get(COPYING) is not None:
            raise IndexStateError(
                f"The index in {self.path} is a copy that was stopped: run the same qa copy "
                "again, which goes on from there."
            )

    def _record(self, *, create: bool, engine: str | None) -> None:
        """Record the model and the engine of an index that is being made."""
        if not create:
            raise IndexNotFoundError(
                f"There is no index in {self.path}: make one with qa index FOLDER."
            )
        model = self._given if isinstance(self._given, Embedder) else load(self._given)
        with self.catalog.transaction():
            if self.catalog.get("identity") is not None:
                return  # another process was faster; `model` compares when it is first used
            self.catalog.put("model", model.name)
            self.catalog.put("identity", model.identity)
            self.catalog.put("dimensions", str(model.dimensions))
            self.catalog.put("generation", "0")
            if engine := engine_in(engine):
                self.catalog.put(ENGINE, engine)
            self._model, self._was_complete = model, True

    @property
    def place(self) -> Place:
        """Where it is, also when the working directory is another one."""
        return self.path if isinstance(self.path, Address) else self.catalog.folder

    # The embedding model

    @property
    def model(self) -> Embedder:
        """The embedding model, loaded when first used."""
        with self.lock:
            if self._model is None:
                given = model_to_open(self.catalog) if self._given is None else self._given
                model = load(given) if isinstance(given, str) else given
                if not self._takes(model):
                    recorded = self.catalog.get("model") or DEFAULT_MODEL
                    made = _named(recorded, self.catalog.vectors_origin().identity)
                    other = _named(model.name, model.identity)
                    raise ModelMismatchError(
                        f"The index in {self.path} was made with the model {made}, not {other}: "
                        "use that one, or index the documents in another folder."
                    )
                return model
            return self._model

    def _takes(self, model: Embedder) -> bool:
        """Take a model if the vectors are its own or can be made anew by it; whether it does."""
        identity, complete = self.catalog.vectors_origin()
        fits = model.is_known_as(identity or "")
        if not fits and model.identity != present_weights(self.catalog):
            return False
        self._model, self._was_complete = model, complete and fits
        return True

    def is_outdated(self) -> bool:
        """Whether the vectors are not, or not all, those of the model's weights."""
        origin = self.catalog.vectors_origin()
        if self._model:
            return not _is_of(self._model, origin)
        return not origin.complete or present_weights(self.catalog) not in {None, origin.identity}

    def renew(self, on_progress: "Progress | None" = None) -> int:
        """Make vectors of other weights anew; only the writer may. How many texts were embedded."""
        if not self.is_outdated():
            return 0
        if self.model and self._was_complete:
            raise ModelMismatchError(
                f"The index in {self.path} was embedded anew with other weights while it was open: "
                "start this program again."
            )
        from index.sync.renewal import renew

        embedded = renew(self.catalog, self.stores, self.model, on_progress)
        self._was_complete = True
        self.publish()
        return embedded

    # Writing

    def writer(self) -> "Writer":
        """What writes documents, for the holder of the lock."""
        from index.sync.writer import Writer

        return Writer(self.catalog, lambda: self.model, lambda: self.publish(last=False))

    def publish(self, *, last: bool = True) -> None:
        """Bring the stores in step; only the writer may."""
        # The lock is taken only now: other threads search while a store is rebuilt.
        rebuilt = self.stores.rebuild_for_size(last=last)
        with self.lock:
            self.stores.publish(rebuilt, last=last)

    @contextmanager
    def writing(self, wait: float | None = None) -> Iterator[None]:
        """Hold the writer's lock; on leaving, also after an error, the stores are in step.

        ``wait``: seconds for the lock to come free, LOCK_SECONDS by default.
        """
        with self.catalog.writing(LOCK_SECONDS if wait is None else wait):
            try:
                yield
            finally:
                self.publish()

    # Searching

    def words(self) -> WordStore:
        """The words as last published; in step if no writer is at work."""
        self._follow()
        with self.lock:
            return self.stores.words

    def vectors(self) -> VectorStore | None:
        """The same of the vectors, after `words`; None where they are not the model's.

        Another process may make them anew: what was found in them counts if `has_own` says so
        afterwards.
        """
        with self.lock:
            fits = _is_of(self.model, self.stores.vectors_origin)
            return self.stores.vectors if fits else None

    def has_own(self) -> bool:
        """Whether the catalog's vectors are the model's now."""
        return _is_of(self.model, self.catalog.vectors_origin())

    def _follow(self) -> None:
        with self.lock:
            in_step = self.stores.refresh()
        if not in_step:
            # Either the last writer was interrupted; then leaving the lock completes its work. Or a
            # writer is at work; then what was published last is searched.
            try:
                with self.writing(wait=0):
                    pass
            except IndexLockedError:
                pass
            except IndexStateError:
                # Nothing can be written: a folder to be read only, or a full disk.
                with self.lock:
                    self.stores.in_memory()


def _is_of(model: Embedder, origin: VectorsOrigin) -> bool:
    """Whether vectors of this origin are all the model's."""
    return origin.complete and model.is_known_as(origin.identity or "")


def _named(name: str, identity: str | None) -> str:
    """A model as people know it, and what tells its weights from others of that name."""
    return f"{name}@{(identity or '').rpartition('@')[2]}"
