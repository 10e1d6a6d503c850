"""Indexing what was added, in a process beside the server: answers go on meanwhile.

The index is whole whenever that process ends (`index.index.Index.sync`), also when it is killed.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event, Lock, Thread
from time import sleep
from typing import Any, Literal

from index.errors import IndexLockedError, QAError
from index.storage.opening import Place

__all__ = ["Indexer", "Progress", "serve"]

GATHER = 0.3  # seconds in which further files come in before it begins
AGAIN = 2.0  # seconds until the next try, where another process writes
_END = 20  # seconds that the process has to end by itself
_NICE = 5  # lets answers go first
_CODE = (
    "import sys; sys.path[:] = {!r}; from qa.web.library.indexing import serve; "
    "serve(*sys.argv[1:])"
)

Phase = Literal["idle", "indexing", "waiting", "failed"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: files done of so many, and the ``share`` of the work, 0 to 1.

    ``name`` is the file that was read last. ``waiting``: another process writes to the index.
    ``failed``: it could not be done at all, and ``error`` says why.
    """

    phase: Phase = "idle"
    files: int = 0
    of: int = 0
    share: float = 0.0
    name: str = ""
    error: str = ""


class Indexer:
    """Brings one index in step with one folder, as often as it is told to. Safe for threads."""

    def __init__(self, index: Place, folder: Path) -> None:
        self._command = [str(index.absolute() if isinstance(index, Path) else index), str(folder)]
        # Other users see a command's words, and not its environment.
        password = None if isinstance(index, Path) else index.password()
        self._environment = os.environ | ({} if password is None else {"PGPASSWORD": password})
        self._lock = Lock()
        self._thread: Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = False
        self._stopped = Event()
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """How far it is now."""
        return self._progress

    @property
    def running(self) -> bool:
        """Whether it is at work, or waits for another process."""
        return self._thread is not None

    def start(self) -> None:
        """Begin, or begin once more when this run has ended."""
        with self._lock:
            self._wanted = True
            self._stopped.clear()
            if self._thread is None:
                self._progress = Progress("indexing")
                self._thread = Thread(target=self._run, name="qa-indexing", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Interrupt it; what is in the index by then stays there. Returns when it has ended."""
        with self._lock:
            self._wanted = False
            self._stopped.set()
            process, thread = self._process, self._thread
        if process:
            _interrupt(process)
        if thread:
            thread.join()

    def _run(self) -> None:
        while self._goes_on():
            if self._stopped.wait(GATHER):
                continue
            last = self._once()
            if last.get("locked"):
                self._progress = Progress("waiting")
                with self._lock:
                    self._wanted = not self._stopped.is_set()
                self._stopped.wait(AGAIN)
            elif not self._stopped.is_set() and not last.get("done"):
                error = last.get("error") or "the process that indexes has ended too early"
                self._progress = Progress("failed", error=error)

    def _goes_on(self) -> bool:
        with self._lock:
            if self._wanted:
                self._wanted = False
                if self._progress.phase != "waiting":
                    self._progress = Progress("indexing")
                return True
            self._thread = None
            if self._progress.phase != "failed":
                self._progress = Progress()
            return False

    def _once(self) -> dict[str, Any]:
        """Run the process to its end; its last line."""
        with self._lock:
            if self._stopped.is_set():
                return {}
            # Not multiprocessing: it would run the server's main module once more.
            self._process = process = subprocess.Popen(  # noqa: S603  # our own code
                [sys.executable, "-c", _CODE.format(sys.path), *self._command],
                stdin=subprocess.PIPE,  # nothing is written: it closes when the server ends
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                start_new_session=True,  # Ctrl-C is for the server
            )
        last: dict[str, Any] = {}
        with process:
            assert process.stdout is not None  # noqa: S101  # it is a pipe
            for line in process.stdout:
                with suppress(ValueError):
                    last = json.loads(line)
                if "share" in last:
                    self._progress = replace(Progress("indexing"), **last)
        with self._lock:
            self._process = None
        return last


def _interrupt(process: "subprocess.Popen[bytes]") -> None:
    """As Ctrl-C, so that it ends the processes that read files for it; then for good."""
    with suppress(OSError, ValueError):
        process.send_signal(signal.SIGINT) if hasattr(os, "killpg") else process.terminate()
    try:
        process.wait(_END)
    except subprocess.TimeoutExpired:
        process.kill()


def _end_with_the_server() -> None:
    """Wait for the server's end, be it killed, and end as by Ctrl-C; then for good."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGINT)
    sleep(_END)
    os._exit(1)


def serve(index: str, folder: str) -> None:
    """What the process does: it writes a line of JSON for each step, and a last one."""
    from index.index import Index
    from index.sync.sync import Step

    def tell(**facts: Any) -> None:
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()

    def step(now: Step) -> None:
        facts = asdict(now)
        del facts["embedded"]
        tell(**facts)

    if hasattr(os, "nice"):
        os.nice(_NICE)
    Thread(target=_end_with_the_server, daemon=True).start()
    try:
        with Index.open(index) as opened:
            opened.sync(folder, on_progress=step)
        tell(done=True)
    except KeyboardInterrupt:
        sys.exit(130)
    except IndexLockedError:
        tell(locked=True)
    except QAError as error:
        tell(error=str(error))
