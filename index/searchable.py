"""An open index, as those see it who search it and read its documents."""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self, TypeVar

from index.arguments import (
    DocumentIds,
    ids_in,
    positive,
    question_of,
)
from index.candidates import Candidates, candidates
from index.embedders import Embedder
from index.errors import (
    DocumentNotFoundError,
    IndexNotFoundError,
    IndexStateError,
    QAError,
)
from index.mentions import mentions
from index.opened import Opened
from index.query import Query, embed
from index.storage.catalog import Catalog, Counts, DocumentInfo, DocumentName, Origin
from index.storage.conditions import Where
from index.storage.database import Entry
from index.storage.opening import Place
from index.text.phrases import Phrase
from index.types import Candidate, Document, Passage

if TYPE_CHECKING:
    pass

__all__ = ["SETTING", "Searchable"]

SETTING = "setting."  # before the names of what callers keep in the catalog
SWAP_SECONDS = 0.2  # in which a path may hold no index while one takes the place of another

Result = TypeVar("Result")


class Searchable:
    """What `index.index.Index` is to its readers. Safe for threads.

    In a process that was forked it is opened anew when it is first used there. Where another index
    takes its place at the path, that one is searched from then on.
    """

    def __init__(self, opened: Opened, model: str | Embedder | None) -> None:
        self.path = opened.path
        self._given = model
        self._opened = opened
        self._closed = False
        self._lock = RLock()
        self._process = os.getpid()
        self._forked: Opened | None = None

    def __enter__(self) -> Self:
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
        self._closed = True
        self._opened.stores.close()
        self._opened.catalog.close()

    def __reduce__(self) -> NoReturn:
        raise IndexStateError(
            f"An open index cannot be copied or sent to another process: open {self.path} there."
        )

    @property
    def catalog(self) -> Catalog:
        """The catalog that is at the path now."""
        return self._current().catalog

    @property
    def model(self) -> Embedder:
        """The embedding model, loaded when first used."""
        return self._current().model

    @property
    def given(self) -> str | None:
        """The name or folder of the model that it was opened with; None for the index's own."""
        return self._given if isinstance(self._given, str) else None

    @property
    def folder(self) -> Path:
        """The folder of this machine for files that belong to it; of one in a folder, that one."""
        return self._opened.catalog.folder

    @property
    def place(self) -> Place:
        """Where it is: its folder, whatever the working directory, or its address."""
        return self._opened.place

    @property
    def identity(self) -> str:
        """The identity (`Embedder.identity`) of the model that the index records as its own."""
        return self.catalog.get("identity") or ""

    @property
    def generation(self) -> int:
        """How often its documents were changed."""
        return int(self.catalog.get("generation") or 0)

    def setting(self, name: str) -> str | None:
        """The text that `keep_setting` keeps under a name, None where there is none."""
        return self._search(lambda opened: opened.catalog.get(SETTING + name))

    @property
    def entry(self) -> Entry | None:
        """What tells this index from one that takes its place."""
        return self.catalog.entry

    @property
    def warning(self) -> str | None:
        """A sentence where searches go by words alone, and what changes that; else None."""
        if not self._current().is_outdated():
            return None
        return (
            f"The index in {self.path} was made with other weights of its model: it is searched by "
            "words alone until qa upgrade, or the next qa index, embeds it anew."
        )

    def _current(self) -> Opened:
        """The index that is at the path now; it is opened if it is another one than before.

        Raises IndexNotFoundError where there is none any more.
        """
        if self._process != os.getpid() and not self._closed:
            self._reopen()
        started = time.monotonic()
        while not self._closed and not self._opened.catalog.is_in_place():
            try:
                with self._lock:
                    if not self._opened.catalog.is_in_place():
                        # The one before is not closed: other threads may be searching in it.
                        self._opened = Opened(self._opened.place, self._given, before=self._opened)
            except IndexNotFoundError:
                if time.monotonic() > started + SWAP_SECONDS:
                    raise
                time.sleep(0.01)
        return self._opened

    def _reopen(self) -> None:
        """Open the index anew in a process that was forked: SQLite's locks are the other's."""
        # Kept: to let go of it would close its file. Another thread may have held the lock.
        self._forked, self._lock = self._opened, RLock()
        self._opened = Opened(self._forked.place, self._given, before=self._forked)
        self._process = os.getpid()

    # Reading

    def candidates(
        self, question: str | Query, k: int = 100, documents: Iterable[str] | None = None
    ) -> list[Candidate]:
        """The passages that the k best texts by vector and by BM25 bring up, unranked.

        Of equal texts several may come, but they count once. ``documents`` limits the search to
        documents with these ids; where there are none, nothing is found. Raises QuestionError for a
        question that is no text or a k below 1, InputError for ids that are not a list of texts.
        """
        query = question if isinstance(question, Query) else Query(question_of(question))
        return list(self.candidates_many([query], k, documents)[0])

    def candidates_many(
        self, queries: Sequence[Query], k: int = 100, documents: Iterable[str] | None = None
    ) -> list[Candidates]:
        """What `candidates` gives for each of the queries, in one search; raises what it raises.

        Of their passages only what ranks them is read; all else when it is looked at.
        """
        k = positive(k)
        only = None if documents is None else ids_in(documents)
        if not queries:
            return []
        return self._search(lambda opened: self._candidates(opened, queries, k, only))

    def _candidates(
        self, opened: Opened, queries: Sequence[Query], k: int, documents: DocumentIds | None
    ) -> list[Candidates]:
        words, vectors = opened.words(), opened.vectors()
        limit = None if documents is None else opened.limits.of(documents)
        embedded = None if vectors is None else embed(queries, opened.model)
        found = candidates(opened.catalog, words, vectors, queries, embedded, k, limit)
        if opened.has_own():
            return found
        return [brought_up.by_words_alone() for brought_up in found]

    def mentions(
        self, phrase: Phrase, documents: Iterable[str] | None = None
    ) -> list[tuple[str, list[tuple[int, int]]]]:
        """Every mention of a phrase: offsets in the text, in order, by document, by their ids.

        ``documents`` limits them to documents with these ids; InputError where they are no list.
        """
        only = None if documents is None else ids_in(documents)

        def find(opened: Opened) -> list[tuple[str, list[tuple[int, int]]]]:
            catalog = opened.catalog
            numbers = None if only is None else set(catalog.numbers(only).values())
            return list(mentions(catalog, opened.words(), phrase, numbers))

        return self._search(find)

    def idf(self, words: Iterable[str], language: str | None) -> dict[str, float]:
        """BM25's inverse document frequency of words that `index.text.analysis.analyse` gave."""
        words = list(words)
        return self._search(lambda opened: opened.words().idf(words, language))

    def _search(self, search: Callable[[Opened], Result]) -> Result:
        """What a search finds; made again where the index was replaced meanwhile."""
        while True:
            opened = self._current()
            try:
                result = search(opened)
            except QAError:
                if self._closed or opened.catalog.is_in_place():
                    raise
                continue
            if self._closed or opened.catalog.is_in_place():
                return result

    def origins(self, ids: Iterable[str]) -> dict[str, Origin]:
        """Titles and sources by document id."""
        return self.catalog.origins(ids_in(ids))

    def counts(self) -> Counts:
        """The number of documents and of passages."""
        return self.catalog.counts()

    def matching(self, where: Where, documents: Iterable[str] | None = None) -> DocumentIds:
        """The ids of the documents that a condition holds for (`index.storage.conditions`).

        ``documents`` are the ids of those that are looked at, by default all. What is given back
        limits a search at once, without a look at each id. Raises InputError for what is no
        condition.
        """
        only = None if documents is None else ids_in(documents)
        return self._search(lambda opened: opened.limits.matching(where, only))

    def warm_up(self) -> None:
        """Load the model, and open the stores, before the first search needs them.

        What another process has written since is seen from then on; searches see it by themselves,
        too. Raises what a search raises.
        """

        def load(opened: Opened) -> None:
            opened.words()
            opened.vectors()
            opened.model.embed_queries(["."])

        self._search(load)

    def has(self, document_id: str) -> bool:
        """Whether there is a document of this id."""
        return bool(ids_in([document_id])) and self.catalog.has(document_id)

    def passages_of(self, document_id: str, limit: int | None = None) -> list[Passage]:
        """The passages of one document in their order, only the first ``limit`` if it is given.

        Raises DocumentNotFoundError when there is no document of that id.
        """
        if not ids_in([document_id]):
            raise DocumentNotFoundError(document_id)

        def read(opened: Opened) -> list[Passage]:
            if not opened.catalog.has(document_id):
                raise DocumentNotFoundError(document_id)
            return opened.catalog.passages_of(document_id, limit)

        return self._search(read)

    def size(self, id: str) -> int:
        """The number of a document's passages; 0 when there is none of that id."""
        return self.catalog.size(id) if ids_in([id]) else 0

    def documents(self) -> list[DocumentInfo]:
        """Every document of the index, by id, without its text."""
        return self.catalog.documents()

    def names(self) -> list[DocumentName]:
        """What every document is called, by id: less than `documents` has, and sooner."""
        return self.catalog.names()

    @property
    def state(self) -> tuple[Entry | None, str]:
        """What is another whenever documents have changed, or another index has the path."""
        catalog = self.catalog
        return catalog.entry, catalog.get("generation") or ""

    def document(self, id: str) -> Document:
        """One document with its text; DocumentNotFoundError when there is none of that id."""
        if not ids_in([id]):
            raise DocumentNotFoundError(id)
        return self.catalog.document(id)
