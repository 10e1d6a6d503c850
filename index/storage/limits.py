"""Limits of a search to some documents, kept for the next search that has the same."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from index.arguments import DocumentIds
from index.settings import SETTINGS
from index.storage.catalog import Catalog
from index.storage.conditions import Where, condition
from index.storage.vectors import Allowed

__all__ = ["Limit", "Limits"]

KEPT = SETTINGS.search.limits_kept


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """Some documents, by their numbers in the catalog, and the ids of their passages.

    ``share`` (0 to 1) is that of all passages.
    """

    documents: Sequence[int]
    passages: Allowed
    share: float


class Limits:
    """The limits of a catalog's searches, as long as its documents do not change.

    Safe for threads.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def matching(self, where: Where, documents: DocumentIds | None = None) -> DocumentIds:
        """The ids of the documents that a condition holds for, of these or of all.

        Raises InputError for what is no condition.
        """
        catalog = self._catalog
        sql, values = condition(where, catalog.dialect)
        key = (sql, *map(_typed, values), documents)

        def find() -> DocumentIds:
            if documents is None:
                return DocumentIds(catalog.matching(sql, values))
            only = set(catalog.matching(sql, values, documents))
            return DocumentIds(id for id in documents if id in only)

        found: DocumentIds = self._kept_or(key, find)
        return found

    def of(self, documents: DocumentIds) -> Limit:
        """The limit to the documents with these ids; unknown ones count for nothing."""
        catalog = self._catalog

        def find() -> Limit:
            numbers = sorted(catalog.numbers(documents).values())
            passages = Allowed(catalog.passage_ids(numbers))
            return Limit(numbers, passages, len(passages) / max(1, catalog.counts().passages))

        found: Limit = self._kept_or(documents, find)
        return found

    def _kept_or(self, key: Hashable, find: Callable[[], Any]) -> Any:
        # Read before: what is found may be of a later generation, and is then found again.
        key = self._catalog.get("generation"), key
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = find()
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


def _typed(value: Any) -> tuple[type, Any]:
    """What tells 1 from 1.0."""
    return type(value), value
