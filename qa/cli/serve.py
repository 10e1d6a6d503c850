"""The commands that serve: web (the chat), serve (JSON over HTTP), mcp (models); and password."""

import functools
import getpass
import inspect
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from index.errors import InputError
from qa.cli import printing
from qa.cli.options import (
    DEFAULT_INDEX,
    HostOption,
    IndexOption,
    ModelOption,
    PortOption,
    ReaderOption,
    open_retriever,
)
from qa.web.options import FLAGS, Flag, read

__all__ = ["mcp", "password", "serve", "web"]

SeedsIndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index",
        "--store",
        envvar="QA_INDEX",
        help="The index folder or its address; without one, a checkout indexes its seeds/.",
        show_default=".qa-index",
    ),
]
OpenApiOption = Annotated[
    bool, typer.Option("--openapi/--no-openapi", help="Describe the routes at /openapi.json.")
]
McpOption = Annotated[bool, typer.Option("--mcp", help="Answer language models at /mcp as well.")]
HttpOption = Annotated[
    bool, typer.Option("--http", help="Listen at /mcp of a port, not on standard input.")
]
NameArgument = Annotated[str, typer.Argument(help="Whose password it is.")]


def _with_settings(command: Callable[..., int]) -> Callable[..., int]:
    """The command with a flag for each of `qa.web.options`, which it gets as ``settings``."""
    flags = [flag for flag in FLAGS if flag.flag and command.__name__ in flag.of]

    @functools.wraps(command)
    def run(*given: Any, **named: Any) -> int:
        settings = {flag.name: _text(named.pop(flag.name, None)) for flag in flags}
        return command(*given, **named, settings=settings)

    own = [
        parameter
        for parameter in inspect.signature(command).parameters.values()
        if parameter.name != "settings"
    ]
    added = [_parameter(flag) for flag in flags]
    run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in (*own, *added)}
    return run


def _text(value: str | bool | None) -> str | None:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


def _parameter(flag: Flag) -> inspect.Parameter:
    name = flag.flag or ""
    written = f"{name}/--no-{name.removeprefix('--')}" if flag.is_switch else name
    option = typer.Option(written, envvar=flag.variable, help=flag.help, show_default=flag.shown)
    kind: Any = bool if flag.is_switch else str
    return inspect.Parameter(
        flag.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind | None, option],
    )


@_with_settings
def web(
    folder: SeedsIndexOption = None,
    host: HostOption = None,
    port: PortOption = None,
    model: ModelOption = None,
    reader: ReaderOption = None,
    *,
    settings: dict[str, str | None],
) -> int:
    """Open the web chat on http://127.0.0.1:7860."""
    from qa.web.chat import run

    run(folder, host, port, model, reader, settings)
    return 0


@_with_settings
def serve(
    folder: IndexOption = DEFAULT_INDEX,
    host: HostOption = None,
    port: PortOption = None,
    model: ModelOption = None,
    openapi: OpenApiOption = True,
    with_mcp: McpOption = False,
    *,
    settings: dict[str, str | None],
) -> int:
    """Serve search, answers and documents as JSON over HTTP: /openapi.json describes it."""
    from qa.web.collection import Collections, opener
    from qa.web.http.app import create_api
    from qa.web.openai.routes import add_openai
    from qa.web.server import host_of, listen
    from qa.web.server import serve as run
    from qa.web.service import Service

    host = host_of(host)
    service = Service(read(settings, host, page=False))
    writes = service.options.language_model
    folders = {"qa": folder, **dict(service.options.collections)}
    with closing(Collections(folders, opener(model, None, writes, beyond_limit=False))) as all_:
        all_.require()
        first = all_.get()
        first.retriever.warm_up()
        api = create_api(
            first.retriever, host, openapi=openapi, service=service, assistant=first.assistant
        )
        add_openai(api, all_, service)
        if with_mcp:
            from qa.mcp.http import add_collections

            add_collections(api, all_, service)
        with listen(host, port) as listener:
            run(api, listener, service)
    return 0


@_with_settings
def mcp(
    folder: IndexOption = DEFAULT_INDEX,
    http: HttpOption = False,
    host: HostOption = None,
    port: PortOption = None,
    model: ModelOption = None,
    *,
    settings: dict[str, str | None],
) -> int:
    """Let a language model's program search and quote, by the Model Context Protocol."""
    from qa.mcp.server import create_server
    from qa.web.server import LOCAL, host_of, listen
    from qa.web.server import serve as run
    from qa.web.service import Service
    from qa.writing.writer import assistant_of

    host = host_of(host) if http else LOCAL
    if not http and not settings["log"]:
        settings["log"] = "off"  # the program that started it keeps what stands on standard error
    service = Service(read(settings, host))
    options = service.options
    with open_retriever(folder, model) as retriever:
        assistant = assistant_of(retriever, options.language_model, beyond_limit=True)
        server = create_server(assistant, service=service, web=options.web_url)
        if http:
            from qa.mcp.http import create_app

            app = create_app(server, host, service)
            if sys.stderr.isatty():
                printing.say("Give clients this address, and /mcp after it:", error=True)
            with listen(host, port) as listener:
                run(app, listener, service)
        else:
            if sys.stdin.isatty():
                printing.say("qa mcp is started by a program: see docs/mcp.md.", error=True)
            server.run("stdio")
    return 0


def password(name: NameArgument) -> int:
    """Make a user's line for --auth: qa password ana >> users.txt"""
    from qa.web.passwords import check_name, hashed

    check_name(name)
    if sys.stdin.isatty():
        secret = getpass.getpass(f"Password of {name}: ")
        if secret != getpass.getpass("The same again: "):
            raise InputError("The two passwords are not the same: start again.")
    else:  # from a program, as one line
        secret = sys.stdin.readline().rstrip("\r\n")
    if not secret:
        raise InputError("The password is empty: write one.")
    printing.say(f"{name}:{hashed(secret)}")
    return 0
