"""Whole servers: many people at once, stopping, a proxy before them, and log-in."""

import http.client
import json
import re
import signal
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from qa.web.own_files import file_address
from tests.conftest import CHAT
from tests.qa.web.processes import Server, proxied, served, until

pytest.importorskip("gradio", reason=CHAT)
import httpx

QUESTION = "¿Cuándo visitó Rubio México?"
ASK = f"/ask?q={quote(QUESTION)}"
SEARCH = f"/search?q={quote(QUESTION)}"


def get(server: Server, path: str, **headers: str) -> httpx.Response:
    return httpx.get(server.address + path, headers=headers, timeout=120)


def health(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = get(server, "/health").json()
    return found


class Asking(threading.Thread):
    """A request in a thread of its own."""

    def __init__(self, server: Server, path: str = ASK) -> None:
        super().__init__(daemon=True)
        self._asked = server, path
        self.response: httpx.Response | None = None
        self.start()

    def run(self) -> None:
        """Ask, and wait."""
        self.response = get(*self._asked)

    def answer(self) -> httpx.Response:
        """The answer, when it has come."""
        self.join(120)
        assert self.response is not None
        return self.response


def test_searches_health_and_refusals_do_not_wait_behind_answers(
    seeds_index: Path, tmp_path: Path
) -> None:
    """While one answer is computed and one waits; both come in the end."""
    gate = tmp_path / "gate"
    flags = ("--answers", "1", "--waiting", "1")
    with served("serve", seeds_index, tmp_path, *flags, gate=gate) as server:
        first = Asking(server)
        until(lambda: health(server)["answering"] == 1)
        second = Asking(server)
        until(lambda: health(server)["waiting"] == 1)
        assert len(get(server, SEARCH).json()) == 5
        full = get(server, ASK)
        assert (full.status_code, full.headers["retry-after"]) == (503, "10")
        assert full.json()["error"] == "Too many people are waiting: try again in 10 s."
        assert not gate.exists()
        gate.touch()
        for asking in (first, second):
            assert "septiembre de 2025" in asking.answer().json()["answer"]
        assert health(server) == {"status": "ok", "answering": 0, "waiting": 0}


def test_who_goes_away_leaves_the_line(seeds_index: Path, tmp_path: Path) -> None:
    """And is not answered; the next one is."""
    gate = tmp_path / "gate"
    with served("serve", seeds_index, tmp_path, "--answers", "1", "--log", gate=gate) as server:
        first = Asking(server)
        until(lambda: health(server)["answering"] == 1)
        connection = http.client.HTTPConnection(urlsplit(server.address).netloc)
        connection.request("GET", ASK)
        until(lambda: health(server)["waiting"] == 1)
        connection.close()
        until(lambda: health(server)["waiting"] == 0)
        gate.touch()
        assert first.answer().status_code == 200
        statuses = re.findall(r'"status": "([^"]+)"', server.log)
        assert statuses == ["given up", "answered"]


def test_too_many_questions_in_a_minute(seeds_index: Path, tmp_path: Path) -> None:
    """Status 429, with the seconds until the next one."""
    with served("serve", seeds_index, tmp_path, "--per-minute", "2") as server:
        assert [get(server, SEARCH).status_code for _ in range(2)] == [200, 200]
        refused = get(server, ASK)
        assert refused.status_code == 429
        seconds = int(refused.headers["retry-after"])
        assert 0 < seconds <= 60
        assert refused.json()["error"].endswith(f"try again in {seconds} s.")


def test_an_answer_that_takes_too_long(seeds_index: Path, tmp_path: Path) -> None:
    """Status 503, in one sentence."""
    gate = tmp_path / "gate"
    with served("serve", seeds_index, tmp_path, "--timeout", "1", gate=gate) as server:
        slow = get(server, ASK)
        assert (slow.status_code, slow.headers["retry-after"]) == (503, "10")
        assert slow.json()["error"].startswith("The answer took too long")


@pytest.mark.parametrize("command", ["web", "serve"])
def test_a_server_without_work_stops_with_status_0(
    seeds_index: Path, tmp_path: Path, command: str
) -> None:
    """At SIGTERM, and says nothing."""
    with served(command, seeds_index, tmp_path) as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(120) == 0
        assert server.log == ""


def test_stopping_waits_for_the_answer_that_is_computed(seeds_index: Path, tmp_path: Path) -> None:
    """Who waits in line and who comes is refused in one sentence; the status is 0."""
    gate = tmp_path / "gate"
    flags = ("--answers", "1", "--grace", "300")
    with served("serve", seeds_index, tmp_path, *flags, gate=gate) as server:
        first = Asking(server)
        until(lambda: health(server)["answering"] == 1)
        waits = Asking(server)
        until(lambda: health(server)["waiting"] == 1)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: health(server)["status"] == "stopping")
        assert get(server, "/health").status_code == 503
        for refused in (waits.answer(), get(server, ASK), get(server, SEARCH)):
            assert refused.status_code == 503
            assert refused.json()["error"] == "The server is stopping: ask again in 10 s."
        assert server.process.poll() is None
        gate.touch()
        assert "septiembre de 2025" in first.answer().json()["answer"]
        assert server.process.wait(120) == 0


def ask_slowly(server: Server) -> http.client.HTTPConnection:
    """A connection on which a question is asked, that is now being answered."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc)
    connection.request("GET", ASK)
    until(lambda: health(server)["answering"] == 1)
    return connection


def test_stopping_waits_no_longer_than_it_is_told(seeds_index: Path, tmp_path: Path) -> None:
    """Then the answer is given up; the status is 0 all the same."""
    gate = tmp_path / "gate"
    with served("serve", seeds_index, tmp_path, "--grace", "1", gate=gate) as server:
        ask_slowly(server)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(120) == 0


def test_a_second_signal_ends_it_at_once(seeds_index: Path, tmp_path: Path) -> None:
    """Whatever is computed."""
    gate = tmp_path / "gate"
    with served("serve", seeds_index, tmp_path, "--grace", "300", gate=gate) as server:
        ask_slowly(server)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: health(server)["status"] == "stopping")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(120) == 128 + signal.SIGTERM


# The chat's own protocol


class Page:
    """A session of the chat, spoken to as its page does."""

    def __init__(self, server: Server, session: str, language: str = "es") -> None:
        self._client = httpx.Client(
            base_url=server.address, timeout=120, headers={"accept-language": language}
        )
        self._session = session
        self.shown: list[str] = []  # what the stream sent, a text each

    def ask(self, question: str = QUESTION, *, leave: bool = False) -> str:
        """All that the server sent to the end of the answer, or until a place in line is told."""
        sent = {
            "data": [question, None, None, [], "", ""],
            "fn_index": 0,
            "session_hash": self._session,
        }
        joined = self._client.post("/gradio_api/queue/join", json=sent)
        assert joined.status_code == 200, joined.text
        address = {"session_hash": self._session}
        with self._client.stream("GET", "/gradio_api/queue/data", params=address) as response:
            for line in response.iter_lines():
                if line.startswith("data:"):
                    self.shown.append(json.dumps(json.loads(line[5:]), ensure_ascii=False))
                if leave and places(self):
                    break
        return "\n".join(self.shown)


class Person(threading.Thread):
    """Somebody with a page, who asks one question."""

    def __init__(self, page: Page) -> None:
        super().__init__(daemon=True)
        self.page = page
        self.start()

    def run(self) -> None:
        """Ask."""
        self.page.ask()


def places(page: Page) -> list[int]:
    found = re.findall(r"(?:Tu lugar en la fila|Your place in the queue): (\d+)", "".join(
        page.shown
    ))  # fmt: skip
    return [int(place) for place in found]


def test_ten_people_are_served_in_turn_and_see_their_place(
    seeds_index: Path, tmp_path: Path
) -> None:
    """Each sees the question at once; the page and its files come while all of them wait."""
    gate = tmp_path / "gate"
    with served("web", seeds_index, tmp_path, "--answers", "2", gate=gate) as server:
        people = []
        for number in range(10):
            people.append(Person(Page(server, f"s{number}", "es" if number % 2 else "en")))
            until(lambda: sum(health(server)[k] for k in ("answering", "waiting")) == len(people))
        until(lambda: all(places(person.page) for person in people[2:]))
        for path in (
            "/",
            "/config",
            file_address("", "chat.js"),
            file_address("", "chat.css"),
            "/gradio_api/info",
        ):
            assert get(server, path).status_code == 200
        assert get(server, "/source?link=none").status_code == 404
        assert [places(person.page) for person in people[:2]] == [[], []]
        assert [places(person.page)[0] for person in people[2:]] == list(range(1, 9))
        gate.touch()
        for person in people:
            person.join(300)
            seen = places(person.page)
            assert seen == sorted(seen, reverse=True)
            shown = "".join(person.page.shown)
            assert "septiembre de 2025" in shown
            assert "#cite-" in shown
        until(lambda: health(server) == {"status": "ok", "answering": 0, "waiting": 0})


def test_who_closes_the_page_leaves_the_line(seeds_index: Path, tmp_path: Path) -> None:
    """Also while an answer is computed: it is given up, and the next person has the thread."""
    gate = tmp_path / "gate"
    with served("web", seeds_index, tmp_path, "--answers", "1", "--log", gate=gate) as server:
        first = Person(Page(server, "first"))
        until(lambda: health(server)["answering"] == 1)
        leaves = Page(server, "leaves")
        leaves.ask(leave=True)
        until(lambda: health(server)["waiting"] == 0)
        gate.touch()
        first.join(120)
        assert "septiembre de 2025" in "".join(first.page.shown)
        assert re.findall(r'"question", "status": "([^"]+)"', server.log) == [
            "given up", "answered",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("es", "Son muchas preguntas seguidas"), ("en", "Too many questions in a row")],
)
def test_who_asks_too_often_is_told_in_the_chat(
    seeds_index: Path, tmp_path: Path, language: str, sentence: str
) -> None:
    """In the language of the page; nobody else is."""
    with served("web", seeds_index, tmp_path, "--per-minute", "1") as server:
        page = Page(server, "s", language)
        assert sentence not in page.ask()
        assert sentence in page.ask()


def test_stopping_the_chat(seeds_index: Path, tmp_path: Path) -> None:
    """The answer that is computed comes whole; a new question gets one sentence."""
    gate = tmp_path / "gate"
    with served("web", seeds_index, tmp_path, "--grace", "300", gate=gate) as server:
        person = Person(Page(server, "one"))
        until(lambda: health(server)["answering"] == 1)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: health(server)["status"] == "stopping")
        assert "El servidor se está deteniendo" in Page(server, "two").ask()
        gate.touch()
        person.join(120)
        assert "septiembre de 2025" in "".join(person.page.shown)
        assert server.process.wait(120) == 0
        assert "Traceback" not in server.log


def test_the_log_of_the_chat_has_no_question(seeds_index: Path, tmp_path: Path) -> None:
    """Nor a session, nor an answer; each line is JSON."""
    password = {"QA_PASSWORD": "la clave"}
    with served("web", seeds_index, tmp_path, "--log", variables=password) as server:
        logged_in = httpx.post(f"{server.address}/login", data={"password": "la clave"})
        page = Page(server, "secreta")
        page._client.cookies.update(logged_in.cookies)
        assert "septiembre" in page.ask()
        until(lambda: "/gradio_api/queue/data" in server.log)
        assert not re.search("Rubio|septiembre|secreta|la clave|session_hash", server.log)
        entries = [json.loads(line) for line in server.log.splitlines()]
        questions = [entry for entry in entries if entry["event"] == "question"]
        assert [(entry["status"], entry["user"]) for entry in questions] == [
            ("answered", "shared")
        ]  # fmt: skip


# Behind a proxy


FORWARDED = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}


@pytest.mark.parametrize("strips", [True, False], ids=["stripped", "kept"])
def test_under_a_path_behind_a_proxy(seeds_index: Path, tmp_path: Path, strips: bool) -> None:
    """Log-in, the page's addresses and a question; and directly as well."""
    variables = {"QA_ROOT_PATH": "/docs", "QA_PROXY": "127.0.0.1", "QA_PASSWORD": "la clave"}
    with (
        served("web", seeds_index, tmp_path, variables=variables) as server,
        proxied(server.address.removesuffix("/docs"), "/docs", strips=strips,
                headers=FORWARDED) as (proxy, _),
        httpx.Client(base_url=proxy, timeout=120) as client,
    ):  # fmt: skip
        assert server.address.endswith("/docs")
        visit = client.get("/docs/", headers={"accept": "text/html"})
        assert (visit.status_code, visit.headers["location"]) == (303, "/docs/login?then=/")
        assert 'action="/docs/login"' in client.get(visit.headers["location"]).text
        entered = client.post("/docs/login", data={"password": "la clave"})
        assert entered.headers["location"] == "/docs/"
        cookie = entered.headers["set-cookie"]
        assert "; Path=/docs;" in cookie
        assert cookie.endswith("; Secure")
        token = {"cookie": cookie.partition(";")[0]}
        page = client.get("/docs/", headers=token).text
        assert file_address("/docs", "chat.js") in page
        assert 'href="/docs/manifest.json"' in page
        assert client.get("/docs/manifest.json", headers=token).status_code == 200
        root = client.get("/docs/config", headers=token).json()["root"]
        assert root == proxy.replace("http://", "https://") + "/docs"
        assert httpx.get(server.address.removesuffix("/docs") + "/health").status_code == 200


@pytest.mark.parametrize("trusted", ["", "192.0.2.1", "127.0.0.1"])
def test_only_a_named_proxy_is_believed(seeds_index: Path, tmp_path: Path, trusted: str) -> None:
    """Of the browser's address, of https, and of the name; a limit then counts each address."""
    variables = {"QA_PROXY": trusted, "QA_ALLOWED_HOSTS": "qa.example.org"}
    with served("serve", seeds_index, tmp_path, "--per-minute", "1", variables=variables) as server:
        statuses = []
        for browser in ("203.0.113.1", "203.0.113.2", "203.0.113.1"):
            told = {"x-forwarded-for": browser, "x-forwarded-host": "qa.example.org"}
            statuses.append(get(server, SEARCH, **told).status_code)
        assert statuses == ([200, 200, 429] if trusted == "127.0.0.1" else [200, 429, 429])
        evil = get(server, SEARCH, **{"x-forwarded-host": "evil.example"})
        assert evil.status_code == (403 if trusted == "127.0.0.1" else 429)
