"""Search and answers as JSON over HTTP, for programs in other languages: ``qa serve``."""

from typing import TYPE_CHECKING, Annotated, Any

from index.errors import MissingExtraError, QAError
from qa.answering.assistant import Assistant
from qa.search.retriever import Retriever
from qa.serialize import answer_json, hits_json
from qa.web.server import LOCAL, protect

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["create_api"]


def create_api(retriever: Retriever, host: str = LOCAL, *, openapi: bool = False) -> "FastAPI":
    """``GET /search?q=&k=&document=`` and ``GET /ask?q=&document=`` over a retriever.

    They give what ``--json`` prints (`qa.serialize`). Errors have status 404, 405 or, for a wrong
    question, 422, and are ``{"error": ...}``. ``openapi`` adds /openapi.json. Answers to the names
    of a server that listens on ``host`` (`qa.web.guard.allowed_hosts`), and to no page of another
    site. Raises MissingExtraError without FastAPI.
    """
    try:
        from fastapi import FastAPI, Query
        from pydantic import BaseModel, Field
    except ImportError as exc:
        raise MissingExtraError(
            "qa serve needs FastAPI: run pip install '.[chat]' in the project's folder."
        ) from exc

    class Ask(BaseModel, extra="forbid"):
        q: str
        document: list[str] | None = None

    class Search(Ask):
        k: int = Field(5, ge=1, le=100)

    assistant = Assistant(retriever)
    # No pages that describe the API: they load scripts from other sites.
    described = "/openapi.json" if openapi else None
    api = FastAPI(title="qa", docs_url=None, redoc_url=None, openapi_url=described)
    protect(api, host)
    _say_errors(api)

    @api.get("/search")
    def search(query: Annotated[Search, Query()]) -> list[dict[str, Any]]:
        return hits_json(retriever.search(query.q, query.k, query.document))

    @api.get("/ask")
    def ask(query: Annotated[Ask, Query()]) -> dict[str, Any]:
        return answer_json(assistant.ask(query.q, documents=query.document))

    return api


def _say_errors(api: "FastAPI") -> None:
    """Every error is one sentence, ``{"error": ...}``."""
    from fastapi import HTTPException, Request
    from fastapi.exceptions import RequestValidationError
    from fastapi.responses import JSONResponse

    usage = "ask GET /search with q, k (1 to 100) and document, or GET /ask with q and document"

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
