"""The page's HTML, the log-in page and error pages: the chosen language and colours."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import Assistant, Retriever
from qa.web.form import names
from qa.web.login import LOGIN_WORDS
from qa.web.options import Options
from qa.web.own_files import file_address
from qa.web.passwords import hashed
from qa.web.service import Service
from qa.web.strings import language_of, theme_of
from tests.conftest import CHAT

pytest.importorskip("gradio", reason=CHAT)
from fastapi.testclient import TestClient

from qa.web.chat import create_app

VISIT = {"accept": "text/html"}
BROWSERS = {"es": "es-MX,es;q=0.9", "en": "en-US,en;q=0.9"}
OTHER = {"es": "en", "en": "es"}


@pytest.fixture(scope="module")
def retriever(seeds_index: Path) -> Iterator[Retriever]:
    with Retriever.open(seeds_index) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(retriever: Retriever) -> Iterator[TestClient]:
    app = create_app(retriever, Assistant(retriever), service=Service(Options(root_path="/docs")))
    with TestClient(app, "http://127.0.0.1:7860") as opened:
        yield opened


@pytest.fixture(scope="module")
def locked(retriever: Retriever, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A chat with a log-in."""
    users = tmp_path_factory.mktemp("users") / "users.txt"
    users.write_text(f"ana:{hashed('clave de ana')}\n", encoding="utf-8")
    app = create_app(retriever, Assistant(retriever), service=Service(Options(users=users)))
    with TestClient(app, "http://127.0.0.1:7860", follow_redirects=False) as opened:
        yield opened


def asked(language: str, chosen: str = "", theme: str = "") -> dict[str, str]:
    """The headers of a browser of one language, in which another or a theme was chosen."""
    cookies = [f"qa_language={chosen}"] * bool(chosen) + [f"qa_theme={theme}"] * bool(theme)
    sent = {**VISIT, "accept-language": BROWSERS[language]}
    return sent | ({"cookie": "; ".join(cookies)} if cookies else {})


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_page_begins_in_its_language_and_colours(client: TestClient, language: str) -> None:
    """Those that were chosen, or else the browser's; a cookie that nobody can choose is nothing."""
    page = client.get("/docs/", headers=asked(language)).text
    assert page.startswith(f'<!doctype html>\n<html lang="{language}">')
    page = client.get("/docs/", headers=asked(language, OTHER[language], "dark")).text
    assert page.startswith(f'<!doctype html>\n<html lang="{OTHER[language]}" data-theme="dark">')
    forged = asked(language) | {"cookie": 'qa_language="><script>; qa_theme=x" onload="alert(1)'}
    page = client.get("/docs/", headers=forged).text
    assert page.startswith(f'<!doctype html>\n<html lang="{language}">')
    assert "alert" not in page


def test_the_page_is_ours(client: TestClient) -> None:
    """Nothing of Gradio's name; no script inside of it; what it loads is of this server."""
    page = client.get("/docs/", headers=VISIT).text
    assert "Gradio" not in page
    assert re.findall(r"<script[^>]*>[^<]", page) == []
    addresses = re.findall(r'(?:src|href)="([^"#]+)"', page)
    assert len([one for one in addresses if one.startswith("./assets/")]) == 2
    assert all(one.startswith(("./", "/docs/", "data:image/svg+xml,")) for one in addresses)
    # What runs before all else stands before all else.
    assert page.index(file_address("/docs", "early.js")) < page.index("./assets/")


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_log_in_page_is_in_the_chosen_language(locked: TestClient, language: str) -> None:
    """And in the chosen colours; so is what is said of a wrong password."""
    words = LOGIN_WORDS[language]
    sent = asked(OTHER[language], language, "dark")
    page = locked.get("/login", headers=sent)
    assert f'<html lang="{language}" class="dark">' in page.text
    assert f"<h1>{words['login']}</h1>" in page.text
    assert "--qa-accent" in page.text
    wrong = locked.post("/login", headers=sent, data={"name": "ana", "password": "otra"})
    assert (wrong.status_code, words["wrong"] in wrong.text) == (401, True)
    # It can be chosen here too, and the address that was asked for is kept.
    other = locked.get("/login?then=/%3Fq%3Da", headers=asked(OTHER[language]))
    link = re.search(rf'lang="{language}" href="([^"]+)"', other.text)
    assert link
    moved = locked.get(html.unescape(link[1]), headers=asked(OTHER[language]))
    assert (moved.status_code, moved.headers["location"]) == (303, "/login?then=/%3Fq%3Da")
    cookie = moved.headers["set-cookie"]
    assert cookie.startswith(f"qa_language={language};")
    assert ("Path=/;" in cookie, "SameSite=lax" in cookie) == (True, True)


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", ("Aquí no hay nada", "Revisa la dirección", "Volver a la página")),
     ("en", ("There is nothing here", "Check the address", "Back to the page"))],
)  # fmt: skip
def test_an_error_is_a_page_for_who_opens_the_address(
    client: TestClient, language: str, said: tuple[str, ...]
) -> None:
    """With the way back; a program gets the sentence alone."""
    for path in ("/docs/nada", "/docs/web/nada.js", "/docs/source?link=x"):
        page = client.get(path, headers=asked(OTHER[language], language, "light"))
        assert page.status_code == 404
        assert f'<html lang="{language}" class="light">' in page.text
        assert all(words in page.text for words in said)
        assert 'href="/docs/"' in page.text
        assert page.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        program = client.get(path, headers={"accept-language": BROWSERS[language]})
        assert program.status_code == 404
        assert program.headers["content-type"] in {"application/json", "application/problem+json"}
    strange = client.get("/docs/", headers=asked(language) | {"host": "<b>.example"})
    assert (strange.status_code, "<b>" in strange.text) == (400, False)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [("es", ("Eso es demasiado: envía menos.", "El chat recibe solo texto: escribe una pregunta.",
             "La página es de antes de una actualización: vuelve a cargarla.")),
     ("en", ("That is too much: send less.", "The chat takes plain text: write a question.",
             "The page is older than this server: load it again."))],
)  # fmt: skip
def test_what_the_chat_does_not_take_is_said(
    client: TestClient, language: str, sentences: tuple[str, ...]
) -> None:
    """In the words that Gradio shows for a 422: those of its detail."""
    join = "/docs/gradio_api/queue/join"
    sent = asked(OTHER[language], language)
    event = {"data": ["x" * 1_100_000], "fn_index": 0, "session_hash": "s"}
    answers = [
        client.post(join, headers=sent, json=event | change)
        for change in ({}, {"data": [{"path": "/etc/passwd"}]}, {"data": ["x"], "fn_index": 999})
    ]
    assert [answer.status_code for answer in answers] == [413, 422, 422]
    assert tuple(answer.json()["detail"] for answer in answers) == sentences


def test_a_cookie_is_one_of_a_list() -> None:
    """The first that can be chosen, whatever stands around it."""
    assert language_of({"cookie": "a=1;qa_language=de; qa_language=es;qa_language=en"}) == "es"
    assert language_of({"cookie": "xqa_language=es", "accept-language": "en"}) == "en"
    assert theme_of({"cookie": "qa_theme=light"}) == "light"
    assert theme_of({"cookie": "qa_theme=system"}) == ""
    assert theme_of({}) == ""


def test_a_document_is_called_by_its_title_and_its_file() -> None:
    """Where they say the same, by one of them; a long one keeps its beginning and its end."""
    assert names("Ley de aguas", "leyes/aguas-2024.pdf", "x") == ["Ley de aguas", "aguas-2024.pdf"]
    assert names("Ley de aguas", "leyes/ley_de_aguas.pdf", "x") == ["ley_de_aguas.pdf"]
    assert names(None, "C:\\leyes\\ley.pdf", "x") == ["ley.pdf"]
    assert names(None, None, "memo-1") == ["memo-1"]
    assert names("Memo", None, "memo-1") == ["Memo"]
    title, file = names("Acta de la sesión " * 9, f"carpeta/acta-{'x' * 60}-14.pdf", "x")
    assert (len(title) <= 66, len(file) <= 40) == (True, True)
    assert title.startswith("Acta de la sesión Acta")
    assert title.endswith("de la sesión")
    assert (file[:5], file[-7:]) == ("acta-", "-14.pdf")
