"""Routers whose routes need the log-in, where there is one, and say so in the description."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPBasic, HTTPBearer
from starlette.requests import HTTPConnection

from qa.web.service import Service

__all__ = ["router"]


def router(service: Service, **given: Any) -> APIRouter:
    """A router, made as FastAPI's; `qa.web.auth.KeyHolders` has let in who comes to its routes."""
    ways: list[Any] = []
    if service.options.token:
        ways.append(Depends(_Bearer()))
    if service.users:
        ways.append(Depends(_Basic()))
    return APIRouter(dependencies=ways, **given)


class _Bearer(HTTPBearer):
    """Described, and looked at no more."""

    async def __call__(self, request: HTTPConnection) -> None:
        """Let in."""


class _Basic(HTTPBasic):
    """The same; FastAPI's own takes passwords in ASCII only."""

    async def __call__(self, request: Request) -> None:  # type: ignore[override]
        """Let in."""
