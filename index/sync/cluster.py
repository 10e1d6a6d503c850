"""Files read, cut and embedded by the workers of a Ray cluster; written here, by the one writer.

Ray Data leads each file through a worker and gives what comes out, as it is ready; it holds back
the workers where the writer does not keep up. A worker that is lost is started again, and its files
are read again. What was written is the catalog's: a sync that was stopped plans anew.
"""

import os
import pickle
import socket
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread
from types import TracebackType
from typing import Any

import numpy as np

from index.documents.parts import ReadOptions
from index.embedders import Embedder
from index.errors import IndexStateError, InputError, MissingExtraError, QAError
from index.storage.catalog import Catalog
from index.sync.cluster_worker import ClusterWorker, Job, prefixes
from index.sync.plan import File
from index.sync.pool import Read
from index.sync.writer import Writer

__all__ = ["LOCAL", "ClusterReaders", "cluster"]

LOCAL = "local"
STORE = 200_000_000  # bytes of shared memory of a cluster on this machine; what is more is on disk
BLOCK = 1 << 16  # bytes from which on an answer is sent, not kept for the next one to join it
FILES_OF_TASK = 16  # files that go to a worker at once, at most
TASKS_OF_WORKER = 4  # at least, so that all end at about the same time
RETRIES = 4  # of the files of a worker that is lost
SECONDS = 5.0  # for a cluster to take a connection
LOOK_SECONDS = 2.0  # from one look at a cluster that gives nothing to the next
LOST_SECONDS = 60.0  # without any processor, until a cluster counts as lost
KNOWN = 20_000_000  # texts up to which workers are told what is embedded already
# Ray's own switches; they count when it is imported.
_SWITCHES = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_DATA_LOG_LEVEL": "ERROR",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_OBJECT_STORE_ALLOW_SLOW_STORAGE": "1",
}


@contextmanager
def cluster(address: str | None) -> Iterator[None]:
    """A connection to the Ray cluster at an address, HOST:PORT, for the calls inside.

    With None there is none. "local" starts a cluster on this machine, which ends with the
    connection. One that there is already, also by the caller's own ``ray.init``, is used and left
    as it is. Raises MissingExtraError without Ray, InputError for what is no address,
    IndexStateError where no cluster answers.
    """
    if address is None:
        yield
        return
    _check(address)
    ray = _ray()
    if ray.is_initialized():
        yield
        return
    try:
        _start(ray, address)
    # Ray has no base of its errors here.
    except Exception as exc:
        with suppress(Exception):
            ray.shutdown()
        reason = " ".join(str(exc).split()).rstrip(".")[:300]
        raise IndexStateError(f"Ray at {address} cannot be used: {reason}.") from exc
    try:
        yield
    finally:
        ray.shutdown()


def _ray() -> Any:
    for name, value in _SWITCHES.items():
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as exc:
        raise MissingExtraError('Ray is not installed: pip install "qa[ray]".') from exc
    return ray


def _check(address: str) -> None:
    """Raise InputError for what is no address, IndexStateError where nothing answers there."""
    if address == LOCAL:
        return
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or "/" in host:
        raise InputError(
            f"{address} is no address of a Ray cluster: give HOST:PORT, or local for one on this "
            "machine."
        )
    try:
        with socket.create_connection((host, int(port)), timeout=SECONDS):
            pass
    except (OSError, OverflowError) as exc:
        reason = getattr(exc, "strerror", None) or exc
        raise IndexStateError(
            f"No Ray cluster answers at {address} ({reason}): start one there with ray start "
            f"--head, and join it here with ray start --address={address}."
        ) from exc


def _start(ray: Any, address: str) -> None:
    quiet = {"logging_level": "error", "log_to_driver": False}
    if address != LOCAL:
        ray.init(address=address, **quiet)
        return
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    ray.init(
        address=LOCAL, num_cpus=cpus, include_dashboard=False, object_store_memory=STORE, **quiet
    )


@dataclass(frozen=True, slots=True)
class ClusterReaders:
    """In place of `index.sync.pool.Readers`: what it gives is cut and, mostly, embedded.

    Used inside `cluster`. ``model`` loads the embedding model in a worker, and ``loaded`` is the
    same one here.
    """

    model: str | Embedder
    loaded: Embedder
    catalog: Catalog
    writer: Writer
    options: ReadOptions

    def __enter__(self) -> "ClusterReaders":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass  # the workers end with their job

    def read(self, files: Sequence[File]) -> Iterator[Read]:
        """Each file with its stamp, and its documents or why it has none, as they are ready.

        Raises IndexStateError where workers are lost for good, and the errors of a worker's model.
        """
        done: set[int] = set()
        for place, answer in self._answers(files):
            if isinstance(answer, QAError):
                raise answer
            if isinstance(answer, dict):
                self.writer.keep(_as_floats(answer))
            elif place not in done:
                done.add(place)
                stamp, found = answer
                yield files[place], stamp, found
        if len(done) < len(files):
            raise IndexStateError(
                f"The Ray cluster lost {len(files) - len(done)} files with its workers: run the "
                "same command again, which goes on from there."
            )

    def _answers(self, files: Sequence[File]) -> Iterator[tuple[int, Any]]:
        """The workers' answers, each with the place of its file."""
        from ray.exceptions import RayError

        try:
            for row in _watched(self._dataset(files)):
                yield row["place"], pickle.loads(row["answer"])  # noqa: S301  # of our own workers
        except RayError as exc:
            raise IndexStateError(
                f"The Ray cluster lost a worker for good ({_reason(exc)}): run the same command "
                "again, which goes on from there."
            ) from exc

    def _job(self) -> Job:
        import ray

        return Job(
            self.model,
            self.loaded.identity,
            self.loaded.dimensions,
            self.options,
            ray.get_runtime_context().get_node_id(),
            ray.put(prefixes(self.catalog.known_digests(KNOWN))),
        )

    def _dataset(self, files: Sequence[File]) -> Any:
        import ray
        from ray.data import ActorPoolStrategy, DataContext

        if not (cpus := _processors()):
            raise IndexStateError("The Ray cluster has no processors: start workers in it.")
        context = DataContext.get_current()
        context.target_max_block_size = BLOCK
        workers = min(cpus, len(files))
        tasks = min(len(files), max(TASKS_OF_WORKER * workers, -(-len(files) // FILES_OF_TASK)))
        dataset = ray.data.from_items(_rows(files), override_num_blocks=tasks)
        with warnings.catch_warnings():
            # There is no other way yet to say how often files are tried again.
            warnings.filterwarnings("ignore", message="`ray_remote_args` is deprecated")
            return dataset.map_batches(
                ClusterWorker,
                batch_size=None,
                compute=ActorPoolStrategy(size=workers),
                fn_constructor_args=(self._job(),),
                num_cpus=1,
                max_task_retries=RETRIES,
            )


def _watched(dataset: Any) -> Iterator[Any]:
    """The rows of a dataset, as long as there are machines to make them.

    Ray would wait for others for ever. Another thread takes the rows, one ahead.
    """
    taken: Queue[Any] = Queue(maxsize=1)
    ended = Event()
    taker = Thread(target=_take, args=(dataset, taken, ended), daemon=True)
    taker.start()
    alive = time.monotonic()
    try:
        while True:
            try:
                row = taken.get(timeout=LOOK_SECONDS)
            except Empty:
                alive = time.monotonic() if _processors() else alive
                if time.monotonic() > alive + LOST_SECONDS:
                    raise IndexStateError(
                        "The Ray cluster lost all of its workers: start some, and run the same "
                        "command again, which goes on from there."
                    ) from None
                continue
            alive = time.monotonic()
            if row is None:
                return
            if isinstance(row, Exception):
                raise row
            yield row
    finally:
        ended.set()
        # A job that nobody waits for would go on, and start Ray again where that has ended.
        if executor := dataset._current_executor:
            executor.shutdown(force=True)
        taker.join(timeout=LOST_SECONDS)


def _take(dataset: Any, taken: "Queue[Any]", ended: Event) -> None:
    """Put the rows of a dataset where they are taken from, then None; an error in their place."""

    def give(row: Any) -> None:
        while not ended.is_set():
            with suppress(Full):
                taken.put(row, timeout=LOOK_SECONDS)
                return

    try:
        for row in dataset.iter_rows():
            give(row)
            if ended.is_set():
                return
        give(None)
    except Exception as exc:  # noqa: BLE001  # raised where the rows are used
        give(exc)


def _processors() -> int:
    """How many processors the cluster has now."""
    import ray

    try:
        return int(ray.cluster_resources().get("CPU", 0))
    except Exception:  # noqa: BLE001  # Ray has no base of these errors
        return 0


def _rows(files: Sequence[File]) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "path": file.path,
            "id": file.id,
            "root": file.stamp.root,
            "size": file.stamp.size,
            "modified": file.stamp.modified,
        }
        for place, file in enumerate(files)
    ]


def _as_floats(vectors: dict[bytes, Any]) -> dict[bytes, Any]:
    return {digest: vector.astype(np.float32) for digest, vector in vectors.items()}


def _reason(exc: BaseException) -> str:
    """The first line of what Ray says."""
    lines = [line.strip() for line in str(exc).splitlines() if line.strip()]
    return (lines[0] if lines else type(exc).__name__).rstrip(".")[:200]
