"""The collections that one chat answers from: index folders, each under a name."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from index.errors import IndexNotFoundError, IndexStateError, ModelMismatchError
from index.storage.opening import exists, place_of
from index.storage.postgres.address import Address, is_address
from qa.types import Turn
from qa.web.records import conversation_of, turns_of
from qa.web.refused import Reason, RefusedError
from qa.web.source import is_ours, key_of, shared_key_of

if TYPE_CHECKING:
    from qa import Assistant, Retriever
    from qa.writing.client import LanguageModel

__all__ = ["Collection", "Collections", "opener"]

Open = Callable[[Path], tuple["Retriever", "Assistant"]]


@dataclass(frozen=True, slots=True)
class Collection:
    """One that is open; ``key`` stamps the links of its citations, and of no other's."""

    name: str
    retriever: "Retriever"
    assistant: "Assistant"
    key: bytes

    @property
    def path(self) -> Path:
        """The folder of files that belong to the index: of one in a folder, that one."""
        return self.retriever.index.folder


class Collections:
    """Index folders by name, the first being the one that is meant where none is named.

    Each is opened when it is first used, and stays open. Safe for threads.
    """

    def __init__(self, folders: Mapping[str, Path], open: Open) -> None:  # noqa: A002
        self.names = list(folders)
        self._folders = dict(folders)
        self._open = open
        self._opened: dict[str, Collection] = {}
        self._locks = {name: Lock() for name in folders}

    @classmethod
    def of(cls, retriever: "Retriever", assistant: "Assistant") -> "Collections":
        """One alone, which is open already and stays its owner's to close."""
        place = retriever.index.place
        name = place.collection if isinstance(place, Address) else place.name
        return cls({name or "qa": Path(str(place))}, lambda _: (retriever, assistant))

    def get(self, name: str | None = None) -> Collection:
        """A collection by name; raises RefusedError for an unknown one, and what opening raises."""
        name = name or self.names[0]
        if name not in self._folders:
            raise RefusedError(Reason.NO_COLLECTION)
        with self._locks[name]:
            if name not in self._opened:
                retriever, assistant = self._open(self._folders[name])
                key = shared_key_of(retriever.index)
                self._opened[name] = Collection(name, retriever, assistant, key)
            return self._opened[name]

    def require(self) -> None:
        """Raise IndexNotFoundError for the first folder that has no index."""
        for folder in self._folders.values():
            if not exists(place := place_of(folder)):
                raise IndexNotFoundError(
                    f"There is no index in {place}: make one with qa index FOLDER."
                )

    def of_link(self, link: str) -> Collection | None:
        """The collection that a citation's link was made in: that whose key has stamped it."""
        names = (name for name, key in self.keys().items() if is_ours(link, key))
        name = next(names, None)
        return self.get(name) if name else None

    def turns_of(self, sent: Any) -> list[Turn]:
        """The turns of a conversation that a browser sent, of whichever collection it is.

        Raises ValueError for what is no conversation.
        """
        found = (turns_of(conversation_of(sent, key)) for key in self.keys().values())
        return max(found, key=len)

    def keys(self) -> dict[str, bytes]:
        """The keys of all, by name; none in a folder is opened for it."""
        keys = {}
        for name, folder in self._folders.items():
            if opened := self._opened.get(name):
                keys[name] = opened.key
            elif is_address(folder):
                with suppress(IndexStateError):  # the other collections are there
                    keys[name] = self.get(name).key
            elif exists(folder):
                keys[name] = key_of(folder)
        return keys

    def close(self) -> None:
        """Close all that were opened."""
        for collection in self._opened.values():
            collection.retriever.close()
        self._opened.clear()


def opener(
    model: str | None,
    reader: str | None,
    writes: "LanguageModel | None" = None,
    *,
    beyond_limit: bool = True,
) -> Open:
    """What opens an index folder; collections of one model share it in memory.

    With a language model, it ``writes`` the answers. ``beyond_limit`` is as `qa.Assistant` has it.
    """
    shared: list[Retriever] = []

    def open_folder(folder: Path) -> tuple["Retriever", "Assistant"]:
        from qa import Retriever
        from qa.writing.writer import assistant_of

        try:
            given = shared[0].index.model if shared else model
            retriever = Retriever.open(folder, model=given)
        except ModelMismatchError:
            retriever = Retriever.open(folder, model=model)
        shared.append(retriever)
        assistant = assistant_of(retriever, writes, reader=reader, beyond_limit=beyond_limit)
        return retriever, assistant

    return open_folder
