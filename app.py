"""The web chat: asks the assistant and shows its answers. ``python app.py`` serves it.

Environment: ``HOST`` (127.0.0.1), ``PORT`` (7860; 0 takes a free one), ``QA_INDEX`` (.qa-index,
made from ``seeds/`` where there is none). No request leaves the machine.
"""

import functools
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import IndexNotFoundError, QAError
from qa.types import Turn
from qa.web.render import literal, render, shorten
from qa.web.server import Headers, listen, serve
from qa.web.source import document_of, is_stale, source_of
from qa.web.words import WORDS, language_of, said

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa import Assistant, Retriever

__all__ = ["create_app", "main"]

_SEEDS = Path(__file__).parent / "seeds"
_WEB = Path(__file__).parent / "qa" / "web"
_HEAD = (
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="stylesheet" href="/web/chat.css"><script src="/web/chat.js" defer></script>'
)
_EXAMPLES = 4
_SHOWN_QUESTION = 1000  # characters of a question repeated in the chat
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
    from fastapi import FastAPI

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Headers)
    _add_routes(app, retriever)
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


def _add_routes(app: "FastAPI", retriever: "Retriever") -> None:
    """What the page asks for besides Gradio's own: its files, and the source of a citation."""
    from fastapi import HTTPException
    from fastapi.responses import FileResponse

    @app.get("/web/{name}")
    def web_file(name: str) -> FileResponse:
        if name not in {"chat.js", "chat.css"}:
            raise HTTPException(404)
        return FileResponse(_WEB / name, headers={"Cache-Control": "no-cache"})

    @app.get("/source")
    def source(link: str) -> dict[str, Any]:
        try:
            document = retriever.document(document_of(link))
            if is_stale(link, document):
                raise HTTPException(409)
            return asdict(source_of(link, document))
        except (KeyError, ValueError) as exc:  # a document since removed, or a link made by hand
            raise HTTPException(404) from exc


def _page(retriever: "Retriever", assistant: "Assistant") -> Any:
    """The page: a conversation with its question box and, beside it, the source of a citation."""
    import gradio as gr

    say = gr.I18n(**WORDS)
    with gr.Blocks(title="qa", fill_height=True, fill_width=True) as page:
        turns = gr.State([])
        with gr.Row(elem_id="top"):
            with gr.Column(elem_id="heading"):
                gr.Markdown(say("heading"))
                gr.Markdown(say("tagline"))
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
                gr.Column(elem_id="source")  # filled by chat.js

        respond = _responder(assistant, say)
        outputs = [chat, turns, question, welcome]
        asking = [
            event(respond, [box, chat, turns, scope], outputs, show_progress="hidden")
            for box, event in [(question, question.submit), *((one, one.click) for one in examples)]
        ]
        question.stop(lambda: _ready(say), None, question, cancels=asking, show_progress="hidden")
        empty: tuple[Any, ...] = ([], [], _ready(say), gr.update(visible=True))
        new.click(lambda: empty, None, outputs, cancels=asking, show_progress="hidden")
        page.load(_suggester(retriever, assistant), None, examples, show_progress="hidden")
    page.queue(default_concurrency_limit=4)  # people who can be answered at the same time
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


def _responder(assistant: "Assistant", say: Any) -> Callable[..., Iterator[Any]]:
    """The function behind the question box; Gradio finds the request by the type it is given.

    It yields updates of the conversation, its turns, the question box, and the examples.
    """
    import gradio as gr

    hidden = gr.update(visible=False)

    def respond(
        question: str,
        messages: Messages,
        turns: list[Turn],
        documents: list[str],
        request: gr.Request,
    ) -> Iterator[tuple[Any, Any, Any, Any]]:
        language = language_of(request.headers.get("accept-language"))
        shown = literal(shorten(question, _SHOWN_QUESTION))
        asked = [*messages, {"role": "user", "content": shown}]
        yield asked, gr.skip(), gr.update(value="", submit_btn=False, stop_btn=say("stop")), hidden
        for content, turn in _answers(assistant, question, turns, documents, language):
            said = [*asked, {"role": "assistant", "content": content}]
            yield said, [*turns, turn] if turn else gr.skip(), gr.skip(), gr.skip()
        yield gr.skip(), gr.skip(), _ready(say), gr.skip()

    return respond


def _answers(
    assistant: "Assistant",
    question: str,
    turns: list[Turn],
    documents: list[str],
    language: str,
) -> Iterator[tuple[str, Turn | None]]:
    """What to show while the answer grows; the last comes with the turn to remember, if any."""
    yield WORDS[language]["reading"], None
    answer = None
    try:
        for answer in assistant.stream(question, history=turns, documents=documents or None):
            if answer.citations:
                yield render(answer), None
    except QAError as error:
        yield literal(said(error, language)), None
        return
    if answer:
        yield render(answer), Turn(question, answer)


def _suggester(retriever: "Retriever", assistant: "Assistant") -> Callable[..., list[Any]]:
    """The function that fills the example buttons; a button without a question is hidden."""
    import gradio as gr

    from qa.suggestions import suggest

    @functools.cache  # the documents that a server starts with give its examples
    def questions(language: str) -> list[str]:
        return suggest(retriever, language, _EXAMPLES, assistant)

    def fill(request: gr.Request) -> list[Any]:
        found = questions(language_of(request.headers.get("accept-language")))
        shown = [gr.update(value=question, visible=True) for question in found]
        return shown + [gr.update(visible=False)] * (_EXAMPLES - len(shown))

    return fill


def _ready(say: Any) -> Any:
    """The question box as it is when nothing is being answered; what is written in it stays."""
    import gradio as gr

    return gr.update(submit_btn=say("ask"), stop_btn=False)


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
        with listen() as listener, _open(os.environ.get("QA_INDEX") or ".qa-index") as retriever:
            serve(create_app(retriever, Assistant(retriever)), listener)
    except QAError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
