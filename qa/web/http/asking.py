"""``/search`` and ``/ask``: by address, or with a body that has conditions and a history."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from functools import partial
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.responses import JSONResponse, Response

from qa.answering.assistant import Assistant
from qa.search.retriever import Retriever
from qa.serialize import answer_json, hits_json
from qa.types import Answer
from qa.web.http import answers
from qa.web.http.events import events
from qa.web.http.models import Ask, AskQuery, Message, Search, SearchMany, SearchQuery
from qa.web.http.routes import router
from qa.web.service import Service
from qa.web.workers import Waiting

__all__ = ["add_asking", "last", "messages", "snapshots"]

Work = Callable[[], Iterator[Any]]
_ANSWERED: dict[int | str, dict[str, Any]] = {
    200: {
        "model": answers.Answer,
        "description": "The answer; as events where it is asked for as text/event-stream.",
        "content": {"text/event-stream": {"schema": answers.Event}},
    }
}


def add_asking(api: FastAPI, assistant: Assistant, service: Service) -> None:
    """Add the routes."""
    _add_search(api, assistant.retriever, service)
    _add_ask(api, assistant, service)


def _add_search(api: FastAPI, retriever: Retriever, service: Service) -> None:
    routes = router(service, tags=["search"])

    async def searched(request: Request, question: str, search: Callable[[], Any]) -> Response:
        def work() -> Iterator[Response]:
            yield JSONResponse(search())

        asked = service.asked(request.scope, question, work, service.searches)
        found: Response = await last(asked, request)
        return found

    @routes.get("/search", response_model=list[answers.Hit])
    async def search(request: Request, query: Annotated[SearchQuery, Query()]) -> Response:
        """Give the best passages for a question, best first."""
        search = partial(retriever.search, since=query.since, until=query.until)
        find = partial(search, query.q, query.k, query.document)
        return await searched(request, query.q, lambda: hits_json(find()))

    @routes.post("/search", response_model=list[answers.Hit])
    async def search_where(request: Request, asked: Search) -> Response:
        """Give the best passages for a question, in documents that fulfil conditions."""
        given = asked.model_dump()
        find = partial(retriever.search, given.pop("question"), **given)
        return await searched(request, asked.question, lambda: hits_json(find()))

    @routes.post("/search/many", response_model=list[list[answers.Hit]])
    async def search_many(request: Request, asked: SearchMany) -> Response:
        """Give the best passages for each of the questions, in their order."""
        find = partial(retriever.search_many, **asked.model_dump())
        question = "\n".join(asked.questions)
        return await searched(request, question, lambda: [hits_json(hits) for hits in find()])

    api.include_router(routes)


def _add_ask(api: FastAPI, assistant: Assistant, service: Service) -> None:
    routes = router(service, tags=["ask"])

    async def answered(request: Request, question: str, work: Work, *, stream: bool) -> Response:
        parts = service.asked(request.scope, question, work)
        if stream or "text/event-stream" in request.headers.get("accept", ""):
            return await events(parts, request.scope, service)
        answer: Answer = await last(parts, request)
        service.metrics.answer(found=answer.found)
        return JSONResponse(answer_json(answer))

    @routes.get("/ask", response_model=answers.Answer, responses=_ANSWERED)
    async def ask(request: Request, query: Annotated[AskQuery, Query()]) -> Response:
        """Answer a question in the documents' own words, or say that they do not."""
        stream = partial(assistant.stream, since=query.since, until=query.until)
        work = partial(stream, query.q, (), query.document)
        return await answered(request, query.q, work, stream=False)

    @routes.post("/ask", response_model=answers.Answer, responses=_ANSWERED)
    async def ask_on(request: Request, asked: Ask) -> Response:
        """Answer a question, which may go on with a conversation, of documents with conditions."""
        work = snapshots(assistant, asked)
        return await answered(request, asked.question, work, stream=asked.stream)

    api.include_router(routes)


def snapshots(assistant: Assistant, asked: Ask) -> Work:
    """The answer as it grows, for `Service.asked`."""
    return partial(
        assistant.stream,
        asked.question,
        messages(asked.history),
        asked.documents,
        where=asked.where,
        since=asked.since,
        until=asked.until,
    )


def messages(history: list[Message]) -> list[dict[str, str]]:
    """The messages of a conversation; what of it nobody can ask again is left out."""
    return [message.model_dump() for message in history if _can_be_asked(message)]


def _can_be_asked(message: Message) -> bool:
    try:
        return message.role != "user" or bool(AskQuery(q=message.content))
    except ValueError:
        return False


async def last(items: AsyncGenerator[Any], request: Request) -> Any:
    """The last of the items; who leaves meanwhile gives the place back, and is answered no more."""
    working = asyncio.ensure_future(_read(items))
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise HTTPException(499)
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _read(items: AsyncGenerator[Any]) -> Any:
    found = None
    async with aclosing(items):
        async for item in items:
            if not isinstance(item, Waiting):
                found = item
    return found


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
