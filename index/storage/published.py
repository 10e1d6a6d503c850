"""What the catalog records of the files that were made from it.

A file is used only if it is the one recorded: it has the recorded checksum, and it holds the
passages of the recorded state. The records are kept as JSON; this module alone knows their keys.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import NamedTuple, Protocol

from index.storage.catalog import Catalog
from index.storage.files import checksum
from index.storage.vectors import VectorStore
from index.text.analysis import ANALYSIS

__all__ = ["PassagesState", "PublishedVectors", "PublishedWords", "Records"]
__all__ += ["delete_unpublished"]

_VECTORS, _WORDS = "vectors", "words"  # keys of the catalog


class Records(Protocol):
    """Where it is recorded what is published: the catalog, or a file beside the files."""

    def get(self, key: str) -> str | None:
        """A value kept under ``key``, or None."""

    def put(self, key: str, value: str) -> None:
        """Keep a value under ``key``."""


class PassagesState(NamedTuple):
    """Which passages a file holds: their number and their largest id.

    No id is used twice, so two moments with the same state have the same passages.
    """

    passages: int
    largest_id: int


_UNKNOWN = PassagesState(-1, 0)  # no catalog has this state


def _state(values: list[int] | None) -> PassagesState:
    return PassagesState(*values) if values else _UNKNOWN


@dataclass(frozen=True, slots=True)
class PublishedVectors:
    """The file of vectors: its name in the index's folder, its `index.storage.files.checksum`, the
    passages that it holds, and the `VectorStore.trained_on` and ``layout`` of the store in it.
    """

    file: str
    checksum: str
    state: PassagesState
    trained_on: int = 0
    layout: int = VectorStore.layout
    least_similarity: float = -1.0

    @classmethod
    def of(cls, catalog: Catalog) -> "PublishedVectors | None":
        """What the catalog records; None where no file is published."""
        recorded = json.loads(catalog.get(_VECTORS) or "{}")
        if not recorded.keys() >= {"file", "checksum"}:
            return None  # nothing, or what a release before format 2 wrote
        state, trained_on = _state(recorded.get("state")), recorded.get("fitted", 0)
        layout = recorded.get("layout", 1)  # earlier releases knew one only, and recorded none
        least = recorded.get("least_similarity", -1.0)
        return cls(recorded["file"], recorded["checksum"], state, trained_on, layout, least)

    @classmethod
    def write(cls, catalog: Catalog, store: VectorStore) -> "PublishedVectors":
        """Write a file of the catalog's vectors; it is published once this is recorded."""
        name = f"vectors-{catalog.get('generation') or '0'}-{store.trained_on}.faiss"
        path = catalog.folder / name
        store.save(path)
        state = PassagesState(*catalog.state())
        kind = store.trained_on, store.layout, store.least_similarity
        return cls(name, checksum(path), state, *kind)

    def record(self, catalog: Catalog) -> None:
        """Publish the file: from now on it is the one that is read."""
        recorded = asdict(self)
        recorded["fitted"] = recorded.pop("trained_on")  # the key since the first release
        catalog.put(_VECTORS, json.dumps(recorded))

    @staticmethod
    def withdraw(catalog: Catalog) -> None:
        """Record that no file of vectors is published."""
        catalog.delete(_VECTORS)


@dataclass(frozen=True, slots=True)
class PublishedWords:
    """The folder of words: the checksum of each of its files by name, and the passages in them.

    ``analysis`` is the `index.text.analysis.ANALYSIS` that made the words, 1 for those of releases
    that did not record it.
    """

    files: dict[str, str] = field(default_factory=dict)
    state: PassagesState = _UNKNOWN
    analysis: int = ANALYSIS

    @classmethod
    def of(cls, records: Records) -> "PublishedWords":
        """What is recorded; no files and no known state where nothing is published."""
        recorded = json.loads(records.get(_WORDS) or "{}")
        analysis = recorded.get("analysis", 1 if recorded else ANALYSIS)
        return cls(recorded.get("files", {}), _state(recorded.get("state")), analysis)

    def record(self, records: Records) -> None:
        """Publish the files."""
        records.put(_WORDS, json.dumps(asdict(self)))

    @staticmethod
    def withdraw(records: Records) -> None:
        """Record that no words are published."""
        records.put(_WORDS, "{}")


def delete_unpublished(catalog: Catalog) -> None:
    """Delete every file of vectors but the published one, with what an interrupted writer left."""
    published = PublishedVectors.of(catalog)
    for path in catalog.folder.glob("vectors-*"):
        if published is None or path.name != published.file:
            path.unlink(missing_ok=True)
