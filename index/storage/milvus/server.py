"""A connection to a Milvus: the few things that we ask of it, its errors as ours, with time limits.

Rows are numbered across all indexes of a Milvus: the number of an index's part, then the passage's
id. Each part is a partition of each collection.
"""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import RLock
from typing import Any, ClassVar

import numpy as np

from index.errors import IndexStateError, MissingExtraError
from index.settings import SETTINGS
from index.storage.milvus.address import MilvusAddress
from index.storage.milvus.conditions import EVERYTHING, MOST, Condition
from index.storage.vectors import Found, Ids

__all__ = ["BITS", "LostError", "Server", "require_pymilvus"]

BITS = 40
"""Of a row's number, those that are the passage's id; above them stands the part's number."""
BATCH = SETTINGS.milvus.rows_at_once
CONNECT_SECONDS = SETTINGS.milvus.connect_seconds
SEARCH_SECONDS = SETTINGS.milvus.search_seconds
WRITE_SECONDS = SETTINGS.milvus.write_seconds
WRITTEN_OUT = 100  # values that stand in the text of a filter; of more, a server is given a list

# No such collection, partition or index, or it is not loaded; also as numbered by old servers.
_LOST, _LOST_BEFORE = {100, 101, 200, 201, 700}, {4, 101, 200}


class LostError(IndexStateError):
    """What was in Milvus is not there: it is sent again by the next write or search."""


def require_pymilvus() -> None:
    """Raise MissingExtraError where it is not installed."""
    from importlib.util import find_spec

    if find_spec("pymilvus") is None:
        raise MissingExtraError(
            "Milvus needs pymilvus: run pip install '.[milvus]' in the project's folder."
        )


class Server:
    """Connected when first used, and again after an error; ``errors`` counts them.

    Safe for threads. Every method raises IndexStateError, or MissingExtraError.
    """

    # milvus-lite serves a file to this process alone, and takes one write at a time.
    _file_writes = RLock()
    _files: ClassVar[dict[str, int]] = {}
    _files_lock = RLock()

    def __init__(self, address: MilvusAddress) -> None:
        self.address = address
        self.errors = 0
        self._lock = RLock()
        self._writes = self._file_writes if address.file else RLock()
        self._client: Any = None
        self._loaded: set[str] = set()

    def close(self) -> None:
        """End the connection; the next use makes it anew."""
        with self._lock:
            client, self._client = self._client, None
            self._loaded.clear()
        if client is None:
            return
        with suppress(Exception):  # it may be broken
            client.close()
        if path := self._path():
            with self._files_lock:
                self._files[path] -= 1
                if not self._files[path]:
                    from milvus_lite.server_manager import server_manager_instance

                    server_manager_instance.release_server(path)

    def __del__(self) -> None:
        self.close()

    def _path(self) -> str | None:
        return str(self.address.file) if self.address.file else None

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> Any:
        require_pymilvus()
        for name in ("pymilvus", "milvus_lite"):  # they print each error with its traceback
            logging.getLogger(name).setLevel(logging.CRITICAL)
        with _no_dotenv():
            from pymilvus import MilvusClient

        path = self._path()
        if path is None:
            return MilvusClient(
                self.address.uri,
                token=os.environ.get("MILVUS_TOKEN", ""),
                db_name=self.address.database,
                timeout=CONNECT_SECONDS,
                dedicated=True,
            )
        with self._files_lock:
            # A proxy of the environment is not for this machine's own port.
            options = {"grpc.enable_http_proxy": 0}
            client = MilvusClient(
                path, timeout=CONNECT_SECONDS, dedicated=True, grpc_options=options
            )
            self._files[path] = self._files.get(path, 0) + 1
            return client

    @contextmanager
    def _mapped(self) -> Iterator[Any]:
        """The client; the errors of pymilvus and gRPC are raised as ours."""
        import grpc
        from pymilvus.exceptions import MilvusException

        try:
            yield self._connected()
        except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError, ValueError) as exc:
            with self._lock:
                self.errors += 1
                self._loaded.clear()
            raise self._ours(exc) from exc

    def _ours(self, exc: Exception) -> IndexStateError:
        """What to do about an error. No text of a library is shown: it may hold what is secret."""
        code, before = getattr(exc, "code", None), getattr(exc, "compatible_code", None)
        if code in _LOST or before in _LOST_BEFORE or "NotExist" in type(exc).__name__:
            return LostError(
                f"The Milvus at {self.address} has lost what was searched of this index: it is "
                "sent again by the next search or qa index."
            )
        text = str(exc).lower()
        if "unauthenticated" in text or "auth check" in text or "permission" in text:
            return IndexStateError(
                f"The Milvus at {self.address} refuses the token: set MILVUS_TOKEN to "
                "user:password or to a key."
            )
        if "database not found" in text:
            return IndexStateError(f"There is no database of {self.address}: make it first.")
        self.close()  # the next use connects anew
        if self.address.file:
            return self._of_file(text)
        reason = "is too slow" if "deadline" in text else "cannot be reached"
        return IndexStateError(
            f"The Milvus at {self.address} {reason}: nothing is lost, and searches go on when it "
            "is back."
        )

    def _of_file(self, text: str) -> IndexStateError:
        path = self.address.file
        if "not exists" in text:
            return IndexStateError(f"The folder of {path} is not there: make it.")
        return IndexStateError(
            f"milvus-lite cannot use {path}: it serves one process at a time, so end the other one "
            "that has it open, or use a Milvus server; if there is none, the file is damaged: "
            "remove it, and it is made again."
        )

    # Collections

    def prepare(self, collection: str, partition: str, field: str, dimensions: int = 0) -> None:
        """Make what is missing of a collection, and of the partition in it, and load it.

        ``field``: of vectors with so many dimensions; without, of sparse ones, beside the number of
        the passage's document.
        """
        with self._mapped() as client, self._writes:
            if not client.has_collection(collection, timeout=SEARCH_SECONDS):
                self._make(client, collection, field, dimensions)
            self._load(client, collection)
            if not client.has_partition(collection, partition, timeout=SEARCH_SECONDS):
                client.create_partition(collection, partition, timeout=WRITE_SECONDS)

    def _make(self, client: Any, collection: str, field: str, dimensions: int) -> None:
        from pymilvus import DataType

        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        index = client.prepare_index_params()
        if dimensions:
            schema.add_field(field, DataType.FLOAT_VECTOR, dim=dimensions)
            kind, params = ("FLAT", {}) if self.address.file else ("HNSW", SETTINGS.milvus.hnsw())
            index.add_index(field, index_type=kind, metric_type="IP", params=params)
        else:
            schema.add_field("document", DataType.INT64)
            schema.add_field(field, DataType.SPARSE_FLOAT_VECTOR)
            index.add_index(field, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
            index.add_index("document", index_type="INVERTED")
        client.create_collection(
            collection,
            schema=schema,
            index_params=index,
            consistency_level="Strong",
            timeout=WRITE_SECONDS,
        )

    def _load(self, client: Any, collection: str) -> None:
        with self._lock:
            if collection not in self._loaded:
                client.load_collection(collection, timeout=WRITE_SECONDS)
                self._loaded.add(collection)

    def has(self, collection: str, partition: str) -> bool:
        """Whether there is a partition of this name."""
        with self._mapped() as client:
            return bool(
                client.has_collection(collection, timeout=SEARCH_SECONDS)
                and client.has_partition(collection, partition, timeout=SEARCH_SECONDS)
            )

    def drop(self, collection: str, partition: str) -> None:
        """Remove a partition with all that is in it."""
        if self.has(collection, partition):
            with self._mapped() as client, self._writes:
                with suppress(Exception):  # only a server wants it released first
                    client.release_partitions(collection, [partition], timeout=WRITE_SECONDS)
                client.drop_partition(collection, partition, timeout=WRITE_SECONDS)
                self._loaded.discard(collection)

    # Rows

    def upsert(self, collection: str, partition: str, rows: Sequence[dict[str, Any]]) -> None:
        """Write rows, each in place of an earlier one of its id; they are seen from then on."""
        for start in range(0, len(rows), BATCH):
            with self._mapped() as client, self._writes:
                self._load(client, collection)
                client.upsert(
                    collection,
                    list(rows[start : start + BATCH]),
                    partition_name=partition,
                    timeout=WRITE_SECONDS,
                )

    def delete(self, collection: str, partition: str, ids: Sequence[int]) -> None:
        """Remove rows by id; no search sees them from then on."""
        for start in range(0, len(ids), BATCH):
            with self._mapped() as client, self._writes:
                self._load(client, collection)
                client.delete(
                    collection,
                    ids=[int(id) for id in ids[start : start + BATCH]],
                    partition_name=partition,
                    timeout=WRITE_SECONDS,
                )

    def settle(self, collection: str) -> None:
        """Let milvus-lite write its memory into a file: what is in memory it indexes anew for each
        search. A server does so by itself.
        """
        if self.address.file:
            with self._mapped() as client, self._writes:
                client.flush(collection, timeout=WRITE_SECONDS)

    def rows(
        self, collection: str, partition: str, ids: Sequence[int], fields: Sequence[str]
    ) -> list[dict[str, Any]]:
        """The rows of these ids that there are, in any order."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(ids), BATCH):
            with self._mapped() as client:
                self._load(client, collection)
                found += client.get(
                    collection,
                    ids=[int(id) for id in ids[start : start + BATCH]],
                    output_fields=["id", *fields],
                    partition_names=[partition],
                    timeout=SEARCH_SECONDS,
                )
        return found

    def ids(self, collection: str, partition: str, tenant: int) -> Ids:
        """The ids of all passages in a part, ascending."""
        blocks = [np.empty(0, dtype=np.int64)]
        with self._mapped() as client:
            self._load(client, collection)
            pages = client.query_iterator(
                collection,
                batch_size=MOST,
                filter=f"id > {tenant << BITS} and id < {(tenant + 1) << BITS}",
                output_fields=["id"],
                partition_names=[partition],
                timeout=WRITE_SECONDS,
            )
            try:
                while page := pages.next():
                    blocks.append(np.array([row["id"] for row in page], dtype=np.int64))
            finally:
                pages.close()
        return np.unique(np.concatenate(blocks)) & ((1 << BITS) - 1)

    def search(
        self,
        collection: str,
        partition: str,
        field: str,
        queries: Sequence[Any],
        k: int,
        condition: Condition = EVERYTHING,
    ) -> list[Found]:
        """For each query the passages' ids and inner products of the k best rows, best first."""
        # milvus-lite takes no values beside the text.
        expression, values = condition.written(WRITTEN_OUT if self.address.file is None else None)
        with self._mapped() as client:
            self._load(client, collection)
            found = client.search(
                collection,
                data=list(queries),
                anns_field=field,
                limit=k,
                filter=expression,
                filter_params=values,
                output_fields=["id"],
                partition_names=[partition],
                search_params={"params": SETTINGS.milvus.searched(k) if field == "vector" else {}},
                timeout=SEARCH_SECONDS,
            )
        return [_found(hits) for hits in found]


@contextmanager
def _no_dotenv() -> Iterator[None]:
    """Keep pymilvus, when it is imported, from setting what a file .env above its folder says."""
    before = os.environ.get("PYTHON_DOTENV_DISABLED")
    os.environ["PYTHON_DOTENV_DISABLED"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["PYTHON_DOTENV_DISABLED"]
        else:
            os.environ["PYTHON_DOTENV_DISABLED"] = before


def _found(hits: Any) -> Found:
    ids = np.array([hit["id"] for hit in hits], dtype=np.int64) & ((1 << BITS) - 1)
    return ids, np.array([hit["distance"] for hit in hits], dtype=np.float32)
