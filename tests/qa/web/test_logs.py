"""The log: JSON, a line each, without what anybody asked."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import Retriever
from qa.web.logs import Log, defects
from qa.web.metrics import Metrics
from qa.web.options import Options
from qa.web.service import Service
from tests.conftest import CHAT

pytest.importorskip("fastapi", reason=CHAT)
from fastapi.testclient import TestClient

from qa.web.http.app import create_api

ASKED = "¿Cuándo visitó Rubio México?"


@pytest.fixture(scope="module")
def retriever(seeds_index: Path) -> Iterator[Retriever]:
    with Retriever.open(seeds_index) as opened:
        yield opened


def entries(written: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in written.splitlines()]
    for entry in found:
        assert entry.pop("time").endswith("+00:00")
        assert entry.pop("milliseconds", 0) >= 0
    return found


def ask(retriever: Retriever, options: Options) -> TestClient:
    return TestClient(create_api(retriever, service=Service(options)), "http://localhost:7860")


def test_a_request_and_a_question_are_a_line_each(
    retriever: Retriever, capsys: pytest.CaptureFixture[str]
) -> None:
    """The path is without its query; no word of the question is anywhere."""
    client = ask(retriever, Options(log=True, token="t", per_minute=1))  # noqa: S106
    headers = {"authorization": "Bearer t"}
    client.get("/search", params={"q": ASKED}, headers=headers)
    client.get("/search", params={"q": ASKED}, headers=headers)
    client.get("/search", params={"q": ASKED})
    written = capsys.readouterr()
    assert written.out == ""
    assert "Rubio" not in written.err
    assert "Bearer" not in written.err
    request = {"event": "request", "method": "GET", "path": "/search"}
    assert entries(written.err) == [
        {"event": "question", "status": "answered", "user": "token"},
        {**request, "status": 200, "user": "token"},
        {"event": "question", "status": "too_many", "user": "token"},
        {**request, "status": 429, "user": "token"},
        {**request, "status": 401},
    ]


def test_the_questions_are_logged_where_that_is_asked_for(
    retriever: Retriever, capsys: pytest.CaptureFixture[str]
) -> None:
    """As one line, whatever is in them."""
    client = ask(retriever, Options(log=True, log_questions=True))
    for question in (ASKED, "x\r\n{}\x1b[2J\u202e\x9b31m"):
        client.get("/search", params={"q": question})
    written = capsys.readouterr().err
    assert written.isascii()
    assert written.replace("\n", "").isprintable()
    logged = [entry["question"] for entry in entries(written) if "question" in entry]
    assert logged == [ASKED, "x\r\n{}\x1b[2J\u202e\x9b31m"]


def test_a_question_that_cannot_be_asked_is_logged_as_such(
    retriever: Retriever, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not as a defect."""
    client = ask(retriever, Options(log=True))
    assert client.get("/ask", params={"q": "???"}).status_code == 422
    assert [entry["status"] for entry in entries(capsys.readouterr().err)] == [422]


def test_where_it_is_off_nothing_is_written(
    retriever: Retriever, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on a terminal."""
    ask(retriever, Options()).get("/search", params={"q": ASKED})
    assert capsys.readouterr().err == ""


def test_a_session_is_not_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    """With it one could listen to a conversation."""
    from qa.web.logs import Logged

    async def answer(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def nothing(*_: Any) -> None:
        pass

    logged = Logged(answer, Log(on=True), Metrics())
    for path in ("/gradio_api/heartbeat/abc123", "/assets/a.js", "/web/chat.js"):
        scope = {"type": "http", "method": "GET", "path": path}
        asyncio.run(logged(scope, nothing, nothing))  # type: ignore[arg-type]
    assert [entry["path"] for entry in entries(capsys.readouterr().err)] == [
        "/gradio_api/heartbeat/…"
    ]


def test_a_defect_is_logged_without_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Its kind, and where it was raised: its words may be somebody's question."""
    logger = logging.getLogger("uvicorn.error")
    logger.setLevel(logging.INFO)  # another server in this process may have silenced it
    with defects(Log(on=True)):
        try:
            dict[str, str]()[ASKED]
        except KeyError:
            logger.exception("Exception in ASGI application")
        logger.error("a sentence of the server")
    (entry,) = entries(capsys.readouterr().err)
    assert entry["error"] == "KeyError"
    assert "test_logs.py" in entry["where"][0]
    assert "Rubio" not in json.dumps(entry)
