"""Log-in: passwords, sessions, and what is answered without them."""

import base64
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.errors import InputError
from qa import Assistant, Retriever
from qa.web import passwords
from qa.web.login import LOGIN_WORDS
from qa.web.options import Options
from qa.web.passwords import SHARED, Users, check_name, hashed, matches
from qa.web.refused import Reason, RefusedError
from qa.web.service import Service
from tests.conftest import CHAT

pytest.importorskip("gradio", reason=CHAT)
from fastapi.testclient import TestClient

from qa.web.auth import Sessions
from qa.web.chat import create_app
from qa.web.http.app import create_api
from qa.web.own_files import file_address

OWN = "http://127.0.0.1:7860"
COOKIE = "qa-session-7860"
VISIT = {"accept": "text/html", "accept-language": "es"}
QUESTION = "¿Cuándo visitó Rubio México?"


@pytest.fixture(scope="module")
def retriever(seeds_index: Path) -> Iterator[Retriever]:
    with Retriever.open(seeds_index) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash in a millisecond, not a third of a second."""
    monkeypatch.setattr(passwords, "_COST", 2**8)


@pytest.fixture
def users(tmp_path: Path, _cheap: None) -> Path:
    """A file with ana and luis."""
    file = tmp_path / "users.txt"
    lines = ["# redacción", "", f"ana:{hashed('clave de ana')}", f"luis:{hashed('ñandú ✓')}"]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@contextmanager
def chat(retriever: Retriever, options: Options, address: str = OWN) -> Iterator[TestClient]:
    app = create_app(retriever, Assistant(retriever), service=Service(options))
    with TestClient(app, address, follow_redirects=False) as client:
        yield client


# Passwords


def test_a_hash_is_of_one_password_with_its_own_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parameters stand in it, so that those of before still count."""
    monkeypatch.undo()
    one, two = hashed("clave"), hashed("clave")
    assert one != two
    assert matches("clave", one)
    assert matches("clave", two)
    assert not matches("Clave", one)
    assert re.fullmatch(r"scrypt\$32768\$8\$3\$[\w+/]{22}==\$[\w+/]{43}=", one)
    # The vector of RFC 7914 with the lowest cost that is above that of a checksum.
    key = base64.b64encode(bytes.fromhex(
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
    )).decode()  # fmt: skip
    assert matches("password", f"scrypt$1024$8$16${base64.b64encode(b'NaCl').decode()}${key}")


@pytest.mark.parametrize(
    "line",
    ["ana", "ana:", "ana:clave", "ana:scrypt$1$2", "ana:scrypt$3$8$1$AAAA$AAAA",
     "ana:scrypt$1073741824$8$1$AAAA$" + "A" * 43 + "=", "ana:scrypt$32768$8$1$AAAA$AAAA",
     "ana:scrypt$32768$8$1$?$" + "A" * 43 + "=", f":{'scrypt$2$8$1$AAAA$' + 'A' * 43}="],
)  # fmt: skip
def test_a_line_that_is_none_is_named(tmp_path: Path, line: str) -> None:
    """By its number, never by what is in it."""
    file = tmp_path / "users.txt"
    file.write_text(f"# users\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"^Line 2 of .*: make it with qa password NAME\.$"):
        Users(file)


def test_a_file_without_users_is_said(tmp_path: Path, users: Path) -> None:
    """Missing, empty, or with a name twice."""
    with pytest.raises(InputError, match="cannot be read: make the file with qa password"):
        Users(tmp_path / "none.txt")
    empty = tmp_path / "empty.txt"
    empty.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="There are no users"):
        Users(empty)
    users.write_text(users.read_text(encoding="utf-8") + f"\nana:{hashed('otra')}\n", "utf-8")
    with pytest.raises(InputError, match=r"^Line 5 of"):
        Users(users)


@pytest.mark.parametrize("name", ["", " ana", "a:b", "#ana", "a\nb", "n" * 65])
def test_a_name_that_no_line_can_begin_with(name: str) -> None:
    """It is refused before a password is asked for."""
    with pytest.raises(InputError, match="cannot be a name"):
        check_name(name)
    assert check_name("María José") == "María José"


def test_users_are_those_of_the_file_as_it_is_now(users: Path) -> None:
    """A damaged file changes nothing."""
    known = Users(users)
    assert known.admits("ana", "clave de ana")
    assert known.admits("luis", "ñandú ✓")
    assert not known.admits("ana", "ñandú ✓")
    assert not known.admits("eva", "clave de ana")
    assert not known.admits("", "")
    users.write_text(f"eva:{hashed('de eva')}\n", encoding="utf-8")
    assert known.admits("eva", "de eva")
    assert not known.admits("ana", "clave de ana")
    users.write_text("eva:half", encoding="utf-8")
    assert known.admits("eva", "de eva")


def test_one_password_for_everybody() -> None:
    """Whatever name is given with it."""
    shared = Users(password="la clave")  # noqa: S106
    assert shared.admits("ana", "la clave")
    assert shared.admits(SHARED, "la clave")
    assert not shared.admits("ana", "la clave ")


# Sessions


def test_a_session_ends_by_itself_and_with_its_password(users: Path) -> None:
    """After twelve hours; when it is ended; when the user is changed or gone."""
    now = 0.0
    known = Users(users)
    sessions = Sessions(known, lambda: now)

    def begun(name: str) -> str:
        return sessions.begin(name, known.hash_of(name) or "")

    tokens = [begun("ana"), begun("ana"), begun("luis")]
    assert len(set(tokens)) == 3
    assert all(len(token) >= 43 for token in tokens)
    assert [sessions.user(token) for token in tokens] == ["ana", "ana", "luis"]
    assert sessions.user(tokens[0][:-1]) is None
    sessions.end(tokens[0])
    assert [sessions.user(token) for token in tokens] == [None, "ana", "luis"]
    users.write_text(f"ana:{hashed('otra clave')}\n", encoding="utf-8")
    assert [sessions.user(token) for token in tokens] == [None, None, None]
    token = begun("ana")
    now = 12 * 3600.0
    assert sessions.user(token) is None


# The chat


def test_without_log_in_only_the_form_and_health_are_there(
    retriever: Retriever, users: Path
) -> None:
    """All else is one sentence, or the way to the form."""
    with chat(retriever, Options(users=users)) as client:
        assert client.get("/health").json() == {"status": "ok", "answering": 0, "waiting": 0}
        for path in ("/config", file_address("", "chat.js"), "/assets/x.js", "/source?link=a",
                     "/theme.css",
                     "/gradio_api/queue/data?session_hash=a", "/gradio_api/heartbeat/a",
                     "/gradio_api/app_id", "/favicon.ico"):  # fmt: skip
            response = client.get(path, headers={"accept-language": "es"})
            assert response.status_code == 401, path
            assert response.json() == {"error": RefusedError(Reason.LOGGED_OUT).say("es")}
        asked = {"data": [QUESTION, None, None, [], "", ""], "fn_index": 0, "session_hash": "s"}
        assert client.post("/gradio_api/queue/join", json=asked).status_code == 401
        visit = client.get("/?q=uno", headers=VISIT)
        assert (visit.status_code, visit.headers["location"]) == (
            303, "/login?then=/%3Fq%3Duno",
        )  # fmt: skip
        form = client.get(visit.headers["location"], headers=VISIT)
        assert form.status_code == 200
        assert 'name="then" value="/?q=uno"' in form.text
        assert "<script" not in form.text
        assert form.headers["cache-control"] == "no-store"
        assert "script-src 'self'" in form.headers["content-security-policy"]


def test_who_logs_in_sees_the_page(retriever: Retriever, users: Path) -> None:
    """The cookie is for this server's own page alone; logging out ends it on the server."""
    with chat(retriever, Options(users=users)) as client:
        sent = {"name": "luis", "password": "ñandú ✓", "then": "/?q=uno"}
        response = client.post("/login", data=sent, headers={"origin": OWN})
        assert (response.status_code, response.headers["location"]) == (303, "/?q=uno")
        cookie = response.headers["set-cookie"]
        assert re.fullmatch(
            COOKIE + r"=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=strict", cookie
        )
        token = client.cookies[COOKIE]
        assert client.get("/", headers=VISIT).status_code == 200
        assert '"/logout"' in client.get("/config").text
        assert client.get("/login", headers=VISIT).headers["location"] == "/"
        assert "¿Quieres salir?" in client.get("/logout", headers=VISIT).text
        assert client.get("/", headers=VISIT).status_code == 200  # a link logs nobody out
        out = client.post("/logout", headers={"origin": OWN})
        assert (out.status_code, out.headers["location"]) == (303, "/login")
        client.cookies.set(COOKIE, token)
        assert client.get("/config").status_code == 401


def test_another_site_cannot_log_anybody_in_or_out(retriever: Retriever, users: Path) -> None:
    """Its forms are refused; a link of its to the page is opened anew, with the cookie."""
    with chat(retriever, Options(users=users)) as client:
        sent = {"name": "ana", "password": "clave de ana"}
        for path in ("/login", "/logout"):
            evil = client.post(path, data=sent, headers={"origin": "http://evil.example"})
            assert evil.status_code == 403
        link = {**VISIT, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
        page = client.get("/?q=a%22b", headers=link)
        assert page.status_code == 200
        assert '<meta http-equiv="refresh" content="0; url=/?q=a%22b">' in page.text


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_wrong_password_is_a_sentence_and_then_a_wait(
    retriever: Retriever, users: Path, language: str
) -> None:
    """The same for a name that there is and one that there is not."""
    words = LOGIN_WORDS[language]
    headers = {"accept-language": language}
    with chat(retriever, Options(users=users)) as client:
        for name in ("ana", "nadie", "ana", "nadie", ""):
            wrong = client.post("/login", data={"name": name, "password": "x"}, headers=headers)
            assert wrong.status_code == 401
            assert words["wrong"] in wrong.text
            assert "set-cookie" not in wrong.headers
        for _ in range(12):  # each wait is twice as long: one of them lasts until the next try
            slow = client.post("/login", data={"name": "ana", "password": "x"}, headers=headers)
            if slow.status_code != 401:
                break
        assert slow.status_code == 429
        assert words["slow"].format(seconds=slow.headers["retry-after"]) in slow.text


@pytest.mark.parametrize(
    "then",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/login",
     "", "/a\r\nset-cookie: b=c"],
)  # fmt: skip
def test_after_logging_in_one_stays_here(retriever: Retriever, then: str) -> None:
    """Whatever the form says."""
    with chat(retriever, Options(password="la clave")) as client:  # noqa: S106
        response = client.post("/login", data={"password": "la clave", "then": then})
        assert (response.status_code, response.headers["location"]) == (303, "/")


def test_a_form_without_end_is_no_password(retriever: Retriever) -> None:
    """Nor is one with what is no text, and a name is never markup."""
    with chat(retriever, Options(password="la clave")) as client:  # noqa: S106
        long = client.post("/login", data={"password": "la clave", "then": "/" + "x" * 9000})
        assert long.status_code == 401
        odd = client.post("/login", content=b"password=%ff%fe&then=/<script>")
        assert odd.status_code == 401
        assert "<script" not in odd.text
        assert LOGIN_WORDS["en"]["wrong_shared"] in odd.text
        assert 'name="name"' not in odd.text


def test_over_https_the_cookie_is_secure(retriever: Retriever) -> None:
    """So that it is never sent in the clear."""
    options = Options(password="la clave")  # noqa: S106
    with chat(retriever, options, "https://127.0.0.1:7860") as client:
        response = client.post("/login", data={"password": "la clave"})
        assert "; Secure" in response.headers["set-cookie"]


# Programs


def basic(name: str, password: str) -> dict[str, str]:
    sent = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"authorization": f"Basic {sent}"}


@pytest.mark.parametrize(
    ("options", "headers", "status"),
    [
        (lambda users: Options(users=users), basic("ana", "clave de ana"), 200),
        (lambda users: Options(users=users), basic("luis", "ñandú ✓"), 200),
        (lambda users: Options(users=users), basic("ana", "otra"), 401),
        (lambda users: Options(users=users), {"authorization": "Bearer clave de ana"}, 401),
        (lambda users: Options(users=users), {"authorization": "Basic ???"}, 401),
        (lambda users: Options(users=users), {}, 401),
        (lambda _: Options(password="la clave"), basic("x", "la clave"), 200),  # noqa: S106
        (lambda _: Options(token="un token"), {"authorization": "bearer un token"}, 200),  # noqa: S106
        (lambda _: Options(token="un token"), {"authorization": "Bearer un toke"}, 401),  # noqa: S106
        (lambda _: Options(token="un token"), basic("", "un token"), 401),  # noqa: S106
        (lambda users: Options(users=users, token="t"), {"authorization": "Bearer t"}, 200),  # noqa: S106
    ],
)  # fmt: skip
def test_a_program_sends_a_password_or_a_token(
    retriever: Retriever,
    users: Path,
    options: Callable[[Path], Options],
    headers: dict[str, str],
    status: int,
) -> None:
    """What is sent wrongly says how to do it; /health needs nothing."""
    service = Service(options(users))
    client = TestClient(create_api(retriever, service=service), OWN)
    response = client.get("/search", params={"q": QUESTION}, headers=headers)
    assert response.status_code == status
    if status == 401:
        assert response.json()["error"] == response.json()["detail"]
        assert response.headers["content-type"] == "application/problem+json"
        named = response.headers["www-authenticate"]
        assert ("Basic" in named) == (service.users is not None)
        assert ("Bearer" in named) == (service.options.token is not None)
    assert client.get("/health").status_code == 200


def test_a_program_that_guesses_has_to_wait(retriever: Retriever, users: Path) -> None:
    """A right password that is known goes on all the same."""
    client = TestClient(create_api(retriever, service=Service(Options(users=users))), OWN)

    def status(name: str, password: str) -> int:
        headers = basic(name, password)
        return client.get("/search", params={"q": QUESTION}, headers=headers).status_code

    assert status("ana", "clave de ana") == 200
    assert [status("luis", f"{number}") for number in range(5)] == [401] * 5
    # Each wait is twice as long: one of them lasts until the next try.
    assert 429 in (status("luis", "x") for _ in range(12))
    assert status("ana", "clave de ana") == 200


def test_two_ways_at_once_are_an_error(monkeypatch: pytest.MonkeyPatch, users: Path) -> None:
    """One of them is meant."""
    from qa.web.options import read

    monkeypatch.setenv("QA_PASSWORD", "x")
    assert read({}, "127.0.0.1").password == "x"  # noqa: S105
    with pytest.raises(InputError, match="keep one of them"):
        read({"users": str(users)}, "127.0.0.1")
    assert "QA_PASSWORD" in os.environ


def test_the_words_are_the_same_in_both_languages() -> None:
    """No text of the form is missing in one of them."""
    assert LOGIN_WORDS["es"].keys() == LOGIN_WORDS["en"].keys()
    assert json.dumps(LOGIN_WORDS)
