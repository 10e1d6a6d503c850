"""Every error as a problem document (RFC 9457): 4xx, or 503 with the seconds to wait."""

import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from index.errors import DocumentNotFoundError, IndexStateError, ModelError, QAError
from qa.web.library.refusals import RefusalError
from qa.web.problems import MEDIA_TYPE, Fault, problem
from qa.web.refused import RefusedError
from qa.web.service import Service

__all__ = ["PROBLEMS", "say_problems", "status_of"]

_WAIT = {"Retry-After": "10"}  # seconds until an index that cannot be used now may be
_SAID = {
    400: "The request cannot be understood.",
    401: "Send a name and password, or the token.",
    403: "The server does not answer to this name or page, or does not allow it.",
    404: "There is nothing here.",
    405: "There is something here, for another method.",
    409: "It cannot be done now.",
    413: "The request is too large.",
    415: "It is not sent as JSON, or is a file of a kind that is not read.",
    422: "Something is missing, wrong or unknown, or cannot be asked.",
    429: "Too often: Retry-After says in how many seconds again.",
    503: "Not now: Retry-After says in how many seconds again.",
}
_PROBLEM = {"$ref": "#/components/schemas/Problem"}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
    for status, said in _SAID.items()
}


def say_problems(api: FastAPI, service: Service) -> None:
    """Answer every error in one sentence that says what to do."""

    @api.exception_handler(QAError)
    def failed(request: Request, exc: QAError) -> Response:
        status, headers = status_of(exc)
        if isinstance(exc, RefusedError):
            service.metrics.refuse(exc.reason)
        return problem(request.scope, status, str(exc), headers)

    @api.exception_handler(RequestValidationError)
    def wrong(request: Request, exc: RequestValidationError) -> Response:
        faults = [_fault(error) for error in exc.errors()]
        told = "; ".join(f"{fault['name']}: {fault['detail']}" for fault in faults[:5])
        detail = f"Missing, wrong or unknown: {told}.{_usage(request)}"
        first = exc.errors()[0]
        if first["type"] == "value_error" and len(faults) == 1:  # a sentence of ours
            detail = f"{first['msg'].removeprefix('Value error, ').rstrip('.')}."
        return problem(request.scope, 422, detail, errors=faults)

    @api.exception_handler(HTTPException)
    def nothing(request: Request, exc: HTTPException) -> Response:
        said = {
            404: "There is nothing here: docs/serving.md and /openapi.json name what there is.",
            405: f"{request.method} is not for {request.url.path}: see the header Allow.",
            413: "The request is too large: send less at once.",
        }
        detail = said.get(exc.status_code, f"{str(exc.detail).rstrip('.')}.")
        headers = {**(exc.headers or {}), **(_allowed(request) if exc.status_code == 405 else {})}
        return problem(request.scope, exc.status_code, detail, headers)

    @api.exception_handler(Exception)
    def broken(request: Request, exc: Exception) -> Response:  # noqa: ARG001  # it is logged
        return problem(request.scope, 500, "Something failed in the server: tell who runs it.")


def status_of(error: QAError) -> tuple[int, dict[str, str]]:
    """The status of an error of ours, and its headers."""
    if isinstance(error, RefusedError):
        return error.status, error.headers
    if isinstance(error, RefusalError):
        busy = error.status in {409, 429}
        return error.status, _WAIT if busy else {}
    if isinstance(error, DocumentNotFoundError):
        return 404, {}
    if isinstance(error, IndexStateError | ModelError):  # nothing that the client can mend
        return 503, _WAIT
    return 422, {}


def _allowed(request: Request) -> dict[str, str]:
    """All methods of a path: the framework names those of the first route that has it."""
    for path, methods in request.app.openapi()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", ".+", path), request.url.path):
            return {"Allow": ", ".join(sorted(name.upper() for name in methods))}
    return {}


def _fault(error: Any) -> Fault:
    place = [str(part) for part in error["loc"]]
    if error["type"] == "json_invalid":
        return {"name": "body", "detail": "it is no JSON"}
    name = ".".join(place[1:]) or place[0]
    detail = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        detail = "it is not known"
    return {"name": name, "detail": detail[:1].lower() + detail[1:].rstrip(".")}


def _usage(request: Request) -> str:
    """What the route takes."""
    route = request.scope.get("route")
    dependant, body = getattr(route, "dependant", None), getattr(route, "body_field", None)
    fields = [*(dependant.query_params if dependant else ()), *([body] if body else ())]
    names: list[str] = []
    for field in fields:
        kind = field.field_info.annotation
        is_model = isinstance(kind, type) and issubclass(kind, BaseModel)
        names += list(kind.model_fields) if is_model else []
    if not names:
        return ""
    return f" {request.method} {getattr(route, 'path', '')} takes {', '.join(names)}."
