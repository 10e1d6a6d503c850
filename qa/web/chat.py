"""The web chat as a server: ``qa web``, or ``python app.py`` in a checkout.

Its settings are those of docs/serving.md. Without an index, one is made from ``seeds/`` where none
is named. No request leaves the machine.
"""

import os
import re
import sys
from collections.abc import Mapping
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import IndexNotFoundError, MissingExtraError, QAError
from qa.web.collection import Collections, opener
from qa.web.export import add_export
from qa.web.front import add_front
from qa.web.library import ROUTES as LIBRARY
from qa.web.options import read
from qa.web.own_files import ROUTES as FILES
from qa.web.own_files import add_files, tags
from qa.web.page import page
from qa.web.server import LOCAL, add_health, host_of, listen, protect, serve
from qa.web.service import Service
from qa.web.strings import WORDS
from qa.web.viewer.routes import ROUTES as VIEWER
from qa.web.viewer.routes import add_viewer

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa import Assistant, Retriever

__all__ = ["create_app", "main", "run"]

_NO_GRADIO = "The chat needs Gradio: run pip install '.[chat]' in the project's folder."
_DEFAULT_INDEX = ".qa-index"
_SEEDS = Path(__file__).parents[2] / "seeds"  # of a checkout
_STYLES = ("base", "chat", "source", "mentions", "guide", "history", "print", "viewer")
# Gradio reads these when it is imported: no version check, no telemetry, no hub; no statistics of
# all events so far after each of them.
_QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9),
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
_SESSIONS = 64  # pages of which Gradio keeps a third of a megabyte each; it can do without
_LOOK = 0.02  # seconds between two looks at Gradio's queue
# All that the page asks for, as seen in a browser; Gradio offers far more.
_ROUTES = re.compile(
    r"(GET|HEAD) /"
    r"|GET /(health|config|favicon\.ico|manifest\.json|theme\.css)"
    r"|GET /(assets|static/img)/[\w.-]+"
    r"|GET /gradio_api/(info|app_id|queue/data|heartbeat/\w+)"
    r"|POST /gradio_api/(queue/join|cancel|reset)"
    r"|GET /suggestions|POST /follow|(GET|POST) /feedback"
    r"|POST /export"
    rf"|{FILES}|{VIEWER}|{LIBRARY}"
)
_LOGIN_ROUTES = re.compile(_ROUTES.pattern + r"|(GET|POST) /(login|logout)")


def create_app(
    retriever: "Retriever",
    assistant: "Assistant",
    host: str = LOCAL,
    service: Service | None = None,
    collections: Collections | None = None,
) -> "FastAPI":
    """The whole chat as an ASGI application: the page, its files and the sources of citations.

    It answers to the names of a server that listens on ``host`` (`qa.web.guard.allowed_hosts`).
    ``service`` says how much at once, how often, and who may ask; ``collections`` to choose from
    are in the place of the one. Raises MissingExtraError without Gradio.
    """
    os.environ.update(_QUIET)
    if find_spec("gradio") is None:
        raise MissingExtraError(_NO_GRADIO)
    from fastapi import FastAPI

    from qa.web.messages import PlainMessages

    service = service or Service()
    collections = collections or Collections.of(retriever, assistant)
    blocks = page(collections, service)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(PlainMessages, events=blocks.fns)
    root = service.options.root_path
    if service.users:
        from qa.web.auth import Login

        app.add_middleware(Login, users=service.users, root_path=root)
    protect(app, host, service, _LOGIN_ROUTES if service.users else _ROUTES)
    _add_routes(app, collections, service)
    _mount(app, blocks, service)
    return app


def _mount(app: "FastAPI", blocks: Any, service: Service) -> None:
    import gradio as gr

    root = service.options.root_path
    blocks.max_threads = service.most  # events at once, with those who wait in line
    # Of all else one at a time: the second person's examples are those found for the first.
    blocks.queue(default_concurrency_limit=1)
    blocks.state_session_capacity = _SESSIONS
    # Else it looks for new questions, and for what nobody sends, a thousand times a second.
    blocks._queue.sleep_when_free = blocks._queue.progress_update_sleep_when_free = _LOOK
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        i18n=gr.I18n(**WORDS),
        theme=gr.themes.Base(
            primary_hue="teal",
            neutral_hue="stone",
            font=["system-ui", "sans-serif"],
            font_mono=["ui-monospace", "monospace"],
        ),
        root_path=root or None,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        max_file_size=1,
    )


def _add_routes(app: "FastAPI", collections: Collections, service: Service) -> None:
    """What the page asks for besides Gradio's own."""
    from qa.web.feedback import add_feedback
    from qa.web.guidance import Guides, add_guidance
    from qa.web.library.routes import add_library

    root = service.options.root_path
    app.state.guides = Guides(collections.get, lambda: service.idle)
    add_health(app, service)
    add_front(app, root, tags(root, styles=_STYLES, script="chat"))
    add_guidance(app, app.state.guides)
    add_feedback(app, collections.get, service.options.feedback)
    add_export(app, collections.turns_of)
    add_viewer(app, collections, root)
    add_library(app, collections, service)
    add_files(app)
    _add_info(app)


def _add_info(app: "FastAPI") -> None:
    @app.get("/gradio_api/info")
    def info() -> dict[str, Any]:
        # Gradio's page asks for it and does without; the chat is no API (that is qa serve).
        return {"named_endpoints": {}, "unnamed_endpoints": {}}


def run(
    folder: Path | None,
    host: str | None = None,
    port: str | None = None,
    model: str | None = None,
    reader: str | None = None,
    settings: Mapping[str, str | None] | None = None,
) -> None:
    """Serve the chat over an index until interrupted; raises QAError where it cannot.

    Without a folder it is .qa-index; without an index there, one is made from the seeds.
    ``settings`` are those of `qa.web.options`, by name; what is not given is the environment's.
    """
    from qa.web.guidance import running

    host = host_of(host)
    service = Service(read(settings or {}, host))
    writes = service.options.language_model
    folders = dict(service.options.collections)
    if not folders:
        path = folder or Path(_DEFAULT_INDEX)
        if folder is None:
            _make(path, model)
        folders = {path.absolute().name: path}
    with (
        listen(host, port) as listener,
        closing(Collections(folders, opener(model, reader, writes))) as all_,
    ):
        all_.require()
        first = all_.get()
        app = create_app(first.retriever, first.assistant, host, service, all_)
        with running(app.state.guides):
            serve(app, listener, service)


def _make(path: Path, model: str | None) -> None:
    """Make an index of the seeds where there is none."""
    from index import Index

    try:
        Index.open(path).close()
    except IndexNotFoundError:
        if not _SEEDS.is_dir():
            raise
        with Index.open(path, create=True, model=model) as index:
            index.sync(_SEEDS)


def main() -> int:
    """`run` as the environment says; the exit status is 2, with one sentence, where it cannot."""
    named = os.environ.get("QA_INDEX")
    try:
        run(Path(named) if named else None)
    except QAError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0
