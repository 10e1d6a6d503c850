"""The index: a folder in which documents become searchable.

The catalog (SQLite) is written first, in transactions. The FAISS and tantivy files are then brought
in step with it, by comparing ids. So a crash between the two costs nothing: the next search or the
next write completes the files.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index.arguments import (
    ids_in,
    passwords_in,
    path_of,
    require_ocr,
)
from index.documents.parts import ReadOptions
from index.embedders import Embedder, load
from index.errors import (
    IndexStateError,
    InputError,
)
from index.opened import Opened
from index.searchable import SETTING, Searchable
from index.storage.engines import engine_in
from index.storage.opening import exists, make_place, place_of
from index.storage.postgres.address import Address
from index.storage.recorded_model import model_to_open
from index.types import Document

if TYPE_CHECKING:
    from index.copy import Copied, CopyProgress
    from index.sync.cluster import ClusterReaders
    from index.sync.health import Health
    from index.sync.inventory import Inventory
    from index.sync.sync import Progress, Report
    from index.sync.verify import Verification
    from index.sync.writer import Writer

__all__ = ["Index"]


class Index(Searchable):
    """An open index; made by `Index.open`, closed by ``with`` or `close`. Safe for threads."""

    @classmethod
    def open(
        cls,
        path: str | Path | Address,
        *,
        create: bool = False,
        model: str | Path | Embedder | None = None,
        engine: str | None = None,
    ) -> "Index":
        """Open the index in a folder or at an address, or make one there with ``create``.

        ``model`` names the embedding model of a new index (`index.embedders.load`); an index that
        exists knows its own, and another is refused. So it is with ``engine``, the address of what
        is searched beside the catalog (`index.storage.engines`). Raises IndexNotFoundError,
        IndexDamagedError, IndexStateError, ModelMismatchError, ModelError or InputError.
        """
        place = place_of(path)
        model = model if isinstance(model, Embedder | str | None) else str(path_of(model))
        embedder, engine = None, engine_in(engine)
        try:
            if create and not exists(place):
                # The model first: a name that cannot be loaded must leave no folder behind.
                embedder = model if isinstance(model, Embedder) else load(model)
                make_place(place)
        except (OSError, ValueError) as exc:
            reason = getattr(exc, "strerror", None) or exc
            raise IndexStateError(f"The index folder {place} cannot be made: {reason}.") from exc
        return cls(Opened(place, embedder or model, create=create, engine=engine), model)

    # Writing

    def sync(
        self,
        *paths: str | Path,
        ocr: bool = False,
        passwords: Sequence[str] = (),
        ray: str | None = None,
        on_progress: "Progress | None" = None,
    ) -> "Report":
        """Make the index equal to these folders and files; see `index.sync.sync.sync`.

        ``ocr`` lets pictures and pages without text be read by OCR; MissingExtraError is raised
        where none is installed. ``passwords`` are tried on locked PDF files, and never kept.
        ``ray`` lets the workers of a Ray cluster read and embed: `index.sync.cluster.cluster`.
        What is done so far can be searched while the rest is read. An interruption (Ctrl-C, or an
        error that ``on_progress`` raises) leaves it whole, and the next sync goes on from there.
        """
        from index.sync.cluster import cluster
        from index.sync.sync import sync

        folders = [path_of(path) for path in paths]
        options = ReadOptions(ocr, passwords_in(passwords))
        if ocr:
            require_ocr()
        with cluster(ray), self._writing() as opened:
            started = time.monotonic()
            renewed = opened.renew(on_progress)
            writer = opened.writer()
            report = sync(
                opened.catalog,
                writer,
                folders,
                opened.catalog.folder,
                opened.publish,
                on_progress,
                options,
                partial(self._cluster_readers, opened, writer) if ray else None,
            )
            report.renewed, report.seconds = renewed, time.monotonic() - started
            return report

    def _cluster_readers(
        self, opened: Opened, writer: "Writer", options: ReadOptions
    ) -> "ClusterReaders":
        from index.sync.cluster import ClusterReaders

        name = self._given or model_to_open(opened.catalog)
        if isinstance(name, str) and Path(name).is_dir():
            name = str(Path(name).absolute())
        return ClusterReaders(name, opened.model, opened.catalog, writer, options)

    def add(self, documents: Iterable[Document]) -> int:
        """Add documents, each in place of an earlier one of the same id; the number of passages.

        Texts are kept as `index.documents.decoding.clean` leaves them: what is searched and cited
        is what `document` gives. Raises DocumentError for a document without text, or with a value
        of a wrong type; those before it are kept.
        """
        if isinstance(documents, Document | str) or not isinstance(documents, Iterable):
            raise InputError("Documents are added as a list: write [document], also for one.")
        from index.sync.writer import Stamped

        with self._writing() as opened:
            opened.renew()
            stamped = (Stamped(document) for document in documents)
            groups = list(opened.writer().write(stamped))
            opened.catalog.forget_kept_vectors()
            return sum(written.passages for group in groups for written in group)

    def remove(self, ids: Iterable[str]) -> int:
        """Remove documents by id, a list of them; the number of those that were there."""
        ids = ids_in(ids)
        with self._writing() as opened, opened.catalog.transaction():
            removed = opened.catalog.remove(ids)
            opened.catalog.advance()
        return removed

    def upgrade(self, on_progress: "Progress | None" = None) -> int:
        """Embed all passages anew, from their texts, where other weights made their vectors.

        `sync` and `add` begin with it. An interruption loses nothing, and the next call goes on
        from there. The number of texts that were embedded.
        """
        with self._writing() as opened:
            return opened.renew(on_progress)

    @contextmanager
    def _writing(self) -> Iterator[Opened]:
        opened = self._current()
        with opened.writing():
            yield opened

    def keep_setting(self, name: str, value: str | None) -> None:
        """Keep a text with the index under a name, in place of an earlier one; None removes it.

        Raises IndexLockedError or IndexStateError where it cannot be written.
        """
        with self._writing() as opened, opened.catalog.transaction():
            if value is None:
                opened.catalog.delete(SETTING + name)
            else:
                opened.catalog.put(SETTING + name, value)

    def first_setting(self, name: str, value: str) -> str:
        """The text kept under a name; where there is none, this one is kept from now on.

        Of several programs at once, the first one's is kept. Raises IndexStateError where it
        cannot be written.
        """
        catalog = self.catalog
        if (kept := catalog.get(SETTING + name)) is not None:
            return kept
        catalog.execute(
            "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [SETTING + name, value],
        )
        return catalog.get(SETTING + name) or value

    def copy_to(
        self,
        path: str | Path | Address,
        *,
        engine: str | None = None,
        on_progress: "CopyProgress | None" = None,
    ) -> "Copied":
        """Copy it to a folder or an address where there is no index; see `index.copy.copy`."""
        from index.copy import copy

        here = self._current().place
        return copy(here, place_of(path), engine=engine, on_progress=on_progress)

    # Health

    def health(self) -> "Health":
        """What is in the index and what is wrong with it, by one look at each file's entry."""
        from index.sync.health import health

        opened = self._current()
        return health(opened.catalog, opened.stores, outdated=opened.is_outdated())

    def verify(self) -> "Verification":
        """Prove that catalog, derived stores and folders agree, by reading all of them."""
        from index.sync.verify import verify

        opened = self._current()
        return verify(opened.catalog, opened.stores)

    def inventory(self) -> "Inventory":
        """Every document with its file, and the files that could not be read or were skipped."""
        from index.sync.inventory import inventory

        return self._search(lambda opened: inventory(opened.catalog))
