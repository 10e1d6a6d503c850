"""A phrase in quotation marks, and the limit by date, in a real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Document, Index
from index.embedders import Embedder
from tests.qa.web.test_browser import Browser, served

pytestmark = pytest.mark.browser

SAYS = {
    "es-MX": {
        "count": "7 menciones de «canon de riego» en 2 documentos",
        "folded": "2 menciones más",
        "dates": "Fechas de los documentos",
        "labels": "Desde, Hasta",
        "wrong": "«mayo» no es una fecha: escribe en «Desde» un año, un mes o un día",
        "dated": "5 menciones de «canon de riego» en 1 documento con fecha desde el 1 de enero",
        "undated": "No se buscó en 1 documento sin fecha.",
    },
    "en-GB": {
        "count": "7 mentions of “canon de riego” in 2 documents",
        "folded": "2 more mentions",
        "dates": "Dates of the documents",
        "labels": "From, Until",
        "wrong": "“mayo” is no date: write a year, month or day in “From”",
        "dated": "5 mentions of “canon de riego” in 1 document dated from 1 January 2024",
        "undated": "Left out: 1 document without a date.",
    },
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("mentions") / "index"
    text = "\n\n".join(f"En la sesión {n} se trató del canon de\nriego {n}." for n in range(1, 6))
    with Index.open(folder, create=True, model=embedder) as index:
        index.add(
            [
                Document("acta", text, title="Acta", metadata={"date": "2024-05-31"}),
                Document("nota", "Un canon de riego. Otro canon de riego.", title="Nota"),
            ]
        )
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module", params=[("es-MX", 1280), ("en-GB", 390)], ids=["es", "en"])
def browser(
    request: pytest.FixtureRequest, address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Browser, dict[str, str]]]:
    language, width = request.param
    opened = Browser(address, tmp_path_factory.mktemp("profile"), language, width)
    yield opened, SAYS[language]
    opened.driver.quit()


def test_every_mention_opens_at_its_words(browser: tuple[Browser, dict[str, str]]) -> None:
    """Those of a document that are folded as well, with the keyboard."""
    page, says = browser
    answer = page.ask("«canon de riego»")
    assert answer.text.startswith(says["count"])
    links = answer.find_elements("css selector", "a[href*='#cite-']")
    assert [link.get_attribute("textContent") for link in links] == [f"[{n}]" for n in range(1, 8)]
    folded = answer.find_element("css selector", "summary")
    assert folded.text == says["folded"]
    assert not links[4].is_displayed()
    folded.send_keys("\ue007")
    page.wait(links[4].is_displayed)
    links[4].send_keys("\ue007")
    page.wait(lambda: "sesión 5" in page.quoted())
    strong = [element.text for element in page.find("#source mark strong")]
    assert strong == ["canon de", "riego"]  # of two paragraphs
    assert page.source("h2") == "[5] Acta"


def test_dates_are_folded_away_until_they_are_wanted(
    browser: tuple[Browser, dict[str, str]],
) -> None:
    """A wrong one is one sentence; while they limit the search, the fold has another colour."""
    page, says = browser
    button = page.wait(lambda: page.find("#dates > button"))[0]
    assert button.text.startswith(says["dates"])
    assert not [field for field in page.find("#dates input") if field.is_displayed()]
    quiet = button.value_of_css_property("color")
    page.driver.execute_script("arguments[0].focus()", button)
    assert page.wait(lambda: button.get_attribute("aria-expanded")) == "false"
    button.send_keys("\ue007")
    page.wait(lambda: [field.is_displayed() for field in page.find("#dates input")] == [True] * 2)
    since, _ = page.find("#dates input")
    page.wait(lambda: button.get_attribute("aria-expanded") == "true")
    labels = page.find("#dates label > span")
    assert ", ".join(label.text for label in labels) == says["labels"]
    since.send_keys("mayo")
    assert page.ask("«canon de riego»").text.startswith(says["wrong"])
    since.clear()
    since.send_keys("2024")
    box = page.find("#question textarea")[0]
    page.wait(lambda: box.get_attribute("value") == "«canon de riego»")  # given back
    box.send_keys("\ue007")
    page.wait(lambda: says["undated"] in page.find("#chat .bot-row")[-1].text)
    assert page.find("#chat .bot-row")[-1].text.startswith(says["dated"])
    page.driver.execute_script("arguments[0].click()", button)
    page.wait(lambda: not since.is_displayed())
    page.wait(lambda: button.value_of_css_property("color") != quiet)
    page.click(page.find("#new")[0])
    page.wait(lambda: page.find("#dates input")[0].get_attribute("value") == "")
    page.collect()
    assert page.errors == []
