"""What each rule of `qa.conversation` is worth: what goes wrong or right without it.

Used by `benchmarks.conversations`. Without a rule, only the conversations are asked again of which
a message would be read otherwise.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from index.query import Query
from qa import Assistant
from qa.conversation.intents import recognise, split_questions
from qa.conversation.rewrite import resolve
from qa.conversation.rules import LANGUAGES, rules, without
from qa.types import Answer, Turn

__all__ = ["Talk", "ask_all", "rule_names", "worth"]


@dataclass(frozen=True, eq=False, slots=True)
class Talk:
    """A conversation with an assistant; ``right`` judges its answers, one value a judged turn."""

    assistant: Assistant
    questions: tuple[str, ...]
    right: Callable[[Sequence[Answer]], list[bool]]


def ask_all(talk: Talk) -> list[Answer]:
    """The answers to the questions, each asked with those before it as its history."""
    history: list[Turn] = []
    for question in talk.questions:
        history.append(Turn(question, talk.assistant.ask(question, tuple(history))))
    return [turn.answer for turn in history]


def rule_names() -> list[str]:
    """The names of all rules, each once, in the order of the files."""
    return list(
        dict.fromkeys(
            rule.name
            for kind in ("intents", "followups")
            for language in LANGUAGES
            for rule in rules(kind, language)
        )
    )


def worth(
    name: str, asked: Sequence[tuple[Talk, Sequence[Answer]]], messages: Sequence[str]
) -> dict[str, Any]:
    """Without the rule of this name: turns that become wrong or right, and messages read otherwise.

    ``asked`` holds the conversations with their answers when the rule is in force.
    """
    before = [_readings(talk, answers) for talk, answers in asked]
    recognised = [recognise(message) for message in messages]
    lost = won = changed = 0
    with without(name):
        for (talk, answers), readings in zip(asked, before, strict=True):
            if _readings(talk, answers) == readings:
                continue
            changed += 1
            pairs = zip(talk.right(answers), talk.right(ask_all(talk)), strict=True)
            for was, now in pairs:
                lost, won = lost + (was and not now), won + (now and not was)
        otherwise = sum(
            recognise(message) != was for message, was in zip(messages, recognised, strict=True)
        )
    return {
        "rule": name,
        "conversations changed": changed,
        "turns lost": lost,
        "turns won": won,
        "messages read otherwise": otherwise,
    }


def _readings(talk: Talk, answers: Sequence[Answer]) -> list[object]:
    """What each message of a conversation is taken for, after the answers before it."""
    readings: list[object] = []
    history: list[Turn] = []
    for question, answer in zip(talk.questions, answers, strict=True):
        query = resolve(Query(question), history)
        readings.append((recognise(question), split_questions(question), query.text))
        if answer.citations or not answer.found:  # what the assistant keeps of a history
            history.append(Turn(question, answer))
    return readings
