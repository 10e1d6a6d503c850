"""The page of the web chat: its parts, and which event of theirs does what."""

from collections.abc import Callable
from collections.abc import Collection as Container
from typing import TYPE_CHECKING, Any, NamedTuple

from index.errors import QAError
from qa.web.collection import Collections
from qa.web.dates import date_fields
from qa.web.exchange import Exchange, exchange
from qa.web.form import names
from qa.web.guidance import clear_by_button
from qa.web.library.chooser import add_chooser, asked_for, documents_of
from qa.web.render import literal
from qa.web.responding import greeter, ready, responder, shower
from qa.web.service import Service
from qa.web.source import shared_key_of
from qa.web.strings import WORDS, error_message, language_of

if TYPE_CHECKING:
    from qa import Retriever

__all__ = ["page"]

_MOST_CHOICES = 500  # documents that a list to choose from can still hold
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Who has to wait stands in the service's line, and chat.js asks one question at a time.
_LINE = _QUIET | {"concurrency_limit": None, "trigger_mode": "multiple"}


class _Parts(NamedTuple):
    """The parts of the page that its events read or change."""

    hidden: Exchange
    new: Any
    notice: Any
    chat: Any
    welcome: Any
    question: Any
    scope: Any
    dates: list[Any]


def page(collections: Collections, service: Service) -> Any:
    """A conversation and, beside it, the source of a citation."""
    import gradio as gr

    say = gr.I18n(**WORDS)
    with gr.Blocks(title="qa", fill_height=True, fill_width=True) as blocks:
        _wire(blocks, _parts(say, collections, service), say, collections, service)
    return blocks


def _parts(say: Any, collections: Collections, service: Service) -> _Parts:
    import gradio as gr

    new = _top(say, collections, service)
    hidden = exchange()
    with gr.Row(elem_id="main"):
        with gr.Column(elem_id="talk"):
            notice = gr.Markdown(elem_id="notice", visible=False)
            gr.Column(elem_id="take")  # filled by take.js
            chat = _conversation(say)
            with gr.Column(elem_id="welcome") as welcome:
                gr.Markdown(say("welcome"))
                gr.Column(elem_id="examples")  # filled by guide.js
            question = _question_box(say)
            scope = _scope_box(collections.get().retriever, say)
            dates = date_fields(say)
        with gr.Column(elem_id="side"):
            gr.Markdown(say("hint"), elem_id="hint")
            gr.Column(elem_id="source")  # filled by source.js
    return _Parts(hidden, new, notice, chat, welcome, question, scope, dates)


def _wire(blocks: Any, parts: _Parts, say: Any, collections: Collections, service: Service) -> None:
    """Say what each event does."""
    import gradio as gr

    hidden, scope = parts.hidden, parts.scope
    outputs = [parts.chat, hidden.told, parts.question, parts.welcome]
    asking = hidden.ask.click(
        responder(collections, say, service),
        [hidden.asked, hidden.past, hidden.number, scope, *parts.dates],
        outputs,
        **_LINE,
    )
    parts.question.stop(None, None, None, cancels=asking)  # chat.js then shows what there is
    empty: tuple[Any, ...] = (
        [],
        "",
        ready(say),
        gr.update(visible=True),
        gr.update(value=[]),
        "",
        "",
    )
    emptied = [*outputs, scope, *parts.dates]
    parts.new.click(lambda: empty, None, emptied, cancels=asking, **_QUIET)
    hidden.show.click(
        shower(collections, say),
        [hidden.past, hidden.number],
        [parts.chat, hidden.told, parts.question, parts.welcome],
        cancels=asking,
        **_LINE,
    )
    # One event: with two, a question may be asked before the documents of the address are chosen.
    opened = [parts.notice, scope, hidden.told]
    blocks.load(_opener(collections), None, opened, **_LINE)
    clear_by_button(scope, **_QUIET)


def _top(say: Any, collections: Collections, service: Service) -> Any:
    """The heading, and the button for a new conversation, which is returned."""
    import gradio as gr

    with gr.Row(elem_id="top"):
        with gr.Column(elem_id="heading"):
            gr.Markdown(say("heading"))
            gr.Markdown(say("tagline"))
        add_chooser(collections, say, service)
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
        interactive=True,  # though no event reads it: chat.js does
        label=say("question"),
        show_label=False,
        placeholder=say("placeholder"),
        submit_btn=say("ask"),
        autofocus=True,
        max_lines=6,
        container=False,
    )


def _scope_box(retriever: "Retriever", say: Any) -> Any:
    import gradio as gr

    choices = _choices(retriever)
    box = gr.Dropdown(multiselect=True, label=say("documents"), elem_id="scope", **choices)
    box.preprocess = lambda chosen: chosen  # a page may be older than this server
    return box


def _choices(retriever: "Retriever", chosen: Container[str] = ()) -> dict[str, Any]:
    """The documents to search in; shown where there is something to choose from."""
    documents = retriever.documents()
    if len(documents) > _MOST_CHOICES:
        documents = [info for info in documents if info.id in chosen]
    choosable = bool(chosen) or len(documents) > 1
    choices = [(" · ".join(names(info.title, info.source, info.id)), info.id) for info in documents]
    value = [id for _, id in choices if id in chosen]
    return {"choices": choices if choosable else [], "value": value, "visible": choosable}


def _opener(collections: Collections) -> Callable[..., tuple[Any, ...]]:
    """The function that runs when the page is opened: a notice, the documents, whose page it is."""
    import gradio as gr

    look, greet = _looker(collections), greeter(collections)

    def opened(request: gr.Request) -> tuple[Any, ...]:
        return *look(request), greet(request)

    return opened


def _looker(collections: Collections) -> Callable[..., tuple[Any, Any]]:
    """The function that gives the notice, and the list of documents."""
    import gradio as gr

    def look(request: gr.Request) -> tuple[Any, Any]:
        language = language_of(request.headers)
        try:
            collection = asked_for(collections, request)
            retriever = collection.retriever
            chosen = documents_of(request)
            choices = _choices(retriever, chosen)
            text = WORDS[language]["outdated"] if retriever.warning else ""
            if gone := len(set(chosen)) - len(choices["value"]):
                left = "some" if gone < len(set(chosen)) else "all"
                text = f"{WORDS[language][left + '_gone']} {text}".strip()
            text = literal(text)
            # Another index may have taken the place: with the same key, old links still open.
            shared_key_of(retriever.index, collection.key)
        except QAError as error:
            text = literal(error_message(error, language))
            choices = {"choices": [], "value": [], "visible": False}
        return gr.update(value=text, visible=bool(text)), gr.update(**choices)

    return look
