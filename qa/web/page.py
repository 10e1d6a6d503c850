"""The page of the web chat: asks the assistant and shows its answers."""

import functools
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from index.errors import QAError
from qa.types import Turn
from qa.web.labels import choice
from qa.web.refused import RefusedError
from qa.web.render import literal, render, shorten
from qa.web.service import Service
from qa.web.source import key_of
from qa.web.strings import WORDS, error_message, language_of
from qa.web.workers import Waiting

if TYPE_CHECKING:
    from qa import Assistant, Retriever

__all__ = ["page"]

_EXAMPLES = 4
_SHOWN_QUESTION = 1000  # characters of a question repeated in the chat
_MOST_CHOICES = 500  # documents that a list to choose from can still hold

Messages = list[dict[str, Any]]


def page(retriever: "Retriever", assistant: "Assistant", key: bytes, service: Service) -> Any:
    """A conversation and, beside it, the source of a citation, whose link ``key`` stamps."""
    import gradio as gr

    say = gr.I18n(**WORDS)
    with gr.Blocks(title="qa", fill_height=True, fill_width=True) as blocks:
        # The conversation is kept on the server: of what a browser sends, only the question counts.
        messages, turns = gr.State([]), gr.State([])
        new = _top(say, service)
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="talk"):
                notice = gr.Markdown(elem_id="notice", visible=False)
                chat = _conversation(say)
                with gr.Column(elem_id="welcome") as welcome:
                    gr.Markdown(say("welcome"))
                    examples = [gr.Button("", elem_classes="example") for _ in range(_EXAMPLES)]
                question = _question_box(say)
                scope = gr.Dropdown(
                    multiselect=True, label=say("documents"), elem_id="scope", **_choices(retriever)
                )
            with gr.Column(elem_id="side"):
                gr.Markdown(say("hint"), elem_id="hint")
                gr.Column(elem_id="source")  # filled by chat.js

        respond = _responder(assistant, key, say, service)
        outputs = [chat, messages, turns, question, welcome]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        boxes = [(question, question.submit), *((button, button.click) for button in examples)]
        line = quiet | {"concurrency_limit": None}  # who has to wait stands in the service's line
        asking = [
            event(respond, [box, messages, turns, scope], outputs, **line) for box, event in boxes
        ]
        question.stop(lambda: _ready(say), None, question, cancels=asking, **quiet)
        empty: tuple[Any, ...] = ([], [], [], _ready(say), gr.update(visible=True))
        new.click(lambda: empty, None, outputs, cancels=asking, **quiet)
        blocks.load(_looker(retriever, key), None, [notice, scope], **quiet)
        blocks.load(_suggester(retriever, assistant), None, examples, **quiet)
    return blocks


def _top(say: Any, service: Service) -> Any:
    """The heading, and the button for a new conversation, which is returned."""
    import gradio as gr

    with gr.Row(elem_id="top"):
        with gr.Column(elem_id="heading"):
            gr.Markdown(say("heading"))
            gr.Markdown(say("tagline"))
        if service.users:
            address = f"{service.options.root_path}/logout"
            quiet = {"elem_id": "logout", "elem_classes": "qa-button quiet"}
            gr.Button(say("logout"), link=address, link_target="_self", **quiet)
        new = gr.Button(say("new"), elem_id="new", elem_classes="qa-button")
        gr.Column(elem_id="settings")  # filled by settings.js
    return new


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


def _choices(retriever: "Retriever") -> dict[str, Any]:
    """The documents to search in; shown where there is something to choose from."""
    documents = retriever.documents()
    choosable = 1 < len(documents) <= _MOST_CHOICES
    choices = [(choice(info.title, info.source, info.id), info.id) for info in documents]
    return {"choices": choices if choosable else [], "visible": choosable}


def _looker(retriever: "Retriever", key: bytes) -> Callable[..., tuple[Any, Any]]:
    """The function that runs when the page is opened: the warning, and the list of documents."""
    import gradio as gr

    def look(request: gr.Request) -> tuple[Any, Any]:
        language = language_of(request.headers)
        try:
            text = literal(WORDS[language]["outdated"]) if retriever.warning else ""
            choices = _choices(retriever)
            # Another index may have taken the place: with the same key, old links still open.
            key_of(retriever.index.path, key)
        except QAError as error:
            text = literal(error_message(error, language))
            choices = {"choices": [], "visible": False}
        return gr.update(value=text, visible=bool(text)), gr.update(value=[], **choices)

    return look


def _responder(
    assistant: "Assistant", key: bytes, say: Any, service: Service
) -> Callable[..., AsyncIterator[Any]]:
    """The function behind the question box; Gradio passes the request by the parameter's type.

    It yields updates of the conversation, its messages and turns, the question box, and the
    examples.
    """
    import gradio as gr

    hidden = gr.update(visible=False)

    async def respond(
        question: str,
        messages: Messages,
        turns: list[Turn],
        documents: list[str],
        request: gr.Request,
    ) -> AsyncIterator[tuple[Any, ...]]:
        language = language_of(request.headers)
        shown = literal(shorten(question, _SHOWN_QUESTION))
        with_question = [*messages, {"role": "user", "content": shown}]
        # Sent with the first words: of two updates in a row, the page may show only the last.
        box, welcome = gr.update(value="", submit_btn=False, stop_btn=say("stop")), hidden
        work = functools.partial(_answers, assistant, key, question, turns, documents, language)
        asked = service.asked(request.request.scope, question, work)
        async with aclosing(_shown(asked, language)) as parts:
            async for content, turn in parts:
                if content is None:  # nothing new, which is how it is noticed who has left
                    yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
                    continue
                said = [*with_question, {"role": "assistant", "content": content}]
                yield said, said, [*turns, turn] if turn else gr.skip(), box, welcome
                box = welcome = gr.skip()
        yield gr.skip(), gr.skip(), gr.skip(), _ready(say), gr.skip()

    return respond


async def _shown(
    parts: AsyncGenerator[Waiting | tuple[str, Turn | None]], language: str
) -> AsyncGenerator[tuple[str | None, Turn | None]]:
    """What to show in line, and while the answer grows, or why there is none.

    None changes nothing.
    """
    words = WORDS[language]
    place = 0
    try:
        async with aclosing(parts):
            async for part in parts:
                if isinstance(part, Waiting):
                    content = words["place"].format(place=part.place)
                    yield (content if part.place != place else None), None
                    place = part.place
                else:
                    yield part
    except RefusedError as error:
        yield literal(error.say(language)), None


def _answers(
    assistant: "Assistant",
    key: bytes,
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
                yield render(answer, key), None
    except QAError as error:
        yield literal(error_message(error, language)), None
        return
    if answer:
        yield render(answer, key), Turn(question, answer)


def _suggester(retriever: "Retriever", assistant: "Assistant") -> Callable[..., list[Any]]:
    """The function that fills the example buttons; a button without a question is hidden."""
    import gradio as gr

    from qa.answering.suggestions import suggest

    @functools.lru_cache(len(WORDS))  # one list a language, until another index takes the place
    def questions(language: str, entry: tuple[int, int] | None) -> list[str]:  # noqa: ARG001
        return suggest(retriever, language, _EXAMPLES, assistant)

    def fill(request: gr.Request) -> list[Any]:
        language = language_of(request.headers)
        try:
            suggested = questions(language, retriever.index.entry)
        except QAError:  # the page shows this error in its notice
            suggested = []
        shown = [gr.update(value=question, visible=True) for question in suggested]
        return shown + [gr.update(visible=False)] * (_EXAMPLES - len(shown))

    return fill


def _ready(say: Any) -> Any:
    """The question box as it is when nothing is being answered; what is written in it stays."""
    import gradio as gr

    return gr.update(submit_btn=say("ask"), stop_btn=False)
