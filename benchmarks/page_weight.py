"""What a browser takes from the wire to open the chat's page: the first time, and again."""

import json
import shutil
import time
from tempfile import TemporaryDirectory
from typing import Any

__all__ = ["weighed"]

READY = "#question textarea"
QUIET = 3.0  # seconds after the page is there, for what it loads late
PATIENCE = 60.0


def weighed(address: str) -> dict[str, Any]:
    """Kilobytes and requests, cold and warm; SystemExit without Chromium and its driver."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if not (chromium and driver):
        raise SystemExit("The weight needs Chromium: apt-get install chromium chromium-driver.")
    from selenium import webdriver

    told: dict[str, Any] = {}
    with TemporaryDirectory() as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        for argument in ("headless", "no-sandbox", "disable-gpu", f"user-data-dir={profile}"):
            options.add_argument(f"--{argument}")
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        browser = webdriver.Chrome(options, webdriver.ChromeService(driver))
        try:
            for name in ("cold", "warm"):
                _open(browser, address)
                sizes = _sizes(browser, address)
                told[f"{name}, kB"] = round(sum(sizes) / 1000, 1)
                told[f"{name}, requests"] = len(sizes)
        finally:
            browser.quit()
    return told


def _open(browser: Any, address: str) -> None:
    browser.get("about:blank")
    browser.get_log("performance")
    browser.get(address)
    end = time.monotonic() + PATIENCE
    while not browser.find_elements("css selector", READY):
        if time.monotonic() > end:
            raise SystemExit(f"The page at {address} does not open.")
        time.sleep(0.1)
    time.sleep(QUIET)


def _sizes(browser: Any, address: str) -> list[int]:
    """Bytes on the wire, with the headers, of each request to the server."""
    own: set[str] = set()
    sizes: dict[str, int] = {}
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        about = message["params"]
        match message["method"]:
            case "Network.requestWillBeSent" if about["request"]["url"].startswith(address):
                own.add(about["requestId"])
            case "Network.dataReceived":
                id, size = about["requestId"], about["encodedDataLength"]
                sizes[id] = sizes.get(id, 0) + size
            case "Network.loadingFinished":
                sizes[about["requestId"]] = about["encodedDataLength"]
    return [size for id, size in sizes.items() if id in own and size]
