"""Search and answers as JSON over HTTP, for programs in other languages: ``qa serve``."""

from typing import TYPE_CHECKING, Annotated, Any

from index.errors import MissingExtraError, QAError
from qa.assistant import Assistant
from qa.printing import answer_json, hits_json
from qa.retriever import Retriever

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["create_api"]


def create_api(retriever: Retriever) -> "FastAPI":
    """``GET /search?q=&k=&document=`` and ``GET /ask?q=&document=`` over a retriever.

    They give what ``--json`` prints on the command line. A question that cannot be searched for
    gives status 422 and ``{"error": ...}``. Raises MissingExtraError without FastAPI.
    """
    try:
        from fastapi import FastAPI, Query, Request
        from fastapi.responses import JSONResponse
    except ImportError as exc:
        raise MissingExtraError(
            "qa serve needs FastAPI: run pip install '.[chat]' in the project's folder."
        ) from exc

    assistant = Assistant(retriever)
    # The pages that describe an API load their scripts from elsewhere; /openapi.json says the same.
    api = FastAPI(title="qa", docs_url=None, redoc_url=None)

    @api.get("/search")
    def search(
        q: str,
        k: Annotated[int, Query(ge=1, le=100)] = 5,
        document: Annotated[list[str] | None, Query()] = None,
    ) -> list[dict[str, Any]]:
        return hits_json(retriever.search(q, k, document))

    @api.get("/ask")
    def ask(q: str, document: Annotated[list[str] | None, Query()] = None) -> dict[str, Any]:
        return answer_json(assistant.ask(q, documents=document))

    @api.exception_handler(QAError)
    def failed(_request: Request, exc: QAError) -> JSONResponse:
        return JSONResponse({"error": str(exc)}, status_code=422)

    return api
