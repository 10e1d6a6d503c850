"""What the components of all frameworks share: an index that is opened when it is first searched.

A component holds the folder of its index, or a retriever that was opened before; it can be pickled
and used after a fork, as it then opens the folder anew.
"""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

from index.storage.postgres.address import is_address
from qa import Assistant, Hit, Retriever, embedder
from qa.embedding import TextEmbedder
from qa.errors import InputError

__all__ = ["Limits", "Opened", "loaded", "metadata_of"]

_open: WeakValueDictionary[tuple[int, str], Retriever] = WeakValueDictionary()
_lock = Lock()
_before_fork: list[Retriever] = []  # a child must not even close what its parent has open


def _renew_lock() -> None:
    global _lock  # noqa: PLW0603  # another thread may have held it at the fork
    _lock = Lock()


os.register_at_fork(after_in_child=_renew_lock)


class Opened:
    """A retriever over an index; components of one folder share it. Safe for threads."""

    def __init__(self, index: str | Path | Retriever) -> None:
        """``index`` is an open retriever, or the folder of an index, which need not be there yet.

        Raises InputError for anything else.
        """
        given = isinstance(index, Retriever)
        if not given and (not isinstance(index, str | Path) or not str(index).strip()):
            raise InputError(
                "An index is given by its folder, as in index='my-index', or as an open Retriever."
            )
        self.path = str(index.index.path if isinstance(index, Retriever) else index)
        self._retriever = index if isinstance(index, Retriever) else None
        self._process = os.getpid()
        self._assistant: tuple[Retriever, float | None, Assistant] | None = None

    def __reduce__(self) -> tuple[type["Opened"], tuple[str]]:
        return Opened, (self.path,)

    def get(self) -> Retriever:
        """The retriever, opened now if it was not; raises what `qa.Retriever.open` raises."""
        process = os.getpid()
        if self._retriever and self._process != process:
            _before_fork.append(self._retriever)
            self.close()
        if self._retriever is None:
            key = process, str(self.path if is_address(self.path) else Path(self.path).absolute())
            with _lock:
                retriever = _open.get(key)
                if retriever is None:
                    retriever = _open[key] = Retriever.open(self.path)
            self._retriever, self._process = retriever, process
            return retriever
        return self._retriever

    @property
    def is_open(self) -> bool:
        """Whether the retriever has been opened, in this process."""
        return self._retriever is not None and self._process == os.getpid()

    def assistant(self, min_confidence: float | None = None) -> Assistant:
        """The assistant over the retriever; raises what `qa.Assistant` raises, too."""
        retriever, known = self.get(), self._assistant
        if known is None or known[0] is not retriever or known[1] != min_confidence:
            assistant = Assistant(retriever, min_confidence=min_confidence)
            known = self._assistant = retriever, min_confidence, assistant
        return known[2]

    def close(self) -> None:
        """Let go of the retriever; the next `get` opens the folder again."""
        self._retriever = self._assistant = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search is limited to, as `qa.Retriever.search` takes it."""

    documents: Collection[str] | None = None
    where: Mapping[str, Any] | None = None
    since: str | None = None
    until: str | None = None

    def narrowed(self, other: "Limits", retriever: Retriever) -> "Limits":
        """Both limits: the first may be what somebody is allowed to read."""
        if other == Limits():
            return self
        documents = self.documents
        if self.since is not None or self.until is not None:
            documents = retriever.within(documents, since=self.since, until=self.until)
        both = [where for where in (self.where, other.where) if where is not None]
        if documents is not None and other.documents is not None:
            both.append({"id": {"$in": list(documents)}})
            documents = other.documents
        documents = other.documents if documents is None else documents
        return replace(other, documents=documents, where={"$and": both} if both else None)

    def given(self) -> dict[str, Any]:
        """As the arguments of a search or an answer."""
        return {name: getattr(self, name) for name in self.__slots__}


def metadata_of(hit: Hit) -> dict[str, Any]:
    """What is known of a passage, in one flat dictionary that JSON holds.

    The document's metadata and, in their place where the names are the same, ``document_id``,
    ``source`` (the id, where it is of no file), ``title``, ``page``, ``page_label``, ``paragraph``,
    ``start`` and ``end`` (offsets in the document's text), ``date``, ``hash`` (of that text),
    ``context``, ``header``, ``ocr``, ``score`` and ``relevance``.
    """
    cited = hit.citation.to_dict()
    del cited["quote"], cited["highlight"]  # the text itself
    cited["source"] = cited["source"] or hit.document_id
    return {**hit.metadata, **cited, "score": hit.score, "relevance": hit.relevance}


@lru_cache(maxsize=4)
def loaded(model: str | None) -> TextEmbedder:
    """The embedding model of a name or folder, once a process; raises what `qa.embedder` raises."""
    return embedder(model)
