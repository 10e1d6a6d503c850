"""The page of a citation in a real Chromium: what a person sees and reaches, in both languages."""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from index import Index
from tests.qa.web.test_browser import Browser, served
from tests.qa.web.viewer.drawn import drawn, law

pytestmark = pytest.mark.browser

ESCAPE, TAB, ENTER = "\ue00c", "\ue004", "\ue007"
FINE = "¿De cuánto es la multa por abrir una compuerta fuera de turno?"
BOXES = "[...document.querySelectorAll('#source .boxes .{0}')]"
READY = "(() => { const image = document.querySelector('#source .paper img'); "
READY += "return image?.complete && image.naturalWidth > 0 && !image.closest('.waiting') })()"


@dataclass
class Site:
    """A chat over a folder of files."""

    files: Path
    index: Path
    address: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A law with two articles and a table, a long table, and a note."""
    folder = tmp_path_factory.mktemp("viewer")
    files = folder / "files"
    files.mkdir()
    (files / "ley-aguas.pdf").write_bytes(law())
    (files / "faro.txt").write_text("El faro de Punta Brava se pintó en 1990, con cal.\n")
    rows = "\n".join(f"Muelle {number};{number}" for number in range(40))
    (files / "barcos.csv").write_text(f"Puerto;Barcos\n{rows}\nPuerto Viejo;71\n")
    with Index.open(folder / "index", create=True) as index:
        assert not index.sync(files).failed
    with served(folder / "index") as address:
        yield Site(files, folder / "index", address)


@pytest.fixture(scope="module")
def spanish(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(site.address, tmp_path_factory.mktemp("profile"), "es-MX", 1280)
    yield browser
    browser.driver.quit()


@pytest.fixture(scope="module")
def english(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(site.address, tmp_path_factory.mktemp("profile"), "en-US", 1280)
    yield browser
    browser.driver.quit()


def cite(browser: Browser, question: str) -> Any:
    """Ask, and open the first citation; its link."""
    answer = browser.ask(question)
    link = answer.find_elements("css selector", "a[href*='#cite-']")[0]
    browser.click(link)
    browser.wait(lambda: browser.find("#source h2"))
    return link


def shown(browser: Browser) -> None:
    """Wait until the picture of the page is there."""
    browser.wait(lambda: browser.script(READY))


def boxes(browser: Browser, kind: str) -> list[dict[str, float]]:
    """Where the boxes of a kind are in the window."""
    of_kind = BOXES.format(kind)
    found: list[dict[str, float]] = browser.script(
        f"{of_kind}.map(box => box.getBoundingClientRect().toJSON())"
    )
    return found


def button(browser: Browser, name: str) -> Any:
    """The button of the source with this name."""
    for element in browser.find("#source button, #source a"):
        if name in {element.get_attribute("aria-label"), element.text.split("\n")[0]}:
            return element
    raise AssertionError(name)


def picture(browser: Browser) -> Image.Image:
    """The window as it is seen, in grey."""
    data = base64.b64decode(browser.driver.get_screenshot_as_base64())
    return Image.open(io.BytesIO(data)).convert("RGB")


def move(browser: Browser, element: Any) -> None:
    """Move the mouse onto an element."""
    from selenium.webdriver import ActionChains

    ActionChains(browser.driver).move_to_element(element).perform()


def test_the_page_with_the_words_boxed(spanish: Browser) -> None:
    """In sight, over their letters; the words that answer stand out more."""
    cite(spanish, FINE)
    shown(spanish)
    (answer,) = boxes(spanish, "answer")
    quote = boxes(spanish, "quote")
    assert len(quote) == 3
    assert quote[0]["left"] < answer["left"] < answer["right"] < quote[0]["right"]
    assert answer["top"] == pytest.approx(quote[0]["top"], abs=1)
    frame = spanish.script(
        "document.querySelector('#source .frame').getBoundingClientRect().toJSON()"
    )
    assert frame["top"] <= answer["top"] < answer["bottom"] <= frame["bottom"]
    seen = picture(spanish)
    area = tuple(round(answer[side]) for side in ("left", "top", "right", "bottom"))
    colours = seen.crop(area).getcolors(10_000)  # type: ignore[arg-type]
    assert colours is not None
    assert max(colours)[1][2] < 130  # type: ignore[index]  # yellow: little blue
    assert min(sum(colour) for _, colour in colours) < 300  # type: ignore[arg-type]
    alt = spanish.script("document.querySelector('#source img').alt")
    assert alt == "Página 1 de Ley de Aguas de Riego del Valle"
    assert "página 1" in spanish.source(".place")


def test_pages_zoom_and_text(spanish: Browser) -> None:
    """The next page has no boxes; larger, the words stay in sight; the text is one step away."""
    assert spanish.source(".count") == "1 de 3"
    assert not button(spanish, "Página anterior").is_enabled()
    button(spanish, "Página siguiente").click()
    spanish.wait(lambda: spanish.source(".count") == "2 de 3")
    shown(spanish)
    assert boxes(spanish, "quote") == []
    button(spanish, "Página anterior").click()
    shown(spanish)
    width = boxes(spanish, "answer")[0]["width"]
    for _ in range(3):
        button(spanish, "Ampliar").click()
    (answer,) = boxes(spanish, "answer")
    assert answer["width"] == pytest.approx(3 * width, rel=0.05)
    frame = spanish.script(
        "document.querySelector('#source .frame').getBoundingClientRect().toJSON()"
    )
    assert frame["left"] <= answer["left"] < answer["right"] <= frame["right"]
    assert frame["top"] <= answer["top"] < answer["bottom"] <= frame["bottom"]
    button(spanish, "Ajustar").click()
    button(spanish, "Texto").click()
    (mark,) = spanish.find("#source mark")
    assert mark.is_displayed()
    assert "pagará una multa de 350 pesos" in mark.text
    assert not spanish.find("#source .frame")[0].is_displayed()
    assert button(spanish, "Texto").get_attribute("aria-pressed") == "true"
    button(spanish, "Página").click()
    shown(spanish)


def test_other_citations_of_the_document(spanish: Browser) -> None:
    """Those of the same answer, one after the other, also on another page."""
    answer = spanish.ask("¿Qué dice la ley sobre la junta de regantes?")
    links = answer.find_elements("css selector", "a[href*='#cite-']")
    assert len(links) == 2
    spanish.click(links[0])
    spanish.wait(lambda: spanish.source(".hits .count") == "Cita 1 de 2")
    assert spanish.source(".pages .count") == "2 de 3"
    assert not button(spanish, "Cita anterior").is_enabled()
    button(spanish, "Cita siguiente").click()
    spanish.wait(lambda: spanish.source(".hits .count") == "Cita 2 de 2")
    assert spanish.source("h2").startswith("[2]")
    assert spanish.source(".pages .count") == "1 de 3"
    assert links[1].get_attribute("aria-current") == "true"
    assert not button(spanish, "Cita siguiente").is_enabled()
    button(spanish, "Cita anterior").click()
    spanish.wait(lambda: spanish.source(".hits .count") == "Cita 1 de 2")
    spanish.find("#new")[0].click()
    spanish.wait(lambda: not spanish.find("#chat .message-row"))
    cite(spanish, FINE)
    shown(spanish)


def test_a_citation_that_comes_while_another_one_is_open(spanish: Browser) -> None:
    """An answer is drawn as it grows, and again: how many citations it has is true all the same."""
    answer = spanish.ask("¿Qué dice la ley sobre la junta de regantes?")
    links = answer.find_elements("css selector", "a[href*='#cite-']")
    spanish.driver.execute_script(
        "window.later = arguments[0]; window.gap = document.createElement('span');"
        "window.later.replaceWith(window.gap)",
        links[1],
    )
    spanish.click(links[0])
    spanish.wait(lambda: spanish.source(".pages .count") == "2 de 3")
    assert not spanish.find("#source .hits")[0].is_displayed()
    spanish.driver.execute_script(
        "const link = arguments[0]; link.replaceWith(link.cloneNode(true));"
        "window.gap.replaceWith(window.later)",
        links[0],
    )
    spanish.wait(lambda: spanish.source(".hits .count") == "Cita 1 de 2")
    assert spanish.find("#source .hits")[0].is_displayed()
    assert len(spanish.find("#chat a[aria-current]")) == 1
    spanish.find("#new")[0].click()
    spanish.wait(lambda: not spanish.find("#chat .message-row"))
    cite(spanish, FINE)
    shown(spanish)


def test_the_original_opens_and_the_link_is_copied(spanish: Browser, site: Site) -> None:
    """The browser's own viewer shows the file; the link opens the source on a page of its own."""
    opened = button(spanish, "Abrir original").get_attribute("href")
    assert opened.endswith("#page=1")
    fetched = spanish.driver.execute_async_script(
        "const done = arguments[1]; fetch(arguments[0]).then(r => r.headers.get('content-type'))"
        ".then(done)", opened,
    )  # fmt: skip
    assert fetched == "application/pdf"
    kept = spanish.driver.execute_async_script(
        "const done = arguments[1]; fetch(arguments[0])"
        ".then(r => r.headers.get('content-disposition')).then(done)",
        button(spanish, "Descargar").get_attribute("href"),
    )
    assert kept == "attachment; filename*=UTF-8''ley-aguas.pdf"
    # As on plain http, where a browser has no clipboard.
    spanish.driver.execute_script(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });"
        "document.addEventListener('copy', () => {"
        "  window.copied = document.activeElement.value })"
    )
    copying = button(spanish, "Copiar enlace")
    copying.click()
    spanish.wait(lambda: copying.text == "Copiado")
    address = spanish.script("window.copied")
    assert address.startswith(f"{site.address}/c/")
    spanish.driver.switch_to.new_window("tab")
    spanish.driver.get(address)
    shown(spanish)
    assert spanish.source("h2") == "Ley de Aguas de Riego del Valle"
    assert len(boxes(spanish, "answer")) == 1
    assert spanish.script("document.title") == "Ley de Aguas de Riego del Valle · qa"
    assert spanish.violations() == []
    spanish.size(390)
    assert spanish.script("document.documentElement.scrollWidth <= window.innerWidth")
    small = [
        element.text
        for element in spanish.find("#source button, #source .tools a")
        if element.is_displayed() and min(element.rect["width"], element.rect["height"]) < 44
    ]
    assert small == []
    spanish.size(1280)
    spanish.driver.get(address[:-2])
    assert "ya no está en el índice" in spanish.find("[role=alert]")[0].text
    spanish.driver.close()
    spanish.driver.switch_to.window(spanish.driver.window_handles[0])


def test_the_quote_beside_its_number(spanish: Browser) -> None:
    """By the keyboard: shown on focus, described by it, closed by Escape, which closes no more."""
    spanish.script("document.querySelector('#new').focus()")
    for _ in range(12):
        spanish.driver.switch_to.active_element.send_keys(TAB)
        if "#cite-" in (spanish.driver.switch_to.active_element.get_attribute("href") or ""):
            break
    tip = spanish.wait(lambda: [t for t in spanish.find("[role=tooltip]") if t.is_displayed()])[0]
    assert "pagará una multa de 350 pesos" in tip.text
    described = spanish.driver.switch_to.active_element.get_attribute("aria-describedby")
    assert described == tip.get_attribute("id")
    spanish.driver.switch_to.active_element.send_keys(ESCAPE)
    assert not tip.is_displayed()
    assert spanish.find("#source h2")
    # And by the mouse, which may rest on it.
    link = spanish.driver.switch_to.active_element
    heading = spanish.find("#heading")[0]
    for element in (heading, link):
        move(spanish, element)
    spanish.wait(tip.is_displayed)
    move(spanish, tip)
    assert tip.is_displayed()
    move(spanish, heading)
    spanish.wait(lambda: not tip.is_displayed())


def test_a_table_is_a_table(spanish: Browser) -> None:
    """With its header, and the cells that are quoted marked."""
    cite(spanish, "¿Cuántos barcos tiene Puerto Viejo?")
    spanish.wait(lambda: spanish.find("#source table"))
    assert [cell.text for cell in spanish.find("#source th[scope=col]")] == ["Puerto", "Barcos"]
    (row,) = spanish.find("#source tr.cited")
    assert row.text.split() == ["Puerto", "Viejo", "71"]
    assert row.find_elements("css selector", "mark strong")[0].text == "71"
    assert spanish.find("#source .frame") == []


def test_in_english(english: Browser) -> None:
    """All names and sentences; a text file has its text alone."""
    cite(english, FINE)
    shown(english)
    assert english.source(".count") == "1 of 3"
    names = ["Page", "Text", "Copy link", "Open original", "Download"]
    assert [
        element.text.split("\n")[0] for element in english.find("#source .tools :is(button, a)")
    ] == names
    assert english.script("document.querySelector('#source img').alt").startswith("Page 1 of Ley")
    cite(english, "¿Cuándo se pintó el faro de Punta Brava?")
    english.wait(lambda: "1990" in english.quoted())
    assert english.find("#source .toggle") == []


def test_a_file_that_has_changed_shows_its_text(english: Browser, site: Site) -> None:
    """With one sentence that says why, and without what would open it; nothing has failed."""
    english.collect()
    assert english.errors == []
    (site.files / "ley-aguas.pdf").write_bytes(
        drawn(lambda canvas: canvas.drawString(60, 700, "Otra ley."))
    )
    cite(english, FINE)
    english.wait(lambda: "has changed since it was read" in english.source(".notice"))
    assert "pagará una multa de 350 pesos" in english.find("#source mark")[0].text
    assert english.find("#source .toggle, #source .tools a") == []
    (site.files / "ley-aguas.pdf").unlink()
    english.find("#source .close")[0].click()
    cite(english, FINE)
    english.wait(lambda: "is no longer where it was read" in english.source(".notice"))


def test_nothing_failed_and_nothing_left_the_machine(spanish: Browser, site: Site) -> None:
    """In all of the above."""
    spanish.collect()
    away = [
        url for url in spanish.requested if not url.startswith((site.address, "data:", "chrome"))
    ]
    assert away == []
    assert [error for error in spanish.errors if "404" not in error] == []
