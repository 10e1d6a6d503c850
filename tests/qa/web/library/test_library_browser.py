"""The page of documents in a real Chromium: add, watch, read, ask about it, remove."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.embedders import Embedder
from tests.qa.web.library.shelves import collection
from tests.qa.web.processes import Server, served
from tests.qa.web.test_browser import Browser, exceptions

pytestmark = pytest.mark.browser

WORDS = {
    "es-MX": {
        "title": "Documentos",
        "kind": "No se leen archivos de este tipo (.exe): conviértelo a PDF, DOCX, HTML o texto.",
        "indexed": "Indexado · 1 pasaje",
        "same": "Ya hay un archivo con este nombre",
        "keep": "Conservar los dos",
        "question": "¿Cuánto mide el faro?",
        "only": "Preguntar solo a este",
        "sure": "¿Quitar «Faro»?",
        "away": "Se quita del índice, y su archivo, que se añadió en esta página, se borra.",
        "back": "y el próximo qa index de su carpeta lo vuelve a añadir.",
        "removed": "«Faro» se ha quitado.",
        "remove": "Quitar",
        "cancel": "Cancelado",
        "files": "4 archivos",
        "empty": "Está vacío.",
        "none": "Aquí no hay ningún documento así.",
    },
    "en-US": {
        "title": "Documents",
        "kind": "Files of this type (.exe) are not read: convert it to PDF, DOCX, HTML or text.",
        "indexed": "Indexed · 1 passage",
        "same": "There is a file of this name already",
        "keep": "Keep both",
        "question": "¿Cuánto mide el faro?",
        "only": "Ask only this one",
        "sure": "Remove “Faro”?",
        "away": "and its file, which was added on this page, is deleted.",
        "back": "and the next qa index of its folder adds it again.",
        "removed": "“Faro” was removed.",
        "remove": "Remove",
        "cancel": "Cancelled",
        "files": "4 files",
        "empty": "It is empty; add text or leave it out.",
        "none": "There is no such document here.",
    },
}


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    work = tmp_path_factory.mktemp("library")
    collection(work, embedder)
    shutil.copytree(work / "index", work / "otro")
    (work / "faro.txt").write_text("Faro\n\nEl faro mide 30 metros.", encoding="utf-8")
    (work / "juego.exe").write_bytes(b"MZ")
    return work


@pytest.fixture(scope="module")
def server(work: Path) -> Iterator[Server]:
    folders = f"primera={work / 'index'},segunda={work / 'otro'}"
    with served("web", work / "index", work, "--collections", folders) as server:
        yield server


class Page(Browser):
    """The page of documents, in one language."""

    def text(self, selector: str) -> str:
        """The words of the first such element, "" where there is none."""
        try:
            found = self.find(selector)
            return str(found[0].text) if found else ""
        except exceptions.StaleElementReferenceException:
            return ""

    def says(self, selector: str, words: str) -> None:
        """Wait until the first such element has these words."""
        self.wait(lambda: words in self.text(selector))

    def names(self) -> list[str]:
        """The titles in the list."""
        names = "[...document.querySelectorAll('td.name')].map(cell => cell.firstChild.textContent)"
        return list(self.script(names))

    def press(self, label: str, within: str = "body") -> None:
        """Press the button, or follow the link, that is called so."""
        one = f'{within} :is(a, button):is([aria-label^="{label}"], :not([aria-label]))'

        def found() -> Any:
            try:
                return next(
                    (
                        element
                        for element in self.find(one)
                        if label in (element.get_attribute("aria-label") or element.text)
                    ),
                    None,
                )
            except exceptions.StaleElementReferenceException:
                return None

        self.click(self.wait(found))

    def select(self, selector: str, value: str) -> None:
        """Choose one of a list."""
        self.driver.execute_script(
            "arguments[0].value = arguments[1];"
            "arguments[0].dispatchEvent(new Event('change', { bubbles: true }));",
            self.wait(lambda: self.find(selector))[0],
            value,
        )

    def choose(self, *paths: Path) -> None:
        """Choose files, as in the system's dialog."""
        self.find("input[type=file]")[0].send_keys("\n".join(map(str, paths)))

    def drop(self, name: str, text: str) -> None:
        """Drop a file on the page."""
        self.driver.execute_script(
            "const data = new DataTransfer();"
            "data.items.add(new File([arguments[1]], arguments[0]));"
            "for (const kind of ['dragover', 'drop']) document.body.dispatchEvent("
            "new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));",
            name,
            text,
        )

    def violations(self) -> list[tuple[str, str]]:
        """What axe finds wrong with the page as it is, narrow and dark, wide and light."""
        found: list[tuple[str, str]] = []
        for width, theme in ((390, "dark"), (1280, "light")):
            self.size(width)
            media = [{"name": "prefers-color-scheme", "value": theme}]
            self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
            wide = self.script("document.documentElement.scrollWidth > innerWidth")
            found += [("wider than the window", "")] if wide else []
            found += super().violations()
        return found


@pytest.mark.parametrize("language", list(WORDS))
def test_add_watch_ask_and_remove(
    server: Server, work: Path, tmp_path: Path, language: str
) -> None:
    """From the chat and back; axe finds nothing on the way."""
    words = WORDS[language]
    page = Page(server.address, tmp_path / "profile", language, 1280)
    try:
        page.wait(lambda: page.find("#library"))[0].click()
        page.says("h1", words["title"])
        page.says(".count", words["files"])
        assert words["empty"] in page.text("tbody")
        adding(page, work, words)
        asking(page, words)
        page.press(words["title"], "#top")
        page.says("h1", words["title"])
        removing(page, words)
        assert not list((work / "index-uploads").glob("*.txt"))
        page.find("[type=search]")[0].send_keys("no hay tal")
        page.says(".none", words["none"])
        page.collect()
        assert [error for error in page.errors if "/documents" in error or "/web/" in error] == []
    finally:
        page.driver.quit()


def adding(page: Page, work: Path, words: dict[str, str]) -> None:
    """Chosen and dropped; of the same name, both are kept, or the new one is left."""
    page.choose(work / "faro.txt", work / "juego.exe")
    page.says(".uploads", words["kind"])
    page.says(".uploads", words["indexed"])
    page.wait(lambda: page.names().count("Faro") == 1)
    assert page.violations() == []
    page.drop("faro.txt", "Faro dos\n\nEl otro faro mide 12 metros.")
    page.says("dialog", words["same"])
    assert page.violations() == []
    page.press(words["keep"], "dialog")
    page.wait(lambda: "Faro dos" in page.names())
    assert "faro (2).txt" in page.text("tbody")
    page.drop("faro.txt", "Faro tres")
    page.says("dialog", words["same"])
    page.find("dialog button")[0].send_keys("\ue00c")  # Escape
    page.says(".uploads", words["cancel"])
    assert "Faro tres" not in page.names()


def asking(page: Page, words: dict[str, str]) -> None:
    """Find a document, read it, and ask about it alone."""
    page.find("[type=search]")[0].send_keys("dos")
    page.wait(lambda: page.names() == ["Faro dos"])
    page.press("Faro dos")
    page.says("dialog .text", "El otro faro mide 12 metros.")
    assert page.violations() == []
    page.press(words["only"], "dialog")
    page.wait(lambda: page.find("#question textarea") and page.find("#scope .token"))
    assert [token.text for token in page.find("#scope .token")] == ["Faro dos · faro (2).txt"]
    answer = page.ask(words["question"])
    assert "12 metros" in answer.text and "30 metros" not in answer.text


def removing(page: Page, words: dict[str, str]) -> None:
    """What is said before differs by where the file came from."""
    page.press(f"{words['remove']}: Faro")
    page.says("dialog h2", words["sure"])
    assert words["away"] in page.text("dialog")
    assert page.violations() == []
    page.find("dialog button")[1].click()
    page.says(".said", words["removed"])
    assert page.names().count("Faro") == 0
    page.press(f"{words['remove']}: Acta de la sesión")
    page.says("dialog", words["back"])
    page.find("dialog button")[0].click()
    page.press(f"{words['remove']}: Faro dos")
    page.says("dialog", words["away"])
    page.find("dialog button")[1].click()
    page.wait(lambda: "Faro dos" not in page.names())


def test_another_collection_is_another_conversation(
    server: Server, work: Path, tmp_path: Path
) -> None:
    """The list, what is added and the answers are its own, and the address says which it is."""
    page = Page(f"{server.address}/documents", tmp_path / "profile", "es-MX", 1280, "tbody tr")
    try:
        page.select("label.collection select", "segunda")
        page.wait(lambda: "collection=segunda" in page.driver.current_url)
        page.drop("puente.txt", "Puente\n\nEl puente se cerró en 1998.")
        page.wait(lambda: "Puente" in page.names())
        assert (work / "otro-uploads" / "puente.txt").is_file()
        page.press("Preguntar solo a este: Puente")
        page.wait(lambda: page.find("#scope .token"))
        assert "1998" in page.ask("¿Cuándo se cerró el puente?").text
        page.select("#collection select", "primera")
        page.wait(lambda: "collection" not in page.driver.current_url)
        page.wait(lambda: page.find("#collection select") and page.find("#question textarea"))
        page.wait(lambda: page.find("#scope input"))
        assert page.find("#chat .bot-row") == page.find("#scope .token") == []
        assert "1998" not in page.ask("¿Cuándo se cerró el puente?").text
        # Each has conversations of its own, and there it goes on.
        page.wait(lambda: page.find("#collection select"))
        page.select("#collection select", "segunda")
        page.wait(lambda: [row for row in page.find("#chat .bot-row") if "1998" in row.text])
    finally:
        page.driver.quit()
