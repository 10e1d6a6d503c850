"""An answer as it grows: server-sent events, of which the last one says how it ended.

A stream that just ends was cut; so each ends with ``done``, or with ``error``.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from fastapi.responses import StreamingResponse

from index.errors import QAError
from qa.serialize import answer_json
from qa.types import Answer
from qa.web.http.errors import status_of
from qa.web.problems import problem
from qa.web.refused import RefusedError
from qa.web.service import Service
from qa.web.workers import Waiting

if TYPE_CHECKING:
    from starlette.types import Scope, Send

__all__ = ["BEAT", "EventStream", "beating", "events"]

BEAT = 15.0  # seconds without anything, after which a comment keeps the connection open
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Parts = AsyncGenerator[Waiting | Answer]


class EventStream(StreamingResponse):
    """Server-sent events; who leaves closes what they come from."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncGenerator[str]) -> None:
        super().__init__(content, headers=_HEADERS)
        self._content = content

    async def stream_response(self, send: "Send") -> None:
        """Send all, and close the generator also where sending was given up."""
        async with aclosing(self._content):
            await super().stream_response(send)


async def events(parts: Parts, scope: "Scope", service: Service) -> EventStream:
    """The events of an answer; raises what is known to be wrong before the first."""
    try:
        first = await anext(parts)
    except BaseException:
        await parts.aclose()
        raise
    return EventStream(_written(_from(first, parts), scope, service))


async def _from(first: Waiting | Answer, parts: Parts) -> Parts:
    async with aclosing(parts):
        yield first
        async for part in parts:
            yield part


async def _written(parts: Parts, scope: "Scope", service: Service) -> AsyncGenerator[str]:
    answer: Answer | None = None
    try:
        async with aclosing(beating(parts)) as beats:
            async for part in beats:
                match part:
                    case None:
                        yield ": still at work\n\n"
                    case Waiting(place):
                        yield _event("waiting", {"place": place})
                    case _:
                        answer = part
                        yield _event("answer", answer_json(part))
    except QAError as error:
        if isinstance(error, RefusedError):
            service.metrics.refuse(error.reason)
        status, headers = status_of(error)
        yield f"event: error\ndata: {_body(problem(scope, status, str(error), headers))}\n\n"
    except Exception as error:  # noqa: BLE001  # the stream must say that it failed
        service.log.failed(error)
        failed = problem(scope, 503, "The answer failed: ask again.")
        yield f"event: error\ndata: {_body(failed)}\n\n"
    else:
        if answer:
            service.metrics.answer(found=answer.found)
        yield _event("done", answer and answer_json(answer))


def _body(response: Any) -> str:
    return bytes(response.body).decode()


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def beating(parts: AsyncGenerator[Any], beat: float = BEAT) -> AsyncGenerator[Any]:
    """The parts; None after each ``beat`` seconds without any."""
    iterator: AsyncIterator[Any] = parts
    waiting: asyncio.Future[Any] | None = None
    try:
        while True:
            waiting = waiting or asyncio.ensure_future(anext(iterator, _END))
            done, _ = await asyncio.wait({waiting}, timeout=beat)
            if not done:
                yield None
                continue
            part, waiting = waiting.result(), None
            if part is _END:
                return
            yield part
    finally:
        if waiting:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        await parts.aclose()


_END = object()
