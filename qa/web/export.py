"""The route by which the page takes a conversation along, as a file."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from index.errors import QAError
from qa.reports.export import Format, export
from qa.types import Turn
from qa.web.strings import error_message, language_of

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["add_export"]

_ERRORS: Final[dict[str, dict[str, str]]] = {
    "es": {
        "empty": "Todavía no hay ninguna respuesta que guardar: pregunta algo primero.",
        "wrong": "No se puede guardar esto: vuelve a cargar la página.",
    },
    "en": {
        "empty": "There is no answer to save yet: ask something first.",
        "wrong": "This cannot be saved: load the page again.",
    },
}


def add_export(app: "FastAPI", turns_of: Callable[[Any], Sequence[Turn]]) -> None:
    """Answer POST /export with a file to keep.

    The request is JSON: ``format`` (docx, md or html), ``language`` of the report's own words (es
    or en), and ``conversation``, of which ``turns_of`` makes the turns. That is called in a thread;
    it may raise QAError, and ValueError for what is no conversation. An error is one sentence,
    ``{"error": ...}``, with status 422.
    """
    from fastapi import Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import JSONResponse, Response
    from pydantic import ValidationError

    asked = _model()

    @app.post("/export", response_model=None)
    async def give(request: Request) -> Response:
        language = language_of(request.headers)
        try:
            wanted = asked.model_validate_json(await request.body())
            language = wanted.language
            turns = await run_in_threadpool(turns_of, wanted.conversation)
            if not turns:
                return JSONResponse({"error": _ERRORS[language]["empty"]}, 422)
            consulted = datetime.now().astimezone()
            file = await run_in_threadpool(export, turns, wanted.format, consulted, language)
        except (ValidationError, ValueError):
            return JSONResponse({"error": _ERRORS[language]["wrong"]}, 422)
        except QAError as exc:
            return JSONResponse({"error": error_message(exc, language)}, 422)
        kept = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return Response(file.data, media_type=file.media_type, headers=kept)


def _model() -> Any:
    """What may be asked for, and nothing else."""
    from typing import Literal

    from pydantic import BaseModel

    class Asked(BaseModel, extra="forbid"):
        format: Format
        language: Literal["es", "en"]
        conversation: Any

    return Asked
