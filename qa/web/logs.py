"""A log of requests: one line of JSON each, to standard error, without what anybody asked."""

import json
import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qa.web.metrics import Metrics

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["FILES", "Log", "Logged", "defects"]

# These are the same for everybody; everything else shows documents, questions or answers.
FILES = re.compile(r"/(assets|static|web)/.+|/theme\.css|/favicon\.ico|/manifest\.json")
# With a session one could listen to a conversation; a permanent link names a document.
_SESSION = re.compile(r"(?<=/heartbeat/).+|(?<=^/c/).+")


class Log:
    """Writes the lines, where it is on; the questions only where they are asked for."""

    def __init__(self, *, on: bool = False, questions: bool = False) -> None:
        self._on = on
        self._questions = questions

    def write(self, **entry: Any) -> None:
        """One line; what is None is left out."""
        if not self._on:
            return
        time_ = datetime.now(UTC).isoformat(timespec="milliseconds")
        kept = {name: value for name, value in entry.items() if value is not None}
        line = json.dumps({"time": time_, **kept}, ensure_ascii=True)
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    def answered(self, question: str, user: str | None, started: float, status: str) -> None:
        """A question of the chat or of a program has ended; ``started`` is of the monotonic clock.

        ``status`` is answered, given up, cannot be asked, or why it was refused.
        """
        self.write(
            event="question",
            status=status,
            milliseconds=round(1000 * (time.monotonic() - started)),
            user=user,
            question=question if self._questions else None,
        )

    def failed(self, error: BaseException) -> None:
        """A defect: what it is and where, not what it says."""
        places = traceback.extract_tb(error.__traceback__)
        where = [f"{place.filename}:{place.lineno}" for place in places]
        self.write(event="error", error=type(error).__name__, where=where)


@contextmanager
def defects(log: Log) -> Iterator[None]:
    """Errors that no route expects go into the log: what they are and where, not what they say."""
    handler = _Defects(log)
    logger = logging.getLogger("uvicorn.error")
    before, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = before


class _Defects(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__(logging.ERROR)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info and record.exc_info[1]
        if error:
            self._log.failed(error)


class Logged:
    """Logs each request when its answer has ended: method, path without query, status, time, user.

    Files that were sent as they should are left out. All are counted in ``metrics``.
    """

    def __init__(self, app: "ASGIApp", log: Log, metrics: Metrics) -> None:
        self.app = app
        self._log = log
        self._metrics = metrics

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, and log it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["qa"] = {}  # what is learned of the request further in: the user
        status, started = 500, time.monotonic()

        async def note(message: "Message") -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            path, seconds = scope["path"], time.monotonic() - started
            self._metrics.request(scope["method"], scope["qa"].get("route"), status, seconds)
            if status >= 400 or not FILES.fullmatch(path):
                self._log.write(
                    event="request",
                    method=scope["method"],
                    path=_SESSION.sub("…", path),
                    status=status,
                    milliseconds=round(1000 * seconds),
                    user=scope["qa"].get("user"),
                )
