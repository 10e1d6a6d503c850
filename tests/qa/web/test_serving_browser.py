"""Serving in a real Chromium: log-in, the line, and a page under a path behind a proxy."""

import functools
from pathlib import Path

import pytest

from qa.web.login import LOGIN_WORDS
from qa.web.passwords import hashed
from tests.qa.web.processes import proxied, served, until
from tests.qa.web.test_browser import QUESTION, Browser, fragment, words_of
from tests.qa.web.test_serving import Page, Person, health

pytestmark = pytest.mark.browser


def shows(browser: Browser, words: str) -> bool:
    """Whether the first answer has these words."""
    return words in browser.find("#chat .bot-row")[0].text


WAYS = pytest.mark.parametrize("language", ["es", "en"])


@WAYS
def test_logging_in_and_out(seeds_index: Path, tmp_path: Path, language: str) -> None:
    """A wrong password is said; the address that was asked for opens; all windows are out."""
    users = tmp_path / "users.txt"
    users.write_text(f"ana:{hashed('clave de ana')}\n", encoding="utf-8")
    words = LOGIN_WORDS[language]
    with served("web", seeds_index, tmp_path, "--auth", str(users)) as server:
        browser = Browser(server.address, tmp_path / "profile", language, 390, ready="form")
        try:
            assert browser.find("h1")[0].text == words["login"]
            assert browser.violations() == []
            for attempt, password in enumerate(("otra", "clave de ana")):
                if attempt:
                    assert browser.find("[role=alert]")[0].text == words["wrong"]
                browser.find("[name=name]")[0].send_keys("ana")
                browser.find("[name=password]")[0].send_keys(password + "\ue007")
                browser.wait(lambda: browser.find("[role=alert], #history"))
            browser.wait(lambda: browser.find("#history"))
            assert browser.script("document.cookie") == ""
            browser.ask(QUESTION)
            assert browser.find("#chat a[href*='#cite-']")
            browser.collect()
            asked = [url for url in browser.requested if url.startswith("http")]
            assert all(url.startswith(server.address) for url in asked)
            # The wrong password is the only thing that was refused.
            assert all("/login" in error and "401" in error for error in browser.errors)
            browser.wait(lambda: browser.find("#logout"))[0].click()
            assert browser.wait(lambda: browser.find("form h1, h1"))[0].text == words["sure"]
            browser.find("form button")[0].click()
            browser.wait(lambda: browser.find("[name=password]"))
            browser.driver.get(f"{server.address}/?q=a")
            assert browser.wait(lambda: browser.find("[name=then]"))[0].get_attribute("value") == (
                "/?q=a"
            )
        finally:
            browser.driver.quit()


@WAYS
def test_a_session_that_has_ended_is_said(seeds_index: Path, tmp_path: Path, language: str) -> None:
    """In the page that is still open, in its language; the question is not lost."""
    users = tmp_path / "users.txt"
    users.write_text(f"ana:{hashed('clave de ana')}\n", encoding="utf-8")
    sentence = {"es": "Tu sesión terminó", "en": "Your session has ended"}[language]
    with served("web", seeds_index, tmp_path, "--auth", str(users)) as server:
        browser = Browser(server.address, tmp_path / "profile", language, 1300, ready="form")
        try:
            browser.find("[name=name]")[0].send_keys("ana")
            browser.find("[name=password]")[0].send_keys("clave de ana\ue007")
            browser.wait(lambda: browser.find("#history") and browser.listens())
            users.write_text(f"ana:{hashed('otra clave')}\n", encoding="utf-8")
            browser.find("#question textarea")[0].send_keys(QUESTION + "\ue007")
            browser.wait(lambda: sentence in browser.find("body")[0].text)
            box = browser.find("#question textarea")[0]
            assert box.get_attribute("value") == QUESTION
        finally:
            browser.driver.quit()


@WAYS
def test_who_waits_sees_the_place(seeds_index: Path, tmp_path: Path, language: str) -> None:
    """The question is shown and the box is empty at once; stopping leaves the line."""
    gate = tmp_path / "gate"
    place = {"es": "Tu lugar en la fila: {}", "en": "Your place in the queue: {}"}[language]
    with served("web", seeds_index, tmp_path, "--answers", "1", gate=gate) as server:
        first = Person(Page(server, "first"))
        until(lambda: health(server)["answering"] == 1)
        browser = Browser(server.address, tmp_path / "profile", language, 1300)
        try:
            # No more than two: a browser opens six connections to a server, and each page has two.
            windows = [browser.driver.current_window_handle]
            browser.driver.switch_to.new_window("window")
            browser.driver.get(server.address)
            browser.wait(lambda: browser.find("#history"))
            windows.append(browser.driver.current_window_handle)
            for number, window in enumerate(windows, 1):
                browser.driver.switch_to.window(window)
                browser.find("#question textarea")[0].send_keys(QUESTION + "\ue007")
                browser.wait(lambda: browser.find("#chat .bot-row"))
                assert QUESTION in browser.find("#chat .user-row")[0].text
                assert browser.find("#question textarea")[0].get_attribute("value") == ""
                seen = place.format(number)
                browser.wait(functools.partial(shows, browser, seen))
            browser.driver.switch_to.window(windows[0])
            browser.find("#question .stop-button")[0].click()
            until(lambda: health(server)["waiting"] == 1)
            browser.driver.switch_to.window(windows[1])
            browser.wait(lambda: place.format(1) in browser.find("#chat .bot-row")[0].text)
            gate.touch()
            browser.wait(lambda: browser.find("#chat a[href*='#cite-']"))
            first.join(120)
            assert "#cite-" in "".join(first.page.shown)
        finally:
            browser.driver.quit()


@pytest.mark.parametrize("strips", [True, False], ids=["stripped", "kept"])
def test_the_page_under_a_path(seeds_index: Path, tmp_path: Path, strips: bool) -> None:
    """Nothing is asked for outside of it; an answer comes and its source opens."""
    with (
        served("web", seeds_index, tmp_path, "--root-path", "/docs") as server,
        proxied(server.address.removesuffix("/docs"), "/docs", strips=strips, headers={}) as (
            proxy, missed,
        ),
    ):  # fmt: skip
        browser = Browser(f"{proxy}/docs/", tmp_path / "profile", "es-MX", 1300)
        try:
            browser.ask(QUESTION)
            link = browser.find("#chat a[href*='#cite-']")[0]
            assert browser.wait(browser.quoted) == words_of(seeds_index, fragment(link))
            browser.collect()
            asked = [url for url in browser.requested if url.startswith("http")]
            assert any(url.startswith(f"{proxy}/docs/source?") for url in asked)
            assert [url for url in asked if not url.startswith(f"{proxy}/docs/")] == []
            assert (missed, browser.errors) == ([], [])
        finally:
            browser.driver.quit()


def test_a_link_of_another_site_opens_for_who_has_logged_in(
    seeds_index: Path, tmp_path: Path
) -> None:
    """Though a browser sends no strict cookie with it."""
    with served("web", seeds_index, tmp_path, variables={"QA_PASSWORD": "la clave"}) as server:
        browser = Browser(server.address, tmp_path / "profile", "es", 1300, ready="form")
        try:
            browser.find("[name=password]")[0].send_keys("la clave\ue007")
            browser.wait(lambda: browser.find("#history"))
            page = f"data:text/html,<a id=out href='{server.address}/?x=1'>out</a>"
            browser.driver.get(page)
            browser.find("#out")[0].click()
            browser.wait(lambda: browser.find("#history"))
            until(lambda: browser.driver.current_url == f"{server.address}/?x=1")
        finally:
            browser.driver.quit()
