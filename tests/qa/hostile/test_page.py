"""Sixty hostile texts in the web chat, in a real Chromium: nothing runs, loads or restyles."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import Retriever
from qa.web.source import key_of, link_to
from tests.qa.hostile.looking import REORDERING, holds
from tests.qa.hostile.made import CONTROL, question_of
from tests.qa.hostile.specimens import FLAG, HOST, SPECIMENS
from tests.qa.web.test_browser import Browser, served

pytestmark = pytest.mark.browser

# Before any script of the page: what would be done is written down, and what the policy stops.
WATCH = f"""
window.stopped = [];
document.addEventListener("securitypolicyviolation", (event) =>
  stopped.push(`${{event.violatedDirective}} ${{event.blockedURI}} ${{event.sample}}`));
for (const name of ["alert", "confirm", "prompt", "open", "print"])
  window[name] = () => {{ window.{FLAG} = name; }};
"""
PARTS = ["body", "h1", "#question", "#question textarea", "#chat", "#scope"]
LOOKS = """(() => PARTS.map((one) => {
  const { color, backgroundColor, backgroundImage, fontFamily, fontSize, display, visibility }
    = getComputedStyle(document.querySelector(one));
  return [one, color, backgroundColor, backgroundImage, fontFamily, fontSize, display, visibility];
}))()
"""
# Where words of documents and questions are shown.
PLACES = (
    "#chat .message-content", "#source", "#scope [role=option]", "#scope .token > span", ".example",
    "#notice",
)  # fmt: skip
# The elements in a place, each with its attributes.
INSIDE = """[...document.querySelectorAll(PLACE)]
  .flatMap((place) => [...place.querySelectorAll("*")])
  .filter((one) => !one.closest(".rating")) // a form of the page's own
  .map((one) => [one.localName, ...one.getAttributeNames()].join(" "))
"""
ACTIVE = {
    "script", "style", "link", "meta", "base", "img", "image", "picture", "video", "audio",
    "iframe", "object", "embed", "form", "input", "textarea", "select", "math", "svg", "use",
    "animate", "code", "b", "i",
}  # fmt: skip
AT_ONCE = 6  # specimens in one question


@pytest.fixture(scope="module")
def page(hostile_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The chat over the sixty, watched from before its first script."""
    with served(hostile_index) as address:
        browser = Browser("about:blank", tmp_path_factory.mktemp("profile"), "es-MX", 1300, "body")
        browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        browser.address = address
        browser.driver.get(address)
        browser.wait(lambda: browser.find("#question textarea"))
        yield browser
        browser.driver.quit()


def inside(browser: Browser, place: str) -> set[str]:
    found: list[str] = browser.script(INSIDE.replace("PLACE", json.dumps(place)))
    return set(found)


def looks(browser: Browser) -> list[list[str]]:
    """How the page's own parts are drawn."""
    seen: list[list[str]] = browser.script(LOOKS.replace("PARTS", json.dumps(PARTS)))
    assert len(seen) == len(PARTS)
    return seen


def shown(browser: Browser, place: str) -> str:
    """All words in the elements of a place."""
    text = f"[...document.querySelectorAll({json.dumps(place)})].map((one) => one.textContent)"
    words: str = browser.script(f"{text}.join('\\n')")
    return words


def ask(browser: Browser, question: str) -> Any:
    """Ask a question that a keyboard could not write."""
    box = browser.find("#question textarea")[0]
    browser.driver.execute_script(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input'))",
        box, question,
    )  # fmt: skip
    return browser.ask("")


def test_questions_and_answers(page: Browser) -> None:
    """Sixty in the questions, and those of the documents in what is quoted of them."""
    page.ask(CONTROL[2])
    page.wait(page.quoted)  # the source of its first citation, beside the conversation
    before = looks(page)
    page.script("stopped.length = 0")
    for first in range(0, len(SPECIMENS), AT_ONCE):
        some = SPECIMENS[first : first + AT_ONCE]
        asked = " ".join([question_of(first), *(specimen.text for specimen in some)])
        answer = ask(page, asked)
        assert answer.find_elements("css selector", "a[href*='#cite-']"), asked
        words = shown(page, "#chat .user-row .message-content")
        assert all(holds(words, specimen.text) for specimen in some)
    assert looks(page) == before
    look_around(page)


def source_with(browser: Browser, words: str) -> str:
    """All of the open source, when it quotes these words; else nothing."""
    return browser.source("") if holds(browser.source(".quoted"), words) else ""


def test_sources(page: Browser, hostile_index: Path, ids: list[str]) -> None:
    """The panel with the source of a citation, for each of the sixty."""
    before = looks(page)
    with Retriever.open(hostile_index) as retriever:
        key = key_of(retriever.index.folder)
        for number, id in enumerate(ids):
            (hit, *_) = retriever.search(question_of(number), 1, [id])
            link = link_to(hit.citation, key)
            page.driver.execute_script(
                "const link = document.createElement('a'); link.href = arguments[0];"
                "link.textContent = '[1]'; document.querySelector('#side').append(link);"
                "link.click(); link.remove()",
                link,
            )
            words = page.wait(functools.partial(source_with, page, hit.citation.quote))
            assert not REORDERING.search(words)
    assert looks(page) == before
    look_around(page)


def test_the_choice_of_documents(page: Browser, ids: list[str]) -> None:
    """Sixty titles in the list, and one that is chosen."""
    before = looks(page)
    page.find("#scope input")[0].click()
    page.wait(lambda: len(page.find("#scope [role=option]")) == len(ids) + 1)
    look_around(page)
    page.find("#scope [role=option]")[0].click()
    page.wait(lambda: page.find("#scope .token"))
    look_around(page)
    assert looks(page) == before


def look_around(page: Browser) -> None:
    """Nothing ran, nothing was stopped, and no place holds an element of a document."""
    for place in PLACES:
        for element in inside(page, place):
            name, *attributes = element.split(" ")
            assert name not in ACTIVE, (place, element)
            assert not [one for one in attributes if one.startswith("on")], (place, element)
    addresses = page.script(
        "[...document.querySelectorAll('[href], [src], [action], [srcset]')]"
        ".map((one) => one.getAttribute('href') ?? one.getAttribute('src') ?? one.action)"
    )
    assert not [one for one in addresses if one.startswith(("javascript:", "data:text"))]
    assert not [one for one in addresses if HOST in one]
    ids = page.script("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    for own in ("source", "question", "chat", "side"):
        assert ids.count(own) == 1
    assert page.script(f"window.{FLAG}") is None
    assert page.script("stopped") == []
    assert page.script("document.title") == "Pregunta a tus documentos"
    assert page.script("location.href").startswith(page.address)
    assert len(page.driver.window_handles) == 1


def test_nothing_was_asked_of_anybody_else(page: Browser) -> None:
    """In all that the tests above did; and no error stands in the console."""
    page.collect()
    elsewhere = [
        url
        for url in page.requested
        if not url.startswith((page.address + "/", "data:", "chrome:"))
    ]
    assert elsewhere == []
    assert page.errors == []
    assert any("/source?" in url for url in page.requested)
