"""The pictures of docs/screenshots: ``python -m benchmarks.tasks --shots docs/screenshots``."""

import base64
from pathlib import Path

from benchmarks.person import WIDE, Person
from benchmarks.task_scripts import FINE, LOST, PHONE

__all__ = ["take"]

SHARP = 2  # pixels of the picture for one of the page
QUALITY = 65


def take(person: Person, folder: Path) -> None:
    """Write one WebP file for each of the main screens."""
    folder.mkdir(parents=True, exist_ok=True)
    person.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    _ask(person, FINE, WIDE, "#source .boxes .answer")
    _shoot(person, folder / "chat.webp", WIDE)
    _ask(person, LOST, WIDE, "#source mark")
    _shoot(person, folder / "disagree.webp", WIDE)
    _ask(person, "«comité de vigilancia»", WIDE, "#source mark")
    _shoot(person, folder / "mentions.webp", WIDE)
    person.fresh(WIDE, "/documents")
    _shoot(person, folder / "documents.webp", WIDE)
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    person.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    _ask(person, LOST, PHONE, "#chat .rating")
    _shoot(person, folder / "phone.webp", PHONE)


def _ask(person: Person, question: str, width: int, ready: str) -> None:
    person.fresh(width)
    person.size(width, SHARP)
    person.ask(question)
    person.wait(lambda: person.first(ready))
    person.wait(lambda: not person.find("#source .waiting"))


def _shoot(person: Person, path: Path, width: int) -> None:
    person.size(width, SHARP)
    # What moves has come to rest, and no cursor blinks.
    still = (
        "* { transition: none !important; animation: none !important; caret-color: transparent }"
    )
    person.driver.execute_script(
        "const still = document.createElement('style'); still.textContent = arguments[0];"
        "document.head.append(still)",
        still,
    )
    person.driver.execute_async_script(
        "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(done))"
    )
    asked = {"format": "webp", "quality": QUALITY}
    shot = person.driver.execute_cdp_cmd("Page.captureScreenshot", asked)
    path.write_bytes(base64.b64decode(shot["data"]))
