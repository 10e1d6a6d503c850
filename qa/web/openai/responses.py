"""Responses, the other protocol for the same."""

import secrets
import time
from collections.abc import AsyncIterator
from typing import Any

from index.errors import QAError
from qa.types import Answer
from qa.web.openai.chat import Count, event
from qa.web.openai.errors import error_of
from qa.web.openai.streams import End, Piece, Wait

__all__ = ["response", "response_events"]

_PLACE = {"output_index": 0, "content_index": 0}


def response(
    model: str, question: str, text: str, answer: Answer | None, count: Count
) -> dict[str, Any]:
    """A whole response; ``qa`` holds the answer as /ask gives it."""
    given = _response(model, f"resp_{secrets.token_hex(12)}", "completed")
    given["output"] = [_item(f"msg_{secrets.token_hex(12)}", "completed", text)]
    given["usage"] = _usage(question, text, count)
    return given if answer is None else given | {"qa": answer.to_dict()}


def _usage(question: str, text: str, count: Count) -> dict[str, Any]:
    asked, said = count(question), count(text)
    return {
        "input_tokens": asked,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": said,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": asked + said,
    }


def _response(model: str, id: str, status: str) -> dict[str, Any]:
    return {
        "id": id,
        "object": "response",
        "created_at": int(time.time()),
        "status": status,
        "model": model,
        "output": [],
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "parallel_tool_calls": False,
        "temperature": None,
        "tool_choice": "none",
        "tools": [],
        "top_p": None,
    }


def _part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": []}


def _item(id: str, status: str, text: str | None) -> dict[str, Any]:
    content = [] if text is None else [_part(text)]
    return {"id": id, "type": "message", "role": "assistant", "status": status, "content": content}


async def response_events(
    model: str, question: str, items: AsyncIterator[Wait | Piece | End], count: Count
) -> AsyncIterator[str]:
    """The response as it grows; it ends with ``response.completed`` or ``response.failed``."""
    id, message = f"resp_{secrets.token_hex(12)}", f"msg_{secrets.token_hex(12)}"
    place = {**_PLACE, "item_id": message}
    number = 0

    def told(kind: str, **values: Any) -> str:
        nonlocal number
        number += 1
        return event({"type": kind, "sequence_number": number - 1, **values}, kind)

    def failed(error: dict[str, Any]) -> str:
        said = {"code": error.get("code") or "server_error", "message": error["message"]}
        return told("response.failed", response=_response(model, id, "failed") | {"error": said})

    yield told("response.created", response=_response(model, id, "in_progress"))
    item = _item(message, "in_progress", None)
    yield told("response.output_item.added", output_index=0, item=item)
    yield told("response.content_part.added", **place, part=_part(""))
    try:
        async for one in items:
            match one:
                case Wait(waiting):
                    yield f": in line, {waiting}\n\n"
                case Piece(text):
                    yield told("response.output_text.delta", **place, delta=text, logprobs=[])
                case End(answer, text):
                    yield told("response.output_text.done", **place, text=text, logprobs=[])
                    yield told("response.content_part.done", **place, part=_part(text))
                    item = _item(message, "completed", text)
                    yield told("response.output_item.done", output_index=0, item=item)
                    whole = _response(model, id, "completed") | {"output": [item]}
                    whole |= {"usage": _usage(question, text, count)}
                    whole |= {"qa": answer.to_dict()} if answer else {}
                    yield told("response.completed", response=whole)
    except QAError as exc:
        yield failed(error_of(exc)[1]["error"])
    except Exception:
        yield failed({"message": "The answer broke off."})
        raise
