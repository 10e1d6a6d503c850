"""The MCP server over HTTP (streamable HTTP, at /mcp), alone or beside other routes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings

from qa.mcp.server import Server, create_server
from qa.web.auth import KeyHolders
from qa.web.collection import Collections
from qa.web.server import LOCAL, add_health, protect
from qa.web.service import Service

__all__ = ["add_collections", "add_mcp", "create_app"]

PATH = "/mcp"


def create_app(server: Server, host: str = LOCAL, service: Service | None = None) -> FastAPI:
    """``/mcp`` and ``/health`` alone, for those whom the rules of ``qa serve`` let in.

    Answers to the names of a server that listens on ``host`` (`qa.web.guard`), and to no page of
    another site. ``service`` says who may ask.
    """
    service = service or Service()
    api = FastAPI(title="qa mcp", docs_url=None, redoc_url=None, openapi_url=None)
    if service.users or service.options.token:
        api.add_middleware(KeyHolders, users=service.users, token=service.options.token)
    protect(api, host, service)
    add_health(api, service)
    add_mcp(api, server)
    return api


def add_collections(api: FastAPI, collections: Collections, service: Service) -> None:
    """Answer of the first of the collections at /mcp, of each other at /mcp/NAME."""
    first, *_ = collections.names
    for name in collections.names:
        assistant = collections.get(name).assistant
        server = create_server(assistant, service=service, web=service.options.web_url)
        add_mcp(api, server, "" if name == first else name)


def add_mcp(api: FastAPI, server: Server, collection: str = "") -> None:
    """Answer at /mcp of an application that `qa.web.server.protect` protects.

    With a ``collection``'s name at /mcp/NAME: each server is one more.
    """
    # The guard before it knows the host's names and origins; the SDK's own knows loopback alone.
    unguarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    # Without sessions: each call stands for itself, so a restart loses none.
    routes = server.streamable_http_app(
        streamable_http_path=f"{PATH}/{collection}" if collection else PATH,
        json_response=True,
        stateless_http=True,
        transport_security=unguarded,
    ).routes
    api.router.routes.extend(routes)
    before = api.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Any]:
        async with server.session_manager.run(), before(app) as state:
            yield state

    api.router.lifespan_context = lifespan
