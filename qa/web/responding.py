"""The events of the chat's page: an answer as it grows, and a conversation that was kept."""

import functools
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, NamedTuple

from index.errors import QAError
from qa.types import Turn
from qa.web.collection import Collections
from qa.web.dates import wrong_dates
from qa.web.exchange import Messages, State, Told, messages_of, owner_of, shown_question
from qa.web.guidance import with_unread
from qa.web.library.chooser import asked_for
from qa.web.mentions import message, spoken
from qa.web.records import record_of, turns_of
from qa.web.refused import RefusedError
from qa.web.render import literal
from qa.web.service import Service
from qa.web.strings import WORDS, error_message, language_of
from qa.web.workers import Waiting

if TYPE_CHECKING:
    from qa import Assistant

__all__ = ["Said", "answers", "greeter", "ready", "responder", "shower"]


class Said(NamedTuple):
    """What to show, None for nothing new; ``turn`` is the answer so far, which may be ``whole``."""

    content: str | None
    turn: Turn | None = None
    whole: bool = False
    failed: bool = False


def responder(
    collections: Collections, say: Any, service: Service
) -> Callable[..., AsyncIterator[Any]]:
    """The function that answers; Gradio passes the request by the parameter's type.

    It yields updates of the conversation, of what the page is told, of the question box, and of the
    examples.
    """
    import gradio as gr
    from anyio import to_thread

    async def respond(
        question: str,
        past: str | None,
        number: str | None,
        documents: list[str],
        since: str,
        until: str,
        request: gr.Request,
    ) -> AsyncIterator[tuple[Any, ...]]:
        language = language_of(request.headers)
        try:  # in a thread, for it may have to be opened
            asked = await to_thread.run_sync(asked_for, collections, request)
        except QAError as error:
            yield _refused(question, number, error_message(error, language), say)
            return
        conversation, messages = messages_of(past, asked.key, language)
        messages.append(shown_question(question))
        limits = documents, language, since, until
        work = functools.partial(
            answers, asked.assistant, asked.key, question, turns_of(conversation), *limits
        )
        said = _said(service.asked(request.request.scope, question, work), language)
        async with aclosing(_updates(said, messages, number, asked.key, say)) as updates:
            async for update in updates:
                yield update

    return respond


def _refused(question: str, number: str | None, reason: str, say: Any) -> tuple[Any, ...]:
    import gradio as gr

    said = Said(literal(reason), failed=True)
    shown = [shown_question(question), _message(said)]
    return shown, _told(number, said, b""), ready(say), gr.update(visible=False)


async def _updates(
    said: AsyncGenerator[Said], messages: Messages, number: str | None, key: bytes, say: Any
) -> AsyncGenerator[tuple[Any, ...]]:
    import gradio as gr

    # Sent with the first words: of two updates in a row, the page may show only the last.
    box, welcome = gr.update(submit_btn=False, stop_btn=say("stop")), gr.update(visible=False)
    told = ""
    async with aclosing(said) as parts:
        async for part in parts:
            if part.content is None:  # nothing new, which is how it is noticed who has left
                yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
                continue
            told = _told(number, part, key)
            yield [*messages, _message(part)], told, box, welcome
            box = welcome = gr.skip()
    yield gr.skip(), told, ready(say), gr.skip()


def _message(said: Said) -> dict[str, Any]:
    return {"role": "assistant", "content": said.content}


def _told(number: str | None, said: Said, key: bytes) -> str:
    state: State = "failed" if said.failed else "answered" if said.whole else "answering"
    record = record_of(said.turn, key, stopped=not said.whole) if said.turn else ""
    return str(Told(number or "", state, record))


async def _said(parts: AsyncGenerator[Waiting | Said], language: str) -> AsyncGenerator[Said]:
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


def answers(
    assistant: "Assistant",
    key: bytes,
    question: str,
    turns: list[Turn],
    documents: list[str],
    language: str,
    since: str = "",
    until: str = "",
) -> Iterator[Said]:
    """What to show while the answer grows; the last is whole, or says why there is none."""
    if wrong := wrong_dates(since, until, language):
        yield Said(literal(wrong), failed=True)
        return
    yield Said(WORDS[language]["reading"])
    answer = None
    limits: dict[str, Any] = {"documents": documents or None, "since": since, "until": until}
    try:
        for snapshot in assistant.stream(question, turns, **limits):
            answer = spoken(snapshot, language)
            if answer.citations:
                yield Said(message(answer, key), Turn(question, answer))
    except QAError as error:
        yield Said(literal(error_message(error, language)), failed=True)
        return
    if answer:
        answer = with_unread(answer, assistant)
        yield Said(message(answer, key), Turn(question, answer), whole=True)


def greeter(collections: Collections) -> Callable[..., str]:
    """The function that tells the page that the server listens, and whose page it is."""
    import gradio as gr

    def greet(request: gr.Request) -> str:
        user = request.request.scope.get("qa", {}).get("user")
        try:
            key = asked_for(collections, request).key
        except QAError:  # the page shows this error in its notice
            return str(Told("", "answered"))
        return str(Told("", "answered", owner=owner_of(user, key)))

    return greet


def shower(collections: Collections, say: Any) -> Callable[..., tuple[Any, ...]]:
    """The function that shows a conversation that the browser kept, or of which something is gone.

    It gives updates of the conversation, what the page is told, the question box, and the examples.
    """
    import gradio as gr

    def show(past: str | None, number: str | None, request: gr.Request) -> tuple[Any, ...]:
        told = str(Told(number or "", "answered"))
        language = language_of(request.headers)
        try:
            key = asked_for(collections, request).key
        except QAError:  # the page shows this error in its notice
            return [], told, ready(say), gr.update(visible=True)
        _, messages = messages_of(past, key, language)
        return messages, told, ready(say), gr.update(visible=not messages)

    return show


def ready(say: Any) -> Any:
    """The question box as it is when nothing is being answered; what is written in it stays."""
    import gradio as gr

    return gr.update(submit_btn=say("ask"), stop_btn=False)
