"""The words of the catalog's passages in tantivy's files, to which each publication adds."""

from pathlib import Path

import numpy as np

from index.errors import IndexStateError
from index.settings import SETTINGS
from index.storage.bm25 import Lexical
from index.storage.catalog import Catalog
from index.storage.files import checksum, flush
from index.storage.published import PassagesState, PublishedWords, Records
from index.text.analysis import ANALYSIS

__all__ = ["WordReplica"]

REWRITTEN_PASSAGES = SETTINGS.writing.rewritten_passages
REMOVED_SHARE = SETTINGS.writing.removed_share


class WordReplica:
    """A store of the catalog's words.

    ``store`` is None until `open`. It has no folder, and is empty, where the files are missing or
    not what was written.
    """

    def __init__(self, catalog: Catalog, records: Records | None = None) -> None:
        """``records``: where it is recorded what is in the files; by default the catalog."""
        self._catalog = catalog
        self._records = catalog if records is None else records
        self._folder = catalog.folder / "lexical"
        self.store: Lexical | None = None
        # Of the passages whose words are in the store; None: another process may have written.
        self._largest_id: int | None = None

    def open(self) -> Lexical:
        """Read the files, and what another process has added to them since."""
        try:
            self.store = self._read()
        except (OSError, ValueError):
            self.store = Lexical(None)
        return self.store

    def opened(self) -> Lexical:
        """The store as it is, read if it was not yet."""
        return self.open() if self.store is None else self.store

    def _read(self) -> Lexical:
        """The store of the files. Raises OSError or ValueError where they cannot be used."""
        store = self.store
        if store is None or store.folder is None:
            self._check_files()
            store = Lexical(self._folder)
        store.reload()
        return store

    def _check_files(self) -> None:
        """Raise ValueError when a file is not what was written, which tantivy does not notice.

        Words of an earlier analysis are of no use either.
        """
        if PublishedWords.of(self._records).analysis != ANALYSIS:
            raise ValueError(f"{self._folder} was made by another release")
        for name, recorded in PublishedWords.of(self._records).files.items():
            path = self._folder / name
            if (path.is_file() and checksum(path) != recorded) or self._is_lost(path):
                raise ValueError(f"{path} is damaged")

    def _is_lost(self, path: Path) -> bool:
        """Whether a file is missing that was not merged into another one meanwhile."""
        if path.is_file():
            return False
        segments = path.with_name("meta.json").read_text(encoding="utf-8").replace("-", "")
        return path.name.split(".")[0] in segments

    def follow(self) -> None:
        """Add what is new in the catalog, and remove what is gone from it."""
        store, catalog = self.opened(), self._catalog
        published = PublishedWords.of(self._records).state
        if self._largest_id is None and len(store) == published.passages:
            self._largest_id = published.largest_id
        # What is new is enough, unless something was removed too.
        new = catalog.passage_ids(after=self._largest_id or 0)
        gone = np.empty(0, dtype=np.int64)
        largest_id = max([self._largest_id or 0, *new[-1:].tolist()])
        if self._largest_id is None or len(store) + len(new) != catalog.counts().passages:
            wanted, held = catalog.passage_ids(), store.ids()
            gone, new = np.setdiff1d(held, wanted), np.setdiff1d(wanted, held)
            largest_id = max([largest_id, *wanted[-1:].tolist()])
        if len(gone) or len(new):
            store.update(gone.tolist(), catalog.indexed_texts(new.tolist()))
        self._largest_id = largest_id

    def forget_position(self) -> None:
        """Look at the files again before the next write: another process may write before it."""
        self._largest_id = None

    def hold_in_memory(self) -> None:
        """Hold all words in memory, where the files lack some and cannot be written."""
        passages = self._catalog.counts().passages
        if len(self.opened()) != passages:
            self.store = None  # it may be a copy of what was there before
            self.open()
        if len(self.opened()) != passages:
            self.store = Lexical(None)
            self._largest_id = None
            self.follow()

    def is_complete(self) -> bool:
        """Whether the store holds as many passages as the catalog."""
        return len(self.opened()) == self._catalog.counts().passages

    def is_saved(self) -> bool:
        """Whether the files can be used and hold the words of the catalog's passages."""
        try:
            self.store = self._read()
        except (OSError, ValueError):
            return False
        return PublishedWords.of(self._records).state == self._catalog.state()

    def save(self, *, last: bool) -> None:
        """Bring the files in step and publish them; only the writer may.

        ``last``: at the end of a write, files with much that was removed are written anew.
        """
        try:
            if self.opened().folder is None:
                self._make()
            self.follow()
            if last:
                self._purge()
                self.opened().delete_leftovers()
        except (IndexStateError, ValueError, KeyError):
            # A damaged segment can be neither read nor merged.
            self._make()
            self.follow()
        before = PublishedWords.of(self._records)
        # Its files are written once and never changed.
        files = {
            path.name: before.files.get(path.name) or checksum(path)
            for path in self.opened().files()
        }
        published = PublishedWords(files, PassagesState(*self._catalog.state()))
        if published != before:
            flush(self._folder)  # tantivy leaves the name of its last commit to the system
            published.record(self._records)

    def _purge(self) -> None:
        """Write the files anew where too much in them belongs to passages that are gone."""
        store = self.opened()
        removed, held = store.removed(), len(store)
        if removed and (held <= REWRITTEN_PASSAGES or removed > held * REMOVED_SHARE):
            ids = self._catalog.passage_ids().tolist()
            store.rewrite(self._catalog.indexed_texts(ids))

    def _make(self) -> None:
        """Begin with empty files."""
        self.store = Lexical.make(self._folder)
        self._largest_id = None
        PublishedWords.withdraw(self._records)
