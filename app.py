"""The web chat: asks the assistant and shows its answers. ``python app.py`` serves it.

Environment: ``HOST`` (127.0.0.1), ``PORT`` (7860; 0 takes a free one), ``QA_INDEX`` (.qa-index, made
from ``seeds/`` where there is none). No request leaves the machine.
"""

import functools
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import IndexNotFoundError, QAError
from qa.types import Turn
from qa.web.render import literal, render
from qa.web.source import document_of, source_of
from qa.web.words import WORDS, language_of

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from qa import Assistant, Retriever

__all__ = ["create_app", "main"]

_SEEDS = Path(__file__).parent / "seeds"
_WEB = Path(__file__).parent / "qa" / "web"
_HEAD = (
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="stylesheet" href="/web/chat.css"><script src="/web/chat.js" defer></script>'
)
_EXAMPLES = 4
_SHOWN_QUESTION = 2000  # characters of a question repeated in the chat
_MOST_CHOICES = 500  # documents that a list to choose from can still hold

Messages = list[dict[str, Any]]


def create_app(retriever: "Retriever", assistant: "Assistant") -> "FastAPI":
    """The whole chat as an ASGI application: the page, its files and the sources of citations."""
    # Gradio reads these when it is imported: no version check, no telemetry, no hub.
    os.environ.update(
        GRADIO_ANALYTICS_ENABLED="False",
        HF_HUB_OFFLINE="1",
        HF_HUB_DISABLE_TELEMETRY="1",
        DO_NOT_TRACK="1",
    )
    import gradio as gr
    from fastapi import FastAPI, HTTPException
    from fastapi.responses import FileResponse

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(_Headers)  # type: ignore[arg-type]

    @app.get("/web/{name}")
    def web_file(name: str) -> FileResponse:
        if name not in {"chat.js", "chat.css"}:
            raise HTTPException(404)
        return FileResponse(_WEB / name, headers={"Cache-Control": "no-cache"})

    @app.get("/source")
    def source(link: str) -> dict[str, Any]:
        try:
            return asdict(source_of(link, retriever.document(document_of(link))))
        except (KeyError, ValueError) as exc:  # a document since removed, or a link made by hand
            raise HTTPException(404) from exc

    gr.mount_gradio_app(
        app,
        _page(retriever, assistant),
        path="/",
        i18n=gr.I18n(**WORDS),
        theme=gr.themes.Base(
            primary_hue="teal",
            neutral_hue="stone",
            font=["system-ui", "sans-serif"],
            font_mono=["ui-monospace", "monospace"],
        ),
        head=_HEAD,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        max_file_size=1,
    )
    return app


class _Headers:
    """Adds to every response what keeps the page to itself, whatever a document holds."""

    def __init__(self, app: "ASGIApp") -> None:
        # A hosted Gradio Space is shown inside a frame of the site that hosts it.
        frame = "https://huggingface.co" if "SPACE_ID" in os.environ else "'none'"
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
            f"base-uri 'self'; form-action 'self'; frame-ancestors {frame}"
        )
        self.app = app
        self.headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        async def send_with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *self.headers]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _page(retriever: "Retriever", assistant: "Assistant") -> Any:
    """The page: a conversation with its question box and, beside it, the source of a citation."""
    import gradio as gr

    say = gr.I18n(**WORDS)
    with gr.Blocks(title="qa", fill_height=True, fill_width=True) as page:
        turns = gr.State([])
        with gr.Row(elem_id="top"):
            gr.Markdown(say("heading"), elem_id="heading")
            new = gr.Button(say("new"), elem_id="new", size="sm")
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="talk"):
                chat = _conversation(say)
                with gr.Column(elem_id="welcome") as welcome:
                    gr.Markdown(say("welcome"))
                    examples = [gr.Button("", elem_classes="example") for _ in range(_EXAMPLES)]
                question = _question_box(say)
                scope = _scope(say, retriever)
            with gr.Column(elem_id="side"):
                gr.Markdown(say("hint"), elem_id="hint")
                # Filled by chat.js, with text and never with markup.
                gr.HTML('<section id="source" tabindex="-1"></section>')

        respond = functools.partial(_respond, assistant)
        outputs = [chat, turns, question, welcome]
        asked = [
            box.submit(respond, [question, chat, turns, scope], outputs, show_progress="hidden")
            if box is question
            else box.click(respond, [box, chat, turns, scope], outputs, show_progress="hidden")
            for box in (question, *examples)
        ]
        question.stop(None, None, None, cancels=asked)
        new.click(_start_again, None, outputs, cancels=asked, show_progress="hidden")
        page.load(functools.partial(_suggest, retriever), None, examples, show_progress="hidden")
    return page


def _conversation(say: Any) -> Any:
    import gradio as gr

    return gr.Chatbot(
        elem_id="chat",
        label=say("conversation"),
        show_label=False,
        latex_delimiters=[],  # a dollar sign in a document is a dollar sign
        allow_tags=False,
        autoscroll=False,  # chat.js shows each new question once, and then leaves the page alone
        buttons=[],  # copying would copy the Markdown; the answers have a link that copies words
        feedback_options=None,
        height="auto",
        container=False,
    )


def _question_box(say: Any) -> Any:
    import gradio as gr

    return gr.Textbox(
        elem_id="question",
        label=say("question"),
        show_label=False,
        placeholder=say("placeholder"),
        submit_btn=say("ask"),
        autofocus=True,
        max_lines=6,
        container=False,
    )


def _scope(say: Any, retriever: "Retriever") -> Any:
    """The documents to search in; shown where there is something to choose from."""
    import gradio as gr

    documents = retriever.documents()
    choosable = 1 < len(documents) <= _MOST_CHOICES
    return gr.Dropdown(
        [(one.title or one.source or one.id, one.id) for one in documents] if choosable else [],
        multiselect=True,
        label=say("documents"),
        elem_id="scope",
        visible=choosable,
    )


def _respond(
    assistant: "Assistant",
    question: str,
    messages: Messages,
    turns: list[Turn],
    documents: list[str],
    request: "gr.Request",
) -> Iterator[tuple[Messages, list[Turn], str, dict[str, Any]]]:
    """The conversation with the answer as it grows, its turns, and an emptied question box."""
    import gradio as gr

    words = WORDS[language_of(request.headers.get("accept-language"))]
    shown = question if len(question) <= _SHOWN_QUESTION else question[:_SHOWN_QUESTION] + "…"
    messages = [*messages, {"role": "user", "content": literal(shown) or "…"}]

    def saying(content: str) -> Messages:
        return [*messages, {"role": "assistant", "content": content}]

    hide = gr.update(visible=False)
    yield saying(words["reading"]), turns, "", hide
    answer = None
    try:
        for answer in assistant.stream(question, history=turns, documents=documents or None):
            if answer.citations:
                yield saying(render(answer)), turns, "", hide
    except QAError as error:
        yield saying(literal(str(error))), turns, "", hide
        return
    if answer:
        turns = [*turns, Turn(question, answer)]
        yield saying(render(answer)), turns, "", hide


def _start_again() -> tuple[Messages, list[Turn], str, dict[str, Any]]:
    import gradio as gr

    return [], [], "", gr.update(visible=True)


def _suggest(retriever: "Retriever", request: "gr.Request") -> list[dict[str, Any]]:
    """The example questions, in the language of the browser; a button without one is hidden."""
    import gradio as gr

    from qa.suggestions import suggest

    questions = suggest(retriever, language_of(request.headers.get("accept-language")), _EXAMPLES)
    found = [gr.update(value=question, visible=True) for question in questions]
    return found + [gr.update(visible=False)] * (_EXAMPLES - len(found))


def serve(app: "FastAPI", listener: socket.socket) -> None:
    """Serve the application on a listening socket until interrupted; says the address when ready."""
    import uvicorn

    host, port = listener.getsockname()[:2]
    shown = "localhost" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            sys.stdout.write(f"http://{shown}:{port}\n")
            sys.stdout.flush()

    # The page keeps a connection open, and nobody wants to wait for it after Ctrl-C.
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    with suppress(KeyboardInterrupt):
        Server(config).run(sockets=[listener])


def _listen() -> socket.socket:
    """A socket on HOST and PORT; raises QAError where there can be none."""
    # A hosted Gradio Space is reached from outside its container.
    host = os.environ.get("HOST") or ("0.0.0.0" if "SPACE_ID" in os.environ else "127.0.0.1")
    port = os.environ.get("PORT") or "7860"
    if not (port.isascii() and port.isdigit() and int(port) < 2**16):
        raise QAError(f"PORT is {port!r}: set it to a number from 0 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, int(port)), family=family)
    except OSError as exc:
        raise QAError(
            f"Cannot listen on {host}, port {port} ({exc.strerror}): set PORT or HOST to another."
        ) from exc


def _open(path: str) -> "Retriever":
    """The index in a folder, made from the seeds where there is none."""
    from index import Index
    from qa import Retriever

    try:
        return Retriever.open(path)
    except IndexNotFoundError:
        if not _SEEDS.is_dir():
            raise
    with Index.open(path, create=True) as index:
        index.sync(_SEEDS)
    return Retriever.open(path)


def main() -> int:
    """Serve the chat; the exit status is 2, with one sentence on standard error, if it cannot."""
    from qa import Assistant

    try:
        with _listen() as listener, _open(os.environ.get("QA_INDEX") or ".qa-index") as retriever:
            serve(create_app(retriever, Assistant(retriever)), listener)
    except QAError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
