"""A person at a page in Chromium, whose clicks and keystrokes are counted."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["WIDE", "Person", "Site"]

WIDE, HEIGHT = 1280, 800
PATIENCE = 60.0  # seconds until what does not come is missing
STILL = 0.2  # seconds in which an answer that has ended does not change
ENTER = "\ue007"
SELECT_ALL = "\ue009a\ue000"
# The first control in sight whose name begins so: as it is read aloud, or as it is written.
_NAMED = """
const [name, within] = arguments;
const own = (one) => (one.ariaLabel || one.innerText || "").trim();
const controls = [...document.querySelectorAll(`${within} :is(${[
  "a[href]", "button", "summary", "input", "[role=option]"].join()})`)];
const seen = controls.filter((one) => one.checkVisibility({ visibilityProperty: true }));
return seen.find((one) => own(one) === name) ?? seen.find((one) => own(one).startsWith(name));
"""


@dataclass(frozen=True, slots=True)
class Site:
    """A chat over an index; ``verify`` gives what `qa verify-report` says of a file."""

    address: str
    index: Path
    verify: Callable[[Path], str]


class Person:
    """Opens a chat in a browser of their own; ``folder`` keeps its profile and downloads.

    ``clicks`` counts each click of the mouse, and each Enter that sends what was typed; ``keys``
    the characters typed. What a person does before `begin` does not count.
    """

    def __init__(self, site: Site, folder: Path, language: str = "es-MX") -> None:
        self.site, self.folder, self.language = site, folder, language
        self.downloads = folder / "downloads"
        self.downloads.mkdir(parents=True, exist_ok=True)
        self.driver = _browser(folder / "profile", self.downloads, language)
        self.begin()

    def begin(self) -> None:
        """Count from here on."""
        self.clicks = self.keys = 0
        self._since = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since `begin`, without what was `aside`."""
        return time.monotonic() - self._since

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Neither clicks nor seconds of this are the task's."""
        clicks, keys, began = self.clicks, self.keys, time.monotonic()
        try:
            yield
        finally:
            self.clicks, self.keys = clicks, keys
            self._since += time.monotonic() - began

    def fresh(self, width: int = WIDE, path: str = "/") -> None:
        """Open a page of the chat with nothing kept in the browser, and begin."""
        self.size(width)
        self.go("/health")
        self.driver.delete_all_cookies()
        self.driver.execute_script("localStorage.clear(); sessionStorage.clear()")
        self.go(path)
        self.begin()

    def size(self, width: int, scale: int = 1) -> None:
        """A window of so many pixels across."""
        metrics = {"width": width, "height": HEIGHT, "deviceScaleFactor": scale, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def go(self, path: str) -> None:
        """Open an address of the chat, and wait until the page can be used."""
        self.driver.get(path if path.startswith("http") else self.site.address + path)
        ready = {"/": "#history", "/documents": "tbody tr, .none"}.get(path.partition("?")[0], "*")
        self.wait(lambda: self.find(ready))

    def restart(self) -> None:
        """Close the browser, and open it anew with what it has kept."""
        width = self.driver.execute_script("return innerWidth")
        self.driver.quit()
        self.driver = _browser(self.folder / "profile", self.downloads, self.language)
        self.size(width)
        self.go("/")

    @contextmanager
    def colleague(self) -> Iterator["Person"]:
        """Somebody else with a browser that knows nothing."""
        with self.aside():
            other = Person(self.site, self.folder / "colleague", self.language)
            other.size(WIDE)
            try:
                yield other
            finally:
                other.close()
                shutil.rmtree(other.folder, ignore_errors=True)

    def close(self) -> None:
        """End the browser."""
        self.driver.quit()

    # What a person does

    def click(self, name: str, within: str = "body") -> None:
        """Click on the control that is called so."""
        self.on(lambda: self.driver.execute_script(_NAMED, name, within))

    def on(self, look: Callable[[], Any]) -> None:
        """Click on what is found, as soon as nothing covers it."""
        self._try(lambda: self._clicked(look()))
        self.clicks += 1

    def type(self, text: str, *, instead: bool = False) -> None:
        """Type where the cursor is, or in the place of all that stands there."""
        keys = f"{SELECT_ALL}{text}" if instead else text
        self.driver.switch_to.active_element.send_keys(keys)
        self.keys += len(text)

    def enter(self) -> None:
        """Send what was typed."""
        self.driver.switch_to.active_element.send_keys(ENTER)
        self.clicks += 1

    def ask(self, question: str) -> str:
        """Ask in the chat, and read the whole answer."""
        before = len(self.find("#chat .bot-row"))
        box = "document.querySelector('#question textarea')"
        if not self.driver.execute_script(f"return document.activeElement === {box}"):
            self.on(lambda: self.first("#question textarea"))
        self.type(question)
        self.enter()
        self.wait(lambda: len(self.find("#chat .bot-row")) > before)
        return self.answer()

    # What a person sees

    def answer(self) -> str:
        """The words of the last answer, when it has ended."""
        return str(self.wait(self._ended))

    def see(self, selector: str, words: str = "") -> str:
        """The words of the first such element in sight that has these words."""
        return str(self.wait(lambda: next((t for t in self.texts(selector) if words in t), None)))

    def texts(self, selector: str) -> list[str]:
        """The words of each such element in sight."""
        code = (
            f"return [...document.querySelectorAll({json.dumps(selector)})]"
            ".filter((one) => one.checkVisibility()).map((one) => one.innerText.trim())"
        )
        found: list[str] = self.driver.execute_script(code)
        return found

    def find(self, selector: str) -> list[Any]:
        """The elements of a CSS selector."""
        found: list[Any] = self.driver.find_elements("css selector", selector)
        return found

    def first(self, selector: str) -> Any:
        """The first element in sight of a CSS selector, or None."""
        return next((one for one in self.find(selector) if one.is_displayed()), None)

    def clipboard(self) -> str:
        """What was copied."""
        code = "navigator.clipboard.readText().then(arguments[0], () => arguments[0](''))"
        return str(self.wait(lambda: self.driver.execute_async_script(code)))

    def downloaded(self, end: str) -> Path:
        """The file that was saved, when it is whole."""
        return Path(self.wait(lambda: next(self.downloads.glob(f"*{end}"), None)))

    def wait(self, condition: Callable[[], Any]) -> Any:
        """The first value that is true; AssertionError when none comes."""
        return self._try(condition)

    def _ended(self) -> str | None:
        """The last answer, where nothing is being answered and it grows no more."""
        if not self.find("#question .submit-button"):
            return None
        before = self.texts("#chat .bot-row")
        time.sleep(STILL)
        return before[-1] if before and before == self.texts("#chat .bot-row") else None

    def _clicked(self, element: Any) -> bool:
        if element is None:
            return False
        self.driver.execute_script("arguments[0].scrollIntoView({ block: 'nearest' })", element)
        element.click()
        return True

    def _try(self, act: Callable[[], Any]) -> Any:
        from selenium.common.exceptions import (
            ElementClickInterceptedException,
            ElementNotInteractableException,
            StaleElementReferenceException,
        )

        passing = (
            ElementClickInterceptedException,
            ElementNotInteractableException,
            StaleElementReferenceException,
        )
        end = time.monotonic() + PATIENCE
        while True:
            try:
                if value := act():
                    return value
            except passing:
                pass
            if time.monotonic() > end:
                raise AssertionError(f"It does not come; the page says: {self.texts('body')}")
            time.sleep(0.05)


def _browser(profile: Path, downloads: Path, language: str) -> Any:
    """Chromium; SystemExit where it or its driver is missing."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if not (chromium and driver):
        raise SystemExit("The tasks need Chromium: apt-get install chromium chromium-driver.")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "headless", "no-sandbox", "disable-gpu", "disable-background-networking",
        "disable-component-update", "disable-sync", f"lang={language}", f"user-data-dir={profile}",
    ):  # fmt: skip
        options.add_argument(f"--{argument}")
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    browser = webdriver.Chrome(options, webdriver.ChromeService(driver))
    browser.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]},
    )
    saving = {"behavior": "allow", "downloadPath": str(downloads)}
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", saving)
    return browser
