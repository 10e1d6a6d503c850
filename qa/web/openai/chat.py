"""Chat completions, as objects and as chunks."""

import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from index.errors import QAError
from qa.types import Answer
from qa.web.openai.errors import error_of
from qa.web.openai.streams import End, Piece, Wait

__all__ = ["chunks", "completion", "event"]

Count = Callable[[str], int]
_DONE = "data: [DONE]\n\n"


def event(value: dict[str, Any], name: str | None = None) -> str:
    """A server-sent event."""
    named = f"event: {name}\n" if name else ""
    return f"{named}data: {json.dumps(value, ensure_ascii=False)}\n\n"


def _new(kind: str, model: str) -> dict[str, Any]:
    id = f"chatcmpl-{secrets.token_hex(12)}"
    return {"id": id, "object": kind, "created": int(time.time()), "model": model}


def usage(question: str, text: str, count: Count) -> dict[str, int]:
    """How many tokens of our own model went in and out."""
    asked, said = count(question), count(text)
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


def completion(
    model: str, question: str, text: str, answer: Answer | None, count: Count
) -> dict[str, Any]:
    """A whole completion; ``qa`` holds the answer as /ask gives it."""
    message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    given = _new("chat.completion", model) | {"choices": [choice]}
    given["usage"] = usage(question, text, count)
    return given if answer is None else given | {"qa": answer.to_dict()}


async def chunks(
    model: str,
    question: str,
    items: AsyncIterator[Wait | Piece | End],
    count: Count,
    *,
    with_usage: bool,
) -> AsyncIterator[str]:
    """The completion as it grows; the last chunk has ``qa``, the answer as /ask gives it.

    Where it cannot be completed, the stream ends with an error in place of ``[DONE]``: the client
    takes a stream that only ends for a whole one.
    """
    base = _new("chat.completion.chunk", model)

    def chunk(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return base | {"choices": [choice]}

    yield event(chunk({"role": "assistant", "content": ""}))
    try:
        async for item in items:
            match item:
                case Wait(place):
                    yield f": in line, {place}\n\n"
                case Piece(text):
                    yield event(chunk({"content": text}))
                case End(answer, text):
                    told = {"qa": answer.to_dict()} if answer else {}
                    yield event(chunk({}, "stop") | told)
                    if with_usage:
                        spent = usage(question, text, count)
                        yield event(base | {"choices": [], "usage": spent})
                    yield _DONE
    except QAError as exc:
        yield event(error_of(exc)[1])
    except Exception:  # the stream must say that it failed; the defect is logged above
        yield event({"error": {"message": "The answer broke off.", "type": "server_error"}})
        raise
