"""Files to documents, beside the work of embedding them.

A few files are read ahead, by threads. Plain text is decoded there; whatever needs a converter goes
to a worker process, which has so much time and memory for a file. Workers start when they are
needed, live for the sync, and are replaced when they die.
"""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from itertools import islice
from pathlib import Path
from threading import Event, Lock, Timer, local
from types import TracebackType
from typing import IO, Any, Protocol, Self

from index.documents.parts import ReadOptions
from index.errors import DocumentError
from index.settings import SETTINGS
from index.storage.catalog import FileStamp
from index.storage.files import sha256
from index.sync.plan import File, stamped
from index.types import Document, document_of

__all__ = ["CHANGES", "MEMORY", "SECONDS", "FileReaders", "Found", "Read", "Readers"]

CHANGES = "changes while it is read; index it when it is at rest"

SECONDS = 300.0  # for one file; by OCR, for each page
MEMORY = 2 << 30  # bytes for one file
WORKERS = min(2, os.cpu_count() or 1)
AHEAD = SETTINGS.writing.files_ahead

# Our own package first: the program that syncs may have another `index` on its path.
_CODE = (
    "import sys; sys.path[:] = [{!r}, *{!r}]; from index.documents.worker import serve; "
    "del sys.path[0]; serve({})"
)
_ROOT = str(Path(__file__).parents[2])

MAX_ENDED = 20  # workers that one file with files in it may cost

Found = list[Document] | DocumentError
Read = tuple[File, FileStamp, Found]


class FileReaders(Protocol):
    """What reads files, here or elsewhere; used in a ``with`` statement."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def read(self, files: Sequence[File]) -> Iterator[Read]:
        """Each file with its stamp, and its documents or why it has none, in any order."""
        ...


class Readers:
    """Reads files. Used in a ``with`` statement; at its end every worker has ended."""

    def __init__(
        self,
        options: ReadOptions | None = None,
        seconds: float = SECONDS,
        memory: int = MEMORY,
    ) -> None:
        options = options or ReadOptions()
        self._limits = seconds, memory
        self._options = {"ocr": options.ocr, "passwords": list(options.passwords)}
        self._of_thread = local()
        self._workers: list[_Worker] = []
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(WORKERS)

    def __enter__(self) -> "Readers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._lock:
            for worker in self._workers:
                worker.close()
        self._pool.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.end()

    def read(self, files: Sequence[File]) -> Iterator[Read]:
        """Each file with its stamp, its document and those of the files in it, or why it has none.

        They come as they are ready: one that takes long does not hold up the others.
        """
        order = {file.id: place for place, file in enumerate(files)}
        todo = iter(files)
        pending: set[Future[Read]] = set()
        while True:
            room = AHEAD - len(pending)
            pending |= {self._pool.submit(self._read, file) for file in islice(todo, room)}
            if not pending:
                return
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            results = (future.result() for future in done)
            yield from sorted(results, key=lambda result: order[result[0].id])

    def _read(self, file: File) -> Read:
        """Read a file; once more when it changed meanwhile."""
        path = Path(file.path)
        for _ in range(2):
            before = _status(path)
            digest = _digest(path, before)
            result = self._documents(path, file.id)
            if before is not None and _same(before, _status(path)):
                return file, stamped(file.stamp.root, before, digest), result
        if isinstance(result, list):
            result = DocumentError(file.path, CHANGES)
        return file, file.stamp, result

    def _documents(self, path: Path, id: str) -> Found:
        from index.documents.read import PLAIN_SUFFIXES, read_document

        # Plain text needs no converter, and so no process of its own.
        if path.suffix.lower() not in PLAIN_SUFFIXES:
            return self._worker().documents(path, id)
        try:
            return [read_document(path, id)]
        except DocumentError as exc:
            return exc

    def _worker(self) -> "_Worker":
        if not hasattr(self._of_thread, "worker"):
            self._of_thread.worker = _Worker(*self._limits, self._options)
            with self._lock:
                self._workers.append(self._of_thread.worker)
        return self._of_thread.worker  # type: ignore[no-any-return]


class _Worker:
    """A process that runs `index.documents.worker.serve`, used by one thread."""

    def __init__(self, seconds: float, memory: int, options: Mapping[str, Any]) -> None:
        self._seconds = seconds
        self._memory = memory
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = Lock()

    def documents(self, path: Path, id: str) -> Found:
        """The document of a file, and those of the files in it.

        To exceed a limit, or to crash, is an error of that file; of a file in it, it is a notice.
        """
        members: list[Document] = []
        failed: dict[str, str] = {}
        while True:
            known = [member.id for member in members]
            asked = {"path": str(path), "id": id, "failed": failed, "known": known}
            reading = ""
            try:
                for answer in self._answers(asked):
                    if "reason" in answer:
                        return DocumentError(str(path), answer["reason"])
                    if "document" in answer:
                        return [document_of(answer["document"]), *members]
                    if "member" in answer:
                        members.append(document_of(answer["member"]))
                    reading = answer.get("reading", reading)
            except TimeoutError:
                reason = f"takes longer than {self._seconds:g} seconds to read"
                reason = f"{reason}; split it into smaller files"
            except (OSError, EOFError):
                memory = f"{self._memory >> 20:,} MB"
                reason = f"stops its converter: it is damaged or needs more than {memory} of memory"
                reason = f"{reason}; save it anew or split it"
            self.end()
            if not reading or reading in failed or len(failed) == MAX_ENDED or self._closed:
                return DocumentError(str(path), reason)
            failed[reading] = reason

    def close(self) -> None:
        """Kill the process for good; the thread that uses it is told so."""
        with self._lock:
            self._closed = True
            if self._process:
                _kill(self._process)

    def _started(self) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._closed:
                raise EOFError
            if self._process is None:
                # Not multiprocessing: it would run the caller's main module once more.
                self._process = subprocess.Popen(  # noqa: S603  # our own code
                    [sys.executable, "-c", _CODE.format(_ROOT, sys.path, self._memory)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for us alone
                )
            return self._process

    def _answers(self, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """What the process answers, until its last line; each must come in time."""
        process = self._started()
        assert process.stdin is not None  # noqa: S101  # both are pipes
        assert process.stdout is not None  # noqa: S101
        request = {**asked, "seconds": self._seconds, **self._options}
        sent = json.dumps(request).encode() + b"\n"
        last = False
        while not last:
            line = self._line(process, process.stdin, process.stdout, sent)
            sent = b""
            answer = dict(json.loads(line))
            last = "document" in answer or "reason" in answer
            yield answer

    def _line(
        self, process: "subprocess.Popen[bytes]", asks: IO[bytes], answers: IO[bytes], sent: bytes
    ) -> bytes:
        """The next line of the answer. Raises TimeoutError, or EOFError where there is none."""
        passed = Event()

        def stop() -> None:
            passed.set()
            _kill(process)

        line = b"\n"
        asks.write(sent)
        asks.flush()
        # Empty lines say that a step is done, as a page by OCR is; the time then begins again.
        while line == b"\n":
            timer = Timer(self._seconds, stop)
            timer.start()
            try:
                line = answers.readline()
            finally:
                timer.cancel()
            if passed.is_set():
                raise TimeoutError
        if not line.endswith(b"\n"):
            raise EOFError
        return line

    def end(self) -> None:
        """End the process; the next file gets a new one, unless it was closed."""
        with self._lock:
            process, self._process = self._process, None
        if process:
            _kill(process)
            process.communicate()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a worker and what it has started, such as an OCR program: its session is its own."""
    if process.returncode is None and hasattr(os, "killpg"):
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _digest(path: Path, status: os.stat_result | None) -> str | None:
    """The hash of a file; None where it cannot or may not be read, which reading it then says."""
    from index.documents.read import MAX_BYTES

    if status is None or not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
        return None
    try:
        return sha256(path)
    except OSError:
        return None


def _same(before: os.stat_result, after: os.stat_result | None) -> bool:
    return after is not None and (before.st_size, before.st_mtime_ns, before.st_ino) == (
        after.st_size,
        after.st_mtime_ns,
        after.st_ino,
    )
