"""A report as a page in a real Chromium: nothing of what it quotes runs, loads or restyles."""

import json
import shutil
from pathlib import Path

import pytest

from qa.reports.export import Format
from qa.types import Turn
from tests.qa.reports.made import saved
from tests.qa.reports.test_export import HOSTILE, hostile_turn

SELENIUM = "needs selenium: run pip install -r tests/requirements.txt"
webdriver = pytest.importorskip("selenium.webdriver", reason=SELENIUM)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")

if not (CHROMIUM and DRIVER):
    pytest.skip("needs apt-get install chromium chromium-driver", allow_module_level=True)

pytestmark = pytest.mark.browser


def test_hostile_text_does_nothing_in_a_browser(tmp_path: Path) -> None:
    """The page asks for nothing but itself, logs nothing, and looks as its own style says."""
    turns = [hostile_turn(text) for text in HOSTILE]
    turns.append(Turn("<script>document.title = 'mal'</script>", turns[0].answer))
    path = saved(tmp_path, *turns, form=Format.HTML)
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    try:
        driver.set_page_load_timeout(120)
        driver.get(path.as_uri())
        assert driver.title == "Consulta a los documentos"
        counted = "return document.querySelectorAll('script, a, img, svg, iframe, form').length"
        assert driver.execute_script(counted) == 0
        back = "return getComputedStyle(document.body).backgroundColor"
        assert driver.execute_script(back) == "rgb(255, 255, 255)"
        dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
        assert driver.execute_script(back) == "rgb(22, 22, 21)"
        assert driver.get_log("browser") == []
        messages = [
            json.loads(entry["message"])["message"] for entry in driver.get_log("performance")
        ]
        asked = {
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        }
        assert asked == {path.as_uri()}
    finally:
        driver.quit()
