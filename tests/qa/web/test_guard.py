"""What the local servers answer to their own page, to another origin and to another host."""

import http.client
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.errors import InputError
from qa import Assistant, Retriever, Turn
from qa.web.guard import allowed_hosts, allowed_origins
from qa.web.records import record_of
from qa.web.source import key_of, link_to
from tests.qa.web.processes import served

pytest.importorskip("gradio", reason="the chat needs the extra [chat]")
from fastapi.testclient import TestClient
from starlette.routing import Mount
from starlette.websockets import WebSocketDisconnect

from qa.web.chat import create_app
from qa.web.http.app import create_api
from qa.web.own_files import file_address

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OWN = "http://127.0.0.1:7860"
QUESTION = "¿Cuándo visitó Rubio México?"
JOIN = "/gradio_api/queue/join"
ASKED = {"data": [QUESTION, None, None, [], "", ""], "fn_index": 0, "session_hash": "s"}
SAVED = {"format": "md", "language": "es", "conversation": "{conversation}"}
SEED = next((ROOT / "seeds").iterdir()).name
# The rows of the README's table: server, method, address, and what is sent.
ROWS: dict[str, tuple[str, str, str, Any]] = {
    "chat: the page": ("chat", "GET", "/", None),
    "chat: its files": ("chat", "GET", file_address("", "chat.js"), None),
    "chat: what it is made of": ("chat", "GET", "/config", None),
    "chat: a question": ("chat", "POST", JOIN, ASKED),
    "chat: the source of a citation": ("chat", "GET", "/source?link={link}", None),
    "chat: a conversation as a file": ("chat", "POST", "/export", SAVED),
    "chat: the list of documents": ("chat", "GET", "/documents/list", None),
    "chat: a document to read": ("chat", "GET", f"/documents/text?id={SEED}", None),
    "chat: any other part of a document": ("chat", "GET", "/source?link=%23cite-eA.0.9.h", None),
    "chat: a file to be taken": ("chat", "POST", "/gradio_api/upload", {}),
    "chat: a file to be given": ("chat", "GET", "/gradio_api/file=README.md", None),
    "chat: any other address": ("chat", "GET", "/openapi.json", None),
    "serve: `/search`": ("serve", "GET", f"/search?q={QUESTION}", None),
    "serve: `/ask`": ("serve", "GET", f"/ask?q={QUESTION}", None),
    "serve: `/openapi.json`": ("serve", "GET", "/openapi.json", None),
}
EVIL = "http://evil.example"


@pytest.fixture(scope="module")
def retriever(seeds_index: Path) -> Iterator[Retriever]:
    with Retriever.open(seeds_index) as opened:
        yield opened


@pytest.fixture(scope="module")
def servers(retriever: Retriever) -> Iterator[dict[str, TestClient]]:
    """Both, as they are without configuration."""
    chat = create_app(retriever, Assistant(retriever))
    with TestClient(chat, OWN) as one, TestClient(create_api(retriever), OWN) as other:
        yield {"chat": one, "serve": other}


@pytest.fixture(scope="module")
def conversation(retriever: Retriever) -> str:
    """A question and its record, as the page sends them."""
    turn = Turn(QUESTION, Assistant(retriever).ask(QUESTION))
    return json.dumps([[QUESTION, record_of(turn, key_of(retriever.index.folder))]])


@pytest.fixture(scope="module")
def link(retriever: Retriever) -> str:
    """A citation's, as it stands in an address."""
    (hit,) = retriever.search(QUESTION, 1)
    return link_to(hit.citation, key_of(retriever.index.folder)).replace("#", "%23")


def table() -> dict[str, list[int]]:
    """The README's: what is asked for, and the status for own page, other origin, other host."""
    rows = re.findall(r"^\| ((?:chat|serve): .+?) \| (\d+) \| (\d+) \| (\d+) \|$", README, re.M)
    return {name: [int(status) for status in statuses] for name, *statuses in rows}


def test_every_row_of_the_readme_is_tested() -> None:
    """And none is tested that is not there."""
    assert table().keys() == ROWS.keys()


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_readme(
    row: str, servers: dict[str, TestClient], link: str, conversation: str
) -> None:
    """Own page, other origin, other host; nobody is allowed to read from elsewhere."""
    server, method, address, sent = ROWS[row]
    own = {"origin": OWN, "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}
    callers = {
        "own page": own,
        "other origin": own | {"origin": EVIL, "sec-fetch-site": "cross-site"},
        # The browser takes the name for the page's own: all else is as from the own page.
        "other host": own | {"origin": f"{EVIL}:7860", "host": "evil.example:7860"},
    }
    seen = []
    if sent is SAVED:
        sent = SAVED | {"conversation": conversation}
    for headers in callers.values():
        response = servers[server].request(
            method, address.format(link=link), json=sent, headers=headers
        )
        seen.append(response.status_code)
        assert not [name for name in response.headers if name.startswith("access-control")]
        if response.status_code == 403:
            assert response.json()["error"]
            assert "Rubio" not in response.text
    assert seen == table()[row]


# Hosts


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]", "[::1]:7860", "127.0.0.1:65535"]
)
@pytest.mark.parametrize("server", ["chat", "serve"])
def test_loopback_names_are_its_own(servers: dict[str, TestClient], server: str, host: str) -> None:
    """In any case, with any port."""
    assert servers[server].get("/", headers={"host": host}).status_code != 403


@pytest.mark.parametrize(
    ("host", "status"),
    [("evil.example", 403), ("localhost.evil.example", 403), ("127.0.0.1.evil.example", 403),
     ("evil.example:80", 403), ("0.0.0.1", 403), ("192.0.2.7", 403), ("[::2]", 403),
     ("", 400), ("localhost:", 400), ("localhost:x", 400), ("a b", 400), ("localhost/", 400),
     ("user@localhost", 400), ("[::1", 400), ("localhost,evil.example", 400), ("é", 400),
     ("localhost:123456", 400)],
)  # fmt: skip
@pytest.mark.parametrize("server", ["chat", "serve"])
def test_any_other_host_is_refused(
    servers: dict[str, TestClient], server: str, host: str, status: int
) -> None:
    """In one sentence, which says what to do; a malformed one is a bad request."""
    response = servers[server].get("/", headers=[(b"host", host.encode())])
    assert response.status_code == status
    assert ("QA_ALLOWED_HOSTS" in response.json()["error"]) == (status == 403)
    assert response.headers["cache-control"] == "no-store"


def test_two_hosts_are_none(servers: dict[str, TestClient]) -> None:
    """Whichever of them another reader of the request would take."""
    both = [("host", "localhost"), ("host", "evil.example")]
    assert servers["chat"].get("/", headers=both).status_code == 400


@pytest.mark.parametrize("server", ["chat", "serve"])
@pytest.mark.parametrize(
    "headers", [{"host": "evil.example"}, {"origin": EVIL}, {}], ids=["host", "origin", "own"]
)
def test_there_is_no_websocket(
    servers: dict[str, TestClient], server: str, headers: dict[str, str]
) -> None:
    """For anybody: the page has none."""
    with (
        pytest.raises(WebSocketDisconnect),
        servers[server].websocket_connect("/gradio_api/queue/join", headers=headers),
    ):
        pass


def test_the_names_of_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback's and the one that is bound; a server for all addresses has the machine's."""
    monkeypatch.setattr(socket, "gethostname", lambda: "Casa")
    loopback = {"localhost", "127.0.0.1", "[::1]"}
    assert allowed_hosts("127.0.0.1") == loopback
    assert allowed_hosts("MyServer") == loopback | {"myserver"}
    assert allowed_hosts("fe80::1") == loopback | {"[fe80::1]"}
    for everywhere in ("0.0.0.0", "::"):  # noqa: S104
        assert allowed_hosts(everywhere) == loopback | {"casa", "casa.local"}
    monkeypatch.setenv("QA_ALLOWED_HOSTS", " qa.example.org, 10.1.2.3:80,FE80::2 ,")
    configured = {"qa.example.org", "10.1.2.3", "[fe80::2]"}
    assert allowed_hosts("127.0.0.1") == loopback | configured
    monkeypatch.setenv("SPACE_HOST", "ana-qa.hf.space")
    assert allowed_hosts("127.0.0.1") == loopback | configured | {"ana-qa.hf.space"}


def test_the_address_that_a_request_came_in_by_is_its_own(retriever: Retriever) -> None:
    """So that a server for all addresses is found by each of them, and by no other."""
    api = create_api(retriever, "0.0.0.0")  # noqa: S104
    for address in ("192.0.2.7", "[2001:db8::7]"):
        client = TestClient(api, f"http://{address}:7860")
        assert client.get("/ask", params={"q": "hola"}).status_code == 200
        assert client.get("/ask", headers={"host": "192.0.2.8"}).status_code == 403


@pytest.mark.parametrize(
    ("variable", "value"),
    [("QA_ALLOWED_HOSTS", "https://qa.example.org"), ("QA_ALLOWED_HOSTS", "a b"),
     ("QA_ALLOWED_HOSTS", "*"), ("QA_ALLOWED_ORIGINS", "qa.example.org"),
     ("QA_ALLOWED_ORIGINS", "https://qa.example.org/"), ("QA_ALLOWED_ORIGINS", "*")],
)  # fmt: skip
def test_what_is_no_name_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """At the start, and not when the first request comes."""
    monkeypatch.setenv(variable, f"localhost,{value}" if "HOSTS" in variable else value)
    with pytest.raises(InputError, match=f"^{variable} has '{re.escape(value)}': name .*[.]$"):
        allowed_hosts("127.0.0.1"), allowed_origins()


# Origins


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [("localhost:7860", "http://localhost:7860", 200), ("localhost", "http://localhost:80", 200),
     ("localhost:7860", "http://localhost:3000", 403), ("localhost:7860", "null", 403),
     ("localhost:7860", "http://127.0.0.1:7860", 403), ("localhost:7860", "", 403),
     ("localhost:7860", "file://", 403),
     ("localhost:7860", "http://localhost:7860.evil.example", 403),
     ("localhost:7860", "http://evil.example/localhost:7860", 403)],
)  # fmt: skip
def test_an_origin_is_a_name_with_its_port(
    servers: dict[str, TestClient], host: str, origin: str, status: int
) -> None:
    """Another program on the same machine is another origin."""
    headers = {"host": host, "origin": origin}
    assert servers["chat"].get("/config", headers=headers).status_code == status


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_cannot_even_ask(servers: dict[str, TestClient], site: str) -> None:
    """As for a picture or a script, where browsers name no origin; but a link leads here."""
    for mode, status in (("no-cors", 403), ("navigate", 200)):
        headers = {"sec-fetch-site": site, "sec-fetch-mode": mode}
        assert servers["chat"].get("/", headers=headers).status_code == status
        response = servers["serve"].get("/ask", params={"q": QUESTION}, headers=headers)
        assert response.status_code == status
    visit = {"sec-fetch-site": site, "sec-fetch-mode": "navigate"}
    assert servers["chat"].post(JOIN, json=ASKED, headers=visit).status_code == 403


def test_configured_origins_may_ask_and_read(
    monkeypatch: pytest.MonkeyPatch, retriever: Retriever
) -> None:
    """Only those, and without credentials."""
    monkeypatch.setenv("QA_ALLOWED_ORIGINS", "https://www.example.org")
    client = TestClient(create_api(retriever), OWN)
    asked = {"origin": "https://www.example.org", "sec-fetch-site": "cross-site"}
    response = client.get("/ask", params={"q": QUESTION}, headers=asked)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "https://www.example.org"
    assert "access-control-allow-credentials" not in response.headers
    refused = client.get("/ask", params={"q": QUESTION}, headers={"origin": EVIL})
    assert refused.status_code == 403
    assert "access-control-allow-origin" not in refused.headers


# Routes and messages


def methods_and_paths(routes: list[Any]) -> Iterator[tuple[str, str]]:
    """Of every route, also of those within routers, with something in the place of parameters."""
    for route in routes:
        within = getattr(route, "original_router", None)
        yield from methods_and_paths(within.routes if within else [])
        for method in getattr(route, "methods", None) or ():
            yield method, re.sub(r"\{.*?\}", "x", route.path)


def test_what_the_page_does_not_need_is_not_there(retriever: Retriever) -> None:
    """Of all that Gradio offers, and of what a later Gradio will: an allow-list."""
    app = create_app(retriever, Assistant(retriever))
    (gradio,) = (route.app for route in app.routes if isinstance(route, Mount))
    offered = set(methods_and_paths(gradio.routes))  # type: ignore[attr-defined]
    assert ("POST", "/gradio_api/upload") in offered
    # Those that wait for the browser.
    offered -= {("GET", "/gradio_api/heartbeat/x"), ("GET", "/gradio_api/queue/data")}
    with TestClient(app, OWN) as client:
        found = {
            f"{method} {path}"
            for method, path in offered
            if client.request(method, path).status_code != 404
        }
    assert found == {
        "GET /", "HEAD /", "GET /config", "GET /favicon.ico", "GET /manifest.json",
        "GET /theme.css", "GET /gradio_api/info", "GET /gradio_api/app_id",
        "POST /gradio_api/queue/join", "POST /gradio_api/cancel", "POST /gradio_api/reset",
    }  # fmt: skip


def test_no_call_is_advertised(servers: dict[str, TestClient]) -> None:
    """Neither in the page nor at the address that it asks for them."""
    assert servers["chat"].get("/gradio_api/info").json() == {
        "named_endpoints": {},
        "unnamed_endpoints": {},
    }
    config = servers["chat"].get("/config").json()
    assert {event["api_visibility"] for event in config["dependencies"]} == {"private"}
    assert "gradio_api_info" not in servers["chat"].get("/").text


FILE = {"path": f"{EVIL}/x.png", "url": f"{EVIL}/x.png", "meta": {"_type": "gradio.FileData"}}


@pytest.mark.parametrize(
    "sent",
    [{**ASKED, "data": [FILE, None, None, []]},
     {**ASKED, "data": [QUESTION, [{"role": "user", "content": FILE}], None, []]},
     {**ASKED, "data": [QUESTION, None, None, [FILE]]}, {**ASKED, "data": {"0": QUESTION}},
     {**ASKED, "data": [7]}, {**ASKED, "fn_index": "respond"}, {"data": [QUESTION]}, [], "x", None],
)  # fmt: skip
def test_only_words_are_taken_from_a_browser(
    servers: dict[str, TestClient], monkeypatch: pytest.MonkeyPatch, sent: Any
) -> None:
    """A file, a message or anything else in their place is refused, and looked up by nobody."""
    looked_up = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **_: looked_up.append(asked))
    response = servers["chat"].post(JOIN, json=sent)
    assert (response.status_code, list(response.json())) == (422, ["error", "detail"])
    assert looked_up == []


@pytest.mark.parametrize("event", [99, -1, 2**70])
def test_an_event_that_the_page_has_not_is_refused(
    servers: dict[str, TestClient], event: int
) -> None:
    """In one sentence; those that it has are taken."""
    chat = servers["chat"]
    response = chat.post(JOIN, json={**ASKED, "fn_index": event})
    assert (response.status_code, list(response.json())) == (422, ["error", "detail"])
    for known_event in chat.get("/config").json()["dependencies"]:
        sent = {**ASKED, "fn_index": known_event["id"], "session_hash": "events"}
        assert chat.post(JOIN, json=sent).status_code == 200


def test_a_message_without_end_is_refused(servers: dict[str, TestClient]) -> None:
    """Before all of it is read."""
    sent = {**ASKED, "data": ["x" * 1_000_000]}
    assert servers["chat"].post(JOIN, json=sent).status_code == 413
    nested = b'{"data": ' + b"[" * 100_000
    assert servers["chat"].post(JOIN, content=nested).status_code == 422


def answered(client: TestClient, session: str, data: list[Any]) -> str:
    """What the server sends to the page for one question."""
    asked = {"data": data, "fn_index": 0, "session_hash": session, "event_data": FILE}
    assert client.post(JOIN, json=asked).status_code == 200
    return client.get("/gradio_api/queue/data", params={"session_hash": session}).text


def test_the_browser_keeps_the_conversation(servers: dict[str, TestClient]) -> None:
    """A follow-up is understood by the records that came with the answers, and by nothing else."""
    first = answered(servers["chat"], "one", [QUESTION, "[]", "1", [], "", ""])
    assert "septiembre de 2025" in first
    past = json.dumps([[QUESTION, told(first)["record"]]])
    second = answered(servers["chat"], "two", ["¿Y por qué?", past, "2", [], "", ""])
    assert "Entendido como" in second
    assert "Cu\\u00e1ndo visit\\u00f3" in second or "Cuándo visitó" in second
    assert "septiembre de 2025" in second  # the earlier answer is still shown
    assert told(second)["state"] == "answered"
    other = answered(servers["chat"], "one", ["¿Y por qué?", "[]", "3", [], "", ""])
    assert "Cuándo visitó" not in other


def told(stream: str) -> dict[str, str]:
    """What the page was told last of its question."""
    lines = (json.loads(line[5:]) for line in stream.splitlines() if line.startswith("data:"))
    (end,) = (line for line in lines if line["msg"] == "process_completed")
    what: dict[str, str] = json.loads(end["output"]["data"][1])
    return what


# Whole processes


@pytest.mark.parametrize("command", ["web", "serve"])
def test_a_server_refuses_a_plain_request(seeds_index: Path, tmp_path: Path, command: str) -> None:
    """Under another name, from another origin, with no name, or for a websocket."""
    with served(command, seeds_index, tmp_path) as server:
        port = int(server.address.rpartition(":")[2])
        path = "/config" if command == "web" else "/ask?q=hola"

        def status(**headers: str) -> int:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.putrequest("GET", path, skip_host=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            return connection.getresponse().status

        own = f"localhost:{port}"
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13",
                   "Sec_WebSocket_Key": "MDEyMzQ1Njc4OWFiY2RlZg=="}  # fmt: skip
        assert status(Host=own) == 200
        assert status(Host=f"evil.example:{port}") == 403
        assert status(Host=own, Origin=EVIL) == 403
        assert status() == 400
        assert status(Host=own, **upgrade) == 403
        assert status(Host="evil.example", **upgrade) == 403
