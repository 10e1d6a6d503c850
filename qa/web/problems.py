"""Errors over HTTP: RFC 9457, or the form that the clients of some routes read."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.types import Scope

__all__ = ["MEDIA_TYPE", "Fault", "Form", "problem", "speak"]

MEDIA_TYPE = "application/problem+json"


class Fault(TypedDict, total=False):
    """What of a request is wrong: the parameter or key, and why."""

    name: str
    detail: str


Form = Callable[[int, str], dict[str, Any]]
"""The JSON of an error of this status and sentence, where it is not RFC 9457's."""


def speak(app: "Starlette", prefix: str, form: Form) -> None:
    """Let errors under a path have a form of their own, also those of who may come in."""
    app.state.forms = {**getattr(app.state, "forms", {}), prefix: form}


def problem(
    scope: "Scope",
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: list[Fault] | None = None,
) -> "JSONResponse":
    """The answer to a request that cannot be served: ``detail`` is one sentence that says why.

    A failure of ours (5xx) is 503: whoever asks again later may be answered.
    """
    from starlette.responses import JSONResponse

    if status > 500:
        status, headers = 503, {"Retry-After": "10", **(headers or {})}
    app = scope.get("app")
    forms: Mapping[str, Form] = getattr(app.state, "forms", {}) if app else {}
    for prefix, form in forms.items():
        if scope["path"].startswith(prefix):
            return JSONResponse(form(status, detail), status, headers)
    content: dict[str, Any] = {
        "type": "about:blank",
        "title": _title(status),
        "status": status,
        "detail": detail,
        "error": detail,
    }
    if errors:
        content["errors"] = errors
    return JSONResponse(content, status, headers, media_type=MEDIA_TYPE)


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # who has left reads none
        return "Error"
