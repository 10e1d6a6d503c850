"""The web chat in a real Chromium: what a person sees, and that nothing else happens."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from index import Document, Index
from index.embedders import DEFAULT_MODEL, REVISIONS
from qa import Retriever
from qa.web.source import document_of
from tests.conftest import CHAT
from tests.qa.web import processes

SELENIUM = "needs selenium: run pip install -r tests/requirements.txt"
webdriver = pytest.importorskip("selenium.webdriver", reason=SELENIUM)
exceptions = pytest.importorskip("selenium.common.exceptions", reason=SELENIUM)
pytest.importorskip("gradio", reason=CHAT)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")

if not (CHROMIUM and DRIVER):
    pytest.skip(
        "all of them need a browser: run apt-get install chromium chromium-driver; then "
        "python -m pytest -m browser runs these tests alone",
        allow_module_level=True,
    )

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[3]
QUESTION = (
    "¿Cuántos presuntos integrantes de organizaciones delictivas ha capturado o extraditado México?"
)
WORD = "Z" * 10_000
HOSTILE = (
    "El almacén de Zubrón guarda 47 toneladas de azafrán <script>window.harm = 1</script> "
    '<img src="http://evil.example/i.png" onerror="window.harm = 2"> '
    "![m](http://evil.example/m.png) [clic](http://evil.example/l) [j](javascript:window.harm=3) "
    "<style>body { background: url(http://evil.example/s.png) }</style> "
    '<b style="position:fixed;inset:0;background:url(http://evil.example/b.png)">negrita</b> '
    "**fuerte** _cursiva_ $x^2$ `codigo` www.evil.example.\n\n"
    f"La clave secreta de Zubrón es {WORD} desde siempre."
)
TITLE = "<b>Inventario</b> ![t](http://evil.example/t.png)"
# Gradio's own inline scripts, which the page's policy stops; it works without them.
EXPECTED = re.compile(r"Executing inline script violates the following Content Security Policy")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browser") / "index"
    with Index.open(path, create=True) as index:
        index.sync(ROOT / "seeds")
        index.add([Document("hostile", HOSTILE, title=TITLE)])
    return path


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """The address that ``python app.py`` prints when it is ready."""
    environment = {**os.environ, "QA_INDEX": str(folder), "PORT": "0", "HOST": "127.0.0.1"}
    with subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a chat over an index."""
    with processes.served("web", folder, folder.parent) as server:
        yield server.address


class Browser:
    """A page of the chat, as seen in one language and one size."""

    def __init__(
        self,
        address: str,
        profile: Path,
        language: str,
        width: int,
        ready: str = "#history",  # which a script of the page adds, when it listens
    ) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM
        for argument in (
            "headless", "no-sandbox", "disable-gpu", "disable-background-networking",
            "disable-component-update", "disable-sync", f"lang={language}",
            f"user-data-dir={profile}", "host-resolver-rules=MAP evil.example 127.0.0.1",
        ):  # fmt: skip
            options.add_argument(f"--{argument}")
        options.add_experimental_option("prefs", {"intl.accept_languages": language})
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        self.driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
        self.size(width)
        self.address = address
        self.requested: list[str] = []
        self.errors: list[str] = []
        self.driver.get(address)
        self.wait(lambda: self.find(ready))
        if ready == "#history":
            self.wait(self.listens)

    def listens(self) -> bool:
        """Whether the server has told the page that it is there: only then is anything sent."""
        told: bool = self.script("Boolean(document.querySelector('#told textarea')?.value)")
        return told

    def size(self, width: int) -> None:
        """Make the window so many pixels wide."""
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def find(self, selector: str) -> list[Any]:
        """The elements of a CSS selector."""
        found: list[Any] = self.driver.find_elements("css selector", selector)
        return found

    def script(self, code: str) -> Any:
        """The value of an expression in the page."""
        return self.driver.execute_script(f"return {code}")

    def wait(self, condition: Callable[[], Any]) -> Any:
        """The first value that is true, within a minute."""
        end = time.monotonic() + 60
        while not (value := condition()):
            assert time.monotonic() < end, "nothing happened within a minute"
            time.sleep(0.05)
        return value

    def ask(self, question: str) -> Any:
        """Ask, wait for the whole answer, and return its element."""
        self.wait(lambda: self.find("#history"))
        before = len(self.find("#chat .bot-row"))
        self.find("#question textarea")[0].send_keys(question + "\ue007")
        self.wait(lambda: len(self.find("#chat .bot-row")) > before)
        answer = self.wait(self._settled)
        self.hold()
        return answer

    def hold(self) -> None:
        """Have the page stay where it is, as after a turn of a person's wheel.

        Until then it keeps the newest question in sight, and may move under the pointer.
        """
        self.script("document.dispatchEvent(new Event('wheel'))")

    def _settled(self) -> Any:
        """The last answer, when it has ended and is not drawn again any more; else None."""
        # The button for asking is there again, instead of the one for stopping.
        if not self.find("#question .submit-button"):
            return None
        answer = self.find("#chat .bot-row")[-1]
        try:
            before = answer.text
            time.sleep(0.3)
            return answer if answer.text == before and not before.endswith("…") else None
        except exceptions.StaleElementReferenceException:
            return None

    def click(self, link: Any) -> None:
        """Scroll to a link and click on it, as a person would."""
        self.hold()
        self.driver.execute_script("arguments[0].scrollIntoView({ block: 'center' })", link)
        link.click()

    def pick(self, name: str) -> None:
        """Choose a document to search in by a part of its name."""
        if not self.options():
            self.click(self.find("#scope input")[0])
        self.wait(lambda: name in "".join(self.options()))
        index = next(at for at, option in enumerate(self.options()) if name in option)
        self.find("#scope [role=option]")[index].click()

    def options(self) -> list[str]:
        """The documents to choose from, of a list that has faded in."""
        shown: list[str] = self.script(
            "(document.querySelector('#scope .options')?.getAnimations().length === 0)"
            " ? [...document.querySelectorAll('#scope [role=option]')]"
            ".map((one) => one.innerText.replace('✓', '').trim()) : []"
        )
        return shown

    def quoted(self) -> str:
        """The highlighted words of the open source, a line for each paragraph."""
        marks = "[...document.querySelectorAll('#source mark')]"
        text: str = self.script(f"{marks}.map(mark => mark.textContent).join('\\n')")
        return text

    def source(self, part: str) -> str:
        """The words of a part of the open source (``h2``, ``.place``)."""
        text: str = self.script(f"document.querySelector('#source {part}')?.textContent || ''")
        return text

    def violations(self) -> list[tuple[str, str]]:
        """What axe finds wrong in the page as it is: rule, and where."""
        package = importlib.util.find_spec("axe_playwright_python")
        if package is None or not package.submodule_search_locations:
            pytest.skip("needs axe: run pip install -r tests/requirements.txt")
        axe = Path(package.submodule_search_locations[0]) / "axe.min.js"
        self.driver.execute_script(axe.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "axe.run(document, { resultTypes: ['violations'] }).then(arguments[0])"
        )
        return [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]]

    def collect(self) -> None:
        """Read the browser's logs so far: addresses asked for, and errors."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.requested.append(message["params"]["request"]["url"])
        self.errors += [
            entry["message"]
            for entry in self.driver.get_log("browser")
            if entry["level"] == "SEVERE" and not EXPECTED.search(entry["message"])
        ]


@pytest.fixture(scope="module")
def spanish(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(address, tmp_path_factory.mktemp("profile"), "es-MX", 1300)
    yield browser
    browser.driver.quit()


def words_of(folder: Path, link: str) -> str:
    """The words of the document that a citation's link points at."""
    start, end = (int(number) for number in link.split(".")[1:3])
    with Retriever.open(folder) as retriever:
        return retriever.document(document_of(link)).text[start:end]


def fragment(link: Any) -> str:
    """A link's address after its ``#``, with it."""
    address: str = link.get_attribute("href")
    return "#" + address.partition("#")[2]


def test_a_question_gets_a_streamed_answer_with_citations(spanish: Browser, folder: Path) -> None:
    """First a word that passages are read, then the quote; the first citation opens by itself."""
    spanish.script(
        "(() => { window.seen = []; new MutationObserver(() => seen.push(document.querySelector("
        "'#chat .bot-row')?.innerText || '')).observe(document.querySelector('#chat'), "
        "{ subtree: true, childList: true, characterData: true }) })()"
    )
    answer = spanish.ask(QUESTION)
    assert "más de 50" in answer.text
    seen = [text for text in spanish.script("window.seen") if text]
    assert seen[0].startswith("Leyendo los pasajes")
    link = answer.find_elements("css selector", "a[href*='#cite-']")[0]
    assert link.text == "[1]"
    assert spanish.wait(spanish.quoted) == words_of(folder, fragment(link))
    assert "más de 50" in spanish.quoted()


def test_a_click_opens_the_source_at_the_quoted_words(spanish: Browser, folder: Path) -> None:
    """With its title and place, in sight; Escape closes it and gives the focus back."""
    link = spanish.find("#chat a[href*='#cite-']")[0]
    spanish.find("#source .close")[0].click()
    assert spanish.quoted() == ""
    spanish.click(link)
    assert spanish.wait(spanish.quoted) == words_of(folder, fragment(link))
    assert spanish.source("h2").startswith("[1] Ambos funcionarios")
    assert "párrafo 10" in spanish.source(".place")
    box = spanish.script("document.querySelector('#source mark').getBoundingClientRect().toJSON()")
    assert 0 <= box["top"] < box["bottom"] <= 800
    spanish.driver.switch_to.active_element.send_keys("\ue00c")
    assert spanish.quoted() == ""
    assert spanish.driver.switch_to.active_element == link


def test_the_keyboard_reaches_and_opens_a_citation(spanish: Browser, folder: Path) -> None:
    """Tab goes to the link, Enter opens its source, and the focus moves there."""
    spanish.script("document.activeElement.blur(), window.getSelection().removeAllRanges()")
    spanish.script("document.querySelector('#new').focus()")
    for _ in range(12):
        spanish.driver.switch_to.active_element.send_keys("\ue004")
        if "#cite-" in (spanish.driver.switch_to.active_element.get_attribute("href") or ""):
            break
    link = spanish.driver.switch_to.active_element
    assert link.text == "[1]"
    outline = spanish.script("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    link.send_keys("\ue007")
    assert spanish.wait(spanish.quoted) == words_of(folder, fragment(link))
    assert spanish.script("document.activeElement.id") == "source"


def test_what_the_documents_do_not_say(spanish: Browser, folder: Path) -> None:
    """The closest passages are links of the same kind."""
    answer = spanish.ask("¿Quién ganó el Mundial de futbol de 2022?")
    assert "Los documentos no lo dicen." in answer.text
    link = answer.find_elements("css selector", "a[href*='#cite-']")[0]
    expected = words_of(folder, fragment(link))
    spanish.click(link)
    spanish.wait(lambda: spanish.quoted() == expected)
    assert "Busqué en 2 documentos" in answer.text
    # The other passages are one step away, also by the keyboard.
    folded = answer.find_elements("css selector", "details a[href*='#cite-']")
    assert [one.is_displayed() for one in folded] == [False, False]
    answer.find_elements("css selector", "summary")[0].send_keys("\ue007")
    spanish.wait(lambda: all(one.is_displayed() for one in folded))


def test_a_hostile_document_is_only_text(spanish: Browser) -> None:
    """Scripts, pictures, links, styles and formulas of a document are read, never run or loaded."""
    answer = spanish.ask("¿Cuántas toneladas de azafrán guarda el almacén de Zubrón? <i>$y$</i>")
    assert "<i>$y$</i>" in spanish.find("#chat .user-row")[-1].text
    link = answer.find_elements("css selector", "a[href*='#cite-']")[0]
    spanish.click(link)
    spanish.wait(lambda: "<script>window.harm = 1</script>" in spanish.quoted())
    assert TITLE in spanish.source("h2")
    assert TITLE in answer.text
    inside = "#chat .message-content {0}, #source {0}"
    for tag in ("img", "script", "style", "b", "i", "code", "math", "iframe", "[style]"):
        assert spanish.find(inside.format(tag)) == [], tag
    links = spanish.find("#chat .message-content a, #source a")
    assert {re.match("#(cite-|copy)", fragment(link)) is not None for link in links} == {True}
    assert spanish.script("window.harm") is None


@pytest.mark.parametrize("width", [1400, 375])
def test_a_word_of_ten_thousand_characters_wraps(spanish: Browser, width: int) -> None:
    """In question, answer and source, on wide and narrow screens, nothing leaves the window."""
    spanish.size(width)
    answer = spanish.ask(f"¿Cuál es la clave secreta de Zubrón? {'Q' * 400}")
    links = answer.find_elements("css selector", "a[href*='#cite-']")
    spanish.click(links[0])
    spanish.wait(spanish.quoted)
    assert spanish.script("document.documentElement.scrollWidth <= window.innerWidth")
    for selector in ("#chat .message-content", "#source p"):
        assert spanish.script(
            f"[...document.querySelectorAll('{selector}')].every("
            "(one) => one.getBoundingClientRect().right <= window.innerWidth)"
        )
    spanish.find("#source .close")[0].click()
    spanish.size(1300)


def test_an_error_is_a_sentence_in_the_chat(spanish: Browser) -> None:
    """A question without words."""
    assert spanish.ask("???").text.startswith("La pregunta no tiene palabras")


def test_a_new_conversation_forgets(spanish: Browser) -> None:
    """No message and no source stays, and the examples come back."""
    spanish.find("#new")[0].click()
    spanish.wait(lambda: not spanish.find("#chat .message-row"))
    assert spanish.quoted() == ""
    example = spanish.wait(lambda: [button for button in spanish.find(".example") if button.text])[
        0
    ]
    question = example.text
    example.click()
    spanish.wait(lambda: spanish.find("#chat a[href*='#cite-']"))
    assert spanish.find("#chat .user-row")[0].text == question


def test_no_request_left_the_machine_and_nothing_failed(spanish: Browser) -> None:
    """All that the tests above did asked the server alone, without an error in the console."""
    spanish.collect()
    elsewhere = [
        url
        for url in spanish.requested
        if not url.startswith((spanish.address + "/", "data:", "chrome:"))
    ]
    assert any(url.startswith(f"{spanish.address}/source?") for url in spanish.requested)
    assert elsewhere == []
    assert spanish.errors == []


def test_an_english_browser_gets_an_english_page(
    address: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Heading, question box, buttons and source alike."""
    english = Browser(address, tmp_path_factory.mktemp("profile"), "en-US", 1300)
    try:
        assert english.find("h1")[0].text == "Ask your documents"
        box = english.find("#question textarea")[0]
        assert box.get_attribute("placeholder") == "Your question…"
        assert english.find("#question button")[0].text == "Ask"
        assert english.find("#new")[0].text == "New conversation"
        assert english.script("document.documentElement.lang").startswith("en")
        english.ask(QUESTION)
        english.wait(english.quoted)
        assert "paragraph 10" in english.source(".place")
    finally:
        english.driver.quit()


def test_a_document_that_has_changed_is_not_shown_as_quoted(spanish: Browser, folder: Path) -> None:
    """The link of an earlier answer says so, and marks no other words; nor does a removed one."""
    answer = spanish.ask("¿Cuántas toneladas de azafrán guarda el almacén de Zubrón?")
    links = answer.find_elements("css selector", "a[href*='#cite-']")
    stale = next(link for link in links if document_of(fragment(link)) == "hostile")
    spanish.wait(spanish.quoted)
    spanish.find("#source .close")[0].click()
    with Index.open(folder) as index:
        index.add([Document("hostile", f"Un párrafo nuevo.\n\n{HOSTILE}", title=TITLE)])
    spanish.click(stale)
    spanish.wait(lambda: "ha cambiado desde esta respuesta" in spanish.source("p"))
    assert spanish.quoted() == ""
    spanish.find("#source .close")[0].click()
    with Index.open(folder) as index:
        index.remove(["hostile"])
    spanish.click(stale)
    spanish.wait(lambda: "ya no está en el índice" in spanish.source("p"))


# What a page of another origin, or of a name that leads here, tries; it gives what it could read.
ATTEMPTS = """
const [address, source, done] = arguments;
const tried = async (path, options) => {
  try {
    const response = await fetch(address + path, options);
    return response.type === "opaque" ? "unreadable" : await response.text();
  } catch {
    return "unreadable";
  }
};
const asked = { data: ["¿Cuándo visitó Rubio México?", null, null, []], fn_index: 0 };
const post = { method: "POST", body: JSON.stringify({ ...asked, session_hash: "evil" }) };
const picture = new Promise((resolve) => {
  const image = new Image();
  image.onload = () => resolve("loaded");
  image.onerror = () => resolve("unreadable");
  image.src = address + "/favicon.ico";
});
Promise.all([
  tried("/config"),
  tried("/config", { credentials: "include" }),
  tried(source),
  tried(source, { mode: "no-cors" }),
  tried("/gradio_api/queue/join", { ...post, mode: "no-cors" }),
  tried("/gradio_api/queue/join", { ...post, headers: { "Content-Type": "application/json" } }),
  tried("/gradio_api/queue/data?session_hash=evil"),
  picture,
]).then(done);
"""


class Elsewhere(BaseHTTPRequestHandler):
    """Another site's page."""

    def do_GET(self) -> None:
        """An empty one."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def evil(address: str, tmp_path: Path) -> Iterator[Browser]:
    """A browser whose evil.example leads to this machine, with a citation's source open."""
    browser = Browser(address, tmp_path, "es-MX", 1300)
    browser.ask(QUESTION)
    browser.wait(browser.quoted)
    browser.driver.get_log("performance")
    yield browser
    browser.driver.quit()


def attempts(browser: Browser, address: str, source: str) -> tuple[list[str], set[int]]:
    """What the page that is shown could read of a chat, and the chat's answers as status."""
    read = browser.driver.execute_async_script(ATTEMPTS, address, source)
    messages = (
        json.loads(entry["message"])["message"] for entry in browser.driver.get_log("performance")
    )
    responses = [
        message["params"]["response"]
        for message in messages
        if message["method"] == "Network.responseReceived"
    ]
    return read, {
        response["status"] for response in responses if response["url"].startswith(address)
    }


def test_pages_of_other_sites_read_nothing_and_ask_nothing(evil: Browser) -> None:
    """By its own names or by another one; under a name that leads here, neither."""
    links = evil.find("#chat a[href*='#cite-']")
    source = f"/source?link={fragment(links[0]).replace('#', '%23')}"
    (own, own_status) = attempts(evil, evil.address, source)
    assert "más de 50" in own[2]
    assert own_status >= {200}
    port = evil.address.rpartition(":")[2]
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        evil.driver.get(f"http://evil.example:{site.server_port}/")
        for address in (evil.address, f"http://localhost:{port}", f"http://evil.example:{port}"):
            assert attempts(evil, address, source) == (["unreadable"] * 8, {403})
        site.shutdown()
    evil.driver.get(f"http://evil.example:{port}/")
    assert "no responde al nombre evil.example" in evil.find("body")[0].text
    read, statuses = attempts(evil, f"http://evil.example:{port}", source)
    assert statuses == {403}
    assert all(text == "unreadable" or "no responde al nombre" in text for text in read)


def test_an_index_that_is_replaced_while_the_chat_is_open(tmp_path: Path) -> None:
    """Opened again, the page offers its documents, answers from them, and says it is outdated."""
    for name, documents in (
        ("index", {"uno": "El faro se pintó en 1990.", "dos": "La torre es alta."}),
        ("other", {"tres": "El faro se pintó en 2024.", "seis": "El muelle es largo."}),
    ):
        with Index.open(tmp_path / name, create=True) as index:
            index.add([Document(id, text, title=id) for id, text in documents.items()])
    with Index.open(tmp_path / "other") as index, index.catalog.transaction():
        index.catalog.put("identity", f"{DEFAULT_MODEL}@{REVISIONS[DEFAULT_MODEL][0]}")
    with served(tmp_path / "index") as address:
        browser = Browser(address, tmp_path / "profile", "es-MX", 1300)
        assert "1990" in browser.ask("¿Cuándo se pintó el faro?").text
        assert not browser.find("#notice p")
        (tmp_path / "index").rename(tmp_path / "gone")
        (tmp_path / "other").rename(tmp_path / "index")
        browser.driver.get(address)
        notice = browser.wait(lambda: browser.find("#notice p"))[0]
        assert "se busca solo por palabras hasta que qa upgrade" in notice.text
        browser.find("#scope input")[0].click()
        browser.wait(lambda: sorted(browser.options()) == ["seis", "tres"])
        browser.pick("tres")
        assert "2024" in browser.ask("¿Cuándo se pintó el faro?").text
        kept = (tmp_path / "gone" / "citations.key").read_bytes()
        assert (tmp_path / "index" / "citations.key").read_bytes() == kept
        browser.driver.quit()
