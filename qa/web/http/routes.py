"""Routers whose routes need the log-in, where there is one, and say so in the description."""

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBasic, HTTPBearer

from qa.web.service import Service

__all__ = ["router"]


def router(service: Service, **given: Any) -> APIRouter:
    """A router, made as FastAPI's; `qa.web.auth.KeyHolders` has let in who comes to its routes."""
    ways: list[Any] = []
    if service.options.token:
        ways.append(Depends(HTTPBearer(auto_error=False)))
    if service.users:
        ways.append(Depends(HTTPBasic(auto_error=False)))
    return APIRouter(dependencies=ways, **given)
