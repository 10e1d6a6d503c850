"""Search and answers as JSON over HTTP, for programs in other languages: ``qa serve``."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from index.errors import MissingExtraError, QAError
from qa.answering.assistant import Assistant
from qa.search.retriever import Retriever
from qa.serialize import answer_json, hits_json
from qa.web.refused import RefusedError
from qa.web.server import LOCAL, add_health, protect
from qa.web.service import Service

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

__all__ = ["create_api"]


def create_api(
    retriever: Retriever,
    host: str = LOCAL,
    *,
    openapi: bool = False,
    service: Service | None = None,
) -> "FastAPI":
    """``GET /search?q=&k=&document=&since=&until=`` and ``GET /ask``, the same but for ``k``.

    They give what ``--json`` prints (`qa.serialize`). Errors have status 404, 405 or, for a wrong
    question, 422, and are ``{"error": ...}``. ``openapi`` adds /openapi.json. Answers to the names
    of a server that listens on ``host`` (`qa.web.guard.allowed_hosts`), and to no page of another
    site. ``service`` says how much at once, how often, and who may ask; what it refuses has status
    401, 429, 503 or 504. Raises MissingExtraError without FastAPI.
    """
    try:
        from fastapi import FastAPI
    except ImportError as exc:
        raise MissingExtraError(
            "qa serve needs FastAPI: run pip install '.[serve]' in the project's folder."
        ) from exc
    service = service or Service()
    # No pages that describe the API: they load scripts from other sites.
    described = "/openapi.json" if openapi else None
    api = FastAPI(title="qa", docs_url=None, redoc_url=None, openapi_url=described)
    _let_in(api, service)
    protect(api, host, service)
    _say_errors(api)
    add_health(api, service)
    _add_routes(api, retriever, service)
    return api


def _add_routes(api: "FastAPI", retriever: Retriever, service: Service) -> None:
    from fastapi import Query, Request
    from fastapi.responses import JSONResponse
    from pydantic import BaseModel, Field

    class Ask(BaseModel, extra="forbid"):
        q: str
        document: list[str] | None = None
        since: str | None = None
        until: str | None = None

    class Search(Ask):
        k: int = Field(5, ge=1, le=100)

    assistant = Assistant(retriever)

    @api.get("/search", response_model=list[dict[str, Any]])
    async def search(request: Request, query: Annotated[Search, Query()]) -> Any:
        def work() -> Iterator[JSONResponse]:
            hits = retriever.search(
                query.q, query.k, query.document, since=query.since, until=query.until
            )
            yield JSONResponse(hits_json(hits))

        return await _last(service.asked(request.scope, query.q, work, service.searches), request)

    @api.get("/ask", response_model=dict[str, Any])
    async def ask(request: Request, query: Annotated[Ask, Query()]) -> Any:
        def work() -> Iterator[JSONResponse | None]:
            last = None
            stream = partial(assistant.stream, since=query.since, until=query.until)
            for answer in stream(query.q, (), query.document):
                last = answer
                yield None
            if last:
                yield JSONResponse(answer_json(last))

        return await _last(service.asked(request.scope, query.q, work), request)


def _let_in(api: "FastAPI", service: Service) -> None:
    from qa.web.auth import KeyHolders

    token = service.options.token
    if service.users or token:
        api.add_middleware(KeyHolders, users=service.users, token=token)


async def _last(items: AsyncGenerator[Any], request: "Request") -> Any:
    """The last of the items; who has left meanwhile is answered no more."""
    from fastapi import HTTPException

    found = None
    async with aclosing(items):
        async for item in items:
            if await request.is_disconnected():
                raise HTTPException(499)
            found = item
    return found


def _say_errors(api: "FastAPI") -> None:
    """Every error is one sentence, ``{"error": ...}``."""
    from fastapi import HTTPException, Request
    from fastapi.exceptions import RequestValidationError
    from fastapi.responses import JSONResponse

    usage = (
        "ask GET /search with q, k (1 to 100), since, until and document, or GET /ask with q, "
        "since, until and document"
    )

    @api.exception_handler(RefusedError)
    def refused(_request: Request, exc: RefusedError) -> JSONResponse:
        return JSONResponse({"error": str(exc)}, exc.status, exc.headers)

    @api.exception_handler(QAError)
    def failed(_request: Request, exc: QAError) -> JSONResponse:
        return JSONResponse({"error": str(exc)}, 422)

    @api.exception_handler(RequestValidationError)
    def wrong(_request: Request, exc: RequestValidationError) -> JSONResponse:
        names = sorted({str(error["loc"][1]) for error in exc.errors()})
        error = f"Missing, wrong or unknown: {', '.join(names)}; {usage}."
        return JSONResponse({"error": error}, 422)

    @api.exception_handler(404)
    @api.exception_handler(405)
    def nothing(_request: Request, exc: HTTPException) -> JSONResponse:
        return JSONResponse({"error": f"There is nothing here: {usage}."}, exc.status_code)
