"""What the page and the server tell each other of a conversation, which the browser keeps.

The page's scripts write a question and the conversation so far into hidden boxes and press hidden
buttons; they read the record of the answer from another one. The question box itself is theirs: the
server never changes what is written in it.
"""

import hmac
import json
from typing import Any, Final, Literal, NamedTuple

from qa.web.records import Kept, conversation_of
from qa.web.render import literal, render, shorten

__all__ = [
    "Exchange",
    "Messages",
    "State",
    "Told",
    "exchange",
    "messages_of",
    "owner_of",
    "shown_question",
]

_SHOWN_QUESTION = 1000  # characters of a question repeated in the chat
_WORDS: Final = {
    "es": {
        "stopped": "Detenido",
        "another": "La respuesta es de otro índice: vuelve a preguntarlo aquí.",
    },
    "en": {
        "stopped": "Stopped",
        "another": "The answer is of another index: ask it again here.",
    },
}

Messages = list[dict[str, Any]]
State = Literal["answering", "answered", "failed"]


class Exchange(NamedTuple):
    """Hidden parts of the page; ``number`` is that of the question, which `Told` repeats."""

    asked: Any
    past: Any
    number: Any
    told: Any
    ask: Any
    show: Any


class Told(NamedTuple):
    """What the page is told of the question that it numbered so.

    A ``record`` comes with every citation, so that what was found is kept when it is stopped. The
    ``owner`` tells persons who use the same browser apart, and does not name them.
    """

    number: str
    state: State
    record: str = ""
    owner: str = ""

    def __str__(self) -> str:
        """As JSON."""
        return json.dumps(self._asdict())


def exchange() -> Exchange:
    """The hidden boxes and buttons, in the page that is being built."""
    import gradio as gr

    names = ("asked", "past", "number", "told")
    boxes = [gr.Textbox(elem_id=name, show_label=False, visible="hidden") for name in names]
    buttons = [gr.Button(elem_id=name, visible="hidden") for name in ("ask", "show")]
    return Exchange(*boxes, *buttons)


def owner_of(user: str | None, key: bytes) -> str:
    """What tells the conversations of a user from those of others; empty without log-in."""
    return hmac.digest(key, f"owner {user}".encode(), "sha256").hex()[:16] if user else ""


def shown_question(question: str) -> dict[str, Any]:
    """A question as a message."""
    return {"role": "user", "content": literal(shorten(question, _SHOWN_QUESTION))}


def messages_of(past: str | None, key: bytes, language: str) -> tuple[list[Kept], Messages]:
    """The conversation that a browser sent, and its messages; none where it is no conversation."""
    try:
        conversation = conversation_of(past, key)
    except ValueError:
        return [], []
    messages = []
    for kept in conversation:
        said = {"role": "assistant", "content": _said(kept, key, _WORDS[language])}
        messages += [shown_question(kept.question), said]
    return conversation, messages


def _said(kept: Kept, key: bytes, words: dict[str, str]) -> str:
    shown = render(kept.turn.answer, key) if kept.turn else ""
    if kept.state == "whole":
        return shown
    return f"{shown}\n\n*{words[kept.state]}*".strip()
