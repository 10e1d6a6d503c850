"""The words of a collection's passages beside this app server: tantivy's files in a folder of it.

They follow the catalog by its ids. All processes of one machine share them.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import IndexStateError
from index.storage.bm25 import Lexical
from index.storage.catalog import Catalog
from index.storage.checked import differences
from index.storage.files import replace
from index.storage.word_replica import WordReplica

__all__ = ["LocalWords"]

LOCK_SECONDS = 30
_RECORDS = "published.json"


class _Records:
    """What is recorded of the files, in a file beside them."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def _all(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return {}  # the files are then compared with the catalog

    def get(self, key: str) -> str | None:
        """A value kept under ``key``, or None."""
        return self._all().get(key)

    def put(self, key: str, value: str) -> None:
        """Keep a value under ``key``."""
        text = json.dumps({**self._all(), key: value})
        replace(self._path, lambda path: path.write_text(text, encoding="utf-8"))


class LocalWords:
    """The words, in files of this machine, or in memory where those cannot be written."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._replica = WordReplica(catalog, _Records(catalog.folder / _RECORDS))

    @property
    def store(self) -> Lexical:
        """The words, as of the last `refresh`."""
        return self._replica.opened()

    def refresh(self) -> None:
        """Take in what was committed; raises IndexStateError where the server is away."""
        folder = self._catalog.folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / "words.lock", timeout=LOCK_SECONDS):
                self._replica.forget_position()  # another process may have written
                self._replica.open()
                self._replica.save(last=True)
        except (OSError, Timeout):
            self._replica.hold_in_memory()

    def problems(self) -> Iterator[str]:
        """How the files disagree with the catalog."""
        try:
            self.refresh()
            held = self.store.ids()
        except IndexStateError as exc:
            yield f"The words in {self._catalog.folder} cannot be read ({exc})."
            return
        yield from differences("The file of words", held, self._catalog.passage_ids())
