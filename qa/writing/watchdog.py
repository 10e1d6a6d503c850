"""Ends a connection whose time has passed, however slowly its bytes drip."""

import contextlib
import math
import socket
import threading
import time
from typing import Any, Self

__all__ = ["Watchdog"]


class Watchdog:
    """Shuts the connection of one request down when a time limit passes, in seconds.

    A time-out of the socket alone starts anew with each byte.
    """

    def __init__(self, whole: float, first: float) -> None:
        now = time.monotonic()
        self._end = now + whole
        self._next = now + first
        self._socket: Any = None
        self._changed = threading.Condition()
        self._done = False
        self.barked = False
        self.heard = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._run, name="qa-llm-time", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._done = True
            self._changed.notify()

    def watch(self, event: str, info: dict[str, Any]) -> None:
        """Httpcore's trace: remember the connection once it is made, and again under TLS."""
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            with self._changed:
                self._socket = info["return_value"].get_extra_info("socket")
                if self.barked:
                    self._shut()

    def rest(self) -> None:
        """Something came: nothing is expected for now."""
        self.heard = True
        self._set(math.inf)

    def expect(self, seconds: float) -> None:
        """The next is to come within so many seconds."""
        self._set(time.monotonic() + seconds)

    def _set(self, moment: float) -> None:
        with self._changed:
            self._next = moment
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._done:
                left = min(self._end, self._next) - time.monotonic()
                if left <= 0:
                    self.barked = True
                    self._shut()
                    return
                self._changed.wait(left)

    def _shut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                # Not that of SSLSocket, which takes the connection from under its reader.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
