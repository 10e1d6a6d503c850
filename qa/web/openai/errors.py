"""Errors in the form that clients of OpenAI's API read."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from index.errors import QAError
from qa.web.refused import RefusedError

__all__ = ["OpenAIRoute", "error_of", "form"]


def form(status: int, message: str, param: str | None = None) -> dict[str, Any]:
    """The body of an error."""
    kind = "server_error" if status >= 500 else "invalid_request_error"
    kind = "rate_limit_error" if status == 429 else kind
    return {"error": {"message": message, "type": kind, "param": param, "code": None}}


def error_of(exc: QAError | HTTPException | RequestValidationError) -> tuple[int, dict[str, Any]]:
    """The status and the body that say what went wrong."""
    if isinstance(exc, RefusedError):
        return exc.status, form(exc.status, str(exc))
    if isinstance(exc, HTTPException):
        return exc.status_code, form(exc.status_code, str(exc.detail))
    if isinstance(exc, RequestValidationError):
        first = exc.errors()[0]
        param = ".".join(str(part) for part in first["loc"][1:])
        return 400, form(400, f"{param or 'The body'} is wrong: {first['msg']}.", param)
    return 400, form(400, str(exc))


class OpenAIRoute(APIRoute):
    """A route whose errors have OpenAI's form."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with its errors told."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except (QAError, HTTPException, RequestValidationError) as exc:
                status, body = error_of(exc)
                headers = exc.headers if isinstance(exc, RefusedError) else None
                return JSONResponse(body, status, headers)

        return handled
