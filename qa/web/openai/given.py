"""What clients send. They send much more, such as a temperature, which is passed over."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field

from index.errors import QuestionError

__all__ = ["ChatRequest", "EmbeddingsRequest", "ResponsesRequest", "conversation"]

_TEXTS = frozenset({"text", "input_text", "output_text"})
_MOST_TEXTS = 2048  # that are embedded at once, as OpenAI has it
_QUERY = ("<user_query>", "</user_query>")  # of Open WebUI, where it adds passages of its own


class Part(BaseModel):
    """A part of a message; only texts are understood."""

    type: str
    text: str | None = None


class Message(BaseModel):
    """One message of a conversation."""

    role: str = "user"
    content: str | list[Part] | None = None


class _Limits(BaseModel):
    """Which documents are asked, as in POST /ask; a client sends it in ``extra_body``."""

    documents: list[str] | None = None
    where: dict[str, Any] | None = None
    since: str | None = None
    until: str | None = None

    @property
    def limits(self) -> dict[str, Any]:
        """The limits by the names that `qa.Assistant.ask` takes."""
        return {name: getattr(self, name) for name in ("documents", "where", "since", "until")}


class StreamOptions(BaseModel):
    """Whether the last chunk counts tokens."""

    include_usage: bool = False


class ChatRequest(_Limits):
    """POST /v1/chat/completions."""

    model: str
    messages: list[Message] = Field(min_length=1)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None


class ResponsesRequest(_Limits):
    """POST /v1/responses."""

    model: str
    input: str | list[Message]
    stream: bool = False


class EmbeddingsRequest(BaseModel):
    """POST /v1/embeddings; ``input_type`` is ``query``, or ``passage`` or ``document``."""

    model: str
    input: str | list[str] | list[int] | list[list[int]]
    encoding_format: Literal["float", "base64"] = "float"
    input_type: str | None = None
    dimensions: int | None = None

    @property
    def texts(self) -> list[str]:
        """The texts to embed; raises QuestionError for tokens, for none, and for too many."""
        texts = [self.input] if isinstance(self.input, str) else self.input
        if not texts or not all(isinstance(text, str) for text in texts):
            raise QuestionError(
                "The input is one or more texts, not numbers of tokens: send the texts (in "
                "LangChain with check_embedding_ctx_length=False)."
            )
        if len(texts) > _MOST_TEXTS:
            raise QuestionError(
                f"{len(texts):,} texts are too many at once: send at most {_MOST_TEXTS:,}."
            )
        return [str(text) for text in texts]


def conversation(messages: Sequence[Message]) -> tuple[str, list[dict[str, str]]]:
    """The last question of the user, and what was said before it as ``role`` and ``content``.

    What a system message says is passed over: the documents answer. Raises QuestionError where the
    user asks nothing, or something that is no text.
    """
    said = [{"role": one.role, "content": _text(one)} for one in messages]
    places = [place for place, one in enumerate(said) if one["role"] == "user"]
    if not places:
        raise QuestionError("No message has the role user: send the question as one.")
    before = [one for one in said[: places[-1]] if one["role"] in {"user", "assistant"}]
    return said[places[-1]]["content"], before


def _text(message: Message) -> str:
    content = message.content
    if not isinstance(content, list):
        text = content or ""
    else:
        others = [part.type for part in content if part.type not in _TEXTS]
        if others and message.role == "user":
            raise QuestionError(
                f"A part of the message is {others[0][:40]}: only documents that are indexed are "
                "read, so ask in text alone."
            )
        text = "\n".join(part.text or "" for part in content if part.type in _TEXTS)
    first, last = _QUERY
    if message.role == "user" and first in text and last in text:
        return text.rpartition(first)[2].partition(last)[0].strip()
    return text
