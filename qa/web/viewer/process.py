"""The process that shows pages, as the server uses it: one request after the other, in a thread."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread, Timer
from typing import Any

from qa.web.viewer.files import ViewError

__all__ = ["Renderer"]

_MEMORY = 1 << 30  # bytes that the process may allocate
# Our own package first: the program that serves may have another `qa` on its path.
_CODE = (
    "import sys; sys.path[:] = [{!r}, *{!r}]; from qa.web.viewer.worker import serve; "
    "del sys.path[0]; serve({})"
)
_ROOT = str(Path(__file__).parents[3])

Answer = tuple[dict[str, Any], bytes]


class Renderer:
    """Asks a process that is started when it is needed, and anew when it has ended."""

    def __init__(self, seconds: float, waiting: int, memory: int = _MEMORY) -> None:
        """``seconds``: for one request; ``waiting``: requests that may wait for the others."""
        self._seconds = seconds
        self._memory = memory
        self._most = waiting
        self._waiting = 0
        self._line: SimpleQueue[tuple[Mapping[str, Any], Future[Answer]]] = SimpleQueue()
        self._thread: Thread | None = None
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    async def ask(self, request: Mapping[str, Any]) -> Answer:
        """What the process answers.

        Raises ViewError: what it says, ``busy`` where too many wait, ``slow`` where it takes too
        long, ``unreadable`` where the process ends over it.
        """
        if self._waiting >= self._most:
            raise ViewError("busy")
        self._waiting += 1
        answer: Future[Answer] = Future()
        try:
            self._begin()
            self._line.put((request, answer))
            return await asyncio.wrap_future(answer)
        finally:
            self._waiting -= 1

    def _begin(self) -> None:
        """Start the thread. Not a pool's: that one would keep the server from ending."""
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._work, name="qa-pages", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            request, answer = self._line.get()
            if not answer.set_running_or_notify_cancel():
                continue  # whoever asked has left
            try:
                answer.set_result(self._ask(request))
            except BaseException as error:  # noqa: BLE001  # it is raised where it is waited for
                answer.set_exception(error)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _ask(self, request: Mapping[str, Any]) -> Answer:
        sent = json.dumps({**request, "seconds": self._seconds}).encode() + b"\n"
        fresh = self._process is None
        try:
            answer, body = self._answer(sent)
        except EOFError:
            self.close()
            if fresh:
                raise ViewError("unreadable") from None
            # It may have ended by itself since the last request, as it does after a while.
            return self._ask(request)
        if "error" in answer:
            raise ViewError(answer["error"])
        return answer, body

    def _answer(self, sent: bytes) -> Answer:
        process = self._started()
        assert process.stdin is not None  # noqa: S101  # both are pipes
        assert process.stdout is not None  # noqa: S101
        late = Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = Timer(self._seconds, stop)
        timer.start()
        try:
            with suppress(OSError):  # it has ended, and nothing comes back
                process.stdin.write(sent)
                process.stdin.flush()
            line = process.stdout.readline()
            answer = json.loads(line) if line.endswith(b"\n") else {"bytes": -1}
            body = process.stdout.read(max(0, answer["bytes"]))
        finally:
            timer.cancel()
        if late.is_set():
            self.close()
            raise ViewError("slow")
        if len(body) != answer["bytes"]:
            raise EOFError
        return answer, body

    def _started(self) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._process is None:
                # Not multiprocessing: it would run the server's main module once more.
                self._process = subprocess.Popen(  # noqa: S603  # our own code
                    [sys.executable, "-c", _CODE.format(_ROOT, sys.path, self._memory)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Ctrl-C is for the server alone
                )
            return self._process
