"""What the catalog records of what stands in Milvus."""

import json
import secrets
from dataclasses import asdict, dataclass, field, replace

from index.storage.catalog import Catalog
from index.text.analysis import ANALYSIS

__all__ = ["Published"]

_KEY = "milvus"


@dataclass(frozen=True, slots=True)
class Published:
    """The part of a Milvus that belongs to an index, and what has been sent to it.

    ``tenant`` numbers the part. ``owner``: the folder or address of the index, and its
    `Database.entry` as text: a copy of an index has neither, and gets a part of its own.
    ``token`` also stands in Milvus when all is in step, ``coming`` is the token after it while
    something is being written, None else. ``passages``: how many are counted, and sent;
    ``largest_id`` the largest id that ever was; ``state`` the `Catalog.state` when all was in step.
    ``words``: the largest number given to a word. ``tokens``: the words of all passages by
    language; ``averages``: by language, the mean length with which the passages in Milvus were
    weighted. ``all_words``: whether all words must be sent again. ``vectors_of`` is the identity of
    the model whose vectors stand there, None while there are none or not all.
    """

    tenant: int
    owner: tuple[str, str]
    token: int = 0
    coming: int | None = None
    passages: int = 0
    largest_id: int = 0
    state: tuple[int, int] = (-1, 0)
    words: int = 0
    tokens: dict[str, int] = field(default_factory=dict)
    averages: dict[str, float] = field(default_factory=dict)
    all_words: bool = False
    vectors_of: str | None = None
    dimensions: int = 0
    analysis: int = ANALYSIS

    @classmethod
    def of(cls, catalog: Catalog) -> "Published | None":
        """What the catalog records; None where nothing was sent yet."""
        recorded = catalog.get(_KEY)
        if recorded is None:
            return None
        values = json.loads(recorded)
        pairs = {"owner": tuple(values["owner"]), "state": tuple(values["state"])}
        return cls(**{**values, **pairs})

    def record(self, catalog: Catalog) -> None:
        """Record it; part of the transaction that it tells of."""
        catalog.put(_KEY, json.dumps(asdict(self)))

    @property
    def partition(self) -> str:
        """The name of the partition, in each of the collections."""
        return f"index_{self.tenant}"

    def belongs_to(self, owner: tuple[str, str]) -> bool:
        """Whether the part is that of this index, which may have moved or been restored."""
        return self.owner[0] == owner[0] or self.owner[1] == owner[1]

    def begun(self) -> "Published":
        """The same while something is written."""
        return replace(self, coming=self.coming or secrets.randbits(62))

    def done(self, state: tuple[int, int]) -> "Published":
        """The same when all that was to be written is."""
        token = self.coming or self.token
        return replace(self, token=token, coming=None, all_words=False, state=state)
