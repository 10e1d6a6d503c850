"""The page of the web chat: asks the assistant and shows its answers."""

import functools
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, NamedTuple

from index.errors import QAError
from qa.types import Turn
from qa.web.exchange import State, Told, exchange, messages_of, owner_of, shown_question
from qa.web.records import record_of, turns_of
from qa.web.refused import RefusedError
from qa.web.render import literal, render
from qa.web.service import Service
from qa.web.source import key_of
from qa.web.strings import WORDS, error_message, language_of
from qa.web.workers import Waiting

if TYPE_CHECKING:
    from qa import Assistant, Retriever

__all__ = ["page"]

_EXAMPLES = 4
_MOST_CHOICES = 500  # documents that a list to choose from can still hold


class Said(NamedTuple):
    """What to show, None for nothing new; ``turn`` is the answer so far, which may be ``whole``."""

    content: str | None
    turn: Turn | None = None
    whole: bool = False
    failed: bool = False


def page(retriever: "Retriever", assistant: "Assistant", key: bytes, service: Service) -> Any:
    """A conversation and, beside it, the source of a citation, whose link ``key`` stamps."""
    import gradio as gr

    say = gr.I18n(**WORDS)
    with gr.Blocks(title="qa", fill_height=True, fill_width=True) as blocks:
        new = _top(say, service)
        hidden = exchange()
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="talk"):
                notice = gr.Markdown(elem_id="notice", visible=False)
                gr.Column(elem_id="take")  # filled by take.js
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

        outputs = [chat, hidden.told, question, welcome]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        # Who has to wait stands in the service's line, and chat.js asks one question at a time.
        line = quiet | {"concurrency_limit": None, "trigger_mode": "multiple"}
        sent = [hidden.asked, hidden.past, hidden.number, scope]
        asking = hidden.ask.click(_responder(assistant, key, say, service), sent, outputs, **line)
        question.stop(None, None, None, cancels=asking)  # chat.js then shows what there is
        empty: tuple[Any, ...] = ([], "", _ready(say), gr.update(visible=True), gr.update(value=[]))
        new.click(lambda: empty, None, [*outputs, scope], cancels=asking, **quiet)
        shown = [chat, question, welcome]
        hidden.show.click(_shower(key, say), hidden.past, shown, cancels=asking, **line)
        blocks.load(_greeter(key), None, hidden.told, **line)
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
            gr.Button(say("logout"), elem_id="logout", size="sm", link=address, link_target="_self")
        return gr.Button(say("new"), elem_id="new", size="sm")


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
        interactive=True,  # though no event reads it: chat.js does
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
    choices = [(info.title or info.source or info.id, info.id) for info in documents]
    return {"choices": choices if choosable else [], "visible": choosable}


def _looker(retriever: "Retriever", key: bytes) -> Callable[..., tuple[Any, Any]]:
    """The function that runs when the page is opened: the warning, and the list of documents."""
    import gradio as gr

    def look(request: gr.Request) -> tuple[Any, Any]:
        language = language_of(request.headers.get("accept-language"))
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
    """The function that answers; Gradio passes the request by the parameter's type.

    It yields updates of the conversation, what the page is told, the question box and the examples.
    """
    import gradio as gr

    hidden = gr.update(visible=False)

    async def respond(
        question: str,
        past: str | None,
        number: str | None,
        documents: list[str],
        request: gr.Request,
    ) -> AsyncIterator[tuple[Any, ...]]:
        language = language_of(request.headers.get("accept-language"))
        conversation, messages = messages_of(past, key, language)
        messages.append(shown_question(question))
        # Sent with the first words: of two updates in a row, the page may show only the last.
        box, welcome = gr.update(submit_btn=False, stop_btn=say("stop")), hidden
        turns = turns_of(conversation)
        work = functools.partial(_answers, assistant, key, question, turns, documents, language)
        asked = service.asked(request.request.scope, question, work)
        told = ""
        async with aclosing(_shown(asked, language)) as parts:
            async for said in parts:
                if said.content is None:  # nothing new, which is how it is noticed who has left
                    yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
                    continue
                shown = [*messages, {"role": "assistant", "content": said.content}]
                told = _told(number or "", said, key)
                yield shown, told, box, welcome
                box = welcome = gr.skip()
        yield gr.skip(), told, _ready(say), gr.skip()

    return respond


def _told(number: str, said: Said, key: bytes) -> str:
    state: State = "failed" if said.failed else "answered" if said.whole else "answering"
    record = record_of(said.turn, key, stopped=not said.whole) if said.turn else ""
    return str(Told(number, state, record))


async def _shown(parts: AsyncGenerator[Waiting | Said], language: str) -> AsyncGenerator[Said]:
    """What to show in line, and while the answer grows, or why there is none."""
    words = WORDS[language]
    place = 0
    try:
        async with aclosing(parts):
            async for part in parts:
                if isinstance(part, Waiting):
                    content = words["place"].format(place=part.place)
                    yield Said(content if part.place != place else None)
                    place = part.place
                else:
                    yield part
    except RefusedError as error:
        yield Said(literal(error.say(language)), failed=True)


def _answers(
    assistant: "Assistant",
    key: bytes,
    question: str,
    turns: list[Turn],
    documents: list[str],
    language: str,
) -> Iterator[Said]:
    """What to show while the answer grows; the last is whole, or says why there is none."""
    yield Said(WORDS[language]["reading"])
    answer = None
    try:
        for answer in assistant.stream(question, history=turns, documents=documents or None):
            if answer.citations:
                yield Said(render(answer, key), Turn(question, answer))
    except QAError as error:
        yield Said(literal(error_message(error, language)), failed=True)
        return
    if answer:
        yield Said(render(answer, key), Turn(question, answer), whole=True)


def _greeter(key: bytes) -> Callable[..., str]:
    """The function that tells the page that the server listens, and whose page it is."""
    import gradio as gr

    def greet(request: gr.Request) -> str:
        user = request.request.scope.get("qa", {}).get("user")
        return str(Told("", "answered", owner=owner_of(user, key)))

    return greet


def _shower(key: bytes, say: Any) -> Callable[..., tuple[Any, ...]]:
    """The function that shows a conversation that the browser kept, or of which something is gone.

    It gives updates of the conversation, the question box, and the examples.
    """
    import gradio as gr

    def show(past: str | None, request: gr.Request) -> tuple[Any, ...]:
        language = language_of(request.headers.get("accept-language"))
        _, messages = messages_of(past, key, language)
        return messages, _ready(say), gr.update(visible=not messages)

    return show


def _suggester(retriever: "Retriever", assistant: "Assistant") -> Callable[..., list[Any]]:
    """The function that fills the example buttons; a button without a question is hidden."""
    import gradio as gr

    from qa.answering.suggestions import suggest

    @functools.lru_cache(len(WORDS))  # one list a language, until another index takes the place
    def questions(language: str, entry: tuple[int, int] | None) -> list[str]:  # noqa: ARG001
        return suggest(retriever, language, _EXAMPLES, assistant)

    def fill(request: gr.Request) -> list[Any]:
        language = language_of(request.headers.get("accept-language"))
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
