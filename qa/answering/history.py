"""The earlier turns of a conversation, as they are given: turns, or messages of a chat."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from index.arguments import question_of
from index.errors import InputError
from index.text.messages import describe
from qa.types import Answer, Turn

__all__ = ["turns_of"]

_KEPT = 4  # questions of a chat that are answered again; what is before them is hardly meant
_ROLES = frozenset({"user", "assistant", "system", "developer", "tool"})

Ask = Callable[[str, Sequence[Turn]], Answer]


def turns_of(history: Iterable[Turn | Mapping[str, Any]], ask: Ask) -> list[Turn]:
    """The turns, their questions clean.

    Of messages with a ``role`` and ``content`` the user's last questions, each with the answer that
    ``ask`` gives to it: what a follow-up leans on are passages, which a message does not hold.
    Raises InputError for what is neither.
    """
    given = list(history) if isinstance(history, Iterable) else [history]
    turns: list[Turn] = []
    for question in [_question(one) for one in given if isinstance(one, Mapping)][-2 * _KEPT :]:
        if question:
            turns = [*turns, Turn(question, ask(question, turns))][-_KEPT:]
    if turns and any(isinstance(one, Turn) for one in given):
        raise InputError("The history holds turns and messages: give one or the other.")
    return turns or [_checked(one) for one in given if not isinstance(one, Mapping)]


def _question(message: Mapping[str, Any]) -> str | None:
    """What the user asked; None where a message is another's."""
    role, content = message.get("role"), message.get("content")
    if role not in _ROLES or not isinstance(content, str):
        raise InputError(
            'A message of the history is {"role": "user" or "assistant", "content": text}, not '
            f"{describe(dict(message))}."
        )
    return content if role == "user" and content.strip() else None


def _checked(turn: Any) -> Turn:
    if not isinstance(turn, Turn) or not isinstance(turn.answer, Answer):
        raise InputError(
            "The history is a list of Turn(question, answer), or of messages with role and "
            f"content, and {describe(turn)} is none."
        )
    return replace(turn, question=question_of(turn.question))
