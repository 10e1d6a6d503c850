"""What was published about Gradio, asked of our chat: harmless requests, and what is answered.

docs/security.md names these tests beside the advisories.
"""

import ast
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import Assistant, Retriever
from tests.conftest import CHAT, ROOT

pytest.importorskip("gradio", reason=CHAT)
from fastapi.testclient import TestClient

from qa.web.chat import create_app
from qa.web.options import Options
from qa.web.passwords import hashed
from qa.web.service import Service

OWN = "http://127.0.0.1:7860"
JOIN = "/gradio_api/queue/join"
QUESTION = "¿Cuándo visitó Rubio México?"
ELSEWHERE = "http://evil.example/x.png"
FILE = {"path": "README.md", "url": ELSEWHERE, "meta": {"_type": "gradio.FileData"}}


@pytest.fixture(scope="module")
def chat(seeds_index: Path) -> Iterator[TestClient]:
    """Our chat, as it is without configuration."""
    with (
        Retriever.open(seeds_index) as retriever,
        TestClient(
            create_app(retriever, Assistant(retriever)), OWN, raise_server_exceptions=False
        ) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def config(chat: TestClient) -> dict[str, Any]:
    """What the page is made of."""
    found: dict[str, Any] = chat.get("/config").json()
    return found


def is_closed(chat: TestClient, path: str, method: str = "GET", **sent: Any) -> bool:
    """Whether there is nothing at an address: no redirection, no file, one sentence."""
    response = chat.request(method, path, follow_redirects=False, **sent)
    body = {} if method == "HEAD" else response.json()
    assert "location" not in response.headers
    assert set(body) <= {"type", "title", "status", "detail", "error"}
    return response.status_code == 404


def asked(*data: Any, **more: Any) -> dict[str, Any]:
    return {"data": list(data), "fn_index": 0, "session_hash": "s", **more}


@pytest.mark.parametrize(
    "path",
    ["/gradio_api/file=README.md", "/file=README.md", "/gradio_api/file/README.md",
     "/gradio_api/file=%2FREADME.md", "/gradio_api/file=../README.md", "/static/README.md",
     "/static//README.md", "/static/img/%2E%2E/README.md", "/assets/%2E%2E/README.md",
     "/svelte/README.md", "/gradio_api/custom_component/1/client/component/README.md",
     "/gradio_api/custom_component/1/client/component/%2E%2E", "/gradio_api/deep_link",
     "/pwa_icon", "/robots.txt"],
)  # fmt: skip
def test_no_file_of_the_machine_is_given(chat: TestClient, path: str) -> None:
    """By no route for files, and by no way out of the folders that are served."""
    assert is_closed(chat, path)


@pytest.mark.parametrize("path", ["/assets/..", "/static/img/..", "/web/..", "/assets/..."])
def test_no_folder_is_given(chat: TestClient, path: str) -> None:
    """A name of dots stands for nothing."""
    # Written so that no client shortens it.
    response = chat.get(path.replace(".", "%2E"), follow_redirects=False)
    assert response.status_code in {403, 404}
    assert "qa" not in response.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("route", ["/gradio_api/file=", "/gradio_api/file/", "/gradio_api/proxy="])
def test_no_address_is_fetched_or_redirected_to(
    chat: TestClient, monkeypatch: pytest.MonkeyPatch, route: str, method: str
) -> None:
    """The server looks up no name, and sends nobody elsewhere."""
    looked_up = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *name, **_: looked_up.append(name))
    assert is_closed(chat, route + ELSEWHERE, method)
    assert is_closed(chat, route + ELSEWHERE.replace(":", "%3A").replace("/", "%2F"), method)
    assert looked_up == []


@pytest.mark.parametrize("more", [{}, {"event_data": FILE}, {"simple_format": True}])
@pytest.mark.parametrize("value", [FILE, [FILE], {"value": FILE}, [[FILE]], 7, True])
def test_no_file_or_address_is_taken_for_words(
    chat: TestClient, monkeypatch: pytest.MonkeyPatch, value: Any, more: dict[str, Any]
) -> None:
    """In place of the question, the conversation or the choice of documents."""
    looked_up = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *name, **_: looked_up.append(name))
    for data in (
        [value, None, None, []],
        [QUESTION, value, None, []],
        [QUESTION, None, None, value],
    ):
        response = chat.post(JOIN, json=asked(*data, **more))
        assert (response.status_code, list(response.json())) == (422, ["error", "detail"])
    assert looked_up == []


def test_the_page_has_no_part_that_takes_files(config: dict[str, Any]) -> None:
    """Nor one that parses dates, tables or JSON, records what was asked, or logs in elsewhere."""
    parts = {part["type"] for part in config["components"]}
    assert parts & {
        "annotatedimage", "audio", "code", "dataframe", "dataset", "datetime", "downloadbutton",
        "file", "fileexplorer", "gallery", "html", "image", "imageeditor", "json", "loginbutton",
        "model3d", "multimodaltextbox", "paramviewer", "uploadbutton", "video",
    } == set()  # fmt: skip
    written = (ROOT / "qa" / "web").rglob("*.py")
    called = {
        node.func.attr
        for path in written
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name) and node.func.value.id == "gr"
    }  # fmt: skip
    assert (
        called & {"load", "Interface", "ChatInterface", "HTML", "set_static_paths", "LoginButton"}
        == set()
    )
    assert "mount_gradio_app" in called


@pytest.mark.parametrize("choice", [["../README.md"], ["README.md"], [""], ["x" * 10_000]])
def test_a_choice_that_is_not_in_the_list(chat: TestClient, choice: list[str]) -> None:
    """Is no document: there is no answer, and nothing of the machine is told."""
    sent = asked(QUESTION, None, None, choice, session_hash=f"choice{len(choice[0])}")
    assert chat.post(JOIN, json=sent).status_code == 200
    told = chat.get("/gradio_api/queue/data", params={"session_hash": sent["session_hash"]}).text
    assert "septiembre de 2025" not in told
    assert "Traceback" not in told
    assert str(ROOT) not in told


@pytest.mark.parametrize(
    ("path", "method"),
    [("/gradio_api/component_server", "POST"), ("/gradio_api/component_server/", "POST"),
     ("/component_server", "POST"), ("/gradio_api/run/predict", "POST"),
     ("/gradio_api/api/predict", "POST"), ("/gradio_api/call/respond", "POST"),
     ("/gradio_api/call/v2/respond", "POST"), ("/gradio_api/call/respond/x", "GET"),
     ("/gradio_api/openapi.json", "GET"), ("/gradio_api/mcp", "POST"),
     ("/gradio_api/vibe-edit", "POST"), ("/gradio_api/vibe-code", "GET"),
     ("/gradio_api/dev/reload", "GET"), ("/gradio_api/startup-events", "GET")],
)  # fmt: skip
def test_no_function_can_be_called(chat: TestClient, path: str, method: str) -> None:
    """Of a component, of the page by name, or of Gradio's tools for developers."""
    assert is_closed(chat, path, method, **({"json": asked(QUESTION)} if method == "POST" else {}))


@pytest.mark.parametrize(
    ("path", "method"),
    [("/gradio_api/upload", "POST"), ("/upload", "POST"), ("/gradio_api/upload_progress", "GET"),
     ("/gradio_api/process_recording", "POST"), ("/gradio_api/stream/x", "POST"),
     ("/gradio_api/stream/x/close", "POST"), ("/gradio_api/stream/s/0/1/playlist.m3u8", "GET")],
)  # fmt: skip
def test_nothing_can_be_uploaded(chat: TestClient, path: str, method: str) -> None:
    """So nothing that was uploaded is shown, kept or parsed; and what is too long is refused."""
    sent: dict[str, Any] = {"files": {"files": ("a.svg", b"<svg/>")}} if method == "POST" else {}
    assert is_closed(chat, path, method, **sent)
    assert chat.post(JOIN, content=b"x" * 1_000_001).status_code == 413


@pytest.mark.parametrize("cookie", [{}, {"cookie": "access-token=x"}])
@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "evil.example"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "http://localhost:1"])
def test_pages_elsewhere_may_neither_ask_nor_read(
    chat: TestClient, origin: str, host: str, cookie: dict[str, str]
) -> None:
    """Whatever origin, name of the server and cookie they come with."""
    headers = {"origin": origin, "host": host, **cookie}
    for response in (
        chat.get("/config", headers=headers),
        chat.post(JOIN, json=asked(QUESTION, None, None, []), headers=headers),
        chat.options(JOIN, headers={**headers, "access-control-request-method": "POST"}),
    ):
        assert response.status_code == 403
        assert not [name for name in response.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", ["/", "/config"])
def test_the_page_keeps_to_its_own_address(chat: TestClient, path: str) -> None:
    """Headers that a proxy would set move no address of the page, for nobody."""
    forwarded = {
        "x-forwarded-host": "evil.example", "x-forwarded-proto": "https",
        "x-forwarded-prefix": "/evil.example", "x-forwarded-for": "192.0.2.1",
        "x-gradio-server": "http://evil.example", "forwarded": "host=evil.example",
    }  # fmt: skip
    for headers in (forwarded, {}):
        response = chat.get(path, headers=headers)
        assert response.status_code == 200
        assert "evil.example" not in response.text


@pytest.mark.parametrize(
    "path",
    ["/monitoring", "/monitoring/summary", "/monitoring/x", "/gradio_api/monitoring",
     "/gradio_api/profiling/traces", "/gradio_api/profiling/summary"],
)  # fmt: skip
def test_nobody_sees_how_it_is_used(chat: TestClient, path: str) -> None:
    """There is no page with what was asked, and so no key of it to guess."""
    assert is_closed(chat, path)


@pytest.mark.parametrize(
    ("path", "method"),
    [("/login", "POST"), ("/login", "GET"), ("/login/huggingface", "GET"), ("/logout", "GET"),
     ("/login/callback", "GET"), ("/gradio_api/login_check", "GET"), ("/gradio_api/token", "GET"),
     ("/gradio_api/user", "GET")],
)  # fmt: skip
def test_gradios_log_in_is_not_there(chat: TestClient, path: str, method: str) -> None:
    """Nor that of its hub, which needs a token of the operator's."""
    assert is_closed(chat, path, method)


def test_logging_in_leads_to_our_page_alone(seeds_index: Path, tmp_path: Path) -> None:
    """Our own log-in sends nobody elsewhere; the hub's routes are closed behind it as well."""
    file = tmp_path / "users.txt"
    file.write_text(f"ana:{hashed('clave de ana')}\n", encoding="utf-8")
    service = Service(Options(users=file))
    with Retriever.open(seeds_index) as retriever:
        app = create_app(retriever, Assistant(retriever), service=service)
        with TestClient(app, OWN, follow_redirects=False) as client:
            for then in (ELSEWHERE, "//evil.example/", "/\\evil.example", "javascript:x"):
                sent = {"name": "ana", "password": "clave de ana", "then": then}
                response = client.post("/login", data=sent, headers={"origin": OWN})
                assert (response.status_code, response.headers["location"]) == (303, "/")
            given = {"_target_url": ELSEWHERE, "code": "x", "state": "x"}
            assert is_closed(client, "/login/callback", params=given)
            assert is_closed(client, "/login/huggingface", params=given)


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost"])
@pytest.mark.parametrize(
    ("path", "method"),
    [("/gradio_api/runs", "GET"), ("/gradio_api/run-history/buckets", "GET"),
     ("/gradio_api/run-history/records", "GET"), ("/gradio_api/run-history/connect", "POST"),
     ("/gradio_api/run-history/records/a/b/assets/c", "GET")],
)  # fmt: skip
def test_nobody_uses_the_operators_token(
    chat: TestClient, config: dict[str, Any], path: str, method: str, host: str
) -> None:
    """The history of runs is off, its routes are closed, and no second server stands before it."""
    assert is_closed(chat, path, method, headers={"host": host})
    assert not config.get("run_history")
    assert not config.get("ssr_mode")


def test_nothing_is_shared_or_recorded(config: dict[str, Any], tmp_path: Path) -> None:
    """The page is mounted, never launched: no tunnel, no share link, no flagged answers."""
    assert not config.get("is_colab")
    assert not config.get("space_id")
    assert not list(ROOT.glob("*/flagged*"))
    calls = [path for path in (ROOT / "qa").rglob("*.py") if ".launch(" in path.read_text("utf-8")]
    assert calls == []
    assert list(tmp_path.iterdir()) == []


def test_nobody_reads_anothers_conversation(chat: TestClient) -> None:
    """What was told to one session is told to no other, and none takes it over."""
    sent = asked(QUESTION, None, None, [], "", "", session_hash="mine")
    event = chat.post(JOIN, json=sent).json()["event_id"]
    mine = chat.get("/gradio_api/queue/data", params={"session_hash": "mine"}).text
    assert "septiembre de 2025" in mine
    for session in ("other", event, "min", ""):
        asked_for = {"session_hash": session}
        assert "septiembre" not in chat.get("/gradio_api/queue/data", params=asked_for).text
    # Another's event cannot be stopped, nor its conversation be taken over.
    stopped = {"session_hash": "other", "fn_index": 0, "event_id": event}
    assert chat.post("/gradio_api/cancel", json=stopped).json() == {"success": True}
    # The page sends its conversation itself: without it nothing is known of an earlier question.
    follow_up = asked("¿Y por qué?", None, None, [], "", "", session_hash="mine")
    chat.post(JOIN, json=follow_up)
    told = chat.get("/gradio_api/queue/data", params={"session_hash": "mine"}).text
    assert "Entendido como" not in told


# The table


def test_every_advisory_has_its_test() -> None:
    """Each row of docs/security.md names tests that there are, and no test is missing there."""
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| (CVE|GHSA|none)", line)]
    named = {name for row in rows for name in re.findall(r"`(test_\w+)`", row)}
    assert all(re.search(r"`test_\w+`", row) for row in rows)
    here = [Path(__file__), Path(__file__).with_name("test_words.py")]
    written = [
        name
        for path in here
        for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.M)
    ]
    assert named <= set(written)
    own = {
        name for name, value in globals().items() if name.startswith("test_") and callable(value)
    }
    assert own - named == {"test_every_advisory_has_its_test"}
    ids = re.findall(r"CVE-\d{4}-\d+|GHSA(?:-\w{4}){3}", " ".join(rows))
    assert len(ids) == len(set(ids)) > 60
    pinned = re.search(r"^gradio==(\S+)", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    assert pinned
    assert f"Gradio {pinned[1]}" in text
