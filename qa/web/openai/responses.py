"""Responses, the other protocol for the same."""

import secrets
import time
from collections.abc import AsyncIterator
from typing import Any

from index.errors import QAError
from qa.types import Answer
from qa.web.openai.chat import Count, event
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


class _Told:
    """The events of one response, numbered."""

    def __init__(self, model: str, question: str, count: Count) -> None:
        self._model, self._question, self._count = model, question, count
        self._id, self._message = f"resp_{secrets.token_hex(12)}", f"msg_{secrets.token_hex(12)}"
        self._place = {**_PLACE, "item_id": self._message}
        self._number = 0

    def event(self, kind: str, **values: Any) -> str:
        """One event."""
        self._number += 1
        return event({"type": kind, "sequence_number": self._number - 1, **values}, kind)

    def begun(self) -> str:
        """What comes before the text."""
        item = _item(self._message, "in_progress", None)
        return (
            self.event("response.created", response=_response(self._model, self._id, "in_progress"))
            + self.event("response.output_item.added", output_index=0, item=item)
            + self.event("response.content_part.added", **self._place, part=_part(""))
        )

    def said(self, text: str) -> str:
        """More of the text."""
        return self.event("response.output_text.delta", **self._place, delta=text, logprobs=[])

    def ended(self, text: str, answer: Answer | None) -> str:
        """What comes after it."""
        item = _item(self._message, "completed", text)
        whole = _response(self._model, self._id, "completed") | {"output": [item]}
        whole |= {"usage": _usage(self._question, text, self._count)}
        whole |= {"qa": answer.to_dict()} if answer else {}
        return (
            self.event("response.output_text.done", **self._place, text=text, logprobs=[])
            + self.event("response.content_part.done", **self._place, part=_part(text))
            + self.event("response.output_item.done", output_index=0, item=item)
            + self.event("response.completed", response=whole)
        )

    def failed(self, message: str) -> str:
        """That it cannot be completed."""
        error = {"code": "server_error", "message": message}
        response = _response(self._model, self._id, "failed") | {"error": error}
        return self.event("response.failed", response=response)


async def response_events(
    model: str, question: str, items: AsyncIterator[Wait | Piece | End], count: Count
) -> AsyncIterator[str]:
    """The response as it grows; it ends with ``response.completed`` or ``response.failed``."""
    told = _Told(model, question, count)
    yield told.begun()
    try:
        async for item in items:
            match item:
                case Wait(place):
                    yield f": in line, {place}\n\n"
                case Piece(text):
                    yield told.said(text)
                case End(answer, text):
                    yield told.ended(text, answer)
    except QAError as exc:
        yield told.failed(str(exc))
    except Exception:  # the stream must say that it failed; the defect is logged above
        yield told.failed("The answer broke off.")
        raise
