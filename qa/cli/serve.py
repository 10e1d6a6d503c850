"""The commands that listen on a port: web (the chat) and serve (JSON over HTTP)."""

from pathlib import Path
from typing import Annotated

import typer

from qa.cli.options import (
    DEFAULT_INDEX,
    HostOption,
    IndexOption,
    ModelOption,
    PortOption,
    ReaderOption,
    open_retriever,
)

__all__ = ["serve", "web"]

SeedsIndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        envvar="QA_INDEX",
        help="The index folder; without one, a checkout indexes its seeds/.",
        show_default=".qa-index",
    ),
]
OpenApiOption = Annotated[
    bool, typer.Option("--openapi", help="Describe it at /openapi.json as well.")
]


def web(
    folder: SeedsIndexOption = None,
    host: HostOption = None,
    port: PortOption = None,
    model: ModelOption = None,
    reader: ReaderOption = None,
) -> int:
    """Open the web chat on http://127.0.0.1:7860."""
    from qa.web.chat import run

    run(folder, host, port, model, reader)
    return 0


def serve(
    folder: IndexOption = DEFAULT_INDEX,
    host: HostOption = None,
    port: PortOption = None,
    model: ModelOption = None,
    openapi: OpenApiOption = False,
) -> int:
    """Serve search and answers as JSON over HTTP: /search?q=... and /ask?q=..."""
    from qa.web.api import create_api
    from qa.web.server import host_of, listen
    from qa.web.server import serve as run

    host = host_of(host)
    with open_retriever(folder, model) as retriever:
        api = create_api(retriever, host, openapi=openapi)
        with listen(host, port) as listener:
            run(api, listener)
    return 0
