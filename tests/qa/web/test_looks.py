"""The chat's looks in a real Chromium: language, colours, sizes, notices, and axe in each state."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Index
from tests.qa.web.processes import served
from tests.qa.web.test_browser import Browser

pytestmark = pytest.mark.browser

LAW = """# Ley de aguas de San Andrés

La multa por desperdiciar agua es de 2,400 pesos la primera vez.

El recargo por pagar tarde es del diez por ciento.

| Uso | Tarifa por metro cúbico | Cuota fija |
|---|---|---|
| Doméstico | 12.50 pesos | 80 pesos |
| Industrial | 34.75 pesos | 420 pesos |
"""
NAME = "acta-de-la-sesion-ordinaria-del-cabildo-numero-catorce.md"
MINUTES = """# Acta de la sesión ordinaria del cabildo celebrada en el salón de la presidencia

El cabildo aprobó por nueve votos que el pozo número 4 vuelva a funcionar el 1 de junio de 2024.
"""
QUESTIONS = [
    "¿De cuánto es la multa por desperdiciar agua?",
    "¿Cuál es la tarifa de uso industrial?",
    "¿Quién ganó el Mundial de futbol de 2022?",
    "???",
]
# Of every frame: whether the page, and its body once there is one, is dark.
FRAMES = """
window.frames_ = [];
const look = () => {
  const root = document.documentElement;
  if (root && document.body) {
    const dark = [root, document.body].map((one) => one.classList.contains("dark"));
    window.frames_.push([...dark, getComputedStyle(root).backgroundColor].join(" "));
  }
  requestAnimationFrame(look);
};
look();
addEventListener("DOMContentLoaded", () => {
  window.begun = [document.body.classList.contains("dark"), navigator.language];
});
"""
OLD = "performance.now() > 3000"  # milliseconds since the page was loaded


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two small documents, one with a long title and a long name."""
    work = tmp_path_factory.mktemp("looks")
    (work / "documents").mkdir()
    (work / "documents" / "ley.md").write_text(LAW, encoding="utf-8")
    (work / "documents" / NAME).write_text(MINUTES, encoding="utf-8")
    with Index.open(work / "index", create=True) as index:
        index.sync(work / "documents")
    return work / "index"


@pytest.fixture(scope="module")
def spanish(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Spanish browser with an empty conversation."""
    work = tmp_path_factory.mktemp("work")
    with served("web", folder, work) as server:
        browser = Browser(server.address, work / "profile", "es-MX", 1280)
        yield browser
        browser.driver.quit()


@pytest.fixture(scope="module")
def asked(spanish: Browser) -> Browser:
    """With an answer, one from a table, a refusal and an error."""
    for question in QUESTIONS:
        spanish.ask(question)
    return spanish


def choose(browser: Browser, name: str) -> None:
    """Choose in the menu on top."""
    browser.hold()
    if not browser.find("#settings [open]"):
        browser.wait(lambda: browser.find("#settings summary"))[0].click()
    named = browser.wait(
        lambda: [button for button in browser.find("#settings button") if button.text == name]
    )
    named[0].click()


def reload(browser: Browser) -> None:
    browser.driver.refresh()
    browser.wait(lambda: browser.find("#settings summary") and browser.find("#scope input"))


def system(browser: Browser, **features: str) -> None:
    """What the system prefers, as ``prefers_color_scheme="dark"``."""
    given = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": given})


def seen(browser: Browser) -> dict[str, Any]:
    """The words of the page that come from different places."""
    words: dict[str, Any] = browser.script(
        "({ lang: document.documentElement.lang, title: document.title,"
        " heading: document.querySelector('h1').textContent,"
        " box: document.querySelector('#question textarea').placeholder,"
        " ask: document.querySelector('#question .submit-button').textContent.trim(),"
        " scope: document.querySelector('#scope input').placeholder,"
        " label: document.querySelector('#scope input').ariaLabel,"
        " menu: document.querySelector('#settings summary').ariaLabel,"
        " hint: document.querySelector('#hint h2').textContent })"
    )
    return words


WORDS = {
    "es": {
        "lang": "es", "title": "Pregunta a tus documentos", "heading": "Pregunta a tus documentos",
        "box": "Tu pregunta…", "ask": "Preguntar", "scope": "Todos los documentos",
        "label": "Buscar en", "menu": "ES · Idioma y apariencia", "hint": "Fuente",
    },
    "en": {
        "lang": "en", "title": "Ask your documents", "heading": "Ask your documents",
        "box": "Your question…", "ask": "Ask", "scope": "All documents",
        "label": "Search in", "menu": "EN · Language and appearance", "hint": "Source",
    },
}  # fmt: skip


def test_the_language_that_is_chosen_lasts(spanish: Browser) -> None:
    """In all of the page, in what the server says, and when the page is loaded again."""
    reload(spanish)
    assert seen(spanish) == WORDS["es"]
    choose(spanish, "English")
    spanish.wait(lambda: spanish.script("document.documentElement.lang") == "en")
    spanish.wait(lambda: spanish.find("#settings summary") and spanish.find("#scope input"))
    spanish.wait(lambda: seen(spanish) == WORDS["en"])
    assert "question" in spanish.ask("???").text
    reload(spanish)
    assert seen(spanish) == WORDS["en"]
    assert spanish.script("navigator.language") == "en"
    choose(spanish, "Español")
    spanish.wait(lambda: spanish.script("document.documentElement.lang") == "es")
    spanish.wait(lambda: spanish.find("#settings summary") and spanish.find("#scope input"))
    spanish.wait(lambda: seen(spanish) == WORDS["es"])


@pytest.mark.parametrize(
    ("name", "of_the_system", "dark"),
    [("Oscura", "light", True), ("Clara", "dark", False), ("Del sistema", "dark", True)],
)
def test_the_colours_that_are_chosen_last(
    spanish: Browser, name: str, of_the_system: str, dark: bool
) -> None:
    """At once, and from the first frame when the page is loaded again."""
    system(spanish, prefers_color_scheme=of_the_system)
    choose(spanish, name)
    spanish.wait(lambda: spanish.script("document.body.classList.contains('dark')") is dark)
    added = spanish.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument", {"source": FRAMES}
    )
    try:
        reload(spanish)
        assert spanish.script("window.begun") == [dark, "es-MX"]
        frames = spanish.script("[...new Set(window.frames_)]")
        assert len(frames) == 1
        assert frames[0].startswith("true true" if dark else "false false")
        pressed = [one.text for one in spanish.find("#settings button[aria-pressed='true']")]
        spanish.find("#settings summary")[0].click()
        pressed = [one.text for one in spanish.find("#settings button[aria-pressed='true']")]
        assert pressed == ["Español", name]
        # As the system: also when that changes.
        other = "light" if of_the_system == "dark" else "dark"
        system(spanish, prefers_color_scheme=other)
        now = dark if name != "Del sistema" else other == "dark"
        spanish.wait(lambda: spanish.script("document.body.classList.contains('dark')") is now)
    finally:
        spanish.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)
        system(spanish, prefers_color_scheme="light")


def test_the_menu_by_the_keyboard(spanish: Browser) -> None:
    """Enter opens it, Escape closes it and gives the focus back; leaving it closes it."""
    reload(spanish)
    summary = spanish.find("#settings summary")[0]
    summary.send_keys("\ue007")
    assert spanish.find("#settings [open]")
    spanish.driver.switch_to.active_element.send_keys("\ue004")
    assert spanish.driver.switch_to.active_element.text == "Español"
    spanish.driver.switch_to.active_element.send_keys("\ue00c")
    assert not spanish.find("#settings [open]")
    assert spanish.driver.switch_to.active_element == summary
    summary.send_keys("\ue007")
    spanish.script("document.querySelector('#question textarea').focus()")
    assert not spanish.find("#settings [open]")


def test_an_answer_is_read_aloud_once(spanish: Browser) -> None:
    """Not each piece of it: the log is silent, and a status says it when it has ended."""
    reload(spanish)
    spanish.script(
        "(() => { window.said = []; const status = document.querySelector('#chat [role=status]'"
        " + '.qa-hidden'); new MutationObserver(() => said.push(status.textContent))"
        ".observe(status, { childList: true, characterData: true, subtree: true }) })()"
    )
    spanish.ask(QUESTIONS[0])
    said = spanish.wait(lambda: len(spanish.script("said")) > 1 and spanish.script("said"))
    assert said[0] == "Buscando la respuesta…"
    assert len(said) == 2
    assert "2,400 pesos" in said[1]
    log = spanish.find("#chat [role=log]")[0]
    assert log.get_attribute("aria-live") == "off"
    assert log.get_attribute("aria-label") == "Conversación"


def test_what_is_touched_is_large_enough(asked: Browser) -> None:
    """At least 44 pixels high; a citation among words is hit beside it too."""
    asked.size(390)
    choose(asked, "Español")
    small = asked.script(
        "[...document.querySelectorAll('button, summary, #scope .wrap-inner')]"
        ".filter((one) => one.checkVisibility() && one.getClientRects().length)"
        ".map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect().height])"
        ".filter(([, height]) => height < 44)"
    )
    assert small == []
    asked.find("#settings summary")[0].click()
    hit = asked.script(
        "(() => { const link = document.querySelector('#chat a[href^=\"#cite-\"]');"
        " link.scrollIntoView({ block: 'center' }); const box = link.getBoundingClientRect();"
        " const x = box.x + box.width / 2, y = box.y + box.height / 2;"
        " return [-20, 20].map((far) => document.elementFromPoint(x, y + far) === link) })()"
    )
    assert hit == [True, True]
    asked.size(1280)


@pytest.mark.parametrize("width", [1280, 640, 390, 320])
def test_nothing_is_lost_when_enlarged_or_spaced_out(asked: Browser, width: int) -> None:
    """640 pixels are 1280 at 200 %; text spaced as WCAG 1.4.12 says is not cut off."""
    asked.size(width)
    spaced = (
        "* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
        " word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"
    )
    asked.driver.execute_script(
        "const style = document.createElement('style'); style.id = 'spaced';"
        "style.textContent = arguments[0]; document.head.append(style)",
        spaced,
    )
    try:
        assert asked.script("document.documentElement.scrollWidth <= window.innerWidth")
        cut = asked.script(
            "[...document.querySelectorAll('button, summary, .message-content p, #hint p')]"
            ".filter((one) => one.checkVisibility() && one.id !== 'new')"
            ".filter((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth)"
            ".map((one) => one.outerHTML.slice(0, 90))"
        )
        assert cut == []
    finally:
        asked.script("document.getElementById('spaced').remove()")
        asked.size(1280)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(asked: Browser, theme: str) -> None:
    """Answers, source, menu, history, and documents to choose from."""
    system(asked, prefers_color_scheme=theme)
    choose(asked, "Del sistema")
    asked.wait(
        lambda: asked.script("document.body.classList.contains('dark')") is (theme == "dark")
    )
    assert asked.violations() == []
    asked.find("#settings summary")[0].click()
    for width in (1280, 768, 390):
        asked.size(width)
        assert asked.violations() == [], width
        asked.click(asked.find("#chat a[href*='#cite-']")[0])
        asked.wait(asked.quoted)
        assert asked.violations() == [], width
        asked.find("#source .close")[0].click()
    asked.size(1280)
    asked.find("#history")[0].click()
    assert asked.violations() == []
    asked.find("#history-list .head button")[0].click()
    scope = asked.find("#scope input")[0]
    scope.click()
    still = "document.querySelector('#scope .options')?.getAnimations().length === 0"
    asked.wait(lambda: asked.script(still))  # it fades in
    assert asked.violations() == []
    scope.send_keys("\ue00c")
    system(asked, prefers_color_scheme="light")


LOST = {
    "es-MX": ("Se perdió la conexión con el servidor.", "Cerrar"),
    "en-US": ("The connection to the server was lost.", "Close"),
}


def test_a_lost_connection_is_said_and_found_again(folder: Path, tmp_path: Path) -> None:
    """In the page's language; when the server is back, so is the page."""
    with served("web", folder, tmp_path) as server:
        pages = {
            language: Browser(server.address, tmp_path / language, language, 390)
            for language in LOST
        }
    try:
        for language, (sentence, closes) in LOST.items():
            browser = pages[language]
            browser.find("#question textarea")[0].send_keys(QUESTIONS[0] + "\ue007")
            toast = browser.wait(lambda: browser.find("[data-testid='toast-text']"))[0]  # noqa: B023
            browser.wait(lambda: toast.text.startswith(sentence))  # noqa: B023
            close = browser.find("[data-testid='toast-close']")[0]
            assert close.get_attribute("aria-label") == closes
        port = server.address.rpartition(":")[2]
        with served("web", folder, tmp_path, "--port", port):
            for browser in pages.values():
                browser.wait(lambda: not browser.find("[data-testid='toast-text']"))  # noqa: B023
                # Gradio loads the page again, sometimes twice.
                browser.wait(lambda: browser.find("#scope input") and browser.script(OLD))  # noqa: B023
                assert "2,400 pesos" in browser.ask(QUESTIONS[0]).text
    finally:
        for browser in pages.values():
            browser.driver.quit()
