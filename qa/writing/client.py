"""A language model on a server that speaks OpenAI's protocol: llama.cpp, Ollama, vLLM and others.

The server is not believed: what it sends has limits of size and time, redirects are not followed,
and a stream counts only when it says that it is whole.
"""

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from index.errors import InputError
from qa.writing.failures import Failure, ModelFailedError
from qa.writing.watchdog import Watchdog

if TYPE_CHECKING:
    import httpx2

__all__ = ["KEY_VARIABLE", "LanguageModel", "Limits", "language_model"]

KEY_VARIABLE: Final = "QA_LLM_KEY"
_LONGEST_NAME = 200
_NAME = re.compile(r"[\w./:@+\- ]+")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a server may take, in seconds, and how much it may send.

    ``first`` is until the first token, ``between`` from one to the next; ``whole`` bounds all.
    ``tokens`` is asked of the server; ``characters`` bound the answer, ``bytes`` what carries it.
    """

    connect: float = 5.0
    first: float = 60.0
    between: float = 20.0
    whole: float = 90.0
    tokens: int = 500
    characters: int = 8_000
    bytes: int = 4_000_000


class LanguageModel:
    """A model by its name at a server's address, as ``http://127.0.0.1:8080/v1``. Thread-safe.

    ``key`` is sent as a bearer token; by default what the environment has as QA_LLM_KEY. It stands
    in no message and in no `repr`.
    """

    def __init__(
        self, url: str, name: str, *, key: str | None = None, limits: Limits | None = None
    ) -> None:
        """Raises InputError for an address, a name or a key that cannot be used."""
        self.url = _address(url)
        self.name = _checked_name(name)
        self.limits = limits or Limits()
        key = os.environ.get(KEY_VARIABLE, "") if key is None else key
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise InputError(f"The language model's key cannot be sent: set {KEY_VARIABLE} anew.")
        self._key = key

    def __repr__(self) -> str:
        return f"LanguageModel({self.url!r}, {self.name!r})"

    def write(self, messages: Sequence[dict[str, str]]) -> Iterator[str]:
        """What the model writes, piece by piece, as it comes.

        ``messages`` have a role and a content each. Raises ModelFailedError, also midway: then
        what came before is no whole answer.
        """
        import httpx2

        limits = self.limits
        with Watchdog(limits.whole, limits.first) as watchdog:
            try:
                yield from self._events(messages, watchdog)
            except httpx2.TimeoutException as exc:
                unconnected = isinstance(exc, httpx2.ConnectTimeout)
                failure = Failure.UNREACHABLE if unconnected else Failure.SLOW
                raise ModelFailedError(failure) from None
            except (httpx2.RequestError, httpx2.InvalidURL, OSError, UnicodeError) as exc:
                # No cause is kept: some of these tell the address, and what was sent.
                raise ModelFailedError(_lost(exc, watchdog)) from None

    def _events(self, messages: Sequence[dict[str, str]], watchdog: Watchdog) -> Iterator[str]:
        import httpx2

        limits = self.limits
        timeout = httpx2.Timeout(limits.first, connect=limits.connect)
        with (
            httpx2.Client(follow_redirects=False, trust_env=False, timeout=timeout) as client,
            client.stream(
                "POST",
                f"{self.url}/chat/completions",
                json={
                    "model": self.name,
                    "messages": list(messages),
                    "stream": True,
                    "temperature": 0,
                    "max_tokens": limits.tokens,
                },
                headers=self._headers(),
                extensions={"trace": watchdog.watch},
            ) as response,
        ):
            _check(response)
            yield from self._pieces(response, watchdog)

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        return headers | ({"Authorization": f"Bearer {self._key}"} if self._key else {})

    def _pieces(self, response: "httpx2.Response", watchdog: Watchdog) -> Iterator[str]:
        """The texts of a stream of events, until it says that it has ended."""
        ended = False
        characters = 0
        for data in _data(response, self.limits.bytes):
            if data == b"[DONE]":
                return
            piece, finished = _read(data)
            ended = ended or finished
            characters += len(piece)
            if characters > self.limits.characters:
                raise ModelFailedError(Failure.ENDLESS)
            watchdog.rest()  # what the reader does with it is not the server's time
            if piece:
                yield piece
            watchdog.expect(self.limits.between)
        if not ended:
            raise ModelFailedError(Failure.SLOW if watchdog.barked else Failure.CUT)


def language_model(
    url: str | None, name: str | None, seconds: int, *, key: str | None = None
) -> LanguageModel | None:
    """The language model of an operator's settings, None without an address.

    It may take so many ``seconds`` for an answer. Raises InputError where one of both is missing.
    """
    if not url and not name:
        return None
    if not url or not name:
        raise InputError(
            "A language model needs its address and its name: give --llm and --llm-model."
        )
    limits = Limits(first=seconds, whole=seconds)
    return LanguageModel(url, name, key=key, limits=limits)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isprintable() or parts.query or parts.fragment:
        raise InputError(
            "The language model's address is none: write it as in http://127.0.0.1:8080/v1."
        )
    if parts.username is not None or parts.password is not None:
        raise InputError(f"The language model's address holds a password: set {KEY_VARIABLE}.")
    path = parts.path.rstrip("/").removesuffix("/chat/completions")
    return f"{parts.scheme}://{parts.netloc}{path or '/v1'}"


def _checked_name(name: str) -> str:
    name = name.strip()
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise InputError("The language model needs a name: give the one that its server knows.")
    return name


def _lost(exc: Exception, watchdog: Watchdog) -> Failure:
    import httpx2

    if watchdog.barked:
        return Failure.SLOW
    if isinstance(exc, httpx2.DecodingError):
        return Failure.UNREADABLE
    return Failure.CUT if watchdog.heard else Failure.UNREACHABLE


def _check(response: "httpx2.Response") -> None:
    """Raise ModelFailedError unless a stream of events follows."""
    status = response.status_code
    if 300 <= status < 400:
        raise ModelFailedError(Failure.REDIRECTED, status)
    if status >= 400:
        raise ModelFailedError(Failure.REFUSED if status < 500 else Failure.FAILED, status)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoded = response.headers.get("content-encoding", "identity").lower() != "identity"
    if status != 200 or kind != "text/event-stream" or encoded:
        raise ModelFailedError(Failure.UNREADABLE, None if status == 200 else status)


def _data(response: "httpx2.Response", most: int) -> Iterator[bytes]:
    """The ``data`` of the events, one line each; at most so many bytes in all."""
    left, total = b"", 0
    for block in response.iter_raw():
        total += len(block)
        if total > most:
            raise ModelFailedError(Failure.ENDLESS)
        *lines, left = (left + block).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line.removeprefix(b"data:").strip()


def _read(data: bytes) -> tuple[str, bool]:
    """The text of an event, and whether the answer ends with it."""
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        raise ModelFailedError(Failure.UNREADABLE) from None
    match event:
        case {"error": error} if error:
            raise ModelFailedError(Failure.FAILED)
        case {"choices": []}:  # how much was used
            return "", False
        case {"choices": [{"delta": dict(delta), **choice}, *_]}:
            return _text(delta), _finished(choice.get("finish_reason"))
    raise ModelFailedError(Failure.UNREADABLE)


def _text(delta: dict[str, Any]) -> str:
    """The text of a delta. A model's thoughts have a name of their own, and are not read."""
    content = delta.get("content")
    if content is None:
        return ""
    if not isinstance(content, str):
        raise ModelFailedError(Failure.UNREADABLE)
    return content


def _finished(reason: Any) -> bool:
    if reason in {"content_filter", "tool_calls", "function_call"}:
        raise ModelFailedError(Failure.REFUSED)
    if reason == "length":
        raise ModelFailedError(Failure.CUT)
    return reason is not None
