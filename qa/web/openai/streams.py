"""An answer that grows, as pieces of text that are only ever added to."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.types import Answer
from qa.web.openai.written import Links, body, sources
from qa.web.workers import Waiting

if TYPE_CHECKING:
    from fastapi import Request

__all__ = ["End", "Piece", "Wait", "begun", "done", "last", "pieces"]

Answers = AsyncGenerator[Waiting | Answer]


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing yet: the place in line."""

    place: int


@dataclass(frozen=True, slots=True)
class Piece:
    """More of the text."""

    text: str


@dataclass(frozen=True, slots=True)
class End:
    """The whole answer, and its whole text."""

    answer: Answer | None
    text: str


async def done(text: str) -> AsyncIterator[Wait | Piece | End]:
    """A text that is there already, and no answer of documents."""
    yield Piece(text)
    yield End(None, text)


async def begun(answers: Answers) -> Answers:
    """The same answers, of which the first is there: what cannot be answered is raised now."""
    first = await anext(answers)

    async def rest() -> Answers:
        async with aclosing(answers):
            yield first
            async for answer in answers:
                yield answer

    return rest()


async def last(answers: Answers, request: "Request") -> Answer:
    """The whole answer; for who has left meanwhile, the work is given up."""
    from fastapi import HTTPException

    found: Answer | None = None
    async with aclosing(answers):
        async for answer in answers:
            if await request.is_disconnected():
                raise HTTPException(499, "The client has left.")
            found = found if isinstance(answer, Waiting) else answer
    if found is None:
        raise HTTPException(500, "There is no answer.")
    return found


async def pieces(
    answers: Answers, links: Links, *, settled_only: bool
) -> AsyncIterator[Wait | Piece | End]:
    """The text as it grows.

    With ``settled_only`` what is shown before a language model has written is left out: it does not
    stay.
    """
    sent, found = "", None
    async with aclosing(answers):
        async for answer in answers:
            if isinstance(answer, Waiting):
                yield Wait(answer.place)
                continue
            found = answer
            text = "" if settled_only and not _settled(answer) else body(answer)
            if len(text) > len(sent) and text.startswith(sent):
                yield Piece(text[len(sent) :])
                sent = text
    if found is None:
        return
    text = body(found)
    rest = text[len(sent) :] if text.startswith(sent) else f"\n\n---\n\n{text}"
    rest += sources(found, links)
    if rest:
        yield Piece(rest)
    yield End(found, sent + rest)


def _settled(answer: Answer) -> bool:
    """Whether what is shown of a written answer stays."""
    written = answer.written
    return written is not None and bool(written.shown or written.fallback)
