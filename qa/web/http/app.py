"""The application: its routes, its errors, who may come in, and where others add routes."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from index.errors import MissingExtraError
from qa.answering.assistant import Assistant
from qa.search.retriever import Retriever
from qa.web.server import LOCAL, protect
from qa.web.service import Service

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["add_lifespan", "create_api"]

Lifespan = Callable[[], AbstractAsyncContextManager[Any]]


def create_api(
    retriever: Retriever,
    host: str = LOCAL,
    *,
    openapi: bool = True,
    service: Service | None = None,
    assistant: Assistant | None = None,
) -> "FastAPI":
    """Search, answers and documents as JSON: docs/serving.md has the routes.

    Answers have the form that ``--json`` prints (`qa.serialize`). Errors are RFC 9457's problem
    documents, with the sentence as ``error`` once more; all have a status from 400 to 499, or 503.
    ``openapi`` describes the routes at /openapi.json. It answers to the names of a server that
    listens on ``host`` (`qa.web.guard.allowed_hosts`), and to no page of another site. ``service``
    says how much at once, how often, and who may ask, and whether documents may be added.
    ``assistant`` answers, by default one of the bundled reader's.

    Others add routes to what this gives: `qa.web.http.routes.router` makes some that need the
    log-in, `add_lifespan` runs something beside them, `qa.web.problems.speak` gives their errors a
    form of their own. Raises MissingExtraError without FastAPI.
    """
    try:
        from fastapi import FastAPI
    except ImportError as exc:
        raise MissingExtraError(
            "qa serve needs FastAPI: run pip install '.[serve]' in the project's folder."
        ) from exc
    from qa.web.auth import KeyHolders
    from qa.web.http.asking import add_asking
    from qa.web.http.documents import add_documents
    from qa.web.http.errors import PROBLEMS, say_problems
    from qa.web.http.requests import Bounded, Routed
    from qa.web.http.state import add_state

    service = service or Service()
    api = FastAPI(
        title="qa",
        summary="Answers that are quoted from your documents.",
        docs_url=None,  # no pages that describe the API: they load scripts from other sites
        redoc_url=None,
        openapi_url="/openapi.json" if openapi else None,
        responses=PROBLEMS,
        lifespan=_all_lifespans,
    )
    api.state.lifespans = []
    api.add_middleware(Bounded)
    api.add_middleware(Routed)
    token = service.options.token
    if service.users or token:
        api.add_middleware(KeyHolders, users=service.users, token=token)
    protect(api, host, service)
    say_problems(api, service)
    assistant = assistant or Assistant(retriever)
    add_asking(api, assistant, service)
    add_documents(api, retriever, service)
    add_state(api, retriever, service)
    return api


def add_lifespan(api: "FastAPI", lifespan: Lifespan) -> None:
    """Run a context for as long as the server runs."""
    api.state.lifespans.append(lifespan)


@asynccontextmanager
async def _all_lifespans(api: "FastAPI") -> AsyncGenerator[None]:
    async with AsyncExitStack() as stack:
        for lifespan in api.state.lifespans:
            await stack.enter_async_context(lifespan())
        yield
