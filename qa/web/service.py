"""What a server has beside its routes: workers, limits, a log, and who may come in."""

import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar

from index.errors import QAError
from qa.web.limits import Questions, person_of
from qa.web.logs import Log
from qa.web.metrics import Metrics
from qa.web.options import Options
from qa.web.passwords import Users
from qa.web.refused import RefusedError
from qa.web.workers import Waiting, Workers

if TYPE_CHECKING:
    from starlette.types import Scope

__all__ = ["Service"]

T = TypeVar("T")

# Steps of nice: a tenth of the weight. benchmarks.serve, part searches, 2026-11-29.
_STAND_BACK = 10
_OTHERS = 40  # events of the page that are no questions: opening it, stopping


class Service:
    """One of each server; raises InputError for a file of users that cannot be used."""

    def __init__(self, options: Options | None = None) -> None:
        self.options = options = options or Options()
        # An answer has its threads for long: those of searches and of the page go first.
        self.answers = Workers(options.answers, options.waiting, options.timeout, _STAND_BACK)
        # A search takes a hundredth of an answer: it does not wait behind any.
        self.searches = Workers(max(2, options.answers), options.waiting, options.timeout)
        # One after the other: the index has one writer.
        self.writes = Workers(1, options.waiting, options.timeout)
        self.metrics = Metrics()
        self.log = Log(on=options.log, questions=options.log_questions)
        self.users = (
            Users(options.users, options.password) if options.users or options.password else None
        )
        self._questions = Questions(options.per_minute)

    @property
    def idle(self) -> bool:
        """Whether nobody waits for anything."""
        return self.answers.idle and self.searches.idle and self.writes.idle

    @property
    def health(self) -> tuple[int, dict[str, Any]]:
        """Status and content of /health; 503 from when the server is told to stop."""
        status = "stopping" if self.answers.stopping else "ok"
        counts = {"answering": self.answers.answering, "waiting": self.answers.waiting}
        return 200 if status == "ok" else 503, {"status": status, **counts}

    @property
    def most(self) -> int:
        """How many events of the page may be open at the same time."""
        return self.options.answers + self.options.waiting + _OTHERS

    def stop(self) -> None:
        """Let what has begun end, and begin nothing more."""
        self.answers.stop()
        self.searches.stop()
        self.writes.stop()

    async def asked(
        self,
        scope: "Scope",
        question: str,
        work: Callable[[], Iterator[T]],
        workers: Workers | None = None,
    ) -> AsyncGenerator[Waiting | T]:
        """What `Workers.stream` gives for a question that came with a request; it is logged.

        Raises what that raises, and RefusedError where somebody asks too often.
        """
        started, status = time.monotonic(), "given up"
        try:
            self._questions.take(person_of(scope))
            async with aclosing((workers or self.answers).stream(work)) as items:
                async for item in items:
                    yield item
            status = "answered"
        except RefusedError as error:
            status = error.reason
            raise
        except QAError:
            status = "cannot be asked"
            raise
        finally:
            user = scope.get("qa", {}).get("user")
            self.log.answered(question, user, started, status)
