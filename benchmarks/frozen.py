"""Conversations and messages that are kept in a folder of their own, and how they are judged.

The folder holds `documents.jsonl` (id, title, text), `dev.jsonl` (a conversation a line: "turns",
each with "q", "doc", "gold", "found", "follow_up" and "also") and `intents-dev.jsonl` ("text",
"intent"). A turn is right when it is answered from its document with a golden string quoted, or
refused where nothing answers; a turn whose "found" is null is not judged.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import Document
from qa.conversation.lexicon import tokenize
from qa.types import Answer

__all__ = ["FrozenTurn", "Message", "documents", "is_right", "messages", "shares", "talks"]

# What may be searched or not: it points at a document or an answer.
_EITHER = {"repeat", "about-this-document", "summarise-document"}


@dataclass(frozen=True, slots=True)
class FrozenTurn:
    """A question of a conversation; ``found`` is None for what is not judged."""

    question: str
    documents: frozenset[str]
    gold: tuple[str, ...]
    found: bool | None
    follow_up: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message, and whether it must be searched for; None where it may or may not."""

    text: str
    searched: bool | None


def documents(folder: Path) -> list[Document]:
    """The documents that the conversations are about."""
    return [
        Document(id=row["id"], text=row["text"], title=row["title"])
        for row in _rows(folder / "documents.jsonl")
    ]


def talks(folder: Path) -> list[tuple[FrozenTurn, ...]]:
    """The turns of each conversation."""
    return [tuple(map(_turn, row["turns"])) for row in _rows(folder / "dev.jsonl")]


def messages(folder: Path) -> list[Message]:
    """The messages that are or are not questions."""
    return [
        Message(
            row["text"], None if row["intent"] in _EITHER else row["intent"] == "other-question"
        )
        for row in _rows(folder / "intents-dev.jsonl")
    ]


def is_right(turn: FrozenTurn, answer: Answer) -> bool:
    """Whether a judged turn is answered, or refused, as it should be."""
    if not turn.found:
        return not answer.found
    quoted = " ".join([answer.short or "", *(cited.quote for cited in answer.citations)]).lower()
    right_document = any(cited.document_id in turn.documents for cited in answer.citations)
    if not turn.gold:
        return answer.found
    return answer.found and right_document and any(gold.lower() in quoted for gold in turn.gold)


def shares(asked: Iterable[tuple[FrozenTurn, Answer]]) -> dict[str, Any]:
    """The shares of turns that are right, by kind, and of stand-alone ones with words glued on."""
    judged = [(turn, answer) for turn, answer in asked if turn.found is not None]
    alone = [pair for pair in judged if not pair[0].follow_up]
    return {
        "turns": len(judged),
        "answered rightly": _right([pair for pair in judged if pair[0].found]),
        "follow-ups": _right([pair for pair in judged if pair[0].found and pair[0].follow_up]),
        "stand-alone": _right([pair for pair in alone if pair[0].found]),
        "refused rightly": _right([pair for pair in judged if not pair[0].found]),
        "glued": sum(_is_glued(*pair) for pair in alone) / max(1, len(alone)),
    }


def _right(pairs: Sequence[tuple[FrozenTurn, Answer]]) -> float | None:
    return sum(is_right(*pair) for pair in pairs) / len(pairs) if pairs else None


def _is_glued(turn: FrozenTurn, answer: Answer) -> bool:
    """Whether two words or more were added to a question that stands alone."""
    plain = {word.plain for word in tokenize(turn.question)}
    return len({word.plain for word in tokenize(answer.searched_for)} - plain) > 1


def _turn(row: dict[str, Any]) -> FrozenTurn:
    also = [other["doc"] if isinstance(other, dict) else other for other in row.get("also", ())]
    return FrozenTurn(
        row["q"],
        frozenset([row["doc"], *also]),
        tuple(row.get("gold") or ()),
        row["found"],
        row["follow_up"],
        row.get("type", ""),
    )


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
