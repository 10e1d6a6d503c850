"""The client of a language model, against servers that do what servers do."""

import json
import socket
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from index.errors import InputError
from qa.writing import LanguageModel, Limits
from qa.writing.client import language_model
from qa.writing.failures import Failure, ModelFailedError
from tests.qa.writing.servers import Handler, Script, event, says, serving, streams

ASKED = [{"role": "user", "content": "¿Cuándo abrió?"}]
SECRET = "sk-muy-secreta-0123"  # noqa: S105  # of a test
SHORT = Limits(first=0.5, between=0.5, characters=400, bytes=20_000)
LONG = Limits(connect=60, first=60, between=60, whole=300, characters=400, bytes=20_000)
DONE = "data: [DONE]\n\n"


def asked(url: str, limits: Limits = LONG) -> LanguageModel:
    return LanguageModel(url, "un-modelo", key=SECRET, limits=limits)


def test_the_pieces_come_as_they_are_sent() -> None:
    """The request is that of the protocol; the key goes in its header, and nowhere else."""
    with serving(says("El faro abrió en 1987 [1].")) as server:
        model = asked(server.url)
        pieces = list(model.write(ASKED))
    assert len(pieces) > 1
    assert "".join(pieces) == "El faro abrió en 1987 [1]."
    (body,), (headers,), (path,) = server.bodies, server.headers, server.paths
    assert path == "/v1/chat/completions"
    assert body["messages"] == ASKED
    assert body["model"] == "un-modelo"
    assert body["stream"] is True
    assert "tools" not in body
    assert headers["authorization"] == f"Bearer {SECRET}"
    assert SECRET not in repr(model) + json.dumps(body)


def test_without_a_key_none_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's key is taken where none is given."""
    with serving(says("Sí.")) as server:
        list(LanguageModel(server.url, "m").write(ASKED))
        monkeypatch.setenv("QA_LLM_KEY", SECRET)
        list(LanguageModel(server.url, "m").write(ASKED))
    assert "authorization" not in server.headers[0]
    assert server.headers[1]["authorization"] == f"Bearer {SECRET}"


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Document text goes to the server named, and to no other."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(says("Sí.")) as server:
        assert "".join(asked(server.url).write(ASKED)) == "Sí."


def _sends(*parts: str, kind: str = "text/event-stream") -> Script:
    def script(handler: Handler, _: Any) -> None:
        handler.start(kind=kind)
        for part in parts:
            handler.put(part)

    return script


def _status(status: int) -> Script:
    def script(handler: Handler, _: Any) -> None:
        handler.start(status, "application/json")
        handler.put(json.dumps({"error": {"message": f"no {SECRET}"}}))

    return script


def _silent(handler: Handler, _: Any) -> None:
    handler.wait()


def _silent_after_headers(handler: Handler, _: Any) -> None:
    handler.start()
    handler.wait()


def _dripping_headers(handler: Handler, _: Any) -> None:
    handler.put("HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.left.wait(0.05):
        handler.put("x")


def _dripping_comments(handler: Handler, _: Any) -> None:
    handler.start()
    while not handler.left.wait(0.05):
        handler.put(": still there\n\n")


def _stalling(handler: Handler, _: Any) -> None:
    handler.start()
    handler.put(event("El faro abrió "))
    handler.wait()


def _dying(handler: Handler, _: Any) -> None:
    handler.start(Content_Length="100000")
    handler.put(event("El faro abrió "))


def _dead_at_once(handler: Handler, _: Any) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def _endless_tokens(handler: Handler, _: Any) -> None:
    handler.start()
    while not handler.left.is_set():
        handler.put(event("bla bla "))


def _endless_line(handler: Handler, _: Any) -> None:
    handler.start()
    handler.put("data: ")
    while not handler.left.is_set():
        handler.put("x" * 1000)


def _packed(handler: Handler, _: Any) -> None:
    handler.start(Content_Encoding="gzip")
    handler.put(event("Sí.", "stop"))


BAD: dict[str, tuple[Script, Failure]] = {
    "says nothing": (_silent, Failure.SLOW),
    "sends headers alone": (_silent_after_headers, Failure.SLOW),
    "drips headers": (_dripping_headers, Failure.SLOW),
    "drips comments": (_dripping_comments, Failure.SLOW),
    "stalls midway": (_stalling, Failure.SLOW),
    "dies midway": (_dying, Failure.CUT),
    "dies at once": (_dead_at_once, Failure.UNREACHABLE),
    "ends without saying so": (lambda h, _: streams(h, "Sí.", whole=False), Failure.CUT),
    "says nothing and ends": (_sends(), Failure.CUT),
    "has no room left": (_sends(event("El faro", "length"), DONE), Failure.CUT),
    "fails": (_status(500), Failure.FAILED),
    "is full": (_status(503), Failure.FAILED),
    "knows no such key": (_status(401), Failure.REFUSED),
    "knows no such model": (_status(404), Failure.REFUSED),
    "is asked too often": (_status(429), Failure.REFUSED),
    "filters": (_sends(event("", "content_filter"), DONE), Failure.REFUSED),
    "calls tools": (_sends(event("", "tool_calls"), DONE), Failure.REFUSED),
    "tells an error midway": (
        _sends(event("El"), 'data: {"error": {"message": "out of memory"}}\n\n'),
        Failure.FAILED,
    ),
    "tells an error with status 200": (_status(200), Failure.UNREADABLE),
    "is a web page": (_sends("<html><p>Hola", kind="text/html"), Failure.UNREADABLE),
    "sends no JSON": (_sends("data: hola\n\n", DONE), Failure.UNREADABLE),
    "sends other JSON": (_sends('data: ["hola"]\n\n', DONE), Failure.UNREADABLE),
    "sends deep JSON": (_sends(f"data: {'[' * 9000}\n\n"), Failure.UNREADABLE),
    "sends numbers": (
        _sends('data: {"choices": [{"delta": {"content": 7}}]}\n\n', DONE),
        Failure.UNREADABLE,
    ),
    "packs its answer": (_packed, Failure.UNREADABLE),
    "never ends": (_endless_tokens, Failure.ENDLESS),
    "never ends a line": (_endless_line, Failure.ENDLESS),
}


@pytest.mark.parametrize(("script", "failure"), BAD.values(), ids=BAD)
def test_a_server_that(script: Script, failure: Failure) -> None:
    """Whatever a server does is one of a few failures, which tells nothing secret."""
    limits = SHORT if failure is Failure.SLOW else LONG
    with serving(script) as server, pytest.raises(ModelFailedError) as raised:
        list(asked(server.url, limits).write(ASKED))
    assert raised.value.failure is failure
    told = f"{raised.value!r} {raised.value}"
    assert SECRET not in told
    assert raised.value.__cause__ is None


def test_a_piece_does_not_wait_for_the_next() -> None:
    """What a server has sent is there before it sends more."""
    with serving(_stalling) as server:
        pieces = asked(server.url, Limits(connect=60, first=60, between=0.5)).write(ASKED)
        assert next(pieces) == "El faro abrió "
        with pytest.raises(ModelFailedError):
            next(pieces)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    """Neither the passages nor the key go where nobody sent them."""
    with serving(says("Sí.")) as other:

        def script(handler: Handler, _: Any) -> None:
            handler.start(status, Location=f"{other.url}/chat/completions")

        with serving(script) as server, pytest.raises(ModelFailedError) as raised:
            list(asked(server.url).write(ASKED))
    assert raised.value.failure is Failure.REDIRECTED
    assert not other.bodies


def test_nobody_listens() -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(ModelFailedError) as raised:
            list(asked(url).write(ASKED))
    assert raised.value.failure is Failure.UNREACHABLE


@pytest.mark.parametrize(
    "parts",
    [
        (event("Sí."), event(finish="stop")),  # without [DONE]
        (event("Sí."), DONE),  # without a finish_reason
        (": ping\r\n\r\n", "event: x\n", event("Sí.", "eos"), 'data: {"choices": []}\n\n', DONE),
        (event(None, reasoning="no"), event("Sí.", "stop"), DONE),
    ],
)
def test_servers_that_differ(parts: tuple[str, ...]) -> None:
    """What servers do differently, and is whole all the same."""
    with serving(_sends(*parts)) as server:
        assert "".join(asked(server.url).write(ASKED)) == "Sí."


def test_who_leaves_ends_the_request() -> None:
    """The connection is closed when nobody reads on."""
    closed: list[bool] = []

    def script(handler: Handler, body: Any) -> None:
        try:
            _endless_tokens(handler, body)
        except OSError:
            closed.append(True)
            raise

    many = Limits(characters=10**9, bytes=10**9)
    with serving(script) as server:
        pieces = asked(server.url, many).write(ASKED)
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]  # a generator
        for _ in range(600):
            if not closed:
                time.sleep(0.05)
    assert closed


@pytest.mark.parametrize(
    "url",
    ["", "faro", "ftp://faro/v1", "file:///etc/passwd", "http://", "http://a:b@faro/v1",
     "http://faro/v1?key=1", "http://faro:99999/v1", "http://fa\nro/"],
)  # fmt: skip
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(InputError):
        LanguageModel(url, "m")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1"),
        ("https://faro.example/api/v1/", "https://faro.example/api/v1"),
        ("http://[::1]:11434/v1/chat/completions", "http://[::1]:11434/v1"),
    ],
)
def test_an_address(given: str, kept: str) -> None:
    assert LanguageModel(given, "m").url == kept


@pytest.mark.parametrize(
    "made",
    [
        lambda: LanguageModel("http://faro", ""),
        lambda: LanguageModel("http://faro", "a\nb"),
        lambda: LanguageModel("http://faro", "m", key="a\nb"),
        lambda: LanguageModel("http://faro", "m", key="año"),
        lambda: language_model("http://faro", None, 9),
        lambda: language_model(None, "m", 9),
    ],
)
def test_what_cannot_be_used(made: Callable[[], Any]) -> None:
    """One sentence, which does not repeat a key."""
    with pytest.raises(InputError) as raised:
        made()
    assert "año" not in str(raised.value)


def test_no_address_is_no_model() -> None:
    assert language_model("", "", 9) is None
