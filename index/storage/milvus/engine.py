"""What is searched of an index in Milvus, and how it is kept in step with the catalog.

The catalog records, in the transaction that counts some passages, that they are about to be sent.
When all is sent, a token is written on both sides. So whatever was interrupted or lost is seen: ids
are compared after an interruption, and all is sent again where the tokens differ.
"""

import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from index.errors import IndexStateError
from index.settings import SETTINGS
from index.storage.catalog import Catalog
from index.storage.checked import differences
from index.storage.database import RENEWAL, VectorsOrigin
from index.storage.milvus.address import MilvusAddress
from index.storage.milvus.counts import Counts, Worded
from index.storage.milvus.published import Published
from index.storage.milvus.server import BITS, LostError, Server
from index.storage.milvus.vectors import FIELD as VECTOR
from index.storage.milvus.vectors import MilvusVectors, collection_of
from index.storage.milvus.words import FIELD, WORDS, MilvusWords, averages, drifted, sparse
from index.storage.vectors import VectorStore
from index.text.analysis import ANALYSIS

__all__ = ["MilvusEngine"]

BATCH = SETTINGS.milvus.rows_at_once
PUBLISH_SHARE = SETTINGS.writing.publish_share
_AGAIN_SECONDS = 30.0  # after which a long write tries again to reach a server that is away
_TENANTS = 1 << 22


class MilvusEngine:
    """`index.storage.engines.Engine`. Nothing is connected before it is used."""

    def __init__(self, catalog: Catalog, address: MilvusAddress) -> None:
        self._catalog = catalog
        self._server = Server(address)
        self._counts = Counts(catalog)
        self._seen: int | None = None  # the catalog's version when it was last looked at
        self._errors: int | None = None  # of the server when its token was last compared
        self._complete = False
        self._origin = VectorsOrigin(None, complete=False)
        self._problem: IndexStateError | None = None  # why nothing could be published
        self._left: tuple[Published, int] | None = None  # of a long write, where it has got to
        self._publish_from = 0.0  # `time.monotonic` from when on a long write publishes again
        self._take(None)

    def _take(self, published: Published | None) -> None:
        self._published = published
        self._words = MilvusWords(self._server, self._counts, published)

    @property
    def words(self) -> MilvusWords:
        """The words, as of the last `refresh` or `publish`."""
        return self._words

    @property
    def vectors(self) -> VectorStore | None:
        """The vectors, as of the last `refresh` or `publish`; None while they are made anew."""
        published = self._published
        if published is None or not self._origin.complete:
            return None
        if published.vectors_of != self._origin.identity:
            return None
        return MilvusVectors(self._server, self._catalog, published)

    @property
    def vectors_origin(self) -> VectorsOrigin:
        """The `index.storage.database.Database.vectors_origin` of these vectors."""
        return self._origin

    def close(self) -> None:
        """End the connection."""
        self._server.close()

    # In step

    def refresh(self) -> bool:
        """See what a writer has committed; False when what is in Milvus is behind.

        Raises IndexStateError where Milvus cannot be reached.
        """
        version = self._catalog.version()
        if version != self._seen or self._errors != self._server.errors:
            self._origin = self._catalog.vectors_origin()
            self._take(Published.of(self._catalog))
            self._complete = self._is_complete()
            self._seen = version
        return self._complete

    def _is_complete(self) -> bool:
        """Whether what is recorded is that of the catalog's passages, and stands in Milvus."""
        published = self._published
        if published is None:
            return self._catalog.counts().passages == 0
        if published.coming is not None or published.state != self._catalog.state():
            return False
        if published.analysis != ANALYSIS or not published.belongs_to(self._owner()):
            return False
        if self._origin.complete and published.vectors_of != self._origin.identity:
            return False
        return self._is_there(published)

    def _is_there(self, published: Published) -> bool:
        """Whether Milvus holds the recorded token; it is asked once for each connection."""
        if self._errors == self._server.errors:
            return True
        errors = self._server.errors
        try:
            there = self._token(published) == published.token
        except LostError:
            return False
        if there:
            self._errors = errors
        return there

    def _token(self, published: Published) -> int | None:
        """The token in Milvus: the document's number of a row that no search finds."""
        rows = self._server.rows(
            WORDS, published.partition, [published.tenant << BITS], ["document"]
        )
        return int(rows[0]["document"]) if rows else None

    def _owner(self) -> tuple[str, str]:
        return str(self._catalog.folder), str(self._catalog.entry)

    # Writing

    def rebuild_for_size(self, *, last: bool = True) -> None:
        """Milvus sees to its own indexes."""

    def publish(self, rebuilt: VectorStore | None = None, *, last: bool = True) -> None:  # noqa: ARG002
        """Bring Milvus in step with the catalog; only the writer may.

        Within a long write a server that is away is tried again later. At its end IndexStateError
        is raised: the documents are in the catalog, and a later write or search sends them.
        """
        started = time.monotonic()
        if not last and started < self._publish_from:
            return
        self._catalog.require_in_place()
        self._problem = None
        try:
            self._origin = self._catalog.vectors_origin()
            self._take(Published.of(self._catalog))
            if not last or not self._is_complete():
                self._publish(last=last)
        except IndexStateError as exc:
            self._problem = exc
            if last:
                raise
            self._publish_from = time.monotonic() + _AGAIN_SECONDS
            return
        now = time.monotonic()
        self._publish_from = 0.0 if last else now + (now - started) / PUBLISH_SHARE
        if last:
            # This connection's own writes do not change the catalog's version.
            self._complete, self._seen = True, self._catalog.version()

    def _publish(self, *, last: bool) -> None:
        part = self._prepared()
        if self._origin.complete and part.vectors_of is None and not part.passages:
            part = replace(part, vectors_of=self._origin.identity)
        part = self._mended(part)
        part = self._without_gone(part)
        part = self._with_new(part)
        if last:
            self._finish(self._weighted(part))
        else:
            self._take(part)
            self._left = part, self._server.errors

    def _prepared(self) -> Published:
        """What is recorded, with its partitions in Milvus; a new part where there is none."""
        part = self._published
        if part is None or not part.belongs_to(self._owner()):
            part = self._new()
        elif part.analysis != ANALYSIS:  # words of an earlier release
            self._drop(part)
            part = self._new(part.tenant)
        part = replace(part, owner=self._owner())  # it may have moved
        self._prepare(part)
        return part

    def _new(self, tenant: int = 0) -> Published:
        """An empty part of Milvus, numbered so if that is given."""
        while not tenant:
            tenant = secrets.randbelow(_TENANTS)
            if self._server.has(WORDS, Published(tenant, self._owner()).partition):
                tenant = 0
        dimensions = int(self._catalog.get("dimensions") or 0)
        part = Published(tenant, self._owner(), dimensions=dimensions).begun()
        with self._catalog.transaction():
            self._counts.make()
            part.record(self._catalog)
        return part

    def _prepare(self, part: Published) -> None:
        vectors = collection_of(part.dimensions)
        self._server.prepare(WORDS, part.partition, FIELD)
        self._server.prepare(vectors, part.partition, VECTOR, part.dimensions)

    def _drop(self, part: Published) -> None:
        for collection in (WORDS, collection_of(part.dimensions)):
            self._server.drop(collection, part.partition)

    def _mended(self, part: Published) -> Published:
        """The part, with what was interrupted or lost in Milvus sent again."""
        if self._left == (self._published, self._server.errors):
            return part
        token = self._token(part)
        if part.coming is None and token == part.token:
            return part
        part = self._begun(part)
        if part.token and token not in {part.token, part.coming}:
            # It is not what we have sent: it was lost, or the catalog is an older one.
            self._drop(part)
            self._prepare(part)
            part = self._begun(replace(part, all_words=True))
        if not part.passages:
            return part
        counted = self._counts.ids()
        words = self._words_of(part)
        if not part.all_words:
            held = words.ids()
            self._delete(WORDS, part, np.setdiff1d(held, counted).tolist())
            self._send_words(part, self._counts.of(np.setdiff1d(counted, held).tolist()))
        if part.vectors_of is not None:
            vectors = MilvusVectors(self._server, self._catalog, part)
            held = vectors.ids()
            vectors.remove(np.setdiff1d(held, counted))
            self._send_vectors(part, np.setdiff1d(counted, held).tolist())
        return part

    def _words_of(self, part: Published) -> MilvusWords:
        return MilvusWords(self._server, self._counts, part)

    def _begun(self, part: Published) -> Published:
        """Record that what is in Milvus is about to change."""
        part = part.begun()
        with self._catalog.transaction():
            part.record(self._catalog)
        return part

    def _without_gone(self, part: Published) -> Published:
        """Take out what is gone from the catalog."""
        new = len(self._catalog.passage_ids(after=part.largest_id))
        if part.passages + new == self._catalog.counts().passages:
            return part
        gone = self._counts.gone()
        with self._catalog.transaction():
            part = self._counts.remove(part.begun(), gone)
            part.record(self._catalog)
        self._delete(WORDS, part, gone)
        self._delete(collection_of(part.dimensions), part, gone)
        return part

    def _delete(self, collection: str, part: Published, ids: list[int]) -> None:
        self._server.delete(collection, part.partition, [(part.tenant << BITS) + id for id in ids])

    def _with_new(self, part: Published) -> Published:
        """Count and send what is new in the catalog."""
        new = self._catalog.passage_ids(after=part.largest_id).tolist()
        for at in range(0, len(new), BATCH):
            ids = new[at : at + BATCH]
            with self._catalog.transaction():
                texts = list(self._catalog.indexed_texts(ids))
                texts.sort()
                part, worded = self._counts.add(part.begun(), texts)
                mean = averages(part)
                if not mean.keys() <= part.averages.keys():
                    part = replace(part, averages={**mean, **part.averages})
                part.record(self._catalog)
            self._send_words(part, worded)
            if part.vectors_of is not None:
                self._send_vectors(part, ids)
        return part

    def _send_words(self, part: Published, worded: Iterable[Worded]) -> None:
        start = part.tenant << BITS
        batch: list[Worded] = []
        for one in [*worded, None]:
            if one is not None:
                batch.append(one)
            if batch and (one is None or len(batch) == BATCH):
                documents = self._documents([one.id for one in batch])
                rows = [
                    {
                        "id": start + one.id,
                        "document": documents.get(one.id, 0),
                        FIELD: sparse(one, part.averages),
                    }
                    for one in batch
                ]
                self._server.upsert(WORDS, part.partition, rows)
                batch = []

    def _documents(self, ids: list[int]) -> dict[int, int]:
        test, values = self._catalog.among(ids)
        return dict(
            self._catalog.rows(f"SELECT id, document FROM passages WHERE id {test}", values)
        )

    def _send_vectors(self, part: Published, ids: list[int]) -> None:
        store = MilvusVectors(self._server, self._catalog, part)
        for held, vectors in self._catalog.vectors(ids):
            store.add(held, vectors)

    def _weighted(self, part: Published) -> Published:
        """All words anew where they must be, or where the average length has drifted."""
        mean = averages(part)
        if part.all_words or drifted(part.averages, mean):
            part = self._begun(replace(part, averages=mean, all_words=True))
            ids = self._counts.ids().tolist()
            for at in range(0, len(ids), BATCH):
                self._send_words(part, self._counts.of(ids[at : at + BATCH]))
        return part

    def _finish(self, part: Published) -> None:
        """Write the token on both sides."""
        part = part.begun()
        row = {"id": part.tenant << BITS, "document": part.coming, FIELD: {0: 1.0}}
        self._server.upsert(WORDS, part.partition, [row])
        self._server.settle(WORDS)
        self._server.settle(collection_of(part.dimensions))
        part = part.done(self._catalog.state())
        with self._catalog.transaction():
            part.record(self._catalog)
        self._take(part)
        self._errors, self._left = self._server.errors, None

    def in_memory(self) -> None:
        """Raise IndexStateError: of what Milvus lacks, nothing is searched in silence."""
        if self._problem is not None:
            raise self._problem
        raise IndexStateError(
            f"The index in {self._catalog.shown} has passages that are not yet in "
            f"{self._server.address}: run qa index where it can be written."
        )

    # Vectors that are made anew

    def withdraw_vectors(self) -> None:
        """No vectors are published from now on; part of the caller's transaction."""
        if (part := Published.of(self._catalog)) is not None:
            replace(part.begun(), vectors_of=None).record(self._catalog)

    def publish_remade(self) -> None:
        """Send vectors that were all made anew; only the writer may. With it the renewal ends."""
        self._catalog.require_in_place()
        self._origin = self._catalog.vectors_origin()
        self._take(Published.of(self._catalog))
        part = self._prepared().begun()
        self._server.drop(collection_of(part.dimensions), part.partition)
        part = replace(part, dimensions=int(self._catalog.get("dimensions") or 0))
        collection = collection_of(part.dimensions)
        self._server.prepare(collection, part.partition, VECTOR, part.dimensions)
        self._send_vectors(part, self._counts.ids().tolist())
        part = replace(part, vectors_of=self._origin.identity)
        with self._catalog.transaction():
            part.record(self._catalog)
            self._catalog.delete(RENEWAL)

    # Health

    def unpublished(self) -> int:
        """How many passages are not yet in Milvus."""
        part = Published.of(self._catalog)
        return len(self._catalog.passage_ids(after=part.largest_id if part else 0))

    def problems(self) -> Iterator[str]:
        """Each disagreement with the catalog, as a sentence; reads all ids and vectors."""
        try:
            yield from self._problems()
        except IndexStateError as exc:
            yield str(exc)

    def _problems(self) -> Iterator[str]:
        self._seen = self._errors = None
        in_step = self.refresh()
        wanted, vectors = self._catalog.passage_ids(), self.vectors
        if not self._origin.complete:
            yield "Making the vectors anew was interrupted: run qa upgrade again."
        if not in_step:
            yield f"{self._server.address} is behind the catalog: the next qa index completes it."
        if self._published is None:
            return
        yield from differences(f"{self._server.address}, the words,", self.words.ids(), wanted)
        if vectors is None:
            return
        held = vectors.ids()
        yield from differences(f"{self._server.address}, the vectors,", held, wanted)
        for ids, block in self._catalog.vectors(np.intersect1d(held, wanted).tolist()):
            if not vectors.agrees(ids, block):
                yield f"{self._server.address} holds other vectors than the catalog."
                return
