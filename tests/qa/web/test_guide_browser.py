"""What the chat suggests, and what people think of its answers, in a real Chromium."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index import Index
from tests.qa.web.test_browser import Browser, served

pytestmark = pytest.mark.browser

TENDER = (
    "Licitación de la biblioteca\n\n1. Presupuesto base: 1.240.000 euros, sin impuestos.\n\n"
    "2. Plazo de ejecución: 14 meses desde la firma del acta de replanteo.\n"
)
MUSEUM = (
    "Harrelmouth Museum\n\n1. Entrance fee: 12 pounds for adults, 5 for children.\n\n"
    "2. Opening hours: from 10 to 18, every day but Monday.\n"
)
TOWER = "La torre de la iglesia la construyó Rosario Belmaña, arquitecta municipal.\n"


@dataclass(frozen=True)
class Words:
    """What a person asks and sees in one language."""

    example: str
    chip: str
    answer: str
    good: str
    bad: str
    thanks: str
    refused: str
    everywhere: str
    elsewhere: str  # a question that only another document answers
    nobody: str
    unread: str
    wordless: str
    long: str


WORDS = {
    "es-MX": Words(
        "¿Cuál es el plazo de ejecución?", "¿Cuál es el presupuesto base?", "1.240.000",
        "Esto está bien", "Esto está mal", "Gracias por el comentario.",
        "El documento elegido no lo dice", "Buscar en todos", "¿Cuál es el presupuesto base?",
        "¿Quién ganó el Mundial de futbol?", "Un archivo no se pudo leer: puede que lo diga",
        "La pregunta no tiene palabras: escribe lo que quieres saber.",
        "La pregunta es demasiado larga: escríbela en menos de 10.000 caracteres.",
    ),
    "en-US": Words(
        "What are the opening hours?", "What is the entrance fee?", "12 pounds",
        "This is right", "This is wrong", "Thank you for the comment.",
        "The chosen document does not say", "Search in all", "What is the entrance fee?",
        "Who won the football World Cup?", "One file could not be read: it may say it",
        "The question has no words: write what you want to know.",
        "The question has 10,001 characters: ask in 10,000 or fewer.",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("guide")
    (path / "docs").mkdir()
    for name, text in {"licitacion": TENDER, "museum": MUSEUM, "torre": TOWER}.items():
        (path / "docs" / f"{name}.txt").write_text(text, encoding="utf-8")
    (path / "docs" / "roto.pdf").write_bytes(b"%PDF-1.4 broken")
    with Index.open(path / "index", create=True) as index:
        index.sync(path / "docs")
    return path / "index"


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module", params=list(WORDS))
def opened(
    address: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[Browser, Words]]:
    """The chat in one language, and its words."""
    browser = Browser(address, tmp_path_factory.mktemp("profile"), request.param, 1280)
    yield browser, WORDS[request.param]
    browser.driver.quit()


def violations(browser: Browser) -> list[Any]:
    """What axe finds wrong in welcome and conversation, wide and light, narrow and dark."""
    found = []
    for width, dark in ((1280, "remove"), (390, "add")):
        browser.size(width)
        browser.script(f"document.body.classList.{dark}('dark')")
        found += browser.violations()
    browser.script("document.body.classList.remove('dark')")
    browser.size(1280)
    return found


def texts(browser: Browser, selector: str) -> list[str]:
    """The words of some elements."""
    code = f"[...document.querySelectorAll({selector!r})].map((one) => one.textContent.trim())"
    found: list[str] = browser.script(code)
    return found


def last_rating(folder: Path) -> dict[str, Any]:
    """The last line of the file of ratings."""
    text = (folder / "feedback.jsonl").read_text(encoding="utf-8")
    line: dict[str, Any] = json.loads(text.splitlines()[-1])
    return line


def test_examples_come_without_a_jump(opened: tuple[Browser, Words]) -> None:
    """None is empty, and the heading stays where it was before they came."""
    browser, words = opened
    top = "document.querySelector('#welcome h2').getBoundingClientRect().top"
    before = browser.script(top)
    browser.wait(lambda: words.example in texts(browser, "#examples .example"))
    assert browser.script(top) == before
    assert "" not in texts(browser, ".example")
    assert len(texts(browser, "#examples .example")) == 4
    assert violations(browser) == []


def test_an_example_is_asked_and_another_question_follows(opened: tuple[Browser, Words]) -> None:
    """One click each; what was asked is suggested no more, and what is typed stays."""
    browser, words = opened
    box = browser.find("#question textarea")[0]
    box.send_keys("¿y")
    examples = browser.find("#examples .example")
    browser.click(next(one for one in examples if one.text == words.example))
    browser.wait(lambda: words.chip in texts(browser, "#chat .follow .example"))
    assert violations(browser) == []
    chips = browser.find("#chat .follow .example")
    browser.click(next(one for one in chips if one.text == words.chip))
    browser.wait(lambda: len(browser.find("#chat .bot-row")) == 2)
    browser.wait(lambda: words.answer in texts(browser, "#chat .bot-row")[-1])
    assert texts(browser, "#chat .user-row .message-content")[-1] == words.chip
    browser.wait(lambda: not browser.find("#question .stop-button"))
    asked = {words.example, words.chip}
    assert asked.isdisjoint(texts(browser, "#chat .follow .example"))
    assert box.get_attribute("value") == "¿y"
    box.clear()


def test_an_answer_is_rated_with_the_keyboard(opened: tuple[Browser, Words], folder: Path) -> None:
    """Wrong, then why; then right after all. Each is a line, and the last one counts."""
    browser, words = opened
    bars = browser.wait(lambda: browser.find("#chat .rating"))
    bad = next(
        one for one in bars[-1].find_elements("css selector", "button") if one.text == words.bad
    )
    browser.script("document.activeElement.blur()")
    bad.send_keys("\ue007")
    browser.wait(lambda: bad.get_attribute("aria-pressed") == "true")
    assert (last_rating(folder)["verdict"], last_rating(folder)["comment"]) == ("bad", "")
    field = bars[-1].find_elements("css selector", "input")[0]
    field.send_keys("No <b>es</b> eso\ue007")
    browser.wait(lambda: words.thanks in texts(browser, "#chat .rating .said"))
    line = last_rating(folder)
    assert (line["verdict"], line["comment"]) == ("bad", "No <b>es</b> eso")
    assert line["question"] == words.chip
    assert words.answer in line["citations"][0]["quote"]
    assert violations(browser) == []
    good = next(
        one for one in bars[-1].find_elements("css selector", "button") if one.text == words.good
    )
    good.send_keys("\ue007")
    browser.wait(lambda: good.get_attribute("aria-pressed") == "true")
    assert bad.get_attribute("aria-pressed") == "false"
    assert (last_rating(folder)["verdict"], last_rating(folder)["answer"]) == (
        "good",
        line["answer"],
    )


def test_a_wrong_scope_is_said_and_left_with_one_click(opened: tuple[Browser, Words]) -> None:
    """The same question in all documents; none stays chosen."""
    browser, words = opened
    browser.find("#new")[0].click()
    browser.wait(lambda: not browser.find("#chat .message-row"))
    browser.pick("torre")
    refused = browser.ask(words.elsewhere)
    assert refused.text.startswith(words.refused)
    link = refused.find_elements("css selector", "a[href='#everywhere']")[0]
    assert link.text == words.everywhere
    assert violations(browser) == []
    browser.click(link)
    browser.wait(lambda: len(browser.find("#chat .bot-row")) == 2)
    browser.wait(lambda: "[1]" in texts(browser, "#chat .bot-row")[-1])
    asked = texts(browser, "#chat .user-row .message-content")
    assert asked == [words.elsewhere] * 2
    assert not browser.find("#scope .token")


def test_a_file_that_was_not_read_is_mentioned(opened: tuple[Browser, Words]) -> None:
    """Where the documents do not say; it stays said when the conversation goes on."""
    browser, words = opened
    answer = browser.ask(words.nobody)
    assert words.unread in answer.text
    browser.ask(words.elsewhere)
    assert words.unread in texts(browser, "#chat .message-content a[href='#documents']")


def test_a_question_that_cannot_be_asked_is_given_back(opened: tuple[Browser, Words]) -> None:
    """With a sentence of its own for each."""
    browser, words = opened
    box = browser.find("#question textarea")[0]
    assert words.wordless in browser.ask("¿?").text
    assert box.get_attribute("value") == "¿?"
    box.clear()
    browser.driver.execute_script(
        "arguments[0].value = 'a'.repeat(10001);"
        "arguments[0].dispatchEvent(new Event('input', { bubbles: true }))",
        box,
    )
    before = len(browser.find("#chat .bot-row"))
    box.send_keys("\ue007")
    browser.wait(lambda: words.long in "".join(texts(browser, "#chat .bot-row")))
    assert len(browser.find("#chat .bot-row")) >= before
    browser.wait(lambda: len(box.get_attribute("value") or "") == 10_001)
    browser.collect()
    assert browser.errors == []
