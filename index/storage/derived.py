"""The two stores that are derived from the catalog, and how they are kept in step with it.

A store is right exactly when it holds the ids of the catalog's passages; so whatever was lost or
damaged is mended by adding the ids that are missing and removing those that are gone. Vectors are
searched in memory and follow every commit from the catalog itself; their file only spares the next
opening that work, so it is written now and then. Words are searched in tantivy's files, to which
each publication adds what is new.
"""

import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import IndexStateError
from index.storage import vector_file
from index.storage.bm25 import Lexical
from index.storage.catalog import Catalog
from index.storage.files import checksum
from index.storage.vectors import VectorStore
from index.storage.vectors.choice import build, empty, load, outgrown

__all__ = ["Stores"]

PUBLISH_SHARE = 0.1  # of a long write's time that may go into publishing what is done
SMALL = 10_000  # passages whose words are written anew, in 0.2 s, when any is removed
REMOVED_SHARE = 0.2  # of what is held may be removed and left in a larger one's files
SAVE_SECONDS = 60  # between two writings of the vectors' file in a long write, at the least


class Stores:
    """FAISS and tantivy beside a catalog. The owner guards `refresh`, `publish`, `in_memory`."""

    vectors: VectorStore
    lexical: Lexical

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self._folder = folder
        self._catalog = catalog
        self.made: tuple[str | None, bool] = None, False  # `Database.made`, of the vectors held
        self._seen: int | None = None  # the catalog's version when the stores were last in step
        self._whole = False  # whether the files were, too
        self._bad: str | None = None  # the file of vectors that turned out to be damaged
        self._top = 0  # the largest id of a vector taken over from the catalog
        self._words_top: int | None = None  # the same of the words, while this writes
        self._due, self._save_due = 0.0, time.monotonic() + SAVE_SECONDS

    def refresh(self) -> bool:
        """See what a writer has committed; False when the files are behind or damaged."""
        version = self._catalog.version()
        if version != self._seen:
            self._forget()
            self._open()
            self._follow_vectors()
            self._whole = self._is_saved() and len(self.lexical) == self._catalog.counts()[1]
            self._seen = version
        return self._whole

    def successor(self, *, last: bool = True) -> VectorStore | None:
        """The vectors in a store that suits their number, if they have outgrown theirs.

        Only the writer may ask, before `publish`. It takes minutes for a million vectors, and
        needs no guard: others search the old store meanwhile.
        """
        if time.monotonic() < self._due and not last:
            return None
        made = self._catalog.made()
        if not made[1]:
            return None
        same = hasattr(self, "vectors") and self.made == made
        fitted = self.vectors.fitted if same else self._fitted()
        return build(self._catalog) if outgrown(fitted, self._catalog.counts()[1]) else None

    def publish(self, successor: VectorStore | None = None, *, last: bool = True) -> None:
        """Bring both stores and their files in step with the catalog; only the writer may.

        ``successor`` takes the place of the vectors' store. Unless it is the ``last`` time of a
        write, nothing is done where that would cost more than its share of the time. Raises
        IndexStateError when the folder cannot be written.
        """
        started = time.monotonic()
        self._catalog.require_in_place()
        self._notice()
        try:
            if not successor and (started < self._due if not last else self._is_whole()):
                return
            if successor is not None:
                self.vectors, self._top = successor, int(max(successor.ids()[-1:], default=0))
            self._open()
            self._follow_vectors()
            self._publish_words(last=last)
            if last or started > self._save_due:
                self._save()
        except OSError as exc:
            raise IndexStateError(f"The index in {self._folder} cannot be written: {exc}.") from exc
        now = time.monotonic()
        self._due = now + (now - started) / PUBLISH_SHARE
        if last:
            # Another process may write before this one does again.
            self._words_top, self._due, self._save_due = None, 0.0, now + SAVE_SECONDS
            # One's own writes do not count as another version.
            self._whole, self._seen = True, self._catalog.version()

    def in_memory(self) -> None:
        """Both stores for a folder that cannot be written: what its files lack is in memory."""
        self._follow_vectors()
        count = self._catalog.counts()[1]
        if len(self.lexical) != count:
            del self.lexical  # it may be a copy of what was there before
            self._open()
        if len(self.lexical) != count:
            self.lexical = Lexical(None)
            self._words_top = None
            self._follow_words()
        self._whole = True

    # In step with the catalog

    def _follow_vectors(self) -> None:
        """Take over what is new in the catalog, and let go of what is gone from it."""
        if not self.made[1]:
            return  # they are being made anew
        new = self._catalog.passage_ids(after=self._top)
        for ids, block in self._catalog.vectors(new.tolist()):
            self.vectors.add(ids, block)
        self._top = max([self._top, *new[-1:].tolist()])
        if len(self.vectors) != self._catalog.counts()[1]:
            self._compare_vectors()

    def _compare_vectors(self) -> None:
        wanted, held = self._catalog.passage_ids(), self.vectors.ids()
        self.vectors.remove(np.setdiff1d(held, wanted))
        for ids, block in self._catalog.vectors(np.setdiff1d(wanted, held).tolist()):
            self.vectors.add(ids, block)
        self._top = max([self._top, *wanted[-1:].tolist()])

    def _follow_words(self) -> None:
        """The same for the words. What is new is enough, unless something was removed too."""
        lexical, catalog = self.lexical, self._catalog
        count, top = self._words().get("state", (None, 0))
        if self._words_top is None and len(lexical) == count:
            self._words_top = top
        new = catalog.passage_ids(after=self._words_top or 0)
        gone = np.empty(0, dtype=np.int64)
        top = max([self._words_top or 0, *new[-1:].tolist()])
        if self._words_top is None or len(lexical) + len(new) != catalog.counts()[1]:
            wanted, held = catalog.passage_ids(), lexical.ids()
            gone, new = np.setdiff1d(held, wanted), np.setdiff1d(wanted, held)
            top = max([top, *wanted[-1:].tolist()])
        if len(gone) or len(new):
            lexical.update(gone.tolist(), catalog.indexed_texts(new.tolist()))
        self._words_top = top

    # The files

    def _open(self) -> None:
        """Read what is published; what is missing or not what it was is taken for empty."""
        self._notice()
        try:
            self._open_words()
        except (OSError, ValueError):
            self.lexical = Lexical(None)
        if self.made[1] and not hasattr(self, "vectors"):
            published = self._published()
            while not self._load_vectors(published):
                # A writer may just have put another file in its place.
                before, published = published, self._published()
                if published == before:
                    self._bad = published.get("file")
                    break
            count, top = published.get("state", (None, 0))
            if self._bad is None and len(self.vectors) == count:
                self._top = top  # what is new since is followed; comparing all takes a second
            else:
                self._compare_vectors()

    def _notice(self) -> None:
        """Let go of the vectors when the catalog has, or is about to have, those of others."""
        if self.made != (made := self._catalog.made()):
            self.made, self._top, self._seen = made, 0, None
            vars(self).pop("vectors", None)

    def _forget(self) -> None:
        """Let go of the vectors when a writer has published a store of another kind."""
        known = self._published().get("file") not in {None, self._bad}
        if hasattr(self, "vectors") and known and self.vectors.fitted != self._fitted():
            del self.vectors

    def _open_words(self) -> None:
        if not hasattr(self, "lexical") or self.lexical.folder is None:
            self._check_words()
            self.lexical = Lexical(self._folder / "lexical")
        self.lexical.reload()

    def _load_vectors(self, published: dict[str, Any]) -> bool:
        """Whether the vectors in memory are those of the published file; else there are none.

        The catalog has every vector, so that an empty store can be filled from it.
        """
        path = self._folder / published.get("file", "-")
        try:
            if checksum(path) == published.get("checksum"):
                self.vectors = load(path, published.get("fitted", 0), self._catalog)
                return True
        except (OSError, ValueError):
            pass
        self.vectors = empty(self._catalog)
        return False

    def _is_saved(self) -> bool:
        """Whether the published file holds the vectors of the catalog's passages."""
        if not self.made[1]:
            return True  # there is no file meanwhile
        published = self._published()
        name = published.get("file")
        current = published.get("state") == list(self._catalog.state()) and name != self._bad
        if hasattr(self, "vectors"):
            current = current and self.vectors.fitted == published.get("fitted", 0)
        return name is not None and current and (self._folder / name).is_file()

    def _is_whole(self) -> bool:
        """Whether all is published; without reading the vectors, unless they are in memory."""
        if hasattr(self, "vectors") or not self._is_saved():
            return False
        published = self._published()
        if published and checksum(self._folder / published["file"]) != published["checksum"]:
            return False
        try:
            self._open_words()
        except (OSError, ValueError):
            return False
        return bool(self._words().get("state") == list(self._catalog.state()))

    def _save(self) -> None:
        if not self._is_saved():
            found = vector_file.write(self._catalog, self.vectors)
            if found["file"] == self._bad:
                self._bad = None
            self._catalog.put(vector_file.KEY, json.dumps(found))
        vector_file.clean(self._catalog)
        self._save_due = time.monotonic() + SAVE_SECONDS

    def _publish_words(self, *, last: bool) -> None:
        try:
            if self.lexical.folder is None:
                self._make_words()
            self._follow_words()
            removed, held = self.lexical.removed(), len(self.lexical)
            if last and removed and (held <= SMALL or removed > held * REMOVED_SHARE):
                ids = self._catalog.passage_ids().tolist()
                self.lexical.rewrite(self._catalog.indexed_texts(ids))
        except (IndexStateError, ValueError, KeyError):
            # A damaged segment can be neither read nor merged.
            self._make_words()
            self._follow_words()
        words = self._words()
        kept = words.get("files", {})
        # Its files are written once and never changed.
        files = {path.name: kept.get(path.name) or checksum(path) for path in self.lexical.files()}
        found = {"files": files, "state": list(self._catalog.state())}
        if found != words:
            self._catalog.put("words", json.dumps(found))

    def _make_words(self) -> None:
        self.lexical = Lexical.make(self._folder / "lexical")
        self._words_top = None
        self._catalog.put("words", "{}")

    def _check_words(self) -> None:
        """Raise ValueError when a file of the words is not what was written; tantivy looks not."""
        for name, known in self._words().get("files", {}).items():
            path = self._folder / "lexical" / name
            if (path.is_file() and checksum(path) != known) or self._is_lost(path):
                raise ValueError(f"{path} is damaged")

    def _is_lost(self, path: Path) -> bool:
        """Whether a file of the words is missing that was not merged into another meanwhile."""
        if path.is_file():
            return False
        segments = path.with_name("meta.json").read_text(encoding="utf-8").replace("-", "")
        return path.name.split(".")[0] in segments

    def _words(self) -> dict[str, Any]:
        return dict(json.loads(self._catalog.get("words") or "{}"))

    def _fitted(self) -> int:
        return int(self._published().get("fitted", 0))

    def _published(self) -> dict[str, Any]:
        return vector_file.published(self._catalog)
