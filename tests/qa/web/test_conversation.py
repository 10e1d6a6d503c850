"""A conversation in a real Chromium: what is kept, where, and what a person can do with it."""

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.cli.app import app
from qa.web.records import conversation_of
from qa.web.source import key_of
from tests.conftest import ROOT
from tests.qa.web.processes import Held, Process
from tests.qa.web.test_browser import QUESTION, Browser, fragment, words_of

pytestmark = pytest.mark.browser

FIRST = "¿Cuándo visitó Rubio México?"
THEN = "¿Y por qué?"
NOTHING = "¿Quién ganó el Mundial de futbol de 2022?"


class Server:
    """The chat on a port that stays the same when it is started anew."""

    def __init__(self, index: Path, work: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self.index, self.hold, self._work = index, work / "hold", work
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Begin to listen."""
        environment = {
            **os.environ, "PYTHONPATH": str(ROOT), "HOST": "127.0.0.1", "QA_LOG": "off",
            "QA_ALLOWED_HOSTS": "evil.example",
        }  # fmt: skip
        arguments = ["web", "--index", str(self.index), "--port", str(self.port)]
        self._process = Process(arguments, environment, self._work, Held(self.hold))
        assert self._process.line() == self.address, self._process.log

    def stop(self) -> None:
        """End at once."""
        self._process.kill()


@pytest.fixture(scope="module")
def server(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(seeds_index, tmp_path_factory.mktemp("held"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def opened(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(server.address, tmp_path_factory.mktemp("profile"), "es-MX", 1300)
    yield browser
    browser.driver.quit()


@pytest.fixture
def page(opened: Browser, server: Server) -> Browser:
    """A new conversation in a browser that has kept nothing."""
    server.hold.unlink(missing_ok=True)
    opened.driver.get("about:blank")
    opened.driver.get(server.address)
    opened.wait(lambda: opened.find("#history"))
    opened.script("(localStorage.clear(), sessionStorage.clear())")
    opened.driver.get(server.address)
    opened.wait(lambda: opened.find("#history"))
    return opened


def box(browser: Browser) -> str:
    """What is written in the question box."""
    text: str = browser.script("document.querySelector('#question textarea').value")
    return text


def write(browser: Browser, text: str) -> None:
    browser.find("#question textarea")[0].send_keys(text)


def texts(browser: Browser, selector: str) -> list[str]:
    """The words of the elements that are shown; at once, for they may be drawn again."""
    found: list[str] = browser.script(
        f"[...document.querySelectorAll({json.dumps(selector)})].map((one) => one.innerText.trim())"
    )
    return found


def questions(browser: Browser) -> list[str]:
    """Those of the conversation."""
    return texts(browser, "#chat .user-row")


def answer(browser: Browser) -> str:
    """The last one, as far as it has grown."""
    return "".join(texts(browser, "#chat .bot-row")[-1:])


def kept(browser: Browser) -> list[Any]:
    """The conversations in the browser's storage, in any order."""
    values: list[str] = browser.script("Object.values({...localStorage})")
    conversations = [json.loads(value) for value in values if value.startswith('{"id"')]
    return sorted(conversations, key=lambda one: one["date"])


def pasts(browser: Browser) -> list[str]:
    """The titles in the list of past conversations, which is opened."""
    if not browser.find("#history-list[open]"):
        browser.find("#history")[0].click()
    return texts(browser, "#history-list .title")


def reload(browser: Browser) -> None:
    browser.driver.refresh()
    browser.wait(lambda: browser.find("#chat .bot-row"))


def test_it_survives_a_reload_and_a_restart(page: Browser, server: Server) -> None:
    """What follows is understood as before, citations open, and the server had kept nothing."""
    page.ask(FIRST)
    write(page, "un borrador")
    server.stop()
    server.start()
    reload(page)
    assert questions(page) == [FIRST]
    assert box(page) == "un borrador"
    link = page.find("#chat a[href*='#cite-']")[0]
    page.click(link)
    assert page.wait(page.quoted) == words_of(server.index, fragment(link))
    page.find("#question textarea")[0].clear()
    followed = page.ask(THEN)
    assert "Entendido como: ¿Por qué visitó Rubio México?" in followed.text
    assert questions(page) == [FIRST, THEN]
    # The panel shows a source of the new answer, and of no earlier one.
    first = followed.find_elements("css selector", "a[href*='#cite-']")[0]
    page.wait(lambda: page.quoted() == words_of(server.index, fragment(first)))


def test_the_page_goes_on_though_the_server_was_away(page: Browser, server: Server) -> None:
    """It loads itself again, with all that was there; what nobody heard is given back."""
    page.ask(FIRST)
    server.stop()
    page.script("window.old = true")
    write(page, f"{THEN}\ue007")
    page.wait(lambda: box(page) == THEN)
    server.start()
    page.wait(lambda: not page.script("window.old"))
    page.wait(lambda: questions(page) == [FIRST])
    assert box(page) == THEN
    assert "Entendido como" in page.ask("").text


def test_the_question_is_there_at_once_and_typing_is_not_lost(
    page: Browser, server: Server
) -> None:
    """Before the server says a word; and while the answer grows, ends, or the page is loaded."""
    server.hold.write_text("before")
    shown = page.script(
        "(() => { const area = document.querySelector('#question textarea');"
        f" area.value = {json.dumps(FIRST)};"
        " area.dispatchEvent(new Event('input', { bubbles: true }));"
        " document.querySelector('#question .submit-button').click();"
        " return [area.value, document.querySelector('#chat .user-row').textContent] })()"
    )
    assert shown == ["", FIRST]
    page.wait(lambda: page.find("#question .stop-button"))
    write(page, "lo que sigue")
    write(page, "\ue007")  # nothing is asked while an answer is awaited
    server.hold.unlink()
    page.wait(lambda: page.find("#question .submit-button"))
    assert "2 de septiembre" in answer(page)
    assert questions(page) == [FIRST]
    assert box(page) == "lo que sigue"
    reload(page)
    assert box(page) == "lo que sigue"


def test_what_is_asked_right_after_stopping_is_answered(page: Browser, server: Server) -> None:
    """Though the page is still fetching what was found before."""
    server.hold.write_text("after")
    write(page, f"{FIRST}\ue007")
    page.wait(lambda: page.find("#chat a[href*='#cite-']"))
    write(page, FIRST)
    server.hold.unlink()
    page.script(
        "(document.querySelector('#question .stop-button').click(),"
        " document.querySelector('#question textarea').dispatchEvent("
        "new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })))"
    )
    page.wait(lambda: len(texts(page, "#chat .bot-row")) == 2)  # the first is shown again before
    page.wait(lambda: page.find("#question .submit-button") and "2 de septiembre" in answer(page))
    assert questions(page) == [FIRST, FIRST]
    assert ["Detenido" in one for one in texts(page, "#chat .bot-row")] == [True, False]


def test_a_link_to_a_document_that_is_gone_says_so(page: Browser, server: Server) -> None:
    """It is not silent that all documents are searched."""
    page.driver.get(f"{server.address}/?in=nada.pdf")
    notice = page.wait(lambda: page.find("#notice p"))[0]
    assert notice.text.endswith("ya no están aquí: se busca en todos.")


def test_stopping_keeps_what_was_found(page: Browser, server: Server) -> None:
    """It says so below it, also after a reload; nothing is built on it."""
    server.hold.write_text("after")
    write(page, f"{FIRST}\ue007")
    page.wait(lambda: page.find("#chat a[href*='#cite-']"))
    write(page, "borrador")
    page.find("#question .stop-button")[0].click()
    page.wait(lambda: "Detenido" in answer(page))
    server.hold.unlink()
    assert "2 de septiembre de 2025" in answer(page)
    assert page.find("#question .submit-button")
    assert box(page) == "borrador"
    reload(page)
    assert "Detenido" in answer(page)
    link = page.find("#chat a[href*='#cite-']")[0]
    page.click(link)
    assert page.wait(page.quoted) == words_of(server.index, fragment(link))
    page.find("#question textarea")[0].clear()
    assert "Entendido como" not in page.ask(THEN).text


def test_stopping_before_anything_was_found(page: Browser, server: Server) -> None:
    """The question stays, and can be asked again."""
    server.hold.write_text("before")
    write(page, f"{FIRST}\ue007")
    page.wait(lambda: page.find("#question .stop-button"))[0].click()
    page.wait(lambda: texts(page, "#chat .bot-row") == ["Detenido"])
    server.hold.unlink()
    assert questions(page) == [FIRST]
    page.script("document.querySelector('.pencil').focus()")
    page.driver.switch_to.active_element.send_keys("\ue007")
    page.driver.switch_to.active_element.send_keys("\ue007")
    page.wait(lambda: "2 de septiembre" in answer(page))
    assert questions(page) == [FIRST]


def test_an_error_gives_the_question_back(page: Browser) -> None:
    """It is no part of the conversation, which stays as it was."""
    page.ask(FIRST)
    write(page, "¿¿??\ue007")
    page.wait(lambda: "La pregunta no tiene palabras" in answer(page))
    page.wait(lambda: box(page) == "¿¿??")
    assert [turn[0] for turn in kept(page)[0]["turns"]] == [FIRST]
    write(page, f"\ue009a\ue000{THEN}\ue007")
    page.wait(lambda: "Entendido como" in answer(page))
    assert questions(page) == [FIRST, THEN]


def test_an_earlier_question_is_changed_and_asked_again(page: Browser) -> None:
    """By the keyboard alone; what came after it is dropped, on the page and in the browser."""
    page.ask(FIRST)
    page.ask(THEN)
    page.ask(NOTHING)
    page.wait(lambda: len(page.find(".pencil")) == 3)
    name = page.find(".pencil")[1].get_attribute("aria-label")
    assert name == f"Editar la pregunta: {THEN}"
    page.script("document.querySelectorAll('.pencil')[1].focus()")
    page.driver.switch_to.active_element.send_keys("\ue007")
    area = page.driver.switch_to.active_element
    assert area.get_attribute("value") == THEN
    area.send_keys("\ue00c")  # Escape leaves all as it was
    assert not page.find(".edit")
    assert page.driver.switch_to.active_element.get_attribute("aria-label") == name
    page.driver.switch_to.active_element.send_keys("\ue007")
    area = page.driver.switch_to.active_element
    area.send_keys("\ue009a\ue000¿Y a quién vio?\ue007")
    page.wait(lambda: questions(page) == [FIRST, "¿Y a quién vio?"])
    page.wait(lambda: page.find("#question .submit-button"))
    page.wait(lambda: "Entendido como" in answer(page))
    assert [turn[0] for turn in kept(page)[0]["turns"]] == [FIRST, "¿Y a quién vio?"]


def test_past_conversations_are_opened_and_deleted(page: Browser) -> None:
    """Each has its first question as its title; all go only when that is confirmed."""
    page.ask(FIRST)
    page.find("#new")[0].click()
    page.wait(lambda: not page.find("#chat .message-row"))
    assert page.quoted() == ""
    page.ask(NOTHING)
    assert pasts(page) == [NOTHING, FIRST]
    assert "Se guarda solo en este navegador" in texts(page, "#history-list")[0]
    page.find("#history-list .past")[1].click()
    page.wait(lambda: questions(page) == [FIRST])
    assert "Entendido como" in page.ask(THEN).text
    assert pasts(page) == [FIRST, NOTHING]
    remove = page.find("#history-list li .icon")[1]
    assert remove.get_attribute("aria-label") == f"Borrar la conversación: {NOTHING}"
    remove.click()
    page.wait(lambda: pasts(page) == [FIRST])
    page.find("#history-list .danger")[0].click()
    assert "No se pueden recuperar" in texts(page, "#history-list [role=alert]")[0]
    page.driver.switch_to.active_element.send_keys("\ue007")  # the focus is on "No"
    assert [len(one["turns"]) for one in kept(page)] == [2]
    page.find("#history-list .danger")[0].click()
    page.find("#history-list .danger")[0].click()
    page.wait(lambda: "Todavía no hay conversaciones" in texts(page, "#history-list")[0])
    page.wait(lambda: not page.find("#chat .message-row"))
    assert kept(page) == []


def test_a_conversation_of_another_index(page: Browser) -> None:
    """Its questions are shown, and that the answers are of another index; so is a forged one."""
    page.ask(FIRST)
    page.script(
        "(() => { for (const [key, value] of Object.entries({...localStorage})) {"
        " const kept = JSON.parse(value); kept.turns[0] = ['<b>¿?</b> ![x](http://evil.example/x)',"
        " 'A' + kept.turns[0][1].slice(1)];"
        " localStorage.setItem(key, JSON.stringify(kept)) } })()"
    )
    reload(page)
    assert questions(page) == ["<b>¿?</b> ![x](http://evil.example/x)"]
    assert answer(page) == ("La respuesta es de otro índice: vuelve a preguntarlo aquí.")
    assert not page.find("#chat .user-row b, #chat .user-row img, #chat .user-row a")
    assert "Entendido como" not in page.ask(THEN).text


def test_two_pages_keep_their_own(page: Browser, server: Server) -> None:
    """Also where both have the same conversation open: then it becomes two."""
    page.ask(FIRST)
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    page.driver.get(server.address)
    page.wait(lambda: page.find("#history"))
    assert not page.find("#chat .message-row")  # nothing of the other page is shown
    page.ask(NOTHING)
    assert sorted(pasts(page)) == sorted([FIRST, NOTHING])
    next(one for one in page.find("#history-list .past") if FIRST in one.text).click()
    page.wait(lambda: questions(page) == [FIRST])
    page.ask(THEN)
    second = page.driver.current_window_handle
    page.driver.switch_to.window(first)
    assert questions(page) == [FIRST]
    page.ask("¿Y a quién vio?")
    asked = [[turn[0] for turn in one["turns"]] for one in kept(page)]
    assert sorted(asked) == sorted([[NOTHING], [FIRST, THEN], [FIRST, "¿Y a quién vio?"]])
    page.driver.switch_to.window(second)
    page.driver.close()
    page.driver.switch_to.window(first)


@pytest.mark.parametrize("broken", ["full", "forbidden"])
def test_a_storage_that_keeps_nothing_is_survived(page: Browser, broken: str) -> None:
    """The conversation goes on as long as the page is open."""
    code = {
        "full": "Storage.prototype.setItem = () => { throw new DOMException('', "
        "'QuotaExceededError') }",
        "forbidden": "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty("
        "window, name, { get() { throw new DOMException('', 'SecurityError') } })",
    }[broken]
    added = page.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": code})
    try:
        page.driver.refresh()
        page.wait(lambda: page.find("#history"))
        page.ask(FIRST)
        assert "Entendido como" in page.ask(THEN).text
        assert pasts(page) == ([] if broken == "full" else [FIRST])
    finally:
        page.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def test_the_oldest_conversations_go_first(page: Browser) -> None:
    """A hundred are kept, and no more than a browser gives room for."""
    page.script(
        "(() => { for (let n = 0; n < 105; n += 1) localStorage.setItem(`qa / ${n}`,"
        " JSON.stringify({ id: `${n}`, title: `t${n}`, version: '1',"
        " date: new Date(n * 1000).toISOString(),"
        " turns: [['q', 'r'.repeat(n === 50 ? 3000000 : 10)]] })) })()"
    )
    page.ask(FIRST)
    assert [one["title"] for one in kept(page)] == [*(f"t{n}" for n in range(6, 105)), FIRST]
    page.script("localStorage.setItem('qa / 104', localStorage.getItem('qa / 104').replace("
                "'rrrrrrrrrr', 'r'.repeat(900000)))")  # fmt: skip
    page.ask(THEN)
    titles = [one["title"] for one in kept(page)]
    assert titles == [*(f"t{n}" for n in range(51, 105)), FIRST]


def test_an_address_with_a_question(page: Browser, server: Server) -> None:
    """It is asked once, as a new conversation; not when the page is loaded again."""
    page.driver.get(f"{server.address}/?q=Cu%C3%A1ndo+visit%C3%B3+Rubio+M%C3%A9xico%3F&in=x")
    page.wait(lambda: "2 de septiembre" in answer(page))
    assert questions(page) == ["Cuándo visitó Rubio México?"]
    assert page.driver.current_url == f"{server.address}/?in=x"
    reload(page)
    assert questions(page) == ["Cuándo visitó Rubio México?"]
    assert len(kept(page)) == 1
    page.driver.get(f"{server.address}/?q=++")
    page.wait(lambda: questions(page) == ["Cuándo visitó Rubio México?"])
    page.driver.get(f"{server.address}/?q={'a' * 10_001}")
    page.wait(lambda: "La pregunta es demasiado larga" in answer(page))
    page.wait(lambda: len(box(page)) == 10_001)
    assert len(kept(page)) == 1


def test_a_conversation_is_saved_as_files(page: Browser, server: Server, tmp_path: Path) -> None:
    """Each holds the quotes, which stand in the documents; the name is the server's."""
    page.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )
    assert not page.find("#take .save")[0].is_displayed()
    page.ask(FIRST)
    page.ask(NOTHING)
    ends = (".docx", ".html", ".md")
    for number in range(len(ends)):
        page.find("#take summary")[0].click()
        page.find("#take .choices button")[number].click()
        page.wait(lambda: [one.suffix for one in tmp_path.iterdir()].count(ends[number]) == 1)  # noqa: B023
        (file,) = tmp_path.glob(f"consulta-*{ends[number]}")
        command = ["verify-report", str(file), "--index", str(server.index)]
        checked = CliRunner().invoke(app, command)
        assert checked.exit_code == 0, checked.output
    assert "2 de septiembre" in file.read_text(encoding="utf-8")


def test_an_answer_is_copied_on_plain_http(page: Browser, server: Server) -> None:
    """Under a name that is no secure context there is no clipboard but to a selection."""
    page.driver.get(f"http://evil.example:{server.port}")
    page.wait(lambda: page.find("#history"))
    assert page.script("window.isSecureContext") is False
    page.ask(FIRST)
    copy = page.find("#chat a[href='#copy']")[0]
    page.script("addEventListener('copy', () => (window.copied = getSelection() + '' ||"
                " document.activeElement.value))")  # fmt: skip
    page.click(copy)
    page.wait(lambda: texts(page, "#chat a[href='#copy']") == ["Copiado"])
    assert "2 de septiembre de 2025" in page.script("window.copied")


def test_on_paper_there_is_the_conversation_alone(page: Browser) -> None:
    """Black on white, without controls, with what is folded."""
    page.ask(NOTHING)
    page.script("document.querySelector('body').classList.add('dark')")
    page.script("window.dispatchEvent(new Event('beforeprint'))")
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        for hidden in ("#question", "#side", "#new", "#history", "#take", ".pencil", "#scope"):
            assert not any(one.is_displayed() for one in page.find(hidden)), hidden
        assert all(one.is_displayed() for one in page.find("#chat details blockquote"))
        assert "párr." in page.find("#chat details blockquote")[0].text
        style = page.script(
            "(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document."
            "querySelector('#chat blockquote p')))"
        )
        assert style[0] == "rgb(0, 0, 0)"
        back = page.script("getComputedStyle(document.body).backgroundColor")
        assert back == "rgb(255, 255, 255)"
    finally:
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_in_english(server: Server, tmp_path: Path) -> None:
    """All that is said of a conversation."""
    browser = Browser(server.address, tmp_path, "en-US", 390)
    try:
        browser.wait(lambda: browser.find("#history"))
        server.hold.write_text("after")
        write(browser, f"{QUESTION}\ue007")
        browser.wait(lambda: browser.find("#chat a[href*='#cite-']"))
        browser.find("#question .stop-button")[0].click()
        browser.wait(lambda: "Stopped" in answer(browser))
        server.hold.unlink()
        assert browser.find("#history")[0].get_attribute("textContent") == "History"
        assert pasts(browser) == [QUESTION]
        assert "Kept in this browser only" in browser.find("#history-list")[0].text
        browser.find("#history-list .danger")[0].click()
        assert "Delete all conversations?" in browser.find("#history-list [role=alert]")[0].text
        browser.find("#history-list .head .icon")[0].click()
        browser.ask(QUESTION)
        browser.find("#take summary")[0].click()
        assert browser.find("#take .choices")[0].text.splitlines() == [
            "Word (.docx)", "Web page (.html)", "Markdown (.md)", "Print",
        ]  # fmt: skip
        key = key_of(server.index)
        turns = kept(browser)[0]["turns"]
        states = [one.state for one in conversation_of(json.dumps(turns), key)]
        assert states == ["stopped", "whole"]
    finally:
        browser.driver.quit()
